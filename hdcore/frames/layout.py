"""Where the planes of the caller's array lie, and which planes of the source they are derived from.

There are four ways to tell: by default each plane lies on that of the source which has its index; the caller may give
positions; a volume brings its own; and a total pixel matrix is cut into tiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataset import Dataset

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.plan import planes_of_positions, planes_of_tiles, planes_of_volume
from hdcore.frames.source import positions_of
from hdcore.model.arguments import list_of, listed
from hdcore.spatial.tiling import TileGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.sequence import Sequence as DataElementSequence

    from hdcore.frames.source import Source
    from hdcore.frames.table import FrameTable
    from hdcore.spatial.volume import Volume

__all__ = ["Layout", "Placing", "layout_of", "tile_size_of"]

_SAME_PLACE = 1e-3
"""Millimetres by which two planes that are the same may differ."""
_SAME_DIRECTION = 1e-4
_POSITION_COLUMNS = ("image_position", "x_offset", "y_offset", "z_offset", "row_position", "column_position")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What a caller says of where planes lie; what is None is as in the source."""

    plane_positions: Sequence[DataElementSequence] | None = None
    plane_orientation: DataElementSequence | None = None
    pixel_measures: DataElementSequence | None = None
    tile_size: tuple[int, int] | None = None
    """Rows and columns of the tiles into which a total pixel matrix is cut; None if it is not cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where planes lie."""

    planes: FrameTable
    """One row per plane, with the columns of its position, if it has any."""
    source_planes: NDArray[np.intp]
    """Index of the plane of the source on which each lies, pixel on pixel; -1 where there is none."""
    coordinate_system: CoordinateSystemNames | None
    image_orientation: tuple[float, ...] | None
    measures: dict[str, Any]
    """Shared columns of Pixel Measures."""
    tile_size: tuple[int, int] | None = None
    """Rows and columns of a tile, if planes are tiles of a total pixel matrix."""
    matrix_size: tuple[int, int] | None = None
    """Rows and columns of the total pixel matrix."""
    matrix_origin: tuple[float, float, float] | None = None
    """Millimetres: where the first pixel of the total pixel matrix lies."""


def layout_of(source: Source, shape: tuple[int, ...], volume: Volume | None, placing: Placing) -> Layout:
    """Find out where planes lie.

    Parameters
    ----------
    source: Source
        The source images.
    shape: tuple[int, ...]
        Planes, rows and columns of the array; of a total pixel matrix that is to be cut, 1 and its rows and columns.
    volume: Volume | None
        The volume that brings the array, if it does.
    placing: Placing
        What the caller says.

    Returns
    -------
    Layout
        One row per plane, or tile.

    Raises
    ------
    TypeError
        If there is a volume as well as positions, orientation or measures.
    ValueError
        If what the caller says does not fit the array, or something is missing.
    """
    if volume is not None:
        return _of_volume(source, volume, placing)
    if placing.tile_size is not None:
        return _of_matrix(source, shape, placing, placing.tile_size)
    if placing.plane_positions is None:
        return _of_source(source, shape, placing)
    return _of_positions(source, shape, placing, placing.plane_positions)


def tile_size_of(source: Source, tile_pixel_array: bool, tile_size: Sequence[int] | None) -> tuple[int, int] | None:
    """Decide into which tiles a total pixel matrix is cut.

    Parameters
    ----------
    source: Source
        The source images.
    tile_pixel_array: bool
        Whether to cut.
    tile_size: Sequence[int] | None
        Rows and columns; those of the source's tiles if absent.

    Returns
    -------
    tuple[int, int] | None
        Rows and columns; None if nothing is cut.

    Raises
    ------
    ValueError
        If the source is not tiled, or the size is not two positive integers.
    """
    if not tile_pixel_array:
        return None
    if source.total_pixel_matrix_size is None or source.coordinate_system is not CoordinateSystemNames.SLIDE:
        raise InputError(
            "tile_pixel_array is True, but source_images is not a tiled image with a place on a slide; expected one "
            "such as a VL Whole Slide Microscopy Image."
        )
    if tile_size is None:
        return source.rows, source.columns
    size = tuple(int(length) for length in tile_size if hasattr(length, "__index__"))
    if len(size) != 2 or len(tile_size) != 2 or min(size) < 1:
        raise InputError(f"tile_size is {tile_size!r}; expected two positive integers, rows and columns.")
    return size


