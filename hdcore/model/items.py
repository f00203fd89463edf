"""Items of sequences, and to bytes and back as pydicom does it: for the few that are not worth a faster way."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_sequence
from pydicom.filewriter import write_sequence_item
from pydicom.sequence import Sequence

from hdcore.errors import UnreadableError
from hdcore.model.damage import reading
from hdcore.model.repertoire import check_item

if TYPE_CHECKING:
    from collections.abc import Iterable


__all__ = ["decode_items", "encode_items", "items_of"]


def items_of(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Give the items of a sequence that anybody may have written.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        What holds the sequence.
    keyword: str
        Keyword of the sequence.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        Its items; none if it is absent or empty.

    Raises
    ------
    ValueError
        If the attribute holds something else than items.
    """
    with reading(keyword):
        value = dataset.get(keyword)
    if value is None or value == "":
        return []
    items = list(value) if isinstance(value, Sequence | list) else [value]
    if not all(isinstance(item, Dataset) for item in items):
        raise UnreadableError(f"{keyword} is of value representation {dataset[keyword].VR}; expected items (VR SQ).")
    return items


def encode_items(
    items: Iterable[Dataset],
    *,
    is_implicit_vr: bool = False,
    is_little_endian: bool = True,
    character_set: str | list[str] = "ISO_IR 192",
) -> bytes:
    """Encode the items of a sequence, as the value of a raw element.

    Parameters
    ----------
    items: Iterable[pydicom.dataset.Dataset]
        The items.
    is_implicit_vr: bool, optional
        Whether to leave value representations out.
    is_little_endian: bool, optional
        Byte order.
    character_set: str | list[str], optional
        Specific Character Set of the dataset that the items are part of.

    Returns
    -------
    bytes
        The items with their headers, of defined length.

    Raises
    ------
    ValueError
        If the character set cannot hold a text.
    """
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = is_implicit_vr, is_little_endian
    for one in items:
        check_item(one, character_set)
        write_sequence_item(buffer, one, convert_encodings(character_set))
    return buffer.getvalue()


def decode_items(
    value: bytes,
    *,
    is_implicit_vr: bool = False,
    is_little_endian: bool = True,
    character_set: str | list[str] = "ISO_IR 192",
) -> Sequence:
    """Parse the items of a sequence.

    Parameters
    ----------
    value: bytes
        The items with their headers.
    is_implicit_vr: bool, optional
        Whether value representations are left out.
    is_little_endian: bool, optional
        Byte order.
    character_set: str | list[str], optional
        Specific Character Set of the dataset that the items are part of.

    Returns
    -------
    pydicom.sequence.Sequence
        The items, their own elements not parsed yet.
    """
    return read_sequence(BytesIO(value), is_implicit_vr, is_little_endian, len(value), convert_encodings(character_set))
