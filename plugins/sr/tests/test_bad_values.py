"""Every parameter of every constructor is given what it cannot be: all of it is refused in words, by hdcore's errors.

A table gives for each class arguments that are right. One after the other is replaced by each of the wrong values, and
what is accepted then is compared with what the kind of the argument may be.
"""

from __future__ import annotations

import inspect
import json
import warnings
from typing import Any

import numpy as np
import pytest
from hdcore.content import CodedConcept, Concept, Template
from hdcore.errors import HdcoreError
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from sr_reports import (
    DIAMETER,
    KIDNEY,
    LIVER,
    MM,
    SEGMENTATION,
    images,
    measurement,
    observation,
    planar,
    report,
    source,
)

import hdcore_sr as sr

UID = "1.2.3"
CT = "1.2.840.10008.5.1.4.1.1.2"
POINT, POINT_3D = np.array([[1.0, 2.0]]), np.array([[1.0, 2.0, 3.0]])
CONTAINS = {"relationship_type": "CONTAINS"}


def first(group):
    return next(iter(getattr(codes, f"cid{group}").concepts.values()))


def number(group):
    return sr.NumContentItem(first(group), 1.0, MM, relationship_type="HAS PROPERTIES")


def point(kind=sr.ImageRegion):
    return kind("POINT", POINT, source())


def of_group():
    return {
        "tracking_identifier": sr.TrackingIdentifier("1.2", "t"),
        "referenced_real_world_value_map": sr.RealWorldValueMap("1.2.3"),
        "time_point_context": sr.TimePointContext("second"),
        "finding_type": LIVER,
        "method": LIVER,
        "algorithm_id": sr.AlgorithmIdentification("a", "1"),
        "finding_sites": [sr.FindingSite(LIVER, codes.SCT.Right)],
        "session": "s",
        "measurements": [measurement()],
        "qualitative_evaluations": [sr.QualitativeEvaluation(LIVER, KIDNEY)],
        "finding_category": LIVER,
    }


def of_document():
    return {
        "evidence": images(),
        "content": report(),
        "series_instance_uid": "1.2.4",
        "series_number": 1,
        "sop_instance_uid": "1.2.5",
        "instance_number": 1,
        "manufacturer": "m",
        "is_complete": True,
        "is_final": True,
        "is_verified": True,
        "institution_name": "i",
        "institutional_department_name": "d",
        "verifying_observer_name": "Doe^Jane",
        "verifying_organization": "o",
        "performed_procedure_codes": [LIVER],
        "requested_procedures": [Dataset()],
        "previous_versions": [images()[0]],
        "record_evidence": True,
        "contributing_equipment": None,
    }


def of_reference():
    return {
        "referenced_sop_class_uid": SEGMENTATION,
        "referenced_sop_instance_uid": UID,
        "referenced_frame_numbers": [1],
    }


