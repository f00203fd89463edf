"""Where each frame lies in the pixel data (PS3.5 sections 8 and A.4).

Native frames follow one another bit by bit. Encapsulated frames are one or more fragments, which are found through the
Basic Offset Table, the Extended Offset Table, or one walk over the items' headers. Both kinds answer the same
questions: which bytes hold frame *n*, and give me these frames.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hdcore.errors import HdcoreWarning, UnreadableError, UnreadableFrameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hdcore.pixels.storage import ByteStore

__all__ = ["EncapsulatedFrames", "FrameMap", "NativeFrames", "end_of_fragments", "locate_fragments"]

_ITEM = b"\xfe\xff\x00\xe0"
_SEQUENCE_DELIMITER = b"\xfe\xff\xdd\xe0"
_TAGS = (_ITEM, _SEQUENCE_DELIMITER)
_UNDEFINED = 0xFFFFFFFF
_MOST_SEGMENTS = 15
_RLE_HEADER = b"\0\0\0\x40\0\0\0"
"""What follows the number of segments in the header of an RLE frame: the first segment is at byte 64 (PS3.5 G.5)."""
_CODESTREAM_STARTS = (
    b"\xff\xd8\xff",  # JPEG, JPEG-LS: start of image and a marker
    b"\xff\x4f\xff\x51",  # JPEG 2000, HTJ2K: start of codestream, size
    b"\xff\x0a",  # JPEG XL codestream
    b"\x00\x00\x00\x0cjP  ",  # JPEG 2000 in boxes
    b"\x00\x00\x00\x0cJXL ",  # JPEG XL in boxes
)


class FrameMap(Protocol):
    """Tells where frames lie in a store."""

    count: int
    """Number of frames."""

    def read(self, store: ByteStore, index: int) -> bytes | memoryview:
        """Fetch the bytes of one frame (zero-based)."""
        ...

    def read_many(self, store: ByteStore, indices: Sequence[int]) -> list[bytes | memoryview]:
        """Fetch the bytes of several frames (zero-based), in one request where the store offers that."""
        ...

    def ranges(self, indices: Sequence[int]) -> list[tuple[int, int]]:
        """Give the start and length, in the store, of the bytes that are fetched for each of several frames."""
        ...


@dataclass(frozen=True, slots=True)
class NativeFrames:
    """Frames that are not compressed, one directly after the other."""

    start: int
    """Position of the value's first byte in the store."""
    length: int
    """Bytes that the value has."""
    frame_bits: int
    """Bits of one frame; where it is no multiple of eight, frames begin within a byte."""
    count: int
    """Number of frames."""
    word_bits: int = 8
    """Bits of the words that are fetched whole: 16 where the two bytes of each word were exchanged."""

    def byte_range(self, index: int, count: int = 1) -> tuple[int, int]:
        """Give the start and length, in the store, of the bytes that hold ``count`` frames from ``index`` on."""
        first = index * self.frame_bits // self.word_bits
        last = -(-(index + count) * self.frame_bits // self.word_bits)
        return self.start + first * self.word_bits // 8, (last - first) * self.word_bits // 8

    def bit_offset(self, index: int) -> int:
        """Give how many bits of the first word of a frame belong to the frame before."""
        return index * self.frame_bits % self.word_bits

    def read(self, store: ByteStore, index: int) -> bytes | memoryview:
        """Fetch the bytes of one frame (zero-based)."""
        return self.read_block(store, index, 1)

    def read_block(self, store: ByteStore, index: int, count: int) -> bytes | memoryview:
        """Fetch the bytes of ``count`` frames from ``index`` on.

        Raises
        ------
        UnreadableFrameError
            If the pixel data ends before the last of them.
        """
        start, length = self.byte_range(index, count)
        return self._complete(store.read(start, length), start, length, index + count - 1)

    def read_many(self, store: ByteStore, indices: Sequence[int]) -> list[bytes | memoryview]:
        """Fetch the bytes of several frames (zero-based), in one request where the store offers that."""
        ranges = self.ranges(indices)
        contents = store.read_ranges(ranges)
        return [
            self._complete(content, start, length, index)
            for content, (start, length), index in zip(contents, ranges, indices, strict=True)
        ]

    def ranges(self, indices: Sequence[int]) -> list[tuple[int, int]]:
        """Give the start and length, in the store, of the bytes that hold each of several frames."""
        return [self.byte_range(index) for index in indices]

    def _complete(self, content: bytes | memoryview, start: int, length: int, index: int) -> bytes | memoryview:
        if len(content) < length or start + length > self.start + self.length:
            present = min(len(content), self.start + self.length - start)
            raise UnreadableFrameError(
                f"Frame {index + 1} of {self.count} is cut off: it needs the {length} bytes of the pixel data from "
                f"byte {start - self.start} on, but only {max(present, 0)} of them are there. The file is truncated, "
                "or Rows, Columns, Bits Allocated, Samples per Pixel or Number of Frames is wrong."
            )
        return content


@dataclass(frozen=True, slots=True)
class EncapsulatedFrames:
    """Compressed frames, each of one or more fragments."""

    starts: npt.NDArray[np.int64]
    """Position, in the store, of the first byte of each frame's first item, or of its data where ``bare``."""
    stops: npt.NDArray[np.int64]
    """Position, in the store, behind the last byte of each frame."""
    bare: bool = False
    """Whether the ranges hold the frames' data alone, each of one fragment, without items' headers."""
    single: bool = False
    """Whether each range is one item, which may have a byte more that makes its length even."""
    first: int = -1
    """Position of the first item, from which frames are looked for where an offset table is wrong; -1 without one."""
    _walked: list[EncapsulatedFrames] = field(default_factory=list, compare=False, repr=False)

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self.starts)

    def read(self, store: ByteStore, index: int) -> bytes | memoryview:
        """Fetch the bytes of one frame (zero-based), its fragments joined.

        Raises
        ------
        UnreadableFrameError
            If the pixel data ends before the frame does, or it cannot be told where it is.
        """
        start, stop = int(self.starts[index]), int(self.stops[index])
        return self._joined(store, store.read(start, stop - start), stop - start, index)

    def read_many(self, store: ByteStore, indices: Sequence[int]) -> list[bytes | memoryview]:
        """Fetch the bytes of several frames (zero-based), in one request where the store offers that."""
        ranges = self.ranges(indices)
        contents = store.read_ranges(ranges)
        return [
            self._joined(store, content, length, index)
            for content, (_, length), index in zip(contents, ranges, indices, strict=True)
        ]

    def ranges(self, indices: Sequence[int]) -> list[tuple[int, int]]:
        """Give the start and length, in the store, of the bytes that hold each of several frames."""
        return [(int(self.starts[i]), int(self.stops[i] - self.starts[i])) for i in indices]

    def _joined(self, store: ByteStore, content: bytes | memoryview, length: int, index: int) -> bytes | memoryview:
        if len(content) < length or length <= 0:
            raise UnreadableFrameError(
                f"Frame {index + 1} of {self.count} is cut off: it needs {length} bytes, but only {len(content)} of "
                "them are there. The file is truncated."
            )
        if self.bare:
            return content
        joined = _data_of_item(content) if self.single else _join_fragments(content)
        if joined is None and self.first >= 0:
            return self._without_table(store, index).read(store, index)
        if joined is None:
            raise _misplaced(index)
        return joined

    def _without_table(self, store: ByteStore, index: int) -> EncapsulatedFrames:
        """Find the frames by one walk over all items, since an offset table points to where no frame begins."""
        if not self._walked:
            try:
                walked = _from_walk(store, self.first, self.count)
            except UnreadableError as error:
                raise _misplaced(index) from error
            _warn(f"{store.name}: the offset table points to where frame {index + 1} is not, and is ignored.")
            self._walked.append(walked)
        return self._walked[0]


