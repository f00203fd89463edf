"""Bits of 1-bit frames, packed across frame boundaries (PS3.5 8.1.1 and annex D).

Frames whose Bits Allocated is 1 follow one another in the pixel data without padding between them: the first pixel is
the least significant bit of the first byte, and where a frame's pixels are not a multiple of eight, the next frame
begins within the same byte. So a run of frames is one stream of bits, and packing or unpacking a run is one call of
NumPy, however many frames there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["BitPacker", "pack_bits", "pack_frames", "packed_length", "unpack_bits", "unpack_frame", "unpack_frames"]

Buffer = bytes | bytearray | memoryview
_BITS = 8


def packed_length(pixels: int) -> int:
    """Say how many bytes hold a number of 1-bit pixels.

    Parameters
    ----------
    pixels: int
        Number of pixels of all frames together.

    Returns
    -------
    int
        Number of bytes; not yet padded to an even number.
    """
    return (pixels + _BITS - 1) // _BITS


def pack_bits(array: npt.NDArray[Any]) -> bytes:
    """Pack the pixels of one or more frames, beginning at a byte.

    Parameters
    ----------
    array: numpy.ndarray
        Boolean or integer pixels of any shape, in C order; everything but zero is a set bit.

    Returns
    -------
    bytes
        The bits; those of the last byte that no pixel fills are zero.
    """
    return np.packbits(_flat(array), bitorder="little").tobytes()


class BitPacker:
    r"""Packs frames that come one by one or in blocks, holding back at most seven bits.

    Examples
    --------
    >>> packer = BitPacker()
    >>> packer.pack(np.ones((2, 3), bool)), packer.pack(np.ones((2, 3), bool)), packer.finish()
    (b'', b'\xff', b'\x0f')
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: npt.NDArray[Any] = np.zeros(0, np.bool_)

    def pack(self, array: npt.NDArray[Any]) -> bytes:
        """Take frames and give the bytes that they complete.

        Parameters
        ----------
        array: numpy.ndarray
            Boolean or integer pixels of one frame or of several, of any shape, in C order.

        Returns
        -------
        bytes
            All bytes that are complete now; the bits after them are held back.
        """
        bits = _flat(array)
        head = b""
        if self._held.size:
            missing = _BITS - self._held.size
            joined = np.concatenate([self._held, bits[:missing] != 0])
            if joined.size < _BITS:
                self._held = joined
                return b""
            head, bits = np.packbits(joined, bitorder="little").tobytes(), bits[missing:]
        whole = bits.size - bits.size % _BITS
        self._held = bits[whole:] != 0
        body = np.packbits(bits[:whole], bitorder="little").tobytes()
        return head + body if head else body

    @property
    def is_at_byte(self) -> bool:
        """bool: whether no bits are held back, so that the next frame begins at a byte."""
        return not self._held.size

    def finish(self) -> bytes:
        """Give the last byte, filled up with zero bits, if any bit is held back.

        Returns
        -------
        bytes
            One byte or none.
        """
        held, self._held = self._held, np.zeros(0, np.bool_)
        return np.packbits(held, bitorder="little").tobytes()


def pack_frames(frames: Iterable[npt.NDArray[Any]]) -> Iterator[bytes]:
    """Pack frames, or blocks of frames, as they come, at constant memory.

    Parameters
    ----------
    frames: Iterable[numpy.ndarray]
        Boolean or integer frames, or blocks of them.

    Yields
    ------
    bytes
        Pieces of the packed pixel data; joined they are its value, without padding to an even length.
    """
    packer = BitPacker()
    for frame in frames:
        piece = packer.pack(frame)
        if piece:
            yield piece
    last = packer.finish()
    if last:
        yield last


