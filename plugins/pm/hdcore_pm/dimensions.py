"""The dimensions of parametric maps: the quantity, if there are several, then where frames lie (PS3.3 C.7.6.17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.frames import dimensions

if TYPE_CHECKING:
    from hdcore.enums import CoordinateSystemNames

__all__ = ["QUANTITY", "DimensionIndexSequence"]

QUANTITY = dimensions.Dimension("LUTLabel", "RealWorldValueMappingSequence", "channel", "Quantity")
"""Which quantity a frame shows, told by the label of its real-world value mapping."""


class DimensionIndexSequence(dimensions.DimensionIndexSequence):
    """Which attributes order the frames of a parametric map.

    Examples
    --------
    >>> DimensionIndexSequence("PATIENT").get_index_keywords()
    ['ImagePositionPatient']
    """

    def __init__(self, coordinate_system: str | CoordinateSystemNames | None) -> None:
        """Make the sequence.

        Parameters
        ----------
        coordinate_system: str | CoordinateSystemNames | None
            Coordinate system of the frame of reference; ``None`` if there is none.

        Raises
        ------
        ValueError
            If there is no such coordinate system.
        """
        super().__init__(coordinate_system)
