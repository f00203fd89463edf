"""Writing trees of content items as bytes, in one pass.

pydicom writes a nested dataset in 60 microseconds; joining elements that are encoded already takes two. What somebody
has parsed or set through pydicom is written by pydicom, element by element.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from hdcore.content import encoded
from hdcore.model.element import DeferredSequence, character_set_of, elements_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset

__all__ = ["encode_items"]

_pack_u16 = Struct("<H").pack
_pack_u32 = Struct("<I").pack
_TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_PLAIN_VRS = frozenset({"CS", "UI", "UR", "DA", "TM", "DT"})


def encode_items(items: Iterable[Dataset], character_set: list[str]) -> bytes:
    """Write the items of a sequence in Explicit VR Little Endian.

    Parameters
    ----------
    items: Iterable[pydicom.dataset.Dataset]
        The items, with everything in them.
    character_set: list[str]
        Python codecs for texts.

    Returns
    -------
    bytes
        The value of the sequence; all lengths are defined.
    """
    parts: list[bytes] = []
    _append_items(items, character_set, parts)
    return b"".join(parts)


def _append_items(items: Iterable[Dataset], character_set: list[str], parts: list[bytes]) -> int:
    total = 0
    for item in items:
        place = len(parts)
        parts.append(b"")
        length = _append_elements(item, character_set, parts)
        parts[place] = encoded.ITEM + _pack_u32(length)
        total += length + 8
    return total


def _append_elements(item: Dataset, character_set: list[str], parts: list[bytes]) -> int:
    elements = elements_of(item)
    own = character_set_of(item)
    is_same = own == character_set
    total = 0
    for tag in sorted(elements, key=int):
        element = elements[tag]
        if element.is_raw:
            if is_same or element.VR not in _TEXT_VRS or (element.value or b"").isascii():
                total += _append_raw(element, own, character_set, parts)
                continue
            element = item[tag]
        total += _append_parsed(element, character_set, parts)
    return total


def _append_raw(element: RawDataElement, own: str | list[str], character_set: list[str], parts: list[bytes]) -> int:
    tag, vr, _, value, _, is_implicit, is_little_endian, _, _ = element
    if vr == "SQ" and (is_implicit or not is_little_endian or not (own == character_set or (value or b"").isascii())):
        return _append_sequence(element, _read(element, own), character_set, parts)
    if vr is None or (not is_little_endian and vr not in _TEXT_VRS | _PLAIN_VRS):
        from pydicom.dataelem import convert_raw_data_element

        return _append_parsed(convert_raw_data_element(element, encoding=_codecs(own)), character_set, parts)
    prefix, is_long = encoded.header_of(tag, vr)
    value = value or b""
    if is_long:
        parts.append(prefix + _pack_u32(len(value)))
        parts.append(value)
        return len(value) + 12
    parts.append(prefix + _pack_u16(len(value)))
    parts.append(value)
    return len(value) + 8


def _read(element: RawDataElement, character_set: str | list[str]) -> Iterable[Dataset]:
    from pydicom.values import convert_SQ

    return convert_SQ(
        element.value or b"", bool(element.is_implicit_VR), bool(element.is_little_endian), _codecs(character_set)
    )


def _codecs(character_set: str | list[str]) -> list[str]:
    return [character_set] if isinstance(character_set, str) else character_set


def _append_sequence(
    element: DataElement | RawDataElement, items: Iterable[Dataset], character_set: list[str], parts: list[bytes]
) -> int:
    prefix, _ = encoded.header_of(element.tag, "SQ")
    place = len(parts)
    parts.append(b"")
    length = _append_items(items, character_set, parts)
    parts[place] = prefix + _pack_u32(length)
    return length + 12


def _append_parsed(element: DataElement, character_set: list[str], parts: list[bytes]) -> int:
    if element.VR == "SQ":
        items = element.value
        if isinstance(items, DeferredSequence) and (ready := ready_bytes(items, character_set)) is not None:
            return _append_raw(encoded.raw(element.tag, "SQ", ready), character_set, character_set, parts)
        return _append_sequence(element, items or (), character_set, parts)
    if type(element.value) is str and (
        element.VR in _PLAIN_VRS or (element.VR in _TEXT_VRS and element.value.isascii())
    ):
        return _append_raw(
            encoded.text(element.tag, str(element.VR), element.value),
            character_set,
            character_set,
            parts,
        )
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_data_element(buffer, element, character_set)
    parts.append(buffer.getvalue())
    return len(parts[-1])


def ready_bytes(items: DeferredSequence, character_set: list[str]) -> bytes | None:
    """Give the encoded value of a sequence that nobody has looked into, if it can be written as it is."""
    source = getattr(items, "encoded_value", None)
    if not items.is_deferred or source is None:
        return None
    element, own = source
    if element.is_implicit_VR or not element.is_little_endian or not (own == character_set or element.value.isascii()):
        return None
    return element.value  # type: ignore[no-any-return]