ARGUMENTS: dict[str, Any] = {
    "AlgorithmIdentification": lambda: {
        "name": "a",
        "version": "1",
        "parameters": ["p"],
        "family": first(7162),
        "manufacturer": "m",
    },
    "CodeContentItem": lambda: {"name": LIVER, "value": KIDNEY, **CONTAINS},
    "CodedConcept": lambda: {"value": "1", "scheme_designator": "99X", "meaning": "m", "scheme_version": "1"},
    "CompositeContentItem": lambda: {
        "name": LIVER,
        "referenced_sop_class_uid": CT,
        "referenced_sop_instance_uid": UID,
        **CONTAINS,
    },
    "Comprehensive3DSR": of_document,
    "ComprehensiveSR": lambda: {**of_document(), "transfer_syntax_uid": "1.2.840.10008.1.2.1"},
    "EnhancedSR": lambda: {**of_document(), "transfer_syntax_uid": "1.2.840.10008.1.2"},
    "ContainerContentItem": lambda: {"name": LIVER, "is_content_continuous": True, "template_id": "1500", **CONTAINS},
    "CoordinatesForMeasurement": lambda: {
        "graphic_type": "POINT",
        "graphic_data": POINT,
        "source_image": source(),
        "purpose": LIVER,
    },
    "CoordinatesForMeasurement3D": lambda: {
        "graphic_type": "POINT",
        "graphic_data": POINT_3D,
        "frame_of_reference_uid": UID,
        "fiducial_uid": UID,
        "purpose": LIVER,
    },
    "DateContentItem": lambda: {"name": LIVER, "value": "20200101", **CONTAINS},
    "DateTimeContentItem": lambda: {"name": LIVER, "value": "20200101101010", **CONTAINS},
    "DeviceObserverIdentifyingAttributes": lambda: {
        "uid": UID,
        "name": "n",
        "manufacturer_name": "m",
        "model_name": "m",
        "serial_number": "s",
        "physical_location": "p",
        "role_in_procedure": first(7445),
    },
    "FindingSite": lambda: {"anatomic_location": LIVER, "laterality": codes.SCT.Right, "topographical_modifier": LIVER},
    "ImageContentItem": lambda: {
        "name": LIVER,
        "referenced_sop_class_uid": SEGMENTATION,
        "referenced_sop_instance_uid": UID,
        "referenced_frame_numbers": [1],
        "referenced_segment_numbers": [1],
        **CONTAINS,
    },
    "ImageLibrary": lambda: {"datasets": images()},
    "ImageLibraryEntryDescriptors": lambda: {
        "image": images()[0],
        "additional_descriptors": [sr.TextContentItem(LIVER, "x")],
    },
    "ImageRegion": lambda: {
        "graphic_type": "POINT",
        "graphic_data": POINT,
        "source_image": source(),
        "pixel_origin_interpretation": "VOLUME",
    },
    "ImageRegion3D": lambda: {"graphic_type": "POINT", "graphic_data": POINT_3D, "frame_of_reference_uid": UID},
    "LanguageOfContentItemAndDescendants": lambda: {"language": Concept("de", "RFC5646", "German")},
    "LongitudinalTemporalOffsetFromEvent": lambda: {"value": 3, "unit": codes.UCUM.Day, "event_type": LIVER},
    "Measurement": lambda: {
        "name": DIAMETER,
        "value": 1.0,
        "unit": MM,
        "qualifier": LIVER,
        "tracking_identifier": sr.TrackingIdentifier("1.2", "t"),
        "algorithm_id": sr.AlgorithmIdentification("a", "1"),
        "derivation": LIVER,
        "finding_sites": [sr.FindingSite(LIVER)],
        "method": LIVER,
        "properties": sr.MeasurementProperties(first(222)),
        "referenced_images": [source(sr.SourceImageForMeasurement)],
        "referenced_coordinates": [point(sr.CoordinatesForMeasurement)],
        "referenced_real_world_value_map": sr.RealWorldValueMap(UID),
    },
    "MeasurementProperties": lambda: {
        "normality": first(222),
        "level_of_significance": first(220),
        "selection_status": first(224),
        "measurement_statistical_properties": sr.MeasurementStatisticalProperties([number(226)]),
        "normal_range_properties": sr.NormalRangeProperties([number(223)]),
        "upper_measurement_uncertainty": 1.0,
        "lower_measurement_uncertainty": 1.0,
    },
    "MeasurementReport": lambda: {
        "observation_context": observation(),
        "procedure_reported": [LIVER],
        "imaging_measurements": [planar()],
        "title": first(7021),
        "language_of_content_item_and_descendants": sr.LanguageOfContentItemAndDescendants(LIVER),
        "referenced_images": images(),
        "qualitative_evaluations": [sr.QualitativeEvaluation(LIVER, KIDNEY)],
        "derived_imaging_measurements": None,
    },
    "MeasurementStatisticalProperties": lambda: {"values": [number(226)], "description": "d", "authority": "a"},
    "MeasurementsAndQualitativeEvaluations": lambda: {
        **of_group(),
        "source_images": [source(sr.SourceImageForMeasurementGroup)],
    },
    "MeasurementsDerivedFromMultipleROIMeasurements": lambda: {
        "name": first(7465),
        "value": 1.0,
        "unit": MM,
        "measurement_groups": [planar()],
        "qualifier": LIVER,
        "properties": sr.MeasurementProperties(first(222)),
        "algorithm_id": sr.AlgorithmIdentification("a", "1"),
    },
    "NormalRangeProperties": lambda: {"values": [number(223)], "description": "d", "authority": "a"},
    "NumContentItem": lambda: {"name": LIVER, "value": 1.0, "unit": MM, "qualifier": LIVER, **CONTAINS},
    "ObservationContext": lambda: {
        "observer_person_context": None,
        "observer_device_context": None,
        "subject_context": None,
    },
    "ObserverContext": lambda: {
        "observer_type": codes.DCM.Person,
        "observer_identifying_attributes": sr.PersonObserverIdentifyingAttributes("A^B"),
    },
    "PersonObserverIdentifyingAttributes": lambda: {
        "name": "A^B",
        "login_name": "l",
        "organization_name": "o",
        "role_in_organization": LIVER,
        "role_in_procedure": LIVER,
    },
    "PlanarROIMeasurementsAndQualitativeEvaluations": lambda: {
        **of_group(),
        "referenced_region": point(),
        "referenced_segment": None,
        "geometric_purpose": LIVER,
    },
    "PnameContentItem": lambda: {"name": LIVER, "value": "A^B", **CONTAINS},
    "QualitativeEvaluation": lambda: {"name": LIVER, "value": KIDNEY},
    "RealWorldValueMap": lambda: {"referenced_sop_instance_uid": UID},
    "ReferencedSegment": lambda: {
        "sop_class_uid": SEGMENTATION,
        "sop_instance_uid": UID,
        "segment_number": 1,
        "frame_numbers": [1],
        "source_images": [source(sr.SourceImageForSegmentation)],
        "source_series": None,
    },
    "ReferencedSegmentationFrame": lambda: {
        "sop_class_uid": SEGMENTATION,
        "sop_instance_uid": UID,
        "frame_number": [1],
        "segment_number": 1,
        "source_image": source(sr.SourceImageForSegmentation),
    },
    "Scoord3DContentItem": lambda: {
        "name": LIVER,
        "graphic_type": "POINT",
        "graphic_data": POINT_3D,
        "frame_of_reference_uid": UID,
        "fiducial_uid": UID,
        **CONTAINS,
    },
    "ScoordContentItem": lambda: {
        "name": LIVER,
        "graphic_type": "POINT",
        "graphic_data": POINT,
        "pixel_origin_interpretation": "VOLUME",
        "fiducial_uid": UID,
        **CONTAINS,
    },
    "SourceImageForMeasurement": of_reference,
    "SourceImageForMeasurementGroup": of_reference,
    "SourceImageForRegion": of_reference,
    "SourceImageForSegmentation": of_reference,
    "SourceSeriesForSegmentation": lambda: {"referenced_series_instance_uid": UID},
    "SubjectContext": lambda: {
        "subject_class": codes.DCM.Fetus,
        "subject_class_specific_context": sr.SubjectContextFetus("1"),
    },
    "SubjectContextDevice": lambda: {
        "name": "n",
        "uid": UID,
        "manufacturer_name": "m",
        "model_name": "m",
        "serial_number": "s",
        "physical_location": "p",
    },
    "SubjectContextFetus": lambda: {"subject_id": "1", "fetus_number": 1.0},
    "SubjectContextSpecimen": lambda: {
        "uid": UID,
        "identifier": "i",
        "container_identifier": "c",
        "specimen_type": LIVER,
    },
    "TcoordContentItem": lambda: {
        "name": LIVER,
        "temporal_range_type": "POINT",
        "referenced_sample_positions": [1],
        "referenced_time_offsets": None,
        "referenced_date_time": None,
        **CONTAINS,
    },
    "TextContentItem": lambda: {"name": LIVER, "value": "x", **CONTAINS},
    "TimeContentItem": lambda: {"name": LIVER, "value": "101010", **CONTAINS},
    "TimePointContext": lambda: {
        "time_point": "second",
        "time_point_type": first(6146),
        "time_point_order": 1.0,
        "subject_time_point_identifier": "s",
        "protocol_time_point_identifier": "p",
        "temporal_offset_from_event": sr.LongitudinalTemporalOffsetFromEvent(3, codes.UCUM.Day, LIVER),
    },
    "TrackingIdentifier": lambda: {"uid": UID, "identifier": "i"},
    "UIDRefContentItem": lambda: {"name": LIVER, "value": UID, **CONTAINS},
    "VolumeSurface": lambda: {
        "graphic_type": "POINT",
        "graphic_data": POINT_3D,
        "frame_of_reference_uid": UID,
        "source_images": [source(sr.SourceImageForSegmentation)],
        "source_series": None,
    },
    "VolumetricROIMeasurementsAndQualitativeEvaluations": lambda: {
        **of_group(),
        "referenced_regions": [point()],
        "referenced_volume_surface": None,
        "referenced_segment": None,
        "geometric_purpose": LIVER,
    },
    "WaveformContentItem": lambda: {
        "name": LIVER,
        "referenced_sop_class_uid": "1.2.840.10008.5.1.4.1.1.9.1.1",
        "referenced_sop_instance_uid": UID,
        "referenced_waveform_channels": [(1, 1)],
        **CONTAINS,
    },
}

