"""Segments one after another, with what the dataset says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputTypeError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_seg.image import SegmentedImage

__all__ = ["iter_segments"]


def iter_segments(dataset: Dataset) -> Iterator[tuple[NDArray[Any], tuple[Dataset, ...], Dataset]]:
    """Go through the segments of a segmentation that have frames.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The segmentation.

    Yields
    ------
    tuple[numpy.ndarray, tuple[pydicom.dataset.Dataset, ...], pydicom.dataset.Dataset]
        Frames of the segment, shape (frames, rows, columns) (of a label map: masks of the frames in which the segment
        has a pixel); their items of the Per-Frame Functional Groups Sequence, none of a TILED_FULL image; its item of
        the Segment Sequence.

    Raises
    ------
    TypeError
        If ``dataset`` is not a dataset.
    ValueError
        If it is not a segmentation.
    """
    from hdcore_seg.segmentation import Segmentation

    if not hasattr(dataset, "file_meta") and not hasattr(dataset, "SOPClassUID"):
        raise InputTypeError(f"dataset is of type {type(dataset).__name__}; expected a segmentation.")
    if "SegmentSequence" not in dataset:
        raise UnreadableError("The dataset has no SegmentSequence: it is not a segmentation.")
    image = dataset if isinstance(dataset, Segmentation) else Segmentation.from_dataset(dataset)
    return _walk(image)


def _walk(image: SegmentedImage) -> Iterator[tuple[NDArray[Any], tuple[Dataset, ...], Dataset]]:
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
            yield pixels, tuple(items[index] for index in frames if index < len(items)), _item(image, number)


def _item(image: SegmentedImage, number: int) -> Dataset:
    return image.get_segment_description(number)
