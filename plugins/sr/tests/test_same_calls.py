"""Every constructor, called alike in both libraries with all of its parameters, gives the same dataset at every depth.

What differs is listed with the sentence of the standard that says why.
"""

from __future__ import annotations

import datetime
import inspect
import json
import warnings
from typing import Any

import numpy as np
import pytest
from hdcore.testing import sources
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from sr_reports import LIVER, MM, SEGMENTATION, SQUARE, TRIANGLE, images
from trees import differences, plain

import hdcore_sr as ours

theirs = pytest.importorskip("highdicom").sr

UID, CT = "1.2.3", "1.2.840.10008.5.1.4.1.1.2"
KIDNEY, RIGHT, DAY = codes.SCT.Kidney, codes.SCT.Right, codes.UCUM.Day
POINT, POINT_3D = np.array([[1.5, 2.5]]), np.array([[1.5, 2.5, 3.5]])
DIAMETER, NO_UNITS = codes.SCT.Diameter, codes.UCUM.NoUnits
CONTAINS = "CONTAINS"
ENHANCED = "1.2.840.10008.5.1.4.1.1.2.1"


def first(group):
    return next(iter(getattr(codes, f"cid{group}").concepts.values()))


def number(sr, group):
    return sr.NumContentItem(first(group), 1.0, MM, relationship_type="HAS PROPERTIES")


def segmented(sr):
    return sr.SourceImageForSegmentation(CT, UID)


def region(sr, kind="ImageRegion"):
    return getattr(sr, kind)("POLYLINE", TRIANGLE, sr.SourceImageForRegion(CT, UID))


def algorithm(sr):
    return sr.AlgorithmIdentification("a", "1", ["x=1", "y=2"], codes.DCM.ArtificialIntelligence, "Acme")


def offset(sr):
    return sr.LongitudinalTemporalOffsetFromEvent(3.5, DAY, codes.DCM.Baseline)


def sites(sr):
    return [sr.FindingSite(LIVER, RIGHT, KIDNEY), sr.FindingSite(KIDNEY)]


def properties(sr):
    return sr.MeasurementProperties(
        first(222),
        first(220),
        first(224),
        sr.MeasurementStatisticalProperties([number(sr, 226)], "adults", "somebody"),
        sr.NormalRangeProperties([number(sr, 223)], "of adults", "somebody"),
        0.5,
        0.25,
    )


def measurement(sr):
    return sr.Measurement(
        DIAMETER,
        2.5,
        MM,
        first(42),
        sr.TrackingIdentifier(UID, "t"),
        algorithm(sr),
        codes.SCT.Mean,
        sites(sr),
        first(6147),
        properties(sr),
        [sr.SourceImageForMeasurement(CT, UID)],
        [region(sr, "CoordinatesForMeasurement")],
    )


def common(sr):
    return {
        "tracking_identifier": sr.TrackingIdentifier(UID, "t"),
        "referenced_real_world_value_map": sr.RealWorldValueMap("1.2.9"),
        "time_point_context": sr.TimePointContext("T1", codes.DCM.Baseline, 2, temporal_offset_from_event=offset(sr)),
        "finding_type": codes.SCT.Neoplasm,
        "algorithm_id": algorithm(sr),
        "finding_sites": sites(sr),
        "session": "first",
        "measurements": [sr.Measurement(DIAMETER, 2.5, MM)],
        "qualitative_evaluations": [sr.QualitativeEvaluation(LIVER, KIDNEY)],
        "finding_category": LIVER,
    }


def observation(sr):
    person = sr.PersonObserverIdentifyingAttributes("Doe^Jane", "jd", "Clinic", first(7452), first(7453))
    device = sr.DeviceObserverIdentifyingAttributes(UID, "n", "m", "mm", "s", "p", first(7445))
    return sr.ObservationContext(
        sr.ObserverContext(codes.DCM.Person, person),
        sr.ObserverContext(codes.DCM.Device, device),
        sr.SubjectContext(codes.DCM.Fetus, sr.SubjectContextFetus("1")),
    )


