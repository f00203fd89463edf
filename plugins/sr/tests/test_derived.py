"""Measurements derived from several measurement groups (TID 1420)."""

from __future__ import annotations

import io
import pickle

import hdcore as hd
import pytest
from hdcore.content import children_of, render_tree
from hdcore.content.tree import set_children
from hdcore.testing import interop
from pydicom.sr.codedict import codes
from sr_reports import LIVER, MM, document, measurement, observation, of_images, planar, report, volumetric

import hdcore_sr as sr

MEAN = codes.SCT.MeanValueOfPopulation


def derived(groups, name=MEAN, value=3.5, **options):
    return sr.MeasurementsDerivedFromMultipleROIMeasurements(name, value, MM, groups, **options)


def groups(count=3):
    return [planar(f"2.25.{number}", measurements=[measurement(number)]) for number in range(1, count + 1)]


def with_mean(**options):
    made = groups()
    return report(made, derived_imaging_measurements=[derived(made[:2])], **options)


def places(made):
    """Where each reference of the derived measurements leads, as the file says it."""
    return [
        list(item.ReferencedContentItemIdentifier)
        for container in children_of(made[0])
        if container.name.meaning == "Derived Imaging Measurements"
        for number in children_of(container)
        for item in children_of(number)
        if "ReferencedContentItemIdentifier" in item
    ]


def tracked(one):
    return [group.tracking_uid for group in one.measurement_groups]


def findings(made):
    return [(one.severity.value, one.message) for one in hd.validate(made) if one.code.startswith("SR01")]


def test_the_items_are_those_of_the_template():
    algorithm = sr.AlgorithmIdentification("mean", "1")
    properties = sr.MeasurementProperties(normality=next(iter(codes.cid222.concepts.values())))
    made = groups()
    whole = report(
        made,
        derived_imaging_measurements=[derived(made, properties=properties, algorithm_id=algorithm)],
        qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, LIVER)],
    )
    container, last = children_of(whole[0])[-2:]
    assert (container.name.meaning, container.relationship_type.value) == ("Derived Imaging Measurements", "CONTAINS")
    assert last.name.meaning == "Qualitative Evaluations"
    (number,) = children_of(container)
    assert (number.ValueType, number.name, number.value, number.unit) == ("NUM", MEAN, 3.5, MM)
    assert [item.RelationshipType for item in children_of(number)] == [
        *("INFERRED FROM",) * 3,
        "HAS PROPERTIES",
        *("HAS CONCEPT MOD",) * 2,
    ]
    place = [item.name.meaning for item in children_of(whole[0])].index("Imaging Measurements") + 1
    assert places(whole) == [[1, place, 1], [1, place, 2], [1, place, 3]]


@pytest.mark.parametrize("kind", [sr.ComprehensiveSR, sr.Comprehensive3DSR])
def test_what_is_written_is_read_back_and_conforms(kind):
    file = io.BytesIO()
    written = document(with_mean(), kind)
    written.save_as(file)
    assert hd.validate(written)
    assert [text for severity, text in findings(written) if severity != "info"] == []
    interop.assert_conformant(written)
    (one,) = hd.read(file.getvalue()).report.derived_imaging_measurements
    assert type(one) is sr.MeasurementsDerivedFromMultipleROIMeasurements
    assert (one.name, one.value, one.unit, one.qualifier) == (MEAN, 3.5, MM, None)
    assert tracked(one) == ["2.25.1", "2.25.2"]
    assert [type(group) for group in one.measurement_groups] == [sr.PlanarROIMeasurementsAndQualitativeEvaluations] * 2
    assert [group.measurements[0].value for group in one.measurement_groups] == [1, 2]


