"""Whether positions, orientations and spacings are possible (PS3.3 C.7.6.2, C.7.6.16.2, C.8.12)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hdcore.validation.codes import found
from hdcore.validation.elements import keyword_of_tag
from hdcore.validation.equal_items import rows_of
from hdcore.validation.structure import PER_FRAME, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Element, Item
    from hdcore.validation.equal_items import Rows
    from hdcore.validation.findings import Finding

__all__ = ["check_geometry", "check_tiles"]

_ORIENTATIONS = (0x00200037, 0x00480102)
_SPACINGS = (0x00280030, 0x00181164, 0x00182010)
_TOLERANCE = 1e-3
"""Of lengths and angles of direction cosines; files store about six digits, and some only three."""
_PLANE_GROUPS = (0x00209116, 0x00289110)
ORGANIZATION, FRAMES, ROWS, COLUMNS = 0x00209311, 0x00280008, 0x00280010, 0x00280011
MATRIX_COLUMNS, MATRIX_ROWS, PLANES, PATHS, SEGMENTS = 0x00480006, 0x00480007, 0x00480303, 0x00480302, 0x00620002
_LABELMAP = "LABELMAP"


def check_geometry(context: Context) -> Iterator[Finding]:
    """Check orientations and spacings of the image and of its frames."""
    root = context.root
    yield from _check_item(root, "")
    for tag in (SHARED, PER_FRAME):
        items = root.items(tag)
        groups, single = rows_of(items)
        numbers = [*single, *(first for rows in groups for first in _first_of_each(rows))]
        for number in sorted(set(numbers)):
            for group in _PLANE_GROUPS:
                for inner, item in enumerate(items[number].items(group)):
                    yield from _check_item(item, f"{keyword_of_tag(tag)}[{number}]/{keyword_of_tag(group)}[{inner}]/")


def _first_of_each(rows: Rows) -> Iterator[int]:
    """Give the first frame of each distinct orientation and spacing."""
    for column in rows.columns:
        if column.path[-1] in (*_ORIENTATIONS, *_SPACINGS) and column.length:
            for number, _, _ in rows.distinct(column):
                yield number


def _check_item(item: Item, prefix: str) -> Iterator[Finding]:
    for tag in _ORIENTATIONS:
        element = item.get(tag)
        if element is not None:
            yield from _check_orientation(element, prefix)
    for tag in _SPACINGS:
        element = item.get(tag)
        numbers = _numbers(element)
        if numbers and any(number <= 0 for number in numbers):
            path = prefix + keyword_of_tag(tag)
            yield found("STD001", path, f"is {numbers}; spacings are greater than 0", "PS3.3 10.7.1.3")


def _check_orientation(element: Element, prefix: str) -> Iterator[Finding]:
    numbers = _numbers(element)
    if len(numbers) != 6:
        return
    row, column = numbers[:3], numbers[3:]
    lengths = [math.sqrt(sum(one * one for one in vector)) for vector in (row, column)]
    product = sum(one * other for one, other in zip(row, column, strict=True))
    path = prefix + keyword_of_tag(element.tag)
    if any(abs(length - 1) > _TOLERANCE for length in lengths):
        shown = ", ".join(f"{length:.4g}" for length in lengths)
        yield found("STD001", path, f"has direction cosines of length {shown}; expected 1", "PS3.3 C.7.6.2.1.1")
    elif abs(product) > _TOLERANCE:
        yield found(
            "STD001",
            path,
            f"has row and column directions that are not orthogonal ({product:.4g})",
            "PS3.3 C.7.6.2.1.1",
        )


def _numbers(element: Element | None) -> list[float]:
    values: Sequence[object] = element.values if element is not None else ()
    numbers = [float(value) for value in values if isinstance(value, (int, float))]
    return numbers if len(numbers) == len(values) and all(map(math.isfinite, numbers)) else []


def check_tiles(context: Context) -> Iterator[Finding]:
    """Check that a tiled image of implicit positions has as many frames as it has tiles (PS3.3 C.7.6.17.3)."""
    root = context.root
    if root.first(ORGANIZATION) != "TILED_FULL":
        return
    needed = [root.number(tag) for tag in (FRAMES, ROWS, COLUMNS, MATRIX_ROWS, MATRIX_COLUMNS)]
    if any(not one for one in needed):
        return
    frames, rows, columns, matrix_rows, matrix_columns = (one or 1 for one in needed)
    if root.get(0x00209161) is not None:  # of a concatenation, each instance holds a part
        return
    channels = root.number(PATHS) or 1
    if root.items(SEGMENTS):
        channels = 1 if root.first(0x00620001) == _LABELMAP else len(root.items(SEGMENTS))
    tiles = math.ceil(matrix_rows / rows) * math.ceil(matrix_columns / columns)
    expected = tiles * channels * (root.number(PLANES) or 1)
    if frames != expected:
        yield found("MFG001", "NumberOfFrames", f"is {frames}; TILED_FULL with this total pixel matrix has {expected}")
