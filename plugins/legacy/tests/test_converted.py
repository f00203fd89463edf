from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import hdcore as hd
import numpy as np
import pytest
from hdcore.errors import HdcoreWarning, InputTypeError
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from hdcore_legacy import LegacyConvertedEnhancedCTImage, convert, lceread, split

SERIES = {"CT": sources.ct_series, "MR": sources.mr_series, "PT": sources.pet_series}


def _read_again(image):
    buffer = BytesIO()
    image.save_as(buffer)
    return lceread(buffer.getvalue())


@pytest.mark.parametrize("modality", SERIES)
@pytest.mark.parametrize("shuffled", [False, True])
def test_volume_is_that_of_the_series(converted, modality, shuffled) -> None:
    series = SERIES[modality](5)
    image = converted([series[at] for at in (3, 0, 4, 1, 2)] if shuffled else series)
    expected = hd.get_volume_from_series(series)
    for one in (image, _read_again(image)):
        volume = one.get_volume()
        np.testing.assert_array_equal(volume.array, expected.array)
        np.testing.assert_allclose(volume.affine, expected.affine)
    assert image.DimensionOrganizationType == "3D"
    assert [one[2] for one in image.get_source_image_uids()] == [
        str(frame.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID)
        for frame in image.PerFrameFunctionalGroupsSequence
    ]


@pytest.mark.parametrize("modality", SERIES)
def test_every_kind_conforms(converted, modality) -> None:
    image = converted(SERIES[modality](3))
    assert_conformant(image)
    assert hd.validate(image), hd.validate(image)


def test_images_that_say_much_conform(converted, talkative) -> None:
    image = converted(talkative)
    assert_conformant(image)
    assert hd.validate(image), hd.validate(image)


def test_mr_without_a_window_has_no_empty_one(converted) -> None:
    image = converted(sources.mr_series(3, window=False))
    assert "FrameVOILUTSequence" not in image.SharedFunctionalGroupsSequence[0]
    assert "FrameVOILUTSequence" not in image.PerFrameFunctionalGroupsSequence[0]
    assert_conformant(image)


def test_each_attribute_finds_its_place(converted, talkative) -> None:
    image = converted(talkative, include_dimension_index=False)
    (shared,) = image.SharedFunctionalGroupsSequence
    frames = image.PerFrameFunctionalGroupsSequence
    common = shared.UnassignedSharedConvertedAttributesSequence[0]
    own = frames[1].UnassignedPerFrameConvertedAttributesSequence[0]
    assert image.StationName == "ROOM1"
    assert str(image.PerformingPhysicianName) == "Müller^Jürgen"
    assert image.SeriesDescription == "Thorax (enhanced conversion)"
    assert common.SeriesDescription == "Thorax"
    assert common.ExposureTime == 100
    assert "XRayTubeCurrent" not in common
    assert own.XRayTubeCurrent == 101
    assert own.PatientComments == "moved"
    assert common.private_block(0x0009, "ACME")[1].value == "same"
    assert own.private_block(0x0009, "ACME")[2].value in ("1", 1)
    assert frames[0].FrameContentSequence[0].FrameComments == "as seen"
    assert shared.IrradiationEventIdentificationSequence[0].IrradiationEventUID == "1.2.840.1"
    assert shared.FrameAnatomySequence[0].AnatomicRegionSequence[0].CodeValue == "818981001"
    source = frames[0].DerivationImageSequence[0].SourceImageSequence[0]
    assert source.ReferencedSOPInstanceUID == talkative[1].SOPInstanceUID
    assert frames[0].FrameVOILUTSequence[0].WindowCenter == 40
    # stored values of 12 bits with an intercept of -1024
    assert frames[1].FrameVOILUTSequence[0].WindowCenter == 1024
    assert frames[1].FrameVOILUTSequence[0].WindowWidth == 4096


