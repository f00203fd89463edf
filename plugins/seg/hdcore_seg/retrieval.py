"""Reading planes of segments: by source image or frame, by dimension index.

Each reader finds out which stored frame goes where, and leaves it to the engine to put them there. Its parameters about
segments are those of :class:`hdcore_seg.request.SegmentRequest`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError, NotPresentError
from hdcore.frames.assemble import assemble_planes
from hdcore.frames.select import match_rows, source_frame_pairs, source_instance_pairs, wanted_source_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.framed import FramedInstance
    from numpy.typing import NDArray

    from hdcore_seg.request import SegmentRequest

__all__ = [
    "planes_of_dimension_indices",
    "planes_of_source_frames",
    "planes_of_sources",
    "pointer_without_segment",
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
