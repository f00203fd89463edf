"""Which transforms are applied to stored values, and what comes out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

import hdcore as hd
from hdcore.pixels import FrameFormat, PixelOptions, PixelParameters, PixelTransform
from hdcore.pixels.color import ColorManager, srgb_icc_profile
from hdcore.pixels.parameters import RealWorldMap, Rescale, Table, Window, per_frame
from hdcore.pixels.steps import Affine, Lookup, Ramp

NATIVE = "1.2.840.10008.1.2.1"
U12 = FrameFormat(NATIVE, 2, 3, bits_allocated=16, bits_stored=12)
S16 = FrameFormat(NATIVE, 2, 3, bits_allocated=16, bits_stored=16, pixel_representation=1)
F32 = FrameFormat(NATIVE, 2, 3, bits_allocated=32, bits_stored=32, pixel_keyword="FloatPixelData")
RGB = FrameFormat(NATIVE, 2, 3, 3, photometric_interpretation="RGB")
STORED = np.array([[0, 1, 1000], [1024, 1100, 4095]], np.uint16)
CT = PixelParameters(modality=Rescale(1.0, -1024.0), windows=(Window(40.0, 400.0, label="soft"), Window(300.0, 1500.0)))
MILLIMETRE = RealWorldMap(Rescale(2.0, -5.0), 0, 4095, "A", ("mm", "UCUM"))
CENTIMETRE = RealWorldMap(Rescale(0.5, 0.0), 0, 4095, "B", ("cm", "UCUM"))
TABLE = Table(0, np.array([0, 10, 30, 40, 80], "<u2").tobytes(), "<u2", label="five")


def _apply(parameters, array=STORED, frame=U12, **options):
    return PixelTransform.of(parameters, frame, PixelOptions(**options))(array)


def test_a_rescale_is_applied_if_there_is_one():
    assert np.array_equal(_apply(CT), STORED - 1024.0)
    assert np.array_equal(_apply(PixelParameters()), STORED)
    assert np.array_equal(_apply(CT, apply_modality_transform=False), STORED)
    with pytest.raises(RuntimeError, match="no rescale or modality LUT"):
        _apply(PixelParameters(), apply_modality_transform=True)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32, np.float64])
def test_the_result_has_the_data_type_that_was_asked_for(dtype):
    result = _apply(CT, dtype=dtype)
    assert result.dtype == dtype
    assert np.array_equal(result, STORED - 1024.0)


@pytest.mark.parametrize(
    ("parameters", "frame", "dtype", "message"),
    [
        (CT, U12, np.uint16, "cannot hold values from -1024 to 3071"),
        (CT, S16, np.int16, "cannot hold values from -33792"),
        (PixelParameters(modality=Rescale(0.5, 0)), U12, np.int32, "no integers"),
        (PixelParameters(), U12, np.uint8, "stored values from 0 to 4095"),
        (PixelParameters(), F32, np.int32, "floating-point"),
        (PixelParameters(modality=Rescale(1, 0)), F32, np.int32, "floating-point"),
    ],
)
def test_a_data_type_that_cannot_hold_the_result_is_refused(parameters, frame, dtype, message):
    with pytest.raises(ValueError, match=message):
        _apply(parameters, STORED.astype(frame.dtype), frame, dtype=dtype)


def test_narrow_types_take_stored_values_that_fit():
    assert _apply(PixelParameters(), STORED // 100, dtype=np.uint8).dtype == np.uint8


def test_high_values_shown_dark_are_inverted():
    dark = PixelParameters("MONOCHROME1", modality=CT.modality, windows=CT.windows)
    assert np.array_equal(_apply(dark), 4095.0 - STORED - 1024)
    assert np.array_equal(_apply(dark, apply_presentation_lut=False), STORED - 1024.0)
    assert np.array_equal(_apply(PixelParameters("MONOCHROME1"), dtype=np.uint16), 4095 - STORED)
    shown = _apply(CT, apply_voi_transform=True, voi_output_range=(0, 255))
    assert np.allclose(_apply(dark, apply_voi_transform=True, voi_output_range=(0, 255)), 255 - shown)
    table = PixelParameters("MONOCHROME1", modality=TABLE)
    assert _apply(table).tolist() == [[80, 70, 0], [0, 0, 0]]
    signed = STORED.astype(np.int16) - 2000
    assert np.array_equal(_apply(PixelParameters("MONOCHROME1"), signed, S16), -1.0 - signed)


@pytest.mark.parametrize(
    "dark", [PixelParameters("MONOCHROME1"), PixelParameters(presentation_lut_shape="INVERSE")], ids=["M1", "shape"]
)
@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_windows_of_floats_are_inverted_where_high_values_are_shown_dark(dark, function):
    values = STORED.astype(np.float32) / 100
    window = (Window(10.0, 30.0, function),)
    options = {"frame": F32, "apply_voi_transform": True, "voi_output_range": (0, 255)}
    shown = _apply(PixelParameters(windows=window), values, **options)
    assert 0 <= shown.min() < shown.max() <= 255
    assert np.allclose(_apply(replace(dark, windows=window), values, **options), 255 - shown)
    assert np.allclose(_apply(replace(dark, windows=window), values, apply_presentation_lut=False, **options), shown)
    assert np.array_equal(_apply(dark, values, F32), values), "there is no highest float to subtract from"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (PixelParameters(), [True, False]),
        (PixelParameters("MONOCHROME1"), [False, True]),
        (PixelParameters(modality=Rescale(-1, 1)), [False, True]),
        (PixelParameters(modality=Rescale(1, 0)), [True, False]),
    ],
)
def test_single_bits_become_truth_values(parameters, expected):
    bits = FrameFormat(NATIVE, 1, 2, bits_allocated=1, bits_stored=1)
    result = _apply(parameters, np.array([[1, 0]], np.uint8), bits, dtype=bool)
    assert result.dtype == bool
    assert result.tolist() == [expected]
    with pytest.raises(ValueError, match="dtype is bool, which cannot hold values from 1 to 2"):
        _apply(PixelParameters(modality=Rescale(1, 1)), np.array([[1, 0]], np.uint8), bits, dtype=bool)


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
def test_the_presentation_lut_shape_has_the_last_word(interpretation):
    inverse = PixelParameters(interpretation, presentation_lut_shape="INVERSE")
    identity = PixelParameters(interpretation, presentation_lut_shape="IDENTITY")
    assert np.array_equal(_apply(inverse), 4095.0 - STORED)
    assert np.array_equal(_apply(identity), STORED)


def test_windows_follow_the_rescale():
    shown = _apply(CT, apply_voi_transform=True)
    assert np.allclose(shown, np.clip((STORED - 1024.0 - 39.5) / 399 + 0.5, 0, 1))
    second = np.clip((STORED - 1024.0 - 299.5) / 1499 + 0.5, 0, 1)
    for selector in (1, -1):
        assert np.allclose(_apply(CT, apply_voi_transform=True, voi_transform_selector=selector), second)
    assert np.allclose(_apply(CT, apply_voi_transform=None, voi_transform_selector="soft"), shown)
    own = hd.VOILUTTransformation(300, 1500)
    assert np.allclose(_apply(CT, apply_voi_transform=True, voi_transform_selector=own), second)
    with pytest.raises(IndexError, match="bone"):
        _apply(CT, apply_voi_transform=True, voi_transform_selector="bone")
    with pytest.raises(RuntimeError, match="no window"):
        _apply(PixelParameters(), apply_voi_transform=True)
    assert np.array_equal(_apply(PixelParameters(), apply_voi_transform=None), STORED)
    with pytest.raises(ValueError, match="floating-point"):
        _apply(CT, apply_voi_transform=True, dtype=np.uint8, voi_output_range=(0, 255))


@pytest.mark.parametrize(
    ("bits", "dtype", "tolerance"), [(16, np.float16, 0.1), (32, np.float32, 1e-4), (32, np.float16, 0.1)]
)
def test_narrow_windows_of_high_values_lose_nothing(bits, dtype, tolerance):
    frame = FrameFormat(NATIVE, 1, 5, bits_allocated=bits, bits_stored=bits)
    high = (1 << bits) - 1000
    stored = np.array([[0, high - 20, high, high + 7, high + 30]], f"<u{bits // 8}")
    for function, width in (("LINEAR", 41), ("LINEAR_EXACT", 40), ("SIGMOID", 40)):
        window = PixelParameters(modality=Rescale(2.0, -7.0), windows=(Window(2.0 * high - 7.0, width, function),))
        options = {"apply_voi_transform": True, "voi_output_range": (0, 255)}
        exact = _apply(window, stored, frame, **options)
        assert np.unique(exact).size > 3
        assert np.abs(_apply(window, stored, frame, dtype=dtype, **options) - exact).max() <= tolerance
    rescaled = _apply(PixelParameters(modality=Rescale(1.0, -float(high))), stored, frame, dtype=np.float32)
    assert rescaled[0, 1:].tolist() == [-20, 0, 7, 30]


def test_voi_tables_follow_the_rescale():
    tables = PixelParameters(modality=Rescale(1, -1000), voi_tables=(TABLE,), windows=CT.windows)
    assert _apply(tables, apply_voi_transform=True).tolist() == [[0, 0, 0], [1, 1, 1]]
    assert _apply(tables, apply_voi_transform=True, voi_transform_selector="five")[0, 2] == 0
    windowed = _apply(tables, apply_voi_transform=True, voi_transform_selector="soft")
    assert np.allclose(windowed, np.clip((STORED - 1000.0 - 39.5) / 399 + 0.5, 0, 1))
    halves = PixelParameters(modality=Rescale(0.5, 0), voi_tables=(TABLE,))
    assert _apply(halves, np.array([[2, 4, 5]], np.uint16), apply_voi_transform=True).tolist() == [
        [0.125, 0.375, 0.375]
    ]


def test_real_world_values_take_the_place_of_the_others():
    image = PixelParameters("MONOCHROME1", (MILLIMETRE, CENTIMETRE), CT.modality, CT.windows)
    assert np.array_equal(_apply(image), STORED * 2.0 - 5)
    assert np.array_equal(_apply(image, real_world_value_map_selector="B"), STORED / 2)
    assert np.array_equal(_apply(image, real_world_value_map_selector=Code("cm", "UCUM", "cm")), STORED / 2)
    assert np.array_equal(_apply(image, dtype=np.int32), STORED.astype(int) * 2 - 5)
    assert np.array_equal(
        _apply(image, apply_real_world_transform=False, apply_presentation_lut=False), STORED - 1024.0
    )
    assert np.array_equal(_apply(image, apply_modality_transform=True), 4095.0 - STORED - 1024)
    assert np.array_equal(_apply(image, apply_voi_transform=None), STORED * 2.0 - 5)
    with pytest.raises(RuntimeError, match="takes its place"):
        _apply(image, apply_voi_transform=True)
    for selector in (2, "C", Code("um", "UCUM", "um")):
        with pytest.raises(IndexError):
            _apply(image, real_world_value_map_selector=selector)
    with pytest.raises(TypeError, match="index, a label or the code"):
        _apply(image, real_world_value_map_selector=1.5)
    with pytest.raises(RuntimeError, match="no real-world value map"):
        _apply(CT, apply_real_world_transform=True)


def test_values_without_a_real_world_value_are_refused():
    narrow = PixelParameters(real_world_maps=(RealWorldMap(Rescale(2.0, 0.0), 0, 2000),))
    assert np.array_equal(_apply(narrow, STORED // 3), STORED // 3 * 2.0)
    with pytest.raises(ValueError, match="from 0 to 4095; the real-world value map is defined from 0 to 2000"):
        _apply(narrow)


def test_real_world_values_of_floats_and_tables():
    floats = np.array([[-1.5, 0, 2.5]], np.float32)
    image = PixelParameters(real_world_maps=(RealWorldMap(Rescale(2.0, 1.0), -np.inf, np.inf),))
    assert _apply(image, floats, F32, dtype=np.float32).tolist() == [[-2.0, 1.0, 6.0]]
    table = Table(0, (np.arange(4096) / 4).astype("<f8").tobytes(), "<f8")
    image = PixelParameters(real_world_maps=(RealWorldMap(table, 0, 4095),))
    assert np.array_equal(_apply(image, dtype=np.float32), STORED / 4)
    with pytest.raises(TypeError, match="floating-point"):
        _apply(image, dtype=np.int32)


def test_values_that_are_no_numbers_stay_so_and_hide_no_others():
    image = PixelParameters(real_world_maps=(RealWorldMap(Rescale(2.0, 1.0), 0.0, 1.0),))
    floats = np.array([[0.0, 1.0, np.inf], [-np.inf, np.nan, 0.5]], np.float32)
    for part in (floats, floats[:1], floats[1:, :2]):
        assert np.array_equal(_apply(image, part, F32), part * 2.0 + 1.0, equal_nan=True)
    with pytest.raises(ValueError, match=r"from 0\.5 to 3\.0; the real-world value map is defined from 0\.0 to 1\.0"):
        _apply(image, np.array([[np.nan, 3.0, 0.5]], np.float32), F32)


def test_a_range_of_integers_says_nothing_about_floats():
    item = Dataset()
    item.RealWorldValueSlope, item.RealWorldValueIntercept = 2.0, 0.0
    item.RealWorldValueFirstValueMapped, item.RealWorldValueLastValueMapped = 62512, 1381  # -3024 as unsigned bits
    image = PixelParameters(real_world_maps=(RealWorldMap.of(item),))
    floats = np.array([[-3024.0, 0.25, 1381.5]], np.float32)
    assert np.array_equal(_apply(image, floats, F32), floats * 2.0)
    with pytest.raises(ValueError, match="defined from 62512"):
        _apply(image)


def test_palettes_become_colours():
    palette = Table(1, np.arange(12, dtype=np.uint8).tobytes(), "|u1", 3)
    image = PixelParameters("PALETTE COLOR", palette=palette)
    labels = FrameFormat(NATIVE, 1, 3, photometric_interpretation="PALETTE COLOR")
    stored = np.array([[0, 2, 9]], np.uint8)
    assert _apply(image, stored, labels, dtype=np.uint8).tolist() == [[[0, 1, 2], [3, 4, 5], [9, 10, 11]]]
    assert _apply(image, stored, labels).dtype == np.float64
    assert _apply(image, stored, labels, apply_palette_color_lut=False).tolist() == [[0, 2, 9]]
    with pytest.raises(TypeError, match="int8"):
        _apply(image, stored, labels, dtype=np.int8)
    for wish in ("modality", "voi", "real_world"):
        with pytest.raises(ValueError, match="not a monochrome image"):
            _apply(image, stored, labels, **{f"apply_{wish}_transform": True})
    with pytest.raises(ValueError, match="not a palette colour image"):
        _apply(CT, apply_palette_color_lut=True)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_profile_is_applied_to_the_entries_of_a_palette(bits):
    entries = np.random.default_rng(0).integers(0, 1 << bits, (9, 3)).astype(f"<u{bits // 8}")
    palette = Table(0, entries.tobytes(), entries.dtype.str, 3)
    image = PixelParameters("PALETTE COLOR", palette=palette, icc_profile=srgb_icc_profile())
    labels = FrameFormat(NATIVE, 1, 9, photometric_interpretation="PALETTE COLOR")
    stored = np.arange(9, dtype=np.uint8)[np.newaxis]
    transform = PixelTransform.of(image, labels)
    assert [type(step) for step in transform.chains[0]] == [Lookup]
    assert np.abs(transform(stored) - entries).max() <= (1 << bits) // 128


def test_colours_are_converted_by_a_profile():
    frame = np.random.default_rng(0).integers(0, 256, (2, 3, 3), dtype=np.uint8)
    image = PixelParameters("RGB", icc_profile=srgb_icc_profile())
    converted = ColorManager(srgb_icc_profile()).transform_frame(frame)
    assert np.array_equal(_apply(image, frame, RGB, dtype=np.uint8), converted)
    assert np.array_equal(_apply(image, frame, RGB), converted)
    assert np.array_equal(_apply(image, frame, RGB, apply_icc_profile=False), frame)
    assert np.array_equal(_apply(PixelParameters("RGB"), frame, RGB), frame)
    with pytest.raises(RuntimeError, match="no ICC profile"):
        _apply(PixelParameters("RGB"), frame, RGB, apply_icc_profile=True)
    with pytest.raises(ValueError, match="not a colour image"):
        _apply(CT, apply_icc_profile=True)


@pytest.mark.parametrize(
    "options",
    [
        {"apply_real_world_transform": True, "apply_modality_transform": True},
        {"apply_voi_transform": True, "apply_modality_transform": False},
        {"apply_icc_profile": True, "apply_palette_color_lut": False},
        {"voi_output_range": (1, 1)},
        {"dtype": "U3"},
    ],
)
def test_wishes_that_contradict_one_another_are_refused(options):
    with pytest.raises(ValueError, match=r"expected|True|cannot be False"):
        PixelOptions(**options)


def test_rescale_inversion_and_window_become_one_step():
    dark = PixelParameters("MONOCHROME1", modality=Rescale(2, -5), windows=(Window(40, 400),))
    transform = PixelTransform.of(dark, U12, PixelOptions(apply_voi_transform=True))
    assert [type(step) for step in transform.chains[0]] == [Ramp]
    assert [type(step) for step in PixelTransform.of(CT, U12).chains[0]] == [Affine]


def test_frames_that_differ_are_transformed_by_their_own_parameters():
    slopes = np.array([1, 2, 2, 1, 3], float)
    centers, widths = np.array([10, 20, 20, 10, 10.0]), np.full(5, 50.0)
    parameters, codes = per_frame(CT, {"slope": slopes, "intercept": slopes * 0, "center": centers, "width": widths})
    assert len(parameters) == 3
    block = np.random.default_rng(0).integers(0, 50, (5, 2, 3)).astype(np.uint16)
    for wishes in ({}, {"apply_voi_transform": True, "voi_output_range": (0, 255), "dtype": np.float32}):
        transform = PixelTransform.of(parameters, U12, PixelOptions(**wishes), codes)
        for order in itertools.permutations(range(5), 3):
            frames = np.array(order)
            out = np.empty((3, 2, 3), transform.dtype)
            transform.apply(block[frames], frames, out)
            assert all(np.array_equal(out[at], transform(block[index], index)) for at, index in enumerate(order))
    assert np.array_equal(transform(block[4], 4), _apply(parameters[codes[4]], block[4], **wishes))


def test_output_may_lie_anywhere_in_memory():
    transform = PixelTransform.of(CT, U12)
    out = np.zeros((3, 2, 2, 5))
    transform.apply(np.stack([STORED] * 2)[:, :, 1:], np.arange(2), out[::-2, :, :, 1])
    assert np.array_equal(out[2, :, :, 1], STORED[:, 1:] - 1024.0)
    assert np.array_equal(out[0], out[2])
    assert not out[1].any()


def test_groups_count_more_than_the_top_level():
    image, shared, own, value, voi = (Dataset() for _ in range(5))
    image.PhotometricInterpretation, image.RescaleSlope, image.RescaleIntercept = "MONOCHROME2", 1, 0
    value.RescaleSlope, value.RescaleIntercept = "2", "3"
    shared.PixelValueTransformationSequence = [value]
    voi.WindowCenter, voi.WindowWidth, voi.WindowCenterWidthExplanation = [1, 2], [3, 4], ["a", "b"]
    own.FrameVOILUTSequence = [voi]
    parameters = PixelParameters.of(image, own, shared)
    assert parameters.modality == Rescale(2, 3)
    assert parameters.windows == (Window(1, 3, label="a"), Window(2, 4, label="b"))
    assert PixelParameters.of(image).modality == Rescale(1, 0)
    assert hash(parameters) == hash(PixelParameters.of(image, own, shared))


def test_a_map_without_numbers_is_unreadable():
    image = Dataset()
    image.RealWorldValueMappingSequence = [Dataset()]
    with pytest.raises(ValueError, match="neither RealWorldValueSlope"):
        PixelParameters.of(image)


# of 12 bits, compact and not linear: a square root
ROOT = Table(0, np.rint(4095 * np.sqrt(np.arange(256) / 255)).astype("<u2").tobytes(), "<u2", bits=12)


def test_a_window_is_spread_over_a_presentation_lut():
    # the example of PS3.3 C.11.6.1, note 2: a window from -50 to 49 becomes 0 to 255 before entries are selected
    parameters = PixelParameters(windows=(Window(0.0, 100.0),), presentation_lut=ROOT)
    values = np.array([[-60, -50, 0, 49, 60]], np.int16)
    shown = _apply(parameters, values, S16, apply_voi_transform=True, voi_output_range=(0, 255))
    expected = ROOT.entries[[0, 0, 128, 255, 255]] * (255 / 4095)
    np.testing.assert_allclose(shown[0], expected)
    plain = _apply(parameters, values, S16, apply_voi_transform=True, apply_presentation_lut=False)
    np.testing.assert_allclose(plain[0], [0, 0, 0.5 / 99 + 0.5, 1, 1])


def test_the_range_of_a_voi_lut_is_spread_over_a_presentation_lut():
    # note 4: 0 to 2^16 - 1 becomes 0 to the number of entries - 1
    voi = Table(0, np.array([0, 255, 256, 40000, 65535], "<u2").tobytes(), "<u2", bits=16)
    parameters = PixelParameters(voi_tables=(voi,), presentation_lut=ROOT)
    shown = _apply(parameters, np.array([[0, 1, 2, 3, 4]], np.uint16), apply_voi_transform=True)
    np.testing.assert_allclose(shown[0], ROOT.entries[[0, 0, 1, 40000 // 256, 255]] / 4095)


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
def test_without_a_voi_all_values_are_spread_over_a_presentation_lut(interpretation):
    parameters = PixelParameters(interpretation, modality=CT.modality, presentation_lut=ROOT)
    values = np.array([[0, 15, 16, 2048, 4095]], np.uint16)
    shown = _apply(parameters, values, dtype=np.uint16)
    assert shown[0].tolist() == ROOT.entries[[0, 0, 1, 128, 255]].tolist()
    assert np.array_equal(_apply(parameters, values, apply_presentation_lut=False), values - 1024.0)
    with pytest.raises(TypeError, match="presentation LUT"):
        _apply(parameters, values, dtype=np.uint8)


def test_a_modality_lut_is_spread_over_a_presentation_lut():
    table = Table(0, np.array([0, 100, 255], "<u2").tobytes(), "<u2", bits=8)
    parameters = PixelParameters(modality=table, presentation_lut=ROOT)
    assert (
        _apply(parameters, np.array([[0, 1, 2, 9]], np.uint16))[0].tolist() == ROOT.entries[[0, 100, 255, 255]].tolist()
    )


def test_a_presentation_lut_leaves_real_world_values_and_floats_alone():
    parameters = PixelParameters(real_world_maps=(MILLIMETRE,), presentation_lut=ROOT)
    assert np.array_equal(_apply(parameters), STORED * 2.0 - 5)
    numbers = np.array([[0.25, 0.5]], np.float32)
    assert np.array_equal(_apply(PixelParameters(presentation_lut=ROOT), numbers, F32), numbers)
    windowed = PixelParameters(windows=(Window(0.5, 1.0, "LINEAR_EXACT"),), presentation_lut=ROOT)
    shown = _apply(windowed, np.array([[0.0, 1.0]], np.float32), F32, apply_voi_transform=True)
    np.testing.assert_allclose(shown, [[0, 1]])


def test_an_image_is_shown_through_its_presentation_lut():
    from hdcore.testing.sources import ct_series

    dataset = ct_series(1)[0]
    entries = np.arange(4096, dtype=np.uint16)[::-1].copy()
    dataset.PresentationLUTSequence = [hd.PresentationLUT(0, entries)]
    dataset.PresentationLUTSequence[0].LUTDescriptor = [4096, 0, 12]
    image = hd.Image.from_dataset(dataset)
    shown = image.get_frame(1, apply_voi_transform=True, voi_output_range=(0, 255))
    plain = image.get_frame(1, apply_voi_transform=True, voi_output_range=(0, 255), apply_presentation_lut=False)
    assert plain.std() > 10
    np.testing.assert_allclose(shown, 255 - plain, atol=255 / 4096)
    del dataset.PresentationLUTSequence[0].LUTData
    with pytest.raises(hd.UnreadableError, match="no LUTData"):
        hd.Image.from_dataset(dataset).get_frame(1)
