"""Numbers count from one, indices from zero, negative ones from the end."""

from __future__ import annotations

import numpy as np
import pytest

from hdcore.errors import InputError, InputTypeError, OutOfRangeError
from hdcore.frames.ranges import frame_index, frame_indices, resolve_range


def test_frame_numbers_count_from_one_and_indices_from_zero():
    assert frame_index(1, 3) == 0
    assert frame_index(np.int16(3), 3) == 2
    assert frame_index(0, 3, as_index=True) == 0
    assert frame_indices([3, 1, 1], 3).tolist() == [2, 0, 0]
    assert frame_indices(None, 3).tolist() == [0, 1, 2]
    assert frame_indices(iter([2, 0]), 3, as_indices=True).tolist() == [2, 0]


@pytest.mark.parametrize(("number", "as_index"), [(0, False), (4, False), (-1, False), (3, True), (-1, True)])
def test_frames_that_do_not_exist_are_named(number, as_index):
    with pytest.raises(OutOfRangeError, match=f"There is no frame with (number|index) {number}; the image has 3 frame"):
        frame_index(number, 3, as_index=as_index)
    with pytest.raises(IndexError):
        frame_index(number, 3, as_index=as_index)


def test_zero_as_a_number_hints_at_indices():
    with pytest.raises(OutOfRangeError, match="Pass as_index=True"):
        frame_index(0, 3)


@pytest.mark.parametrize("number", [1.0, "1", None, [1]])
def test_only_integers_are_frame_numbers(number):
    with pytest.raises(InputTypeError, match="expected an integer"):
        frame_index(number, 3)


def test_no_frames_and_no_iterables_are_refused():
    with pytest.raises(InputError, match="frame_numbers is empty"):
        frame_indices([], 3)
    with pytest.raises(InputTypeError, match="expected several integers"):
        frame_indices(1, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "as_indices", "expected"),
    [
        (None, None, False, (0, 5)),
        (1, None, False, (0, 5)),
        (2, 4, False, (1, 3)),
        (1, 6, False, (0, 5)),
        (-1, None, False, (4, 5)),
        (-5, -1, False, (0, 4)),
        (0, 5, True, (0, 5)),
        (-2, None, True, (3, 5)),
        (1, 3, True, (1, 3)),
    ],
)
def test_ranges_are_half_open(start, end, as_indices, expected):
    assert resolve_range(start, end, 5, "row", as_indices=as_indices) == expected


@pytest.mark.parametrize(
    ("start", "end", "as_indices", "message"),
    [
        (0, None, False, "row_start is 0, but numbers count from 1; pass as_indices=True"),
        (None, 0, False, "row_end is 0, but numbers count from 1"),
        (6, None, False, "row_start is 6; expected a number from 1 to 5, or from -5 to -1"),
        (None, 7, False, "row_end is 7; expected a number from 1 to 6"),
        (-6, None, True, "row_start is -6; expected a number from 0 to 4"),
        (3, 3, False, "row_start=3 and row_end=3 leave nothing of 5 row"),
        (None, 0, True, "leave nothing"),
    ],
)
def test_ranges_beyond_the_axis_are_named(start, end, as_indices, message):
    with pytest.raises(ValueError, match=message):
        resolve_range(start, end, 5, "row", as_indices=as_indices)


@pytest.mark.parametrize("value", [1.5, "2", True])
def test_only_integers_are_ends_of_ranges(value):
    with pytest.raises(InputTypeError, match=r"column_end is .*; expected an integer or None"):
        resolve_range(None, value, 5, "column")
