"""Spatial attributes of the standard, checked once: positions, orientations, spacings, affine matrices.

Everything below this module gets ``float64`` arrays of known shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hdcore.errors import InputError, InputTypeError
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FloatArray",
    "IntArray",
    "as_affine",
    "as_direction",
    "as_orientation",
    "as_pixel_spacing",
    "as_points",
    "as_position",
    "as_positive",
    "as_spacing",
    "as_spatial_shape",
]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]

_DIRECTION_TOLERANCE = 1e-4
"""How far from 1 (length) or 0 (dot product) direction cosines may be: DS has up to 16 characters, but some files have
only five or six digits."""


def as_vector(values: Any, length: int, name: str) -> FloatArray:
    """Check a sequence of numbers.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(length,)``.

    Raises
    ------
    TypeError
        If ``values`` is not a sequence of numbers.
    ValueError
        If it has another length, or a value is not finite.
    """
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InputTypeError(f"{name} is {short(values)}; expected a sequence of {length} numbers.")
    try:
        vector = np.array([float(value) for value in values], dtype=np.float64)
    except (TypeError, ValueError):
        raise InputTypeError(f"{name} is {short(values)}; expected a sequence of {length} numbers.") from None
    if vector.shape != (length,):
        raise InputError(f"{name} has {vector.size} values; expected {length}.")
    if not np.isfinite(vector).all():
        raise InputError(f"{name} is {vector.tolist()}; expected finite numbers.")
    return vector


def as_position(image_position: Iterable[float], name: str = "image_position") -> FloatArray:
    """Check a position (x, y, z) in the frame of reference, in mm.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(3,)``.
    """
    return as_vector(image_position, 3, name)


def as_orientation(image_orientation: Iterable[float], name: str = "image_orientation") -> FloatArray:
    """Check the direction cosines of the rows and the columns (PS3.3 C.7.6.2.1.1).

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(6,)``: the first three are the direction of increasing column index, the others that of increasing
        row index.

    Raises
    ------
    ValueError
        If a direction has no length or both are the same.
    """
    orientation = as_vector(image_orientation, 6, name)
    if not np.linalg.norm(np.cross(orientation[:3], orientation[3:])) > 0:
        raise InputError(f"{name} is {orientation.tolist()}; expected two directions at right angles.")
    return orientation


def as_pixel_spacing(pixel_spacing: float | Iterable[float], name: str = "pixel_spacing") -> FloatArray:
    """Check the distances between pixel centres (Pixel Spacing, PS3.3 10.7.1.3), in mm.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(2,)``: between rows, between columns. One number stands for both.
    """
    return as_spacing(pixel_spacing, 2, name)


def as_spacing(spacing: float | Iterable[float], length: int, name: str = "spacing") -> FloatArray:
    """Check distances, in mm.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(length,)``. One number stands for all.
    """
    if isinstance(spacing, int | float | np.number):
        spacing = [float(spacing)] * length
    vector = as_vector(spacing, length, name)
    if not (vector > 0).all():
        raise InputError(f"{name} is {vector.tolist()}; expected positive distances in mm.")
    return vector


def as_positive(value: float, name: str) -> float:
    """Check one distance, in mm."""
    if not isinstance(value, int | float | np.number) or isinstance(value, bool):
        raise InputTypeError(f"{name} is {short(value)}; expected a number.")
    if not (value > 0 and np.isfinite(value)):
        raise InputError(f"{name} is {value}; expected a positive distance in mm.")
    return float(value)


def as_points(points: npt.ArrayLike, columns: int, name: str) -> npt.NDArray[Any]:
    """Check an array of points or indices.

    Returns
    -------
    numpy.ndarray
        Shape ``(n, columns)``, of the given data type.

    Raises
    ------
    ValueError
        If the shape is another.
    """
    array = np.asarray(points)
    if array.ndim != 2 or array.shape[1] != columns:
        raise InputError(f"{name} has shape {array.shape}; expected (n, {columns}).")
    if array.dtype.kind not in "iuf":
        raise InputTypeError(f"{name} has data type {array.dtype}; expected numbers.")
    return array


def as_direction(direction: npt.ArrayLike, name: str = "direction") -> FloatArray:
    """Check a matrix whose columns are directions at right angles, of length one.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(3, 3)``. Nine numbers are taken row by row.
    """
    matrix = np.asarray(direction, dtype=np.float64)
    if matrix.shape == (9,):
        matrix = matrix.reshape(3, 3)
    if matrix.shape != (3, 3):
        raise InputError(f"{name} has shape {matrix.shape}; expected (3, 3) or (9,).")
    if not np.allclose(matrix.T @ matrix, np.eye(3), atol=_DIRECTION_TOLERANCE):
        raise InputError(f"{name} is {matrix.tolist()}; expected columns of length one at right angles to one another.")
    return matrix


def as_affine(affine: npt.ArrayLike, name: str = "affine") -> FloatArray:
    """Check an affine matrix whose axes are at right angles.

    Returns
    -------
    numpy.ndarray[float64]
        A copy, shape ``(4, 4)``.

    Raises
    ------
    TypeError
        If it is not numbers.
    ValueError
        If the shape is another, the last row is not ``[0, 0, 0, 1]``, an axis has no length, or axes are not at right
        angles (as in an image taken with a tilted gantry).
    """
    matrix = affine_of_shape(affine, name)
    lengths = np.linalg.norm(matrix[:3, :3], axis=0)
    if not (np.isfinite(matrix).all() and (lengths > 0).all()):
        raise InputError(f"{name} has an axis without length, or values that are not finite: {matrix.tolist()}.")
    cosines = matrix[:3, :3] / lengths
    if not np.allclose(cosines.T @ cosines, np.eye(3), atol=_DIRECTION_TOLERANCE):
        raise InputError(
            f"{name} has axes that are not at right angles to one another; a volume cannot be sheared "
            f"(resample it first): {matrix.tolist()}."
        )
    return matrix


def affine_of_shape(affine: npt.ArrayLike, name: str = "affine") -> FloatArray:
    """Check only that a matrix is a 4 x 4 affine matrix; a copy of it is returned."""
    try:
        matrix = np.array(affine, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputTypeError(f"{name} is {short(affine)}; expected a 4 x 4 matrix of numbers.") from None
    if matrix.shape != (4, 4):
        raise InputError(f"{name} has shape {matrix.shape}; expected (4, 4).")
    if not np.array_equal(matrix[3], (0.0, 0.0, 0.0, 1.0)):
        raise InputError(f"The last row of {name} is {matrix[3].tolist()}; expected [0, 0, 0, 1].")
    return matrix


def as_spatial_shape(spatial_shape: Any, name: str = "spatial_shape") -> tuple[int, int, int]:
    """Check numbers of voxels along three axes."""
    if isinstance(spatial_shape, str) or not isinstance(spatial_shape, Sequence | np.ndarray):
        raise InputTypeError(f"{name} is {short(spatial_shape)}; expected a sequence of 3 integers.")
    if len(spatial_shape) != 3:
        raise InputError(f"{name} has {len(spatial_shape)} values; expected 3.")
    for size in spatial_shape:
        if not isinstance(size, int | np.integer) or isinstance(size, bool):
            raise InputTypeError(f"{name} is {tuple(spatial_shape)!r}; expected integers.")
        if size < 1:
            raise InputError(f"{name} is {tuple(spatial_shape)!r}; expected positive integers.")
    return int(spatial_shape[0]), int(spatial_shape[1]), int(spatial_shape[2])
