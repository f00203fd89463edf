"""Content items as encoded elements: how they are made and looked at.

A report has ten times as many datasets as content items, since every concept is a sequence of one item. As pydicom
objects they cost 50 microseconds each to make, read and write. Here a concept is the encoded value of its sequence: the
same few concepts come back thousands of times, so encoding and decoding one is a look-up in a dictionary. Whoever looks
at such an element through pydicom gets the datasets, made at that moment.

Made elements are in Explicit VR Little Endian and UTF-8; read ones in the encoding of their file.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from pydicom.charset import decode_bytes
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import BaseTag

from hdcore.content import attributes as at
from hdcore.content.cutting import items_in, parsed_items
from hdcore.model.element import UTF_8, character_set_of
from hdcore.model.encode import ITEM, header_of, raw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset

Elements = dict[BaseTag, DataElement | RawDataElement]

_pack_u16 = Struct("<H").pack
_pack_u32 = Struct("<I").pack
_CACHE_SIZE = 1 << 16
_SHORT_VALUE_LENGTH = 16
URN_PREFIXES = ("urn:", "http://", "https://")
"""How the code values begin that URN Code Value holds (PS3.3 8.1)."""


class Concept(NamedTuple):
    """A coded concept as four texts; usable wherever a pydicom ``Code`` is."""

    value: str
    scheme_designator: str
    meaning: str
    scheme_version: str | None = None


# Making elements


def text(tag: BaseTag, vr: str, value: str) -> RawDataElement:
    """Make an element of a text."""
    encoded = value.encode()
    if len(encoded) & 1:
        encoded += b"\0" if vr == "UI" else b" "
    return raw(tag, vr, encoded)


@lru_cache(maxsize=1024)
def term(tag: BaseTag, value: str) -> RawDataElement:
    """Make an element of a code string, once for each."""
    return text(tag, "CS", value)


def sequence(tag: BaseTag, items: Iterable[Iterable[RawDataElement]]) -> RawDataElement:
    """Make a sequence element of items whose elements are given in the order of their tags."""
    return raw(tag, "SQ", b"".join(encode_item([element_bytes(element) for element in item]) for item in items))


def encode_item(parts: list[bytes]) -> bytes:
    """Put the header of an item before its encoded elements."""
    body = b"".join(parts)
    return ITEM + _pack_u32(len(body)) + body


def element_bytes(element: RawDataElement) -> bytes:
    """Write an element of Explicit VR Little Endian."""
    value = element[3] or b""
    prefix, is_long = header_of(element[0], element[1])
    return prefix + (_pack_u32(len(value)) if is_long else _pack_u16(len(value))) + value


@lru_cache(maxsize=_CACHE_SIZE)
def code(tag: BaseTag, value: str, scheme_designator: str, meaning: str, version: str | None) -> RawDataElement:
    """Make a code sequence of one item, once for each concept and attribute."""
    return sequence(tag, [code_elements(value, scheme_designator, meaning, version)])


def code_elements(value: str, scheme_designator: str, meaning: str, version: str | None) -> list[RawDataElement]:
    """Make the elements of a code item (PS3.3 8.8), in the order of their tags."""
    if value.startswith(URN_PREFIXES):
        elements = [text(at.URN_CODE_VALUE, "UR", value)]
    elif len(value) > _SHORT_VALUE_LENGTH:
        elements = [text(at.LONG_CODE_VALUE, "UC", value)]
    else:
        elements = [text(at.CODE_VALUE, "SH", value)]
    if scheme_designator:
        elements.append(text(at.SCHEME_DESIGNATOR, "SH", scheme_designator))
    if version:
        elements.append(text(at.SCHEME_VERSION, "SH", version))
    elements.append(text(at.CODE_MEANING, "LO", meaning))
    return sorted(elements, key=lambda element: int(element.tag))


# Looking at elements


def view_of(dataset: Dataset) -> Elements:
    """Look at the elements of an item, only to read them: an item that nobody has opened stays unopened."""
    state = dataset.__dict__
    elements: Elements | None = state.get("_dict")
    return state["_view"] if elements is None else elements


def text_of(dataset: Dataset, tag: BaseTag) -> str:
    """Read a text without parsing the element; empty if there is none."""
    element: Any = view_of(dataset).get(tag)
    if element is None:
        return ""
    if not element.is_raw:
        return "" if element.value is None else str(element.value)
    value = element[3]
    if value and value.isascii() and b"\x1b" not in value:
        return value.decode("ascii").rstrip(" \0")  # type: ignore[no-any-return]
    return decode_text(value, character_set_of(dataset))


def decode_text(value: bytes | None, character_set: str | list[str]) -> str:
    """Decode a text and take off its padding."""
    if not value:
        return ""
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii").rstrip(" \0")
    if isinstance(character_set, str):
        character_set = [character_set]
    return decode_bytes(value, character_set, {0xC, 0xA, 0xD, 0x9}).rstrip(" \0")


def concept_of(dataset: Dataset, tag: BaseTag) -> Concept | None:
    """Read the concept in a code sequence without parsing it; ``None`` if there is none."""
    element: Any = view_of(dataset).get(tag)
    if element is None:
        return None
    if element.is_raw:
        return concept_in(element, character_set_of(dataset))
    items = parsed_items(element)
    return concept_of_item(items[0]) if items else None


def concept_of_item(item: Dataset) -> Concept | None:
    """Read the concept of an item of a code sequence; ``None`` if it has no value."""
    value = text_of(item, at.CODE_VALUE) or text_of(item, at.LONG_CODE_VALUE) or text_of(item, at.URN_CODE_VALUE)
    if not value:
        return None
    return Concept(
        value,
        text_of(item, at.SCHEME_DESIGNATOR),
        text_of(item, at.CODE_MEANING),
        text_of(item, at.SCHEME_VERSION) or None,
    )


_concepts: dict[tuple[bytes | None, bool], Concept | None] = {}


def concept_in(element: RawDataElement, character_set: str | list[str]) -> Concept | None:
    """Read the concept in an encoded code sequence; ``None`` if there is none."""
    key = (element[3], element[5])
    try:
        return _concepts[key]
    except KeyError:
        pass
    concept = _decode_concept(element, character_set)
    if element.value is None or element.value.isascii() or character_set == UTF_8:
        if len(_concepts) >= _CACHE_SIZE:
            _concepts.clear()
        _concepts[key] = concept
    return concept


_CODE_TEXTS = (
    (at.CODE_VALUE, at.LONG_CODE_VALUE, at.URN_CODE_VALUE),
    (at.SCHEME_DESIGNATOR,),
    (at.CODE_MEANING,),
    (at.SCHEME_VERSION,),
)


def _decode_concept(element: RawDataElement, character_set: str | list[str]) -> Concept | None:
    for item in items_in(element, character_set):
        value, scheme, meaning, version = (
            next((decode_text(item[tag].value, character_set) for tag in tags if tag in item), "")
            for tags in _CODE_TEXTS
        )
        return Concept(value, scheme, meaning, version or None) if value else None
    return None
