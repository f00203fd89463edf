"""Masks of every form, seen through the three encodings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hdcore_seg.encoding import Binary, Fractional, Labelmap, encoding_of
from hdcore_seg.enums import SegmentationFractionalTypeValues, SegmentsOverlapValues
from hdcore_seg.planes import ArrayPlanes, SpooledArray, TiledPlanes, planes_of

FRACTIONAL = Fractional(SegmentationFractionalTypeValues.PROBABILITY, 255)


def stored(encoding, array, numbers, pairs):
    accepted = encoding.accept(planes_of(array), numbers)
    plane, segment = (np.array(axis) for axis in zip(*pairs, strict=True))
    return np.concatenate(list(accepted.frames(plane, segment)))


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.uint16, np.int64]),
        st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 9)),
        elements=st.integers(0, 3),
    )
)
def test_a_label_map_and_its_stacked_masks_are_stored_alike(labels):
    stack = np.stack([labels == number for number in (1, 2, 3)], axis=-1)
    pairs = [(plane, segment) for segment in range(3) for plane in range(len(labels))]
    for encoding in (Binary(), FRACTIONAL, Labelmap(8)):
        one, two = (encoding.accept(planes_of(array), (1, 2, 3)) for array in (labels, stack))
        np.testing.assert_array_equal(one.occupied, two.occupied)
        assert one.overlap is two.overlap is SegmentsOverlapValues.NO
    np.testing.assert_array_equal(
        stored(Binary(), labels, (1, 2, 3), pairs) != 0, stored(Binary(), stack, (1, 2, 3), pairs) != 0
    )
    np.testing.assert_array_equal(
        stored(Labelmap(8), stack, (1, 2, 3), [(plane, 0) for plane in range(len(labels))]), labels
    )
    np.testing.assert_array_equal(
        stored(FRACTIONAL, labels, (1, 2, 3), pairs), np.concatenate([(labels == n) * 255 for n in (1, 2, 3)])
    )


def test_occupied_tells_which_segments_have_a_pixel_in_which_plane():
    labels = np.zeros((3, 5, 5), np.uint16)
    labels[1, 2, 2], labels[1, 0, 0], labels[2, 4, 4] = 7, 300, 7
    accepted = Binary().accept(planes_of(labels), (7, 300))
    assert accepted.occupied.tolist() == [[False, False], [True, True], [True, False]]


def test_overlapping_masks_are_noticed():
    stack = np.zeros((2, 4, 4, 3), bool)
    stack[1, 1, 1, [0, 2]] = True
    assert Binary().accept(planes_of(stack), (1, 2, 3)).overlap is SegmentsOverlapValues.YES
    assert FRACTIONAL.accept(planes_of(stack * 0.5), (1, 2, 3)).overlap is SegmentsOverlapValues.YES


def test_overlapping_masks_cannot_become_a_label_map():
    with pytest.raises(ValueError, match="more than one segment"):
        Labelmap(8).accept(planes_of(np.ones((1, 2, 2, 2), bool)), (1, 2))


def test_shares_are_rounded_to_the_nearest_integer_halves_to_even():
    shares = np.array([[[0.0, 0.1, 0.5, 1.0]]], np.float64)
    expected = np.rint(shares * 255).astype(np.uint8)
    np.testing.assert_array_equal(stored(FRACTIONAL, shares, (1,), [(0, 0)]), expected)


def test_shares_that_round_to_zero_leave_a_frame_empty():
    shares = np.full((2, 2, 2), 0.001)
    shares[1, 0, 0] = 0.01
    assert FRACTIONAL.accept(planes_of(shares), (1,)).occupied.tolist() == [[False], [True]]


@pytest.mark.parametrize("value", [-0.1, 1.5, np.nan])
def test_floats_outside_zero_to_one_are_refused(value):
    with pytest.raises(ValueError, match="expected in 0 to 1"):
        FRACTIONAL.accept(planes_of(np.full((1, 2, 2), value)), (1,))


@pytest.mark.parametrize(
    ("array", "numbers", "message"),
    [
        (np.full((1, 2, 2), 3, np.uint8), (1, 2), r"value\(s\) 3, which"),
        (np.full((1, 2, 2), -1, np.int16), (1, 2), r"value\(s\) -1, which"),
        (np.full((1, 2, 2), 5, np.uint8), (4, 6), r"value\(s\) 5, which"),
        (np.full((1, 2, 2, 1), 2, np.uint8), (1,), "only 0 and 1"),
        (np.full((1, 2, 2, 2), 1, np.uint8), (1,), "2 segments along its last axis"),
        (np.full((1, 2, 2), 0.5), (1,), "other than 0 and 1"),
    ],
)
def test_values_that_no_description_covers_are_refused(array, numbers, message):
    with pytest.raises(ValueError, match=message):
        Binary().accept(planes_of(array), numbers)


def test_complex_values_are_of_a_wrong_type():
    with pytest.raises(TypeError, match="complex128"):
        Binary().accept(planes_of(np.zeros((1, 2, 2), complex)), (1,))


def test_empty_frames_are_given_as_zeros():
    labels = np.zeros((3, 2, 2), np.uint8)
    labels[1] = 1
    frames = stored(Binary(), labels, (1, 2), [(0, 0), (1, 0), (1, 1), (2, 1)])
    assert frames.reshape(4, -1).any(axis=1).tolist() == [False, True, False, False]


def test_a_label_map_has_sixteen_bits_when_a_number_needs_them():
    assert encoding_of("LABELMAP", (1, 255), None, 255).bits_allocated == 8
    assert encoding_of("LABELMAP", (1, 256), None, 255).bits_allocated == 16


def test_tiles_cover_the_matrix_and_are_padded_with_zeros():
    matrix = np.arange(35, dtype=np.uint8).reshape(5, 7)
    planes = TiledPlanes(matrix, 2, 4)
    tiles = planes.take(np.arange(planes.count))
    whole = tiles.reshape(3, 2, 2, 4).transpose(0, 2, 1, 3).reshape(6, 8)
    np.testing.assert_array_equal(whole[:5, :7], matrix)
    assert not whole[5].any()
    assert not whole[:, 7].any()


def test_planes_that_come_one_by_one_are_the_same_as_an_array():
    labels = np.random.default_rng(0).integers(0, 4, (5, 6, 7), np.uint8)
    spooled = SpooledArray(iter(labels))
    assert spooled.shape == (5, 6, 7)
    np.testing.assert_array_equal(ArrayPlanes(spooled).take(np.array([3, 1])), labels[[3, 1]])


def test_planes_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="plane 1 of pixel_array has shape"):
        SpooledArray([np.zeros((2, 2)), np.zeros((2, 3))])


@pytest.mark.parametrize("shape", [(2,), (1, 2, 3, 4, 5), (0, 4, 4)])
def test_arrays_of_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="pixel_array has shape"):
        planes_of(np.zeros(shape))
