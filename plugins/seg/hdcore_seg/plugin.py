"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Give the segmentation IOD (PS3.3 A.51): bitplanes, fractions and label maps."""
    return [
        IOD(
            name="seg",
            title="Segmentation",
            sop_classes=("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"),
            builder="hdcore_seg.segmentation:Segmentation",
            reader="hdcore_seg.segmentation:Segmentation.from_dataset",
            rules="hdcore_seg.rules:RULES",
        )
    ]
