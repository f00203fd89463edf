"""Opening a DICOM file without its pixels (PS3.10 section 7, PS3.5 section 7)."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_dataset, read_partial
from pydicom.tag import Tag

from hdcore.errors import HdcoreWarning, UnreadableError
from hdcore.model.element import original_encoding, put_element
from hdcore.model.held import HeldArray, HeldElement, untouched
from hdcore.model.making import tag_of
from hdcore.model.syntaxes import DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
from hdcore.pixels.cursor import StoreCursor
from hdcore.pixels.described_format import PIXEL_DATA_TAGS
from hdcore.pixels.fragments import end_of_fragments
from hdcore.pixels.storage import FileStore, MemoryStore, PathStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset, FileDataset

    from hdcore.enums import PixelDataKeywords
    from hdcore.pixels.storage import ByteStore

__all__ = ["OpenedFile", "Parser", "PixelElement", "load_pixels", "open_dataset", "transfer_syntax_of"]

_UNDEFINED = 0xFFFFFFFF
_PREAMBLE = 132
_BUFFER = 1 << 16
_GREAT = 1 << 25
"""Bytes of a value from which on it is read by several threads."""
_LONG_LENGTHS = (b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"UN")


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the element that holds the pixels lies."""

    keyword: PixelDataKeywords
    """Which element it is."""
    value_representation: str
    """OB, OW, OF, OD, or UN."""
    start: int
    """Position of the value's first byte."""
    length: int
    """Bytes of the value; -1 if undefined, which says that it is encapsulated."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was read up to its pixels."""

    dataset: FileDataset
    """Everything before the pixels."""
    store: ByteStore
    """Where positions count: the file, or its inflated content."""
    pixels: PixelElement | None
    """Where the pixels lie; None if there are none."""


class Parser(Protocol):
    """Reads a file up to its pixels, and leaves it there."""

    def __call__(self, file: BinaryIO, /, *, stop_before_pixels: bool, force: bool) -> FileDataset:
        """Read the file; ``force`` says that it lacks the DICOM prefix."""
        ...


def _parse(file: BinaryIO, /, *, stop_before_pixels: bool, force: bool) -> FileDataset:
    return read_partial(file, stop_when=_at_pixels if stop_before_pixels else None, force=force)


def open_dataset(store: ByteStore, parse: Parser = _parse) -> OpenedFile:
    """Read a file up to its pixels.

    Parameters
    ----------
    store: ByteStore
        The file.
    parse: Parser, optional
        How to read; pydicom's way if absent.

    Returns
    -------
    OpenedFile
        The dataset, and where its pixels lie.

    Raises
    ------
    UnreadableError
        If it is no DICOM file, or damaged before the pixels.
    """
    head = bytes(store.read_ahead(0, _PREAMBLE))
    if not head:
        raise UnreadableError(f"{store.name} is empty; a DICOM file was expected.")
    cursor = _cursor(store)
    has_preamble = head[128:] == b"DICM"
    try:
        dataset = parse(cursor, stop_before_pixels=True, force=not has_preamble)
        if transfer_syntax_of(dataset) == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
            store = _inflated(store, dataset)
            cursor = _cursor(store)
            _skip_to_pixels(cursor)
        pixels = _pixel_element(cursor, dataset)
    except UnreadableError:
        raise
    except Exception as error:  # pydicom raises whatever its parsing of damaged bytes happens to hit
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk or the network, not of pydicom
        raise UnreadableError(f"{store.name} cannot be read as a DICOM file: {_reason(error)}") from error
    if not has_preamble:
        if "SOPClassUID" not in dataset:
            raise UnreadableError(
                f"{store.name} is no DICOM file: 'DICM' does not stand at byte 128, and there is no SOP Class UID."
            )
        warnings.warn(f"{store.name} lacks the File Meta Information of a DICOM file.", HdcoreWarning, stacklevel=3)
    return OpenedFile(dataset, store, pixels)


