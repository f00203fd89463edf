"""Lines and areas in their styles: thickness, dashes, opacity, patterns (PS3.3 C.10.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from hdcore.model.element import fetch

from hdcore_pr.presentation.ink import ink_of_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from PIL import Image
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.ink import Ink

    Points = npt.NDArray[np.float64]

__all__ = ["Style", "draw_line", "fill_area"]

_BITS = 32
_ROW_BYTES = 4
_OPAQUE, _TRANSPARENT = 1.0, 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a line or an area is drawn: a pattern of two colours, each of which may be seen through."""

    on: Ink
    off: Ink
    on_opacity: float = _OPAQUE
    off_opacity: float = _TRANSPARENT
    thickness: int = 1
    """Of a line, in pixels of the display."""
    pattern: npt.NDArray[np.bool_] | None = None
    """Where the first colour is: shape (32,) along a line, a pixel per bit, or (32, 32) of an area; None: all over."""

    @classmethod
    def of_line(cls, drawn: Dataset, default: Ink, has_colors: bool) -> Self:
        """Take the Line Style Sequence of what is drawn."""
        style = _first(drawn, "LineStyleSequence")
        pattern = None
        if fetch(style, "LineDashingStyle") == "DASHED" and fetch(style, "LinePattern") is not None:
            bits = np.array([int(fetch(style, "LinePattern")) & 0xFFFFFFFF], ">u4")
            pattern = np.unpackbits(bits.view(np.uint8)).astype(bool)
        thickness = fetch(style, "LineThickness", 1.0)
        return cls(
            *_inks(drawn, "LineStyleSequence", default, has_colors),
            *_opacities(style),
            thickness=max(1, round(float(thickness))),
            pattern=pattern,
        )

    @classmethod
    def of_area(cls, drawn: Dataset, default: Ink, has_colors: bool) -> Self:
        """Take the Fill Style Sequence of what is drawn."""
        style = _first(drawn, "FillStyleSequence")
        pattern, content = None, fetch(style, "FillPattern")
        if fetch(style, "FillMode") == "STIPPELED" and content is not None and len(content) == _BITS * _ROW_BYTES:
            rows = np.frombuffer(content, np.uint8).reshape(_BITS, _ROW_BYTES)
            pattern = np.unpackbits(rows, axis=1).astype(bool)
        return cls(*_inks(drawn, "FillStyleSequence", default, has_colors), *_opacities(style), pattern=pattern)


def _first(drawn: Dataset, sequence: str) -> Dataset:
    from pydicom.dataset import Dataset

    styles = fetch(drawn, sequence, ())
    return styles[0] if len(styles) else Dataset()


def _inks(drawn: Dataset, sequence: str, default: Ink, has_colors: bool) -> tuple[Ink, Ink]:
    on = ink_of_style(drawn, sequence, "PatternOnColorCIELabValue", default, has_colors)
    return on, ink_of_style(drawn, sequence, "PatternOffColorCIELabValue", default, has_colors)


def _opacities(style: Dataset) -> tuple[float, float]:
    on, off = fetch(style, "PatternOnOpacity", _OPAQUE), fetch(style, "PatternOffOpacity", _TRANSPARENT)
    return min(max(float(on), 0.0), 1.0), min(max(float(off), 0.0), 1.0)


def draw_line(image: Image.Image, points: Points, style: Style) -> None:
    """Draw a polyline.

    Parameters
    ----------
    image: PIL.Image.Image
        What to draw on.
    points: numpy.ndarray
        Shape (points, 2), on the display.
    style: Style
        How it looks.
    """
    if style.pattern is None or style.pattern.all():
        _draw(image, [points], style.on, style.on_opacity, style.thickness)
        return
    dashes = list(_dashes(points, style.pattern))
    _draw(image, [dash for is_on, dash in dashes if not is_on], style.off, style.off_opacity, style.thickness)
    _draw(image, [dash for is_on, dash in dashes if is_on], style.on, style.on_opacity, style.thickness)


def _draw(image: Image.Image, lines: Sequence[Points], ink: Ink, opacity: float, thickness: int) -> None:
    from PIL import Image, ImageDraw

    if not lines or opacity == _TRANSPARENT:
        return
    if opacity == _OPAQUE:
        canvas = ImageDraw.Draw(image)
        for line in lines:
            canvas.line(pixels_of(line, image.size), fill=ink, width=thickness)
        return
    mask = Image.new("L", image.size)
    canvas = ImageDraw.Draw(mask)
    for line in lines:
        canvas.line(pixels_of(line, image.size), fill=round(255 * opacity), width=thickness)
    image.paste(ink, mask=mask)


def _dashes(points: Points, pattern: npt.NDArray[np.bool_]) -> Iterator[tuple[bool, Points]]:
    """Divide a polyline into pieces of one kind; each bit of the pattern is one pixel along it."""
    places = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    count = int(np.ceil(places[-1])) + 1
    bits = np.resize(pattern, count)
    first = np.concatenate([[0], np.flatnonzero(np.diff(bits.astype(np.int8))) + 1])
    for start, end in zip(first.tolist(), [*(first[1:] - 1).tolist(), count - 1], strict=True):
        ends = np.minimum([start, end], places[-1])
        between = (places > ends[0]) & (places < ends[1])
        along = np.concatenate([ends[:1], places[between], ends[1:]])
        yield bool(bits[start]), np.stack([np.interp(along, places, axis) for axis in points.T], axis=1)


def fill_area(image: Image.Image, points: Points, style: Style) -> None:
    """Fill a polygon.

    Parameters
    ----------
    image: PIL.Image.Image
        What to draw on.
    points: numpy.ndarray
        Shape (points, 2), on the display.
    style: Style
        How it looks; a pattern begins at the top left of the display.
    """
    from PIL import Image, ImageDraw

    outline = pixels_of(points, image.size)
    if style.pattern is None and style.on_opacity == _OPAQUE:
        ImageDraw.Draw(image).polygon(outline, fill=style.on)
        return
    mask = Image.new("1", image.size)
    ImageDraw.Draw(mask).polygon(outline, fill=1, outline=1)
    inside = np.asarray(mask, bool)
    is_on = np.ones_like(inside)
    if style.pattern is not None:
        rows, columns = (np.arange(length) % _BITS for length in inside.shape)
        is_on = style.pattern[np.ix_(rows, columns)]
    for covered, ink, opacity in ((~is_on, style.off, style.off_opacity), (is_on, style.on, style.on_opacity)):
        if opacity > _TRANSPARENT:
            image.paste(ink, mask=Image.fromarray((inside & covered) * np.uint8(round(255 * opacity))))


def pixels_of(points: Points, size: tuple[int, int]) -> list[tuple[int, int]]:
    """Give the pixels in which points lie; the far border of the display belongs to its last pixels."""
    pixels = np.floor(points)
    pixels -= np.isclose(points, size)
    return [(int(x), int(y)) for x, y in pixels]
