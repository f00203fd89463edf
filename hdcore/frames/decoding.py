"""From encoded functional groups to columns."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.valuerep import TEXT_VR_DELIMS

from hdcore.errors import HdcoreWarning
from hdcore.frames.byterows import cells
from hdcore.frames.columns import Categorical, EncodedItems, Numbers, Ragged
from hdcore.frames.groups import FLOAT_VRS, Attribute, Encoded, Item, Rows
from hdcore.frames.scan import Scanner
from hdcore.frames.table import FrameTable
from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hdcore.frames.columns import Column
    from hdcore.frames.groups import FunctionalGroup, Node
    from hdcore.frames.scan import Found, Spans

__all__ = ["decode_rows"]

_BINARY = {"US": "<u2", "SS": "<i2", "UL": "<u4", "SL": "<i4", "UV": "<u8", "SV": "<i8", "FL": "<f4", "FD": "<f8"}
_OF_BYTES = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "SQ", "AT"})
"""Value representations that do not say what is in them."""


def decode_rows(
    value: bytes | memoryview,
    groups: Sequence[FunctionalGroup],
    *,
    is_implicit_vr: bool = False,
    character_set: str | list[str] = "ISO_IR 192",
) -> FrameTable:
    """Read the columns of groups from encoded items.

    Parameters
    ----------
    value: bytes | memoryview
        Items with their headers, in little endian, of defined or undefined length.
    groups: Sequence[FunctionalGroup]
        The groups to look for.
    is_implicit_vr: bool, optional
        Whether elements carry no value representation.
    character_set: str | list[str], optional
        Specific Character Set.

    Returns
    -------
    FrameTable
        One row per item; the columns of the groups of which at least one item has something.

    Raises
    ------
    ValueError
        If the bytes are not items made of elements.
    """
    scanner = Scanner(value, is_implicit_vr=is_implicit_vr)
    starts, ends = scanner.items()
    nodes = {group.tag: group.node[1] for group in groups}
    found = scanner.find(nodes, starts, ends)
    reader = _Reader(scanner.bytes, is_implicit_vr, character_set)
    columns: dict[str, Column] = {}
    for group in groups:
        name, node = group.node
        columns.update(reader.columns(found, ((name, node),)))
    return FrameTable(len(starts), columns)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the places of values into columns."""

    buffer: NDArray[np.uint8]
    is_implicit_vr: bool
    character_set: str | list[str]

    def columns(self, found: Found, fields: Sequence[tuple[str, Node]]) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for name, node in fields:
            if isinstance(node, Item):
                if node.tag in found.nested:
                    _warn_of_items(found, node)
                    columns.update(self.columns(found.nested[node.tag], node.fields))
            elif isinstance(node, Rows):
                if node.tag in found.children:
                    counts, children = found.children[node.tag]
                    table = FrameTable(children.rows, self.columns(children, node.fields))
                    kept = np.maximum(counts, 0)
                    columns[name] = Ragged(np.cumsum(kept) - kept, counts, table)
            elif node.tag in found.values:
                written = found.representations.get(node.tag, set())
                column = self._column(node, found.values[node.tag], written)
                if column is not None:
                    columns[name] = column
        return columns

    def _column(self, node: Attribute | Encoded, spans: Spans, written: set[str]) -> Column | None:
        if isinstance(node, Encoded):
            texts, codes = self._words(spans, skip_empty=False)
            return Categorical(codes, tuple(EncodedItems(text, self.is_implicit_vr) for text in texts))
        representation = _representation_of(node, written)
        if representation is None:
            return None
        if representation in _BINARY:
            return self._binary(node, spans, representation)
        if node.is_number:
            return self._decimal(node, spans)
        texts, codes = self._words(spans, skip_empty=False)
        return _merged(codes, [self._decoded(text, node.vr) for text in texts])

    def _decoded(self, text: bytes, vr: str) -> str:
        if vr in {"LO", "LT", "PN", "SH", "ST", "UC", "UT"}:
            decoded = decode_bytes(text, convert_encodings(self.character_set), TEXT_VR_DELIMS)
            return decoded.rstrip("\0 ") if vr in {"LT", "ST", "UT"} else decoded.strip("\0 ")
        return text.decode("latin-1").strip("\0 ")

    def _words(self, spans: Spans, *, skip_empty: bool) -> tuple[list[bytes], NDArray[np.int64]]:
        """Collect the distinct values, and which row has which (-1 where none)."""
        codes = np.full(len(spans.starts), -1, np.int64)
        index: dict[bytes, int] = {}
        for length in distinct(spans.lengths).tolist():
            if length < 0 or (skip_empty and length == 0):
                continue
            rows = np.flatnonzero(spans.lengths == length)
            if length == 0:
                codes[rows] = index.setdefault(b"", len(index))
                continue
            texts = cells(self.buffer, length)[spans.starts[rows]].tolist()
            for text in dict.fromkeys(texts):
                index[text] = len(index)
            codes[rows] = np.fromiter(map(index.__getitem__, texts), np.int64, len(texts))
        return list(index), codes

    def _decimal(self, node: Attribute, spans: Spans) -> Column | None:
        texts, codes = self._words(spans, skip_empty=True)
        parsed = [_numbers_of(text, node) for text in texts]
        return _gathered(node, parsed, codes)

    def _binary(self, node: Attribute, spans: Spans, representation: str) -> Column | None:
        number = np.dtype(_BINARY[representation])
        lengths = distinct(spans.lengths)
        if len(lengths) == 1 and lengths[0] > 0 and lengths[0] % number.itemsize == 0 and not node.many:
            values = cells(self.buffer, int(lengths[0]))[spans.starts].view(number).reshape(len(spans.starts), -1)
            return _dense(node, _widened(values, node), None)
        texts, codes = self._words(spans, skip_empty=True)
        parsed = []
        for text in texts:
            whole = text[: len(text) // number.itemsize * number.itemsize]
            if len(whole) < len(text):
                _warn(f"{node.keyword} has {len(text)} bytes, which is not a multiple of {number.itemsize}.")
            parsed.append(_widened(np.frombuffer(whole, number), node))
        return _gathered(node, parsed, codes)


def _representation_of(node: Attribute, written: set[str]) -> str | None:
    """Choose how to read values: as they were written, which need not be as the standard says; None if not at all."""
    others = written - {node.vr}
    if not others or others == {"UN"}:
        return node.vr
    (other, *more) = sorted(others)
    if more or node.vr in written or (other in _BINARY and not node.is_number):
        _warn(
            f"{node.keyword} is written as {' and '.join(sorted(written))}, expected {node.vr}; it is taken as absent."
        )
        return None
    _warn(f"{node.keyword} is written as {other}, expected {node.vr}; it is read all the same.")
    return node.vr if other in _OF_BYTES else other


def _widened(values: NDArray[Any], node: Attribute) -> NDArray[Any]:
    return _in_unit(values.astype(np.float64 if node.vr in FLOAT_VRS else np.int64), node)


def _in_unit(values: NDArray[Any], node: Attribute) -> NDArray[Any]:
    """Express numbers in the unit of the column."""
    return values if node.per_unit == 1 else values / node.per_unit


def _numbers_of(text: bytes, node: Attribute) -> NDArray[Any]:
    kind: type[Any] = np.float64 if node.vr in FLOAT_VRS else np.int64
    pieces = text.strip(b"\0 ").split(b"\\")
    try:
        numbers = [float(piece.strip(b"\0 ")) for piece in pieces]
        return _in_unit(np.array(numbers, kind), node)
    except (ValueError, OverflowError):
        if text.strip(b"\0 "):
            _warn(f"{node.keyword} is {text.decode('latin-1')!r}, which is not a number; it is taken as absent.")
        return np.zeros(0, kind)


def _gathered(node: Attribute, parsed: Sequence[NDArray[Any]], codes: NDArray[np.int64]) -> Column | None:
    """Give each row the numbers of its word."""
    kind: type[Any] = np.float64 if node.vr in FLOAT_VRS else np.int64
    sizes = np.array([*(len(numbers) for numbers in parsed), 0], np.int64)
    if node.many:
        starts = np.cumsum(sizes) - sizes
        counts = np.where(codes >= 0, sizes[codes], -1)
        return Ragged(starts[codes], counts, np.concatenate([*parsed, np.zeros(0, kind)]).astype(kind))
    size = node.size or int(sizes.max())
    if size == 0:
        return None
    if any(len(numbers) not in (0, size) for numbers in parsed):
        _warn(f"{node.keyword} has other than {size} values in some frames.")
    table = np.full((len(parsed) + 1, size), np.nan if kind is np.float64 else 0, kind)
    good = np.zeros(len(parsed) + 1, bool)
    for index, numbers in enumerate(parsed):
        if len(numbers) >= (size if node.size else 1):
            table[index, : min(len(numbers), size)] = numbers[:size]
            good[index] = True
    present = good[codes]
    return _dense(node, table[codes], None if present.all() else present)


def _dense(node: Attribute, values: NDArray[Any], present: NDArray[np.bool_] | None) -> Numbers:
    if node.size is not None and values.shape[1] != node.size:
        _warn(f"{node.keyword} has {values.shape[1]} values instead of {node.size}.")
        fitted = np.full((len(values), node.size), np.nan if values.dtype.kind == "f" else 0, values.dtype)
        width = min(node.size, values.shape[1])
        fitted[:, :width] = values[:, :width]
        present = present if width == node.size else np.zeros(len(values), bool)
        values = fitted
    return Numbers(values[:, 0] if node.size == 1 else values, present)


def _merged(codes: NDArray[np.int64], words: Sequence[str]) -> Categorical:
    """Make one word of those that differ in padding only."""
    index: dict[str, int] = {}
    codes_of_words = np.array([*(index.setdefault(word, len(index)) for word in words), -1], np.int64)
    return Categorical(codes_of_words[codes], tuple(index))


def _warn_of_items(found: Found, node: Item) -> None:
    if node.tag in found.empty:
        _warn(f"{node.keyword} is empty in {found.empty[node.tag]} frames; it is taken as absent there.")
    if node.tag in found.surplus:
        _warn(f"{node.keyword} has more than one item in {found.surplus[node.tag]} frames; only the first is read.")


def _warn(message: str) -> None:
    warnings.warn(message, HdcoreWarning, stacklevel=2)
