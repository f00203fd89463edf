"""Images open from anything, and give frames, volumes and total pixel matrices."""

from __future__ import annotations

import copy
import io
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pydicom.dataset import Dataset

from hdcore import CoordinateSystemNames, Image, imread
from hdcore.errors import (
    GeometryError,
    HdcoreWarning,
    InputError,
    InputTypeError,
    NotPresentError,
    OutOfRangeError,
    UnreadableError,
)
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, pet_series, slide, us_cine


def saved(dataset):
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


@pytest.fixture(scope="module")
def source():
    return enhanced_ct(frames=5)


@pytest.fixture
def image(source):
    return Image.from_dataset(source)


@pytest.fixture(scope="module")
def tiled():
    return Image.from_dataset(slide())


def test_an_image_is_not_made_from_nothing():
    with pytest.raises(RuntimeError, match=r"use imread\(path\) or Image.from_dataset\(dataset\)"):
        Image()


def test_a_dataset_is_copied_or_becomes_the_image(source):
    copied = Image.from_dataset(source)
    copied.PatientName = "Changed"
    assert source.PatientName != "Changed"
    own = copy.deepcopy(source)
    same = Image.from_dataset(own, copy=False)
    assert same is own
    assert isinstance(own, Image)


@pytest.mark.parametrize("value", [None, "image.dcm", {}])
def test_only_datasets_become_images(value):
    with pytest.raises(InputTypeError, match="expected a pydicom Dataset"):
        Image.from_dataset(value)


def test_a_dataset_without_pixels_is_no_image():
    with pytest.raises(UnreadableError, match="is no image: it has no Pixel Data"):
        Image.from_dataset(Dataset())
    report = enhanced_ct(frames=1)
    del report.PixelData
    with pytest.raises(UnreadableError, match="holds no image"):
        imread(saved(report))


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("kind", ["path", "bytes", "file"])
def test_images_open_lazily_or_not_from_anything(lazy, kind, source, tmp_path):
    content = saved(source)
    path = tmp_path / "image.dcm"
    path.write_bytes(content)
    given = {"path": path, "bytes": content, "file": path.open("rb")}[kind]
    image = imread(given, lazy_frame_retrieval=lazy)
    assert type(image) is Image
    assert ("PixelData" in image) is not lazy
    assert image.number_of_frames == 5
    np.testing.assert_array_equal(image.pixel_array, source.pixel_array)
    np.testing.assert_array_equal(image.get_stored_frame(2), source.pixel_array[1])
    assert image.get_raw_frame(2, as_index=True) == source.pixel_array[2].tobytes()


