"""Annotations drawn over the presented pixels, layer by layer (PS3.3 C.10.5, C.10.7)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import HdcoreWarning
from hdcore.model.element import fetch

from hdcore_pr.presentation.curves import outline_of
from hdcore_pr.presentation.ink import Ink, ink_of_layer, ink_of_style
from hdcore_pr.presentation.overlays import activated_groups, overlay_mask
from hdcore_pr.presentation.selection import items_about
from hdcore_pr.presentation.texts import draw_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from PIL import ImageDraw
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame

__all__ = ["Placement", "draw_annotations", "draw_overlays", "ordered_layers"]

_POINTS = {"POINT": 1, "CIRCLE": 2, "ELLIPSE": 4, "POLYLINE": 2, "INTERPOLATED": 2}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where coordinates in each of the units lie on the display; maps of shape (2, 3) of x, y and 1."""

    pixel: npt.NDArray[np.float64]
    matrix: npt.NDArray[np.float64] | None
    """Of the total pixel matrix; None where the image is not tiled."""
    display: npt.NDArray[np.float64]

    def locate(self, units: str, coordinates: Any) -> npt.NDArray[np.float64] | None:
        """Give points of the display, of shape (points, 2); None if the units have no meaning here."""
        values = np.asarray(coordinates, np.float64)
        map_ = {"PIXEL": self.pixel, "MATRIX": self.matrix, "DISPLAY": self.display}.get(units)
        if map_ is None or values.size % 2 or not values.size or not np.isfinite(values).all():
            return None
        points: npt.NDArray[np.float64] = values.reshape(-1, 2) @ map_[:, :2].T + map_[:, 2]
        return points


def ordered_layers(state: Dataset) -> list[tuple[str, Dataset | None]]:
    """Give the layers in the order in which they are drawn, the state's first and then those it does not describe."""
    layers: list[tuple[str, Dataset | None]] = []
    described = sorted(
        fetch(state, "GraphicLayerSequence", ()), key=lambda one: int(fetch(one, "GraphicLayerOrder", 0))
    )
    layers.extend((str(fetch(layer, "GraphicLayer", "")), layer) for layer in described)
    known = {name for name, _ in layers}
    used = [str(fetch(one, "GraphicLayer", "")) for one in fetch(state, "GraphicAnnotationSequence", ())]
    missing = dict.fromkeys([*used, *(name for _, name in activated_groups(state))])
    layers.extend((name, None) for name in missing if name not in known)
    return layers


def draw_overlays(
    state: Dataset, layer: tuple[str, Dataset | None], frame: SourceFrame, pixels: npt.NDArray[np.uint8]
) -> None:
    """Colour the pixels of the overlays that a state activates on a layer; ``pixels`` are those of the image."""
    ink = ink_of_layer(layer[1], pixels.ndim == 3)
    for group, name in activated_groups(state):
        if name == layer[0]:
            mask = overlay_mask(group, frame.shape, frame.number, state, frame.image)
            if mask is not None:
                pixels[mask] = ink


def draw_annotations(
    state: Dataset, frame: SourceFrame, placement: Placement, pixels: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Draw the shapes and texts that are about a frame.

    Parameters
    ----------
    state: pydicom.dataset.Dataset
        The state.
    frame: SourceFrame
        The frame.
    placement: Placement
        Where coordinates lie on the display.
    pixels: numpy.ndarray
        What the display shows, shape (rows, columns) or (rows, columns, 3).

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    annotations = list(items_about(state, "GraphicAnnotationSequence", frame.uid, frame.number))
    if not annotations:
        return pixels
    from PIL import Image, ImageDraw

    image = Image.fromarray(pixels)
    canvas = ImageDraw.Draw(image)
    for name, layer in ordered_layers(state):
        ink = ink_of_layer(layer, pixels.ndim == 3)
        for drawn in _on_layer(annotations, name):
            if "GraphicData" in drawn:
                _draw_shape(canvas, drawn, placement, ink, pixels.ndim == 3)
            else:
                _draw_text(canvas, drawn, placement, ink, pixels.ndim == 3)
    return np.array(image)


def _on_layer(annotations: list[Dataset], name: str) -> Iterator[Dataset]:
    for annotation in annotations:
        if str(fetch(annotation, "GraphicLayer", "")) == name:
            yield from fetch(annotation, "GraphicObjectSequence", ())
            yield from fetch(annotation, "TextObjectSequence", ())


def _draw_shape(canvas: ImageDraw.ImageDraw, shape: Dataset, placement: Placement, ink: Ink, has_colors: bool) -> None:
    kind = str(fetch(shape, "GraphicType", ""))
    points = placement.locate(str(fetch(shape, "GraphicAnnotationUnits", "")), fetch(shape, "GraphicData", ()))
    if points is None or len(points) < _POINTS.get(kind, len(points) + 1):
        warnings.warn(f"A shape of type {kind!r} has no such points, or units; not drawn.", HdcoreWarning, stacklevel=2)
        return
    ink = ink_of_style(shape, "LineStyleSequence", "PatternOnColorCIELabValue", ink, has_colors)
    outline = _pixels_of(outline_of(kind, points), canvas.im.size)
    if kind == "POINT":
        canvas.point(outline, fill=ink)
        return
    if fetch(shape, "GraphicFilled", "N") == "Y" and len(outline) > 2:
        fill = ink_of_style(shape, "FillStyleSequence", "PatternOnColorCIELabValue", ink, has_colors)
        canvas.polygon(outline, fill=fill)
    canvas.line(outline, fill=ink, width=_width(shape))


def _pixels_of(points: npt.NDArray[np.float64], size: tuple[int, int]) -> list[tuple[int, int]]:
    """Give the pixels in which points lie; the far border of the display belongs to its last pixels."""
    pixels = np.floor(points)
    pixels -= np.isclose(points, size)
    return [(int(x), int(y)) for x, y in pixels]


def _width(shape: Dataset) -> int:
    for style in fetch(shape, "LineStyleSequence", ()):
        return max(1, round(float(fetch(style, "LineThickness", 1.0))))
    return 1


def _draw_text(canvas: ImageDraw.ImageDraw, text: Dataset, placement: Placement, ink: Ink, has_colors: bool) -> None:
    box = _corners(text, placement)
    anchor = placement.locate(str(fetch(text, "AnchorPointAnnotationUnits", "")), fetch(text, "AnchorPoint", ()))
    if box is None and anchor is None:
        warnings.warn("A text has neither a box nor an anchor point; it is not drawn.", HdcoreWarning, stacklevel=2)
        return
    draw_text(
        canvas,
        str(fetch(text, "UnformattedTextValue", "")),
        box,
        None if anchor is None else anchor[0],
        justification=str(fetch(text, "BoundingBoxTextHorizontalJustification", "CENTER")),
        shows_anchor=fetch(text, "AnchorPointVisibility", "Y") == "Y",
        ink=ink_of_style(text, "TextStyleSequence", "TextColorCIELabValue", ink, has_colors),
    )


def _corners(text: Dataset, placement: Placement) -> npt.NDArray[np.float64] | None:
    units = str(fetch(text, "BoundingBoxAnnotationUnits", ""))
    corners = [fetch(text, f"BoundingBox{corner}HandCorner") for corner in ("TopLeft", "BottomRight")]
    return None if any(corner is None for corner in corners) else placement.locate(units, corners)
