"""Texts drawn in their boxes or beside their anchors (PS3.3 C.10.5)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import ImageDraw, ImageFont

__all__ = ["draw_text"]

_SMALLEST, _PART_OF_DISPLAY = 10, 32
_ANCHOR = 2


def draw_text(
    canvas: ImageDraw.ImageDraw,
    text: str,
    box: npt.NDArray[np.float64] | None,
    anchor: npt.NDArray[np.float64] | None,
    *,
    justification: str,
    shows_anchor: bool,
    ink: Any,
) -> None:
    """Draw a text.

    Texts stand upright however the image is turned, and are not cut off by their boxes: a box says where a text is,
    not how large (PS3.3 C.10.5.1).

    Parameters
    ----------
    canvas: PIL.ImageDraw.ImageDraw
        What to draw on.
    text: str
        The text, perhaps of several lines.
    box: numpy.ndarray | None
        Two opposite corners on the display, shape (2, 2).
    anchor: numpy.ndarray | None
        The place that the text is about, shape (2,).
    justification: str
        LEFT, CENTER or RIGHT, in the box.
    shows_anchor: bool
        Whether to mark the anchor.
    ink: Any
        Colour, as Pillow takes it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    font = _font(max(_SMALLEST, min(canvas.im.size) // _PART_OF_DISPLAY))
    align = {"LEFT": "left", "RIGHT": "right"}.get(justification, "center")
    left, top, right, bottom = canvas.multiline_textbbox((0, 0), text, font=font, align=align)
    width, height = right - left, bottom - top
    if box is not None:
        low, high = box.min(axis=0), box.max(axis=0)
        x = {"left": low[0], "right": high[0] - width}.get(align, (low[0] + high[0] - width) / 2)
        place = np.array([x, (low[1] + high[1] - height) / 2])
    elif anchor is not None:
        place = anchor + np.array([2 * _ANCHOR, -height / 2])
    else:
        return
    if (place < canvas.im.size).all() and (place > (-width, -height)).all():  # else Pillow's integers may overflow
        canvas.multiline_text((place[0] - left, place[1] - top), text, fill=ink, font=font, align=align)
    if anchor is not None and shows_anchor:
        _mark(canvas, anchor, None if box is None else box, ink)


def _mark(
    canvas: ImageDraw.ImageDraw, anchor: npt.NDArray[np.float64], box: npt.NDArray[np.float64] | None, ink: Any
) -> None:
    x, y = anchor
    canvas.ellipse((x - _ANCHOR, y - _ANCHOR, x + _ANCHOR, y + _ANCHOR), fill=ink)
    if box is not None:
        nearest = np.clip(anchor, box.min(axis=0), box.max(axis=0))
        canvas.line([(x, y), (float(nearest[0]), float(nearest[1]))], fill=ink)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)
