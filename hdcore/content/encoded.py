"""Content items as encoded elements: how they are made, looked at and cut out of bytes.

A report has ten times as many datasets as content items, since every concept is a sequence of one item. As pydicom
objects they cost 50 microseconds each to make, read and write. Here a concept is the encoded value of its sequence: the
same few concepts come back thousands of times, so encoding and decoding one is a look-up in a dictionary. Whoever looks
at such an element through pydicom gets the datasets, made at that moment.

Made elements are in Explicit VR Little Endian and UTF-8; read ones in the encoding of their file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from pydicom.charset import decode_bytes
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import BaseTag

from hdcore.content import attributes as at
from hdcore.errors import UnreadableError
from hdcore.model.damage import reading
from hdcore.model.element import UTF_8, character_set_of, elements_of
from hdcore.model.encode import ITEM, LONG_VRS, header_of, raw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset

Elements = dict[BaseTag, DataElement | RawDataElement]

_U16 = Struct("<H").unpack_from
_U32 = Struct("<I").unpack_from
_pack_u16 = Struct("<H").pack
_pack_u32 = Struct("<I").pack
_UNDEFINED = 0xFFFFFFFF
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


class RefusedError(Exception):
    """Bytes are not laid out as the fast scanner expects; pydicom reads them instead."""


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


# Cutting items out of bytes


def items_in(element: RawDataElement, character_set: str | list[str]) -> list[dict[BaseTag, RawDataElement]]:
    """Cut the elements of each item out of an encoded sequence, by pydicom where the scanner refuses."""
    value = element.value or b""
    try:
        if not element.is_little_endian:
            raise RefusedError
        return scan_items(value, bool(element.is_implicit_VR))
    except RefusedError:
        from pydicom.values import convert_SQ

        charset = [character_set] if isinstance(character_set, str) else character_set
        with reading(_named(element.tag)):
            read = convert_SQ(value, bool(element.is_implicit_VR), bool(element.is_little_endian), charset)
            return [elements_of(item) for item in read]


def parsed_items(element: DataElement) -> Sequence[Dataset]:
    """Give the items of a sequence that pydicom has parsed.

    Raises
    ------
    ValueError
        If it is no sequence.
    """
    value = element.value
    if isinstance(value, list | Sequence) and element.VR == "SQ":
        return value
    if value is None or value == "":
        return ()
    raise UnreadableError(f"{_named(element.tag)} is of value representation {element.VR}; expected items (VR SQ).")


def _named(tag: BaseTag) -> str:
    return keyword_for_tag(tag) or str(tag)


def scan_items(data: bytes, is_implicit: bool) -> list[dict[BaseTag, RawDataElement]]:
    """Cut the elements of each item out of the value of a little endian sequence, without looking into nested ones.

    Parameters
    ----------
    data: bytes
        Value of the sequence: items of defined length.
    is_implicit: bool
        Whether elements carry no value representation.

    Raises
    ------
    RefusedError
        If a length is undefined or does not fit.
    """
    scan = _scan_implicit if is_implicit else _scan_explicit
    items = []
    position, end = 0, len(data)
    while position < end:
        if data[position : position + 4] != ITEM or position + 8 > end:
            raise RefusedError
        stop = position + 8 + _U32(data, position + 4)[0]
        if stop > end:
            raise RefusedError
        items.append(scan(data, position + 8, stop))
        position = stop
    return items


def _scan_explicit(data: bytes, position: int, end: int) -> dict[BaseTag, RawDataElement]:
    elements: dict[BaseTag, RawDataElement] = {}
    make = tuple.__new__
    while position < end:
        start = position
        known = _explicit_headers.get(data[position : position + 6]) or _learn_explicit(data[position : position + 6])
        tag, vr, is_long, recurs = known
        if position + (12 if is_long else 8) > end:
            raise RefusedError
        if is_long:
            length = _U32(data, position + 8)[0]
            position += 12
        else:
            length = _U16(data, position + 6)[0]
            position += 8
        stop = position + length
        if stop > end or length == _UNDEFINED:
            raise RefusedError
        element = _recurring.get(data[start:stop]) if recurs and length <= _LONGEST_RECURRING else None
        if element is None:
            element = make(RawDataElement, (tag, vr, length, data[position:stop], position, False, True, True, False))
            if recurs and length <= _LONGEST_RECURRING:
                _remember(data[start:stop], element)
        elements[tag] = element
        position = stop
    return elements


def _remember(encoded: bytes, element: RawDataElement) -> None:
    if len(_recurring) >= _CACHE_SIZE:
        _recurring.clear()
    _recurring[encoded] = element


def _scan_implicit(data: bytes, position: int, end: int) -> dict[BaseTag, RawDataElement]:
    elements: dict[BaseTag, RawDataElement] = {}
    while position + 8 <= end:
        tag, vr = _implicit_headers.get(data[position : position + 4]) or _learn_implicit(data[position : position + 4])
        length = _U32(data, position + 4)[0]
        position += 8
        stop = position + length
        if stop > end or length == _UNDEFINED:
            raise RefusedError
        elements[tag] = RawDataElement(tag, vr, length, data[position:stop], position, True, True)
        position = stop
    if position != end:
        raise RefusedError
    return elements


_RECURRING = frozenset(
    {
        at.RELATIONSHIP_TYPE,
        at.VALUE_TYPE,
        at.CONCEPT_NAME,
        at.CONCEPT_CODE,
        at.CONTINUITY_OF_CONTENT,
        at.CONTENT_TEMPLATE,
        at.UNITS,
        at.GRAPHIC_TYPE,
        at.REFERENCED_SOP_CLASS_UID,
    }
)
"""Attributes of which a tree has the same few values again and again, so that their elements are shared."""
_LONGEST_RECURRING = 256
_recurring: dict[bytes, RawDataElement] = {}
_tags = {int(tag): tag for name, tag in vars(at).items() if name.isupper()}
_explicit_headers: dict[bytes, tuple[BaseTag, str, bool, bool]] = {}
_implicit_headers: dict[bytes, tuple[BaseTag, str]] = {}
_KNOWN_VRS = frozenset(
    [
        "AE",
        "AS",
        "AT",
        "CS",
        "DA",
        "DS",
        "DT",
        "FD",
        "FL",
        "IS",
        "LO",
        "LT",
        "OB",
        "OD",
        "OF",
        "OL",
        "OV",
        "OW",
        "PN",
        "SH",
        "SL",
        "SQ",
        "SS",
        "ST",
        "SV",
        "TM",
        "UC",
        "UI",
        "UL",
        "UN",
        "UR",
        "US",
        "UT",
        "UV",
    ]
)


def _tag_of(header: bytes) -> BaseTag:
    number = _U16(header, 0)[0] << 16 | _U16(header, 2)[0]
    return _tags.get(number) or BaseTag(number)


def _learn_explicit(header: bytes) -> tuple[BaseTag, str, bool, bool]:
    vr = header[4:6].decode("latin-1")
    if vr not in _KNOWN_VRS or header[:2] == b"\xfe\xff":
        raise RefusedError
    tag = _tag_of(header)
    _explicit_headers[header] = known = (tag, vr, vr in LONG_VRS, tag in _RECURRING)
    return known


def _learn_implicit(header: bytes) -> tuple[BaseTag, str]:
    tag = _tag_of(header)
    if header[:2] == b"\xfe\xff" or tag.is_private:
        raise RefusedError
    try:
        vr = str(dictionary_VR(tag))
    except KeyError as error:
        raise RefusedError from error
    if vr not in _KNOWN_VRS:
        raise RefusedError
    _implicit_headers[header] = known = (tag, vr)
    return known
