"""Pixels to polygons: the outlines of all regions of a label image at once, without a loop over regions or pixels.

The outline of a region runs along the sides of its pixels, with the region on its right hand. Every pixel side between
two labels is one directed edge, and which edge follows which is known from the three pixels ahead; so the outlines are
the cycles of a permutation. Each cycle's edges are put in order by pointer doubling: logarithmically many NumPy passes.

A region with holes has several cycles. A polygon of a bulk annotation has one, so that holes are joined to the outline
around them by a cut of no width: the permutation is changed at both ends of the cut before it is followed. Filled by
the even-odd rule, as :func:`hdcore_ann.rasterize` does, the polygon gives exactly the region back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.distinct import distinct

from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.shapes import Shapes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["trace"]

_EAST, _SOUTH, _WEST, _NORTH = range(4)
# corner of its pixel at which an edge begins, as (row, column): east runs along the top, south along the right side …
_BEGINS = np.array([(0, 0), (0, 1), (1, 1), (1, 0)])


def trace(
    labels: ArrayLike, *, left: int = 0, top: int = 0, holes: Literal["cut", "fill"] = "cut"
) -> tuple[Shapes, NDArray[Any]]:
    """Outline the regions of a mask or label image.

    Pixels of one label that share a side are one region; those that touch at a corner only are not.

    Parameters
    ----------
    labels: numpy.typing.ArrayLike
        Truth values, or integers of which 0 is background, shape (rows, columns).
    left, top: int, optional
        Column and row of the first pixel in the image that the outlines are for.
    holes: str, optional
        ``"cut"`` joins each hole to the outline around it by a cut of no width, so that the polygon is exactly the
        region; ``"fill"`` leaves holes out, for viewers and measurements that expect simple outlines.

    Returns
    -------
    polygons: Shapes
        One polygon per region in (column, row) pixels, float32; corners only, clockwise on a screen, in the order of
        the regions' first pixels.
    values: numpy.ndarray
        Label of each polygon, shape (m,).

    Raises
    ------
    TypeError
        If the labels are not truth values or integers.
    ValueError
        If they are not two-dimensional, or ``holes`` is something else.
    """
    image = np.asarray(labels)
    if image.ndim != 2:
        raise InputError(f"labels has shape {image.shape}; expected (rows, columns).")
    if image.dtype.kind not in "biu":
        raise InputTypeError(f"labels is of type {image.dtype}; expected truth values or integers.")
    if holes not in ("cut", "fill"):
        raise InputError(f"holes is {holes!r}; expected 'cut' or 'fill'.")
    padded = np.pad(image, 1)
    edges = _edges_of(padded)
    if not len(edges.pixels):
        return Shapes(GraphicTypeValues.POLYGON, np.empty((0, 2), np.float32), np.zeros(1, np.int64)), image.ravel()[:0]
    loops = _smallest_of_cycle(edges.following)
    is_hole = _are_holes(edges, loops)
    if holes == "cut" and is_hole.any():
        edges = _with_cuts(padded, edges, distinct(loops[is_hole]))
        loops = _smallest_of_cycle(edges.following)
    elif is_hole.any():
        edges = edges.without(is_hole)
        loops = _smallest_of_cycle(edges.following)
    order, sizes = _in_order(edges.following, loops)
    points, counts = _corners(edges, order, sizes)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    first = order[np.cumsum(sizes) - sizes]
    values = padded.ravel()[edges.pixels[first]]
    points = points[:, ::-1] - 1 + (left, top)
    return Shapes(GraphicTypeValues.POLYGON, points.astype(np.float32), offsets), values


@dataclass(frozen=True)
class _Edges:
    """Directed edges along pixel sides, sorted by pixel and direction."""

    pixels: NDArray[np.int64]
    """Flat index of the pixel on the right hand."""
    directions: NDArray[np.int64]
    begins: NDArray[np.int64]
    """(row, column) of the corner where the edge begins, shape (n, 2)."""
    following: NDArray[np.int64]
    """Index of the edge that follows."""

    def without(self, dropped: NDArray[np.bool_]) -> _Edges:
        kept = ~dropped
        renumbered = np.cumsum(kept) - 1
        return _Edges(self.pixels[kept], self.directions[kept], self.begins[kept], renumbered[self.following[kept]])


def _edges_of(padded: NDArray[Any]) -> _Edges:
    width = padded.shape[1]
    steps = np.array([1, width, -1, -width])
    flat = padded.ravel()
    sides = np.zeros((4, flat.size), bool)
    inner = np.zeros(padded.shape, bool)
    inner[1:-1, 1:-1] = padded[1:-1, 1:-1] != 0
    inside = np.flatnonzero(inner)
    for direction in range(4):
        # the side to the left hand of the direction: above for east, right for south …
        neighbour = inside + steps[direction - 1]
        sides[direction, inside] = flat[inside] != flat[neighbour]
    keys = np.sort(np.concatenate([np.flatnonzero(side) * 4 + direction for direction, side in enumerate(sides)]))
    pixels, directions = keys // 4, keys % 4
    right, leftwards = (directions + 1) % 4, (directions + 3) % 4
    ahead = pixels + steps[directions]
    turns_right = sides[right, pixels]
    straight = ~turns_right & sides[directions, ahead]
    following_pixel = np.where(turns_right, pixels, np.where(straight, ahead, ahead + steps[leftwards]))
    following_direction = np.where(turns_right, right, np.where(straight, directions, leftwards))
    following = np.searchsorted(keys, following_pixel * 4 + following_direction)
    begins = np.stack([pixels // width, pixels % width], axis=1) + _BEGINS[directions]
    return _Edges(pixels, directions, begins, following)


def _smallest_of_cycle(following: NDArray[np.int64]) -> NDArray[np.int64]:
    smallest, jump = np.arange(len(following)), following
    while True:
        smaller = np.minimum(smallest, smallest[jump])
        if np.array_equal(smaller, smallest):
            return smallest
        smallest, jump = smaller, jump[jump]


def _are_holes(edges: _Edges, loops: NDArray[np.int64]) -> NDArray[np.bool_]:
    here, there = edges.begins, edges.begins[edges.following]
    products = here[:, 1] * there[:, 0] - there[:, 1] * here[:, 0]
    # counter-clockwise around what is not the region; sums of integers below 2**53 are exact in float64
    return np.bincount(loops, products, len(loops))[loops] < 0


def _with_cuts(padded: NDArray[Any], edges: _Edges, holes: NDArray[np.int64]) -> _Edges:
    """Join holes, named by their first edges, to the outlines left of them."""
    width = padded.shape[1]
    keys = edges.pixels * 4 + edges.directions
    pixels = edges.pixels[holes]
    # the first pixel that borders a hole lies above it; a run of the region leads left from there to another outline
    upper = np.searchsorted(keys, pixels * 4 + _WEST)
    starts = np.flatnonzero(edges.directions == _NORTH)
    ends = starts[np.searchsorted(edges.pixels[starts], pixels, side="right") - 1]
    count, total = len(holes), len(keys)
    there, back = total + np.arange(count), total + count + np.arange(count)
    following = np.concatenate([edges.following, edges.following[upper], ends])
    preceding = np.empty(total, np.int64)
    preceding[edges.following] = np.arange(total)
    preceding[edges.following[upper]] = there
    following[upper] = back
    # several cuts may end at one place: they are walked one after another
    order = np.argsort(ends, kind="stable")
    same = ends[order][1:] == ends[order][:-1]
    following[back[order[:-1][same]]] = there[order[1:][same]]
    leading = order[np.concatenate([np.ones(1, bool), ~same])]
    following[preceding[ends[leading]]] = there[leading]
    hole_corner = np.stack([pixels // width + 1, pixels % width], axis=1)
    return _Edges(
        np.concatenate([edges.pixels, pixels, pixels]),
        np.concatenate([edges.directions, np.full(count, _EAST), np.full(count, _WEST)]),
        np.concatenate([edges.begins, edges.begins[ends], hole_corner]),
        following,
    )


def _in_order(following: NDArray[np.int64], loops: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Put edges in the order in which they follow, loop by loop."""
    heads = loops == np.arange(len(loops))
    jump = np.where(heads[following], np.arange(len(loops)), following)
    distance = np.where(heads[following], 0, 1)
    while True:
        further = distance[jump]
        if not further.any():
            break
        distance = distance + further
        jump = jump[jump]
    order = np.lexsort((-distance, loops))
    return order, np.bincount(loops, minlength=len(loops))[heads]


def _corners(
    edges: _Edges, order: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    loop = np.repeat(np.arange(len(sizes)), sizes)
    begins = edges.begins[order]
    lasts = np.cumsum(sizes) - 1
    following = np.arange(1, len(order) + 1)
    following[lasts] = lasts - sizes + 1
    moving = (begins[following] != begins).any(axis=1)
    loop, begins, directions = loop[moving], begins[moving], edges.directions[order][moving]
    counts = np.bincount(loop, minlength=len(sizes))
    ends = np.cumsum(counts)
    before = np.arange(-1, len(loop) - 1)
    before[ends - counts] = ends - 1
    turning = directions != directions[before]
    return begins[turning], np.bincount(loop[turning], minlength=len(sizes))
