"""Rules about the stored values of a segmentation; of compressed or deferred pixels they say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.frames.codec import decode
from hdcore.frames.groups import FRAME_CONTENT
from hdcore.pixels.packing import unpack_bits
from hdcore.validation import Rule, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = ["PIXEL_RULES"]

_BITS_PER_BYTE = 8
_TYPES = "PS3.3 C.8.20.2.3"
_SEGMENT = 0x0062000B
"""Dimension Index Pointer to Referenced Segment Number."""


@rule("SEG030", ref="PS3.5 8.1.1")
def pixel_data_holds_all_frames(dataset: Dataset) -> Iterator[Draft]:
    """Native Pixel Data is as long as its frames are, padded to an even length."""
    value = _native_bytes(dataset)
    if value is None:
        return
    bits = int(dataset.NumberOfFrames) * dataset.Rows * dataset.Columns * dataset.BitsAllocated
    expected = -(-bits // _BITS_PER_BYTE)
    if len(value) != expected + expected % 2:
        yield finding("PixelData", f"has {len(value)} bytes; expected {expected + expected % 2}")


@rule("SEG031", ref="PS3.3 C.8.20.2.3.3", unless="SegmentationType != 'LABELMAP'")
def every_stored_label_is_described(dataset: Dataset) -> Iterator[Draft]:
    """Each value in the pixels of a label map is the number of a segment that is described."""
    values = _values(dataset)
    if values is None:
        return
    described = {item.SegmentNumber for item in dataset.SegmentSequence}
    unknown = [int(value) for value in np.flatnonzero(np.bincount(values)) if int(value) not in described]
    if unknown:
        yield finding("PixelData", f"holds the value(s) {', '.join(map(str, unknown[:8]))}, which no segment has")


@rule("SEG033", ref=_TYPES, unless="SegmentsOverlap != 'NO' or SegmentationType == 'LABELMAP'")
def segments_that_are_said_not_to_overlap_do_not(dataset: Dataset) -> Iterator[Draft]:
    """Where Segments Overlap is NO no pixel is in two segments."""
    value = _native_bytes(dataset)
    pointers = [item.DimensionIndexPointer for item in dataset.DimensionIndexSequence]
    others = [place for place, pointer in enumerate(pointers) if pointer != _SEGMENT]
    if value is None or not others:
        return
    indices = decode(dataset, (FRAME_CONTENT,))["dimension_index_values"].reshape(-1, len(pointers))
    plane_of_frame = np.unique(indices[:, others], axis=0, return_inverse=True)[1].reshape(-1)
    shared = np.bincount(plane_of_frame)[plane_of_frame] > 1
    union, last = np.zeros(0, np.bool_), -1
    for frame in np.argsort(plane_of_frame, kind="stable"):
        if not shared[frame]:
            continue
        mask = _mask(dataset, value, int(frame))
        if plane_of_frame[frame] != last:
            union, last = mask, plane_of_frame[frame]
        elif (union & mask).any():
            yield finding("SegmentsOverlap", f"is NO, but frame {frame + 1} overlaps another with the same indices")
            return
        else:
            union = union | mask


def _mask(dataset: Dataset, value: bytes, frame: int) -> NDArray[np.bool_]:
    size = dataset.Rows * dataset.Columns
    if dataset.BitsAllocated == 1:
        return unpack_bits(value, frame * size, size).astype(np.bool_)
    return np.asarray(np.frombuffer(value, np.uint8, size, frame * size) != 0)


@rule("SEG032", ref="PS3.3 C.8.20.2", unless="SegmentationType != 'FRACTIONAL'")
def no_share_is_above_the_maximum(dataset: Dataset) -> Iterator[Draft]:
    """No stored value is greater than Maximum Fractional Value."""
    values = _values(dataset)
    if values is not None and values.size and values.max() > dataset.MaximumFractionalValue:
        yield finding("PixelData", f"holds {values.max()}; the maximum is {dataset.MaximumFractionalValue}")


def _values(dataset: Dataset) -> NDArray[np.unsignedinteger] | None:
    value = _native_bytes(dataset)
    if value is None or dataset.BitsAllocated not in (8, 16):
        return None
    bits = dataset.BitsAllocated
    values = np.frombuffer(value, f"<u{bits // _BITS_PER_BYTE}", count=len(value) * _BITS_PER_BYTE // bits)
    return values[: int(dataset.NumberOfFrames) * dataset.Rows * dataset.Columns]


def _native_bytes(dataset: Dataset) -> bytes | None:
    meta = getattr(dataset, "file_meta", None)
    syntax = None if meta is None else meta.get("TransferSyntaxUID")
    if syntax is None or syntax.is_compressed or not syntax.is_little_endian or "PixelData" not in dataset:
        return None
    value = dataset.PixelData
    return value if isinstance(value, bytes) else None


PIXEL_RULES: list[Rule] = [
    pixel_data_holds_all_frames,
    every_stored_label_is_described,
    no_share_is_above_the_maximum,
    segments_that_are_said_not_to_overlap_do_not,
]
"""Rules SEG030 to SEG033."""
