"""Shapes as polygons: what rectangles and ellipses enclose, and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError

from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["ENCLOSING", "areas_of", "as_polygons", "following_points", "signed_areas"]

ENCLOSING = (GraphicTypeValues.POLYGON, GraphicTypeValues.RECTANGLE, GraphicTypeValues.ELLIPSE)
"""Graphic types that have an inside."""

_POINTS_AT_ONCE = 1 << 15


def as_polygons(shapes: Shapes, segments: int = 72) -> Shapes:
    """Outline shapes that have an inside by polygons.

    Parameters
    ----------
    shapes: Shapes
        Polygons, rectangles or ellipses.
    segments: int, optional
        Corners of the polygon for an ellipse.

    Returns
    -------
    Shapes
        Polygons in the same order.

    Raises
    ------
    ValueError
        If the shapes are points or polylines, or there are too few segments.
    """
    if shapes.graphic_type not in ENCLOSING:
        raise InputError(f"{shapes.graphic_type.value} shapes have no inside, so no polygon outlines them.")
    if shapes.graphic_type is not GraphicTypeValues.ELLIPSE:
        return Shapes(GraphicTypeValues.POLYGON, shapes.points, shapes.offsets)
    if segments < 3:
        raise InputError(f"segments is {segments}; a polygon needs three corners or more.")
    ends = shapes.points.reshape(-1, 4, shapes.points.shape[1])
    angles = np.arange(segments) * (2 * np.pi / segments)
    centre = (ends[:, 0] + ends[:, 1]) / 2
    major, minor = (ends[:, 1] - ends[:, 0]) / 2, (ends[:, 3] - ends[:, 2]) / 2
    corners = (
        centre[:, None]
        + np.cos(angles)[None, :, None] * major[:, None]
        + np.sin(angles)[None, :, None] * minor[:, None]
    )
    return Shapes.of(GraphicTypeValues.POLYGON, corners.astype(shapes.points.dtype))


def following_points(shapes: Shapes) -> NDArray[np.int64]:
    """Tell which point each point is joined to when shapes are closed.

    Parameters
    ----------
    shapes: Shapes
        The shapes.

    Returns
    -------
    numpy.ndarray
        Row of the next point, of the first one after the last; shape (n,).
    """
    following = np.arange(1, len(shapes.points) + 1, dtype=np.int64)
    following[shapes.offsets[1:] - 1] = shapes.offsets[:-1]
    return following


def areas_of(shapes: Shapes) -> NDArray[np.float64]:
    """Measure the areas that shapes enclose.

    Parameters
    ----------
    shapes: Shapes
        Polygons, rectangles or ellipses, in two dimensions, or in three in planes parallel to the slide.

    Returns
    -------
    numpy.ndarray
        Areas in the square of the coordinates' unit, shape (m,). A part that is enclosed twice counts twice.

    Raises
    ------
    ValueError
        If the shapes have no inside.
    """
    if shapes.graphic_type is GraphicTypeValues.ELLIPSE:
        ends = shapes.points.reshape(-1, 4, shapes.points.shape[1]).astype(np.float64)
        axes = np.linalg.norm(ends[:, 1::2] - ends[:, ::2], axis=2)
        return np.asarray(np.pi / 4 * axes.prod(axis=1))
    return np.abs(signed_areas(as_polygons(shapes)))


def signed_areas(polygons: Shapes) -> NDArray[np.float64]:
    """Measure areas, positive where corners go clockwise on a screen.

    Parameters
    ----------
    polygons: Shapes
        The polygons.

    Returns
    -------
    numpy.ndarray
        Shape (m,).
    """
    areas = np.empty(len(polygons))
    for first, last in _portions(polygons.offsets):
        areas[first:last] = _areas_between(polygons, first, last)
    return areas


def _portions(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut shapes into portions whose points fit into the processor's cache, which no temporary array then leaves."""
    first, count = 0, len(offsets) - 1
    while first < count:
        last = int(np.searchsorted(offsets, offsets[first] + _POINTS_AT_ONCE, "right")) - 1
        yield first, max(last, first + 1)
        first = max(last, first + 1)


def _areas_between(polygons: Shapes, first: int, last: int) -> NDArray[np.float64]:
    offsets = polygons.offsets[first : last + 1] - polygons.offsets[first]
    points: NDArray[Any] = polygons.points[polygons.offsets[first] : polygons.offsets[last], :2].astype(np.float64)
    # relative to the first corner, or the difference of huge products would lose all digits
    points -= np.repeat(points[offsets[:-1]], np.diff(offsets), axis=0)
    following = np.arange(1, len(points) + 1)
    following[offsets[1:] - 1] = offsets[:-1]
    others = points[following]
    products = points[:, 0] * others[:, 1] - others[:, 0] * points[:, 1]
    return np.asarray(np.add.reduceat(products, offsets[:-1]) / 2)