@pytest.mark.parametrize("lazy", [False, True])
def test_images_are_pickled_copied_and_saved(lazy, source, tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(saved(source))
    image = imread(path, lazy_frame_retrieval=lazy)
    for again in (pickle.loads(pickle.dumps(image)), copy.deepcopy(image)):
        assert type(again) is Image
        np.testing.assert_array_equal(again.get_stored_frames([5, 1]), source.pixel_array[[4, 0]])
    image.save_as(tmp_path / "again.dcm")
    assert (tmp_path / "again.dcm").read_bytes() == path.read_bytes()
    assert ("PixelData" in image) is not lazy


@pytest.mark.parametrize("lazy", [False, True])
def test_several_threads_read_from_one_image(lazy, tmp_path):
    source = enhanced_ct(frames=40)
    path = tmp_path / "image.dcm"
    path.write_bytes(saved(source))
    image = imread(path, lazy_frame_retrieval=lazy)
    with ThreadPoolExecutor(4) as threads:
        frames = list(threads.map(image.get_stored_frame, range(1, 41)))
    np.testing.assert_array_equal(np.stack(frames), source.pixel_array)


def test_frames_are_writeable_and_the_callers_own(image):
    frame = image.get_stored_frame(1)
    frame[:] = 7
    assert not (image.get_stored_frame(1) == 7).all()
    assert image.get_stored_frames().flags.writeable


def test_frames_are_transformed(image, source):
    group = source.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence[0]
    expected = source.pixel_array * float(group.RescaleSlope) + float(group.RescaleIntercept)
    np.testing.assert_allclose(image.get_frames(), expected)
    np.testing.assert_allclose(image.get_frame(3), expected[2])
    np.testing.assert_array_equal(image.get_frame(3, apply_modality_transform=False), source.pixel_array[2])
    windowed = image.get_frames([2, 1], apply_voi_transform=True, dtype=np.float32)
    assert windowed.dtype == np.float32
    assert windowed.min() >= 0
    assert windowed.max() <= 1


def test_parameters_may_differ_between_frames():
    source = enhanced_ct(frames=4)
    shared = source.SharedFunctionalGroupsSequence[0]
    del shared.PixelValueTransformationSequence
    for number, item in enumerate(source.PerFrameFunctionalGroupsSequence, start=1):
        group = Dataset()
        group.RescaleSlope, group.RescaleIntercept, group.RescaleType = number % 2 + 1, number, "US"
        item.PixelValueTransformationSequence = [group]
    image = Image.from_dataset(source)
    expected = np.stack([frame * ((i + 1) % 2 + 1.0) + i + 1 for i, frame in enumerate(source.pixel_array)])
    np.testing.assert_allclose(image.get_frames(), expected)
    np.testing.assert_allclose(image.get_frames([3, 1, 4]), expected[[2, 0, 3]])
    np.testing.assert_allclose(image.get_volume().array, expected[::-1])


@pytest.mark.parametrize("number", [0, 6, -1])
def test_frames_that_do_not_exist_are_refused(image, number):
    for method in (image.get_frame, image.get_stored_frame, image.get_raw_frame):
        with pytest.raises(OutOfRangeError, match="the image has 5 frame"):
            method(number)


def test_a_volume_is_sorted_by_position(image, source):
    volume = image.get_volume(apply_modality_transform=False, dtype=np.uint16)
    assert volume.spatial_shape == (5, 32, 32)
    positions = [item.PlanePositionSequence[0].ImagePositionPatient for item in source.PerFrameFunctionalGroupsSequence]
    order = np.argsort([-position[2] for position in positions])  # towards the feet, for a right-handed volume
    np.testing.assert_array_equal(volume.array, source.pixel_array[order])
    np.testing.assert_allclose(volume.affine[:3, 3], positions[order[0]])
    assert volume.frame_of_reference_uid == source.FrameOfReferenceUID
    np.testing.assert_allclose(image.get_volume_geometry().affine, volume.affine)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ({"slice_start": 2, "slice_end": 4}, np.s_[1:3]),
        ({"slice_start": -2}, np.s_[3:]),
        ({"row_start": 5, "row_end": 9, "column_end": -1}, np.s_[:, 4:8, :-1]),
        ({"slice_start": 0, "slice_end": 1, "column_start": 3, "as_indices": True}, np.s_[:1, :, 3:]),
    ],
)
def test_parts_of_a_volume_keep_their_place(image, ranges, expected):
    whole = image.get_volume()
    part = image.get_volume(**ranges)
    np.testing.assert_array_equal(part.array, whole.array[expected])
    np.testing.assert_allclose(part.affine, whole[expected].affine)


def test_ranges_beyond_the_volume_are_refused(image):
    with pytest.raises(ValueError, match="slice_start is 0, but numbers count from 1"):
        image.get_volume(slice_start=0)
    with pytest.raises(IndexError, match="slice_end is 7; expected a number from 1 to 6"):
        image.get_volume(slice_end=7)


def irregular(change):
    source = enhanced_ct(frames=5)
    change(source, [item.PlanePositionSequence[0] for item in source.PerFrameFunctionalGroupsSequence])
    return Image.from_dataset(source)


def drop(source, _):
    size = source.Rows * source.Columns * 2
    source.PixelData = source.PixelData[: 2 * size] + source.PixelData[3 * size :]
    del source.PerFrameFunctionalGroupsSequence[2]
    source.NumberOfFrames = 4


