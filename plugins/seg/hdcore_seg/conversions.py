"""What becomes of the stored values of a segmentation when they are read.

Each class is a :class:`hdcore.frames.assemble.Conversion`: the engine reads stored frames, some at a time, and a
conversion writes them straight to where they belong in the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import HdcoreError, InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MapLabels", "OverlapError", "PaintLabels", "Shares", "SplitLabels"]


class OverlapError(HdcoreError, RuntimeError):
    """Segments overlap, so that one number per pixel cannot say to which it belongs."""


class Shares:
    """Shares of a FRACTIONAL segmentation as numbers from 0 to 1."""

    samples: tuple[int, ...] = ()

    def __init__(self, dtype: np.dtype[Any], maximum: int) -> None:
        self.dtype = dtype
        self._table = (np.arange(256) / np.float64(maximum)).astype(dtype)

    def apply(self, block: NDArray[Any], frames: NDArray[np.intp], out: NDArray[Any]) -> None:
        """Divide by the stored value that stands for 1."""
        out[...] = self._table[block]


class PaintLabels:
    """Frames of one segment each, painted over each other: each pixel gets the value of its segment."""

    samples: tuple[int, ...] = ()
    accumulates = True

    def __init__(
        self, dtype: np.dtype[Any], value_of_frame: NDArray[Any], *, one: int = 1, check_overlap: bool = True
    ) -> None:
        """Prepare.

        Parameters
        ----------
        dtype: numpy.dtype
            Type of the result.
        value_of_frame: numpy.ndarray
            Value of the segment that each stored frame shows.
        one: int, optional
            Which stored value, beside 0, means that a pixel belongs to the segment.
        check_overlap: bool, optional
            Whether to refuse segments that overlap; otherwise the greatest value stays.
        """
        self.dtype = dtype
        self._native = dtype.newbyteorder("=")  # ufuncs compute in no other
        self._values = value_of_frame.astype(self._native)
        self._one = one
        self._check_overlap = check_overlap

    def apply(self, block: NDArray[Any], frames: NDArray[np.intp], out: NDArray[Any]) -> None:
        """Paint.

        Raises
        ------
        RuntimeError
            If segments overlap.
        ValueError
            If there are stored values other than 0 and that for 1.
        """
        for frame, number, target in zip(block, frames, out, strict=True):
            rows = np.flatnonzero(_words(frame).any(axis=1))
            if len(rows):
                band = slice(int(rows[0]), int(rows[-1]) + 1)
                self._paint(frame[band], self._values[number], target[band])

    def _paint(self, frame: NDArray[Any], value: Any, target: NDArray[Any]) -> None:
        if self._one == 1:
            painted = np.multiply(frame, value, dtype=self._native)
        else:
            members = frame == self._one
            if np.count_nonzero(members) != np.count_nonzero(frame):
                raise InputError(
                    "combine_segments needs each pixel to be in a segment or not; the segmentation is FRACTIONAL and "
                    f"has shares other than 0 and {self._one} (Maximum Fractional Value)."
                )
            painted = np.multiply(members, value, dtype=self._native)
        if self._check_overlap and bool(np.logical_and(target, painted).any()):
            raise OverlapError(
                "Segments overlap, so they cannot be combined; get them without combine_segments, ask for segments "
                "that do not overlap, or pass skip_overlap_checks=True to keep the greatest number."
            )
        np.maximum(target, painted, out=target)


def _words(frame: NDArray[Any]) -> NDArray[Any]:
    """Take eight bytes as one number, where rows can be divided so, which is faster to look through."""
    divisible = frame.flags.c_contiguous and frame.shape[1] * frame.itemsize % 8 == 0
    return frame.view(np.uint64) if divisible else frame


class MapLabels:
    """A label map with other numbers; those of segments that nobody asked for become 0."""

    samples: tuple[int, ...] = ()

    def __init__(self, dtype: np.dtype[Any], table: NDArray[Any] | None) -> None:
        """Prepare.

        Parameters
        ----------
        dtype: numpy.dtype
            Type of the result.
        table: numpy.ndarray | None
            What becomes of each stored value; None to leave all as they are.
        """
        self.dtype = dtype
        self._table = None if table is None else table.astype(dtype)

    def apply(self, block: NDArray[Any], frames: NDArray[np.intp], out: NDArray[Any]) -> None:
        """Look up."""
        if self._table is None:
            np.copyto(out, block, casting="unsafe")
        else:
            out[...] = self._table[block]


class SplitLabels:
    """A label map divided into a mask for each segment."""

    def __init__(self, dtype: np.dtype[Any], numbers: NDArray[Any]) -> None:
        self.dtype = dtype
        self.samples = (len(numbers),)
        self._numbers = numbers

    def apply(self, block: NDArray[Any], frames: NDArray[np.intp], out: NDArray[Any]) -> None:
        """Compare with each number."""
        for channel, number in enumerate(self._numbers):
            out[..., channel] = block == number
