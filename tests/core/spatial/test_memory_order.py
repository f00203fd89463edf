"""Great arrays: copied, filled and rescaled in slabs, with the same results as in one piece."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from hdcore.spatial.memory_order import contiguous
from hdcore.spatial.normalize import rescale_to_moments, rescale_to_range
from hdcore.spatial.slabs import for_slabs

SHAPE = (260, 264, 256)
"""As uint8, over the number of bytes from which on arrays are worked on in slabs; one axis a power of two."""


@pytest.fixture(scope="module")
def voxels() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, SHAPE, np.uint8)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("flips", [(1, 1, 1), (-1, 1, -1)])
def test_a_great_array_in_any_order_is_copied_value_by_value(voxels, order, flips) -> None:
    view = voxels[tuple(slice(None, None, step) for step in flips)].transpose(order)
    copy = contiguous(view)
    assert copy.flags.c_contiguous
    assert np.array_equal(copy, view)


def test_slabs_cover_the_first_axis_once_and_in_order() -> None:
    slabs = for_slabs(lambda slab: slab, 10, 1 << 30)
    assert [index for slab in slabs for index in range(10)[slab]] == list(range(10))


def test_a_small_array_is_one_slab() -> None:
    assert for_slabs(lambda slab: slab, 10, 1000) == [slice(0, 10)]


def test_an_error_in_a_slab_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        for_slabs(lambda slab: slab.start // 0, 10, 1 << 30)


def test_moments_of_a_great_array_are_those_of_all_of_it(voxels) -> None:
    result = rescale_to_moments(voxels, per_channel=True, mean=3.0, std=2.0)
    expected = (voxels[::50] - voxels.mean()) / voxels.std() * 2.0 + 3.0
    np.testing.assert_allclose(result[::50], expected, rtol=0, atol=1e-9)


def test_the_range_of_a_great_array_is_that_of_all_of_it() -> None:
    array = np.zeros(SHAPE, np.float32)
    array[0, 0, 0], array[-1, -1, -1] = -2.0, 6.0
    result = rescale_to_range(array, per_channel=False, minimum=0.0, maximum=1.0)
    assert (result[0, 0, 0], result[-1, -1, -1], result[100, 0, 0]) == (0.0, 1.0, 0.25)
