"""RLE Lossless without any other package: a run coder in NumPy (PS3.5 annex G).

A frame is cut into segments, one per byte of a sample and per sample of a pixel, most significant byte first; each
segment is a PackBits stream in which no run crosses the end of a row.
"""

from __future__ import annotations

import struct
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import HdcoreWarning, UnreadableError
from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.packing import packed_length, unpack_bits
from hdcore.pixels.profiles import RLE_LOSSLESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = [
    "DECODES",
    "ENCODES",
    "PACKAGE",
    "RELEASES_LOCK",
    "decode",
    "decode_segment",
    "encode",
    "encode_rows",
    "is_available",
    "join_segments",
    "split_segments",
    "warn_of_surplus",
]

PACKAGE = "numpy"
DECODES = ENCODES = frozenset({RLE_LOSSLESS})
RELEASES_LOCK = False
_HEADER = struct.Struct("<16L")
_LONGEST = 128
_BLOCK = 1 << 17  # bytes coded at a time, so that the index arrays stay small

Segment = npt.NDArray[np.uint8]


def is_available() -> bool:
    """Say whether the package is installed."""
    return True


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame."""
    return join_planes(split_segments(data, frame), frame, decode_segment)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Encode a frame."""
    return join_segments([_encode_plane(plane) for plane in byte_planes(array, frame)])


def byte_planes(array: npt.NDArray[Any], frame: FrameFormat) -> list[Segment]:
    """Cut a frame into planes of shape ``(rows, columns)``, one per sample and byte, most significant byte first."""
    size = frame.dtype.itemsize
    raw = np.ascontiguousarray(array, frame.dtype.newbyteorder("<")).view(np.uint8)
    raw = raw.reshape(frame.rows, frame.columns, frame.samples_per_pixel, size)
    if raw.shape[2:] == (1, 1):
        return [raw[:, :, 0, 0]]
    return [
        np.array(raw[:, :, sample, byte], order="C")
        for sample in range(frame.samples_per_pixel)
        for byte in reversed(range(size))
    ]


def join_planes(
    segments: list[memoryview], frame: FrameFormat, decode_one: Callable[[memoryview, int], Segment]
) -> Decoded:
    """Decode the segments of a frame and put their bytes into samples."""
    if frame.bits_allocated == 1:
        return Decoded(_single_bits(segments[0], frame, decode_one), frame.photometric_interpretation)
    size = frame.dtype.itemsize
    if len(segments) == 1:
        return Decoded(
            decode_one(segments[0], frame.samples).view(frame.dtype).reshape(frame.shape),
            frame.photometric_interpretation,
        )
    raw = np.empty((frame.rows * frame.columns, frame.samples_per_pixel, size), np.uint8)
    for number, segment in enumerate(segments):
        sample, byte = divmod(number, size)
        raw[:, sample, size - 1 - byte] = decode_one(segment, len(raw))
    samples = raw.view(frame.dtype.newbyteorder("<"))
    return Decoded(samples.reshape(frame.shape), frame.photometric_interpretation)


def _single_bits(
    segment: memoryview, frame: FrameFormat, decode_one: Callable[[memoryview, int], Segment]
) -> npt.NDArray[np.uint8]:
    """Decode 1-bit pixels: annex G.2 pads each to a byte, but writers code the packed bits."""
    try:
        return decode_one(segment, frame.samples).reshape(frame.shape)
    except UnreadableError:
        packed = decode_one(segment, packed_length(frame.samples))
        return unpack_bits(packed.tobytes(), 0, frame.samples).reshape(frame.shape)


def split_segments(data: bytes | memoryview, frame: FrameFormat) -> list[memoryview]:
    """Read the header of a frame (PS3.5 G.5)."""
    view = memoryview(data)
    if len(view) < _HEADER.size:
        raise UnreadableError(f"The RLE frame has {len(view)} bytes; its header alone has {_HEADER.size}.")
    count, *offsets = _HEADER.unpack_from(view)
    expected = frame.samples_per_pixel * frame.dtype.itemsize
    if count != expected:
        raise UnreadableError(f"The RLE frame has {count} segments; expected {expected}, one per byte of a pixel.")
    bounds = [*offsets[:count], len(view)]
    if any(start < _HEADER.size or start > end for start, end in pairwise(bounds)):
        raise UnreadableError(f"The RLE frame's segment offsets, {bounds[:-1]}, are not increasing.")
    return [view[start:end] for start, end in pairwise(bounds)]


