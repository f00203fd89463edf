"""Deflated Image Frame Compression: each frame's native bytes as one deflate stream (PS3.5 8.2.16 and A.4.13)."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hdcore.errors import UnreadableError
from hdcore.model.syntaxes import EXPLICIT_VR_LITTLE_ENDIAN
from hdcore.pixels.backends import native
from hdcore.pixels.backends.runs import warn_of_surplus
from hdcore.pixels.profiles import DEFLATED_IMAGE_FRAME

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.pixels.backends.protocol import Decoded
    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "encode", "is_available"]

PACKAGE = "zlib"
DECODES = ENCODES = frozenset({DEFLATED_IMAGE_FRAME})
RELEASES_LOCK = True
_RAW = -zlib.MAX_WBITS  # a raw stream as of RFC 1951, without a zlib header


def is_available() -> bool:
    """Say whether the package is installed."""
    return True


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Inflate a frame; 1-bit frames begin at a byte, since each is a stream of its own."""
    try:
        plain = zlib.decompress(data, _RAW, frame.length)
    except zlib.error as error:
        raise UnreadableError(f"The frame is not a deflate stream: {error}.") from error
    if len(plain) > frame.length + 1:
        warn_of_surplus("A deflated frame", frame.length)
    return native.decode(plain, _as_native(frame), to_rgb)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Deflate a frame."""
    compressor = zlib.compressobj(options.deflate_level, zlib.DEFLATED, _RAW)
    plain = native.encode(array, _as_native(frame), options)
    return compressor.compress(plain) + compressor.flush()


def _as_native(frame: FrameFormat) -> FrameFormat:
    return replace(frame, transfer_syntax_uid=EXPLICIT_VR_LITTLE_ENDIAN)
