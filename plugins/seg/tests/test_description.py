"""Segment descriptions: what is written, what is refused, what is read."""

from __future__ import annotations

import pytest
from hdcore.color import CIELabColor
from hdcore.content import AlgorithmIdentificationSequence, CodedConcept
from pydicom.dataset import Dataset

from hdcore_seg import SegmentDescription
from hdcore_seg.enums import SegmentAlgorithmTypeValues, SegmentationTypeValues
from hdcore_seg.segments import background_like, check_descriptions, is_background, matching

ORGAN = CodedConcept("91772007", "SCT", "Organ")
LIVER = CodedConcept("10200004", "SCT", "Liver")
LEFT = CodedConcept("7771000", "SCT", "Left")
MODEL = AlgorithmIdentificationSequence("Model", CodedConcept("123110", "DCM", "Artificial Intelligence"), "1.0")


def describe(number=1, label="Liver", kind="MANUAL", **options):
    return SegmentDescription(number, label, ORGAN, LIVER, kind, **options)


def test_a_description_holds_what_it_was_given():
    description = describe(
        3,
        kind="AUTOMATIC",
        algorithm_identification=MODEL,
        tracking_uid="1.2.3",
        tracking_id="lesion 1",
        anatomic_regions=[LEFT],
        primary_anatomic_structures=[LIVER],
        display_color=CIELabColor(50.0, 20.0, -20.0),
    )
    assert description.segment_number == 3
    assert description.segment_label == description.SegmentLabel == "Liver"
    assert description.segmented_property_category == ORGAN
    assert description.segmented_property_type == LIVER
    assert description.algorithm_type is SegmentAlgorithmTypeValues.AUTOMATIC
    assert description.algorithm_identification is not None
    assert description.algorithm_identification.name == description.SegmentAlgorithmName == "Model"
    assert (description.tracking_uid, description.tracking_id) == ("1.2.3", "lesion 1")
    assert description.anatomic_regions == [LEFT]
    assert description.primary_anatomic_structures == [LIVER]
    assert description.display_color is not None
    assert description.display_color.l_star == pytest.approx(50.0, abs=0.01)


def test_what_was_not_given_is_none_or_empty():
    description = describe()
    assert description.algorithm_identification is None
    assert description.tracking_uid is description.tracking_id is description.display_color is None
    assert description.anatomic_regions == description.primary_anatomic_structures == []


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"number": -1}, ValueError, "segment_number is -1"),
        ({"number": 65536}, ValueError, "segment_number is 65536"),
        ({"number": 1.5}, TypeError, "segment_number is 1.5"),
        ({"label": "x" * 65}, ValueError, "segment_label has 65 characters"),
        ({"kind": "ROBOT"}, ValueError, "'ROBOT' is not one of"),
        ({"kind": "AUTOMATIC"}, TypeError, "algorithm_identification is missing"),
        ({"tracking_id": "a"}, TypeError, "tracking_uid is missing"),
        ({"tracking_uid": "1.2"}, TypeError, "tracking_id is missing"),
        ({"algorithm_identification": "Model"}, TypeError, "algorithm_identification is of type str"),
        ({"display_color": (255, 0, 0)}, TypeError, r"display_color is \(255, 0, 0\); expected a CIELabColor"),
    ],
)
def test_what_cannot_be_written_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        describe(**options)


def test_reading_without_copying_changes_the_item_itself():
    item = Dataset()
    item.SegmentNumber = 4
    description = SegmentDescription.from_dataset(item, copy=False)
    assert description is item
    assert SegmentDescription.from_dataset(item) is not item


def test_what_an_item_lacks_is_named_when_asked_for():
    item = Dataset()
    item.SegmentNumber = 4
    with pytest.raises(AttributeError, match="segment 4 has no SegmentLabel"):
        _ = SegmentDescription.from_dataset(item).segment_label
    with pytest.raises(ValueError, match="needs a SegmentNumber"):
        SegmentDescription.from_dataset(Dataset())


@pytest.mark.parametrize(
    ("numbers", "kind", "message"),
    [
        ([], "BINARY", "describes no segment"),
        ([0], "LABELMAP", "describes no segment"),
        ([1, 1], "LABELMAP", "more than once"),
        ([2, 1], "LABELMAP", "ascending"),
        ([1, 3], "BINARY", "without gaps"),
        ([0, 1], "FRACTIONAL", "without gaps"),
    ],
)
def test_descriptions_that_do_not_fit_together_are_refused(numbers, kind, message):
    with pytest.raises(ValueError, match=message):
        check_descriptions([describe(number) for number in numbers], SegmentationTypeValues(kind))


def test_segments_of_a_label_map_may_have_any_numbers():
    assert check_descriptions([describe(7), describe(300)], SegmentationTypeValues.LABELMAP)


def test_the_background_is_described_like_the_segments():
    background = background_like(describe(5, kind="AUTOMATIC", algorithm_identification=MODEL))
    assert background.segment_number == 0
    assert is_background(background)
    assert background.SegmentAlgorithmName == "Model"
    assert not is_background(describe(5))


def test_segments_are_found_by_all_respects_together():
    segments = [describe(1, "A", tracking_uid="1.2", tracking_id="a"), describe(2, "B"), describe(3, "A")]
    assert matching(segments, segment_label="A", segmented_property_type=LIVER) == [segments[0], segments[2]]
    assert matching(segments, segment_label="A", tracking_id="a") == [segments[0]]
    assert matching(segments, algorithm_type="AUTOMATIC") == []
