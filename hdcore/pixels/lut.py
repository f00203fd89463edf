"""Modality, VOI and presentation LUT transformations, and the items that hold their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataset import Dataset

from hdcore.enums import PresentationLUTShapeValues, RescaleTypeValues, VOILUTFunctionValues
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed, short, texts
from hdcore.model.element import put
from hdcore.pixels.lut_item import LUT, VOILUT, ModalityLUT, PresentationLUT, rescale_type_text
from hdcore.pixels.selector import choose
from hdcore.pixels.steps import Affine, integral, limits_of, run
from hdcore.pixels.window import apply_lut, apply_voi_window, float_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = [
    "LUT",
    "VOILUT",
    "ModalityLUT",
    "ModalityLUTTransformation",
    "PresentationLUT",
    "PresentationLUTTransformation",
    "VOILUTTransformation",
]


class ModalityLUTTransformation(Dataset):
    """What makes stored values mean something to the modality: a rescale, or a table (PS3.3 C.11.1)."""

    def __init__(
        self,
        rescale_intercept: float | None = None,
        rescale_slope: float | None = None,
        rescale_type: RescaleTypeValues | str | None = None,
        modality_lut: ModalityLUT | None = None,
    ) -> None:
        """Make a transformation, either of the three parameters of a rescale or of a table.

        Parameters
        ----------
        rescale_intercept: float | None, optional
            Rescale Intercept, the value of a stored zero.
        rescale_slope: float | None, optional
            Rescale Slope, the difference between neighbouring stored values; not zero.
        rescale_type: RescaleTypeValues | str | None, optional
            Unit of the result: one of the defined terms, or a term of your own (PS3.3 C.11.1.1.2).
        modality_lut: ModalityLUT | None, optional
            A table.

        Raises
        ------
        TypeError
            If a parameter of the rescale is missing, or is given beside a table.
        ValueError
            If a number cannot be written, or the slope is zero.
        """
        super().__init__()
        rescale = {
            "rescale_intercept": rescale_intercept,
            "rescale_slope": rescale_slope,
            "rescale_type": rescale_type,
        }
        if modality_lut is not None:
            given = [name for name, value in rescale.items() if value is not None]
            if given:
                raise InputTypeError(f"{given[0]} is given beside modality_lut; expected one or the other.")
            if not isinstance(modality_lut, ModalityLUT):
                raise InputTypeError(f"modality_lut is of type {type(modality_lut).__name__}; expected ModalityLUT.")
            put(self, ModalityLUTSequence=[modality_lut])
            return
        missing = [name for name, value in rescale.items() if value is None]
        if missing or rescale_slope is None or rescale_intercept is None or rescale_type is None:
            raise InputTypeError(
                f"{missing[0]} is missing; without modality_lut all of {', '.join(rescale)} are needed."
            )
        slope, intercept = _number(rescale_slope, "rescale_slope"), _number(rescale_intercept, "rescale_intercept")
        if slope == 0:
            raise InputError("rescale_slope is 0; expected another number.")
        put(
            self,
            RescaleIntercept=intercept,
            RescaleSlope=slope,
            RescaleType=rescale_type_text(rescale_type),
        )

    def has_lut(self) -> bool:
        """Say whether the transformation is a table.

        Returns
        -------
        bool
            True for a table, False for a rescale.
        """
        return "ModalityLUTSequence" in self

    def apply(self, array: npt.NDArray[Any], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
        """Transform stored values.

        Parameters
        ----------
        array: numpy.ndarray
            Stored values of any shape; integers, if the transformation is a table.
        dtype: numpy.typing.DTypeLike | None, optional
            Data type of the result; if absent, float64 after a rescale, the table's type otherwise. After a rescale by
            integers it may be of integers.

        Returns
        -------
        numpy.ndarray
            Same shape as ``array``.

        Raises
        ------
        TypeError
            If ``dtype`` cannot hold the entries of the table.
        ValueError
            If ``dtype`` cannot hold what a rescale may give, or ``array`` is of a type that a table does not take.
        """
        if self.has_lut():
            item = self.ModalityLUTSequence[0]
            table = item if isinstance(item, LUT) else LUT.from_dataset(item)
            return table.apply(array, dtype)
        slope, intercept = float(self.RescaleSlope), float(self.RescaleIntercept)
        chosen = np.dtype(np.float64 if dtype is None else dtype)
        if array.dtype.kind in "iu":
            limits = np.iinfo(array.dtype)
            check_capacity(slope, intercept, (int(limits.min), int(limits.max)), chosen)
        elif chosen.kind != "f":
            raise InputError(f"dtype is {chosen}; a rescale of {array.dtype} gives floating-point numbers.")
        return run((Affine(slope, intercept),), array, chosen)


class VOILUTTransformation(Dataset):
    """What selects the values of interest: windows, tables, or both (PS3.3 C.11.2)."""

    def __init__(
        self,
        window_center: float | Sequence[float] | None = None,
        window_width: float | Sequence[float] | None = None,
        window_explanation: str | Sequence[str] | None = None,
        voi_lut_function: VOILUTFunctionValues | str | None = None,
        voi_luts: Sequence[VOILUT] | None = None,
    ) -> None:
        """Make a transformation of windows, tables or both.

        Parameters
        ----------
        window_center: float | Sequence[float] | None, optional
            Window Center of one window or several.
        window_width: float | Sequence[float] | None, optional
            Window Width, as many as centres; at least 1 for LINEAR, above 0 otherwise.
        window_explanation: str | Sequence[str] | None, optional
            What each window is for, as many as centres.
        voi_lut_function: VOILUTFunctionValues | str | None, optional
            How windows map values; LINEAR if absent.
        voi_luts: Sequence[VOILUT] | None, optional
            Tables.

        Raises
        ------
        TypeError
            If there is neither a window nor a table, a parameter of a window comes without its centre or width, or an
            item is not a VOILUT.
        ValueError
            If numbers of values differ, a width is too small or there are no tables in ``voi_luts``.
        """
        super().__init__()
        if window_center is None and voi_luts is None:
            raise InputTypeError("Neither window_center nor voi_luts is given; expected one of them, or both.")
        if window_center is not None:
            self._set_windows(window_center, window_width, window_explanation, voi_lut_function)
        else:
            others = {
                "window_width": window_width,
                "window_explanation": window_explanation,
                "voi_lut_function": voi_lut_function,
            }
            given = [name for name, value in others.items() if value is not None]
            if given:
                raise InputTypeError(f"{given[0]} is given without window_center.")
        if voi_luts is not None:
            tables = listed(voi_luts, "voi_luts", "VOILUT")
            if not tables:
                raise InputError("voi_luts is empty; expected at least one VOILUT.")
            if not all(isinstance(table, VOILUT) for table in tables):
                raise InputTypeError("voi_luts holds something that is not a VOILUT.")
            put(self, VOILUTSequence=tables)

    def _set_windows(
        self,
        window_center: float | Sequence[float],
        window_width: float | Sequence[float] | None,
        window_explanation: str | Sequence[str] | None,
        voi_lut_function: VOILUTFunctionValues | str | None,
    ) -> None:
        if window_width is None:
            raise InputTypeError("window_center is given without window_width.")
        function = None if voi_lut_function is None else VOILUTFunctionValues(voi_lut_function).value
        centers, widths = _numbers(window_center, "window_center"), _numbers(window_width, "window_width")
        if len(centers) != len(widths) or not centers:
            raise InputError(f"There are {len(centers)} window centres and {len(widths)} widths; expected as many.")
        least = 0.0 if function in ("LINEAR_EXACT", "SIGMOID") else 1.0
        for width in widths:
            if width < least or width <= 0:
                raise InputError(f"window_width is {width:g}; expected {'above 0' if least == 0 else 'at least 1'}.")
        put(self, WindowCenter=centers, WindowWidth=widths)
        if window_explanation is not None:
            given = texts(window_explanation, "LO", "window_explanation")
            explanations = [given] if isinstance(given, str) else given
            if len(explanations) != len(centers):
                raise InputError(f"There are {len(explanations)} window explanations for {len(centers)} windows.")
            put(self, WindowCenterWidthExplanation=explanations)
        if function is not None:
            put(self, VOILUTFunction=function)

    def has_lut(self) -> bool:
        """Say whether the transformation has tables, perhaps beside windows.

        Returns
        -------
        bool
            True if it has.
        """
        return "VOILUTSequence" in self

    def has_window(self) -> bool:
        """Say whether the transformation has windows, perhaps beside tables.

        Returns
        -------
        bool
            True if it has.
        """
        return "WindowCenter" in self

    def apply(
        self,
        array: npt.NDArray[Any],
        output_range: tuple[float, float] = (0.0, 1.0),
        voi_transform_selector: int | str = 0,
        dtype: npt.DTypeLike | None = None,
        invert: bool = False,
        prefer_lut: bool = False,
    ) -> npt.NDArray[Any]:
        """Map the values of interest to a range.

        Parameters
        ----------
        array: numpy.ndarray
            Values of any shape; integers, if a table is applied.
        output_range: tuple[float, float], optional
            Lower and upper end of the range.
        voi_transform_selector: int | str, optional
            Zero-based index of the window or table, negative from the end, or its explanation.
        dtype: numpy.typing.DTypeLike | None, optional
            Floating-point data type of the result; float64 if absent.
        invert: bool, optional
            Whether low values are mapped to the upper end.
        prefer_lut: bool, optional
            Whether to apply a table where there are windows, too.

        Returns
        -------
        numpy.ndarray
            Same shape as ``array``.

        Raises
        ------
        IndexError
            If no window or table is selected.
        ValueError
            If the range is empty, ``dtype`` is not of floating-point numbers, or ``array`` is of a type that a table
            does not take.
        """
        chosen = float_type(dtype)
        if self.has_lut() and (prefer_lut or not self.has_window()):
            items = list(self.VOILUTSequence)
            explanations = [str(item.get("LUTExplanation", "")) for item in items]
            item = items[choose(voi_transform_selector, explanations, "voi_transform_selector")]
            table = item if isinstance(item, LUT) else LUT.from_dataset(item)
            entries = table.get_scaled_lut_data(output_range, chosen, invert)
            return apply_lut(array, entries, table.first_mapped_value, chosen)
        centers, widths = _numbers(self.WindowCenter, "WindowCenter"), _numbers(self.WindowWidth, "WindowWidth")
        explanations = _texts(self.get("WindowCenterWidthExplanation"), len(centers))
        index = choose(voi_transform_selector, explanations, "voi_transform_selector")
        function = self.get("VOILUTFunction") or "LINEAR"
        return apply_voi_window(array, centers[index], widths[index], function, output_range, chosen, invert)


class PresentationLUTTransformation(Dataset):
    """What makes values ready to be shown: a polarity, or a table (PS3.3 C.11.6)."""

    def __init__(
        self,
        presentation_lut_shape: PresentationLUTShapeValues | str | None = None,
        presentation_lut: PresentationLUT | None = None,
    ) -> None:
        """Make a transformation; IDENTITY if nothing is given.

        Parameters
        ----------
        presentation_lut_shape: PresentationLUTShapeValues | str | None, optional
            Presentation LUT Shape: IDENTITY, or INVERSE for high values shown dark.
        presentation_lut: PresentationLUT | None, optional
            A table.

        Raises
        ------
        TypeError
            If both are given, or the table is not a PresentationLUT.
        """
        super().__init__()
        if presentation_lut is None:
            shape = PresentationLUTShapeValues(presentation_lut_shape or "IDENTITY")
            put(self, PresentationLUTShape=shape.value)
            return
        if presentation_lut_shape is not None:
            raise InputTypeError("presentation_lut_shape is given beside presentation_lut; expected one or the other.")
        if not isinstance(presentation_lut, PresentationLUT):
            raise InputTypeError(
                f"presentation_lut is of type {type(presentation_lut).__name__}; expected PresentationLUT."
            )
        put(self, PresentationLUTSequence=[presentation_lut])


def check_capacity(slope: float, intercept: float, stored: tuple[int, int], dtype: np.dtype[Any]) -> None:
    """Refuse a data type that cannot hold what a rescale makes of a range of stored values.

    Raises
    ------
    ValueError
        The message says which values there may be.
    """
    if dtype.kind == "f":
        return
    if not integral(slope, intercept):
        raise InputError(
            f"dtype is {dtype}, but the slope {slope:g} and intercept {intercept:g} give values that are no integers; "
            "pass a floating-point dtype."
        )
    low, high = sorted(int(slope) * value + int(intercept) for value in stored)
    least, most = limits_of(dtype)
    if low < least or high > most:
        raise InputError(
            f"dtype is {dtype}, which cannot hold values from {low} to {high}, as stored values from {stored[0]} to "
            f"{stored[1]} with slope {slope:g} and intercept {intercept:g} may give."
        )


def _number(number: float, name: str) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float | np.number):
        raise InputTypeError(f"{name} is {short(number)}; expected a number.")
    return float(number)


def _numbers(value: Any, name: str) -> list[float]:
    values = [value] if isinstance(value, int | float | np.number | str) or not hasattr(value, "__iter__") else value
    try:
        return [float(number) for number in values]
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is {short(value)}; expected a number or several.") from error


def _texts(value: Any, count: int) -> list[str]:
    texts = [] if value is None else [value] if isinstance(value, str) else [str(text) for text in value]
    return (texts + [""] * count)[:count]
