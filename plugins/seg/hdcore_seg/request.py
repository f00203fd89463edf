"""What a caller wants to get of which segments: the parameters that all readers of segments share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError, UnreadableError

from hdcore_seg.conversions import MapLabels, PaintLabels, Shares, SplitLabels
from hdcore_seg.enums import SegmentationTypeValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.assemble import Conversion
    from numpy.typing import DTypeLike, NDArray

__all__ = ["SegmentRequest", "StoredSegments"]


@dataclass(frozen=True, slots=True)
class StoredSegments:
    """What a segmentation says of its segments."""

    kind: SegmentationTypeValues
    numbers: tuple[int, ...]
    """Of all segments but the background, in the order in which they are described."""
    number_of_frames: int
    segment_of_frame: NDArray[np.int64] | None
    """Number of the segment that each frame shows; None for a label map."""
    maximum_fractional_value: int
    """Stored value that is a share of 1."""
    bits_allocated: int
    background: int = 0
    """Which value of a label map stands for no segment."""


@dataclass(frozen=True, slots=True)
class SegmentRequest:
    """The segments wanted, and in what form."""

    stored: StoredSegments
    numbers: tuple[int, ...]
    """Numbers of the segments wanted, in the order wanted."""
    combine: bool
    """Whether a pixel of the result is the number of its segment; otherwise each segment has a channel."""
    relabel: bool
    """Whether, when combined, segments are numbered 1, 2, 3 … in the order wanted."""
    rescale: bool
    """Whether stored shares become numbers from 0 to 1."""
    check_overlap: bool
    """Whether, when combined, segments that overlap are refused."""
    dtype: np.dtype[Any]
    """Type of the result."""

    @classmethod
    def of(
        cls,
        stored: StoredSegments,
        segment_numbers: Sequence[int] | None,
        *,
        combine_segments: bool,
        relabel: bool,
        rescale_fractional: bool,
        skip_overlap_checks: bool,
        dtype: DTypeLike | None,
    ) -> SegmentRequest:
        """Check a caller's parameters.

        Raises
        ------
        TypeError
            If the segment numbers are not integers.
        ValueError
            If a segment is not described, or the values do not fit into the type.
        """
        numbers = _checked_numbers(segment_numbers, stored.numbers)
        fractional = stored.kind is SegmentationTypeValues.FRACTIONAL
        rescale = fractional and rescale_fractional and not combine_segments
        if combine_segments:
            if len(set(numbers)) < len(numbers):
                raise InputError(
                    f"segment_numbers is {list(numbers)}; with combine_segments each segment is expected once only."
                )
            highest = len(numbers) if relabel else max(numbers)
        else:
            highest = stored.maximum_fractional_value if fractional and not rescale else 1
        smallest: np.dtype[Any] = np.dtype(np.float32) if rescale else np.min_scalar_type(highest)
        chosen: np.dtype[Any] = smallest if dtype is None else np.dtype(dtype)
        if rescale and chosen.kind != "f":
            raise InputError(
                f"dtype is {chosen}, but shares of a FRACTIONAL segmentation are numbers from 0 to 1; expected a "
                "floating-point type, or rescale_fractional=False."
            )
        if chosen.kind not in "buif" or (chosen.kind in "ui" and np.iinfo(chosen.name).max < highest):
            raise InputError(f"dtype is {chosen}, which cannot hold the values up to {highest}.")
        if chosen.kind == "b" and highest > 1:
            raise InputError(f"dtype is bool, which cannot hold the values up to {highest}.")
        return cls(stored, numbers, combine_segments, relabel, rescale, not skip_overlap_checks, chosen)

    def frames(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Find the frames of the segments wanted.

        Returns
        -------
        tuple[numpy.ndarray, numpy.ndarray]
            Zero-based index of each frame, and of its segment among those wanted. The frames of a label map, each of
            which shows all segments, have index 0.
        """
        segments = self.stored.segment_of_frame
        if segments is None:
            count = self.stored.number_of_frames
            return np.arange(count, dtype=np.intp), np.zeros(count, np.intp)
        frames = [np.flatnonzero(segments == number) for number in self.numbers]
        channels = np.repeat(np.arange(len(self.numbers), dtype=np.intp), [len(some) for some in frames])
        return np.concatenate(frames), channels

    @property
    def has_channels(self) -> bool:
        """bool: whether the engine puts each frame into a channel of its own."""
        return not self.combine and self.stored.segment_of_frame is not None

    def conversion(self) -> Conversion:
        """Make what writes stored values into the result."""
        if self.stored.kind is SegmentationTypeValues.LABELMAP:
            return self._of_label_map()
        if not self.combine:
            if self.rescale:
                return Shares(self.dtype, self.stored.maximum_fractional_value)
            return MapLabels(self.dtype, None)
        values = np.zeros(self.stored.number_of_frames, np.int64)
        frames, channels = self.frames()
        values[frames] = self._values()[channels]
        fractional = self.stored.kind is SegmentationTypeValues.FRACTIONAL
        one = self.stored.maximum_fractional_value if fractional else 1
        return PaintLabels(self.dtype, values, one=one, check_overlap=self.check_overlap)

    def _values(self) -> NDArray[np.int64]:
        if self.relabel:
            return np.arange(1, len(self.numbers) + 1)
        return np.asarray(self.numbers, np.int64)

    def _of_label_map(self) -> Conversion:
        if not self.combine:
            return SplitLabels(self.dtype, np.asarray(self.numbers))
        every = set(self.numbers) == set(self.stored.numbers)
        if every and self.stored.background == 0 and (self._values() == self.numbers).all():
            return MapLabels(self.dtype, None)
        table = np.zeros(1 << self.stored.bits_allocated, np.int64)
        table[list(self.numbers)] = self._values()
        return MapLabels(self.dtype, table)


def _checked_numbers(numbers: Sequence[int] | None, described: tuple[int, ...]) -> tuple[int, ...]:
    if not described:
        raise UnreadableError(
            "The segmentation describes no segment: Segment Sequence is absent, empty, or has the background alone. "
            "get_stored_frames gives its frames."
        )
    if numbers is None:
        return described
    if not hasattr(numbers, "__iter__"):
        raise InputTypeError(f"segment_numbers is {numbers!r}; expected several integers.")
    for number in numbers:
        if isinstance(number, bool | np.bool_) or not hasattr(number, "__index__"):
            raise InputTypeError(f"segment_numbers holds {number!r} ({type(number).__name__}); expected integers.")
    wanted = tuple(int(number) for number in numbers)
    if not wanted:
        raise InputError("segment_numbers is empty; expected at least one number, or None for all segments.")
    unknown = sorted(set(wanted) - set(described))
    if unknown:
        raise InputError(
            f"segment_numbers has {', '.join(map(str, unknown[:8]))}, which the segmentation does not have; it has "
            f"{', '.join(map(str, described[:8]))}{' …' if len(described) > 8 else ''}."
        )
    return wanted
