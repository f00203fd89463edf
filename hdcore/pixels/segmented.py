"""Segmented palettes: tables written as runs and ramps (PS3.3 C.7.9.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import UnreadableError

__all__ = ["expand_segments"]

_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


def expand_segments(segmented: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Expand a segmented table.

    Parameters
    ----------
    segmented: numpy.ndarray
        Segments of type uint8 or uint16. A discrete segment is 0, its length and its entries; a linear one is 1, its
        length and its last entry; an indirect one is 2, a number of segments, and the offset in bytes of the first of
        them, least significant part first.

    Returns
    -------
    numpy.ndarray
        Entries of the same type.

    Raises
    ------
    ValueError
        If a segment is cut off or of an unknown type, a linear segment comes first, or an indirect one points to
        nothing or to another indirect one.
    """
    words = [int(word) for word in segmented]
    entries: list[int] = []
    position = 0
    while position < len(words):
        if words[position] == _INDIRECT:
            position = _copy(words, position, entries, segmented.dtype.itemsize)
        elif position == len(words) - 1 and words[position] == 0:
            break  # a null byte fills up to an even length
        else:
            position = _expand(words, position, entries)
    return np.array(entries, segmented.dtype)


def _expand(words: list[int], position: int, entries: list[int]) -> int:
    """Expand a discrete or linear segment, and give the position after it."""
    opcode = words[position]
    if opcode not in (_DISCRETE, _LINEAR):
        raise UnreadableError(f"Segment type {opcode} at {position} of a segmented palette; expected 0, 1 or 2.")
    if position + 1 >= len(words):
        raise UnreadableError(f"The segment at {position} of a segmented palette is cut off.")
    length = words[position + 1]
    values = words[position + 2 : position + 2 + (length if opcode == _DISCRETE else 1)]
    if len(values) < (length if opcode == _DISCRETE else 1):
        raise UnreadableError(f"The segment at {position} of a segmented palette is cut off.")
    if opcode == _DISCRETE:
        entries.extend(values)
        return position + 2 + length
    if not entries:
        raise UnreadableError("A segmented palette begins with a linear segment, which continues from nothing.")
    start, end = entries[-1], values[0]
    entries.extend(round(start + (end - start) * step / length) for step in range(1, length + 1))
    return position + 3


def _copy(words: list[int], position: int, entries: list[int], size: int) -> int:
    """Expand the segments that an indirect segment points to, and give the position after it."""
    parts = 4 // size
    if position + 2 + parts > len(words):
        raise UnreadableError(f"The segment at {position} of a segmented palette is cut off.")
    count, *offset = words[position + 1 : position + 2 + parts]
    source = sum(part << (8 * size * number) for number, part in enumerate(offset)) // size
    for _ in range(count):
        if source >= position or words[source] == _INDIRECT:
            raise UnreadableError(f"The indirect segment at {position} of a segmented palette points to no segment.")
        source = _expand(words, source, entries)
    return position + 2 + parts
