"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Name the IOD that this plugin builds and reads."""
    return [
        IOD(
            name="ann",
            title="Microscopy Bulk Simple Annotations",
            sop_classes=("1.2.840.10008.5.1.4.1.1.91.1",),
            builder="hdcore_ann.annotations:MicroscopyBulkSimpleAnnotations",
            reader="hdcore_ann.annotations:MicroscopyBulkSimpleAnnotations.from_dataset",
            rules="hdcore_ann.rules:RULES",
        )
    ]
