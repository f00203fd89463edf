"""Segmentations from files, and segments from any dataset that holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputTypeError

from hdcore_seg.iteration import check_has_segments, segments_of
from hdcore_seg.segmentation import Segmentation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.pixels.storage import Readable
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = ["iter_segments", "segread"]


def segread(fp: Readable, lazy_frame_retrieval: bool = False) -> Segmentation:
    """Read a segmentation.

    Parameters
    ----------
    fp: str | os.PathLike | bytes | BinaryIO
        A path, the content of a file, or a binary file object, also of a remote file system.
    lazy_frame_retrieval: bool, optional
        Whether to leave the pixels in the file, and read frames when they are asked for.

    Returns
    -------
    Segmentation
        The segmentation.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no DICOM file, damaged, or not a segmentation.
    """
    return Segmentation.from_file(fp, lazy_frame_retrieval=lazy_frame_retrieval)


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
    if not hasattr(dataset, "file_meta") and not hasattr(dataset, "SOPClassUID"):
        raise InputTypeError(f"dataset is of type {type(dataset).__name__}; expected a segmentation.")
    check_has_segments(dataset)
    return segments_of(dataset if isinstance(dataset, Segmentation) else Segmentation.from_dataset(dataset))