CALLS: dict[str, Any] = {
    "AlgorithmIdentification": algorithm,
    "CodeContentItem": lambda sr: sr.CodeContentItem(LIVER, KIDNEY, CONTAINS),
    "CodedConcept": lambda sr: sr.CodedConcept("1", "99X", "m", "2"),
    "CodedConcept, long": lambda sr: sr.CodedConcept("1" * 17, "99X", "m"),
    "CodedConcept, URN": lambda sr: sr.CodedConcept("urn:oid:1.2.3", "99X", "m"),
    "CompositeContentItem": lambda sr: sr.CompositeContentItem(LIVER, CT, UID, CONTAINS),
    "ContainerContentItem": lambda sr: sr.ContainerContentItem(LIVER, False, "1500", CONTAINS),
    "CoordinatesForMeasurement": lambda sr: sr.CoordinatesForMeasurement(
        "POLYLINE", TRIANGLE, sr.SourceImageForRegion(ENHANCED, UID, [1, 2]), KIDNEY
    ),
    "CoordinatesForMeasurement3D": lambda sr: sr.CoordinatesForMeasurement3D("POLYGON", SQUARE, UID, "1.2.5", KIDNEY),
    "DateContentItem": lambda sr: sr.DateContentItem(LIVER, datetime.date(2020, 1, 2), CONTAINS),
    "DateTimeContentItem": lambda sr: sr.DateTimeContentItem(LIVER, datetime.datetime(2020, 1, 2, 3, 4, 5), CONTAINS),
    "DeviceObserverIdentifyingAttributes": lambda sr: sr.DeviceObserverIdentifyingAttributes(
        UID, "n", "m", "mm", "s", "p", first(7445)
    ),
    "FindingSite": lambda sr: sites(sr)[0],
    "ImageContentItem, frames": lambda sr: sr.ImageContentItem(LIVER, ENHANCED, UID, [1, 3], None, CONTAINS),
    "ImageContentItem, segment": lambda sr: sr.ImageContentItem(LIVER, SEGMENTATION, UID, None, 2, CONTAINS),
    "ImageLibrary": lambda sr: sr.ImageLibrary(images()),
    "ImageLibraryEntryDescriptors": lambda sr: sr.ImageLibraryEntryDescriptors(
        images()[0], [sr.TextContentItem(LIVER, "x", "HAS ACQ CONTEXT")]
    ),
    "ImageRegion": lambda sr: sr.ImageRegion(
        "POLYLINE", TRIANGLE, sr.SourceImageForRegion(ENHANCED, UID, [2]), "FRAME"
    ),
    "ImageRegion3D": lambda sr: sr.ImageRegion3D("POLYGON", SQUARE, UID),
    "LanguageOfContentItemAndDescendants": lambda sr: sr.LanguageOfContentItemAndDescendants(
        Code("de", "RFC5646", "German")
    ),
    "LongitudinalTemporalOffsetFromEvent": offset,
    "Measurement": measurement,
    "Measurement, of a value map": lambda sr: sr.Measurement(
        DIAMETER, 2.5, MM, referenced_real_world_value_map=sr.RealWorldValueMap("1.2.9")
    ),
    "MeasurementProperties": properties,
    "MeasurementStatisticalProperties": lambda sr: sr.MeasurementStatisticalProperties([number(sr, 226)], "d", "a"),
    "NormalRangeProperties": lambda sr: sr.NormalRangeProperties([number(sr, 223)], "d", "a"),
    "NumContentItem": lambda sr: sr.NumContentItem(LIVER, 1 / 3, MM, KIDNEY, CONTAINS),
    "NumContentItem, integer": lambda sr: sr.NumContentItem(LIVER, 12, MM, None, CONTAINS),
    "ObservationContext": observation,
    "ObserverContext": lambda sr: sr.ObserverContext(
        codes.DCM.Person, sr.PersonObserverIdentifyingAttributes("Doe^Jane")
    ),
    "PersonObserverIdentifyingAttributes": lambda sr: sr.PersonObserverIdentifyingAttributes(
        "Doe^Jane", "jd", "Clinic", first(7452), first(7453)
    ),
    "MeasurementReport": lambda sr: sr.MeasurementReport(
        observation(sr),
        [LIVER, KIDNEY],
        [
            sr.MeasurementsAndQualitativeEvaluations(
                sr.TrackingIdentifier(UID, "t"), measurements=[sr.Measurement(DIAMETER, 1, MM)]
            )
        ],
        codes.DCM.OncologyMeasurementReport,
        sr.LanguageOfContentItemAndDescendants(Code("de", "RFC5646", "German")),
        images(),
    ),
    "MeasurementReport, of little": lambda sr: sr.MeasurementReport(
        sr.ObservationContext(), LIVER, [sr.MeasurementsAndQualitativeEvaluations(sr.TrackingIdentifier(UID, "t"))]
    ),
    "MeasurementsAndQualitativeEvaluations": lambda sr: sr.MeasurementsAndQualitativeEvaluations(
        **common(sr), source_images=[sr.SourceImageForMeasurementGroup(CT, UID)]
    ),
    "PlanarROIMeasurementsAndQualitativeEvaluations": lambda sr: sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        **common(sr), referenced_region=region(sr), geometric_purpose=first(219)
    ),
    "PlanarROIMeasurementsAndQualitativeEvaluations, in space": lambda sr: (
        sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            sr.TrackingIdentifier(UID, "t"), sr.ImageRegion3D("POLYGON", SQUARE, UID)
        )
    ),
    "VolumetricROIMeasurementsAndQualitativeEvaluations": lambda sr: (
        sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
            **common(sr), referenced_regions=[region(sr), region(sr)], geometric_purpose=first(219)
        )
    ),
    "PnameContentItem": lambda sr: sr.PnameContentItem(LIVER, "Doe^Jane", CONTAINS),
    "QualitativeEvaluation": lambda sr: sr.QualitativeEvaluation(LIVER, KIDNEY),
    "RealWorldValueMap": lambda sr: sr.RealWorldValueMap(UID),
    "ReferencedSegment": lambda sr: sr.ReferencedSegment(SEGMENTATION, UID, 2, None, [segmented(sr), segmented(sr)]),
    "ReferencedSegment, of a series": lambda sr: sr.ReferencedSegment(
        SEGMENTATION, UID, 2, source_series=sr.SourceSeriesForSegmentation("1.2.7")
    ),
    "ReferencedSegment, of frames": lambda sr: sr.ReferencedSegment(SEGMENTATION, UID, 2, [4, 5], [segmented(sr)]),
    "ReferencedSegmentationFrame": lambda sr: sr.ReferencedSegmentationFrame(SEGMENTATION, UID, 3, 2, segmented(sr)),
    "Scoord3DContentItem": lambda sr: sr.Scoord3DContentItem(LIVER, "POLYGON", SQUARE, UID, "1.2.5", CONTAINS),
    "ScoordContentItem": lambda sr: sr.ScoordContentItem(LIVER, "POLYLINE", TRIANGLE, "VOLUME", "1.2.5", CONTAINS),
    "SourceImageForMeasurement": lambda sr: sr.SourceImageForMeasurement(ENHANCED, UID, [1, 2]),
    "SourceImageForMeasurementGroup": lambda sr: sr.SourceImageForMeasurementGroup(ENHANCED, UID, [1, 2]),
    "SourceImageForRegion": lambda sr: sr.SourceImageForRegion(ENHANCED, UID, [1, 2]),
    "SourceImageForSegmentation": lambda sr: sr.SourceImageForSegmentation(ENHANCED, UID, [1, 2]),
    "SourceSeriesForSegmentation": lambda sr: sr.SourceSeriesForSegmentation(UID),
    "SubjectContext": lambda sr: sr.SubjectContext(codes.DCM.Fetus, sr.SubjectContextFetus("1")),
    "SubjectContext, device": lambda sr: sr.SubjectContext(codes.DCM.Device, sr.SubjectContextDevice("n")),
    "SubjectContextDevice": lambda sr: sr.SubjectContextDevice("n", UID, "m", "mm", "s", "p"),
    "SubjectContextFetus": lambda sr: sr.SubjectContextFetus("1"),
    "SubjectContextSpecimen": lambda sr: sr.SubjectContextSpecimen(UID, "i", "c", first(8103)),
    "TcoordContentItem, samples": lambda sr: sr.TcoordContentItem(
        LIVER, "MULTIPOINT", [1, 5], relationship_type=CONTAINS
    ),
    "TcoordContentItem, offsets": lambda sr: sr.TcoordContentItem(
        LIVER, "SEGMENT", referenced_time_offsets=[0.5, 1.5], relationship_type=CONTAINS
    ),
    "TcoordContentItem, moments": lambda sr: sr.TcoordContentItem(
        LIVER, "POINT", referenced_date_time=[datetime.datetime(2020, 1, 2, 3, 4, 5)], relationship_type=CONTAINS
    ),
    "TextContentItem": lambda sr: sr.TextContentItem(LIVER, "größer", CONTAINS),
    "TimeContentItem": lambda sr: sr.TimeContentItem(LIVER, datetime.time(1, 2, 3), CONTAINS),
    "TimePointContext": lambda sr: sr.TimePointContext("T1", codes.DCM.Baseline, 2, "s", "p", offset(sr)),
    "TrackingIdentifier": lambda sr: sr.TrackingIdentifier(UID, "t"),
    "UIDRefContentItem": lambda sr: sr.UIDRefContentItem(LIVER, UID, CONTAINS),
    "VolumeSurface": lambda sr: sr.VolumeSurface(
        "POLYGON", [SQUARE, SQUARE + np.array([0, 0, 2])], UID, [segmented(sr)]
    ),
    "VolumeSurface, of a series": lambda sr: sr.VolumeSurface(
        "POINT", POINT_3D, UID, source_series=sr.SourceSeriesForSegmentation("1.2.7")
    ),
    "WaveformContentItem": lambda sr: sr.WaveformContentItem(
        LIVER, "1.2.840.10008.5.1.4.1.1.9.1.1", UID, [(1, 2), (3, 4)], CONTAINS
    ),
}


