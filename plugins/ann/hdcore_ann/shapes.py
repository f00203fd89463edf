"""Many shapes as one array of points.

A million polygons as a million arrays cost a million objects. One array of points and the offsets at which the shapes
begin cost two, every check on them is one pass of NumPy, and one shape is a slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.text import short

from hdcore_ann.buffers import joined
from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.errors import AnnotationIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["POINTS_PER_SHAPE", "Shapes"]

POINTS_PER_SHAPE = {
    GraphicTypeValues.POINT: 1,
    GraphicTypeValues.ELLIPSE: 4,
    GraphicTypeValues.RECTANGLE: 4,
}
"""Points of the graphic types that all have equally many (PS3.3 C.37.1.2.1.1)."""

_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


@dataclass(frozen=True, eq=False)
class Shapes:
    """Shapes of one graphic type as one array of points.

    Examples
    --------
    >>> shapes = Shapes.of("POLYLINE", [[[0, 0], [4, 0]], [[1, 1], [2, 2], [3, 1]]])
    >>> len(shapes)
    2
    >>> shapes[1].tolist()
    [[1.0, 1.0], [2.0, 2.0], [3.0, 1.0]]
    >>> shapes.offsets.tolist()
    [0, 2, 5]
    """

    graphic_type: GraphicTypeValues
    """What the shapes are; its string is accepted too."""
    points: NDArray[np.floating[Any]]
    """Points of all shapes in order, shape (n, 2) for (column, row) in pixels or (n, 3) for (x, y, z) in millimetres;
    float32 or float64."""
    offsets: NDArray[np.int64]
    """Row of ``points`` at which each shape begins, zero-based, and at the end the number of points: shape (m + 1,)."""

    def __post_init__(self) -> None:
        points = _as_floats(self.points)
        offsets = np.asarray(self.offsets)
        if points.ndim != 2 or points.shape[1] not in (2, 3):
            raise InputError(f"points has shape {points.shape}; expected (n, 2) or (n, 3).")
        if offsets.ndim != 1 or offsets.dtype.kind not in "iu":
            raise InputError(f"offsets has shape {offsets.shape} and type {offsets.dtype}; expected (m + 1,) integers.")
        offsets = offsets.astype(np.int64, copy=False)
        if not len(offsets) or offsets[0] != 0 or offsets[-1] != len(points) or (np.diff(offsets) < 0).any():
            raise InputError(f"offsets must rise from 0 to the number of points, {len(points)}.")
        object.__setattr__(self, "graphic_type", GraphicTypeValues(self.graphic_type))
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "offsets", offsets)

    @classmethod
    def of(
        cls, graphic_type: str | GraphicTypeValues, graphic_data: Shapes | ArrayLike | Sequence[ArrayLike]
    ) -> Shapes:
        """Take the points of shapes in whatever form they come.

        Parameters
        ----------
        graphic_type: str | GraphicTypeValues
            What the shapes are.
        graphic_data: Shapes | numpy.typing.ArrayLike | Sequence[numpy.typing.ArrayLike]
            One array of shape (points, 2) or (points, 3) per shape, one array of shape (shapes, points, 2 or 3) for
            shapes of equally many points, one of shape (shapes, 2 or 3) for points, or shapes already.

        Returns
        -------
        Shapes
            The shapes. Integers become floating-point numbers that hold them.

        Raises
        ------
        TypeError
            If the data are not arrays of numbers.
        ValueError
            If an array has another shape, or arrays differ in their number of columns.
        """
        graphic_type = GraphicTypeValues(graphic_type)
        if isinstance(graphic_data, Shapes):
            if graphic_data.graphic_type is not graphic_type:
                raise InputError(
                    f"graphic_data has {graphic_data.graphic_type.value} shapes, not {graphic_type.value}."
                )
            return graphic_data
        if isinstance(graphic_data, np.ndarray) and graphic_data.ndim == 2 and graphic_type is GraphicTypeValues.POINT:
            graphic_data = graphic_data[:, np.newaxis]
        if isinstance(graphic_data, np.ndarray) and graphic_data.ndim == 3:
            count, each, columns = graphic_data.shape
            offsets = np.arange(count + 1, dtype=np.int64) * each
            return cls(graphic_type, graphic_data.reshape(-1, columns), offsets)
        return cls(graphic_type, *_concatenated(graphic_data))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> NDArray[np.floating[Any]]:
        """Points of one shape, as a view.

        Parameters
        ----------
        index: int
            Zero-based index of the shape; negative ones count from the end.

        Returns
        -------
        numpy.ndarray
            Shape (k, 2) or (k, 3).

        Raises
        ------
        IndexError
            If there is no such shape.
        """
        count = len(self)
        if not -count <= index < count:
            raise AnnotationIndexError(f"There is no shape {index}: there are {count}, numbered from 0.")
        first, last = self.offsets[index % count : index % count + 2]
        return self.points[first:last]

    def __iter__(self) -> Iterator[NDArray[np.floating[Any]]]:
        return iter(self.to_list())

    def to_list(self) -> list[NDArray[np.floating[Any]]]:
        """List the points of each shape as views of one array, shape (k, 2) or (k, 3)."""
        count, columns = len(self), self.points.shape[1]
        each = len(self.points) // count if count else 0
        if count and (np.diff(self.offsets) == each).all():
            return list(self.points.reshape(count, each, columns))
        points, offsets = self.points, self.offsets.tolist()
        return [points[first:last] for first, last in pairwise(offsets)]

    @property
    def counts(self) -> NDArray[np.int64]:
        """numpy.ndarray: number of points of each shape."""
        return np.diff(self.offsets)

    @cached_property
    def bounding_boxes(self) -> NDArray[np.floating[Any]]:
        """numpy.ndarray: lowest and highest coordinate of each shape, shape (m, 2, 2) or (m, 2, 3)."""
        count, columns = len(self), self.points.shape[1]
        boxes = np.empty((count, 2, columns), self.points.dtype)
        if not count:
            return boxes
        if (self.counts == 0).any():
            raise InputError("A shape without points has no bounding box.")
        starts = self.offsets[:-1]
        for column in range(columns):
            values = np.ascontiguousarray(self.points[:, column])
            np.minimum.reduceat(values, starts, out=boxes[:, 0, column])
            np.maximum.reduceat(values, starts, out=boxes[:, 1, column])
            del values  # or it would still be held while the next column is copied
        return boxes

    def select(self, which: ArrayLike) -> Shapes:
        """Take some of the shapes.

        Parameters
        ----------
        which: numpy.typing.ArrayLike
            Zero-based indices of the shapes, or one truth value per shape.

        Returns
        -------
        Shapes
            These shapes in that order, copied.

        Raises
        ------
        IndexError
            If there is no such shape.
        """
        try:
            indices = np.arange(len(self))[np.asarray(which)]
        except IndexError as error:
            raise AnnotationIndexError(f"There are {len(self)} shapes, numbered from 0: {error}.") from error
        counts = self.counts[indices]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        rows = np.arange(offsets[-1]) + np.repeat(self.offsets[:-1][indices] - offsets[:-1], counts)
        return Shapes(self.graphic_type, self.points[rows], offsets)

    def find(self, region: ArrayLike, *, inside: bool = False) -> NDArray[np.intp]:
        """Find the shapes in a region by their bounding boxes.

        Parameters
        ----------
        region: numpy.typing.ArrayLike
            Lowest corner, then highest corner: (left, top, right, bottom) in pixels, or six numbers in millimetres.
        inside: bool, optional
            Whether the box must lie inside the region; otherwise it is enough that they touch.

        Returns
        -------
        numpy.ndarray
            Zero-based indices of the shapes, rising.

        Raises
        ------
        ValueError
            If the region is not of the shapes' dimension, or its corners are the wrong way round.
        """
        corners = np.asarray(region, np.float64)
        columns = self.points.shape[1]
        if corners.shape != (2 * columns,):
            raise InputError(
                f"region is {region!r}; expected {2 * columns} numbers: lowest corner, then highest corner."
            )
        low, high = corners.reshape(2, columns)
        if not (low <= high).all():
            raise InputError(f"region is {region!r}; its first corner must not be above its second.")
        boxes = self.bounding_boxes
        if inside:
            found = (boxes[:, 0] >= low).all(axis=1) & (boxes[:, 1] <= high).all(axis=1)
        else:
            found = (boxes[:, 1] >= low).all(axis=1) & (boxes[:, 0] <= high).all(axis=1)
        return np.flatnonzero(found)

    def with_points(self, points: ArrayLike) -> Shapes:
        """Give the shapes other points, in the same order.

        Parameters
        ----------
        points: numpy.typing.ArrayLike
            As many points, shape (n, 2) or (n, 3).

        Returns
        -------
        Shapes
            The moved shapes.
        """
        return Shapes(self.graphic_type, np.asarray(points), self.offsets)


def _as_floats(points: Any) -> NDArray[np.floating[Any]]:
    try:
        array = np.asarray(points)
    except ValueError as error:
        raise InputError(f"Points are not an array of coordinates: {error}.") from error
    if array.dtype.kind not in "iuf":
        raise InputTypeError(f"Points are of type {array.dtype}; expected numbers.")
    if array.dtype in _FLOATS:
        return array
    # 16-bit numbers fit a float32 exactly, longer integers need a float64; other byte orders become native
    return array.astype(np.float64 if np.result_type(array.dtype, np.float32).itemsize > 4 else np.float32)


def _concatenated(graphic_data: Any) -> tuple[NDArray[np.floating[Any]], NDArray[np.int64]]:
    arrays: Sequence[Any] = graphic_data if isinstance(graphic_data, (list, tuple)) else _listed(graphic_data)
    if not len(arrays):
        raise InputError("graphic_data is empty; expected at least one shape.")
    try:
        counts = np.fromiter(map(len, arrays), np.int64, len(arrays))
        points = _joined(arrays, int(counts.sum()))
    except (ValueError, TypeError) as error:
        raise InputError(f"graphic_data is not one array of points, (k, 2) or (k, 3), per shape: {error}.") from error
    if points.ndim == 1:
        raise InputError("graphic_data has a flat array for a shape; expected (k, 2) or (k, 3), also for one point.")
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return points, offsets


def _joined(arrays: Sequence[Any], rows: int) -> NDArray[Any]:
    try:
        dtypes = set(map(attrgetter("dtype"), arrays))
    except AttributeError:
        return np.concatenate([np.atleast_1d(array) for array in arrays])
    dtype = np.result_type(*dtypes)
    if dtype in _FLOATS and arrays[0].ndim == 2:
        return joined(arrays, rows, arrays[0].shape[1], dtype)
    return np.concatenate(arrays)


def _listed(graphic_data: Any) -> list[Any]:
    try:
        return list(graphic_data)
    except TypeError as error:
        raise InputTypeError(
            f"graphic_data is {short(graphic_data)}; expected one array of points per shape."
        ) from error
