"""Content items of numbers (PS3.3 C.18.1)."""

from __future__ import annotations

import math
from numbers import Integral, Real
from struct import pack, unpack
from typing import TYPE_CHECKING, Any

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.code import CodedConcept, concept_element, concept_from_texts
from hdcore.content.cutting import items_in, parsed_items
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.errors import IncompleteItemError
from hdcore.content.item import ContentItem, concept_at, describe, holds
from hdcore.errors import InputError, InputTypeError
from hdcore.model.damage import reading
from hdcore.model.element import UTF_8, character_set_of, elements_of
from hdcore.model.encode import encode_items, raw
from hdcore.text import decimal_string, short

if TYPE_CHECKING:
    from hdcore.content.code import ConceptLike

__all__ = ["NumContentItem"]


@holds(ValueTypeValues.NUM)
class NumContentItem(ContentItem):
    """A number with a unit (value type NUM, PS3.3 C.18.1)."""

    def __init__(
        self,
        name: ConceptLike,
        value: float | None,
        unit: ConceptLike,
        qualifier: ConceptLike | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: float | None
            The number, in ``unit``; ``None`` if there is none for the reason that ``qualifier`` gives.
        unit: pydicom.sr.coding.Code | CodedConcept
            Unit of the number, of UCUM.
        qualifier: pydicom.sr.coding.Code | CodedConcept | None, optional
            Why there is no number, or what it is instead, such as one of CID 42.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        TypeError
            If ``value`` is not a number or ``unit`` not a coded concept.
        ValueError
            If ``value`` is not finite.
        """
        super().__init__(ValueTypeValues.NUM, name, relationship_type)
        elements = elements_of(self)
        elements[at.MEASURED_VALUE] = _measured(self, value, unit, qualifier is not None)
        if qualifier is not None:
            elements[at.NUMERIC_VALUE_QUALIFIER] = concept_element(at.NUMERIC_VALUE_QUALIFIER, qualifier, "qualifier")

    @property
    def value(self) -> float | None:
        """Float | None: the number, in :attr:`unit`; ``None`` if there is none."""
        return number_of(measured_of(self))

    @property
    def unit(self) -> CodedConcept:
        """CodedConcept: the unit.

        Raises
        ------
        AttributeError
            If the item, read from elsewhere, has no number and so no unit.
        """
        concept = unit_of(self)
        if concept is None:
            raise IncompleteItemError(f"The content item {describe(self)} has no unit.")
        return concept_from_texts(*concept)

    @property
    def qualifier(self) -> CodedConcept | None:
        """CodedConcept | None: why there is no number, or what it is instead."""
        concept = encoded.concept_of(self, at.NUMERIC_VALUE_QUALIFIER)
        return None if concept is None else concept_at(self, at.NUMERIC_VALUE_QUALIFIER)


def _measured(item: ContentItem, value: Any, unit: ConceptLike, is_qualified: bool) -> Any:
    unit_element = concept_element(at.UNITS, unit, "unit")
    if value is None and is_qualified:
        return encoded.sequence(at.MEASURED_VALUE, ())
    if not isinstance(value, Real) or value is True or value is False:
        raise InputTypeError(
            f"value of the content item {describe(item)} is {short(value)}; expected an int or a float, or None with a "
            "qualifier."
        )
    if not math.isfinite(value):
        raise InputError(
            f"value of the content item {describe(item)} is {value}; expected a finite one, or None with a qualifier."
        )
    if isinstance(value, Integral):
        whole = int(value)
        text = str(whole) if len(str(whole)) <= 16 else decimal_string(whole)
        exact: tuple[Any, ...] = ()
    else:
        text = decimal_string(float(value))
        exact = (raw(at.FLOATING_POINT_VALUE, "FD", pack("<d", float(value))),)
    if not unit_element.is_raw:
        unit_element = raw(at.UNITS, "SQ", encode_items(unit_element.value, UTF_8))
    return encoded.sequence(at.MEASURED_VALUE, [(unit_element, *exact, encoded.text(at.NUMERIC_VALUE, "DS", text))])


def measured_of(item: ContentItem) -> tuple[dict[Any, Any], str | list[str]] | None:
    """Give the elements of the measured value's item and their character set; ``None`` if there is no item."""
    element: Any = encoded.view_of(item).get(at.MEASURED_VALUE)
    if element is None:
        return None
    if element.is_raw:
        character_set = character_set_of(item)
        items = items_in(element, character_set)
        return (items[0], character_set) if items else None
    parsed = parsed_items(element)
    return (elements_of(parsed[0]), character_set_of(parsed[0])) if parsed else None


def number_of(measured: tuple[dict[Any, Any], str | list[str]] | None) -> float | None:
    if measured is None:
        return None
    elements, _ = measured
    exact = elements.get(at.FLOATING_POINT_VALUE)
    if exact is not None and not exact.is_raw and exact.value is not None:
        with reading("FloatingPointValue"):
            return float(exact.value)
    if exact is not None and exact.is_raw and exact.VR in (None, "FD"):
        value = exact.value or b""
        if len(value) >= 8:
            return float(unpack("<d" if exact.is_little_endian else ">d", value[:8])[0])
    decimal = elements.get(at.NUMERIC_VALUE)
    if decimal is None or decimal.value is None:
        return None
    return _read_decimal(encoded.decode_text(decimal.value, "latin_1") if decimal.is_raw else str(decimal.value))


def _read_decimal(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def unit_of(item: ContentItem) -> encoded.Concept | None:
    """Read the unit of a number; ``None`` if there is none."""
    measured = measured_of(item)
    if measured is None or at.UNITS not in measured[0]:
        return None
    element = measured[0][at.UNITS]
    if element.is_raw:
        return encoded.concept_in(element, measured[1])
    parsed = parsed_items(element)
    return encoded.concept_of_item(parsed[0]) if parsed else None
