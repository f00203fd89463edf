"""What is off but harmless is read with a warning that names it; what cannot be read says so in a typed error."""

from __future__ import annotations

import io
import random
import warnings

import numpy as np
import pytest
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import Tag

from hdcore import Image, imread
from hdcore.errors import GeometryError, HdcoreError, HdcoreWarning, NotPresentError, UnreadableFrameError
from hdcore.testing.sources import ct_series, enhanced_ct, slide, us_cine


def saved(dataset):
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


@pytest.mark.parametrize("keyword", ["PixelMeasuresSequence", "PlaneOrientationSequence"])
def test_a_group_may_be_missing_where_it_is_not_needed(keyword):
    source = enhanced_ct(frames=3)
    del source.SharedFunctionalGroupsSequence[0][keyword]
    image = imread(saved(source))
    assert image.get_frames().shape == (3, 32, 32)
    assert image.get_volume_geometry() is None
    with pytest.raises(GeometryError):
        image.get_volume()


def test_a_group_may_be_shared_or_per_frame():
    source = enhanced_ct(frames=3)
    expected = Image.from_dataset(source).get_volume()
    shared = source.SharedFunctionalGroupsSequence[0]
    for keyword in ("PixelMeasuresSequence", "PlaneOrientationSequence", "PixelValueTransformationSequence"):
        group = shared[keyword].value
        del shared[keyword]
        for item in source.PerFrameFunctionalGroupsSequence:
            setattr(item, keyword, group)
    moved = imread(saved(source)).get_volume()
    np.testing.assert_array_equal(moved.array, expected.array)
    np.testing.assert_allclose(moved.affine, expected.affine)


def test_an_empty_sequence_is_an_absent_one():
    source = enhanced_ct(frames=3)
    source.PerFrameFunctionalGroupsSequence[1].FrameVOILUTSequence = []
    source.DimensionIndexSequence = []
    image = imread(saved(source))
    with pytest.warns(HdcoreWarning, match="FrameVOILUTSequence is empty in 1 frames"):
        assert image.get_frames().shape == (3, 32, 32)
    with pytest.warns(HdcoreWarning, match="DimensionIndexSequence is absent or empty"):
        assert image.dimension_index_pointers == []


def test_dimensions_may_be_missing():
    source = enhanced_ct(frames=3)
    del source.DimensionIndexSequence
    image = imread(saved(source))
    with pytest.warns(HdcoreWarning, match="DimensionIndexSequence is absent or empty, though the frames have groups"):
        assert image.dimension_index_pointers == []
    assert image.get_volume().spatial_shape == (3, 32, 32)
    with pytest.raises(NotPresentError, match="its dimensions are: none"):
        image.are_dimension_indices_unique(["StackID"])


def test_decimal_strings_may_have_spaces():
    source = ct_series(slices=1)[0]
    for keyword, value in (("PixelSpacing", b" 0.75 \\0.75  "), ("ImagePositionPatient", b"-12 \\ -12\\-50 ")):
        tag = source[keyword].tag
        source[tag] = RawDataElement(Tag(tag), "DS", len(value), value, 0, False, True)
    geometry = Image.from_dataset(source).get_volume_geometry()
    assert geometry is not None
    assert geometry.spacing[1:] == (0.75, 0.75)
    assert tuple(geometry.position) == (-12, -12, -50)


def test_positions_that_are_no_numbers_are_named():
    source = ct_series(slices=1)[0]
    source[source["ImagePositionPatient"].tag] = RawDataElement(Tag(0x00200032), "DS", 6, b"a\\b\\c ", 0, False, True)
    image = Image.from_dataset(source)
    with pytest.warns(HdcoreWarning, match="ImagePositionPatient"):
        assert image.get_volume_geometry() is None


@pytest.mark.parametrize("padding", [b"0", b"\0\0\0", b"abc" * 100])
@pytest.mark.parametrize("lazy", [False, True])
def test_bytes_behind_the_last_frame_are_named_and_do_not_count(padding, lazy):
    source = enhanced_ct(frames=3)
    expected = source.pixel_array
    source.PixelData += padding + b"\0" * (len(padding) % 2)
    surplus = len(padding) + len(padding) % 2
    with pytest.warns(HdcoreWarning, match=f"{surplus} bytes more than its 3 frames take; they are ignored"):
        frames = imread(saved(source), lazy_frame_retrieval=lazy).get_stored_frames()
    np.testing.assert_array_equal(frames, expected)


