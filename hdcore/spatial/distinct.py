"""Distinct values and rows of arrays.

``numpy.unique`` compares rows as if they were structures, one element after the other, and imports masked arrays
when it is first asked for values only. Sorting column by column and comparing neighbours is several times as fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["are_distinct", "distinct", "numbered"]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Get the distinct values of an array, or the distinct rows of one of two axes.

    Parameters
    ----------
    values: numpy.ndarray
        Shape (n,) or (n, k). No two NaN are equal.

    Returns
    -------
    numpy.ndarray
        Shape (m,) or (m, k), ascending.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    >>> distinct(np.array([[2, 1], [1, 5], [2, 1]])).tolist()
    [[1, 5], [2, 1]]
    """
    order = _order(values) if values.ndim > 1 else None
    ascending = np.sort(values) if order is None else values[order]
    return ascending[_begins(ascending)]


def numbered(values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Number values, or rows, so that equal ones get equal numbers, and greater ones greater numbers.

    Parameters
    ----------
    values: numpy.ndarray
        Shape (n,) or (n, k). No two NaN are equal.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        The number of each, counted from zero, shape (n,); and where each number comes first, shape (m,).

    Examples
    --------
    >>> [part.tolist() for part in numbered(np.array([[2, 1], [1, 5], [2, 1]]))]
    [[1, 0, 1], [1, 0]]
    """
    order = _order(values)
    begins = _begins(values[order])
    numbers = np.empty(len(values), np.int64)
    numbers[order] = np.cumsum(begins) - 1
    return numbers, order[begins]


def are_distinct(values: NDArray[Any]) -> bool:
    """Tell whether no two values, or rows, are equal; shape (n,) or (n, k)."""
    ascending = np.sort(values) if values.ndim == 1 else values[_order(values)]
    return bool(_begins(ascending).all())


def _order(values: NDArray[Any]) -> NDArray[np.intp]:
    """Sort, equal ones staying in their order."""
    if values.ndim == 1:
        return np.argsort(values, kind="stable")
    if values.shape[1] == 0:
        return np.arange(len(values))
    return np.lexsort(values.T[::-1])


def _begins(ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell where sorted values, or rows, differ from the one before."""
    begins = np.ones(len(ascending), np.bool_)
    differ = ascending[1:] != ascending[:-1]
    begins[1:] = differ if differ.ndim == 1 else differ.any(axis=1)
    return begins