def unpack_bits(buffer: Buffer, first_bit: int, count: int) -> npt.NDArray[np.uint8]:
    """Unpack bits from any place of a buffer.

    Parameters
    ----------
    buffer: bytes | bytearray | memoryview
        Packed bits.
    first_bit: int
        Zero-based index of the first bit.
    count: int
        Number of bits.

    Returns
    -------
    numpy.ndarray
        ``count`` values, 0 or 1.

    Raises
    ------
    ValueError
        If the buffer ends before the last bit.
    """
    first_byte, skipped = divmod(first_bit, _BITS)
    end_byte = packed_length(first_bit + count)
    raw = np.frombuffer(buffer, np.uint8)
    if first_bit < 0 or count < 0 or end_byte > raw.size:
        raise InputError(
            f"The packed data has {raw.size * _BITS} bits; bits {first_bit} to {first_bit + count} are not in it."
        )
    return np.unpackbits(raw[first_byte:end_byte], count=skipped + count, bitorder="little")[skipped:]


def unpack_frame(buffer: Buffer, rows: int, columns: int, index: int = 0, first_bit: int = 0) -> npt.NDArray[np.uint8]:
    """Unpack one frame.

    Parameters
    ----------
    buffer: bytes | bytearray | memoryview
        Packed frames.
    rows: int
        Number of rows.
    columns: int
        Number of columns.
    index: int, optional
        Zero-based index of the frame among those of ``buffer``.
    first_bit: int, optional
        Index of the bit at which the first frame of ``buffer`` begins.

    Returns
    -------
    numpy.ndarray
        Shape ``(rows, columns)``, values 0 and 1.

    Raises
    ------
    ValueError
        If the buffer ends before the frame does.
    """
    size = rows * columns
    return unpack_bits(buffer, first_bit + index * size, size).reshape(rows, columns)


def unpack_frames(
    buffer: Buffer, rows: int, columns: int, indices: npt.ArrayLike, first_bit: int = 0
) -> npt.NDArray[np.uint8]:
    """Unpack any frames, in any order.

    Parameters
    ----------
    buffer: bytes | bytearray | memoryview
        Packed frames.
    rows: int
        Number of rows.
    columns: int
        Number of columns.
    indices: array_like
        Zero-based indices of frames.
    first_bit: int, optional
        Index of the bit at which the first frame of ``buffer`` begins.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(indices), rows, columns)``, values 0 and 1.

    Raises
    ------
    ValueError
        If the buffer ends before one of the frames does.
    """
    size = rows * columns
    chosen = np.asarray(indices, np.int64).ravel()
    shape = (chosen.size, rows, columns)
    if not chosen.size or not size:
        return np.zeros(shape, np.uint8)
    if chosen.min() < 0:
        raise InputError(f"Frame index {chosen.min()} is negative; expected zero-based indices.")
    if chosen.size == 1 or (np.diff(chosen) == 1).all():
        return unpack_bits(buffer, first_bit + int(chosen[0]) * size, chosen.size * size).reshape(shape)
    raw = np.frombuffer(buffer, np.uint8)
    first_bits = first_bit + chosen * size
    if packed_length(int(first_bits.max()) + size) > raw.size:
        raise InputError(
            f"The packed pixel data has {raw.size} bytes, too few for frame {chosen.max()} of {rows} by {columns}."
        )
    return _unpack_scattered(raw, first_bits, size).reshape(shape)


def _unpack_scattered(
    raw: npt.NDArray[np.uint8], first_bits: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.uint8]:
    """Frames that begin at the same bit of a byte are gathered together: at most eight rounds."""
    unpacked = np.empty((first_bits.size, size), np.uint8)
    first_bytes, skipped = np.divmod(first_bits, _BITS)
    for skip in distinct(skipped):
        members = np.flatnonzero(skipped == skip)
        windows = np.lib.stride_tricks.sliding_window_view(raw, packed_length(int(skip) + size))
        gathered = windows[first_bytes[members]]
        unpacked[members] = np.unpackbits(gathered, axis=1, count=int(skip) + size, bitorder="little")[:, skip:]
    return unpacked


def _flat(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.dtype.kind not in "biu":
        raise InputTypeError(f"1-bit frames are packed from boolean or integer pixels, not from {array.dtype}.")
    return array.reshape(-1)