def _of_source(source: Source, shape: tuple[int, ...], placing: Placing) -> Layout:
    planes, rows, columns = shape[:3]
    if planes != len(source):
        raise InputError(
            f"pixel_array has {planes} plane(s) but source_images has {len(source)}; pass plane_positions if they do "
            "not correspond."
        )
    if (rows, columns) != (source.rows, source.columns):
        raise InputError(
            f"pixel_array has planes of {rows} by {columns} pixels but source_images of {source.rows} by "
            f"{source.columns}; pass plane_positions and pixel_measures if they do not correspond."
        )
    names = [name for name in _POSITION_COLUMNS if name in source.planes]
    kept = source.planes.without(*(name for name in source.planes if name not in names))
    layout = Layout(
        planes=kept,
        source_planes=np.arange(planes, dtype=np.intp),
        coordinate_system=source.coordinate_system,
        image_orientation=_orientation(source, placing),
        measures=_measures(source, placing),
    )
    if source.coordinate_system is CoordinateSystemNames.SLIDE:
        return _tiled_like(source, layout, (rows, columns))
    return layout


def _of_positions(
    source: Source, shape: tuple[int, ...], placing: Placing, positions: Sequence[DataElementSequence]
) -> Layout:
    planes, rows, columns = shape[:3]
    if source.coordinate_system is None:
        raise InputError("plane_positions is given, but source_images have no place in a frame of reference.")
    positions = listed(positions, "plane_positions", "PlanePositionSequence")
    if len(positions) != planes:
        raise InputError(f"plane_positions has {len(positions)} item(s) but pixel_array has {planes} plane(s).")
    if (rows, columns) != (source.rows, source.columns) and placing.pixel_measures is None:
        raise InputError(
            f"pixel_array has planes of {rows} by {columns} pixels but source_images of {source.rows} by "
            f"{source.columns}; pass pixel_measures together with plane_positions."
        )
    layout = Layout(
        planes=planes_of_positions(positions, source.coordinate_system),
        source_planes=np.full(planes, -1, np.intp),
        coordinate_system=source.coordinate_system,
        image_orientation=_orientation(source, placing),
        measures=_measures(source, placing),
    )
    if source.coordinate_system is CoordinateSystemNames.SLIDE:
        layout = _tiled_like(source, layout, (rows, columns))
    return _matched(source, layout, rows, columns)


def _of_volume(source: Source, volume: Volume, placing: Placing) -> Layout:
    for name in ("plane_positions", "plane_orientation", "pixel_measures"):
        if getattr(placing, name) is not None:
            raise InputTypeError(f"{name} is given, but pixel_array is a Volume, which says itself where it lies.")
    if placing.tile_size is not None:
        raise InputTypeError("tile_pixel_array is True, but pixel_array is a Volume; pass its array to have it tiled.")
    if source.coordinate_system is None:
        raise InputError("pixel_array is a Volume, but source_images have no place in a frame of reference.")
    if volume.coordinate_system is not source.coordinate_system:
        raise InputError(
            f"pixel_array is a Volume in the {volume.coordinate_system.value} coordinate system, but source_images are "
            f"in that of the {source.coordinate_system.value}."
        )
    uid = volume.frame_of_reference_uid
    if uid is not None and uid != source.frame_of_reference_uid:
        raise InputError(
            f"pixel_array is a Volume in the frame of reference {uid}, but source_images are in "
            f"{source.frame_of_reference_uid}; register them first."
        )
    if volume.coordinate_system is CoordinateSystemNames.SLIDE:
        return _of_slide_volume(source, volume)
    table = planes_of_volume(volume)
    shared = {name: table.stored(name) for name in ("pixel_spacing", "slice_thickness", "spacing_between_slices")}
    layout = Layout(
        planes=table.without("image_orientation", *shared),
        source_planes=np.full(len(table), -1, np.intp),
        coordinate_system=volume.coordinate_system,
        image_orientation=tuple(float(cosine) for cosine in volume.direction_cosines),
        measures=shared,
    )
    _, rows, columns = volume.spatial_shape
    return _matched(source, layout, rows, columns)


