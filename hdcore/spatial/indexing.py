"""NumPy's indices of the three axes in space, as rearrangements."""

from __future__ import annotations

from types import EllipsisType
from typing import TypeAlias

import numpy as np

from hdcore.errors import InputError, InputTypeError, OutOfRangeError
from hdcore.spatial.reindex import Reindex, Triple, triple
from hdcore.text import short

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
    ValueError
        If the step of a slice is zero.
    """
    items = list(index) if isinstance(index, tuple) else [index]
    ellipses = [at for at, item in enumerate(items) if item is Ellipsis]  # by identity: arrays have no one truth value
    if len(ellipses) > 1:
        raise OutOfRangeError("An index has at most one Ellipsis.")
    for at in ellipses:
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
        selected = _select(item, axis, size)
        if not selected:
            raise OutOfRangeError(f"The slice {item} leaves nothing of axis {axis}, whose size is {size}.")
        return selected.start, selected.step, len(selected)
    raise InputTypeError(f"The index of axis {axis} is {short(item)}; expected an integer or a slice.")


def _select(item: slice, axis: int, size: int) -> range:
    try:
        return range(*item.indices(size))
    except TypeError as error:
        raise InputTypeError(
            f"The slice {item} of axis {axis}: its bounds and step are expected to be integers or None."
        ) from error
    except ValueError as error:
        raise InputError(f"The slice {item} of axis {axis} has a step of zero.") from error
