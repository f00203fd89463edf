"""How segments are stored: one bit, one share or one number per pixel (PS3.3 C.8.20.2.3).

The three encodings are of one shape: each says what it writes into the dataset, looks once at the caller's planes, and
then gives the frames of any pairs of plane and segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from hdcore.errors import InputError, InputTypeError

from hdcore_seg.enums import SegmentationFractionalTypeValues, SegmentationTypeValues, SegmentsOverlapValues
from hdcore_seg.masks import FractionMasks, LabelMasks, StackedMasks
from hdcore_seg.planes import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from hdcore_seg.planes import Planes

__all__ = ["Accepted", "Binary", "Fractional", "Labelmap", "SegmentEncoding", "encoding_of"]

_GREATEST_BYTE = 255


@dataclass(frozen=True, slots=True)
class Accepted:
    """Planes that were found good, and how their frames are made."""

    occupied: NDArray[np.bool_]
    """Which planes have a pixel in which segments, shape ``(planes, segments)``; one column for a label map."""
    overlap: SegmentsOverlapValues
    """Whether any pixel is in more than one segment."""
    rows: int
    columns: int
    dtype: np.dtype[Any]
    """Type of the stored values."""
    _give: Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[Any]]

    def frames(self, plane: NDArray[np.intp], segment: NDArray[np.intp]) -> Iterator[NDArray[Any]]:
        """Make frames, some at a time.

        Parameters
        ----------
        plane, segment: numpy.ndarray
            Zero-based plane and segment of each frame, in stored order.

        Yields
        ------
        numpy.ndarray
            The next frames, shape ``(n, rows, columns)``; frames without pixels are all one and the same in memory.
        """
        step = max(1, BLOCK_BYTES // (self.rows * self.columns * self.dtype.itemsize))
        nothing = np.zeros((self.rows, self.columns), self.dtype)
        wanted = self.occupied[plane, segment]
        edges = [0, *(np.flatnonzero(np.diff(wanted)) + 1).tolist(), len(wanted)]
        for begin, end in pairwise(edges):
            if not wanted[begin]:
                yield np.broadcast_to(nothing, (end - begin, self.rows, self.columns))
                continue
            for start in range(begin, end, step):
                part = slice(start, min(start + step, end))
                yield self._give(plane[part], segment[part])

    def filled(self, plane: NDArray[np.intp], segment: NDArray[np.intp]) -> float:
        """Tell which part of frames has any pixel, of which planes and segments are given as for :meth:`frames`."""
        return float(self.occupied[plane, segment].mean())


class SegmentEncoding(Protocol):
    """What the three encodings have in common."""

    segmentation_type: ClassVar[SegmentationTypeValues]
    per_segment: ClassVar[bool]
    """Whether each segment has frames of its own."""

    @property
    def bits_allocated(self) -> int:
        """int: bits per pixel."""
        ...

    def accept(self, planes: Planes, numbers: Sequence[int]) -> Accepted:
        """Look at the caller's planes.

        Parameters
        ----------
        planes: Planes
            The planes.
        numbers: Sequence[int]
            Numbers of the segments, without the background.

        Raises
        ------
        TypeError
            If the values are not booleans, integers or floating-point numbers.
        ValueError
            If a value cannot be stored, or the last axis is not as long as there are segments.
        """
        ...

    def attributes(self) -> dict[str, Any]:
        """Give the attributes that say how pixels are to be understood."""
        ...


@dataclass(frozen=True, slots=True)
class Binary:
    """One bit per pixel."""

    segmentation_type: ClassVar = SegmentationTypeValues.BINARY
    per_segment: ClassVar = True
    bits_allocated: int = 1

    def accept(self, planes: Planes, numbers: Sequence[int]) -> Accepted:
        """Look at the caller's planes."""
        masks = _discrete(planes, numbers)
        occupied = masks.occupied_segments()
        return Accepted(occupied, masks.overlap, planes.rows, planes.columns, np.dtype(np.uint8), masks.members)

    def attributes(self) -> dict[str, Any]:
        """Give the attributes that say how pixels are to be understood."""
        return {"SegmentationType": self.segmentation_type.value}


