"""Operations that rearrange voxels without resampling, for volumes and their geometries alike.

Each makes one :class:`~hdcore.spatial.reindex.Reindex`; what a volume or a geometry does with it is its own affair.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Self

import numpy as np

from hdcore.enums import AxisHandedness, PadModes
from hdcore.errors import GeometryError, InputError, InputTypeError
from hdcore.spatial.grid import VoxelGrid, need_grid
from hdcore.spatial.indexing import SpatialIndex, parse_index
from hdcore.spatial.matching import nearest_axes, reindex_between
from hdcore.spatial.orientation import PATIENT_ORIENTATION_OPPOSITES, parse_patient_orientation
from hdcore.spatial.padding import Padding
from hdcore.spatial.reindex import Reindex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.spatial.orientation import PatientOrientation
    from hdcore.spatial.reindex import Triple

__all__ = ["RearrangeableGrid"]


class RearrangeableGrid(VoxelGrid):
    """A grid of voxels whose axes can be flipped, permuted and matched to others; each result is a new one."""

    __slots__ = ()

    @abstractmethod
    def _reindexed(self, reindex: Reindex, padding: Padding) -> Self:
        """Make a new grid from this one's voxels."""

    def __getitem__(self, index: SpatialIndex) -> Self:
        """Select voxels along the three axes in space.

        Parameters
        ----------
        index: int | slice | Ellipsis | tuple
            As for a NumPy array; an axis that is indexed by an integer stays, with size one. Lists and masks are not
            supported, since the result must be regular.

        Returns
        -------
        Self
            The selected voxels, at the same place in space.

        Raises
        ------
        IndexError
            If an integer is out of bounds, or nothing would be left.
        TypeError
            If it is no such index.
        """
        return self._reindexed(parse_index(index, self.spatial_shape), Padding())

    def flip_spatial(self, axes: int | Sequence[int]) -> Self:
        """Reverse axes; every voxel stays at its place in space.

        Parameters
        ----------
        axes: int | Sequence[int]
            One or several of 0, 1 and 2.

        Returns
        -------
        Self
            The same voxels in reverse order.

        Raises
        ------
        ValueError
            If an axis is another number.
        """
        axes = [axes] if isinstance(axes, int | np.integer) else list(axes)
        _check_axes(axes, "axes")
        return self._reindexed(Reindex.flip(self.spatial_shape, axes), Padding())

    def permute_spatial_axes(self, indices: Sequence[int]) -> Self:
        """Put the axes in another order; every voxel stays at its place in space.

        Parameters
        ----------
        indices: Sequence[int]
            0, 1 and 2 in the new order.

        Returns
        -------
        Self
            The same voxels under other indices.

        Raises
        ------
        ValueError
            If it is no order of 0, 1 and 2.
        """
        if sorted(indices) != [0, 1, 2]:
            raise InputError(f"indices is {tuple(indices)!r}; expected 0, 1 and 2 in some order.")
        return self._reindexed(Reindex.permutation(self.spatial_shape, indices), Padding())

    def swap_spatial_axes(self, axis_1: int, axis_2: int) -> Self:
        """Exchange two axes; every voxel stays at its place in space.

        Parameters
        ----------
        axis_1: int
            One of 0, 1 and 2.
        axis_2: int
            Another.

        Returns
        -------
        Self
            The same voxels under other indices.

        Raises
        ------
        ValueError
            If an axis is another number, or both are the same.
        """
        _check_axes((axis_1, axis_2), "axis_1 and axis_2")
        if axis_1 == axis_2:
            raise InputError(f"axis_1 and axis_2 are both {axis_1}; expected two different axes.")
        order = [0, 1, 2]
        order[axis_1], order[axis_2] = axis_2, axis_1
        return self.permute_spatial_axes(order)

    def ensure_handedness(
        self,
        handedness: AxisHandedness | str,
        *,
        flip_axis: int | None = None,
        swap_axes: Sequence[int] | None = None,
    ) -> Self:
        """Flip or swap axes if that is needed for a handedness.

        Parameters
        ----------
        handedness: AxisHandedness | str
            The wanted handedness of the three axes.
        flip_axis: int | None, optional
            Axis to reverse if needed.
        swap_axes: Sequence[int] | None, optional
            Two axes to exchange if needed; instead of ``flip_axis``.

        Returns
        -------
        Self
            This one if its handedness is as wanted, else a new one.

        Raises
        ------
        TypeError
            If not exactly one of ``flip_axis`` and ``swap_axes`` is given.
        ValueError
            If an axis is wrong.
        """
        if (flip_axis is None) == (swap_axes is None):
            raise InputTypeError("Pass exactly one of 'flip_axis' and 'swap_axes'.")
        if self.handedness is AxisHandedness(handedness):
            return self
        if flip_axis is not None:
            return self.flip_spatial(flip_axis)
        if swap_axes is None or len(swap_axes) != 2:
            raise InputError(f"swap_axes is {swap_axes!r}; expected two axes.")
        return self.swap_spatial_axes(*swap_axes)

    def to_patient_orientation(self, patient_orientation: PatientOrientation) -> Self:
        """Permute and flip axes so that they go in given directions of the body, as nearly as possible.

        Parameters
        ----------
        patient_orientation: str | Sequence[str | PatientOrientationValuesBiped]
            Direction in which the index along each axis shall increase, such as ``"FPL"``.

        Returns
        -------
        Self
            The same voxels under other indices.

        Raises
        ------
        ValueError
            If it is no orientation.
        RuntimeError
            If the coordinate system is the slide's.
        """
        self._need_patient()
        wanted = parse_patient_orientation(patient_orientation)
        present = self.get_closest_patient_orientation()
        axes, flipped = [], []
        for index, direction in enumerate(wanted):
            opposite = PATIENT_ORIENTATION_OPPOSITES[direction]
            axes.append(present.index(direction if direction in present else opposite))
            if direction not in present:
                flipped.append(index)
        return self._reindexed(_permute_and_flip(self.spatial_shape, axes, flipped), Padding())

    def match_orientation(self, other: VoxelGrid) -> Self:
        """Permute and flip axes so that they go as another's do, as nearly as possible.

        Parameters
        ----------
        other: Volume | VolumeGeometry
            Whose orientation to take.

        Returns
        -------
        Self
            The same voxels under other indices.

        Raises
        ------
        TypeError
            If ``other`` is neither a volume nor a geometry.
        RuntimeError
            If the two are in different coordinate systems.
        """
        need_grid(other, "other")
        if self.coordinate_system is not other.coordinate_system:
            raise GeometryError("The volumes are in different coordinate systems, the patient's and the slide's.")
        axes, flipped = nearest_axes(self.direction.T @ other.direction)
        return self._reindexed(_permute_and_flip(self.spatial_shape, axes, flipped), Padding())

    def match_geometry(
        self,
        other: VoxelGrid,
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float | Sequence[float] = 0.0,
        per_channel: bool = False,
        tol: float = 1e-05,
    ) -> Self:
        """Permute, flip, pad and crop so that the voxels are those of another volume's grid.

        Nothing is resampled; all is one copy.

        Parameters
        ----------
        other: Volume | VolumeGeometry
            Whose geometry to take. Its spacings may also be whole multiples of this one's.
        mode, constant_value, per_channel
            How padded voxels get their values, as in :meth:`pad`.
        tol: float, optional
            By how much entries of affine matrices, and offsets in voxels, may differ from whole multiples.

        Returns
        -------
        Self
            Voxels at the places of the other's.

        Raises
        ------
        TypeError
            If ``other`` is neither a volume nor a geometry.
        RuntimeError
            If coordinate system or frame of reference differ, or the volume would have to be resampled.
        """
        need_grid(other, "other")
        if self.coordinate_system is not other.coordinate_system:
            raise GeometryError("The volumes are in different coordinate systems, the patient's and the slide's.")
        if self.differs_in_frame(other):
            raise GeometryError(
                f"The volumes are in different frames of reference ({self.frame_of_reference_uid} and "
                f"{other.frame_of_reference_uid}), so their places cannot be compared; register them first."
            )
        reindex = reindex_between(self, other, tol)
        return self._reindexed(reindex, Padding.of(mode, constant_value, per_channel))


def _check_axes(axes: Sequence[int], name: str) -> None:
    if any(axis not in (0, 1, 2) for axis in axes):
        raise InputError(f"{name}: {tuple(axes)}; expected only 0, 1 and 2, the axes in space.")


def _permute_and_flip(shape: Triple, axes: Sequence[int], flipped: Sequence[int]) -> Reindex:
    permuted = Reindex.permutation(shape, axes)
    return permuted.then(Reindex.flip(permuted.shape, flipped))
