"""The run coder of annex G and its decoder, for any bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hdcore.errors import UnreadableError
from hdcore.pixels import FrameFormat
from hdcore.pixels.backends import imagecodecs, pylibjpeg_rle, runs
from hdcore.pixels.format import EncodingOptions
from hdcore.pixels.profiles import RLE_LOSSLESS

planes = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 300)), elements=st.sampled_from([0, 0, 0, 0, 1, 255])
)


@given(planes)
def test_rows_are_decoded_as_they_were(plane):
    coded = runs.encode_rows(plane)
    assert np.array_equal(runs.decode_segment(memoryview(coded), plane.size), plane.ravel())


@given(planes)
def test_no_run_crosses_the_end_of_a_row(plane):
    rows = b"".join(runs.encode_rows(row[np.newaxis]) for row in plane)
    assert runs.encode_rows(plane) == rows


@given(planes)
def test_three_equal_bytes_are_a_replicate_run_and_the_rest_is_literal(plane):
    longest_literal, position, coded = 0, 0, runs.encode_rows(plane)
    while position < len(coded):
        header = coded[position]
        assert header != 128
        if header < 128:
            literal = coded[position + 1 : position + 2 + header]
            longest_literal = max(longest_literal, len(literal))
            assert not any(literal[at] == literal[at + 1] == literal[at + 2] for at in range(len(literal) - 2))
            position += header + 2
        else:
            position += 2
    assert longest_literal <= 128


@pytest.mark.parametrize("module", [pylibjpeg_rle, imagecodecs], ids=["pylibjpeg-rle", "imagecodecs"])
@given(array=hnp.arrays(np.uint16, st.tuples(st.integers(1, 6), st.integers(1, 200)), elements=st.integers(0, 600)))
def test_other_coders_are_understood(module, array):
    if not module.is_available():
        pytest.skip(f"{module.PACKAGE} is not installed")
    frame = FrameFormat(RLE_LOSSLESS, *array.shape, bits_allocated=16, bits_stored=16)
    encoded = module.encode(array, frame, EncodingOptions())
    assert np.array_equal(runs.decode(encoded, frame, True).array, array)
    assert len(encoded) % 2 == 0


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused_in_words(data):
    frame = FrameFormat(RLE_LOSSLESS, 5, 7, bits_allocated=16, bits_stored=16)
    try:
        shape = runs.decode(data, frame, True).array.shape
    except UnreadableError:
        return
    assert shape == (5, 7)
