"""From columns to encoded functional groups."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.charset import convert_encodings, encode_string

from hdcore.errors import InputError
from hdcore.frames.byterows import ByteRows
from hdcore.frames.columns import Categorical, EncodedItems, Numbers, Ragged
from hdcore.frames.groups import Attribute, Encoded, Item, Rows
from hdcore.model.items import decode_items, encode_items
from hdcore.text import decimal_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hdcore.frames.columns import Column
    from hdcore.frames.groups import Node
    from hdcore.frames.table import FrameTable

__all__ = ["Encoding", "encode_rows"]

_BINARY = {"US": "u2", "SS": "i2", "UL": "u4", "SL": "i4", "UV": "u8", "SV": "i8", "FL": "f4", "FD": "f8"}
_LONG_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
_LONGEST_SHORT = 0xFFFE
_ITEM = 0xFFFEE000


@dataclass(frozen=True, slots=True)
class Encoding:
    """How elements are encoded."""

    is_implicit_vr: bool = False
    is_little_endian: bool = True
    character_set: str | list[str] = "ISO_IR 192"

    @property
    def order(self) -> str:
        """str: the byte order, as NumPy and struct write it."""
        return "<" if self.is_little_endian else ">"


_EXPLICIT = Encoding()


def encode_rows(table: FrameTable, fields: Sequence[tuple[str, Node]], encoding: Encoding = _EXPLICIT) -> bytes:
    """Encode the items of all rows, each holding the attributes and sequences of which the table has a column.

    Parameters
    ----------
    table: FrameTable
        One row per item.
    fields: Sequence[tuple[str, Node]]
        Columns, and what they stand for: the nodes of functional groups, or any others.
    encoding: Encoding, optional
        How to encode.

    Returns
    -------
    bytes
        The items with their headers, of defined length.
    """
    rows = len(table)
    parts: list[ByteRows] = []
    for name, node in sorted(fields, key=lambda field: field[1].tag):
        parts += _parts(name, node, table, encoding)
    return ByteRows.joined(_framed(parts, rows, encoding), rows).buffer.tobytes()


def _framed(parts: list[ByteRows], rows: int, encoding: Encoding) -> list[ByteRows]:
    """Put an item header before each row's elements."""
    return [_header(_ITEM, "", ByteRows.total_lengths(parts, rows), encoding), *parts]


def _parts(name: str, node: Node, table: FrameTable, encoding: Encoding) -> list[ByteRows]:
    if isinstance(node, Item):
        return _item_parts(node, table, encoding)
    if name not in table:
        return []
    column = table.column(name)
    if isinstance(node, Rows):
        return _rows_parts(name, node, column, encoding)
    if isinstance(node, Encoded):
        return _encoded_parts(name, node, column, encoding)
    value = _value(name, node, column, encoding)
    return _element(node.tag, node.vr, value, column.present, encoding)


def _item_parts(node: Item, table: FrameTable, encoding: Encoding) -> list[ByteRows]:
    rows = len(table)
    parts: list[ByteRows] = []
    for name, child in node.fields:
        parts += _parts(name, child, table, encoding)
    if not parts:
        return []
    contents = ByteRows.total_lengths(parts, rows)
    present = None if contents.strides[0] == 0 or (contents > 0).all() else contents > 0
    framed = [part.only(present) for part in _framed(parts, rows, encoding)]
    return _element(node.tag, "SQ", framed, present, encoding)


def _rows_parts(name: str, node: Rows, column: Column, encoding: Encoding) -> list[ByteRows]:
    if not isinstance(column, Ragged) or isinstance(column.rows, np.ndarray):
        raise InputError(f"The column {name!r} stands for the items of {node.keyword}; expected a Ragged of a table.")
    rows = len(column.rows)
    parts: list[ByteRows] = []
    for child_name, child in node.fields:
        parts += _parts(child_name, child, column.rows, encoding)
    items = ByteRows.joined(_framed(parts, rows, encoding), rows)
    value = items.grouped(column.starts, column.counts)
    return _element(node.tag, "SQ", [value], column.present, encoding)


def _encoded_parts(name: str, node: Encoded, column: Column, encoding: Encoding) -> list[ByteRows]:
    if not isinstance(column, Categorical):
        raise InputError(f"The column {name!r} stands for {node.keyword}; expected a Categorical of EncodedItems.")
    vocabulary = [_recoded(word, encoding) for word in column.vocabulary]
    return _element(node.tag, "SQ", [ByteRows.words(vocabulary, column.codes)], column.present, encoding)


def _recoded(word: EncodedItems, encoding: Encoding) -> bytes:
    if encoding.is_little_endian and word.is_implicit_vr == encoding.is_implicit_vr:
        return word.value
    items = decode_items(word.value, is_implicit_vr=word.is_implicit_vr, character_set=encoding.character_set)
    return encode_items(
        items,
        is_implicit_vr=encoding.is_implicit_vr,
        is_little_endian=encoding.is_little_endian,
        character_set=encoding.character_set,
    )


def _element(
    tag: int, vr: str, value: list[ByteRows], present: NDArray[np.bool_] | None, encoding: Encoding
) -> list[ByteRows]:
    rows = len(value[0])
    if present is not None and present.strides[0] == 0 and rows and present[0]:
        present = None
    lengths = ByteRows.total_lengths(value, rows)
    header = _header(tag, vr, lengths, encoding)
    return [header.only(present), *(part.only(present) for part in value)]


