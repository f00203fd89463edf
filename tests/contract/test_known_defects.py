"""Defects of highdicom 0.28.2 that hdcore does not have: each test is run with both, and has to fail with highdicom.

So every test is known to notice its defect; the day a release of highdicom mends one, its test says so.
"""

from __future__ import annotations

import copy
import importlib
import io
import pickle
import threading

import numpy as np
import pydicom
import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, mr_series, slide

pytest.importorskip("highdicom", reason="the defects are highdicom's")

CT = ct_series(4, 16, 16)
LABELS = np.zeros((4, 16, 16), np.uint8)
LABELS[1, 3:6, 3:7] = 1
ORGAN, LIVER = Code("91772007", "SCT", "Organ"), Code("10200004", "SCT", "Liver")
NEW = "1.2.3", 1, "1.2.3.4", 1
"""Identifiers of a new series and instance, in the order in which all constructors take them."""
MAKER = "Maker", "Model", "1", "1"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"


@pytest.fixture(params=["hdcore", pytest.param("highdicom", marks=pytest.mark.xfail(strict=True, reason="its defect"))])
def hd(request):
    for name in ("ann", "ko", "legacy", "pm", "pr", "sc", "seg", "sr"):
        importlib.import_module(f"{request.param}.{name}")
    return importlib.import_module(request.param)


def saved(instance):
    file = io.BytesIO()
    instance.save_as(file)
    return file.getvalue()


def read(instance):
    return pydicom.dcmread(io.BytesIO(saved(instance)))


def segment(hd, sources, masks, kind="BINARY", **options):
    described = [hd.seg.SegmentDescription(1, "Liver", ORGAN, LIVER, "MANUAL")]
    return hd.seg.Segmentation(sources, masks, kind, described, *NEW, *MAKER, **options)


def palette(hd, entries=256, kind=np.uint16):
    channel = np.linspace(0, np.iinfo(kind).max, entries).astype(kind)
    luts = [hd.PaletteColorLUT(0, channel, color) for color in ("red", "green", "blue")]
    return hd.PaletteColorLUTTransformation(*luts)


def parametric_map(hd, array, value_range, slope=2.0, **options):
    mapping = hd.pm.RealWorldValueMapping("quantity", "a quantity", codes.UCUM.NoUnits, value_range, slope, 1.0)
    return hd.pm.ParametricMap(CT, array, *NEW, *MAKER, False, [mapping], 0.0, 1.0, **options)


def capture(hd, array, photometric, bits, system="PATIENT", **options):
    return hd.sc.SCImage(array, photometric, bits, system, "1.2.3.5", *NEW, "Maker", **options)


def measured(hd):
    """Make a report of one volume with a category, a type, one evaluation and one measurement."""
    group = hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(uid="1.2.9", identifier="Lesion"),
        referenced_segment=whole_segment(hd),
        finding_category=Code("49755003", "SCT", "Morphologically abnormal structure"),
        finding_type=codes.SCT.Neoplasm,
        measurements=[hd.sr.Measurement(codes.SCT.Volume, 7.0, codes.UCUM.CubicMillimeter)],
        qualitative_evaluations=[hd.sr.QualitativeEvaluation(Code("1", "99X", "Shape"), Code("2", "99X", "Round"))],
    )
    observer = hd.sr.ObserverContext(codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes("Doe^Jane"))
    return hd.sr.MeasurementReport(
        hd.sr.ObservationContext(observer), codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=[group]
    )


def whole_segment(hd):
    source = hd.sr.SourceSeriesForSegmentation(CT[0].SeriesInstanceUID)
    return hd.sr.ReferencedSegment("1.2.840.10008.5.1.4.1.1.66.4", "1.2.3.4", 1, source_series=source)


def test_pixel_data_of_odd_length_end_with_a_null_byte(hd):
    parts = np.zeros((1, 3, 3), np.uint8)
    image = read(segment(hd, [cr_image(3, 3)], parts, "FRACTIONAL", omit_empty_frames=False))
    assert image.PixelData == bytes(10)


