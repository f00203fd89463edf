"""The images that annotations are on: what they must share, and how they are referred to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError
from hdcore.model.arguments import list_of
from hdcore.model.element import fetch, item
from hdcore.model.references import ReferencedImageSequence, sop_reference
from pydicom.dataset import Dataset

from hdcore_ann.enums import AnnotationCoordinateTypeValues

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_source_images", "common_references", "image_reference"]


def check_source_images(images: Sequence[Dataset], coordinates: AnnotationCoordinateTypeValues) -> list[Dataset]:
    """Refuse sources that shapes of these coordinates cannot be on.

    Parameters
    ----------
    images: Sequence[pydicom.dataset.Dataset]
        The images.
    coordinates: AnnotationCoordinateTypeValues
        What the coordinates are.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        The images.

    Raises
    ------
    TypeError
        If they are not a sequence of datasets.
    ValueError
        If there is none, several where pixels are meant, one is not an image, or they are of several studies or frames
        of reference.
    """
    listed = list_of(Dataset, images, "source_images")
    if not listed:
        raise InputError("source_images is empty; expected the image that the annotations are on.")
    for image in listed:
        if not {"Rows", "Columns", "SOPInstanceUID"} <= {key for key in _NEEDED if key in image}:
            raise InputError("source_images has a dataset that is not an image: it lacks Rows, Columns or a UID.")
    if len({str(image.SOPInstanceUID) for image in listed}) < len(listed):
        raise InputError("source_images has the same SOP Instance UID more than once.")
    if coordinates is AnnotationCoordinateTypeValues.SCOORD and len(listed) > 1:
        raise InputError(f"source_images has {len(listed)} images; 2D coordinates are pixels of exactly one.")
    if coordinates is AnnotationCoordinateTypeValues.SCOORD3D:
        frames_of_reference = {str(fetch(image, "FrameOfReferenceUID", "")) for image in listed}
        if len(frames_of_reference) > 1 or "" in frames_of_reference:
            raise InputError("source_images must all have the same Frame of Reference UID for 3D coordinates.")
    if len({str(fetch(image, "StudyInstanceUID", "")) for image in listed}) > 1:
        raise InputError("source_images are of several studies; expected one.")
    return listed


_NEEDED = ("Rows", "Columns", "SOPInstanceUID")


def image_reference(image: Dataset, frame_number: int | None) -> ReferencedImageSequence:
    """Refer to the image, or one frame of it.

    Parameters
    ----------
    image: pydicom.dataset.Dataset
        The image.
    frame_number: int | None
        Number of the frame, counted from one.

    Returns
    -------
    hdcore.ReferencedImageSequence
        One item. Instances of a concatenation are referred to by their source (PS3.3 C.37.1.2.1.1).
    """
    references = ReferencedImageSequence([image], frame_number)
    source = fetch(image, "SOPInstanceUIDOfConcatenationSource")
    if source is not None:
        references[0].ReferencedSOPInstanceUID = source
    return references


def common_references(images: Sequence[Dataset]) -> dict[str, Any]:
    """Give the elements of the Common Instance Reference module (PS3.3 C.12.2) for images of one study.

    Parameters
    ----------
    images: Sequence[pydicom.dataset.Dataset]
        The images.

    Returns
    -------
    dict
        Keyword and value.
    """
    series: dict[str, list[Dataset]] = {}
    for image in images:
        series.setdefault(str(image.SeriesInstanceUID), []).append(sop_reference(image))
    return {
        "ReferencedSeriesSequence": [
            item(SeriesInstanceUID=uid, ReferencedInstanceSequence=references) for uid, references in series.items()
        ]
    }
