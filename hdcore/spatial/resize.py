"""Padding and cropping of volumes and their geometries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self, TypeAlias

from hdcore.enums import PadModes
from hdcore.errors import InputError
from hdcore.spatial.attributes import as_spatial_shape
from hdcore.spatial.padding import Padding, parse_pad_width
from hdcore.spatial.rearrange import RearrangeableGrid
from hdcore.spatial.reindex import Reindex

__all__ = ["ResizableGrid"]

PadWidth: TypeAlias = int | Sequence[int] | Sequence[Sequence[int]]


class ResizableGrid(RearrangeableGrid):
    """A grid of voxels that can be cropped and padded; each result is a new one."""

    __slots__ = ()

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
