from __future__ import annotations

import copy

import numpy as np
import pytest

from hdcore import VolumeGeometry, VolumeToVolumeTransformer, spatial
from hdcore.testing import sources

PLANE = ([56.0, 34.2, 1.0], [1.0, 0, 0, 0, 1, 0], [0.5, 0.4])


def test_image_coordinates_begin_half_a_pixel_before_pixel_indices() -> None:
    pixels = spatial.PixelToReferenceTransformer(*PLANE)(np.array([[0, 0]]))
    image = spatial.ImageToReferenceTransformer(*PLANE)(np.array([[0.5, 0.5]]))
    assert pixels.tolist() == [[56.0, 34.2, 1.0]]
    assert np.allclose(image, pixels)


def test_mapping_there_and_back_gives_the_same_point() -> None:
    indices = np.random.default_rng(0).integers(0, 500, (20_000, 2))
    points = spatial.PixelToReferenceTransformer(*PLANE)(indices)
    assert np.array_equal(spatial.ReferenceToPixelTransformer(*PLANE, drop_slice_index=True)(points), indices)
    corners = spatial.ReferenceToImageTransformer(*PLANE, drop_slice_coord=True)(points)
    assert np.allclose(corners, indices + 0.5)


def test_points_off_the_plane_are_refused_where_the_slice_is_dropped() -> None:
    point = np.array([[56.0, 34.2, 1.6]])
    assert spatial.ReferenceToPixelTransformer(*PLANE, round_output=False)(point)[0, 2] == pytest.approx(0.6)
    with pytest.raises(RuntimeError, match=r"0\.6 slices from the plane"):
        spatial.ReferenceToPixelTransformer(*PLANE, drop_slice_index=True)(point)
    with pytest.raises(RuntimeError, match="slices from the plane"):
        spatial.ReferenceToImageTransformer(*PLANE, drop_slice_coord=True)(point)


def test_indices_are_integers_of_two_columns() -> None:
    transformer = spatial.PixelToReferenceTransformer(*PLANE)
    with pytest.raises(TypeError, match="indices has data type float64; expected integers"):
        transformer(np.array([[0.0, 1.0]]))
    with pytest.raises(ValueError, match=r"indices has shape \(1, 3\); expected \(n, 2\)"):
        transformer(np.array([[0, 1, 2]]))


def test_a_flipped_image_in_the_same_plane() -> None:
    other = ([0.0, 100.0, 1.0], [1.0, 0, 0, 0, -1, 0], [0.5, 0.4])
    assert spatial.PixelToPixelTransformer(*PLANE, *other)(np.array([[0, 0]])).tolist() == [[140, 132]]
    exact = spatial.PixelToPixelTransformer(*PLANE, *other, round_output=False)(np.array([[0, 0]]))
    assert np.allclose(exact, [[140.0, 131.6]])
    assert np.allclose(spatial.ImageToImageTransformer(*PLANE, *other)(np.array([[0.5, 0.5]])), [[140.5, 132.1]])


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (([0.0, 100.0, 2.0], [1.0, 0, 0, 0, -1, 0], [1, 1]), "1 mm apart"),
        (([0.0, 100.0, 1.0], [1.0, 0, 0, 0, 0, 1], [1, 1]), "not parallel"),
    ],
)
def test_images_in_other_planes_are_refused(other: tuple[list[float], ...], words: str) -> None:
    for transformer in (spatial.PixelToPixelTransformer, spatial.ImageToImageTransformer):
        with pytest.raises(ValueError, match=words):
            transformer(*PLANE, *other)  # type: ignore[arg-type]


def test_frames_tiles_and_whole_slides() -> None:
    slide = sources.slide()
    to_matrix = spatial.PixelToPixelTransformer.for_images(slide, slide, 2, for_total_pixel_matrix_to=True)
    assert to_matrix(np.array([[0, 0]])).tolist() == [[slide.Columns, 0]]
    frame = spatial.PixelToReferenceTransformer.for_image(sources.enhanced_ct(), 2)
    single = spatial.PixelToReferenceTransformer.for_image(sources.ct_series()[0])
    assert frame.affine.shape == single.affine.shape == (4, 4)


