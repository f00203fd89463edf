"""Distinct values and rows are those that NumPy finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hdcore.spatial.distinct import are_distinct, distinct, numbered

_TYPES = st.sampled_from([np.int64, np.float64, np.uint8])
_SHAPES = st.tuples(st.integers(0, 12)) | st.tuples(st.integers(0, 12), st.integers(1, 3))
_ARRAYS = _TYPES.flatmap(
    lambda dtype: arrays.arrays(dtype, _SHAPES, elements=st.integers(0, 3).map(np.dtype(dtype).type), fill=st.nothing())
)


@given(_ARRAYS)
def test_distinct_values_and_rows_are_those_of_numpy(values):
    np.testing.assert_array_equal(distinct(values), np.unique(values, axis=0))
    assert are_distinct(values) == (len(np.unique(values, axis=0)) == len(values))


@given(_ARRAYS)
def test_equal_rows_have_equal_numbers_in_ascending_order_and_their_first_row_is_known(values):
    found, first, codes = np.unique(values, axis=0, return_index=True, return_inverse=True)
    numbers, firsts = numbered(values)
    np.testing.assert_array_equal(numbers, codes.reshape(-1))
    np.testing.assert_array_equal(firsts, first)
    np.testing.assert_array_equal(values[firsts], found)


def test_rows_without_columns_are_all_alike():
    nothing = np.zeros((3, 0))
    assert distinct(nothing).shape == (1, 0)
    assert numbered(nothing)[0].tolist() == [0, 0, 0]
    assert not are_distinct(nothing)
