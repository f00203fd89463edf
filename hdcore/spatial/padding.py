"""Padding: which values voxels get that do not come from the source, written straight into the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import PadModes
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.memory_order import copy_into, is_in_memory_order
from hdcore.spatial.slabs import for_slabs
from hdcore.text import short

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.spatial.reindex import Reindex

__all__ = ["Padding", "parse_pad_width"]

_STATISTICS = {
    PadModes.MAXIMUM: np.max,
    PadModes.MEAN: np.mean,
    PadModes.MEDIAN: np.median,
    PadModes.MINIMUM: np.min,
}


@dataclass(frozen=True, slots=True)
class Padding:
    """How padded voxels get their values."""

    mode: PadModes = PadModes.CONSTANT
    constant_value: float | tuple[float, ...] = 0.0
    """Value, or one for each channel, in mode CONSTANT."""
    per_channel: bool = False
    """Whether a statistic is that of each channel alone."""

    @classmethod
    def of(
        cls, mode: PadModes | str, constant_value: float | Sequence[float] = 0.0, per_channel: bool = False
    ) -> Padding:
        """Parse the parameters that all padding operations share."""
        parsed = PadModes(mode.upper() if isinstance(mode, str) else mode)
        if isinstance(constant_value, Sequence | np.ndarray):
            return cls(parsed, tuple(float(value) for value in constant_value), per_channel)
        return cls(parsed, constant_value, per_channel)

    def fill_value(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Get the value of padded voxels, of the array's data type; shape ``()`` or that of the channels."""
        if self.mode is PadModes.CONSTANT:
            value = np.asarray(self.constant_value)
            if value.ndim and value.shape != (int(np.prod(array.shape[3:])),):
                raise InputError(
                    f"constant_value has {value.size} values; expected one, or one for each of the "
                    f"{int(np.prod(array.shape[3:]))} channels."
                )
            return _cast(value.reshape(array.shape[3:]) if value.ndim else value, array.dtype)
        axes = (0, 1, 2) if self.per_channel else None
        statistic = np.asarray(_STATISTICS[self.mode](array, axis=axes))  # type: ignore[operator]
        return _cast(statistic, array.dtype)

    def apply(self, reindex: Reindex, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Make the rearranged array, with one copy of what comes from the source.

        Parameters
        ----------
        reindex: Reindex
            The rearrangement.
        array: numpy.ndarray
            Shape ``(*reindex.source_shape, …)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(*reindex.shape, …)``; a view where nothing is padded.
        """
        view = reindex.view(array)
        if not reindex.is_padded:
            return view
        shape = (*reindex.shape, *array.shape[3:])
        if self.mode is PadModes.EDGE:
            if not view.size:
                return _nearest(reindex, array)
            result = np.empty(shape, array.dtype)
            copy_into(result[reindex.place()], view)
            _extend_edges(result, reindex.place())
            return result
        return _fill_around(self.fill_value(array), view, reindex.place(), shape)


def _fill_around(
    value: npt.NDArray[Any], view: npt.NDArray[Any], place: tuple[slice, slice, slice], shape: tuple[int, ...]
) -> npt.NDArray[Any]:
    if not value.any():
        result = np.zeros(shape, view.dtype)
        copy_into(result[place], view)
        return result
    result = np.empty(shape, view.dtype)
    if not is_in_memory_order(view):
        result[...] = value
        copy_into(result[place], view)
        return result

    def fill(slab: slice) -> None:
        # Plane by plane, so that what is filled is still in cache when it is copied over.
        for index in range(slab.start, slab.stop):
            result[index] = value
            if place[0].start <= index < place[0].stop:
                result[index][place[1:]] = view[index - place[0].start]

    for_slabs(fill, len(result), result.nbytes)
    return result


def _cast(value: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        if not (np.isfinite(value).all() and value.min() >= limits.min and value.max() <= limits.max):
            raise InputError(f"The value {value} for padding cannot be held by an array of data type {dtype}.")
    return value.astype(dtype)


def _extend_edges(result: npt.NDArray[Any], place: tuple[slice, slice, slice]) -> None:
    filled = list(place)
    for axis in (2, 1, 0):
        first, stop = place[axis].start, place[axis].stop
        for part, edge in ((slice(0, first), first), (slice(stop, result.shape[axis]), stop - 1)):
            target, source = list(filled), list(filled)
            target[axis], source[axis] = part, slice(edge, edge + 1)
            result[tuple(target)] = result[tuple(source)]
        filled[axis] = slice(None)


def _nearest(reindex: Reindex, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    result = array.transpose(*reindex.axes, *range(3, array.ndim))
    for index, (axis, start, step, size) in enumerate(
        zip(reindex.axes, reindex.starts, reindex.steps, reindex.shape, strict=True)
    ):
        wanted = np.clip(start + step * np.arange(size), 0, reindex.source_shape[axis] - 1)
        result = np.take(result, wanted, axis=index)
    return result


def parse_pad_width(pad_width: int | Sequence[int] | Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Parse numbers of voxels to add, in the forms that :func:`numpy.pad` takes, before and after each of three axes.

    Raises
    ------
    TypeError
        If they are not integers.
    ValueError
        If the form is another, or a number is negative.
    """
    try:
        widths = np.asarray(pad_width)
    except ValueError:
        raise _bad_pad_width(pad_width) from None
    if widths.dtype.kind not in "iu":
        raise InputTypeError(f"pad_width is {short(pad_width)}; expected integers.")
    if widths.shape == ():
        widths = np.full((3, 2), widths)
    elif widths.shape == (2,):
        widths = np.tile(widths, (3, 1))
    elif widths.shape == (3, 1):
        widths = np.repeat(widths, 2, axis=1)
    elif widths.shape != (3, 2):
        raise _bad_pad_width(pad_width)
    if (widths < 0).any():
        raise InputError(f"pad_width is {pad_width!r}; expected numbers of at least zero (use indexing to crop).")
    return [(int(before), int(after)) for before, after in widths]


def _bad_pad_width(pad_width: object) -> InputError:
    return InputError(
        f"pad_width is {pad_width!r}; expected n, [before, after], [[n], [n], [n]] or "
        "[[before, after], [before, after], [before, after]]."
    )
