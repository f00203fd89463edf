"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_OTHERS = (11, 35, 40, 50, 65, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77)
_READ_AS = {
    "sr.enhanced": ("88.22",),
    "sr.comprehensive": ("88.33",),
    "sr.comprehensive3d": ("88.34",),
    "sr": ("78.6", "79.1", *(f"88.{number}" for number in _OTHERS)),
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
            sop_classes=tuple(_STORAGE + suffix for suffix in _READ_AS[name]),
            builder=f"hdcore_sr.documents:{builder}",
            reader=f"hdcore_sr.documents:{reader}.from_dataset",
            rules="hdcore_sr.rules:RULES",
        )
        for name, (title, builder, reader) in _TITLES.items()
    ]
