"""Compound graphics as lines, areas and labels (PS3.3 C.10.5.1.3).

Each has an equivalent rendering as simple shapes and texts, which name it by its Compound Graphic Instance ID. These
are drawn, and a compound graphic itself only where they are missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.model.element import fetch

from hdcore_pr.presentation.curves import outline_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.placement import Placement

    Points = npt.NDArray[np.float64]

__all__ = ["Parts", "parts_of", "without_simple_shapes"]

_PART_OF_DISPLAY = 32
"""Ticks and arrow heads are this part of the display, 1/32."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a compound graphic looks like on the display."""

    lines: list[Points] = field(default_factory=list)
    """Shape (points, 2) each."""
    area: Points | None = None
    """Outline of what may be filled."""
    labels: list[tuple[str, Points]] = field(default_factory=list)
    """Texts, and the middle of each."""


@dataclass(frozen=True, slots=True)
class _Graphic:
    item: Dataset
    points: Points
    center: Points
    """The rotation point, else the middle of the points."""
    size: tuple[int, int]
    """Columns and rows of the display."""

    @property
    def tick(self) -> float:
        return max(3.0, min(self.size) / _PART_OF_DISPLAY)


def without_simple_shapes(annotation: Dataset) -> Iterator[Dataset]:
    """Give the compound graphics of an annotation that no simple shape or text of it stands for."""
    drawn = {
        fetch(simple, "CompoundGraphicInstanceID")
        for keyword in ("GraphicObjectSequence", "TextObjectSequence")
        for simple in fetch(annotation, keyword, ())
    } - {None}
    for compound in fetch(annotation, "CompoundGraphicSequence", ()):
        if fetch(compound, "CompoundGraphicInstanceID") not in drawn:
            yield compound


def parts_of(item: Dataset, placement: Placement, size: tuple[int, int]) -> Parts | None:
    """Make the parts of a compound graphic.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        Item of a Compound Graphic Sequence.
    placement: Placement
        Where its coordinates lie on the display.
    size: tuple[int, int]
        Columns and rows of the display.

    Returns
    -------
    Parts | None
        None if it has not the points that it needs, or is of a type of which only the simple shapes can be drawn.
    """
    kind, units = str(fetch(item, "CompoundGraphicType", "")), str(fetch(item, "CompoundGraphicUnits", ""))
    given = np.asarray(fetch(item, "GraphicData", ()), np.float64)
    is_box = kind in ("RECTANGLE", "ELLIPSE") and given.size == 4
    points = placement.locate(units, _corners(given) if is_box else given)
    if points is None or kind not in _TYPES or len(points) != _TYPES[kind][0](len(points)):
        return None
    center = placement.locate(units, fetch(item, "RotationPoint", ()))
    middle: Points = points.mean(axis=0) if center is None else center[0]
    degrees = float(fetch(item, "RotationAngle", 0.0))
    if degrees:
        angle = np.radians(-degrees if placement.is_mirrored(units) else degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])  # rows run downward
        points = middle + (points - middle) @ turn.T
    return _TYPES[kind][1](_Graphic(item, points, middle, size))


def _corners(box: Points) -> Points:
    left, top, right, bottom = box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _rectangle(graphic: _Graphic) -> Parts:
    closed = np.vstack([graphic.points, graphic.points[:1]])
    return Parts([closed], closed)


def _ellipse(graphic: _Graphic) -> Parts:
    sides = (graphic.points + np.roll(graphic.points, -1, axis=0)) / 2.0  # top, right, bottom, left
    outline = outline_of("ELLIPSE", sides[[3, 1, 0, 2]])
    return Parts([outline], outline)


def _lines(graphic: _Graphic) -> Parts:
    return Parts(list(graphic.points.reshape(-1, 2, 2)))


def _through(graphic: _Graphic) -> Parts:
    """Draw a line to the borders of the display, but for a gap around the rotation point."""
    start, end, gap = _reaches(graphic)
    along = _direction(graphic.points)
    pieces = [(start, -gap), (gap, end)] if gap else [(start, end)]
    nearest = _nearest(graphic)
    return Parts([nearest + np.outer(piece, along) for piece in pieces if piece[0] < piece[1]])