WRONG: dict[str, Any] = {
    "object": object(),
    "mapping": {},
    "bytes": b"x",
    "complex": 3j,
    "number": 5,
    "large number": 10**13,
    "negative": -1,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "true": True,
    "text": "x",
    "empty text": "",
    "long text": "y" * 70000,
    "backslash": "a\\b",
    "code": LIVER,
    "item": sr.TextContentItem(LIVER, "x"),
    "dataset": Dataset(),
    "class": sr.TextContentItem,
    "no items": [],
    "numbers": [5],
    "large numbers": [10**13],
    "texts": ["x"],
    "nothings": [None],
    "objects": [object()],
    "None": None,
}
NUMBERS = {"number", "large number", "negative"}
TEXTS = {"text", "long text", "backslash"}
ACCEPTED_BY_NAME = {
    "is_complete": {"true"},
    "is_final": {"true"},
    "is_verified": {"true"},
    "record_evidence": {"true"},
    "is_content_continuous": {"true"},
    "series_number": {"number", "true"},
    "instance_number": {"number", "true"},
    "institution_name": {"text", "empty text"},
    "institutional_department_name": {"text", "empty text"},
    "observer_person_context": {"no items"},
    "observer_device_context": {"no items"},
    "segment_number": {"number"},
    "contributing_equipment": {"no items"},
    "transfer_syntax_uid": {"None"},
    "subject_class": set(),
    "observer_type": set(),
    "procedure_reported": {"code"},
    "template_id": {"number", "large number"},
    "verifying_observer_name": {"text"},
    "verifying_organization": {"text"},
    "authority": {*TEXTS, "code"},
    "scheme_version": {"text", "empty text"},
    "scheme_designator": {"text"},
    "meaning": {"text"},
    "graphic_data": set(),
    "parameters": {"texts", "no items"},
    "frame_number": {"number", "numbers"},
}
"""What is right after all, of parameters of which the value does not tell it."""
MUST_HOLD_SOMETHING = {
    *("evidence", "datasets", "imaging_measurements", "qualitative_evaluations", "values", "measurement_groups"),
    *("referenced_regions", "source_images", "referenced_waveform_channels", "content", "referenced_images"),
}
"""Parameters that take a sequence, but none that is empty."""


