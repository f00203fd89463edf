"""Volumes as images of NiBabel, and back. NiBabel's reference coordinates are RAS, DICOM's LPS."""

from __future__ import annotations

from enum import unique
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import Terms
from hdcore.errors import InputError, InputTypeError
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

__all__ = ["NiBabelImageClasses", "nibabel_from_volume", "volume_parts_of_nibabel"]


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
    """
    if not hasattr(image, "dataobj") or getattr(image, "affine", None) is None:
        raise InputTypeError(f"nibabel_image is a {type(image).__name__}; expected an image of NiBabel with an affine.")
    array = np.asanyarray(image.dataobj)
    if array.ndim != 3:
        raise InputError(f"nibabel_image has {array.ndim} axes; expected three.")
    return array, convert_affine_to_convention(
        image.affine, RAS_PATIENT_REFERENCE_CONVENTION, LPS_PATIENT_REFERENCE_CONVENTION
    )
