"""The functional groups of segmentations (PS3.3 A.51.5)."""

from __future__ import annotations

from hdcore.frames.groups import STANDARD_GROUPS, FunctionalGroup

__all__ = ["GROUPS", "SEGMENT_IDENTIFICATION"]

SEGMENT_IDENTIFICATION = FunctionalGroup("SegmentIdentificationSequence", segment_number="ReferencedSegmentNumber")
"""Segment Identification, C.8.20.3.1: which segment a frame shows."""

GROUPS = (*STANDARD_GROUPS, SEGMENT_IDENTIFICATION)
"""All groups that a segmentation may have."""
