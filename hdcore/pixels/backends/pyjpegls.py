"""JPEG-LS with pyjpegls (CharLS)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.profiles import JPEG_LS_LOSSLESS, JPEG_LS_NEAR_LOSSLESS

if TYPE_CHECKING:
    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "encode", "is_available"]

PACKAGE = "pyjpegls"
DECODES = ENCODES = frozenset({JPEG_LS_LOSSLESS, JPEG_LS_NEAR_LOSSLESS})
RELEASES_LOCK = False


def is_available() -> bool:
    """Say whether the package is installed."""
    return find_spec("jpeg_ls") is not None


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame."""
    buffer, info = import_module("jpeg_ls").decode_pixel_data(bytes(data))
    samples = np.frombuffer(buffer, "u1" if info["bits_per_sample"] <= 8 else "<u2")
    height, width, components = info["height"], info["width"], info["components"]
    if components == 1:
        return Decoded(samples.reshape(height, width), frame.photometric_interpretation)
    if info["interleave_mode"] == 0:
        planes = samples.reshape(components, height, width)
        return Decoded(planes.transpose(1, 2, 0), frame.photometric_interpretation)
    return Decoded(samples.reshape(height, width, components), frame.photometric_interpretation)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Encode a frame; colour is interleaved by sample."""
    error = options.near_lossless_error if frame.transfer_syntax_uid == JPEG_LS_NEAR_LOSSLESS else 0
    samples = array
    if frame.pixel_representation:  # as unsigned numbers of as many bits
        samples = array.view(f"u{array.dtype.itemsize}") & ((1 << frame.bits_stored) - 1)
    container = "u1" if frame.bits_stored <= 8 else "<u2"
    return bytes(
        import_module("jpeg_ls").encode_buffer(
            samples.astype(container, copy=False).tobytes(),
            rows=frame.rows,
            columns=frame.columns,
            samples_per_pixel=frame.samples_per_pixel,
            bits_stored=frame.bits_stored,
            lossy_error=error,
            interleave_mode=0 if frame.samples_per_pixel == 1 else 2,
        )
    )
