"""Slides with several focal planes and optical paths have several total pixel matrices."""

from __future__ import annotations

import copy
import io

import numpy as np
import pytest
from PIL import ImageCms
from pydicom.tag import Tag

import hdcore as hd
from hdcore.errors import GeometryError, OutOfRangeError
from hdcore.model.element import item, put_element
from hdcore.model.making import raw_element
from hdcore.model.plane import slide_position
from hdcore.pixels.reader import ImageFileReader
from hdcore.testing.sources import slide

PLANES = 3


def profile_of(gamma_of: str) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile(gamma_of)).tobytes()
    return bytes(profile) + bytes(len(profile) % 2)


def swapping_profile() -> bytes:
    """An sRGB profile whose red and blue are exchanged, so that its effect is seen."""
    profile = profile_of("sRGB")
    return profile.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")


def stacked(organization: str, *, planes: int = PLANES, paths: int = 1, spacing: float | None = 0.002):
    """Make a slide of focal planes, spacing in mm, and of optical paths; all pixels differ."""
    image = slide(20, 30, organization=organization)
    tiles = int(image.NumberOfFrames)
    image.NumberOfFrames = tiles * planes * paths
    first = np.frombuffer(image.PixelData, np.uint8)
    image.PixelData = np.concatenate(
        [first // (1 + plane) + 7 * path for path in range(paths) for plane in range(planes)]
    ).tobytes()
    only = image.OpticalPathSequence[0]
    image.OpticalPathSequence = [copy.deepcopy(only) for _ in range(paths)]
    for path in range(1, paths):
        image.OpticalPathSequence[path].OpticalPathIdentifier = str(1 + path)
        image.OpticalPathSequence[path].ICCProfile = swapping_profile()
    image.NumberOfOpticalPaths = paths
    image.TotalPixelMatrixFocalPlanes = planes
    measures = image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    if spacing is None:
        del measures.SpacingBetweenSlices
    else:
        measures.SpacingBetweenSlices = spacing
    image.TotalPixelMatrixOriginSequence[0].ZOffsetInSlideCoordinateSystem = "5"
    if organization == "TILED_SPARSE":
        _describe_frames(image, tiles, planes, paths, spacing or 0.002)
    else:
        del image.SharedFunctionalGroupsSequence[0].OpticalPathIdentificationSequence
    return image


def _describe_frames(image, tiles, planes, paths, spacing):
    del image.TotalPixelMatrixFocalPlanes, image.SharedFunctionalGroupsSequence[0].OpticalPathIdentificationSequence
    of_plane = list(image.PerFrameFunctionalGroupsSequence)
    items = []
    for path in range(paths):
        for plane in range(planes):
            for groups in copy.deepcopy(of_plane):
                height = 5 + 1000 * spacing * plane
                groups.PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem = f"{height:g}"
                groups.OpticalPathIdentificationSequence = [item(OpticalPathIdentifier=str(1 + path))]
                items.append(groups)
    image.PerFrameFunctionalGroupsSequence = items
    assert len(items) == tiles * planes * paths


ORGANIZATIONS = ["TILED_FULL", "TILED_SPARSE"]


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_the_matrix_of_one_focal_plane_is_chosen(organization):
    image = hd.Image.from_dataset(stacked(organization))
    expected = hd.Image.from_dataset(slide(20, 30)).get_total_pixel_matrix(dtype=np.uint8, apply_icc_profile=False)
    for plane in range(PLANES):
        chosen = image.get_total_pixel_matrix(dtype=np.uint8, apply_icc_profile=False, focal_plane=plane + 1)
        np.testing.assert_array_equal(chosen, expected // (1 + plane))
        same = image.get_total_pixel_matrix(dtype=np.uint8, apply_icc_profile=False, focal_plane=plane, as_indices=True)
        np.testing.assert_array_equal(same, chosen)


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_a_matrix_of_several_focal_planes_is_not_guessed(organization):
    image = hd.Image.from_dataset(stacked(organization))
    with pytest.raises(GeometryError, match=r"3 focal planes.*pass focal_plane, 1 to 3"):
        image.get_total_pixel_matrix()
    with pytest.raises(OutOfRangeError, match="focal_plane is 4; expected 1 to 3"):
        image.get_total_pixel_matrix(focal_plane=4)
    with pytest.raises(TypeError, match="focal_plane is 'top'"):
        image.get_total_pixel_matrix(focal_plane="top")
    alone = hd.Image.from_dataset(slide(20, 30, organization=organization))
    np.testing.assert_array_equal(alone.get_total_pixel_matrix(), alone.get_total_pixel_matrix(focal_plane=1))


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_focal_planes_are_a_volume(organization):
    image = hd.Image.from_dataset(stacked(organization))
    volume = image.get_volume(dtype=np.uint8, apply_icc_profile=False)
    assert volume.shape == (PLANES, 20, 30, 3)
    assert volume.spacing_between_slices == pytest.approx(0.002)
    assert volume.coordinate_system is hd.CoordinateSystemNames.SLIDE
    corners = volume.map_indices_to_reference(np.array([[plane, 0, 0] for plane in range(PLANES)]))
    by_height = np.argsort(corners[:, 2]).tolist()
    for plane, slice_index in enumerate(by_height):
        np.testing.assert_allclose(corners[slice_index], [20, 40, 0.005 + 0.002 * plane], atol=1e-9)
        matrix = image.get_total_pixel_matrix(dtype=np.uint8, apply_icc_profile=False, focal_plane=plane + 1)
        np.testing.assert_array_equal(volume.array[slice_index], matrix)
    part = image.get_volume(slice_start=2, row_start=3, column_end=9, dtype=np.uint8, apply_icc_profile=False)
    np.testing.assert_array_equal(part.array, volume[1:, 2:, :8].array)
    assert part.geometry_equal(volume[1:, 2:, :8])
    assert image.get_volume_geometry().spatial_shape == (PLANES, 20, 30)


def test_focal_planes_at_irregular_heights_are_no_volume():
    dataset = stacked("TILED_SPARSE")
    for groups in dataset.PerFrameFunctionalGroupsSequence[-4:]:
        groups.PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem = "20"
    image = hd.Image.from_dataset(dataset)
    with pytest.raises(GeometryError, match="focal planes are no regular volume"):
        image.get_volume()
    assert image.get_volume_geometry() is None
    assert image.get_total_pixel_matrix(focal_plane=3).shape == (20, 30, 3)


def test_focal_planes_without_a_distance_are_no_volume():
    image = hd.Image.from_dataset(stacked("TILED_FULL", spacing=None))
    with pytest.raises(GeometryError, match="says no distance between them"):
        image.get_volume()
    assert image.get_total_pixel_matrix(focal_plane=3).shape == (20, 30, 3)


def test_heights_that_follow_the_tissue_are_one_plane():
    dataset = slide(20, 30, organization="TILED_SPARSE")
    del dataset.TotalPixelMatrixFocalPlanes
    for number, groups in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        groups.PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem = str(number)
    image = hd.Image.from_dataset(dataset)
    assert image.get_volume().spatial_shape == (1, 20, 30)


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_the_matrix_of_one_optical_path_is_chosen(organization):
    image = hd.Image.from_dataset(stacked(organization, planes=2, paths=2))
    options = {"dtype": np.uint8, "apply_icc_profile": False}
    with pytest.raises(GeometryError, match=r"optical paths '1', '2'.*pass optical_path"):
        image.get_total_pixel_matrix(focal_plane=1)
    with pytest.raises(GeometryError, match="pass optical_path"):
        image.get_volume()
    with pytest.raises(KeyError, match=r"optical_path is '3'; the frames have \['1', '2'\]"):
        image.get_volume(optical_path="3")
    first = image.get_total_pixel_matrix(focal_plane=2, optical_path="1", **options)
    second = image.get_total_pixel_matrix(focal_plane=2, optical_path="2", **options)
    np.testing.assert_array_equal(second, first + 7)
    volumes = [image.get_volume(optical_path=path, **options).array for path in ("1", "2")]
    assert volumes[0].shape == (2, 20, 30, 3)
    np.testing.assert_array_equal(volumes[1], volumes[0] + 7)
    assert image.get_volume_geometry().spatial_shape == (2, 20, 30)


def test_an_image_that_is_not_tiled_has_no_optical_paths_to_choose():
    from hdcore.testing.sources import enhanced_ct

    with pytest.raises(hd.InputError, match="optical_path is '1', but the image is not tiled"):
        hd.Image.from_dataset(enhanced_ct(frames=3)).get_volume(optical_path="1")


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_each_frame_takes_the_profile_of_its_optical_path(organization):
    dataset = stacked(organization, planes=1, paths=2)
    image = hd.Image.from_dataset(dataset)
    managers = [hd.color.ColorManager(path.ICCProfile) for path in dataset.OpticalPathSequence]
    tiles = int(dataset.NumberOfFrames) // 2
    stored = image.get_stored_frames()
    expected = np.stack([managers[frame // tiles].transform_frame(stored[frame]) for frame in range(2 * tiles)])
    assert (expected[tiles:] != np.stack([managers[0].transform_frame(one) for one in stored[tiles:]])).any()
    np.testing.assert_array_equal(image.get_frames(dtype=np.uint8), expected)
    np.testing.assert_array_equal(image.get_frame(tiles + 1, dtype=np.uint8), expected[tiles])
    matrix = image.get_total_pixel_matrix(dtype=np.uint8, optical_path="2")
    np.testing.assert_array_equal(matrix[:16, :16], expected[tiles])
    np.testing.assert_array_equal(image.get_volume(dtype=np.uint8, optical_path="2").array[0], matrix)
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    with ImageFileReader(file.getvalue()) as reader:
        np.testing.assert_array_equal(np.stack([reader.read_frame(index) for index in range(2 * tiles)]), expected)


def test_a_profile_of_the_image_counts_for_all_paths():
    dataset = stacked("TILED_FULL", planes=1, paths=2)
    dataset.ICCProfile = dataset.OpticalPathSequence[1].ICCProfile
    image = hd.Image.from_dataset(dataset)
    expected = hd.color.ColorManager(dataset.ICCProfile).transform_frame(image.get_stored_frame(1))
    np.testing.assert_array_equal(image.get_frame(1, dtype=np.uint8), expected)


def test_a_frame_of_an_unknown_path_is_named():
    dataset = stacked("TILED_SPARSE", planes=1, paths=2)
    dataset.PerFrameFunctionalGroupsSequence[1].OpticalPathIdentificationSequence[0].OpticalPathIdentifier = "9"
    image = hd.Image.from_dataset(dataset)
    with pytest.warns(hd.HdcoreWarning, match="Frame 2 is of the optical path '9'"):
        image.get_frame(2)


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_heights_are_read_in_micrometres_and_told_in_millimetres(organization):
    dataset = stacked(organization)
    image = hd.Image.from_dataset(dataset)
    last = int(dataset.NumberOfFrames)
    affine = hd.spatial.PixelToReferenceTransformer.for_image(dataset, frame_number=last).affine
    assert affine[2, 3] == pytest.approx(0.009)
    heights = image.get_volume().map_indices_to_reference(np.array([[0, 0, 0], [2, 0, 0]]))[:, 2]
    assert sorted(heights.tolist()) == pytest.approx([0.005, 0.009])


def test_what_is_written_about_heights_is_in_micrometres():
    geometry = hd.Image.from_dataset(stacked("TILED_SPARSE", planes=1)).get_volume_geometry()
    (position,) = geometry.get_plane_positions()
    assert float(position[0].ZOffsetInSlideCoordinateSystem) == pytest.approx(5)
    computed = hd.utils.compute_plane_position_tiled_full(
        1, 1, 20.0, 40.0, 16, 16, [0, -1, 0, -1, 0, 0], [0.0005, 0.0005], spacing_between_slices=2.0, slice_index=3
    )
    assert float(computed[0].ZOffsetInSlideCoordinateSystem) == pytest.approx(4)
    assert Tag("ZOffsetInSlideCoordinateSystem") in computed[0]


def test_damage_of_what_describes_tiles_is_named():
    sparse = hd.Image.from_dataset(stacked("TILED_SPARSE", planes=1))
    del sparse.Columns
    with pytest.raises(hd.UnreadableError, match="Columns"):
        sparse.get_volume()
    dataset = stacked("TILED_SPARSE", planes=1)
    dataset.TotalPixelMatrixRows = 2**31
    dataset.TotalPixelMatrixColumns = 2**31
    with pytest.raises(MemoryError, match=r"takes .* GiB, which cannot be had; ask for some of its rows"):
        hd.Image.from_dataset(dataset).get_total_pixel_matrix()
    profile = bytearray(dataset.OpticalPathSequence[0].ICCProfile)
    profile[64:68] = (256).to_bytes(4, "big")
    dataset.OpticalPathSequence[0].ICCProfile = bytes(profile)
    with pytest.raises(hd.InputError, match="rendering intent of the ICC profile is 256"):
        hd.Image.from_dataset(dataset).get_frame(1)


def test_damaged_offsets_are_named():
    place = stacked("TILED_FULL", planes=1).TotalPixelMatrixOriginSequence[0]
    raw = raw_element("ZOffsetInSlideCoordinateSystem", "D\x01", b"5 ")
    put_element(place, raw)
    with pytest.raises(hd.UnreadableError, match="offsets in the slide coordinate system cannot be read"):
        slide_position(place)
