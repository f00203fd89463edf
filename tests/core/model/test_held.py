"""Values that stay in an array, or in pieces, behave as bytes."""

from __future__ import annotations

import copy
import io
import pickle

import numpy as np
import pydicom
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from hdcore.model.element import put_element
from hdcore.model.held import HeldArray, HeldElement, HeldPieces, is_new_file, write_zeros
from hdcore.model.instance import SOPClass
from hdcore.model.making import tag_of

TAG = tag_of("PixelData")
LENGTH = 3 << 20


def _array():
    array = np.zeros(LENGTH, np.uint8)
    array[100:200] = 7
    array[-2:] = 9
    return HeldArray(array, ((100, 200), (LENGTH - 2, LENGTH)))


def _pieces():
    return HeldPieces((bytes(100), b"\7" * 100, bytes(LENGTH - 202), b"\x09\x09"))


def _held(held=_array):
    return HeldElement(TAG, "OB", held())


in_both_ways = pytest.mark.parametrize("held", [_array, _pieces])


def _bytes():
    return bytes(100) + b"\7" * 100 + bytes(LENGTH - 202) + b"\x09\x09"


def _instance(held=_array):
    instance = SOPClass("1.2.1", "1.2.2", 1, "1.2.3", "1.2.840.10008.5.1.4.1.1.66.4", 1, "SEG")
    put_element(instance, _held(held))
    return instance


@in_both_ways
def test_the_value_is_made_bytes_when_it_is_asked_for(held):
    element = _held(held)
    assert element.held is not None
    assert element.value == _bytes()
    assert element.held is None
    assert element.value == _bytes()
    element.value = b"\1\2"
    assert element.value == b"\1\2"


@in_both_ways
def test_a_value_that_is_set_replaces_what_is_held(held):
    element = _held(held)
    element.value = b"\1\2"
    assert element.held is None
    assert element.value == b"\1\2"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
@in_both_ways
def test_copies_have_the_same_value_and_leave_it_where_it_is(duplicate, held):
    element = _held(held)
    other = duplicate(element)
    assert other.held is not None
    assert other.value == _bytes()
    assert element.held is not None


@in_both_ways
def test_it_is_equal_to_an_element_of_bytes_and_has_one_value(held):
    assert _held(held) == DataElement(TAG, "OB", _bytes())
    assert _held(held).VM == 1
    assert not _held(held).is_empty
    assert "Pixel Data" in str(_held(held))


@in_both_ways
def test_a_dataset_gives_bytes_and_pydicom_writes_them(held):
    instance = _instance(held)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, instance)
    buffer.seek(0)
    assert pydicom.dcmread(buffer).PixelData == _bytes()
    assert instance.PixelData == _bytes()


def test_a_new_file_has_the_same_bytes_as_one_in_memory_and_has_holes(tmp_path):
    instance = _instance()
    path, buffer = tmp_path / "one.dcm", io.BytesIO()
    instance.save_as(path)
    instance.save_as(buffer)
    assert path.read_bytes() == buffer.getvalue()
    assert pydicom.dcmread(path).PixelData == _bytes()
    assert instance["PixelData"].held is not None
    assert path.stat().st_blocks * 512 < LENGTH


def test_pieces_are_written_from_where_they_are(tmp_path):
    instance = _instance(_pieces)
    path, buffer = tmp_path / "one.dcm", io.BytesIO()
    instance.save_as(path)
    instance.save_as(buffer)
    assert path.read_bytes() == buffer.getvalue()
    assert pydicom.dcmread(path).PixelData == _bytes()
    assert instance["PixelData"].held is not None


def test_an_instance_is_saved_over_what_a_file_holds_already(tmp_path):
    path, buffer = tmp_path / "one.bin", io.BytesIO()
    path.write_bytes(b"\xff" * (LENGTH + 10000))
    instance = _instance()
    with path.open("r+b") as file:
        instance.save_as(file)
    instance.save_as(buffer)
    assert path.read_bytes()[: len(buffer.getvalue())] == buffer.getvalue()


def test_elements_after_the_pixels_follow_a_hole(tmp_path):
    instance = _instance()
    put_element(instance, HeldElement(TAG, "OB", HeldArray(np.zeros(LENGTH, np.uint8), ())))
    instance.add_new("DataSetTrailingPadding", "OB", b"\1\2")
    instance.save_as(tmp_path / "one.dcm")
    read = pydicom.dcmread(tmp_path / "one.dcm")
    assert (read.PixelData, read.DataSetTrailingPadding) == (bytes(LENGTH), b"\1\2")


def test_only_an_empty_file_on_a_disk_is_new(tmp_path):
    with (tmp_path / "one").open("wb") as file:
        assert is_new_file(file)
        file.write(b"1")
        assert not is_new_file(file)
    assert not is_new_file(io.BytesIO())
    with open("/dev/null", "wb") as device:
        assert not is_new_file(device)


@pytest.mark.parametrize("may_skip", [False, True])
@pytest.mark.parametrize("count", [0, 1, 1 << 20, (1 << 20) + 1, LENGTH])
def test_zeros_are_written_or_skipped(tmp_path, may_skip, count):
    with (tmp_path / "one").open("wb") as file:
        write_zeros(file, count, may_skip=may_skip)
        file.write(b"1")
    assert (tmp_path / "one").read_bytes() == bytes(count) + b"1"


@in_both_ways
def test_values_are_written_whole(tmp_path, held):
    for may_skip in (False, True):
        with (tmp_path / "one").open("wb") as file:
            held().write(file, may_skip=may_skip)
        assert (tmp_path / "one").read_bytes() == _bytes()


def test_a_dataset_with_a_held_value_can_be_compared():
    one, other = Dataset(), Dataset()
    put_element(one, _held())
    other.PixelData = _bytes()
    other["PixelData"].VR = "OB"
    assert one == other
