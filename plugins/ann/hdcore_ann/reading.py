"""Opening files of bulk annotations without reading what is big."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO

from hdcore.errors import UnreadableError
from hdcore.model.damage import reading
from hdcore.model.given import for_pydicom
from hdcore.model.making import tag_of
from hdcore.model.syntaxes import DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
from pydicom import dcmread
from pydicom.dataelem import RawDataElement

from hdcore_ann.scanning import LARGEST_VALUE_READ, scan_items
from hdcore_ann.storage import FileStorage, MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset

__all__ = ["open_dataset", "take_groups"]

_GROUPS = "AnnotationGroupSequence"


def open_dataset(fp: str | bytes | os.PathLike[str] | BinaryIO) -> Dataset:
    """Read a file's dataset, leaving a big Annotation Group Sequence where it is.

    Parameters
    ----------
    fp: str | bytes | os.PathLike | BinaryIO
        Path, content, or file object.

    Returns
    -------
    pydicom.dataset.Dataset
        The dataset; :func:`take_groups` gives its groups.

    Raises
    ------
    ValueError
        If it is not a DICOM file.
    """
    with reading("The content" if isinstance(fp, bytes) else str(fp)):
        return _opened(fp)


def _opened(fp: str | bytes | os.PathLike[str] | BinaryIO) -> Dataset:
    if not isinstance(fp, (str, os.PathLike)):
        return dcmread(for_pydicom(fp))
    dataset = dcmread(for_pydicom(fp), defer_size=LARGEST_VALUE_READ)
    if dataset.file_meta.get("TransferSyntaxUID") == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
        # offsets would be those of the inflated content
        return dcmread(fp)
    for tag, element in list(dataset.items()):
        if isinstance(element, RawDataElement) and element.value is None and element.length and tag != tag_of(_GROUPS):
            dataset.get_item(tag)
    return dataset


def take_groups(dataset: Dataset) -> Iterable[Dataset]:
    """Give the items of the Annotation Group Sequence, parsed no further than needed.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The instance.

    Returns
    -------
    Iterable[pydicom.dataset.Dataset]
        The items.

    Raises
    ------
    ValueError
        If there are none.
    """
    tag = tag_of(_GROUPS)
    if tag not in dataset:
        raise UnreadableError(f"The dataset has no {_GROUPS}.")
    element: Any = dataset.get_item(tag, keep_deferred=True)
    if not isinstance(element, RawDataElement):
        return _parsed(dataset)
    storage: FileStorage | MemoryStorage
    if element.value is None:
        storage, start, length = FileStorage(str(dataset.filename)), element.value_tell, element.length
    else:
        storage, start, length = MemoryStorage(element.value), 0, len(element.value)
    try:
        items = scan_items(
            storage, start, length, is_implicit_vr=element.is_implicit_VR, is_little_endian=element.is_little_endian
        )
    except UnreadableError:
        # items of undefined length within items: pydicom's parser reads whatever can be read
        return _parsed(dataset)
    for item in items:
        item.set_original_encoding(element.is_implicit_VR, element.is_little_endian, dataset.original_character_set)
    return items


def _parsed(dataset: Dataset) -> Iterable[Dataset]:
    with reading(_GROUPS):
        items: Iterable[Dataset] = dataset[_GROUPS].value
    return items
