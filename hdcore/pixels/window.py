"""Lookup tables and windows applied to arrays (PS3.3 C.11.1 and C.11.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hdcore.enums import VOILUTFunctionValues
from hdcore.errors import InputError, InputTypeError
from hdcore.pixels.steps import Affine, Lookup, Step, run, window_step

__all__ = ["apply_lut", "apply_voi_window", "check_output_range", "float_type", "scale_to_range"]


def apply_lut(
    array: npt.NDArray[Any],
    lut_data: npt.NDArray[Any],
    first_mapped_value: int,
    dtype: npt.DTypeLike | None = None,
    clip: bool = True,
) -> npt.NDArray[Any]:
    """Replace values by the entries of a table.

    Parameters
    ----------
    array: numpy.ndarray
        Integers, of any shape.
    lut_data: numpy.ndarray
        Entries along the first axis; further axes become further axes of the result.
    first_mapped_value: int
        The value that the first entry replaces.
    dtype: numpy.typing.DTypeLike | None, optional
        Data type of the result, that of ``lut_data`` if absent. It must hold every value of that type.
    clip: bool, optional
        Whether values below or above the table take its first or last entry; otherwise they are refused.

    Returns
    -------
    numpy.ndarray
        Shape ``array.shape + lut_data.shape[1:]``.

    Raises
    ------
    TypeError
        If ``dtype`` cannot hold the values of the table.
    ValueError
        If ``array`` does not hold integers, or a value is not in the table and ``clip`` is False.
    """
    if array.dtype.kind not in "biu":
        raise InputError(f"A lookup table is applied to integers, not to {array.dtype}.")
    lut_data = np.asarray(lut_data)
    chosen = lut_data.dtype if dtype is None else np.dtype(dtype)
    if not np.can_cast(lut_data.dtype, chosen):
        raise InputTypeError(f"dtype is {chosen}, which cannot hold all values of a table of {lut_data.dtype}.")
    if not clip and array.size:
        last = first_mapped_value + len(lut_data) - 1
        low, high = int(array.min()), int(array.max())
        if low < first_mapped_value or high > last:
            raise InputError(f"array has values from {low} to {high}; the table maps {first_mapped_value} to {last}.")
    return run((Lookup(int(first_mapped_value), lut_data.astype(chosen, copy=False)),), array, chosen)


def apply_voi_window(
    array: npt.NDArray[Any],
    window_center: float,
    window_width: float,
    voi_lut_function: VOILUTFunctionValues | str = VOILUTFunctionValues.LINEAR,
    output_range: tuple[float, float] = (0.0, 1.0),
    dtype: npt.DTypeLike | None = np.float64,
    invert: bool = False,
) -> npt.NDArray[Any]:
    """Map the values within a window to a range, and those outside to its ends (PS3.3 C.11.2.1.2 and C.11.2.1.3).

    Parameters
    ----------
    array: numpy.ndarray
        Numbers, of any shape.
    window_center: float
        Window Center.
    window_width: float
        Window Width; at least 1 for LINEAR, above 0 otherwise.
    voi_lut_function: VOILUTFunctionValues | str, optional
        LINEAR, LINEAR_EXACT or SIGMOID.
    output_range: tuple[float, float], optional
        Lower and upper end of the range.
    dtype: numpy.typing.DTypeLike | None, optional
        Floating-point data type of the result; float64 if None.
    invert: bool, optional
        Whether low values are mapped to the upper end.

    Returns
    -------
    numpy.ndarray
        Same shape as ``array``.

    Raises
    ------
    ValueError
        If ``dtype`` is not of floating-point numbers, the range is empty, or the window has no such width.
    """
    chosen = float_type(dtype)
    step = window_step(window_center, window_width, VOILUTFunctionValues(voi_lut_function).value, output_range, invert)
    return run((step,), array, chosen)


def float_type(dtype: npt.DTypeLike | None) -> np.dtype[Any]:
    """Refuse a data type that is not of floating-point numbers; None is float64."""
    chosen = np.dtype(np.float64 if dtype is None else dtype)
    if chosen.kind != "f":
        raise InputError(f"dtype is {chosen}; expected a floating-point type such as float32.")
    return chosen


def check_output_range(output_range: tuple[float, float]) -> tuple[float, float]:
    """Refuse a range that is empty."""
    low, high = (float(value) for value in output_range)
    if not low < high:
        raise InputError(f"The output range is {output_range}; expected its second value to be above its first.")
    return low, high


def scale_to_range(
    data: npt.NDArray[Any], output_range: tuple[float, float], dtype: npt.DTypeLike | None, invert: bool
) -> npt.NDArray[Any]:
    """Map the lowest value to the lower end of a range, and the highest to the upper end.

    A table whose entries are all equal is mapped to the lower end (to the upper one if inverted).
    """
    low, high = check_output_range(output_range)
    start, end = (high, low) if invert else (low, high)
    least, most = float(data.min()), float(data.max())
    slope = (end - start) / (most - least) if most > least else 0.0
    step: Step = Affine(slope, start - slope * least)
    return run((step,), data, float_type(dtype))
