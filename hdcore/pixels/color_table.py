"""The table of one colour of a palette, written entry by entry or as segments (PS3.3 C.7.6.3.1.5 and C.7.9.2)."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from hdcore.errors import InputError, UnreadableError
from hdcore.model.element import put_element
from hdcore.model.making import make_element
from hdcore.pixels.lut_item import bytes_of, check_table, descriptor_element, descriptor_of, table_bytes, table_of
from hdcore.pixels.segmented import expand_segments
from hdcore.pixels.window import apply_lut

__all__ = ["COLORS", "ColorTable", "PaletteColorLUT", "SegmentedPaletteColorLUT"]

COLORS = ("red", "green", "blue")


class ColorTable(Dataset):
    """The table of one colour: a descriptor and data whose keywords name the colour."""

    _DATA = "{}PaletteColorLookupTableData"

    def _set_table(self, first_mapped_value: int, data: npt.NDArray[Any], entries: int, color: str) -> None:
        name = _check_color(color)
        bits = 8 * data.dtype.itemsize
        descriptor = descriptor_element(_descriptor(name), entries, int(first_mapped_value), bits)
        put_element(self, descriptor)
        put_element(self, make_element(self._DATA.format(name), table_bytes(data), "OW"))

    @classmethod
    def extract_from_dataset(cls, dataset: Dataset, color: str) -> Self:
        """Take the table of one colour from a dataset that has it among other attributes.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            An image, a presentation state or a palette.
        color: str
            ``"red"``, ``"green"`` or ``"blue"``.

        Returns
        -------
        Self
            A table of its own, with nothing else of ``dataset``.

        Raises
        ------
        ValueError
            If ``dataset`` has no such table.
        """
        name = _check_color(color)
        table = cls.__new__(cls)
        Dataset.__init__(table)
        for keyword in (_descriptor(name), cls._DATA.format(name)):
            if keyword not in dataset:
                raise UnreadableError(f"The dataset has no {keyword}.")
        descriptor_of(dataset, _descriptor(name))
        for keyword in (_descriptor(name), cls._DATA.format(name)):
            element = dataset[keyword]
            value = bytes_of(dataset, keyword) if element.VR == "OW" else element.value
            put_element(table, make_element(keyword, value, element.VR))
        return table

    @property
    def _name(self) -> str:
        return next(color.capitalize() for color in COLORS if _descriptor(color.capitalize()) in self)

    @property
    def _descriptor_values(self) -> tuple[int, int, int]:
        return descriptor_of(self, _descriptor(self._name))

    @property
    def color(self) -> str:
        """str: ``"red"``, ``"green"`` or ``"blue"``."""
        return self._name.lower()

    @property
    def first_mapped_value(self) -> int:
        """int: the pixel value that becomes the first entry."""
        return self._descriptor_values[1]

    @property
    def bits_per_entry(self) -> int:
        """int: bits of an entry, 8 or 16."""
        return self._descriptor_values[2]


class PaletteColorLUT(ColorTable):
    """The table of one of the three colours, entry by entry.

    Examples
    --------
    >>> import numpy as np
    >>> PaletteColorLUT(0, np.array([0, 128, 255], np.uint8), "red").apply(np.array([[2, 1]])).tolist()
    [[255, 128]]
    """

    def __init__(self, first_mapped_value: int, lut_data: npt.NDArray[Any], color: str) -> None:
        """Make a table.

        Parameters
        ----------
        first_mapped_value: int
            The pixel value that becomes the first entry, -32768 to 65535.
        lut_data: numpy.ndarray
            1 to 65536 entries of type uint8 or uint16.
        color: str
            ``"red"``, ``"green"`` or ``"blue"``.

        Raises
        ------
        TypeError
            If ``lut_data`` is not an array or ``first_mapped_value`` not an integer.
        ValueError
            If an argument has no such value or type.
        """
        super().__init__()
        data = check_table(first_mapped_value, lut_data)
        self._set_table(first_mapped_value, data, len(data), color)

    @property
    def lut_data(self) -> npt.NDArray[Any]:
        """numpy.ndarray: the entries, of type uint8 or uint16."""
        return table_of(self, _descriptor(self._name), self._DATA.format(self._name))[1]

    @property
    def number_of_entries(self) -> int:
        """int: number of entries."""
        return self._descriptor_values[0]

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


class SegmentedPaletteColorLUT(ColorTable):
    """The table of one of the three colours, written as segments (PS3.3 C.7.9.2).

    Examples
    --------
    >>> import numpy as np
    >>> ramp = np.array([0, 1, 0, 1, 4, 200], np.uint8)  # one entry of 0, then four up to 200
    >>> SegmentedPaletteColorLUT(0, ramp, "red").lut_data.tolist()
    [0, 50, 100, 150, 200]
    """

    _DATA = "Segmented{}PaletteColorLookupTableData"

    def __init__(self, first_mapped_value: int, segmented_lut_data: npt.NDArray[Any], color: str) -> None:
        """Make a table.

        Parameters
        ----------
        first_mapped_value: int
            The pixel value that becomes the first entry, -32768 to 65535.
        segmented_lut_data: numpy.ndarray
            Discrete, linear and indirect segments, of type uint8 or uint16.
        color: str
            ``"red"``, ``"green"`` or ``"blue"``.

        Raises
        ------
        TypeError
            If ``segmented_lut_data`` is not an array or ``first_mapped_value`` not an integer.
        ValueError
            If an argument has no such value or type, or the segments cannot be expanded.
        """
        super().__init__()
        data = check_table(first_mapped_value, segmented_lut_data)
        expanded = expand_segments(data)
        check_table(first_mapped_value, expanded)
        self._set_table(first_mapped_value, data, len(expanded), color)

    @property
    def segmented_lut_data(self) -> npt.NDArray[Any]:
        """numpy.ndarray: the segments, of type uint8 or uint16."""
        value = bytes_of(self, self._DATA.format(self._name))
        if self.bits_per_entry <= 8:
            return np.frombuffer(value, np.uint8)
        return np.frombuffer(value, "<u2", len(value) // 2).astype(np.uint16, copy=False)

    @property
    def lut_data(self) -> npt.NDArray[Any]:
        """numpy.ndarray: the entries that the segments expand to, of type uint8 or uint16."""
        expanded = expand_segments(self.segmented_lut_data)
        if len(expanded) < self._descriptor_values[0]:
            raise UnreadableError(
                f"The segments of the {self.color} palette expand to {len(expanded)} entries; its descriptor says "
                f"{self._descriptor_values[0]}."
            )
        return expanded[: self._descriptor_values[0]]

    @property
    def number_of_entries(self) -> int:
        """int: number of entries that the segments expand to."""
        return self._descriptor_values[0]


def _check_color(color: str) -> str:
    if not isinstance(color, str) or color not in COLORS:
        raise InputError(f"color is {color!r}; expected 'red', 'green' or 'blue'.")
    return color.capitalize()


def _descriptor(name: str) -> str:
    return f"{name}PaletteColorLookupTableDescriptor"
