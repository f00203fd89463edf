"""Frames of native transfer syntaxes, one after another in a value whose length is known beforehand (PS3.5 A.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import numpy as np

from hdcore.errors import InputError
from hdcore.model.element import UNDEFINED_LENGTH
from hdcore.model.held import write_zeros
from hdcore.pixels.codec import check_frame, encode
from hdcore.pixels.packing import BitPacker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["ArraySink", "FileSink", "native_length", "write_native"]

_LARGEST_NATIVE = UNDEFINED_LENGTH - 1
_BLOCK = 1 << 20


class Sink(Protocol):
    """Takes bytes one after another."""

    def write(self, piece: bytes | memoryview, /) -> None:
        """Take bytes."""
        ...

    def skip(self, count: int, /) -> None:
        """Take zero bytes."""
        ...


class ArraySink:
    """An array that is filled from its beginning."""

    def __init__(self, length: int, *, mostly_zero: bool) -> None:
        """Make the array.

        Parameters
        ----------
        length: int
            Number of bytes.
        mostly_zero: bool
            Whether most bytes will be skipped: memory that is never touched costs nothing then. Otherwise NumPy asks
            for large pages, which makes the first touch several times as fast.
        """
        self._is_zero = mostly_zero
        self.array: NDArray[np.uint8] = (np.zeros if mostly_zero else np.empty)(length, np.uint8)
        self.runs: list[tuple[int, int]] = []
        """Start and end of the parts that were not skipped."""
        self._at = 0

    def write(self, piece: bytes | memoryview, /) -> None:
        """Take bytes."""
        start, stop = self._at, self._at + len(piece)
        self.array[start:stop] = np.frombuffer(piece, np.uint8)
        self._at = stop
        if self.runs and self.runs[-1][1] == start:
            start = self.runs.pop()[0]
        self.runs.append((start, stop))

    def skip(self, count: int, /) -> None:
        """Take zero bytes."""
        if not self._is_zero:
            self.array[self._at : self._at + count] = 0
        self._at += count


class FileSink:
    """A file to which is written at its position."""

    def __init__(self, file: BinaryIO, *, may_skip: bool) -> None:
        """Take the file; ``may_skip`` as of :func:`hdcore.model.held.write_zeros`."""
        self._file, self._may_skip = file, may_skip

    def write(self, piece: bytes | memoryview, /) -> None:
        """Take bytes."""
        self._file.write(piece)

    def skip(self, count: int, /) -> None:
        """Take zero bytes."""
        write_zeros(self._file, count, may_skip=self._may_skip)


def native_length(frame_format: FrameFormat, count: int) -> int:
    """Tell how many bytes native frames have, without padding to an even number.

    Raises
    ------
    ValueError
        If these are more than a value may have.
    """
    length = (frame_format.samples * frame_format.bits_allocated * count + 7) // 8
    if length > _LARGEST_NATIVE:
        raise InputError(
            f"{count} native frames have {length} bytes, more than a native value may have (4 GiB); use a compressed "
            "transfer syntax."
        )
    return length


def write_native(
    sink: Sink, frames: Iterable[NDArray[Any]], frame_format: FrameFormat, count: int, options: EncodingOptions
) -> None:
    """Write native frames, padded to an even length.

    Parameters
    ----------
    sink: Sink
        Where to write them.
    frames: Iterable[numpy.ndarray]
        Frames, or blocks of them. A block that repeats a frame of zeros, as ``numpy.broadcast_to`` makes it, is
        skipped.
    frame_format: FrameFormat
        What they must be.
    count: int
        How many there must be.
    options: EncodingOptions
        Settings of the encoders.

    Raises
    ------
    ValueError
        If a frame does not fit, or there are more or fewer.
    """
    written = 0
    packer = BitPacker() if frame_format.bits_allocated == 1 else None
    for block in frames:
        stacked = _stacked(block, frame_format)
        written += len(stacked)
        if written > count:
            raise InputError(f"There are more than the {count} frames that were planned.")
        bits = len(stacked) * frame_format.samples * frame_format.bits_allocated
        if _repeats_zeros(stacked) and bits % 8 == 0 and (packer is None or packer.is_at_byte):
            sink.skip(bits // 8)
            continue
        step = max(1, _BLOCK // frame_format.samples) if _is_repeated(stacked) else len(stacked)
        for start in range(0, len(stacked), step):
            part = stacked[start : start + step]
            sink.write(packer.pack(part) if packer else _native_bytes(part, frame_format, options))
    if written < count:
        raise InputError(f"There are {written} frames; {count} were planned.")
    if packer:
        sink.write(packer.finish())
    if native_length(frame_format, count) % 2:
        sink.write(b"\0")


def _is_repeated(stacked: NDArray[Any]) -> bool:
    return len(stacked) > 1 and stacked.strides[0] == 0


def _repeats_zeros(stacked: NDArray[Any]) -> bool:
    return _is_repeated(stacked) and not stacked[0].any()


def _stacked(block: NDArray[Any], frame_format: FrameFormat) -> NDArray[Any]:
    stacked = block[np.newaxis] if block.ndim == len(frame_format.shape) else block
    if stacked.shape[1:] != frame_format.shape:
        raise InputError(f"A frame has the shape {block.shape}; expected {frame_format.shape}.")
    if not len(stacked):
        return stacked
    if block.ndim == len(frame_format.shape) or frame_format.bits_allocated == 1 or _is_repeated(stacked):
        check_frame(stacked[0], frame_format)
        return stacked
    for frame in stacked:
        check_frame(frame, frame_format)
    return stacked


def _native_bytes(stacked: NDArray[Any], frame_format: FrameFormat, options: EncodingOptions) -> bytes | memoryview:
    if frame_format.samples_per_pixel > 1:
        return b"".join(encode(frame, frame_format, options) for frame in stacked)
    swapped = stacked.astype(frame_format.stored_dtype, copy=False)
    return np.ascontiguousarray(swapped).reshape(-1).view(np.uint8).data