def test_groups_of_volumes_can_be_derived_from():
    made = [volumetric("2.25.1"), volumetric("2.25.2")]
    whole = report(made, derived_imaging_measurements=[derived(made)])
    assert tracked(whole.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2"]
    assert list(whole.deviations()) == []


def test_a_document_without_references_between_items_refuses_them():
    with pytest.raises(ValueError, match="Enhanced SR does not support 'INFERRED FROM' by reference"):
        document(with_mean(), sr.EnhancedSR)


def test_measurements_without_derived_ones_are_as_before():
    assert report().derived_imaging_measurements == []


def test_references_follow_their_groups_when_the_report_changes():
    made = with_mean()
    before = places(made)
    made.language_of_content_item_and_descendants = None
    made.procedure_reported = [LIVER, codes.SCT.Kidney, codes.SCT.Lung]
    assert places(made) != before
    assert tracked(made.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2"]
    made.qualitative_evaluations = [sr.QualitativeEvaluation(LIVER, LIVER)]
    assert tracked(made.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2"]
    assert hd.validate(document(made))


def test_groups_that_are_referred_to_cannot_be_taken_away():
    made = with_mean()
    before = [item.name.meaning for item in children_of(made[0])]
    with pytest.raises(ValueError, match="derived_imaging_measurements refer to would be gone; set these to None"):
        made.imaging_measurements = [planar("2.25.9")]
    assert [item.name.meaning for item in children_of(made[0])] == before
    assert tracked(made.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2"]
    made.derived_imaging_measurements = None
    made.imaging_measurements = again = [planar("2.25.8"), planar("2.25.9")]
    made.derived_imaging_measurements = [derived(again)]
    assert tracked(made.derived_imaging_measurements[0]) == ["2.25.8", "2.25.9"]


def test_groups_are_replaced_where_they_were():
    made = report([planar("2.25.1")])
    before = [item.name.meaning for item in children_of(made[0])]
    made.imaging_measurements = [planar("2.25.2"), planar("2.25.3")]
    assert [item.name.meaning for item in children_of(made[0])] == before
    assert [group.tracking_uid for group in made.imaging_measurements] == ["2.25.2", "2.25.3"]


def test_a_group_of_another_report_is_refused_by_name():
    with pytest.raises(ValueError, match="'Mean Value of population', derived from the measurement group 'lesion'"):
        report(groups(), derived_imaging_measurements=[derived(groups())])
    made = with_mean()
    with pytest.raises(ValueError, match="which is not among imaging_measurements of the report"):
        made.derived_imaging_measurements = [derived([planar()])]
    assert tracked(made.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2"]


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: derived([]), ValueError, "measurement_groups is empty"),
        (lambda: derived(None), TypeError, "measurement_groups is None"),
        (lambda: derived(planar()), TypeError, "expected a sequence of measurement groups"),
        (lambda: derived("x"), TypeError, "measurement_groups is 'x'"),
        (lambda: derived([of_images()]), TypeError, "expected groups of regions"),
        (lambda: derived(groups(), name="x"), TypeError, "name"),
        (lambda: derived(groups(), value=float("inf")), ValueError, "finite"),
        (lambda: derived(groups(), value=None), TypeError, "None"),
        (lambda: derived(groups(), properties="x"), TypeError, "properties is 'x'"),
        (lambda: report(groups(), derived_imaging_measurements=[]), ValueError, "is empty"),
        (lambda: report(groups(), derived_imaging_measurements="x"), TypeError, "is 'x'"),
        (lambda: report(groups(), derived_imaging_measurements=[measurement()]), TypeError, "TID 1420"),
        (lambda: report(groups(), derived_imaging_measurements=measurement()), TypeError, "is a Measurement"),
    ],
)
def test_values_that_cannot_be_are_refused(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


def test_groups_are_given_once_and_unknown_outside_of_the_report():
    made = derived(groups())
    with pytest.raises(ValueError, match="make another"):
        made.measurement_groups = groups()
    read = sr.MeasurementsDerivedFromMultipleROIMeasurements.from_sequence(made)
    assert read.value == 3.5
    with pytest.raises(ValueError, match="known in the report only"):
        assert read.measurement_groups
    with pytest.raises(ValueError, match="known in the report only"):
        report(groups(), derived_imaging_measurements=[read])


def test_a_number_may_be_missing_for_a_reason():
    reason = next(iter(codes.cid42.concepts.values()))
    made = groups()
    whole = report(made, derived_imaging_measurements=[derived(made, value=None, qualifier=reason)])
    (one,) = whole.derived_imaging_measurements
    assert (one.value, one.qualifier) == (None, reason)


def test_what_is_off_in_files_of_others_is_reported():
    made = document(with_mean())
    container = next(item for item in children_of(made) if item.name.meaning == "Derived Imaging Measurements")
    (number,) = children_of(container)
    references = list(children_of(number))
    number.ConceptNameCodeSequence[0].CodeValue = "999"
    references[0].ReferencedContentItemIdentifier = [1, 2]
    references[1].RelationshipType = "HAS PROPERTIES"
    read = made.report
    assert tracked(read.derived_imaging_measurements[0]) == ["2.25.2"]
    label = "Imaging Measurement Report/Derived Imaging Measurements[0]/"
    assert [tuple(one) for one in read.deviations()] == [
        (f"{label}Mean Value of population/name", "is 'Mean Value of population', which is not of CID 7465", False),
        (f"{label}Mean Value of population/measurement_groups",
         "are referred to by 'HAS PROPERTIES', expected INFERRED FROM", True),
        (f"{label}measurement_groups", "holds a reference to what is no measurement group", False),
    ]  # fmt: skip
    set_children(number, [])
    container.RelationshipType = "HAS PROPERTIES"
    assert [(text, wrong) for _, text, wrong in made.report.deviations()][::2] == [
        ("has relationship 'HAS PROPERTIES', expected CONTAINS", True),
        ("are not referred to", False),
    ]


@pytest.mark.parametrize("place", [None, [], [0], [1], [2, 1], [1, 99], [1, 1, 1, 1, 1]])
def test_references_that_lead_nowhere_are_read_and_reported(place):
    made = document(with_mean())
    container = next(item for item in children_of(made) if item.name.meaning == "Derived Imaging Measurements")
    children_of(children_of(container)[0])[0].ReferencedContentItemIdentifier = place
    (one,) = made.report.derived_imaging_measurements
    assert tracked(one) == ["2.25.2"]
    assert [text for _, text, _ in made.report.deviations()] == ["holds a reference to what is no measurement group"]
    assert any(finding.code == "SR002" for finding in hd.validate(made))
    assert render_tree(made)


def test_records_and_trees_tell_of_them():
    made = with_mean()
    last = made.to_records()[-1]
    assert (last["template"], last["group"], last["kind"], last["name"], last["value"], last["unit"]) == (
        "1420",
        None,
        "measurement",
        "Mean Value of population",
        3.5,
        "mm",
    )
    assert "Mean Value of population" in render_tree(made[0])


def test_a_report_with_them_can_be_pickled():
    again = pickle.loads(pickle.dumps(document(with_mean())))
    assert tracked(again.report.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2"]


def test_any_iterables_do():
    made = groups()
    whole = sr.MeasurementReport(observation(), LIVER, made, derived_imaging_measurements=iter([derived(iter(made))]))
    assert tracked(whole.derived_imaging_measurements[0]) == ["2.25.1", "2.25.2", "2.25.3"]
