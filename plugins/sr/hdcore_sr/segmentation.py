"""What references need to know of a segmentation: its segments, frames and source images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_segmentation", "frames_of_segment", "segment_of_frames", "source_images_of"]

_SEGMENTATIONS = frozenset(
    {"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.5", "1.2.840.10008.5.1.4.1.1.66.7"}
)
"""Segmentation, Surface Segmentation and Label Map Segmentation Storage."""

SourceReference = tuple[str, str, list[int] | None]
"""SOP class, SOP instance and frame numbers of a source image."""


def check_segmentation(segmentation: Any) -> None:
    """Refuse what is not a segmentation.

    Raises
    ------
    TypeError
        If it is not a dataset.
    ValueError
        If it is of another SOP class.
    """
    if not isinstance(segmentation, Dataset):
        raise InputTypeError(f"segmentation is a {type(segmentation).__name__}; expected a dataset.")
    if segmentation.get("SOPClassUID") not in _SEGMENTATIONS:
        raise InputError(f"segmentation is of SOP class {segmentation.get('SOPClassUID')}; expected a segmentation.")


def _segment_of_frame(segmentation: Dataset, index: int) -> int | None:
    for groups in (segmentation.get("PerFrameFunctionalGroupsSequence"), None):
        holders = [groups[index]] if groups else list(segmentation.get("SharedFunctionalGroupsSequence") or ())
        for holder in holders:
            identification = holder.get("SegmentIdentificationSequence")
            if identification:
                return int(identification[0].ReferencedSegmentNumber)
    return None


def frames_of_segment(
    segmentation: Dataset, segment_number: int, frame_numbers: Sequence[int] | None = None
) -> list[int]:
    """Find the frames of a segment, or check that frames are of it.

    Parameters
    ----------
    segmentation: pydicom.dataset.Dataset
        The segmentation.
    segment_number: int
        Number of the segment.
    frame_numbers: Sequence[int] | None, optional
        Numbers of the frames to check, counted from one.

    Returns
    -------
    list[int]
        Numbers of the frames; empty for a segmentation without frames.

    Raises
    ------
    ValueError
        If there is no such segment, or a frame does not exist or is of another.
    """
    segments = [int(item.SegmentNumber) for item in segmentation.get("SegmentSequence") or ()]
    if segments and segment_number not in segments:
        raise InputError(f"The segmentation has no segment {segment_number}; it has {_listed(segments)}.")
    count = int(segmentation.get("NumberOfFrames") or 0)
    for number in frame_numbers or ():
        if not 1 <= number <= count:
            raise InputError(f"The segmentation has no frame {number}; it has {count} frames.")
    wanted = range(1, count + 1) if frame_numbers is None else frame_numbers
    owners = {number: _segment_of_frame(segmentation, number - 1) for number in wanted}
    if frame_numbers is None:
        return [number for number, owner in owners.items() if owner in (segment_number, None)]
    for number, owner in owners.items():
        if owner not in (segment_number, None):
            raise InputError(f"Frame {number} is of segment {owner}, not of segment {segment_number}.")
    return list(frame_numbers)


def segment_of_frames(segmentation: Dataset, frame_numbers: Sequence[int] | None) -> int:
    """Tell the one segment that frames are of.

    Raises
    ------
    ValueError
        If a frame does not exist, or they are of none or several.
    """
    count = int(segmentation.get("NumberOfFrames") or 0)
    for number in frame_numbers or ():
        if not 1 <= number <= count:
            raise InputError(f"The segmentation has no frame {number}; it has {count} frames.")
    owners = {_segment_of_frame(segmentation, number - 1) for number in frame_numbers or ()}
    if len(owners) != 1 or None in owners:
        raise InputError("The frames are not of one segment; pass segment_number.")
    return int(next(iter(owners)) or 0)


def source_images_of(segmentation: Dataset, frames: Sequence[int]) -> tuple[list[SourceReference], str | None]:
    """Find the images that frames were segmented from, each once.

    Parameters
    ----------
    segmentation: pydicom.dataset.Dataset
        The segmentation.
    frames: Sequence[int]
        Numbers of the frames, counted from one.

    Returns
    -------
    tuple[list[SourceReference], str | None]
        The images that the frames name, or else those of the whole segmentation; and the source series if there is one.

    Raises
    ------
    ValueError
        If the segmentation names neither.
    """
    groups = segmentation.get("PerFrameFunctionalGroupsSequence") or ()
    holders: list[Any] = [groups[number - 1] for number in frames if number <= len(groups)]
    holders.extend(segmentation.get("SharedFunctionalGroupsSequence") or ())
    found: dict[tuple[str, str], set[int]] = {}
    for holder in holders:
        for derivation in holder.get("DerivationImageSequence") or ():
            for image in derivation.get("SourceImageSequence") or ():
                _add(found, image)
    series: list[Dataset] = list(segmentation.get("ReferencedSeriesSequence") or ())
    if not found:
        for one in series:
            for instance in one.get("ReferencedInstanceSequence") or ():
                _add(found, instance)
    uid = str(series[0].SeriesInstanceUID) if series and series[0].get("SeriesInstanceUID") else None
    if not found and uid is None:
        raise InputError("The segmentation names neither source images nor a source series.")
    return [(*key, sorted(numbers) or None) for key, numbers in found.items()], uid


def _add(found: dict[tuple[str, str], set[int]], image: Dataset) -> None:
    numbers = found.setdefault((str(image.ReferencedSOPClassUID), str(image.ReferencedSOPInstanceUID)), set())
    value = image.get("ReferencedFrameNumber")
    if value is not None:
        numbers.update(int(number) for number in (value if hasattr(value, "__iter__") else [value]))


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
