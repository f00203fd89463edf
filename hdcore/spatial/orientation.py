"""Directions in the patient's body: orientations of axes and conventions of reference coordinates.

DICOM's reference coordinates increase towards the patient's left, posterior side and head: the convention ``LPS`` or,
in the standard's letters, ``LPH`` (PS3.3 C.7.6.2.1.1). A quadruped's increase towards its left, dorsal side and head
(``LE``, ``D``, ``CR``), C.7.6.1.1.1.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from hdcore.enums import (
    AnatomicalOrientationTypeValues,
    PatientOrientationValuesBiped,
    PatientOrientationValuesQuadruped,
)
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.attributes import FloatArray, affine_of_shape, as_spacing
from hdcore.text import short

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = [
    "LPS_PATIENT_REFERENCE_CONVENTION",
    "PATIENT_ORIENTATION_OPPOSITES",
    "RAS_PATIENT_REFERENCE_CONVENTION",
    "BipedOrientation",
    "QuadrupedOrientation",
    "convert_affine_to_convention",
    "get_closest_patient_orientation",
    "get_closest_quadruped_orientation",
    "get_patient_orientation_of_image",
    "parse_patient_orientation",
    "rotation_for_patient_orientation",
]

_Biped = PatientOrientationValuesBiped
_Quadruped = PatientOrientationValuesQuadruped

BipedOrientation: TypeAlias = tuple[
    PatientOrientationValuesBiped, PatientOrientationValuesBiped, PatientOrientationValuesBiped
]
QuadrupedOrientation: TypeAlias = tuple[
    PatientOrientationValuesQuadruped, PatientOrientationValuesQuadruped, PatientOrientationValuesQuadruped
]
PatientOrientation: TypeAlias = str | Sequence[str | PatientOrientationValuesBiped]

LPS_PATIENT_REFERENCE_CONVENTION: BipedOrientation = (_Biped.L, _Biped.P, _Biped.H)
"""DICOM's convention, and ITK's."""

RAS_PATIENT_REFERENCE_CONVENTION: BipedOrientation = (_Biped.R, _Biped.A, _Biped.H)
"""NIfTI's convention."""

PATIENT_ORIENTATION_OPPOSITES: dict[PatientOrientationValuesBiped, PatientOrientationValuesBiped] = {
    _Biped.L: _Biped.R,
    _Biped.R: _Biped.L,
    _Biped.A: _Biped.P,
    _Biped.P: _Biped.A,
    _Biped.F: _Biped.H,
    _Biped.H: _Biped.F,
}
"""The direction opposite to each."""

_ALIASES = {"I": "F", "S": "H"}

_SIGNED_AXES = {
    _Biped.L: (0, 1.0),
    _Biped.R: (0, -1.0),
    _Biped.P: (1, 1.0),
    _Biped.A: (1, -1.0),
    _Biped.H: (2, 1.0),
    _Biped.F: (2, -1.0),
}
"""Axis and sense of each direction in DICOM's reference coordinates."""

_QUADRUPED_OF_BIPED = {
    _Biped.L: _Quadruped.LE,
    _Biped.R: _Quadruped.RT,
    _Biped.P: _Quadruped.D,
    _Biped.A: _Quadruped.V,
    _Biped.H: _Quadruped.CR,
    _Biped.F: _Quadruped.CD,
}
"""The same six directions of reference coordinates in a quadruped's words (PS3.3 C.7.6.1.1.1, C.7.6.2.1.1)."""


