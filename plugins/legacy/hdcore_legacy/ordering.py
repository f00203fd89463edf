"""In which order the frames of a converted image go: by their places, or by their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from hdcore.model.making import tag_of
from hdcore.spatial.stack import StackError, find_stack

from hdcore_legacy.elements import Elements, value_of
from hdcore_legacy.keywords import APART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["SAME_PLACE", "SpatialOrder", "numbered_order", "numbers_of", "spatial_order"]

SAME_PLACE = 1e-3
"""Millimetres between planes below which they are at the same place."""
_LISTED = 5


class SpatialOrder(NamedTuple):
    """The order of places, or why there is none."""

    order: list[int] | None
    """Indices of the images in the order of their places; None if they are no regular volume."""
    spacing: float | None
    """Distance between neighbours in millimetres."""
    problem: str
    """Why there is no order."""
    is_surprise: bool
    """Whether there should be one: images have places, and where several are at one place, nothing tells why."""


def spatial_order(elements: Sequence[Elements]) -> SpatialOrder:
    """Find the order of the places of images.

    Parameters
    ----------
    elements: Sequence[dict[int, bytes]]
        What each image says.

    Returns
    -------
    SpatialOrder
        The order, opposite to the normal of the planes, or what is in the way.
    """

    def column(keyword: str, size: int) -> Any:
        tag = int(tag_of(keyword))
        return numbers_of([one.get(tag) for one in elements], size)

    positions, orientations = column("ImagePositionPatient", 3), column("ImageOrientationPatient", 6)
    if positions is None or orientations is None:
        return SpatialOrder(None, None, "an image has no position or no orientation.", False)
    turned = np.flatnonzero((np.abs(orientations - orientations[0]) > 1e-4).any(axis=1))
    if len(turned):
        shown = ", ".join(map(str, turned[:_LISTED].tolist()))
        return SpatialOrder(None, None, f"legacy_datasets {shown} have another orientation than the first.", True)
    try:
        stack = find_stack(positions, orientations[0])
    except StackError as error:
        distances = positions @ np.cross(orientations[0][:3], orientations[0][3:])
        problem, are_only_duplicates = _describe_steps(distances)
        is_surprise = not (are_only_duplicates and _are_told_apart(elements, distances))
        return SpatialOrder(None, None, problem or f"{error}.", is_surprise)
    order = np.argsort(stack.indices, kind="stable").tolist()
    return SpatialOrder(order, stack.spacing if len(order) > 1 else None, "", False)


def _describe_steps(distances: NDArray[np.float64]) -> tuple[str, bool]:
    """List where neighbouring images are further apart, or closer, than most; tell if they are only duplicates."""
    order = np.argsort(distances, kind="stable")
    steps = np.diff(distances[order])
    is_duplicate = steps < SAME_PLACE
    proper = np.sort(steps[~is_duplicate])
    usual = float(proper[len(proper) // 2]) if len(proper) else 0.0
    is_odd = is_duplicate | (np.abs(steps - usual) > 0.01 * usual)
    odd = np.flatnonzero(is_odd)
    listed = [
        f"{'duplicate' if is_duplicate[at] else 'step'} of {steps[at]:.4g} mm between legacy_datasets {order[at]} and "
        f"{order[at + 1]}"
        for at in odd[:_LISTED]
    ]
    more = f", and {len(odd) - _LISTED} more" if len(odd) > _LISTED else ""
    usually = f", where most are {usual:.4g} mm apart" if len(proper) else ""
    return f"{', '.join(listed)}{more}{usually}." if listed else "", bool(len(odd)) and bool(is_duplicate[odd].all())


def _are_told_apart(elements: Sequence[Elements], distances: NDArray[np.float64]) -> bool:
    """Tell whether images at one place differ in time, echo or the like."""
    order = np.argsort(distances, kind="stable")
    places = np.empty(len(distances), np.intp)
    places[order] = np.cumsum(np.diff(distances[order], prepend=-np.inf) >= SAME_PLACE)
    tags = [int(tag_of(keyword)) for keyword in APART]
    said = {(place, *map(one.get, tags)) for place, one in zip(places.tolist(), elements, strict=True)}
    return len(said) == len(elements)


def numbered_order(elements: Sequence[Elements]) -> tuple[list[int] | None, tuple[str, ...]]:
    """Find the order of the numbers of images.

    Parameters
    ----------
    elements: Sequence[dict[int, bytes]]
        What each image says.

    Returns
    -------
    order: list[int] | None
        Indices of the images in the order of their numbers; None if these are missing or repeat.
    keywords: tuple[str, ...]
        What they are ordered by.
    """

    def numbers(keyword: str) -> list[int] | None:
        column = numbers_of([one.get(int(tag_of(keyword))) for one in elements], 1)
        return None if column is None else column[:, 0].astype(int).tolist()

    instances, series = numbers("InstanceNumber"), numbers("SeriesNumber")
    if instances is None:
        return None, ()
    if len(set(instances)) == len(instances):
        return sorted(range(len(instances)), key=instances.__getitem__), ("InstanceNumber",)
    if series is None:
        return None, ()
    keys = list(zip(series, instances, strict=True))
    if len(set(keys)) < len(keys):
        return None, ()
    return sorted(range(len(keys)), key=keys.__getitem__), ("SeriesNumber", "InstanceNumber")


def numbers_of(column: Sequence[bytes | None], size: int) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Read decimal strings of all images; None if one has not got them.

    Parameters
    ----------
    column: Sequence[bytes | None]
        The encoded elements.
    size: int
        How many numbers each has.

    Returns
    -------
    numpy.ndarray | None
        Shape (images, size).
    """
    try:
        values = [[float(text) for text in value_of(element).split(b"\\")] for element in column]
        array = np.array(values, np.float64)
    except ValueError:
        return None
    return array if array.shape == (len(column), size) and np.isfinite(array).all() else None
