"""The items of an Annotation Group Sequence, found without reading what they hold.

Only headers of elements and small values are read; big values are noted by their place, so that opening a file of a
million polygons costs no more than opening one of ten.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from hdcore.errors import UnreadableError
from hdcore.model.element import put_element
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

if TYPE_CHECKING:
    from hdcore_ann.storage import FileStorage, MemoryStorage

__all__ = ["LARGEST_VALUE_READ", "scan_items"]

LARGEST_VALUE_READ = 1 << 16
"""Bytes of a value above which it is left where it is until it is asked for."""

_ITEM = 0xFFFEE000
_ITEM_END = 0xFFFEE00D
_SEQUENCE_END = 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})


class _Cursor:
    """Walks over elements of one encoding."""

    def __init__(self, storage: FileStorage | MemoryStorage, position: int, implicit: bool, little: bool) -> None:
        self.storage, self.position, self.implicit, self.little = storage, position, implicit, little
        self._tag = struct.Struct("<HHL" if little else ">HHL")
        self._explicit = struct.Struct("<HH2sH" if little else ">HH2sH")
        self._length = struct.Struct("<L" if little else ">L")

    def item_header(self) -> tuple[int, int]:
        """Read the tag and length of an item or delimiter."""
        group, element, length = self._tag.unpack(self._take(8))
        return group << 16 | element, length

    def element(self) -> RawDataElement:
        """Read the header of an element, and its value unless it is big."""
        header = self._take(8)
        group, number, length = self._tag.unpack(header)
        vr = None
        if not self.implicit and group != 0xFFFE:
            _, _, code, length = self._explicit.unpack(header)
            if code in _LONG:
                (length,) = self._length.unpack(self._take(4))
            if not (code.isalpha() and code.isupper()):
                raise UnreadableError(f"{code!r} is not a value representation.")
            vr = code.decode("ascii")
        if length == _UNDEFINED:
            raise UnreadableError("An element of undefined length.")
        tag, start = BaseTag(group << 16 | number), self.position
        self.position += length
        value = None if length > LARGEST_VALUE_READ else self.storage.read_at(start, length)
        return RawDataElement(tag, vr, length, value, start, self.implicit, self.little)

    def _take(self, count: int) -> bytes:
        data = self.storage.read_at(self.position, count)
        if len(data) < count:
            raise UnreadableError("The sequence ends within an element.")
        self.position += count
        return data


def scan_items(
    storage: FileStorage | MemoryStorage, start: int, length: int, *, is_implicit_vr: bool, is_little_endian: bool
) -> list[Dataset]:
    """Find the items of a sequence of defined length.

    Parameters
    ----------
    storage: hdcore_ann.storage.FileStorage | hdcore_ann.storage.MemoryStorage
        What holds them.
    start: int
        Byte at which the first item begins.
    length: int
        Bytes of all items.
    is_implicit_vr: bool
        Whether elements carry no value representation.
    is_little_endian: bool
        Byte order.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        The items; values of more than :data:`LARGEST_VALUE_READ` bytes are read when they are asked for.

    Raises
    ------
    ValueError
        If the bytes are not such items, or an element has an undefined length, which needs a full parser.
    """
    cursor = _Cursor(storage, start, is_implicit_vr, is_little_endian)
    items = []
    while cursor.position < start + length:
        tag, size = cursor.item_header()
        if tag == _SEQUENCE_END:
            break
        if tag != _ITEM:
            raise UnreadableError(f"Expected an item at byte {cursor.position - 8}, not tag {tag:08X}.")
        items.append(_scan_item(cursor, size))
    if cursor.position > start + length:
        raise UnreadableError("An item is longer than its sequence.")
    return items


def _scan_item(cursor: _Cursor, size: int) -> Dataset:
    item = Dataset()
    # what pydicom asks for when it reads an element that was left for later
    item.filename, item.buffer, item.fileobj_type, item.timestamp = None, cursor.storage, None, None
    end = None if size == _UNDEFINED else cursor.position + size
    while end is None or cursor.position < end:
        element = cursor.element()
        if element.tag == _ITEM_END:
            break
        put_element(item, element)
    if end is not None and cursor.position != end:
        raise UnreadableError("An element is longer than its item.")
    return item
