"""Measurement reports: what is put in comes out, and is found."""

from __future__ import annotations

import io

import hdcore as hd
import numpy as np
import pydicom
import pytest
from hdcore.content import ContentSequence, children_of, render_tree
from hdcore.testing import interop
from hdcore.testing.sources import enhanced_ct
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from sr_reports import (
    DIAMETER,
    KIDNEY,
    LIVER,
    MM,
    SEGMENTATION,
    SQUARE,
    TRIANGLE,
    document,
    images,
    measurement,
    observation,
    of_images,
    planar,
    report,
    source,
    volumetric,
)

import hdcore_sr as sr


def again(made):
    file = io.BytesIO()
    made.save_as(file)
    file.seek(0)
    return sr.srread(file)


def full_measurement():
    statistics = sr.MeasurementStatisticalProperties(
        [sr.NumContentItem(Code("373098007", "SCT", "Mean"), 1.5, MM, relationship_type="HAS PROPERTIES")], "men", "WHO"
    )
    normal = sr.NormalRangeProperties(
        [sr.NumContentItem(codes.cid223.concepts["NormalRangeUpperLimit"], 9, MM, relationship_type="HAS PROPERTIES")]
        if "NormalRangeUpperLimit" in codes.cid223.concepts
        else [sr.NumContentItem(next(iter(codes.cid223.concepts.values())), 9, MM, relationship_type="HAS PROPERTIES")],
        "usual",
    )
    properties = sr.MeasurementProperties(
        normality=next(iter(codes.cid222.concepts.values())),
        measurement_statistical_properties=statistics,
        normal_range_properties=normal,
        upper_measurement_uncertainty=0.5,
    )
    return measurement(
        tracking_identifier=sr.TrackingIdentifier("2.25.9", "one"),
        algorithm_id=sr.AlgorithmIdentification("a", "1", ["x=1", "y=2"], codes.DCM.ArtificialIntelligence, "Acme"),
        derivation=Code("373098007", "SCT", "Mean"),
        finding_sites=[sr.FindingSite(LIVER, codes.SCT.Right)],
        method=next(iter(codes.cid6147.concepts.values())),
        properties=properties,
        referenced_images=[source(sr.SourceImageForMeasurement)],
        referenced_real_world_value_map=sr.RealWorldValueMap("1.2.9"),
    )


def test_a_measurement_gives_back_all_that_it_was_made_of():
    made = full_measurement()
    read = sr.Measurement.from_sequence([Dataset.from_json(made[0].to_json())])
    for one in (made, read):
        assert (one.name, one.value, one.unit, one.qualifier) == (
            sr.CodedConcept.from_code(DIAMETER),
            2.5,
            MM,
            None,
        )
        assert one.tracking_identifier.uid == "2.25.9"
        assert one.algorithm_id.parameters == ["x=1", "y=2"]
        assert one.algorithm_id.family == codes.DCM.ArtificialIntelligence
        assert one.derivation.meaning == "Mean"
        assert one.finding_sites[0].laterality == codes.SCT.Right
        assert one.finding_sites[0].topographical_modifier is None
        assert one.properties.upper_measurement_uncertainty == 0.5
        assert one.properties.measurement_statistical_properties.description == "men"
        assert one.properties.measurement_statistical_properties.values[0].value == 1.5
        assert one.properties.normal_range_properties.description == "usual"
        assert one.referenced_images[0].referenced_sop_instance_uid == images()[0].SOPInstanceUID
        assert one.referenced_real_world_value_map.referenced_sop_instance_uid == "1.2.9"
        assert list(one.deviations()) == []


def test_a_value_map_of_a_number_is_something_it_was_inferred_from():
    """A number contains nothing (PS3.3 table A.35.13-2)."""
    item = next(item for item in full_measurement()[0].ContentSequence if item.ValueType == "COMPOSITE")
    assert item.RelationshipType == "INFERRED FROM"


def test_a_report_is_read_back_from_a_file():
    made = report([planar(), volumetric(), of_images()], referenced_images=images())
    read = again(document(made))
    assert isinstance(read, sr.Comprehensive3DSR)
    assert isinstance(read.content, sr.MeasurementReport)
    assert read.content == made
    assert read.content.title == codes.DCM.ImagingMeasurementReport
    assert read.content.procedure_reported == [LIVER]
    assert [type(group) for group in read.content.imaging_measurements] == [
        sr.PlanarROIMeasurementsAndQualitativeEvaluations,
        sr.VolumetricROIMeasurementsAndQualitativeEvaluations,
        sr.MeasurementsAndQualitativeEvaluations,
    ]
    assert len(children_of(read.content.referenced_images[0])[0].ContentSequence) == 3


