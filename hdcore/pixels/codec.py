"""Encoding and decoding of single frames in every transfer syntax (PS3.5 section 8 and annex A)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.enums import (
    PhotometricInterpretationValues,
    PixelDataKeywords,
    PixelRepresentationValues,
    PlanarConfigurationValues,
)
from hdcore.errors import HdcoreError, InputError, MissingCodecError, UnreadableError
from hdcore.pixels.backends import native, pydicom_plugins
from hdcore.pixels.backends.choice import decoders, encoders, others
from hdcore.pixels.format import EncodingOptions, FrameFormat, decodable_interpretation
from hdcore.pixels.profiles import check_profile, is_native, lossy_compression
from hdcore.pixels.ybr import partial_to_rgb, ybr_to_rgb

if TYPE_CHECKING:
    from hdcore.pixels.backends.protocol import Decoded

__all__ = ["check_frame", "decode", "decode_frame", "encode", "encode_frame", "get_lossy_compression_attributes"]

_DEFAULTS = EncodingOptions()
_FLOAT_KEYWORDS = {32: "FloatPixelData", 64: "DoubleFloatPixelData"}
_RGB_FROM_YBR = frozenset({"YBR_FULL", "YBR_FULL_422"})


def encode_frame(
    array: npt.NDArray[Any],
    transfer_syntax_uid: str,
    bits_allocated: int,
    bits_stored: int,
    photometric_interpretation: PhotometricInterpretationValues | str,
    pixel_representation: PixelRepresentationValues | int = 0,
    planar_configuration: PlanarConfigurationValues | int | None = None,
) -> bytes:
    """Encode one frame.

    Parameters
    ----------
    array: numpy.ndarray
        Samples of shape ``(rows, columns)`` or ``(rows, columns, 3)``. For ``YBR_FULL_422`` with JPEG baseline,
        ``YBR_RCT`` and ``YBR_ICT`` they are RGB, which the codec converts; otherwise they are in the colour space
        that ``photometric_interpretation`` says.
    transfer_syntax_uid: str
        Transfer syntax.
    bits_allocated: int
        Bits Allocated: 1, 8, 16, 32 or 64. Floating-point arrays take 32 or 64.
    bits_stored: int
        Bits Stored.
    photometric_interpretation: PhotometricInterpretationValues | str
        Colour space of the encoded frame.
    pixel_representation: PixelRepresentationValues | int, optional
        0 for unsigned, 1 for signed samples.
    planar_configuration: PlanarConfigurationValues | int | None, optional
        0 by pixel, 1 by plane; required of a colour image.

    Returns
    -------
    bytes
        The frame: native bytes (a 1-bit frame is filled up to a byte), or a compressed bit stream, which is not yet
        padded to an even length.

    Raises
    ------
    ValueError
        If the transfer syntax cannot hold such frames (PS3.5 8.2), a value needs more than ``bits_stored`` bits, or
        the array's shape or type does not fit the other parameters.
    MissingCodecError
        If no installed package encodes the transfer syntax.
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] != 3):
        raise InputError(f"array has shape {array.shape}; expected (rows, columns) or (rows, columns, 3).")
    if array.ndim == 3 and planar_configuration is None:
        raise InputError("planar_configuration is required of a colour frame; expected 0 or 1.")
    frame = FrameFormat(
        transfer_syntax_uid=str(transfer_syntax_uid),
        rows=array.shape[0],
        columns=array.shape[1],
        samples_per_pixel=array.shape[2] if array.ndim == 3 else 1,
        bits_allocated=bits_allocated,
        bits_stored=bits_stored,
        photometric_interpretation=PhotometricInterpretationValues(photometric_interpretation).value,
        pixel_representation=PixelRepresentationValues(pixel_representation).value,
        planar_configuration=PlanarConfigurationValues(planar_configuration or 0).value,
        pixel_keyword=_FLOAT_KEYWORDS.get(bits_allocated, "PixelData") if array.dtype.kind == "f" else "PixelData",
    )
    return encode(array, frame)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions = _DEFAULTS) -> bytes:
    """Encode one frame of a known format.

    Parameters
    ----------
    array: numpy.ndarray
        Samples of shape ``frame.shape``.
    frame: FrameFormat
        How to encode them.
    options: EncodingOptions, optional
        Settings of the encoders.

    Returns
    -------
    bytes
        As of :func:`encode_frame`.

    Raises
    ------
    ValueError, MissingCodecError
        As of :func:`encode_frame`.
    """
    check_profile(frame)
    check_frame(array, frame)
    if array.dtype.kind == "b":
        array = array.view(np.uint8)
    errors: list[Exception] = []
    for backend in encoders(frame.transfer_syntax_uid):
        try:
            return backend.encode(array, frame, options)
        except Exception as error:
            errors.append(error)
    raise _refusal(errors, InputError)(
        f"A frame of shape {frame.shape}, {frame.bits_stored} bits and photometric interpretation "
        f"{frame.photometric_interpretation} cannot be encoded as {frame.transfer_syntax_uid}: {_reasons(errors)}"
    )


