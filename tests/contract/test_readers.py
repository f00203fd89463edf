"""All readers take the same kinds of sources, and refuse what is none in the same words."""

from __future__ import annotations

import io
import mmap
import re

import pytest

import hdcore as hd
from hdcore.content import CodedConcept
from hdcore.testing import sources

READERS = {
    "read": hd.read,
    "imread": hd.imread,
    "ImageFileReader": lambda source: hd.io.ImageFileReader(source).open(),
    "segread": hd.seg.segread,
    "pmread": hd.pm.pmread,
    "prread": hd.pr.prread,
    "srread": hd.sr.srread,
    "koread": hd.ko.koread,
    "annread": hd.ann.annread,
    "scread": hd.sc.scread,
    "lceread": hd.legacy.lceread,
    "validate": hd.validate,
}
EACH = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


def document() -> bytes:
    images = sources.ct_series(1)
    content = hd.ko.KeyObjectSelection(CodedConcept("113000", "DCM", "Of Interest"), images)
    file = io.BytesIO()
    hd.create("ko", images, content, hd.UID(), 1, hd.UID(), 1).save_as(file)
    return file.getvalue()


@EACH
def test_a_path_that_leads_to_no_file_is_named(reader, tmp_path):
    absent, directory = tmp_path / "absent.dcm", tmp_path
    with pytest.raises(hd.UnreadableError, match=re.escape(f"There is no file '{absent}'")) as caught:
        reader(absent)
    assert isinstance(caught.value, FileNotFoundError)
    with pytest.raises(hd.UnreadableError, match=re.escape(f"'{directory}' is a directory; pass one of its files")):
        reader(str(directory))


@EACH
@pytest.mark.parametrize("source", [None, 3, 2.5, ["a.dcm"]], ids=repr)
def test_what_cannot_be_read_from_is_refused_by_its_type(reader, source):
    with pytest.raises(hd.errors.InputTypeError, match=f"is (of type )?{type(source).__name__}; expected a path"):
        reader(source)


@EACH
def test_a_file_that_is_open_as_text_is_refused(reader):
    with pytest.raises(hd.errors.InputTypeError, match=r"as text|gives str"):
        reader(io.StringIO("text"))


class Pipe(io.RawIOBase):
    """Bytes that are read once, from the first to the last."""

    def __init__(self, content):
        self._rest = io.BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._rest.readinto(buffer)


@pytest.mark.parametrize("reader", [hd.read, hd.ko.koread], ids=["read", "koread"])
def test_documents_are_read_from_pipes_and_memory(reader, tmp_path):
    content = document()
    path = tmp_path / "document.dcm"
    path.write_bytes(content)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        for source in (io.BufferedReader(Pipe(content)), memoryview(content), bytearray(content), mapped, file):
            assert reader(source) == reader(path)