def test_groups_are_found_by_what_they_say():
    frame = sr.ReferencedSegmentationFrame(SEGMENTATION, "1.2.5", 3, 1, source(sr.SourceImageForSegmentation))
    point = sr.ImageRegion("POINT", np.array([[1.0, 1.0]]), source(number=1))
    content = report(
        [
            planar("2.25.1", finding_sites=[sr.FindingSite(LIVER)]),
            planar("2.25.2", region=frame, finding_type=KIDNEY),
            planar("2.25.3", region=point),
            planar("2.25.4", region=sr.ImageRegion3D("POLYGON", SQUARE, "1.2.3")),
            volumetric("2.25.5"),
            of_images("2.25.6", source_images=[source(sr.SourceImageForMeasurementGroup, 2)]),
        ]
    )
    find = content.get_planar_roi_measurement_groups

    def uids(groups):
        return [str(group.tracking_uid)[-1] for group in groups]

    assert uids(find()) == ["1", "2", "3", "4"]
    assert uids(find(tracking_uid="2.25.3")) == ["3"]
    assert uids(find(finding_type=KIDNEY)) == ["2"]
    assert uids(find(finding_site=LIVER)) == ["1"]
    assert uids(find(reference_type=codes.DCM.ReferencedSegmentationFrame)) == ["2"]
    assert uids(find(reference_type=codes.DCM.ImageRegion)) == ["1", "3", "4"]
    assert uids(find(graphic_type=sr.GraphicTypeValues.POINT)) == ["3"]
    assert uids(find(graphic_type=sr.GraphicTypeValues3D.POLYGON)) == ["4"]
    assert uids(find(referenced_sop_instance_uid="1.2.5")) == ["2"]
    assert uids(find(referenced_sop_instance_uid=images()[1].SOPInstanceUID)) == ["3"]
    assert uids(find(referenced_sop_class_uid=SEGMENTATION)) == ["2"]
    assert uids(find(tracking_uid="2.25.3", finding_type=KIDNEY)) == []
    assert uids(content.get_volumetric_roi_measurement_groups(reference_type=codes.DCM.VolumeSurface)) == ["5"]
    assert uids(content.get_image_measurement_groups(referenced_sop_instance_uid=images()[2].SOPInstanceUID)) == ["6"]
    with pytest.raises(ValueError, match="reference_type"):
        find(reference_type=codes.DCM.VolumeSurface)


def test_a_group_gives_back_what_it_was_made_of():
    group = planar(
        qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY), sr.QualitativeEvaluation(KIDNEY, LIVER)],
        finding_category=codes.SCT.MorphologicallyAbnormalStructure,
        method=next(iter(codes.cid6147.concepts.values())),
        session="first",
        geometric_purpose=next(iter(codes.cid219.concepts.values())),
        time_point_context=sr.TimePointContext("T1", time_point_order=2),
        algorithm_id=sr.AlgorithmIdentification("a", "1"),
        measurements=[measurement(1), sr.Measurement(LIVER, 2, MM)],
    )
    assert group.tracking_identifier == "lesion"
    assert group.tracking_uid == "2.25.1"
    assert group.finding_type == codes.SCT.Neoplasm
    assert group.finding_category == codes.SCT.MorphologicallyAbnormalStructure
    assert group.session == "first"
    assert group.time_point_context.time_point_order == 2
    assert group.algorithm_id.name == "a"
    assert [one.value for one in group.get_measurements()] == [1, 2]
    assert [one.value for one in group.get_measurements(LIVER)] == [2]
    assert [one.name for one in group.get_qualitative_evaluations()] == [LIVER, KIDNEY]
    assert [one.value for one in group.get_qualitative_evaluations(KIDNEY)] == [LIVER]
    assert np.array_equal(group.roi.value, TRIANGLE)
    assert group.reference_type == codes.DCM.ImageRegion
    assert group.referenced_segmentation_frame is None


def test_categories_and_purposes_are_no_evaluations():
    """The peer lists an encoded finding category among the evaluations."""
    group = planar(finding_category=codes.SCT.MorphologicallyAbnormalStructure, method=LIVER)
    assert group.get_qualitative_evaluations() == []