def _of_slide_volume(source: Source, volume: Volume) -> Layout:
    planes, rows, columns = volume.spatial_shape
    if planes != 1:
        raise InputError(
            f"pixel_array is a Volume of {planes} planes on a slide; expected one, the total pixel matrix."
        )
    grid = TileGrid(rows, columns, rows, columns)
    origin = tuple(float(x) for x in volume.position)
    orientation = tuple(float(cosine) for cosine in volume.direction_cosines)
    spacing = volume.pixel_spacing
    return Layout(
        planes=planes_of_tiles(grid, origin, orientation, spacing),
        source_planes=np.full(1, -1, np.intp),
        coordinate_system=volume.coordinate_system,
        image_orientation=orientation,
        measures=_thickness(source) | {"pixel_spacing": [list(spacing)]},
        tile_size=(rows, columns),
        matrix_size=(rows, columns),
        matrix_origin=origin,  # type: ignore[arg-type]  # three numbers
    )


def _of_matrix(source: Source, shape: tuple[int, ...], placing: Placing, tile_size: tuple[int, int]) -> Layout:
    size = int(shape[1]), int(shape[2])
    if placing.plane_positions is None and size != source.total_pixel_matrix_size and placing.pixel_measures is None:
        raise InputError(
            f"pixel_array has {size[0]} by {size[1]} pixels but the total pixel matrix of source_images has "
            f"{source.total_pixel_matrix_size}; pass plane_positions and pixel_measures if they do not correspond."
        )
    orientation = _orientation(source, placing)
    measures = _measures(source, placing)
    if orientation is None or "pixel_spacing" not in measures:
        raise InputError("source_images do not say how their pixels lie; pass plane_orientation and pixel_measures.")
    if placing.plane_positions is None:
        origin = _matrix_origin(source)
    elif len(placing.plane_positions) == 1:
        origin = tuple(
            positions_of(planes_of_positions(placing.plane_positions, CoordinateSystemNames.SLIDE))[0].tolist()
        )
    else:
        raise InputError(
            f"plane_positions has {len(placing.plane_positions)} items; with tile_pixel_array one is expected, that of "
            "the total pixel matrix."
        )
    layout = Layout(
        planes=planes_of_tiles(TileGrid(*tile_size, *size), origin, orientation, measures["pixel_spacing"][0]),
        source_planes=np.full(len(TileGrid(*tile_size, *size)), -1, np.intp),
        coordinate_system=CoordinateSystemNames.SLIDE,
        image_orientation=orientation,
        measures=measures,
        tile_size=tile_size,
        matrix_size=size,
        matrix_origin=origin,
    )
    return _matched(source, layout, *tile_size)


def _tiled_like(source: Source, layout: Layout, tile_size: tuple[int, int]) -> Layout:
    return replace(
        layout,
        tile_size=tile_size,
        matrix_size=source.total_pixel_matrix_size or tile_size,
        matrix_origin=_matrix_origin(source),
    )


def _matrix_origin(source: Source) -> tuple[float, float, float]:
    x, y = source.total_pixel_matrix_origin or (0.0, 0.0)
    z = float(source.planes["z_offset"][0]) if "z_offset" in source.planes else 0.0
    return x, y, z


def _orientation(source: Source, placing: Placing) -> tuple[float, ...] | None:
    if placing.plane_orientation is None:
        return source.image_orientation
    item = _only_item(placing.plane_orientation, "plane_orientation", "PlaneOrientationSequence")
    for keyword in ("ImageOrientationPatient", "ImageOrientationSlide"):
        if keyword in item:
            return tuple(float(cosine) for cosine in item[keyword].value)
    raise InputTypeError("plane_orientation has no orientation; expected a PlaneOrientationSequence.")


