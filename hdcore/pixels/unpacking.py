"""From the bytes of native frames to their samples (PS3.5 8.1 and 8.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.pixels.format import FrameFormat

__all__ = ["bits_of_frame", "exchanged", "is_plain", "unpack"]


def bits_of_frame(frame: FrameFormat) -> int:
    """Give the bits that one native frame takes, which for 1-bit pixels need not be whole bytes."""
    return frame.samples if frame.bits_allocated == 1 else 8 * frame.length


def is_plain(frame: FrameFormat) -> bool:
    """Tell whether native samples are the decoded ones, so that no colour conversion is needed."""
    return frame.samples_per_pixel == 1 or not frame.photometric_interpretation.startswith("YBR")


def unpack(frame: FrameFormat, content: bytes | memoryview, bit_offset: int, count: int) -> npt.NDArray[Any]:
    """Decode consecutive native frames that are plain.

    Parameters
    ----------
    frame: FrameFormat
        What they are like.
    content: bytes | memoryview
        The bytes that hold them.
    bit_offset: int
        How many bits at the beginning belong to the frame before.
    count: int
        Number of frames.

    Returns
    -------
    numpy.ndarray
        Shape (count, rows, columns) or (count, rows, columns, samples); a read-only view of ``content`` where the
        bytes are the samples.
    """
    number = count * frame.samples
    if frame.word_swapped:
        content = exchanged(content)
    if frame.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(content, np.uint8), count=bit_offset + number, bitorder="little")
        return bits[bit_offset:].reshape(count, *frame.shape)
    samples = np.frombuffer(content, frame.stored_dtype, count=number, offset=bit_offset // 8)
    if not samples.dtype.isnative:
        samples = samples.astype(frame.dtype)
    samples = _without_unused_bits(frame, samples)
    if frame.samples_per_pixel > 1 and frame.planar_configuration == 1:
        return np.moveaxis(samples.reshape(count, frame.samples_per_pixel, frame.rows, frame.columns), 1, -1)
    return samples.reshape(count, *frame.shape)


def _without_unused_bits(frame: FrameFormat, samples: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Clear, or fill with the sign, the bits above Bits Stored, whose content is not the value's (PS3.5 8.1.1)."""
    shift = frame.bits_allocated - frame.bits_stored
    if shift == 0 or frame.is_float:
        return samples
    if not frame.pixel_representation:
        mask = samples.dtype.type((1 << frame.bits_stored) - 1)
        return samples if samples.max() <= mask else samples & mask
    shifted: npt.NDArray[Any] = np.left_shift(samples, shift)
    np.right_shift(shifted, shift, out=shifted)
    return shifted


def exchanged(content: bytes | memoryview) -> bytes:
    """Exchange the two bytes of each 16-bit word."""
    even = bytes(content) + b"\0" * (len(content) % 2)
    return np.frombuffer(even, "u2").byteswap().tobytes()
