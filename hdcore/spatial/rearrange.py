"""Operations that rearrange voxels without resampling, for volumes and their geometries alike.

Each makes one :class:`~hdcore.spatial.reindex.Reindex`; what a volume or a geometry does with it is its own affair.
"""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Sequence
from types import EllipsisType
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np

from hdcore.enums import AxisHandedness, PadModes
from hdcore.errors import GeometryError, InputError, InputTypeError, OutOfRangeError
from hdcore.spatial.affine import invert_affine
from hdcore.spatial.attributes import FloatArray, as_spatial_shape
from hdcore.spatial.grid import VoxelGrid, need_grid
from hdcore.spatial.orientation import PATIENT_ORIENTATION_OPPOSITES, parse_patient_orientation
from hdcore.spatial.padding import Padding, parse_pad_width
from hdcore.spatial.reindex import Reindex

if TYPE_CHECKING:
    from hdcore.spatial.orientation import PatientOrientation
    from hdcore.spatial.reindex import Triple

__all__ = ["RearrangeableGrid", "SpatialIndex"]

SpatialIndex: TypeAlias = int | slice | EllipsisType | tuple[int | slice | EllipsisType, ...]
PadWidth: TypeAlias = int | Sequence[int] | Sequence[Sequence[int]]


class RearrangeableGrid(VoxelGrid):
    """A grid of voxels that can be flipped, permuted, cropped and padded; each result is a new one."""

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
        return self._reindexed(_parse_index(index, self.spatial_shape), Padding())

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
        axes, flipped = _nearest_axes(self.direction.T @ other.direction)
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
        reindex = _reindex_between(self, other, tol)
        return self._reindexed(reindex, Padding.of(mode, constant_value, per_channel))

    def pad(
        self,
        pad_width: PadWidth,
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float | Sequence[float] = 0.0,
        per_channel: bool = False,
    ) -> Self:
        """Add voxels around the volume.

        Parameters
        ----------
        pad_width: int | Sequence[int] | Sequence[Sequence[int]]
            How many: the same on all sides, ``[before, after]`` along every axis, ``[[n], [n], [n]]`` on both sides of
            each axis, or ``[[before, after], [before, after], [before, after]]``.
        mode: PadModes | str, optional
            How the new voxels get their values: a constant, the nearest voxel's (``EDGE``), or a statistic of the
            volume. Geometries have no values, and take these parameters so that both can be used alike.
        constant_value: float | Sequence[float], optional
            The constant, or one for each channel.
        per_channel: bool, optional
            Whether each channel gets its own statistic.

        Returns
        -------
        Self
            The greater volume; the old voxels stay at their places in space.

        Raises
        ------
        TypeError
            If ``pad_width`` is not of integers.
        ValueError
            If its form is another, a number is negative, or the data type cannot hold the value.
        """
        widths = parse_pad_width(pad_width)
        starts = [-before for before, _ in widths]
        shape = [size + before + after for size, (before, after) in zip(self.spatial_shape, widths, strict=True)]
        padding = Padding.of(mode, constant_value, per_channel)
        return self._reindexed(Reindex.window(self.spatial_shape, starts, shape), padding)

    def pad_to_spatial_shape(
        self,
        spatial_shape: Sequence[int],
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float | Sequence[float] = 0.0,
        per_channel: bool = False,
    ) -> Self:
        """Add voxels on all sides up to a shape; the odd one of an odd number at the end.

        Parameters
        ----------
        spatial_shape: Sequence[int]
            Wanted numbers of voxels along the three axes.
        mode, constant_value, per_channel
            As in :meth:`pad`.

        Returns
        -------
        Self
            The greater volume.

        Raises
        ------
        ValueError
            If the shape is smaller along an axis.
        """
        shape = as_spatial_shape(spatial_shape)
        if any(wanted < size for wanted, size in zip(shape, self.spatial_shape, strict=True)):
            raise InputError(
                f"spatial_shape is {shape}, smaller along an axis than the volume's {self.spatial_shape}; "
                "use pad_or_crop_to_spatial_shape."
            )
        return self.pad_or_crop_to_spatial_shape(
            shape, mode=mode, constant_value=constant_value, per_channel=per_channel
        )

    def crop_to_spatial_shape(self, spatial_shape: Sequence[int]) -> Self:
        """Keep the middle; the odd voxel of an odd number is removed at the end.

        Parameters
        ----------
        spatial_shape: Sequence[int]
            Wanted numbers of voxels along the three axes.

        Returns
        -------
        Self
            The smaller volume.

        Raises
        ------
        ValueError
            If the shape is greater along an axis.
        """
        shape = as_spatial_shape(spatial_shape)
        if any(wanted > size for wanted, size in zip(shape, self.spatial_shape, strict=True)):
            raise InputError(
                f"spatial_shape is {shape}, greater along an axis than the volume's {self.spatial_shape}; "
                "use pad_or_crop_to_spatial_shape."
            )
        return self.pad_or_crop_to_spatial_shape(shape)

    def pad_or_crop_to_spatial_shape(
        self,
        spatial_shape: Sequence[int],
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float | Sequence[float] = 0.0,
        per_channel: bool = False,
    ) -> Self:
        """Crop or pad symmetrically along each axis, as needed for a shape.

        Parameters
        ----------
        spatial_shape: Sequence[int]
            Wanted numbers of voxels along the three axes.
        mode, constant_value, per_channel
            As in :meth:`pad`; statistics are those of the voxels that are kept.

        Returns
        -------
        Self
            The volume of that shape.

        Raises
        ------
        ValueError
            If it is no shape.
        """
        shape = as_spatial_shape(spatial_shape)
        own = self.spatial_shape
        cropped = [min(wanted, size) for wanted, size in zip(shape, own, strict=True)]
        crop = Reindex.window(own, [(size - kept) // 2 for size, kept in zip(own, cropped, strict=True)], cropped)
        before = [(wanted - kept) // 2 for wanted, kept in zip(shape, cropped, strict=True)]
        pad = Reindex.window(crop.shape, [-width for width in before], shape)
        result = self._reindexed(crop, Padding())
        if shape == crop.shape:
            return result
        return result._reindexed(pad, Padding.of(mode, constant_value, per_channel))


def _check_axes(axes: Sequence[int], name: str) -> None:
    if any(axis not in (0, 1, 2) for axis in axes):
        raise InputError(f"{name}: {tuple(axes)}; expected only 0, 1 and 2, the axes in space.")


def _permute_and_flip(shape: Triple, axes: Sequence[int], flipped: Sequence[int]) -> Reindex:
    permuted = Reindex.permutation(shape, axes)
    return permuted.then(Reindex.flip(permuted.shape, flipped))


def _nearest_axes(cosines: FloatArray) -> tuple[list[int], list[int]]:
    """Choose for each wanted axis (column) one of ours (row), and which are to be flipped."""
    axes = max(
        itertools.permutations(range(3)),
        key=lambda order: round(sum(abs(float(cosines[axis, index])) for index, axis in enumerate(order)), 9),
    )
    return list(axes), [index for index, axis in enumerate(axes) if cosines[axis, index] < 0]


def _reindex_between(source: VoxelGrid, target: VoxelGrid, tol: float) -> Reindex:
    matrix = invert_affine(source.affine) @ target.affine
    axes, _ = _nearest_axes(matrix[:3, :3])
    steps, offsets = [], []
    for index, axis in enumerate(axes):
        steps.append(round(float(matrix[axis, index])))
        offsets.append(round(float(matrix[axis, 3])))
    reindex = Reindex(
        axes=(axes[0], axes[1], axes[2]),
        starts=_in_order(offsets),
        steps=_in_order(steps),
        shape=target.spatial_shape,
        source_shape=source.spatial_shape,
    )
    difference = np.abs(matrix - reindex.matrix)
    if 0 in steps or difference[:3, :3].max() > tol:
        raise GeometryError(
            "The volumes differ in orientation or spacing by more than tol, so matching them needs resampling: "
            f"spacing {_rounded(source.spacing)} and {_rounded(target.spacing)} mm."
        )
    if difference[:3, 3].max() > tol:
        raise GeometryError(
            "The volumes are offset by a part of a voxel (more than tol), so matching them needs resampling: the "
            f"other's first voxel is at index {_rounded(matrix[:3, 3])} of this one."
        )
    return reindex


def _in_order(values: list[int]) -> Triple:
    return values[0], values[1], values[2]


def _rounded(values: Sequence[float] | FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)


def _parse_index(index: SpatialIndex, shape: Triple) -> Reindex:
    items = list(index) if isinstance(index, tuple) else [index]
    if items.count(Ellipsis) > 1:
        raise OutOfRangeError("An index has at most one Ellipsis.")
    if Ellipsis in items:
        at = items.index(Ellipsis)
        items[at : at + 1] = [slice(None)] * (4 - len(items))
    if len(items) > 3:
        raise OutOfRangeError(
            f"The index has {len(items)} items; only the axes in space can be indexed (use get_channel for others)."
        )
    items += [slice(None)] * (3 - len(items))
    starts, steps, sizes = [], [], []
    for axis, (item, size) in enumerate(zip(items, shape, strict=True)):
        start, step, length = _parse_axis_index(item, axis, size)
        starts.append(start)
        steps.append(step)
        sizes.append(length)
    return Reindex((0, 1, 2), _in_order(starts), _in_order(steps), _in_order(sizes), shape)


def _parse_axis_index(item: object, axis: int, size: int) -> tuple[int, int, int]:
    if isinstance(item, int | np.integer):
        if not -size <= item < size:
            raise OutOfRangeError(f"Index {item} is out of bounds for axis {axis}, whose size is {size}.")
        return int(item) % size, 1, 1
    if isinstance(item, slice):
        selected = range(*item.indices(size))
        if not selected:
            raise OutOfRangeError(f"The slice {item} leaves nothing of axis {axis}, whose size is {size}.")
        return selected.start, selected.step, len(selected)
    raise InputTypeError(f"The index {item!r} of axis {axis} is neither an integer nor a slice.")
