"""Frames through every encoder and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from hdcore.errors import HdcoreWarning, InputError, MissingCodecError, UnreadableError
from hdcore.frame import decode_frame, encode_frame, get_lossy_compression_attributes
from hdcore.model import syntaxes
from hdcore.pixels import profiles
from hdcore.pixels.backends import choice, deflate, native, pillow, pydicom_plugins, runs
from hdcore.pixels.codec import decode, encode
from hdcore.pixels.format import EncodingOptions, FrameFormat
from hdcore.pixels.ybr import partial_to_rgb, rgb_to_ybr, ybr_to_rgb

RNG = np.random.default_rng(3)
Y, X = np.mgrid[:48, :50]
SMOOTH = (2000 + 1500 * np.sin(X / 17) + 300 * np.cos(Y / 11)).astype(np.uint16)
GRAY8 = (SMOOTH >> 4).astype(np.uint8)
RGB = np.stack([GRAY8, GRAY8.T[:48, :48].repeat(2, 1)[:, :50], 255 - GRAY8], axis=-1)
NATIVE = sorted(syntaxes.NATIVE)
LOSSLESS = [
    profiles.DEFLATED_IMAGE_FRAME,
    profiles.RLE_LOSSLESS,
    profiles.JPEG_LS_LOSSLESS,
    profiles.JPEG_2000_LOSSLESS,
]


def _codes(syntax):
    try:
        return choice.encoders(syntax) and choice.decoders(syntax)
    except MissingCodecError:
        return False


def _need(syntax):
    if not _codes(syntax):
        pytest.skip(f"no package for {syntax} is installed")


def _round_trip(array, syntax, stored, interpretation, signed=0, planar=0, allocated=None):
    allocated = allocated or 8 * array.dtype.itemsize
    try:
        encoded = encode_frame(array, syntax, allocated, stored, interpretation, signed, planar)
    except MissingCodecError as error:
        pytest.skip(str(error))
    samples = 3 if array.ndim == 3 else 1
    keyword = (
        "PixelData" if array.dtype.kind != "f" else {4: "FloatPixelData", 8: "DoubleFloatPixelData"}[array.itemsize]
    )
    return decode_frame(
        encoded,
        syntax,
        *array.shape[:2],
        samples,
        allocated,
        stored,
        interpretation,
        signed,
        planar,
        pixel_keyword=keyword,
    )


@pytest.mark.parametrize("syntax", NATIVE + LOSSLESS)
@pytest.mark.parametrize(
    ("array", "stored", "signed"),
    [
        (GRAY8, 8, 0),
        (SMOOTH, 12, 0),
        (SMOOTH, 16, 0),
        (SMOOTH.astype(np.int16) - 2100, 12, 1),
        (SMOOTH.astype(np.int16) * 8, 16, 1),
        ((GRAY8 - 128).view(np.int8), 8, 1),
    ],
    ids=["u8", "u12", "u16", "s12", "s16", "s8"],
)
def test_grayscale_comes_back_unchanged(syntax, array, stored, signed):
    _need(syntax)
    decoded = _round_trip(array, syntax, stored, "MONOCHROME2", signed)
    assert decoded.dtype == array.dtype
    assert decoded.flags.writeable
    assert np.array_equal(decoded, array)


@pytest.mark.parametrize("syntax", [*NATIVE, profiles.DEFLATED_IMAGE_FRAME])
@pytest.mark.parametrize("dtype", [np.uint32, np.int32, np.float32, np.float64])
def test_wide_samples_come_back_unchanged_natively(syntax, dtype):
    if syntax not in NATIVE and np.dtype(dtype).kind == "f":
        pytest.skip("floating-point pixel data cannot be encapsulated")
    array = (RNG.random((5, 7)) * 1e6).astype(dtype)
    signed = int(np.dtype(dtype).kind == "i")
    assert np.array_equal(_round_trip(array, syntax, 8 * array.itemsize, "MONOCHROME2", signed), array)


@pytest.mark.parametrize("syntax", NATIVE + LOSSLESS)
@pytest.mark.parametrize("planar", [0, 1])
def test_rgb_comes_back_unchanged_in_both_planar_configurations(syntax, planar):
    _need(syntax)
    assert np.array_equal(_round_trip(RGB, syntax, 8, "RGB", planar=planar), RGB)


@pytest.mark.parametrize("syntax", [profiles.HTJ2K_LOSSLESS, profiles.HTJ2K_LOSSLESS_RPCL])
def test_htj2k_comes_back_unchanged(syntax):
    _need(syntax)
    assert np.array_equal(_round_trip(SMOOTH, syntax, 16, "MONOCHROME2"), SMOOTH)
    assert np.array_equal(_round_trip(RGB, syntax, 8, "YBR_RCT"), RGB)
    with pytest.raises(ValueError, match="bits_stored is 12"):
        encode_frame(SMOOTH, syntax, 16, 12, "MONOCHROME2")


def test_reversible_transform_of_jpeg_2000_gives_rgb():
    _need(profiles.JPEG_2000_LOSSLESS)
    assert np.array_equal(_round_trip(RGB, profiles.JPEG_2000_LOSSLESS, 8, "YBR_RCT"), RGB)


@pytest.mark.parametrize(
    ("syntax", "interpretation", "tolerance"),
    [
        (profiles.JPEG_BASELINE, "RGB", 6),
        (profiles.JPEG_2000, "YBR_ICT", 3),
        (profiles.JPEG_LS_NEAR_LOSSLESS, "RGB", 2),
        (profiles.HTJ2K, "YBR_ICT", 4),
    ],
)
def test_lossy_codecs_come_back_alike(syntax, interpretation, tolerance):
    _need(syntax)
    decoded = _round_trip(RGB, syntax, 8, interpretation)
    assert np.abs(decoded.astype(int) - RGB).max() <= tolerance
    gray = _round_trip(GRAY8, syntax, 8, "MONOCHROME2")
    assert np.abs(gray.astype(int) - GRAY8).max() <= tolerance


def test_jpeg_baseline_takes_rgb_for_ybr_full_422():
    smooth = np.stack([GRAY8, GRAY8, 255 - GRAY8], axis=-1)
    decoded = _round_trip(smooth, profiles.JPEG_BASELINE, 8, "YBR_FULL_422")
    assert np.abs(decoded.astype(int) - smooth).mean() < 3


def test_better_settings_lose_less():
    frame = FrameFormat(profiles.JPEG_BASELINE, 48, 50)
    noisy = RNG.integers(0, 256, (48, 50), dtype=np.uint8)
    sizes = [len(encode(noisy, frame, EncodingOptions(jpeg_quality=quality))) for quality in (20, 60, 95)]
    assert sizes == sorted(sizes)
    near = FrameFormat(profiles.JPEG_LS_NEAR_LOSSLESS, 48, 50)
    for error in (0, 1, 5):
        decoded = decode(encode(noisy, near, EncodingOptions(near_lossless_error=error)), near)
        assert np.abs(decoded.astype(int) - noisy).max() == error


@pytest.mark.parametrize("syntax", [*NATIVE, profiles.DEFLATED_IMAGE_FRAME, profiles.JPEG_2000_LOSSLESS])
def test_single_bits_come_back(syntax):
    _need(syntax)
    mask = RNG.random((33, 35)) > 0.5
    decoded = _round_trip(mask, syntax, 1, "MONOCHROME2", allocated=1)
    assert decoded.dtype == np.uint8
    assert np.array_equal(decoded, mask)


def test_the_index_says_at_which_bit_a_native_frame_begins():
    packed = encode_frame(np.array([[1, 0, 1, 0, 1, 1]], np.uint8), NATIVE[1], 1, 1, "MONOCHROME2")
    decoded = decode_frame(packed, NATIVE[1], 1, 2, 1, 1, 1, "MONOCHROME2", index=2)
    assert decoded.tolist() == [[1, 1]]


@pytest.mark.parametrize("module", [module for module in choice.BACKENDS if module.is_available()])
def test_every_backend_reads_what_every_other_writes(module):
    frames = [
        (syntax, stored, array)
        for syntax in module.DECODES & set(LOSSLESS)
        for stored, array in ((8, GRAY8), (12, SMOOTH), (16, SMOOTH), (8, RGB))
    ]
    for syntax, stored, array in frames:
        frame = FrameFormat(
            syntax,
            *array.shape[:2],
            3 if array.ndim == 3 else 1,
            8 * array.itemsize,
            stored,
            "RGB" if array.ndim == 3 else "MONOCHROME2",
        )
        for encoder in choice.encoders(syntax):
            if encoder.PACKAGE == "pillow" and stored == 12:
                continue
            encoded = encoder.encode(array, frame, EncodingOptions())
            decoded = module.decode(encoded, frame, True).array.astype(frame.dtype)
            assert np.array_equal(decoded, array), (encoder.PACKAGE, syntax, stored)


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_stored_colour_spaces_come_back_if_asked_for(syntax):
    _need(syntax)
    frame = FrameFormat(syntax, 48, 50, 3, photometric_interpretation="YBR_FULL")
    encoded = encode(RGB, frame)
    assert np.array_equal(decode(encoded, frame, to_rgb=False), RGB)
    assert np.array_equal(decode(encoded, frame), ybr_to_rgb(RGB))


def test_converting_colours_there_and_back_loses_a_level_at_most():
    assert np.abs(ybr_to_rgb(rgb_to_ybr(RGB)).astype(int) - RGB).max() <= 2
    gray = np.full((2, 2, 3), [235, 128, 128], np.uint8)
    assert np.abs(partial_to_rgb(gray).astype(int) - 255).max() <= 1


@pytest.mark.parametrize("syntax", LOSSLESS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (5, 7)])
def test_tiny_frames_come_back(syntax, shape):
    _need(syntax)
    if syntax == profiles.JPEG_LS_LOSSLESS:
        pytest.skip("CharLS leaves no room for the header of frames of a few pixels")
    if syntax == profiles.JPEG_2000_LOSSLESS:
        pytest.importorskip("imagecodecs", reason="pylibjpeg-openjpeg refuses frames of less than 32 rows or columns")
    array = RNG.integers(0, 4096, shape).astype(np.uint16)
    assert np.array_equal(_round_trip(array, syntax, 12, "MONOCHROME2"), array)


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_threads_may_encode_and_decode_at_once(syntax):
    _need(syntax)
    arrays = [RNG.integers(0, 4096, (64, 64)).astype(np.uint16) for _ in range(24)]
    with ThreadPoolExecutor(4) as executor:
        for array, decoded in zip(
            arrays, executor.map(lambda array: _round_trip(array, syntax, 12, "MONOCHROME2"), arrays), strict=True
        ):
            assert np.array_equal(decoded, array)


def test_native_ybr_is_expanded_and_converted():
    pytest.importorskip("pydicom")
    ybr = np.array([[[76, 85, 255], [150, 85, 255]]], np.uint8)
    encoded = encode_frame(ybr, NATIVE[1], 8, 8, "YBR_FULL_422", 0, 0)
    assert list(encoded) == [76, 150, 85, 255]
    decoded = decode_frame(encoded, NATIVE[1], 1, 2, 3, 8, 8, "YBR_FULL_422", 0, 0)
    assert np.abs(decoded[0, 0].astype(int) - [255, 0, 0]).max() <= 1


@pytest.mark.parametrize("bits", [8, 16])
def test_native_ybr_of_partial_range_is_expanded_and_converted(bits):
    scale = 1 << (bits - 8)
    samples = np.array([81, 235, 90, 240, 16, 16, 128, 128], f"<u{bits // 8}") * scale
    decoded = decode_frame(samples.tobytes(), NATIVE[1], 1, 4, 3, bits, bits, "YBR_PARTIAL_422", 0, 0)
    expected = np.array([[255, 0, 0], [255, 179, 178], [0, 0, 0], [0, 0, 0]])
    assert np.abs(decoded[0] / scale - expected).max() <= 1.5
    with pytest.raises(InputError, match="YBR_PARTIAL_422 needs an even number of columns, not 5"):
        decode_frame(bytes(5 * 3 * bits // 8), NATIVE[1], 1, 5, 3, bits, bits, "YBR_PARTIAL_422", 0, 0)


def test_bits_above_bits_stored_do_not_count():
    frame = FrameFormat(NATIVE[1], 1, 2, 1, 16, 12)
    assert decode(np.array([0xF001, 0x0FFF], "<u2").tobytes(), frame).tolist() == [[1, 0xFFF]]
    signed = FrameFormat(NATIVE[1], 1, 2, 1, 16, 12, pixel_representation=1)
    assert decode(np.array([0x0FFF, 0x0001], "<u2").tobytes(), signed).tolist() == [[-1, 1]]


def test_native_frames_are_views():
    data = bytes(2 * 48 * 50)
    array = decode(data, FrameFormat(NATIVE[1], 48, 50, 1, 16, 12))
    assert not array.flags.writeable
    assert not array.flags.owndata


def test_swapped_words_are_swapped_back():
    frame = FrameFormat(syntaxes.EXPLICIT_VR_BIG_ENDIAN, 3, 3, word_swapped=True)
    array = np.arange(9, dtype=np.uint8).reshape(3, 3)
    encoded = encode(array, frame)
    assert list(encoded) == [1, 0, 3, 2, 5, 4, 7, 6, 0, 8]
    assert np.array_equal(decode(encoded, frame), array)


@pytest.mark.parametrize(
    ("syntax", "allocated", "stored", "interpretation", "message"),
    [
        (profiles.JPEG_BASELINE, 16, 12, "MONOCHROME2", "table 8.2.1-1"),
        (profiles.JPEG_LS_LOSSLESS, 8, 1, "MONOCHROME2", "table 8.2.3-1"),
        (profiles.JPEG_LS_NEAR_LOSSLESS, 8, 8, "PALETTE COLOR", "JPEG-LS Near Lossless may not hold PALETTE COLOR"),
        (profiles.RLE_LOSSLESS, 1, 1, "PALETTE COLOR", "table 8.2.2-1"),
        (NATIVE[1], 16, 12, "MONOCHROME2", "Bits Stored 12 holds 0 to 4095"),
        (NATIVE[1], 8, 8, "MONOCHROME2", "data type is uint16"),
        (NATIVE[1], 8, 8, "MONOCHROM", "is not one of PhotometricInterpretationValues"),
        ("1.2.3", 16, 16, "MONOCHROME2", None),
    ],
)
def test_what_cannot_be_encoded_is_refused(syntax, allocated, stored, interpretation, message):
    array = SMOOTH * 10 if allocated == 16 or syntax in NATIVE else GRAY8
    if allocated == 1:
        array = array & 1
    with pytest.raises(MissingCodecError if message is None else ValueError, match=message or "knows no package"):
        encode_frame(array, syntax, allocated, stored, interpretation)


@pytest.mark.parametrize("syntax", [*NATIVE, "1.2.840.10008.1.2.8.1"])
@pytest.mark.parametrize("interpretation", ["YBR_RCT", "YBR_ICT"])
def test_transforms_of_jpeg_2000_are_made_by_it_alone(syntax, interpretation):
    with pytest.raises(ValueError, match=f"{interpretation} frames are made by JPEG 2000 alone"):
        encode_frame(np.zeros((4, 4, 3), np.uint8), syntax, 8, 8, interpretation, planar_configuration=0)


def test_floats_are_not_encapsulated():
    with pytest.raises(ValueError, match="FloatPixelData cannot be encapsulated"):
        encode_frame(np.zeros((2, 2), np.float32), profiles.RLE_LOSSLESS, 32, 32, "MONOCHROME2")


@pytest.mark.parametrize("syntax", [*LOSSLESS, profiles.JPEG_BASELINE])
def test_rubbish_is_unreadable_in_words(syntax):
    with pytest.raises(ValueError, match="cannot be decoded as"):
        decode_frame(b"rubbish" * 20, syntax, 4, 4, 1, 8, 8, "MONOCHROME2")


def test_a_short_native_frame_is_unreadable_in_words():
    with pytest.raises(ValueError, match="has 3 bytes; expected 16"):
        decode_frame(b"abc", NATIVE[1], 4, 4, 1, 8, 8, "MONOCHROME2")


def test_a_missing_codec_names_what_to_install(monkeypatch):
    modules = [module for module in choice.BACKENDS if profiles.HTJ2K in module.DECODES]
    for module in modules:
        monkeypatch.setattr(module, "is_available", lambda: False)
    monkeypatch.setattr(choice.pydicom_plugins, "decodes", lambda uid: False)
    choice.decoders.cache_clear()
    with pytest.raises(MissingCodecError, match=r"decode HTJ2K .*pip install imagecodecs"):
        decode_frame(b"", profiles.HTJ2K, 4, 4, 1, 8, 8, "MONOCHROME2")
    choice.decoders.cache_clear()


@pytest.fixture
def pillow_alone(monkeypatch):
    for module in choice.BACKENDS:
        if module.PACKAGE not in ("pillow", "numpy"):
            monkeypatch.setattr(module, "is_available", lambda: False)
    monkeypatch.setattr(choice.pydicom_plugins, "decodes", lambda uid: False)
    choice.decoders.cache_clear()
    yield
    choice.decoders.cache_clear()


def test_jpeg_of_12_bits_names_what_to_install(pillow_alone):
    header = bytes([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC1, 0, 11, 12, 0, 4, 0, 4, 1, 1, 0x11, 0])
    with pytest.raises(MissingCodecError, match=r"Pillow does not decode JPEG of 12 bits.*pip install imagecodecs"):
        decode_frame(header, profiles.JPEG_EXTENDED, 4, 4, 1, 16, 12, "MONOCHROME2")


def test_a_frame_that_cannot_be_decoded_names_packages_that_may(pillow_alone):
    with pytest.raises(UnreadableError, match="may do: pip install imagecodecs or pylibjpeg-openjpeg"):
        decode_frame(b"\xff\x4f\xff\x51 no stream", profiles.JPEG_2000, 4, 4, 1, 8, 8, "MONOCHROME2")


@pytest.mark.parametrize(
    ("syntax", "name"),
    [
        ("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level"),
        ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2"),
        ("1.2.3", "transfer syntax 1.2.3"),
    ],
)
def test_what_no_package_codes_is_named(syntax, name):
    with pytest.raises(MissingCodecError, match=f"cannot decode {name}"):
        decode_frame(b"", syntax, 4, 4, 1, 8, 8, "MONOCHROME2")
    with pytest.raises(MissingCodecError, match=f"cannot encode {name}"):
        encode_frame(np.zeros((4, 4), np.uint8), syntax, 8, 8, "MONOCHROME2")


@pytest.mark.parametrize(
    ("syntax", "expected"),
    [
        (profiles.JPEG_BASELINE, ("01", "ISO_10918_1")),
        (profiles.JPEG_LS_NEAR_LOSSLESS, ("01", "ISO_14495_1")),
        (profiles.JPEG_2000, ("01", "ISO_15444_1")),
        (profiles.HTJ2K, ("01", "ISO_15444_15")),
        (profiles.JPEG_2000_LOSSLESS, ("00", None)),
        (NATIVE[0], ("00", None)),
    ],
)
def test_lossy_transfer_syntaxes_are_known(syntax, expected):
    assert get_lossy_compression_attributes(syntax) == expected


def test_run_coder_obeys_the_rules_of_annex_g():
    plane = np.array([[1, 1, 1, 2, 3, 3, 4, 4], [4, 4, 4, 4, 4, 4, 4, 4]], np.uint8)
    coded = runs.encode_rows(plane)
    assert list(coded) == [254, 1, 4, 2, 3, 3, 4, 4, 249, 4]
    assert runs.encode_rows(np.zeros((1, 129), np.uint8)) == bytes([129, 0, 0, 0])


def test_deflated_frames_are_raw_streams():
    import zlib

    frame = FrameFormat(profiles.DEFLATED_IMAGE_FRAME, *GRAY8.shape)
    encoded = deflate.encode(GRAY8, frame, EncodingOptions())
    assert zlib.decompress(encoded, -15) == GRAY8.tobytes() == native.encode(GRAY8, frame, EncodingOptions())
    assert np.array_equal(decode(encoded + b"\0", frame), GRAY8)


@pytest.mark.parametrize(
    "module", [module for module in choice.BACKENDS if module.PACKAGE in ("numpy", "pylibjpeg-rle")]
)
def test_run_lengths_of_single_bits_are_read_packed_or_not(module):
    if profiles.RLE_LOSSLESS not in module.DECODES or not module.is_available():
        pytest.skip("does not decode run lengths here")
    mask = RNG.random((5, 7)) > 0.5
    frame = FrameFormat(profiles.RLE_LOSSLESS, 5, 7, bits_allocated=1, bits_stored=1)
    packed = np.frombuffer(native.encode(mask, frame, EncodingOptions()), np.uint8)
    for plane in (packed[np.newaxis], mask.astype(np.uint8)):
        data = runs.join_segments([runs.encode_rows(plane)])
        assert np.array_equal(module.decode(data, frame, True).array, mask)


@pytest.mark.parametrize(
    "module", [module for module in choice.BACKENDS if module.PACKAGE in ("numpy", "pylibjpeg-rle", "zlib")]
)
@pytest.mark.parametrize(("rows", "columns"), [(45, 33), (24, 33), (46, 31)])
def test_what_goes_on_behind_the_last_pixel_is_named(module, rows, columns):
    syntax = next(iter(module.DECODES))
    if syntax not in (profiles.RLE_LOSSLESS, profiles.DEFLATED_IMAGE_FRAME) or not module.is_available():
        pytest.skip("does not decode such frames here")
    encoded = module.encode(np.resize(GRAY8, (46, 33)), FrameFormat(syntax, 46, 33), EncodingOptions())
    frame = FrameFormat(syntax, rows, columns)
    with pytest.warns(HdcoreWarning, match=f"more than the {rows * columns} bytes that Rows and Columns say"):
        assert module.decode(encoded, frame, True).array.shape == (rows, columns)


@pytest.mark.parametrize(
    "boxes", [b"\0\0\0\0abcd" + bytes(50), b"\0\0", b"\0\0\0\x08abcd", b"\xff\0\0\0abcd" + bytes(50)]
)
def test_boxes_that_lead_nowhere_are_unreadable_and_not_gone_through_without_end(boxes):
    frame = FrameFormat(profiles.JPEG_2000_LOSSLESS, 4, 4)
    with pytest.raises(UnreadableError, match="boxes of the JPEG 2000 file do not lead to a codestream"):
        pydicom_plugins.decode(b"\0\0\0\x0cjP  \r\n\x87\n" + boxes, frame, True)
    with pytest.raises(UnreadableError, match="cannot be decoded"):
        decode(b"\0\0\0\x0cjP  \r\n\x87\n" + boxes, frame)


def test_a_segment_of_no_bytes_is_unreadable_in_words():
    frame = FrameFormat(profiles.RLE_LOSSLESS, 4, 4)
    with pytest.raises(UnreadableError, match=r"cannot be decoded as 1\.2\.840\.10008\.1\.2\.5: "):
        decode(runs.join_segments([b""]), frame)


@pytest.mark.parametrize(("rows", "columns"), [(5, 5), (3, 129)])
def test_padding_to_an_even_length_is_no_surplus(rows, columns):
    array = np.arange(rows * columns, dtype=np.uint8).reshape(rows, columns)
    plain = array.tobytes() + b"\0"
    for coded in (runs.encode_rows(array), runs.encode_rows(np.frombuffer(plain, np.uint8)[np.newaxis])):
        data = runs.join_segments([coded])
        for module in choice.BACKENDS:
            if profiles.RLE_LOSSLESS in module.DECODES and module.is_available():
                frame = FrameFormat(profiles.RLE_LOSSLESS, rows, columns)
                assert np.array_equal(module.decode(data, frame, True).array, array)


def test_what_pillow_lacks_names_a_package_that_has_it():
    frame = FrameFormat(profiles.JPEG_2000_LOSSLESS, *SMOOTH.shape, bits_allocated=16, bits_stored=12)
    with pytest.raises(MissingCodecError, match="pip install imagecodecs"):
        pillow.encode(SMOOTH, frame, EncodingOptions())


@pytest.mark.parametrize("stored", [8, 16])
def test_pillow_alone_codes_full_unsigned_samples_of_jpeg_2000(stored):
    array = SMOOTH * 13 if stored == 16 else GRAY8
    frame = FrameFormat(profiles.JPEG_2000_LOSSLESS, *array.shape, bits_allocated=stored, bits_stored=stored)
    encoded = pillow.encode(array, frame, EncodingOptions())
    assert np.array_equal(pillow.decode(encoded, frame, True).array, array)


@pytest.mark.parametrize("syntax", [profiles.JPEG_BASELINE, profiles.JPEG_2000_LOSSLESS])
def test_a_frame_that_says_another_size_is_refused_before_it_takes_memory(syntax):
    frame = FrameFormat(syntax, 16, 24, bits_allocated=8, bits_stored=8)
    encoded = pillow.encode(np.zeros((16, 24), np.uint8), frame, EncodingOptions())
    assert pillow.decode(encoded, frame, True).array.shape == (16, 24)
    with pytest.raises(UnreadableError, match="has 16 rows and 24 columns; expected 24 and 16"):
        pillow.decode(encoded, replace(frame, rows=24, columns=16), True)


@pytest.mark.parametrize("syntax", LOSSLESS)
@pytest.mark.parametrize("interpretation", ["MONOCHROME2", "RGB", "YBR_RCT"])
@pytest.mark.parametrize("stored", [1, 2, 5, 7, 8, 9, 12, 15, 16])
def test_frames_of_any_bits_come_back_unchanged(syntax, interpretation, stored):
    _need(syntax)
    if interpretation == "YBR_RCT" and syntax != profiles.JPEG_2000_LOSSLESS:
        return
    if interpretation != "MONOCHROME2" and syntax == profiles.JPEG_2000_LOSSLESS and stored < 3:
        return  # which OpenJPEG does not keep
    if syntax == profiles.JPEG_LS_LOSSLESS and stored == 1:
        return  # of which table 8.2.3-1 has none
    shape = (48, 50) if interpretation == "MONOCHROME2" else (48, 50, 3)
    array = RNG.integers(0, 1 << stored, shape).astype(np.uint8 if stored <= 8 else np.uint16)
    assert np.array_equal(_round_trip(array, syntax, stored, interpretation), array)


@pytest.mark.parametrize(("stored", "samples"), [(1, 3), (2, 3), (24, 1), (24, 3)])
def test_bits_that_jpeg_2000_would_lose_are_refused(stored, samples):
    _need(profiles.JPEG_2000_LOSSLESS)
    array = RNG.integers(0, 1 << stored, (48, 50, samples)).astype(np.uint8 if stored < 8 else np.uint32).squeeze()
    interpretation = "MONOCHROME2" if samples == 1 else "RGB"
    with pytest.raises(
        (ValueError, MissingCodecError), match=f"does not keep all .* {stored} bits|full 8 or 16 bits only"
    ):
        encode_frame(array, profiles.JPEG_2000_LOSSLESS, 8 * array.itemsize, stored, interpretation, 0, 0)


def test_all_that_pydicom_decodes_is_decoded():
    from pydicom.pixels import get_decoder
    from pydicom.uid import AllTransferSyntaxes

    decoded = []
    for uid in AllTransferSyntaxes:
        try:
            decoder = get_decoder(uid)
        except NotImplementedError:
            continue
        if decoder.is_available:
            assert choice.decoders(str(uid))
            decoded.append(uid)
    assert len(decoded) > 5
