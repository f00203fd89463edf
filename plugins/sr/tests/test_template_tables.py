"""Row by row, what the tables of PS3.16 say of names, values and places, and how it is read and reported."""

from __future__ import annotations

import hdcore as hd
import pytest
from hdcore.content import Concept, children_of
from hdcore.content.tree import set_children
from pydicom.sr.codedict import codes
from sr_reports import (
    KIDNEY,
    LIVER,
    MM,
    document,
    images,
    measurement,
    observation,
    planar,
    report,
    source,
    volumetric,
)

import hdcore_sr as sr

LOWER, UPPER = codes.cid223.concepts.values()
MEAN = codes.SCT.MeanValueOfPopulation
NORMAL = next(iter(codes.cid222.concepts.values()))
SIGNIFICANT = next(iter(codes.cid220.concepts.values()))
ODD = Concept("1", "99SITE", "Odd")


def number(name, value=1.0):
    return sr.NumContentItem(name, value, MM, relationship_type="HAS PROPERTIES")


def findings(made, code="SR010"):
    return [(one.severity.value, one.message) for one in hd.validate(made) if one.code == code]


def without(parent, *meanings):
    set_children(parent, [item for item in children_of(parent) if item.name.meaning not in meanings])


def named(parent, meaning):
    return next(item for item in children_of(parent) if item.name.meaning == meaning)


def group_of(made, place=0):
    return made.report.imaging_measurements[place][0]


# TID 310 to 312


def read_properties(made):
    return sr.Measurement.from_sequence(sr.Measurement(LIVER, 1, MM, properties=made)).properties


def names(template):
    return None if template is None else [item.name.meaning for item in template.values]


def test_statistics_ranges_and_uncertainty_are_told_apart():
    made = sr.MeasurementProperties(
        normality=NORMAL,
        level_of_significance=SIGNIFICANT,
        measurement_statistical_properties=sr.MeasurementStatisticalProperties([number(MEAN)], "adults", "authority"),
        normal_range_properties=sr.NormalRangeProperties([number(LOWER), number(UPPER)], "of adults", LIVER),
        upper_measurement_uncertainty=0.5,
        lower_measurement_uncertainty=0.25,
    )
    read = read_properties(made)
    statistics, normal = read.measurement_statistical_properties, read.normal_range_properties
    assert (names(statistics), statistics.description, statistics.authority) == (
        ["Mean Value of population"],
        "adults",
        "authority",
    )
    assert (names(normal), normal.description, normal.authority) == ([LOWER.meaning, UPPER.meaning], "of adults", LIVER)
    assert (read.upper_measurement_uncertainty, read.lower_measurement_uncertainty) == (0.5, 0.25)
    assert list(read.deviations()) == []


@pytest.mark.parametrize("section", ["measurement_statistical_properties", "normal_range_properties"])
@pytest.mark.parametrize("texts", [{"description": "d"}, {"authority": "a"}, {"description": "d", "authority": "a"}])
def test_numbers_of_other_names_belong_to_the_texts_beside_them(section, texts):
    kinds = {
        "measurement_statistical_properties": sr.MeasurementStatisticalProperties,
        "normal_range_properties": sr.NormalRangeProperties,
    }
    made = kinds[section]([number(ODD), number(KIDNEY)], **texts)
    read = read_properties(sr.MeasurementProperties(normality=NORMAL, **{section: made}))
    assert {name: names(getattr(read, name)) for name in kinds} == {
        name: ["Odd", KIDNEY.meaning] if name == section else None for name in kinds
    }
    group = {"measurement_statistical_properties": 221, "normal_range_properties": 223}[section]
    assert [(text, wrong) for _, text, wrong in read.deviations()] == [
        (f"is named 'Odd', which is not of CID {group}", False),
        (f"is named {KIDNEY.meaning!r}, which is not of CID {group}", False),
    ]


def test_numbers_of_both_with_other_names_stay_apart():
    made = sr.MeasurementProperties(
        measurement_statistical_properties=sr.MeasurementStatisticalProperties([number(ODD)], authority="a"),
        normal_range_properties=sr.NormalRangeProperties([number(KIDNEY)], description="d"),
    )
    read = read_properties(made)
    assert names(read.measurement_statistical_properties) == ["Odd"]
    assert names(read.normal_range_properties) == [KIDNEY.meaning]


@pytest.mark.parametrize("name", [ODD, MEAN, codes.SCT.Liver])
def test_a_range_that_would_be_read_as_something_else_is_refused(name):
    with pytest.raises(ValueError, match=f"normal_range_properties holds the number '{name.meaning}'.*CID 223"):
        sr.MeasurementProperties(normal_range_properties=sr.NormalRangeProperties([number(name)]))


