from __future__ import annotations

import numpy as np
import pytest

from hdcore_ann import Shapes, rasterize

SQUARE = [[1, 1], [4, 1], [4, 3], [1, 3]]


def test_polygon_fills_the_pixels_whose_centres_it_encloses() -> None:
    mask = rasterize(Shapes.of("POLYGON", [SQUARE]), (0, 0, 6, 4))
    expected = np.zeros((4, 6), bool)
    expected[1:3, 1:4] = True
    np.testing.assert_array_equal(mask, expected)


def test_any_region_is_the_same_cut_of_the_whole() -> None:
    rng = np.random.default_rng(0)
    shapes = Shapes.of("POLYGON", [rng.random((5, 2)) * 40 for _ in range(30)])
    values = np.arange(1, 31)
    whole = rasterize(shapes, (-10, -10, 50, 50), values)
    part = rasterize(shapes, (3, 7, 29, 31), values)
    np.testing.assert_array_equal(part, whole[17:41, 13:39])
    np.testing.assert_array_equal(rasterize(shapes, (3, 7, 29, 31)), part > 0)


def test_crossing_outlines_are_filled_by_the_even_odd_rule() -> None:
    inner = [[2, 1], [2, 2], [3, 2], [3, 1], [2, 1], [1, 1]]
    with_bay = Shapes.of("POLYGON", [[[1, 1], [5, 1], [5, 4], [1, 4], [1, 1], *inner[:-1]]])
    mask = rasterize(with_bay, (0, 0, 6, 5))
    assert mask[1].tolist() == [False, True, False, True, True, False]
    assert mask[2].tolist() == [False, True, True, True, True, False]


def test_last_shape_wins_where_they_overlap() -> None:
    shapes = Shapes.of("RECTANGLE", [SQUARE, [[3, 0], [6, 0], [6, 4], [3, 4]]])
    assert rasterize(shapes, (0, 0, 6, 4), np.array([7, 9], np.uint8))[1].tolist() == [0, 7, 7, 9, 9, 9]


def test_points_and_lines_are_drawn_too() -> None:
    points = rasterize(Shapes.of("POINT", [[[0.5, 0.5]], [[2, 3]], [[-1, 0]]]), (0, 0, 4, 5), [1, 2, 3])
    assert (points[0, 0], points[3, 2], points.sum()) == (1, 2, 3)
    line = rasterize(Shapes.of("POLYLINE", [[[0.5, 0.5], [5.5, 2.5]]]), (0, 0, 6, 3))
    assert line.any(axis=0).all()
    assert line[0, 0]
    assert line[2, 5]
    assert not line[2, 0]


def test_ellipse_has_about_its_area() -> None:
    mask = rasterize(Shapes.of("ELLIPSE", [[[10, 50], [90, 50], [50, 30], [50, 70]]]), (0, 0, 100, 100))
    assert abs(mask.sum() - np.pi * 40 * 20) < 20


def test_many_shapes_in_portions_give_the_same(monkeypatch) -> None:
    rng = np.random.default_rng(2)
    shapes = Shapes.of("POLYGON", [rng.random((6, 2)) * 60 for _ in range(50)])
    at_once = rasterize(shapes, (0, 0, 60, 60), np.arange(1, 51))
    monkeypatch.setattr("hdcore_ann.raster._CUTS_AT_ONCE", 100)
    monkeypatch.setattr("hdcore_ann.raster._PIXELS_AT_ONCE", 100)
    np.testing.assert_array_equal(rasterize(shapes, (0, 0, 60, 60), np.arange(1, 51)), at_once)


@pytest.mark.parametrize("region", [(0, 0, 0, 5), (3, 3, 5, 3)])
def test_empty_region_is_refused(region) -> None:
    with pytest.raises(ValueError, match="region"):
        rasterize(Shapes.of("POLYGON", [SQUARE]), region)


def test_values_and_coordinates_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="values"):
        rasterize(Shapes.of("POLYGON", [SQUARE]), (0, 0, 5, 5), [1, 2])
    with pytest.raises(ValueError, match="to_pixels"):
        rasterize(Shapes.of("POINT", [[[1, 2, 3]]]), (0, 0, 5, 5))
