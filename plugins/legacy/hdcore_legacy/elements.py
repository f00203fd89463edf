"""The elements of a source image as bytes: what is compared, sorted into place and written without being parsed.

Whether 300 images say the same of something is a comparison of bytes, and what they say is copied to its place as it
is. Elements read from files are taken over as they lie; others are encoded once. All become Explicit VR Little Endian
with texts in UTF-8, whatever the sources were.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hdcore.model.byte_order import in_little_endian
from hdcore.model.element import character_set_of, elements_of
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.multival import MultiValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydicom.dataelem import DataElement

__all__ = [
    "Elements",
    "as_raw",
    "elements_in",
    "encode_element",
    "encoded_elements",
    "equal_bytes",
    "has_value",
    "item_of",
    "sequence_of",
    "text_of",
    "value_of",
]

Elements = dict[int, bytes]
"""Encoded elements by tag, headers included."""

_LONG = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
_LONG_BYTES = frozenset(vr.encode() for vr in _LONG)
_TEXT_OF_CHARACTER_SET = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_PLAIN_TEXT = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR"})
_NUMBERS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}
_PIXELS = 0x7FE0
# Specific Character Set, MAC Parameters, Digital Signatures, padding
_LEFT_OUT = (0x00080005, 0x4FFE0001, 0xFFFAFFFA, 0xFFFCFFFC)
_PIXEL_REPRESENTATION = 0x00280103


def encoded_elements(dataset: Dataset) -> Elements:
    """Encode all that an image says but its pixels.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        A single-frame image.

    Returns
    -------
    dict[int, bytes]
        Elements by tag, each with its header. Pixel data, its character set, group lengths, digital signatures
        (which no longer hold) and padding are left out.
    """
    utf8 = _is_utf8(dataset)
    encoded: Elements = {}
    for key, element in list(elements_of(dataset).items()):
        tag = int(key)  # tags of pydicom compare in Python, integers in C
        if tag >> 16 == _PIXELS or not tag & 0xFFFF or tag in _LEFT_OUT:
            continue
        found = _as_it_lies(tag, element, utf8) if element.is_raw else _quickly(tag, element)
        encoded[tag] = found if found is not None else _by_pydicom(dataset, key)
    return encoded


def _is_utf8(dataset: Dataset) -> bool:
    codecs = character_set_of(dataset)
    names = [codecs] if isinstance(codecs, str) else list(codecs)
    return all(name.lower() in ("utf8", "utf-8", "utf_8") for name in names)


def _is_ascii(value: bytes) -> bool:
    # the escape character begins another alphabet, whose letters may then be bytes of ASCII
    return value.isascii() and b"\x1b" not in value


def _as_it_lies(tag: int, element: RawDataElement, utf8: bool) -> bytes | None:
    """Take over a raw element, if its bytes mean the same under the encoding that is written."""
    _, vr, length, value, _, is_implicit_vr, is_little_endian, *_ = element
    if value is None or not is_little_endian or length == 0xFFFFFFFF:
        return None
    if is_implicit_vr or vr is None:
        vr = _dictionary_vr(tag)
    if vr is None or (not utf8 and vr in _TEXT_OF_CHARACTER_SET and not _is_ascii(value)):
        return None
    if vr == "SQ" and (is_implicit_vr or not (utf8 or _is_ascii(value))):
        return None
    return encode_element(tag, vr, value)


@lru_cache(maxsize=4096)
def _dictionary_vr(tag: int) -> str | None:
    if tag >> 16 & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else None
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return None
    return vr if len(vr) == 2 and vr != "SQ" else None


def _quickly(tag: int, element: DataElement) -> bytes | None:
    """Encode a parsed element of a simple value representation."""
    vr, value = str(element.VR), element.value
    if value is None:
        return encode_element(tag, vr, b"") if len(vr) == 2 else None
    several = isinstance(value, (MultiValue, list, tuple))
    if vr in _PLAIN_TEXT or vr in _TEXT_OF_CHARACTER_SET:
        text = "\\".join(map(str, value)) if several else str(value)
        return encode_element(tag, vr, text.encode(), b"\0" if vr == "UI" else b" ")
    if vr in _NUMBERS:
        values = value if several else [value]
        return encode_element(tag, vr, struct.pack(f"<{len(values)}{_NUMBERS[vr]}", *values))
    return None


def _by_pydicom(dataset: Dataset, tag: Any) -> bytes:
    part = Dataset()
    part.add(in_little_endian(dataset, tag))
    ambiguous = len(dataset[tag].VR) > 2 and _PIXEL_REPRESENTATION in dataset
    if ambiguous:
        part.add(dataset[_PIXEL_REPRESENTATION])
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = False, True
    write_dataset(buffer, part, "utf8")
    encoded = buffer.getvalue()
    if not ambiguous:
        return encoded
    pixel_representation = encode_element(_PIXEL_REPRESENTATION, "US", struct.pack("<H", dataset.PixelRepresentation))
    return encoded.replace(pixel_representation, b"", 1)


def encode_element(tag: int, vr: str, value: bytes, padding: bytes = b"\0") -> bytes:
    """Put a header before an encoded value.

    Parameters
    ----------
    tag: int
        The tag.
    vr: str
        Value representation.
    value: bytes
        The value.
    padding: bytes, optional
        What is added to a value of odd length.

    Returns
    -------
    bytes
        The element in Explicit VR Little Endian; of VR UN if it is too long for its own.
    """
    if len(value) % 2:
        value += padding
    return _header(tag, vr, len(value)) + value


@lru_cache(maxsize=1 << 14)
def _header(tag: int, vr: str, length: int) -> bytes:
    group, number = tag >> 16, tag & 0xFFFF
    if vr not in _LONG and length < 1 << 16:
        return struct.pack("<HH2sH", group, number, vr.encode(), length)
    return struct.pack("<HH2sHL", group, number, vr.encode() if vr in _LONG else b"UN", 0, length)


def _header_length(element: bytes) -> int:
    return 12 if element[4:6] in _LONG_BYTES else 8


def value_of(element: bytes | None) -> bytes:
    """Give the value of an encoded element without its padding; empty if there is none."""
    return b"" if element is None else element[_header_length(element) :].rstrip(b" \0")


def equal_bytes(column: Sequence[bytes | None]) -> bool:
    """Tell whether all images say the same."""
    first = column[0]
    return all(element == first for element in column)


def has_value(element: bytes | None) -> bool:
    """Tell whether an encoded element has a value: a number, which may be zero, or anything but padding."""
    if element is None:
        return False
    content = element[_header_length(element) :]
    return bool(content) if element[4:6].decode() in _NUMBERS else bool(content.rstrip(b" \0"))


def text_of(element: bytes | None) -> str:
    """Give the value of an encoded element as text."""
    return value_of(element).decode("utf-8", "replace")


def as_raw(tag: int, element: bytes) -> RawDataElement:
    """Make of an encoded element one that a dataset holds unparsed.

    Parameters
    ----------
    tag: int
        Its tag.
    element: bytes
        The element with its header.

    Returns
    -------
    pydicom.dataelem.RawDataElement
        The element.
    """
    from pydicom.tag import BaseTag

    start = _header_length(element)
    value = element[start:]
    return RawDataElement(BaseTag(tag), element[4:6].decode(), len(value), value, 0, False, True)


def item_of(elements: Mapping[int, bytes]) -> bytes:
    """Make an item of encoded elements."""
    content = b"".join(elements[tag] for tag in sorted(elements))
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(content)) + content


def sequence_of(tag: int, items: Iterable[bytes]) -> bytes:
    """Make a sequence element of encoded items."""
    return encode_element(tag, "SQ", b"".join(items))


def elements_in(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Take encoded elements that follow one another apart.

    Parameters
    ----------
    content: bytes
        Elements in Explicit VR Little Endian, of defined lengths.

    Yields
    ------
    tuple[int, bytes]
        Tag and element.
    """
    at = 0
    while at + 8 <= len(content):
        group, number = struct.unpack_from("<HH", content, at)
        header = _header_length(content[at : at + 12])
        size = struct.unpack_from("<L" if header == 12 else "<H", content, at + header - (4 if header == 12 else 2))[0]
        yield group << 16 | number, content[at : at + header + size]
        at += header + size
