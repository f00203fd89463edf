"""Finding attributes in encoded items, all items at once.

A cursor per item walks over that item's elements; each step looks at the next element of every item with a few NumPy
operations, so its cost does not depend on how many items there are in Python's sense, nor on whether they are laid out
alike. Explicit and implicit VR, defined and undefined lengths; little endian only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hdcore.errors import UnreadableError
from hdcore.frames.byterows import cells
from hdcore.frames.groups import Item, Rows
from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hdcore.frames.groups import Node

__all__ = ["Found", "Scanner", "Spans"]

_ITEM = 0xFFFEE000
_ITEM_END = 0xFFFEE00D
_SEQUENCE_END = 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_MOST_STEPS = 20_000
"""So many different elements in an item mean that what is scanned is no dataset."""
_LONG_VR_NUMBERS = np.frombuffer(b"OBODOFOLOVOWSQSVUCUNURUTUV", "<u2")
"""Value representations whose length has four bytes (PS3.5 7.1.2), as numbers."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Where values lie, one per row."""

    starts: NDArray[np.int64]
    """Shape (rows,)."""
    lengths: NDArray[np.int64]
    """Shape (rows,); -1 where a row has no such value."""


@dataclass(slots=True)
class Found:
    """What was found in a number of items."""

    rows: int
    """How many items were searched."""
    values: dict[int, Spans] = field(default_factory=dict)
    """Values of attributes and sequences kept whole, by tag."""
    nested: dict[int, Found] = field(default_factory=dict)
    """What sequences of one item hold, by tag; of as many rows."""
    children: dict[int, tuple[NDArray[np.int64], Found]] = field(default_factory=dict)
    """What sequences of several items hold, by tag: items per row (-1 if there is no sequence), and their contents."""
    empty: dict[int, int] = field(default_factory=dict)
    """How many rows have a sequence of one item that has none, by tag."""
    surplus: dict[int, int] = field(default_factory=dict)
    """How many rows have a sequence of one item that has more, by tag."""
    representations: dict[int, set[str]] = field(default_factory=dict)
    """Value representations that attributes have where they are written, by tag."""