def accepted(name: str, parameter: str, value: Any) -> set[str]:
    """What of the wrong values is right for a parameter, as its right value tells."""
    if parameter in ACCEPTED_BY_NAME:
        return ACCEPTED_BY_NAME[parameter]
    if isinstance(value, Concept | Code | CodedConcept):
        return {"code"}
    if isinstance(value, float) or (name, parameter) == ("LongitudinalTemporalOffsetFromEvent", "value"):
        return NUMBERS
    if isinstance(value, list) and type(value[0]) is int:
        return {"number", "numbers"}
    if isinstance(value, list) and not isinstance(value, Template):
        optional = (name, parameter) in OPTIONAL_THOUGH_NAMED_SO or parameter not in MUST_HOLD_SOMETHING
        return {"no items"} if optional else set()
    if isinstance(value, str) and (name, parameter) in PLAIN_TEXTS:
        return TEXTS
    return set()


OPTIONAL_THOUGH_NAMED_SO = {
    ("MeasurementsAndQualitativeEvaluations", "source_images"),
    ("Measurement", "referenced_images"),
    *(
        (f"{kind}MeasurementsAndQualitativeEvaluations", "qualitative_evaluations")
        for kind in ("", "PlanarROI", "VolumetricROI")
    ),
}
PLAIN_TEXTS = {
    *(("AlgorithmIdentification", name) for name in ("name", "version", "manufacturer")),
    *(
        ("DeviceObserverIdentifyingAttributes", name)
        for name in ("name", "manufacturer_name", "model_name", "serial_number", "physical_location")
    ),
    *(
        ("SubjectContextDevice", name)
        for name in ("name", "manufacturer_name", "model_name", "serial_number", "physical_location")
    ),
    *(("SubjectContextSpecimen", name) for name in ("identifier", "container_identifier")),
    *(("PersonObserverIdentifyingAttributes", name) for name in ("login_name", "organization_name")),
    *(
        ("TimePointContext", name)
        for name in ("time_point", "subject_time_point_identifier", "protocol_time_point_identifier")
    ),
    *((f"{kind}MeasurementsAndQualitativeEvaluations", "session") for kind in ("", "PlanarROI", "VolumetricROI")),
    *((kind, "description") for kind in ("MeasurementStatisticalProperties", "NormalRangeProperties")),
    *(("SubjectContextFetus", "subject_id"), ("TrackingIdentifier", "identifier"), ("TextContentItem", "value")),
}
OTHERS = {
    ("CodedConcept", "value"): {"text", "long text"},
    ("PersonObserverIdentifyingAttributes", "name"): {"text"},
    ("PnameContentItem", "value"): {"text"},
    ("NumContentItem", "value"): {*NUMBERS, "None"},
    ("Measurement", "value"): {*NUMBERS, "None"},
    ("MeasurementsDerivedFromMultipleROIMeasurements", "value"): {*NUMBERS, "None"},
    **{(f"Comprehensive{kind}SR", "manufacturer"): {"text", "empty text"} for kind in ("", "3D")},
    ("EnhancedSR", "manufacturer"): {"text", "empty text"},
}
TOGETHER = {
    ("TcoordContentItem", "referenced_sample_positions"),
    *(
        (kind, name)
        for kind in ("Comprehensive3DSR", "ComprehensiveSR", "EnhancedSR")
        for name in ("verifying_observer_name", "verifying_organization")
    ),
    ("PlanarROIMeasurementsAndQualitativeEvaluations", "referenced_region"),
    ("VolumetricROIMeasurementsAndQualitativeEvaluations", "referenced_regions"),
    ("ReferencedSegment", "source_images"),
    ("VolumeSurface", "source_images"),
}
"""Parameters that are None by default, but must be given with the other arguments of the table."""


