"""Where arrays and images of nibabel say that their voxels are, in DICOM's coordinates and millimetres."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import HdcoreWarning, InputError, InputTypeError
from hdcore.spatial.orientation import convert_affine_to_convention

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["affine_of_array", "load_nibabel", "parts_of_nibabel"]

_CONVENTIONS = {"LPS": "LPH", "LPH": "LPH", "RAS": "RAH", "RAH": "RAH"}
_MILLIMETRES_PER_UNIT = {"meter": 1e3, "micron": 1e-3}
_LEAST_DIFFERENCE = 0.1
"""Millimetres by which two places of a voxel must differ to be told."""


def load_nibabel(path: str | os.PathLike[str]) -> Any:
    """Open a file with nibabel.

    Parameters
    ----------
    path: str | os.PathLike
        A NIfTI file, compressed or not, or another that nibabel reads.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If nibabel cannot read it.
    """
    import nibabel
    from nibabel.filebasedimages import ImageFileError

    try:
        return nibabel.load(os.fspath(path))
    except ImageFileError as error:
        raise InputError(f"mask is {os.fspath(path)!r}, which is no file that nibabel reads: {error}") from error


def affine_of_array(affine: ArrayLike | None, convention: str) -> NDArray[np.float64]:
    """Give the affine of an array in DICOM's convention.

    Parameters
    ----------
    affine: array_like | None
        From indices to millimetres, shape (4, 4).
    convention: str
        Directions in which its coordinates increase: ``"LPS"`` (DICOM, ITK) or ``"RAS"`` (NIfTI).

    Raises
    ------
    TypeError
        If there is none.
    ValueError
        If it is no affine, or the convention is unknown.
    """
    if affine is None:
        raise InputTypeError("mask is an array, but affine is absent; pass the affine, or a Volume.")
    reference = _CONVENTIONS.get(convention.upper()) if isinstance(convention, str) else None
    if reference is None:
        raise InputError(f"affine_convention is {convention!r}; expected 'LPS' (DICOM, ITK) or 'RAS' (NIfTI).")
    matrix = np.asarray(affine, np.float64)
    if matrix.shape != (4, 4):
        raise InputError(f"affine has shape {matrix.shape}; expected (4, 4).")
    return convert_affine_to_convention(matrix, reference, "LPH")


def parts_of_nibabel(image: Any) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Get array and affine of an image of nibabel.

    Parameters
    ----------
    image: nibabel.spatialimages.SpatialImage
        An image with three axes, and perhaps one for segments; axes of length one beyond the third do not count.

    Raises
    ------
    ValueError
        If it has other axes, or does not say where it lies.

    Warns
    -----
    HdcoreWarning
        If its two statements of where it lies (sform and qform) differ; sform is taken, as nibabel does.
    """
    array = np.asanyarray(image.dataobj)
    array = array.reshape(*array.shape[:3], *(size for size in array.shape[3:] if size > 1))
    if array.ndim not in (3, 4):
        raise InputError(f"mask has shape {image.shape}; expected three axes, and at most one more for segments.")
    factor = 1.0
    if hasattr(image, "get_sform"):
        _check_forms(image)
        factor = _MILLIMETRES_PER_UNIT.get(image.header.get_xyzt_units()[0], 1.0)
    affine = np.array(image.affine, np.float64)
    affine[:3] *= factor
    return array, affine_of_array(affine, "RAS")


def _check_forms(image: Any) -> None:
    sform, says_sform = image.get_sform(coded=True)
    qform, says_qform = image.get_qform(coded=True)
    if not says_sform and not says_qform:
        raise InputError(
            "mask is a NIfTI image that does not say where it lies (its sform and qform codes are 0); pass its array "
            "with an affine."
        )
    if sform is None or qform is None:
        return
    corners = np.array(np.meshgrid(*([0, size - 1] for size in image.shape[:3]), [1])).reshape(4, -1)
    difference = float(np.abs((sform - qform) @ corners).max())
    if difference > _LEAST_DIFFERENCE:
        warnings.warn(
            f"mask says in two ways where it lies, which differ by up to {difference:.4g} (sform and qform); sform is "
            "taken.",
            HdcoreWarning,
            stacklevel=4,
        )
