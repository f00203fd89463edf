"""Masks in arrays of every type and layout in memory, and in what is not quite an array."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore.testing import sources
from seg_making import again, make

CT = sources.ct_series(slices=4, rows=9, columns=11)
UIDS = [image.SOPInstanceUID for image in CT]
LABELS = np.random.default_rng(3).integers(0, 3, (4, 9, 11))
STACK = np.stack([LABELS == 1, LABELS == 2], axis=-1)


def spread(array):
    larger = np.zeros(tuple(2 * size for size in array.shape), array.dtype)
    inner = tuple(slice(None, None, 2) for _ in array.shape)
    larger[inner] = array
    return larger[inner]


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


LAYOUTS = {
    "as it is": np.ascontiguousarray,
    "columns first": np.asfortranarray,
    "every second": spread,
    "backwards": lambda array: array[::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1],
    "read only": read_only,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "<u2", ">u2", "<i4", ">i8", "<u8", "<f2", ">f4", "<f8"])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_masks_of_every_type_and_layout_come_back(kind, dtype, layout):
    stack = LAYOUTS[layout](STACK.astype(dtype))
    read = again(make(CT, stack, kind)).get_pixels_by_source_instance(UIDS)
    np.testing.assert_array_equal(read, STACK)
    one = LAYOUTS[layout](STACK[..., 0].astype(dtype))
    read = again(make(CT, one, kind, (1,))).get_pixels_by_source_instance(UIDS)
    np.testing.assert_array_equal(read, STACK[..., :1])


@pytest.mark.parametrize("dtype", ["i1", "u1", ">u2", "<i8"])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_label_maps_come_back_whatever_numbers_their_type_could_not_hold(kind, dtype):
    read = again(make(CT, LABELS.astype(dtype), kind, range(1, 301)))
    assert read.number_of_segments == 300
    combined = read.get_pixels_by_source_instance(UIDS, combine_segments=True)
    np.testing.assert_array_equal(combined, LABELS)


@pytest.mark.parametrize("numbers", [[1.7], "12", ["1"], [True], [None]])
def test_segment_numbers_that_are_no_integers_are_refused(numbers):
    with pytest.raises(TypeError, match="segment_numbers holds"):
        make(CT, LABELS).get_volume(segment_numbers=numbers)


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_a_segment_may_be_asked_for_twice_but_not_combined_with_itself(kind):
    read = again(make(CT, LABELS, kind))
    twice = read.get_pixels_by_source_instance(UIDS, segment_numbers=[2, 2])
    np.testing.assert_array_equal(twice, STACK[..., [1, 1]])
    with pytest.raises(ValueError, match=r"segment_numbers is \[2, 2\].* once only"):
        read.get_pixels_by_source_instance(UIDS, segment_numbers=[2, 2], combine_segments=True)


@pytest.mark.parametrize("dtype", [">u2", "<u2", ">i4", ">f4", "<f8", "u1", "i1"])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_results_are_of_the_type_that_is_asked_for(kind, dtype):
    read = again(make(CT, LABELS, kind))
    combined = read.get_pixels_by_source_instance(UIDS, combine_segments=True, dtype=dtype)
    assert combined.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(combined, LABELS)
    if kind != "FRACTIONAL" or np.dtype(dtype).kind == "f":
        stacked = read.get_pixels_by_source_instance(UIDS, dtype=dtype)
        assert stacked.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(stacked, STACK)


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_one_plane_may_be_a_list_an_iterator_or_in_chunks(kind):
    zarr = pytest.importorskip("zarr", reason="zarr stores arrays in chunks")
    plane = LABELS[0].astype(np.uint8)
    for mask in (plane, [plane], iter([plane]), zarr.array(plane, chunks=(4, 5)), np.ma.array(plane)):
        read = again(make(CT[:1], mask, kind)).get_pixels_by_source_instance(UIDS[:1], combine_segments=True)
        np.testing.assert_array_equal(read[0], plane)


def test_nested_lists_and_lists_of_planes_are_masks():
    for mask in (LABELS.tolist(), list(LABELS), iter(LABELS)):
        read = again(make(CT, mask)).get_pixels_by_source_instance(UIDS, combine_segments=True)
        np.testing.assert_array_equal(read, LABELS)


def test_masked_pixels_are_refused_since_they_may_be_anything():
    masked = np.ma.array(LABELS, mask=LABELS > 1)
    with pytest.raises(TypeError, match=r"masked pixels.*filled\(0\)"):
        make(CT, masked)
    read = again(make(CT, masked.filled(0))).get_pixels_by_source_instance(UIDS, combine_segments=True)
    np.testing.assert_array_equal(read, np.where(LABELS > 1, 0, LABELS))
