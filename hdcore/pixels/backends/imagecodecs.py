"""Nearly everything with imagecodecs, which releases the interpreter lock and is the fastest where it is installed.

JPEG-LS is only decoded: imagecodecs cannot write the number of bits that are stored.
"""

from __future__ import annotations

import math
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import InputError
from hdcore.pixels.backends.openjpeg import check_bits
from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.backends.runs import byte_planes, join_segments
from hdcore.pixels.profiles import (
    HTJ2K,
    HTJ2K_LOSSLESS,
    HTJ2K_LOSSLESS_RPCL,
    JPEG_2000,
    JPEG_2000_FAMILY,
    JPEG_2000_LOSSLESS,
    JPEG_BASELINE,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
    JPEG_LS_NEAR_LOSSLESS,
    RLE_LOSSLESS,
)

if TYPE_CHECKING:
    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "encode", "is_available"]

PACKAGE = "imagecodecs"
_JPEG = frozenset({JPEG_BASELINE, JPEG_EXTENDED, JPEG_LOSSLESS, JPEG_LOSSLESS_SV1})
_JPEG_LS = frozenset({JPEG_LS_LOSSLESS, JPEG_LS_NEAR_LOSSLESS})
_HTJ2K = frozenset({HTJ2K, HTJ2K_LOSSLESS, HTJ2K_LOSSLESS_RPCL})
DECODES = _JPEG | _JPEG_LS | JPEG_2000_FAMILY
ENCODES = frozenset({RLE_LOSSLESS, JPEG_2000, JPEG_2000_LOSSLESS}) | _HTJ2K
RELEASES_LOCK = True

_THUMBNAIL = 64  # the base resolution of HTJ2K Lossless RPCL is at most this wide and high (PS3.5 10.18)


def is_available() -> bool:
    """Say whether the package is installed."""
    return find_spec("imagecodecs") is not None


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame; of JPEG, libjpeg-turbo converts YBR to RGB when allowed."""
    imagecodecs = import_module("imagecodecs")
    syntax, interpretation = frame.transfer_syntax_uid, frame.photometric_interpretation
    if syntax in _JPEG:
        return _decode_jpeg(imagecodecs, data, frame, to_rgb)
    if syntax in _JPEG_LS:
        return Decoded(imagecodecs.jpegls_decode(data), interpretation)
    # of lossy streams, the faster decoder of HTJ2K lets values beyond the range wrap around
    decoder = imagecodecs.htj2k_decode if syntax in _HTJ2K - {HTJ2K} else imagecodecs.jpeg2k_decode
    return Decoded(decoder(data), "RGB" if interpretation in ("YBR_RCT", "YBR_ICT") else interpretation)


def _decode_jpeg(imagecodecs: Any, data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    interpretation = "YBR_FULL" if frame.is_subsampled else frame.photometric_interpretation
    if frame.samples_per_pixel == 1:
        return Decoded(imagecodecs.jpeg8_decode(data), interpretation)
    if interpretation.startswith("YBR") and to_rgb:
        return Decoded(imagecodecs.jpeg8_decode(data, colorspace="YCBCR", outcolorspace="RGB"), "RGB")
    # naming the same space twice keeps libjpeg from converting, whatever its markers say
    return Decoded(imagecodecs.jpeg8_decode(data, colorspace="RGB", outcolorspace="RGB"), interpretation)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Encode a frame; YBR_RCT and YBR_ICT are made from RGB by the codec."""
    imagecodecs = import_module("imagecodecs")
    if frame.transfer_syntax_uid == RLE_LOSSLESS:
        planes = byte_planes(array, frame)
        return join_segments([bytes(imagecodecs.packbits_encode(plane, axis=-1)) for plane in planes])
    if frame.transfer_syntax_uid in _HTJ2K:
        return _encode_htj2k(imagecodecs, array, frame, options)
    check_bits(frame)
    transformed = frame.photometric_interpretation in ("YBR_RCT", "YBR_ICT")
    lossy = frame.transfer_syntax_uid == JPEG_2000
    return bytes(
        imagecodecs.jpeg2k_encode(
            np.ascontiguousarray(array),
            level=options.signal_noise_ratio if lossy else 0,
            codecformat="j2k",
            bitspersample=frame.bits_stored,
            reversible=not lossy,
            mct=transformed,
            numthreads=1,
        )
    )


def _encode_htj2k(imagecodecs: Any, array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    if frame.bits_stored != 8 * frame.dtype.itemsize:
        raise InputError(
            f"The HTJ2K encoder writes all {8 * frame.dtype.itemsize} bits of a sample; "
            f"bits_stored is {frame.bits_stored}. Make it equal to bits_allocated."
        )
    if frame.photometric_interpretation in ("RGB", "YBR_FULL"):
        raise InputError(
            f"The HTJ2K encoder transforms colour; photometric_interpretation is {frame.photometric_interpretation}. "
            "Use YBR_RCT, or YBR_ICT if lossy, with RGB samples."
        )
    lossy = frame.transfer_syntax_uid == HTJ2K
    if frame.photometric_interpretation == ("YBR_RCT" if lossy else "YBR_ICT"):
        raise InputError(f"{'Lossy' if lossy else 'Lossless'} HTJ2K cannot hold {frame.photometric_interpretation}.")
    largest = max(frame.rows, frame.columns)
    return bytes(
        imagecodecs.htj2k_encode(
            np.ascontiguousarray(array),
            # the quantisation step, relative to the range, whose uniform error has the wanted ratio
            level=math.sqrt(12) * 10 ** (-options.signal_noise_ratio / 20) if lossy else None,
            resolutions=max(1, math.ceil(math.log2(max(1.0, largest / _THUMBNAIL)))),
            reversible=not lossy,
            tlm=True,
        )
    )