def test_single_bit_frames_that_share_a_byte_come_back(hd):
    masks = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 1]]], np.uint8)
    written = hd.seg.Segmentation.from_dataset(read(segment(hd, [enhanced_ct(2, 2, 2)], masks)))
    frames = written.get_pixels_by_source_frame(enhanced_ct(2, 2, 2).SOPInstanceUID, [1, 2])
    np.testing.assert_array_equal(frames[..., 0], masks)


def test_pseudo_colour_states_take_voi_transformations(hd):
    window = hd.pr.SoftcopyVOILUTTransformation(window_center=40.0, window_width=400.0)
    state = hd.pr.PseudoColorSoftcopyPresentationState(
        CT, *NEW, *MAKER, palette(hd), "LABEL", voi_lut_transformations=[window]
    )
    assert state.SoftcopyVOILUTSequence[0].WindowWidth == 400


def test_single_bit_secondary_captures_can_be_made(hd):
    bits = np.eye(5, 7, dtype=np.uint8)
    image = read(capture(hd, bits, "MONOCHROME2", 1, patient_orientation=("L", "P")))
    assert image.BitsAllocated == 1
    np.testing.assert_array_equal(image.pixel_array, bits)


def test_segmentations_of_projections_have_a_patient_orientation(hd):
    assert read(segment(hd, [cr_image(8, 8)], np.eye(8, dtype=np.uint8)[None])).PatientOrientation == ["L", "F"]


def test_secondary_captures_of_slides_have_a_patient_orientation(hd):
    preparation = hd.SpecimenDescription("S1", "1.2.6")
    image = capture(
        hd,
        np.zeros((4, 4, 3), np.uint8),
        "RGB",
        8,
        "SLIDE",
        container_identifier="C1",
        specimen_descriptions=[preparation],
    )
    assert "PatientOrientation" in read(image)


def test_label_maps_with_a_palette_have_an_icc_profile(hd):
    coloured = segment(hd, CT, LABELS, "LABELMAP", palette_color_lut_transformation=palette(hd))
    assert read(coloured).PhotometricInterpretation == "PALETTE COLOR"
    assert len(read(coloured).ICCProfile) > 100


def test_parametric_maps_with_a_palette_say_which_values_it_colours(hd):
    values = np.arange(4 * 256, dtype=np.uint16).reshape(4, 16, 16)
    coloured = read(parametric_map(hd, values, (0, 1023), palette_color_lut_transformation=palette(hd, 256, np.uint8)))
    assert coloured.PixelPresentation == "COLOR_RANGE"
    assert "StoredValueColorRangeSequence" in coloured.SharedFunctionalGroupsSequence[0]


def test_palettes_of_parametric_maps_have_sixteen_bits_and_an_icc_profile(hd):
    values = np.arange(4 * 256, dtype=np.uint16).reshape(4, 16, 16)
    coloured = read(parametric_map(hd, values, (0, 1023), palette_color_lut_transformation=palette(hd, 256, np.uint8)))
    assert coloured.RedPaletteColorLookupTableDescriptor[2] == 16
    assert "ICCProfile" in coloured


def test_legacy_mr_without_a_window_has_no_frame_voi_lut(hd):
    converted = read(hd.legacy.LegacyConvertedEnhancedMRImage(mr_series(3, 8, 8, window=False), *NEW))
    groups = [*converted.SharedFunctionalGroupsSequence, *converted.PerFrameFunctionalGroupsSequence]
    assert not any("FrameVOILUTSequence" in group for group in groups)


def test_references_to_segmentations_name_frames_or_segments(hd):
    image = hd.sr.SourceImageForSegmentation(CT[0].SOPClassUID, CT[0].SOPInstanceUID)
    frame = hd.sr.ReferencedSegmentationFrame("1.2.840.10008.5.1.4.1.1.66.4", "1.2.3.4", 1, 1, image)
    reference = frame[0].ReferencedSOPSequence[0]
    assert ("ReferencedFrameNumber" in reference) + ("ReferencedSegmentNumber" in reference) == 1


def test_advanced_blending_has_a_frame_of_reference(hd):
    window = hd.pr.SoftcopyVOILUTTransformation(window_center=40.0, window_width=400.0)
    inputs = [
        hd.pr.AdvancedBlending(
            [image], number, voi_lut_transformations=[window], palette_color_lut_transformation=palette(hd)
        )
        for number, image in enumerate(CT[:2], 1)
    ]
    shown = hd.pr.BlendingDisplay("EQUAL", [hd.pr.BlendingDisplayInput(number) for number in (1, 2)])
    state = hd.pr.AdvancedBlendingPresentationState(CT[:2], inputs, [shown], *NEW, *MAKER, "LABEL")
    assert state.FrameOfReferenceUID == CT[0].FrameOfReferenceUID


