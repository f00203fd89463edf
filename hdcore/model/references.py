"""References from one instance to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as DataElementSequence

from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import fetch, item

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "SEGMENTATION_SOP_CLASS_UIDS",
    "SINGLE_FRAME_SOP_CLASS_UIDS",
    "ReferencedImageSequence",
    "has_no_segments",
    "sop_reference",
]

SEGMENTATION_SOP_CLASS_UIDS = frozenset({"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"})
"""Segmentation Storage and Label Map Segmentation Storage: the images to whose segments one can refer."""
_STORAGE = "1.2.840.10008.5.1.4.1.1."
SINGLE_FRAME_SOP_CLASS_UIDS = frozenset(
    f"{_STORAGE}{number}"
    for number in (
        *("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "128", "2", "4", "6.1", "7"),
        *("77.1.1", "77.1.2", "77.1.3", "77.1.4", "77.1.5.7", "77.1.7", "81.1", "82.1"),
    )
)
"""Image storage classes whose definition has neither a Multi-frame module nor functional groups (PS3.3 A.1)."""


def has_no_segments(sop_class_uid: str) -> bool:
    """Tell whether a SOP class is one of the standard's that has no segments; of others nobody knows.

    Parameters
    ----------
    sop_class_uid: str
        UID of the SOP class.
    """
    return sop_class_uid.startswith(_STORAGE) and not sop_class_uid.startswith(f"{_STORAGE}66.")


def sop_reference(dataset: Dataset) -> Dataset:
    """Make an item that refers to an instance (SOP Instance Reference macro, PS3.3 10.8).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The instance.

    Returns
    -------
    pydicom.dataset.Dataset
        Referenced SOP Class UID and Referenced SOP Instance UID.
    """
    return item(
        ReferencedSOPClassUID=dataset.SOPClassUID,
        ReferencedSOPInstanceUID=dataset.SOPInstanceUID,
    )


class ReferencedImageSequence(DataElementSequence):
    """References to images, or to frames or segments of one (Image SOP Instance Reference macro, PS3.3 10.3)."""

    def __init__(
        self,
        referenced_images: Sequence[Dataset] | None = None,
        referenced_frame_number: int | Sequence[int] | None = None,
        referenced_segment_number: int | Sequence[int] | None = None,
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        referenced_images: Sequence[pydicom.dataset.Dataset] | None, optional
            The images, without duplicates.
        referenced_frame_number: int | Sequence[int] | None, optional
            Numbers, counted from one, of the frames meant, where one multi-frame image is referenced.
        referenced_segment_number: int | Sequence[int] | None, optional
            Numbers of the segments meant, where one segmentation is referenced.

        Raises
        ------
        TypeError
            If the images are not a sequence of datasets, or frames or segments are given of an image that has none.
        ValueError
            If there is no image or the same one twice, one is not an image, frames or segments are given of several
            images, or the image has no such frame or segment.
        """
        images = _checked_images(referenced_images)
        references = [sop_reference(image) for image in images]
        if referenced_frame_number is not None or referenced_segment_number is not None:
            if len(images) > 1:
                name = "referenced_frame_number" if referenced_frame_number is not None else "referenced_segment_number"
                raise InputError(f"{name} is given with {len(images)} images; it needs exactly one referenced image.")
            image, reference = images[0], references[0]
            if referenced_frame_number is not None:
                reference.ReferencedFrameNumber = _frame_numbers(image, referenced_frame_number)
            if referenced_segment_number is not None:
                reference.ReferencedSegmentNumber = _segment_numbers(image, referenced_segment_number)
        super().__init__(references)


def _checked_images(images: Sequence[Dataset] | Dataset | None) -> list[Dataset]:
    if images is None or isinstance(images, Dataset) or not all(isinstance(image, Dataset) for image in images):
        raise InputTypeError("referenced_images is not a sequence of datasets.")
    if not len(images):
        raise InputError("referenced_images is empty; expected at least one image.")
    uids = {str(image.SOPInstanceUID) for image in images}
    if len(uids) < len(images):
        raise InputError("referenced_images has the same SOP Instance UID more than once.")
    for image in images:
        if not _is_image(image):
            raise InputError(f"referenced_images has an instance that is not an image: {image.SOPClassUID.name}.")
    return list(images)


def _is_image(image: Dataset) -> bool:
    name = str(fetch(image, "SOPClassUID").name)
    return "Rows" in image or "Image" in name or str(image.SOPClassUID) in _IMAGES_NOT_SO_NAMED


_IMAGES_NOT_SO_NAMED = SEGMENTATION_SOP_CLASS_UIDS | {"1.2.840.10008.5.1.4.1.1.30", "1.2.840.10008.5.1.4.1.1.481.2"}


def _numbers(numbers: int | Sequence[int]) -> list[int]:
    return [int(numbers)] if isinstance(numbers, SupportsIndex) else [int(number) for number in numbers]


def _as_value(numbers: list[int]) -> int | list[int]:
    return numbers[0] if len(numbers) == 1 else numbers


def _frame_numbers(image: Dataset, numbers: int | Sequence[int]) -> int | list[int]:
    if "NumberOfFrames" not in image:
        raise InputTypeError("referenced_frame_number is given, but the referenced image is not a multi-frame image.")
    frames = _numbers(numbers)
    count = int(image.NumberOfFrames)
    for number in frames:
        if not 1 <= number <= count:
            raise InputError(f"referenced_frame_number has {number}; the referenced image has frames 1 to {count}.")
    return _as_value(frames)


def _segment_numbers(image: Dataset, numbers: int | Sequence[int]) -> int | list[int]:
    if str(image.SOPClassUID) not in SEGMENTATION_SOP_CLASS_UIDS:
        raise InputTypeError("referenced_segment_number is given, but the referenced image is not a segmentation.")
    segments = _numbers(numbers)
    known = {int(segment.SegmentNumber) for segment in image.get("SegmentSequence", ())}
    for number in segments:
        if number not in known:
            raise InputError(f"referenced_segment_number has {number}; the segmentation has {sorted(known)}.")
    return _as_value(segments)
