"""Where a specimen is in its container (PS3.16 TID 8004)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.content import vocabulary as v
from hdcore.content.code import concept_key
from hdcore.content.item import name_key
from hdcore.content.number import NumContentItem
from hdcore.content.tree import ContentSequence
from hdcore.content.value import TextContentItem
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.encoded import Concept
    from hdcore.content.item import ContentItem

__all__ = ["location_items", "read_location"]

_OFFSETS = (
    (v.LOCATION_OF_SPECIMEN_X, v.MILLIMETER),
    (v.LOCATION_OF_SPECIMEN_Y, v.MILLIMETER),
    (v.LOCATION_OF_SPECIMEN_Z, v.MICROMETER),
)
"""Offsets of a specimen in its container, in millimetres, along the depth in micrometres."""
_MICROMETERS = {"um": 1.0, "mm": 1e3, "cm": 1e4, "m": 1e6}


def location_items(location: str | tuple[float, float, float]) -> ContentSequence:
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
        return ContentSequence([TextContentItem(v.LOCATION_OF_SPECIMEN, location)], is_sr=False)
    if not hasattr(location, "__iter__"):
        raise InputTypeError(f"specimen_location is {short(location)}; expected a text or three numbers.")
    offsets = tuple(location)
    if len(offsets) != len(_OFFSETS):
        raise InputError(f"specimen_location is {location!r}; expected a text or three numbers.")
    numbers = [NumContentItem(name, offset, unit) for (name, unit), offset in zip(_OFFSETS, offsets, strict=True)]
    return ContentSequence(numbers, is_sr=False)


def read_location(items: Sequence[ContentItem]) -> str | tuple[float, float, float] | None:
    """Read a location that anybody may have written.

    Parameters
    ----------
    items: Sequence[ContentItem]
        Content items, of which texts and numbers count: references to images that show the specimen do not.

    Returns
    -------
    str | tuple[float, float, float] | None
        A text, or x and y in millimetres and z in micrometres; names and values of what is neither, such as offsets in
        pixels, as a text; ``None`` if nothing says where it is.
    """
    place = concept_key(v.LOCATION_OF_SPECIMEN)
    for item in items:
        if isinstance(item, TextContentItem) and name_key(item) == place:
            return item.value
    numbers = [item for item in items if isinstance(item, NumContentItem)]
    x, y, z = (_length(numbers, name, unit) for name, unit in _OFFSETS)
    if x is not None and y is not None and z is not None:
        return x, y, z
    texts = [f"{item.name.meaning}: {item.value}" for item in items if isinstance(item, TextContentItem)]
    return "; ".join([*texts, *(_described(number) for number in numbers)]) or None


def _length(numbers: Sequence[NumContentItem], name: Concept, unit: Concept) -> float | None:
    """Read an offset in a unit; ``None`` if there is none, or none that is a length."""
    for number in numbers:
        if name_key(number) == concept_key(name) and number.value is not None:
            written = number.unit.value
            if written == unit.value:
                return number.value
            factor = _MICROMETERS.get(written)
            return None if factor is None else number.value * factor / _MICROMETERS[unit.value]
    return None


def _described(number: NumContentItem) -> str:
    unit = f" {number.unit.value}" if number.value is not None else ""
    return f"{number.name.meaning}: {number.value}{unit}"
