from __future__ import annotations

import numpy as np
import pytest

from hdcore import PatientOrientationValuesQuadruped as Quadruped
from hdcore import spatial


def test_nifti_matrix_becomes_dicoms_by_reversing_x_and_y() -> None:
    affine = np.array([[1.0, 0, 0, 5], [0, 2, 0, 6], [0, 0, 3, 7], [0, 0, 0, 1]])
    assert spatial.convert_affine_to_convention(affine, "RAS", "LPS").tolist() == [
        [-1.0, 0, 0, -5],
        [0, -2, 0, -6],
        [0, 0, 3, 7],
        [0, 0, 0, 1],
    ]


def test_conventions_may_also_permute_axes() -> None:
    affine = np.array([[1.0, 0, 0, 5], [0, 2, 0, 6], [0, 0, 3, 7], [0, 0, 0, 1]])
    permuted = spatial.convert_affine_to_convention(affine, "LPS", "HAR")
    assert (permuted @ [0, 0, 0, 1]).tolist() == [7.0, -6.0, -5.0, 1.0]


def test_an_axis_of_the_body_is_used_once_even_in_oblique_volumes() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        rotation = np.linalg.qr(random.normal(size=(3, 3)))[0]
        letters = {direction.value for direction in spatial.get_closest_patient_orientation(rotation)}
        assert all(len(letters & set(pair)) == 1 for pair in ("LR", "AP", "HF"))


def test_quadrupeds_have_their_own_words() -> None:
    assert spatial.get_closest_quadruped_orientation(np.diag([1.0, -1.0, -1.0])) == (
        Quadruped.LE,
        Quadruped.V,
        Quadruped.CD,
    )


def test_patient_orientation_of_an_oblique_plane_names_the_main_direction_first() -> None:
    oblique = np.array([1.0, 0, 0, 0, 0.8, -0.6])
    assert spatial.get_patient_orientation_of_image(oblique) == ("L", "PF")
    assert spatial.get_patient_orientation_of_image(oblique, "QUADRUPED") == ("LE", "DCD")


@pytest.mark.parametrize(
    ("orientation", "words"),
    [
        ("LP", "expected three directions"),
        ("LPL", "one of L and R, one of A and P"),
        ("LPX", "has the direction 'X'"),
    ],
)
def test_wrong_orientations_are_named(orientation: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        spatial.rotation_for_patient_orientation(orientation)


def test_wrong_shapes_are_named() -> None:
    with pytest.raises(ValueError, match=r"affine has shape \(2, 2\)"):
        spatial.get_closest_patient_orientation(np.eye(2))
    with pytest.raises(ValueError, match=r"affine has shape \(3, 3\); expected \(4, 4\)"):
        spatial.convert_affine_to_convention(np.eye(3), "LPS", "RAS")
