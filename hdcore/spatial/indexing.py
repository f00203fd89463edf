"""NumPy's indices of the three axes in space, as rearrangements."""

from __future__ import annotations

from types import EllipsisType
from typing import TypeAlias

import numpy as np

from hdcore.errors import InputTypeError, OutOfRangeError
from hdcore.spatial.reindex import Reindex, Triple, triple

__all__ = ["SpatialIndex", "parse_index"]

SpatialIndex: TypeAlias = int | slice | EllipsisType | tuple[int | slice | EllipsisType, ...]


def parse_index(index: SpatialIndex, shape: Triple) -> Reindex:
    """Parse integers, slices and an Ellipsis.

    Raises
    ------
    IndexError
        If an integer is out of bounds, or nothing would be left.
    TypeError
        If it is no such index.
    """
    items = list(index) if isinstance(index, tuple) else [index]
    if items.count(Ellipsis) > 1:
        raise OutOfRangeError("An index has at most one Ellipsis.")
    if Ellipsis in items:
        at = items.index(Ellipsis)
        items[at : at + 1] = [slice(None)] * (4 - len(items))
    if len(items) > 3:
        raise OutOfRangeError(
            f"The index has {len(items)} items; only the axes in space can be indexed (use get_channel for others)."
        )
    items += [slice(None)] * (3 - len(items))
    starts, steps, sizes = [], [], []
    for axis, (item, size) in enumerate(zip(items, shape, strict=True)):
        start, step, length = _parse_axis_index(item, axis, size)
        starts.append(start)
        steps.append(step)
        sizes.append(length)
    return Reindex((0, 1, 2), triple(starts), triple(steps), triple(sizes), shape)


def _parse_axis_index(item: object, axis: int, size: int) -> tuple[int, int, int]:
    if isinstance(item, int | np.integer):
        if not -size <= item < size:
            raise OutOfRangeError(f"Index {item} is out of bounds for axis {axis}, whose size is {size}.")
        return int(item) % size, 1, 1
    if isinstance(item, slice):
        selected = range(*item.indices(size))
        if not selected:
            raise OutOfRangeError(f"The slice {item} leaves nothing of axis {axis}, whose size is {size}.")
        return selected.start, selected.step, len(selected)
    raise InputTypeError(f"The index {item!r} of axis {axis} is neither an integer nor a slice.")
