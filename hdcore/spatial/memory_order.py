"""Copies of transposed arrays through a buffer that stays in a processor's cache: many times as fast as NumPy's own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from hdcore.spatial.slabs import for_slabs

__all__ = ["contiguous", "copy_into", "is_in_memory_order"]

_BUFFER = 1 << 19
"""Bytes of a block that is copied at once: with its rows in source and target it stays in the second cache."""

_ROW = 1 << 10
"""Bytes that a block goes on in the source's memory, so that whole lines of cache are used."""

_SMALL = 1 << 16
"""Values that stay in cache in any order."""

_LINE = 64
"""Bytes in a line of cache; also those in a row of which a plain copy is as fast."""


def is_in_memory_order(array: npt.NDArray[Any]) -> bool:
    """Tell whether the last axis is the fastest in memory (in either sense), then the one before, and so on."""
    strides = [abs(stride) for stride, size in zip(array.strides, array.shape, strict=True) if size > 1]
    return all(before >= after for before, after in pairwise(strides))


def contiguous(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Get a C-contiguous copy."""
    result = np.empty(array.shape, array.dtype)
    copy_into(result, array)
    return result


def copy_into(target: npt.NDArray[Any], source: npt.NDArray[Any]) -> None:
    """Copy an array into another of the same shape, in blocks if their orders in memory differ.

    Parameters
    ----------
    target: numpy.ndarray
        Its last axis goes on in memory.
    source: numpy.ndarray
        Of any order.
    """
    if target.ndim:
        for_slabs(lambda slab: _copy_slab(target[slab], source[slab]), len(target), source.nbytes)
    else:
        np.copyto(target, source)


def _copy_slab(target: npt.NDArray[Any], source: npt.NDArray[Any]) -> None:
    fastest = _fastest_axis(source)
    last = max((axis for axis in range(target.ndim) if target.shape[axis] > 1), default=0)
    if fastest == last or source.size < _SMALL or abs(source.strides[last]) < source.itemsize:
        np.copyto(target, source)
        return
    if source.ndim > 3 and fastest < 3 <= last and target.strides[2] >= _LINE and _is_packed(source):
        np.copyto(target, source)
        return
    # The order of both axes in a block; all others one index at a time, so that a block is two-dimensional.
    source = np.moveaxis(source, (last, fastest), (-2, -1))
    target = np.moveaxis(target, (last, fastest), (-2, -1))
    if source.strides[-1] < 0:
        # Read forwards, whole lines at once, and turn round while values are put in their places one by one anyway.
        source, target = source[..., ::-1], target[..., ::-1]
    rows, columns = source.shape[-2:]
    width = min(columns, max(1, _ROW // source.itemsize))
    height = min(rows, max(1, _BUFFER // (width * source.itemsize)))
    # Rows are a line of cache longer than needed: at a power of two, all of them would compete for the same few lines.
    buffer = np.empty((height, width + max(1, _LINE // source.itemsize)), source.dtype)
    for index in np.ndindex(*source.shape[:-2]):
        plane_from, plane_to = source[index], target[index]
        for row in range(0, rows, height):
            for column in range(0, columns, width):
                block = slice(row, row + height), slice(column, column + width)
                values = plane_from[block]
                held = buffer[: values.shape[0], : values.shape[1]]
                held[...] = values
                plane_to[block] = held


def _is_packed(source: npt.NDArray[Any]) -> bool:
    return bool(source[(0,) * 3].flags.c_contiguous)


def _fastest_axis(array: npt.NDArray[Any]) -> int:
    candidates = [axis for axis in range(array.ndim) if array.shape[axis] > 1]
    return min(candidates, key=lambda axis: (abs(array.strides[axis]), -axis), default=0)
