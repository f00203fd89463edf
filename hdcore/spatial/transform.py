"""What the transformers share: an affine mapping of points.

Pixel indices count pixel centres: ``(0, 0)`` is the centre of the top left pixel. Image coordinates, which SR uses for
SCOORD (PS3.3 C.18.6.1.1), begin half a pixel before, at the top left corner of that pixel. Both are (column, row).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import GeometryError, InputTypeError
from hdcore.spatial.affine import create_affine_matrix_from_attributes
from hdcore.spatial.attributes import FloatArray, as_points, as_vector
from hdcore.spatial.points import map_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["HALF_PIXEL", "AffineTransformer", "as_indices", "pixel_affine", "rounded", "shifted", "within_plane"]

HALF_PIXEL = np.array([0.5, 0.5, 0.0])


class AffineTransformer:
    """A mapping of points by a 4 x 4 matrix."""

    __slots__ = ("_affine",)

    def __init__(self, affine: FloatArray) -> None:
        self._affine = affine

    @property
    def affine(self) -> FloatArray:
        """numpy.ndarray[float64]: the mapping as a matrix, shape ``(4, 4)``; a copy."""
        return self._affine.copy()

    def map_in_plane(self, points: npt.NDArray[Any]) -> FloatArray:
        """Map points of the plane, shape ``(n, 2)``, to points in space, shape ``(n, 3)``."""
        return map_points(points, self._affine)


def pixel_affine(
    image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
    spacing_between_slices: float = 1.0,
) -> FloatArray:
    """Make the matrix from (column, row, slice) indices to the frame of reference, shape ``(4, 4)``."""
    as_vector(pixel_spacing, 2, "pixel_spacing")  # one number for both is not taken here
    return create_affine_matrix_from_attributes(
        image_position, image_orientation, pixel_spacing, spacing_between_slices
    )


def shifted(affine: FloatArray, offset: FloatArray) -> FloatArray:
    """Make a mapping that adds an offset to its points first."""
    result = affine.copy()
    result[:3, 3] += affine[:3, :3] @ offset
    return result


def as_indices(indices: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Check pixel indices: integers, shape ``(n, 2)``."""
    array = as_points(indices, 2, "indices")
    if array.dtype.kind not in "iu":
        raise InputTypeError(
            f"indices has data type {array.dtype}; expected integers (for points between pixel centres use the "
            "transformer of image coordinates)."
        )
    return array


def rounded(points: FloatArray) -> npt.NDArray[np.int64]:
    """Round points to the nearest index; ``points`` is overwritten."""
    return np.rint(points, out=points).astype(np.int64)


def within_plane(points: FloatArray) -> FloatArray:
    """Drop the third column of points after a check that all are within half a slice of the plane."""
    distances = points[:, 2]
    if len(distances) and not (np.abs(distances) <= 0.5).all():
        raise GeometryError(
            f"A point lies {float(np.abs(distances).max()):g} slices from the plane of the image; at most half a slice "
            "is allowed where the slice is dropped."
        )
    return points[:, :2]
