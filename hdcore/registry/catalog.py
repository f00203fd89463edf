"""The distributions that are known to exist, for hints about what to install and for nothing that they would do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN", "KnownPlugin", "known_reader_of"]


@dataclass(frozen=True, slots=True)
class KnownPlugin:
    """A plugin that can be installed."""

    distribution: str
    title: str
    sop_classes: tuple[str, ...]


_STORAGE = "1.2.840.10008.5.1.4.1.1."


def _known(name: str, title: str, *suffixes: str) -> KnownPlugin:
    return KnownPlugin(f"hdcore-{name}", title, tuple(_STORAGE + suffix for suffix in suffixes))


KNOWN = {
    "ann": _known("ann", "microscopy bulk simple annotations", "91.1"),
    "ko": _known("ko", "key object selections", "88.59"),
    "legacy": _known("legacy", "legacy converted enhanced images", "2.2", "4.4", "128.1"),
    "pm": _known("pm", "parametric maps", "30"),
    "pr": _known("pr", "presentation states", "11.1", "11.2", "11.3", "11.8"),
    "sc": _known("sc", "secondary captures", "7", "7.1", "7.2", "7.3", "7.4"),
    "seg": _known("seg", "segmentations", "66.4", "66.7"),
    "sr": _known(
        "sr",
        "structured reports",
        "78.6",
        "79.1",
        *(f"88.{number}" for number in (11, 22, 33, 34, 35, 40, 50, 65, *range(67, 78))),
    ),
}
"""Known plugins by the name of their entry point."""


def known_reader_of(sop_class_uid: str) -> str | None:
    """Tell which known plugin reads a SOP class: the name of its entry point."""
    return next((name for name, plugin in KNOWN.items() if sop_class_uid in plugin.sop_classes), None)