@dataclass(frozen=True, slots=True)
class Fractional:
    """Eight bits per pixel, a share of ``maximum``."""

    segmentation_type: ClassVar = SegmentationTypeValues.FRACTIONAL
    per_segment: ClassVar = True
    kind: SegmentationFractionalTypeValues
    maximum: int
    bits_allocated: int = 8

    def __post_init__(self) -> None:
        if isinstance(self.maximum, bool) or not hasattr(self.maximum, "__index__"):
            raise InputTypeError(f"max_fractional_value is {self.maximum!r}; expected an integer.")
        if not 1 <= self.maximum <= _GREATEST_BYTE:
            raise InputError(f"max_fractional_value is {self.maximum}; expected 1 to {_GREATEST_BYTE}.")

    def accept(self, planes: Planes, numbers: Sequence[int]) -> Accepted:
        """Look at the caller's planes."""
        shape = planes.rows, planes.columns, np.dtype(np.uint8)
        if planes.dtype.kind == "f" and (planes.channels is not None or len(numbers) == 1):
            _check_channels(planes, numbers)
            fractions = FractionMasks(planes, tuple(numbers), self.maximum)
            return Accepted(fractions.occupied_segments(), fractions.overlap, *shape, fractions.shares)
        masks = _discrete(planes, numbers)

        def shares(plane: NDArray[np.intp], segment: NDArray[np.intp]) -> NDArray[np.uint8]:
            return np.multiply(masks.members(plane, segment), np.uint8(self.maximum), dtype=np.uint8)

        return Accepted(masks.occupied_segments(), masks.overlap, *shape, shares)

    def attributes(self) -> dict[str, Any]:
        """Give the attributes that say how pixels are to be understood."""
        return {
            "SegmentationType": self.segmentation_type.value,
            "SegmentationFractionalType": self.kind.value,
            "MaximumFractionalValue": self.maximum,
        }


@dataclass(frozen=True, slots=True)
class Labelmap:
    """Eight or sixteen bits per pixel, the number of the pixel's segment."""

    segmentation_type: ClassVar = SegmentationTypeValues.LABELMAP
    per_segment: ClassVar = False
    bits_allocated: int

    def accept(self, planes: Planes, numbers: Sequence[int]) -> Accepted:
        """Look at the caller's planes."""
        masks = _discrete(planes, numbers)
        if masks.overlap is SegmentsOverlapValues.YES:
            raise InputError(
                "pixel_array has pixels in more than one segment, which a label map cannot hold; expected masks that "
                "do not overlap, or segmentation_type BINARY or FRACTIONAL."
            )
        dtype = np.dtype(np.uint8 if self.bits_allocated == 8 else np.uint16)

        def labels(plane: NDArray[np.intp], _: NDArray[np.intp]) -> NDArray[Any]:
            return masks.labels(plane, dtype)

        return Accepted(
            masks.occupied_planes()[:, np.newaxis], masks.overlap, planes.rows, planes.columns, dtype, labels
        )

    def attributes(self) -> dict[str, Any]:
        """Give the attributes that say how pixels are to be understood."""
        return {"SegmentationType": self.segmentation_type.value, "PixelPaddingValue": 0}


def encoding_of(
    segmentation_type: SegmentationTypeValues | str,
    numbers: Sequence[int],
    fractional_type: SegmentationFractionalTypeValues | str | None,
    max_fractional_value: int,
) -> SegmentEncoding:
    """Choose the encoding that a caller asks for.

    Parameters
    ----------
    segmentation_type: SegmentationTypeValues | str
        Type of the segmentation.
    numbers: Sequence[int]
        Numbers of the segments, of which the greatest decides how many bits a label map has.
    fractional_type: SegmentationFractionalTypeValues | str | None
        What shares are.
    max_fractional_value: int
        Which stored value is a share of 1.
    """
    kind = SegmentationTypeValues(segmentation_type)
    if kind is SegmentationTypeValues.BINARY:
        return Binary()
    if kind is SegmentationTypeValues.LABELMAP:
        return Labelmap(8 if max(numbers) <= _GREATEST_BYTE else 16)
    if fractional_type is None:
        raise InputTypeError("fractional_type is None; a FRACTIONAL segmentation needs PROBABILITY or OCCUPANCY.")
    return Fractional(SegmentationFractionalTypeValues(fractional_type), max_fractional_value)


def _discrete(planes: Planes, numbers: Sequence[int]) -> LabelMasks | StackedMasks:
    _check_channels(planes, numbers)
    return (LabelMasks if planes.channels is None else StackedMasks)(planes, tuple(numbers))


def _check_channels(planes: Planes, numbers: Sequence[int]) -> None:
    if planes.dtype.kind not in "buif":
        raise InputTypeError(
            f"pixel_array has type {planes.dtype}; expected booleans, integers or floating-point numbers."
        )
    if planes.channels is not None and planes.channels != len(numbers):
        raise InputError(
            f"pixel_array has {planes.channels} segments along its last axis, but segment_descriptions describes "
            f"{len(numbers)}."
        )
