"""Several inputs presented as one image (PS3.4 N.2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, UnreadableError
from hdcore.model.element import fetch

from hdcore_pr.presentation.colors import as_srgb, palette_steps, true_colors
from hdcore_pr.presentation.frame import SourceFrame
from hdcore_pr.presentation.inputs import modality_values, steps_of_interest
from hdcore_pr.presentation.planes import Sampled, resample
from hdcore_pr.presentation.selection import references_frame
from hdcore_pr.presentation.thresholds import within_thresholds
from hdcore_pr.presentation.tones import apply_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from hdcore.frames.image import Image
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.options import PresentationOptions

__all__ = ["blended_pixels", "displayed_frame"]


@dataclass(frozen=True, slots=True)
class _Layer:
    """Colours, and where there are any."""

    colors: npt.NDArray[np.float64]
    """Shape (rows, columns, 3), from 0 to 255; 0 where there is nothing."""
    present: npt.NDArray[np.bool_]
    """Shape (rows, columns)."""


def displayed_frame(state: Dataset, images: Sequence[Image], frame_number: int) -> SourceFrame:
    """Find the frame on whose grid inputs are laid: that of the first image that belongs to the geometry input."""
    entry = _geometry_input(state)
    for image in images:
        if _is_of(entry, image, frame_number):
            return SourceFrame.shown(state, image, frame_number)
    raise InputError(
        f"image: none is of blending input {fetch(entry, 'BlendingInputNumber')}, on whose grid the others are shown; "
        "pass the image to look at first, and those of the other inputs after it."
    )


def blended_pixels(
    state: Dataset, images: Sequence[Image], target: SourceFrame, options: PresentationOptions
) -> npt.NDArray[np.uint8]:
    """Blend the inputs as the state says, on the grid of a frame.

    Returns
    -------
    numpy.ndarray
        sRGB of shape (rows, columns, 3); black where no input has anything.
    """
    geometry = _geometry_input(state)
    entries = {
        int(fetch(entry, "BlendingInputNumber", 0)): entry for entry in fetch(state, "AdvancedBlendingSequence", ())
    }
    layers: dict[int, _Layer] = {}
    operations = list(fetch(state, "BlendingDisplaySequence", ()))
    results = {int(fetch(one, "BlendingInputNumber", 0)): one for one in operations}

    def layer_of(number: int, above: tuple[int, ...] = ()) -> _Layer:
        if number in above:
            raise UnreadableError(f"Blending operation {number} takes its own result.")
        if number not in layers:
            if number in entries:
                entry = entries[number]
                layers[number] = _input_layer(state, entry, images, target, options, is_grid=entry is geometry)
            elif number in results:
                layers[number] = result_of(results[number], (*above, number))
            else:
                raise UnreadableError(f"A blending operation takes input {number}, which there is not.")
        return layers[number]

    def result_of(operation: Dataset, above: tuple[int, ...]) -> _Layer:
        numbers = [
            int(fetch(one, "BlendingInputNumber", 0)) for one in fetch(operation, "BlendingDisplayInputSequence", ())
        ]
        return _blend(operation, [layer_of(number, above) for number in numbers])

    displayed = [one for one in operations if fetch(one, "BlendingInputNumber") is None]
    if not displayed:
        raise UnreadableError("The state has no blending operation whose result is displayed.")
    return np.rint(result_of(displayed[0], ()).colors).astype(np.uint8)


def _geometry_input(state: Dataset) -> Dataset:
    entries: list[Dataset] = list(fetch(state, "AdvancedBlendingSequence", ()))
    if not entries:
        raise UnreadableError("The state has no Advanced Blending Sequence.")
    said: list[Dataset] = [entry for entry in entries if fetch(entry, "GeometryForDisplay") == "TRUE"]
    return (said or entries)[0]


def _input_layer(
    state: Dataset,
    entry: Dataset,
    images: Sequence[Image],
    target: SourceFrame,
    options: PresentationOptions,
    *,
    is_grid: bool,
) -> _Layer:
    frames = [target] if is_grid else _frames_of(entry, images, is_matrix=target.is_matrix)
    if is_grid:
        padding = target.padding()
        sampled = Sampled(target.stored_values(), None if padding is None else ~padding)
    else:
        sampled = resample(frames, target)
    colors = _colors_of(state, entry, frames[0], sampled, options).astype(np.float64)
    present = np.ones(target.shape, bool) if sampled.present is None else sampled.present
    if len(fetch(entry, "ThresholdSequence", ())):
        present = present & _let_through(entry, frames[0], sampled.values)
    colors[~present] = 0.0
    return _Layer(colors, present)


def _let_through(entry: Dataset, frame: SourceFrame, values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if frame.has_colors:
        number = fetch(entry, "BlendingInputNumber")
        raise UnreadableError(f"Blending input {number} has thresholds, but is of colours; expected grayscale images.")
    return within_thresholds(entry, modality_values(entry, frame, values))


def _frames_of(entry: Dataset, images: Sequence[Image], *, is_matrix: bool) -> list[SourceFrame]:
    frames = [
        SourceFrame(image, number, is_matrix and image.is_tiled)
        for image in images
        for number in range(1, 2 if is_matrix and image.is_tiled else image.number_of_frames + 1)
        if _is_of(entry, image, number)
    ]
    if not frames:
        raise InputError(f"image: none of the images is of blending input {fetch(entry, 'BlendingInputNumber')}.")
    return frames


def _is_of(entry: Dataset, image: Image, frame_number: int) -> bool:
    """Tell whether a frame is of an input, which is a whole series unless it names images (PS3.3 C.11.33)."""
    references = fetch(entry, "ReferencedImageSequence", ())
    if not len(references):
        return str(fetch(image, "SeriesInstanceUID")) == str(fetch(entry, "SeriesInstanceUID"))
    return any(references_frame(one, str(image.SOPInstanceUID), frame_number) for one in references)


def _colors_of(
    state: Dataset, entry: Dataset, frame: SourceFrame, sampled: Sampled, options: PresentationOptions
) -> npt.NDArray[np.uint8]:
    if frame.has_colors:
        return as_srgb(_true_colors(frame, sampled.values), frame.image)
    values = steps_of_interest(entry, frame, sampled.values, options)
    palettes = fetch(entry, "PaletteColorLookupTableSequence", ())
    for palette in (*palettes, entry, frame.image):
        if "RedPaletteColorLookupTableDescriptor" in palette:
            return as_srgb(apply_steps(palette_steps(palette, values), sampled.values), palette, state)
    gray = apply_steps(values.scaled(0.0, 255.0), sampled.values)
    return np.repeat(gray[..., None], 3, axis=2)


def _true_colors(frame: SourceFrame, values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    if values.dtype.kind != "f":
        return true_colors(frame)
    if frame.format.samples_per_pixel == 1:
        raise InputError("image: an image of palette colours cannot be resampled; make RGB of it first.")
    scaled = np.rint(values / 2.0 ** max(0, frame.format.bits_stored - 8))
    return np.clip(scaled, 0.0, 255.0).astype(np.uint8)


def _blend(operation: Dataset, layers: Sequence[_Layer]) -> _Layer:
    mode = fetch(operation, "BlendingMode")
    if mode == "FOREGROUND":
        if len(layers) != 2:
            raise UnreadableError(f"A FOREGROUND operation takes {len(layers)} inputs; expected 2.")
        opacity = float(fetch(operation, "RelativeOpacity", 0.5))
        weights = [opacity, 1.0 - opacity]
    elif mode == "EQUAL" and layers:
        weights = [1.0] * len(layers)
    else:
        raise UnreadableError(f"A blending operation has mode {mode} and {len(layers)} inputs.")
    if mode == "FOREGROUND":
        # where only one of them has something, it is seen as it is, whatever the opacity
        front, back = layers
        both = front.present & back.present
        shares = [np.where(both, weight, 1.0) * layer.present for weight, layer in zip(weights, layers, strict=True)]
    else:
        count = np.maximum(np.sum([layer.present for layer in layers], axis=0), 1)
        shares = [layer.present / count for layer in layers]
    colors = np.sum([layer.colors * share[..., None] for layer, share in zip(layers, shares, strict=True)], axis=0)
    return _Layer(colors, np.any([layer.present for layer in layers], axis=0))
