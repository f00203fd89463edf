"""Where arrays and images of nibabel say that their voxels are, in DICOM's coordinates and millimetres."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.nifti import affine_of_nibabel, says_where_it_lies
from hdcore.spatial.orientation import convert_affine_to_convention

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["affine_of_array", "load_nibabel", "parts_of_nibabel"]

_CONVENTIONS = {"LPS": "LPH", "LPH": "LPH", "RAS": "RAH", "RAH": "RAH"}


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
    if not says_where_it_lies(image):
        raise InputError(
            "mask is a NIfTI image that does not say where it lies (its sform and qform codes are 0); pass its array "
            "with an affine."
        )
    return array, affine_of_nibabel(image, "mask")
