"""The whole way from stored values to what is seen (PS3.4 N.2)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import HdcoreWarning, InputError, InputTypeError
from hdcore.model.element import fetch
from hdcore.text import short
from pydicom.dataset import Dataset

from hdcore_pr.enums import ADVANCED_BLENDING, COLOR, GRAYSCALE, PSEUDO_COLOR
from hdcore_pr.presentation.area import DisplayedArea
from hdcore_pr.presentation.drawing import draw_annotations, draw_overlays, ordered_layers
from hdcore_pr.presentation.frame import SourceFrame, as_image
from hdcore_pr.presentation.inputs import color_pixels, gray_pixels, pseudo_color_pixels
from hdcore_pr.presentation.placement import Placement
from hdcore_pr.presentation.selection import first_about, references_frame
from hdcore_pr.presentation.shutters import apply_shutters
from hdcore_pr.presentation.spatial import Orientation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from hdcore.frames.image import Image

    from hdcore_pr.presentation.options import PresentationOptions

    Pixels = npt.NDArray[np.uint8]

__all__ = ["present"]

_KINDS = {GRAYSCALE: gray_pixels, COLOR: color_pixels, PSEUDO_COLOR: pseudo_color_pixels}


def present(
    state: Dataset, image: Dataset | Sequence[Dataset], frame_number: int, options: PresentationOptions
) -> Pixels:
    """Present a frame as a state says; parameters are those of :meth:`PresentationState.apply`."""
    if isinstance(frame_number, bool) or not isinstance(frame_number, int | np.integer):
        raise InputTypeError(f"frame_number is {short(frame_number)}; expected an integer counted from 1.")
    kind = str(fetch(state, "SOPClassUID"))
    if options.as_rgb is False and kind != GRAYSCALE:
        raise InputError("as_rgb is False, but the state is one of colours.")
    if kind == ADVANCED_BLENDING:
        frame, pixels = _blended(state, image, int(frame_number), options)
    else:
        frame = _source_frame(state, as_image(image), int(frame_number))
        pixels = _KINDS[kind](state, frame, options)
    if options.as_rgb and pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return _finish(state, frame, pixels, options)


def _blended(
    state: Dataset, image: Dataset | Sequence[Dataset], frame_number: int, options: PresentationOptions
) -> tuple[SourceFrame, Pixels]:
    from hdcore_pr.presentation.blend import blended_pixels, displayed_frame

    images = [as_image(one) for one in ([image] if isinstance(image, Dataset) else image)]
    frame = displayed_frame(state, images, frame_number)
    _check_number(frame.image, frame_number)
    return frame, blended_pixels(state, images, frame, options)


def _source_frame(state: Dataset, image: Image, frame_number: int) -> SourceFrame:
    _check_number(image, frame_number)
    uid = str(image.SOPInstanceUID)
    references = [
        reference
        for series in fetch(state, "ReferencedSeriesSequence", ())
        for reference in fetch(series, "ReferencedImageSequence", ())
    ]
    if not references:
        warnings.warn("The state references no images; it is applied to any.", HdcoreWarning, stacklevel=4)
    elif not any(references_frame(reference, uid, frame_number) for reference in references):
        raise InputError(f"image {uid}, frame {frame_number}: the state references {len(references)} others, not it.")
    return SourceFrame.shown(state, image, frame_number)


def _check_number(image: Image, frame_number: int) -> None:
    if not 1 <= frame_number <= image.number_of_frames:
        raise InputError(f"frame_number is {frame_number}; the image has frames 1 to {image.number_of_frames}.")


def _finish(state: Dataset, frame: SourceFrame, pixels: Pixels, options: PresentationOptions) -> Pixels:
    """Cover, turn, cut out and draw, in the order of PS3.4 figure N.2-1."""
    pixels = np.require(pixels, requirements=["C", "W"])
    if options.apply_shutters:
        pixels = apply_shutters(state, frame, pixels)
    if options.apply_overlays:
        for layer in ordered_layers(state):
            draw_overlays(state, layer, frame, pixels)
    orientation = Orientation.of(state) if options.apply_spatial_transformation else Orientation()
    turned = orientation.turn(pixels)
    area = _area(state, frame, (turned.shape[0], turned.shape[1]), orientation, options)
    shown: Pixels = area.render(turned)
    if not options.apply_annotations:
        return shown
    return draw_annotations(state, frame, _placement(frame, orientation, area), shown)


def _area(
    state: Dataset,
    frame: SourceFrame,
    turned: tuple[int, int],
    orientation: Orientation,
    options: PresentationOptions,
) -> DisplayedArea:
    item: Any = None
    if options.apply_displayed_area:
        item = first_about(state, "DisplayedAreaSelectionSequence", frame.uid, frame.number)
    if item is None and options.size is None:
        return DisplayedArea.whole(turned)
    if item is None:
        item = Dataset()
        item.DisplayedAreaTopLeftHandCorner = [1, 1]
        item.DisplayedAreaBottomRightHandCorner = [frame.shape[1], frame.shape[0]]
    return DisplayedArea.of(item, frame.shape, orientation, options)


def _placement(frame: SourceFrame, orientation: Orientation, area: DisplayedArea) -> Placement:
    pixel = _after(orientation.matrix(frame.shape), area.matrix())
    rows, columns = area.shown
    display = np.array([[columns, 0.0, area.offset[1]], [0.0, rows, area.offset[0]]], np.float64)
    matrix = pixel if frame.is_matrix else None
    if not frame.is_matrix and frame.image.is_tiled:
        table = frame.image.frame_table
        if "column_position" in table and "row_position" in table:
            left, top = (float(table[f"{axis}_position"][frame.number - 1]) - 1 for axis in ("column", "row"))
            matrix = _after(np.array([[1.0, 0.0, -left], [0.0, 1.0, -top]]), pixel)
    return Placement(pixel, matrix, display)


def _after(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    joined: npt.NDArray[np.float64] = second @ np.vstack([first, [0.0, 0.0, 1.0]])
    return joined
