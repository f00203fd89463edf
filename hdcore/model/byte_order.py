"""Words of big endian datasets, which pydicom leaves as they were read, in the order in which they are written.

pydicom turns numbers (US, FD) from the byte order of a file, but gives values of VR OW, OF, OL, OD and OV as they lie
there. Copied to a dataset that is written as little endian, they would be other numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from pydicom.tag import BaseTag

__all__ = ["WORDS", "in_little_endian", "turned"]

WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}
"""Value representations of words, and how many bytes a word has (PS3.5 table 6.2-1)."""


def turned(value: bytes, vr: str) -> bytes:
    """Turn the bytes of each word around.

    Parameters
    ----------
    value: bytes
        Words; bytes at the end that make no whole word stay.
    vr: str
        One of ``WORDS``.

    Returns
    -------
    bytes
        As many.
    """
    whole = len(value) - len(value) % WORDS[vr]
    return np.frombuffer(value, f"u{WORDS[vr]}", whole // WORDS[vr]).byteswap().tobytes() + bytes(value[whole:])


def in_little_endian(dataset: Dataset, tag: BaseTag) -> DataElement:
    """Get an element whose words, at any depth, are little endian.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        What has the element.
    tag: pydicom.tag.BaseTag
        Which.

    Returns
    -------
    pydicom.dataelem.DataElement
        That of the dataset, if its words are; else a new one.
    """
    element = dataset[tag]
    vr, value = str(element.VR), element.value
    if vr == "SQ":
        if any(_is_big(item) for item in value or ()):
            return DataElement(element.tag, vr, [_item(item) for item in value])
    elif vr in WORDS and isinstance(value, bytes) and _is_big(dataset):
        return DataElement(element.tag, vr, turned(value, vr))
    return element


def _is_big(dataset: Dataset) -> bool:
    return dataset.original_encoding[1] is False


def _item(item: Dataset) -> Dataset:
    copied = Dataset()
    for element in item:
        copied[element.tag] = in_little_endian(item, element.tag)
    return copied
