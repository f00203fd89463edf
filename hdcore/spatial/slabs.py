"""Work on great arrays in slabs along their first axis, in threads: NumPy releases the interpreter's lock meanwhile."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["for_slabs"]

_Result = TypeVar("_Result")

_SLABS = 4
"""Slabs of a great array. Always as many, so that sums do not depend on the machine's number of processors."""

_GREAT = 1 << 24
"""Bytes from which on threads gain more than starting them costs."""


def for_slabs(work: Callable[[slice], _Result], length: int, nbytes: int) -> list[_Result]:
    """Call a function for each slab of an array, or once for all of an array that is not great.

    Parameters
    ----------
    work: Callable[[slice], T]
        Called with the part of the first axis; calls must not depend on one another.
    length: int
        Size of the first axis.
    nbytes: int
        Bytes that are written, or read.

    Returns
    -------
    list[T]
        What the calls returned, in order.
    """
    if nbytes < _GREAT or length < _SLABS:
        return [work(slice(0, length))]
    bounds = [length * index // _SLABS for index in range(_SLABS + 1)]
    slabs = [slice(first, stop) for first, stop in pairwise(bounds)]
    with ThreadPoolExecutor(min(_SLABS, os.cpu_count() or 1)) as threads:
        return list(threads.map(work, slabs))
