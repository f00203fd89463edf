"""Defined terms of segmentations (PS3.3 C.8.20) and the SOP classes that hold them."""

from __future__ import annotations

from hdcore.enums import Terms

__all__ = [
    "SOP_CLASS_UIDS",
    "SegmentAlgorithmTypeValues",
    "SegmentationFractionalTypeValues",
    "SegmentationTypeValues",
    "SegmentsOverlapValues",
    "SpatialLocationsPreservedValues",
]

SOP_CLASS_UIDS = {"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"}
"""Segmentation Storage and Label Map Segmentation Storage (PS3.4 B.5)."""


class SegmentAlgorithmTypeValues(Terms):
    """Segment Algorithm Type (PS3.3 C.8.20.2)."""

    AUTOMATIC = "AUTOMATIC"
    """Found by software without a person's help."""
    SEMIAUTOMATIC = "SEMIAUTOMATIC"
    """Found by software with a person's help."""
    MANUAL = "MANUAL"
    """Drawn by a person."""


class SegmentationTypeValues(Terms):
    """Segmentation Type (PS3.3 C.8.20.2.3): how pixels tell which segment they belong to."""

    BINARY = "BINARY"
    """One bit per pixel, one frame per plane and segment: segments may overlap."""
    FRACTIONAL = "FRACTIONAL"
    """Eight bits per pixel, one frame per plane and segment: each pixel has a probability or a share."""
    LABELMAP = "LABELMAP"
    """Eight or sixteen bits per pixel, one frame per plane: the pixel's value is the segment's number."""


class SegmentationFractionalTypeValues(Terms):
    """Segmentation Fractional Type (PS3.3 C.8.20.2.3.2)."""

    PROBABILITY = "PROBABILITY"
    """The probability that the segment fills the pixel."""
    OCCUPANCY = "OCCUPANCY"
    """The share of the pixel that the segment fills."""


class SegmentsOverlapValues(Terms):
    """Segments Overlap (PS3.3 C.8.20.2)."""

    YES = "YES"
    """At least one pixel is in more than one segment."""
    UNDEFINED = "UNDEFINED"
    """Nobody looked."""
    NO = "NO"
    """No pixel is in more than one segment."""


class SpatialLocationsPreservedValues(Terms):
    """Spatial Locations Preserved (PS3.3 C.7.6.16.2.6)."""

    YES = "YES"
    """Each pixel lies on the pixel of the source that has its row and column."""
    NO = "NO"
    """Pixels lie elsewhere than those of the source."""
    REORIENTED_ONLY = "REORIENTED_ONLY"
    """The image was only flipped or turned."""
