"""What many groups cost, counted: objects that Python's search for cycles goes through, and calls."""

from __future__ import annotations

import copy
import gc
import io
import pickle
import sys

import numpy as np
import pytest
from hdcore.content import attributes as at
from hdcore.content import children_of, walk
from hdcore.model.element import elements_of
from pydicom.sr.codedict import codes
from sr_reports import DIAMETER, KIDNEY, LIVER, MM, TRIANGLE, images, measurement, observation, planar, source

import hdcore_sr as sr

FEW = 8
"""Objects for each group that ten times as many groups may keep, so that they cost ten times as much."""


def groups_of_calls(count):
    return [
        sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=sr.TrackingIdentifier(f"2.25.{number + 1}", f"lesion {number}"),
            referenced_region=sr.ImageRegion("POLYLINE", TRIANGLE + number, source(number=number % 3)),
            finding_type=codes.SCT.Neoplasm,
            finding_sites=[sr.FindingSite(LIVER)],
            measurements=[measurement(number + place / 3) for place in range(5)],
            qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY) for _ in range(3)],
        )
        for number in range(count)
    ]


def groups_of_a_table(count):
    table = [
        {
            "tracking_uid": f"2.25.{number + 1}",
            "tracking_identifier": f"lesion {number}",
            "region": TRIANGLE + number,
            "sop_instance_uid": images()[number % 3].SOPInstanceUID,
            **{f"size {place}": number + place / 3 for place in range(5)},
        }
        for number in range(count)
    ]
    return sr.groups_from_table(table, {f"size {place}": (DIAMETER, MM) for place in range(5)}, images=images())


def report_of(groups):
    return sr.MeasurementReport(observation(), LIVER, groups)


def saved(report):
    file = io.BytesIO()
    sr.Comprehensive3DSR(images(), report, "1.2", 1, "1.3", 1).save_as(file)
    return file.getvalue()


def go_through(content):
    total = 0.0
    for group in content.get_planar_roi_measurement_groups():
        total += sum(one.value for one in group.get_measurements())
        total += sum(len(one.value.meaning) for one in group.get_qualitative_evaluations())
        total += float(group.roi.value.sum())
    return total


def kept_objects(make):
    """Count the objects that what a function makes keeps, among those that the search for cycles goes through."""
    gc.collect()
    before = len(gc.get_objects())
    kept = make()
    gc.collect()
    after = len(gc.get_objects())
    assert kept is not None
    return after - before


@pytest.mark.parametrize("make", [groups_of_calls, groups_of_a_table])
def test_groups_that_are_made_are_few_objects(make):
    make(10)
    assert kept_objects(lambda: make(200)) <= FEW * 200


@pytest.mark.parametrize("make", [groups_of_calls, groups_of_a_table])
def test_a_document_keeps_few_objects_of_its_groups(make):
    def document(count):
        return sr.Comprehensive3DSR(images(), report_of(make(count)), "1.2", 1, "1.3", 1)

    document(10)
    assert kept_objects(lambda: document(200)) - kept_objects(lambda: document(100)) <= FEW * 100


def test_a_report_that_is_gone_through_keeps_few_objects():
    def read(data):
        content = sr.srread(data).content
        go_through(content)
        assert content.get_planar_roi_measurement_groups(tracking_uid="2.25.7")[0].tracking_uid == "2.25.7"
        assert len(content.get_planar_roi_measurement_groups(finding_type=codes.SCT.Neoplasm)) >= 100
        return content

    small, large = saved(report_of(groups_of_calls(100))), saved(report_of(groups_of_calls(200)))
    read(small)
    assert kept_objects(lambda: read(large)) - kept_objects(lambda: read(small)) <= FEW * 100


def count_calls(action):
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "work",
    [
        lambda count: saved(report_of(groups_of_calls(count))),
        lambda count: saved(report_of(groups_of_a_table(count))),
        lambda count: go_through(sr.srread(io.BytesIO(FILES[count])).content),
        lambda count: sr.srread(io.BytesIO(FILES[count])).content.get_planar_roi_measurement_groups(
            tracking_uid="2.25.7", finding_site=LIVER
        ),
        lambda count: sr.srread(io.BytesIO(FILES[count])).content.to_records(),
    ],
    ids=["calls", "table", "read", "query", "records"],
)
def test_ten_times_as_many_groups_take_ten_times_as_many_calls(work):
    for count in (20, 200):
        FILES.setdefault(count, saved(report_of(groups_of_calls(count))))
    work(20)
    assert count_calls(lambda: work(200)) <= 10 * count_calls(lambda: work(20))