def locate_fragments(
    store: ByteStore,
    start: int,
    count: int,
    *,
    extended: tuple[bytes, bytes] | None = None,
) -> EncapsulatedFrames:
    """Find the frames of encapsulated pixel data.

    Parameters
    ----------
    store: ByteStore
        Holds the pixel data.
    start: int
        Position of the value's first byte, which is the Basic Offset Table's item.
    count: int
        Number of frames.
    extended: tuple[bytes, bytes] | None, optional
        Values of Extended Offset Table and Extended Offset Table Lengths, if present (PS3.3 C.7.6.3.1.8). Where they
        do not fit the items, they are ignored with a warning.

    Returns
    -------
    EncapsulatedFrames
        Where each frame lies.

    Raises
    ------
    UnreadableError
        If this is no encapsulated pixel data, or it cannot be told which fragments make up which frame.
    """
    store.read_ahead(start, 8 + 4 * count)  # the table with its header, in one request
    tag, length = _header(store, start)
    if tag != _ITEM:
        raise UnreadableError(
            f"{store.name}: the pixel data is not encapsulated as the transfer syntax demands: at byte {start} an item "
            f"(FFFE,E000) was expected, found {tag.hex(' ')!r}."
        )
    entries = store.read_ahead(start + 8, length)
    is_table = length > 0 and length % 4 == 0 and len(entries) == length
    table = np.frombuffer(entries, "<u4").astype(np.int64) if is_table else None
    first = start + 8 + length
    if extended is not None:
        found = _from_extended_table(store, first, count, extended)
        if found is not None:
            return found
    if table is not None:
        found = _from_basic_table(store, first, count, table)
        if found is not None:
            return found
    return _from_walk(store, first, count)


def _from_extended_table(
    store: ByteStore, first: int, count: int, extended: tuple[bytes, bytes]
) -> EncapsulatedFrames | None:
    if len(extended[0]) == len(extended[1]) == 8 * count:
        offsets = np.frombuffer(extended[0], "<u8").astype(np.int64)
        lengths = np.frombuffer(extended[1], "<u8").astype(np.int64)
        if offsets[0] == 0 and (np.diff(offsets) >= lengths[:-1] + 8).all() and _header(store, first)[0] == _ITEM:
            return EncapsulatedFrames(first + offsets, first + offsets + 8 + lengths, single=True, first=first)
    _warn(f"{store.name}: Extended Offset Table does not describe {count} frames and is ignored.")
    return None


