from __future__ import annotations

import io
import mmap
import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom.data
import pytest
from pydicom.dataset import Dataset

import hdcore as hd
from hdcore.testing import sources

BUNDLED = Path(pydicom.data.__file__).parent / "test_files"


def encoded(dataset):
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


CT = encoded(sources.ct_series(1)[0])


def test_one_instance_is_read_from_every_kind_of_source(tmp_path):
    path = tmp_path / "ct.dcm"
    path.write_bytes(CT)
    with path.open("rb") as file:
        read = [hd.read(source) for source in (path, str(path), CT, bytearray(CT), BytesIO(CT), file)]
    read.append(hd.read(pydicom.dcmread(path)))
    assert {type(instance) for instance in read} == {hd.Image}
    assert all(instance == read[0] for instance in read)


def test_a_file_is_read_from_where_it_stands():
    file = BytesIO(b"something before" + CT)
    file.seek(len("something before"))
    assert hd.read(file).Modality == "CT"


class Stream(io.RawIOBase):
    """What comes from a pipe or a socket: bytes that are read once, from the first to the last."""

    def __init__(self, content):
        self._rest = BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._rest.readinto(buffer)


def _frame_of_reader(source):
    with hd.io.ImageFileReader(source) as reader:
        return reader.read_frame(0)


