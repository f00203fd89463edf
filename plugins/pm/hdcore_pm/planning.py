"""Which frames a parametric map has, in what order, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.enums import DimensionOrganizationTypeValues
from hdcore.errors import InputError
from hdcore.frames.columns import Categorical, EncodedItems
from hdcore.frames.dimensions import IN_STACK_POSITION, STACK_ID, TEMPORAL_POSITION, index_values, spatial_dimensions
from hdcore.frames.plan import organization_of, plan_frames, sort_planes, spacing_of_stack
from hdcore.frames.references import derivations_of
from hdcore.model.element import fetch
from hdcore.spatial.distinct import are_distinct

from hdcore_pm.dimensions import QUANTITY
from hdcore_pm.display import window_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.dimensions import Dimension
    from hdcore.frames.layout import Layout
    from hdcore.frames.source import Source
    from hdcore.frames.table import FrameTable
    from hdcore.pixels.lut import VOILUTTransformation
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_pm.display import Palette
    from hdcore_pm.mapping import RealWorldValueMapping

__all__ = ["Plan", "plan_map", "with_meaning"]

_TILED_FULL = DimensionOrganizationTypeValues.TILED_FULL
_POSITIONS = ("image_position", "row_position", "column_position", "x_offset", "y_offset", "z_offset")


@dataclass(frozen=True, slots=True)
class Plan:
    """The frames of a parametric map."""

    table: FrameTable
    """One row per frame: where it lies, and what it was derived from."""
    plane: NDArray[np.intp]
    """Zero-based plane of each frame."""
    channel: NDArray[np.intp]
    """Zero-based quantity of each frame."""
    dimensions: tuple[Dimension, ...]
    """The dimensions; none of a TILED_FULL map."""
    organization: DimensionOrganizationTypeValues | None


def plan_map(
    source: Source,
    layout: Layout,
    channels: int,
    organization: DimensionOrganizationTypeValues | str | None,
    derivation: tuple[str, str, str],
    further_images: Sequence[Dataset],
    temporal_positions: NDArray[np.int64] | None = None,
) -> Plan:
    """Decide which frames there are: all planes of a quantity, point in time after point in time, then the next one's.

    Parameters
    ----------
    source: Source
        The source images.
    layout: Layout
        Where planes lie.
    channels: int
        Number of quantities.
    organization: DimensionOrganizationTypeValues | str | None
        Dimension Organization Type that the caller asks for.
    derivation: tuple[str, str, str]
        Code of how frames were derived.
    further_images: Sequence[pydicom.dataset.Dataset]
        Images of other series that frames were also derived from.
    temporal_positions: NDArray[int64] | None, optional
        Point in time of each plane, counted from one; ``None`` if time does not matter.

    Returns
    -------
    Plan
        The frames.

    Raises
    ------
    ValueError
        If frames are not organized as the caller asks, or two lie at the same place.
    """
    frames = _ordered_frames(layout, channels, temporal_positions)
    plane, channel = np.asarray(frames["plane"]), np.asarray(frames["channel"])
    found = organization_of(
        frames,
        organization,
        image_orientation=layout.image_orientation,
        tile_size=layout.tile_size,
        number_of_channels=channels,
    )
    table = frames.without("plane").with_shared(**layout.measures)
    if found is _TILED_FULL:
        if channels > 1:
            raise InputError(
                f"dimension_organization_type is 'TILED_FULL', but there are {channels} quantities, whose order it "
                "does not tell (PS3.3 C.7.6.17.3); choose 'TILED_SPARSE'."
            )
        return Plan(table.without(*_POSITIONS, "channel"), plane, channel, (), found)
    table = _with_stack(table, layout)
    dimensions = spatial_dimensions(layout.coordinate_system)
    if not dimensions:
        dimensions = STACK_ID, IN_STACK_POSITION
        table = _in_own_space(
            table.with_columns(in_stack_position_number=plane + 1).with_shared(stack_id=["1"]), source
        )
    if temporal_positions is not None:
        dimensions = TEMPORAL_POSITION, *dimensions
    if channels > 1:
        dimensions = QUANTITY, *dimensions
    indices = index_values(table, dimensions, layout.image_orientation)
    if not are_distinct(indices):
        raise InputError(
            "Several planes lie at the same place; pass plane_positions or temporal_positions that tell them apart."
        )
    table = table.without("channel").with_columns(dimension_index_values=indices)
    source_planes = layout.source_planes[plane]
    if (source_planes >= 0).any():
        derived = derivations_of(source, source_planes, derivation, further_images=further_images)
        table = table.with_columns(derivations=derived)
    return Plan(table, plane, channel, dimensions, found)


def _ordered_frames(layout: Layout, channels: int, temporal_positions: NDArray[np.int64] | None) -> FrameTable:
    """Put the planes of every quantity in the order of their places, and of points in time before that."""
    order = sort_planes(layout.planes, layout.image_orientation)
    planes = layout.planes
    if temporal_positions is not None:
        order = order[np.argsort(temporal_positions[order], kind="stable")]
        planes = planes.with_columns(temporal_position_index=temporal_positions)
    return plan_frames(planes, channels, order=order)


def _with_stack(table: FrameTable, layout: Layout) -> FrameTable:
    """Add what frames in space share: their orientation, and their distance if they are evenly spaced."""
    spacing = spacing_of_stack(table, layout.image_orientation)
    if spacing is not None and "spacing_between_slices" not in table:
        table = table.with_shared(spacing_between_slices=[spacing])
    if layout.image_orientation is not None and "image_position" in table:
        table = table.with_shared(image_orientation=[list(layout.image_orientation)])
    return table


def _in_own_space(table: FrameTable, source: Source) -> FrameTable:
    """Place frames without a place in space at the origin of the map's own frame of reference, which all maps have."""
    if "pixel_spacing" not in table:
        spacing = fetch(source.first, "ImagerPixelSpacing") or fetch(source.first, "NominalScannedPixelSpacing")
        if not spacing:
            raise InputError(
                "source_images have neither a place in a frame of reference nor a pixel spacing, which a parametric "
                "map needs; pass pixel_measures."
            )
        table = table.with_shared(pixel_spacing=[[float(length) for length in spacing]])
    table = table.with_shared(image_position=[[0.0, 0.0, 0.0]], image_orientation=[[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]])
    return table if "slice_thickness" in table else table.with_shared(slice_thickness=[1.0])


