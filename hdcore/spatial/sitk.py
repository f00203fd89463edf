"""Volumes as images of SimpleITK, and back. Both use LPS; SimpleITK's first index is NumPy's last."""

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

__all__ = ["simpleitk_from_volume", "volume_parts_of_simpleitk"]

_CASTS = {"bool": "uint8", "float16": "float32", "longdouble": "float64"}


def simpleitk_from_volume(volume: Volume) -> Any:
    """Make an image of SimpleITK whose index *i* is the volume's axis *i*.

    Raises
    ------
    ModuleNotFoundError
        If SimpleITK is not installed.
    ValueError
        If the volume has channels, or its values do not fit.
    """
    simpleitk = need("SimpleITK", "simpleitk")
    array = cast_for("SimpleITK", plain_array(volume, "SimpleITK"), _CASTS)
    image = simpleitk.GetImageFromArray(contiguous(array.T))
    image.SetOrigin(volume.position)
    image.SetSpacing(volume.spacing)
    image.SetDirection(volume.direction.ravel().tolist())
    return image


def volume_parts_of_simpleitk(image: Any) -> tuple[npt.NDArray[Any], FloatArray]:
    """Get array and affine matrix of an image of SimpleITK.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If it has other than three axes, or several components per voxel.
    """
    simpleitk = need("SimpleITK", "simpleitk")
    if not isinstance(image, simpleitk.Image):
        raise InputTypeError(f"simpleitk_image is a {type(image).__name__}; expected a SimpleITK.Image.")
    if image.GetDimension() != 3 or image.GetNumberOfComponentsPerPixel() != 1:
        raise InputError(
            f"simpleitk_image has {image.GetDimension()} axes and {image.GetNumberOfComponentsPerPixel()} components "
            "per voxel; expected three axes and one component."
        )
    affine = create_affine_matrix_from_components(
        spacing=image.GetSpacing(), position=image.GetOrigin(), direction=np.array(image.GetDirection())
    )
    return contiguous(simpleitk.GetArrayViewFromImage(image).T), affine
