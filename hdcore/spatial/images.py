"""What an image's dataset says about where its pixels are: coordinate system, planes, tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from pydicom.sequence import Sequence as PydicomSequence

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError, InputTypeError, MissingAttributeError, OutOfRangeError, UnreadableError
from hdcore.model.plane import slide_position
from hdcore.spatial.attributes import FloatArray, as_orientation, as_pixel_spacing, as_position
from hdcore.spatial.tiling import TiledFull, TileGrid
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

__all__ = [
    "PlaneGeometry",
    "get_image_coordinate_system",
    "get_plane_geometry",
    "is_tiled_image",
    "iter_tiled_full_frame_data",
    "number_of",
    "tiled_full_of",
]

N = TypeVar("N", int, float)

_SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
_WITHOUT_CHANNELS = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.66.7",  # Label Map Segmentation
        "1.2.840.10008.5.1.4.1.1.30",  # Parametric Map
    }
)
_SLIDE_GROUPS = ("PlanePositionSlideSequence",)
_PATIENT_GROUPS = ("PlanePositionSequence", "PlaneOrientationSequence")


@dataclass(frozen=True, slots=True)
class PlaneGeometry:
    """Where one plane of pixels is."""

    position: FloatArray
    """Centre of the first pixel in mm, shape ``(3,)``."""
    orientation: FloatArray
    """Direction cosines of the rows and the columns, shape ``(6,)``."""
    pixel_spacing: FloatArray
    """Distance between rows and between columns in mm, shape ``(2,)``."""
    spacing_between_slices: float | None
    """Distance to the next plane in mm, where stated."""


def is_tiled_image(dataset: Dataset) -> bool:
    """Tell whether frames are tiles of a total pixel matrix (PS3.3 C.8.12.14).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        An image.

    Returns
    -------
    bool
        Whether the size of a total pixel matrix is stated.
    """
    return "TotalPixelMatrixRows" in dataset and "TotalPixelMatrixColumns" in dataset


def get_image_coordinate_system(dataset: Dataset) -> CoordinateSystemNames | None:
    """Tell in which coordinate system an image is.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        An image.

    Returns
    -------
    CoordinateSystemNames | None
        The patient's (PS3.3 C.7.6.2), the slide's (C.8.12.2), or None if the image has no position in a frame of
        reference.
    """
    if not dataset.get("FrameOfReferenceUID"):
        return None
    if "ImageOrientationSlide" in dataset or "TotalPixelMatrixOriginSequence" in dataset:
        return CoordinateSystemNames.SLIDE
    if "ImagePositionPatient" in dataset:
        return CoordinateSystemNames.PATIENT
    for groups in _functional_groups(dataset, 1):
        if any(keyword in groups for keyword in _SLIDE_GROUPS):
            return CoordinateSystemNames.SLIDE
        if any(keyword in groups for keyword in _PATIENT_GROUPS):
            return CoordinateSystemNames.PATIENT
    return None


def _functional_groups(dataset: Dataset, frame_number: int) -> Iterator[Dataset]:
    """Iterate over the items that hold a frame's functional groups, the shared one first (it is cheap to read)."""
    yield from _items(dataset, "SharedFunctionalGroupsSequence")
    items = _items(dataset, "PerFrameFunctionalGroupsSequence")
    if len(items) >= frame_number:
        yield items[frame_number - 1]


def _items(dataset: Dataset, keyword: str) -> Sequence[Dataset]:
    items: Any = dataset.get(keyword) or ()
    if not isinstance(items, PydicomSequence | tuple | list):
        raise UnreadableError(f"{keyword} is {items!r}; a sequence was expected.")
    return items


def number_of(dataset: Dataset, keyword: str, kind: type[N]) -> N | None:
    """Read a number; None if it is absent or empty.

    Raises
    ------
    UnreadableError
        If it is no number.
    """
    value = dataset.get(keyword)
    try:
        return None if value is None or value == "" else kind(value)
    except (TypeError, ValueError) as error:
        raise UnreadableError(f"{keyword} is {value!r}; a number was expected.") from error


