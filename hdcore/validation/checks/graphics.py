"""Graphics of presentation states (PS3.3 C.10.5, C.10.7, C.10.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.codes import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.findings import Finding

__all__ = ["check_displayed_areas", "check_graphics"]

ANNOTATIONS, LAYERS, LAYER, OBJECTS = 0x00700001, 0x00700060, 0x00700002, 0x00700009
TYPE, POINTS, DATA = 0x00700023, 0x00700021, 0x00700022
AREAS, REFERENCED_IMAGES, SERIES_LIST, INSTANCE = 0x0070005A, 0x00081140, 0x00081115, 0x00081155
_POINTS = {"POINT": (1, 1), "POLYLINE": (2, 0), "INTERPOLATED": (2, 0), "CIRCLE": (2, 2), "ELLIPSE": (4, 4)}


def check_graphics(context: Context) -> Iterator[Finding]:
    """Check graphic objects and the layers that they are on."""
    root = context.root
    layers = {item.first(LAYER) for item in root.items(LAYERS)}
    for number, annotation in enumerate(root.items(ANNOTATIONS)):
        prefix = f"GraphicAnnotationSequence[{number}]/"
        layer = annotation.first(LAYER)
        if layer is not None and layer not in layers:
            yield found(
                "STD001",
                f"{prefix}GraphicLayer",
                f"is {layer!r}, which Graphic Layer Sequence does not have",
                "PS3.3 C.10.7",
            )
        for which, graphic in enumerate(annotation.items(OBJECTS)):
            yield from _check_object(graphic, f"{prefix}GraphicObjectSequence[{which}]/")


def _check_object(graphic: Item, prefix: str) -> Iterator[Finding]:
    data, points, kind = graphic.get(DATA), graphic.number(POINTS), str(graphic.first(TYPE) or "")
    if data is None or data.is_empty:
        return
    count, rest = divmod(len(data.values), 2)
    if rest or (points is not None and points != count):
        message = f"has {len(data.values)} values, but Number of Graphic Points is {points}"
        yield found("STD001", f"{prefix}GraphicData", message, "PS3.3 C.10.5.1.2")
        return
    least, most = _POINTS.get(kind, (0, 0))
    if count < least or (most and count > most):
        takes = f"{least} points" if least == most else f"at least {least} points"
        yield found("STD001", f"{prefix}GraphicData", f"has {count} points; {kind} takes {takes}", "PS3.3 C.10.5.1.2")


def check_displayed_areas(context: Context) -> Iterator[Finding]:
    """Check that every referenced image has a displayed area, and that areas are not empty."""
    root = context.root
    areas = root.items(AREAS)
    if not areas:
        return
    shown: set[object] = set()
    for area in areas:
        images = area.items(REFERENCED_IMAGES)
        if not images:
            return
        shown |= {image.first(INSTANCE) for image in images}
    for number, series in enumerate(root.items(SERIES_LIST)):
        for which, image in enumerate(series.items(REFERENCED_IMAGES)):
            if image.first(INSTANCE) not in shown:
                path = f"ReferencedSeriesSequence[{number}]/ReferencedImageSequence[{which}]"
                yield found("STD001", path, "has no displayed area", "PS3.3 C.10.4")
