"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]

_SR = "1.2.840.10008.5.1.4.1.1.88."
_READ_AS = {
    "sr.enhanced": ("22",),
    "sr.comprehensive": ("33",),
    "sr.comprehensive3d": ("34",),
    "sr": ("11", "35", "40", "50", "65", "67", "68", "69", "70", "71", "72", "73"),
}
_TITLES = {
    "sr.enhanced": ("Enhanced SR", "EnhancedSR", "EnhancedSR"),
    "sr.comprehensive": ("Comprehensive SR", "ComprehensiveSR", "ComprehensiveSR"),
    "sr.comprehensive3d": ("Comprehensive 3D SR", "Comprehensive3DSR", "Comprehensive3DSR"),
    "sr": ("Structured Report", "Comprehensive3DSR", "StructuredReport"),
}


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Name the IODs that this plugin builds and reads; the short name builds Comprehensive 3D SR."""
    return [
        IOD(
            name=name,
            title=title,
            sop_classes=tuple(f"{_SR}{number}" for number in _READ_AS[name]),
            builder=f"hdcore_sr.documents:{builder}",
            reader=f"hdcore_sr.documents:{reader}.from_dataset",
            rules="hdcore_sr.rules:RULES",
        )
        for name, (title, builder, reader) in _TITLES.items()
    ]