def get_plane_geometry(
    dataset: Dataset,
    frame_number: int | None = None,
    for_total_pixel_matrix: bool = False,
) -> PlaneGeometry:
    """Get where an image, a frame of it, or its total pixel matrix is.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        An image.
    frame_number: int | None, optional
        One-based number of a frame; needed for multi-frame images (also for tiles) and only for them.
    for_total_pixel_matrix: bool, optional
        Whether the total pixel matrix of a tiled image is meant, not a frame.

    Returns
    -------
    PlaneGeometry
        Position, orientation and spacing.

    Raises
    ------
    TypeError
        If a frame number is needed and absent, or given where there are no frames.
    ValueError
        If the image has no position, is not tiled, or has no such frame.
    """
    coordinate_system = get_image_coordinate_system(dataset)
    if coordinate_system is None:
        raise InputError(
            "The image is not in a frame of reference (no Frame of Reference UID, or no position and orientation), so "
            "its pixels have no place in space."
        )
    if for_total_pixel_matrix:
        if not is_tiled_image(dataset):
            raise InputError("for_total_pixel_matrix is True, but the image is not tiled.")
        if frame_number is not None:
            raise InputTypeError("frame_number cannot be used with for_total_pixel_matrix=True.")
        return _total_pixel_matrix_geometry(dataset)
    if "NumberOfFrames" not in dataset and "SharedFunctionalGroupsSequence" not in dataset:
        if frame_number not in (None, 1):
            raise InputTypeError(f"frame_number is {frame_number}, but the image has a single frame; leave it out.")
        return _single_frame_geometry(dataset)
    return _frame_geometry(dataset, frame_number, coordinate_system)


def _total_pixel_matrix_geometry(dataset: Dataset) -> PlaneGeometry:
    measures = _shared(dataset, "PixelMeasuresSequence")
    return _geometry(_origin_of(dataset), _need(dataset, "ImageOrientationSlide"), measures)


def _single_frame_geometry(dataset: Dataset) -> PlaneGeometry:
    position = _need(dataset, "ImagePositionPatient")
    return _geometry(position, _need(dataset, "ImageOrientationPatient"), dataset)


def _frame_geometry(
    dataset: Dataset, frame_number: int | None, coordinate_system: CoordinateSystemNames
) -> PlaneGeometry:
    frames = number_of(dataset, "NumberOfFrames", int) or 1
    if frame_number is not None and not isinstance(frame_number, int | np.integer):
        raise InputTypeError(f"frame_number is {short(frame_number)}; expected an integer.")
    if frame_number is None:
        if frames > 1:
            raise InputTypeError(f"The image has {frames} frames; pass the one-based frame_number of one.")
        frame_number = 1
    if not 1 <= frame_number <= frames:
        raise OutOfRangeError(f"frame_number is {frame_number}; expected a number from 1 to {frames}.")
    found: dict[str, Dataset] = {}
    for groups in _functional_groups(dataset, frame_number):
        for keyword in (*_SLIDE_GROUPS, *_PATIENT_GROUPS, "PixelMeasuresSequence"):
            for item in _items(groups, keyword)[:1]:
                found[keyword] = item
    measures = found.get("PixelMeasuresSequence", dataset)
    if coordinate_system is CoordinateSystemNames.PATIENT:
        position = _need(found.get("PlanePositionSequence", dataset), "ImagePositionPatient")
        orientation = _need(found.get("PlaneOrientationSequence", dataset), "ImageOrientationPatient")
        return _geometry(position, orientation, measures)
    orientation = _need(dataset, "ImageOrientationSlide")
    if "PlanePositionSlideSequence" in found:
        return _geometry(slide_position(found["PlanePositionSlideSequence"]), orientation, measures)
    return _geometry(tiled_full_of(dataset).positions(np.array([frame_number - 1]))[0], orientation, measures)


def _geometry(position: Any, orientation: Any, measures: Dataset) -> PlaneGeometry:
    spacing = number_of(measures, "SpacingBetweenSlices", float)
    return PlaneGeometry(
        as_position(position),
        as_orientation(orientation),
        as_pixel_spacing(_need(measures, "PixelSpacing")),
        None if not spacing else abs(spacing),
    )


