from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pydicom
import pydicom.data
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

import hdcore as hd
from hdcore import SOPClass
from hdcore.model.element import item, put_raw, stored
from hdcore.model.items import encode_items
from hdcore.model.saving import atomic_file
from hdcore.model.transcode import without_value_representations
from hdcore.testing.sources import ct_series

LARGE = 1 << 17


def _instance(**values):
    instance = SOPClass("1.2", "1.3", 1, "1.4", "1.2.840.10008.5.1.4.1.1.66.4", 1, "SEG")
    for keyword, value in values.items():
        setattr(instance, keyword, value)
    return instance


def _read(instance, tmp_path, **options):
    path = tmp_path / "instance.dcm"
    instance.save_as(path, **options)
    return pydicom.dcmread(path)


def _items(count):
    return [
        item(FrameContentSequence=[item(FrameLabel=f"Größe {index}", DimensionIndexValues=[index, 2])])
        for index in range(count)
    ]


def test_files_equal_those_that_pydicom_writes(tmp_path):
    (source,) = ct_series(1)
    ours, theirs = io.BytesIO(), io.BytesIO()
    SOPClass.from_dataset(source).save_as(ours)
    pydicom.dcmwrite(theirs, source, enforce_file_format=True)
    assert ours.getvalue() == theirs.getvalue()


@pytest.mark.parametrize("length", [LARGE, LARGE + 1, 3])
def test_pixels_are_padded_with_a_null_byte(tmp_path, length):
    instance = _instance(PixelData=b"\x07" * length, BitsAllocated=8)
    read = _read(instance, tmp_path)
    assert read.PixelData == b"\x07" * length + b"\0" * (length % 2)


def test_encapsulated_pixels_end_with_a_delimiter(tmp_path):
    value = encapsulate([b"\1\2" * LARGE, b"\3\4"])
    instance = _instance(PixelData=value, BitsAllocated=8, NumberOfFrames=2)
    instance.file_meta.TransferSyntaxUID = RLELossless
    read = _read(instance, tmp_path)
    assert read.PixelData == value
    assert list(pydicom.encaps.generate_frames(read.PixelData, number_of_frames=2))[1] == b"\3\4"


def test_pixels_in_a_file_are_streamed(tmp_path):
    spool = tmp_path / "spool"
    spool.write_bytes(b"\1\2" * LARGE)
    with spool.open("rb") as file:
        instance = _instance(BitsAllocated=8)
        instance.PixelData = file
        instance["PixelData"].VR = "OB"
        assert _read(instance, tmp_path).PixelData == b"\1\2" * LARGE
        assert file.tell() == 0


@pytest.mark.parametrize("count", [2, 3000])
@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", ImplicitVRLittleEndian, "1.2.840.10008.1.2.1.99"])
def test_raw_sequences_are_saved_under_any_syntax(tmp_path, count, syntax):
    instance = _instance()
    items = _items(count)
    put_raw(instance, "PerFrameFunctionalGroupsSequence", "SQ", encode_items(items))
    instance.file_meta.TransferSyntaxUID = syntax
    read = _read(instance, tmp_path)
    assert len(read.PerFrameFunctionalGroupsSequence) == count
    assert list(read.PerFrameFunctionalGroupsSequence)[-2:] == items[-2:]


def test_a_large_raw_sequence_stays_raw_when_saved(tmp_path):
    instance = _instance()
    put_raw(instance, "PerFrameFunctionalGroupsSequence", "SQ", encode_items(_items(3000)))
    for syntax in ("1.2.840.10008.1.2.1", ImplicitVRLittleEndian):
        instance.file_meta.TransferSyntaxUID = syntax
        _read(instance, tmp_path)
        assert stored(instance, "PerFrameFunctionalGroupsSequence").is_raw


def test_what_was_read_is_saved_under_another_syntax(tmp_path):
    instance = _instance(PatientName="Grün^Jane", SmallestImagePixelValue=3, PixelRepresentation=0)
    instance.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    put_raw(instance, "PerFrameFunctionalGroupsSequence", "SQ", encode_items(_items(3000)))
    read = SOPClass.from_dataset(_read(instance, tmp_path))
    read.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    again = _read(read, tmp_path)
    assert again.PatientName == "Grün^Jane"
    assert again["SmallestImagePixelValue"].VR == "US"
    assert again.PerFrameFunctionalGroupsSequence[-1] == _items(3000)[-1]


def test_text_after_the_raw_sequence_keeps_its_character_set(tmp_path):
    instance = _instance()
    put_raw(instance, "PerFrameFunctionalGroupsSequence", "SQ", encode_items(_items(3000)))
    instance.add_new(0x52010010, "LO", "Größe")
    assert _read(instance, tmp_path)[0x52010010].value == "Größe"


