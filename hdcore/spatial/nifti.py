"""Volumes as images of NiBabel, and back. NiBabel's reference coordinates are RAS, DICOM's LPS."""

from __future__ import annotations

import warnings
from enum import unique
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import Terms
from hdcore.errors import HdcoreWarning, InputError, InputTypeError
from hdcore.spatial.casting import cast_for, plain_array
from hdcore.spatial.optional_packages import need
from hdcore.spatial.orientation import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    RAS_PATIENT_REFERENCE_CONVENTION,
    convert_affine_to_convention,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.spatial.attributes import FloatArray
    from hdcore.spatial.volume import Volume

__all__ = [
    "NiBabelImageClasses",
    "affine_of_nibabel",
    "nibabel_from_volume",
    "says_where_it_lies",
    "volume_parts_of_nibabel",
]


@unique
class NiBabelImageClasses(Terms):
    """Classes of NiBabel's images."""

    ANALYZEIMAGE = "AnalyzeImage"
    """Mayo Analyze 7.5; keeps no orientation in its file."""
    MGHIMAGE = "MGHImage"
    """FreeSurfer's."""
    MINC1IMAGE = "Minc1Image"
    MINC2IMAGE = "Minc2Image"
    NIFTI1IMAGE = "Nifti1Image"
    """The usual one."""
    NIFTI2IMAGE = "Nifti2Image"
    """With 64-bit sizes."""


_NIFTI_CLASSES = (NiBabelImageClasses.NIFTI1IMAGE, NiBabelImageClasses.NIFTI2IMAGE)
_MILLIMETRES_PER_UNIT = {"meter": 1e3, "micron": 1e-3}
_LEAST_DIFFERENCE = 0.1
"""Millimetres by which two places of a voxel must differ to be told."""
_WIDE = ("int64", "uint64")
_BOOL = {"bool": "uint8"}
_NIFTI = {**_BOOL, "float16": "float32", "longdouble": "float64"}
_INTEGERS = {"uint32": "int32", "uint64": "int32", "int8": "int16", "int64": "int32"}
_CASTS = {
    NiBabelImageClasses.ANALYZEIMAGE: {**_NIFTI, **_INTEGERS, "uint16": "int16"},
    NiBabelImageClasses.MGHIMAGE: {**_NIFTI, **_INTEGERS, "float64": "float32", "longdouble": "float32"},
    NiBabelImageClasses.MINC1IMAGE: _BOOL,
    NiBabelImageClasses.MINC2IMAGE: _BOOL,
    NiBabelImageClasses.NIFTI1IMAGE: _NIFTI,
    NiBabelImageClasses.NIFTI2IMAGE: _NIFTI,
}


def nibabel_from_volume(volume: Volume, image_class: NiBabelImageClasses | str) -> Any:
    """Make an image of NiBabel.

    Raises
    ------
    ModuleNotFoundError
        If NiBabel is not installed.
    ValueError
        If the volume has channels, or its values do not fit.
    """
    nibabel = need("nibabel", "nibabel")
    kind = NiBabelImageClasses(image_class)
    array = cast_for(f"NiBabel ({kind.value})", plain_array(volume, "NiBabel"), _CASTS[kind])
    # NiBabel takes integers of 64 bits only from those who say that they mean them.
    options = {"dtype": array.dtype} if array.dtype.name in _WIDE and kind in _NIFTI_CLASSES else {}
    return getattr(nibabel, kind.value)(array, volume.get_affine(RAS_PATIENT_REFERENCE_CONVENTION), **options)


def volume_parts_of_nibabel(image: Any) -> tuple[npt.NDArray[Any], FloatArray]:
    """Get array and affine matrix, in DICOM's convention, of an image of NiBabel.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If it has other than three axes.

    Warns
    -----
    HdcoreWarning
        If it does not say where it lies, or says so in two ways that differ.
    """
    if not hasattr(image, "dataobj") or getattr(image, "affine", None) is None:
        raise InputTypeError(f"nibabel_image is a {type(image).__name__}; expected an image of NiBabel with an affine.")
    array = np.asanyarray(image.dataobj)
    if array.ndim != 3:
        raise InputError(f"nibabel_image has {array.ndim} axes; expected three.")
    if not says_where_it_lies(image):
        warnings.warn(
            "nibabel_image does not say where it lies (its sform and qform codes are 0); NiBabel's own guess is taken.",
            HdcoreWarning,
            stacklevel=4,
        )
    return array, affine_of_nibabel(image, "nibabel_image")


def says_where_it_lies(image: Any) -> bool:
    """Tell whether an image of NiBabel has coordinates that somebody gave it; only NIfTI's may have none."""
    if not hasattr(image, "get_sform"):
        return True
    return bool(image.get_sform(coded=True)[1] or image.get_qform(coded=True)[1])


def affine_of_nibabel(image: Any, name: str) -> FloatArray:
    """Get the affine matrix of an image of NiBabel in DICOM's convention and in millimetres, whatever its unit is.

    Parameters
    ----------
    image: nibabel.spatialimages.SpatialImage
        The image.
    name: str
        What the caller's user calls it.

    Returns
    -------
    numpy.ndarray
        From indices to millimetres, shape (4, 4).

    Warns
    -----
    HdcoreWarning
        If its two statements of where it lies (sform and qform) differ; sform is taken, as NiBabel does.
    """
    affine = np.array(image.affine, np.float64)
    if hasattr(image, "get_sform"):
        affine[:3] *= _MILLIMETRES_PER_UNIT.get(image.header.get_xyzt_units()[0], 1.0)
        _compare_forms(image, name)
    return convert_affine_to_convention(affine, RAS_PATIENT_REFERENCE_CONVENTION, LPS_PATIENT_REFERENCE_CONVENTION)


def _compare_forms(image: Any, name: str) -> None:
    sform, qform = image.get_sform(coded=True)[0], image.get_qform(coded=True)[0]
    if sform is None or qform is None:
        return
    corners = np.array(np.meshgrid(*([0, size - 1] for size in image.shape[:3]), [1])).reshape(4, -1)
    difference = float(np.abs((sform - qform) @ corners).max())
    if difference > _LEAST_DIFFERENCE:
        warnings.warn(
            f"{name} says in two ways where it lies, which differ by up to {difference:.4g} (sform and qform); sform "
            "is taken.",
            HdcoreWarning,
            stacklevel=5,
        )
