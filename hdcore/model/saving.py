"""Writing a dataset to a file: raw elements pass through, large values are not copied, and a file is whole or absent.

pydicom encodes each element into a buffer of its own first, and parses every raw element when the encoding differs
from the original one. Here small elements are left to pydicom, and large ones written from where they are.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset, write_file_meta_info
from pydicom.uid import UID

from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import UNDEFINED_LENGTH, character_set_of, current_character_set, elements_of, fill, resolve
from hdcore.model.encode import encode_elements
from hdcore.model.held import HeldElement, is_new_file
from hdcore.model.making import tag_of
from hdcore.model.repertoire import check_texts
from hdcore.model.syntaxes import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_BIG_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    NATIVE,
)
from hdcore.model.transcode import without_value_representations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.filebase import DicomIO
    from pydicom.tag import BaseTag

__all__ = ["atomic_file", "save", "write_header", "write_preamble"]

_LARGE = 1 << 16
_PIXEL_DATA = tag_of("PixelData")
_PIXEL_TAGS = frozenset({_PIXEL_DATA, tag_of("FloatPixelData"), tag_of("DoubleFloatPixelData")})
_SEQUENCE_END = b"\xfe\xff\xdd\xe0\0\0\0\0"


@contextmanager
def atomic_file(path: str | os.PathLike[str], *, overwrite: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes its name only when all has been written.

    Parameters
    ----------
    path: str | os.PathLike
        Where the file is to be.
    overwrite: bool, optional
        Whether an existing file may be replaced.

    Yields
    ------
    BinaryIO
        The file, under a temporary name in the same folder. If an error is raised it is deleted again. A link stays a
        link: the file that it points to is replaced. Devices and pipes are written to directly.

    Raises
    ------
    FileExistsError
        If there is a file already and it may not be replaced.
    FileNotFoundError, IsADirectoryError
        If there is no such folder, or the path is that of a folder.
    """
    named = Path(path)
    if not overwrite and named.exists():
        raise FileExistsError(f"{named} exists already; pass overwrite=True to replace it.")
    target = _destination(named)
    if target.exists() and not target.is_file():  # a device or pipe is written to; a file must not take its place
        with target.open("wb") as file:
            yield file
        return
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:64]}.", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        temporary.chmod(_usual_mode(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _destination(named: Path) -> Path:
    """Get the file to write: the one that a link points to, in a folder that exists."""
    target = named.resolve() if named.is_symlink() else named
    if target.is_dir():
        raise IsADirectoryError(f"'{named}' is a folder; expected the path of the file to write.")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"'{named}' cannot be written: there is no folder '{target.parent}'.")
    return target