def test_missing_planes_are_refused_or_empty():
    image = irregular(drop)
    assert image.get_volume_geometry() is None
    with pytest.raises(GeometryError, match="missing positions"):
        image.get_volume()
    volume = image.get_volume(allow_missing_positions=True)
    assert volume.spatial_shape == (5, 32, 32)
    assert [bool(plane.any()) for plane in volume.array] == [True, True, False, True, True]
    assert image.get_volume_geometry(allow_missing_positions=True) is not None


def test_irregular_positions_are_named():
    def shift(_, positions):
        positions[2].ImagePositionPatient = [-12, -12, -44.1]

    with pytest.raises(RuntimeError, match="irregular spacing"):
        irregular(shift).get_volume()

    def duplicate(_, positions):
        positions[2].ImagePositionPatient = positions[1].ImagePositionPatient

    with pytest.raises(GeometryError, match="duplicate positions"):
        irregular(duplicate).get_volume()

    def tilt(_, positions):
        for index, position in enumerate(positions):
            position.ImagePositionPatient = [-12, -12 + index, -50 + 2.5 * index]

    with pytest.raises(GeometryError, match="gantry tilt"):
        irregular(tilt).get_volume()
    assert irregular(tilt).get_volume(perpendicular_tol=0.2).spatial_shape == (5, 32, 32)


def test_images_without_a_place_have_no_volume():
    image = Image.from_dataset(cr_image())
    assert image.get_volume_geometry() is None
    assert image.coordinate_system is None
    with pytest.raises(GeometryError, match=r"no place in space|no Frame of Reference UID"):
        image.get_volume()


def test_a_single_frame_is_a_volume_of_one_plane():
    source = ct_series(slices=1)[0]
    image = Image.from_dataset(source)
    volume = image.get_volume()
    assert volume.spatial_shape == (1, 32, 32)
    assert image.coordinate_system is CoordinateSystemNames.PATIENT
    assert image.dimension_index_pointers == []
    assert not image.is_tiled


def test_a_wrong_spacing_between_slices_is_named_and_the_positions_count():
    source = enhanced_ct(frames=5)
    source.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices = 0.9
    image = Image.from_dataset(source)
    with pytest.warns(UserWarning, match="Spacing Between Slices is 0.9 mm, but the positions .* are 2.5 mm apart"):
        assert image.get_volume().spacing[0] == pytest.approx(2.5)
    source.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices = 1.25
    with pytest.raises(GeometryError, match="missing"):
        Image.from_dataset(source).get_volume()


def test_frames_of_a_cine_have_colours_and_no_place():
    source = us_cine()
    image = Image.from_dataset(source)
    assert image.get_frame(1).shape[:2] == (source.Rows, source.Columns)
    assert image.get_volume_geometry() is None


def test_a_dose_distribution_has_planes_at_its_offsets():
    source = ct_series(slices=1)[0]
    source.NumberOfFrames = 3
    source.PixelData = source.PixelData * 3
    source.GridFrameOffsetVector = [0, 3, 6]
    geometry = Image.from_dataset(source).get_volume_geometry()
    assert geometry is not None
    assert geometry.spatial_shape == (3, 32, 32)
    assert geometry.spacing[0] == pytest.approx(3.0)


def test_tiles_make_a_total_pixel_matrix(tiled):
    assert tiled.is_tiled
    assert tiled.is_indexable_as_total_pixel_matrix()
    assert tiled.coordinate_system is CoordinateSystemNames.SLIDE
    matrix = tiled.get_total_pixel_matrix(dtype=np.uint8)
    assert matrix.shape == (tiled.TotalPixelMatrixRows, tiled.TotalPixelMatrixColumns, 3)
    np.testing.assert_array_equal(matrix[: tiled.Rows, : tiled.Columns], tiled.get_frame(1, dtype=np.uint8))
    part = tiled.get_total_pixel_matrix(3, 20, -9, None, dtype=np.uint8)
    np.testing.assert_array_equal(part, matrix[2:19, -9:])
    same = tiled.get_total_pixel_matrix(row_start=2, row_end=19, column_start=-9, dtype=np.uint8, as_indices=True)
    np.testing.assert_array_equal(same, part)


