"""References to the images that a state presents (PS3.3 C.11.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import fetch, item, put
from hdcore.model.references import sop_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = ["common_value", "put_frame_of_reference", "referenced_series", "study_of"]


def study_of(images: Sequence[Dataset]) -> str:
    """Find the study of images.

    Raises
    ------
    ValueError
        If there are no images, one occurs twice, or they are of several studies.
    TypeError
        If they are not datasets.
    """
    if not len(images):
        raise InputError("referenced_images is empty; expected at least one image.")
    for image in images:
        if "SOPInstanceUID" not in image or "StudyInstanceUID" not in image:
            raise InputTypeError("referenced_images holds something that is not an image's dataset.")
    if len({str(image.SOPInstanceUID) for image in images}) < len(images):
        raise InputError("referenced_images holds the same image twice.")
    studies = {str(image.StudyInstanceUID) for image in images}
    if len(studies) > 1:
        raise InputError(
            f"referenced_images are of {len(studies)} studies; expected one: {', '.join(sorted(studies))}."
        )
    return studies.pop()


def referenced_series(images: Sequence[Dataset], keyword: str = "ReferencedImageSequence") -> list[Dataset]:
    """Make the items of the Referenced Series Sequence, in the order in which series and images come."""
    by_series: dict[str, list[Dataset]] = {}
    for image in images:
        by_series.setdefault(str(image.SeriesInstanceUID), []).append(sop_reference(image))
    return [item(SeriesInstanceUID=uid, **{keyword: references}) for uid, references in by_series.items()]


def common_value(images: Sequence[Dataset], keyword: str) -> Any:
    """Get the value that all images have of an attribute; None if they differ, or one has none."""
    values = [fetch(image, keyword) for image in images]
    return values[0] if all(value == values[0] for value in values[1:]) else None


def put_frame_of_reference(state: Dataset, images: Sequence[Dataset]) -> None:
    """Write the frame of reference that all images share (PS3.3 C.7.4.1).

    Raises
    ------
    ValueError
        If they share none, so that nobody could lay one over the other.
    """
    uids = {str(fetch(image, "FrameOfReferenceUID", "none")) for image in images}
    if len(uids) > 1 or "none" in uids:
        raise InputError(
            f"referenced_images are of frames of reference {', '.join(sorted(uids))}; to be blended they share one."
        )
    put(
        state,
        FrameOfReferenceUID=uids.pop(),
        PositionReferenceIndicator=common_value(images, "PositionReferenceIndicator"),
    )
