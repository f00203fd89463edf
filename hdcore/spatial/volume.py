"""Volumes: voxel values on a regular grid in space, with any number of channel axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.affine import create_affine_matrix_from_components
from hdcore.spatial.channel_axes import ChannelledVoxels
from hdcore.spatial.channels import Channels
from hdcore.spatial.geometry import VolumeGeometry, affine_of_frames, described
from hdcore.spatial.nifti import NiBabelImageClasses, nibabel_from_volume, volume_parts_of_nibabel
from hdcore.spatial.voxels import check_spatial_shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from hdcore.enums import CoordinateSystemNames
    from hdcore.spatial.orientation import PatientOrientation

__all__ = ["Volume"]


class Volume(ChannelledVoxels):
    """An array of voxels and where they are.

    Axes 0, 1 and 2 of the array are in space (plane, row, column); axes beyond are channels, each described. Operations
    give new volumes; where voxels only change their order, those share memory with the old one until it must be copied.
    """

    __slots__ = ()

    def __init__(
        self,
        array: npt.NDArray[Any],
        affine: npt.ArrayLike,
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
        channels: Mapping[Any, Sequence[Any]] | None = None,
        from_reference_convention: PatientOrientation | None = None,
    ) -> None:
        """Make a volume.

        Parameters
        ----------
        array: numpy.ndarray
            Voxel values of any data type, shape ``(planes, rows, columns, …)``; not copied.
        affine: numpy.ndarray
            From indices (plane, row, column) to the frame of reference in mm, shape ``(4, 4)``; axes at right angles.
        coordinate_system: CoordinateSystemNames | str
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.
        channels: Mapping[int | str | ChannelDescriptor, Sequence[int | str | float | Enum]] | None, optional
            One item for each axis beyond three, in their order: what varies along it (keyword, tag or descriptor), and
            the value at each index.
        from_reference_convention: str | Sequence[str | PatientOrientationValuesBiped] | None, optional
            Convention in which ``affine`` is given, such as ``"RAS"`` for NIfTI; DICOM's (``"LPS"``) if absent.

        Raises
        ------
        TypeError
            If ``array`` is no array, a channel's value is of the wrong type, or a convention is given in the slide's
            coordinate system.
        ValueError
            If the array has fewer than three axes, or matrix, channels or convention cannot be used.
        """
        if not isinstance(array, np.ndarray):
            raise InputTypeError(f"array is a {type(array).__name__}; expected a NumPy array.")
        if array.ndim < 3:
            raise InputError(f"array has shape {array.shape}; expected at least the axes plane, row and column.")
        if array.dtype.kind not in "biuf":
            raise InputError(f"array has data type {array.dtype}; expected integers, floating point numbers or bool.")
        if 0 in array.shape:
            raise InputError(f"array has shape {array.shape}; expected at least one voxel.")
        self._place(affine, coordinate_system, frame_of_reference_uid, from_reference_convention)
        self._array = array
        self._channels = Channels(channels, array.shape[3:])
        self._is_shuffled = False

    @classmethod
    def from_attributes(
        cls,
        *,
        array: npt.NDArray[Any],
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        pixel_spacing: Sequence[float],
        spacing_between_slices: float,
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
        channels: Mapping[Any, Sequence[Any]] | None = None,
    ) -> Self:
        """Make a volume of parallel, evenly spaced frames.

        Parameters
        ----------
        array: numpy.ndarray
            Voxel values, shape ``(frames, rows, columns, …)``.
        image_position: Sequence[float]
            Centre of the first frame's first pixel, in mm (Image Position (Patient)).
        image_orientation: Sequence[float]
            Direction cosines of the rows and the columns (Image Orientation (Patient)).
        pixel_spacing: Sequence[float]
            Distance between rows and between columns, in mm (Pixel Spacing).
        spacing_between_slices: float
            Distance between frames, in mm; they follow one another so that (frame, row, column) is right-handed.
        coordinate_system: CoordinateSystemNames | str
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.
        channels: Mapping | None, optional
            As in the constructor.

        Returns
        -------
        Volume
            The volume.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If a value cannot be used.
        """
        affine = affine_of_frames(image_position, image_orientation, pixel_spacing, spacing_between_slices)
        return cls(array, affine, coordinate_system, frame_of_reference_uid, channels)

    @classmethod
    def from_components(
        cls,
        array: npt.NDArray[Any],
        *,
        spacing: Sequence[float] | float,
        coordinate_system: CoordinateSystemNames | str,
        position: Sequence[float] | None = None,
        center_position: Sequence[float] | None = None,
        direction: npt.ArrayLike | None = None,
        patient_orientation: PatientOrientation | None = None,
        frame_of_reference_uid: str | None = None,
        channels: Mapping[Any, Sequence[Any]] | None = None,
        from_reference_convention: PatientOrientation | None = None,
    ) -> Self:
        """Make a volume by spacing, direction and position.

        Parameters
        ----------
        array: numpy.ndarray
            Voxel values, shape ``(planes, rows, columns, …)``.
        spacing, coordinate_system, position, center_position, direction, patient_orientation, frame_of_reference_uid, \
