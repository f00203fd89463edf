"""Masks from outside DICOM: NIfTI, ITK, or any array with an affine, brought to the planes of the source images.

Such masks have their axes in another order and direction than DICOM's (plane, row, column), and often count positions
from the other side of the patient. What is known of each is where its voxels are, so nothing is ever flipped by guess:
the mask becomes a :class:`hdcore.Volume`, whose voxels are then found in the source's grid by their positions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.enums import CoordinateSystemNames
from hdcore.errors import GeometryError, InputError, InputTypeError
from hdcore.spatial.distinct import distinct
from hdcore.spatial.geometry import VolumeGeometry
from hdcore.spatial.stack import StackError, find_stack
from hdcore.spatial.volume import Volume

from hdcore_seg.affines import affine_of_array, load_nibabel, parts_of_nibabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.source import Source
    from numpy.typing import ArrayLike, NDArray

__all__ = ["nibabel_of_volume", "source_geometry", "volume_of_mask", "voxels_on_grid"]

_PACKAGES = ("nibabel", "SimpleITK", "itk")
_FLOAT32_TOLERANCE = 1e-3
"""Millimetres, or voxels; affines of NIfTI files have single precision."""


def volume_of_mask(
    mask: Any, affine: ArrayLike | None, convention: str, frame_of_reference_uid: str | None, numbers: Sequence[int]
) -> Volume:
    """Take a mask as a volume in DICOM's coordinates.

    Parameters
    ----------
    mask: Volume | nibabel image | SimpleITK.Image | itk.Image | os.PathLike | str | numpy.ndarray
        The mask; a path is that of a NIfTI file. Arrays and images of nibabel may have a fourth axis, a mask or
        probabilities for each segment.
    affine: array_like | None
        From indices of an array to millimetres, shape (4, 4); for arrays only.
    convention: str
        Directions in which the affine's coordinates increase: ``"LPS"`` (DICOM, ITK) or ``"RAS"`` (NIfTI).
    frame_of_reference_uid: str | None
        Frame of reference of the source images, in which the mask lies.
    numbers: Sequence[int]
        Numbers of the segments, which a fourth axis goes through.

    Raises
    ------
    TypeError
        If the mask is of another type, an array without an affine, or anything else with one.
    ValueError
        If the convention is unknown, a file is no NIfTI file or says nothing of where it lies, values are not whole
        numbers, or the fourth axis is not as long as there are segments.
    """
    if isinstance(mask, str | os.PathLike):
        mask = load_nibabel(mask)
    kind = type(mask)
    package = kind.__module__.partition(".")[0]
    if affine is not None and (isinstance(mask, Volume) or package in _PACKAGES):
        raise InputTypeError(
            f"affine is given with a mask of type {kind.__name__}, which says itself where it lies; pass it with an "
            "array only."
        )
    if isinstance(mask, Volume):
        return mask
    if isinstance(mask, np.ndarray):
        array, placed = mask, affine_of_array(affine, convention)
    elif package == "nibabel":
        array, placed = parts_of_nibabel(mask)
    elif package in ("SimpleITK", "itk"):
        make = Volume.from_simpleitk if package == "SimpleITK" else Volume.from_itk
        volume = make(mask, CoordinateSystemNames.PATIENT)
        array, placed = volume.array, volume.affine
    else:
        raise InputTypeError(
            f"mask is of type {kind.__name__}; expected a Volume, a nibabel or (Simple)ITK image, the path of a NIfTI "
            "file, or an array with its affine."
        )
    channels = None
    if array.ndim == 4:
        if array.shape[3] != len(numbers):
            raise InputError(
                f"mask has {array.shape[3]} segments along its fourth axis, but segment_descriptions describes "
                f"{len(numbers)}."
            )
        channels = {"ReferencedSegmentNumber": list(numbers)}
    return Volume(_whole_numbers(array), placed, CoordinateSystemNames.PATIENT, frame_of_reference_uid, channels)


def _whole_numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Give labels that are stored as floating-point numbers, as those of NIfTI files often are, as integers."""
    if array.dtype.kind != "f" or (((array >= 0) & (array <= 1)).all() and not (array == np.rint(array)).all()):
        return array
    whole = np.rint(array)
    if not np.array_equal(whole, array):
        raise InputError(
            "mask holds floating-point numbers that are neither whole (labels) nor between 0 and 1 (probabilities)."
        )
    return np.asarray(whole).astype(np.uint16 if whole.min() >= 0 and whole.max() < 1 << 16 else np.int64)


def nibabel_of_volume(volume: Volume) -> Any:
    """Make a NIfTI image of segments, one after the other along a fourth axis if there are several.

    Parameters
    ----------
    volume: Volume
        A label map, or a channel for each segment.
    """
    if volume.number_of_channel_dimensions == 0:
        return volume.to_nibabel()
    images = [volume.with_array(volume.array[..., index]).to_nibabel() for index in range(volume.shape[3])]
    if len(images) == 1:
        return images[0]
    return type(images[0])(np.stack([np.asanyarray(image.dataobj) for image in images], axis=-1), images[0].affine)


def voxels_on_grid(volume: Volume, source: VolumeGeometry | None) -> Volume:
    """Bring a mask to the planes of its source, without resampling.

    Parameters
    ----------
    volume: Volume
        The mask.
    source: VolumeGeometry | None
        Where the source's pixels are; None if they are no regular volume.

    Returns
    -------
    Volume
        On the source's grid if all voxels that are not zero lie on it, permuted, flipped, padded and cropped. Otherwise
        on the mask's own grid, its axes turned so that its planes are as nearly as possible parallel to the source's.
    """
    if source is None:
        return volume
    try:
        matched = volume.match_geometry(source, tol=_FLOAT32_TOLERANCE)
    except GeometryError:
        return volume.match_orientation(source)
    if np.count_nonzero(matched.array) < np.count_nonzero(volume.array):
        return volume.match_orientation(source)  # cropping would lose voxels that belong to segments
    channels = {descriptor: matched.get_channel_values(descriptor) for descriptor in matched.channel_descriptors}
    return source.with_array(matched.array, channels=channels or None)


def source_geometry(source: Source) -> VolumeGeometry | None:
    """Find the volume that source images are.

    Parameters
    ----------
    source: Source
        The source images.

    Returns
    -------
    VolumeGeometry | None
        None if their planes are no regular stack in the patient.
    """
    if source.coordinate_system is not CoordinateSystemNames.PATIENT or source.image_orientation is None:
        return None
    positions = distinct(source.positions())
    spacing = source.spacing_between_slices or source.slice_thickness or 1.0
    try:
        stack = find_stack(positions, np.asarray(source.image_orientation)) if len(positions) > 1 else None
    except StackError:
        return None
    if stack is not None:
        positions, spacing = positions[np.argsort(stack.indices)], stack.spacing
    return VolumeGeometry.from_attributes(
        image_position=positions[0].tolist(),
        image_orientation=list(source.image_orientation),
        rows=source.rows,
        columns=source.columns,
        pixel_spacing=list(source.pixel_spacing or (1.0, 1.0)),
        spacing_between_slices=spacing,
        number_of_frames=len(positions),
        coordinate_system=CoordinateSystemNames.PATIENT,
        frame_of_reference_uid=source.frame_of_reference_uid,
    )
