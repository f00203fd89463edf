"""What each kind of state makes of the stored values of a frame, before anything covers or turns it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError
from hdcore.model.element import fetch
from hdcore.pixels.steps import Cast, fuse, run

from hdcore_pr.presentation.colors import as_srgb, palette_steps, true_colors
from hdcore_pr.presentation.selection import first_about
from hdcore_pr.presentation.subtraction import Subtraction
from hdcore_pr.presentation.tones import BoundedSteps, apply_steps, gray_steps, modality_steps, with_interest

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame
    from hdcore_pr.presentation.options import PresentationOptions

__all__ = ["color_pixels", "gray_pixels", "modality_values", "pseudo_color_pixels", "steps_of_interest"]


def gray_pixels(state: Dataset, frame: SourceFrame, options: PresentationOptions) -> npt.NDArray[np.uint8]:
    """Present grayscale as grayscale (PS3.4 N.2.1)."""
    stored, values = _grayscale(state, frame, options)
    return apply_steps(gray_steps(state, values), stored)


def pseudo_color_pixels(state: Dataset, frame: SourceFrame, options: PresentationOptions) -> npt.NDArray[np.uint8]:
    """Present grayscale in the colours of the state's palette (PS3.4 N.2.2)."""
    stored, values = _grayscale(state, frame, options)
    return as_srgb(apply_steps(palette_steps(state, values), stored), state)


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
    return with_interest(modality_steps(state, _limits(frame, stored)), *_interest(state, frame, options))


def modality_values(state: Dataset, frame: SourceFrame, stored: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Apply the modality transform that a state, or an input of blending, has."""
    return run(fuse(modality_steps(state, _limits(frame, stored)).steps) or (Cast(),), stored, np.dtype(np.float64))


def _limits(frame: SourceFrame, stored: npt.NDArray[Any]) -> tuple[float, float]:
    if stored.dtype.kind == "f":
        return float(np.nanmin(stored)), float(np.nanmax(stored))
    return frame.format.value_range


def _interest(state: Dataset, frame: SourceFrame, options: PresentationOptions) -> tuple[Dataset | None, int | str]:
    return first_about(state, "SoftcopyVOILUTSequence", frame.uid, frame.number), options.voi_transform_selector


def _grayscale(
    state: Dataset, frame: SourceFrame, options: PresentationOptions
) -> tuple[npt.NDArray[Any], BoundedSteps]:
    """Get what a frame is presented from, and the modality and VOI transforms that are still to be applied."""
    if frame.has_colors:
        interpretation = fetch(frame.image, "PhotometricInterpretation")
        raise InputError(f"image is of colours ({interpretation}), but the state is one for grayscale images.")
    subtraction = Subtraction.of(state, frame)
    if subtraction is None:
        stored = frame.stored_values()
        return stored, steps_of_interest(state, frame, stored, options)
    values = modality_steps(state, frame.format.value_range)
    difference = subtraction.apply(lambda number: _modality_values_of(state, frame, number))
    reach = values.high - values.low
    return difference, with_interest(BoundedSteps((), -reach, reach), *_interest(state, frame, options))


def _modality_values_of(state: Dataset, frame: SourceFrame, number: int) -> npt.NDArray[np.float64]:
    other = replace(frame, number=number)
    return modality_values(state, other, other.stored_values())
