"""How the values of a parametric map are stored: unsigned integers of 8 or 16 bits, or floating-point numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.model import syntaxes
from hdcore.pixels.profiles import is_native
from hdcore.spatial.tiling import TileGrid, get_tile_array
from hdcore.spatial.volume import Volume

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.frames.layout import Layout
    from numpy.typing import NDArray

__all__ = ["MapEncoding", "Quantities"]

_UNSIGNED = (np.dtype(np.uint8), np.dtype(np.uint16))
_FLOATS = {np.dtype(np.float32): 32, np.dtype(np.float64): 64}
_INTEGER_SYNTAXES = frozenset(
    {
        syntaxes.IMPLICIT_VR_LITTLE_ENDIAN,
        syntaxes.EXPLICIT_VR_LITTLE_ENDIAN,
        syntaxes.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
        "1.2.840.10008.1.2.5",  # RLE Lossless
        "1.2.840.10008.1.2.8.1",  # Deflated Image Frame Compression
        "1.2.840.10008.1.2.4.80",  # JPEG-LS Lossless
        "1.2.840.10008.1.2.4.90",  # JPEG 2000 Lossless
        "1.2.840.10008.1.2.4.201",  # High-Throughput JPEG 2000 Lossless
        "1.2.840.10008.1.2.4.202",
    }
)
"""Lossless: an error of a real-world value would go unnoticed."""


@dataclass(frozen=True, slots=True)
class MapEncoding:
    """The attributes of the Image Pixel module, or its floating-point kin, that follow from the type of values.

    Integers are always stored in 16 bits, the only number that the standard allows (PS3.3 C.8.32.2).
    """

    bits_allocated: int
    is_float: bool

    @classmethod
    def of(cls, dtype: np.dtype[Any], transfer_syntax_uid: str) -> MapEncoding:
        """Choose how to store values.

        Parameters
        ----------
        dtype: numpy.dtype
            Type of the values.
        transfer_syntax_uid: str
            Transfer syntax.

        Returns
        -------
        MapEncoding
            The encoding.

        Raises
        ------
        ValueError
            If values of this type cannot be stored, or not under this transfer syntax.
        """
        native = dtype.newbyteorder("=")
        if native in _UNSIGNED:
            if transfer_syntax_uid not in _INTEGER_SYNTAXES:
                raise InputError(
                    f"transfer_syntax_uid is {transfer_syntax_uid!r}; expected a lossless one of those for integers: "
                    f"{', '.join(sorted(_INTEGER_SYNTAXES))}."
                )
            return cls(16, False)
        if native in _FLOATS:
            if not is_native(transfer_syntax_uid):
                raise InputError(
                    f"transfer_syntax_uid is {transfer_syntax_uid!r}; expected Explicit or Implicit VR Little Endian, "
                    "as compression is for integer maps only."
                )
            return cls(_FLOATS[native], True)
        raise InputError(f"pixel_array is of type {dtype}; expected uint8, uint16, float32 or float64.")

    @property
    def dtype(self) -> np.dtype[Any]:
        """numpy.dtype: type of the stored values."""
        return np.dtype(f"f{self.bits_allocated // 8}") if self.is_float else np.dtype(np.uint16)

    def attributes(self) -> dict[str, Any]:
        """List the attributes, by keyword."""
        attributes: dict[str, Any] = {
            "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2",
            "BitsAllocated": self.bits_allocated,
        }
        if not self.is_float:
            bits = self.bits_allocated
            attributes |= {"BitsStored": bits, "HighBit": bits - 1, "PixelRepresentation": 0}
        return attributes


@dataclass(frozen=True, slots=True)
class Quantities:
    """The caller's array: planes of one quantity, or of several at each place."""

    array: NDArray[Any]
    """Shape (planes, rows, columns) or (planes, rows, columns, channels)."""
    volume: Volume | None
    """The volume that brought the array, if one did."""

    @classmethod
    def of(cls, pixel_array: Any) -> Quantities:
        """Take an array or a volume.

        Parameters
        ----------
        pixel_array: numpy.ndarray | hdcore.Volume
            Shape (rows, columns), (planes, rows, columns) or (planes, rows, columns, channels).

        Returns
        -------
        Quantities
            The same array.

        Raises
        ------
        TypeError
            If it is neither.
        ValueError
            If it has another number of axes, or one is empty.
        """
        volume = pixel_array if isinstance(pixel_array, Volume) else None
        array = pixel_array if volume is None else volume.array
        if not isinstance(array, np.ndarray):
            raise InputTypeError(f"pixel_array is a {type(array).__name__}; expected a NumPy array or a Volume.")
        if array.ndim == 2:
            array = array[np.newaxis]
        if array.ndim not in (3, 4) or not array.size:
            raise InputError(
                f"pixel_array has the shape {array.shape}; expected (rows, columns), (planes, rows, columns) or "
                "(planes, rows, columns, channels)."
            )
        return cls(array, volume)

    @property
    def channels(self) -> int:
        """int: how many quantities there are at each place."""
        return self.array.shape[3] if self.array.ndim == 4 else 1

    @property
    def has_channels(self) -> bool:
        """bool: whether the array has an axis of quantities, be it of length 1."""
        return self.array.ndim == 4

    def value_range(self, channel: int) -> tuple[float, float]:
        """Tell the lowest and highest finite value of a quantity; (0, 0) if none is finite."""
        values = self.array[..., channel] if self.has_channels else self.array
        low, high = float(values.min()), float(values.max())
        if np.isfinite(low) and np.isfinite(high):
            return low, high
        finite = values[np.isfinite(values)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)

    def frames(
        self, planes: NDArray[np.intp], channels: NDArray[np.intp], layout: Layout, dtype: np.dtype[Any], *, tiled: bool
    ) -> Iterator[NDArray[Any]]:
        """Make the frames in the order in which they are stored.

        Parameters
        ----------
        planes, channels: NDArray[int]
            Zero-based plane and quantity of each frame.
        layout: Layout
            Where planes lie.
        dtype: numpy.dtype
            Type of the stored values.
        tiled: bool
            Whether the array is a total pixel matrix that is to be cut into tiles.

        Yields
        ------
        numpy.ndarray
            One frame, shape (rows, columns).
        """
        if not tiled:
            for plane, channel in zip(planes.tolist(), channels.tolist(), strict=True):
                frame = self.array[plane]
                yield np.ascontiguousarray(frame[..., channel] if self.has_channels else frame, dtype)
            return
        rows, columns = layout.tile_size or (0, 0)
        offsets = TileGrid(rows, columns, *self.array.shape[1:3]).offsets(planes) + 1
        for (column, row), channel in zip(offsets.tolist(), channels.tolist(), strict=True):
            matrix = self.array[0, ..., channel] if self.has_channels else self.array[0]
            yield get_tile_array(matrix, row, column, rows, columns).astype(dtype, copy=False)