def test_volumes_are_given_in_three_ways():
    regions = [sr.ImageRegion("POLYLINE", TRIANGLE, source(number=number)) for number in (0, 1)]
    group = volumetric(referenced_regions=regions)
    assert len(group.roi) == 2
    assert group.reference_type == codes.DCM.ImageRegion
    surface = volumetric()
    assert surface.roi.has_source_images()
    assert surface.referenced_segment is None
    assert surface.roi.frame_of_reference_uid == "1.2.3"
    assert np.array_equal(surface.roi.graphic_data[0], SQUARE)
    series = sr.SourceSeriesForSegmentation.from_source_image(images()[0])
    segment = volumetric(referenced_segment=sr.ReferencedSegment(SEGMENTATION, "1.2.5", 2, source_series=series))
    assert segment.roi is None
    assert segment.referenced_volume_surface is None
    assert segment.referenced_segment.referenced_segment_numbers == [2]
    assert segment.referenced_segment.source_series_for_segmentation.value == images()[0].SeriesInstanceUID


def test_what_is_changed_in_a_group_is_changed_in_the_document():
    made = document()
    group = made.report.imaging_measurements[0]
    group.finding_type = KIDNEY
    group.session = "second"
    group.get_measurements()[0][0].MeasuredValueSequence[0].NumericValue = 7
    del group.get_measurements()[0][0].MeasuredValueSequence[0].FloatingPointValue
    read = again(made).report.imaging_measurements[0]
    assert read.finding_type == KIDNEY
    assert read.session == "second"
    assert read.get_measurements()[0].value == 7
    group.session = None
    assert group.session is None


def test_observers_and_subjects_are_found():
    content = report()
    assert len(content.get_observer_contexts()) == 2
    (device,) = content.get_observer_contexts(codes.DCM.Device)
    assert device.observer_identifying_attributes.name == "Station"
    (subject,) = content.get_subject_contexts()
    assert subject.subject_class_specific_context.subject_id == "1"
    assert content.get_subject_contexts(codes.DCM.Specimen) == []
    assert content.observation_context.subject_context.subject_class == codes.DCM.Fetus


def test_evidence_is_split_by_study():
    other = hd.content.duplicate(images()[0])
    other.StudyInstanceUID, other.SOPInstanceUID = "1.2.8", "1.2.8.1"
    unused = hd.content.duplicate(other)
    unused.SOPInstanceUID = "1.2.8.2"
    region = sr.ImageRegion("POLYLINE", TRIANGLE, sr.SourceImageForRegion(other.SOPClassUID, "1.2.8.1"))
    content = report([planar(region=region)])
    made = sr.ComprehensiveSR([*images(), other, unused], content, "1.2", 1, "1.3", 1)
    assert len(made.get_evidence()) == 5
    assert len(made.get_evidence(current_procedure_only=True)) == 3
    assert made.get_evidence_series()[1] == ("1.2.8", other.SeriesInstanceUID)
    lean = sr.ComprehensiveSR([*images(), other, unused], content, "1.2", 1, "1.3", 1, record_evidence=False)
    assert [one.sop_instance_uid for one in lean.get_evidence()][3:] == ["1.2.8.1"]
    current, others = sr.utils.collect_evidence([*images(), other], content[0], "1.2.8")
    assert (len(current), len(others)) == (1, 1)
    with pytest.raises(ValueError, match=r"1\.2\.8\.1"):
        sr.ComprehensiveSR(images(), content, "1.2", 1, "1.3", 1)


def test_a_class_refuses_what_its_table_does_not_allow():
    space = report([planar(region=sr.ImageRegion3D("POLYGON", SQUARE, "1.2.3"))])
    for kind in (sr.EnhancedSR, sr.ComprehensiveSR):
        with pytest.raises(ValueError, match="SCOORD3D"):
            document(space, kind)
    root = sr.ContainerContentItem(LIVER)
    number = sr.NumContentItem(LIVER, 1, MM, relationship_type="CONTAINS")
    number.ContentSequence = ContentSequence([sr.TextContentItem(LIVER, "x", "CONTAINS")])
    root.ContentSequence = ContentSequence([number])
    with pytest.raises(ValueError, match="CONTAINS"):
        document(root)