def test_private_attributes_can_be_left_out(converted, talkative) -> None:
    image = converted(talkative, skip_private_attributes=True)
    private = [one.tag for one in image.iterall() if one.tag.is_private]
    assert private == []


def test_references_to_other_images_are_noted(converted) -> None:
    series = sources.ct_series(2)
    localizer = sources.ct_series(1, seed=9)[0]
    for image in series:
        image.ReferencedImageSequence = hd.ReferencedImageSequence([localizer])
    image = converted(series)
    assert not [one for one in image.iterall() if one.keyword == "ReferencedImageSequence"]
    assert_conformant(image)
    for one in split(_read_again(image)):
        assert one.ReferencedImageSequence[0].ReferencedSOPInstanceUID == localizer.SOPInstanceUID


def test_frames_are_found_by_what_they_were(converted) -> None:
    series = sources.ct_series(4)
    image = converted(series)
    one = image.get_pixels_by_legacy_source_instance(
        series[2].SOPInstanceUID, apply_modality_transform=False, dtype=int
    )
    np.testing.assert_array_equal(one, series[2].pixel_array)
    several = image.get_pixels_by_legacy_source_instance([series[3].SOPInstanceUID, series[0].SOPInstanceUID])
    np.testing.assert_array_equal(several[1], series[0].pixel_array - 1024.0)
    with pytest.raises(ValueError, match=r"1\.2\.3"):
        image.get_pixels_by_legacy_source_instance(["1.2.3"])
    with pytest.raises(ValueError, match="empty"):
        image.get_pixels_by_legacy_source_instance([])


@pytest.mark.parametrize("source", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless, JPEGLSLossless])
@pytest.mark.parametrize("target", [None, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless, JPEGLSLossless])
def test_any_transfer_syntax_to_any_other(converted, tmp_path, source, target) -> None:
    series = sources.ct_series(3, 16, 16)
    expected = hd.get_volume_from_series(series).array
    stored = []
    for number, image in enumerate(series):
        if source.is_compressed:
            image.compress(source, generate_instance_uid=False)
        image.file_meta.TransferSyntaxUID = source
        image.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
        stored.append(dcmread(tmp_path / f"{number}.dcm"))
    image = _read_again(converted(stored, transfer_syntax_uid=target))
    assert image.transfer_syntax_uid == (target or source)
    np.testing.assert_array_equal(image.get_volume().array, expected)


def test_what_are_no_workers_is_refused_also_where_frames_are_copied(converted) -> None:
    with pytest.raises(TypeError, match="workers is 'a'"):
        converted(sources.ct_series(3), workers="a")


def test_frames_are_encoded_by_workers_and_found_by_either_table(converted) -> None:
    series = sources.ct_series(3, 16, 16)
    expected = hd.get_volume_from_series(series).array
    with ThreadPoolExecutor(2) as executor:
        for workers in (2, executor):
            image = converted(series, transfer_syntax_uid=RLELossless, workers=workers, use_extended_offset_table=True)
            assert "ExtendedOffsetTable" in image
            np.testing.assert_array_equal(_read_again(image).get_volume().array, expected)
    again = converted(split(image), use_extended_offset_table=True)
    assert "ExtendedOffsetTable" in again
    np.testing.assert_array_equal(_read_again(again).get_volume().array, expected)


@pytest.mark.parametrize("earlier", [None, "00", "01"])
def test_losses_of_the_conversion_are_told(converted, earlier) -> None:
    near_lossless = "1.2.840.10008.1.2.4.81"
    series = sources.ct_series(3)
    for image in series:
        if earlier is not None:
            image.LossyImageCompression = earlier
        if earlier == "01":
            image.LossyImageCompressionRatio, image.LossyImageCompressionMethod = "8", "ISO_10918_1"
    if earlier == "01":
        series[1].LossyImageCompression = "00"
        del series[1].LossyImageCompressionRatio, series[1].LossyImageCompressionMethod
    image = _read_again(converted(series, transfer_syntax_uid=near_lossless))
    assert image.LossyImageCompression == "01"
    ratios, methods = (
        np.atleast_1d(image[f"LossyImageCompression{what}"].value).tolist() for what in ("Ratio", "Method")
    )
    assert methods == (["ISO_10918_1"] if earlier == "01" else []) + ["ISO_14495_1"]
    assert len(ratios) == len(methods)
    assert float(ratios[-1]) > 1
    assert_conformant(image)
    assert hd.validate(image), hd.validate(image)
    for one in split(image):
        assert one.LossyImageCompression == "01"
        assert hd.validate(one), hd.validate(one)
    lossless = converted(series[:1], transfer_syntax_uid=JPEGLSLossless)
    assert lossless.get("LossyImageCompression") == earlier


