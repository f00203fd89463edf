"""Which items of a state are about an image or frame (PS3.3 table 10-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.model.element import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["first_about", "items_about", "references_frame"]


def items_about(dataset: Dataset, keyword: str, uid: str, frame_number: int) -> Iterator[Dataset]:
    """Give the items of a sequence that are about a frame; one that references nothing is about all."""
    for entry in fetch(dataset, keyword, ()):
        references = fetch(entry, "ReferencedImageSequence", ())
        if not len(references) or any(references_frame(one, uid, frame_number) for one in references):
            yield entry


def first_about(dataset: Dataset, keyword: str, uid: str, frame_number: int) -> Dataset | None:
    """Give the first item of a sequence that is about a frame; None if there is none."""
    return next(items_about(dataset, keyword, uid, frame_number), None)


def references_frame(reference: Dataset, uid: str, frame_number: int) -> bool:
    """Tell whether a reference is to an image as a whole, or to the frame of it."""
    if str(fetch(reference, "ReferencedSOPInstanceUID", "")) != uid:
        return False
    numbers: Any = fetch(reference, "ReferencedFrameNumber")
    if numbers is None or (hasattr(numbers, "__len__") and not len(numbers)):
        return True
    return frame_number in ([int(numbers)] if isinstance(numbers, int | str) else [int(number) for number in numbers])
