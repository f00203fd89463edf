"""Which pixels belong to which segment, as the caller has it: numbers in a label map, one mask or one share each.

Each of the three classes looks once at all values (are they allowed, which planes and segments have any pixel, do
segments overlap) and afterwards gives the pixels of some planes in the form that an encoding asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError
from hdcore.spatial.distinct import distinct

from hdcore_seg.enums import SegmentsOverlapValues
from hdcore_seg.planes import blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hdcore_seg.planes import Planes

__all__ = ["FractionMasks", "LabelMasks", "StackedMasks"]

_LONGEST_LIST = 8
_PIECE = 2048


class LabelMasks:
    """A label map: the value of a pixel is the number of its segment, 0 that of none."""

    def __init__(self, planes: Planes, numbers: tuple[int, ...]) -> None:
        self.planes, self.numbers = planes, numbers
        self.overlap = SegmentsOverlapValues.NO
        highest = max(numbers)
        self._ready_to_pack = numbers == (1,) and planes.dtype.itemsize == 1
        dense = len(numbers) == highest
        described = np.zeros(highest + 1, np.bool_)
        described[[0, *numbers]] = True
        self._occupied = np.zeros(planes.count, np.bool_)
        for start, block in blocks(planes):
            values = _unsigned(block)
            peaks = values.max(axis=(1, 2))
            self._occupied[start : start + len(values)] = peaks > 0
            if peaks.max() > highest or not (dense or described[values].all()):
                raise _undescribed(block, described)

    def occupied_planes(self) -> NDArray[np.bool_]:
        """Tell in which planes any segment has a pixel."""
        return self._occupied

    def occupied_segments(self) -> NDArray[np.bool_]:
        """Tell which segments have a pixel in which planes: one count of values per plane."""
        if len(self.numbers) == 1:
            return self._occupied[:, np.newaxis]
        occupied = np.zeros((self.planes.count, len(self.numbers)), np.bool_)
        columns = np.asarray(self.numbers)
        for start, block in blocks(self.planes):
            for offset, plane in enumerate(_unsigned(block)):
                if self._occupied[start + offset]:
                    occupied[start + offset] = np.bincount(plane.ravel(), minlength=columns[-1] + 1)[columns] > 0
        return occupied

    def members(self, plane: NDArray[np.intp], segment: NDArray[np.intp]) -> NDArray[np.uint8 | np.bool_]:
        """Give which pixels belong to each pair of plane and segment."""
        values = self.planes.take(plane)
        if self._ready_to_pack:
            return values.view(np.uint8)
        if bool((segment == segment[0]).all()):
            return np.asarray(values == self.numbers[segment[0]])
        numbers = np.asarray(self.numbers)[segment].astype(values.dtype)  # of segments that have a pixel, so they fit
        return np.asarray(values == numbers[:, np.newaxis, np.newaxis])

    def labels(self, plane: NDArray[np.intp], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Give the numbers of the segments."""
        return self.planes.take(plane).astype(dtype, copy=False)


