"""Shapes to pixels: all shapes at once, scan line by scan line, without a loop over them.

A pixel belongs to a shape that encloses its centre; where outlines cross themselves, whatever an odd number of lines
separates from the outside is inside. Every line of every outline is cut by the scan lines through the pixels' centres;
the cuts, sorted by shape, row and column, are pairwise the beginnings and ends of runs of pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError

from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.outlines import ENCLOSING, as_polygons, following_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from hdcore_ann.shapes import Shapes

__all__ = ["rasterize"]

_CUTS_AT_ONCE = 4_000_000
_PIXELS_AT_ONCE = 8_000_000


def rasterize(
    shapes: Shapes, region: tuple[int, int, int, int], values: ArrayLike | None = None, segments: int = 72
) -> NDArray[Any]:
    """Draw shapes into the pixels of a region.

    Parameters
    ----------
    shapes: Shapes
        Shapes in pixels. Points fill the pixel that they lie in, polylines the pixels that they pass through, others
        the pixels whose centres they enclose.
    region: tuple[int, int, int, int]
        (left, top, right, bottom) in pixels; right and bottom are the first column and row that do not belong to it.
    values: numpy.typing.ArrayLike | None, optional
        One value per shape, shape (m,); where shapes overlap, that of the last is drawn.
    segments: int, optional
        Corners of the polygon that is drawn for an ellipse.

    Returns
    -------
    numpy.ndarray
        Shape (bottom - top, right - left): whether a pixel belongs to any shape; with ``values`` the value of the shape
        that it belongs to, 0 for none.

    Raises
    ------
    ValueError
        If shapes are not in pixels, the region is empty, or there are not as many values as shapes.
    """
    left, top, right, bottom = (int(bound) for bound in region)
    if left >= right or top >= bottom:
        raise InputError(f"region is {region}; expected (left, top, right, bottom) that enclose pixels.")
    if shapes.points.shape[1] != 2:
        raise InputError("Shapes in the slide's frame of reference must be brought to pixels first (to_pixels).")
    drawn = None if values is None else np.asarray(values)
    if drawn is not None and drawn.shape != (len(shapes),):
        raise InputError(f"values has shape {drawn.shape}; expected one value per shape, ({len(shapes)},).")
    canvas = np.zeros((bottom - top, right - left), bool if drawn is None else drawn.dtype)
    touching = shapes.find((left, top, right, bottom))
    for chosen in _portions(shapes, touching):
        part = shapes.select(chosen)
        if part.graphic_type in ENCLOSING:
            part = as_polygons(part, segments)
        part = part.with_points(part.points.astype(np.float64) - (left, top))
        which, rows, starts, stops = _runs(part, canvas.shape)
        _paint(canvas, rows, starts, stops, None if drawn is None else drawn[chosen][which])
    return canvas


def _portions(shapes: Shapes, chosen: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    boxes = shapes.bounding_boxes[chosen]
    cuts = shapes.counts[chosen] + 2 * np.ceil(boxes[:, 1, 1] - boxes[:, 0, 1]).astype(np.int64)
    edges = np.cumsum(cuts) // _CUTS_AT_ONCE
    yield from np.split(chosen, np.flatnonzero(np.diff(edges)) + 1)


_Runs = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]


def _runs(shapes: Shapes, canvas: tuple[int, ...]) -> _Runs:
    if not len(shapes):
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing, nothing
    if shapes.graphic_type is GraphicTypeValues.POLYGON:
        return _runs_inside(shapes, canvas)
    which, points = _points_along(shapes)
    columns, rows = np.floor(points).astype(np.int64).T
    visible = (columns >= 0) & (columns < canvas[1]) & (rows >= 0) & (rows < canvas[0])
    return which[visible], rows[visible], columns[visible], columns[visible] + 1


def _points_along(shapes: Shapes) -> tuple[NDArray[np.int64], NDArray[np.floating[Any]]]:
    which = np.repeat(np.arange(len(shapes), dtype=np.int64), shapes.counts)
    points = shapes.points
    if shapes.graphic_type is GraphicTypeValues.POINT:
        return which, points
    # two samples per pixel along each line; the last point of a shape is its own line of no length
    following = following_points(shapes)
    following[shapes.offsets[1:] - 1] = shapes.offsets[1:] - 1
    steps = np.ceil(2 * np.abs(points[following] - points).max(axis=1)).astype(np.int64) + 1
    line, within = _expanded(steps)
    along = (within / steps[line])[:, None]
    return which[line], points[line] * (1 - along) + points[following[line]] * along


def _runs_inside(polygons: Shapes, canvas: tuple[int, ...]) -> _Runs:
    height, width = canvas
    x, y = polygons.points.T
    following = following_points(polygons)
    first = np.clip(np.ceil(np.minimum(y, y[following]) - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(np.maximum(y, y[following]) - 0.5), 0, height).astype(np.int64)
    line, within = _expanded(last - first)
    rows = first[line] + within
    other = following[line]
    cuts = x[line] + (rows + 0.5 - y[line]) * (x[other] - x[line]) / (y[other] - y[line])
    which = np.repeat(np.arange(len(polygons)), polygons.counts)[line]
    order = np.lexsort((cuts, which * height + rows))
    ends = np.clip(np.ceil(cuts[order] - 0.5), 0, width).astype(np.int64)
    begins = order[::2]
    return which[begins], rows[begins], ends[::2], ends[1::2]


def _expanded(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Repeat each index as often as counted, and number the repetitions."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def _paint(
    canvas: NDArray[Any],
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    values: NDArray[Any] | None,
) -> None:
    flat = canvas.reshape(-1)
    lengths = stops - starts
    firsts = rows * canvas.shape[1] + starts
    limits = np.flatnonzero(np.diff(np.cumsum(lengths) // _PIXELS_AT_ONCE)) + 1
    for portion in np.split(np.arange(len(rows)), limits):
        run, within = _expanded(lengths[portion])
        flat[firsts[portion][run] + within] = True if values is None else values[portion][run]
