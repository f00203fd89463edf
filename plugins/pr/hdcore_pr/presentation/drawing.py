"""Annotations drawn over the presented pixels, layer by layer (PS3.3 C.10.5, C.10.7)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from hdcore.errors import HdcoreWarning
from hdcore.model.element import fetch

from hdcore_pr.presentation.compounds import parts_of, without_simple_shapes
from hdcore_pr.presentation.curves import outline_of
from hdcore_pr.presentation.ink import Ink, ink_of_layer, ink_of_style
from hdcore_pr.presentation.overlays import activated_groups, overlay_mask
from hdcore_pr.presentation.selection import items_about
from hdcore_pr.presentation.strokes import Style, draw_line, fill_area
from hdcore_pr.presentation.texts import draw_text

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame
    from hdcore_pr.presentation.placement import Placement

    Points = npt.NDArray[np.float64]

__all__ = ["draw_annotations", "draw_overlays", "ordered_layers"]

_POINTS = {"POINT": 1, "CIRCLE": 2, "ELLIPSE": 4, "POLYLINE": 2, "INTERPOLATED": 2}


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
    from PIL import Image

    image = Image.fromarray(pixels)
    for name, layer in ordered_layers(state):
        pen = _Pen(image, placement, ink_of_layer(layer, pixels.ndim == 3), pixels.ndim == 3)
        for annotation in annotations:
            if str(fetch(annotation, "GraphicLayer", "")) == name:
                pen.draw(annotation)
    return np.array(image)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in the ink of a layer."""

    image: Image.Image
    placement: Placement
    ink: Ink
    has_colors: bool

    def draw(self, annotation: Dataset) -> None:
        for shape in fetch(annotation, "GraphicObjectSequence", ()):
            self._draw_shape(shape)
        for compound in without_simple_shapes(annotation):
            self._draw_compound(compound)
        for text in fetch(annotation, "TextObjectSequence", ()):
            self._draw_text(text)

    def _draw_shape(self, shape: Dataset) -> None:
        kind = str(fetch(shape, "GraphicType", ""))
        points = self.placement.locate(str(fetch(shape, "GraphicAnnotationUnits", "")), fetch(shape, "GraphicData", ()))
        if points is None or len(points) < _POINTS.get(kind, len(points) + 1):
            _warn(f"A shape of type {kind!r} has no such points, or units; not drawn.")
            return
        outline = outline_of(kind, points)
        if kind == "POINT":
            outline = np.vstack([outline, outline])
        self._draw_outlines(shape, [outline], outline if len(outline) > 2 else None)

    def _draw_compound(self, compound: Dataset) -> None:
        parts = parts_of(compound, self.placement, self.image.size)
        if parts is None:
            kind = fetch(compound, "CompoundGraphicType")
            _warn(f"A compound graphic of type {kind} lacks the simple shapes that stand for it; not drawn.")
            return
        self._draw_outlines(compound, parts.lines, parts.area)
        ink = ink_of_style(compound, "TextStyleSequence", "TextColorCIELabValue", self.ink, self.has_colors)
        for text, middle in parts.labels:
            self._write(text, np.stack([middle, middle]), None, "CENTER", ink, shows_anchor=False)

    def _draw_outlines(self, drawn: Dataset, lines: list[Points], area: Points | None) -> None:
        style = Style.of_line(drawn, self.ink, self.has_colors)
        if area is not None and fetch(drawn, "GraphicFilled", "N") == "Y":
            fill_area(self.image, area, Style.of_area(drawn, style.on, self.has_colors))
        for line in lines:
            draw_line(self.image, line, style)

    def _draw_text(self, text: Dataset) -> None:
        box = _corners(text, self.placement)
        units = str(fetch(text, "AnchorPointAnnotationUnits", ""))
        anchor = self.placement.locate(units, fetch(text, "AnchorPoint", ()))
        if box is None and anchor is None:
            _warn("A text has neither a box nor an anchor point; it is not drawn.")
            return
        self._write(
            str(fetch(text, "UnformattedTextValue", "")),
            box,
            None if anchor is None else anchor[0],
            str(fetch(text, "BoundingBoxTextHorizontalJustification", "CENTER")),
            ink_of_style(text, "TextStyleSequence", "TextColorCIELabValue", self.ink, self.has_colors),
            shows_anchor=fetch(text, "AnchorPointVisibility", "Y") == "Y",
        )

    def _write(
        self, text: str, box: Points | None, anchor: Points | None, justification: str, ink: Ink, *, shows_anchor: bool
    ) -> None:
        from PIL import ImageDraw

        draw_text(
            ImageDraw.Draw(self.image),
            text,
            box,
            anchor,
            justification=justification,
            shows_anchor=shows_anchor,
            ink=ink,
        )


def _warn(message: str) -> None:
    warnings.warn(message, HdcoreWarning, stacklevel=2)


def _corners(text: Dataset, placement: Placement) -> npt.NDArray[np.float64] | None:
    units = str(fetch(text, "BoundingBoxAnnotationUnits", ""))
    corners = [fetch(text, f"BoundingBox{corner}HandCorner") for corner in ("TopLeft", "BottomRight")]
    return None if any(corner is None for corner in corners) else placement.locate(units, corners)
