"""The frame table of an image, whatever kind of image it is.

Functional groups say it frame by frame; TILED_FULL images do not, since it follows from the sizes; images without
functional groups say it once, for all their frames.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.multival import MultiValue

from hdcore.errors import HdcoreWarning, InputError, UnreadableError
from hdcore.frames.codec import decode
from hdcore.frames.columns import Categorical, Numbers
from hdcore.frames.groups import STANDARD_GROUPS
from hdcore.frames.table import FrameTable
from hdcore.model.element import stored
from hdcore.pixels.described_format import number_of_frames, whole_number
from hdcore.pixels.tolerant import items_of, value_of
from hdcore.spatial.tiling import TileGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.columns import Column
    from hdcore.frames.groups import FunctionalGroup

__all__ = ["tabulate"]

_OF_IMAGE = {
    "image_position": ("ImagePositionPatient", 3),
    "image_orientation": ("ImageOrientationPatient", 6),
    "pixel_spacing": ("PixelSpacing", 2),
    "slice_thickness": ("SliceThickness", 1),
    "spacing_between_slices": ("SpacingBetweenSlices", 1),
}
"""Columns that an image without functional groups has, and the attributes that say them (PS3.3 C.7.6.2)."""


_OF_TILES = ("Rows", "Columns", "TotalPixelMatrixRows", "TotalPixelMatrixColumns")


def tabulate(dataset: Dataset, groups: Sequence[FunctionalGroup] = STANDARD_GROUPS) -> FrameTable:
    """Make the frame table of an image.

    Parameters
    ----------
    dataset: pydicom.Dataset
        An image, single- or multi-frame, tiled or not. It is not changed.
    groups: Sequence[FunctionalGroup], optional
        Functional groups to read.

    Returns
    -------
    FrameTable
        One row per frame, with the columns of the groups that the image has. An image without functional groups has
        ``image_position``, ``image_orientation``, ``pixel_spacing``, ``slice_thickness``, ``spacing_between_slices``
        as far as it says them. A TILED_FULL image has ``row_position`` and ``column_position`` (counted from one),
        and ``channel`` and ``focal_plane`` (counted from zero); and ``optical_path`` if it has several.

    Raises
    ------
    UnreadableError
        If the functional groups are damaged, or there are fewer items than frames.
    """
    try:
        table = decode(dataset, groups)
    except (InputError, Warning):
        raise
    except Exception as error:  # pydicom raises whatever its parsing of damaged bytes happens to hit
        raise UnreadableError(f"The functional groups cannot be read: {type(error).__name__}: {error}") from error
    if value_of(dataset, "DimensionOrganizationType") == "TILED_FULL":
        return _with_tiles(table, dataset)
    if "SharedFunctionalGroupsSequence" in dataset or "PerFrameFunctionalGroupsSequence" in dataset:
        _warn_of_tiles_outside(table, dataset)
        return table
    shared = {name: _numbers(dataset, keyword, size) for name, (keyword, size) in _OF_IMAGE.items()}
    count = number_of_frames(dataset)
    position = shared.pop("image_position") if count > 1 else None  # that of the first frame only
    table = FrameTable(count, shared={name: value for name, value in shared.items() if value is not None})
    if position is None or "image_orientation" not in table or "GridFrameOffsetVector" not in dataset:
        return table
    return _with_dose_planes(table, dataset, position.values[0])


def _with_dose_planes(table: FrameTable, dataset: Dataset, position: NDArray[np.float64]) -> FrameTable:
    """Add the positions of the planes of a dose distribution (PS3.3 C.8.8.3.2)."""
    offsets = _numbers(dataset, "GridFrameOffsetVector", len(table))
    if offsets is None:
        return table
    orientation = table["image_orientation"][0]
    distances = offsets.values[0] - offsets.values[0][0]  # the first is zero, or else they are positions along z
    return table.with_columns(image_position=position + np.outer(distances, np.cross(orientation[:3], orientation[3:])))


def _with_tiles(table: FrameTable, dataset: Dataset) -> FrameTable:
    """Add where each tile of a TILED_FULL image lies (PS3.3 C.7.6.17.3)."""
    try:
        grid = TileGrid(
            *(int(value_of(dataset, keyword)) for keyword in _OF_TILES),
        )
    except (AttributeError, TypeError, ValueError):
        warnings.warn(
            "DimensionOrganizationType is TILED_FULL, but Rows, Columns, TotalPixelMatrixRows or "
            "TotalPixelMatrixColumns is absent or no positive integer; tiles cannot be placed.",
            HdcoreWarning,
            stacklevel=2,
        )
        return table
    focal_planes = _focal_planes(dataset)
    frames = np.arange(len(table))
    preceding = whole_number(dataset, "ConcatenationFrameOffsetNumber")
    if preceding is not None and preceding > 0:  # a part of a concatenation goes on where the one before ended
        frames += preceding
    elif len(frames) % (len(grid) * focal_planes) and "InConcatenationNumber" not in dataset:
        warnings.warn(
            f"DimensionOrganizationType is TILED_FULL, but the {len(frames)} frames are no multiple of the "
            f"{len(grid) * focal_planes} tiles that Rows, Columns and TotalPixelMatrix… say; tiles cannot be placed.",
            HdcoreWarning,
            stacklevel=2,
        )
        return table
    offsets = grid.offsets(frames % len(grid)) + 1
    channels = frames // (len(grid) * focal_planes)
    return table.with_columns(
        column_position=offsets[:, 0],
        row_position=offsets[:, 1],
        focal_plane=frames // len(grid) % focal_planes,
        channel=channels,
        **_paths_of_channels(dataset, channels),
    )


def _focal_planes(dataset: Dataset) -> int:
    if value_of(dataset, "TotalPixelMatrixFocalPlanes") is None:
        return 1
    number = whole_number(dataset, "TotalPixelMatrixFocalPlanes")
    if number is not None and number > 0:
        return number
    warnings.warn("TotalPixelMatrixFocalPlanes is no positive integer; 1 is assumed.", HdcoreWarning, stacklevel=3)
    return 1


def _warn_of_tiles_outside(table: FrameTable, dataset: Dataset) -> None:
    """Warn of tiles that begin above or left of the total pixel matrix, or beyond it (PS3.3 C.8.12.6.1)."""
    for name, keyword in (("row_position", "TotalPixelMatrixRows"), ("column_position", "TotalPixelMatrixColumns")):
        present = table.present(name)
        if not present.any():
            continue
        last = whole_number(dataset, keyword) or np.iinfo(np.int64).max
        outside = present & ((table[name] < 1) | (table[name] > last))
        if outside.any():
            at = int(np.argmax(outside))
            warnings.warn(
                f"{int(outside.sum())} frame(s) begin outside of the total pixel matrix, frame {at + 1} for one: its "
                f"{name.replace('_', ' ')} is {table[name][at]}, where 1 to {last} are possible.",
                HdcoreWarning,
                stacklevel=3,
            )


def _paths_of_channels(dataset: Dataset, channels: NDArray[np.intp]) -> dict[str, Column]:
    """Name the optical paths, which are the channels of images that have no segments."""
    identifiers = [
        str(value_of(path, "OpticalPathIdentifier", "")) for path in items_of(dataset, "OpticalPathSequence")
    ]
    if "SegmentSequence" in dataset or not len(channels) or channels.max() >= len(identifiers) or len(identifiers) < 2:
        return {}
    return {"optical_path": Categorical(channels.astype(np.int64), tuple(identifiers))}


def _numbers(dataset: Dataset, keyword: str, size: int) -> Numbers | None:
    if keyword not in dataset:
        return None
    numbers = _decimals(dataset, keyword)
    if numbers is None or len(numbers) != size:
        value: Any = value_of(dataset, keyword)
        if value is None or value == "":
            return None
        numbers = _floats(list(value) if isinstance(value, (MultiValue, list, tuple)) else [value])
    if len(numbers) != size:
        warnings.warn(
            f"{keyword} is {value_of(dataset, keyword)!r}, not {size} number(s); it is taken as absent.",
            HdcoreWarning,
            stacklevel=3,
        )
        return None
    return Numbers(numbers[np.newaxis] if size > 1 else numbers)


def _decimals(dataset: Dataset, keyword: str) -> NDArray[np.float64] | None:
    """Read a DS that nobody has looked at yet, and leave it so; None if it is anything else."""
    element = stored(dataset, keyword)
    if element is None or not element.is_raw or element.VR not in (None, "DS"):
        return None
    return _floats([part.strip(b"\0 ") for part in element.value.split(b"\\")]) if element.value else None


def _floats(values: list[Any]) -> NDArray[np.float64]:
    """Convert values to numbers; none at all if one is no number."""
    try:
        return np.array([float(value) for value in values])
    except (TypeError, ValueError):
        return np.zeros(0)
