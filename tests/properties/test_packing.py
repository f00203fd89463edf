"""Packing and unpacking 1-bit frames are inverse of one another, however the frames are cut into blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hdcore.pixels.packing import BitPacker, pack_bits, pack_frames, packed_length, unpack_frame, unpack_frames

frames = hnp.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)))


@given(frames)
def test_bytes_are_the_stream_of_bits_least_significant_first(array):
    packed = b"".join(pack_frames(array))
    bits = "".join("1" if pixel else "0" for pixel in array.ravel())
    expected = bytes(int(bits[i : i + 8].ljust(8, "0")[::-1], 2) for i in range(0, len(bits), 8))
    assert packed == expected == pack_bits(array)
    assert len(packed) == packed_length(array.size)


@given(frames, st.lists(st.integers(1, 4), max_size=9))
def test_blocks_of_any_size_give_the_same_bytes(array, sizes):
    packer, packed, start = BitPacker(), b"", 0
    for size in [*sizes, len(array)]:
        packed += packer.pack(array[start : start + size])
        start += size
    assert packed + packer.finish() == pack_bits(array)


@given(frames, st.integers(0, 40), st.data())
def test_frames_come_back_from_any_bit_in_any_order(array, first_bit, data):
    rows, columns = array.shape[1:]
    buffer = pack_bits(np.concatenate([np.ones(first_bit, bool), array.ravel()]))
    index = data.draw(st.integers(0, len(array) - 1))
    indices = data.draw(st.lists(st.integers(0, len(array) - 1), max_size=12))
    assert np.array_equal(unpack_frame(buffer, rows, columns, index, first_bit), array[index])
    assert np.array_equal(unpack_frames(buffer, rows, columns, indices, first_bit), array[indices].astype(np.uint8))


@given(hnp.arrays(st.sampled_from([np.uint8, np.uint16, np.int32]), (3, 3, 3)))
def test_everything_but_zero_is_a_set_bit(array):
    assert np.array_equal(unpack_frames(pack_bits(array), 3, 3, range(3)), array != 0)