def _cut(graphic: _Graphic) -> Parts:
    parts = _through(graphic)
    start, end, _ = _reaches(graphic)
    along, nearest = _direction(graphic.points), _nearest(graphic)
    right = np.array([-along[1], along[0]])
    for half in (start / 2.0, end / 2.0):
        tip = nearest + half * along
        parts.lines.extend(_arrow(tip + 3.0 * graphic.tick * right, tip, graphic.tick))
    return parts


def _arrow(tail: Points, tip: Points, length: float) -> list[Points]:
    back = -_direction(np.stack([tail, tip]))
    aside = np.array([-back[1], back[0]]) * 0.5
    return [
        np.stack([tail, tip]),
        np.stack([tip + length * (back + aside), tip, tip + length * (back - aside)]),
    ]


def _direction(points: Points) -> Points:
    way: Points = points[-1] - points[0]
    length = float(np.hypot(*way))
    return way / length if length else np.array([1.0, 0.0])


def _nearest(graphic: _Graphic) -> Points:
    """Find the place of the line that is nearest to its centre."""
    first, along = graphic.points[0], _direction(graphic.points)
    place: Points = first + ((graphic.center - first) @ along) * along
    return place


def _reaches(graphic: _Graphic) -> tuple[float, float, float]:
    """Tell how far from there it leaves the display, backward and forward, and half of its gap."""
    along, nearest = _direction(graphic.points), _nearest(graphic)
    entries, exits = [], []
    for way, place, length in zip(along, nearest, graphic.size, strict=True):
        if abs(way) > np.finfo(float).eps:
            near, far = sorted((-place / way, (length - place) / way))
            entries.append(near)
            exits.append(far)
    diameter = float(fetch(graphic.item, "GapLength", 0.0)) * graphic.size[0]
    off = float(np.hypot(*(graphic.center - nearest)))
    return max(entries), min(exits), float(np.sqrt(max(0.0, (diameter / 2.0) ** 2 - off**2)))


def _scale(graphic: _Graphic) -> Parts:
    """Draw a ruler or an axis: a line with ticks and their labels."""
    first, last = graphic.points
    along = _direction(graphic.points)
    up = np.array([along[1], -along[0]]) * graphic.tick
    low, high = _TICKS.get(str(fetch(graphic.item, "TickAlignment", "CENTER")), _TICKS["CENTER"])
    side = -2.0 if fetch(graphic.item, "TickLabelAlignment", "BOTTOM") == "BOTTOM" else 2.0
    parts = Parts([graphic.points])
    for tick in fetch(graphic.item, "MajorTicksSequence", ()):
        place = first + float(fetch(tick, "TickPosition", 0.0)) * (last - first)
        parts.lines.append(np.stack([place + low * up, place + high * up]))
        label: Any = fetch(tick, "TickLabel")
        if label and fetch(graphic.item, "ShowTickLabel", "Y") == "Y":
            parts.labels.append((str(label), place + side * up))
    return parts


_TICKS = {"BOTTOM": (-1.0, 0.0), "CENTER": (-0.5, 0.5), "TOP": (0.0, 1.0)}
"""Where ticks begin and end, above the line as it runs from left to right."""


def _two(_: int) -> int:
    return 2


def _four(_: int) -> int:
    return 4


def _pairs(count: int) -> int:
    return count - count % 2


_TYPES: dict[str, tuple[Callable[[int], int], Callable[[_Graphic], Parts]]] = {
    "RECTANGLE": (_four, _rectangle),
    "ELLIPSE": (_four, _ellipse),
    "MULTILINE": (_pairs, _lines),
    "INFINITELINE": (_two, _through),
    "CUTLINE": (_two, _cut),
    "RULER": (_two, _scale),
    "AXIS": (_two, _scale),
}
"""How many points each type has, boxes their corners, and its parts."""
