"""The dimensions of segmentations: the segment, then where its frames lie (PS3.3 C.7.6.17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.frames import dimensions

if TYPE_CHECKING:
    from hdcore.enums import CoordinateSystemNames

__all__ = ["SEGMENT", "DimensionIndexSequence"]

SEGMENT = dimensions.Dimension(
    "ReferencedSegmentNumber", "SegmentIdentificationSequence", "segment_number", "Referenced Segment Number"
)
"""Which segment a frame shows."""


class DimensionIndexSequence(dimensions.DimensionIndexSequence):
    """Which attributes order the frames of a segmentation.

    Examples
    --------
    >>> DimensionIndexSequence("PATIENT").get_index_position("ImagePositionPatient")
    1
    """

    def __init__(
        self, coordinate_system: str | CoordinateSystemNames | None, include_segment_number: bool = True
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        coordinate_system: str | CoordinateSystemNames | None
            Coordinate system of the frame of reference; ``None`` if there is none.
        include_segment_number: bool, optional
            Whether the segment is a dimension; it is not of a label map, each frame of which shows all segments.

        Raises
        ------
        ValueError
            If there is no such coordinate system.
        """
        super().__init__(coordinate_system, (SEGMENT,) if include_segment_number else ())
