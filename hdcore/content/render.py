"""Trees as text that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydicom.uid import UID

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.bulk import collection_paused
from hdcore.content.container import template_id_of
from hdcore.content.item import relationship_of, value_type_of
from hdcore.content.number import measured_of, number_of, unit_of
from hdcore.content.reference import reference_of
from hdcore.content.search import walk
from hdcore.content.tree import duplicate
from hdcore.model.element import elements_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["render_tree"]

_TEXTS = {
    "TEXT": at.TEXT_VALUE,
    "PNAME": at.PERSON_NAME,
    "DATE": at.DATE,
    "TIME": at.TIME,
    "DATETIME": at.DATE_TIME,
    "UIDREF": at.UID,
}


_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\N{REPLACEMENT CHARACTER}")
"""Control characters, of which a terminal would make colours and worse."""


@collection_paused()
def render_tree(dataset: Dataset, *, width: int = 100) -> str:
    """Write the content of a document, or an item and those below it, as an indented text.

    Works on any dataset with a Content Sequence, complete or not; what cannot be read is shown as ``?``.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The document or item; it is left as it is.
    width: int, optional
        Characters of a value after which it is cut off.

    Returns
    -------
    str
        A line for each item: name, value, and the relationship with its parent where it is not CONTAINS. An item that
        refers to another in the tree is an arrow to that one's place, counted from one as the standard does.

    Examples
    --------
    >>> from hdcore.content import Concept, TextContentItem
    >>> print(render_tree(TextContentItem(Concept("121071", "DCM", "Finding"), "a mass")))
    Finding: a mass
    """
    own = duplicate(dataset)
    lines = [_line(own, 0, width)]
    lines.extend(_line(item, level + 1, width) for level, item in walk(own))
    return "\n".join(lines)


def _line(item: Dataset, level: int, width: int) -> str:
    name = encoded.concept_of(item, at.CONCEPT_NAME)
    kind = value_type_of(item)
    label = name.meaning if name is not None else (kind or _place_referred_to(item) or "?")
    value = " ".join(_value(item, kind).split())
    if len(value) > width:
        value = value[: width - 1] + "…"
    relationship = relationship_of(item)
    suffix = f"  ({relationship.lower()})" if relationship not in ("", "CONTAINS") else ""
    return f"{'  ' * level}{label}{': ' if value else ''}{value}{suffix}".translate(_CONTROLS)


def _place_referred_to(item: Dataset) -> str:
    numbers = item.get("ReferencedContentItemIdentifier")
    if numbers is None:
        return ""
    return f"-> {'.'.join(map(str, numbers if hasattr(numbers, '__iter__') else [numbers]))}"


def _value(item: Dataset, kind: str) -> str:
    if kind in _TEXTS:
        return encoded.text_of(item, _TEXTS[kind])
    describe = _DESCRIPTIONS.get(kind)
    if not kind and at.REFERENCED_CONTENT_ITEM in elements_of(item):
        return ""
    try:
        return describe(item) if describe else "?"
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        return "?"


def _code(item: Dataset) -> str:
    concept = encoded.concept_of(item, at.CONCEPT_CODE)
    return "?" if concept is None else concept.meaning or concept.value


def _number(item: Any) -> str:
    value, unit = number_of(measured_of(item)), unit_of(item)
    qualifier = encoded.concept_of(item, at.NUMERIC_VALUE_QUALIFIER)
    parts = [
        "no value" if value is None else f"{value:.10g}",
        "" if unit is None or unit.value in ("1", "") else unit.value.strip("{}"),
        "" if qualifier is None else f"[{qualifier.meaning}]",
    ]
    return " ".join(part for part in parts if part)


def _container(item: Dataset) -> str:
    template = template_id_of(item)
    return f"[TID {template}]" if template else ""


def _reference(item: Dataset) -> str:
    reference = reference_of(item)
    if reference is None:
        return "?"
    parts = [UID(encoded.text_of(reference, at.REFERENCED_SOP_CLASS_UID)).name]
    parts.append(encoded.text_of(reference, at.REFERENCED_SOP_INSTANCE_UID))
    for keyword, word in (
        ("ReferencedFrameNumber", "frame"),
        ("ReferencedSegmentNumber", "segment"),
        ("ReferencedWaveformChannels", "channels"),
    ):
        if keyword in reference:
            parts.append(f"{word} {reference.get(keyword)}")
    return " ".join(parts)


def _coordinates(item: Dataset) -> str:
    graphic = encoded.text_of(item, at.GRAPHIC_TYPE)
    columns = 3 if value_type_of(item) == "SCOORD3D" else 2
    element = elements_of(item)[at.GRAPHIC_DATA]
    count = len(element.value or b"") // (4 if element.is_raw else 1) // columns
    return f"{graphic} of {count} point{'' if count == 1 else 's'}"


def _times(item: Any) -> str:
    return f"{encoded.text_of(item, at.TEMPORAL_RANGE_TYPE)} {', '.join(map(str, item.value))}"


_DESCRIPTIONS: dict[str, Any] = {
    "CODE": _code,
    "NUM": _number,
    "CONTAINER": _container,
    "COMPOSITE": _reference,
    "IMAGE": _reference,
    "WAVEFORM": _reference,
    "SCOORD": _coordinates,
    "SCOORD3D": _coordinates,
    "TCOORD": _times,
}
