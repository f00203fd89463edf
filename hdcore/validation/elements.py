"""Datasets as validation sees them: elements with their bytes, in items that are parsed when looked at.

pydicom converts values as it reads and forgives much; what a file really holds must be judged by its bytes.
"""

from __future__ import annotations

import struct
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Buffer = bytes | memoryview

__all__ = [
    "Element",
    "Item",
    "Items",
    "Problem",
    "implicit_vr",
    "is_retired",
    "keyword_of_tag",
    "tag_of_keyword",
    "tag_text",
]

NUMBERS = {
    "US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d",
    "OW": "H", "OL": "I", "OV": "Q", "OF": "f", "OD": "d",
}  # fmt: skip
"""How one number of a binary value representation is packed."""
_LONG_VALUE = 4096


class Problem:
    """Something that could not be read: its code, what it is, and the tag it is about (0: the item)."""

    __slots__ = ("code", "message", "tag")

    def __init__(self, code: str, message: str, tag: int = 0) -> None:
        self.code = code
        self.message = message
        self.tag = tag


class Element:
    """One element: its tag, value representation and bytes, or the items of a sequence."""

    __slots__ = ("_values", "data", "fragments", "is_little_endian", "items", "tag", "vr")

    def __init__(
        self,
        tag: int,
        vr: str,
        data: Buffer = b"",
        items: Sequence[Item] | None = None,
        fragments: list[Buffer] | None = None,
        *,
        is_little_endian: bool = True,
    ) -> None:
        self.tag = tag
        self.vr = vr
        self.data = data
        self.items = items
        """Items of a sequence; None for anything else."""
        self.fragments = fragments
        """Fragments of encapsulated pixel data, the offset table first; None for anything else."""
        self.is_little_endian = is_little_endian
        self._values: list[Any] | None = None

    @property
    def is_empty(self) -> bool:
        """bool: Whether there is no value, padding aside."""
        if self.items is not None:
            return not self.items
        if self.fragments is not None:
            return False
        data = self.data
        if len(data) == 0 or len(data) >= _LONG_VALUE or self.vr in NUMBERS or self.vr in ("OB", "UN"):
            return len(data) == 0
        return not bytes(data).strip(b" \0")

    @property
    def values(self) -> list[Any]:
        """list: The values: texts without padding, numbers, items; empty where there are none or not readable."""
        if self._values is None:
            self._values = self._decoded()
        return self._values

    @property
    def value(self) -> list[Any]:
        """list: The values, under the name that :class:`hdcore.validation.Condition` asks for."""
        return self.values

    @property
    def text(self) -> str:
        """str: The first value as text; empty where there is none."""
        return str(self.values[0]) if self.values else ""

    def _decoded(self) -> list[Any]:
        if self.items is not None:
            return list(self.items)
        if self.fragments is not None or len(self.data) == 0:
            return []
        vr = self.vr if self.vr != "UN" else implicit_vr(self.tag)
        if vr in NUMBERS:
            return self._numbers(NUMBERS[vr])
        if vr == "AT":
            groups_and_numbers = iter(self._numbers("H"))
            return [group << 16 | number for group, number in zip(groups_and_numbers, groups_and_numbers, strict=False)]
        return [bytes(self.data[:_LONG_VALUE])] if vr in ("OB", "UN", "SQ") else self._texts(vr)

    def _texts(self, vr: str) -> list[Any]:
        texts = bytes(self.data).decode("latin-1")
        if vr in ("ST", "LT", "UT", "UR"):
            return [texts.rstrip(" \0")]
        values = [one.strip(" \0") for one in texts.split("\\")]
        if values == [""]:
            return []
        return [_number(value, vr) for value in values] if vr in ("IS", "DS") else values

    def _numbers(self, kind: str) -> list[Any]:
        size = struct.calcsize(f"={kind}")
        count = len(self.data) // size
        order = "<" if self.is_little_endian else ">"
        return list(struct.unpack(f"{order}{count}{kind}", self.data[: count * size]))


