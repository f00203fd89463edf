"""Which frames a segmentation has, in what order, and what is said of each."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.enums import DimensionOrganizationTypeValues
from hdcore.errors import HdcoreWarning, InputError
from hdcore.frames.dimensions import (
    Dimension,
    index_values,
)
from hdcore.frames.groups import FRAME_CONTENT, PIXEL_MEASURES
from hdcore.frames.plan import organization_of, plan_frames
from hdcore.frames.references import derivations_of
from hdcore.frames.source import positions_of
from hdcore.spatial.distinct import distinct
from hdcore.spatial.stack import StackError, find_stack

from hdcore_seg.dimensions import SEGMENT
from hdcore_seg.groups import GROUPS, SEGMENT_IDENTIFICATION
from hdcore_seg.ordering import COUNTED, order_planes, refuse_same_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hdcore.frames.columns import Ragged
    from hdcore.frames.groups import FunctionalGroup
    from hdcore.frames.layout import Layout
    from hdcore.frames.source import Source
    from hdcore.frames.table import FrameTable
    from numpy.typing import NDArray

    from hdcore_seg.encoding import Accepted

__all__ = ["Plan", "plan_planes", "plan_segmentation"]

_SEGMENTATION = ("113076", "DCM", "Segmentation")
_TILED_FULL = DimensionOrganizationTypeValues.TILED_FULL


@dataclass(frozen=True, slots=True)
class Plan:
    """The frames of a segmentation."""

    table: FrameTable
    """One row per frame."""
    plane: NDArray[np.intp]
    """Zero-based plane of each frame."""
    channel: NDArray[np.intp]
    """Zero-based segment of each frame; 0 in a label map."""
    dimensions: tuple[Dimension, ...]
    organization: DimensionOrganizationTypeValues | None
    groups: tuple[FunctionalGroup, ...]
    """The functional groups to write."""


def plan_segmentation(
    source: Source,
    layout: Layout,
    accepted: Accepted,
    numbers: Sequence[int] | None,
    *,
    omit_empty_frames: bool,
    organization: DimensionOrganizationTypeValues | str | None,
    dimensions: Mapping[str, Sequence[Any]] | Sequence[str] | None,
) -> Plan:
    """Decide which frames there are.

    Parameters
    ----------
    source: Source
        The source images.
    layout: Layout
        Where planes lie.
    accepted: Accepted
        Which planes have pixels in which segments.
    numbers: Sequence[int] | None
        Numbers of the segments, each of which has frames of its own; None for a label map.
    omit_empty_frames: bool
        Whether to leave out frames without any pixel; if there would be none left, all stay.
    organization: DimensionOrganizationTypeValues | str | None
        Dimension Organization Type that the caller asks for.
    dimensions: Mapping[str, Sequence] | Sequence[str] | None
        Attributes that order planes, the slowest first, with their values for each plane or to be taken from the
        source; None for those that go with the coordinate system.

    Returns
    -------
    Plan
        The frames, those of one segment after those of another, each in the order of their dimensions.

    Raises
    ------
    ValueError
        If frames are not organized as the caller asks, or dimensions do not tell planes apart.
    """
    planes, ordering = order_planes(source, layout, dimensions)
    return plan_planes(
        layout,
        planes,
        ordering,
        accepted,
        numbers,
        lambda plane: derivations_of(source, layout.source_planes[plane], _SEGMENTATION),
        omit_empty_frames=omit_empty_frames,
        organization=organization,
    )


def plan_planes(
    layout: Layout,
    planes: FrameTable,
    ordering: tuple[Dimension, ...],
    accepted: Accepted,
    numbers: Sequence[int] | None,
    derivations: Callable[[NDArray[np.intp]], Ragged | None],
    *,
    omit_empty_frames: bool,
    organization: DimensionOrganizationTypeValues | str | None,
) -> Plan:
    """Decide which frames there are of planes whose dimensions are known.

    Parameters
    ----------
    layout: Layout
        Where planes lie.
    planes: FrameTable
        One row per plane, with the columns of the dimensions.
    ordering: tuple[Dimension, ...]
        The dimensions of planes, the slowest first.
    derivations: Callable[[numpy.ndarray], Ragged]
        Gives for each frame, of which the plane is given, what it was derived from; None if nothing is known.
    accepted, numbers, omit_empty_frames, organization
        As of :func:`plan_segmentation`.

    Returns
    -------
    Plan
        The frames.

    Raises
    ------
    ValueError
        As of :func:`plan_segmentation`.
    """
    place = index_values(planes, ordering, layout.image_orientation)
    refuse_same_place(planes, ordering, place, layout)
    order = np.lexsort(place.T[::-1]) if place.shape[1] else np.arange(len(planes))
    wanted_full = organization is not None and DimensionOrganizationTypeValues(organization) is _TILED_FULL
    occupied = _frames_kept(accepted.occupied, omit_empty_frames and not wanted_full)
    table = plan_frames(planes, occupied.shape[1], order=order, occupied=occupied.T)
    plane, channel = np.asarray(table["plane"]), np.asarray(table["channel"])
    table = table.without("plane", "channel").with_shared(**_measures(layout))
    found = organization_of(
        table,
        organization,
        image_orientation=layout.image_orientation,
        tile_size=layout.tile_size,
        number_of_channels=occupied.shape[1],
    )
    every: tuple[Dimension, ...] = ordering
    if numbers is not None:
        of_segment = np.asarray(numbers, np.int64)
        table = (
            table.with_shared(segment_number=of_segment)
            if len(numbers) == 1
            else table.with_columns(segment_number=of_segment[channel])
        )
        every = (SEGMENT, *ordering)
    if found is _TILED_FULL:
        return _without_positions(table, plane, channel, of_segments=numbers is not None)
    indices = _indices(planes, ordering, plane, layout)
    if numbers is not None:
        indices = np.column_stack((np.asarray(table["segment_number"]), indices))
    table = table.with_columns(dimension_index_values=indices)
    sources = derivations(plane)
    if sources is not None:
        table = table.with_columns(derivations=sources)
    if layout.image_orientation is not None and "image_position" in table:
        table = table.with_shared(image_orientation=[list(layout.image_orientation)])
    return Plan(table, plane, channel, every, found, GROUPS)


def _measures(layout: Layout) -> dict[str, Any]:
    """Add how far apart planes are, which readers need to find out which of them have no frame."""
    if "image_position" not in layout.planes or layout.image_orientation is None or len(layout.planes) < 2:
        return layout.measures
    try:
        stack = find_stack(distinct(positions_of(layout.planes)), np.asarray(layout.image_orientation))
    except StackError:
        return layout.measures
    return layout.measures | {"spacing_between_slices": [float(stack.spacing)]}


def _frames_kept(occupied: NDArray[np.bool_], omit_empty: bool) -> NDArray[np.bool_]:
    if not omit_empty:
        return np.ones_like(occupied)
    if occupied.any():
        return occupied
    warnings.warn(
        "pixel_array has no pixel in any segment; all frames are stored, since an image has at least one "
        "(omit_empty_frames=False says that this is meant).",
        HdcoreWarning,
        stacklevel=4,
    )
    return np.ones_like(occupied)


def _indices(
    planes: FrameTable, ordering: tuple[Dimension, ...], plane: NDArray[np.intp], layout: Layout
) -> NDArray[np.int64]:
    """Number the planes that have frames along each dimension."""
    used, back = np.unique(plane, return_inverse=True)
    chosen = planes.select(used)
    values: NDArray[np.int64] = index_values(chosen, ordering, layout.image_orientation)
    for place, dimension in enumerate(ordering):
        if dimension.keyword in COUNTED:
            own = np.asarray(chosen[dimension.column])
            if own.min() < 1:
                raise InputError(f"dimensions has {dimension.keyword} {own.min()}; expected numbers from 1 on.")
            values[:, place] = own
    return values[back]


def _without_positions(
    table: FrameTable, plane: NDArray[np.intp], channel: NDArray[np.intp], *, of_segments: bool
) -> Plan:
    """Leave out what follows from the order of frames in a TILED_FULL image (PS3.3 C.7.6.17.3), but for the segment."""
    groups = (PIXEL_MEASURES, FRAME_CONTENT, SEGMENT_IDENTIFICATION)
    kept = {*PIXEL_MEASURES.columns, *SEGMENT_IDENTIFICATION.columns}
    table = table.without(*(name for name in table if name not in kept))
    if not of_segments or table.is_shared("segment_number"):
        return Plan(table, plane, channel, (), _TILED_FULL, groups)
    labels = [f"Segment {number}" for number in table["segment_number"].tolist()]
    return Plan(table.with_columns(frame_label=labels), plane, channel, (), _TILED_FULL, groups)
