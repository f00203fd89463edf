"""What callers give: refused by name where it is of another type than is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from pydicom.dataset import Dataset

__all__ = ["coordinates", "integer", "items_of", "number"]


def integer(name: str, value: Any, least: int | None = None) -> int:
    """Take an integer.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If it is below the least.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise InputTypeError(f"{name} is {value!r}; expected an integer.")
    if least is not None and value < least:
        raise InputError(f"{name} is {value}; expected {'a positive integer' if least == 1 else f'at least {least}'}.")
    return int(value)


def number(name: str, value: Any) -> float:
    """Take a number.

    Raises
    ------
    TypeError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise InputTypeError(f"{name} is {value!r}; expected a number.")
    return float(value)


def coordinates(name: str, value: Any, what: str) -> list[float]:
    """Take coordinates: as many numbers as ``what`` names, separated by commas.

    Raises
    ------
    TypeError
        If they are not numbers.
    ValueError
        If there are more or fewer.
    """
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise InputTypeError(f"{name} is {value!r}; expected {what}.")
    if len(value) != len(what.split(", ")):
        raise InputError(f"{name} has {len(value)} values; expected {what}.")
    return [number(name, one) for one in value]


def items_of(name: str, value: Any, keyword: str, kind: str) -> list[Dataset]:
    """Take a sequence of items that have an attribute.

    Raises
    ------
    TypeError
        If it is no sequence, or an item is something else.
    """
    if isinstance(value, str | bytes | Dataset) or not hasattr(value, "__iter__"):
        raise InputTypeError(f"{name} is a {type(value).__name__}; expected a sequence of {kind}.")
    listed = list(value)
    for index, one in enumerate(listed):
        if not isinstance(one, Dataset) or keyword not in one:
            raise InputTypeError(f"{name}[{index}] is a {type(one).__name__}; expected a {kind}.")
    return listed
