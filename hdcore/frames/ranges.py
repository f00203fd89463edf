"""Numbers and indices of frames, slices, rows and columns, as users give them.

DICOM counts from one; ``as_index``, ``as_indices`` switch to Python's zero-based indices. Negative numbers count from
the end in both. Everything below works with zero-based half-open ranges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex

import numpy as np

from hdcore.errors import InputError, InputTypeError, OutOfRangeError
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["frame_index", "frame_indices", "resolve_range"]


def frame_index(number: SupportsIndex, count: int, *, as_index: bool = False) -> int:
    """Turn a frame number, or index, into a zero-based index.

    Parameters
    ----------
    number: int
        Frame number, counted from one; or index, counted from zero.
    count: int
        Number of frames of the image.
    as_index: bool, optional
        Whether ``number`` is an index.

    Raises
    ------
    TypeError
        If it is no integer.
    OutOfRangeError
        If the image has no such frame.
    """
    name, first = ("index", 0) if as_index else ("number", 1)
    if isinstance(number, (str, bytes)) or not hasattr(number, "__index__"):
        raise InputTypeError(f"frame_number is {short(number)}; expected an integer.")
    value = number.__index__()
    if not first <= value < count + first:
        hint = " Pass as_index=True if it is a zero-based index." if value == 0 and not as_index else ""
        raise OutOfRangeError(
            f"There is no frame with {name} {value}; the image has {count} frame(s), with {name}s from {first} to "
            f"{count - 1 + first}.{hint}"
        )
    return value - first


def frame_indices(numbers: Iterable[SupportsIndex] | None, count: int, *, as_indices: bool = False) -> NDArray[np.intp]:
    """Turn frame numbers, or indices, into zero-based indices.

    Parameters
    ----------
    numbers: Iterable[int] | None
        Frame numbers, or indices, in any order and as often as wanted; all frames if None.
    count: int
        Number of frames of the image.
    as_indices: bool, optional
        Whether they are indices.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    TypeError
        If one is no integer.
    ValueError
        If there are none.
    OutOfRangeError
        If the image lacks one of them.
    """
    if numbers is None:
        return np.arange(count, dtype=np.intp)
    if isinstance(numbers, (str, bytes)) or not hasattr(numbers, "__iter__"):
        raise InputTypeError(f"frame_numbers is {short(numbers)}; expected several integers.")
    indices = [frame_index(number, count, as_index=as_indices) for number in numbers]
    if not indices:
        raise InputError("frame_numbers is empty; expected at least one frame.")
    return np.array(indices, np.intp)


def resolve_range(
    start: int | None, end: int | None, size: int, name: str, *, as_indices: bool = False
) -> tuple[int, int]:
    """Turn the start and end that a user gave for an axis into a zero-based half-open range.

    Parameters
    ----------
    start: int | None
        First number included; the beginning if None. Negative numbers count from the end, -1 is the last.
    end: int | None
        First number not included any more; behind the last if None. May be negative like ``start``.
    size: int
        Length of the axis.
    name: str
        Of what there are ``size``, such as "row"; messages speak of ``row_start`` and ``row_end``.
    as_indices: bool, optional
        Whether numbers that are not negative count from zero, not from one.

    Returns
    -------
    tuple[int, int]
        Zero-based first, and behind the last.

    Raises
    ------
    TypeError
        If one is no integer.
    ValueError
        If ``start`` or ``end`` are 0 though numbers count from one.
    OutOfRangeError
        If one is beyond the axis, or nothing lies between them. A ValueError and IndexError.
    """
    first = 0 if start is None else _position(start, size, f"{name}_start", size, as_indices)
    stop = size if end is None else _position(end, size, f"{name}_end", size + 1, as_indices)
    if first >= stop:
        raise OutOfRangeError(
            f"{name}_start={start} and {name}_end={end} leave nothing of {size} {name}(s); {name}_end is the first "
            f"{name} that is not included."
        )
    return first, stop


def _position(value: int, size: int, parameter: str, limit: int, as_indices: bool) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InputTypeError(f"{parameter} is {short(value)}; expected an integer or None.")
    value = value.__index__()
    base = 0 if as_indices else 1
    if value == 0 and not as_indices:
        raise InputError(f"{parameter} is 0, but numbers count from 1; pass as_indices=True for zero-based indices.")
    position = value + size if value < 0 else value - base
    if not 0 <= position < limit:
        raise OutOfRangeError(
            f"{parameter} is {value}; expected a number from {base} to {limit - 1 + base}, or from {-size} to -1."
        )
    return position
