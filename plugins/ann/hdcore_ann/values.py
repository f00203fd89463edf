"""Numbers that an item holds as bytes, in memory or still in the file, looked at without parsing anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import original_encoding
from hdcore.model.making import tag_of
from pydicom.dataelem import RawDataElement

from hdcore_ann.storage import MemoryStorage

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_ann.storage import Storage

__all__ = ["StoredValues"]

_DTYPES = {
    "PointCoordinatesData": "f4",
    "DoublePointCoordinatesData": "f8",
    "LongPrimitivePointIndexList": "u4",
    "FloatingPointValues": "f4",
    "AnnotationIndexList": "u4",
}


class StoredValues:
    """The numbers of one element of VR OF, OD or OL."""

    def __init__(self, item: Dataset, keyword: str) -> None:
        """Find the element.

        Parameters
        ----------
        item: pydicom.dataset.Dataset
            The item that has it.
        keyword: str
            Keyword of the element.

        Raises
        ------
        ValueError
            If the item has no such element, or its length is no multiple of the size of a number.
        """
        tag = tag_of(keyword)
        if tag not in item:
            raise UnreadableError(f"The item has no {keyword}.")
        element: Any = item.get_item(tag, keep_deferred=True)
        little = element.is_little_endian if isinstance(element, RawDataElement) else original_encoding(item)[1]
        self.dtype = np.dtype(_DTYPES[keyword]).newbyteorder("<" if little else ">")
        self._offset = 0
        if isinstance(element, RawDataElement) and element.value is None and element.length:
            self._storage: Storage = item.buffer
            self._offset, length = element.value_tell, element.length
        else:
            value = element.value or b""
            self._storage, length = MemoryStorage(value), len(value)
        self.count, rest = divmod(length, self.dtype.itemsize)
        if rest:
            raise UnreadableError(f"{keyword} has {length} bytes, which is no multiple of {self.dtype.itemsize}.")

    def read(self, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Read some of the numbers.

        Parameters
        ----------
        start, stop: int, optional
            Zero-based index of the first, and of the one after the last; all if absent.

        Returns
        -------
        numpy.ndarray
            Shape (stop - start,), in the machine's byte order; it may be read-only.
        """
        stop = self.count if stop is None else stop
        values = self._storage.array(self._offset + start * self.dtype.itemsize, stop - start, self.dtype)
        return values if self.dtype.isnative else values.astype(self.dtype.newbyteorder("="))
