"""Lookup tables as items of sequences (PS3.3 C.11.1, C.11.2 and C.11.6)."""

from __future__ import annotations

import copy as copying
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from hdcore.enums import RescaleTypeValues
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.element import put, put_element
from hdcore.model.making import make_element
from hdcore.pixels.window import apply_lut, scale_to_range
from hdcore.text import check_text, short

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement

__all__ = [
    "LUT",
    "VOILUT",
    "ModalityLUT",
    "PresentationLUT",
    "bytes_of",
    "descriptor_element",
    "descriptor_of",
    "table_bytes",
    "table_of",
]

_MOST_ENTRIES = 1 << 16


class LUT(Dataset):
    """An item that holds a lookup table: LUT Descriptor, LUT Explanation and LUT Data.

    A pixel whose value is ``first_mapped_value`` becomes ``lut_data[0]``, the next higher value ``lut_data[1]`` and so
    on; lower and higher values become the first and last entry.

    Examples
    --------
    >>> import numpy as np
    >>> LUT(10, np.array([5, 7, 9], np.uint8)).apply(np.array([0, 10, 11, 200])).tolist()
    [5, 5, 7, 9]
    """

    def __init__(self, first_mapped_value: int, lut_data: npt.NDArray[Any], lut_explanation: str | None = None) -> None:
        """Make a table.

        Parameters
        ----------
        first_mapped_value: int
            The pixel value that becomes the first entry, -32768 to 65535.
        lut_data: numpy.ndarray
            1 to 65536 entries of type uint8 or uint16.
        lut_explanation: str | None, optional
            What the table is for, at most 64 characters.

        Raises
        ------
        TypeError
            If ``lut_data`` is not an array or ``first_mapped_value`` not an integer.
        ValueError
            If one of them has no such value or type.
        """
        super().__init__()
        data = check_table(first_mapped_value, lut_data)
        descriptor = descriptor_element("LUTDescriptor", len(data), int(first_mapped_value), 8 * data.dtype.itemsize)
        put_element(self, descriptor)
        if lut_explanation is not None:
            check_text(lut_explanation, "LO", "lut_explanation")
            put(self, LUTExplanation=str(lut_explanation))
        put_element(self, make_element("LUTData", table_bytes(data), "OW"))

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of a sequence as a table.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the table itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it has no descriptor or data.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A lookup table is read from a Dataset, not from {type(dataset).__name__}.")
        for keyword in ("LUTDescriptor", "LUTData"):
            if keyword not in dataset:
                raise UnreadableError(f"The item of a lookup table has no {keyword}.")
        item = copying.deepcopy(dataset) if copy else dataset
        item.__class__ = cls
        return item  # type: ignore[return-value]

    @property
    def lut_data(self) -> npt.NDArray[Any]:
        """numpy.ndarray: the entries, of type uint8 or uint16."""
        return table_of(self, "LUTDescriptor", "LUTData")[1]

    @property
    def number_of_entries(self) -> int:
        """int: number of entries, 1 to 65536."""
        return descriptor_of(self, "LUTDescriptor")[0]

    @property
    def first_mapped_value(self) -> int:
        """int: the pixel value that becomes the first entry."""
        return descriptor_of(self, "LUTDescriptor")[1]

    @property
    def bits_per_entry(self) -> int:
        """int: bits of an entry."""
        return descriptor_of(self, "LUTDescriptor")[2]

    def get_scaled_lut_data(
        self,
        output_range: tuple[float, float] = (0.0, 1.0),
        dtype: npt.DTypeLike | None = np.float64,
        invert: bool = False,
    ) -> npt.NDArray[Any]:
        """Scale the entries to a range.

        Parameters
        ----------
        output_range: tuple[float, float], optional
            What the lowest and the highest entry become.
        dtype: numpy.typing.DTypeLike | None, optional
            Floating-point data type of the result; float64 if None.
        invert: bool, optional
            Whether the lowest entry becomes the upper end of the range.

        Returns
        -------
        numpy.ndarray
            As many values as there are entries.

        Raises
        ------
        ValueError
            If the range is empty or ``dtype`` is not of floating-point numbers.
        """
        return scale_to_range(self.lut_data, output_range, dtype, invert)

    def get_inverted_lut_data(self) -> npt.NDArray[Any]:
        """Mirror the entries within their own range: the lowest becomes the highest.

        Returns
        -------
        numpy.ndarray
            As many values as there are entries, of the same type.
        """
        data = self.lut_data
        lowest, highest = data.min(), data.max()
        inverted: npt.NDArray[Any] = lowest + (highest - data)
        return inverted

    def apply(self, array: npt.NDArray[Any], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
        """Replace pixels by the entries of the table.

        Parameters
        ----------
        array: numpy.ndarray
            Integers, of any shape.
        dtype: numpy.typing.DTypeLike | None, optional
            Data type of the result, uint8 or uint16 by the bits of an entry if absent.

        Returns
        -------
        numpy.ndarray
            Same shape as ``array``.

        Raises
        ------
        TypeError
            If ``dtype`` cannot hold the entries.
        ValueError
            If ``array`` does not hold integers.
        """
        return apply_lut(array, self.lut_data, self.first_mapped_value, dtype)


class ModalityLUT(LUT):
    """An item of the Modality LUT Sequence (PS3.3 C.11.1)."""

    def __init__(
        self,
        lut_type: RescaleTypeValues | str,
        first_mapped_value: int,
        lut_data: npt.NDArray[Any],
        lut_explanation: str | None = None,
    ) -> None:
        """Make a table.

        Parameters
        ----------
        lut_type: RescaleTypeValues | str
            Unit of the entries: one of the defined terms, or a term of your own (PS3.3 C.11.1.1.2).
        first_mapped_value: int
            The pixel value that becomes the first entry, -32768 to 65535.
        lut_data: numpy.ndarray
            1 to 65536 entries of type uint8 or uint16.
        lut_explanation: str | None, optional
            What the table is for, at most 64 characters.

        Raises
        ------
        TypeError, ValueError
            As of :class:`LUT`.
        """
        super().__init__(first_mapped_value, lut_data, lut_explanation)
        put(self, ModalityLUTType=rescale_type_text(lut_type))


class VOILUT(LUT):
    """An item of the VOI LUT Sequence (PS3.3 C.11.2)."""


class PresentationLUT(LUT):
    """An item of the Presentation LUT Sequence (PS3.3 C.11.6)."""


def rescale_type_text(rescale_type: RescaleTypeValues | str) -> str:
    """Give the text of a Rescale Type, whose defined terms others may extend."""
    text = rescale_type.value if isinstance(rescale_type, RescaleTypeValues) else rescale_type
    check_text(text, "LO", "The type of a rescale or modality LUT")
    return text


def check_table(first_mapped_value: int, data: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Refuse what cannot be a table, and give its entries."""
    if not isinstance(data, np.ndarray):
        raise InputTypeError(f"lut_data is of type {type(data).__name__}; expected a numpy.ndarray.")
    if data.ndim != 1 or not 1 <= data.size <= _MOST_ENTRIES:
        raise InputError(f"lut_data has shape {data.shape}; expected one axis of 1 to {_MOST_ENTRIES} entries.")
    if data.dtype not in (np.uint8, np.uint16):
        raise InputError(f"lut_data is of type {data.dtype}; expected uint8 or uint16.")
    if isinstance(first_mapped_value, bool) or not isinstance(first_mapped_value, int | np.integer):
        raise InputTypeError(f"first_mapped_value is {short(first_mapped_value)}; expected an integer.")
    if not -32768 <= first_mapped_value <= 65535:
        raise InputError(f"first_mapped_value is {first_mapped_value}; expected -32768 to 65535.")
    return data


def descriptor_element(keyword: str, entries: int, first: int, bits: int) -> DataElement:
    """Make a descriptor: 65536 entries are written as 0, and a negative first value makes it signed (VR SS).

    The number of entries is unsigned even then (PS3.3 C.11.1.1).
    """
    return make_element(keyword, [entries % _MOST_ENTRIES, first, bits], "US" if first >= 0 else "SS")


def table_bytes(data: npt.NDArray[Any]) -> bytes:
    """Write entries as little endian words, two entries of 8 bits to a word (PS3.3 C.11.1.1)."""
    encoded = data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes()
    return encoded + b"\0" * (len(encoded) % 2)


def descriptor_of(dataset: Dataset, keyword: str) -> tuple[int, int, int]:
    """Read a descriptor: number of entries, first value, bits of an entry (PS3.3 C.11.1.1).

    Raises
    ------
    ValueError
        If it does not hold these three numbers.
    """
    value = getattr(dataset, keyword)
    try:
        entries, first, bits = (int(number) for number in value)
    except (TypeError, ValueError) as error:
        raise UnreadableError(
            f"{keyword} is {'empty' if value in (None, '') else value}; expected three numbers: entries, first value "
            "and bits of an entry."
        ) from error
    return entries % _MOST_ENTRIES or _MOST_ENTRIES, first, bits


def bytes_of(dataset: Dataset, keyword: str) -> bytes:
    """Read the entries of a table as little endian words, also where they were read as numbers (VR US) or big endian.

    Raises
    ------
    ValueError
        If they are neither bytes nor numbers.
    """
    value = getattr(dataset, keyword)
    if isinstance(value, bytes | bytearray | memoryview):
        is_big = dataset.original_encoding[1] is False and dataset[keyword].VR == "OW"  # which pydicom leaves as it is
        return np.frombuffer(value, ">u2", len(value) // 2).astype("<u2").tobytes() if is_big else bytes(value)
    try:
        numbers = np.asarray(value if not isinstance(value, int) else [value]).astype(np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise UnreadableError(f"{keyword} is {'empty' if value is None else repr(value)}; expected entries.") from error
    return numbers.astype("<u2").tobytes()


def table_of(dataset: Dataset, descriptor: str, data: str) -> tuple[int, npt.NDArray[Any]]:
    """Read a table as any writer may have encoded it.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        What holds the table.
    descriptor: str
        Keyword of the descriptor.
    data: str
        Keyword of the entries.

    Returns
    -------
    first_mapped_value: int
        The pixel value that becomes the first entry.
    lut_data: numpy.ndarray
        Entries of type uint8 or uint16; read-only.

    Raises
    ------
    ValueError
        If there are fewer entries than the descriptor says, or either is empty or malformed.
    """
    entries, first, bits = descriptor_of(dataset, descriptor)
    value = bytes_of(dataset, data)
    if len(value) >= 2 * entries:
        table = np.frombuffer(value, "<u2", entries).astype(np.uint16, copy=False)
        # some writers use a word for each entry of 8 bits
        return first, table if bits > 8 or table.max() > 255 else table.astype(np.uint8)
    if len(value) < entries:
        raise UnreadableError(f"{data} has {len(value)} bytes; {descriptor} says {entries} entries of {bits} bits.")
    return first, np.frombuffer(value, np.uint8, entries)
