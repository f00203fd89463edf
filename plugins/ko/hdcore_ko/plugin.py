"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Name the IOD that this plugin builds and reads."""
    return [
        IOD(
            name="ko",
            title="Key Object Selection Document",
            sop_classes=("1.2.840.10008.5.1.4.1.1.88.59",),
            builder="hdcore_ko.document:KeyObjectSelectionDocument",
            reader="hdcore_ko.document:KeyObjectSelectionDocument.from_dataset",
            rules="hdcore_ko.rules:RULES",
        )
    ]
