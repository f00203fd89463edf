"""Affine matrices from pixel or voxel indices to the frame of reference (PS3.3 C.7.6.2.1.1), and their parts.

Indices count pixel centres, so index zero is the centre of the top left pixel. Lengths are in mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from hdcore.enums import AxisHandedness, PixelIndexDirections
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.attributes import (
    FloatArray,
    as_direction,
    as_orientation,
    as_pixel_spacing,
    as_points,
    as_position,
    as_positive,
    as_spacing,
    as_spatial_shape,
)
from hdcore.spatial.orientation import rotation_for_patient_orientation

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.spatial.orientation import PatientOrientation

__all__ = [
    "VOLUME_INDEX_CONVENTION",
    "IndexConvention",
    "are_points_coplanar",
    "create_affine_matrix_from_attributes",
    "create_affine_matrix_from_components",
    "create_rotation_matrix",
    "get_normal_vector",
    "handedness_of",
    "invert_affine",
    "plane_distances",
]

_Directions = PixelIndexDirections
IndexConvention: TypeAlias = str | Sequence[PixelIndexDirections | str]

VOLUME_INDEX_CONVENTION = (PixelIndexDirections.D, PixelIndexDirections.R)
"""How volumes index the pixels of a slice: rows downwards, then columns rightwards, as NumPy does."""


def parse_index_convention(index_convention: IndexConvention) -> tuple[PixelIndexDirections, PixelIndexDirections]:
    """Parse the directions in which two pixel indices increase, such as ``"RD"``.

    Raises
    ------
    ValueError
        If there are not two directions, or both are along the same axis of the image.
    """
    directions = tuple(PixelIndexDirections(direction) for direction in index_convention)
    if len(directions) != 2:
        raise InputError(f"index_convention is {index_convention!r}; expected two directions such as 'RD'.")
    first, second = directions
    if (first in (_Directions.L, _Directions.R)) == (second in (_Directions.L, _Directions.R)):
        raise InputError(f"index_convention is {index_convention!r}; expected one of L and R and one of U and D.")
    return first, second


def _in_plane_steps(
    orientation: FloatArray, index_convention: IndexConvention, pixel_spacing: FloatArray
) -> tuple[FloatArray, FloatArray]:
    along_row, along_column = orientation[:3] * pixel_spacing[1], orientation[3:] * pixel_spacing[0]
    steps = {
        _Directions.R: along_row,
        _Directions.L: -along_row,
        _Directions.D: along_column,
        _Directions.U: -along_column,
    }
    first, second = parse_index_convention(index_convention)
    return steps[first], steps[second]


def get_normal_vector(
    image_orientation: Sequence[float] | FloatArray,
    index_convention: IndexConvention = (PixelIndexDirections.R, PixelIndexDirections.D),
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> FloatArray:
    """Get the vector at right angles to an image plane.

    Parameters
    ----------
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase.
    handedness: AxisHandedness | str, optional
        Handedness of the axes first index, second index, normal.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(3,)``, of length one for a conforming orientation.

    Raises
    ------
    ValueError
        If the orientation or the convention is wrong.
    """
    first, second = _in_plane_steps(as_orientation(image_orientation), index_convention, np.ones(2))
    sign = 1.0 if AxisHandedness(handedness) is AxisHandedness.RIGHT_HANDED else -1.0
    return np.cross(first, second) * sign + 0.0


def plane_distances(
    image_positions: FloatArray,
    image_orientation: Sequence[float] | FloatArray,
    index_convention: IndexConvention = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> FloatArray:
    """Get the distances of planes along their normal from the origin of the frame of reference.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(n,)``, in mm.
    """
    positions = as_points(image_positions, 3, "image_positions")
    normal = get_normal_vector(image_orientation, index_convention, handedness)
    distances: FloatArray = positions.astype(np.float64) @ (normal / np.linalg.norm(normal))
    return distances


def create_rotation_matrix(
    image_orientation: Sequence[float],
    index_convention: IndexConvention = (PixelIndexDirections.R, PixelIndexDirections.D),
    slices_first: bool = False,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    pixel_spacing: float | Sequence[float] = 1.0,
    spacing_between_slices: float = 1.0,
) -> FloatArray:
    """Make the matrix from pixel and slice indices to directions in the frame of reference.

    Parameters
    ----------
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase: ``"RD"`` is (column, row), ``"DR"`` (row, column).
    slices_first: bool, optional
        Whether the slice index comes before the pixel indices.
    handedness: AxisHandedness | str, optional
        Handedness of the three axes, which tells in which direction the slice index increases.
    pixel_spacing: float | Sequence[float], optional
        Distance between rows and between columns, in mm.
    spacing_between_slices: float, optional
        Distance between slices, in mm.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(3, 3)``; column *i* is the step of one along index *i*, in mm.

    Raises
    ------
    ValueError
        If a value cannot be used.
    """
    orientation, spacing = as_orientation(image_orientation), as_pixel_spacing(pixel_spacing)
    first, second = _in_plane_steps(orientation, index_convention, spacing)
    normal = get_normal_vector(image_orientation, index_convention, handedness)
    across = normal * as_positive(spacing_between_slices, "spacing_between_slices")
    axes = (across, first, second) if slices_first else (first, second, across)
    return np.column_stack(axes) + 0.0


def create_affine_matrix_from_attributes(
    image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: float | Sequence[float],
    spacing_between_slices: float = 1.0,
    index_convention: IndexConvention = (PixelIndexDirections.R, PixelIndexDirections.D),
    slices_first: bool = False,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> FloatArray:
    """Make the affine matrix of an image from its attributes (PS3.3 equation C.7.6.2.1-1).

    Parameters
    ----------
    image_position: Sequence[float]
        Centre of the top left pixel in the frame of reference, in mm (Image Position (Patient)).
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns (Image Orientation (Patient)).
    pixel_spacing: float | Sequence[float]
        Distance between rows and between columns, in mm (Pixel Spacing).
    spacing_between_slices: float, optional
        Distance between slices, in mm.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Order of the two pixel indices: ``"RD"`` is (column, row), ``"DR"`` (row, column).
    slices_first: bool, optional
        Whether the slice index comes before the pixel indices.
    handedness: AxisHandedness | str, optional
        Handedness of the three axes.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(4, 4)``: times (index, index, index, 1) is (x, y, z, 1) in mm.

    Raises
    ------
    TypeError
        If an attribute is not a sequence.
    ValueError
        If a value cannot be used.
    """
    if set(parse_index_convention(index_convention)) != set(VOLUME_INDEX_CONVENTION):
        raise InputError(
            f"index_convention is {index_convention!r}; the position is that of the top left pixel, so the indices "
            "must increase rightwards (R) and downwards (D)."
        )
    affine = np.eye(4)
    affine[:3, 3] = as_position(image_position)
    affine[:3, :3] = create_rotation_matrix(
        image_orientation, index_convention, slices_first, handedness, pixel_spacing, spacing_between_slices
    )
    return affine


def create_affine_matrix_from_components(
    *,
    spacing: Sequence[float] | float,
    position: Sequence[float] | None = None,
    center_position: Sequence[float] | None = None,
    direction: npt.ArrayLike | None = None,
    patient_orientation: PatientOrientation | None = None,
    spatial_shape: Sequence[int] | None = None,
) -> FloatArray:
    """Make the affine matrix of a volume from spacing, direction and position.

    Parameters
    ----------
    spacing: Sequence[float] | float
        Distance between voxel centres along each index, in mm.
    position: Sequence[float] | None, optional
        Centre of the voxel ``(0, 0, 0)`` in the frame of reference, in mm.
    center_position: Sequence[float] | None, optional
        Centre of the volume, in mm; instead of ``position``.
    direction: numpy.ndarray | None, optional
        Directions of the indices as columns, shape ``(3, 3)``, or nine numbers row by row.
    patient_orientation: str | Sequence[str | PatientOrientationValuesBiped] | None, optional
        Directions of the indices along the body, such as ``"FPL"``; instead of ``direction``.
    spatial_shape: Sequence[int] | None, optional
        Numbers of voxels, needed with ``center_position``.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(4, 4)``.

    Raises
    ------
    TypeError
        If not exactly one of ``position`` and ``center_position``, and of ``direction`` and ``patient_orientation``, is
        given; or ``center_position`` without ``spatial_shape``.
    ValueError
        If a value cannot be used.
    """
    steps = _steps(as_spacing(spacing, 3), direction, patient_orientation)
    affine = np.eye(4)
    affine[:3, :3] = steps
    affine[:3, 3] = _origin(steps, position, center_position, spatial_shape)
    return affine


def _steps(
    spacing: FloatArray, direction: npt.ArrayLike | None, patient_orientation: PatientOrientation | None
) -> FloatArray:
    if direction is not None and patient_orientation is None:
        return as_direction(direction) * spacing
    if patient_orientation is not None and direction is None:
        return rotation_for_patient_orientation(patient_orientation) * spacing
    raise InputTypeError("Pass exactly one of 'direction' and 'patient_orientation'.")


def _origin(
    steps: FloatArray,
    position: Sequence[float] | None,
    center_position: Sequence[float] | None,
    spatial_shape: Sequence[int] | None,
) -> FloatArray:
    if position is not None and center_position is None:
        return as_position(position, "position")
    if center_position is None or position is not None:
        raise InputTypeError("Pass exactly one of 'position' and 'center_position'.")
    if spatial_shape is None:
        raise InputTypeError("Pass 'spatial_shape' too if 'center_position' is used.")
    center_index = (np.array(as_spatial_shape(spatial_shape)) - 1) / 2.0
    origin: FloatArray = as_position(center_position, "center_position") - steps @ center_index
    return origin


def invert_affine(affine: FloatArray) -> FloatArray:
    """Invert an affine matrix, shape ``(4, 4)``; its last row stays exactly ``[0, 0, 0, 1]``."""
    inverse = np.eye(4)
    inverse[:3, :3] = np.linalg.inv(affine[:3, :3])
    inverse[:3, 3] = -inverse[:3, :3] @ affine[:3, 3]
    return inverse


def handedness_of(affine: FloatArray) -> AxisHandedness:
    """Tell the handedness of an affine matrix's three axes."""
    right_handed = np.linalg.det(affine[:3, :3]) > 0
    return AxisHandedness.RIGHT_HANDED if right_handed else AxisHandedness.LEFT_HANDED


def are_points_coplanar(points: npt.NDArray[np.floating], tol: float = 1e-05) -> bool:
    """Tell whether points lie in one plane.

    Parameters
    ----------
    points: numpy.ndarray
        Shape ``(n, 3)``.
    tol: float, optional
        Greatest distance of a point from the plane that fits them best.

    Returns
    -------
    bool
        Whether they do; three points or fewer always do.

    Raises
    ------
    ValueError
        If the shape is another.
    """
    array = as_points(points, 3, "points").astype(np.float64)
    if len(array) <= 3:
        return True
    offsets = array - array.mean(axis=0)
    # The normal of the best plane is the eigenvector of the least eigenvalue of the 3 x 3 scatter matrix.
    normal = np.linalg.eigh(offsets.T @ offsets)[1][:, 0]
    return bool(np.abs(offsets @ normal).max() <= tol)
