"""What each kind of state makes of the stored values of a frame, before anything covers or turns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError
from hdcore.model.element import fetch

from hdcore_pr.presentation.colors import as_srgb, palette_steps, true_colors
from hdcore_pr.presentation.selection import first_about
from hdcore_pr.presentation.tones import apply_steps, gray_steps, values_of_interest

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame
    from hdcore_pr.presentation.options import PresentationOptions
    from hdcore_pr.presentation.tones import BoundedSteps

__all__ = ["color_pixels", "gray_pixels", "pseudo_color_pixels", "steps_of_interest"]


def gray_pixels(state: Dataset, frame: SourceFrame, options: PresentationOptions) -> npt.NDArray[np.uint8]:
    """Present grayscale as grayscale (PS3.4 N.2.1)."""
    stored = _monochrome(frame)
    return apply_steps(gray_steps(state, steps_of_interest(state, frame, stored, options)), stored)


def pseudo_color_pixels(state: Dataset, frame: SourceFrame, options: PresentationOptions) -> npt.NDArray[np.uint8]:
    """Present grayscale in the colours of the state's palette (PS3.4 N.2.2)."""
    stored = _monochrome(frame)
    return as_srgb(apply_steps(palette_steps(state, steps_of_interest(state, frame, stored, options)), stored), state)


def color_pixels(state: Dataset, frame: SourceFrame, options: PresentationOptions) -> npt.NDArray[np.uint8]:
    """Present colours by the state's ICC profile, else the image's (PS3.4 N.2.3)."""
    del options
    if not frame.has_colors:
        raise InputError("image is grayscale, but the state is one for colour images.")
    return as_srgb(true_colors(frame), state, frame.image)


def steps_of_interest(
    state: Dataset, frame: SourceFrame, stored: npt.NDArray[Any], options: PresentationOptions
) -> BoundedSteps:
    """Choose the modality and VOI transforms that a state, or an input of blending, has for a frame."""
    if stored.dtype.kind == "f":
        limits = (float(np.nanmin(stored)), float(np.nanmax(stored)))
    else:
        limits = frame.format.value_range
    voi = first_about(state, "SoftcopyVOILUTSequence", frame.uid, frame.number)
    return values_of_interest(state, voi, limits, options.voi_transform_selector)


def _monochrome(frame: SourceFrame) -> npt.NDArray[Any]:
    if frame.has_colors:
        interpretation = fetch(frame.image, "PhotometricInterpretation")
        raise InputError(f"image is of colours ({interpretation}), but the state is one for grayscale images.")
    return frame.stored_values()
