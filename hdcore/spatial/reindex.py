"""Rearrangements of voxels without resampling: permutation, flip, crop, stride and pad as one value.

Geometry and array apply the same :class:`Reindex`, so they cannot fall out of step, and several operations are one copy
at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hdcore.spatial.attributes import FloatArray

__all__ = ["Reindex", "Triple", "triple"]

Triple: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Reindex:
    """Where each voxel of a result comes from.

    Voxel *j* along axis *i* of the result is voxel ``starts[i] + steps[i] * j`` along axis ``axes[i]`` of the source;
    if there is none, it is padding.
    """

    axes: Triple
    """The axis of the source along each axis of the result."""
    starts: Triple
    """Index in the source of the first voxel along each axis of the result; outside the source where it is padded."""
    steps: Triple
    """How far the source's index goes on, at one step along each axis of the result; negative where it is flipped."""
    shape: Triple
    """Number of voxels along each axis of the result."""
    source_shape: Triple
    """Number of voxels along each axis of the source."""

    @classmethod
    def identity(cls, shape: Triple) -> Reindex:
        """Leave all voxels in place."""
        return cls((0, 1, 2), (0, 0, 0), (1, 1, 1), shape, shape)

    @classmethod
    def permutation(cls, shape: Triple, axes: Sequence[int]) -> Reindex:
        """Put the source's axes in another order."""
        first, second, third = axes
        new_shape = shape[first], shape[second], shape[third]
        return cls((first, second, third), (0, 0, 0), (1, 1, 1), new_shape, shape)

    @classmethod
    def flip(cls, shape: Triple, axes: Sequence[int]) -> Reindex:
        """Reverse axes."""
        starts = [size - 1 if axis in axes else 0 for axis, size in enumerate(shape)]
        steps = [-1 if axis in axes else 1 for axis in range(3)]
        return cls((0, 1, 2), triple(starts), triple(steps), shape, shape)

    @classmethod
    def window(cls, shape: Triple, starts: Sequence[int], new_shape: Sequence[int]) -> Reindex:
        """Crop where a window is within the source, and pad where it is not."""
        return cls((0, 1, 2), triple(starts), (1, 1, 1), triple(new_shape), shape)

    @property
    def is_padded(self) -> bool:
        """bool: whether there are voxels that do not come from the source."""
        return any(
            min(start, last) < 0 or max(start, last) >= self.source_shape[axis]
            for axis, start, last in zip(self.axes, self.starts, self._lasts(), strict=True)
        )

    def _lasts(self) -> list[int]:
        return [
            start + step * (size - 1) for start, step, size in zip(self.starts, self.steps, self.shape, strict=True)
        ]

    def then(self, other: Reindex) -> Reindex:
        """Compose with a rearrangement of this one's result.

        ``other`` may reach beyond the result only if all of this one's source is in it, as after a permutation or flip.
        """
        return Reindex(
            axes=triple([self.axes[axis] for axis in other.axes]),
            starts=triple(
                [
                    self.starts[axis] + self.steps[axis] * start
                    for axis, start in zip(other.axes, other.starts, strict=True)
                ]
            ),
            steps=triple([self.steps[axis] * step for axis, step in zip(other.axes, other.steps, strict=True)]),
            shape=other.shape,
            source_shape=self.source_shape,
        )

    @property
    def matrix(self) -> FloatArray:
        """numpy.ndarray[float64]: affine matrix from the result's indices to the source's, shape ``(4, 4)``."""
        matrix = np.zeros((4, 4))
        matrix[3, 3] = 1.0
        for index, axis in enumerate(self.axes):
            matrix[axis, index] = self.steps[index]
            matrix[axis, 3] = self.starts[index]
        return matrix

    def place(self) -> tuple[slice, slice, slice]:
        """Get the part of the result that comes from the source."""
        return tuple(slice(first, stop) for first, stop in self._bounds())  # type: ignore[return-value]

    def _bounds(self) -> list[tuple[int, int]]:
        bounds = []
        for axis, start, step, size in zip(self.axes, self.starts, self.steps, self.shape, strict=True):
            limit = self.source_shape[axis]
            # Solve 0 <= start + step * j < limit for whole j.
            low, high = (-start, limit - 1 - start) if step > 0 else (start - limit + 1, start)
            first = max(0, -(-low // abs(step)))
            stop = min(size, high // abs(step) + 1)
            bounds.append((min(first, size), max(min(first, size), stop)))
        return bounds

    def view(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """View the source's voxels that are in the result, in its order.

        Parameters
        ----------
        array: numpy.ndarray
            Shape ``(*source_shape, …)``.

        Returns
        -------
        numpy.ndarray
            A view that has the shape of :meth:`place`.
        """
        slices: list[slice] = [slice(None)] * 3
        for index, (first, stop) in enumerate(self._bounds()):
            step, axis = self.steps[index], self.axes[index]
            begin = self.starts[index] + step * first
            end = begin + step * (stop - first)
            slices[axis] = slice(begin, None if end < 0 else end, step) if stop > first else slice(0, 0)
        return array[tuple(slices)].transpose(*self.axes, *range(3, array.ndim))


def triple(values: Sequence[int]) -> Triple:
    """Make a tuple of three integers."""
    first, second, third = values
    return int(first), int(second), int(third)