def test_the_body_part_and_the_side_of_the_sources_are_copied(hd):
    sources = ct_series(4, 16, 16)
    for image in sources:
        image.BodyPartExamined, image.Laterality = "KNEE", "L"
    image = segment(hd, sources, LABELS)
    assert (image.BodyPartExamined, image.Laterality) == ("KNEE", "L")


def test_images_are_used_from_a_second_thread(hd):
    segmentation, values = hd.seg.Segmentation.from_dataset(read(segment(hd, CT, LABELS))), []

    def use():
        try:
            values.append(segmentation.get_volume(combine_segments=True).array.sum())
        except Exception as error:  # so that it is seen in the thread of the test
            values.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert values == [12]


def test_lazily_opened_images_are_pickled(hd, tmp_path):
    CT[0].save_as(tmp_path / "image.dcm", enforce_file_format=True)
    image = pickle.loads(pickle.dumps(hd.imread(tmp_path / "image.dcm", lazy_frame_retrieval=True)))
    np.testing.assert_array_equal(image.get_stored_frame(1), CT[0].pixel_array)


def test_codes_that_are_urns_are_read(hd):
    item = pydicom.Dataset()
    item.URNCodeValue, item.CodeMeaning = "urn:iso:std:iso:11073:10101", "A device code"
    concept = hd.sr.CodedConcept.from_dataset(item)
    assert (concept.value, concept.meaning) == ("urn:iso:std:iso:11073:10101", "A device code")


def test_numbers_without_a_value_are_read(hd):
    item = hd.sr.NumContentItem(codes.SCT.Volume, 7.0, codes.UCUM.CubicMillimeter, relationship_type="CONTAINS")
    absent = pydicom.Dataset()
    absent.update(item)
    absent.MeasuredValueSequence = []
    assert hd.sr.NumContentItem.from_dataset(absent).value is None


def test_a_source_that_is_named_twice_is_read(hd):
    written = read(segment(hd, CT, LABELS))
    derivation = written.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0]
    derivation.SourceImageSequence.append(copy.deepcopy(derivation.SourceImageSequence[0]))
    again = hd.seg.Segmentation.from_dataset(written)
    pixels = again.get_pixels_by_source_instance([CT[1].SOPInstanceUID])
    np.testing.assert_array_equal(pixels[0, ..., 0], LABELS[1])


def test_frames_without_a_frame_content_group_are_read(hd):
    written = read(segment(hd, CT, LABELS))
    for group in written.PerFrameFunctionalGroupsSequence:
        del group.FrameContentSequence
    again = hd.seg.Segmentation.from_dataset(written)
    np.testing.assert_array_equal(again.get_stored_frame(1), LABELS[1])


def test_segmentations_without_dimensions_are_read(hd):
    written = read(segment(hd, CT, LABELS))
    del written.DimensionIndexSequence
    again = hd.seg.Segmentation.from_dataset(written)
    assert again.get_volume(combine_segments=True).array.sum() == LABELS.sum()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_real_world_values_of_floats_that_are_in_memory_are_given(hd, kind):
    values = np.linspace(0, 1, 4 * 256).reshape(4, 16, 16).astype(kind)
    written = hd.Image.from_dataset(read(parametric_map(hd, values, (0.0, 1.0))))
    np.testing.assert_allclose(written.get_volume().array, 2 * values[::-1] + 1, rtol=1e-6)


def test_stored_floats_are_given(hd):
    values = np.linspace(0, 1, 4 * 256).reshape(4, 16, 16).astype(np.float32)
    written = hd.Image.from_dataset(read(parametric_map(hd, values, (0.0, 1.0))))
    np.testing.assert_array_equal(written.get_stored_frame(2), values[2])


