"""Reports of other producers are read; what is off is reported, not raised."""

from __future__ import annotations

import io

import hdcore as hd
import pydicom
import pytest
from hdcore.content import children_of, duplicate, find_content_items, render_tree
from hdcore.content.tree import set_children
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from sr_reports import DIAMETER, LIVER, MM, document, of_images, planar, report, volumetric

import hdcore_sr as sr


@pytest.fixture
def foreign():
    """A report as pydicom reads it, without any class of ours."""
    made = document(report([planar(), volumetric(), of_images()]))
    file = io.BytesIO()
    made.save_as(file)
    file.seek(0)
    return pydicom.dcmread(file)


def read(dataset):
    return sr.Comprehensive3DSR.from_dataset(dataset)


def groups_of(dataset):
    return find_content_items(dataset, name=codes.DCM.MeasurementGroup, recursive=True)


def test_templates_that_are_not_named_are_recognized(foreign):
    del foreign.ContentTemplateSequence
    for group in groups_of(foreign):
        del group.ContentTemplateSequence
    document = read(foreign)
    assert not isinstance(document.content, sr.MeasurementReport)
    assert [type(group) for group in document.report.imaging_measurements] == [
        sr.PlanarROIMeasurementsAndQualitativeEvaluations,
        sr.VolumetricROIMeasurementsAndQualitativeEvaluations,
        sr.MeasurementsAndQualitativeEvaluations,
    ]
    assert len(document.report.get_planar_roi_measurement_groups()) == 1
    assert len(document.to_records()) == 3


def test_older_snomed_codes_are_understood(foreign):
    for group in groups_of(foreign):
        for item in group.ContentSequence:
            name = item.ConceptNameCodeSequence[0]
            if name.CodeValue == "363698007":
                name.CodeValue, name.CodingSchemeDesignator = "G-C0E3", "SRT"
            if item.ValueType == "CODE":
                value = item.ConceptCodeSequence[0]
                value.CodeValue, value.CodingSchemeDesignator = "M-8FFFF", "SRT"
    content = read(foreign).report
    group = content.imaging_measurements[0]
    assert group.finding_type.value == "M-8FFFF"
    assert content.get_planar_roi_measurement_groups(finding_type=codes.SCT.Neoplasm) == [group]
    assert sr.CodedConcept("G-C0E3", "SRT", "Finding Site") == codes.SCT.FindingSite


@pytest.mark.parametrize("empty", [True, False])
def test_numbers_without_a_value_are_read(foreign, empty):
    group = groups_of(foreign)[0]
    number = next(item for item in group.ContentSequence if item.ValueType == "NUM")
    if empty:
        number.MeasuredValueSequence = []
    else:
        del number.MeasuredValueSequence
    (measurement,) = read(foreign).report.imaging_measurements[0].get_measurements()
    assert measurement.value is None
    assert measurement.name.meaning == "Diameter"
    with pytest.raises(AttributeError, match="unit"):
        _ = measurement.unit
    assert "no value" in render_tree(foreign)
    assert read(foreign).to_records()[0]["value"] is None
    assert "SR005" in {finding.code for finding in hd.validate(foreign)}


def test_urn_and_long_codes_are_read(foreign):
    group = groups_of(foreign)[0]
    finding = next(item for item in group.ContentSequence if item.ValueType == "CODE")
    urn = Dataset()
    urn.URNCodeValue = "urn:oid:1.2.3"
    urn.CodeMeaning = "Something"
    finding.ConceptCodeSequence = Sequence([urn])
    document = read(foreign)
    assert document.report.imaging_measurements[0].finding_type.value == "urn:oid:1.2.3"
    wanted = sr.CodedConcept("urn:oid:1.2.3", "", "Something")
    assert len(document.report.get_planar_roi_measurement_groups(finding_type=wanted)) == 1


def test_items_without_names_meanings_or_values_do_not_break_reading(foreign):
    group = groups_of(foreign)[0]
    for item in group.ContentSequence:
        del item.ConceptNameCodeSequence
        for keyword in ("ConceptCodeSequence", "TextValue", "UID", "GraphicData", "GraphicType"):
            if keyword in item:
                del item[keyword]
    content = read(foreign).report
    empty = content.imaging_measurements[0]
    assert empty.tracking_uid is None
    assert empty.tracking_identifier is None
    assert empty.finding_type is None
    assert empty.roi is None
    assert empty.get_qualitative_evaluations(LIVER) == []
    assert isinstance(render_tree(foreign), str)
    assert not hd.validate(foreign)


def test_items_of_unknown_value_types_are_kept(foreign):
    odd = Dataset()
    odd.RelationshipType, odd.ValueType = "CONTAINS", "TABLE"
    group = groups_of(foreign)[0]
    set_children(group, [*group.ContentSequence, odd])
    document = read(foreign)
    assert children_of(document.report.imaging_measurements[0][0])[-1].ValueType == "TABLE"
    assert document.report.get_planar_roi_measurement_groups()[0].get_measurements(DIAMETER)[0].unit == MM


def test_unexpected_rows_are_kept_and_reported(foreign):
    group = groups_of(foreign)[0]
    group.ContentSequence.append(duplicate(group.ContentSequence[0]))
    content = read(foreign).report
    assert content.imaging_measurements[0].tracking_identifier == "lesion"
    assert any("occurs 2 times" in message for _, message, _ in content.deviations())


def test_a_report_without_content_is_no_reason_to_stop(foreign):
    del foreign.ContentSequence
    document = read(foreign)
    assert document.report.imaging_measurements == []
    assert document.report.get_observer_contexts() == []
    assert document.to_records() == []
    assert any("missing" in message for _, message, _ in document.report.deviations())


def test_reading_in_place_keeps_the_dataset(foreign):
    taken = sr.Comprehensive3DSR.from_dataset(foreign, copy=False)
    assert taken is foreign
    assert type(taken.ContentSequence[0]).__name__ == "CodeContentItem"