from_reference_convention
            As in :meth:`VolumeGeometry.from_components`.
        channels: Mapping | None, optional
            As in the constructor.

        Returns
        -------
        Volume
            The volume.

        Raises
        ------
        TypeError
            If not exactly one of ``position`` and ``center_position``, and of ``direction`` and
            ``patient_orientation``, is given.
        ValueError
            If a value cannot be used.
        """
        affine = create_affine_matrix_from_components(
            spacing=spacing,
            position=position,
            center_position=center_position,
            direction=direction,
            patient_orientation=patient_orientation,
            spatial_shape=array.shape[:3],
        )
        return cls(array, affine, coordinate_system, frame_of_reference_uid, channels, from_reference_convention)

    @classmethod
    def from_itk(
        cls,
        itk_image: Any,
        coordinate_system: CoordinateSystemNames | str = "PATIENT",
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a volume of an image of ITK. Index *i* of the image is axis *i*.

        Parameters
        ----------
        itk_image: itk.Image
            Image with three axes and one component per voxel.
        coordinate_system: CoordinateSystemNames | str, optional
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.

        Returns
        -------
        Volume
            The volume.

        Raises
        ------
        TypeError
            If it is no such image.
        ValueError
            If it has other than three axes, or several components per voxel.
        """
        from hdcore.spatial.itk import volume_parts_of_itk

        array, affine = volume_parts_of_itk(itk_image)
        return cls(array, affine, coordinate_system, frame_of_reference_uid)

    def to_itk(self) -> Any:
        """Make an image of ITK. Axis *i* is index *i* of the image.

        Returns
        -------
        itk.Image
            The image. A data type that it cannot hold is cast to one that holds all values, with a warning.

        Raises
        ------
        ModuleNotFoundError
            If the package is not installed.
        ValueError
            If the volume has channels, or values do not fit into any data type that the image can hold.
        """
        from hdcore.spatial.itk import itk_from_volume

        return itk_from_volume(self)

    @classmethod
    def from_nibabel(
        cls,
        nibabel_image: Any,
        coordinate_system: CoordinateSystemNames | str = "PATIENT",
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a volume of an image of NiBabel. NIfTI's reference coordinates (RAS) become DICOM's (LPS).

        Parameters
        ----------
        nibabel_image: nibabel.spatialimages.SpatialImage
            Image with three axes and one component per voxel.
        coordinate_system: CoordinateSystemNames | str, optional
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.

        Returns
        -------
        Volume
            The volume.

        Raises
        ------
        TypeError
            If it is no such image.
        ValueError
            If it has other than three axes, or several components per voxel.

        Warns
        -----
        HdcoreWarning
            If the image does not say where it lies, or says so in two ways that differ. Its unit (millimetre, metre or
            micrometre) is taken into account.
        """
        array, affine = volume_parts_of_nibabel(nibabel_image)
        return cls(array, affine, coordinate_system, frame_of_reference_uid)

    def to_nibabel(self, image_class: NiBabelImageClasses | str = NiBabelImageClasses.NIFTI1IMAGE) -> Any:
        """Make an image of NiBabel. DICOM's reference coordinates (LPS) become NIfTI's (RAS).

        Parameters
        ----------
        image_class: NiBabelImageClasses | str, optional
            Class of the image.

        Returns
        -------
        nibabel.spatialimages.SpatialImage
            The image. A data type that it cannot hold is cast to one that holds all values, with a warning.

        Raises
        ------
        ModuleNotFoundError
            If the package is not installed.
        ValueError
            If the volume has channels, or values do not fit into any data type that the image can hold.
        """
        return nibabel_from_volume(self, image_class)

    @classmethod
    def from_simpleitk(
        cls,
        simpleitk_image: Any,
        coordinate_system: CoordinateSystemNames | str = "PATIENT",
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a volume of an image of SimpleITK. Index *i* of the image is axis *i*.

        Parameters
        ----------
        simpleitk_image: SimpleITK.Image
            Image with three axes and one component per voxel.
        coordinate_system: CoordinateSystemNames | str, optional
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.

        Returns
        -------
        Volume
            The volume.

        Raises
        ------
        TypeError
            If it is no such image.
        ValueError
            If it has other than three axes, or several components per voxel.
        """
        from hdcore.spatial.sitk import volume_parts_of_simpleitk

        array, affine = volume_parts_of_simpleitk(simpleitk_image)
        return cls(array, affine, coordinate_system, frame_of_reference_uid)

    def to_simpleitk(self) -> Any:
        """Make an image of SimpleITK. Axis *i* is index *i* of the image.

        Returns
        -------
        SimpleITK.Image
            The image. A data type that it cannot hold is cast to one that holds all values, with a warning.

        Raises
        ------
        ModuleNotFoundError
            If the package is not installed.
        ValueError
            If the volume has channels, or values do not fit into any data type that the image can hold.
        """
        from hdcore.spatial.sitk import simpleitk_from_volume

        return simpleitk_from_volume(self)

    def get_geometry(self) -> VolumeGeometry:
        """Get shape and place without the voxels.

        Returns
        -------
        VolumeGeometry
            The geometry.
        """
        return VolumeGeometry(self._affine, self.spatial_shape, self._coordinate_system, self._frame_of_reference_uid)

    def with_array(self, array: npt.NDArray[Any], channels: Mapping[Any, Sequence[Any]] | None = None) -> Self:
        """Put other voxels into the volume's geometry.

        Parameters
        ----------
        array: numpy.ndarray
            Voxel values of any data type, of the same spatial shape.
        channels: Mapping | None, optional
            Meaning of the axes beyond three, as in the constructor. If absent, the channels are this volume's, or there
            are none if the array has three axes.

        Returns
        -------
        Volume
            The new volume.

        Raises
        ------
        ValueError
            If the array's spatial shape is another, or the channels do not fit.
        """
        check_spatial_shape(array, self.spatial_shape)
        if channels is not None or array.ndim == 3:
            return self._with(array, Channels(channels, array.shape[3:]))
        if array.shape != self.shape:
            raise InputError(
                f"array has shape {array.shape}, this volume {self.shape}; pass 'channels' to describe other channels."
            )
        return self._with(array)

    def __repr__(self) -> str:
        channels = "".join(f", {descriptor}" for descriptor in self.channel_descriptors)
        return f"Volume(shape={self.shape}{channels}, dtype={self.dtype}, {described(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self.array, self._affine, self._coordinate_system, self._frame_of_reference_uid)
        return type(self), (*state, self._channels.as_mapping())
