from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hdcore_ann import areas_of, rasterize, trace
from hdcore_ann.outlines import signed_areas

IMAGES = st.tuples(st.integers(1, 14), st.integers(1, 14)).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.integers(0, 3))
)


@settings(max_examples=150, deadline=None)
@given(IMAGES)
def test_outlines_of_a_label_image_give_it_back(image: np.ndarray) -> None:
    polygons, values = trace(image, left=5, top=-3)
    rows, columns = image.shape
    back = rasterize(polygons, (5, -3, 5 + columns, rows - 3), values)
    np.testing.assert_array_equal(back, image)
    assert int(areas_of(polygons).sum()) == np.count_nonzero(image)


@settings(max_examples=100, deadline=None)
@given(IMAGES)
def test_filled_outlines_cover_the_region_and_turn_clockwise(image: np.ndarray) -> None:
    polygons, _ = trace(image, holes="fill")
    if len(polygons):
        assert (signed_areas(polygons) > 0).all()
    assert (rasterize(polygons, (0, 0, image.shape[1], image.shape[0])) | (image == 0)).all()


def test_rectangle_has_four_corners_and_touching_corners_are_two_regions() -> None:
    mask = np.zeros((6, 6), bool)
    mask[1:3, 1:4] = True
    mask[3, 4] = True
    polygons, values = trace(mask)
    assert [one.tolist() for one in polygons] == [
        [[1, 1], [4, 1], [4, 3], [1, 3]],
        [[4, 3], [5, 3], [5, 4], [4, 4]],
    ]
    assert values.tolist() == [True, True]
    assert polygons.points.dtype == np.float32


def test_areas_in_portions_are_the_same(monkeypatch) -> None:
    image = np.random.default_rng(0).integers(0, 3, (30, 30))
    polygons, _ = trace(image)
    at_once = signed_areas(polygons)
    monkeypatch.setattr("hdcore_ann.outlines._POINTS_AT_ONCE", 9)
    np.testing.assert_array_equal(signed_areas(polygons), at_once)


def test_ring_has_a_cut_or_is_filled() -> None:
    ring = np.ones((5, 5), np.uint8)
    ring[2, 2] = 0
    cut, _ = trace(ring)
    filled, _ = trace(ring, holes="fill")
    assert len(cut) == len(filled) == 1
    assert filled[0].tolist() == [[0, 0], [5, 0], [5, 5], [0, 5]]
    assert areas_of(cut).tolist() == [24]


def test_empty_mask_has_no_outline() -> None:
    polygons, values = trace(np.zeros((4, 4), bool))
    assert (len(polygons), len(values)) == (0, 0)


def test_what_is_no_label_image_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        trace(np.zeros(4, bool))
    with pytest.raises(TypeError, match="integers"):
        trace(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="holes"):
        trace(np.zeros((4, 4), bool), holes="keep")  # type: ignore[arg-type]