def with_meaning(
    plan: Plan,
    mappings: Sequence[Sequence[RealWorldValueMapping]],
    windows: Sequence[VOILUTTransformation],
    palette: Palette | None,
    frame_type: Sequence[str],
    character_set: str,
) -> FrameTable:
    """Add what stored values mean and how they are shown.

    Parameters
    ----------
    plan: Plan
        The frames.
    mappings: Sequence[Sequence[RealWorldValueMapping]]
        The mappings of each quantity.
    windows: Sequence[VOILUTTransformation]
        Windows of all frames.
    palette: Palette | None
        Palette of all frames.
    frame_type: Sequence[str]
        The four values of Frame Type.
    character_set: str
        Specific Character Set.

    Returns
    -------
    FrameTable
        One row per frame.
    """
    words = tuple(EncodedItems.of(each, character_set) for each in mappings)
    shared: dict[str, Any] = {
        "frame_type": ["\\".join(frame_type)],
        "rescale_slope": [1.0],
        "rescale_intercept": [0.0],
        "rescale_type": ["US"],
        **window_columns(windows, character_set),
    }
    if palette is not None:
        shared["minimum_stored_value_mapped"] = [palette.minimum]
        shared["maximum_stored_value_mapped"] = [palette.maximum]
    if len(words) == 1:
        return plan.table.with_shared(**shared, real_world_value_mapping=Categorical.of(words))
    codes = plan.channel.astype(np.int64)
    return plan.table.with_shared(**shared).with_columns(real_world_value_mapping=Categorical(codes, words))
