"""Rotation and flip (PS3.3 C.10.6), and the displayed area (C.10.4), as one map from image to display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["Orientation"]


@dataclass(frozen=True, slots=True)
class Orientation:
    """Quarter turns clockwise, and then perhaps a flip from left to right."""

    quarter_turns: int = 0
    is_flipped: bool = False

    @classmethod
    def of(cls, state: Dataset) -> Self:
        """Take the orientation that a state says."""
        degrees = int(fetch(state, "ImageRotation", 0))
        if degrees % 90:
            raise UnreadableError(f"ImageRotation is {degrees}; expected 0, 90, 180 or 270.")
        return cls(degrees // 90 % 4, fetch(state, "ImageHorizontalFlip", "N") == "Y")

    def turn(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Turn an image of shape (rows, columns, …)."""
        turned = np.rot90(pixels, -self.quarter_turns)
        return turned[:, ::-1] if self.is_flipped else turned

    def matrix(self, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
        """Give the map from the image to the turned one.

        Parameters
        ----------
        shape: tuple[int, int]
            Rows and columns of the image.

        Returns
        -------
        numpy.ndarray
            Shape (2, 3): of x, y and 1, measured in pixels from the outer corner of the first pixel.
        """
        rows, columns = shape
        result = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        for _ in range(self.quarter_turns):
            result = np.array([[0.0, -1.0, rows], [1.0, 0.0, 0.0]]) @ np.vstack([result, [0.0, 0.0, 1.0]])
            rows, columns = columns, rows
        if self.is_flipped:
            result = np.array([[-1.0, 0.0, columns], [0.0, 1.0, 0.0]]) @ np.vstack([result, [0.0, 0.0, 1.0]])
        return result
