from __future__ import annotations

import numpy as np
import pytest

from hdcore import spatial

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def test_affine_is_equation_c_7_6_2_1_1_of_the_standard() -> None:
    affine = spatial.create_affine_matrix_from_attributes([10.0, 20.0, 30.0], AXIAL, [0.5, 0.25], 3.0)
    column, row = 7, 11
    assert (affine @ [column, row, 0, 1]).tolist() == [10 + 0.25 * column, 20 + 0.5 * row, 30.0, 1.0]
    assert (affine @ [0, 0, 2, 1])[2] == 36.0


@pytest.mark.parametrize("handedness", ["RIGHT_HANDED", "LEFT_HANDED"])
@pytest.mark.parametrize("convention", ["RD", "DR", "LU", "UL", "RU", "UR", "LD", "DL"])
@pytest.mark.parametrize("slices_first", [True, False])
def test_rotation_has_the_requested_handedness(convention: str, handedness: str, slices_first: bool) -> None:
    matrix = spatial.create_rotation_matrix(AXIAL, convention, slices_first, handedness, (0.5, 0.25), 2.0)
    assert (np.linalg.det(matrix) > 0) == (handedness == "RIGHT_HANDED")
    spacing = dict(zip("RLDU", (0.25, 0.25, 0.5, 0.5), strict=True))
    lengths = [spacing[letter] for letter in convention]
    assert np.linalg.norm(matrix, axis=0).tolist() == ([2.0, *lengths] if slices_first else [*lengths, 2.0])


def test_volume_convention_stacks_axial_slices_from_head_to_feet() -> None:
    assert spatial.get_normal_vector(AXIAL, "DR").tolist() == [0.0, 0.0, -1.0]


def test_center_position_is_between_voxels_along_even_axes() -> None:
    affine = spatial.create_affine_matrix_from_components(
        spacing=[1.0, 2.0, 3.0], center_position=[1, 2, 3], patient_orientation="FPL", spatial_shape=[2, 3, 4]
    )
    assert (affine @ [0.5, 1.0, 1.5, 1.0]).tolist() == [1.0, 2.0, 3.0, 1.0]


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (([0, 0], AXIAL, [1, 1]), ValueError, "image_position has 2 values; expected 3"),
        ((3, AXIAL, [1, 1]), TypeError, "image_position is 3; expected a sequence"),
        (([0, 0, 0], [1, 0, 0, 1, 0, 0], [1, 1]), ValueError, "two directions at right angles"),
        (([0, 0, 0], AXIAL, [1, 0]), ValueError, "pixel_spacing is .* expected positive distances in mm"),
        (([0, 0, float("nan")], AXIAL, [1, 1]), ValueError, "expected finite numbers"),
        (([0, 0, 0], AXIAL, [1, 1], -1.0), ValueError, "spacing_between_slices is -1.0"),
        (([0, 0, 0], AXIAL, [1, 1], 1.0, "LU"), ValueError, "must increase rightwards"),
        (([0, 0, 0], AXIAL, [1, 1], 1.0, "RL"), ValueError, "one of L and R and one of U and D"),
        (([0, 0, 0], AXIAL, [1, 1], 1.0, "X"), ValueError, "'X' is not one of PixelIndexDirections"),
        (([0, 0, 0], "abcdef", [1, 1]), TypeError, "expected a sequence of 6 numbers"),
    ],
)
def test_wrong_attributes_are_named(arguments: tuple[object, ...], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        spatial.create_affine_matrix_from_attributes(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"position": [0, 0, 0]}, "'direction' and 'patient_orientation'"),
        ({"direction": np.eye(3)}, "'position' and 'center_position'"),
        ({"direction": np.eye(3), "center_position": [0, 0, 0]}, "'spatial_shape'"),
    ],
)
def test_missing_components_are_named(keywords: dict[str, object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        spatial.create_affine_matrix_from_components(spacing=1.0, **keywords)  # type: ignore[arg-type]


def test_a_direction_matrix_must_be_orthogonal() -> None:
    with pytest.raises(ValueError, match="columns of length one at right angles"):
        spatial.create_affine_matrix_from_components(spacing=1.0, position=[0, 0, 0], direction=2 * np.eye(3))


def test_points_in_a_tilted_plane_are_coplanar_and_others_are_not() -> None:
    random = np.random.default_rng(0)
    plane = random.normal(size=(20, 2)) @ random.normal(size=(2, 3)) + 100.0
    assert spatial.are_points_coplanar(plane)
    plane[3] += np.cross(plane[1] - plane[0], plane[2] - plane[0])
    assert not spatial.are_points_coplanar(plane)
    assert spatial.are_points_coplanar(random.normal(size=(3, 3)))
    with pytest.raises(ValueError, match=r"points has shape \(3, 2\); expected \(n, 3\)"):
        spatial.are_points_coplanar(np.zeros((3, 2)))