class Scanner:
    """Scans the encoded items of a sequence."""

    def __init__(self, value: bytes | memoryview, *, is_implicit_vr: bool = False) -> None:
        """Take the value of a sequence.

        Parameters
        ----------
        value: bytes | memoryview
            Items with their headers, in little endian.
        is_implicit_vr: bool, optional
            Whether elements carry no value representation.
        """
        padded = np.zeros(len(value) + 16, np.uint8)  # a header may be looked at beyond the end
        padded[: len(value)] = np.frombuffer(value, np.uint8)
        self.bytes = padded
        self.length = len(value)
        self.end = 0
        """Where the sequence ends, its delimiter included, once its items have been found."""
        self.is_implicit_vr = is_implicit_vr

    def items(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find the items.

        Returns
        -------
        tuple[NDArray[int], NDArray[int]]
            Where their contents begin and end.

        Raises
        ------
        ValueError
            If the value does not consist of items.
        """
        starts, ends, self.end = self._items()
        return starts, ends

    def _items(self) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        starts, ends = self._equally_long_items()
        at = int(ends[-1]) if len(ends) else 0
        more_starts: list[int] = []
        more_ends: list[int] = []
        header = _ITEM_HEADER.unpack_from
        memory = self.bytes.data
        while at < self.length:
            tag, length = header(memory, at)
            if tag != _ITEM_NUMBER:
                if tag == _SEQUENCE_END_NUMBER:
                    at += 8
                    break
                raise UnreadableError(f"There is no item at byte {at} of a sequence; it is damaged.")
            start = at + 8
            if length == _UNDEFINED:
                end = int(self._ends_of(np.array([at]))[0])
                at = end + 8
            else:
                at = end = start + length
            if at > self.length:
                raise UnreadableError(f"The item at byte {start - 8} of a sequence goes beyond its end; it is damaged.")
            more_starts.append(start)
            more_ends.append(end)
        return np.append(starts, np.array(more_starts, np.int64)), np.append(ends, np.array(more_ends, np.int64)), at

    def _equally_long_items(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find how many items from the first on are exactly as long as it."""
        header = self.bytes[:8].view("<u4")
        length = int(header[1])
        if self.length < 8 or length == _UNDEFINED or length + 8 > self.length:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        count = self.length // (length + 8)
        at = np.arange(count, dtype=np.int64) * (length + 8)
        same = cells(self.bytes, 8)[at].view("<u8") == header.view("<u8")[0]
        count = count if same.all() else int(same.argmin())
        return at[:count] + 8, at[:count] + 8 + length

    @cached_property
    def _delimiters(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pair items of undefined length with their delimiters: positions of both, ascending by item."""
        words = self.bytes[: len(self.bytes) // 2 * 2].view("<u2")
        at = np.flatnonzero(words[:-3] == 0xFFFE).astype(np.int64)
        element = words[at + 1]
        undefined = (element == 0xE000) & (words[at + 2] == 0xFFFF) & (words[at + 3] == 0xFFFF)
        closing = (element == 0xE00D) & (words[at + 2] == 0) & (words[at + 3] == 0)
        events = undefined | closing
        at, opens = at[events] * 2, undefined[events]
        level = np.cumsum(np.where(opens, 1, -1)) + ~opens
        order = np.lexsort((at, level))
        at, opens = at[order], opens[order]
        level = level[order]
        pairs = np.flatnonzero(opens[:-1] & ~opens[1:] & (level[:-1] == level[1:]))
        opening, closing = at[pairs], at[pairs + 1]
        by_item = np.argsort(opening)
        return opening[by_item], closing[by_item]

    def _ends_of(self, items: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find where the contents of items of undefined length end; ``items`` are where their headers are."""
        opening, closing = self._delimiters
        found = np.searchsorted(opening, items)
        if (found >= len(opening)).any() or (opening[found] != items).any():
            raise UnreadableError("An item of undefined length has no delimiter; the sequence is damaged.")
        return closing[found]

    def find(self, nodes: Mapping[int, Node], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Found:
        """Find what declarations name in the contents of items.

        Parameters
        ----------
        nodes: Mapping[int, Node]
            What to find, by tag.
        starts, ends: NDArray[int]
            Where the items' contents lie.

        Returns
        -------
        Found
            One row per item.

        Raises
        ------
        ValueError
            If the contents are not elements.
        """
        found = Found(len(starts))
        cursor = starts.copy()
        active = np.flatnonzero(cursor < ends)
        steps = 0
        while len(active):
            steps += 1
            if steps > _MOST_STEPS:
                raise UnreadableError("The items of a sequence do not consist of elements; it is damaged.")
            tags, values, lengths, representations = self._headers(cursor[active])
            tag = int(tags.min())
            chosen = slice(None) if (tags == tag).all() else np.flatnonzero(tags == tag)
            rows, values, lengths = active[chosen], values[chosen], lengths[chosen]
            undefined = lengths == _UNDEFINED
            after = values + lengths
            if undefined.any():
                after[undefined], lengths[undefined] = self._skip_items(values[undefined])
            if (after > ends[rows]).any() or tag >> 16 == 0xFFFE:
                raise UnreadableError(f"Element {tag:08X} in an item goes beyond the item's end; it is damaged.")
            node = nodes.get(tag)
            if node is not None:
                self._record(found, node, rows, values, lengths)
                if representations is not None and not isinstance(node, Item | Rows):
                    found.representations.setdefault(tag, set()).update(_words_of(representations[chosen]))
            cursor[rows] = after
            active = active[cursor[active] < ends[active]]
        return found

    def _headers(
        self, at: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16] | None]:
        """Read element headers: tags, where values begin, their lengths, and their representations as numbers."""
        header = cells(self.bytes, 12)[at].view(_HEADER)
        tags = header["group"].astype(np.int64) << 16 | header["element"]
        if self.is_implicit_vr:
            return tags, at + 8, header["implicit_length"].astype(np.int64), None
        vr = header["vr"]
        if (vr == vr[0]).all():
            if vr[0] in _LONG_VR_NUMBERS:
                return tags, at + 12, header["long_length"].astype(np.int64), vr
            return tags, at + 8, header["short_length"].astype(np.int64), vr
        long = np.isin(vr, _LONG_VR_NUMBERS)
        lengths = np.where(long, header["long_length"], header["short_length"]).astype(np.int64)
        return tags, at + np.where(long, 12, 8), lengths, vr

    def _skip_items(self, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Go over sequences of undefined length: where what follows them begins, and how long their items are."""
        cursor = at.copy()
        active = np.arange(len(at))
        while len(active):
            tags, lengths = self._item_headers(cursor[active])
            if not ((tags == _ITEM) | (tags == _SEQUENCE_END)).all():
                raise UnreadableError("A sequence of undefined length has no delimiter; it is damaged.")
            active, lengths = active[tags == _ITEM], lengths[tags == _ITEM]
            cursor[active] = self._item_ends(cursor[active], lengths)[1]
        return cursor + 8, cursor - at

    def _item_headers(self, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if len(at) and at.max() > self.length:
            raise UnreadableError("A sequence goes beyond its end; it is damaged.")
        header = cells(self.bytes, 8)[at].view("<u2").reshape(-1, 4)
        tags = header[:, 0].astype(np.int64) << 16 | header[:, 1]
        return tags, np.ascontiguousarray(header[:, 2:]).view("<u4").ravel().astype(np.int64)

    def _item_ends(
        self, items: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find where items' contents end, and where what follows them begins."""
        ends = items + 8 + lengths
        undefined = lengths == _UNDEFINED
        if not undefined.any():
            return ends, ends
        ends[undefined] = self._ends_of(items[undefined])
        return ends, ends + np.where(undefined, 8, 0)

    def _record(
        self,
        found: Found,
        node: Node,
        rows: NDArray[np.int64],
        values: NDArray[np.int64],
        lengths: NDArray[np.int64],
    ) -> None:
        if not isinstance(node, Item | Rows):
            if node.tag not in found.values:
                everywhere = np.full(found.rows, -1, np.int64)
                found.values[node.tag] = Spans(everywhere, everywhere.copy())
            spans = found.values[node.tag]
            spans.starts[rows], spans.lengths[rows] = values, lengths
            return
        owners, starts, ends = self._children(values, lengths)
        nodes = {child.tag: child for _, child in node.fields}
        counts = np.bincount(owners, minlength=len(rows))
        if isinstance(node, Rows):
            everywhere = np.full(found.rows, -1, np.int64)
            everywhere[rows] = counts
            order = np.argsort(rows[owners], kind="stable")
            found.children[node.tag] = everywhere, self.find(nodes, starts[order], ends[order])
            return
        if (counts == 0).any():
            found.empty[node.tag] = int((counts == 0).sum())
        if (counts > 1).any():
            found.surplus[node.tag] = int((counts > 1).sum())
        first = np.cumsum(counts)[counts > 0] - counts[counts > 0]
        nothing = np.zeros(found.rows, np.int64)  # rows without an item have contents that end where they begin
        item_starts, item_ends = nothing, nothing.copy()
        item_starts[rows[counts > 0]], item_ends[rows[counts > 0]] = starts[first], ends[first]
        found.nested[node.tag] = self.find(nodes, item_starts, item_ends)

    def _children(
        self, values: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Find the items of many sequences: the sequence of each, and where its contents begin and end."""
        cursor, ends = values.copy(), values + lengths
        active = np.flatnonzero(cursor < ends)
        owners: list[NDArray[np.int64]] = []
        item_starts: list[NDArray[np.int64]] = []
        item_ends: list[NDArray[np.int64]] = []
        while len(active):
            tags, item_lengths = self._item_headers(cursor[active])
            if (tags != _ITEM).any():
                raise UnreadableError("A sequence within an item does not consist of items; it is damaged.")
            content_ends, after = self._item_ends(cursor[active], item_lengths)
            if (after > ends[active]).any():
                raise UnreadableError("An item goes beyond the end of its sequence; it is damaged.")
            owners.append(active)
            item_starts.append(cursor[active] + 8)
            item_ends.append(content_ends)
            cursor[active] = after
            active = active[cursor[active] < ends[active]]
        if len(owners) <= 1:
            nothing = np.zeros(0, np.int64)
            return (owners[0], item_starts[0], item_ends[0]) if owners else (nothing, nothing, nothing)
        owner, start, end = np.concatenate(owners), np.concatenate(item_starts), np.concatenate(item_ends)
        order = np.argsort(owner, kind="stable")
        return owner[order], start[order], end[order]


def _words_of(representations: NDArray[np.uint16]) -> set[str]:
    """Name the value representations that there are."""
    first = representations[0]
    different = [first] if (representations == first).all() else distinct(representations)
    return {int(number).to_bytes(2, "little").decode("latin-1") for number in different}


_ITEM_HEADER = struct.Struct("<II")
_ITEM_NUMBER = 0xE000FFFE
_SEQUENCE_END_NUMBER = 0xE0DDFFFE
"""The tags of items and of the end of a sequence, as a little endian number."""
_HEADER = np.dtype(
    {
        "names": ["group", "element", "vr", "short_length", "long_length", "implicit_length"],
        "formats": ["<u2", "<u2", "<u2", "<u2", "<u4", "<u4"],
        "offsets": [0, 2, 4, 6, 8, 4],
        "itemsize": 12,
    }
)
