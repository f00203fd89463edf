"""Dimension indices: which of the numbers of a frame stand for what (PS3.3 C.7.6.17)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.tag import BaseTag, Tag

from hdcore.errors import HdcoreWarning, InputError, NotPresentError
from hdcore.pixels.tolerant import items_of, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.table import FrameTable

__all__ = ["dimension_index_pointers", "dimension_indices", "dimension_tag", "warn_of_missing_dimensions"]


def dimension_tag(pointer: int | BaseTag | str) -> BaseTag:
    """Take a tag that is given as such, as a number, or by its keyword.

    Raises
    ------
    ValueError
        If it is no keyword of the data dictionary.
    """
    if isinstance(pointer, str):
        tag = tag_for_keyword(pointer)
        if tag is None:
            raise InputError(f"{pointer!r} is not a keyword of the DICOM data dictionary.")
        return Tag(tag)
    return Tag(pointer)


def dimension_index_pointers(dataset: Dataset) -> list[BaseTag]:
    """List the attributes that the dimension indices of an image stand for.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The image.

    Returns
    -------
    list[pydicom.tag.BaseTag]
        In the order of the Dimension Index Sequence; empty if there is none.
    """
    pointers = []
    for number, item in enumerate(items_of(dataset, "DimensionIndexSequence"), start=1):
        pointer = value_of(item, "DimensionIndexPointer")
        if not isinstance(pointer, int):
            warnings.warn(
                f"Item {number} of DimensionIndexSequence lacks a DimensionIndexPointer that is a tag.",
                HdcoreWarning,
                stacklevel=3,
            )
            pointer = 0
        pointers.append(Tag(pointer))
    return pointers


def warn_of_missing_dimensions(dataset: Dataset) -> None:
    """Tell that an image whose frames have groups of their own has no Dimension Index Sequence."""
    organization = value_of(dataset, "DimensionOrganizationType")
    if "PerFrameFunctionalGroupsSequence" in dataset and organization != "TILED_FULL":
        warnings.warn(
            "DimensionIndexSequence is absent or empty, though the frames have groups of their own; they have no "
            "dimensions (PS3.3 C.7.6.17).",
            HdcoreWarning,
            stacklevel=3,
        )


def dimension_indices(
    dataset: Dataset, table: FrameTable, pointers: Sequence[int | BaseTag | str]
) -> NDArray[np.int64]:
    """Get the index values of all frames in some dimensions.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The image.
    table: FrameTable
        Its frames.
    pointers: Sequence[int | pydicom.tag.BaseTag | str]
        Attributes that the dimensions stand for.

    Returns
    -------
    numpy.ndarray
        Shape (frames, pointers), counted from one.

    Raises
    ------
    NotPresentError
        If the image has no such dimension, or its frames lack index values. A ValueError and KeyError.
    ValueError
        If no pointers are given, or one is no keyword.
    """
    tags = [dimension_tag(pointer) for pointer in pointers]
    if not tags:
        raise InputError("dimension_index_pointers is empty; expected at least one.")
    known = dimension_index_pointers(dataset)
    for tag in tags:
        if tag not in known:
            names = ", ".join(keyword_for_tag(other) or str(other) for other in known) or "none"
            raise NotPresentError(
                f"{keyword_for_tag(tag) or tag} is no dimension of the image; its dimensions are: {names}."
            )
    if not table.present("dimension_index_values").all():
        raise NotPresentError("The frames lack Dimension Index Values, so that they cannot be found by dimensions.")
    values = table["dimension_index_values"]
    if values.shape[1] < len(known):
        raise NotPresentError(
            f"The frames have {values.shape[1]} Dimension Index Values, but DimensionIndexSequence {len(known)} items."
        )
    chosen: NDArray[np.int64] = values[:, [known.index(tag) for tag in tags]]
    return chosen