def load_pixels(dataset: Dataset, store: ByteStore, pixels: PixelElement) -> None:
    """Put the element that holds the pixels, and what follows it, into the dataset that precedes it.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        What was read before the pixels; completed in place.
    store: ByteStore
        The file.
    pixels: PixelElement
        Where the pixels lie in it.
    """
    implicit, little = original_encoding(dataset)
    if pixels.length < 0 and isinstance(store, FileStore):  # in one request, and not in one for each fragment
        rest = store.read(pixels.start, store.size - pixels.start)
        store, pixels = MemoryStore(rest, store.name), replace(pixels, start=0)
    length, position = pixels.length, pixels.start + pixels.length
    if pixels.length < 0:
        end = end_of_fragments(store, pixels.start)
        length, position = end - pixels.start, end + 8
    tag, representation = tag_of(pixels.keyword.value), pixels.value_representation
    great = _great_value(store, pixels) if little else None
    value = bytes(store.read(pixels.start, length)) if great is None else b""
    if great is not None:
        put_element(dataset, HeldElement(tag, representation, HeldArray(great, ((0, length),))))
    elif pixels.length < 0:
        put_element(
            dataset, DataElement(tag, "OB", value, pixels.start, is_undefined_length=True, already_converted=True)
        )
    else:
        put_element(dataset, RawDataElement(tag, representation, length, value, pixels.start, implicit, little))
    if position < store.size:
        cursor = _cursor(store)
        cursor.seek(position)
        try:
            for element in read_dataset(cursor, implicit, little).elements():
                put_element(dataset, element)
        except Exception as error:
            warnings.warn(
                f"{store.name}: what follows the pixels cannot be read and is left out: {_reason(error)}",
                HdcoreWarning,
                stacklevel=3,
            )


def _great_value(store: ByteStore, pixels: PixelElement) -> NDArray[np.uint8] | None:
    """Read a native value of many megabytes in several threads: the first touch of memory takes longer than reading.

    ``None`` of any other value, and of one that the file does not hold to its end.
    """
    length = pixels.length
    if not isinstance(store, PathStore) or length < _GREAT or length % 2 or pixels.start + length > store.size:
        return None
    from hdcore.spatial.slabs import for_slabs  # loads threads, which small files do not need

    array = untouched(length)

    def fill(part: slice) -> int:
        return store.read_into(pixels.start + part.start, array.data[part])

    complete = sum(for_slabs(fill, length, length)) == length
    array.flags.writeable = False
    return array if complete else None


def transfer_syntax_of(dataset: Any) -> str:
    """Give the transfer syntax of a dataset's pixels: the File Meta's, else that of the original encoding."""
    meta = getattr(dataset, "file_meta", None)
    uid = meta.get("TransferSyntaxUID") if meta is not None else None
    if uid:
        return str(uid)
    implicit, little = dataset.original_encoding
    if little is False:
        return "1.2.840.10008.1.2.2"
    return "1.2.840.10008.1.2" if implicit or implicit is None else "1.2.840.10008.1.2.1"


def _cursor(store: ByteStore) -> BinaryIO:
    return io.BufferedReader(StoreCursor(store), _BUFFER)


def _at_pixels(tag: Any, _vr: str | None, _length: int) -> bool:
    return int(tag) in PIXEL_DATA_TAGS


def _inflated(store: ByteStore, dataset: FileDataset) -> MemoryStore:
    """Inflate what follows the File Meta Information (PS3.5 A.5)."""
    length = dataset.file_meta.FileMetaInformationGroupLength
    start = _PREAMBLE + 12 + int(length)
    return MemoryStore(
        zlib.decompressobj(-zlib.MAX_WBITS).decompress(store.read(start, store.size - start)), store.name
    )


def _skip_to_pixels(cursor: BinaryIO) -> None:
    read_dataset(cursor, is_implicit_VR=False, is_little_endian=True, stop_when=_at_pixels)


def _pixel_element(cursor: BinaryIO, dataset: FileDataset) -> PixelElement | None:
    """Read the header of the element at the cursor."""
    implicit, little = dataset.original_encoding
    order = "<" if little or little is None else ">"
    start = cursor.tell()
    head = cursor.read(12)
    if len(head) < 8:
        return None
    keyword = PIXEL_DATA_TAGS.get(Tag(struct.unpack_from(f"{order}HH", head)))
    if keyword is None:
        return None
    representation = head[4:6]
    if not implicit and representation in _LONG_LENGTHS and len(head) == 12:
        (length,) = struct.unpack_from(f"{order}I", head, 8)
        start += 12
    elif not implicit and representation.isalpha() and representation.isupper():
        (length,) = struct.unpack_from(f"{order}H", head, 6)
        start += 8
    else:
        (length,) = struct.unpack_from(f"{order}I", head, 4)
        representation = b"OW"
        start += 8
    return PixelElement(keyword, representation.decode("ascii"), start, -1 if length == _UNDEFINED else length)


def _reason(error: Exception) -> str:
    if isinstance(error, InvalidDicomError):
        return "it lacks the File Meta Information ('DICM' at byte 128)."
    return f"{type(error).__name__}: {error}"