@pytest.mark.parametrize("lazy", [False, True])
def test_frames_of_which_bytes_are_missing_are_named(lazy):
    source = enhanced_ct(frames=3)
    expected = source.pixel_array
    source.PixelData = source.PixelData[:-100]
    with pytest.warns(HdcoreWarning, match="100 bytes less than its 3 frames take; the last ones cannot be read"):
        frames = (image := imread(saved(source), lazy_frame_retrieval=lazy)).get_stored_frames([1, 2])
    np.testing.assert_array_equal(frames, expected[:2])
    with pytest.raises(UnreadableFrameError, match="Frame 3 of 3 is cut off"):
        image.get_stored_frame(3)


def test_one_byte_that_makes_the_length_even_is_no_surplus():
    source = ct_series(slices=1, rows=3, columns=3)[0]
    source.BitsAllocated = source.BitsStored = 8
    source.HighBit, source.PixelRepresentation = 7, 0
    source.PixelData = bytes(range(9)) + b"\0"
    assert imread(saved(source)).get_stored_frame(1).ravel().tolist() == list(range(9))


def test_a_harmless_wrong_value_representation_is_read():
    source = ct_series(slices=1)[0]
    expected = source.pixel_array
    source.add_new("Rows", "IS", "32")
    source.add_new("BitsAllocated", "LO", "16")
    source.add_new("NumberOfFrames", "LO", "1")
    np.testing.assert_array_equal(Image.from_dataset(source).get_stored_frame(1), expected)


def rewritten(source, keyword, representation, convert):
    """Give an attribute another value representation wherever it is."""

    def visit(dataset):
        for element in list(dataset):
            for item in element.value if element.VR == "SQ" else ():
                visit(item)
            if element.keyword == keyword:
                dataset[element.tag] = DataElement(element.tag, representation, convert(element.value))

    visit(source)
    return source


def floats(value):
    return [float(number) for number in value]


@pytest.mark.parametrize(
    ("keyword", "representation", "convert", "expected"),
    [
        ("ImageOrientationPatient", "FD", floats, "DS"),
        ("ImagePositionPatient", "FL", floats, "DS"),
        ("ImagePositionPatient", "LO", lambda value: [str(number) for number in value], "DS"),
        ("PixelSpacing", "SS", lambda value: [1 for _ in value], "DS"),
        ("DimensionIndexValues", "IS", lambda value: [int(number) for number in value], "UL"),
        ("DimensionIndexValues", "US", lambda value: [int(number) for number in value], "UL"),
        ("StackID", "LO", str, "SH"),
    ],
)
def test_a_wrong_value_representation_in_a_functional_group_is_read_with_a_warning(
    keyword, representation, convert, expected
):
    source = enhanced_ct(frames=3)
    if keyword == "PixelSpacing":
        source.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing = [1, 1]
    right = imread(saved(source))
    image = imread(saved(rewritten(source, keyword, representation, convert)))
    with pytest.warns(
        HdcoreWarning, match=f"{keyword} is written as {representation}, expected {expected}; it is read"
    ):
        volume = image.get_volume()
    np.testing.assert_array_equal(volume.array, right.get_volume().array)
    np.testing.assert_allclose(volume.affine, right.get_volume().affine, atol=1e-5)
    dimensions = ["StackID", "InStackPositionNumber"]
    np.testing.assert_array_equal(image.dimension_indices(dimensions), right.dimension_indices(dimensions))


def test_frames_that_do_not_agree_on_a_value_representation_are_named():
    source = enhanced_ct(frames=3)
    position = source.PerFrameFunctionalGroupsSequence[1].PlanePositionSequence[0]
    rewritten(position, "ImagePositionPatient", "FD", floats)
    with pytest.warns(
        HdcoreWarning, match="ImagePositionPatient is written as DS and FD, expected DS; it is taken as absent"
    ):
        assert imread(saved(source)).get_volume_geometry() is None


def rescaled(slope=None, intercept=None, of_frames=False):
    source = enhanced_ct(frames=2)
    group = source.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence[0]
    if not of_frames:
        source = ct_series(slices=1)[0]
        group = source
    for keyword, value in (("RescaleSlope", slope), ("RescaleIntercept", intercept)):
        delattr(group, keyword)
        if value is not None:
            setattr(group, keyword, value)
    return source


@pytest.mark.parametrize("of_frames", [False, True], ids=["image", "frames"])
@pytest.mark.parametrize(
    ("slope", "intercept", "words", "expected"),
    [
        (
            None,
            -1000,
            r"Rescale Intercept \(-1000\), but no Rescale Slope; 1 is assumed",
            lambda stored: stored - 1000.0,
        ),
        (2, None, r"Rescale Slope \(2\), but no Rescale Intercept; 0 is assumed", lambda stored: stored * 2.0),
        (0, 7, "Rescale Slope of 0, by which all values become 7", lambda stored: np.full(stored.shape, 7.0)),
    ],
)
def test_half_a_rescale_is_applied_and_named(of_frames, slope, intercept, words, expected):
    image = imread(saved(rescaled(slope, intercept, of_frames)))
    with pytest.warns(HdcoreWarning, match=f"{'Frame 1' if of_frames else 'The image'} has a {words}"):
        frame = image.get_frame(1)
    np.testing.assert_array_equal(frame, expected(image.get_stored_frame(1)))


