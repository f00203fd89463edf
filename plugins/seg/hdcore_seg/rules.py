"""What makes a segmentation conform, beyond the standard's tables of attributes (PS3.3 C.8.20)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hdcore.validation import Rule, equals, finding, one_of, required_if, rule

from hdcore_seg.frame_rules import FRAME_RULES
from hdcore_seg.pixel_rules import PIXEL_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["RULES"]

_IMAGE = "PS3.3 C.8.20.2"
_LABEL_MAP_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7"
_BITS = {"BINARY": {(1, 1, 0)}, "FRACTIONAL": {(8, 8, 7)}, "LABELMAP": {(8, 8, 7), (16, 16, 15)}}


@rule("SEG010", ref="PS3.4 B.5")
def the_sop_class_fits_the_segmentation_type(dataset: Dataset) -> Iterator[Draft]:
    """Label Map Segmentation Storage holds label maps, Segmentation Storage the other types."""
    label_map = dataset.SegmentationType == "LABELMAP"
    if label_map != (dataset.SOPClassUID == _LABEL_MAP_STORAGE):
        yield finding(
            "SegmentationType", f"is {dataset.SegmentationType} but the SOP class is {dataset.SOPClassUID.name}"
        )


@rule("SEG011", ref=_IMAGE)
def the_bits_fit_the_segmentation_type(dataset: Dataset) -> Iterator[Draft]:
    """A BINARY segmentation has 1 bit per pixel, a FRACTIONAL one 8, a LABELMAP 8 or 16."""
    bits = dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit
    if bits not in _BITS.get(dataset.SegmentationType, {bits}):
        allocated, stored, high = bits
        yield finding(
            "BitsAllocated", f"is {allocated} (stored {stored}, high bit {high}) for {dataset.SegmentationType}"
        )


@rule("SEG012", ref="PS3.3 C.8.20.4", unless="SegmentationType == 'LABELMAP'")
def segments_are_numbered_from_one(dataset: Dataset) -> Iterator[Draft]:
    """Segments are numbered from one, each by one more than the one before."""
    numbers = [item.SegmentNumber for item in dataset.SegmentSequence]
    for index, number in enumerate(numbers):
        if number != index + 1:
            yield finding(f"SegmentSequence[{index}]/SegmentNumber", f"is {number}; expected {index + 1}")
            return


@rule("SEG013", ref="PS3.3 C.8.20.4")
def segment_numbers_are_unique(dataset: Dataset) -> Iterator[Draft]:
    """Each segment has a number of its own."""
    counts = Counter(item.SegmentNumber for item in dataset.SegmentSequence)
    seen: set[int] = set()
    for index, item in enumerate(dataset.SegmentSequence):
        if counts[item.SegmentNumber] > 1 and item.SegmentNumber in seen:
            yield finding(f"SegmentSequence[{index}]/SegmentNumber", f"is {item.SegmentNumber} again")
        seen.add(item.SegmentNumber)


@rule("SEG014", ref=_IMAGE)
def the_image_is_derived(dataset: Dataset) -> Iterator[Draft]:
    """Image Type has the two values DERIVED and PRIMARY and no others."""
    values = [str(value) for value in dataset.ImageType]
    if values != ["DERIVED", "PRIMARY"]:
        yield finding("ImageType", f"is {values}")


@rule("SEG015", ref=_IMAGE)
def tracking_ids_and_uids_go_together(dataset: Dataset) -> Iterator[Draft]:
    """A segment has both a Tracking ID and a Tracking UID, or neither."""
    for index, item in enumerate(dataset.SegmentSequence):
        if ("TrackingID" in item) != ("TrackingUID" in item):
            missing = "TrackingUID" if "TrackingID" in item else "TrackingID"
            yield finding(f"SegmentSequence[{index}]/{missing}", "is absent")


@rule("SEG016", ref="PS3.3 C.8.20.2.3", unless="SegmentationType != 'LABELMAP'")
def segments_of_a_label_map_do_not_overlap(dataset: Dataset) -> Iterator[Draft]:
    """No pixel of a label map is in two segments."""
    if dataset.get("SegmentsOverlap", "NO") != "NO":
        yield finding("SegmentsOverlap", f"is {dataset.SegmentsOverlap}")


RULES: list[Rule] = [
    one_of("SEG001", "SegmentationType", ("BINARY", "FRACTIONAL", "LABELMAP"), ref="PS3.3 C.8.20.2.3"),
    equals("SEG002", "Modality", "SEG", ref="PS3.3 C.8.20.1"),
    required_if("SEG003", "SegmentationFractionalType", "SegmentationType == 'FRACTIONAL'", ref=_IMAGE),
    required_if("SEG004", "MaximumFractionalValue", "SegmentationType == 'FRACTIONAL'", ref=_IMAGE),
    one_of("SEG005", "SegmentationFractionalType", ("PROBABILITY", "OCCUPANCY"), ref="PS3.3 C.8.20.2.3"),
    one_of(
        "SEG006", "PhotometricInterpretation", ("MONOCHROME2",), ref=_IMAGE, unless="SegmentationType == 'LABELMAP'"
    ),
    one_of(
        "SEG007",
        "PhotometricInterpretation",
        ("MONOCHROME2", "PALETTE COLOR"),
        ref=_IMAGE,
        unless="SegmentationType != 'LABELMAP'",
    ),
    one_of("SEG008", "SegmentsOverlap", ("YES", "NO", "UNDEFINED"), ref=_IMAGE),
    required_if("SEG009", "SegmentSequence/SegmentAlgorithmName", "SegmentAlgorithmType != 'MANUAL'", ref=_IMAGE),
    the_sop_class_fits_the_segmentation_type,
    the_bits_fit_the_segmentation_type,
    segments_are_numbered_from_one,
    segment_numbers_are_unique,
    the_image_is_derived,
    tracking_ids_and_uids_go_together,
    segments_of_a_label_map_do_not_overlap,
    required_if("SEG017", "ICCProfile", "PhotometricInterpretation == 'PALETTE COLOR'", ref="PS3.3 C.11.15"),
    one_of("SEG018", "PresentationLUTShape", ("IDENTITY",), ref=_IMAGE),
    required_if("SEG019", "ImageOrientationSlide", "TotalPixelMatrixRows", ref="PS3.3 C.8.12.14"),
    *FRAME_RULES,
    *PIXEL_RULES,
]
"""The rules, in the order of their codes."""