def _only_item(sequence: Any, name: str, expected: str) -> Dataset:
    items = list_of(Dataset, sequence, name, f"items of a {expected}")
    if not items:
        raise InputTypeError(f"{name} is empty; expected a {expected}.")
    return items[0]


def _measures(source: Source, placing: Placing) -> dict[str, Any]:
    if placing.pixel_measures is None:
        spacing = {} if source.pixel_spacing is None else {"pixel_spacing": [list(source.pixel_spacing)]}
        return spacing | _thickness(source)
    item = _only_item(placing.pixel_measures, "pixel_measures", "PixelMeasuresSequence")
    if "PixelSpacing" not in item:
        raise InputTypeError("pixel_measures has no PixelSpacing; expected a PixelMeasuresSequence.")
    measures: dict[str, Any] = {"pixel_spacing": [[float(length) for length in item.PixelSpacing]]}
    for name, keyword in (("slice_thickness", "SliceThickness"), ("spacing_between_slices", "SpacingBetweenSlices")):
        if item.get(keyword) is not None:
            measures[name] = [float(item[keyword].value)]
    return measures


def _thickness(source: Source) -> dict[str, Any]:
    lengths = {"slice_thickness": source.slice_thickness, "spacing_between_slices": source.spacing_between_slices}
    return {name: [length] for name, length in lengths.items() if length is not None}


def _matched(source: Source, layout: Layout, rows: int, columns: int) -> Layout:
    """Find the planes of the source on which planes lie pixel on pixel."""
    same_pixels = (rows, columns) == (source.rows, source.columns) and _close(
        layout.image_orientation, source.image_orientation, _SAME_DIRECTION
    )
    spacing = layout.measures.get("pixel_spacing")
    if spacing is None or not same_pixels or not _close(_row(spacing), source.pixel_spacing, _SAME_PLACE):
        return layout
    if layout.coordinate_system is CoordinateSystemNames.SLIDE:
        found = _same_tiles(source, layout)
    else:
        found = _same_planes(positions_of(source.planes), positions_of(layout.planes), layout.image_orientation or ())
    return replace(layout, source_planes=found)


def _same_planes(
    theirs: NDArray[np.float64], mine: NDArray[np.float64], image_orientation: Sequence[float]
) -> NDArray[np.intp]:
    """Find for each position the same one among those of the source: the nearest along the normal, if near enough."""
    if theirs.shape == mine.shape and np.abs(theirs - mine).max() < _SAME_PLACE:
        return np.arange(len(mine), dtype=np.intp)  # also where several are at one place, such as those of a cine loop
    normal = np.cross(image_orientation[:3], image_orientation[3:])
    order = np.argsort(theirs @ normal, kind="stable")
    sorted_theirs = theirs[order] @ normal
    after = np.searchsorted(sorted_theirs, mine @ normal).clip(0, len(order) - 1)
    before = (after - 1).clip(0)
    nearer = np.abs(sorted_theirs[before] - mine @ normal) < np.abs(sorted_theirs[after] - mine @ normal)
    candidates = order[np.where(nearer, before, after)]
    near = np.abs(theirs[candidates] - mine).max(axis=1) < _SAME_PLACE
    return np.where(near, candidates, -1).astype(np.intp)


def _same_tiles(source: Source, layout: Layout) -> NDArray[np.intp]:
    """Find for each tile that of the source which begins at the same pixel of the same total pixel matrix."""
    if not _close(layout.matrix_origin, _matrix_origin(source), _SAME_PLACE):
        return layout.source_planes
    keys = [(planes["row_position"] << 32) + planes["column_position"] for planes in (source.planes, layout.planes)]
    values, firsts = np.unique(keys[0], return_index=True)
    places = np.searchsorted(values, keys[1]).clip(0, len(values) - 1)
    return np.where(values[places] == keys[1], firsts[places], -1).astype(np.intp)


def _row(column: Any) -> Sequence[float]:
    return list((column.values if hasattr(column, "values") else np.asarray(column))[0])


def _close(one: Sequence[float] | None, other: Sequence[float] | None, tolerance: float) -> bool:
    return one is not None and other is not None and bool(np.allclose(one, other, rtol=0, atol=tolerance))
