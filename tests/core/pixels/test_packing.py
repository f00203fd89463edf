"""1-bit frames in bytes."""

from __future__ import annotations

import numpy as np
import pytest

from hdcore.pixels.packing import BitPacker, pack_frames, unpack_bits, unpack_frame, unpack_frames


def test_two_frames_of_two_by_two_share_one_byte():
    first, second = np.array([[1, 0], [0, 1]]), np.array([[0, 1], [1, 1]])
    packed = b"".join(pack_frames([first, second]))
    assert packed == bytes([0b11101001])
    assert np.array_equal(unpack_frame(packed, 2, 2, 1), second)


def test_a_frame_beyond_the_end_is_refused_by_name():
    with pytest.raises(ValueError, match="8 bits"):
        unpack_bits(b"\0", 1, 8)
    with pytest.raises(ValueError, match="too few for frame 5"):
        unpack_frames(b"\0\0", 2, 2, [5, 1])
    with pytest.raises(ValueError, match="negative"):
        unpack_frames(b"\0\0", 2, 2, [1, -1])


def test_float_pixels_are_refused():
    with pytest.raises(TypeError, match="float64"):
        BitPacker().pack(np.zeros((2, 2)))


def test_no_frames_give_no_bytes():
    assert list(pack_frames([])) == []
    assert unpack_frames(b"", 2, 2, []).shape == (0, 2, 2)
