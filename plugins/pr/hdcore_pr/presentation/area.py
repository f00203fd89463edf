"""The displayed area: which part of the image fills the display, and how large (PS3.3 C.10.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.options import PresentationOptions
    from hdcore_pr.presentation.spatial import Orientation

__all__ = ["DisplayedArea"]

_LARGEST = 1 << 28
"""Pixels that a displayed area may have, beyond four times those of the image."""


@dataclass(frozen=True, slots=True)
class DisplayedArea:
    """A rectangle of the turned image, and the rectangle of the display that shows it."""

    box: tuple[float, float, float, float]
    """Left, top, right and bottom in the turned image, in pixels from its outer corner."""
    scale: tuple[float, float] = (1.0, 1.0)
    """Pixels of the display per pixel of the turned image, along x and y."""
    size: tuple[int, int] | None = None
    """Rows and columns of the display; as large as the rectangle if None."""

    @classmethod
    def whole(cls, shape: tuple[int, int]) -> Self:
        """Show all of a turned image of so many rows and columns."""
        return cls((0.0, 0.0, float(shape[1]), float(shape[0])))

    @classmethod
    def of(cls, item: Dataset, shape: tuple[int, int], orientation: Orientation, options: PresentationOptions) -> Self:
        """Take an item of a Displayed Area Selection Sequence for an image of so many rows and columns."""
        box = _box(item, shape, orientation)
        width, height = box[2] - box[0], box[3] - box[1]
        across, down = _extent_of_pixels(item)
        if orientation.quarter_turns % 2:
            across, down = down, across
        if options.size is not None:
            rows, columns = options.size
            factor = min(rows / (height * down), columns / (width * across))
            return cls(box, (factor * across, factor * down), (rows, columns))
        mode = str(fetch(item, "PresentationSizeMode", ""))
        if mode == "MAGNIFY":
            factor = float(fetch(item, "PresentationPixelMagnificationRatio", 1.0))
            return cls(box, (factor, factor))
        if mode == "TRUE SIZE" and options.display_pixel_spacing and fetch(item, "PresentationPixelSpacing"):
            return cls(box, (across / options.display_pixel_spacing, down / options.display_pixel_spacing))
        return cls(box)

    @property
    def shown(self) -> tuple[int, int]:
        """tuple[int, int]: rows and columns of the display that the rectangle takes."""
        left, top, right, bottom = self.box
        rows, columns = round((bottom - top) * self.scale[1]), round((right - left) * self.scale[0])
        return max(1, rows), max(1, columns)

    @property
    def offset(self) -> tuple[int, int]:
        """tuple[int, int]: first row and column of the display that the rectangle takes."""
        rows, columns = self.shown
        return (0, 0) if self.size is None else ((self.size[0] - rows) // 2, (self.size[1] - columns) // 2)

    def matrix(self) -> npt.NDArray[np.float64]:
        """Give the map, of shape (2, 3), from the turned image to the display."""
        left, top, right, bottom = self.box
        rows, columns = self.shown
        across, down = columns / (right - left), rows / (bottom - top)
        return np.array(
            [[across, 0.0, self.offset[1] - across * left], [0.0, down, self.offset[0] - down * top]], np.float64
        )

    def render(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Show the rectangle of a turned image; what lies beyond the image is black.

        Parameters
        ----------
        pixels: numpy.ndarray
            The turned image, uint8, of shape (rows, columns) or (rows, columns, 3).

        Returns
        -------
        numpy.ndarray
            Of the display's shape, contiguous.
        """
        rows, columns = self.shown
        display_rows, display_columns = self.size or (rows, columns)
        most = max(_LARGEST, 4 * pixels.shape[0] * pixels.shape[1])
        if max(rows * columns, display_rows * display_columns) > most:
            raise UnreadableError(
                f"The displayed area takes {max(rows, display_rows)} rows and {max(columns, display_columns)} columns, "
                f"more than {most} pixels; pass a size that is smaller."
            )
        padded, (left, top, right, bottom) = _padded(pixels, self.box)
        if (bottom - top, right - left) == (rows, columns) and left == int(left) and top == int(top):
            shown = padded[int(top) : int(bottom), int(left) : int(right)]
        else:
            from PIL import Image

            source = Image.fromarray(np.ascontiguousarray(padded))
            shown = np.asarray(
                source.resize((columns, rows), Image.Resampling.BILINEAR, box=(left, top, right, bottom))
            )
        if self.size is None or self.size == (rows, columns):
            return np.ascontiguousarray(shown)
        display = np.zeros((*self.size, *pixels.shape[2:]), pixels.dtype)
        row, column = self.offset
        display[row : row + rows, column : column + columns] = shown
        return display


def _box(item: Dataset, shape: tuple[int, int], orientation: Orientation) -> tuple[float, float, float, float]:
    """Turn the rectangle between two pixels, given as column and row before any rotation or flip."""
    corners = []
    for corner in ("TopLeftHandCorner", "BottomRightHandCorner"):
        pair = fetch(item, f"DisplayedArea{corner}")
        if pair is None or len(pair) != 2:
            raise UnreadableError(f"A displayed area has no DisplayedArea{corner} of column and row.")
        corners.append([float(pair[0]), float(pair[1])])
    low, high = np.min(corners, axis=0) - 1.0, np.max(corners, axis=0)
    turned = orientation.matrix(shape) @ np.array([[low[0], high[0]], [low[1], high[1]], [1.0, 1.0]])
    left, top = turned.min(axis=1)
    right, bottom = turned.max(axis=1)
    return float(left), float(top), float(right), float(bottom)


def _extent_of_pixels(item: Dataset) -> tuple[float, float]:
    """Give how wide and high the pixels of the image are: in mm, or one relative to the other."""
    spacing = fetch(item, "PresentationPixelSpacing") or fetch(item, "PresentationPixelAspectRatio")
    if spacing is None or len(spacing) != 2 or min(float(number) for number in spacing) <= 0:
        return 1.0, 1.0
    down, across = (float(number) for number in spacing)
    if fetch(item, "PresentationPixelSpacing") is None:
        return 1.0, down / across
    return across, down


def _padded(
    pixels: npt.NDArray[Any], box: tuple[float, float, float, float]
) -> tuple[npt.NDArray[Any], tuple[float, float, float, float]]:
    left, top, right, bottom = box
    rows, columns = pixels.shape[:2]
    if (right - left) * (bottom - top) > max(_LARGEST, 4 * rows * columns):
        raise UnreadableError(f"The displayed area reaches from {left:g}, {top:g} to {right:g}, {bottom:g}: too far.")
    before = (max(0, int(np.ceil(-top))), max(0, int(np.ceil(-left))))
    after = (max(0, int(np.ceil(bottom - rows))), max(0, int(np.ceil(right - columns))))
    if not any((*before, *after)):
        return pixels, box
    widths = [(before[0], after[0]), (before[1], after[1]), *[(0, 0)] * (pixels.ndim - 2)]
    shifted = (left + before[1], top + before[0], right + before[1], bottom + before[0])
    return np.pad(pixels, widths), shifted
