"""Reading segments where they lie: as a volume, or as a region of the total pixel matrix.

As in :mod:`hdcore_seg.retrieval`, the readers find out which stored frame goes where, and leave it to the engine to put
them there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import GeometryError
from hdcore.frames.assemble import assemble_planes, assemble_region
from hdcore.frames.matrices import matrix_planes_of
from hdcore.frames.placement import Tiles, Tolerances, tiles_of, volume_planes_of
from hdcore.frames.ranges import resolve_range
from hdcore.spatial.channels import RGB_COLOR_CHANNEL_DESCRIPTOR
from hdcore.spatial.distinct import are_distinct

if TYPE_CHECKING:
    from hdcore.frames.framed import FramedInstance
    from hdcore.spatial.geometry import VolumeGeometry
    from hdcore.spatial.volume import Volume
    from numpy.typing import NDArray

    from hdcore_seg.request import SegmentRequest

__all__ = ["as_volume", "matrix_region", "volume_of"]


def volume_of(
    image: FramedInstance,
    request: SegmentRequest,
    tolerances: Tolerances,
    ranges: tuple[tuple[int | None, int | None], ...],
    *,
    as_indices: bool,
) -> tuple[NDArray[Any], VolumeGeometry]:
    """Get the planes of a volume.

    Parameters
    ----------
    image: FramedInstance
        The segmentation.
    request: SegmentRequest
        Which segments.
    tolerances: Tolerances
        What is allowed of planes that are to be a volume.
    ranges: tuple[tuple[int | None, int | None], ...]
        Start and end of the slices, rows and columns wanted.
    as_indices: bool
        Whether starts and ends count from zero.

    Returns
    -------
    tuple[numpy.ndarray, VolumeGeometry]
        Values, shape (slices, rows, columns) with an axis of segments if they are not combined; and where they lie.

    Raises
    ------
    GeometryError
        If the frames are no regular volume. A ValueError and RuntimeError.
    """
    planes_of = matrix_planes_of if image.is_tiled else volume_planes_of
    placed = planes_of(image, image.frame_table, tolerances)
    shape = placed.geometry.spatial_shape
    slices, rows, columns = (
        resolve_range(start, end, size, name, as_indices=as_indices)
        for (start, end), size, name in zip(ranges, shape, ("slice", "row", "column"), strict=True)
    )
    frames, channels = request.frames()
    planes = placed.planes[frames].astype(np.intp) - slices[0]
    inside = (planes >= 0) & (planes < slices[1] - slices[0])
    frames, channels, planes = frames[inside], channels[inside], planes[inside]
    region = slice(*rows), slice(*columns)
    if image.is_tiled:
        matrices = []
        for here in (planes == plane for plane in range(slices[1] - slices[0])):
            tiles = tiles_of(image, image.frame_table.select(frames[here]))
            if not tolerances.allow_missing_positions:
                _require_a_tile_everywhere(tiles, rows, columns, image)
            matrices.append(_region(image, request, frames[here], channels[here], tiles, rows, columns))
        array = matrices[0][np.newaxis] if len(matrices) == 1 else np.stack(matrices)
    else:
        array = _stack(image, request, frames, channels, planes, slices[1] - slices[0], region)
    return array, placed.geometry[slice(*slices), *region]


def _stack(
    image: FramedInstance,
    request: SegmentRequest,
    frames: NDArray[np.intp],
    channels: NDArray[np.intp],
    planes: NDArray[np.intp],
    count: int,
    region: tuple[slice, slice],
) -> NDArray[Any]:
    """Put each frame into its plane."""
    _refuse_two_frames_in_one_place(planes, channels)
    return assemble_planes(
        image.stored_frames,
        frames,
        request.conversion(),
        rows=region[0],
        columns=region[1],
        planes=planes,
        channels=channels if request.has_channels else None,
        shape=(count, len(request.numbers)) if request.has_channels else (count,),
    )


def matrix_region(
    image: FramedInstance,
    request: SegmentRequest,
    ranges: tuple[tuple[int | None, int | None], ...],
    *,
    as_indices: bool,
) -> NDArray[Any]:
    """Get a region of the total pixel matrix.

    Parameters
    ----------
    image: FramedInstance
        The segmentation.
    request: SegmentRequest
        Which segments.
    ranges: tuple[tuple[int | None, int | None], ...]
        Start and end of the rows and columns wanted.
    as_indices: bool
        Whether starts and ends count from zero.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns), with an axis of segments if they are not combined.

    Raises
    ------
    GeometryError
        If the image is not tiled. A ValueError and RuntimeError.
    """
    frames, channels = request.frames()
    tiles = tiles_of(image, image.frame_table.select(frames))
    rows, columns = (
        resolve_range(start, end, size, name, as_indices=as_indices)
        for (start, end), size, name in zip(ranges, (tiles.rows, tiles.columns), ("row", "column"), strict=True)
    )
    return _region(image, request, frames, channels, tiles, rows, columns)


def _region(
    image: FramedInstance,
    request: SegmentRequest,
    frames: NDArray[np.intp],
    channels: NDArray[np.intp],
    tiles: Tiles,
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> NDArray[Any]:
    """Put the tiles that frames are to their places in a region."""
    return assemble_region(
        image.stored_frames,
        frames,
        tiles,
        request.conversion(),
        rows=rows,
        columns=columns,
        channels=channels if request.has_channels else None,
        number_of_channels=len(request.numbers) if request.has_channels else 0,
    )


def as_volume(pixels: NDArray[Any], geometry: VolumeGeometry, request: SegmentRequest) -> Volume:
    """Give an array its place and the meaning of its last axis.

    Parameters
    ----------
    pixels: numpy.ndarray
        Shape (slices, rows, columns), with an axis of segments or of colours.
    geometry: VolumeGeometry
        Where they lie.
    request: SegmentRequest
        How they were made.
    """
    if pixels.ndim == 3:
        return geometry.with_array(pixels)
    if request.combine:
        return geometry.with_array(pixels, channels={RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]})
    return geometry.with_array(pixels, channels={"ReferencedSegmentNumber": list(request.numbers)})


def _require_a_tile_everywhere(
    tiles: Tiles, rows: tuple[int, int], columns: tuple[int, int], image: FramedInstance
) -> None:
    """Refuse a region of which some tile is missing in all segments."""
    places = np.stack((tiles.row_offsets, tiles.column_offsets), axis=1)
    one_of_each = np.unique(places, axis=0, return_index=True)[1]
    tiles.select(one_of_each).require_covered(rows, columns, int(image.Rows), int(image.Columns))


def _refuse_two_frames_in_one_place(planes: NDArray[np.intp], channels: NDArray[np.intp]) -> None:
    pairs = np.column_stack((planes, channels))
    if not are_distinct(pairs):
        raise GeometryError(
            "Several frames of a segment are at the same position, so they are no volume; select by a further "
            "dimension with get_pixels_by_dimension_index_values()."
        )