def _refusal(errors: list[Exception], otherwise: type[HdcoreError]) -> type[HdcoreError]:
    """Choose the kind of error: if the packages only lack an ability, another package may have it."""
    return MissingCodecError if all(isinstance(error, MissingCodecError) for error in errors) else otherwise


def _reasons(errors: list[Exception]) -> str:
    return " ".join(f"{str(error).rstrip('.')}." for error in errors)


def check_frame(array: npt.NDArray[Any], frame: FrameFormat) -> None:
    """Refuse samples that are not of a format.

    Raises
    ------
    ValueError
        If its shape or data type differs, or a sample needs more bits than Bits Stored.
    """
    if array.shape != frame.shape:
        raise InputError(f"The frame has shape {array.shape}; expected {frame.shape}.")
    kinds = "f" if frame.is_float else "i" if frame.pixel_representation else "bu"
    if array.dtype.kind not in kinds or (array.dtype.kind != "b" and array.dtype.itemsize != frame.dtype.itemsize):
        raise InputError(
            f"The frame's data type is {array.dtype}; expected {frame.dtype} for Bits Allocated "
            f"{frame.bits_allocated} and Pixel Representation {frame.pixel_representation}."
        )
    if frame.is_float or array.dtype.kind == "b" or frame.bits_stored == 8 * array.dtype.itemsize:
        return
    low, high = frame.value_range
    if array.max() > high or array.min() < low:
        raise InputError(
            f"The frame has values from {array.min()} to {array.max()}; "
            f"Bits Stored {frame.bits_stored} holds {low} to {high}."
        )


def decode_frame(
    value: bytes,
    transfer_syntax_uid: str,
    rows: int,
    columns: int,
    samples_per_pixel: int,
    bits_allocated: int,
    bits_stored: int,
    photometric_interpretation: PhotometricInterpretationValues | str,
    pixel_representation: PixelRepresentationValues | int | None = 0,
    planar_configuration: PlanarConfigurationValues | int | None = None,
    index: int = 0,
    pixel_keyword: PixelDataKeywords | str = PixelDataKeywords.PIXEL_DATA,
) -> npt.NDArray[Any]:
    """Decode one frame.

    Parameters
    ----------
    value: bytes
        The encoded frame. Of native 1-bit frames: all bytes that hold a pixel of it.
    transfer_syntax_uid: str
        Transfer syntax.
    rows: int
        Number of rows.
    columns: int
        Number of columns.
    samples_per_pixel: int
        1 or 3.
    bits_allocated: int
        Bits Allocated.
    bits_stored: int
        Bits Stored.
    photometric_interpretation: PhotometricInterpretationValues | str
        Colour space of the encoded frame.
    pixel_representation: PixelRepresentationValues | int | None, optional
        0 for unsigned, 1 for signed samples; None only for floating-point pixel data.
    planar_configuration: PlanarConfigurationValues | int | None, optional
        0 by pixel, 1 by plane; matters in the native format only.
    index: int, optional
        Zero-based index of the frame in its image, from which follows at which bit of ``value`` a native 1-bit frame
        begins. Has no effect otherwise.
    pixel_keyword: PixelDataKeywords | str, optional
        Attribute that holds the pixel data.

    Returns
    -------
    numpy.ndarray
        Samples of shape ``(rows, columns)`` or ``(rows, columns, 3)``, in the machine's byte order; YBR is converted
        to RGB. The array is the caller's own.

    Raises
    ------
    ValueError
        If ``value`` is not such a frame.
    MissingCodecError
        If no installed package decodes the transfer syntax.
    """
    keyword = PixelDataKeywords(pixel_keyword).value
    if pixel_representation is None and keyword == "PixelData":
        raise InputError(
            "pixel_representation is None, which only floating-point pixel data may have; expected 0 or 1."
        )
    frame = FrameFormat(
        transfer_syntax_uid=str(transfer_syntax_uid),
        rows=rows,
        columns=columns,
        samples_per_pixel=samples_per_pixel,
        bits_allocated=bits_allocated,
        bits_stored=bits_stored,
        photometric_interpretation=decodable_interpretation(photometric_interpretation),
        pixel_representation=PixelRepresentationValues(pixel_representation or 0).value,
        planar_configuration=PlanarConfigurationValues(planar_configuration or 0).value,
        pixel_keyword=keyword,
    )
    array = decode(value, frame, index=index)
    return array if array.flags.writeable else array.copy()


