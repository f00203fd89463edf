"""All processes of JPEG, and JPEG-LS, with pylibjpeg-libjpeg."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.profiles import (
    JPEG_BASELINE,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
    JPEG_LS_NEAR_LOSSLESS,
)

if TYPE_CHECKING:
    from hdcore.pixels.format import FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "is_available"]

PACKAGE = "pylibjpeg-libjpeg"
DECODES = frozenset(
    {JPEG_BASELINE, JPEG_EXTENDED, JPEG_LOSSLESS, JPEG_LOSSLESS_SV1, JPEG_LS_LOSSLESS, JPEG_LS_NEAR_LOSSLESS}
)
ENCODES: frozenset[str] = frozenset()
RELEASES_LOCK = False


def is_available() -> bool:
    """Say whether the package is installed."""
    return find_spec("libjpeg") is not None


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame, in the colour space it was encoded in."""
    array = import_module("libjpeg").decode(bytes(data), colour_transform=0)
    interpretation = frame.photometric_interpretation
    return Decoded(array, "YBR_FULL" if frame.is_subsampled else interpretation)
