"""The format of stored frames as a dataset describes it, which may not be quite as it should (PS3.3 C.7.6.3)."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from hdcore.enums import PixelDataKeywords
from hdcore.errors import HdcoreWarning, InputError, UnreadableError
from hdcore.pixels.format import FrameFormat, decodable_interpretation
from hdcore.pixels.tolerant import value_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

T = TypeVar("T", int, str)

__all__ = [
    "PIXEL_DATA_TAGS",
    "format_of",
    "number_of_frames",
    "positive",
    "whole_number",
]

PIXEL_DATA_TAGS = {
    0x7FE00010: PixelDataKeywords.PIXEL_DATA,
    0x7FE00008: PixelDataKeywords.FLOAT_PIXEL_DATA,
    0x7FE00009: PixelDataKeywords.DOUBLE_FLOAT_PIXEL_DATA,
}
"""Tags of the elements that may hold the pixels."""

_FLOAT_BITS = {PixelDataKeywords.FLOAT_PIXEL_DATA: 32, PixelDataKeywords.DOUBLE_FLOAT_PIXEL_DATA: 64}
_BIG_ENDIAN = "1.2.840.10008.1.2.2"


def format_of(
    dataset: Dataset, keyword: PixelDataKeywords, transfer_syntax_uid: str, value_representation: str = "OW"
) -> FrameFormat:
    """Read the format of a dataset's frames.

    What is absent but can only be one thing is assumed, with a warning.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The image, with or without its pixels.
    keyword: PixelDataKeywords
        Which element holds the pixels.
    transfer_syntax_uid: str
        How they are encoded.
    value_representation: str, optional
        Value representation of the element.

    Returns
    -------
    FrameFormat
        The format.

    Raises
    ------
    UnreadableError
        If Rows, Columns or Bits Allocated are absent or no positive integers, or frames cannot be as they say.
    """
    is_float = keyword in _FLOAT_BITS
    photometric, samples = _colours(dataset)
    allocated = _FLOAT_BITS[keyword] if is_float else positive(dataset, "BitsAllocated")
    stored = allocated if is_float else whole_number(dataset, "BitsStored")
    if stored is None or not 0 < stored <= allocated:
        stored = _assumed("BitsStored", allocated)
    high = None if is_float else whole_number(dataset, "HighBit")
    if high not in (None, stored - 1):
        warnings.warn(
            f"HighBit is {high}, but BitsStored {stored}; the lowest {stored} bits are taken (PS3.5 8.1.1).",
            HdcoreWarning,
            stacklevel=3,
        )
    signed = 0 if is_float else whole_number(dataset, "PixelRepresentation")
    if signed not in (0, 1):
        signed = _assumed("PixelRepresentation", 0)
    planar = whole_number(dataset, "PlanarConfiguration") if samples > 1 else 0
    if planar not in (0, 1):
        planar = _assumed("PlanarConfiguration", 0)
    try:
        return FrameFormat(
            transfer_syntax_uid=transfer_syntax_uid,
            rows=positive(dataset, "Rows"),
            columns=positive(dataset, "Columns"),
            samples_per_pixel=samples,
            bits_allocated=allocated,
            bits_stored=stored,
            photometric_interpretation=photometric,
            pixel_representation=signed,
            planar_configuration=planar,
            pixel_keyword=keyword.value,
            word_swapped=transfer_syntax_uid == _BIG_ENDIAN
            and not is_float
            and allocated <= 8
            and value_representation == "OW",
        )
    except UnreadableError:
        raise
    except InputError as error:
        raise UnreadableError(f"The pixels cannot be read: {error}") from error


def _colours(dataset: Dataset) -> tuple[str, int]:
    """Read Photometric Interpretation and Samples per Pixel."""
    photometric = _text(dataset, "PhotometricInterpretation")
    samples = whole_number(dataset, "SamplesPerPixel")
    if samples is None:
        samples = _assumed("SamplesPerPixel", 3 if photometric.startswith(("RGB", "YBR")) else 1)
    try:
        photometric = decodable_interpretation(photometric)
    except InputError:
        photometric = _assumed("PhotometricInterpretation", "RGB" if samples == 3 else "MONOCHROME2")
    return photometric, samples


def number_of_frames(dataset: Dataset) -> int:
    """Give the number of frames that a dataset says it has: 1 if it says nothing, or, with a warning, no sense."""
    if "NumberOfFrames" not in dataset:
        return 1
    number = whole_number(dataset, "NumberOfFrames")
    return _assumed("NumberOfFrames", 1) if number is None or number < 1 else number


def whole_number(dataset: Dataset, keyword: str) -> int | None:
    """Read an integer in whatever value representation it was written; None if it is absent, or no integer.

    Of several values the first counts, with a warning.
    """
    try:
        value = value_of(dataset, keyword)
        if isinstance(value, (bytes, bytearray)) and len(value) == 2:  # as UN
            return int.from_bytes(value, "little")
        if not isinstance(value, (str, bytes)) and hasattr(value, "__len__"):
            if len(value) > 1:
                message = f"{keyword} has {len(value)} values; the first, {value[0]}, is taken."
                warnings.warn(message, HdcoreWarning, stacklevel=3)
            value = value[0] if len(value) else None
        if value is None or (isinstance(value, (float, Decimal)) and value != int(value)):
            return None
        return int(value)
    except (ValueError, TypeError, OverflowError):
        return None


def positive(dataset: Dataset, keyword: str) -> int:
    """Read a positive integer without which pixels cannot be read.

    Raises
    ------
    UnreadableError
        If it is absent, or anything else.
    """
    value = whole_number(dataset, keyword)
    if value is None or value < 1:
        present = repr(dataset.get_item(keyword).value) if keyword in dataset else "absent"
        raise UnreadableError(
            f"The pixels cannot be read: {keyword} is {present}; a positive integer was expected (PS3.3 C.7.6.3)."
        )
    return value


def _text(dataset: Dataset, keyword: str) -> str:
    value = value_of(dataset, keyword)
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return str(value or "").strip(" \0")


def _assumed(keyword: str, value: T) -> T:
    warnings.warn(f"{keyword} is absent or unusable; {value!r} is assumed.", HdcoreWarning, stacklevel=4)
    return value