class StackedMasks:
    """One mask per segment, along the last axis.

    The pixels of one segment lie far apart in memory. Of an array in memory they are therefore gathered once, when all
    are looked at, and kept as bits; of others they are gathered whenever they are asked for.
    """

    def __init__(self, planes: Planes, numbers: tuple[int, ...]) -> None:
        self.planes, self.numbers = planes, numbers
        self._occupied = np.zeros((planes.count, len(numbers)), np.bool_)
        self._packed: dict[tuple[int, int], NDArray[np.uint8]] = {}
        overlap = False
        for start, block in blocks(planes):
            for index, plane in enumerate(_zeros_and_ones(block), start):
                masks = _channels_first(plane)
                peaks = masks.max(axis=1)
                if peaks.max() > 1:
                    raise InputError(
                        f"pixel_array has value {peaks.max()} in plane {index}; with one mask per segment along the "
                        "last axis only 0 and 1 are expected."
                    )
                self._occupied[index] = peaks > 0
                present = np.flatnonzero(peaks)
                overlap = overlap or (len(present) > 1 and bool(_counts(masks[present]).max() > 1))
                if planes.in_memory:
                    bits = np.packbits(masks[present].astype(np.uint8, copy=False), axis=1)
                    self._packed.update(
                        ((index, int(channel)), row) for channel, row in zip(present, bits, strict=True)
                    )
        self.overlap = SegmentsOverlapValues.YES if overlap else SegmentsOverlapValues.NO

    def occupied_planes(self) -> NDArray[np.bool_]:
        """Tell in which planes any segment has a pixel."""
        return np.asarray(self._occupied.any(axis=1))

    def occupied_segments(self) -> NDArray[np.bool_]:
        """Tell which segments have a pixel in which planes."""
        return self._occupied

    def members(self, plane: NDArray[np.intp], segment: NDArray[np.intp]) -> NDArray[np.uint8 | np.bool_]:
        """Give which pixels belong to each pair of plane and segment, of which all are occupied."""
        if not self._packed:
            return _zeros_and_ones(_channels(self.planes, plane, segment)).astype(np.uint8, copy=False)
        rows, columns = self.planes.rows, self.planes.columns
        bits = np.stack([self._packed[pair] for pair in zip(plane.tolist(), segment.tolist(), strict=True)])
        return np.unpackbits(bits, axis=1, count=rows * columns).reshape(-1, rows, columns)

    def labels(self, plane: NDArray[np.intp], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Give the numbers of the segments, which must not overlap."""
        stack = self.planes.take(plane)
        labels = np.zeros(stack.shape[:3], dtype)
        for channel, number in enumerate(self.numbers):
            labels[stack[..., channel] != 0] = number
        return labels


class FractionMasks:
    """One share per segment, 0 to 1, along the last axis; or the shares of the only segment."""

    def __init__(self, planes: Planes, numbers: tuple[int, ...], maximum: int) -> None:
        self.planes, self.numbers, self._maximum = planes, numbers, maximum
        self._peaks = np.zeros((planes.count, len(numbers)))
        overlap = False
        for start, block in blocks(planes):
            peaks = np.stack([_peaks(plane) for plane in block])
            lowest, highest = block.min(), peaks.max()
            if not (lowest >= 0 and highest <= 1):
                raise InputError(
                    f"pixel_array has values from {lowest} to {highest}; floating-point numbers are expected in 0 to 1."
                )
            self._peaks[start : start + len(block)] = peaks
            overlap = overlap or any(
                _overlap(plane, np.flatnonzero(peak)) for plane, peak in zip(block, peaks, strict=True)
            )
        self.overlap = SegmentsOverlapValues.YES if overlap else SegmentsOverlapValues.NO

    def occupied_segments(self) -> NDArray[np.bool_]:
        """Tell which segments have a pixel in which planes that is not rounded to zero."""
        return np.rint(self._peaks * self._maximum) > 0

    def shares(self, plane: NDArray[np.intp], segment: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Give the shares as integers, rounded to the nearest, halves to the even one."""
        fractions = _channels(self.planes, plane, segment)
        shares = np.empty(fractions.shape, np.uint8)
        scaled = np.empty(fractions.shape[1:], np.result_type(fractions, np.float32))
        for target, source in zip(shares, fractions, strict=True):  # frame by frame, which stay in the cache
            np.multiply(source, self._maximum, out=scaled)
            np.rint(scaled, out=scaled)
            target[...] = scaled
        return shares


def _unsigned(block: NDArray[Any]) -> NDArray[Any]:
    """Give the values as unsigned integers, in which a negative one is a very great one."""
    if block.dtype.kind == "f":
        return _zeros_and_ones(block)
    if block.dtype.kind == "i":
        return block.view(f"{block.dtype.byteorder}u{block.dtype.itemsize}")
    return block


def _zeros_and_ones(block: NDArray[Any]) -> NDArray[Any]:
    if block.dtype.kind != "f":
        return block if block.dtype.kind == "u" else _unsigned(block)
    ones = block == 1
    if not bool((ones | (block == 0)).all()):
        raise InputError(
            "pixel_array holds floating-point numbers other than 0 and 1, which only segmentation_type FRACTIONAL "
            "takes, of one segment or with an axis of segments; pass a label map as integers."
        )
    return np.asarray(ones).view(np.uint8)


def _undescribed(block: NDArray[Any], described: NDArray[np.bool_]) -> InputError:
    values = [int(value) for value in distinct(block.ravel())]
    unknown = [value for value in values if not 0 <= value < len(described) or not described[value]]
    listed = ", ".join(map(str, unknown[:_LONGEST_LIST])) + (" …" if len(unknown) > _LONGEST_LIST else "")
    return InputError(
        f"pixel_array has the value(s) {listed}, which segment_descriptions does not describe; it describes "
        f"{int(described.sum()) - 1} segment(s) up to number {len(described) - 1}."
    )


def _channels_first(plane: NDArray[Any]) -> NDArray[Any]:
    """Give the masks of a plane one after another, shape ``(channels, pixels)``."""
    pixels = plane.reshape(-1, plane.shape[2])
    masks = np.empty(pixels.shape[::-1], plane.dtype)  # filled piece by piece, to stay in the cache
    for start in range(0, len(pixels), _PIECE):
        masks[:, start : start + _PIECE] = pixels[start : start + _PIECE].T
    return masks


def _counts(masks: NDArray[Any]) -> NDArray[Any]:
    """Count in how many masks each pixel is."""
    return np.asarray(masks.sum(axis=0, dtype=np.uint8 if len(masks) < 256 else np.uint32))


def _peaks(plane: NDArray[Any]) -> NDArray[Any]:
    """Give the greatest value of each channel of a plane, shape ``(rows, columns)`` or ``(rows, columns, channels)``.

    Many pixels are taken as one row, so that NumPy works on rows that are longer than the few channels of one pixel.
    """
    if plane.ndim == 2 or plane.shape[2] == 1:
        return np.asarray([plane.max()])
    pixels, channels = plane.shape[0] * plane.shape[1], plane.shape[2]
    group = next(size for size in (64, 16, 4, 1) if pixels % size == 0)
    if not plane.flags.c_contiguous:
        return np.asarray(plane.max(axis=(0, 1)))
    return np.asarray(plane.reshape(-1, group * channels).max(axis=0).reshape(group, channels).max(axis=0))


def _overlap(plane: NDArray[Any], channels: NDArray[np.intp]) -> bool:
    """Tell whether a pixel of a plane is in more than one of its occupied channels."""
    if len(channels) < 2:
        return False
    union = plane[..., channels[0]] != 0
    for channel in channels[1:]:
        mask = plane[..., channel] != 0
        if bool((union & mask).any()):
            return True
        union |= mask
    return False


def _channels(planes: Planes, plane: NDArray[np.intp], segment: NDArray[np.intp]) -> NDArray[Any]:
    if planes.channels is None:
        return planes.take(plane)
    if len(plane) == 1:
        return planes.take(plane)[..., segment[0]]
    stack = planes.take(plane)
    if bool((segment == segment[0]).all()):
        return stack[..., segment[0]]
    return stack[np.arange(len(stack)), :, :, segment]
