"""The same calls give the trees that highdicom gives, except where the standard says otherwise."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
import pydicom
import pytest
from hdcore.content import duplicate
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from sr_reports import DIAMETER, LIVER, MM, SEGMENTATION, SQUARE, TRIANGLE, images
from trees import differences, plain

import hdcore_sr as ours

theirs = pytest.importorskip("highdicom").sr
DIAMETER_CODE = codes.SCT.Diameter
assert DIAMETER_CODE.value == DIAMETER.value


def report(sr: Any) -> Any:
    """The same calls on either library."""
    ct = images()
    region = sr.SourceImageForRegion.from_source_image(ct[0])
    segmented = sr.SourceImageForSegmentation.from_source_image(ct[1])
    tracking = sr.TrackingIdentifier("2.25.7", "lesion")
    algorithm = sr.AlgorithmIdentification("a", "1", ["x=1"], codes.DCM.ArtificialIntelligence, "Acme")
    offset = sr.LongitudinalTemporalOffsetFromEvent(3.5, codes.UCUM.Day, codes.DCM.Baseline)
    time_point = sr.TimePointContext("T1", codes.DCM.Baseline, 2, "s", "p", offset)
    measurement = sr.Measurement(
        DIAMETER_CODE,
        2.5,
        MM,
        tracking_identifier=tracking,
        algorithm_id=algorithm,
        derivation=codes.SCT.Mean,
        finding_sites=[sr.FindingSite(LIVER, codes.SCT.Right)],
        referenced_images=[sr.SourceImageForMeasurement.from_source_image(ct[2])],
    )
    common = {
        "time_point_context": time_point,
        "finding_type": codes.SCT.Neoplasm,
        "algorithm_id": algorithm,
        "finding_sites": [sr.FindingSite(LIVER)],
        "session": "first",
        "measurements": [measurement],
        "qualitative_evaluations": [sr.QualitativeEvaluation(LIVER, codes.SCT.Kidney)],
        "finding_category": codes.SCT.MorphologicallyAbnormalStructure,
        "referenced_real_world_value_map": sr.RealWorldValueMap("1.2.9"),
    }
    surface = sr.VolumeSurface("POLYGON", [SQUARE, SQUARE + np.array([0, 0, 2])], "1.2.3", [segmented])
    series = sr.SourceSeriesForSegmentation.from_source_image(ct[0])
    groups = [
        sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking,
            sr.ImageRegion("POLYLINE", TRIANGLE, region),
            geometric_purpose=next(iter(codes.cid219.concepts.values())),
            **common,
        ),
        sr.PlanarROIMeasurementsAndQualitativeEvaluations(tracking, sr.ImageRegion3D("POLYGON", SQUARE, "1.2.3")),
        sr.VolumetricROIMeasurementsAndQualitativeEvaluations(tracking, referenced_volume_surface=surface, **common),
        sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
            tracking, referenced_segment=sr.ReferencedSegment(SEGMENTATION, "1.2.5", 2, source_series=series)
        ),
        sr.MeasurementsAndQualitativeEvaluations(
            tracking, source_images=[sr.SourceImageForMeasurementGroup.from_source_image(ct[0])], **common
        ),
    ]
    observation = sr.ObservationContext(
        sr.ObserverContext(codes.DCM.Person, sr.PersonObserverIdentifyingAttributes("Doe^Jane", "jd", "Clinic")),
        sr.ObserverContext(codes.DCM.Device, sr.DeviceObserverIdentifyingAttributes("2.25.5", "Station")),
        sr.SubjectContext(codes.DCM.Specimen, sr.SubjectContextSpecimen("2.25.6", "s", "c")),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sr.MeasurementReport(observation, LIVER, groups, referenced_images=ct)


def document(sr: Any, content: Any, kind: str = "Comprehensive3DSR") -> Any:
    extra, value_map = duplicate(images()[0]), duplicate(images()[0])
    extra.SOPClassUID, extra.SOPInstanceUID = SEGMENTATION, "1.2.5"
    value_map.SOPClassUID, value_map.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.67", "1.2.9"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(sr, kind)([*images(), extra, value_map], content, "1.2.30", 1, "1.2.40", 1, manufacturer="Acme")


TIME_POINT_ROWS = ("126070", "126071", "C2348792", "126072", "126073")
"""Code values of the rows of TID 1502 in their order, in which highdicom does not write them; DCMTK and PixelMed do."""


def in_order(tree: Any) -> Any:
    """Put the rows of time points, wherever they are in a tree, into the order of their template."""
    items = tree.get("ContentSequence", [])
    places = [place for place, item in enumerate(items) if code_of(item) in TIME_POINT_ROWS]
    rows = sorted((items[place] for place in places), key=lambda item: TIME_POINT_ROWS.index(code_of(item)))
    for place, item in zip(places, rows, strict=True):
        items[place] = item
    for item in items:
        in_order(item)
    return tree


def code_of(item: Any) -> str:
    value = item["ConceptNameCodeSequence"][0]["CodeValue"]
    return str(int(value)) if isinstance(value, float) else value


def test_the_trees_are_equal():
    assert differences(plain(report(ours)[0]), in_order(plain(report(theirs)[0]))) == []


def test_the_order_of_time_points_is_that_of_the_template():
    """highdicom begins with the Time Point, which is row 3 of TID 1502."""
    made = [report(sr)[0] for sr in (ours, theirs)]
    assert in_order(plain(made[0])) == plain(made[0])
    assert in_order(plain(made[1])) != plain(made[1])


def test_the_method_of_a_group_is_the_only_difference_of_method_rows():
    """highdicom contains the method in the group; TID 1419 has a concept modifier."""
    method = next(iter(codes.cid6147.concepts.values()))
    groups = [
        sr.MeasurementsAndQualitativeEvaluations(
            sr.TrackingIdentifier("2.25.7", "lesion"),
            method=method,
            measurements=[sr.Measurement(DIAMETER_CODE, 2.5, MM, method=method)],
        )
        for sr in (ours, theirs)
    ]
    found = differences(*(plain(group[0]) for group in groups))
    assert [line.partition(": ")[2] for line in found] == ["HAS CONCEPT MOD != CONTAINS"]
    for reader, written in ((theirs, groups[0]), (ours, groups[1])):
        kind = reader.MeasurementsAndQualitativeEvaluations
        assert kind.from_sequence([Dataset.from_json(written[0].to_json())]).method == method


def test_highdicom_reads_what_we_write():
    file = io.BytesIO()
    document(ours, report(ours)).save_as(file)
    file.seek(0)
    read = theirs.srread(file).content
    assert isinstance(read, theirs.MeasurementReport)
    (group, _) = read.get_planar_roi_measurement_groups()
    # highdicom counts the order of the time point among the measurements.
    assert 2.5 in [measurement.value for measurement in group.get_measurements()]
    assert np.array_equal(group.roi.value, TRIANGLE)
    assert len(read.get_volumetric_roi_measurement_groups()) == 2
    assert len(read.get_image_measurement_groups()) == 1


def test_we_read_what_highdicom_writes():
    file = io.BytesIO()
    document(theirs, report(theirs)).save_as(file)
    file.seek(0)
    read = ours.srread(file)
    assert differences(in_order(plain(read.content[0])), plain(report(ours)[0])) == []
    assert [deviation for deviation in read.content.deviations() if deviation.is_error] == []
    assert read.content.get_planar_roi_measurement_groups()[0].get_qualitative_evaluations()[0].name == LIVER


def test_documents_have_the_same_attributes():
    one, other = document(ours, report(ours)), document(theirs, report(theirs))
    names = {element.keyword for element in one}, {element.keyword for element in other}
    assert names[0] ^ names[1] <= {"ContributingEquipmentSequence", "PatientBirthDate"}
    for keyword in (
        "CurrentRequestedProcedureEvidenceSequence",
        "CompletionFlag",
        "VerificationFlag",
        "PreliminaryFlag",
    ):
        assert differences(plain(one[keyword].value), plain(other[keyword].value)) == []


def test_highdicom_takes_our_items_and_we_take_theirs():
    read = ours.MeasurementReport.from_sequence(pydicom.Sequence([Dataset.from_json(report(theirs)[0].to_json())]))
    assert read.imaging_measurements[2].referenced_volume_surface.has_source_images()
    assert read.imaging_measurements[3].referenced_segment.referenced_segment_numbers == [2]
    again = theirs.MeasurementReport.from_sequence([Dataset.from_json(report(ours)[0].to_json())])
    assert len(again.get_observer_contexts()) == 2
