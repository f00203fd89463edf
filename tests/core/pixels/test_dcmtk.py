"""Grey levels of all kinds of pixels are those that DCMTK's dcm2pnm shows, within one level."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest

import hdcore as hd
from hdcore.testing.sources import ct_series

pytestmark = pytest.mark.skipif(shutil.which("dcm2pnm") is None, reason="DCMTK is not installed")

KINDS = {
    "8": (8, 8, 0),
    "8 signed": (8, 8, 1),
    "12 in 16": (16, 12, 0),
    "12 in 16 signed": (16, 12, 1),
    "16": (16, 16, 0),
    "16 signed": (16, 16, 1),
}
WIDE = {"24 in 32": (32, 24, 0), "24 in 32 signed": (32, 24, 1)}
"""DCMTK does not rescale numbers of 32 bits, nor are tables this long."""
SHAPES = {
    "MONOCHROME1": ("MONOCHROME1", None),
    "MONOCHROME2": ("MONOCHROME2", None),
    "inverse": ("MONOCHROME1", "INVERSE"),
    "identity": ("MONOCHROME2", "IDENTITY"),
}


def ramp(kind: str, interpretation: str = "MONOCHROME2", shape: str | None = None):
    """Make an image that has all values that its bits can hold, or 4096 of them."""
    allocated, stored, signed = (KINDS | WIDE)[kind]
    low = -(1 << (stored - 1)) if signed else 0
    values = np.rint(np.linspace(low, low + (1 << stored) - 1, 64 * 64)).astype(np.int64)
    dataset = ct_series(1, rows=64, columns=64)[0]
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = (
        allocated,
        stored,
        stored - 1,
        signed,
    )
    dataset.PixelData = values.astype(f"<{'i' if signed else 'u'}{allocated // 8}").tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.PhotometricInterpretation = interpretation
    if shape is not None:
        dataset.PresentationLUTShape = shape
    for keyword in ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "SmallestImagePixelValue"):
        if keyword in dataset:
            del dataset[keyword]
    return dataset, float(low), float(low + (1 << stored) - 1)


def shown(dataset, folder, *arguments: str):
    source, output = folder / "image.dcm", folder / "shown.pgm"
    dataset.save_as(source, enforce_file_format=True)
    command = ["dcm2pnm", "+op", "-O", *arguments, str(source), str(output)]
    subprocess.run(command, capture_output=True, text=True, check=True)
    magic, columns, rows, top, rest = output.read_bytes().split(maxsplit=4)
    assert (magic, top) == (b"P5", b"255")
    pixels = int(columns) * int(rows)
    return np.frombuffer(rest[-pixels:], np.uint8).reshape(int(rows), int(columns)).astype(int)


def ours(dataset, **options):
    image = hd.Image.from_dataset(dataset)
    return np.rint(image.get_frame(1, apply_voi_transform=True, voi_output_range=(0, 255), **options)).astype(int)


# DCMTK rounds what a rescale gives to integers; of 8-bit values times 0.5 that is more than a grey level
RESCALES = [(kind, rescale) for kind in (*KINDS, *WIDE) for rescale in ((1.0, 0.0), (2.0, -1024.0), (-1.0, 100.0))]
RESCALES += [(kind, (0.5, 10.0)) for kind in KINDS if not kind.startswith("8")]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("kind", "rescale"), RESCALES)
def test_windows(kind, shape, rescale, tmp_path):
    dataset, low, high = ramp(kind, *SHAPES[shape])
    dataset.RescaleSlope, dataset.RescaleIntercept = rescale
    low, high = sorted(rescale[0] * value + rescale[1] for value in (low, high))
    center, width = float(round((low + high) / 2 + (high - low) / 10)), float(round((high - low) / 3))
    window = hd.VOILUTTransformation(center, width)
    expected = shown(dataset, tmp_path, "+Ww", str(center), str(width))
    assert expected.max() - expected.min() == 255
    assert np.abs(ours(dataset, voi_transform_selector=window) - expected).max() <= 1


@pytest.mark.parametrize("shape", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("kind", [*KINDS, *WIDE])
def test_stored_windows_linear_and_sigmoid(kind, shape, tmp_path):
    dataset, low, high = ramp(kind, *SHAPES[shape])
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, 0
    dataset.WindowCenter = [round((low + high) / 2), round(low + (high - low) / 4)]
    dataset.WindowWidth = [round((high - low) / 2), round((high - low) / 8)]
    for function, argument in (("LINEAR", "+Wfl"), ("SIGMOID", "+Wfs")):
        dataset.VOILUTFunction = function
        for number in (1, 2):
            expected = shown(dataset, tmp_path, "+Wi", str(number), argument)
            difference = np.abs(ours(dataset, voi_transform_selector=number - 1) - expected)
            assert difference.max() <= 1, (function, number)


@pytest.mark.parametrize("shape", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_voi_tables(kind, shape, dtype, tmp_path):
    dataset, low, high = ramp(kind, *SHAPES[shape])
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, 0
    first = int(low + (high - low) // 4)
    entries = (np.iinfo(dtype).max * np.linspace(0, 1, int((high - low) // 2)) ** 2).astype(dtype)
    dataset.VOILUTSequence = [hd.VOILUT(first, entries)]
    expected = shown(dataset, tmp_path, "+Wl", "1")
    assert np.abs(ours(dataset) - expected).max() <= 1


@pytest.mark.parametrize("shape", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("kind", KINDS)
def test_windows_of_what_a_modality_table_gives(kind, shape, tmp_path):
    dataset, low, high = ramp(kind, *SHAPES[shape])
    del dataset.RescaleSlope, dataset.RescaleIntercept
    if "RescaleType" in dataset:
        del dataset.RescaleType
    entries = (4095 * np.linspace(0, 1, int(high - low) + 1) ** 2).astype(np.uint16)
    dataset.ModalityLUTSequence = [hd.ModalityLUT("US", int(low), entries)]
    expected = shown(dataset, tmp_path, "+Ww", "1500", "2000")
    window = hd.VOILUTTransformation(1500.0, 2000.0)
    assert np.abs(ours(dataset, voi_transform_selector=window) - expected).max() <= 1
