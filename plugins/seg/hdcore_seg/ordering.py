"""The dimensions that order planes: those of the coordinate system, or the caller's (PS3.3 C.7.6.17)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.codec import decode
from hdcore.frames.dimensions import (
    FRAME_LABEL,
    IN_STACK_POSITION,
    STACK_ID,
    TEMPORAL_POSITION,
    Dimension,
    index_values,
    spatial_dimensions,
)
from hdcore.model.element import fetch
from hdcore.spatial.distinct import are_distinct, numbered
from hdcore.text import check_text
from pydicom.datadict import dictionary_VR

from hdcore_seg.dimensions import SEGMENT
from hdcore_seg.groups import GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.layout import Layout
    from hdcore.frames.source import Source
    from hdcore.frames.table import FrameTable
    from numpy.typing import NDArray

__all__ = ["COUNTED", "dimension_of", "is_dimension", "order_planes", "refuse_same_place"]

_SAID_BY_IMAGES = {
    "TemporalPositionIndex": "TemporalPositionIdentifier",
    "FrameAcquisitionNumber": "AcquisitionNumber",
}
"""What single-frame images call the attributes of frames, where the name is another."""
COUNTED = ("TemporalPositionIndex", "InStackPositionNumber")
"""Attributes that count already, so that the index along the dimension is their value."""
_TEXTS, _COUNTS = ("SH", "LO", "CS"), ("US", "UL")
_FOCAL_PLANE = "ZOffsetInSlideCoordinateSystem"
_LONGEST_LIST = 24


def order_planes(
    source: Source, layout: Layout, dimensions: Mapping[str, Sequence[Any]] | Sequence[str] | None
) -> tuple[FrameTable, tuple[Dimension, ...]]:
    """Find the dimensions that order planes, and make sure that their columns are there.

    Parameters
    ----------
    source: Source
        The source images.
    layout: Layout
        Where planes lie.
    dimensions: Mapping[str, Sequence] | Sequence[str] | None
        What the caller says, as of :class:`hdcore_seg.Segmentation`.

    Returns
    -------
    tuple[FrameTable, tuple[Dimension, ...]]
        One row per plane, and the dimensions, the slowest first.

    Raises
    ------
    ValueError
        If an attribute cannot be a dimension, or its values are missing or too few.
    """
    planes = layout.planes
    if dimensions is None:
        return _ordered_by_default(source, layout)
    if isinstance(dimensions, str) or not hasattr(dimensions, "__iter__"):
        raise InputTypeError(f"dimensions is {dimensions!r}; expected a mapping or a list of keywords.")
    for keyword in dimensions:
        if not isinstance(keyword, str):
            raise InputTypeError(f"dimensions has {keyword!r}; expected keywords.")
    if len(set(dimensions)) < len(dimensions):
        raise InputError(f"dimensions has a keyword more than once: {', '.join(dimensions)}.")
    given: dict[str, Sequence[Any] | None] = (
        dict(dimensions) if isinstance(dimensions, Mapping) else dict.fromkeys(dimensions)
    )
    ordering = tuple(dimension_of(keyword) for keyword in given)
    for dimension, values in zip(ordering, given.values(), strict=True):
        if values is None:
            planes = _with_source_column(source, layout, planes, dimension)
        elif len(values) != len(planes):
            raise InputError(
                f"dimensions has {len(values)} values of {dimension.keyword}, but there are {len(planes)} planes."
            )
        else:
            planes = planes.with_columns(**{dimension.column: _checked(dimension.keyword, values)})
    return planes, ordering


def _checked(keyword: str, values: Sequence[Any]) -> Sequence[Any]:
    """Refuse values that the attribute cannot have."""
    representation = dictionary_VR(keyword)
    for value in values:
        if representation in _TEXTS:
            check_text(value, representation, f"dimensions[{keyword!r}]")
        elif representation in _COUNTS and (not hasattr(value, "__index__") or value < 0):
            raise InputError(f"dimensions[{keyword!r}] has the value {value!r}; expected an integer.")
        if keyword in COUNTED and value < 1:
            raise InputError(f"dimensions[{keyword!r}] has the value {value}; expected numbers from 1 on.")
    return values


def _ordered_by_default(source: Source, layout: Layout) -> tuple[FrameTable, tuple[Dimension, ...]]:
    planes = layout.planes
    spatial = spatial_dimensions(layout.coordinate_system)
    if spatial:
        return planes, spatial
    if len(planes) == 1:
        return planes.with_shared(frame_label=["1"]), (FRAME_LABEL,)
    count = np.arange(len(planes)) + 1
    if source.is_multiframe:
        return planes.with_columns(temporal_position_index=count), (TEMPORAL_POSITION,)
    return planes.with_shared(stack_id=["1"]).with_columns(in_stack_position_number=count), (
        STACK_ID,
        IN_STACK_POSITION,
    )


def dimension_of(keyword: str) -> Dimension:
    """Find an attribute of a functional group that may order planes.

    Parameters
    ----------
    keyword: str
        Keyword of the attribute.

    Raises
    ------
    ValueError
        If no functional group that hdcore writes has it.
    """
    for group in GROUPS:
        for column, attribute in getattr(group.node[1], "fields", ()):
            if attribute.keyword == keyword and keyword != SEGMENT.keyword:
                return Dimension(keyword, group.keyword, column, _words(keyword))
    raise InputError(
        f"dimensions has {keyword!r}, which is no attribute of a functional group that hdcore writes; "
        "expected one such as 'TemporalPositionIndex', 'StackID', 'InStackPositionNumber' or 'ImagePositionPatient'."
    )


def is_dimension(keyword: str) -> bool:
    """Tell whether a functional group that hdcore writes has an attribute, so that it may order planes.

    Parameters
    ----------
    keyword: str
        Keyword of the attribute.
    """
    return keyword != SEGMENT.keyword and any(
        attribute.keyword == keyword for group in GROUPS for _, attribute in getattr(group.node[1], "fields", ())
    )


def _words(keyword: str) -> str:
    return "".join(f" {letter}" if letter.isupper() else letter for letter in keyword).strip().replace("I D", "ID")


def _with_source_column(source: Source, layout: Layout, planes: FrameTable, dimension: Dimension) -> FrameTable:
    """Take a column from what the source says of its frames, unless it is one of the positions of planes."""
    if dimension.column in planes:
        return planes
    rows = layout.source_planes
    if not (rows < 0).any():
        if not source.is_multiframe:
            keyword = _SAID_BY_IMAGES.get(dimension.keyword, dimension.keyword)
            values = [fetch(source.images[row], keyword) for row in rows]
            if all(value is not None and value != "" for value in values):
                return planes.with_columns(**{dimension.column: values})
        else:
            table = decode(source.first, GROUPS)
            if dimension.column in table and table.present(dimension.column).all():
                return planes.with_columns(**{dimension.column: table.select(rows).column(dimension.column)})
    raise InputError(
        f"dimensions has {dimension.keyword} without values, and source_images do not say it of every plane; pass "
        "a mapping with its values."
    )


def refuse_same_place(
    planes: FrameTable, ordering: tuple[Dimension, ...], place: NDArray[np.int64], layout: Layout
) -> None:
    """Refuse planes that no dimension tells apart, and say which dimensions would.

    Parameters
    ----------
    planes: FrameTable
        One row per plane.
    ordering: tuple[Dimension, ...]
        The dimensions.
    place: numpy.ndarray
        Each plane's place along them, shape (planes, dimensions).
    layout: Layout
        Where planes lie.

    Raises
    ------
    ValueError
        If two planes have the same place in all dimensions.
    """
    if len(planes) < 2:
        return
    group, _ = numbered(place)
    counts = np.bincount(group)
    if counts.max() < 2:
        return
    first, second = np.flatnonzero(group == group[counts[group] > 1][0])[:2]
    names = [dimension.keyword for dimension in ordering]
    raise InputError(
        f"pixel_array has planes {first} and {second} at the same place in all dimensions "
        f"({', '.join(names) or 'there are none'}); {_remedy(planes, ordering, group, layout)}"
    )


def _remedy(planes: FrameTable, ordering: tuple[Dimension, ...], group: NDArray[np.intp], layout: Layout) -> str:
    names = [dimension.keyword for dimension in ordering]
    spatial = [one for one in spatial_dimensions(layout.coordinate_system) if one.keyword not in names]
    if "z_offset" in planes and _FOCAL_PLANE not in names:
        spatial.append(dimension_of(_FOCAL_PLANE))
    together = index_values(planes, (*ordering, *spatial), layout.image_orientation)
    if spatial and are_distinct(together):
        return f"let dimensions end with {', '.join(f'{one.keyword!r}: None' for one in spatial)} (each plane's own)."
    further = next(one for one in ("TemporalPositionIndex", "StackID", "FrameLabel") if one not in names)
    values: Any = [int((group[:row] == group[row]).sum()) + 1 for row in range(min(len(group), _LONGEST_LIST))]
    values = str([str(value) for value in values] if further != "TemporalPositionIndex" else values)
    shown = values if len(group) <= _LONGEST_LIST else f"{values[:-1]}, …]"
    rest = "".join(f", {name!r}: None" for name in (*names, *(one.keyword for one in spatial)))
    return (
        "pass a dimension that tells them apart, with a value for each plane; if they differ in time: "
        f"dimensions={{{further!r}: {shown}{rest}}} (None stands for each plane's own value)."
    )
