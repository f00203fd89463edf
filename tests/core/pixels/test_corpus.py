"""Every file that pydicom bundles: frames as pydicom decodes them, windows as DCMTK shows them."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pydicom
import pydicom.data
import pytest
from pydicom.encaps import generate_frames

from hdcore.pixels import FrameFormat, PixelOptions, PixelParameters, PixelTransform
from hdcore.pixels.backends import choice
from hdcore.pixels.codec import decode
from hdcore.pixels.profiles import is_native

FOLDER = Path(pydicom.data.__file__).parent / "test_files"
DAMAGED = {"MR_truncated.dcm", "badVR.dcm"}
LOSSY_JPEG = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51")


def _read(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path, force=True)
    if (
        "TransferSyntaxUID" not in getattr(dataset, "file_meta", {})
        or "PixelData" not in dataset
        or "Rows" not in dataset
    ):
        return None
    return dataset


@cache
def _names():
    names = sorted(path.name for path in FOLDER.glob("*.dcm") if path.name not in DAMAGED)
    return [name for name in names if _read(FOLDER / name) is not None]


def test_the_corpus_is_there():
    assert len(_names()) > 50


def _frames(dataset):
    count = int(dataset.get("NumberOfFrames") or 1)
    frame = FrameFormat.of(dataset)
    if not is_native(frame.transfer_syntax_uid):
        return frame, list(generate_frames(dataset.PixelData, number_of_frames=count))
    padded = frame.length + frame.length % 2 if count == 1 else frame.length
    return frame, [dataset.PixelData[index * frame.length : index * frame.length + padded] for index in range(count)]


@pytest.mark.parametrize("name", _names())
def test_frames_are_those_that_pydicom_decodes(name):
    dataset = _read(FOLDER / name)
    frame, encoded = _frames(dataset)
    if not is_native(frame.transfer_syntax_uid):
        try:
            choice.decoders(frame.transfer_syntax_uid)
        except RuntimeError as error:
            pytest.skip(str(error))
    dataset.pixel_array_options(raw=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = dataset.pixel_array
        except (RuntimeError, ValueError) as error:
            pytest.skip(f"pydicom itself does not decode it: {error}")
    expected = expected.reshape(len(encoded), *frame.shape)
    for index, data in enumerate(encoded):
        decoded = decode(data, frame, to_rgb=False)
        assert decoded.dtype == expected.dtype.newbyteorder("=")
        if frame.transfer_syntax_uid in LOSSY_JPEG:
            # decoders may differ by a level in the inverse transform, and in how they repeat chrominance
            difference = np.abs(decoded.astype(int) - expected[index])
            assert np.percentile(difference[..., 0] if difference.ndim == 3 else difference, 99) <= 1
        else:
            assert np.array_equal(decoded, expected[index])


@pytest.mark.parametrize("name", [name for name in _names() if "rgb_jpeg" in name or "dcmtk_" in name or "ybr" in name])
def test_colours_are_those_that_pydicom_converts(name):
    dataset = _read(FOLDER / name)
    frame, encoded = _frames(dataset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = dataset.pixel_array.reshape(len(encoded), *frame.shape)
        except RuntimeError as error:
            pytest.skip(f"pydicom itself does not decode it: {error}")
    for index, data in enumerate(encoded[:3]):
        difference = np.abs(decode(data, frame).astype(int) - expected[index])
        assert np.percentile(difference, 95) <= 2, difference.max()


def _windowed_by_dcmtk(path, arguments, folder):
    output = folder / "shown.pgm"
    command = ["dcm2pnm", "+op", "-O", *arguments, str(path), str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not output.exists():
        return None
    magic, columns, rows, top, rest = output.read_bytes().split(maxsplit=4)
    if magic != b"P5" or top != b"255":
        return None
    pixels = int(columns) * int(rows)
    return np.frombuffer(rest[-pixels:], np.uint8).reshape(int(rows), int(columns))


def _monochrome():
    chosen = []
    for name in _names():
        dataset = _read(FOLDER / name)
        monochrome = str(dataset.get("PhotometricInterpretation", "")).startswith("MONOCHROME")
        if monochrome and dataset.BitsAllocated in (8, 16) and is_native(str(dataset.file_meta.TransferSyntaxUID)):
            chosen.append(name)
    return chosen


@pytest.mark.parametrize("name", _monochrome())
@pytest.mark.parametrize("window", [(40.0, 400.0), (1000.0, 2500.0), (300.5, 77.0)])
def test_windows_are_those_that_dcmtk_shows(name, window, tmp_path):
    if shutil.which("dcm2pnm") is None:
        pytest.skip("DCMTK is not installed")
    shown = _windowed_by_dcmtk(FOLDER / name, ["+Ww", str(window[0]), str(window[1])], tmp_path)
    if shown is None:
        pytest.skip("DCMTK does not show it")
    import hdcore as hd

    dataset = _read(FOLDER / name)
    frame, encoded = _frames(dataset)
    options = PixelOptions(
        apply_real_world_transform=False,
        apply_voi_transform=True,
        voi_transform_selector=hd.VOILUTTransformation(*window),
        voi_output_range=(0, 255),
    )
    ours = PixelTransform.of(PixelParameters.of(dataset), frame, options)(decode(encoded[0], frame))
    assert np.abs(np.rint(ours) - shown).max() <= 1


@pytest.mark.parametrize("name", [name for name in _monochrome() if "WindowCenter" in _read(FOLDER / name)])
def test_stored_windows_are_those_that_dcmtk_shows(name, tmp_path):
    if shutil.which("dcm2pnm") is None:
        pytest.skip("DCMTK is not installed")
    shown = _windowed_by_dcmtk(FOLDER / name, ["+Wi", "1"], tmp_path)
    if shown is None:
        pytest.skip("DCMTK does not show it")
    dataset = _read(FOLDER / name)
    frame, encoded = _frames(dataset)
    options = PixelOptions(apply_real_world_transform=False, apply_voi_transform=True, voi_output_range=(0, 255))
    ours = PixelTransform.of(PixelParameters.of(dataset), frame, options)(decode(encoded[0], frame))
    assert np.abs(np.rint(ours) - shown).max() <= 1


@pytest.mark.parametrize("slope", [1, 2])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_voi_tables_are_those_that_dcmtk_shows(slope, dtype, tmp_path):
    if shutil.which("dcm2pnm") is None:
        pytest.skip("DCMTK is not installed")
    import hdcore as hd

    dataset = _read(FOLDER / "CT_small.dcm")
    top = np.iinfo(dtype).max
    entries = (top * np.linspace(0, 1, 900) ** 2).astype(dtype)
    dataset.RescaleSlope, dataset.RescaleIntercept = slope, -1024
    dataset.VOILUTSequence = [hd.VOILUT(-300, np.zeros(5, dtype)), hd.VOILUT(-700, entries)]
    path = tmp_path / "image.dcm"
    dataset.save_as(path)
    shown = _windowed_by_dcmtk(path, ["+Wl", "2"], tmp_path)
    frame, encoded = _frames(dataset)
    options = PixelOptions(apply_voi_transform=True, voi_transform_selector=1, voi_output_range=(0, 255))
    ours = PixelTransform.of(PixelParameters.of(dataset), frame, options)(decode(encoded[0], frame))
    assert np.abs(np.rint(ours) - shown).max() <= 1