DIFFERENT: dict[str, set[str]] = {
    # PS3.3 8.1: URN Code Value holds a URN.
    "CodedConcept, URN": {"/CodeValue", "/URNCodeValue"},
    # PS3.3 table A.35.13-2: a number contains nothing.
    "Measurement, of a value map": {"[0]/ContentSequence[0]/RelationshipType: INFERRED FROM != CONTAINS"},
    # PS3.3 table 10-3: an image reference names frames or segments, not both.
    "ReferencedSegment, of frames": {"[0]/ReferencedSOPSequence[0]/ReferencedSegmentNumber"},
    "ReferencedSegmentationFrame": {"[0]/ReferencedSOPSequence[0]/ReferencedSegmentNumber"},
    # PS3.16 CID 271 has Device Subject; Device is of CID 270.
    "SubjectContext, device": {
        "[0]/ConceptCodeSequence[0]/CodeMeaning: Device Subject != Device",
        "[0]/ConceptCodeSequence[0]/CodeValue: 121192.0 != 121007.0",
    },
}
"""What differs: the path and our value and theirs, or the path of what one of them has only."""
IN_ANOTHER_ORDER = {
    "Measurement": "PS3.16 TID 310 has the uncertainty in row 5, the selection status in row 6",
    "MeasurementProperties": "PS3.16 TID 310 has the uncertainty in row 5, the selection status in row 6",
    "TimePointContext": "PS3.16 TID 1502 has the time point in row 3, after the identifiers",
}


