"""What shapes must be before they can be written (PS3.3 C.37.1.2.1.1): each check is one pass over all points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError

from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.shapes import POINTS_PER_SHAPE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hdcore_ann.shapes import Shapes

__all__ = ["check_shapes"]

_AT_LEAST = {GraphicTypeValues.POLYLINE: 2, GraphicTypeValues.POLYGON: 3}


def check_shapes(shapes: Shapes) -> None:
    """Refuse shapes that are not what they claim to be.

    Parameters
    ----------
    shapes: hdcore_ann.shapes.Shapes
        The shapes.

    Raises
    ------
    ValueError
        If there are none, a coordinate is not finite, a shape has too many or too few points, a polygon repeats its
        first point at its end, or a shape shrinks to a point. The message names the first such annotation, counted
        from one.
    """
    if not len(shapes):
        raise InputError("graphic_data is empty; expected at least one shape.")
    _check_counts(shapes)
    _check_finite(shapes)
    if shapes.graphic_type is not GraphicTypeValues.POINT:
        _check_extent(shapes)


def _refuse(shapes: Shapes, wrong: NDArray[np.bool_], problem: str) -> None:
    if wrong.any():
        number = int(np.argmax(wrong)) + 1
        others = int(wrong.sum()) - 1
        more = f" (and {others} more)" if others else ""
        raise InputError(f"{shapes.graphic_type.value} annotation {number}{more} of graphic_data {problem}.")


def _check_counts(shapes: Shapes) -> None:
    counts, kind = shapes.counts, shapes.graphic_type
    if kind in POINTS_PER_SHAPE:
        expected = POINTS_PER_SHAPE[kind]
        _refuse(shapes, counts != expected, f"does not have exactly {expected} point{'s'[: expected - 1]}")
    else:
        _refuse(shapes, counts < _AT_LEAST[kind], f"has fewer than {_AT_LEAST[kind]} points")


def _check_finite(shapes: Shapes) -> None:
    # minimum and maximum are NaN if any value is, and need no array of truth values
    if np.isfinite(shapes.points.min()) and np.isfinite(shapes.points.max()):
        return
    wrong = np.logical_or.reduceat(~np.isfinite(shapes.points).all(axis=1), shapes.offsets[:-1])
    _refuse(shapes, wrong, "has coordinates that are not finite")


def _rows(points: NDArray[np.floating[Any]], rows: NDArray[np.int64]) -> NDArray[Any]:
    # a pair of floats compares as one complex number, in half the passes
    if points.shape[1] == 2 and points.flags.c_contiguous:
        pairs = points.view(np.complex64 if points.dtype == np.float32 else np.complex128)
        return np.take(pairs[:, 0], rows)
    return points[rows]


def _equal(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool_]:
    equal = np.asarray(one == other)
    return equal if equal.ndim == 1 else np.asarray(equal.all(axis=1))


def _check_extent(shapes: Shapes) -> None:
    starts = shapes.offsets[:-1]
    first, second = _rows(shapes.points, starts), _rows(shapes.points, starts + 1)
    if shapes.graphic_type is GraphicTypeValues.POLYGON:
        _refuse(
            shapes,
            _equal(first, _rows(shapes.points, shapes.offsets[1:] - 1)),
            "ends with its first point; a bulk annotation's polygon is closed without repeating it, so leave the last"
            " point out",
        )
    if shapes.graphic_type is GraphicTypeValues.ELLIPSE:
        minor = _equal(_rows(shapes.points, starts + 2), _rows(shapes.points, starts + 3))
        _refuse(shapes, _equal(first, second) | minor, "has an axis of no length")
        return
    suspects = np.flatnonzero(_equal(first, second))
    if len(suspects):
        boxes = shapes.select(suspects).bounding_boxes
        wrong = np.zeros(len(shapes), bool)
        wrong[suspects] = (boxes[:, 0] == boxes[:, 1]).all(axis=1)
        _refuse(shapes, wrong, "is a single point, many times over")
