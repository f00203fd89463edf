"""Segments one after another, with what the dataset says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_seg.described import DescribedImage

__all__ = ["check_has_segments", "segments_of"]


def segments_of(image: DescribedImage) -> Iterator[tuple[NDArray[Any], tuple[Dataset, ...], Dataset]]:
    """Go through the segments of a segmentation that have frames.

    Parameters
    ----------
    image: DescribedImage
        The segmentation.

    Returns
    -------
    Iterator[tuple[numpy.ndarray, tuple[pydicom.dataset.Dataset, ...], pydicom.dataset.Dataset]]
        As :func:`hdcore_seg.utils.iter_segments` gives them.

    Raises
    ------
    ValueError
        If it has no segments.
    """
    check_has_segments(image)
    return _walk(image)


def check_has_segments(dataset: Dataset) -> None:
    """Refuse a dataset without a Segment Sequence."""
    if "SegmentSequence" not in dataset:
        raise UnreadableError("The dataset has no SegmentSequence: it is not a segmentation.")


def _walk(image: DescribedImage) -> Iterator[tuple[NDArray[Any], tuple[Dataset, ...], Dataset]]:
    segments = image.frame_table.get("segment_number")
    items = image.get("PerFrameFunctionalGroupsSequence", ())
    for number in image.segment_numbers:
        if segments is None:
            labels = image.get_stored_frames()
            frames = np.flatnonzero((labels == number).any(axis=(1, 2)))
            pixels = (labels[frames] == number).astype(np.uint8)
        else:
            frames = np.flatnonzero(segments == number)
            pixels = image.get_stored_frames(frames.tolist(), as_indices=True) if len(frames) else np.zeros(0)
        if len(frames):
            yield (
                pixels,
                tuple(items[index] for index in frames if index < len(items)),
                image.get_segment_description(number),
            )
