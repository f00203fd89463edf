"""What a plugin says of each of its IODs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["IOD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IOD:
    """An information object definition that a plugin can build and read."""

    name: str
    """Short name such as ``"seg"``, or dotted (``"pr.grayscale"``) where a plugin has several; begins with the name of
    the plugin's entry point."""
    title: str
    """The standard's name, such as ``"Segmentation"``."""
    sop_classes: tuple[str, ...]
    """UIDs of the storage SOP classes that the reader is for."""
    builder: str
    """``"package.module:Name"`` of the callable that makes a new object; imported on first use."""
    reader: str
    """``"package.module:Name.method"`` of the callable that takes a dataset and ``copy``; imported on first use."""
    rules: str = ""
    """``"package.module:RULES"`` of the rules beyond the tables; imported on first use."""