@pytest.mark.parametrize("of_frames", [False, True], ids=["image", "frames"])
@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"WindowWidth": 0}, r"a LINEAR window of width 0, but 1 is the least"),
        ({"VOILUTFunction": "LINEARISH"}, "the VOI LUT Function 'LINEARISH', which is none of LINEAR, LINEAR_EXACT"),
        ({"WindowCenter": [40, 50]}, "2 values of Window Center, but 1 of Window Width"),
    ],
)
def test_windows_that_are_off_are_named(of_frames, parameters, words):
    source = enhanced_ct(frames=2) if of_frames else ct_series(slices=1)[0]
    groups = source.PerFrameFunctionalGroupsSequence if of_frames else ()
    for item in [group.FrameVOILUTSequence[0] for group in groups] or [source]:
        item.WindowCenter, item.WindowWidth = 40, 400
        for keyword, value in parameters.items():
            setattr(item, keyword, value)
    image = imread(saved(source))
    with pytest.warns(HdcoreWarning, match=f"{'Frame 1' if of_frames else 'A VOI transform'} has {words}"):
        shown, values = image.get_frame(1, apply_voi_transform=True), image.get_frame(1)
    is_step = "WindowWidth" in parameters
    expected = (values > 39.5).astype(float) if is_step else np.clip((values - 39.5) / 399 + 0.5, 0, 1)
    np.testing.assert_allclose(shown, expected)


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_senseless_number_of_frames_is_one(value):
    source = ct_series(slices=1)[0]
    expected = source.pixel_array
    source.NumberOfFrames = value
    image = Image.from_dataset(source)
    with pytest.warns(HdcoreWarning, match="NumberOfFrames is absent or unusable; 1 is assumed"):
        np.testing.assert_array_equal(image.get_stored_frame(1), expected)


@pytest.mark.parametrize(
    ("keyword", "value", "words"),
    [
        ("PlanarConfiguration", DataElement(Tag(0x00280006), "US", [0, 1]), "has 2 values; the first, 0, is taken"),
        ("BitsStored", DataElement(Tag(0x00280101), "DS", "1.5"), "is absent or unusable; 8 is assumed"),
        ("HighBit", DataElement(Tag(0x00280102), "US", 9), "is 9, but BitsStored 8; the lowest 8 bits are taken"),
        ("PixelRepresentation", DataElement(Tag(0x00280103), "FD", 0.5), "is absent or unusable; 0 is assumed"),
    ],
)
def test_numbers_that_describe_pixels_are_not_guessed_silently(keyword, value, words):
    source = slide()
    expected = source.pixel_array[0]
    source[keyword] = value
    with pytest.warns(HdcoreWarning, match=f"{keyword} {words}"):
        np.testing.assert_array_equal(Image.from_dataset(source).get_stored_frame(1), expected)


def test_chrominance_of_every_pixel_is_taken_though_half_of_it_is_said():
    source = us_cine(2, 4, 6)
    samples = np.random.default_rng(1).integers(0, 256, (2, 4, 6, 3), np.uint8)
    source.PixelData, source.SamplesPerPixel, source.PlanarConfiguration = samples.tobytes(), 3, 0
    source.PhotometricInterpretation = "YBR_FULL"
    expected = Image.from_dataset(source).get_frames()
    assert expected.shape == (2, 4, 6, 3)
    source.PhotometricInterpretation = "YBR_FULL_422"
    with pytest.warns(
        HdcoreWarning, match="YBR_FULL_422, but Pixel Data has chrominance of every pixel, which is taken"
    ):
        np.testing.assert_array_equal(imread(saved(source)).get_frames(), expected)


def test_tiles_that_do_not_fill_the_matrix_are_not_placed():
    source = slide(20, 30, tile=(8, 8))
    source.TotalPixelMatrixColumns = 33
    image = imread(saved(source))
    with pytest.warns(HdcoreWarning, match="the 12 frames are no multiple of the 15 tiles that Rows, Columns"):
        assert len(image.frame_table) == 12
    with pytest.raises(GeometryError, match="TILED_FULL, but its 12 frames do not fill a matrix of 20 x 33 pixels"):
        image.get_total_pixel_matrix()