@pytest.mark.parametrize("name", ARGUMENTS)
def test_what_a_parameter_cannot_be_is_refused_in_words(name):
    kind = getattr(sr, name)
    right = ARGUMENTS[name]
    defaults = inspect.signature(kind.__init__).parameters
    assert {one for one in defaults if one not in ("self", "kwargs")} == set(right())
    for parameter, value in right().items():
        taken = set()
        for label, wrong in WRONG.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    kind(**{**right(), parameter: wrong})
                except HdcoreError:
                    continue
                taken.add(label)
        expected = set(OTHERS.get((name, parameter), accepted(name, parameter, value)))
        if defaults[parameter].default is None and (name, parameter) not in TOGETHER:
            expected.add("None")
        assert taken == expected, (name, parameter)


def test_the_table_has_all_classes_that_are_constructed():
    made = {
        name
        for name in sr.__all__
        if inspect.isclass(one := getattr(sr, name)) and issubclass(one, Dataset | Template | list)
    }
    abstract = {"ContentItem", "ContentSequence", "Template", "StructuredReport", "ObserverContext"} - set(ARGUMENTS)
    assert made - set(ARGUMENTS) <= abstract | {"ContentItem"}
    assert len(ARGUMENTS) > 55


TIMES = {
    "referenced_time_offsets": ({"numbers", "large numbers"}, [1.5]),
    "referenced_date_time": (set(), ["20200101101010"]),
}


