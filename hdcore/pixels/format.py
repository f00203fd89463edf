"""How one frame of pixels is laid out: the attributes of the Image Pixel module as one value (PS3.3 C.7.6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.enums import (
    PhotometricInterpretationValues,
    PixelDataKeywords,
    PixelRepresentationValues,
    PlanarConfigurationValues,
)
from hdcore.errors import InputError, UnreadableError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["EncodingOptions", "FrameFormat", "decodable_interpretation"]

_ALLOCATED = (1, 8, 16, 32, 64)
_RETIRED = "YBR_PARTIAL_422"
_EXPANDED = {"YBR_FULL_422": "YBR_FULL", _RETIRED: "YBR_PARTIAL_420"}  # of native samples 420 says nothing
_FLOAT_BITS = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """The shape, sample type, colour space and transfer syntax of frames.

    Examples
    --------
    >>> FrameFormat("1.2.840.10008.1.2.1", rows=2, columns=3, bits_allocated=16, bits_stored=12).length
    12
    """

    transfer_syntax_uid: str
    rows: int
    columns: int
    samples_per_pixel: int = 1
    """1 or 3."""
    bits_allocated: int = 8
    """1, 8, 16, 32 or 64."""
    bits_stored: int = 8
    photometric_interpretation: str = "MONOCHROME2"
    """Colour space of the encoded samples."""
    pixel_representation: int = 0
    """0: unsigned, 1: two's complement."""
    planar_configuration: int = 0
    """0: by pixel, 1: by plane, in the native format."""
    pixel_keyword: str = "PixelData"
    word_swapped: bool = False
    """Whether 8-bit samples were written as big endian 16-bit words (VR OW, Explicit VR Big Endian)."""

    def __post_init__(self) -> None:
        for name in ("rows", "columns", "bits_stored"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} is {getattr(self, name)}; expected a positive number.")
        if self.samples_per_pixel not in (1, 3):
            raise InputError(f"samples_per_pixel is {self.samples_per_pixel}; expected 1 or 3.")
        if self.bits_allocated not in _ALLOCATED:
            raise InputError(f"bits_allocated is {self.bits_allocated}; expected one of {_ALLOCATED}.")
        if self.bits_stored > self.bits_allocated:
            raise InputError(f"bits_stored is {self.bits_stored}, more than bits_allocated, {self.bits_allocated}.")
        decodable_interpretation(self.photometric_interpretation)
        PixelRepresentationValues(self.pixel_representation)
        PlanarConfigurationValues(self.planar_configuration)
        PixelDataKeywords(self.pixel_keyword)
        expected = _FLOAT_BITS.get(self.pixel_keyword, self.bits_allocated)
        if self.bits_allocated != expected:
            raise InputError(f"bits_allocated of {self.pixel_keyword} is {self.bits_allocated}; expected {expected}.")

    @classmethod
    def of(cls, dataset: Dataset, transfer_syntax_uid: str | None = None) -> Self:
        """Take the format of an image's frames.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            An image; its pixel data may be absent, then integer Pixel Data is assumed.
        transfer_syntax_uid: str | None, optional
            Transfer syntax, if the dataset has no file meta information.

        Raises
        ------
        ValueError
            If a required attribute of the Image Pixel module is missing or out of range.
        """
        keyword = next((word.value for word in PixelDataKeywords if word.value in dataset), "PixelData")
        is_float = keyword in _FLOAT_BITS
        syntax = transfer_syntax_uid or _transfer_syntax(dataset)
        try:
            allocated = int(dataset.BitsAllocated)
            return cls(
                transfer_syntax_uid=syntax,
                rows=int(dataset.Rows),
                columns=int(dataset.Columns),
                samples_per_pixel=int(dataset.get("SamplesPerPixel", 1)),
                bits_allocated=allocated,
                bits_stored=allocated if is_float else int(dataset.get("BitsStored", allocated)),
                photometric_interpretation=str(dataset.PhotometricInterpretation),
                pixel_representation=0 if is_float else int(dataset.get("PixelRepresentation", 0)),
                planar_configuration=int(dataset.get("PlanarConfiguration", 0) or 0),
                pixel_keyword=keyword,
                word_swapped=allocated == 8
                and syntax == "1.2.840.10008.1.2.2"
                and _value_representation(dataset) == "OW",
            )
        except AttributeError as error:
            raise UnreadableError(
                f"The image has no {error.args[0].split()[-1]}; its frames cannot be read."
            ) from error
        except InputError as error:
            raise UnreadableError(f"The image's frames cannot be read: {error}") from error

    @property
    def is_float(self) -> bool:
        """bool: whether samples are floating-point numbers."""
        return self.pixel_keyword in _FLOAT_BITS

    @property
    def shape(self) -> tuple[int, ...]:
        """tuple[int, ...]: ``(rows, columns)``, or ``(rows, columns, 3)`` of a colour image."""
        shape = (self.rows, self.columns)
        return shape if self.samples_per_pixel == 1 else (*shape, self.samples_per_pixel)

    @property
    def samples(self) -> int:
        """int: number of samples of a frame."""
        return self.rows * self.columns * self.samples_per_pixel

    @property
    def dtype(self) -> np.dtype[Any]:
        """numpy.dtype: type of a decoded sample, in the machine's byte order; of 1-bit pixels, ``uint8``."""
        if self.is_float:
            return np.dtype(f"f{self.bits_allocated // 8}")
        return np.dtype(f"{'iu'[self.pixel_representation == 0]}{max(1, self.bits_allocated // 8)}")

    @property
    def is_subsampled(self) -> bool:
        """bool: whether the native format holds half of the chrominance samples (YBR_FULL_422, YBR_PARTIAL_422)."""
        return self.photometric_interpretation in _EXPANDED

    @property
    def expanded_interpretation(self) -> str:
        """str: colour space of the samples when all of chrominance are there."""
        return _EXPANDED.get(self.photometric_interpretation, self.photometric_interpretation)

    @property
    def stored_dtype(self) -> np.dtype[Any]:
        """numpy.dtype: type of a sample in the native format, in the byte order of the transfer syntax."""
        return self.dtype.newbyteorder(">" if self.transfer_syntax_uid == "1.2.840.10008.1.2.2" else "<")

    @property
    def length(self) -> int:
        """int: bytes of one frame in the native format, those of a 1-bit frame rounded up."""
        samples = self.rows * self.columns * 2 if self.is_subsampled else self.samples
        return (samples * self.bits_allocated + 7) // 8

    @property
    def value_range(self) -> tuple[int, int]:
        """tuple[int, int]: the lowest and highest integer that Bits Stored can hold."""
        if self.pixel_representation:
            return -(1 << (self.bits_stored - 1)), (1 << (self.bits_stored - 1)) - 1
        return 0, (1 << self.bits_stored) - 1


