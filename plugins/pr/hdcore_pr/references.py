"""References to the images that a state presents (PS3.3 C.11.11)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import fetch, item, mark_as_encoded, put, put_raw
from hdcore.model.making import tag_of
from hdcore.model.references import sop_reference
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "common_value",
    "has_colors",
    "put_frame_of_reference",
    "put_referenced_series",
    "referenced_series",
    "study_of",
]

_REQUIRED = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")


def study_of(images: Any) -> str:
    """Find the study of images.

    Raises
    ------
    ValueError
        If there are no images, one occurs twice, or they are of several studies.
    TypeError
        If they are not datasets.
    """
    if isinstance(images, Dataset | str) or not hasattr(images, "__len__"):
        raise InputTypeError(f"referenced_images is a {type(images).__name__}; expected a sequence of datasets.")
    if not len(images):
        raise InputError("referenced_images is empty; expected at least one image.")
    for image in images:
        missing = not isinstance(image, Dataset) or any(fetch(image, keyword) is None for keyword in _REQUIRED)
        if missing:
            raise InputTypeError("referenced_images holds something that is not an image's dataset.")
    if len({str(fetch(image, "SOPInstanceUID")) for image in images}) < len(images):
        raise InputError("referenced_images holds the same image twice.")
    studies = {str(fetch(image, "StudyInstanceUID")) for image in images}
    if len(studies) > 1:
        raise InputError(
            f"referenced_images are of {len(studies)} studies; expected one: {', '.join(sorted(studies))}."
        )
    return studies.pop()


def has_colors(image: Dataset) -> bool:
    """Tell whether an image is of colours, by itself or by a palette (PS3.3 C.7.6.3.1.2)."""
    return int(fetch(image, "SamplesPerPixel", 1)) == 3 or fetch(image, "PhotometricInterpretation") == "PALETTE COLOR"


def referenced_series(images: Sequence[Dataset], keyword: str = "ReferencedImageSequence") -> list[Dataset]:
    """Make the items of the Referenced Series Sequence, in the order in which series and images come."""
    return [
        item(SeriesInstanceUID=uid, **{keyword: [sop_reference(image) for image in group]})
        for uid, group in _by_series(images).items()
    ]


def put_referenced_series(state: Dataset, images: Sequence[Dataset], keyword: str = "ReferencedImageSequence") -> None:
    """Write the Referenced Series Sequence as it is encoded: a state may reference thousands of images."""
    series = []
    for uid, group in _by_series(images).items():
        references = b"".join(
            _item(_uid("ReferencedSOPClassUID", image), _uid("ReferencedSOPInstanceUID", image)) for image in group
        )
        # in the order of their tags: images are in group 0008, instances as well, the series in 0020
        series.append(_item(_sequence(keyword, references), _element("SeriesInstanceUID", uid)))
    put_raw(state, "ReferencedSeriesSequence", "SQ", b"".join(series))
    mark_as_encoded(state)


def _by_series(images: Sequence[Dataset]) -> dict[str, list[Dataset]]:
    by_series: dict[str, list[Dataset]] = {}
    for image in images:
        by_series.setdefault(str(fetch(image, "SeriesInstanceUID")), []).append(image)
    return by_series


def _item(*elements: bytes) -> bytes:
    content = b"".join(elements)
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(content)) + content


def _sequence(keyword: str, items: bytes) -> bytes:
    tag = tag_of(keyword)
    return struct.pack("<HH2sHL", tag.group, tag.element, b"SQ", 0, len(items)) + items


def _uid(keyword: str, image: Dataset) -> bytes:
    return _element(keyword, str(fetch(image, keyword.removeprefix("Referenced"))))


def _element(keyword: str, uid: str) -> bytes:
    tag, value = tag_of(keyword), uid.encode("ascii")
    value += bytes(len(value) % 2)
    return struct.pack("<HH2sH", tag.group, tag.element, b"UI", len(value)) + value


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
