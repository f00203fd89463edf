"""Volumes: voxel values on a regular grid in space, with any number of channel axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.errors import GeometryError, InputError, InputTypeError
from hdcore.spatial.affine import create_affine_matrix_from_components
from hdcore.spatial.augment import AugmentableGrid
from hdcore.spatial.channels import ChannelDescriptor, ChannelIdentifier, Channels, ChannelValue
from hdcore.spatial.geometry import VolumeGeometry, affine_of_frames, described
from hdcore.spatial.memory import contiguous, is_in_memory_order
from hdcore.spatial.normalize import rescale_to_moments, rescale_to_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from hdcore.enums import CoordinateSystemNames
    from hdcore.spatial.orientation import PatientOrientation
    from hdcore.spatial.padding import Padding
    from hdcore.spatial.reindex import Reindex, Triple

__all__ = ["Volume", "check_spatial_shape"]


class Volume(AugmentableGrid):
    """An array of voxels and where they are.

    Axes 0, 1 and 2 of the array are in space (plane, row, column); axes beyond are channels, each described. Operations
    give new volumes; where voxels only change their order, those share memory with the old one until it must be copied.
    """

    __slots__ = ("_array", "_channels", "_is_shuffled")

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
        if 0 in array.shape:
            raise InputError(f"array has shape {array.shape}; expected at least one voxel.")
        self._place(affine, coordinate_system, frame_of_reference_uid, from_reference_convention)
        self._array = array
        self._channels = Channels(channels, array.shape[3:])
        self._is_shuffled = False

    def _with(self, array: npt.NDArray[Any], channels: Channels | None = None) -> Self:
        """Make a volume of the same geometry without checking again."""
        result = type(self).__new__(type(self))
        result._affine = self._affine
        result._coordinate_system, result._frame_of_reference_uid = (
            self._coordinate_system,
            self._frame_of_reference_uid,
        )
        result._array = array
        result._channels = self._channels if channels is None else channels
        result._is_shuffled = False
        return result

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

    @property
    def array(self) -> npt.NDArray[Any]:
        """numpy.ndarray: voxel values, shape ``(planes, rows, columns, …)``.

        After axes have changed places the voxels are put in order of memory once, when they are first asked for.
        """
        if self._is_shuffled:
            self._array = contiguous(self._array)
            self._is_shuffled = False
        return self._array

    @array.setter
    def array(self, value: npt.NDArray[Any]) -> None:
        if not isinstance(value, np.ndarray) or value.shape != self._array.shape:
            raise InputError(
                f"array has shape {np.shape(value)}; expected {self._array.shape} (use with_array for another)."
            )
        self._array = value
        self._is_shuffled = False

    @property
    def shape(self) -> tuple[int, ...]:
        """tuple[int, ...]: shape of the array, channels included."""
        return self._array.shape

    @property
    def spatial_shape(self) -> Triple:
        """tuple[int, int, int]: numbers of planes, rows and columns."""
        first, second, third = self._array.shape[:3]
        return first, second, third

    @property
    def channel_shape(self) -> tuple[int, ...]:
        """tuple[int, ...]: sizes of the axes beyond three."""
        return self._array.shape[3:]

    @property
    def ndim(self) -> int:
        """int: number of axes, channels included."""
        return self._array.ndim

    @property
    def number_of_channel_dimensions(self) -> int:
        """int: number of axes beyond three."""
        return self._array.ndim - 3

    @property
    def dtype(self) -> np.dtype[Any]:
        """numpy.dtype: data type of the voxels."""
        return self._array.dtype

    @property
    def channel_descriptors(self) -> tuple[ChannelDescriptor, ...]:
        """tuple[ChannelDescriptor, ...]: what varies along each axis beyond three."""
        return self._channels.descriptors

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

    def copy(self) -> Self:
        """Get a copy that shares no memory.

        Returns
        -------
        Volume
            An equal volume.
        """
        return self._with(contiguous(self._array))

    def astype(self, dtype: npt.DTypeLike) -> Self:
        """Convert the voxels to another data type.

        Parameters
        ----------
        dtype: type
            NumPy data type.

        Returns
        -------
        Volume
            The new volume.

        Raises
        ------
        ValueError
            If the data type is ``bool`` and there are other values than 0 and 1.
        """
        array = self.array
        if np.dtype(dtype) == np.bool_ and array.dtype != np.bool_ and not ((array == 0) | (array == 1)).all():
            raise InputError("A volume with values other than 0 and 1 cannot become bool; compare it with a threshold.")
        return self._with(array.astype(dtype))

    def clip(self, a_min: float | None, a_max: float | None) -> Self:
        """Limit the voxel values.

        Parameters
        ----------
        a_min: float | None
            The least value that may remain; no limit if None.
        a_max: float | None
            The greatest value that may remain; no limit if None.

        Returns
        -------
        Volume
            The new volume.
        """
        if a_min is None and a_max is None:
            return self.copy()
        return self._with(np.clip(self.array, a_min, a_max))

    def normalize_mean_std(
        self,
        per_channel: bool = True,
        output_mean: float = 0.0,
        output_std: float = 1.0,
    ) -> Self:
        """Shift and scale the values to a mean and a standard deviation.

        Parameters
        ----------
        per_channel: bool, optional
            Whether each channel is rescaled by itself.
        output_mean: float, optional
            Wanted mean.
        output_std: float, optional
            Wanted standard deviation. Constant voxels are only shifted.

        Returns
        -------
        Volume
            The new volume; integers become ``float64``.
        """
        return self._with(rescale_to_moments(self.array, per_channel, output_mean, output_std))

    def normalize_min_max(
        self,
        output_min: float = 0.0,
        output_max: float = 1.0,
        per_channel: bool = False,
    ) -> Self:
        """Shift and scale the values to a range.

        Parameters
        ----------
        output_min: float, optional
            Wanted least value; also that of constant voxels.
        output_max: float, optional
            Wanted greatest value.
        per_channel: bool, optional
            Whether each channel is rescaled by itself.

        Returns
        -------
        Volume
            The new volume; integers become ``float64``.
        """
        return self._with(rescale_to_range(self.array, per_channel, output_min, output_max))

    def get_channel_values(self, channel_identifier: ChannelIdentifier) -> list[ChannelValue]:
        """Get the values along a channel axis.

        Parameters
        ----------
        channel_identifier: int | str | ChannelDescriptor
            Keyword, tag, descriptor or name of one's own.

        Returns
        -------
        list[str | int | float | Enum]
            The value at each index.

        Raises
        ------
        ValueError
            If the volume has no such channel.
        """
        return list(self._channels.values_of(self._channels.axis_of(channel_identifier)))

    def get_channel(self, *, keepdims: bool = False, **kwargs: ChannelValue) -> Self:
        """Select one value along one or more channel axes.

        Parameters
        ----------
        keepdims: bool, optional
            Whether the axes stay, with size one.
        **kwargs: str | int | float | Enum
            Value by the channel's keyword, such as ``SegmentNumber=2``.

        Returns
        -------
        Volume
            The selected voxels; shares memory with this volume.

        Raises
        ------
        ValueError
            If the volume has no such channel, or the channel no such value.
        """
        selected: list[int | slice] = [slice(None)] * self.ndim
        channels = self._channels
        axes = {self._channels.axis_of(identifier): value for identifier, value in kwargs.items()}
        for axis, value in axes.items():
            index = self._channels.index_of(axis, value)
            selected[3 + axis] = slice(index, index + 1) if keepdims else index
            channels = channels.with_only(axis, index)
        if not keepdims:
            channels = channels.without(list(axes))
        return self._with(self.array[tuple(selected)], channels)

    def permute_channel_axes(self, channel_identifiers: Sequence[ChannelIdentifier]) -> Self:
        """Put the channel axes in another order.

        Parameters
        ----------
        channel_identifiers: Sequence[int | str | ChannelDescriptor]
            All channels of the volume in the new order.

        Returns
        -------
        Volume
            The new volume.

        Raises
        ------
        ValueError
            If they are not the volume's channels, each once.
        """
        return self.permute_channel_axes_by_index(
            [self._channels.axis_of(identifier) for identifier in channel_identifiers]
        )

    def permute_channel_axes_by_index(self, indices: Sequence[int]) -> Self:
        """Put the channel axes in another order.

        Parameters
        ----------
        indices: Sequence[int]
            Their indices, counted from zero at the first axis beyond three, in the new order.

        Returns
        -------
        Volume
            The new volume.

        Raises
        ------
        ValueError
            If they are not all of the indices, each once.
        """
        if sorted(indices) != list(range(len(self._channels))):
            raise InputError(
                f"The new order of channels is {list(indices)}; expected each of {len(self._channels)} once."
            )
        array = self._array.transpose(0, 1, 2, *(3 + index for index in indices))
        return self._shuffled(self._with(array, self._channels.permuted(indices)))

    def squeeze_channel(self, channel_descriptors: Sequence[ChannelIdentifier] | None = None) -> Self:
        """Remove channel axes of size one.

        Parameters
        ----------
        channel_descriptors: Sequence[int | str | ChannelDescriptor] | None, optional
            The channels to remove; all of size one if absent.

        Returns
        -------
        Volume
            The new volume; shares memory with this one.

        Raises
        ------
        ValueError
            If the volume has no such channel.
        RuntimeError
            If a channel has several values.
        """
        if channel_descriptors is None:
            axes = [axis for axis, size in enumerate(self.channel_shape) if size == 1]
        else:
            axes = [self._channels.axis_of(identifier) for identifier in channel_descriptors]
        for axis in axes:
            if self.channel_shape[axis] > 1:
                raise GeometryError(
                    f"Channel {self.channel_descriptors[axis]} has {self.channel_shape[axis]} values and cannot be "
                    "removed; select one with get_channel."
                )
        array = self.array.squeeze(tuple(3 + axis for axis in axes))
        return self._with(array, self._channels.without(axes))

    def _reindexed(self, reindex: Reindex, padding: Padding) -> Self:
        result = self._with(padding.apply(reindex, self._array))
        result._affine = self._affine @ reindex.matrix
        return self._shuffled(result)

    def _shuffled(self, result: Self) -> Self:
        """Mark a volume whose axes are out of the order of memory, unless this one's array was given so."""
        given_in_order = self._is_shuffled or is_in_memory_order(self._array)
        result._is_shuffled = given_in_order and not is_in_memory_order(result._array)
        return result

    def __repr__(self) -> str:
        channels = "".join(f", {descriptor}" for descriptor in self.channel_descriptors)
        return f"Volume(shape={self.shape}{channels}, dtype={self.dtype}, {described(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self.array, self._affine, self._coordinate_system, self._frame_of_reference_uid)
        return type(self), (*state, self._channels.as_mapping())


def check_spatial_shape(array: npt.NDArray[Any], spatial_shape: Triple) -> None:
    """Refuse an array whose first three axes have other sizes."""
    if not isinstance(array, np.ndarray):
        raise InputTypeError(f"array is a {type(array).__name__}; expected a NumPy array.")
    if array.shape[:3] != spatial_shape:
        raise InputError(f"array has shape {array.shape}; its first three axes must be {spatial_shape}.")