def test_a_total_pixel_matrix_is_a_volume_of_one_plane(tiled):
    volume = tiled.get_volume(dtype=np.uint8, row_start=5, column_end=11)
    assert volume.spatial_shape == (1, tiled.TotalPixelMatrixRows - 4, 10)
    assert volume.channel_shape == (3,)
    np.testing.assert_array_equal(volume.array[0], tiled.get_total_pixel_matrix(dtype=np.uint8)[4:, :10])
    np.testing.assert_allclose(volume.affine, tiled.get_volume_geometry()[:, 4:, :10].affine)


def test_sparse_tiles_may_be_missing():
    source = slide(organization="TILED_SPARSE")
    whole = Image.from_dataset(source).get_total_pixel_matrix(dtype=np.uint8)
    size = len(source.PixelData) // source.NumberOfFrames
    source.PixelData = source.PixelData[size:]
    del source.PerFrameFunctionalGroupsSequence[0]
    source.NumberOfFrames -= 1
    image = Image.from_dataset(source)
    matrix = image.get_total_pixel_matrix(dtype=np.uint8)
    assert not matrix[: source.Rows, : source.Columns].any()
    np.testing.assert_array_equal(matrix[source.Rows :], whole[source.Rows :])
    with pytest.raises(GeometryError, match="Tiles are missing"):
        image.get_volume()
    assert image.get_volume(allow_missing_positions=True).spatial_shape[0] == 1


def test_frames_that_show_the_same_tile_are_not_put_together():
    source = slide(organization="TILED_SPARSE")
    first, second = source.PerFrameFunctionalGroupsSequence[:2]
    second.PlanePositionSlideSequence = copy.deepcopy(first.PlanePositionSlideSequence)
    with pytest.raises(GeometryError, match=r"2 frames have the tile .* \(frames 1, 2\)"):
        Image.from_dataset(source).get_total_pixel_matrix()


def test_images_that_are_not_tiled_have_no_total_pixel_matrix(image):
    assert not image.is_indexable_as_total_pixel_matrix()
    with pytest.raises(RuntimeError, match="The image is not tiled"):
        image.get_total_pixel_matrix()


def test_dimensions_identify_frames_or_do_not(image):
    pointers = image.dimension_index_pointers
    assert len(pointers) == 2
    assert image.are_dimension_indices_unique(pointers)
    assert image.are_dimension_indices_unique(["InStackPositionNumber"])
    assert not image.are_dimension_indices_unique(["StackID"])
    with pytest.raises(
        NotPresentError, match="SegmentNumber is no dimension of the image; its dimensions are: StackID"
    ):
        image.are_dimension_indices_unique(["SegmentNumber"])
    with pytest.raises(KeyError):
        image.are_dimension_indices_unique(["SegmentNumber"])
    with pytest.raises(InputError, match="'nonsense' is not a keyword"):
        image.are_dimension_indices_unique(["nonsense"])
    with pytest.raises(InputError, match="is empty"):
        image.are_dimension_indices_unique([])


def derived(numbers=None, preserved="YES"):
    """Make an image whose frames were derived from a series, or from frames of an instance."""
    image = enhanced_ct(frames=4)
    sources = ct_series(slices=4)
    for index, item in enumerate(image.PerFrameFunctionalGroupsSequence):
        reference = Dataset()
        reference.ReferencedSOPClassUID = sources[index].SOPClassUID
        reference.ReferencedSOPInstanceUID = (sources[index] if numbers is None else sources[0]).SOPInstanceUID
        if numbers is not None:
            reference.ReferencedFrameNumber = numbers[index]
        reference.SpatialLocationsPreserved = preserved
        derivation = Dataset()
        derivation.SourceImageSequence = [reference]
        item.DerivationImageSequence = [derivation]
    return Image.from_dataset(image), [source.SOPInstanceUID for source in sources]


