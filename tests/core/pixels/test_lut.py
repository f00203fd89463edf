"""Tables, windows and palettes as items."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

import hdcore as hd
from hdcore.pixels import apply_lut, apply_voi_window

VALUES = np.array([-200, 0, 1, 2, 3, 4, 40, 300], np.int16)


def _read_back(dataset):
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, dataset)
    buffer.seek(0)
    return read_dataset(buffer, False, True)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("first", [-5, 0, 60000])
@pytest.mark.parametrize("entries", [1, 5, 40000, 65536])
def test_a_table_survives_writing(dtype, first, entries):
    data = (np.arange(entries) % 251).astype(dtype)
    table = hd.LUT.from_dataset(_read_back(hd.LUT(first, data, "why")))
    assert np.array_equal(table.lut_data, data)
    assert table.number_of_entries == entries
    assert table.first_mapped_value == first
    assert table.bits_per_entry == 8 * data.itemsize
    assert table.LUTExplanation == "why"
    assert len(table.LUTData) % 2 == 0


def test_values_beyond_the_table_take_its_ends():
    table = hd.LUT(10, np.array([5, 7, 9], np.uint8))
    assert table.apply(np.array([0, 10, 11, 12, 13])).tolist() == [5, 5, 7, 9, 9]
    assert table.apply(np.array([[11]]), np.float32).dtype == np.float32
    with pytest.raises(TypeError, match="int8"):
        table.apply(VALUES, np.int8)
    with pytest.raises(ValueError, match="float64"):
        table.apply(VALUES.astype(float))
    with pytest.raises(ValueError, match="-200 to 300; the table maps 0 to 3"):
        apply_lut(VALUES, np.arange(4), 0, clip=False)


def test_entries_are_scaled_and_inverted():
    table = hd.LUT(0, np.array([5, 7, 9, 11, 30], np.uint8))
    assert np.allclose(table.get_scaled_lut_data(), [0, 0.08, 0.16, 0.24, 1])
    assert np.allclose(table.get_scaled_lut_data((0, 255), invert=True), [255, 234.6, 214.2, 193.8, 0])
    assert table.get_inverted_lut_data().tolist() == [30, 28, 26, 24, 5]
    assert table.get_inverted_lut_data().dtype == np.uint8
    assert hd.LUT(0, np.full(4, 7, np.uint8)).get_scaled_lut_data().tolist() == [0, 0, 0, 0]
    with pytest.raises(ValueError, match="uint8"):
        table.get_scaled_lut_data(dtype=np.uint8)


@pytest.mark.parametrize(
    ("first", "data", "error"),
    [
        (0, [1, 2], TypeError),
        (1.5, np.zeros(3, np.uint8), TypeError),
        (-40000, np.zeros(3, np.uint8), ValueError),
        (70000, np.zeros(3, np.uint8), ValueError),
        (0, np.zeros(0, np.uint8), ValueError),
        (0, np.zeros((2, 2), np.uint8), ValueError),
        (0, np.zeros(3, np.int16), ValueError),
        (0, np.zeros(70000, np.uint8), ValueError),
    ],
)
def test_what_is_no_table_is_refused(first, data, error):
    with pytest.raises(error):
        hd.LUT(first, data)
    with pytest.raises(error):
        hd.PaletteColorLUT(first, data, "red")


def test_an_item_without_data_is_unreadable():
    with pytest.raises(ValueError, match="no LUTDescriptor"):
        hd.VOILUT.from_dataset(Dataset())
    with pytest.raises(TypeError, match="not from dict"):
        hd.VOILUT.from_dataset({})


def test_copying_an_item_leaves_the_original_alone():
    plain = Dataset()
    plain.LUTDescriptor, plain.LUTData = [3, 0, 16], [7, 8, 9]
    table = hd.VOILUT.from_dataset(plain)
    table.LUTExplanation = "mine"
    assert "LUTExplanation" not in plain
    assert type(plain) is Dataset
    assert table.lut_data.tolist() == [7, 8, 9]
    assert hd.VOILUT.from_dataset(plain, copy=False) is plain


def test_tables_can_be_pickled():
    table = hd.VOILUT(-3, np.array([7, 8, 9], np.uint16))
    again = pickle.loads(pickle.dumps(table))
    assert again == table
    assert again.lut_data.tolist() == [7, 8, 9]


def test_eight_bit_entries_in_words_are_read():
    plain = Dataset()
    plain.LUTDescriptor = [3, 0, 8]
    plain.add_new("LUTData", "OW", np.array([7, 8, 9], "<u2").tobytes())
    assert hd.LUT.from_dataset(plain).lut_data.dtype == np.uint8
    assert hd.LUT.from_dataset(plain).lut_data.tolist() == [7, 8, 9]


def test_a_rescale_is_applied():
    transformation = hd.ModalityLUTTransformation(-10, 2, "HU")
    assert not transformation.has_lut()
    stored = np.array([0, 5, 200], np.uint8)
    assert transformation.apply(stored).tolist() == [-10, 0, 390]
    assert transformation.apply(stored, np.int16).dtype == np.int16
    assert transformation.apply(stored, np.int16).tolist() == [-10, 0, 390]
    with pytest.raises(ValueError, match="cannot hold values from -10"):
        transformation.apply(stored, np.uint16)
    with pytest.raises(ValueError, match="no integers"):
        hd.ModalityLUTTransformation(0.5, 1, "US").apply(stored, np.int16)


def test_a_modality_table_is_applied():
    table = hd.ModalityLUT("HU", 0, np.arange(5, dtype=np.uint16) * 100)
    transformation = hd.ModalityLUTTransformation(modality_lut=table)
    assert transformation.has_lut()
    assert transformation.apply(VALUES).tolist() == [0, 0, 100, 200, 300, 400, 400, 400]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"rescale_intercept": 1},
        {"rescale_intercept": 1, "rescale_slope": 1},
        {"modality_lut": 3},
        {"rescale_slope": 1, "modality_lut": hd.ModalityLUT("HU", 0, np.arange(5, dtype=np.uint16))},
    ],
)
def test_half_a_modality_transformation_is_refused(arguments):
    with pytest.raises(TypeError):
        hd.ModalityLUTTransformation(**arguments)


def test_windows_and_tables_are_selected():
    table = hd.VOILUT(0, np.array([0, 10, 30, 40, 80], np.uint16), "five")
    both = hd.VOILUTTransformation([40, 10], [400, 20], ["a", "b"], voi_luts=[table])
    assert both.has_lut()
    assert both.has_window()
    assert np.allclose(both.apply(VALUES, voi_transform_selector="b"), both.apply(VALUES, voi_transform_selector=-1))
    assert both.apply(VALUES, prefer_lut=True).tolist() == [0, 0, 0.125, 0.375, 0.5, 1, 1, 1]
    assert both.apply(VALUES, prefer_lut=True, invert=True, output_range=(0, 8)).tolist() == [8, 8, 7, 5, 4, 0, 0, 0]
    for selector in (2, -3, "five"):
        with pytest.raises(IndexError):
            both.apply(VALUES, voi_transform_selector=selector)
    with pytest.raises(ValueError, match="above its first"):
        both.apply(VALUES, output_range=(5, 1))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, TypeError),
        ({"window_center": 1}, TypeError),
        ({"window_center": [1, 2], "window_width": [2]}, ValueError),
        ({"window_center": 1, "window_width": 0}, ValueError),
        ({"window_center": 1, "window_width": 0.5}, ValueError),
        ({"window_center": 1, "window_width": 2, "voi_lut_function": "CUBIC"}, ValueError),
        ({"window_center": [1, 2], "window_width": [2, 3], "window_explanation": ["a"]}, ValueError),
        ({"voi_luts": []}, ValueError),
        ({"voi_luts": [3]}, TypeError),
        ({"window_explanation": "a", "voi_luts": [hd.VOILUT(0, np.arange(5, dtype=np.uint16))]}, TypeError),
    ],
)
def test_half_a_voi_transformation_is_refused(arguments, error):
    with pytest.raises(error):
        hd.VOILUTTransformation(**arguments)


def test_windows_obey_the_standard():
    x = np.array([-1000, -160, -159.5, 39.5, 239, 240, 1000])
    linear = apply_voi_window(x, 40, 400)
    assert np.allclose(linear, np.clip((x - 39.5) / 399 + 0.5, 0, 1))
    exact = apply_voi_window(x, 40, 400, "LINEAR_EXACT", (10, 20))
    assert np.allclose(exact, 10 + 10 * np.clip((x - 40) / 400 + 0.5, 0, 1))
    sigmoid = apply_voi_window(x, 40, 400, "SIGMOID", (0, 255), invert=True)
    assert np.allclose(sigmoid, 255 - 255 / (1 + np.exp(-4 * (x - 40) / 400)))
    assert apply_voi_window(np.array([39, 40]), 40, 1).tolist() == [0, 1]


def test_sigmoid_of_many_integers_is_tabulated_alike():
    x = np.arange(-32768, 32767, dtype=np.int16).repeat(2)
    assert np.allclose(apply_voi_window(x, 40, 400, "SIGMOID"), 1 / (1 + np.exp(-4 * (x - 40.0) / 400)))


def test_presentation_is_a_shape_or_a_table():
    assert hd.PresentationLUTTransformation().PresentationLUTShape == "IDENTITY"
    assert hd.PresentationLUTTransformation("INVERSE").PresentationLUTShape == "INVERSE"
    table = hd.PresentationLUT(0, np.arange(5, dtype=np.uint16))
    assert hd.PresentationLUTTransformation(presentation_lut=table).PresentationLUTSequence[0] == table
    with pytest.raises(TypeError):
        hd.PresentationLUTTransformation("INVERSE", table)
    with pytest.raises(TypeError):
        hd.PresentationLUTTransformation(presentation_lut=hd.VOILUT(0, np.arange(5, dtype=np.uint16)))


def test_a_palette_of_names_survives_writing():
    palette = hd.PaletteColorLUTTransformation.from_colors(["black", "Red", "#00ff00"], 1, hd.UID())
    image = _read_back(palette)
    image.PatientID = "x"
    found = hd.PaletteColorLUTTransformation.extract_from_dataset(image)
    assert found == palette
    assert "PatientID" not in found
    assert not found.is_segmented
    assert found.combined_lut_data.tolist() == [[0, 0, 0], [255, 0, 0], [0, 255, 0]]
    assert found.apply(np.array([[0, 2], [3, 9]])).shape == (2, 2, 3)
    assert found.apply(np.array([2])).tolist() == [[255, 0, 0]]
    assert (found.number_of_entries, found.first_mapped_value, found.bits_per_entry) == (3, 1, 8)
    with pytest.raises(ValueError, match="not a colour"):
        hd.PaletteColorLUTTransformation.from_colors(["reddish"])
    with pytest.raises(ValueError, match="no RedPaletteColorLookupTableDescriptor"):
        hd.PaletteColorLUTTransformation.extract_from_dataset(Dataset())


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_segments_expand(dtype):
    offset = [2, 0] if dtype == np.uint16 else [0, 0, 0, 0]
    data = [0, 2, 10, 20, 1, 4, 100, 2, 1, *([0] * len(offset))]
    table = hd.SegmentedPaletteColorLUT(0, np.array(data, dtype), "blue")
    assert table.lut_data.tolist() == [10, 20, 40, 60, 80, 100, 10, 20]
    assert table.lut_data.dtype == dtype
    assert table.number_of_entries == 8
    tables = [hd.SegmentedPaletteColorLUT(0, np.array(data, dtype), color) for color in ("red", "green")]
    palette = hd.PaletteColorLUTTransformation(*tables, table)
    assert palette.is_segmented
    again = hd.PaletteColorLUTTransformation.extract_from_dataset(_read_back(palette))
    assert np.array_equal(again.combined_lut_data, palette.combined_lut_data)


@pytest.mark.parametrize("data", [[1, 2, 3], [0, 5, 1], [3, 1, 1], [0, 1, 7, 2, 1, 90, 0], [0, 1, 7, 1]])
def test_broken_segments_are_refused(data):
    with pytest.raises(ValueError, match="segment"):
        hd.SegmentedPaletteColorLUT(0, np.array(data, np.uint16), "red")


def test_tables_of_a_palette_must_agree():
    def table(color, entries=4, first=0, dtype=np.uint8):
        return hd.PaletteColorLUT(first, np.arange(entries, dtype=dtype), color)

    red, green = table("red"), table("green")
    for blue in (table("green"), table("blue", 5), table("blue", 4, 1), table("blue", dtype=np.uint16)):
        with pytest.raises(ValueError, match="table"):
            hd.PaletteColorLUTTransformation(red, green, blue)
    with pytest.raises(ValueError, match="'red', 'green' or 'blue'"):
        table("cyan")


BAD_DESCRIPTORS = {"empty": None, "of one number": 256, "of two": [256, 0], "of four": [256, 0, 8, 1], "a text": "abc"}


@pytest.mark.parametrize("value", BAD_DESCRIPTORS.values(), ids=BAD_DESCRIPTORS)
@pytest.mark.parametrize("table_type", [hd.PaletteColorLUT, hd.SegmentedPaletteColorLUT])
def test_a_palette_with_a_malformed_descriptor_is_refused(table_type, value):
    good = table_type(0, np.array([0, 1, 5], np.uint8), "red")
    good["RedPaletteColorLookupTableDescriptor"]._value = value
    with pytest.raises(hd.UnreadableError, match=r"RedPaletteColorLookupTableDescriptor is .*expected three numbers"):
        table_type.extract_from_dataset(good, "red").lut_data  # noqa: B018


@pytest.mark.parametrize("value", BAD_DESCRIPTORS.values(), ids=BAD_DESCRIPTORS)
def test_an_image_with_a_malformed_descriptor_of_its_palette_is_refused(value):
    from hdcore.testing.sources import ct_series

    dataset = ct_series(1)[0]
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    ramp = np.arange(256, dtype=np.uint8)
    dataset.update(hd.PaletteColorLUTTransformation.from_combined_lut(np.stack([ramp] * 3, axis=1)))
    image = hd.Image.from_dataset(dataset, copy=False)
    assert image.get_frame(1, dtype=np.uint8).shape == (dataset.Rows, dataset.Columns, 3)
    image["GreenPaletteColorLookupTableDescriptor"]._value = value
    image.forget_frames()
    with pytest.raises(hd.UnreadableError, match="GreenPaletteColorLookupTableDescriptor is "):
        image.get_frame(1)


@pytest.mark.parametrize("value", [None, "words"])
def test_a_table_without_readable_entries_is_refused(value):
    table = hd.VOILUT(0, np.array([1, 2], np.uint8))
    table["LUTData"]._value = value
    with pytest.raises(hd.UnreadableError, match=r"LUTData is .*expected entries"):
        hd.VOILUT.from_dataset(table).lut_data  # noqa: B018


def test_tables_of_a_palette_that_was_read_have_equal_lengths():
    palette = hd.PaletteColorLUTTransformation.from_combined_lut(np.zeros((4, 3), np.uint8))
    palette.GreenPaletteColorLookupTableDescriptor = [3, 0, 8]
    with pytest.raises(hd.UnreadableError, match=r"\[4, 3, 4\] entries"):
        palette.combined_lut_data  # noqa: B018


@pytest.mark.parametrize("representation", ["OW", "US"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_tables_of_big_endian_files_are_read(dtype, representation):
    data = np.arange(6, dtype=dtype) * 40
    words = np.frombuffer(data.tobytes(), "<u2")  # two entries of 8 bits to a word
    value = words.astype(">u2").tobytes() if representation == "OW" else words.tolist()
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [6, 3, 8 * data.itemsize])
    item.add_new("LUTData", representation, value)
    image = Dataset()
    image.ModalityLUTSequence = [item]
    for color in ("Red", "Green", "Blue"):
        image.add_new(f"{color}PaletteColorLookupTableDescriptor", "US", [6, 3, 8 * data.itemsize])
        image.add_new(f"{color}PaletteColorLookupTableData", representation, value)
    buffer = DicomBytesIO()
    buffer.is_little_endian = buffer.is_implicit_VR = False
    write_dataset(buffer, image)
    buffer.seek(0)
    read = read_dataset(buffer, False, False)
    assert np.array_equal(hd.LUT.from_dataset(read.ModalityLUTSequence[0]).lut_data, data)
    assert np.array_equal(hd.PaletteColorLUT.extract_from_dataset(read, "green").lut_data, data)
    palette = hd.PaletteColorLUTTransformation.extract_from_dataset(read)
    assert np.array_equal(palette.combined_lut_data, np.stack([data] * 3, axis=-1))
