"""Frames are put together in one pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcore.frames.assemble import StoredValues, assemble_planes, assemble_region
from hdcore.frames.placement import Tiles
from hdcore.pixels.stored import StoredFrames
from hdcore.testing.sources import enhanced_ct, slide

VALUES = StoredValues(np.dtype(np.int32))


@pytest.fixture(scope="module")
def image():
    return enhanced_ct(frames=6)


@pytest.fixture(scope="module")
def stored(image):
    return StoredFrames.of_dataset(image)


@given(frames=st.lists(st.integers(-1, 5), min_size=1, max_size=12))
def test_planes_come_in_the_order_that_is_asked_for(frames, image, stored):
    result = assemble_planes(stored, np.array(frames), VALUES, shape=(len(frames),))
    expected = np.stack([image.pixel_array[frame] if frame >= 0 else np.zeros((32, 32)) for frame in frames])
    np.testing.assert_array_equal(result, expected)


def test_planes_are_cut_and_placed(image, stored):
    result = assemble_planes(
        stored,
        np.array([4, 2]),
        VALUES,
        rows=slice(3, 9),
        columns=slice(30, 32),
        planes=np.array([3, 0]),
        shape=(4,),
    )
    assert result.shape == (4, 6, 2)
    np.testing.assert_array_equal(result[3], image.pixel_array[4, 3:9, 30:32])
    np.testing.assert_array_equal(result[0], image.pixel_array[2, 3:9, 30:32])
    assert not result[1:3].any()


def test_planes_have_channels(image, stored):
    result = assemble_planes(
        stored, np.arange(6), VALUES, planes=np.array([0, 0, 1, 1, 2, 2]), channels=np.array([0, 1] * 3)
    )
    assert result.shape == (3, 32, 32, 2)
    np.testing.assert_array_equal(result[2, ..., 1], image.pixel_array[5])


@given(st.data())
def test_any_region_of_a_total_pixel_matrix(data):
    image = slide()
    stored = StoredFrames.of_dataset(image)
    from hdcore.frames.placement import tiles_of
    from hdcore.frames.tabulate import tabulate

    tiles = tiles_of(image, tabulate(image))
    values = StoredValues(np.dtype(np.uint8), (3,))
    whole = assemble_region(
        stored, np.arange(stored.count), tiles, values, rows=(0, tiles.rows), columns=(0, tiles.columns)
    )
    rows = sorted(data.draw(st.lists(st.integers(0, tiles.rows), min_size=2, max_size=2, unique=True)))
    columns = sorted(data.draw(st.lists(st.integers(0, tiles.columns), min_size=2, max_size=2, unique=True)))
    part = assemble_region(stored, np.arange(stored.count), tiles, values, rows=tuple(rows), columns=tuple(columns))
    np.testing.assert_array_equal(part, whole[slice(*rows), slice(*columns)])


def test_tiles_have_channels_and_may_be_missing(image, stored):
    tiles = Tiles(
        64, 32, row_offsets=np.array([0, 32, 0, 32]), column_offsets=np.zeros(4, int), find_geometry=lambda: None
    )
    result = assemble_region(
        stored,
        np.array([0, 1, 2, -1]),
        tiles,
        VALUES,
        rows=(0, 64),
        columns=(0, 32),
        channels=np.array([0, 0, 1, 1]),
        number_of_channels=2,
    )
    assert result.shape == (64, 32, 2)
    np.testing.assert_array_equal(result[32:, :, 0], image.pixel_array[1])
    np.testing.assert_array_equal(result[:32, :, 1], image.pixel_array[2])
    assert not result[32:, :, 1].any()


def test_big_outputs_are_filled_by_several_threads():
    image = enhanced_ct(frames=12, rows=512, columns=512)
    stored = StoredFrames.of_dataset(image)
    order = np.random.default_rng(0).permutation(12)
    np.testing.assert_array_equal(assemble_planes(stored, order, VALUES), image.pixel_array[order])
    np.testing.assert_array_equal(
        assemble_planes(stored, np.arange(12), VALUES, planes=np.arange(12)[::-1]), image.pixel_array[::-1]
    )
