"""JPEG 2000 and HTJ2K with pylibjpeg-openjpeg."""

from __future__ import annotations

import threading
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import InputError
from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.profiles import JPEG_2000, JPEG_2000_FAMILY, JPEG_2000_LOSSLESS

if TYPE_CHECKING:
    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "check_bits", "decode", "encode", "is_available"]

PACKAGE = "pylibjpeg-openjpeg"
DECODES = JPEG_2000_FAMILY
ENCODES = frozenset({JPEG_2000, JPEG_2000_LOSSLESS})
RELEASES_LOCK = False

_LOSSLESS_BITS = {1: range(1, 24), 3: range(3, 24)}
"""Bits Stored, by samples of a pixel, that come back unchanged."""
_ENCODING = threading.Lock()  # the encoder (2.4 to 2.6) crashes the process when two threads use it at once


def is_available() -> bool:
    """Say whether the package is installed."""
    return find_spec("openjpeg") is not None


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame; the reversible and irreversible colour transforms are undone by the codec."""
    array = import_module("openjpeg").decode(bytes(data))
    interpretation = frame.photometric_interpretation
    return Decoded(array, "RGB" if interpretation in ("YBR_RCT", "YBR_ICT") else interpretation)


def check_bits(frame: FrameFormat) -> None:
    """Refuse frames of which OpenJPEG loses bits, or which it fails to encode, though it is to be lossless.

    Raises
    ------
    ValueError
        If they have too many bits, or are colours of too few.
    """
    bits = _LOSSLESS_BITS[frame.samples_per_pixel]
    if frame.transfer_syntax_uid != JPEG_2000 and frame.bits_stored not in bits:
        raise InputError(
            f"OpenJPEG does not keep all of frames of {frame.samples_per_pixel} sample(s) of {frame.bits_stored} bits; "
            f"bits_stored may be {bits.start} to {bits.stop - 1}."
        )


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Encode a frame; YBR_RCT and YBR_ICT are made from RGB by the codec."""
    check_bits(frame)
    transformed = frame.photometric_interpretation in ("YBR_RCT", "YBR_ICT")
    lossy = frame.transfer_syntax_uid == JPEG_2000
    with _ENCODING:
        return bytes(
            import_module("openjpeg.utils").encode_array(
                np.ascontiguousarray(array),
                bits_stored=frame.bits_stored,
                photometric_interpretation=1 if transformed else 0,
                use_mct=transformed,
                signal_noise_ratios=[options.signal_noise_ratio] if lossy else None,
            )
        )
