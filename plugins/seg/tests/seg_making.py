"""What several test modules of segmentations share: a description, a segmentation, and the same read from a file."""

from __future__ import annotations

import io

from hdcore.content import CodedConcept
from hdcore.uid import UID

from hdcore_seg import Segmentation, SegmentDescription, segread

ORGAN, LIVER = CodedConcept("91772007", "SCT", "Organ"), CodedConcept("10200004", "SCT", "Liver")


def describe(number, label="", **options):
    return SegmentDescription(number, label or f"Segment {number}", ORGAN, LIVER, "MANUAL", **options)


def make(sources, masks, kind="BINARY", numbers=(1, 2), **options):
    described = [describe(number, tracking_uid=UID(), tracking_id=f"t{number}") for number in numbers]
    maker = "Maker", "Model", "1", "1"
    return Segmentation(sources, masks, kind, described, UID(), 2, UID(), 1, *maker, **options)


def again(segmentation):
    file = io.BytesIO()
    segmentation.save_as(file)
    return segread(file.getvalue())
