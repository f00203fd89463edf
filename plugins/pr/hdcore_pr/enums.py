"""Enumerated values of presentation states."""

from __future__ import annotations

from hdcore.enums import Terms

__all__ = [
    "SOP_CLASS_UIDS",
    "AnnotationUnitsValues",
    "BlendingModeValues",
    "GraphicTypeValues",
    "TextJustificationValues",
]

GRAYSCALE = "1.2.840.10008.5.1.4.1.1.11.1"
COLOR = "1.2.840.10008.5.1.4.1.1.11.2"
PSEUDO_COLOR = "1.2.840.10008.5.1.4.1.1.11.3"
ADVANCED_BLENDING = "1.2.840.10008.5.1.4.1.1.11.8"

SOP_CLASS_UIDS = {GRAYSCALE, COLOR, PSEUDO_COLOR, ADVANCED_BLENDING}
"""SOP classes of the presentation states that can be made and read."""


class GraphicTypeValues(Terms):
    """Graphic Type (PS3.3 C.10.5.1.2). Points are (column, row) pairs."""

    CIRCLE = "CIRCLE"
    """Two points: the centre, and one on the circle."""
    ELLIPSE = "ELLIPSE"
    """Four points: the ends of the major axis, then those of the minor axis."""
    INTERPOLATED = "INTERPOLATED"
    """Two or more points, through which the display draws a smooth curve of its own making."""
    POINT = "POINT"
    """One point."""
    POLYLINE = "POLYLINE"
    """Two or more points joined by straight lines; closed if the last equals the first."""


class AnnotationUnitsValues(Terms):
    """Units of annotations (PS3.3 C.10.5)."""

    PIXEL = "PIXEL"
    """Columns and rows of the image: (0, 0) is the outer corner of the first pixel, (columns, rows) of the last."""
    DISPLAY = "DISPLAY"
    """Fractions of the displayed area, from (0, 0) at its top left to (1, 1) at its bottom right."""
    MATRIX = "MATRIX"
    """Columns and rows of the total pixel matrix of a tiled image, counted in the same way."""


class TextJustificationValues(Terms):
    """Bounding Box Text Horizontal Justification (PS3.3 C.10.5)."""

    LEFT = "LEFT"
    CENTER = "CENTER"
    RIGHT = "RIGHT"


class BlendingModeValues(Terms):
    """Blending Mode (PS3.3 C.11.33)."""

    EQUAL = "EQUAL"
    """Any number of inputs with equal weights."""
    FOREGROUND = "FOREGROUND"
    """Two inputs: the first with the relative opacity over the second."""
