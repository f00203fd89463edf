"""The steps of a pixel transform: frozen values that map an array of values to another.

A chain of steps is joined before it runs. Linear steps become one, so that a rescale, a window and an inversion cost
one multiplication, one addition and one clip; whatever follows a table is applied to its entries instead of to the
pixels. What remains runs over pieces of the array that fit the processor's cache, into the result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from hdcore.errors import InputError

if TYPE_CHECKING:
    from hdcore.pixels.color import ColorManager
    from hdcore.pixels.format import FrameFormat

__all__ = [
    "Affine",
    "Cast",
    "Icc",
    "Jump",
    "Limits",
    "Lookup",
    "Ramp",
    "Sigmoid",
    "Step",
    "fuse",
    "integral",
    "limits_of",
    "run",
    "spread",
    "window_step",
]

_ROUNDING = 1e-6
_PIECE = 1 << 15  # elements at a time: input and output of a piece stay in the second-level cache


class Step(Protocol):
    """Maps values."""

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the results for ``values`` into ``out``."""


@dataclass(frozen=True, slots=True)
class Affine:
    """``slope * value + intercept``: a rescale, a real-world value map or an inversion."""

    slope: float
    intercept: float

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the results for ``values`` into ``out``, which may be of integers if slope and intercept are."""
        if out.dtype.kind != "f":
            if values.dtype.kind == "f":
                out[...] = np.rint(values * self.slope + self.intercept)
                return
            if out.dtype.kind == "b":  # truth values do not add up as numbers do
                out = out.view(np.uint8)
            # numbers that fit in the end may wrap around on the way
            slope, intercept = (np.array(int(number)).astype(out.dtype) for number in (self.slope, self.intercept))
            if slope == 1:
                np.add(values, intercept, out=out, dtype=out.dtype, casting="unsafe")
                return
            np.multiply(values, slope, out=out, dtype=out.dtype, casting="unsafe")
            np.add(out, intercept, out=out)
            return
        if self.slope == 1.0:
            np.add(values, self.intercept, out=out, dtype=out.dtype, casting="unsafe")
            return
        np.multiply(values, self.slope, out=out, dtype=out.dtype, casting="unsafe")
        if self.intercept:
            np.add(out, self.intercept, out=out)


def _line(values: npt.NDArray[Any], slope: float, intercept: float, out: npt.NDArray[Any]) -> None:
    """Write ``slope * value + intercept``, without the loss of digits that high values have when those cancel."""
    zero = -intercept / slope if slope else math.inf
    if math.isfinite(zero):
        np.subtract(values, zero, out=out, dtype=out.dtype, casting="unsafe")
        np.multiply(out, slope, out=out)
        return
    np.multiply(values, slope, out=out, dtype=out.dtype, casting="unsafe")
    np.add(out, intercept, out=out)


@dataclass(frozen=True, slots=True)
class Ramp:
    """``slope * value + intercept``, not below ``low`` nor above ``high``: a linear window."""

    slope: float
    intercept: float
    low: float
    high: float

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the results for ``values`` into ``out``."""
        _line(values, self.slope, self.intercept, out)
        np.clip(out, self.low, self.high, out=out)


@dataclass(frozen=True, slots=True)
class Jump:
    """``low`` up to and including ``limit``, ``high`` above: a window of no width."""

    limit: float
    low: float
    high: float

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the results for ``values`` into ``out``."""
        out[...] = np.where(values <= self.limit, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """``low + (high - low) / (1 + exp(slope * value + intercept))`` (PS3.3 C.11.2.1.3.1)."""

    slope: float
    intercept: float
    low: float
    high: float

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the results for ``values`` into ``out``."""
        _line(values, self.slope, self.intercept, out)
        with np.errstate(over="ignore"):
            np.exp(out, out=out)
        np.add(out, 1.0, out=out)
        np.divide(self.high - self.low, out, out=out)
        np.add(out, self.low, out=out)


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """The entry of a table for each value; values beyond its ends take its first or last entry."""

    first: int
    """The value that the first entry replaces."""
    table: npt.NDArray[Any]
    """Entries along the first axis."""

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the results for ``values`` into ``out``."""
        if values.dtype.kind == "f":
            values = np.rint(values)
            values = np.clip(values, self.first, self.first + len(self.table) - 1, out=values)
        indices = values.astype(np.intp)
        if self.first:
            indices -= self.first
        if self.table.dtype == out.dtype and out.flags.c_contiguous:
            np.take(self.table, indices, axis=0, out=out, mode="clip")
        else:
            out[...] = np.take(self.table, indices, axis=0, mode="clip")


@dataclass(frozen=True, slots=True)
class Limits:
    """Refuses values outside the range that a real-world value map defines (PS3.3 C.7.6.16.2.11.1).

    What is no number, or infinite, has no place in a range, and stays what it is.
    """

    first: float
    last: float

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Copy ``values`` to ``out``."""
        low, high = values.min(), values.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            finite = values[np.isfinite(values)]
            low, high = (finite.min(), finite.max()) if finite.size else (self.first, self.last)
        if low < self.first or high > self.last:
            raise InputError(
                f"The frame has values from {low} to {high}; the real-world value map is defined from {self.first} to "
                f"{self.last}. Select another map, or pass apply_real_world_transform=False."
            )
        out[...] = values