def _usual_mode(target: Path) -> int:
    """Tell the permissions of the file to be replaced, or those that a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def save(dataset: Dataset, target: str | os.PathLike[str] | BinaryIO, *, overwrite: bool = True) -> None:
    """Write an instance in the DICOM file format (PS3.10 7).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The instance with its file meta information.
    target: str | os.PathLike | BinaryIO
        Where to write it.
    overwrite: bool, optional
        Whether an existing file may be replaced.

    Raises
    ------
    ValueError
        If the transfer syntax is absent or asks for another byte order than that of the values, or the Specific
        Character Set cannot hold a text.
    TypeError
        If the target is neither a path nor a file.
    """
    if isinstance(target, str | os.PathLike):
        with atomic_file(target, overwrite=overwrite) as file:
            _write(dataset, file, may_skip=is_new_file(file))
    elif hasattr(target, "write"):
        _write(dataset, target, may_skip=False)
    else:
        raise InputTypeError(f"An instance is saved to a path or a binary file, not to a {type(target).__name__}.")


def _write(dataset: Dataset, file: BinaryIO, *, may_skip: bool) -> None:
    syntax = _transfer_syntax(dataset)
    check_texts(dataset)
    if syntax in (DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN):
        import pydicom

        pydicom.dcmwrite(file, dataset, enforce_file_format=True)
        return
    write_preamble(dataset, file)
    _write_elements(dataset, file, syntax, list(elements_of(dataset)), may_skip=may_skip)


def _transfer_syntax(dataset: Dataset) -> UID:
    meta = getattr(dataset, "file_meta", None)
    if meta is None or "TransferSyntaxUID" not in meta:
        raise InputError("The instance has no Transfer Syntax UID in its file meta information; set it before saving.")
    syntax = UID(meta.TransferSyntaxUID)
    little = dataset.original_encoding[1]
    if little is not None and little == (syntax == EXPLICIT_VR_BIG_ENDIAN):
        raise InputError(
            "An instance cannot be saved in another byte order than that of its values; see pydicom.dcmwrite."
        )
    return syntax


def write_preamble(dataset: Dataset, file: BinaryIO) -> None:
    """Write the preamble, the prefix and the file meta information.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The instance; its file meta information is brought in line with its SOP class and instance.
    file: BinaryIO
        Where to write them.
    """
    for keyword, original in (
        ("MediaStorageSOPClassUID", "SOPClassUID"),
        ("MediaStorageSOPInstanceUID", "SOPInstanceUID"),
    ):
        if original in dataset:
            setattr(dataset.file_meta, keyword, dataset[original].value)
    file.write(getattr(dataset, "preamble", None) or bytes(128))
    file.write(b"DICM")
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_file_meta_info(buffer, dataset.file_meta, enforce_standard=True)
    file.write(buffer.getvalue())


def write_header(dataset: Dataset, file: BinaryIO) -> None:
    """Write a file up to its pixel data, which the dataset need not have.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The instance.
    file: BinaryIO
        Where to write.

    Raises
    ------
    ValueError
        If the Specific Character Set cannot hold a text.
    """
    check_texts(dataset)
    write_preamble(dataset, file)
    before = [tag for tag in elements_of(dataset) if tag < min(_PIXEL_TAGS)]
    _write_elements(dataset, file, _transfer_syntax(dataset), before, may_skip=False)


def _write_elements(dataset: Dataset, file: BinaryIO, syntax: UID, tags: list[BaseTag], *, may_skip: bool) -> None:
    implicit = syntax == IMPLICIT_VR_LITTLE_ENDIAN
    resolve(dataset)
    elements = elements_of(dataset)
    small: dict[BaseTag, DataElement | RawDataElement] = {}
    for tag in sorted(tags):
        if tag.element == 0:
            continue  # group lengths are retired (PS3.5 7.2)
        element = _as_encoded(dataset, tag, implicit)
        if tag in _PIXEL_TAGS or _is_large(element):
            _write_small(dataset, small, file, implicit)
            small = {}
            _write_large(element, file, implicit, syntax, may_skip)
        else:
            small[tag] = elements[tag]
    _write_small(dataset, small, file, implicit)


def _as_encoded(dataset: Dataset, tag: BaseTag, implicit: bool) -> DataElement | RawDataElement:
    """Get an element that can be written under an encoding: raw only if its value is in that encoding."""
    element: DataElement | RawDataElement = elements_of(dataset)[tag]
    if not element.is_raw:
        return element
    raw = cast("RawDataElement", element)
    if raw.value is None or _character_set_changed(dataset):
        return dataset[tag]
    if bool(raw.is_implicit_VR) == implicit:
        return raw
    if raw.VR == "SQ" and implicit and _is_large(raw):
        value = without_value_representations(raw.value)
        recoded: RawDataElement = raw._replace(value=value, length=len(value), is_implicit_VR=True)
        return recoded
    return dataset[tag]


def _character_set_changed(dataset: Dataset) -> bool:
    original = dataset.original_character_set
    return bool(original) and original != current_character_set(dataset)


def _is_large(element: DataElement | RawDataElement) -> bool:
    value = element.value
    return bool(getattr(element, "is_buffered", False)) or (
        isinstance(value, bytes | bytearray) and len(value) >= _LARGE
    )


def _write_small(
    dataset: Dataset, elements: dict[BaseTag, DataElement | RawDataElement], file: BinaryIO, implicit: bool
) -> None:
    if not elements:
        return
    part = Dataset.__new__(Dataset)
    fill(part, elements, is_implicit_vr=implicit, character_set=character_set_of(dataset))
    if not implicit:
        file.write(encode_elements(part, current_character_set(dataset)))
        return
    if _character_set_changed(dataset):
        for _ in part.iterall():  # looked at, texts in items are decoded; raw they would be written as they were read
            pass
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    write_dataset(cast("DicomIO", buffer), part, current_character_set(dataset))
    file.write(buffer.getvalue())


def _write_large(
    element: DataElement | RawDataElement, file: BinaryIO, implicit: bool, syntax: UID, may_skip: bool
) -> None:
    tag, vr = element.tag, str(element.VR)
    encapsulated = tag == _PIXEL_DATA and syntax not in NATIVE
    held = element.held if isinstance(element, HeldElement) and not encapsulated else None
    value: Any = element.value if held is None else None
    buffered = bool(getattr(element, "is_buffered", False))
    length = held.length if held is not None else _remaining(value) if buffered else len(value or b"")
    header = bytes((tag.group & 255, tag.group >> 8, tag.element & 255, tag.element >> 8))
    if not implicit:
        header += vr.encode() + b"\0\0"
    stated = UNDEFINED_LENGTH if encapsulated else length + length % 2
    if stated > UNDEFINED_LENGTH or (stated == UNDEFINED_LENGTH and not encapsulated):
        raise InputError(
            f"The value of {element.tag} has {length} bytes, more than a native value may have (4 GiB); use a "
            "compressed transfer syntax."
        )
    file.write(header + stated.to_bytes(4, "little"))
    if buffered:
        position = value.tell()
        shutil.copyfileobj(value, file, 1 << 20)
        value.seek(position)
    elif held is not None:
        held.write(file, may_skip=may_skip)
    elif length:
        file.write(value)
    if length % 2:
        file.write(b"\0")
    if encapsulated and not _ends_with_delimiter(value, buffered):
        file.write(_SEQUENCE_END)


def _remaining(buffer: BinaryIO) -> int:
    position = buffer.tell()
    end = buffer.seek(0, os.SEEK_END)
    buffer.seek(position)
    return end - position


def _ends_with_delimiter(value: Any, buffered: bool) -> bool:
    return not buffered and bytes(value[-8:]) == _SEQUENCE_END
