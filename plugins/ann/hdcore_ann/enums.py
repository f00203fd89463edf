"""Enumerated values of bulk annotations (PS3.3 C.37.1.2)."""

from __future__ import annotations

from hdcore.enums import Terms

__all__ = [
    "AnnotationCoordinateTypeValues",
    "AnnotationGroupGenerationTypeValues",
    "GraphicTypeValues",
    "PixelOriginInterpretationValues",
]


class AnnotationCoordinateTypeValues(Terms):
    """Annotation Coordinate Type (PS3.3 C.37.1.2)."""

    SCOORD = "2D"
    """(column, row) in pixels of one image."""
    SCOORD3D = "3D"
    """(x, y, z) in millimetres of the slide's frame of reference."""


class AnnotationGroupGenerationTypeValues(Terms):
    """Annotation Group Generation Type (PS3.3 C.37.1.2)."""

    AUTOMATIC = "AUTOMATIC"
    SEMIAUTOMATIC = "SEMIAUTOMATIC"
    MANUAL = "MANUAL"


class GraphicTypeValues(Terms):
    """Graphic Type of bulk annotations (PS3.3 C.37.1.2.1.1)."""

    POINT = "POINT"
    """One point."""
    POLYLINE = "POLYLINE"
    """Two or more points, joined in order."""
    POLYGON = "POLYGON"
    """Three or more corners; the last is joined to the first, which is not repeated."""
    ELLIPSE = "ELLIPSE"
    """Four points: both ends of the major axis, then both ends of the minor axis."""
    RECTANGLE = "RECTANGLE"
    """Four corners in order; the last is joined to the first."""


class PixelOriginInterpretationValues(Terms):
    """Pixel Origin Interpretation (PS3.3 C.8.12.4.1.4)."""

    FRAME = "FRAME"
    """Coordinates begin at the top left corner of one frame."""
    VOLUME = "VOLUME"
    """Coordinates begin at the top left corner of the total pixel matrix."""
