"""Pixel data of many megabytes, which several threads read into memory of its own."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pydicom
import pytest

import hdcore as hd
from hdcore.testing.sources import enhanced_ct

FRAMES = 70
BYTES = FRAMES * 512 * 512 * 2


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("great") / "enhanced.dcm"
    image = enhanced_ct(frames=FRAMES, rows=512, columns=512)
    rng = np.random.default_rng(3)
    image.PixelData = rng.integers(0, 4096, (FRAMES, 512, 512), np.uint16).tobytes()
    image.DataSetTrailingPadding = b"\0\0\0\0"
    image.save_as(path, enforce_file_format=True)
    return path


@pytest.fixture(scope="module")
def pixels(written):
    return pydicom.dcmread(written).PixelData


def test_frames_and_value_are_those_of_the_file(written, pixels):
    image = hd.imread(written)
    assert image.get_stored_frames().tobytes() == pixels
    assert image.get_raw_frame(FRAMES) == pixels[-BYTES // FRAMES :]
    assert isinstance(image.PixelData, bytes)
    assert image.PixelData == pixels
    assert image.get_stored_frames().tobytes() == pixels
    assert image.DataSetTrailingPadding == b"\0\0\0\0"
    assert image["PixelData"].VR == pydicom.dcmread(written)["PixelData"].VR


def test_a_frame_cannot_be_used_to_change_the_pixel_data(written, pixels):
    image = hd.imread(written)
    frame = image.get_stored_frame(1)
    if frame.flags.writeable:
        frame[:] = 0
    assert image.get_stored_frames().tobytes() == pixels


def test_an_eagerly_read_image_does_not_know_what_becomes_of_the_file(written, pixels, tmp_path):
    path = tmp_path / "overwritten.dcm"
    path.write_bytes(written.read_bytes())
    image = hd.imread(path)
    with path.open("r+b") as file:
        file.seek(-BYTES // 2, 2)
        file.write(bytes(BYTES // 4))
        file.truncate()
    path.unlink()
    assert image.get_stored_frames().tobytes() == pixels


def test_what_is_saved_is_what_was_read(written, tmp_path):
    hd.imread(written).save_as(tmp_path / "own.dcm")
    assert (tmp_path / "own.dcm").read_bytes() == written.read_bytes()
    pydicom.dcmwrite(tmp_path / "pydicom.dcm", hd.imread(written))
    assert (tmp_path / "pydicom.dcm").read_bytes() == written.read_bytes()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda image: pickle.loads(pickle.dumps(image))])
def test_copies_have_the_pixels(written, pixels, duplicate):
    image = duplicate(hd.imread(written))
    assert image.get_stored_frame(FRAMES).tobytes() == pixels[-BYTES // FRAMES :]
    assert image.PixelData == pixels


def test_new_pixel_data_replaces_what_was_read(written):
    image = hd.imread(written)
    image.PixelData = np.full((FRAMES, 512, 512), 7, np.uint16).tobytes()
    assert (image.get_stored_frames() == 7).all()


def test_what_was_read_is_not_kept_beside_the_bytes_that_were_asked_for(written, pixels):
    image = hd.imread(written)
    image.get_stored_frame(1)
    read = weakref.ref(image["PixelData"].held.array)
    assert read() is not None
    assert image.PixelData == pixels
    image.get_stored_frame(1)
    gc.collect()
    assert read() is None


def test_a_value_that_is_set_in_its_element_is_what_frames_are_taken_from(written):
    image = hd.imread(written)
    image.get_stored_frame(1)
    image["PixelData"].value = bytes(BYTES)
    assert not image.get_stored_frame(1).any()
    image["PixelData"].value = b"\1\0" * (BYTES // 2)
    assert (image.get_stored_frame(1) == 1).all()


def test_a_file_that_ends_too_early_is_told_of(written, tmp_path):
    path = tmp_path / "cut.dcm"
    path.write_bytes(written.read_bytes()[: -BYTES // 3])
    image = hd.imread(path)
    with pytest.warns(hd.errors.HdcoreWarning, match=f"bytes less than its {FRAMES} frames take; the last ones cannot"):
        assert image.get_stored_frame(1).shape == (512, 512)
    with pytest.raises(hd.errors.UnreadableFrameError, match=f"Frame {FRAMES} of {FRAMES} is cut off"):
        image.get_stored_frame(FRAMES)


def test_implicit_vr_gives_the_same_frames(written, pixels, tmp_path):
    dataset = pydicom.dcmread(written)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    dataset.save_as(tmp_path / "implicit.dcm", enforce_file_format=True)
    image = hd.imread(tmp_path / "implicit.dcm")
    assert image.get_stored_frames().tobytes() == pixels
    assert image["PixelData"].VR == "OW"
