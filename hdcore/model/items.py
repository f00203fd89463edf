"""Items of sequences to bytes and back, as pydicom does it: for the few that are not worth a faster way."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from pydicom.charset import convert_encodings
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_sequence
from pydicom.filewriter import write_sequence_item

from hdcore.model.repertoire import check_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

__all__ = ["decode_items", "encode_items"]


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