def test_frames_are_found_by_source_instance():
    image, uids = derived()
    frames = image.get_pixels_by_source_instance([uids[2], uids[0]])
    np.testing.assert_array_equal(frames, image.get_frames([3, 1]))
    with pytest.raises(NotPresentError, match=r"1\.2\.3"):
        image.get_pixels_by_source_instance([uids[0], "1.2.3"])
    zeros = image.get_pixels_by_source_instance(["1.2.3", uids[0]], assert_missing_frames_are_empty=True)
    assert not zeros[0].any()
    np.testing.assert_array_equal(zeros[1], image.get_frame(1))
    with pytest.raises(InputError, match="source_sop_instance_uids is empty"):
        image.get_pixels_by_source_instance([])
    with pytest.raises(InputTypeError, match="given as a Dataset; expected its SOP Instance UID"):
        image.get_pixels_by_source_instance([Dataset()])


def test_frames_are_found_by_source_frame():
    image, uids = derived([1, 2, 4, 5])
    np.testing.assert_array_equal(image.get_pixels_by_source_frame(uids[0], [4, 1]), image.get_frames([3, 1]))
    with pytest.raises(NotPresentError, match="source frames asked for: 3"):
        image.get_pixels_by_source_frame(uids[0])
    frames = image.get_pixels_by_source_frame(uids[0], assert_missing_frames_are_empty=True)
    assert [bool(frame.any()) for frame in frames] == [True, True, False, True, True]
    with pytest.raises(NotPresentError, match=r"2 of the 2 source frames asked for: 1 of 1\.2\.9, 7 of 1\.2\.9"):
        image.get_pixels_by_source_frame("1.2.9", [1, 7])
    empty = image.get_pixels_by_source_frame("1.2.9", [1, 7], assert_missing_frames_are_empty=True)
    assert empty.shape == (2, 32, 32)
    assert not empty.any()


def test_sources_whose_pixels_lie_elsewhere_are_asked_about():
    image, uids = derived(preserved="NO")
    with pytest.raises(RuntimeError, match="pass ignore_spatial_locations=True"):
        image.get_pixels_by_source_instance(uids)
    assert image.get_pixels_by_source_instance(uids, ignore_spatial_locations=True).shape == (4, 32, 32)


def test_source_image_uids_are_those_of_the_common_references():
    image, _ = derived()
    assert image.get_source_image_uids() == []
    instance = Dataset()
    instance.ReferencedSOPClassUID, instance.ReferencedSOPInstanceUID = "1.2", "1.2.3"
    series = Dataset()
    series.SeriesInstanceUID, series.ReferencedInstanceSequence = "1.2.4", [instance, instance]
    image.ReferencedSeriesSequence = [series]
    other = Dataset()
    other.StudyInstanceUID, other.ReferencedSeriesSequence = "1.2.5", [series]
    image.StudiesContainingOtherReferencedInstancesSequence = [other]
    with pytest.warns(
        HdcoreWarning, match=r"2 reference\(s\) more than instances; 1\.2\.3, for one, is named more than once"
    ):
        uids = image.get_source_image_uids()
    assert uids == [(image.StudyInstanceUID, "1.2.4", "1.2.3"), ("1.2.5", "1.2.4", "1.2.3")]


def test_pet_slices_have_their_own_slopes():
    for source in pet_series(slices=3):
        frame = Image.from_dataset(source).get_frame(1)
        np.testing.assert_allclose(frame, source.pixel_array * float(source.RescaleSlope))


def test_a_volume_and_a_region_need_no_masked_arrays():
    program = """
import sys
from hdcore import Image
from hdcore.testing.sources import enhanced_ct, slide
volume, tiled = Image.from_dataset(enhanced_ct(frames=3)), Image.from_dataset(slide(32, 32, tile=(16, 16)))
sys.modules.pop("numpy.ma", None)
sys.modules["numpy"].__dict__.pop("ma", None)
volume.get_volume()
tiled.get_total_pixel_matrix(3, 30)
print("numpy.ma" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_region_is_read_though_the_matrix_has_no_place():
    tiled = slide(32, 32, tile=(16, 16))
    expected = Image.from_dataset(tiled).get_total_pixel_matrix(3, 30)
    tiled.ImageOrientationSlide = [0, 0, 0, 0, 0, 0]
    image = Image.from_dataset(tiled)
    np.testing.assert_array_equal(image.get_total_pixel_matrix(3, 30), expected)
    with pytest.raises(InputError, match="expected two directions at right angles"):
        image.get_volume()