def decode(data: bytes | memoryview, frame: FrameFormat, *, index: int = 0, to_rgb: bool = True) -> npt.NDArray[Any]:
    """Decode one frame of a known format.

    Parameters
    ----------
    data: bytes | memoryview
        The encoded frame. Of native 1-bit frames: all bytes that hold a pixel of it.
    frame: FrameFormat
        How it is encoded.
    index: int, optional
        Zero-based index of the frame in its image; matters for native 1-bit frames only.
    to_rgb: bool, optional
        Whether to convert YBR_FULL, YBR_FULL_422, YBR_PARTIAL_422 and YBR_PARTIAL_420 to RGB. What JPEG 2000 stores as
        YBR_RCT or YBR_ICT is always RGB when decoded.

    Returns
    -------
    numpy.ndarray
        Samples of shape ``frame.shape`` and type ``frame.dtype``; a read-only view of ``data`` where the native format
        allows it.

    Raises
    ------
    ValueError, MissingCodecError
        As of :func:`decode_frame`.
    """
    if is_native(frame.transfer_syntax_uid):
        first_bit = index * frame.samples % 8 if frame.bits_allocated == 1 else 0
        decoded = native.decode(data, frame, to_rgb, first_bit)
    else:
        decoded = _decode_with_any(data, frame, to_rgb)
    array = _as_stored(decoded.array, frame)
    if not to_rgb or frame.samples_per_pixel == 1:
        return array
    if decoded.photometric_interpretation in _RGB_FROM_YBR:
        return ybr_to_rgb(array, frame.bits_stored)
    is_partial = decoded.photometric_interpretation.startswith("YBR_PARTIAL")
    return partial_to_rgb(array, frame.bits_stored) if is_partial else array


def _decode_with_any(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    errors: list[Exception] = []
    own: list[Exception] = []
    for backend in decoders(frame.transfer_syntax_uid):
        try:
            decoded = backend.decode(data, frame, to_rgb)
        except BaseException as raised:  # each package has errors of its own, and the next one may do
            error = _as_error(raised)
            errors.append(error)
            if backend is not pydicom_plugins:  # which asks the same packages once more
                own.append(error)
            continue
        if decoded.array.shape == frame.shape:
            return decoded
        errors.append(UnreadableError(f"The frame has shape {decoded.array.shape}; expected {frame.shape}."))
    further = others(frame.transfer_syntax_uid)
    hint = f" Packages that are not installed may do: pip install {further}." if further else ""
    raise _refusal(own or errors, UnreadableError)(
        f"The frame of {len(data)} bytes cannot be decoded as {frame.transfer_syntax_uid}: {_reasons(errors)}{hint}"
    )


def _as_error(raised: BaseException) -> Exception:
    """Take what a package raised, also a panic of one written in Rust, which is no Exception; let others through."""
    if isinstance(raised, Exception):
        return raised
    if type(raised).__name__ != "PanicException":
        raise raised
    return UnreadableError(f"A decoder broke off: {raised}.")


def _as_stored(array: npt.NDArray[Any], frame: FrameFormat) -> npt.NDArray[Any]:
    """Give samples their type, and a sign or zeros in the bits above Bits Stored, which writers may use otherwise."""
    if array.dtype != frame.dtype:
        array = array.astype(frame.dtype)
    unused = 8 * frame.dtype.itemsize - frame.bits_stored
    if frame.is_float or not unused or frame.bits_allocated == 1:
        return array
    low, high = frame.value_range
    if array.max() <= high and array.min() >= low:
        return array
    shifted: npt.NDArray[Any] = np.left_shift(array, unused)
    shifted >>= unused
    return shifted


def get_lossy_compression_attributes(transfer_syntax_uid: str) -> tuple[str, str | None]:
    """Give the attributes that say whether a transfer syntax loses information (PS3.3 C.7.6.1.1.5).

    Parameters
    ----------
    transfer_syntax_uid: str
        Transfer syntax.

    Returns
    -------
    lossy_image_compression: str
        Lossy Image Compression: ``"01"`` or ``"00"``.
    lossy_image_compression_method: str | None
        Lossy Image Compression Method, or None if nothing is lost.
    """
    method = lossy_compression(str(transfer_syntax_uid))
    return ("00", None) if method is None else ("01", method)
