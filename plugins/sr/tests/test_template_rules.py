"""What the tables of TID 1500 and of the templates under it ask for, and what is only suggested."""

from __future__ import annotations

import hdcore as hd
import pytest
from hdcore.content import children_of, relationship_of
from hdcore.testing import interop
from pydicom.sr.codedict import codes
from sr_reports import KIDNEY, LIVER, document, measurement, observation, of_images, planar, report

import hdcore_sr as sr

METHOD = next(iter(codes.cid6147.concepts.values()))


def messages(made, code):
    return [(finding.severity.value, finding.message) for finding in hd.validate(made) if finding.code == code]


def named(group, name):
    return next(item for item in children_of(group[0]) if item.name == name)


def test_a_method_modifies_the_group_as_it_modifies_a_measurement():
    """The peer contains it in the group; TID 1419 has a concept modifier, as dcmqi and PixelMed do."""
    group = planar(method=METHOD, measurements=[measurement(method=METHOD)])
    assert relationship_of(named(group, codes.SCT.MeasurementMethod)) == "HAS CONCEPT MOD"
    assert group.method == METHOD
    named(group, codes.SCT.MeasurementMethod).RelationshipType = "CONTAINS"
    assert group.method == METHOD
    assert group.get_qualitative_evaluations() == []
    assert [message for _, message, _ in group.deviations()] == [
        "has relationship 'CONTAINS', expected HAS CONCEPT MOD"
    ]


@pytest.mark.parametrize("place", ["group", "measurement"])
def test_methods_of_other_context_groups_are_a_warning(place):
    options = {"method": LIVER} if place == "group" else {"measurements": [measurement(method=LIVER)]}
    found = messages(document(report([planar(**options)])), "SR010")
    assert [severity for severity, _ in found] == ["warning"]
    assert "'Liver', which is not of CID 6147" in found[0][1]


def test_names_sites_and_procedures_outside_the_suggested_groups_are_told_once():
    odd = sr.Measurement(KIDNEY, 1, codes.UCUM.Millimeter)
    groups = [planar(f"2.25.{number}", measurements=[odd], finding_sites=[sr.FindingSite(METHOD)]) for number in (1, 2)]
    found = messages(document(report(groups)), "SR013")
    assert {severity for severity, _ in found} == {"info"}
    assert len(found) == 3
    assert hd.validate(document(report(groups)))


def test_evaluations_of_the_whole_are_a_container_of_their_own():
    coded = sr.QualitativeEvaluation(LIVER, KIDNEY)
    text = sr.TextContentItem(KIDNEY, "large")
    made = sr.MeasurementReport(observation(), LIVER, [of_images()], qualitative_evaluations=[coded, text])
    last = children_of(made[0])[-1]
    assert (last.name.meaning, relationship_of(last)) == ("Qualitative Evaluations", "CONTAINS")
    read = sr.MeasurementReport.from_sequence([hd.content.duplicate(made[0])])
    assert [type(one) for one in read.qualitative_evaluations] == [sr.QualitativeEvaluation, sr.TextContentItem]
    assert read.qualitative_evaluations[0].value == KIDNEY
    assert len(read.imaging_measurements) == 1
    assert read.to_records()[-1]["kind"] == "evaluation"
    assert read.to_records()[-1]["value"] == KIDNEY.meaning
    read.qualitative_evaluations = None
    assert read.qualitative_evaluations == []


def test_evaluations_alone_make_a_report():
    made = sr.MeasurementReport(observation(), LIVER, qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY)])
    assert made.imaging_measurements == []
    assert list(made.deviations()) == []
    whole = document(made)
    assert hd.validate(whole)
    interop.assert_conformant(whole)


def test_a_report_needs_measurements_or_evaluations():
    made = document()
    made.ContentSequence[:] = [item for item in made.ContentSequence if item.name.meaning != "Imaging Measurements"]
    found = messages(made, "SR010")
    assert [severity for severity, _ in found] == ["error"]
    assert "there must be one of Imaging Measurements, Derived Imaging Measurements, Qualitative" in found[0][1]


def test_evaluations_of_other_value_types_are_reported():
    made = sr.MeasurementReport(observation(), LIVER, qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY)])
    children_of(made[0])[-1].ContentSequence.append(measurement()[0])
    assert [message for _, message, _ in made.deviations()] == [
        "holds an item of value type 'NUM', expected CODE or TEXT"
    ]


@pytest.mark.parametrize(
    ("value", "kind"), [([], ValueError), (LIVER, TypeError), ([measurement()], TypeError), (["x"], TypeError)]
)
def test_evaluations_that_cannot_be_are_refused(value, kind):
    with pytest.raises(kind, match="qualitative_evaluations"):
        sr.MeasurementReport(observation(), LIVER, [of_images()], qualitative_evaluations=value)


def test_coordinates_outside_of_the_image_are_a_warning():
    made = document()
    group = made.report.imaging_measurements[0]
    group.referenced_region.GraphicData = [-1.0, 2.0, 3.0, 4.0]
    assert messages(made, "SR012")[0][0] == "warning"


def test_a_template_of_ones_own_is_a_rule():
    class Quality(sr.Template):
        TID = "9000"
        ROOT = hd.content.Concept("1", "99SITE", "Quality")
        ROOT_VALUE_TYPE = "CONTAINER"
        note = hd.content.rows.text(hd.content.Concept("2", "99SITE", "Note"), "CONTAINS")

    check = sr.rule_of(Quality, "SITE001", ref="site template 9000")
    made = document(Quality("fine"))
    assert list(check(made)) == []
    assert list(check(document())) == []
    del made.ContentSequence[0]
    (finding,) = check(made)
    assert (finding.code, finding.severity.value, finding.reference) == ("SITE001", "error", "site template 9000")
    assert "Content of template 9000 must follow its rows (Quality)" in finding.message
    assert finding.message.endswith("Quality/Note is missing")
    with pytest.raises(ValueError, match="Template has no TID"):
        sr.rule_of(sr.Template, "SITE002")