def join_segments(segments: list[bytes]) -> bytes:
    """Write the header before segments, each padded to an even length (PS3.5 G.3 and G.5)."""
    padded = [segment + b"\0" * (len(segment) % 2) for segment in segments]
    offsets, position = [0] * 15, _HEADER.size
    for number, segment in enumerate(padded):
        offsets[number] = position
        position += len(segment)
    return b"".join([_HEADER.pack(len(padded), *offsets), *padded])


def _encode_plane(plane: Segment) -> bytes:
    rows = max(1, _BLOCK // plane.shape[1])
    return b"".join(encode_rows(plane[start : start + rows]) for start in range(0, len(plane), rows))


def encode_rows(plane: Segment) -> bytes:
    """Code the rows of a plane of bytes.

    Parameters
    ----------
    plane: numpy.ndarray
        Bytes of shape ``(rows, columns)``.

    Returns
    -------
    bytes
        Replicate runs for three and more equal bytes, literal runs for the rest.
    """
    data = plane.reshape(-1)
    starts, lengths, replicates = _chunks(*_runs(plane))
    sizes = np.where(replicates, 2, lengths + 1)
    ends = np.cumsum(sizes)
    headers = ends - sizes
    coded = np.empty(int(ends[-1]), np.uint8)
    is_literal = np.ones(coded.size, np.bool_)
    is_literal[headers] = False
    is_literal[headers[replicates] + 1] = False
    coded[headers] = np.where(replicates, 257 - lengths, lengths - 1)
    coded[headers[replicates] + 1] = data[starts[replicates]]
    coded[is_literal] = data[np.repeat(~replicates, lengths)]
    return coded.tobytes()


def _runs(plane: Segment) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Cut into runs: those of equal bytes, and the literal ones between them."""
    rows, columns = plane.shape
    first = np.ones((rows, columns), np.bool_)
    np.not_equal(plane[:, 1:], plane[:, :-1], out=first[:, 1:])
    starts = np.flatnonzero(first)
    replicates = np.diff(starts, append=plane.size) > 2
    # a literal run goes on over any number of short runs, to the end of its row
    keep = replicates.copy()
    keep[0] = True
    keep[1:] |= replicates[:-1] | (starts[1:] % columns == 0)
    starts, replicates = starts[keep], replicates[keep]
    return starts, np.diff(starts, append=plane.size), replicates


def _chunks(
    starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], replicates: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Cut runs of over 128 bytes; one byte that remains of a replicate run is a literal."""
    pieces = (lengths + _LONGEST - 1) // _LONGEST
    if pieces.max() > 1:
        owner = np.repeat(np.arange(starts.size), pieces)
        offset = (np.arange(owner.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)) * _LONGEST
        lengths = np.minimum(lengths[owner] - offset, _LONGEST)
        starts, replicates = starts[owner] + offset, replicates[owner]
    return starts, lengths, replicates & (lengths > 1)


def decode_segment(segment: memoryview, size: int) -> Segment:
    """Decode a segment of any encoder.

    Parameters
    ----------
    segment: memoryview
        A PackBits stream, perhaps padded.
    size: int
        Number of bytes that the segment holds when decoded.

    Raises
    ------
    ValueError
        If the stream ends before that.
    """
    out, position, filled, run, coded = bytearray(size), 0, 0, 0, bytes(segment)
    try:
        while filled < size:
            header = coded[position]
            if header < _LONGEST:
                run = header + 1
                length = min(run, size - filled)
                out[filled : filled + length] = coded[position + 1 : position + 1 + length]
                position += header + 2
            elif header > _LONGEST:
                run = 257 - header
                length = min(run, size - filled)
                out[filled : filled + length] = coded[position + 1 : position + 2] * length
                position += 2
            else:
                run, position = 0, position + 1
            filled += run
    except IndexError:
        raise UnreadableError(f"An RLE segment ends after {filled} of {size} bytes.") from None
    if len(out) != size:
        raise UnreadableError(f"An RLE segment ends within a literal run, before {size} bytes.")
    # one byte may pad the segment, and another what was coded, to an even length
    if filled > size + 1 or len(coded) > position + 1:
        warn_of_surplus("An RLE segment", size)
    return np.frombuffer(out, np.uint8)


def warn_of_surplus(what: str, size: int) -> None:
    """Tell that a frame or segment goes on behind its last pixel, as where Rows or Columns are wrong."""
    warnings.warn(
        f"{what} holds more than the {size} bytes that Rows and Columns say; the rest is ignored.",
        HdcoreWarning,
        stacklevel=3,
    )
