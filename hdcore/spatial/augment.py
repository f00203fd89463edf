"""Random rearrangements of volumes, for training.

They draw from NumPy's global state, so ``numpy.random.seed`` makes them reproducible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from hdcore.errors import InputError
from hdcore.spatial.attributes import as_spatial_shape
from hdcore.spatial.padding import Padding
from hdcore.spatial.reindex import Reindex
from hdcore.spatial.resize import ResizableGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AugmentableGrid"]


class AugmentableGrid(ResizableGrid):
    """A grid of voxels with random variants."""

    __slots__ = ()

    def random_flip_spatial(self, axes: Sequence[int] = (0, 1, 2)) -> Self:
        """Reverse each of some axes with probability one half.

        Parameters
        ----------
        axes: Sequence[int], optional
            The axes that may be reversed.

        Returns
        -------
        Self
            The same voxels, some axes reversed.

        Raises
        ------
        ValueError
            If an axis is not 0, 1 or 2, or given twice.
        """
        _check_distinct(axes)
        return self.flip_spatial([axis for axis in sorted(axes) if np.random.randint(2) == 1])

    def random_permute_spatial_axes(self, axes: Sequence[int] = (0, 1, 2)) -> Self:
        """Put axes in random order.

        Parameters
        ----------
        axes: Sequence[int], optional
            The two or three axes that may change place.

        Returns
        -------
        Self
            The same voxels, axes permuted.

        Raises
        ------
        ValueError
            If there are not two or three different axes.
        """
        _check_distinct(axes)
        if len(axes) < 2:
            raise InputError(f"axes is {tuple(axes)}; expected two or three axes.")
        order = [0, 1, 2]
        for axis, drawn in zip(sorted(axes), np.random.permutation(axes).tolist(), strict=True):
            order[axis] = drawn
        return self.permute_spatial_axes(order)

    def random_spatial_crop(self, spatial_shape: Sequence[int]) -> Self:
        """Cut out a block at random.

        Parameters
        ----------
        spatial_shape: Sequence[int]
            Its numbers of voxels along the three axes.

        Returns
        -------
        Self
            The block.

        Raises
        ------
        ValueError
            If it is greater than the volume along an axis.
        """
        shape = as_spatial_shape(spatial_shape)
        spare = [size - wanted for size, wanted in zip(self.spatial_shape, shape, strict=True)]
        if min(spare) < 0:
            raise InputError(f"spatial_shape is {shape}, greater along an axis than the volume's {self.spatial_shape}.")
        starts = [int(np.random.randint(0, most + 1)) for most in spare]
        return self._reindexed(Reindex.window(self.spatial_shape, starts, shape), Padding())


def _check_distinct(axes: Sequence[int]) -> None:
    if len(set(axes)) != len(axes) or any(axis not in (0, 1, 2) for axis in axes):
        raise InputError(f"axes is {tuple(axes)}; expected different ones of 0, 1 and 2.")
