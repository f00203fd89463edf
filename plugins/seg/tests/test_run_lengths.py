"""RLE of single bits, as decoders by others read the bytes that hdcore writes (PS3.5 annex G, CP 2301)."""

from __future__ import annotations

import io
import struct

import numpy as np
import pydicom
import pytest
from hdcore.testing.sources import ct_series
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder
from seg_making import again, make

RLE = "1.2.840.10008.1.2.5"
KINDS = ["BINARY", "FRACTIONAL", "LABELMAP"]
SHAPES = [(4, 15, 13), (3, 16, 16), (2, 3, 300), (2, 1, 7)]


def written(kind, shape):
    """Give the file of a compressed segmentation, and the stored values of the same one uncompressed."""
    masks = np.random.default_rng(0).integers(0, 2, shape, np.uint8)
    masks[0, :, : shape[2] // 2] = 1
    images = ct_series(*shape)
    file = io.BytesIO()
    make(images, masks, kind, (1,), transfer_syntax_uid=RLE).save_as(file)
    return pydicom.dcmread(io.BytesIO(file.getvalue())), again(make(images, masks, kind, (1,))).get_stored_frames()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_decoder_in_rust_gives_the_same_pixels(kind, shape):
    pytest.importorskip("rle", reason="pylibjpeg-rle is the other decoder")
    dataset, expected = written(kind, shape)
    found, _ = get_decoder(RLE).as_array(dataset, decoding_plugin="pylibjpeg")
    np.testing.assert_array_equal(found.reshape(expected.shape), expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_decoder_of_tiff_gives_one_byte_per_pixel(kind, shape):
    imagecodecs = pytest.importorskip("imagecodecs", reason="imagecodecs is the other decoder")
    dataset, expected = written(kind, shape)
    frames = list(generate_frames(dataset.PixelData, number_of_frames=len(expected)))
    for frame, pixels in zip(frames, expected, strict=True):
        assert struct.unpack_from("<3L", frame) == (1, 64, 0)
        decoded = imagecodecs.packbits_decode(frame[64:])
        assert decoded[: pixels.size] == pixels.astype(np.uint8).tobytes()
        assert not decoded[pixels.size :].strip(b"\0")


@pytest.mark.parametrize("kind", KINDS)
def test_runs_end_where_rows_do(kind):
    dataset, expected = written(kind, (2, 3, 300))
    for frame, pixels in zip(generate_frames(dataset.PixelData, number_of_frames=2), expected, strict=True):
        position, row = 64, 0
        while row < pixels.size:
            count = frame[position]
            length, size = (count + 1, count + 2) if count < 128 else (257 - count, 2)
            assert row // 300 == (row + length - 1) // 300
            position, row = position + size, row + length
        assert row == pixels.size