class Item:
    """A dataset or an item of a sequence: elements by tag, parsed on first use."""

    __slots__ = ("__dict__", "_parse", "raw")

    def __init__(
        self,
        elements: dict[int, Element] | None = None,
        problems: list[Problem] | None = None,
        raw: Buffer | None = None,
        parse: Callable[[Buffer], tuple[dict[int, Element], list[Problem]]] | None = None,
    ) -> None:
        """Hold elements, or the bytes they will be parsed from."""
        self.raw = raw
        """The item's bytes where it can be parsed from them alone; else None."""
        self._parse = parse
        if elements is not None:
            self._parsed = (elements, problems or [])

    @cached_property
    def _parsed(self) -> tuple[dict[int, Element], list[Problem]]:
        if self._parse is None or self.raw is None:
            return {}, []
        return self._parse(self.raw)

    @property
    def elements(self) -> dict[int, Element]:
        """dict: Elements by tag, in the order they came."""
        return self._parsed[0]

    @property
    def problems(self) -> list[Problem]:
        """list: What could not be read."""
        return self._parsed[1]

    def get(self, tag: int) -> Element | None:
        """Give an element, None if it is absent."""
        return self.elements.get(tag)

    def first(self, tag: int) -> Any:
        """Give the first value of an element, None if there is none."""
        element = self.elements.get(tag)
        values = element.values if element is not None else None
        return values[0] if values else None

    def number(self, tag: int) -> int | None:
        """Give the first value of an element if it is a whole number, else None."""
        value = self.first(tag)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value if isinstance(value, int) else None

    def items(self, tag: int) -> Sequence[Item]:
        """Give the items of a sequence, none if it is absent."""
        element = self.elements.get(tag)
        return element.items or () if element is not None else ()

    def __contains__(self, keyword: str) -> bool:
        return tag_of_keyword(keyword) in self.elements

    def __getitem__(self, keyword: str) -> Element:
        return self.elements[tag_of_keyword(keyword)]

    def __iter__(self) -> Iterator[Element]:
        return iter(self.elements.values())

    def keys(self) -> list[int]:
        """Give the tags."""
        return list(self.elements)


class Items(list[Item]):
    """The items of a sequence, which remember how :mod:`hdcore.validation.equal_items` has grouped them."""

    __slots__ = ("layout",)

    def __init__(self, items: Iterable[Item] = ()) -> None:
        super().__init__(items)
        self.layout: Any = None


def _number(text: str, vr: str) -> Any:
    try:
        return int(text) if vr == "IS" else float(text)
    except ValueError:
        return text


@lru_cache(maxsize=8192)
def implicit_vr(tag: int) -> str:
    """Give the value representation of an attribute where none is written; one of them where it may have several."""
    from pydicom.datadict import dictionary_VR

    if tag & 0xFFFF == 0:
        return "UL"
    if tag >> 16 & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "UN"
    return {
        "US or SS": "US",
        "OB or OW": "OW",
        "US or OW": "OW",
        "US or SS or OW": "OW",
        "US or SS or OB or OW": "OW",
    }.get(vr, vr)


@lru_cache(maxsize=1 << 14)
def tag_of_keyword(keyword: str) -> int:
    """Give the tag of a keyword; -1 if there is none."""
    from pydicom.datadict import tag_for_keyword

    tag = tag_for_keyword(keyword)
    return -1 if tag is None else tag


def keyword_of_tag(tag: int) -> str:
    """Give the keyword of a tag, or the tag as text where it has none."""
    from pydicom.datadict import keyword_for_tag

    return keyword_for_tag(tag) or tag_text(tag)


def is_retired(tag: int) -> bool:
    """Tell whether the dictionary calls an attribute retired."""
    from pydicom.datadict import dictionary_is_retired

    try:
        return dictionary_is_retired(tag)
    except KeyError:
        return False


def tag_text(tag: int) -> str:
    """Write a tag as ``(gggg,eeee)``."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