def made(call, sr):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return plain(call(sr))


def sorted_by_name(tree):
    """Put all items of one level into an order that does not depend on the template."""
    if isinstance(tree, dict):
        return {key: sorted_by_name(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return sorted((sorted_by_name(one) for one in tree), key=json.dumps)
    return tree


@pytest.mark.parametrize("name", CALLS)
def test_the_same_call_gives_the_same_dataset(name):
    one, other = made(CALLS[name], ours), made(CALLS[name], theirs)
    if name in IN_ANOTHER_ORDER:
        assert differences(one, other)
        one, other = sorted_by_name(one), sorted_by_name(other)
    assert set(differences(one, other)) == DIFFERENT.get(name, set())


LIBRARY = {
    "CT": lambda: sources.ct_series(2)[0],
    "MR": lambda: sources.mr_series(2)[0],
    "PT": lambda: sources.pet_series(2)[0],
    "CR": lambda: oriented(sources.cr_image()),
}


def oriented(image, directions=("L", "F")):
    image.PatientOrientation = list(directions)
    image.ImagerPixelSpacing = [0.2, 0.3]
    return image


@pytest.mark.parametrize("kind", LIBRARY)
def test_images_of_every_kind_are_described_alike(kind):
    image = LIBRARY[kind]()
    one, other = (plain(sr.ImageLibrary([image])) for sr in (ours, theirs))
    assert differences(one, other) == []
    names = [
        item["ConceptNameCodeSequence"][0]["CodeMeaning"] for item in plain(ours.ImageLibraryEntryDescriptors(image))
    ]
    assert ("Patient Orientation Row" in names) == (kind == "CR")
    assert "Horizontal Pixel Spacing" in names


def test_a_projection_without_an_orientation_is_described_without():
    """highdicom raises an IndexError."""
    image = oriented(sources.cr_image(), [])
    names = [item.name.meaning for item in ours.ImageLibraryEntryDescriptors(image)]
    assert names[-2:] == ["Horizontal Pixel Spacing", "Vertical Pixel Spacing"]
    assert "Patient Orientation Row" not in names


def test_all_constructors_are_called():
    bases = (theirs.ContentItem, theirs.ContentSequence, theirs.CodedConcept)
    known = {name for name in dir(theirs) if inspect.isclass(one := getattr(theirs, name)) and issubclass(one, bases)}
    called = {name.partition(",")[0] for name in CALLS}
    assert known - called == {"ContentItem", "ContentSequence"}
    assert called - known == set()


PARAMETERS = {
    "manufacturer": "Acme",
    "is_complete": True,
    "is_final": True,
    "is_verified": True,
    "institution_name": "Clinic",
    "institutional_department_name": "Radiology",
    "verifying_observer_name": "Doe^Jane",
    "verifying_organization": "Clinic",
    "performed_procedure_codes": [LIVER],
    "record_evidence": True,
    "series_description": "measurements",
    "manufacturer_model_name": "M",
    "software_versions": ["1", "2"],
    "device_serial_number": "7",
}
MADE_ANEW = {
    *("InstanceCreationDate", "InstanceCreationTime", "ContentDate", "ContentTime"),
    *("VerifyingObserverSequence[0]/VerificationDateTime", "ContributingEquipmentSequence"),
}
"""What tells of the moment, and of the library."""


@pytest.mark.parametrize("kind", ["EnhancedSR", "ComprehensiveSR", "Comprehensive3DSR"])
def test_the_same_document_has_the_same_attributes_at_every_depth(kind):
    request = Dataset()
    request.StudyInstanceUID, request.AccessionNumber = "1.2.9", "A1"
    documents = []
    for sr in (ours, theirs):
        content = CALLS["MeasurementReport"](sr)
        options = {**PARAMETERS, "requested_procedures": [request], "previous_versions": [images()[2]]}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            documents.append(plain(getattr(sr, kind)(images()[:3], content, "1.2.30", 1, "1.2.40", 1, **options)))
    found = {line.partition(":")[0].strip("/") for line in differences(*documents)}
    assert found - MADE_ANEW == set()