@pytest.mark.parametrize("value", ["abc", None, -3, [1, 2]])
def test_a_senseless_number_of_focal_planes_is_one(value):
    source = slide(20, 30, tile=(8, 8))
    expected = Image.from_dataset(source).get_total_pixel_matrix()
    source["TotalPixelMatrixFocalPlanes"] = DataElement(Tag(0x00480303), "LO" if value == "abc" else "SL", value)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        np.testing.assert_array_equal(Image.from_dataset(source).get_total_pixel_matrix(), expected)
    named = [str(one.message) for one in caught if "TotalPixelMatrixFocalPlanes" in str(one.message)]
    assert bool(named) == (value is not None)


def test_a_part_of_a_concatenation_goes_on_where_the_one_before_ended():
    source = slide(20, 30, tile=(8, 8))
    whole = Image.from_dataset(source).get_total_pixel_matrix()
    size = 8 * 8 * 3
    source.PixelData = source.PixelData[5 * size :]
    source.NumberOfFrames, source.InConcatenationNumber, source.ConcatenationFrameOffsetNumber = 7, 2, 5
    image = imread(saved(source))
    assert image.frame_table["row_position"].tolist() == [9, 9, 9, 17, 17, 17, 17]
    part = image.get_total_pixel_matrix()
    np.testing.assert_array_equal(part[16:], whole[16:])
    np.testing.assert_array_equal(part[8:16, 8:], whole[8:16, 8:])
    assert not part[:8].any()


def test_tiles_outside_of_the_matrix_are_named():
    source = slide(20, 30, tile=(8, 8), organization="TILED_SPARSE")
    position = source.PerFrameFunctionalGroupsSequence[-1].PlanePositionSlideSequence[0]
    position.ColumnPositionInTotalImagePixelMatrix = 0
    image = imread(saved(source))
    with pytest.warns(
        HdcoreWarning, match=r"1 frame\(s\) begin outside .* frame 12 .* column position is 0, where 1 to 30"
    ):
        assert image.get_total_pixel_matrix().shape == (20, 30, 3)
    with pytest.raises(GeometryError, match="of the 600 pixels asked for the image has 576"):
        image.get_volume()


def test_overlapping_tiles_do_not_stand_for_those_that_are_missing():
    source = slide(20, 30, tile=(8, 8), organization="TILED_SPARSE")
    position = source.PerFrameFunctionalGroupsSequence[-1].PlanePositionSlideSequence[0]
    position.ColumnPositionInTotalImagePixelMatrix -= 4
    image = imread(saved(source))
    with pytest.raises(GeometryError, match="of the 600 pixels asked for the image has 592"):
        image.get_volume()


@pytest.mark.parametrize("said", [7, 65535])
def test_positions_count_more_than_a_spacing_that_cannot_be(said):
    source = enhanced_ct(frames=4)
    expected = Image.from_dataset(source).get_volume_geometry()
    source.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices = said
    image = imread(saved(source))
    with pytest.warns(HdcoreWarning, match=f"Spacing Between Slices is {said} mm, but .* 2.5 mm apart"):
        assert image.get_volume_geometry().geometry_equal(expected)


def test_a_file_without_its_preamble_is_read():
    content = saved(ct_series(slices=1)[0])
    with pytest.warns(HdcoreWarning, match="lacks the File Meta Information"):
        image = imread(content[content.index(b"\x08\0\x05\0CS") :])
    assert image.get_frame(1).shape == (32, 32)


def test_sequences_of_undefined_length_are_read():
    source = enhanced_ct(frames=3)
    expected = Image.from_dataset(source).get_volume()
    for element in source.iterall():
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
    image = imread(saved(source), lazy_frame_retrieval=True)
    np.testing.assert_array_equal(image.get_volume().array, expected.array)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_raise_only_typed_errors(seed):
    generator = random.Random(seed)
    sources = [saved(ct_series(slices=1)[0]), saved(enhanced_ct(frames=2)), saved(slide())]
    for _ in range(60):
        content = bytearray(generator.choice(sources))
        for _ in range(generator.choice([1, 2, 4])):
            place = generator.randrange(132, min(len(content), 4000))
            kind = generator.random()
            if kind < 0.6:
                content[place] = generator.randrange(256)
            elif kind < 0.8:
                del content[place : place + generator.choice([1, 2, 4])]
            else:
                del content[generator.randrange(4000, len(content) + 4000) :]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            message = _use(bytes(content))
        assert message == "" or len(message) > 20


def _use(content):
    """Read all that can be read, and give the text of the error that ends it, if one does."""
    try:
        image = imread(content, lazy_frame_retrieval=True)
        if image.number_of_frames > 100 or image.stored_frames.format.samples > 1 << 20:
            return ""  # a damaged size may ask for more memory than there is
        image.get_stored_frames()
        image.get_frames()
        image.get_volume()
    except HdcoreError as error:
        return str(error)
    return ""
