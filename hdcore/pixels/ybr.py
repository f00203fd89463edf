"""Conversion between RGB and the YBR colour spaces (PS3.3 C.7.6.3.1.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["expand_422", "partial_to_rgb", "rgb_to_ybr", "subsample_422", "ybr_to_rgb"]

_ROWS = 64  # rows converted at a time: the float temporaries then stay in the processor's cache


def ybr_to_rgb(array: npt.NDArray[Any], bits: int = 8) -> npt.NDArray[Any]:
    """Convert YBR_FULL samples to RGB.

    Parameters
    ----------
    array: numpy.ndarray
        Unsigned integers of shape ``(rows, columns, 3)``.
    bits: int, optional
        Bits that a sample uses.

    Returns
    -------
    numpy.ndarray
        RGB samples of the same shape and type, rounded and clipped.
    """
    half, top = float(1 << (bits - 1)), float((1 << bits) - 1)
    out = np.empty_like(array, order="C")
    for start in range(0, len(array), _ROWS):
        y, cb, cr = np.moveaxis(array[start : start + _ROWS].astype(np.float32), -1, 0)
        cb, cr = cb - half, cr - half
        for channel, plane in enumerate((y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb)):
            np.clip(np.rint(plane, out=plane), 0.0, top, out=plane)
            out[start : start + _ROWS, :, channel] = plane
    return out


def partial_to_rgb(array: npt.NDArray[Any], bits: int = 8) -> npt.NDArray[Any]:
    """Convert YBR_PARTIAL samples, whose luminance is 16 to 235 of 8 bits, to RGB of the same shape and type."""
    half, top, black = float(1 << (bits - 1)), float((1 << bits) - 1), 16.0 * 2.0 ** (bits - 8)
    y, cb, cr = np.moveaxis(array.astype(np.float32), -1, 0)
    y, cb, cr = 1.1644 * (y - black), cb - half, cr - half
    planes = (y + 1.5960 * cr, y - 0.3917 * cb - 0.8130 * cr, y + 2.0173 * cb)
    return np.stack([np.clip(np.rint(plane), 0.0, top) for plane in planes], axis=-1).astype(array.dtype)


def rgb_to_ybr(array: npt.NDArray[Any], bits: int = 8) -> npt.NDArray[Any]:
    """Convert RGB samples to YBR_FULL of the same shape and type."""
    half, top = float(1 << (bits - 1)), float((1 << bits) - 1)
    r, g, b = np.moveaxis(array.astype(np.float32), -1, 0)
    planes = (
        0.299 * r + 0.587 * g + 0.114 * b,
        half - 0.168736 * r - 0.331264 * g + 0.5 * b,
        half + 0.5 * r - 0.418688 * g - 0.081312 * b,
    )
    return np.stack([np.clip(np.rint(plane), 0.0, top) for plane in planes], axis=-1).astype(array.dtype)


def expand_422(samples: npt.NDArray[Any], rows: int, columns: int) -> npt.NDArray[Any]:
    """Repeat the chrominance of native YBR_FULL_422 or YBR_PARTIAL_422, stored as Y Y Cb Cr per pair of pixels.

    Parameters
    ----------
    samples: numpy.ndarray
        ``rows * columns * 2`` samples.
    rows: int
        Number of rows.
    columns: int
        Number of columns, even.

    Returns
    -------
    numpy.ndarray
        Samples of shape ``(rows, columns, 3)``.
    """
    pairs = samples.reshape(rows, columns // 2, 4)
    out = np.empty((rows, columns, 3), samples.dtype)
    out[:, :, 0] = pairs[:, :, :2].reshape(rows, columns)
    out[:, 0::2, 1:] = out[:, 1::2, 1:] = pairs[:, :, 2:]
    return out


def subsample_422(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Drop the chrominance of every second column, which is sampled at the first pixel of each pair.

    Returns
    -------
    numpy.ndarray
        ``rows * columns * 2`` samples in the order Y Y Cb Cr.
    """
    rows, columns = array.shape[:2]
    pairs = np.empty((rows, columns // 2, 4), array.dtype)
    pairs[:, :, :2] = array[:, :, 0].reshape(rows, columns // 2, 2)
    pairs[:, :, 2:] = array[:, 0::2, 1:]
    return pairs.reshape(-1)