def _need(dataset: Dataset, keyword: str) -> Any:
    value = dataset.get(keyword)
    if value is None:
        raise MissingAttributeError(f"The image has no {keyword}, without which its pixels have no place in space.")
    return value


def _size(dataset: Dataset, keyword: str) -> int:
    _need(dataset, keyword)
    return number_of(dataset, keyword, int) or 0


def _shared(dataset: Dataset, keyword: str) -> Dataset:
    for groups in _functional_groups(dataset, 1):
        for item in _items(groups, keyword)[:1]:
            return item
    return dataset


def _origin_of(dataset: Dataset) -> tuple[float, float, float]:
    items = _items(dataset, "TotalPixelMatrixOriginSequence")
    if not items:
        raise MissingAttributeError("The image has no TotalPixelMatrixOriginSequence, so its tiles have no place.")
    return slide_position(items[0])


def tiled_full_of(dataset: Dataset) -> TiledFull:
    """Describe the frames of a TILED_FULL image.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        An image whose Dimension Organization Type is TILED_FULL.

    Returns
    -------
    TiledFull
        From which the position of each frame can be computed.

    Raises
    ------
    ValueError
        If the image is of another dimension organization, or lacks what describes its tiles.
    """
    if dataset.get("DimensionOrganizationType") != "TILED_FULL":
        organization = dataset.get("DimensionOrganizationType")
        raise InputError(f"The image's DimensionOrganizationType is {organization!r}; expected 'TILED_FULL'.")
    size = (_size(dataset, f"{whole}{what}") for what in ("Rows", "Columns") for whole in ("", "TotalPixelMatrix"))
    rows, total_rows, columns, total_columns = size
    plane = _total_pixel_matrix_geometry(dataset)
    return TiledFull(
        grid=TileGrid(rows, columns, total_rows, total_columns),
        origin=(float(plane.position[0]), float(plane.position[1]), float(plane.position[2])),
        image_orientation=tuple(plane.orientation.tolist()),
        pixel_spacing=(float(plane.pixel_spacing[0]), float(plane.pixel_spacing[1])),
        number_of_focal_planes=_count(dataset, "TotalPixelMatrixFocalPlanes") or 1,
        spacing_between_focal_planes=plane.spacing_between_slices or 1.0,
        number_of_channels=_number_of_channels(dataset),
    )


def _count(dataset: Dataset, keyword: str) -> int:
    """Read how many there are of something; 0 if it is not said."""
    count = number_of(dataset, keyword, int) or 0
    if count < 0:
        raise UnreadableError(f"{keyword} is {count}; a positive number was expected.")
    return count


def _has_channels(dataset: Dataset) -> bool:
    return str(dataset.get("SOPClassUID")) not in _WITHOUT_CHANNELS and dataset.get("SegmentationType") != "LABELMAP"


def _number_of_channels(dataset: Dataset) -> int:
    if not _has_channels(dataset):
        return 1
    if dataset.get("SOPClassUID") == _SEGMENTATION:
        return max(1, len(_items(dataset, "SegmentSequence")))
    return _count(dataset, "NumberOfOpticalPaths") or len(_items(dataset, "OpticalPathSequence")) or 1


def iter_tiled_full_frame_data(
    dataset: Dataset,
) -> Iterator[tuple[int | None, int, int, int, float, float, float]]:
    """Iterate over the places of the frames of a TILED_FULL image.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        A whole slide microscopy image, segmentation or parametric map.

    Returns
    -------
    Iterator[tuple[int | None, int, int, int, float, float, float]]
        For each frame: one-based number of the segment or optical path (None where there is neither: label maps and
        parametric maps), one-based index of the focal plane, one-based column and row of the first pixel in the total
        pixel matrix, and its x, y, z in mm.

    Raises
    ------
    ValueError
        If the image is of another dimension organization, or lacks what describes its tiles.
    """
    frames = tiled_full_of(dataset)
    channels: list[int | None] = (frames.channels() + 1).tolist()
    if not _has_channels(dataset):
        channels = [None] * len(frames)
    offsets = (frames.offsets() + 1).T.tolist()
    return zip(channels, (frames.focal_planes() + 1).tolist(), *offsets, *frames.positions().T.tolist(), strict=True)
