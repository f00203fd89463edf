from __future__ import annotations

import numpy as np
import pytest
from hdcore.errors import InputError

from hdcore_ann import Shapes


@pytest.fixture
def shapes() -> Shapes:
    return Shapes.of("POLYLINE", [[[0, 0], [4, 1]], [[10, 10], [20, 30], [15, 40]], [[-5, 2], [1, 1]]])


def test_bounding_boxes_are_of_each_shape(shapes) -> None:
    assert shapes.bounding_boxes.tolist() == [[[0, 0], [4, 1]], [[10, 10], [20, 40]], [[-5, 1], [1, 2]]]


def test_points_may_be_one_array() -> None:
    for points in ([[1, 2], [3, 4], [5, 6]], [[1, 2, 3]]):
        shapes = Shapes.of("POINT", np.array(points, float))
        assert [one.tolist() for one in shapes] == [[point] for point in points]


@pytest.mark.parametrize("kind", ["POINT", "POLYGON"])
def test_flat_arrays_are_no_shapes(kind) -> None:
    with pytest.raises(InputError, match="flat array"):
        Shapes.of(kind, [np.array([1.0, 2.0])])


@pytest.mark.parametrize(
    ("region", "inside", "found"),
    [
        ((0, 0, 5, 5), False, [0, 2]),
        ((0, 0, 5, 5), True, [0]),
        ((-9, -9, 99, 99), True, [0, 1, 2]),
        ((50, 50, 60, 60), False, []),
        ((20, 40, 60, 60), False, [1]),
    ],
)
def test_region_finds_shapes_by_their_boxes(shapes, region, inside, found) -> None:
    assert shapes.find(region, inside=inside).tolist() == found


@pytest.mark.parametrize("region", [(0, 0, 1), (5, 5, 0, 0), (0, 0, 0, 1, 1, 1)])
def test_region_that_is_none_is_refused(shapes, region) -> None:
    with pytest.raises(ValueError, match="region"):
        shapes.find(region)


def test_selection_keeps_the_order_asked_for(shapes) -> None:
    chosen = shapes.select([2, 1])
    assert [one.tolist() for one in chosen] == [shapes[2].tolist(), shapes[1].tolist()]
    assert len(shapes.select([False, True, False])) == 1
    with pytest.raises(IndexError):
        shapes.select([7])
    with pytest.raises(IndexError):
        shapes[3]


@pytest.mark.parametrize(
    ("points", "offsets"),
    [
        (np.zeros((3, 2)), [0, 2]),
        (np.zeros((3, 2)), [1, 3]),
        (np.zeros((3, 2)), [0, 4, 3]),
        (np.zeros((3, 2)), [0.0, 3.0]),
        (np.zeros((3, 2)), []),
        (np.zeros(3), [0, 3]),
        (np.zeros((3, 4)), [0, 3]),
    ],
)
def test_offsets_that_do_not_fit_are_refused(points, offsets) -> None:
    with pytest.raises(ValueError, match=r"offsets|points"):
        Shapes("POLYLINE", points, np.array(offsets))
