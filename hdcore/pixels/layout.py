"""What the stored pixels of an image look like: the Image Pixel module as one value (PS3.3 C.7.6.3)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hdcore.enums import PixelDataKeywords
from hdcore.errors import HdcoreWarning, InputError, UnreadableError

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["PIXEL_DATA_TAGS", "PixelLayout", "number_of_frames"]

PIXEL_DATA_TAGS = {
    0x7FE00010: PixelDataKeywords.PIXEL_DATA,
    0x7FE00008: PixelDataKeywords.FLOAT_PIXEL_DATA,
    0x7FE00009: PixelDataKeywords.DOUBLE_FLOAT_PIXEL_DATA,
}
"""Tags of the elements that may hold the pixels."""

_FLOAT_BITS = {PixelDataKeywords.FLOAT_PIXEL_DATA: 32, PixelDataKeywords.DOUBLE_FLOAT_PIXEL_DATA: 64}


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How the pixels of one frame are stored."""

    rows: int
    """Rows of a frame."""
    columns: int
    """Columns of a frame."""
    samples: int
    """Samples per pixel: 1 or 3."""
    bits_allocated: int
    """Bits that a sample takes."""
    bits_stored: int
    """Bits of them that hold its value."""
    signed: bool
    """Whether samples are two's complement."""
    photometric_interpretation: str
    """Photometric Interpretation."""
    planar_configuration: int | None
    """0: colours by pixel, 1: by plane; None with one sample per pixel."""
    keyword: PixelDataKeywords
    """Which element holds the pixels."""
    transfer_syntax_uid: str
    """How they are encoded."""
    little_endian: bool = True
    """Byte order of native samples."""
    swapped_bytes: bool = False
    """Whether 8-bit samples were written as big-endian words (OW), so that each two bytes are exchanged."""

    @classmethod
    def of(
        cls, dataset: Dataset, keyword: PixelDataKeywords, transfer_syntax_uid: str, value_representation: str = "OW"
    ) -> PixelLayout:
        """Read the layout from a dataset.

        What is absent but can only be one thing is assumed, with a warning.

        Raises
        ------
        UnreadableError
            If Rows, Columns or Bits Allocated are absent or no positive integers.
        """
        is_float = keyword in _FLOAT_BITS
        photometric = _text(dataset, "PhotometricInterpretation")
        samples = _integer(dataset, "SamplesPerPixel")
        if samples is None:
            samples = 3 if photometric is not None and photometric.startswith(("RGB", "YBR")) else 1
            _assumed("SamplesPerPixel", samples)
        if photometric is None:
            photometric = "RGB" if samples == 3 else "MONOCHROME2"
            _assumed("PhotometricInterpretation", photometric)
        bits_allocated = _FLOAT_BITS[keyword] if is_float else _positive(dataset, "BitsAllocated")
        bits_stored = bits_allocated if is_float else _integer(dataset, "BitsStored")
        if bits_stored is None or not 0 < bits_stored <= bits_allocated:
            bits_stored = bits_allocated
            _assumed("BitsStored", bits_stored)
        signed = 0 if is_float else _integer(dataset, "PixelRepresentation")
        if signed is None:
            signed = 0
            _assumed("PixelRepresentation", 0)
        planar = _integer(dataset, "PlanarConfiguration") if samples > 1 else None
        if samples > 1 and planar not in (0, 1):
            planar = 0
            _assumed("PlanarConfiguration", 0)
        little_endian = transfer_syntax_uid != "1.2.840.10008.1.2.2"
        return cls(
            rows=_positive(dataset, "Rows"),
            columns=_positive(dataset, "Columns"),
            samples=samples,
            bits_allocated=bits_allocated,
            bits_stored=bits_stored,
            signed=signed == 1,
            photometric_interpretation=photometric,
            planar_configuration=planar,
            keyword=keyword,
            transfer_syntax_uid=transfer_syntax_uid,
            little_endian=little_endian,
            swapped_bytes=not little_endian and not is_float and bits_allocated <= 8 and value_representation == "OW",
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of a decoded frame: (rows, columns) or (rows, columns, samples)."""
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, self.samples)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of decoded samples, in the machine's byte order."""
        if self.keyword in _FLOAT_BITS:
            return np.dtype(f"f{self.bits_allocated // 8}")
        if self.bits_allocated == 1:
            return np.dtype(np.uint8)
        size = self.bits_allocated // 8
        if self.bits_allocated % 8 or size not in (1, 2, 4, 8):
            raise InputError(
                f"Bits Allocated is {self.bits_allocated}; pixels of 1, 8, 16, 32 or 64 bits can be read (PS3.5 8.1.1)."
            )
        return np.dtype(f"{'i' if self.signed else 'u'}{size}")

    @property
    def frame_bits(self) -> int:
        """Bits that a native frame takes."""
        bits = self.rows * self.columns * self.samples * self.bits_allocated
        # Chrominance is stored for every second column (PS3.3 C.7.6.3.1.2): two samples per pixel on the average.
        return bits // 3 * 2 if self.photometric_interpretation == "YBR_FULL_422" and self.samples == 3 else bits

    @property
    def is_plain(self) -> bool:
        """Whether native samples are the decoded ones, so that no colour conversion is needed."""
        return not self.photometric_interpretation.startswith("YBR")

    def unpack(self, content: bytes | memoryview, bit_offset: int, count: int) -> npt.NDArray[Any]:
        """Decode ``count`` consecutive native frames.

        Parameters
        ----------
        content: bytes | memoryview
            The bytes that hold them.
        bit_offset: int
            How many bits at the beginning belong to the frame before.
        count: int
            Number of frames.

        Returns
        -------
        numpy.ndarray
            Shape (count, rows, columns) or (count, rows, columns, samples); a read-only view of ``content`` where the
            bytes are the samples.
        """
        number = count * self.rows * self.columns * self.samples
        if self.swapped_bytes:
            content = _exchanged(content)
        if self.bits_allocated == 1:
            bits = np.unpackbits(np.frombuffer(content, np.uint8), count=bit_offset + number, bitorder="little")
            return self._arranged(bits[bit_offset:], count)
        order: Literal["<", ">"] = "<" if self.little_endian else ">"
        samples = np.frombuffer(content, self.dtype.newbyteorder(order), count=number, offset=bit_offset // 8)
        if not samples.dtype.isnative:
            samples = samples.astype(self.dtype)
        return self._arranged(self._without_unused_bits(samples), count)

    def _arranged(self, samples: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
        if self.planar_configuration == 1:
            return np.moveaxis(samples.reshape(count, self.samples, self.rows, self.columns), 1, -1)
        return samples.reshape(count, *self.shape)

    def _without_unused_bits(self, samples: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Clear, or fill with the sign, the bits above Bits Stored, whose content is not the value's (PS3.5 8.1.1)."""
        shift = self.bits_allocated - self.bits_stored
        if shift == 0 or samples.dtype.kind == "f":
            return samples
        if not self.signed:
            masked: npt.NDArray[Any] = samples & samples.dtype.type((1 << self.bits_stored) - 1)
            return masked
        shifted: npt.NDArray[Any] = np.left_shift(samples, shift)
        np.right_shift(shifted, shift, out=shifted)
        return shifted


def number_of_frames(dataset: Dataset) -> int:
    """Give the number of frames that a dataset says it has: 1 if it says nothing, or, with a warning, no sense."""
    if "NumberOfFrames" not in dataset:
        return 1
    number = _integer(dataset, "NumberOfFrames")
    if number is None or number < 1:
        _assumed("NumberOfFrames", 1)
        return 1
    return number


def _exchanged(content: bytes | memoryview) -> bytes:
    even = bytes(content) + b"\0" * (len(content) % 2)
    return np.frombuffer(even, "u2").byteswap().tobytes()


def _integer(dataset: Dataset, keyword: str) -> int | None:
    """Read an integer in whatever value representation it was written."""
    try:
        value = dataset.get(keyword)
        if isinstance(value, (bytes, bytearray)) and len(value) == 2:  # as UN
            return int.from_bytes(value, "little")
        if isinstance(value, (list, tuple)) or (hasattr(value, "__len__") and not isinstance(value, (str, bytes))):
            value = value[0] if len(value) else None
        return None if value is None else int(value)
    except (ValueError, TypeError, OverflowError):
        return None


def _positive(dataset: Dataset, keyword: str) -> int:
    value = _integer(dataset, keyword)
    if value is None or value < 1:
        present = repr(dataset.get_item(keyword).value) if keyword in dataset else "absent"
        raise UnreadableError(
            f"The pixels cannot be read: {keyword} is {present}; a positive integer was expected (PS3.3 C.7.6.3)."
        )
    return value


def _text(dataset: Dataset, keyword: str) -> str | None:
    value = dataset.get(keyword)
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    text = str(value or "").strip(" \0")
    return text or None


def _assumed(keyword: str, value: object) -> None:
    warnings.warn(f"{keyword} is absent or unusable; {value!r} is assumed.", HdcoreWarning, stacklevel=4)