def _header(tag: int, vr: str, lengths: NDArray[np.int64], encoding: Encoding) -> ByteRows:
    """Make element headers (PS3.5 7.1.2, 7.1.3), or item headers where ``vr`` is empty."""
    start = struct.pack(f"{encoding.order}HH", tag >> 16, tag & 0xFFFF)
    short = False
    if vr and not encoding.is_implicit_vr:
        short = vr not in _LONG_VRS
        start += vr.encode() + (b"" if short else b"\0\0")
    if short and len(lengths) and lengths.max() > _LONGEST_SHORT:
        raise InputError(f"The value of {tag:08X} has {lengths.max()} bytes; VR {vr} allows {_LONGEST_SHORT}.")
    number = f"{encoding.order}{'u2' if short else 'u4'}"
    if lengths.strides[0] == 0 and len(lengths):
        return ByteRows.constant(start + np.array(lengths[0], number).tobytes(), len(lengths))
    headers = np.empty(len(lengths), [("start", f"V{len(start)}"), ("length", number)])
    headers["start"] = np.void(start)
    headers["length"] = lengths
    return ByteRows.fixed(headers)


def _value(name: str, node: Attribute, column: Column, encoding: Encoding) -> list[ByteRows]:
    if isinstance(column, Ragged):
        return _ragged_value(name, node, column, encoding)
    if isinstance(column, Categorical):
        if node.is_number:
            raise InputError(f"The column {name!r} holds words, but {node.keyword} (VR {node.vr}) holds numbers.")
        vocabulary = [_encode_word(word, node.vr, encoding) for word in column.vocabulary]
        return [ByteRows.words(vocabulary, column.codes)]
    if not node.is_number:
        raise InputError(f"The column {name!r} holds numbers, but {node.keyword} (VR {node.vr}) holds words.")
    values = column.values if column.present is None else np.where(_like(column), column.values, 0)
    if node.per_unit != 1:
        values = _in_unit(values, node)
    if node.vr in _BINARY:
        if values.strides[0] == 0 and len(values):
            return [ByteRows.constant(values[0].astype(encoding.order + _BINARY[node.vr]).tobytes(), len(values))]
        return [ByteRows.fixed(values.astype(encoding.order + _BINARY[node.vr]))]
    return _joined_texts(node, values)


def _in_unit(values: NDArray[Any], node: Attribute) -> NDArray[Any]:
    """Express numbers in the unit of the attribute; one that all rows share stays stored once."""
    if values.strides[0] == 0 and len(values):
        return np.broadcast_to(values[:1] * node.per_unit, values.shape)
    return values * node.per_unit


def _like(column: Numbers) -> NDArray[np.bool_]:
    present = column.present
    assert present is not None
    return present if column.values.ndim == 1 else present[:, np.newaxis]


def _joined_texts(node: Attribute, values: NDArray[Any]) -> list[ByteRows]:
    """Write numbers as texts with backslashes between."""
    rows = len(values)
    if rows and values.strides[0] == 0:
        text = b"\\".join(_number_texts(node, np.atleast_1d(values[0])))
        return [ByteRows.constant(text + b" " * (len(text) % 2), rows)]
    columns = values[:, np.newaxis] if values.ndim == 1 else values
    parts: list[ByteRows] = []
    for index in range(columns.shape[1]):
        if index:
            parts.append(ByteRows.constant(b"\\", rows))
        distinct, codes = np.unique(columns[:, index], return_inverse=True)
        parts.append(ByteRows.words(_number_texts(node, distinct), codes))
    total = ByteRows(np.frombuffer(b" ", np.uint8), parts[0].starts, ByteRows.total_lengths(parts, rows))
    return [*parts, *total.padded(b" ")[1:]]


def _number_texts(node: Attribute, values: NDArray[Any]) -> list[bytes]:
    if node.vr == "DS":
        return [decimal_string(value).encode() for value in values.tolist()]
    return [str(int(value)).encode() for value in values.tolist()]


def _encode_word(word: Any, vr: str, encoding: Encoding) -> bytes:
    if isinstance(word, bytes):
        return word + b"\0" * (len(word) % 2)
    if vr in {"LO", "LT", "PN", "SH", "ST", "UC", "UT"}:
        text = encode_string(str(word), convert_encodings(encoding.character_set))
    else:
        text = str(word).encode("ascii")
    return text + (b"\0" if vr == "UI" else b" ") * (len(text) % 2)


def _ragged_value(name: str, node: Attribute, column: Ragged, encoding: Encoding) -> list[ByteRows]:
    if not isinstance(column.rows, np.ndarray):
        raise InputError(f"The column {name!r} stands for the attribute {node.keyword}; expected a Ragged of an array.")
    if node.vr in _BINARY:
        values = ByteRows.fixed(column.rows.astype(encoding.order + _BINARY[node.vr]))
        return [values.grouped(column.starts, column.counts)]
    texts = ByteRows.words(_number_texts(node, column.rows), np.arange(len(column.rows)))
    separated = ByteRows.joined([texts, ByteRows.constant(b"\\", len(texts))], len(texts))
    whole = separated.grouped(column.starts, column.counts)
    value = ByteRows(whole.buffer, whole.starts, np.maximum(whole.lengths - 1, 0))  # no backslash at the end
    return value.padded(b" ")