def parse_patient_orientation(
    patient_orientation: PatientOrientation, name: str = "patient_orientation"
) -> BipedOrientation:
    """Parse three directions, one along each axis of the body.

    Parameters
    ----------
    patient_orientation: str | Sequence[str | PatientOrientationValuesBiped]
        Such as ``"FPL"`` or ``("F", "P", "L")``; ``I`` and ``S`` stand for ``F`` and ``H``.
    name: str
        What it is, for the message.

    Returns
    -------
    tuple[PatientOrientationValuesBiped, PatientOrientationValuesBiped, PatientOrientationValuesBiped]
        The directions.

    Raises
    ------
    ValueError
        If there are not three directions, one is unknown, or two are along the same axis of the body.
    """
    if not isinstance(patient_orientation, str | Sequence):
        raise InputTypeError(
            f"{name} is {short(patient_orientation)}; expected a text such as 'LPS' or three directions."
        )
    directions = [_direction(letter, name) for letter in patient_orientation]
    if len(directions) != 3:
        raise InputError(f"{name} is {patient_orientation!r}; expected three directions.")
    if {_SIGNED_AXES[direction][0] for direction in directions} != {0, 1, 2}:
        raise InputError(
            f"{name} is {patient_orientation!r}; expected one of L and R, one of A and P, and one of H (S) and F (I)."
        )
    return directions[0], directions[1], directions[2]


def _direction(letter: str | PatientOrientationValuesBiped, name: str) -> PatientOrientationValuesBiped:
    if isinstance(letter, PatientOrientationValuesBiped):
        return letter
    letter = _ALIASES.get(letter, letter)
    if letter not in _Biped.__members__:
        raise InputError(f"{name} has the direction {letter!r}; expected L, R, A, P, H (or S), F (or I).")
    return PatientOrientationValuesBiped(letter)


def convention_matrix(convention: BipedOrientation) -> FloatArray:
    """Get the matrix from a convention's reference coordinates to DICOM's: a signed permutation, shape ``(3, 3)``."""
    matrix = np.zeros((3, 3))
    for column, direction in enumerate(convention):
        axis, sign = _SIGNED_AXES[direction]
        matrix[axis, column] = sign
    return matrix


def rotation_for_patient_orientation(
    patient_orientation: PatientOrientation,
    spacing: float | Sequence[float] = 1.0,
) -> FloatArray:
    """Make the matrix of axes that lie along the body's own.

    Parameters
    ----------
    patient_orientation: str | Sequence[str | PatientOrientationValuesBiped]
        Direction in which each of three array indices increases, such as ``"FPL"``.
    spacing: float | Sequence[float], optional
        Distance between voxel centres along each axis, in mm.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(3, 3)``; column *i* is the step in the frame of reference of one along index *i*, in mm.

    Raises
    ------
    ValueError
        If the orientation is not one, or a spacing is not positive.
    """
    return convention_matrix(parse_patient_orientation(patient_orientation)) * as_spacing(spacing, 3)


def convert_affine_to_convention(
    affine: npt.NDArray[np.floating],
    from_reference_convention: PatientOrientation,
    to_reference_convention: PatientOrientation,
) -> FloatArray:
    """Express an affine matrix in another convention of reference coordinates.

    Parameters
    ----------
    affine: numpy.ndarray
        Shape ``(4, 4)``, from indices to reference coordinates in mm.
    from_reference_convention: str | Sequence[str | PatientOrientationValuesBiped]
        Directions in which the three reference coordinates now increase, such as ``"LPS"``.
    to_reference_convention: str | Sequence[str | PatientOrientationValuesBiped]
        Directions in which they shall increase, such as ``"RAS"``; in any order.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(4, 4)``, of the same places in the other coordinates.

    Raises
    ------
    ValueError
        If a convention or the shape is wrong.
    """
    matrix = affine_of_shape(affine)
    source = convention_matrix(parse_patient_orientation(from_reference_convention, "from_reference_convention"))
    target = convention_matrix(parse_patient_orientation(to_reference_convention, "to_reference_convention"))
    result = np.eye(4)
    result[:3] = target.T @ source @ matrix[:3]
    return result + 0.0  # no negative zeros