@dataclass(frozen=True, slots=True)
class Cast:
    """The values themselves, in another type."""

    checks: bool = False
    """Whether there may be values that the other type cannot hold."""

    @classmethod
    def between(cls, frame: FrameFormat, dtype: np.dtype[Any]) -> Cast:
        """Make the cast from stored values to a data type.

        Raises
        ------
        ValueError
            If floating-point numbers would become integers.
        """
        if dtype.kind == "f":
            return cls()
        if frame.is_float:
            raise InputError(f"dtype is {dtype}; the image holds floating-point numbers.")
        low, high = frame.value_range
        least, most = limits_of(dtype)
        return cls(checks=low < least or high > most)

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write ``values`` into ``out``."""
        if self.checks:
            least, most = limits_of(out.dtype)
            low, high = values.min(), values.max()
            if low < least or high > most:
                raise InputError(f"dtype is {out.dtype}, which cannot hold the stored values from {low} to {high}.")
        np.copyto(out, values, casting="unsafe")


def limits_of(dtype: np.dtype[Any]) -> tuple[int, int]:
    """Get the least and the greatest number that a type of integers, or of truth values, can hold."""
    if dtype.kind == "b":
        return 0, 1
    information = np.iinfo(dtype)
    return int(information.min), int(information.max)


@dataclass(frozen=True, slots=True)
class Icc:
    """Colours as an ICC profile says, of samples of 8 or 16 bits."""

    manager: ColorManager
    bits: int = 8

    def into(self, values: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """Write the colours for ``values``, along the last axis, into ``out``."""
        flat = values.reshape(1, -1, 3)
        if self.bits <= 8:
            out[...] = self.manager.transform_frame(flat.astype(np.uint8, copy=False)).reshape(out.shape)
            return
        # the colour engine knows 8 bits only; the range stays that of the samples
        narrow = (flat >> (self.bits - 8)).astype(np.uint8)
        scale = ((1 << self.bits) - 1) / 255
        out[...] = np.rint(self.manager.transform_frame(narrow).reshape(out.shape) * scale)


def window_step(
    center: float, width: float, function: str, output_range: tuple[float, float], invert: bool = False
) -> Step:
    """Make the step of a window (PS3.3 C.11.2.1.2 and C.11.2.1.3).

    Parameters
    ----------
    center: float
        Window Center.
    width: float
        Window Width.
    function: str
        VOI LUT Function: LINEAR, LINEAR_EXACT or SIGMOID.
    output_range: tuple[float, float]
        Lower and upper end of the range.
    invert: bool, optional
        Whether low values are mapped to the upper end.

    Raises
    ------
    ValueError
        If the window or the range has no such width.
    """
    low, high = float(output_range[0]), float(output_range[1])
    if not low < high:
        raise InputError(f"The output range is {output_range}; expected its second value to be above its first.")
    center, width = float(center), float(width)
    if not (width >= 1.0 if function == "LINEAR" else width > 0.0):
        expected = "at least 1" if function == "LINEAR" else "above 0"
        raise InputError(f"The width of a {function} window is {width:g}; expected {expected} (PS3.3 C.11.2.1).")
    start, end = (high, low) if invert else (low, high)
    if function == "SIGMOID":
        return Sigmoid(-4.0 / width, 4.0 * center / width, start, end)
    if function == "LINEAR":
        # 8-bit windows count their pixels: the centre lies half a value lower, and the width is one less
        center, width = center - 0.5, width - 1.0
    if width == 0.0:
        return Jump(center, start, end)
    slope = (end - start) / width
    return Ramp(slope, (start + end) / 2.0 - slope * center, low, high)


def spread(low: float, high: float, first: int, count: int, *, is_continuous: bool) -> Affine:
    """Make the step that spreads a range of values over the entries of a table (PS3.3 C.11.6.1).

    As many integers fall upon each entry; numbers in between, as a window gives them, reach the last at their end.

    Parameters
    ----------
    low, high: float
        Lowest and highest value that there may be.
    first: int
        The value that the table's first entry replaces.
    count: int
        Number of entries.
    is_continuous: bool
        Whether values are any numbers in the range, or integers.
    """
    range_ = high - low
    slope = (count - 1) / range_ if is_continuous else count / (range_ + 1)
    # a table rounds, where each entry stands for the numbers from its own up to the next
    return Affine(slope, first - slope * low - 0.5 + _ROUNDING)


def fuse(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Join steps as far as that gives the same results.

    Parameters
    ----------
    steps: tuple[Step, ...]
        Steps in order.

    Returns
    -------
    tuple[Step, ...]
        As many or fewer steps.
    """

    def add(done: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
        joined = _join(done[-1], step) if done else None
        return (*done, step) if joined is None else (*done[:-1], joined)

    return reduce(add, steps, ())


def _join(first: Step, second: Step) -> Step | None:
    if isinstance(first, Lookup) and not isinstance(second, Limits):
        return Lookup(first.first, _tabulated(second, first.table))
    if not isinstance(first, Affine):
        return None
    if isinstance(second, Affine | Ramp | Sigmoid):
        slope, intercept = first.slope * second.slope, second.slope * first.intercept + second.intercept
        return replace(second, slope=slope, intercept=intercept)
    if isinstance(second, Jump) and first.slope > 0:
        return replace(second, limit=(second.limit - first.intercept) / first.slope)
    if isinstance(second, Lookup) and first.slope == 1 and first.intercept == int(first.intercept):
        return replace(second, first=second.first - int(first.intercept))
    return None


def _tabulated(step: Step, table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if isinstance(step, Lookup):
        out = np.empty(table.shape + step.table.shape[1:], step.table.dtype)
    else:
        out = np.empty(table.shape, table.dtype if isinstance(step, Icc) else np.float64)
    step.into(table, out)
    return out


def run(
    steps: tuple[Step, ...],
    array: npt.NDArray[Any],
    dtype: np.dtype[Any],
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]:
    """Apply steps to an array.

    Parameters
    ----------
    steps: tuple[Step, ...]
        At least one step.
    array: numpy.ndarray
        Values, of any shape.
    dtype: numpy.dtype
        Data type of the result.
    out: numpy.ndarray | None, optional
        Where to write the result.

    Returns
    -------
    numpy.ndarray
        ``out``, or a new array; of the shape of ``array``, with the further axes of a table's entries.
    """
    entry = next((step.table.shape[1:] for step in steps if isinstance(step, Lookup)), ())
    if out is None:
        out = np.empty(array.shape + entry, dtype)
    if not array.size:
        return out
    source = array.reshape(-1) if not isinstance(steps[0], Icc) else array.reshape(-1, 3)
    if not out.flags.c_contiguous:
        out[...] = run(steps, array, dtype)
        return out
    target = out.reshape(source.shape + entry)
    steps = _cheapest(steps, source, entry)
    if isinstance(steps[-1], Lookup) and steps[-1].table.dtype != dtype:
        steps = (*steps[:-1], replace(steps[-1], table=steps[-1].table.astype(dtype)))
    # in what holds all digits of source and result: 32-bit integers are no float32
    is_line = dtype.kind == "f" and isinstance(steps[-1], Affine | Ramp | Sigmoid)
    precision = np.result_type(source.dtype, dtype, np.float32) if is_line else dtype
    for start in range(0, len(source), _PIECE):
        piece, part = source[start : start + _PIECE], target[start : start + _PIECE]
        for step in steps[:-1]:
            between = np.empty(piece.shape, piece.dtype if isinstance(step, Limits) else np.float64)
            step.into(piece, between)
            piece = between
        if precision == dtype:
            steps[-1].into(piece, part)
        else:
            exact = np.empty(part.shape, precision)
            steps[-1].into(piece, exact)
            part[...] = exact
    return out


def _cheapest(steps: tuple[Step, ...], source: npt.NDArray[Any], entry: tuple[int, ...]) -> tuple[Step, ...]:
    """Tabulate a sigmoid of many narrow integers: an exponential costs ten look-ups."""
    last = steps[-1]
    if not isinstance(last, Sigmoid) or len(steps) > 1 or entry or source.dtype.kind not in "iu":
        return steps
    if source.dtype.itemsize > 2 or source.size <= 1 << (8 * source.dtype.itemsize):
        return steps
    information = np.iinfo(source.dtype)
    values = np.arange(information.min, information.max + 1)
    return (Lookup(int(information.min), _tabulated(last, values)),)


def integral(*numbers: float) -> bool:
    """Say whether all numbers are integers."""
    return all(math.isfinite(number) and float(number).is_integer() for number in numbers)