def test_wide_integer_ranges_are_normalised_without_overflow(hd):
    values = np.array([-30000, 0, 30000], np.int16).reshape(3, 1, 1)
    normal = hd.Volume(values, np.eye(4), "PATIENT").normalize_min_max().array
    np.testing.assert_allclose(normal.ravel(), [0, 0.5, 1])


def test_categories_of_findings_are_no_qualitative_evaluations(hd):
    evidence = [*CT, segment(hd, CT, LABELS)]
    report = hd.sr.Comprehensive3DSR(evidence, measured(hd), *NEW[:2], "1.2.3.6", 1, "Maker")
    again = hd.sr.Comprehensive3DSR.from_dataset(read(report))
    (group,) = again.content.get_volumetric_roi_measurement_groups()
    assert [each.name.meaning for each in group.get_qualitative_evaluations()] == ["Shape"]


def test_volumes_of_different_frames_of_reference_do_not_match(hd):
    one, other = (
        hd.Volume(np.zeros((2, 3, 4)), np.eye(4), "PATIENT", frame_of_reference_uid=uid) for uid in ("1.2", "1.3")
    )
    with pytest.raises(RuntimeError):
        one.match_geometry(other)


def test_label_maps_are_deflated_by_frame(hd):
    image = segment(hd, CT, LABELS, "LABELMAP", transfer_syntax_uid=DEFLATED_FRAMES)
    assert image.file_meta.TransferSyntaxUID == DEFLATED_FRAMES
    np.testing.assert_array_equal(hd.seg.Segmentation.from_dataset(image).get_stored_frame(1), LABELS[1])


def test_the_masks_of_the_caller_are_left_as_they_are(hd):
    masks = LABELS.copy()
    segment(hd, CT, masks, "FRACTIONAL")
    np.testing.assert_array_equal(masks, LABELS)


def test_a_tiled_segmentation_of_several_segments_may_be_full(hd):
    described = [hd.seg.SegmentDescription(number, "Tissue", ORGAN, LIVER, "MANUAL") for number in (1, 2)]
    matrix = np.repeat(np.arange(50, dtype=np.uint8)[:, np.newaxis] // 25 + 1, 70, axis=1)
    made = hd.seg.Segmentation(
        [slide()],
        matrix,
        "BINARY",
        described,
        *NEW,
        *MAKER,
        tile_pixel_array=True,
        dimension_organization_type="TILED_FULL",
    )
    again = hd.seg.Segmentation.from_dataset(read(made))
    np.testing.assert_array_equal(again.get_total_pixel_matrix(combine_segments=True), matrix)


def test_secondary_captures_name_the_issuer_of_their_container(hd):
    image = capture(
        hd,
        np.zeros((4, 4, 3), np.uint8),
        "RGB",
        8,
        "SLIDE",
        container_identifier="C1",
        issuer_of_container_identifier=hd.IssuerOfIdentifier("1.2.7", "ISO"),
        specimen_descriptions=[hd.SpecimenDescription("S1", "1.2.6")],
    )
    (issuer,) = image.IssuerOfTheContainerIdentifierSequence
    assert issuer.UniversalEntityID == "1.2.7"


def test_rescalings_of_whole_numbers_can_be_written(hd):
    assert hd.ModalityLUTTransformation(rescale_intercept=1, rescale_slope=2, rescale_type="HU").RescaleSlope == 2


def test_waveform_items_give_their_channels(hd):
    item = hd.sr.WaveformContentItem(
        codes.DCM.Finding, "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.3", [(1, 2)], relationship_type="CONTAINS"
    )
    assert item.referenced_waveform_channels == [(1, 2)]


def test_all_segments_of_a_label_map_are_counted(hd):
    assert hd.seg.Segmentation.from_dataset(read(segment(hd, CT, LABELS, "LABELMAP"))).number_of_segments == 1


def test_only_the_wanted_segments_of_a_label_map_are_given(hd):
    described = [hd.seg.SegmentDescription(number, "Tissue", ORGAN, LIVER, "MANUAL") for number in (1, 2)]
    made = hd.seg.Segmentation(CT, LABELS + np.uint8(1), "LABELMAP", described, *NEW, *MAKER)
    again = hd.seg.Segmentation.from_dataset(read(made))
    wanted = again.get_volume(segment_numbers=[2], combine_segments=True).array
    assert np.unique(wanted).tolist() == [0, 2]
