"""Frames in the native format: the samples themselves (PS3.5 8.1 and 8.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import InputError, UnreadableError
from hdcore.model.syntaxes import NATIVE
from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.packing import pack_bits, unpack_bits
from hdcore.pixels.ybr import expand_422, subsample_422

if TYPE_CHECKING:
    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "encode", "is_available"]

PACKAGE = "numpy"
DECODES = ENCODES = NATIVE
RELEASES_LOCK = False


def is_available() -> bool:
    """Say whether the package is installed."""
    return True


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool, first_bit: int = 0) -> Decoded:
    """View the samples of a frame, without a copy where the layout allows."""
    if frame.bits_allocated == 1:
        return Decoded(
            unpack_bits(data, first_bit, frame.samples).reshape(frame.shape), frame.photometric_interpretation
        )
    if len(data) < frame.length:
        raise UnreadableError(f"The frame has {len(data)} bytes; expected {frame.length}.")
    if frame.word_swapped:
        data = _swap_words(data)
    samples = np.frombuffer(data[: frame.length], frame.stored_dtype)
    if frame.is_subsampled:
        _require_even_columns(frame)
        return Decoded(expand_422(samples, frame.rows, frame.columns), frame.expanded_interpretation)
    if frame.samples_per_pixel == 1:
        return Decoded(samples.reshape(frame.shape), frame.photometric_interpretation)
    if frame.planar_configuration:
        planes = samples.reshape(frame.samples_per_pixel, frame.rows, frame.columns)
        return Decoded(np.ascontiguousarray(planes.transpose(1, 2, 0)), frame.photometric_interpretation)
    return Decoded(samples.reshape(frame.shape), frame.photometric_interpretation)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Write the samples of a frame; a 1-bit frame is filled up to a byte."""
    if frame.bits_allocated == 1:
        return pack_bits(array)
    if frame.is_subsampled:
        _require_even_columns(frame)
        array = subsample_422(array)
    elif frame.samples_per_pixel > 1 and frame.planar_configuration:
        array = array.transpose(2, 0, 1)
    encoded = array.astype(frame.stored_dtype, copy=False).tobytes()
    return bytes(_swap_words(encoded)) if frame.word_swapped else encoded


def _require_even_columns(frame: FrameFormat) -> None:
    if frame.columns % 2:
        raise InputError(
            f"Native {frame.photometric_interpretation} needs an even number of columns, not {frame.columns}."
        )


def _swap_words(data: bytes | memoryview) -> bytes:
    padded = bytes(data) + b"\0" * (len(data) % 2)
    return np.frombuffer(padded, np.uint16).byteswap().tobytes()