def decodable_interpretation(value: PhotometricInterpretationValues | str) -> str:
    """Check a Photometric Interpretation of frames to be decoded.

    Raises
    ------
    ValueError
        If it is neither one of today nor ``YBR_PARTIAL_422``, which is retired, but found in older ultrasound images.
    """
    return _RETIRED if value == _RETIRED else PhotometricInterpretationValues(value).value


@dataclass(frozen=True, slots=True)
class EncodingOptions:
    """How much a lossy encoder may lose, and how hard a lossless one tries."""

    jpeg_quality: int = 95
    """Quality of JPEG baseline, 1 to 100."""
    near_lossless_error: int = 2
    """Greatest difference of a sample in near-lossless JPEG-LS."""
    signal_noise_ratio: float = 60.0
    """Peak signal-to-noise ratio of lossy JPEG 2000 and HTJ2K, in decibels."""
    deflate_level: int = 6
    """Level of deflate, 0 (none) to 9 (smallest)."""

    def __post_init__(self) -> None:
        if not 1 <= self.jpeg_quality <= 100:
            raise InputError(f"jpeg_quality is {self.jpeg_quality}; expected 1 to 100.")
        if not 0 <= self.near_lossless_error <= 255:
            raise InputError(f"near_lossless_error is {self.near_lossless_error}; expected 0 to 255.")
        if self.signal_noise_ratio <= 0:
            raise InputError(f"signal_noise_ratio is {self.signal_noise_ratio}; expected a positive number.")
        if not 0 <= self.deflate_level <= 9:
            raise InputError(f"deflate_level is {self.deflate_level}; expected 0 to 9.")


def _transfer_syntax(dataset: Dataset) -> str:
    meta = getattr(dataset, "file_meta", None)
    if meta is not None and "TransferSyntaxUID" in meta:
        return str(meta.TransferSyntaxUID)
    implicit, little = dataset.original_encoding
    if little is False:
        return "1.2.840.10008.1.2.2"
    return "1.2.840.10008.1.2" if implicit else "1.2.840.10008.1.2.1"


def _value_representation(dataset: Dataset) -> str:
    element = dataset.get_item("PixelData") if "PixelData" in dataset else None
    return str(element.VR) if element is not None else ""
