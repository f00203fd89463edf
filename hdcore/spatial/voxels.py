"""Voxel values on a grid, and operations on the values alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.augment import AugmentableGrid
from hdcore.spatial.memory_order import contiguous, is_in_memory_order
from hdcore.spatial.normalize import rescale_to_moments, rescale_to_range

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.spatial.channels import Channels
    from hdcore.spatial.padding import Padding
    from hdcore.spatial.reindex import Reindex, Triple

__all__ = ["VoxelArray", "check_spatial_shape"]


class VoxelArray(AugmentableGrid):
    """A grid with a value, or one for each channel, at every voxel."""

    __slots__ = ("_array", "_channels", "_is_shuffled")

    _array: npt.NDArray[Any]
    _channels: Channels
    _is_shuffled: bool

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

    def _reindexed(self, reindex: Reindex, padding: Padding) -> Self:
        result = self._with(padding.apply(reindex, self._array))
        result._affine = self._affine @ reindex.matrix
        return self._shuffled(result)

    def _shuffled(self, result: Self) -> Self:
        """Mark a volume whose axes are out of the order of memory, unless this one's array was given so."""
        given_in_order = self._is_shuffled or is_in_memory_order(self._array)
        result._is_shuffled = given_in_order and not is_in_memory_order(result._array)
        return result


def check_spatial_shape(array: npt.NDArray[Any], spatial_shape: Triple) -> None:
    """Refuse an array whose first three axes have other sizes."""
    if not isinstance(array, np.ndarray):
        raise InputTypeError(f"array is a {type(array).__name__}; expected a NumPy array.")
    if array.shape[:3] != spatial_shape:
        raise InputError(f"array has shape {array.shape}; its first three axes must be {spatial_shape}.")
