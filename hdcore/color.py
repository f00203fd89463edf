"""Colours and colour management."""

from hdcore.pixels.color import CIELabColor, ColorManager

__all__ = ["CIELabColor", "ColorManager"]
