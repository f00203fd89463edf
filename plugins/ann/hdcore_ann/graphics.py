"""How shapes lie in the elements of an annotation group (PS3.3 C.37.1.2.1.1).

Coordinates of all shapes are one element, of float32 or float64. Where shapes differ in their number of points, another
element gives the one-based index of the first *value* (not point) of each. A z coordinate that all points share is
stored once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, UnreadableError
from hdcore.model.element import fetch

from hdcore_ann.buffers import bytes_of
from hdcore_ann.enums import AnnotationCoordinateTypeValues, GraphicTypeValues
from hdcore_ann.errors import AnnotationIndexError
from hdcore_ann.shapes import POINTS_PER_SHAPE, Shapes
from hdcore_ann.values import StoredValues

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = ["GraphicData", "encode"]

_LARGEST_INDEX = 2**32 - 1


def encode(shapes: Shapes) -> dict[str, Any]:
    """Give the elements that hold shapes.

    Parameters
    ----------
    shapes: hdcore_ann.shapes.Shapes
        The shapes; with three columns they are in the slide's frame of reference.

    Returns
    -------
    dict
        Keywords and values.

    Raises
    ------
    ValueError
        If there are more coordinates than can be counted.
    """
    points = shapes.points
    elements: dict[str, Any] = {"GraphicType": shapes.graphic_type.value, "NumberOfAnnotations": len(shapes)}
    if points.shape[1] == 3:
        elements["AnnotationAppliesToAllZPlanes"] = "NO"
        if points[:, 2].min() == points[:, 2].max():
            elements["CommonZCoordinateValue"] = float(points[0, 2])
            points = points[:, :2]
    if points.size >= _LARGEST_INDEX:
        raise InputError(f"graphic_data has {points.size} coordinates; a group can index {_LARGEST_INDEX}: split it.")
    double = points.dtype == np.float64
    elements["DoublePointCoordinatesData" if double else "PointCoordinatesData"] = bytes_of(points)
    if shapes.graphic_type not in POINTS_PER_SHAPE:
        index = (shapes.offsets[:-1] * points.shape[1] + 1).astype(np.uint32)
        elements["LongPrimitivePointIndexList"] = bytes_of(index)
    return elements


class GraphicData:
    """The shapes of a group as they are stored; read on demand, all or one."""

    def __init__(self, group: Dataset, coordinate_type: AnnotationCoordinateTypeValues | None = None) -> None:
        """Find out how the shapes are stored.

        Parameters
        ----------
        group: pydicom.dataset.Dataset
            Item of the Annotation Group Sequence.
        coordinate_type: AnnotationCoordinateTypeValues | None, optional
            What the instance says of its coordinates, if it is known.

        Raises
        ------
        ValueError
            If elements are missing or contradict one another.
        """
        self.graphic_type = GraphicTypeValues(fetch(group, "GraphicType"))
        keyword = "PointCoordinatesData" if "PointCoordinatesData" in group else "DoublePointCoordinatesData"
        self._values = StoredValues(group, keyword)
        self._index = None
        if self.graphic_type not in POINTS_PER_SHAPE:
            self._index = StoredValues(group, "LongPrimitivePointIndexList")
        self._common_z = fetch(group, "CommonZCoordinateValue")
        self._columns = self._count_columns(group, coordinate_type)
        self.count = self._count_shapes(group)

    def _count_columns(self, group: Dataset, coordinate_type: AnnotationCoordinateTypeValues | None) -> int:
        if self._common_z is not None:
            return 2
        if self._index is None:
            shapes = fetch(group, "NumberOfAnnotations")
            columns = self._values.count / (int(shapes) * POINTS_PER_SHAPE[self.graphic_type]) if shapes else 0
            if columns in (2, 3):
                return int(columns)
        if coordinate_type is None:
            return 3 if "AnnotationAppliesToAllZPlanes" in group else 2
        return 3 if coordinate_type is AnnotationCoordinateTypeValues.SCOORD3D else 2

    def _count_shapes(self, group: Dataset) -> int:
        if self._index is not None:
            count: int = self._index.count
        else:
            values = self._columns * POINTS_PER_SHAPE[self.graphic_type]
            count, rest = divmod(self._values.count, values)
            if rest:
                raise UnreadableError(
                    f"{self._values.count} coordinates do not make whole {self.graphic_type.value} shapes."
                )
        declared = fetch(group, "NumberOfAnnotations", count)
        if int(declared) != count:
            raise UnreadableError(f"Number of Annotations is {declared}, but there are coordinates of {count}.")
        return count

    @property
    def coordinate_type(self) -> AnnotationCoordinateTypeValues:
        """AnnotationCoordinateTypeValues: what the coordinates are."""
        is_3d = self._columns == 3 or self._common_z is not None
        return AnnotationCoordinateTypeValues.SCOORD3D if is_3d else AnnotationCoordinateTypeValues.SCOORD

    def shapes(self) -> Shapes:
        """Read all shapes.

        Returns
        -------
        hdcore_ann.shapes.Shapes
            The shapes; their points may be read-only.

        Raises
        ------
        ValueError
            If the index of shapes is not one.
        """
        points = self._values.read()
        if len(points) % self._columns:
            raise UnreadableError(f"{len(points)} coordinates do not make whole points of {self._columns} coordinates.")
        return Shapes(self.graphic_type, self._with_z(points), self._offsets())

    def one(self, number: int) -> NDArray[np.floating[Any]]:
        """Read one shape, and nothing else.

        Parameters
        ----------
        number: int
            Number of the annotation, counted from one.

        Returns
        -------
        numpy.ndarray
            Points, shape (k, 2) or (k, 3).

        Raises
        ------
        IndexError
            If there is no such annotation.
        ValueError
            If the index of shapes is not one.
        """
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise AnnotationIndexError(f"annotation_number is {number!r}; expected an integer.")
        if not 1 <= number <= self.count:
            raise AnnotationIndexError(f"annotation_number is {number}; the group has annotations 1 to {self.count}.")
        first, last = self._span(int(number))
        return self._with_z(self._values.read(first, last))

    def _span(self, number: int) -> tuple[int, int]:
        if self._index is None:
            each = POINTS_PER_SHAPE[self.graphic_type] * self._columns
            return (number - 1) * each, number * each
        bounds = [int(one) - 1 for one in self._index.read(number - 1, min(number + 1, self.count))]
        first, last = bounds[0], bounds[1] if len(bounds) == 2 else self._values.count
        if not 0 <= first < last <= self._values.count or first % self._columns or last % self._columns:
            raise UnreadableError(f"The point index of annotation {number} is {first + 1}, which no shape begins at.")
        return first, last

    def _offsets(self) -> NDArray[np.int64]:
        total = self._values.count // self._columns
        if self._index is None:
            return np.arange(self.count + 1, dtype=np.int64) * POINTS_PER_SHAPE[self.graphic_type]
        offsets = np.empty(self.count + 1, np.int64)
        offsets[:-1] = self._index.read()
        offsets[:-1] -= 1
        if self._columns > 1 and (offsets[:-1] % self._columns).any():
            raise UnreadableError("Long Primitive Point Index List has an index at which no point begins.")
        offsets[:-1] //= self._columns
        offsets[-1] = total
        if not self.count or offsets[0] != 0 or (np.diff(offsets) < 1).any():
            raise UnreadableError("Long Primitive Point Index List does not rise from 1 within the coordinates.")
        return offsets

    def _with_z(self, values: NDArray[Any]) -> NDArray[np.floating[Any]]:
        points = values.reshape(-1, self._columns)
        if self._common_z is None:
            return points
        full = np.empty((len(points), 3), points.dtype)
        full[:, :2] = points
        full[:, 2] = self._common_z
        return full
