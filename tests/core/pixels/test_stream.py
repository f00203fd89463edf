"""Frames encoded as they flow by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hdcore.model import syntaxes
from hdcore.pixels import profiles
from hdcore.pixels.codec import decode, encode
from hdcore.pixels.format import FrameFormat
from hdcore.pixels.packing import pack_bits
from hdcore.pixels.stream import encode_frames

FRAMES = np.random.default_rng(0).integers(0, 5, (7, 20, 30), dtype=np.uint8)


@pytest.mark.parametrize("workers", [0, 1, 2, -1])
@pytest.mark.parametrize(
    "syntax", [profiles.DEFLATED_IMAGE_FRAME, profiles.RLE_LOSSLESS, syntaxes.EXPLICIT_VR_LITTLE_ENDIAN]
)
def test_workers_change_nothing_but_the_time(workers, syntax):
    frame = FrameFormat(syntax, 20, 30)
    encoded = list(encode_frames(FRAMES, frame, workers))
    assert encoded == [encode(array, frame) for array in FRAMES]
    assert np.array_equal([decode(data, frame) for data in encoded], FRAMES)


def test_encoders_that_hold_the_lock_run_in_processes():
    frame = FrameFormat(profiles.JPEG_LS_LOSSLESS, 20, 30)
    assert list(encode_frames(FRAMES, frame, 2)) == list(encode_frames(FRAMES, frame))


def test_an_executor_is_used_and_left_open():
    frame = FrameFormat(profiles.DEFLATED_IMAGE_FRAME, 20, 30)
    with ThreadPoolExecutor(2) as executor:
        assert len(list(encode_frames(FRAMES, frame, executor))) == 7
        assert executor.submit(int).result() == 0


def test_frames_are_taken_as_they_are_needed():
    taken = []

    def source():
        for number, array in enumerate(FRAMES):
            taken.append(number)
            yield array

    stream = encode_frames(source(), FrameFormat(profiles.DEFLATED_IMAGE_FRAME, 20, 30), 1)
    assert taken == []
    next(stream)
    assert taken == [0]


def test_native_bits_of_frames_share_bytes():
    frame = FrameFormat(syntaxes.EXPLICIT_VR_LITTLE_ENDIAN, 3, 3, bits_allocated=1, bits_stored=1)
    masks = FRAMES[:, :3, :3] > 2
    assert b"".join(encode_frames(masks, frame)) == pack_bits(masks)


def test_a_bad_frame_is_refused_in_its_turn():
    frame = FrameFormat(profiles.DEFLATED_IMAGE_FRAME, 20, 30)
    stream = encode_frames([FRAMES[0], FRAMES[1, :5]], frame, 2)
    assert next(stream)
    with pytest.raises(ValueError, match=r"shape \(5, 30\)"):
        next(stream)


@pytest.mark.parametrize("syntax", [profiles.DEFLATED_IMAGE_FRAME, syntaxes.EXPLICIT_VR_LITTLE_ENDIAN])
@pytest.mark.parametrize(
    ("workers", "error", "message"),
    [
        ("all", TypeError, "workers is 'all'"),
        (None, TypeError, "workers is None"),
        (True, TypeError, "workers is True"),
        (1.5, TypeError, r"workers is 1\.5"),
        (1025, ValueError, "workers is 1025; expected at most 1024"),
    ],
)
def test_workers_that_cannot_be_are_refused_also_where_none_are_needed(syntax, workers, error, message):
    with pytest.raises(error, match=message):
        encode_frames(FRAMES, FrameFormat(syntax, 20, 30), workers)
