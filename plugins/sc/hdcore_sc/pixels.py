"""The pixels of a secondary capture: what an array must be, and how it is written (PS3.3 C.7.6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.enums import PhotometricInterpretationValues
from hdcore.errors import InputError, InputTypeError
from hdcore.pixels.format import FrameFormat

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["check_array", "frame_format_of"]

_MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
_DTYPES = {1: (np.bool_, np.uint8), 8: (np.uint8,), 16: (np.uint16,)}


def check_array(pixel_array: Any) -> None:
    """Refuse what is no array.

    Raises
    ------
    TypeError
        If it is none.
    """
    if not isinstance(pixel_array, np.ndarray):
        raise InputTypeError(f"pixel_array is {type(pixel_array).__name__}; expected a NumPy array.")


def frame_format_of(
    frames: npt.NDArray[Any],
    photometric_interpretation: PhotometricInterpretationValues | str,
    bits_allocated: int,
    transfer_syntax_uid: str,
) -> FrameFormat:
    """Find how frames are to be written.

    Parameters
    ----------
    frames: numpy.ndarray
        Samples of shape ``(frames, rows, columns)`` or ``(frames, rows, columns, 3)``.
    photometric_interpretation: PhotometricInterpretationValues | str
        Photometric Interpretation of what is written.
    bits_allocated: int
        1, 8, 12 (stored in 16) or 16.
    transfer_syntax_uid: str
        Transfer syntax.

    Returns
    -------
    hdcore.pixels.format.FrameFormat
        The format of each frame.

    Raises
    ------
    ValueError
        If the array's shape, or its number of bits, does not fit.
    TypeError
        If its data type is not ``bool``, ``uint8`` or ``uint16``.
    """
    interpretation = PhotometricInterpretationValues(photometric_interpretation).value
    if frames.dtype.type not in (np.bool_, np.uint8, np.uint16):
        raise InputTypeError(f"pixel_array is of type {frames.dtype}; expected bool, uint8 or uint16.")
    if bits_allocated not in (1, 8, 12, 16):
        raise InputError(f"bits_allocated is {bits_allocated}; expected 1, 8, 12 (of 16) or 16.")
    allocated = 16 if bits_allocated == 12 else bits_allocated
    if frames.dtype.type not in _DTYPES[allocated]:
        expected = " or ".join(np.dtype(dtype).name for dtype in _DTYPES[allocated])
        raise InputError(
            f"pixel_array is of type {frames.dtype}, but bits_allocated is {bits_allocated}; use {expected}."
        )
    if not len(frames):
        raise InputError("pixel_array has no frames; expected at least one.")
    is_color = frames.ndim == 4
    if is_color and frames.shape[-1] != 3:
        raise InputError(f"pixel_array has {frames.shape[-1]} samples per pixel; expected 3, or no such axis.")
    if is_color == (interpretation in _MONOCHROME) or interpretation == "PALETTE COLOR":
        shape = "(rows, columns, 3)" if is_color else "(rows, columns)"
        expected = "RGB or one of YBR" if is_color else "MONOCHROME1 or MONOCHROME2"
        raise InputError(f"photometric_interpretation is {interpretation}, but frames of shape {shape} are {expected}.")
    if is_color and allocated == 1:
        raise InputError("bits_allocated is 1, but the image has three samples per pixel.")
    return FrameFormat(
        transfer_syntax_uid=transfer_syntax_uid,
        rows=frames.shape[1],
        columns=frames.shape[2],
        samples_per_pixel=3 if is_color else 1,
        bits_allocated=allocated,
        bits_stored=bits_allocated,
        photometric_interpretation=interpretation,
    )
