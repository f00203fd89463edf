"""Linear rescaling of arrays to a mean and standard deviation, or to a range, in blocks that stay in cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.spatial.slabs import for_slabs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["rescale_to_moments", "rescale_to_range"]

_BLOCK = 1 << 17
"""Values in a block: as float64 a megabyte, which stays in cache, and takes longer than threads need to take turns."""


def rescale_to_moments(array: npt.NDArray[Any], per_channel: bool, mean: float, std: float) -> npt.NDArray[Any]:
    """Shift and scale to a mean and a standard deviation; a constant array is only shifted.

    Parameters
    ----------
    array: numpy.ndarray
        Voxel values, shape ``(planes, rows, columns, …)``.
    per_channel: bool
        Whether each channel is rescaled by itself.
    mean: float
        Wanted mean.
    std: float
        Wanted standard deviation.

    Returns
    -------
    numpy.ndarray
        Of the same shape; floating point data types stay, others become ``float64``.
    """
    result = _empty_like(array)
    for source, target in _parts(array, result, per_channel):
        present_mean, present_std = _moments(source)
        scale = std / present_std if present_std > 0 else 1.0
        _apply(source, target, scale, mean - present_mean * scale)
    return result


def rescale_to_range(array: npt.NDArray[Any], per_channel: bool, minimum: float, maximum: float) -> npt.NDArray[Any]:
    """Shift and scale to a range; a constant array becomes the minimum.

    Parameters
    ----------
    array: numpy.ndarray
        Voxel values, shape ``(planes, rows, columns, …)``.
    per_channel: bool
        Whether each channel is rescaled by itself.
    minimum: float
        Wanted value of the least one.
    maximum: float
        Wanted value of the greatest one.

    Returns
    -------
    numpy.ndarray
        Of the same shape; floating point data types stay, others become ``float64``.
    """
    result = _empty_like(array)
    for source, target in _parts(array, result, per_channel):
        # Python's numbers, since the difference of two of an integer data type may not fit into it.
        least, greatest = _limits(source)
        scale = (maximum - minimum) / (greatest - least) if greatest > least else 0.0
        limits = min(minimum, maximum), max(minimum, maximum)
        _apply(source, target, scale, minimum - least * scale, limits)
    return result


def _empty_like(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.empty(array.shape, array.dtype if array.dtype.kind == "f" else np.float64)


def _parts(
    array: npt.NDArray[Any], result: npt.NDArray[Any], per_channel: bool
) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    if not per_channel or array.ndim == 3:
        yield array, result
        return
    for channel in np.ndindex(*array.shape[3:]):
        at = (slice(None),) * 3 + channel
        yield array[at], result[at]


def _blocks(shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Cut an array into runs of whole planes, or of whole rows where a plane is greater than a block."""
    plane = int(np.prod(shape[1:]))
    if plane <= _BLOCK:
        step = max(1, _BLOCK // max(1, plane))
        for first in range(0, shape[0], step):
            yield (slice(first, first + step),)
        return
    step = max(1, _BLOCK // max(1, plane // shape[1]))
    for index in range(shape[0]):
        for first in range(0, shape[1], step):
            yield slice(index, index + 1), slice(first, first + step)


def _limits(array: npt.NDArray[Any]) -> tuple[float, float]:
    limits = for_slabs(lambda slab: (array[slab].min().item(), array[slab].max().item()), len(array), array.nbytes)
    # NumPy's, since Python's would lose a value that is not a number
    return np.min([least for least, _ in limits]).item(), np.max([greatest for _, greatest in limits]).item()


def _moments(array: npt.NDArray[Any]) -> tuple[float, float]:
    """Get mean and standard deviation in one pass, in which nothing cancels: small integers are summed up exactly."""
    is_exact = array.dtype.kind in "biu" and array.dtype.itemsize <= 2
    number, shift = (int, 0.0) if is_exact else (float, float(array[(0,) * array.ndim]))
    sums = for_slabs(lambda slab: _sums(array[slab], shift, number), len(array), array.nbytes)
    total, squares = sum(total for total, _ in sums), sum(squares for _, squares in sums)
    variance = (squares * array.size - total * total) / array.size**2
    return total / array.size + shift, float(np.sqrt(max(0.0, variance)))


def _sums(array: npt.NDArray[Any], shift: float, number: type[int | float]) -> tuple[float, float]:
    """Sum up the differences from a value, and their squares; the sums of a block of small integers fit a float."""
    total = squares = number(0)
    for block in _blocks(array.shape):
        values = array[block].astype(np.float64)
        if shift:
            values -= shift
        total += number(values.sum())
        flat = values.ravel()
        squares += number(np.einsum("i,i", flat, flat))  # not by BLAS, whose threads cost more than they gain
    return total, squares


def _apply(
    source: npt.NDArray[Any],
    target: npt.NDArray[Any],
    scale: float,
    offset: float,
    limits: tuple[float, float] | None = None,
) -> None:
    def apply(slab: slice) -> None:
        for block in _blocks(source[slab].shape):
            _apply_to_block(source[slab][block], target[slab][block], scale, offset, limits)

    for_slabs(apply, len(source), target.nbytes)


def _apply_to_block(
    source: npt.NDArray[Any],
    target: npt.NDArray[Any],
    scale: float,
    offset: float,
    limits: tuple[float, float] | None,
) -> None:
    precision = np.result_type(target.dtype, np.float32)
    # The result's own memory where its precision will do: nothing is moved twice.
    values = target if target.dtype == precision else np.empty(target.shape, precision)
    values[...] = source
    values *= precision.type(scale)
    values += precision.type(offset)
    if limits is not None:  # rounding may go beyond by the last digit
        np.clip(values, *limits, out=values)
    if target.dtype != precision:
        target[...] = values
