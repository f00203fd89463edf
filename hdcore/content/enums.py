"""Enumerated values of content items (PS3.3 C.17.3, C.18)."""

from __future__ import annotations

from hdcore.enums import Terms

__all__ = [
    "GraphicTypeValues",
    "GraphicTypeValues3D",
    "PixelOriginInterpretationValues",
    "RelationshipTypeValues",
    "TemporalRangeTypeValues",
    "ValueTypeValues",
]


class ValueTypeValues(Terms):
    """Value Type (PS3.3 C.17.3.2.1)."""

    CODE = "CODE"
    COMPOSITE = "COMPOSITE"
    CONTAINER = "CONTAINER"
    DATE = "DATE"
    DATETIME = "DATETIME"
    IMAGE = "IMAGE"
    NUM = "NUM"
    PNAME = "PNAME"
    SCOORD = "SCOORD"
    SCOORD3D = "SCOORD3D"
    TCOORD = "TCOORD"
    TEXT = "TEXT"
    TIME = "TIME"
    UIDREF = "UIDREF"
    WAVEFORM = "WAVEFORM"


class RelationshipTypeValues(Terms):
    """Relationship Type (PS3.3 C.17.3.2.4)."""

    CONTAINS = "CONTAINS"
    HAS_ACQ_CONTEXT = "HAS ACQ CONTEXT"
    HAS_CONCEPT_MOD = "HAS CONCEPT MOD"
    HAS_OBS_CONTEXT = "HAS OBS CONTEXT"
    HAS_PROPERTIES = "HAS PROPERTIES"
    INFERRED_FROM = "INFERRED FROM"
    SELECTED_FROM = "SELECTED FROM"


class GraphicTypeValues(Terms):
    """Graphic Type of spatial coordinates in an image (PS3.3 C.18.6.1.2)."""

    CIRCLE = "CIRCLE"
    """Two points: the centre and one on the perimeter."""
    ELLIPSE = "ELLIPSE"
    """Four points: the ends of the major axis, then of the minor."""
    MULTIPOINT = "MULTIPOINT"
    """Several points that nothing connects."""
    POINT = "POINT"
    """One point."""
    POLYLINE = "POLYLINE"
    """Points that lines connect; closed if the last is the first."""


class GraphicTypeValues3D(Terms):
    """Graphic Type of spatial coordinates in a frame of reference (PS3.3 C.18.9.1.2)."""

    ELLIPSE = "ELLIPSE"
    """Four points in one plane: the ends of the major axis, then of the minor."""
    ELLIPSOID = "ELLIPSOID"
    """Six points: the ends of the three axes, which are perpendicular."""
    MULTIPOINT = "MULTIPOINT"
    """Several points that nothing connects."""
    POINT = "POINT"
    """One point."""
    POLYLINE = "POLYLINE"
    """Points that lines connect, not necessarily in one plane."""
    POLYGON = "POLYGON"
    """A closed line in one plane; the last point is the first."""


class PixelOriginInterpretationValues(Terms):
    """Pixel Origin Interpretation (PS3.3 C.18.6.1.1)."""

    FRAME = "FRAME"
    """Coordinates count from the frame's corner."""
    VOLUME = "VOLUME"
    """Coordinates count from the corner of the total pixel matrix."""


class TemporalRangeTypeValues(Terms):
    """Temporal Range Type (PS3.3 C.18.7.1.1)."""

    BEGIN = "BEGIN"
    END = "END"
    MULTIPOINT = "MULTIPOINT"
    MULTISEGMENT = "MULTISEGMENT"
    POINT = "POINT"
    SEGMENT = "SEGMENT"