def test_big_endian_sources_are_read(converted, tmp_path) -> None:
    series = sources.ct_series(2, 16, 16)
    expected = hd.get_volume_from_series(series).array
    swapped = []
    for number, image in enumerate(copy.deepcopy(series)):
        image.PixelData = np.frombuffer(image.PixelData, "<u2").astype(">u2").tobytes()
        image.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
        path = tmp_path / f"{number}.dcm"
        image.save_as(path, implicit_vr=False, little_endian=False, enforce_file_format=True)
        swapped.append(dcmread(path))
    image = _read_again(converted(swapped))
    np.testing.assert_array_equal(image.get_volume().array, expected)
    assert image.transfer_syntax_uid == ExplicitVRLittleEndian


def _with_words(order):
    """Make an image with words of all kinds that pydicom leaves in the byte order of the file, also in items."""
    (image,) = sources.ct_series(1, 16, 16)
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4, 0, 16])
    table.add_new("LUTData", "OW", np.array([1, 258, 3, 4], f"{order}u2").tobytes())
    image.VOILUTSequence = [table]
    image.add_new(0x60000010, "US", 4)
    image.add_new(0x60003000, "OW", np.array([258, 3], f"{order}u2").tobytes())
    image.add_new(0x00090010, "LO", "WORDS")
    for number, (vr, kind) in enumerate({"OW": "u2", "OF": "f4", "OL": "u4", "OD": "f8", "OV": "u8"}.items()):
        image.add_new(0x00091000 + number, vr, np.array([1.5, 258], f"{order}{kind}").tobytes())
    image.add_new(0x000910FF, "OB", bytes(range(8)))
    image.PixelData = np.frombuffer(image.PixelData, "<u2").astype(f"{order}u2").tobytes()
    return image


def test_words_of_big_endian_sources_stay_the_same(converted, tmp_path) -> None:
    image = _with_words(">")
    image.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    image.save_as(tmp_path / "big.dcm", implicit_vr=False, little_endian=False, enforce_file_format=True)
    expected = _read_again(converted([_with_words("<")])).SharedFunctionalGroupsSequence[0]
    for parsed in (False, True):
        source = dcmread(tmp_path / "big.dcm")
        if parsed:
            list(source.iterall())
        found = _read_again(converted([source])).SharedFunctionalGroupsSequence[0]
        words = [element for element in expected.iterall() if element.VR[0] == "O"]
        assert len(words) == 8
        assert [element for element in found.iterall() if element.VR[0] == "O"] == words


def test_texts_of_other_character_sets_become_utf8(converted, tmp_path) -> None:
    read = []
    for number, image in enumerate(sources.ct_series(2)):
        image.SpecificCharacterSet = "ISO_IR 100"
        image.PatientName = "Müller^Jürgen"
        image.StudyDescription = "Früh"
        image.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
        read.append(dcmread(tmp_path / f"{number}.dcm"))
    image = _read_again(converted(read))
    assert (image.SpecificCharacterSet, image.PatientName, image.StudyDescription) == (
        "ISO_IR 192",
        "Müller^Jürgen",
        "Früh",
    )


