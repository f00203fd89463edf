"""What is given to be read: a path, bytes, a file or a dataset; and its first attributes, which tell what it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pydicom.dataset import Dataset
from pydicom.filereader import read_partial

from hdcore.errors import InputTypeError, UnreadableError
from hdcore.model.damage import DAMAGE, refuse_truncated
from hdcore.model.given import is_stream, refuse_unless_file
from hdcore.pixels.cursor import StoreCursor
from hdcore.pixels.storage import FileStore

if TYPE_CHECKING:
    from pydicom.tag import BaseTag

__all__ = ["Incoming", "Source", "take"]

Source = str | os.PathLike[str] | bytes | BinaryIO | Dataset
"""What can be read; instead of ``bytes`` also a ``bytearray`` or ``memoryview``."""

_LAST_HEADER_TAG = 0x0040A504  # Content Template Sequence: beyond it lie content trees, frames and pixels
_MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"
_TELLING = ("SOPClassUID", "SOPInstanceUID", "Modality", "Rows")
_STARTS_WITHOUT_PREAMBLE = (b"\x02\x00", b"\x08\x00", b"\x00\x08")
_PREFIX_END = 132


@dataclass(frozen=True, slots=True)
class Incoming:
    """A source whose header has been read."""

    name: str
    """What messages call it."""
    header: Dataset
    """The attributes up to Content Template Sequence (0040,A504); the whole dataset where a dataset was given."""
    file: Path | BinaryIO | None
    """Where the rest is to be read from, at its beginning; None where a dataset was given."""


def take(source: Source) -> Incoming:
    """Look at a source.

    Raises
    ------
    TypeError
        If ``source`` is of no type that can be read.
    FileNotFoundError
        If there is no file at the path.
    ValueError
        If what is there is not a DICOM instance: a directory, an empty file, a text, a DICOMDIR, …
    """
    if isinstance(source, Dataset):
        return Incoming("the dataset", source, None)
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        refuse_unless_file(path)
        with path.open("rb") as file:
            return Incoming(f"'{path}'", _header_of(file, f"'{path}'"), path)
    if isinstance(source, (bytes, bytearray, memoryview)):
        buffer = BytesIO(source)
        header = _header_of(buffer, "the bytes given")
        buffer.seek(0)
        return Incoming("the bytes given", header, buffer)
    if is_stream(source):
        return take(cast("BinaryIO", source).read())
    if all(hasattr(source, method) for method in ("read", "seek", "tell")):
        return _take_file(cast("BinaryIO", source))
    raise InputTypeError(
        f"source is {type(source).__name__}; expected a path, bytes, a binary file that can be sought, or a Dataset."
    )


def _take_file(file: BinaryIO) -> Incoming:
    start = file.tell()
    name = repr(getattr(file, "name", type(file).__name__))
    if isinstance(cast("Any", file).read(0), str):
        raise InputTypeError(f"{name} is open as text; open it in binary mode, 'rb'.")
    header = _header_of(BufferedReader(StoreCursor(FileStore(file))), name)  # in blocks: each may be a request
    file.seek(start)
    return Incoming(name, header, file)


def _header_of(file: BinaryIO, name: str) -> Dataset:
    beginning = _beginning_of(file, name)
    try:
        header = read_partial(file, stop_when=_is_beyond_header, force=not _has_prefix(beginning))
        media_class = header.file_meta.get("MediaStorageSOPClassUID")
        for keyword in _TELLING:
            header.get(keyword)
    except DAMAGE as error:
        raise UnreadableError(f"{name} begins like a DICOM file, but its header cannot be read: {error}") from error
    refuse_truncated(header, name)
    if media_class == _MEDIA_STORAGE_DIRECTORY:
        raise UnreadableError(
            f"{name} is a DICOMDIR: an index of other files. Pass one of the files that it lists "
            "(pydicom.fileset.FileSet reads the index)."
        )
    if not any(keyword in header for keyword in _TELLING):
        raise UnreadableError(
            f"{name} begins like a DICOM file, but its header cannot be read: it has none of {', '.join(_TELLING)}."
        )
    return header


def _beginning_of(file: BinaryIO, name: str) -> bytes:
    start = file.tell()
    beginning = file.read(_PREFIX_END)
    file.seek(start)
    if not beginning:
        raise UnreadableError(f"{name} is empty.")
    if not _has_prefix(beginning) and not beginning.startswith(_STARTS_WITHOUT_PREAMBLE):
        kind = "looks like a text" if _is_text(beginning) else "is no DICOM file"
        raise UnreadableError(f"{name} {kind}: it lacks the 'DICM' prefix at byte 128 (PS3.10 section 7.1).")
    return bytes(beginning)


def _has_prefix(beginning: bytes) -> bool:
    return beginning[128:_PREFIX_END] == b"DICM"


def _is_text(beginning: bytes) -> bool:
    return all(byte >= 0x20 or byte in b"\t\r\n" for byte in beginning)


def _is_beyond_header(tag: BaseTag, vr: str | None, length: int) -> bool:
    del vr, length
    return int(tag) > _LAST_HEADER_TAG
