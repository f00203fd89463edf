"""Reading segments: by source image or frame, by dimension index, as a volume, as a total pixel matrix.

Each reader finds out which stored frame goes where, and leaves it to the engine to put them there. Its parameters about
segments are those of :class:`hdcore_seg.request.SegmentRequest`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import GeometryError, InputError, InputTypeError, NotPresentError
from hdcore.frames.assemble import assemble_planes, assemble_region
from hdcore.frames.matrices import matrix_planes_of
from hdcore.frames.placement import Tiles, Tolerances, tiles_of, volume_planes_of
from hdcore.frames.ranges import resolve_range
from hdcore.frames.select import match_rows, source_frame_pairs, source_instance_pairs, wanted_source_frames
from hdcore.spatial.channels import RGB_COLOR_CHANNEL_DESCRIPTOR
from hdcore.spatial.distinct import are_distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.framed import FramedInstance
    from hdcore.spatial.geometry import VolumeGeometry
    from hdcore.spatial.volume import Volume
    from numpy.typing import NDArray

    from hdcore_seg.request import SegmentRequest

__all__ = [
    "as_volume",
    "matrix_region",
    "planes_of_dimension_indices",
    "planes_of_source_frames",
    "planes_of_sources",
    "pointer_without_segment",
    "volume_of",
]


def planes_of_sources(
    image: FramedInstance, request: SegmentRequest, sop_instance_uids: Sequence[str], *, missing_are_empty: bool
) -> NDArray[Any]:
    """Get a plane for each source instance.

    Parameters
    ----------
    image: FramedInstance
        The segmentation.
    request: SegmentRequest
        Which segments.
    sop_instance_uids: Sequence[str]
        The source instances.
    missing_are_empty: bool
        Whether instances that the segmentation does not mention have no segments; otherwise they are refused. An
        instance that it mentions, but from which no frame is derived, has none in any case.

    Returns
    -------
    numpy.ndarray
        Shape (instances, rows, columns), with an axis of segments if they are not combined.

    Raises
    ------
    NotPresentError
        If an instance is not mentioned. A ValueError and KeyError.
    """
    uids = _listed(sop_instance_uids, "source_sop_instance_uids")
    for uid in uids:
        if not isinstance(uid, str):
            raise InputTypeError(
                f"source_sop_instance_uids holds a {type(uid).__name__}; expected SOP Instance UIDs, strings."
            )
    owners, sources = source_instance_pairs(image.frame_table)
    if not missing_are_empty:
        mentioned = {str(uid) for _, _, uid in image.get_source_image_uids()} | {str(uid) for uid in sources.vocabulary}
        _require(set(uids) <= mentioned, sorted(set(uids) - mentioned), "source instances")
    wanted = np.array([sources.code_of(uid) for uid in uids], np.int64)
    return _planes(image, request, owners, sources.codes, wanted, "source instance")


def planes_of_source_frames(
    image: FramedInstance,
    request: SegmentRequest,
    sop_instance_uid: str,
    frame_numbers: Sequence[int] | None,
    *,
    missing_are_empty: bool,
) -> NDArray[Any]:
    """Get a plane for each frame of a source instance.

    Parameters
    ----------
    image: FramedInstance
        The segmentation.
    request: SegmentRequest
        Which segments.
    sop_instance_uid: str
        The source instance.
    frame_numbers: Sequence[int] | None
        Numbers of its frames, counted from one; if None, from 1 to the highest that is referred to.
    missing_are_empty: bool
        Whether frames to which nothing refers have no segments; otherwise they are refused.

    Returns
    -------
    numpy.ndarray
        As of :func:`planes_of_sources`.

    Raises
    ------
    NotPresentError
        If a frame is not mentioned. A ValueError and KeyError.
    """
    owners, numbers = source_frame_pairs(image.frame_table, sop_instance_uid)
    if frame_numbers is None:
        wanted = wanted_source_frames(numbers, sop_instance_uid)
    else:
        wanted = np.asarray(_listed(frame_numbers, "source_frame_numbers"))
        if wanted.dtype.kind not in "iu" or wanted.min() < 1:
            raise InputError(f"source_frame_numbers is {frame_numbers!r}; expected integers from 1 on.")
        if not missing_are_empty:
            _require(len(numbers) > 0, [sop_instance_uid], "source instances")
            absent = sorted({number for number in wanted.tolist() if number > numbers.max(initial=0)})
            _require(not absent, absent, "source frames")
    return _planes(image, request, owners, numbers, wanted, "source frame")


def planes_of_dimension_indices(
    image: FramedInstance,
    request: SegmentRequest,
    pointers: Sequence[Any],
    index_values: Sequence[Sequence[int]],
    *,
    missing_are_empty: bool,
) -> NDArray[Any]:
    """Get a plane for each combination of dimension indices.

    Parameters
    ----------
    image: FramedInstance
        The segmentation.
    request: SegmentRequest
        Which segments.
    pointers: Sequence[pydicom.tag.BaseTag | int | str]
        Attributes that the dimensions stand for, without that of the segment.
    index_values: Sequence[Sequence[int]]
        For each plane wanted its index in each of these dimensions.
    missing_are_empty: bool
        Whether combinations that no frame has are empty; otherwise they are refused.

    Returns
    -------
    numpy.ndarray
        As of :func:`planes_of_sources`.

    Raises
    ------
    NotPresentError
        If no frame has a combination. A ValueError and KeyError.
    """
    rows = _listed(index_values, "dimension_index_values")
    if any(not hasattr(row, "__len__") or len(row) != len(pointers) for row in rows):
        raise InputError(
            f"dimension_index_values has rows of other lengths than dimension_index_pointers, of which there are "
            f"{len(pointers)}."
        )
    wanted = np.asarray(rows, np.int64)
    keys = image.dimension_indices(pointers)
    if not missing_are_empty:
        known = set(map(tuple, keys.tolist()))
        absent = [row for row in map(tuple, wanted.tolist()) if row not in known]
        _require(not absent, absent, "dimension index values")
    return _planes(image, request, np.arange(len(keys)), keys, wanted, "combination of dimension indices")


def _planes(
    image: FramedInstance,
    request: SegmentRequest,
    owners: NDArray[np.intp],
    keys: NDArray[np.int64],
    wanted: NDArray[np.int64],
    what: str,
) -> NDArray[Any]:
    """Match frames to places by key and segment, and stack them."""
    stored = image.stored_frames
    segments = request.stored.segment_of_frame
    if segments is None:
        frames = match_rows(keys, wanted, owners, what=what)
        return assemble_planes(stored, frames, request.conversion(), shape=(len(wanted),))
    numbers = np.asarray(request.numbers, np.int64)
    keys2, wanted2 = (rows if rows.ndim == 2 else rows[:, np.newaxis] for rows in (keys, wanted))
    have = np.column_stack((keys2, segments[owners]))
    want = np.column_stack((np.repeat(wanted2, len(numbers), axis=0), np.tile(numbers, len(wanted2))))
    frames = match_rows(have, want, owners, what=f"{what} and segment")
    places = np.repeat(np.arange(len(wanted2), dtype=np.intp), len(numbers))
    channels = np.tile(np.arange(len(numbers), dtype=np.intp), len(wanted2))
    if request.combine:
        return assemble_planes(stored, frames, request.conversion(), planes=places, shape=(len(wanted2),))
    return assemble_planes(
        stored, frames, request.conversion(), planes=places, channels=channels, shape=(len(wanted2), len(numbers))
    )


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


def pointer_without_segment(pointer: Any) -> Any:
    """Refuse the segment as a dimension, since segments are chosen by number.

    Raises
    ------
    ValueError
        If ``pointer`` is Referenced Segment Number.
    """
    if pointer in (0x0062000B, "ReferencedSegmentNumber"):
        raise InputError(
            "dimension_index_pointers has ReferencedSegmentNumber; choose segments by segment_numbers instead."
        )
    return pointer


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


def _listed(values: Sequence[Any], name: str) -> list[Any]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InputTypeError(f"{name} is {values!r}; expected a sequence.")
    listed = [str(value) if isinstance(value, str) else value for value in values]
    if not listed:
        raise InputError(f"{name} is empty; expected at least one.")
    return listed


def _require(holds: bool, absent: Sequence[Any], what: str) -> None:
    if not holds:
        some = ", ".join(str(value) for value in absent[:5]) + (" …" if len(absent) > 5 else "")
        raise NotPresentError(
            f"The segmentation does not mention the {what} {some}; pass assert_missing_frames_are_empty=True to get "
            "zeros for them."
        )