def test_statistics_that_would_be_read_as_a_range_are_refused():
    statistics = sr.MeasurementStatisticalProperties([number(LOWER)], "adults")
    with pytest.raises(ValueError, match=r"measurement_statistical_properties holds .*CID 221"):
        sr.MeasurementProperties(measurement_statistical_properties=statistics)


def test_a_range_of_others_that_nothing_tells_from_a_statistic_is_read_and_reported():
    made = document(report([planar(measurements=[measurement()])]))
    diameter = named(group_of(made), "Diameter")
    set_children(diameter, [number(ODD)])
    (read,) = made.report.imaging_measurements[0].measurements
    assert names(read.properties.measurement_statistical_properties) == ["Odd"]
    path = "Imaging Measurements[0]/Measurement Group/Diameter/values"
    assert findings(made) == [("warning", f"{RULE}{path} is named 'Odd', which is not of CID 221")]


RULE = (
    "A measurement report must follow the rows of TID 1500 and of the templates that it includes; ContentSequence "
    "Imaging Measurement Report/"
)


# TID 1500, 1410, 1411, 1419, 1501


def test_a_title_outside_of_its_context_group_is_a_warning():
    made = document(report(title=LIVER))
    assert made.report.title == LIVER
    ((severity, message),) = findings(made)
    assert severity == "warning"
    assert "title is 'Liver', which is not of CID 7021" in message
    for title in codes.cid7021.concepts.values():
        assert findings(document(report(title=title))) == []


def test_groups_have_both_tracking_identifiers():
    for missing in ("Tracking Identifier", "Tracking Unique Identifier"):
        made = document()
        without(group_of(made), missing)
        ((severity, message),) = findings(made)
        assert severity == "error"
        assert message.endswith(f"Measurement Group/{missing} is missing")


def test_sides_and_what_is_below_a_site_are_checked():
    made = document(report([planar(finding_sites=[sr.FindingSite(LIVER, KIDNEY)])]))
    ((severity, message),) = findings(made)
    assert severity == "warning"
    assert f"Finding Site/Laterality is {KIDNEY.meaning!r}, which is not of CID 244" in message
    made = document(report([planar(finding_sites=[sr.FindingSite(LIVER, codes.SCT.Right)])]))
    assert findings(made) == []
    children_of(named(group_of(made), "Finding Site"))[0].RelationshipType = "HAS PROPERTIES"
    ((severity, message),) = findings(made)
    assert severity == "error"
    assert "Laterality has relationship 'HAS PROPERTIES', expected HAS CONCEPT MOD" in message


def test_a_volume_without_a_source_is_a_warning():
    made = document(report([volumetric()]))
    without(group_of(made), "Source Image for Segmentation")
    ((severity, message),) = findings(made)
    assert (severity, message.endswith("VolumeSurface names neither source images nor a source series")) == (
        "warning",
        True,
    )


def test_a_group_has_one_kind_of_region():
    """TID 1410 and 1411: rows of regions, frames, segments and surfaces exclude one another (XOR)."""
    made = document(report([volumetric(referenced_regions=[sr.ImageRegion("POINT", [[1.0, 2.0]], source())] * 2)]))
    assert findings(made) == []
    surface = volumetric()[0]
    children_of(group_of(made)).extend(item for item in children_of(surface) if item.ValueType != "NUM"
                                       and item.RelationshipType == "CONTAINS")  # fmt: skip
    ((severity, message),) = findings(made)
    assert severity == "error"
    assert message.endswith("Measurement Group refers to Image Region and Volume Surface, expected one of them")
    made = document()
    without(group_of(made), "Image Region")
    ((severity, message),) = findings(made)
    assert (severity, message.endswith("refers to no region, segment or surface")) == ("error", True)


def test_many_points_make_no_region():
    with pytest.raises(ValueError, match="graphic_type is MULTIPOINT, which does not make a region"):
        sr.ImageRegion("MULTIPOINT", [[1.0, 2.0], [3.0, 4.0]], source())


def test_a_qualifier_outside_of_its_context_group_is_a_warning():
    made = document(report([planar(measurements=[sr.Measurement(LIVER, None, MM, qualifier=KIDNEY)])]))
    ((severity, message),) = findings(made)
    assert (severity, f"qualifier is {KIDNEY.meaning!r}, which is not of CID 42" in message) == ("warning", True)


# TID 1600


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        (lambda library: set_children(library, []), "Image Library/Image Library Group is missing"),
        (lambda library: set_children(children_of(library)[0], []), "Image Library Group[0] holds no image"),
        (lambda library: setattr(library, "RelationshipType", "HAS PROPERTIES"), "expected CONTAINS"),
    ],
)
def test_an_image_library_has_groups_of_images(break_it, expected):
    made = document(report(referenced_images=images()))
    assert findings(made) == []
    break_it(named(made, "Image Library"))
    ((severity, message),) = findings(made)
    assert (severity, expected in message) == ("error", True)


