"""Affine mapping of many points, in blocks: fast also where another program keeps the processor's other cores busy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.spatial.slabs import for_slabs

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.spatial.attributes import FloatArray

__all__ = ["map_points"]

_BLOCK = 8192
"""Points in a block: it stays in cache, and its product is too small for BLAS to start threads for it."""


def map_points(points: npt.NDArray[Any], affine: FloatArray) -> FloatArray:
    """Map points with an affine matrix.

    Parameters
    ----------
    points: numpy.ndarray
        Shape ``(n, k)``, where missing coordinates are zero.
    affine: numpy.ndarray
        Shape ``(4, 4)``.

    Returns
    -------
    numpy.ndarray[float64]
        Shape ``(n, 3)``.
    """
    matrix = np.ascontiguousarray(affine[:3, : points.shape[1]].T)
    # One offset per point: adding a row of three to each of many rows would be slower than the product.
    offsets = np.tile(affine[:3, 3], (min(len(points), _BLOCK), 1))
    result = np.empty((len(points), 3))

    def work(slab: slice) -> None:
        for first in range(slab.start, slab.stop, _BLOCK):
            part = slice(first, min(slab.stop, first + _BLOCK))
            block = result[part]
            np.matmul(points[part].astype(np.float64, copy=False), matrix, out=block)
            block += offsets[: len(block)]

    for_slabs(work, len(points), result.nbytes)
    return result
