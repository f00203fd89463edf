"""The same calls give what highdicom gives, where it is installed."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import hdcore as ours
from hdcore import color, frame, pixels
from hdcore.pixels.color import srgb_icc_profile

theirs = pytest.importorskip("highdicom")
VALUES = np.array([[-3000, -200, 0, 1, 2], [3, 4, 40, 300, 3000]], np.int16)
RNG = np.random.default_rng(5)


def _same(call, *, tolerance=1e-6):
    results = []
    for package in (ours, theirs):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                results.append(call(package))
        except Exception as error:
            results.append(error)
    mine, other = results
    if isinstance(other, Exception):
        kind = next(kind for kind in (IndexError, ValueError, TypeError, RuntimeError) if isinstance(other, kind))
        assert isinstance(mine, kind), (mine, other)
        return
    assert isinstance(mine, np.ndarray), (mine, other)
    assert mine.dtype == other.dtype
    assert mine.shape == other.shape
    assert np.allclose(mine, other, rtol=0, atol=tolerance, equal_nan=True)


def _lut(package, dtype=np.uint16):
    return package.LUT(2, np.array([5, 7, 9, 11, 30], dtype), "why")


def _voi(package):
    table = package.VOILUT(0, np.array([0, 10, 30, 40, 80], np.uint16), "five")
    return package.VOILUTTransformation([40, 10], [400, 20], ["a", "b"], voi_luts=[table])


@pytest.mark.parametrize("dtype", [None, np.uint8, np.int8, np.int32, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("entries", [np.uint8, np.uint16])
def test_tables_are_applied_alike(dtype, entries):
    _same(lambda package: _lut(package, entries).apply(VALUES, dtype))
    _same(lambda package: _lut(package, entries).get_scaled_lut_data((-3, 7), dtype))
    _same(lambda package: _lut(package, entries).get_inverted_lut_data())


@pytest.mark.parametrize("dtype", [None, np.int32, np.uint8, np.int16, np.float32])
@pytest.mark.parametrize(("slope", "intercept"), [(1.0, -1024.0), (2.5, 0.25), (2.0, 3.0)])
@pytest.mark.parametrize("stored", [np.uint8, np.int16])
def test_rescales_are_applied_alike(dtype, slope, intercept, stored):
    array = np.arange(100, dtype=stored).reshape(10, 10)
    _same(lambda package: package.ModalityLUTTransformation(intercept, slope, "HU").apply(array, dtype))


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize(("center", "width"), [(40, 400), (0.5, 2), (1000, 4096)])
@pytest.mark.parametrize("array", [VALUES, VALUES.astype(np.float64) / 3], ids=["int16", "float64"])
def test_windows_are_applied_alike(function, invert, center, width, array):
    def call(package):
        apply = package.pixels.apply_voi_window
        return apply(array, center, width, function, (-10.0, 255.0), np.float64, invert)

    _same(call)


@pytest.mark.parametrize("selector", [0, 1, 2, -1, -2, -3, "a", "b", "five", "c"])
@pytest.mark.parametrize("prefer_lut", [False, True])
@pytest.mark.parametrize("invert", [False, True])
def test_selectors_select_alike(selector, prefer_lut, invert):
    def call(package):
        return _voi(package).apply(VALUES, (0, 2), selector, np.float64, invert, prefer_lut)

    _same(call)


def test_palettes_are_applied_alike():
    labels = np.arange(12).reshape(3, 4)
    names = ["black", "red", "CornflowerBlue", "#123456", "rgb(1, 2, 3)"]
    for dtype in (None, np.uint8, np.int8, np.float32):
        _same(
            lambda package, dtype=dtype: package.PaletteColorLUTTransformation.from_colors(names, 2).apply(
                labels, dtype
            )
        )
    table = RNG.integers(0, 65536, (7, 3)).astype(np.uint16)
    _same(lambda package: package.PaletteColorLUTTransformation.from_combined_lut(table).combined_lut_data)


def test_items_are_written_alike():
    mine, other = _voi(ours), _voi(theirs)
    assert [element.tag for element in mine] == [element.tag for element in other]
    assert mine.WindowCenter == other.WindowCenter
    assert mine.VOILUTSequence[0].LUTData == other.VOILUTSequence[0].LUTData
    assert list(mine.VOILUTSequence[0].LUTDescriptor) == list(other.VOILUTSequence[0].LUTDescriptor)


@pytest.mark.parametrize("rgb", RNG.integers(0, 256, (50, 3)).tolist())
def test_colours_have_the_same_values(rgb):
    assert color.CIELabColor.from_rgb(*rgb).value == theirs.color.CIELabColor.from_rgb(*rgb).value
    assert color.CIELabColor.from_rgb(*rgb).to_rgb() == tuple(rgb)


def test_profiles_are_applied_alike():
    array = RNG.integers(0, 256, (20, 30, 3), dtype=np.uint8)
    profile = srgb_icc_profile()
    mine = color.ColorManager(profile).transform_frame(array)
    assert np.array_equal(mine, theirs.color.ColorManager(profile).transform_frame(array))


@pytest.mark.parametrize(
    ("syntax", "stored", "interpretation", "planar"),
    [
        ("1.2.840.10008.1.2.1", 8, "MONOCHROME2", None),
        ("1.2.840.10008.1.2.1", 12, "MONOCHROME2", None),
        ("1.2.840.10008.1.2.1", 8, "RGB", 0),
        ("1.2.840.10008.1.2.5", 8, "RGB", 0),
        ("1.2.840.10008.1.2.5", 12, "MONOCHROME2", None),
        ("1.2.840.10008.1.2.4.80", 12, "MONOCHROME2", None),
        ("1.2.840.10008.1.2.4.80", 8, "RGB", 0),
        ("1.2.840.10008.1.2.4.50", 8, "YBR_FULL_422", 0),
        ("1.2.840.10008.1.2.4.90", 8, "YBR_RCT", 0),
        ("1.2.840.10008.1.2.4.90", 12, "MONOCHROME2", None),
    ],
)
def test_each_reads_frames_of_the_other(syntax, stored, interpretation, planar):
    y, x = np.mgrid[:64, :72]
    array = ((1 << (stored - 1)) + (1 << (stored - 2)) * np.sin(x / 20) * np.cos(y / 15)).astype(
        f"u{(stored + 7) // 8}"
    )
    if planar is not None:
        array = np.stack([array, array // 2, 255 - array], axis=-1)
    allocated, samples = 8 * array.itemsize, array.shape[2] if array.ndim == 3 else 1
    layout = (64, 72, samples, allocated, stored, interpretation, 0, planar)
    lossy = frame.get_lossy_compression_attributes(syntax)
    assert lossy == theirs.frame.get_lossy_compression_attributes(syntax)
    try:
        other = theirs.frame.encode_frame(array, syntax, allocated, stored, interpretation, 0, planar)
    except (RuntimeError, ValueError) as error:
        pytest.skip(str(error))
    mine = frame.encode_frame(array, syntax, allocated, stored, interpretation, 0, planar)
    tolerance = 10 if lossy[0] == "01" else 0
    for encoded in (mine, other):
        for module in (frame, theirs.frame):
            decoded = module.decode_frame(encoded, syntax, *layout)
            assert decoded.dtype == array.dtype
            assert np.abs(decoded.astype(int) - array).max() <= tolerance


def test_single_bits_are_packed_alike():
    mask = RNG.random((6, 8)) > 0.5
    arguments = ("1.2.840.10008.1.2.1", 1, 1, "MONOCHROME2")
    encoded = frame.encode_frame(mask.astype(np.uint8), *arguments)
    assert encoded == theirs.frame.encode_frame(mask.astype(np.uint8), *arguments)
    assert pixels.pack_bits(mask) == encoded
