"""Writing an instance without a second copy of its coordinates.

pydicom encodes an element of a nested item into one buffer, the item into another, and the sequence into a third: three
copies of what may be gigabytes. Here only headers and small elements are encoded; coordinates go to the file from where
they are.
"""

from __future__ import annotations

import os
import struct
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from hdcore.errors import InputError
from hdcore.model.making import tag_of
from hdcore.model.saving import atomic_file
from pydicom.charset import convert_encodings
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import dcmwrite, write_data_element, write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydicom.dataset import Dataset

__all__ = ["encoded", "save"]

_GROUPS = "AnnotationGroupSequence"
_SMALL = 1 << 16
_LARGEST = 2**32 - 2
_NUMBERS = ("OF", "OD", "OL")


def save(pieces: Iterable[bytes], target: str | os.PathLike[str] | BinaryIO, *, overwrite: bool) -> None:
    """Write pieces to a file that appears only when it is whole.

    Parameters
    ----------
    pieces: Iterable[bytes]
        The content.
    target: str | os.PathLike | BinaryIO
        Path, or a binary file.
    overwrite: bool
        Whether an existing file may be replaced.

    Raises
    ------
    FileExistsError
        If it may not, and there is one.
    """
    if not isinstance(target, (str, os.PathLike)):
        for piece in pieces:
            target.write(piece)
        return
    with atomic_file(target, overwrite=overwrite) as file:
        for piece in pieces:
            file.write(piece)


def encoded(instance: Dataset) -> Iterator[bytes]:
    """Encode an instance as a DICOM file, big values as they are.

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        The instance, with file meta information of a transfer syntax that is not deflated.

    Yields
    ------
    bytes
        The file's content, piece by piece.

    Raises
    ------
    ValueError
        If the groups do not fit into one sequence.
    """
    groups = tag_of(_GROUPS)
    syntax = instance.file_meta.TransferSyntaxUID
    head = instance[:groups]
    head.file_meta = instance.file_meta
    buffer = BytesIO()
    dcmwrite(buffer, head, enforce_file_format=True)
    yield buffer.getvalue()
    encodings = convert_encodings(instance.get("SpecificCharacterSet") or "ISO_IR 6")
    encoder = _Encoder(syntax.is_implicit_VR, syntax.is_little_endian, encodings)
    items = [encoder.item(group) for group in instance[groups].value]
    length = sum(len(piece) for item in items for piece in item)
    if length > _LARGEST:
        raise InputError(f"The annotation groups take {length} bytes; a file holds {_LARGEST}: make several instances.")
    yield encoder.header(groups, "SQ", length)
    for item in items:
        yield from item
    tail = encoder.buffer()
    write_dataset(tail, instance[groups + 1 :], encodings)
    yield tail.getvalue()


class _Encoder:
    """Encodes elements under one encoding."""

    def __init__(self, implicit: bool, little: bool, encodings: list[str]) -> None:
        self.implicit, self.little, self.encodings = implicit, little, encodings

    def buffer(self) -> DicomBytesIO:
        buffer = DicomBytesIO()
        buffer.is_implicit_VR, buffer.is_little_endian = self.implicit, self.little
        return buffer

    def header(self, tag: int, vr: str, length: int) -> bytes:
        if self.implicit:
            return struct.pack("<HHL", tag >> 16, tag & 0xFFFF, length)
        return struct.pack("<HH2sHL", tag >> 16, tag & 0xFFFF, vr.encode(), 0, length)

    def item(self, item: Dataset) -> list[bytes]:
        """Encode an item, big numbers as the bytes that they are."""
        pieces: list[bytes] = []
        buffer = self.buffer()
        for tag in sorted(item.keys()):
            element = item.get_item(tag)
            value = element.value
            if element.VR in _NUMBERS and isinstance(value, bytes) and _SMALL < len(value) <= _LARGEST:
                pieces += [buffer.getvalue() + self.header(tag, str(element.VR), len(value)), value]
                buffer = self.buffer()
                continue
            write_data_element(buffer, item[tag], self.encodings)
        pieces.append(buffer.getvalue())
        size = sum(map(len, pieces))
        return [struct.pack("<HHL", 0xFFFE, 0xE000, size), *pieces]