def get_closest_patient_orientation(affine: npt.NDArray[np.floating]) -> BipedOrientation:
    """Find the orientation of axes along the body that is nearest to an affine matrix's.

    Parameters
    ----------
    affine: numpy.ndarray
        Shape ``(4, 4)`` or ``(3, 3)``, from indices to DICOM's reference coordinates.

    Returns
    -------
    tuple[PatientOrientationValuesBiped, PatientOrientationValuesBiped, PatientOrientationValuesBiped]
        Direction in which each index increases; each axis of the body occurs once.

    Raises
    ------
    ValueError
        If the shape is another.
    """
    matrix = np.asarray(affine, dtype=np.float64)
    if matrix.shape not in ((3, 3), (4, 4)):
        raise InputError(f"affine has shape {matrix.shape}; expected (4, 4) or (3, 3).")
    cosines = matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0)
    # Of the six assignments of axes the one with the greatest sum is best as a whole; choosing axis by axis may use
    # one twice.
    best = max(itertools.permutations(range(3)), key=lambda axes: _agreement(cosines, axes))
    return _nearest(cosines, best, 0), _nearest(cosines, best, 1), _nearest(cosines, best, 2)


def _agreement(cosines: FloatArray, axes: tuple[int, ...]) -> float:
    return float(round(sum(abs(cosines[axis, index]) for index, axis in enumerate(axes)), 9))


def _nearest(cosines: FloatArray, axes: tuple[int, ...], index: int) -> PatientOrientationValuesBiped:
    positive = LPS_PATIENT_REFERENCE_CONVENTION[axes[index]]
    return positive if cosines[axes[index], index] >= 0 else PATIENT_ORIENTATION_OPPOSITES[positive]


def get_closest_quadruped_orientation(affine: npt.NDArray[np.floating]) -> QuadrupedOrientation:
    """Find the orientation of axes along a quadruped's body that is nearest to an affine matrix's.

    Parameters
    ----------
    affine: numpy.ndarray
        Shape ``(4, 4)`` or ``(3, 3)``, from indices to DICOM's reference coordinates.

    Returns
    -------
    tuple[PatientOrientationValuesQuadruped, PatientOrientationValuesQuadruped, PatientOrientationValuesQuadruped]
        Direction in which each index increases.
    """
    first, second, third = get_closest_patient_orientation(affine)
    return _QUADRUPED_OF_BIPED[first], _QUADRUPED_OF_BIPED[second], _QUADRUPED_OF_BIPED[third]


def get_patient_orientation_of_image(
    image_orientation: FloatArray,
    anatomical_orientation_type: AnatomicalOrientationTypeValues | str = AnatomicalOrientationTypeValues.BIPED,
    tolerance: float = 1e-4,
) -> tuple[str, str]:
    """Get the value of Patient Orientation (PS3.3 C.7.6.1.1.1) of an image plane.

    Parameters
    ----------
    image_orientation: numpy.ndarray
        Direction cosines of the rows and the columns, shape ``(6,)``.
    anatomical_orientation_type: AnatomicalOrientationTypeValues | str, optional
        Whose words to use.
    tolerance: float, optional
        Components of a direction below this do not count.

    Returns
    -------
    tuple[str, str]
        Direction of the rows and of the columns, the main component first, such as ``("L", "PF")``.
    """
    quadruped = (
        AnatomicalOrientationTypeValues(anatomical_orientation_type) is AnatomicalOrientationTypeValues.QUADRUPED
    )
    row, column = np.asarray(image_orientation, dtype=np.float64).reshape(2, 3)
    return _directions_of(row, quadruped, tolerance), _directions_of(column, quadruped, tolerance)


def _directions_of(vector: FloatArray, quadruped: bool, tolerance: float) -> str:
    letters = []
    for axis in sorted(range(3), key=lambda axis: -abs(vector[axis])):
        if abs(vector[axis]) > tolerance:
            positive = LPS_PATIENT_REFERENCE_CONVENTION[axis]
            direction = positive if vector[axis] > 0 else PATIENT_ORIENTATION_OPPOSITES[positive]
            letters.append(_QUADRUPED_OF_BIPED[direction].value if quadruped else direction.value)
    return "".join(letters)
