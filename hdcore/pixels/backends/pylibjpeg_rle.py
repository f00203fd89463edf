"""RLE Lossless with pylibjpeg-rle."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import UnreadableError
from hdcore.pixels.backends import runs
from hdcore.pixels.profiles import RLE_LOSSLESS

if TYPE_CHECKING:
    from hdcore.pixels.backends.protocol import Decoded
    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "encode", "is_available"]

PACKAGE = "pylibjpeg-rle"
DECODES = ENCODES = frozenset({RLE_LOSSLESS})
RELEASES_LOCK = False


def is_available() -> bool:
    """Say whether the package is installed."""
    return find_spec("rle") is not None


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame."""
    decode_segment = import_module("rle.rle").decode_segment

    def decoded(segment: memoryview, size: int) -> npt.NDArray[np.uint8]:
        plane = np.frombuffer(decode_segment(bytes(segment)), np.uint8)
        if plane.size < size:
            raise UnreadableError(f"An RLE segment ends after {plane.size} of {size} bytes.")
        if plane.size > size + 1:
            runs.warn_of_surplus("An RLE segment", size)
        return plane[:size]

    return runs.join_planes(runs.split_segments(data, frame), frame, decoded)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Encode a frame."""
    encode_segment = import_module("rle.rle").encode_segment
    planes = runs.byte_planes(array, frame)
    return runs.join_segments([bytes(encode_segment(plane.tobytes(), frame.columns)) for plane in planes])