def test_gaps_and_duplicates_are_listed_where_a_volume_is_required(converted) -> None:
    series = sources.ct_series(6)
    with pytest.raises(ValueError, match=r"step of 5 mm between legacy_datasets"):
        converted([*series[:3], *series[4:]], require_volume=True)
    twin = copy.deepcopy(series[2])
    twin.SOPInstanceUID = hd.UID()
    with pytest.raises(ValueError, match=r"duplicate of 0 mm between legacy_datasets"):
        converted([*series, twin], require_volume=True)
    turned = copy.deepcopy(series)
    turned[4].ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    with pytest.raises(ValueError, match="legacy_datasets 4 have another orientation"):
        converted(turned, require_volume=True)


def test_gaps_duplicates_and_mixed_orientations_are_a_warning_by_default(converted) -> None:
    series = sources.ct_series(6)
    twins = copy.deepcopy(series[2:4])
    turned = copy.deepcopy(series)
    turned[4].ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    for number, twin in enumerate(twins):
        twin.SOPInstanceUID, twin.InstanceNumber = hd.UID(), 10 + number
    for images, message in (
        ([*series[:3], *series[4:]], r"step of 5 mm between legacy_datasets 2 and 3, where most are 2\.5 mm apart"),
        ([*series, *twins], r"duplicate of 0 mm between legacy_datasets 2 and 6, duplicate .*find_stacks"),
        (turned, "legacy_datasets 4 have another orientation"),
    ):
        with pytest.warns(HdcoreWarning, match=message):
            image = converted(images)
        assert image.DimensionIndexSequence[0].DimensionIndexPointer == 0x00200013
        assert "DimensionOrganizationType" not in image
        assert_conformant(image)
        kept = converted(images, include_dimension_index=False)
        assert [str(uid) for _, _, uid in kept.get_source_image_uids()] == [str(one.SOPInstanceUID) for one in images]


@pytest.mark.parametrize("keyword", ["TemporalPositionIdentifier", "EchoTime", "TriggerTime", "AcquisitionNumber"])
def test_images_at_one_place_that_differ_in_time_or_echo_are_no_surprise(converted, keyword) -> None:
    series, twins = sources.mr_series(3), sources.mr_series(3, seed=1)
    for number, (image, twin) in enumerate(zip(series, twins, strict=True)):
        for same in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
            setattr(twin, same, image[same].value)
        twin.InstanceNumber = 10 + number
        setattr(image, keyword, 1)
        setattr(twin, keyword, 2)
    image = converted([*series, *twins])
    assert image.number_of_frames == 6
    with pytest.raises(ValueError, match="duplicate of 0 mm"):
        converted([*series, *twins], require_volume=True)


def test_order_is_kept_indexed_or_refused(converted) -> None:
    series = sources.ct_series(4)
    kept = converted(series[::-1], include_dimension_index=False)
    assert "DimensionIndexSequence" not in kept
    uids = [str(one.SOPInstanceUID) for one in series[::-1]]
    assert [str(uid) for _, _, uid in kept.get_source_image_uids()] == uids
    for image in series:
        del image.ImagePositionPatient, image.InstanceNumber
    with pytest.warns(HdcoreWarning, match="ImagePositionPatient"):
        converted(series)
    with pytest.raises(ValueError, match="include_dimension_index"):
        converted(series, include_dimension_index=True)


def test_what_is_missing_is_a_warning_or_an_error(converted) -> None:
    series = sources.ct_series(3)
    for image in series:
        del image.SliceThickness
    with pytest.warns(HdcoreWarning, match=r"SliceThickness is required.*no source image"):
        converted(series)
    with pytest.raises(ValueError, match="SliceThickness"):
        converted(series, strict=True)


