from __future__ import annotations

import pickle

import numpy as np
import pytest

from hdcore import spatial
from hdcore.spatial import StackError, StackProblem

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def along_z(*heights: float) -> np.ndarray:
    return np.array([[5.0, 6.0, height] for height in heights])


def problem_of(positions: np.ndarray, **options: object) -> StackError:
    with pytest.raises(StackError) as caught:
        spatial.find_stack(positions, AXIAL, **options)  # type: ignore[arg-type]
    assert spatial.get_volume_positions(positions, AXIAL, **options) == (None, None)  # type: ignore[arg-type]
    return caught.value


def test_places_are_in_the_direction_of_the_normal_of_volumes() -> None:
    assert spatial.get_volume_positions(along_z(0, 4, 2), AXIAL) == (2.0, [2, 0, 1])
    assert spatial.get_volume_positions(along_z(0, 4, 2), AXIAL, handedness="LEFT_HANDED") == (2.0, [0, 2, 1])


def test_one_plane_is_a_stack() -> None:
    assert spatial.get_volume_positions(along_z(3), AXIAL) == (1.0, [0])
    assert spatial.get_volume_positions(along_z(3), AXIAL, spacing_hint=2.5) == (2.5, [0])


def test_gaps_are_named_and_allowed_on_request() -> None:
    gap = along_z(0, 1, 3, 4)
    assert problem_of(gap).problem is StackProblem.MISSING_POSITIONS
    assert "1 planes are missing" in str(problem_of(gap))
    stack = spatial.find_stack(gap, AXIAL, allow_missing_positions=True)
    assert (stack.spacing, stack.indices.tolist(), stack.size, stack.first) == (1.0, [4, 3, 1, 0], 5, 3)


def test_a_hint_tells_the_spacing_where_every_other_plane_is_missing() -> None:
    stack = spatial.find_stack(along_z(0, 2, 4), AXIAL, allow_missing_positions=True, spacing_hint=1.0)
    assert (stack.spacing, stack.indices.tolist()) == (1.0, [4, 2, 0])
    assert problem_of(along_z(0, 2, 4), spacing_hint=1.0).problem is StackProblem.UNEXPECTED_SPACING


def test_a_hint_that_is_slightly_off_does_not_add_up_unnoticed() -> None:
    heights = np.arange(100) * 1.008
    problem = problem_of(along_z(*heights), allow_missing_positions=True, spacing_hint=1.0)
    assert problem.problem is StackProblem.IRREGULAR_SPACING


def test_duplicates_are_named_and_allowed_on_request() -> None:
    twice = along_z(0, 1, 2, 0, 1, 2)
    assert problem_of(twice).problem is StackProblem.DUPLICATE_POSITIONS
    assert "3 of 3 positions occur more than once" in str(problem_of(twice))
    stack = spatial.find_stack(twice, AXIAL, allow_duplicate_positions=True)
    assert stack.indices.tolist() == [2, 1, 0, 2, 1, 0]


def test_positions_that_differ_by_rounding_are_duplicates() -> None:
    stack = spatial.find_stack(along_z(0, 1e-7, 1, 2), AXIAL, allow_duplicate_positions=True)
    assert stack.indices.tolist() == [2, 2, 1, 0]


def test_gantry_tilt_is_named_with_its_angle() -> None:
    tilted = along_z(0, 1, 2) + np.outer([0, 1, 2], [0, np.tan(np.radians(10)), 0])
    problem = problem_of(tilted)
    assert problem.problem is StackProblem.GANTRY_TILT
    assert "10.00 degrees" in str(problem)
    assert spatial.find_stack(tilted, AXIAL, perpendicular_tol=0.1).spacing == pytest.approx(1.0)


def test_planes_side_by_side_are_no_stack() -> None:
    tiles = np.array([[0.0, 0, 0], [10.0, 0, 0], [20.0, 0, 0]])
    assert "side by side" in str(problem_of(tiles))


def test_irregular_spacing_is_named_with_its_range() -> None:
    problem = problem_of(along_z(0, 1, 2.3))
    assert problem.problem is StackProblem.IRREGULAR_SPACING
    assert "between 1 and 1.3 mm" in str(problem)
    assert spatial.find_stack(along_z(0, 1, 2.3), AXIAL, atol=0.2).spacing == pytest.approx(1.15)


def test_a_tolerance_of_half_the_spacing_does_not_tell_gaps() -> None:
    heights = along_z(-0.02, 2.24, 4.56, 8.89, 11.15, 13.55, 15.69, 4.37)
    problem = problem_of(heights, atol=0.1, allow_missing_positions=True, allow_duplicate_positions=True)
    assert problem.problem is StackProblem.IRREGULAR_SPACING
    assert "with a tolerance of 0.1 mm any distance were a multiple" in str(problem)
    assert spatial.find_stack(along_z(0, 0.15, 0.3), AXIAL, atol=0.1, allow_missing_positions=True).size == 3


def test_order_is_checked_where_sorting_is_not_wanted() -> None:
    assert spatial.get_volume_positions(along_z(0, 1, 2), AXIAL, sort=False) == (1.0, [0, 1, 2])
    assert problem_of(along_z(0, 2, 1), sort=False).problem is StackProblem.WRONG_ORDER
    assert "reverse" in str(problem_of(along_z(0, 1, 2), sort=False, enforce_handedness=True))
    assert spatial.get_volume_positions(along_z(2, 1, 0), AXIAL, sort=False, enforce_handedness=True)[0] == 1.0
    assert problem_of(along_z(0, 0, 1), sort=False).problem is StackProblem.DUPLICATE_POSITIONS


@pytest.mark.parametrize(
    ("positions", "options", "kind", "words"),
    [
        (np.zeros((0, 3)), {}, ValueError, "image_positions is empty"),
        (np.zeros((2, 2)), {}, ValueError, r"shape \(2, 2\); expected \(n, 3\)"),
        (along_z(0, 1), {"rtol": 0.1, "atol": 0.1}, TypeError, "'rtol' or 'atol', not both"),
        (along_z(0, 1), {"rtol": -0.1}, ValueError, "rtol is -0.1"),
        (along_z(0, 1), {"sort": False, "allow_missing_positions": True}, ValueError, "need sort=True"),
    ],
)
def test_wrong_input_is_an_error_not_an_absent_volume(
    positions: np.ndarray, options: dict[str, object], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        spatial.get_volume_positions(positions, AXIAL, **options)  # type: ignore[arg-type]


def test_problems_survive_pickling() -> None:
    problem = pickle.loads(pickle.dumps(problem_of(along_z(0, 1, 3))))
    assert problem.problem is StackProblem.MISSING_POSITIONS


def test_planes_at_one_position_stay_in_order_when_sorted() -> None:
    assert spatial.get_plane_sort_index(along_z(0, 1, 3, 1), AXIAL) == [2, 1, 3, 0]
