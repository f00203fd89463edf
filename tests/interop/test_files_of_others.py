"""What files of others say about space and pixels is what highdicom says, or the difference is explained.

The files are those that pydicom bundles, and those below the folder that the environment variable HDCORE_TEST_DATA
names.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pydicom.data
import pytest

import hdcore as hd
from hdcore.errors import UnreadableError

BUNDLED = Path(pydicom.data.__file__).parent / "test_files"
FOLDERS = [BUNDLED, *map(Path, filter(None, [os.environ.get("HDCORE_TEST_DATA")]))]


@dataclass(frozen=True)
class Difference:
    names: str
    """Pattern of the names of files."""
    facts: tuple[str, ...]
    largest: float
    """By how much values may differ."""
    reason: str


PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_PIXELS = ("stored frame", "frame", "mapped frame")
DIFFERENCES = (
    Difference(
        "rtdose*", ("geometry",), np.inf, "positions of dose planes follow from Grid Frame Offset Vector (C.8.8.3)"
    ),
    Difference("SC_jpeg_no_color_transform*", _PIXELS, 1, "decoders of lossy JPEG may differ by a level"),
    Difference("SC_rgb_dcmtk_*eb*c[ry]*", _PIXELS, 2, "decoders of lossy JPEG, and their conversion to RGB"),
    Difference("SC_rgb_jpeg*", _PIXELS, 2, "decoders of lossy JPEG, and their conversion to RGB"),
    Difference("examples_ybr_color*", _PIXELS, 3, "decoders of lossy JPEG, and their conversion to RGB"),
    Difference(
        "mlut_18*",
        (*_PIXELS, "windowed frame"),
        np.inf,
        "highdicom reads 12-bit signed values of 16 bits without their sign; pydicom reads them as here",
    ),
)
RESCALED = Difference(
    "*",
    ("windowed frame",),
    0.003,
    "highdicom divides the width by the rescale slope before it subtracts the one that LINEAR does (C.11.2.1.2.1)",
)
"""Of files with a rescale slope that is not 1."""


def _files() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in folder.rglob("*") if path.is_file() and _is_dicom(path))


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _told(asked, *arguments):
    """Ask highdicom, which fails with whatever happens inside."""
    try:
        return asked(*arguments)
    except Exception as error:
        return error


@cache
def _sorted() -> tuple[list[Path], list[Path]]:
    """List the files that have pixels, and those that have none, as pydicom reads them."""
    found: tuple[list[Path], list[Path]] = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in _files():
            dataset = _told(pydicom.dcmread, path)
            if not isinstance(dataset, Exception) and len(dataset):
                found[not any(keyword in dataset for keyword in PIXELS)].append(path)
    return found


def _geometry(image):
    geometry = image.get_volume_geometry()
    return None if geometry is None else np.concatenate((geometry.spatial_shape, np.asarray(geometry.affine).ravel()))


def _windowed(image):
    if image.SamplesPerPixel != 1 or image.PhotometricInterpretation == "PALETTE COLOR":
        return None
    return image.get_frame(1, apply_voi_transform=None, apply_real_world_transform=False)


def _places(module, image, name):
    return getattr(module.spatial, name).for_image(image, frame_number=1).affine


FACTS = {
    "coordinate system": lambda _, image: getattr(image.coordinate_system, "value", None),
    "number of frames": lambda _, image: image.number_of_frames,
    "geometry": lambda _, image: _geometry(image),
    "is a matrix": lambda _, image: image.is_indexable_as_total_pixel_matrix(),
    "volume": lambda _, image: image.get_volume(apply_icc_profile=False).array,
    "stored frame": lambda _, image: image.get_stored_frame(1),
    "frame": lambda _, image: image.get_frame(1, apply_real_world_transform=False),
    "mapped frame": lambda _, image: image.get_frame(1),
    "windowed frame": lambda _, image: _windowed(image),
    "place of pixels": lambda module, image: _places(module, image, "PixelToReferenceTransformer"),
    "place of the image": lambda module, image: _places(module, image, "ImageToReferenceTransformer"),
}


def _distance(ours, theirs) -> float:
    """Say how far two facts are from one another."""
    if isinstance(theirs, np.ndarray) and isinstance(ours, np.ndarray) and ours.shape == theirs.shape:
        limit = 1e-5 if ours.dtype.kind == "f" else 0.0
        largest = np.abs(ours.astype(np.float64) - theirs.astype(np.float64)).max(initial=0.0)
        return 0.0 if largest <= limit else float(largest)
    if isinstance(theirs, np.ndarray) or isinstance(ours, np.ndarray):
        return np.inf
    return 0.0 if ours == theirs else np.inf


def test_there_are_files():
    assert len(_sorted()[0]) > 70
    assert all(folder.is_dir() for folder in FOLDERS)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", _sorted()[1], ids=lambda path: path.name)
def test_what_is_no_image_says_so(path):
    with pytest.raises(UnreadableError, match=r"holds no image: it has no Pixel Data|truncated|no readable|DICOMDIR"):
        hd.imread(path)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", _sorted()[0], ids=lambda path: path.name)
def test_images_mean_what_highdicom_takes_them_for(path):
    ours = hd.imread(path)
    theirs = _told(highdicom.imread, path)
    if isinstance(theirs, Exception):
        # what highdicom cannot read is read all the same, or refused by name
        frame = _told(ours.get_stored_frame, 1)
        assert isinstance(frame, UnreadableError) or frame.shape[:2] == (ours.Rows, ours.Columns)
        return
    compared = 0
    for name, fact in FACTS.items():
        expected = _told(fact, highdicom, theirs)
        if not isinstance(expected, Exception):
            compared += 1
            distance = _distance(fact(hd, ours), expected)
            assert distance <= _allowed(ours, path.name, name), (name, distance)
    assert compared >= 3


def _slopes(dataset):
    """List the rescale slopes of an image, of all its frames or of each."""
    return {float(element.value) for element in dataset.iterall() if element.keyword == "RescaleSlope"}


def _allowed(image, file: str, fact: str) -> float:
    """Say by how much a fact may differ."""
    known = (*DIFFERENCES, RESCALED) if _slopes(image) - {1.0} else DIFFERENCES
    found = [one.largest for one in known if fact in one.facts and fnmatch(file, one.names)]
    return max(found, default=0.0)