FILES: dict[int, bytes] = {}


@pytest.fixture
def group():
    content = sr.srread(io.BytesIO(saved(report_of(groups_of_calls(2))))).content
    (found,) = content.get_planar_roi_measurement_groups(tracking_uid="2.25.2")
    assert found.tracking_uid == "2.25.2"
    return content.get_planar_roi_measurement_groups(tracking_uid="2.25.1")[0]


def is_encoded(group):
    return elements_of(group[0])[at.CONTENT].is_raw


def test_looking_leaves_a_group_encoded(group):
    assert len(group.get_measurements()) == 5
    assert [one.name for one in group.get_measurements()] == [DIAMETER] * 5
    assert group.roi.value.shape == (4, 2)
    assert sum(1 for _ in walk(group[0])) == 14
    assert is_encoded(group)
    assert len(group[0].ContentSequence) == 13
    assert not is_encoded(group)


def test_a_measurement_that_nobody_holds_keeps_what_is_changed_in_it(group):
    group.get_measurements()[1].derivation = codes.SCT.Mean
    gc.collect()
    assert [one.derivation for one in group.get_measurements()] == [None, codes.SCT.Mean, None, None, None]
    assert not is_encoded(group)


def test_what_is_looked_at_twice_is_the_same_item(group):
    one, other = group.get_measurements()[0], group.get_measurements()[0]
    assert one[0] is other[0]
    one[0].NumericValueQualifierCodeSequence = [sr.CodedConcept("114000", "DCM", "Not a number")]
    assert other.qualifier.value == "114000"
    assert any(item is one[0] for item in group[0].ContentSequence)


def test_items_at_any_depth_keep_what_is_changed_in_them(group):
    deep = [item for _, item in walk(group[0]) if item.value_type.value == "IMAGE"]
    assert is_encoded(group)
    deep[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID = "1.2.3"
    del deep
    gc.collect()
    (image,) = [item for _, item in walk(group[0]) if item.value_type.value == "IMAGE"]
    assert image.referenced_sop_instance_uid == "1.2.3"


def test_an_item_that_was_looked_at_does_not_bring_back_what_was_replaced(group):
    (evaluation, *_) = group.get_qualitative_evaluations()
    first = group.get_measurements()[0]
    group.measurements = None
    first[0].MeasuredValueSequence[0].NumericValue = 7
    evaluation[0].ConceptCodeSequence[0].CodeMeaning = "changed"
    assert group.get_measurements() == []
    assert group.get_qualitative_evaluations()[0].value.meaning == "changed"
    children_of(group[0])[:] = []
    assert group.get_qualitative_evaluations() == []


def test_items_that_were_looked_at_are_copied_and_pickled(group):
    (first, *_) = group.get_measurements()
    for other in (copy.deepcopy(first), pickle.loads(pickle.dumps(first)), copy.copy(first[0])):
        assert other == first or other == first[0]
    copied = copy.deepcopy(group)
    copied.get_measurements()[0][0].MeasuredValueSequence[0].NumericValue = 8
    assert pickle.loads(pickle.dumps(group)) == group
    assert group != copied


def test_a_group_keeps_what_it_was_given_as_it_was_then():
    size = measurement(2.5)
    made = planar(measurements=[size])
    size[0].MeasuredValueSequence[0].NumericValue = 9
    assert made.get_measurements()[0].value == 2.5
    assert np.array_equal(made.roi.value, TRIANGLE)


def test_parts_of_reports_in_other_encodings_become_parts_of_groups():
    made = sr.Comprehensive3DSR(images(), report_of([planar(session="größer")]), "1.2", 1, "1.3", 1)
    made.SpecificCharacterSet = "ISO_IR 100"
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
    file = io.BytesIO()
    made.save_as(file)
    old = sr.srread(file.getvalue()).content.get_planar_roi_measurement_groups()[0]
    assert old.session == "größer"
    parts = {"measurements": old.get_measurements(), "session": old.session, "region": old.roi}
    new = sr.srread(saved(report_of([planar(**parts)]))).content.get_planar_roi_measurement_groups()[0]
    assert new.session == "größer"
    assert new.get_measurements()[0].value == old.get_measurements()[0].value
    assert np.array_equal(new.roi.value, old.roi.value)