@pytest.mark.parametrize("parameter", TIMES)
def test_times_that_cannot_be_are_refused_in_words(parameter):
    expected, value = TIMES[parameter]
    right = {"name": LIVER, "temporal_range_type": "POINT"}
    assert sr.TcoordContentItem(**right, **{parameter: value}).value
    taken = set()
    for label, wrong in {**WRONG, "not finite": [float("nan")], "empty": [""]}.items():
        try:
            sr.TcoordContentItem(**right, **{parameter: wrong})
        except HdcoreError:
            continue
        taken.add(label)
    assert taken == expected


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: sr.ReferencedSegment(
                SEGMENTATION, UID, [1, 2], source_images=[source(sr.SourceImageForSegmentation)]
            ),
            r"segment_number holds \[1, 2\]; expected",
        ),
        (lambda: sr.ImageContentItem(LIVER, SEGMENTATION, UID, referenced_segment_numbers=70000), "65535 at most"),
        (lambda: sr.ImageContentItem(LIVER, SEGMENTATION, UID, 2**31), "2147483647 at most"),
        (lambda: sr.WaveformContentItem(LIVER, CT, UID, [(1, 70000)]), "65535 at most"),
        (lambda: sr.TcoordContentItem(LIVER, "POINT", [2**32]), "4294967295 at most"),
        (lambda: sr.CodedConcept("1", "99X", "m" * 65), "meaning of a coded concept has 65 characters"),
        (lambda: sr.CodedConcept("1", "9" * 17, "m"), "scheme_designator of a coded concept has 17 characters"),
        (lambda: sr.ContainerContentItem(LIVER, template_id="x" * 17), "template_id has 17 characters"),
        (lambda: sr.ContainerContentItem(LIVER, "1500"), "is_content_continuous is '1500'; expected True or False"),
        (lambda: sr.MeasurementReport(observation(), [], [planar()]), "procedure_reported is empty"),
        (lambda: sr.LanguageOfContentItemAndDescendants(None), "language is None"),
    ],
)
def test_the_way_out_is_named(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


@pytest.mark.parametrize("value", [1 / 3, -1e-300 / 3, 123456789012345678, 2**70, 1e300 / 3, -0.0])
def test_numbers_of_any_length_fit_a_decimal_string(value):
    item = sr.NumContentItem(LIVER, value, MM)
    text = item.MeasuredValueSequence[0]["NumericValue"].value
    assert len(str(getattr(text, "original_string", text))) <= 16
    assert item.value == pytest.approx(value, rel=1e-9)
    assert json.dumps(item.to_json_dict())
