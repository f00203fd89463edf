"""Reading files without parsing the functional groups of every frame.

pydicom leaves sequences of defined length unparsed, but reads one of undefined length item by item, which takes 0.4 ms
per frame. Here the end of such a sequence is searched for instead, and the sequence kept as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from pydicom.filereader import data_element_generator, dcmread, read_partial

from hdcore.errors import UnreadableError
from hdcore.frames.scan import Scanner
from hdcore.model.damage import reading
from hdcore.model.element import UNDEFINED_LENGTH, put_element
from hdcore.model.making import raw_element, tag_of
from hdcore.model.syntaxes import DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset
    from pydicom.tag import BaseTag

__all__ = ["PIXEL_DATA_TAGS", "read_dataset"]

PIXEL_DATA_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
"""Float, Double Float and (integer) Pixel Data."""

_KEYWORD = "PerFrameFunctionalGroupsSequence"
_FIRST_CHUNK = 1 << 20


def read_dataset(file: BinaryIO, *, stop_before_pixels: bool = False, force: bool = False) -> FileDataset:
    """Read a DICOM file, leaving Per-Frame Functional Groups Sequence encoded whatever its length.

    Parameters
    ----------
    file: BinaryIO
        An open file, at its beginning.
    stop_before_pixels: bool, optional
        Whether to leave the pixel data and what follows it unread. The file is then at the pixel data element, unless
        its transfer syntax is Deflated Explicit VR Little Endian.
    force: bool, optional
        Whether to read a file without the DICOM prefix.

    Returns
    -------
    pydicom.dataset.FileDataset
        As ``pydicom.dcmread`` would give it.

    Raises
    ------
    ValueError
        If the file is not a DICOM file, or is damaged.
    """
    start = file.tell()
    per_frame = tag_of(_KEYWORD)

    def stop(tag: BaseTag, _: str | None, length: int) -> bool:
        return (tag == per_frame and length == UNDEFINED_LENGTH) or (stop_before_pixels and tag in PIXEL_DATA_TAGS)

    with reading("The file"):
        dataset = read_partial(file, stop_when=stop, force=force)
        deflated = dataset.file_meta.get("TransferSyntaxUID") == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
        little = dataset.original_encoding[1]
        if deflated or not little:
            file.seek(start)
            return dcmread(file, stop_before_pixels=stop_before_pixels, force=force)
        _read_rest(file, dataset, stop_before_pixels)
    return dataset


def _read_rest(file: BinaryIO, dataset: FileDataset, stop_before_pixels: bool) -> None:
    """Go on after the per-frame sequence, if reading has stopped there."""
    implicit = bool(dataset.original_encoding[0])
    here = file.tell()
    header = file.read(8 if implicit else 12)
    tag = int.from_bytes(header[:2], "little") << 16 | int.from_bytes(header[2:4], "little")
    if tag != tag_of(_KEYWORD):
        file.seek(here)
        return
    value = _value_of_undefined_length(file, implicit)
    put_element(dataset, raw_element(_KEYWORD, "SQ", value, is_implicit_vr=implicit))

    def stop(tag: BaseTag, *_: Any) -> bool:
        return stop_before_pixels and tag in PIXEL_DATA_TAGS

    rest: Any = data_element_generator(file, implicit, True, stop_when=stop, encoding=dataset.original_character_set)
    for element in rest:
        put_element(dataset, element)


def _value_of_undefined_length(file: BinaryIO, is_implicit_vr: bool) -> bytes:
    """Read a sequence's items up to its delimiter, and leave the file after it."""
    begin = file.tell()
    size = _FIRST_CHUNK
    while True:
        file.seek(begin)
        chunk = file.read(size)
        scanner = Scanner(chunk, is_implicit_vr=is_implicit_vr)
        try:
            scanner.items()
            complete = chunk[scanner.end - 8 : scanner.end] == _DELIMITER
        except UnreadableError:
            complete = False
            if len(chunk) < size:
                raise
        if complete:
            file.seek(begin + scanner.end)
            return chunk[: scanner.end - 8]
        if len(chunk) < size:
            raise UnreadableError(f"{_KEYWORD} has no delimiter; the file is damaged or cut off.")
        size *= 4


_DELIMITER = b"\xfe\xff\xdd\xe0\0\0\0\0"
