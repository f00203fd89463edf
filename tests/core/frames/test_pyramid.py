from __future__ import annotations

import numpy as np
import pytest

from hdcore.frames.pyramid import downsample, plan_pyramid
from hdcore.testing.sources import ct_series, slide


def _sources():
    images = [slide(64, 96), slide(32, 48, pixel_spacing=0.001), slide(16, 24, pixel_spacing=0.002)]
    for image in images[1:]:
        image.SeriesInstanceUID = images[0].SeriesInstanceUID
        image.FrameOfReferenceUID = images[0].FrameOfReferenceUID
    return images


def _matrix(rows=64, columns=96):
    return np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)


def test_an_array_is_downsampled_to_the_sizes_of_the_sources():
    levels = plan_pyramid(_sources(), [_matrix()], interpolator="LINEAR")
    assert [level.array.shape for level in levels] == [(1, 64, 96), (1, 32, 48), (1, 16, 24)]
    assert all(level.pixel_measures is None for level in levels)


def test_arrays_are_taken_as_they_are_given():
    arrays = [_matrix(), _matrix(32, 48), _matrix(16, 24)]
    levels = plan_pyramid(_sources(), arrays)
    assert all(np.shares_memory(level.array, array) for level, array in zip(levels, arrays, strict=True))


def test_factors_make_levels_that_cover_the_same_extent():
    (source, *_) = _sources()
    first, second, third = plan_pyramid([source], [_matrix()], [2, 4])
    assert first.pixel_measures is None
    assert second.array.shape == (1, 32, 48)
    assert third.pixel_measures[0].PixelSpacing == [0.002, 0.002]
    origin = source.TotalPixelMatrixOriginSequence[0]
    position = third.plane_position[0]
    assert position.XOffsetInSlideCoordinateSystem == pytest.approx(origin.XOffsetInSlideCoordinateSystem - 0.00075)
    assert position.YOffsetInSlideCoordinateSystem == pytest.approx(origin.YOffsetInSlideCoordinateSystem - 0.00075)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64, np.uint32, bool])
def test_downsampling_keeps_type_and_constant_values(dtype):
    array = np.ones((1, 9, 12, 2), dtype)
    for interpolator in ("NEAREST", "LINEAR"):
        smaller = downsample(array, (3, 4), interpolator)
        assert smaller.dtype == dtype
        assert smaller.shape == (1, 3, 4, 2)
        assert (smaller == 1).all()


def test_both_ways_of_linear_interpolation_agree():
    matrix = np.random.default_rng(0).random((1, 37, 23)).astype(np.float32)
    one, other = downsample(matrix, (11, 7), "LINEAR"), downsample(matrix.astype(np.float64), (11, 7), "LINEAR")
    np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize(
    ("sources", "arrays", "factors", "match"),
    [
        (_sources()[:1], [_matrix()], None, "give downsample_factors"),
        (_sources()[:1], [_matrix(8, 8)], [2], "first source image"),
        (_sources()[:1], [_matrix()], [4, 2], "ascending"),
        (_sources()[:1], [_matrix()], [0.5], "above 1"),
        (_sources()[:1], [_matrix()], [float("nan")], "above 1"),
        (_sources()[:1], [_matrix()], [500], "leaves no pixel"),
        (_sources(), [_matrix()], [2], "one source image and one array only"),
        (_sources()[:2], [_matrix()] * 3, None, "expected equal numbers"),
        (_sources()[:2], [_matrix(), _matrix(30, 48)], None, "its source image has"),
        (_sources()[:1], [_matrix(), _matrix()], None, "not smaller"),
        (_sources()[:1], [_matrix()[np.newaxis].repeat(2, 0)], [2], "has the shape"),
        ([*_sources()[:1], slide(32, 48, seed=3)], [_matrix()], None, "differ in SeriesInstanceUID"),
        (ct_series(1), [_matrix()], [2], "not a tiled image"),
        ([], [_matrix()], [2], "at least one"),
    ],
)
def test_what_makes_no_pyramid_is_refused(sources, arrays, factors, match):
    with pytest.raises(ValueError, match=match):
        plan_pyramid(sources, arrays, factors)


def test_arrays_must_be_a_sequence_of_arrays():
    with pytest.raises(TypeError, match="one array"):
        plan_pyramid(_sources()[:1], _matrix(), [2])
    with pytest.raises(TypeError, match="NumPy array"):
        plan_pyramid(_sources()[:1], ["array"], [2])
