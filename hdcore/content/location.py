"""Where a specimen is in its container (PS3.16 TID 8004)."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from hdcore.content import attributes as at
from hdcore.content import vocabulary as v
from hdcore.content.code import CodedConcept, concept_key
from hdcore.content.encoded import Concept, concept_of
from hdcore.content.item import name_key
from hdcore.content.tree import typed
from hdcore.content.value import TextContentItem
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import short
from hdcore.model.damage import reading
from hdcore.model.element import item
from hdcore.model.items import items_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = ["location_items", "read_location"]

_OFFSETS = (
    (v.LOCATION_OF_SPECIMEN_X, v.MILLIMETER),
    (v.LOCATION_OF_SPECIMEN_Y, v.MILLIMETER),
    (v.LOCATION_OF_SPECIMEN_Z, v.MICROMETER),
)
"""Offsets of a specimen in its container, in millimetres, along the depth in micrometres."""
_MICROMETERS = {"um": 1.0, "mm": 1e3, "cm": 1e4, "m": 1e6}


def location_items(location: str | tuple[float, float, float]) -> list[Dataset]:
    """Write a location.

    Parameters
    ----------
    location: str | tuple[float, float, float]
        A text, or x and y in millimetres and z in micrometres.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If there are not three numbers.
    """
    if isinstance(location, str):
        return [TextContentItem(v.LOCATION_OF_SPECIMEN, location)]
    if not hasattr(location, "__iter__"):
        raise InputTypeError(f"specimen_location is {short(location)}; expected a text or three numbers.")
    offsets = tuple(location)
    if len(offsets) != len(_OFFSETS):
        raise InputError(f"specimen_location is {location!r}; expected a text or three numbers.")
    return [_numeric(name, offset, unit) for (name, unit), offset in zip(_OFFSETS, offsets, strict=True)]


def _numeric(name: Concept, offset: Any, unit: Concept) -> Dataset:
    """Make an item of value type NUMERIC, which holds its number itself, unlike one of type NUM (PS3.3 10.2).

    The digits of a decimal string are enough for a place, so there is no Floating Point Value.
    """
    if isinstance(offset, bool) or not isinstance(offset, Real):
        raise InputTypeError(f"specimen_location holds {short(offset)}; expected numbers.")
    return item(
        ValueType="NUMERIC",
        ConceptNameCodeSequence=[CodedConcept.from_code(name)],
        NumericValue=float(offset),
        MeasurementUnitsCodeSequence=[CodedConcept.from_code(unit)],
    )


def read_location(items: Sequence[Dataset]) -> str | tuple[float, float, float] | None:
    """Read a location that anybody may have written.

    Parameters
    ----------
    items: Sequence[pydicom.dataset.Dataset]
        Content items, of which texts and numbers count: references to images that show the specimen do not.

    Returns
    -------
    str | tuple[float, float, float] | None
        A text, or x and y in millimetres and z in micrometres; names and values of what is neither, such as offsets in
        pixels, as a text; ``None`` if nothing says where it is.
    """
    texts = [text for text in map(typed, items) if isinstance(text, TextContentItem)]
    place = concept_key(v.LOCATION_OF_SPECIMEN)
    for text in texts:
        if name_key(text) == place:
            return text.value
    numbers = [number for number in map(_number, items) if number is not None]
    x, y, z = (_length(numbers, name, unit) for name, unit in _OFFSETS)
    if x is not None and y is not None and z is not None:
        return x, y, z
    described = [f"{number.name.meaning}: {number.value} {number.unit}".strip() for number in numbers]
    return "; ".join([*(f"{text.name.meaning}: {text.value}" for text in texts), *described]) or None


class _Number(NamedTuple):
    name: Concept
    value: float
    unit: str


def _number(item: Dataset) -> _Number | None:
    """Read a number of either value type, NUMERIC or NUM; ``None`` if the item has none."""
    holders = [item, *items_of(item, "MeasuredValueSequence")]
    name = concept_of(item, at.CONCEPT_NAME)
    for holder in holders:
        with reading("The location of the specimen"):
            found = [holder.get(keyword) for keyword in ("FloatingPointValue", "NumericValue")]
            value = next((float(number) for number in found if number not in (None, "")), None)
        if name is not None and value is not None:
            unit = concept_of(holder, at.UNITS)
            return _Number(name, value, "" if unit is None else unit.value)
    return None


def _length(numbers: Sequence[_Number], name: Concept, unit: Concept) -> float | None:
    """Read an offset in a unit; ``None`` if there is none, or none that is a length."""
    for number in numbers:
        if concept_key(number.name) == concept_key(name):
            if number.unit == unit.value:
                return number.value
            factor = _MICROMETERS.get(number.unit)
            return None if factor is None else number.value * factor / _MICROMETERS[unit.value]
    return None
