"""How one grid of voxels must be rearranged to be another: the nearest axes, and the whole rearrangement."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from hdcore.errors import GeometryError
from hdcore.spatial.affine import invert_affine
from hdcore.spatial.reindex import Reindex, triple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.spatial.attributes import FloatArray
    from hdcore.spatial.grid import VoxelGrid

__all__ = ["nearest_axes", "reindex_between"]


def nearest_axes(cosines: FloatArray) -> tuple[list[int], list[int]]:
    """Choose for each wanted axis (column) one of ours (row), and which are to be flipped."""
    axes = max(
        itertools.permutations(range(3)),
        key=lambda order: round(sum(abs(float(cosines[axis, index])) for index, axis in enumerate(order)), 9),
    )
    return list(axes), [index for index, axis in enumerate(axes) if cosines[axis, index] < 0]


def _turn_in_degrees(matrix: FloatArray, axes: list[int], source: VoxelGrid, target: VoxelGrid) -> float:
    """Measure the largest angle between axes that correspond."""
    cosines = [
        abs(float(matrix[axis, index])) * source.spacing[axis] / target.spacing[index]
        for index, axis in enumerate(axes)
    ]
    return float(np.degrees(np.arccos(min(1.0, *cosines))))


def reindex_between(source: VoxelGrid, target: VoxelGrid, tol: float) -> Reindex:
    """Find the rearrangement of one grid's voxels that makes them another's.

    Raises
    ------
    RuntimeError
        If there is none without resampling.
    """
    matrix = invert_affine(source.affine) @ target.affine
    axes, _ = nearest_axes(matrix[:3, :3])
    steps, offsets = [], []
    for index, axis in enumerate(axes):
        steps.append(round(float(matrix[axis, index])))
        offsets.append(round(float(matrix[axis, 3])))
    reindex = Reindex(
        axes=(axes[0], axes[1], axes[2]),
        starts=triple(offsets),
        steps=triple(steps),
        shape=target.spatial_shape,
        source_shape=source.spatial_shape,
    )
    difference = np.abs(matrix - reindex.matrix)
    if 0 in steps or difference[:3, :3].max() > tol:
        raise GeometryError(
            "The volumes differ in orientation or spacing by more than tol, so matching them needs resampling: "
            f"spacing {_rounded(source.spacing)} and {_rounded(target.spacing)} mm, axes turned by "
            f"{_turn_in_degrees(matrix, axes, source, target):.3g} degrees."
        )
    if difference[:3, 3].max() > tol:
        raise GeometryError(
            "The volumes are offset by a part of a voxel (more than tol), so matching them needs resampling: the "
            f"other's first voxel is at index {_rounded(matrix[:3, 3])} of this one."
        )
    return reindex


def _rounded(values: Sequence[float] | FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
