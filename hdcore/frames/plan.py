"""Which frames a derived image has, in what order, and where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataset import Dataset

from hdcore.enums import CoordinateSystemNames, DimensionOrganizationTypeValues
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.source import positions_of
from hdcore.frames.table import FrameTable
from hdcore.model.arguments import list_of
from hdcore.model.plane import MICROMETRES_PER_MM
from hdcore.spatial.affine import plane_distances
from hdcore.spatial.distinct import distinct, numbered
from hdcore.spatial.stack import StackError, find_stack
from hdcore.spatial.tiling import TileGrid, is_complete_tiling, positions_in_total_pixel_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.sequence import Sequence as DataElementSequence

    from hdcore.spatial.grid import VoxelGrid

__all__ = [
    "organization_of",
    "plan_frames",
    "planes_of_positions",
    "planes_of_tiles",
    "planes_of_volume",
    "sort_planes",
    "spacing_of_stack",
]

_Organization = DimensionOrganizationTypeValues
_FROM_SLIDE = ("x_offset", "y_offset", "z_offset", "row_position", "column_position")


def plan_frames(
    planes: FrameTable,
    channels: int = 1,
    *,
    order: NDArray[np.intp] | None = None,
    occupied: NDArray[np.bool_] | None = None,
    planes_first: bool = False,
) -> FrameTable:
    """Decide which frames there are: one per channel and plane, in order.

    Parameters
    ----------
    planes: FrameTable
        One row per plane.
    channels: int, optional
        Number of channels: segments, or quantities.
    order: NDArray[int] | None, optional
        Indices of planes in the order in which they are to be stored; as they are if absent.
    occupied: NDArray[bool] | None, optional
        Which frames there are, shape (channels, planes); all if absent.
    planes_first: bool, optional
        Whether all channels of a plane come before the next plane; otherwise all planes of a channel come before the
        next channel.

    Returns
    -------
    FrameTable
        One row per frame: the columns of ``planes``, and ``plane`` and ``channel``, counted from zero.

    Raises
    ------
    ValueError
        If ``occupied`` has another shape, or there is no frame at all.
    """
    count = len(planes)
    order = np.arange(count) if order is None else np.asarray(order, np.intp)
    chosen = np.ones((channels, count), bool) if occupied is None else np.asarray(occupied, bool)
    if chosen.shape != (channels, count):
        raise InputError(f"occupied has the shape {chosen.shape}; expected {(channels, count)}.")
    chosen = chosen[:, order]
    if planes_first:
        at_plane, channel = np.nonzero(chosen.T)
    else:
        channel, at_plane = np.nonzero(chosen)
    plane = order[at_plane]
    if not len(plane):
        raise InputError("There is no frame to be stored.")
    return planes.select(plane).with_columns(plane=plane, channel=channel)


def sort_planes(planes: FrameTable, image_orientation: Sequence[float] | None = None) -> NDArray[np.intp]:
    """Sort planes as a volume is sorted, or tiles row by row; planes of equal place stay in their order.

    Parameters
    ----------
    planes: FrameTable
        One row per plane.
    image_orientation: Sequence[float] | None, optional
        Direction cosines of rows and columns, along whose normal planes in the patient are sorted; they stay as they
        are if absent.

    Returns
    -------
    NDArray[int]
        Indices of planes, shape (planes,).
    """
    if "row_position" in planes:
        keys = (planes["column_position"], planes["row_position"], planes["z_offset"])
        return np.lexsort(keys)
    if "image_position" not in planes or image_orientation is None:
        return np.arange(len(planes))
    distances = np.round(plane_distances(positions_of(planes), image_orientation), 6)
    return np.argsort(distances, kind="stable")


def organization_of(
    table: FrameTable,
    requested: DimensionOrganizationTypeValues | str | None,
    *,
    image_orientation: Sequence[float] | None,
    tile_size: tuple[int, int] | None = None,
    number_of_channels: int = 1,
) -> DimensionOrganizationTypeValues | None:
    """Decide how the frames are organized (PS3.3 C.7.6.17).

    Parameters
    ----------
    table: FrameTable
        The planned frames.
    requested: DimensionOrganizationTypeValues | str | None
        What the user asks for; ``None`` to find it out.
    image_orientation: Sequence[float] | None
        Direction cosines of rows and columns, if all frames have the same.
    tile_size: tuple[int, int] | None, optional
        Rows and columns of a frame, if frames are tiles of a total pixel matrix.
    number_of_channels: int, optional
        Number of channels, each of which repeats the tiles.

    Returns
    -------
    DimensionOrganizationTypeValues | None
        The organization; ``None`` if there is no term for it.

    Raises
    ------
    ValueError
        If the frames are not organized as requested.
    """
    wanted = None if requested is None else _Organization(requested)
    if wanted is _Organization.THREE_DIMENSIONAL_TEMPORAL and not _is_temporal(table):
        raise InputError(
            "dimension_organization_type is '3D_TEMPORAL', but the frames have no TemporalPositionIndex of more than "
            "one value."
        )
    if "row_position" in table:
        if wanted is _Organization.THREE_DIMENSIONAL:
            raise InputError("dimension_organization_type is '3D', but the frames are tiles of a slide.")
        if wanted is not _Organization.TILED_FULL:
            return _Organization.TILED_SPARSE
        if tile_size is None or not _is_tiled_full(table, tile_size, number_of_channels):
            raise InputError(
                "dimension_organization_type is 'TILED_FULL', but the frames do not fill a total pixel matrix without "
                "gaps and overlap; leave no frame out, or choose 'TILED_SPARSE'."
            )
        return wanted
    if wanted in (_Organization.TILED_FULL, _Organization.TILED_SPARSE):
        raise InputError(f"dimension_organization_type is {wanted.value!r}, but the frames are not tiles of a slide.")
    stack = _stack_of(table, image_orientation)
    found = _Organization.THREE_DIMENSIONAL_TEMPORAL if _is_temporal(table) else _Organization.THREE_DIMENSIONAL
    if not isinstance(stack, str) and _frames_per_position(table) > number_of_channels and not _is_temporal(table):
        stack = "several of them are at the same position"
    if isinstance(stack, str):
        if wanted is not None:
            raise InputError(
                f"dimension_organization_type is {wanted.value!r}, but the frames are no regular stack: {stack}"
            )
        return None
    if wanted is not None and wanted is not found:
        raise InputError(
            f"dimension_organization_type is {wanted.value!r}, but the frames are at several points in time; expected "
            f"{found.value!r}."
        )
    return found


def _is_temporal(table: FrameTable) -> bool:
    """Tell whether frames are at several points in time."""
    name = "temporal_position_index"
    return name in table and not table.is_shared(name) and len(distinct(table[name])) > 1


def _frames_per_position(table: FrameTable) -> int:
    return int(np.bincount(numbered(positions_of(table))[0]).max())


def _is_tiled_full(table: FrameTable, tile_size: tuple[int, int], channels: int) -> bool:
    if len(table) % channels:
        return False
    offsets = np.stack([table["column_position"], table["row_position"]], axis=1) - 1
    per_channel = offsets.reshape(channels, -1, 2)
    return is_complete_tiling(per_channel[0], *tile_size) and bool((per_channel == per_channel[0]).all())


def spacing_of_stack(table: FrameTable, image_orientation: Sequence[float] | None) -> float | None:
    """Measure the distance between planes that are a regular stack.

    Parameters
    ----------
    table: FrameTable
        The planned frames.
    image_orientation: Sequence[float] | None
        Direction cosines of rows and columns, if all frames have the same.

    Returns
    -------
    float | None
        Millimetres between the centres of neighbours; ``None`` if the frames are no regular stack.
    """
    spacing = _stack_of(table, image_orientation)
    return None if isinstance(spacing, str) else spacing


def _stack_of(table: FrameTable, image_orientation: Sequence[float] | None) -> float | str:
    """Get the spacing of a regular stack, or why planes are none."""
    if "image_position" not in table or image_orientation is None:
        return "they have no common orientation in a frame of reference"
    positions = distinct(positions_of(table))
    if len(positions) < 2:
        return "there is only one plane"
    try:
        return find_stack(positions, np.asarray(image_orientation, np.float64)).spacing
    except StackError as error:
        return str(error)


def planes_of_volume(volume: VoxelGrid) -> FrameTable:
    """Describe the planes of a volume, along its first axis.

    Parameters
    ----------
    volume: VoxelGrid
        A volume, or a volume's geometry, in the patient coordinate system.

    Returns
    -------
    FrameTable
        One row per plane, with the columns ``image_position``, ``image_orientation``, ``pixel_spacing``,
        ``slice_thickness`` and ``spacing_between_slices``.
    """
    count = volume.spatial_shape[0]
    indices = np.zeros((count, 3))
    indices[:, 0] = np.arange(count)
    spacing = volume.spacing_between_slices
    return FrameTable(
        count,
        {"image_position": volume.map_indices_to_reference(indices)},
        shared={
            "image_orientation": [list(volume.direction_cosines)],
            "pixel_spacing": [list(volume.pixel_spacing)],
            "slice_thickness": [spacing],
            "spacing_between_slices": [spacing],
        },
    )


def planes_of_tiles(
    grid: TileGrid,
    origin: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
) -> FrameTable:
    """Describe the tiles of a total pixel matrix, row by row.

    Parameters
    ----------
    grid: TileGrid
        The tiles.
    origin: Sequence[float]
        x, y, z in millimetres of the total pixel matrix's first pixel.
    image_orientation: Sequence[float]
        Direction cosines of rows and columns.
    pixel_spacing: Sequence[float]
        Millimetres between rows, and between columns.

    Returns
    -------
    FrameTable
        One row per tile, with the columns of Plane Position (Slide).
    """
    offsets = grid.offsets()
    positions = positions_in_total_pixel_matrix(offsets, list(origin), list(image_orientation), list(pixel_spacing))
    return FrameTable(
        len(offsets),
        {
            "x_offset": positions[:, 0],
            "y_offset": positions[:, 1],
            "z_offset": positions[:, 2],
            "column_position": offsets[:, 0] + 1,
            "row_position": offsets[:, 1] + 1,
        },
    )


def planes_of_positions(
    plane_positions: Sequence[DataElementSequence], coordinate_system: CoordinateSystemNames | str
) -> FrameTable:
    """Describe planes by the plane positions that a user gives.

    Parameters
    ----------
    plane_positions: Sequence[PlanePositionSequence]
        One per plane.
    coordinate_system: CoordinateSystemNames | str
        The coordinate system that they must be in.

    Returns
    -------
    FrameTable
        One row per plane, with the columns of Plane Position, or of Plane Position (Slide).

    Raises
    ------
    TypeError
        If they are not plane positions.
    ValueError
        If one is in another coordinate system.
    """
    patient = CoordinateSystemNames(coordinate_system) is CoordinateSystemNames.PATIENT
    keywords = ("ImagePositionPatient",) if patient else tuple(map(_slide_keyword, _FROM_SLIDE))
    values: list[list[Any]] = []
    for index, position in enumerate(plane_positions):
        if not list_of(Dataset, position, f"plane_positions[{index}]", "items of a PlanePositionSequence"):
            raise InputTypeError(f"plane_positions[{index}] is empty; expected a PlanePositionSequence.")
        missing = [keyword for keyword in keywords if keyword not in position[0]]
        if missing:
            system = CoordinateSystemNames(coordinate_system).value
            raise InputError(
                f"plane_positions[{index}] has no {missing[0]}; expected a position in the {system} system."
            )
        values.append([position[0][keyword].value for keyword in keywords])
    if patient:
        return FrameTable(len(values), {"image_position": np.array([row[0] for row in values], np.float64)})
    numbers = np.array(values, np.float64).reshape(-1, len(_FROM_SLIDE))
    columns: dict[str, Any] = dict(zip(_FROM_SLIDE, numbers.T, strict=True))
    columns["z_offset"] = columns["z_offset"] / MICROMETRES_PER_MM
    for name in ("row_position", "column_position"):
        columns[name] = columns[name].astype(np.int64)
    return FrameTable(len(values), columns)


def _slide_keyword(column: str) -> str:
    name, kind = column.split("_")
    if kind == "offset":
        return f"{name.upper()}OffsetInSlideCoordinateSystem"
    return f"{name.title()}PositionInTotalImagePixelMatrix"