def test_documents_refuse_bad_content():
    with pytest.raises(TypeError, match="CONTAINER"):
        document(sr.TextContentItem(LIVER, "x"))
    with pytest.raises(ValueError, match="2 root items"):
        document([report()[0], report()[0]])
    with pytest.raises(ValueError, match="evidence is empty"):
        sr.Comprehensive3DSR([], report(), "1.2", 1, "1.3", 1)
    with pytest.raises(ValueError, match="is_verified"):
        document(is_verified=True)
    with pytest.raises(ValueError, match="not a EnhancedSR"):
        sr.EnhancedSR.from_dataset(document())
    file = io.BytesIO()
    images()[0].save_as(file, enforce_file_format=True)
    file.seek(0)
    with pytest.raises(RuntimeError, match="structured reports"):
        sr.srread(file)
    with pytest.raises(ValueError, match="DICOM file format"):
        sr.srread(io.BytesIO(b"nothing"))
    whole = io.BytesIO()
    document().save_as(whole)
    with pytest.raises(ValueError, match="truncated"):
        sr.srread(whole.getvalue()[:-20])


@pytest.mark.parametrize(
    "build",
    [
        lambda: sr.MeasurementReport(observation(), LIVER, []),
        lambda: planar(region=sr.ImageRegion("POINT", np.array([[1.0, 2.0, 3.0]]), source())),
        lambda: volumetric(referenced_regions=[]),
        lambda: sr.ReferencedSegment(SEGMENTATION, "1.2", 1),
        lambda: sr.VolumeSurface("POLYGON", SQUARE, "1.2.3", [source(sr.SourceImageForSegmentation)]),
        lambda: sr.VolumeSurface("POLYLINE", [SQUARE, SQUARE], "1.2.3", [source(sr.SourceImageForSegmentation)]),
        lambda: sr.ImageRegion3D("ELLIPSOID", np.ones((6, 3)), "1.2.3"),
        lambda: planar(measurements=[measurement(referenced_coordinates=[sr.CoordinatesForMeasurement(
            "POINT", np.array([[1.0, 1.0]]), source())])]),
        lambda: sr.MeasurementStatisticalProperties([]),
        lambda: sr.PlanarROIMeasurementsAndQualitativeEvaluations(sr.TrackingIdentifier(identifier="x")),
        lambda: sr.MeasurementsAndQualitativeEvaluations(sr.TrackingIdentifier()),
        lambda: sr.TrackingIdentifier(identifier=""),
        lambda: sr.PersonObserverIdentifyingAttributes(""),
        lambda: sr.PersonObserverIdentifyingAttributes("^"),
        lambda: report().get_planar_roi_measurement_groups(graphic_type="TRIANGLE"),
        lambda: report().get_volumetric_roi_measurement_groups(graphic_type="TRIANGLE"),
        lambda: sr.SourceImageForRegion.from_source_image(enhanced_ct(2), [3]),
    ],
)  # fmt: skip
def test_values_that_cannot_be_are_refused(build):
    with pytest.raises(ValueError, match=r"\w"):
        build()


@pytest.mark.parametrize(
    "build",
    [
        lambda: sr.MeasurementReport(observation(), LIVER, [measurement()]),
        lambda: sr.MeasurementReport(observation(), LIVER),
        lambda: sr.MeasurementReport("me", LIVER, [planar()]),
        lambda: planar(measurements=measurement()),
        lambda: planar(measurements=[3]),
        lambda: volumetric(referenced_regions=[sr.ImageRegion3D("POLYGON", SQUARE, "1.2.3")]),
        lambda: sr.ImageRegion("POINT", np.array([[1.0, 2.0]]), images()[0]),
        lambda: sr.SubjectContext(codes.DCM.Fetus, sr.SubjectContextDevice("x")),
        lambda: sr.TimePointContext(None),
        lambda: sr.Measurement("Diameter", 1, MM),
        lambda: sr.ImageLibrary(["x"]),
    ],
)
def test_types_that_cannot_be_are_refused(build):
    with pytest.raises(TypeError):
        build()


def test_whole_slides_count_pixels_from_the_total_matrix():
    slide = sr.SourceImageForRegion("1.2.840.10008.5.1.4.1.1.77.1.6", "1.2.3", [1])
    assert sr.ImageRegion("POINT", np.array([[1.0, 2.0]]), slide).pixel_origin_interpretation.value == "VOLUME"
    assert "PixelOriginInterpretation" not in sr.ImageRegion("POINT", np.array([[1.0, 2.0]]), source())