def _changed(**values):
    series = sources.ct_series(4)
    for keyword, value in values.items():
        setattr(series[2], keyword, value)
    return series


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (_changed(Rows=16), r"Rows is 32, but differs in legacy_datasets 2 \(16\)"),
        (_changed(PatientID="other"), "PatientID"),
        (_changed(StudyInstanceUID="1.2"), "StudyInstanceUID"),
        (_changed(FrameOfReferenceUID="1.2"), "FrameOfReferenceUID"),
        (_changed(BitsStored=16), "BitsStored"),
        (_changed(NumberOfFrames=3), r"legacy_datasets\[2\] is a multi-frame image of 3 frames"),
        (_changed(Modality="MR"), "modality 'MR', not 'CT'"),
        (sources.ct_series(2) + sources.mr_series(1), "modality 'MR', not 'CT'"),
        (sources.ct_series(2) * 2, "more than once"),
        ([sources.cr_image()], "modality 'CR'"),
        ([sources.enhanced_ct(frames=3)], "multi-frame"),
    ],
)
def test_what_cannot_be_converted_is_named(converted, series, message) -> None:
    with pytest.raises(ValueError, match=message):
        converted(series)


def test_nothing_is_refused(converted) -> None:
    with pytest.raises(ValueError, match="empty"):
        converted([])
    with pytest.raises(ValueError, match="empty"):
        LegacyConvertedEnhancedCTImage([], "1.2", 1, "1.3", 1)


def test_things_that_are_no_images_are_refused(converted) -> None:
    for nothing in ([3], 3, "ct.dcm"):
        with pytest.raises(InputTypeError, match="not a sequence of datasets"):
            converted(nothing)
    with pytest.raises(TypeError):
        converted(sources.ct_series(1)[0])
    with pytest.raises(TypeError):
        LegacyConvertedEnhancedCTImage([None], "1.2", 1, "1.3", 1)
    series = sources.ct_series(2)
    del series[1].PixelData
    with pytest.raises(ValueError, match=r"legacy_datasets\[1\] is not an image"):
        converted(series)
    short = sources.ct_series(2)
    short[1].PixelData = short[1].PixelData[:-4]
    with pytest.raises(ValueError, match="image 0 has 2044 bytes; expected 2048"):
        converted(short)


def test_header_can_be_told_otherwise(converted) -> None:
    image = converted(sources.ct_series(2), series_description="mine", manufacturer="Acme")
    assert (image.SeriesDescription, image.Manufacturer) == ("mine", "Acme")
    (shared,) = image.SharedFunctionalGroupsSequence
    assert shared.UnassignedSharedConvertedAttributesSequence[0].Manufacturer == "Phantom Works"


def test_reading_something_else_is_refused() -> None:
    buffer = BytesIO()
    sources.ct_series(1)[0].save_as(buffer, enforce_file_format=True)
    with pytest.raises(ValueError, match="not a legacy converted"):
        lceread(buffer.getvalue())
    with pytest.raises(ValueError, match="SOP class"):
        LegacyConvertedEnhancedCTImage.from_dataset(sources.ct_series(1)[0])


def test_front_door_chooses_by_modality(tmp_path) -> None:
    for modality, name in (("CT", "CT"), ("MR", "MR"), ("PT", "PET")):
        image = hd.create("legacy", SERIES[modality](2), hd.UID(), 1, hd.UID(), 1)
        assert type(image).__name__ == f"LegacyConvertedEnhanced{name}Image"
        image.save_as(tmp_path / "one.dcm")
        assert type(hd.read(tmp_path / "one.dcm", lazy_frame_retrieval=True)) is type(image)
        assert lceread(tmp_path / "one.dcm", lazy_frame_retrieval=True).get_frame(1).shape == (32, 32)
    assert convert(sources.ct_series(2), hd.UID(), 1, hd.UID(), 1).Modality == "CT"


def test_what_happens_to_sources_afterwards_does_not_reach_the_image(converted) -> None:
    series = sources.ct_series(3)
    image, expected = converted(series), hd.get_volume_from_series(series).array
    for source in series:
        source.PixelData = b"\1\0" * 10
    np.testing.assert_array_equal(_read_again(image).get_volume().array, expected)
    np.testing.assert_array_equal(image.get_volume().array, expected)
