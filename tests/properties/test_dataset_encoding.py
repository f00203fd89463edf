"""Datasets are written as pydicom writes them, byte for byte."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.multival import MultiValue
from pydicom.tag import Tag
from pydicom.valuerep import IS, DSfloat

from hdcore.model.encode import encode_elements

_ASCII = st.text("AZaz09 .^-", max_size=9)
_TEXTS = _ASCII | st.text("aé漢=^ ", max_size=9)
_UIDS = st.sampled_from(["1.2.3", "1.2.34"])
_DECIMALS = st.floats(-1e6, 1e6, width=32).map(lambda number: DSfloat(number, auto_format=True)) | st.just(
    DSfloat("1.50")
)


def _several(values):
    return values | st.lists(values, max_size=3).map(lambda found: MultiValue(lambda value: value, found))


_VALUES = {
    "LO": _several(_TEXTS),
    "SH": _several(_TEXTS),
    "PN": _TEXTS,
    "LT": _TEXTS,
    "UT": _TEXTS,
    "UC": _several(_TEXTS),
    "CS": _several(st.text("AZ_ 09", max_size=9)),
    "UR": st.just("urn:oid:1.2"),
    "UI": _several(_UIDS),
    "DA": st.just("20200131") | st.just(date(2020, 1, 31)),
    "TM": st.just("101112.5"),
    "AS": st.just("042Y"),
    "DS": _several(_DECIMALS),
    "IS": _several(st.integers(-99, 99).map(IS)),
    "US": _several(st.integers(0, 65535)),
    "SS": _several(st.integers(-32768, 32767)),
    "UL": _several(st.integers(0, 2**32 - 1)),
    "SL": _several(st.integers(-(2**31), 2**31 - 1)),
    "UV": _several(st.integers(0, 2**64 - 1)),
    "SV": _several(st.integers(-(2**63), 2**63 - 1)),
    "FL": _several(st.floats(-1e6, 1e6, width=32)),
    "FD": _several(st.floats(-1e6, 1e6)),
    "AT": _several(st.integers(1, 2**32 - 1).map(Tag)),
    "OB": st.binary(max_size=5),
    "OW": st.binary(max_size=2).map(lambda value: value * 2),
    "UN": st.binary(max_size=2).map(lambda value: value * 2),
}
_VRS = {0x00990000 + 0x1001 + index: vr for index, vr in enumerate(_VALUES)}
_SEQUENCE = 0x009920FF


def _element(number):
    vr = _VRS[number]
    return (_VALUES[vr] | st.none()).map(lambda value: DataElement(number, vr, value, already_converted=vr != "PN"))


_FLAT = st.sets(st.sampled_from(list(_VRS)), max_size=6).flatmap(lambda numbers: st.tuples(*map(_element, numbers)))


def _dataset(elements, items=()):
    dataset = Dataset()
    for element in elements:
        dataset._dict[element.tag] = element
    if items:
        dataset._dict[Tag(_SEQUENCE)] = DataElement(_SEQUENCE, "SQ", list(items))
    return dataset


_DATASETS = st.recursive(
    _FLAT.map(_dataset), lambda items: st.builds(_dataset, _FLAT, st.lists(items, max_size=2)), max_leaves=4
)


def _by_pydicom(dataset, character_set):
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, dataset, character_set)
    return buffer.getvalue()


@given(_DATASETS)
def test_datasets_are_written_as_pydicom_writes_them(dataset):
    utf_8 = convert_encodings("ISO_IR 192")
    assert encode_elements(dataset, utf_8) == _by_pydicom(dataset, utf_8)


@given(_DATASETS)
def test_datasets_that_were_read_are_written_as_they_were(dataset):
    utf_8 = convert_encodings("ISO_IR 192")
    written = _by_pydicom(dataset, utf_8)
    read = read_dataset(DicomBytesIO(written), False, True)
    read.set_original_encoding(False, True, utf_8)
    assert encode_elements(read, utf_8) == written


def test_bytes_of_odd_number_are_padded_under_any_value_representation():
    dataset = _dataset([DataElement(0x00991001, "UN", b"\1"), DataElement(0x00991002, "OB", b"\1")])
    assert encode_elements(dataset, ["utf8"]) == (b"\x99\0\1\x10UN\0\0\2\0\0\0\1\0\x99\0\2\x10OB\0\0\2\0\0\0\1\0")


def test_an_item_with_a_character_set_of_its_own_is_written_in_it():
    latin = Dataset()
    latin.SpecificCharacterSet = "ISO_IR 100"
    latin.CodeMeaning = "Füße"
    dataset = Dataset()
    dataset.ConceptNameCodeSequence = [latin]
    assert "Füße".encode("latin-1") in encode_elements(dataset, ["utf8"])


def test_compressed_pixel_data_in_an_item_keeps_its_undefined_length():
    icon = Dataset()
    icon.PixelData = encapsulate([b"\1\2\3\4"])
    icon["PixelData"].VR = "OB"
    icon["PixelData"].is_undefined_length = True
    dataset = Dataset()
    dataset.IconImageSequence = [icon]
    written = encode_elements(dataset, ["utf8"])
    assert written == _by_pydicom(dataset, ["utf8"])
    read = read_dataset(DicomBytesIO(written), False, True)
    assert encode_elements(read, ["utf8"]) == written
