"""In which colour layers and what is drawn on them appear (PS3.3 C.10.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.model.element import fetch

from hdcore_pr.presentation.colors import rgb_of_lab

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["Ink", "ink_of_layer", "ink_of_style"]

Ink = int | tuple[int, int, int]
"""A gray level of 8 bits, or the three of sRGB."""

_WHITE = (255, 255, 255)


def ink_of_layer(layer: Dataset | None, has_colors: bool) -> Ink:
    """Give what a layer recommends; white if it recommends nothing."""
    if layer is None:
        return _as_ink(_WHITE, has_colors)
    gray = fetch(layer, "GraphicLayerRecommendedDisplayGrayscaleValue")
    lab = fetch(layer, "GraphicLayerRecommendedDisplayCIELabValue")
    old = fetch(layer, "GraphicLayerRecommendedDisplayRGBValue")  # retired
    if gray is not None and (not has_colors or (lab is None and old is None)):
        return _as_ink((int(gray) >> 8,) * 3, has_colors)
    if lab is not None:
        return _as_ink(rgb_of_lab(lab), has_colors)
    if old is not None:
        red, green, blue = (int(number) >> 8 for number in old)
        return _as_ink((red, green, blue), has_colors)
    return _as_ink(_WHITE, has_colors)


def ink_of_style(drawn: Dataset, sequence: str, keyword: str, default: Ink, has_colors: bool) -> Ink:
    """Give the colour of a Line, Fill or Text Style Sequence; that of the layer if there is none."""
    for style in fetch(drawn, sequence, ()):
        lab = fetch(style, keyword)
        if lab is not None:
            return _as_ink(rgb_of_lab(lab), has_colors)
    return default


def _as_ink(rgb: tuple[int, ...], has_colors: bool) -> Ink:
    red, green, blue = rgb
    # the luma of ITU-R BT.601, as Pillow converts colours to gray
    return (red, green, blue) if has_colors else round(0.299 * red + 0.587 * green + 0.114 * blue)
