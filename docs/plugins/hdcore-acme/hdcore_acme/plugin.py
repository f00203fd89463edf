"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Register Encapsulated PDF."""
    return [
        IOD(
            name="acme",
            title="Encapsulated PDF",
            sop_classes=("1.2.840.10008.5.1.4.1.1.104.1",),
            builder="hdcore_acme.document:EncapsulatedPDF",
            reader="hdcore_acme.document:EncapsulatedPDF.from_dataset",
            rules="hdcore_acme.rules:RULES",
        )
    ]
