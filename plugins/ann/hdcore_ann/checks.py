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
    if shapes.graphic_type is GraphicTypeValues.POLYGON:
        _check_not_repeated(shapes)
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


def _rows_equal(points: NDArray[np.floating[Any]], one: Any, other: Any) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = (points[one] == points[other]).all(axis=1)
    return equal


def _check_not_repeated(shapes: Shapes) -> None:
    starts, ends = shapes.offsets[:-1], shapes.offsets[1:]
    _refuse(
        shapes,
        _rows_equal(shapes.points, starts, ends - 1),
        "ends with its first point; a bulk annotation's polygon is closed without repeating it, so leave the last"
        " point out",
    )


def _check_extent(shapes: Shapes) -> None:
    starts = shapes.offsets[:-1]
    if shapes.graphic_type is GraphicTypeValues.ELLIPSE:
        flat = _rows_equal(shapes.points, starts, starts + 1) | _rows_equal(shapes.points, starts + 2, starts + 3)
        _refuse(shapes, flat, "has an axis of no length")
        return
    suspects = np.flatnonzero(_rows_equal(shapes.points, starts, starts + 1))
    if len(suspects):
        boxes = shapes.select(suspects).bounding_boxes
        wrong = np.zeros(len(shapes), bool)
        wrong[suspects] = (boxes[:, 0] == boxes[:, 1]).all(axis=1)
        _refuse(shapes, wrong, "is a single point, many times over")
