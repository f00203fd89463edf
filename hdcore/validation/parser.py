"""Read elements from bytes, whatever the bytes are (PS3.5 chapter 7).

The parser never raises. What it cannot read becomes a problem of the item it is in, and it goes on with what follows
where that can be known. Sequences of known length are split into items without looking into them, so that items of
equal bytes or layout need to be parsed once only.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from hdcore.validation.elements import Element, Item, Items, Problem, implicit_vr, tag_text

if TYPE_CHECKING:
    from hdcore.validation.elements import Buffer

__all__ = ["LONG_REPRESENTATIONS", "Parser"]

_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_DATA = 0x7FE00010
LONG_REPRESENTATIONS = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
"""Value representations with a length of four bytes (PS3.5 table 7.1-1)."""
_SHORT = frozenset({
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS",
    b"ST", b"TM", b"UI", b"UL", b"US",
})  # fmt: skip
_DEEPEST = 64


class Parser:
    """Reads elements in one transfer syntax."""

    def __init__(self, *, is_implicit: bool, is_little_endian: bool, depth: int = 0) -> None:
        self.is_implicit = is_implicit
        self.is_little_endian = is_little_endian
        self.depth = depth
        order = "<" if is_little_endian else ">"
        self._tag_and_length = struct.Struct(f"{order}HHI")
        self._tag = struct.Struct(f"{order}HH")
        self._short = struct.Struct(f"{order}H")
        self._long = struct.Struct(f"{order}I")

    def dataset(self, data: Buffer) -> Item:
        """Read a whole dataset."""
        return Item(raw=memoryview(data), parse=self._elements)

    def items(self, data: Buffer) -> tuple[Items, list[Problem]]:
        """Split the value of a sequence of known length into its items."""
        problems: list[Problem] = []
        items, _ = self._items(memoryview(data), 0, len(data), problems, 0)
        return items, problems

    def fragments(self, data: Buffer, problems: list[Problem]) -> list[Buffer]:
        """Split encapsulated pixel data, without or with its sequence delimiter, into fragments."""
        view = memoryview(data)
        if bytes(view[-8:-4]) == self._tag.pack(0xFFFE, 0xE0DD):
            view = view[:-8]
        found: list[Problem] = []
        fragments, _ = self._fragments(view, 0, len(view), found)
        problems += [problem for problem in found if problem.code != "FILE013"]
        return fragments

    def vr_of(self, tag: int) -> str:
        """Give the value representation that an attribute has in Implicit VR."""
        return implicit_vr(tag)

    def _elements(self, data: Buffer) -> tuple[dict[int, Element], list[Problem]]:
        problems: list[Problem] = []
        elements, _ = self._read(memoryview(data), 0, len(data), problems, is_item=False)
        return elements, problems

    def _read(
        self, data: memoryview, position: int, end: int, problems: list[Problem], *, is_item: bool
    ) -> tuple[dict[int, Element], int]:
        """Read elements until the end, or until an item delimiter where one is expected."""
        elements: dict[int, Element] = {}
        previous = -1
        while position + 8 <= end:
            group, number = self._tag.unpack_from(data, position)
            tag = group << 16 | number
            if tag in (_ITEM_END, _SEQUENCE_END, _ITEM):
                if is_item and tag == _ITEM_END:
                    return elements, position + 8
                problems.append(Problem("FILE010", f"{tag_text(tag)} stands where an attribute is expected", tag))
                return elements, end
            header = self._header(data, position, end, tag, problems)
            if header is None:
                return elements, end
            vr, length, position = header
            if tag <= previous:
                word = "twice" if tag in elements else "out of order"
                problems.append(Problem("FILE012", f"stands {word}; attributes are in ascending order of tags", tag))
            previous = max(previous, tag)
            element, position = self._element(data, position, end, tag, vr, length, problems)
            if tag >> 16 != 0xFFFC:  # data set trailing padding may hold anything
                elements[tag] = element
        if position < end and bytes(data[position:end]).strip(b"\0"):
            problems.append(Problem("FILE011", f"{end - position} bytes at the end are not an attribute"))
        if is_item:
            problems.append(Problem("FILE013", "an item of undefined length has no end"))
        return elements, end

    def _header(
        self, data: memoryview, position: int, end: int, tag: int, problems: list[Problem]
    ) -> tuple[str, int, int] | None:
        if self.is_implicit:
            return implicit_vr(tag), self._long.unpack_from(data, position + 4)[0], position + 8
        vr = bytes(data[position + 4 : position + 6])
        if vr in _SHORT:
            return vr.decode("ascii"), self._short.unpack_from(data, position + 6)[0], position + 8
        if vr in LONG_REPRESENTATIONS:
            if position + 12 <= end:
                return vr.decode("ascii"), self._long.unpack_from(data, position + 8)[0], position + 12
            problems.append(Problem("FILE011", "ends within the attribute's header", tag))
            return None
        # Some write one attribute, often a private one, as in implicit VR. Its length then says whether that is so.
        length = self._long.unpack_from(data, position + 4)[0]
        problems.append(Problem("FILE014", f"has the value representation {vr!r}, which does not exist", tag))
        return (implicit_vr(tag), length, position + 8) if position + 8 + length <= end else None

    def _element(
        self, data: memoryview, position: int, end: int, tag: int, vr: str, length: int, problems: list[Problem]
    ) -> tuple[Element, int]:
        little = self.is_little_endian
        if length == _UNDEFINED:
            if tag == _PIXEL_DATA and vr in ("OB", "OW", "UN"):
                fragments, position = self._fragments(data, position, end, problems)
                return Element(tag, vr, fragments=fragments, is_little_endian=little), position
            reader = self
            if vr == "UN" and not self.is_implicit:
                reader = Parser(is_implicit=True, is_little_endian=True, depth=self.depth)
            if vr not in ("SQ", "UN"):
                problems.append(Problem("FILE015", f"has an undefined length, which VR {vr} cannot have", tag))
            items, position = reader._items(data, position, end, problems, tag, until_delimiter=True)
            return Element(tag, "SQ", items=items, is_little_endian=little), position
        if position + length > end:
            problems.append(
                Problem("FILE016", f"has a length of {length} bytes, of which {end - position} are there", tag)
            )
            length = end - position
        value = data[position : position + length]
        if vr == "SQ":
            items, _ = self._items(value, 0, length, problems, tag)
            return Element(tag, vr, value, items=items, is_little_endian=little), position + length
        return Element(tag, vr, value, is_little_endian=little), position + length

    def _items(
        self,
        data: memoryview,
        position: int,
        end: int,
        problems: list[Problem],
        sequence: int,
        *,
        until_delimiter: bool = False,
    ) -> tuple[Items, int]:
        items = Items()
        if self.depth >= _DEEPEST:
            problems.append(Problem("FILE017", f"is nested more than {_DEEPEST} levels deep; not read", sequence))
            return items, end
        inner = Parser(is_implicit=self.is_implicit, is_little_endian=self.is_little_endian, depth=self.depth + 1)
        while position + 8 <= end:
            group, number, length = self._tag_and_length.unpack_from(data, position)
            tag = group << 16 | number
            position += 8
            if tag == _SEQUENCE_END and until_delimiter:
                return items, position
            if tag != _ITEM:
                problems.append(Problem("FILE018", f"holds {tag_text(tag)} where an item is expected", sequence))
                return items, end
            if length == _UNDEFINED:
                found: list[Problem] = []
                start = position
                elements, position = inner._read(data, position, end, found, is_item=True)
                items.append(Item(elements, found, raw=data[start:position]))
                continue
            if position + length > end:
                problems.append(Problem("FILE016", "has an item that is longer than the sequence", sequence))
                length = end - position
            items.append(Item(raw=data[position : position + length], parse=inner._elements))
            position += length
        if until_delimiter:
            problems.append(Problem("FILE013", "is a sequence of undefined length without an end", sequence))
        elif position < end:
            problems.append(Problem("FILE018", f"has {end - position} bytes that are not an item", sequence))
        return items, max(position, end) if not until_delimiter else end

    def _fragments(
        self, data: memoryview, position: int, end: int, problems: list[Problem]
    ) -> tuple[list[Buffer], int]:
        fragments: list[Buffer] = []
        while position + 8 <= end:
            group, number, length = self._tag_and_length.unpack_from(data, position)
            tag = group << 16 | number
            position += 8
            if tag == _SEQUENCE_END:
                return fragments, position
            if tag != _ITEM or position + length > end:
                problems.append(Problem("FILE019", "has fragments that cannot be read to their end", _PIXEL_DATA))
                return fragments, end
            fragments.append(data[position : position + length])
            position += length
        problems.append(Problem("FILE013", "has fragments without an end", _PIXEL_DATA))
        return fragments, end
