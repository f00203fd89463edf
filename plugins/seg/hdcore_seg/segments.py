"""The Segment Sequence: which descriptions fit together, and how segments are found in it (PS3.3 C.8.20.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content.code import CodedConcept
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import fetch

from hdcore_seg.description import SegmentDescription
from hdcore_seg.enums import SegmentAlgorithmTypeValues, SegmentationTypeValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydicom.sr.coding import Code

__all__ = ["BACKGROUND", "background_like", "check_descriptions", "is_background", "matching"]

BACKGROUND = 0
"""Number that stands for no segment in a label map that hdcore writes."""


def check_descriptions(
    descriptions: Sequence[SegmentDescription], kind: SegmentationTypeValues
) -> list[SegmentDescription]:
    """Refuse descriptions that do not fit together.

    Parameters
    ----------
    descriptions: Sequence[SegmentDescription]
        One for each segment.
    kind: SegmentationTypeValues
        Type of the segmentation. Segments of a label map may have any numbers, those of the other types are numbered
        1, 2, 3 … (PS3.3 C.8.20.4).

    Returns
    -------
    list[SegmentDescription]
        The descriptions, in the order of their numbers.

    Raises
    ------
    TypeError
        If one is not a segment description.
    ValueError
        If there are none, or their numbers are not allowed.
    """
    if hasattr(descriptions, "SegmentNumber") or not hasattr(descriptions, "__iter__"):
        raise InputTypeError(
            f"segment_descriptions is of type {type(descriptions).__name__}; expected a sequence of SegmentDescription."
        )
    listed = list(descriptions)
    for description in listed:
        if not isinstance(description, SegmentDescription):
            raise InputTypeError(
                f"segment_descriptions has an item of type {type(description).__name__}; expected SegmentDescription."
            )
    numbers = [description.segment_number for description in listed]
    if not any(number != BACKGROUND for number in numbers):
        raise InputError("segment_descriptions describes no segment; expected at least one.")
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise InputError(f"segment_descriptions describes segment number(s) {_listed(twice)} more than once.")
    if numbers != sorted(numbers):
        raise InputError(f"segment_descriptions has the segment numbers {_listed(numbers)}; expected ascending order.")
    if kind is not SegmentationTypeValues.LABELMAP and numbers != list(range(1, len(numbers) + 1)):
        raise InputError(
            f"segment_descriptions has the segment numbers {_listed(numbers)}; segments of a {kind.value} segmentation "
            f"are numbered 1 to {len(numbers)} without gaps (only a LABELMAP may have other numbers)."
        )
    return listed


def background_like(description: SegmentDescription) -> SegmentDescription:
    """Describe the background of a label map, whose every stored value must be described (PS3.3 C.8.20.2.3.3).

    Parameters
    ----------
    description: SegmentDescription
        A segment found in the same way.
    """
    concept = CodedConcept("125040", "DCM", "Background")
    return SegmentDescription(
        BACKGROUND,
        "Background",
        concept,
        concept,
        description.algorithm_type,
        algorithm_identification=description.algorithm_identification,
    )


def is_background(description: SegmentDescription) -> bool:
    """Tell whether a segment of a label map is the background: by its property, or else by its number, zero.

    Parameters
    ----------
    description: SegmentDescription
        The segment.
    """
    items = description.get("SegmentedPropertyTypeCodeSequence")
    if items and fetch(items[0], "CodeValue") == "125040" and fetch(items[0], "CodingSchemeDesignator") == "DCM":
        return True
    return description.segment_number == BACKGROUND


def matching(
    descriptions: Iterable[SegmentDescription],
    *,
    segment_label: str | None = None,
    segmented_property_category: Code | CodedConcept | None = None,
    segmented_property_type: Code | CodedConcept | None = None,
    algorithm_type: SegmentAlgorithmTypeValues | str | None = None,
    tracking_uid: str | None = None,
    tracking_id: str | None = None,
) -> list[SegmentDescription]:
    """Find the segments that are as described; what is None does not matter.

    Returns
    -------
    list[SegmentDescription]
        The descriptions that match in all given respects.
    """
    term = None if algorithm_type is None else SegmentAlgorithmTypeValues(algorithm_type).value
    texts = {
        "SegmentLabel": segment_label,
        "SegmentAlgorithmType": term,
        "TrackingUID": tracking_uid,
        "TrackingID": tracking_id,
    }
    codes = {
        "SegmentedPropertyCategoryCodeSequence": segmented_property_category,
        "SegmentedPropertyTypeCodeSequence": segmented_property_type,
    }
    return [
        description
        for description in descriptions
        if all(_has_text(description, keyword, text) for keyword, text in texts.items() if text is not None)
        and all(_has_code(description, keyword, code) for keyword, code in codes.items() if code is not None)
    ]


def _has_text(description: SegmentDescription, keyword: str, text: str) -> bool:
    value: Any = description.get(keyword)
    return value is not None and str(value) == text


def _has_code(description: SegmentDescription, keyword: str, code: Code | CodedConcept) -> bool:
    items = description.get(keyword)
    return bool(items) and bool(CodedConcept.from_dataset(items[0], copy=False) == code)


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:8])
    return f"{shown} …" if len(numbers) > 8 else shown
