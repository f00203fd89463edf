"""Tables and windows for any values."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import hdcore as hd
from hdcore.pixels import apply_lut, apply_voi_window
from hdcore.pixels.segmented import expand_segments
from hdcore.pixels.steps import Affine, Lookup, fuse, run, window_step

tables = hnp.arrays(st.sampled_from([np.uint8, np.uint16]), st.integers(1, 300))
integers = hnp.arrays(st.sampled_from([np.uint8, np.int16, np.uint16, np.int32]), st.integers(0, 50))
numbers = st.floats(-1e4, 1e4).map(lambda value: round(value, 3))


@given(tables, st.integers(-32768, 65535), integers)
def test_each_value_becomes_its_entry(table, first, values):
    expected = [table[min(max(int(value) - first, 0), len(table) - 1)] for value in values]
    assert apply_lut(values, table, first).tolist() == [int(entry) for entry in expected]
    assert np.array_equal(hd.LUT(first, table).lut_data, table)


@given(
    integers,
    numbers,
    st.floats(1, 5000),
    st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
    st.booleans(),
)
def test_windows_are_monotonous_and_stay_in_their_range(values, center, width, function, invert):
    shown = apply_voi_window(np.sort(values), center, width, function, (-5, 250), invert=invert)
    assert ((shown >= -5) & (shown <= 250)).all()
    steps = np.diff(shown)
    assert (steps <= 1e-9).all() if invert else (steps >= -1e-9).all()


@given(integers, numbers.filter(bool), numbers, numbers, st.floats(2, 5000), st.sampled_from(["LINEAR", "SIGMOID"]))
def test_joined_steps_equal_steps_one_by_one(values, slope, intercept, center, width, function):
    steps = (Affine(slope, intercept), window_step(center, width, function, (0, 1)))
    fused = fuse(steps)
    assert len(fused) == 1
    between = values.astype(float) * slope + intercept
    expected = run(steps[1:], between, np.dtype(float))
    assert np.allclose(run(fused, values, np.dtype(float)), expected, atol=1e-6)


@given(tables, integers, st.integers(-50, 50), numbers, st.floats(1, 500))
def test_what_follows_a_table_is_applied_to_its_entries(table, values, first, center, width):
    window = window_step(center, width, "LINEAR", (0, 255))
    fused = fuse((Lookup(first, table), window))
    assert len(fused) == 1
    expected = run((window,), apply_lut(values, table, first), np.dtype(float))
    assert np.allclose(run(fused, values, np.dtype(float)), expected)


@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.lists(st.integers(0, 255), min_size=1, max_size=9)), max_size=9))
def test_segments_expand_to_as_many_entries_as_they_say(segments):
    data, expected = [0, 1, 7], 1
    for opcode, values in segments:
        data += [0, len(values), *values] if opcode == 0 else [1, len(values), values[0]]
        expected += len(values)
    entries = expand_segments(np.array(data, np.uint16))
    assert len(entries) == expected
    assert entries.max() <= 255