def test_the_core_creates_reads_and_validates_reports():
    made = hd.create("sr", images(), report(), "2.25.5", 1, "2.25.6", 1)
    assert isinstance(made, sr.Comprehensive3DSR)
    file = io.BytesIO()
    made.save_as(file)
    assert isinstance(hd.read(file.getvalue()), sr.Comprehensive3DSR)
    assert hd.validate(made)


def test_every_storage_class_is_read():
    for uid in sorted(sr.SOP_CLASS_UIDS):
        dataset = Dataset(document())
        dataset = hd.content.duplicate(dataset)
        dataset.SOPClassUID = uid
        assert isinstance(hd.read(dataset), sr.StructuredReport)


@pytest.mark.parametrize("kind", [sr.EnhancedSR, sr.ComprehensiveSR, sr.Comprehensive3DSR])
def test_documents_conform(kind):
    content = report(
        [planar(), volumetric(referenced_regions=[sr.ImageRegion("POLYLINE", TRIANGLE, source())]), of_images()],
        referenced_images=images(),
    )
    interop.assert_conformant(document(content, kind, is_complete=True, is_final=True))


def test_other_encodings_keep_the_content():
    content = report([planar(session="größer")], title=sr.CodedConcept("1", "99HD", "Bericht für Prüfung"))
    for options in ({"transfer_syntax_uid": "1.2.840.10008.1.2"}, {"specific_character_set": "ISO_IR 100"}):
        read = again(document(content, sr.ComprehensiveSR, **options))
        assert read.report.imaging_measurements[0].session == "größer"
        assert read.content.title.meaning == "Bericht für Prüfung"
        assert "größer" in read.to_text()


def test_a_report_is_readable_as_text():
    text = render_tree(document())
    assert text.splitlines()[0] == "Imaging Measurement Report: [TID 1500]"
    assert "      Diameter: 2.5 mm" in text.splitlines()
    assert "Image Region: POLYLINE of 4 points" in text


def test_evidence_may_come_from_an_iterator_and_a_file_from_bytes():
    made = sr.Comprehensive3DSR(iter(images()), report(), hd.UID(), 1, hd.UID(), 1, manufacturer="Acme")
    file = io.BytesIO()
    made.save_as(file)
    read = sr.srread(file.getvalue())
    assert len(read.get_evidence()) == len(images())
    with pytest.raises(TypeError, match="evidence is a Dataset"):
        sr.Comprehensive3DSR(images()[0], report(), hd.UID(), 1, hd.UID(), 1)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"])
@pytest.mark.parametrize("is_looked_at", [False, True])
def test_a_report_takes_another_character_set(syntax, is_looked_at):
    made = document(report([planar(finding_type=sr.CodedConcept("1", "99ACME", "Größe"))]), transfer_syntax_uid=syntax)
    made.SpecificCharacterSet = "ISO_IR 100"
    file = io.BytesIO()
    made.save_as(file)
    read = sr.srread(file.getvalue())
    if is_looked_at:
        assert read.to_records()[0]["finding"] == "Größe"
    read.SpecificCharacterSet = "ISO_IR 192"
    read.content[0].ContentSequence.append(
        sr.TextContentItem(codes.DCM.Finding, "新しい", relationship_type="CONTAINS")
    )
    again = io.BytesIO()
    read.save_as(again)
    for dataset in (sr.srread(again.getvalue()), pydicom.dcmread(io.BytesIO(again.getvalue()))):
        assert dataset.ContentSequence[-1].TextValue == "新しい"
        finding = dataset.ContentSequence[-2].ContentSequence[0].ContentSequence[2]
        assert finding.ConceptCodeSequence[0].CodeMeaning == "Größe"


def test_several_persons_may_have_observed():
    """TID 1001 includes the observer context 1-n times."""
    persons = [
        sr.ObserverContext(codes.DCM.Person, sr.PersonObserverIdentifyingAttributes(name))
        for name in ("Doe^Jane", "Roe^John")
    ]
    made = document(sr.MeasurementReport(sr.ObservationContext(persons), LIVER, [planar()]))
    observers = again(made).content.get_observer_contexts(codes.DCM.Person)
    assert [one.observer_identifying_attributes.name for one in observers] == ["Doe^Jane", "Roe^John"]
    assert [finding for finding in hd.validate(made) if "observer" in finding.message] == []