def test_a_changed_character_set_recodes_what_is_raw(tmp_path):
    instance = SOPClass.from_dataset(_read(_instance(PatientName="Grün^Jane"), tmp_path))
    instance.SpecificCharacterSet = "ISO_IR 100"
    assert _read(instance, tmp_path).PatientName == "Grün^Jane"


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
@pytest.mark.parametrize("is_looked_at", [False, True])
def test_a_changed_character_set_recodes_the_texts_of_items(tmp_path, syntax, is_looked_at):
    instance = _instance(SpecificCharacterSet="ISO_IR 100")
    instance.RequestAttributesSequence = [item(RequestedProcedureDescription="Größe", RequestedProcedureID="Ä")]
    instance.file_meta.TransferSyntaxUID = syntax
    read = SOPClass.from_dataset(_read(instance, tmp_path))
    if is_looked_at:
        assert read.RequestAttributesSequence[0].RequestedProcedureID == "Ä"
    read.SpecificCharacterSet = "ISO_IR 192"
    (again,) = _read(read, tmp_path).RequestAttributesSequence
    assert (again.RequestedProcedureDescription, again.RequestedProcedureID) == ("Größe", "Ä")


def test_a_failed_save_leaves_no_file_and_the_old_one_alone(tmp_path):
    path = tmp_path / "instance.dcm"
    _instance().save_as(path)
    before = path.read_bytes()
    broken = _instance()
    broken.PixelData = b"\0" * LARGE
    del broken.file_meta.TransferSyntaxUID
    with pytest.raises(ValueError, match="Transfer Syntax UID"):
        broken.save_as(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["instance.dcm"]


def test_an_existing_file_is_kept_if_asked(tmp_path):
    path = tmp_path / "instance.dcm"
    _instance().save_as(path)
    with pytest.raises(FileExistsError, match="exists already"):
        _instance().save_as(path, overwrite=False)


def test_an_atomic_file_disappears_on_errors(tmp_path):
    def fail():
        with atomic_file(tmp_path / "file") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert os.listdir(tmp_path) == []


def test_a_link_stays_a_link_to_the_file_that_is_replaced(tmp_path):
    file, link = tmp_path / "file.dcm", tmp_path / "link.dcm"
    file.write_bytes(b"old")
    try:
        link.symlink_to(file)
    except OSError:
        pytest.skip("links cannot be made here")
    _instance().save_as(link)
    assert link.is_symlink()
    assert pydicom.dcmread(file).Modality == "SEG"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as thread:
        read = thread.submit(pipe.read_bytes)
        _instance().save_as(pipe)
        assert pydicom.dcmread(io.BytesIO(read.result(timeout=60))).Modality == "SEG"
    assert pipe.is_fifo()
    assert os.listdir(tmp_path) == ["pipe"]


def test_places_where_no_file_can_be_are_refused_by_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent.file\.dcm' cannot be written: there is no folder"):
        _instance().save_as(tmp_path / "absent" / "file.dcm")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        _instance().save_as(tmp_path)
    for target in (None, 3.5):
        with pytest.raises(hd.InputTypeError, match=f"not to a {type(target).__name__}"):
            _instance().save_as(target)
    assert os.listdir(tmp_path) == []


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path):
    class Full(io.BytesIO):
        def read(self, *_):
            raise OSError(28, "No space left on device")

    instance = _instance(BitsAllocated=8)
    instance.PixelData = Full(b"\1\2" * LARGE)
    instance["PixelData"].VR = "OB"
    with pytest.raises(OSError, match="No space left"):
        instance.save_as(tmp_path / "file.dcm")
    assert os.listdir(tmp_path) == []


def test_big_endian_is_left_to_pydicom():
    instance = _instance(Rows=258)
    buffer = io.BytesIO()
    instance.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"
    instance.save_as(buffer, implicit_vr=False, little_endian=False)
    buffer.seek(0)
    assert pydicom.dcmread(buffer).Rows == 258


@pytest.mark.parametrize("name", ["MR_small_bigendian.dcm", "ExplVR_BigEnd.dcm"])
def test_what_was_read_as_big_endian_is_saved_as_big_endian(tmp_path, name):
    original = Path(pydicom.data.__file__).parent / "test_files" / name
    hd.read(original).save_as(tmp_path / "saved.dcm")
    saved, expected = pydicom.dcmread(tmp_path / "saved.dcm"), pydicom.dcmread(original)
    for tag in [tag for tag in expected if tag.tag.element == 0]:
        del expected[tag.tag]  # group lengths are retired
    assert saved == expected
    assert saved.file_meta.TransferSyntaxUID == ExplicitVRBigEndian


@pytest.mark.parametrize("undefined", [False, True])
def test_value_representations_are_taken_out_of_sequences(undefined):
    items = _items(3)
    for one in items:
        one.is_undefined_length_sequence_item = undefined
        one["FrameContentSequence"].is_undefined_length = undefined
    explicit = encode_items(items)
    plain = without_value_representations(explicit)
    assert plain == encode_items(_items(3), is_implicit_vr=True)
    with pytest.raises(ValueError, match="damaged"):
        without_value_representations(explicit[2:])
    with pytest.raises(ValueError, match="damaged"):
        without_value_representations(explicit[:11])
