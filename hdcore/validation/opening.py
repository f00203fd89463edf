"""Taking in what is to be validated, wherever it is; never raises on its content.

Files are read by our own parser. Datasets in memory are looked at element by element: what is still encoded is parsed
as in a file, what is not is encoded as pydicom would write it.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from hdcore.errors import InputTypeError, UnreadableError
from hdcore.model.given import is_stream, refuse_unless_file
from hdcore.model.syntaxes import DEFLATED, EXPLICIT_VR_BIG_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN
from hdcore.validation.document import Document
from hdcore.validation.elements import Item, Problem
from hdcore.validation.from_dataset import document_of_dataset
from hdcore.validation.parser import LONG_REPRESENTATIONS, Parser

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    Source = str | os.PathLike[str] | bytes | BinaryIO | Dataset

__all__ = ["Source", "open_document"]

_LARGEST_INFLATED = 1 << 31


def open_document(source: Source) -> Document:
    """Take in a source.

    Parameters
    ----------
    source: str | os.PathLike | bytes | BinaryIO | pydicom.dataset.Dataset
        A file's path or content, a binary file, or a dataset; it is not changed.

    Returns
    -------
    Document
        What could be read.

    Raises
    ------
    hdcore.errors.UnreadableError
        If there is no such file.
    hdcore.errors.InputTypeError
        If the source is of another type.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _of_content(memoryview(source), "")
    if isinstance(source, (str, os.PathLike)):
        return _of_content(_content_of_path(source), os.fspath(source))
    if hasattr(source, "read"):
        position = None if is_stream(source) else source.tell()
        content = source.read()
        if position is not None:
            source.seek(position)
        return _of_content(memoryview(content), str(getattr(source, "name", "")))
    from pydicom.dataset import Dataset

    if isinstance(source, Dataset):
        return document_of_dataset(source)
    raise InputTypeError(
        f"source is of type {type(source).__name__}; expected a path, bytes, a binary file or a pydicom Dataset."
    )


def _content_of_path(path: str | os.PathLike[str]) -> memoryview:
    import mmap

    try:
        with Path(path).open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                return memoryview(b"")
            # Pixel data that nobody looks at is never read from the disk.
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        refuse_unless_file(path)
        raise UnreadableError(f"{os.fspath(path)!r} cannot be opened: {error.strerror}.") from error


def _of_content(content: memoryview, name: str) -> Document:
    problems: list[Problem] = []
    has_preamble = bytes(content[128:132]) == b"DICM"
    start = 132 if has_preamble else 0
    meta, start = _meta(content, start, problems)
    syntax = str(meta.first(0x00020010) or "") if meta is not None else ""
    body: Any = content[start:]
    if syntax in DEFLATED:
        body = _inflated(body, problems)
    parser = _parser_for(syntax, body)
    root = parser.dataset(body)
    return Document(root, meta, problems, syntax, is_file=True, has_preamble=has_preamble, name=name, content=content)


def _meta(content: memoryview, start: int, problems: list[Problem]) -> tuple[Item | None, int]:
    """Find the file meta information: the elements of group 2, however long they say they are."""
    end = _end_of_group_2(content, start)
    if end == start:
        return None, start
    meta = Parser(is_implicit=False, is_little_endian=True).dataset(content[start:end])
    length = meta.number(0x00020000)
    if length is not None and start + 12 + length != end:
        problems.append(
            Problem("FILE004", f"is {length}, but {end - start - 12} bytes of meta information follow", 0x00020000)
        )
    return meta, end


def _end_of_group_2(content: memoryview, position: int) -> int:
    while position + 8 <= len(content) and bytes(content[position : position + 2]) == b"\x02\0":
        if bytes(content[position + 4 : position + 6]) in LONG_REPRESENTATIONS:
            length = 4 + int.from_bytes(content[position + 8 : position + 12], "little")
        else:
            length = int.from_bytes(content[position + 6 : position + 8], "little")
        if position + 8 + length > len(content):
            return len(content)
        position += 8 + length
    return position


def _inflated(body: memoryview, problems: list[Problem]) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return inflater.decompress(body, _LARGEST_INFLATED)
    except zlib.error as error:
        problems.append(Problem("FILE006", f"the deflated dataset cannot be inflated: {error}"))
        return b""


def _parser_for(syntax: str, body: memoryview) -> Parser:
    if syntax == EXPLICIT_VR_BIG_ENDIAN:
        return Parser(is_implicit=False, is_little_endian=False)
    if syntax == IMPLICIT_VR_LITTLE_ENDIAN:
        return Parser(is_implicit=True, is_little_endian=True)
    if not syntax:
        # Without meta information, a value representation where one would stand tells which it is.
        two = bytes(body[4:6])
        return Parser(is_implicit=not (two.isalpha() and two.isupper()), is_little_endian=True)
    return Parser(is_implicit=False, is_little_endian=True)