# TID 1001 to 1010


def test_the_class_of_a_device_as_subject_is_that_of_its_context_group():
    """highdicom writes (121007, DCM, "Device"), which is of CID 270, and takes nothing else."""
    for kind in (codes.DCM.Device, codes.DCM.DeviceSubject):
        subject = sr.SubjectContext(kind, sr.SubjectContextDevice("phantom"))
        made = sr.MeasurementReport(sr.ObservationContext(subject_context=subject), LIVER, [planar()])
        assert subject.subject_class == codes.DCM.DeviceSubject
        assert list(made.deviations()) == []
        for wanted in (codes.DCM.Device, codes.DCM.DeviceSubject):
            assert [one.subject_class_specific_context.name for one in made.get_subject_contexts(wanted)] == ["phantom"]
        assert made.get_subject_contexts(codes.DCM.Fetus) == []


def test_a_device_as_subject_that_others_coded_is_read_and_reported():
    subject = sr.SubjectContext(codes.DCM.DeviceSubject, sr.SubjectContextDevice("phantom"))
    made = document(sr.MeasurementReport(sr.ObservationContext(subject_context=subject), LIVER, [planar()]))
    code = named(made, "Subject Class").ConceptCodeSequence[0]
    code.CodeValue, code.CodeMeaning = "121007", "Device"
    (read,) = made.report.get_subject_contexts(codes.DCM.Device)
    assert read.subject_class_specific_context.name == "phantom"
    assert [severity for severity, _ in findings(made)] == ["warning"]


def test_a_fetus_may_have_a_number_in_place_of_an_identifier():
    """PS3.17 I.3: Subject ID, or Fetus Number, or both."""
    subject = sr.SubjectContext(codes.DCM.Fetus, sr.SubjectContextFetus("1", fetus_number=2))
    made = document(sr.MeasurementReport(sr.ObservationContext(subject_context=subject), LIVER, [planar()]))
    without(made, "Subject ID")
    assert findings(made) == []
    (read,) = made.report.get_subject_contexts()
    assert read.subject_class_specific_context.subject_id is None
    assert read.subject_class_specific_context.fetus_number == 2


def test_a_device_may_have_several_roles():
    roles = list(codes.cid7445.concepts.values())[:2]
    device = sr.DeviceObserverIdentifyingAttributes("2.25.1", role_in_procedure=roles[0])
    observer = sr.ObserverContext(codes.DCM.Device, device)
    made = sr.MeasurementReport(sr.ObservationContext(observer_device_context=observer), LIVER, [planar()])
    items = list(children_of(made[0]))
    place = next(index for index, item in enumerate(items) if item.name.meaning == "Device Role in Procedure")
    items.insert(place, sr.CodeContentItem(items[place].name, roles[1], "HAS OBS CONTEXT"))
    set_children(made[0], items)
    assert list(made.deviations()) == []
    (read,) = made.get_observer_contexts()
    assert read.observer_identifying_attributes.role_in_procedure in roles


def test_observers_of_unknown_types_are_a_warning():
    made = document()
    code = named(made, "Observer Type").ConceptCodeSequence[0]
    code.CodeValue, code.CodeMeaning = "999", "Robot"
    assert findings(made) == [("warning", f"{RULE}Observer Type is 'Robot', which is not of CID 270")]


# TID 1502


def test_a_time_point_is_one_in_whatever_order_its_rows_are():
    offset = sr.LongitudinalTemporalOffsetFromEvent(3, codes.UCUM.Day, LIVER)
    context = sr.TimePointContext("second", time_point_order=2, subject_time_point_identifier="s",
                                  protocol_time_point_identifier="p", temporal_offset_from_event=offset)  # fmt: skip
    made = document(report([planar(time_point_context=context)]))
    group = group_of(made)
    set_children(group, list(reversed(children_of(group))))
    read = made.report.imaging_measurements[0].time_point_context
    assert (read.time_point, read.time_point_order, read.subject_time_point_identifier) == ("second", 2, "s")
    assert (read.protocol_time_point_identifier, read.temporal_offset_from_event.value) == ("p", 3)
    assert findings(made) == []
    set_children(named(group_of(made), "Longitudinal Temporal Offset from Event"), [])
    ((severity, message),) = findings(made)
    assert (severity, message.endswith("Longitudinal Temporal Event Type is missing")) == ("error", True)


def test_an_observation_context_needs_nobody():
    assert list(sr.MeasurementReport(sr.ObservationContext(), LIVER, [planar()]).deviations()) == []
    assert list(sr.MeasurementReport(observation(), LIVER, [planar()]).deviations()) == []
