"""Cutting the items of encoded sequences into encoded elements, without looking into nested ones.

pydicom takes some fifty microseconds for an item, one look at its bytes two. Elements of which a tree has the same few
values again and again are made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import TYPE_CHECKING

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from hdcore.content import attributes as at
from hdcore.errors import UnreadableError
from hdcore.model.damage import reading
from hdcore.model.element import elements_of
from hdcore.model.encode import ITEM, LONG_VRS

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

__all__ = ["RefusedError", "items_in", "parsed_items", "scan_items"]

_U16 = Struct("<H").unpack_from
_U32 = Struct("<I").unpack_from
_UNDEFINED = 0xFFFFFFFF
_CACHE_SIZE = 1 << 16


class RefusedError(Exception):
    """Bytes are not laid out as the fast scanner expects; pydicom reads them instead."""


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