def test_wrong_frame_numbers_are_named() -> None:
    enhanced, single = sources.enhanced_ct(), sources.ct_series()[0]
    for_image = spatial.PixelToReferenceTransformer.for_image
    with pytest.raises(TypeError, match="pass the one-based frame_number"):
        for_image(enhanced)
    with pytest.raises(IndexError, match="frame_number is 99; expected a number from 1 to 6"):
        for_image(enhanced, 99)
    with pytest.raises(ValueError, match="frame_number is 0"):
        for_image(enhanced, 0)
    with pytest.raises(TypeError, match="has a single frame"):
        for_image(single, 2)
    with pytest.raises(ValueError, match="not tiled"):
        for_image(single, for_total_pixel_matrix=True)
    with pytest.raises(TypeError, match="cannot be used with for_total_pixel_matrix"):
        for_image(sources.slide(), 1, for_total_pixel_matrix=True)
    with pytest.raises(ValueError, match="not in a frame of reference"):
        for_image(sources.cr_image())


def test_images_of_different_frames_of_reference_are_refused() -> None:
    first = sources.ct_series()[0]
    second = copy.deepcopy(first)
    second.FrameOfReferenceUID = "1.2.3"
    with pytest.raises(ValueError, match="different frames of reference"):
        spatial.PixelToPixelTransformer.for_images(first, second)


def geometry(affine: np.ndarray, uid: str | None = None) -> VolumeGeometry:
    return VolumeGeometry(affine, (4, 5, 6), "PATIENT", uid)


def test_voxels_of_one_volume_in_another() -> None:
    whole = geometry(np.eye(4))
    part = whole[1:, ::-1]
    transformer = VolumeToVolumeTransformer(part, whole, round_output=True)
    result = transformer(np.array([[0, 0, 0], [2, 1, 3]], dtype=np.int16))
    assert result.tolist() == [[1, 4, 0], [3, 3, 3]]
    assert result.dtype == np.int16
    assert VolumeToVolumeTransformer(part, whole)(np.zeros((1, 3), np.uint8)).dtype == np.float64
    assert VolumeToVolumeTransformer(part, whole)(np.zeros((1, 3), np.float32)).dtype == np.float32


def test_bounds_reach_half_a_voxel_from_the_centres_on_both_sides() -> None:
    transformer = VolumeToVolumeTransformer(geometry(np.eye(4)), geometry(np.eye(4)), check_bounds=True)
    transformer(np.array([[-0.5, 0, 5.5]]))
    for outside in (-0.6, 5.6):
        with pytest.raises(ValueError, match=r"outside the other volume, whose spatial shape is \(4, 5, 6\)"):
            transformer(np.array([[0, 0, outside]]))


def test_volumes_of_different_frames_of_reference_are_refused() -> None:
    with pytest.raises(ValueError, match="different coordinate systems or frames of reference"):
        VolumeToVolumeTransformer(geometry(np.eye(4), "1.2"), geometry(np.eye(4), "1.3"))
    VolumeToVolumeTransformer(geometry(np.eye(4), "1.2"), geometry(np.eye(4)))
    with pytest.raises(TypeError, match="volume_to is a int"):
        VolumeToVolumeTransformer(geometry(np.eye(4)), 3)  # type: ignore[arg-type]


def test_single_points_have_functions_of_their_own() -> None:
    assert spatial.map_pixel_into_coordinate_system([1, 2], *PLANE) == pytest.approx((56.4, 35.2, 1.0))
    assert spatial.map_coordinate_into_pixel_matrix([56.4, 35.2, 3.0], *PLANE, spacing_between_slices=2.0) == (1, 2, 1)


@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_very_many_points_are_mapped_as_one_by_one(dtype: type[np.generic]) -> None:
    # turned in the plane by an angle of which sine and cosine are 0.6 and 0.8
    affine = np.array([[0.4, -0.3, 0.0, 3.0], [0.3, 0.4, 0.0, -7.0], [0.0, 0.0, 1.5, 0.125], [0.0, 0.0, 0.0, 1.0]])
    volume = VolumeGeometry(np.eye(4), (9, 9, 9), "PATIENT")
    other = VolumeGeometry(np.linalg.inv(affine), (9, 9, 9), "PATIENT")
    points = np.random.default_rng(0).integers(-500, 500, (800_003, 3)).astype(dtype)
    mapped = VolumeToVolumeTransformer(volume, other)(points)
    assert mapped.dtype == (np.float64 if dtype is np.int64 else dtype)
    np.testing.assert_allclose(mapped, points @ affine[:3, :3].T + affine[:3, 3], rtol=0, atol=1e-3)
    for index in (0, 8191, 8192, 200_000, 200_001, 600_002, 800_002):
        one = VolumeToVolumeTransformer(volume, other)(points[index : index + 1])
        np.testing.assert_allclose(mapped[index : index + 1], one, rtol=1e-6)
