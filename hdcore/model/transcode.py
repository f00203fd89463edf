"""Taking the value representations out of encoded sequences, without parsing values."""

from __future__ import annotations

import struct

from hdcore.errors import UnreadableError

__all__ = ["without_value_representations"]

_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_UNDEFINED = 0xFFFFFFFF
_ITEM = b"\xfe\xff\x00\xe0"
_DELIMITERS = (b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0")
_SHORT = struct.Struct("<H").unpack_from
_LONG = struct.Struct("<I").unpack_from
_PACK = struct.Struct("<I").pack


def without_value_representations(value: bytes) -> bytes:
    """Turn the items of a sequence from Explicit VR into Implicit VR Little Endian.

    Parameters
    ----------
    value: bytes
        Items with their headers, of defined or undefined length.

    Returns
    -------
    bytes
        The same items, of defined length.

    Raises
    ------
    ValueError
        If the value does not consist of items made of elements.
    """
    try:
        return b"".join(_items(value, 0, len(value))[0])
    except struct.error as error:
        raise UnreadableError("A sequence ends within an element; it is damaged.") from error


def _items(value: bytes, at: int, end: int) -> tuple[list[bytes], int]:
    """Turn items; also tell where they end (``end`` is -1 where a delimiter ends them)."""
    parts: list[bytes] = []
    while at < end or end < 0:
        tag = value[at : at + 4]
        length = _LONG(value, at + 4)[0]
        at += 8
        if tag in _DELIMITERS:
            break
        if tag != _ITEM:
            raise UnreadableError(f"There is no item at byte {at - 8} of a sequence; it is damaged.")
        contents, at = _elements(value, at, -1 if length == _UNDEFINED else at + length)
        content = b"".join(contents)
        parts += (_ITEM, _PACK(len(content)), content)
    return parts, at


def _elements(value: bytes, at: int, end: int) -> tuple[list[bytes], int]:
    parts: list[bytes] = []
    while at < end or end < 0:
        tag, vr = value[at : at + 4], value[at + 4 : at + 6]
        if tag in _DELIMITERS:
            return parts, at + 8
        if vr not in _LONG_VRS:
            length = _SHORT(value, at + 6)[0]
            parts += (tag, _PACK(length), value[at + 8 : at + 8 + length])
            at += 8 + length
            continue
        length = _LONG(value, at + 8)[0]
        at += 12
        if vr == b"SQ" or length == _UNDEFINED:
            items, at = _items(value, at, -1 if length == _UNDEFINED else at + length)
            content = b"".join(items)
        else:
            content = value[at : at + length]
            at += length
        parts += (tag, _PACK(len(content)), content)
    return parts, at
