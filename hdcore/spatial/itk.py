"""Volumes as images of ITK, and back. Both use LPS; ITK's first index is NumPy's last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.affine import create_affine_matrix_from_components
from hdcore.spatial.casting import cast_for, plain_array
from hdcore.spatial.memory_order import contiguous
from hdcore.spatial.optional_packages import need

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.spatial.attributes import FloatArray
    from hdcore.spatial.volume import Volume

__all__ = ["itk_from_volume", "volume_parts_of_itk"]

_CASTS = {"bool": "uint8", "int8": "int16", "int64": "int32", "float16": "float32", "longdouble": "float64"}


def itk_from_volume(volume: Volume) -> Any:
    """Make an image of ITK whose index *i* is the volume's axis *i*.

    Raises
    ------
    ModuleNotFoundError
        If ITK is not installed.
    ValueError
        If the volume has channels, or its values do not fit.
    """
    itk = need("itk", "itk")
    array = cast_for("ITK", plain_array(volume, "ITK"), _CASTS)
    image = itk.image_from_array(contiguous(array.T))
    image.SetOrigin(volume.position)
    image.SetSpacing(volume.spacing)
    image.SetDirection(itk.matrix_from_array(volume.direction))
    return image


def volume_parts_of_itk(image: Any) -> tuple[npt.NDArray[Any], FloatArray]:
    """Get array and affine matrix of an image of ITK.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If it has other than three axes, or several components per voxel.
    """
    itk = need("itk", "itk")
    if not hasattr(image, "GetImageDimension"):
        raise InputTypeError(f"itk_image is a {type(image).__name__}; expected an itk.Image.")
    if image.GetImageDimension() != 3 or image.GetNumberOfComponentsPerPixel() != 1:
        raise InputError(
            f"itk_image has {image.GetImageDimension()} axes and {image.GetNumberOfComponentsPerPixel()} components "
            "per voxel; expected three axes and one component."
        )
    affine = create_affine_matrix_from_components(
        spacing=[float(step) for step in image.GetSpacing()],
        position=[float(coordinate) for coordinate in image.GetOrigin()],
        direction=np.asarray(itk.array_from_matrix(image.GetDirection())),
    )
    return contiguous(itk.array_view_from_image(image).T), affine
