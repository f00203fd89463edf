"""The functional groups of parametric maps (PS3.3 A.75.4)."""

from __future__ import annotations

from hdcore.frames.groups import STANDARD_GROUPS, Attribute, FunctionalGroup

__all__ = ["FRAME_TYPE", "GROUPS", "STORED_VALUE_COLOR_RANGE"]

FRAME_TYPE = FunctionalGroup("ParametricMapFrameTypeSequence", frame_type=Attribute("FrameType"))
"""Parametric Map Frame Type, C.8.32.3.1; its four values separated by backslashes."""

STORED_VALUE_COLOR_RANGE = FunctionalGroup(
    "StoredValueColorRangeSequence",
    minimum_stored_value_mapped="MinimumStoredValueMapped",
    maximum_stored_value_mapped="MaximumStoredValueMapped",
)
"""Stored Value Color Range, C.8.32.3.2: which stored values get the first and the last colour of the palette."""

GROUPS = (*STANDARD_GROUPS, FRAME_TYPE, STORED_VALUE_COLOR_RANGE)
"""All groups that a parametric map may have."""