def _from_basic_table(
    store: ByteStore, first: int, count: int, table: npt.NDArray[np.int64]
) -> EncapsulatedFrames | None:
    ordered = len(table) == count and table[0] == 0 and bool((np.diff(table) > 0).all())
    if ordered:
        starts = first + table
        end = end_of_fragments(store, int(starts[-1]))
        if end > starts[-1]:
            return EncapsulatedFrames(starts, np.append(starts[1:], end), first=first)
    _warn(f"{store.name}: Basic Offset Table does not describe {count} frames and is ignored.")
    return None


def _from_walk(store: ByteStore, first: int, count: int) -> EncapsulatedFrames:
    """Find frames by one walk over all items."""
    items, end = _walk(store, first)
    if len(items) > count:
        items = items[items[:, 1] > 0]
    if len(items) == count:
        return EncapsulatedFrames(items[:, 0] + 8, items[:, 0] + 8 + items[:, 1], bare=True)
    if count == 1 and len(items):
        return EncapsulatedFrames(items[:1, 0], np.array([end]))
    starts = items[:, 0]
    if len(items) > count:
        heads = store.read_ranges([(int(start) + 8, 12) for start in starts])
        starts = starts[[_begins_frame(bytes(head)) for head in heads]]
    if len(starts) == count:
        return EncapsulatedFrames(starts, np.append(starts[1:], end))
    if len(items) < count and len(items):
        # Whole frames are missing at the end: those that are there can be read, the others say that they are cut off.
        missing = np.full(count - len(items), store.size)
        starts = np.append(items[:, 0] + 8, missing)
        return EncapsulatedFrames(starts, np.append(items[:, 0] + 8 + items[:, 1], missing), bare=True)
    raise UnreadableError(
        f"{store.name}: the pixel data has {len(items)} fragments for {count} frames, no offset table, and nothing "
        "that tells which fragments make up which frame. Number of Frames may be wrong."
    )


def _begins_frame(head: bytes) -> bool:
    return head.startswith(_CODESTREAM_STARTS) or (1 <= head[0] <= _MOST_SEGMENTS and head[1:8] == _RLE_HEADER)


def _walk(store: ByteStore, position: int) -> tuple[npt.NDArray[np.int64], int]:
    """Give (position of header, length) of all items, and where the last ends."""
    items: list[tuple[int, int]] = []
    size = store.size
    while position + 8 <= size:
        tag, length = _header(store, position)
        if tag not in _TAGS and items and items[-1][1] % 2:  # odd, against PS3.5 A.4, and filled up behind
            tag, length = _header(store, position + 1)
            position += tag in _TAGS
        if tag != _ITEM or length == _UNDEFINED:
            break
        items.append((position, length))
        position += 8 + length
    return np.array(items, np.int64).reshape(-1, 2), position


def end_of_fragments(store: ByteStore, position: int) -> int:
    """Find where the items end that begin at a position of a store, by one walk over their headers."""
    return _walk(store, position)[1]


def _header(store: ByteStore, position: int) -> tuple[bytes, int]:
    head = bytes(store.read_ahead(position, 8))
    if len(head) < 8:
        return head, 0
    return head[:4], struct.unpack_from("<I", head, 4)[0]


def _join_fragments(content: bytes | memoryview) -> bytes | memoryview | None:
    """Take the data out of the items that make up a frame; ``None`` if they are no whole items."""
    view = memoryview(content)
    pieces: list[memoryview] = []
    position = 0
    while position + 8 <= len(view):
        if view[position : position + 4] == _SEQUENCE_DELIMITER:
            break
        stop = position + 8 + struct.unpack_from("<I", view, position + 4)[0]
        if view[position : position + 4] != _ITEM or stop > len(view):
            return None
        pieces.append(view[position + 8 : stop])
        position = stop
    left = bytes(view[position:])
    if not pieces or (left.strip(b"\0") and not left.startswith(_SEQUENCE_DELIMITER)):
        return None
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _data_of_item(content: bytes | memoryview) -> memoryview | None:
    """Take the data out of an item; ``None`` if it is none, or one of another length."""
    view = memoryview(content)
    length = struct.unpack_from("<I", view, 4)[0]
    return view[8:] if view[:4] == _ITEM and length - len(view) + 8 in (0, 1) else None


def _misplaced(index: int) -> UnreadableFrameError:
    return UnreadableFrameError(
        f"Frame {index + 1} cannot be read: there is no item (FFFE,E000) where the offset table, or the item before, "
        "says. The file is damaged."
    )


def _warn(message: str) -> None:
    warnings.warn(message, HdcoreWarning, stacklevel=4)
