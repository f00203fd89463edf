"""Real-world value mappings: what stored values mean, in which unit (PS3.3 C.7.6.16.2.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.content.code import CodedConcept
from hdcore.errors import InputError, InputTypeError, MissingAttributeError
from hdcore.model.element import put, put_element
from hdcore.model.making import make_element
from hdcore.text import check_text, short
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.sr.coding import Code

__all__ = ["RealWorldValueMapping"]

_INTEGER_KEYWORDS = ("RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped")
_FLOAT_KEYWORDS = ("DoubleFloatRealWorldValueFirstValueMapped", "DoubleFloatRealWorldValueLastValueMapped")


class RealWorldValueMapping(Dataset):
    """What stored values within a range mean: a line, or an entry of a table for each integer.

    Examples
    --------
    >>> from pydicom.sr.coding import Code
    >>> unit = Code("mm2/s", "UCUM", "square millimeter per second")
    >>> RealWorldValueMapping("ADC", "Diffusion", unit, (0, 4095), slope=1e-6, intercept=0).apply(np.array([1000]))
    array([0.001])
    """

    def __init__(
        self,
        lut_label: str,
        lut_explanation: str,
        unit: CodedConcept | Code,
        value_range: tuple[int, int] | tuple[float, float],
        slope: float | None = None,
        intercept: float | None = None,
        lut_data: Sequence[float] | None = None,
        quantity_definition: CodedConcept | Code | None = None,
    ) -> None:
        """Make a mapping.

        Parameters
        ----------
        lut_label: str
            Short name of the quantity, at most 16 characters.
        lut_explanation: str
            What is mapped to what.
        unit: CodedConcept | pydicom.sr.coding.Code
            Unit of the real-world values.
        value_range: tuple[int, int] | tuple[float, float]
            Lowest and highest stored value that the mapping is about: integers for integer pixels, floating-point
            numbers for floating-point pixels.
        slope: float | None, optional
            Real-world units per stored unit.
        intercept: float | None, optional
            Real-world value of the stored value 0.
        lut_data: Sequence[float] | None, optional
            Real-world value of each integer of ``value_range``, instead of a line.
        quantity_definition: CodedConcept | pydicom.sr.coding.Code | None, optional
            The quantity.

        Raises
        ------
        TypeError
            If only one of slope and intercept is given, or either beside a table.
        ValueError
            If a text is too long, the range is empty or beyond 16 bits, or the table has not one entry per value.
        """
        super().__init__()
        check_text(lut_label, "SH", "lut_label")
        check_text(lut_explanation, "LO", "lut_explanation")
        first, last = _checked_range(value_range)
        put(
            self,
            LUTExplanation=lut_explanation,
            MeasurementUnitsCodeSequence=[CodedConcept.from_code(unit)],
            LUTLabel=lut_label,
        )
        if isinstance(first, float):
            put(self, **dict(zip(_FLOAT_KEYWORDS, (first, last), strict=True)))
        else:
            vr = "SS" if first < 0 else "US"
            for keyword, value in zip(_INTEGER_KEYWORDS, (first, last), strict=True):
                put_element(self, make_element(keyword, value, vr))
        if lut_data is None:
            slope, intercept = _checked_line(slope, intercept)
            put(self, RealWorldValueIntercept=intercept, RealWorldValueSlope=slope)
        else:
            if slope is not None or intercept is not None:
                raise InputTypeError(
                    "lut_data is given as well as slope or intercept; a mapping has a line or a table."
                )
            put(self, RealWorldValueLUTData=_checked_table(lut_data, first, last))
        if quantity_definition is not None:
            self._define_quantity(CodedConcept.from_code(quantity_definition))

    def _define_quantity(self, quantity: CodedConcept) -> None:
        definition = Dataset()
        put(
            definition,
            ValueType="CODE",
            ConceptNameCodeSequence=[CodedConcept("246205007", "SCT", "Quantity")],
            ConceptCodeSequence=[quantity],
        )
        put(self, QuantityDefinitionSequence=[definition])

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of the Real World Value Mapping Sequence as a mapping.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the mapping itself.

        Returns
        -------
        RealWorldValueMapping
            The mapping.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        AttributeError
            If it has neither a line nor a table.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A real-world value mapping is read from a Dataset, not {type(dataset).__name__}.")
        if "RealWorldValueSlope" not in dataset and "RealWorldValueLUTData" not in dataset:
            raise MissingAttributeError("A real-world value mapping has neither RealWorldValueSlope nor a table.")
        mapping = Dataset(dict(dataset.items())) if copy else dataset
        mapping.__class__ = cls
        return mapping  # type: ignore[return-value]

    @property
    def label(self) -> str:
        """str: LUT Label, the short name of the quantity."""
        return str(self.get("LUTLabel", ""))

    @property
    def unit(self) -> CodedConcept | None:
        """CodedConcept | None: unit of the real-world values."""
        items = self.get("MeasurementUnitsCodeSequence")
        return CodedConcept.from_dataset(items[0]) if items else None

    @property
    def quantity(self) -> CodedConcept | None:
        """CodedConcept | None: the quantity, if it is defined."""
        for definition in self.get("QuantityDefinitionSequence") or ():
            if definition.get("ConceptCodeSequence"):
                return CodedConcept.from_dataset(definition.ConceptCodeSequence[0])
        return None

    def has_lut(self) -> bool:
        """Tell whether the mapping has a table.

        Returns
        -------
        bool
            True if it has a table, False if it has a line.
        """
        return "RealWorldValueLUTData" in self

    def is_floating_point(self) -> bool:
        """Tell whether the mapping is about floating-point stored values.

        Returns
        -------
        bool
            True if its range is of floating-point numbers, False if it is of integers.
        """
        return _FLOAT_KEYWORDS[0] in self

    @property
    def lut_data(self) -> NDArray[np.float64] | None:
        """NDArray[float64] | None: real-world value of each integer of the range, if there is a table."""
        return np.atleast_1d(np.array(self.RealWorldValueLUTData, np.float64)) if self.has_lut() else None

    @property
    def value_range(self) -> tuple[float, float]:
        """tuple[float, float]: lowest and highest stored value that the mapping is about."""
        first, last = _FLOAT_KEYWORDS if self.is_floating_point() else _INTEGER_KEYWORDS
        if first not in self or last not in self:
            return -np.inf, np.inf
        return float(self[first].value), float(self[last].value)

    def apply(self, array: NDArray[Any]) -> NDArray[np.float64]:
        """Map stored values to real-world values.

        Parameters
        ----------
        array: numpy.ndarray
            Stored values of any shape; integers if the mapping has a table.

        Returns
        -------
        NDArray[float64]
            Real-world values, same shape; what is no number, or infinite, stays so.

        Raises
        ------
        ValueError
            If a value is outside the range, or ``array`` is not of integers though there is a table.
        """
        array = np.asarray(array)
        first, last = self.value_range
        table = self.lut_data
        if table is not None and array.dtype.kind not in "iu":
            raise InputError(
                f"The mapping {self.label!r} has a table; expected an array of integers, not {array.dtype}."
            )
        finite = array if array.dtype.kind != "f" else array[np.isfinite(array)]
        if finite.size and (finite.min() < first or finite.max() > last):
            raise InputError(
                f"The array has values from {finite.min()} to {finite.max()}; the mapping {self.label!r} is about "
                f"{first:g} to {last:g}."
            )
        if table is not None:
            entries: NDArray[np.float64] = table[array.astype(np.int64) - int(first)]
            return entries
        mapped: NDArray[np.float64] = array * float(self.RealWorldValueSlope) + float(self.RealWorldValueIntercept)
        return mapped.astype(np.float64, copy=False)


def _checked_range(value_range: Any) -> tuple[Any, Any]:
    try:
        first, last = value_range
    except (TypeError, ValueError):
        raise InputTypeError(
            f"value_range is {short(value_range)}; expected two numbers, the lowest and the highest."
        ) from None
    if isinstance(first, float | np.floating) or isinstance(last, float | np.floating):
        first, last = float(first), float(last)
    elif isinstance(first, int | np.integer) and isinstance(last, int | np.integer):
        first, last = int(first), int(last)
        lowest, highest = (-(1 << 15), (1 << 15) - 1) if first < 0 else (0, (1 << 16) - 1)
        if first < lowest or last > highest:
            raise InputError(f"value_range is {(first, last)}; expected integers of 16 bits: {lowest} to {highest}.")
    else:
        raise InputTypeError(f"value_range is {short(value_range)}; expected two numbers, the lowest and the highest.")
    if not first <= last:
        raise InputError(f"value_range is {(first, last)}; expected the lower value first.")
    return first, last


def _checked_line(slope: float | None, intercept: float | None) -> tuple[float, float]:
    if slope is None and intercept is None:
        return 1.0, 0.0
    if slope is None or intercept is None:
        missing = "slope" if slope is None else "intercept"
        raise InputTypeError(f"{missing} is missing; expected both slope and intercept, or lut_data, or none of them.")
    for name, number in (("slope", slope), ("intercept", intercept)):
        if not isinstance(number, int | float | np.integer | np.floating):
            raise InputTypeError(f"{name} is {short(number)}; expected a number.")
    if not np.isfinite(slope) or not np.isfinite(intercept):
        raise InputError(f"slope is {slope} and intercept {intercept}; expected finite numbers.")
    return float(slope), float(intercept)


def _checked_table(lut_data: Sequence[float], first: Any, last: Any) -> list[float]:
    if isinstance(first, float):
        raise InputError("lut_data is given for floating-point stored values; only a line can map these.")
    try:
        entries = [float(entry) for entry in lut_data]
    except (TypeError, ValueError):
        raise InputTypeError("lut_data is not a sequence of numbers; expected one number per value mapped.") from None
    if len(entries) != last - first + 1:
        raise InputError(f"lut_data has {len(entries)} entries; expected {last - first + 1}, one per value mapped.")
    return entries