READERS = {
    "read": lambda source: hd.read(source).get_stored_frame(1),
    "imread": lambda source: hd.imread(source).get_stored_frame(1),
    "lazily": lambda source: hd.imread(source, lazy_frame_retrieval=True).get_stored_frame(1),
    "ImageFileReader": _frame_of_reader,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("buffered", [True, False])
def test_a_stream_that_cannot_be_sought_is_read_to_its_end(reader, buffered):
    assert np.array_equal(reader(io.BufferedReader(Stream(CT)) if buffered else Stream(CT)), reader(CT))


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_file_mapped_into_memory_is_read(reader, tmp_path):
    path = tmp_path / "ct.dcm"
    path.write_bytes(CT)
    with path.open("rb") as file:
        assert np.array_equal(reader(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), reader(CT))


@pytest.mark.parametrize("wrapped", [Stream, mmap.mmap, lambda content: io.BufferedReader(Stream(content))])
def test_validation_reads_streams_and_mapped_files(wrapped, tmp_path):
    if wrapped is mmap.mmap:
        (tmp_path / "ct.dcm").write_bytes(CT)
        with (tmp_path / "ct.dcm").open("rb") as file:
            source = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    else:
        source = wrapped(CT)
    assert hd.validate(source).to_dict() == hd.validate(CT).to_dict()


def test_an_instance_without_pixels_is_a_plain_one():
    dataset = sources.ct_series(1)[0]
    for keyword in ("Rows", "Columns", "PixelData"):
        delattr(dataset, keyword)
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.481.5"
    assert type(hd.read(encoded(dataset))) is hd.SOPClass


def test_an_instance_that_has_lost_its_pixels_is_a_plain_one(tmp_path):
    dataset = sources.ct_series(1)[0]
    del dataset.PixelData
    content = encoded(dataset)
    (tmp_path / "ct.dcm").write_bytes(content)
    for source in (tmp_path / "ct.dcm", content, BytesIO(content), dataset):
        read = hd.read(source)
        assert type(read) is hd.SOPClass
        assert read.Rows == dataset.Rows


def test_a_known_plugin_that_is_absent_is_named_in_a_warning(monkeypatch):
    from hdcore import api
    from hdcore.registry.manager import PluginManager

    monkeypatch.setattr(api, "plugin_manager", lambda: PluginManager({}))
    dataset = sources.ct_series(1)[0]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.30"
    with pytest.warns(hd.HdcoreWarning, match="pip install hdcore-pm"):
        assert type(hd.read(encoded(dataset))) is hd.Image
    with pytest.warns(hd.HdcoreWarning, match=r"without the rules of its plugin.*pip install hdcore-pm"):
        hd.validate(encoded(dataset))


BAD = {
    "text": (b"Dear reader, this is a letter and no image at all.\n" * 9, ValueError, "looks like a text"),
    "empty": (b"", ValueError, "is empty"),
    "bytes of another kind": (bytes(range(256)) * 4, ValueError, "no DICOM file"),
    "preamble alone": (bytes(128) + b"DICM", ValueError, "header cannot be read"),
    "representation that is none": (
        bytes(128) + b"DICM\x02\0\0\0TL\x04\0\0\0\0\0" + b"\x08\0\x16\0UI\x02\x001\0",
        ValueError,
        "header cannot be read",
    ),
    "garbage after the preamble": (bytes(128) + b"DICM" + b"\xff" * 300, ValueError, "header cannot be read"),
    "a number": (3, TypeError, "expected a path"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_instance_is_refused_with_a_message_that_helps(what):
    source, error, message = BAD[what]
    with pytest.raises(error, match=message) as caught:
        hd.read(source)
    assert isinstance(caught.value, hd.HdcoreError)


def test_paths_that_cannot_be_read_are_refused_by_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no file .*absent"):
        hd.read(tmp_path / "absent.dcm")
    with pytest.raises(ValueError, match="is a directory"):
        hd.read(tmp_path)


def test_a_dicomdir_is_refused_with_the_way_on():
    with pytest.raises(ValueError, match=r"is a DICOMDIR.*FileSet"):
        hd.read(BUNDLED / "dicomdirtests" / "DICOMDIR")


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_text_stream_is_refused_by_all_readers(reader):
    with pytest.raises(hd.errors.InputTypeError, match="is open as text; open it in binary mode, 'rb'"):
        reader(io.StringIO("text"))


def test_a_text_stream_is_refused(tmp_path):
    (tmp_path / "ct.dcm").write_bytes(CT)
    with (tmp_path / "ct.dcm").open(encoding="latin-1") as file, pytest.raises(TypeError, match="binary mode"):
        hd.read(file)


@pytest.mark.parametrize("kept", [140, 200, 400, 900, len(CT) - 1000, len(CT) - 1])
def test_truncated_files_are_refused_or_say_so_when_the_frame_is_asked_for(kept):
    with pytest.raises(hd.HdcoreError):
        hd.read(CT[:kept]).get_stored_frame(1)


@pytest.mark.parametrize("name", ["rtstruct.dcm", "waveform_ecg.dcm", "reportsi.dcm", "pet.dcm", "chrJapMulti.dcm"])
@pytest.mark.filterwarnings("ignore:.*:UserWarning:pydicom")
def test_objects_without_pixels_that_are_cut_off_are_refused_or_named(name):
    content = next(BUNDLED.parent.rglob(name)).read_bytes()
    opened = cut = 0
    for kept in range(len(content) // 2, len(content), max(1, len(content) // 60)):
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                hd.read(content[:kept])
        except hd.UnreadableError:
            continue
        opened += 1
        cut += any("behind its last element" in str(one.message) for one in caught)
    assert opened < 60
    assert cut or name != "chrJapMulti.dcm"


def test_files_without_preamble_are_read():
    assert hd.read(BUNDLED / "ExplVR_LitEndNoMeta.dcm").Modality


FOLDERS = sorted({path.parent for path in BUNDLED.parent.rglob("*") if path.is_file()})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore")
def test_every_file_that_pydicom_brings_opens_or_says_why_not(folder):
    messages = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            instance = hd.read(path)
            if isinstance(instance, hd.Image):
                assert len(instance.get_frames()) == instance.number_of_frames
                instance.get_volume()
        except hd.HdcoreError as error:
            messages[path.name] = str(error)
    assert [name for name, message in messages.items() if len(message) <= 40] == []


def test_unknown_names_are_refused():
    with pytest.raises(hd.UnknownIODError, match="No plugin knows the name 'typo'"):
        hd.create("typo")
    with pytest.raises(hd.UnknownIODError, match=r"has no IOD named 'sc\.typo'"):
        hd.create("sc.typo") if "sc" in {plugin.name for plugin in hd.plugins()} else pytest.skip("sc is not installed")


def test_validation_reports_on_anything():
    for source, _, _ in BAD.values():
        if isinstance(source, bytes):
            assert not hd.validate(source)
    assert hd.validate(Dataset()) is not None


def test_plugins_are_listed_with_versions():
    for plugin in hd.plugins():
        assert plugin.version
        assert plugin.distribution.startswith("hdcore-")


@pytest.mark.parametrize("from_file", [True, False])
@pytest.mark.parametrize("name", ["Image", "SOPClass"])
def test_an_unknown_option_is_named_with_those_there_are(name, from_file):
    dataset = sources.ct_series(1)[0]
    if name == "SOPClass":
        del dataset.Rows, dataset.PixelData
    with pytest.raises(TypeError, match=f"by {name}, which has no option 'lazy', 'x'; its options are ") as caught:
        hd.read(encoded(dataset) if from_file else dataset, lazy=True, x=1)
    assert ("lazy_frame_retrieval" in str(caught.value)) == (from_file and name == "Image")
