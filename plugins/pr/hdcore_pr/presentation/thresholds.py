"""Thresholds: which values of a blending input are shown (PS3.3 C.11.33.1.2)."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    Mask = npt.NDArray[np.bool_]

__all__ = ["within_thresholds"]


def within_thresholds(entry: Dataset, values: npt.NDArray[Any]) -> Mask:
    """Tell which values any of an input's thresholds lets through; all others are like padding.

    Parameters
    ----------
    entry: pydicom.dataset.Dataset
        Item of an Advanced Blending Sequence.
    values: numpy.ndarray
        What the modality transform of the input gives.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Raises
    ------
    ValueError
        If there is no such type of threshold, or it has not as many values as it needs.
    """
    shown = np.zeros(values.shape, bool)
    for threshold in fetch(entry, "ThresholdSequence", ()):
        shown |= _let_through(threshold, values)
    return shown


def _let_through(threshold: Dataset, values: npt.NDArray[Any]) -> Mask:
    kind = str(fetch(threshold, "ThresholdType", ""))
    numbers = [fetch(item, "ThresholdValue") for item in fetch(threshold, "ThresholdValueSequence", ())]
    if kind not in _TYPES:
        raise UnreadableError(f"ThresholdType is {kind!r}; expected one of {', '.join(_TYPES)}.")
    count, compare = _TYPES[kind]
    if len(numbers) != count or any(number is None for number in numbers):
        raise UnreadableError(f"A threshold of type {kind} has {len(numbers)} values; expected {count}.")
    return compare(values, *sorted(map(float, numbers)))


def _between(values: npt.NDArray[Any], low: float, high: float) -> Mask:
    return (values >= low) & (values <= high)


def _outside(values: npt.NDArray[Any], low: float, high: float) -> Mask:
    return (values <= low) | (values >= high)


_TYPES: dict[str, tuple[int, Callable[..., Mask]]] = {
    "RANGE_INCL": (2, _between),
    "RANGE_EXCL": (2, _outside),
    "GREATER_OR_EQUAL": (1, operator.ge),
    "LESS_OR_EQUAL": (1, operator.le),
    "GREATER_THAN": (1, operator.gt),
    "LESS_THAN": (1, operator.lt),
}
"""How many values each type has, and what it compares."""
