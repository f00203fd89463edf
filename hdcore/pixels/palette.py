"""Palettes: tables of three colours, which make RGB of single values (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6 and C.7.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.element import put
from hdcore.pixels.color import rgb_from_name
from hdcore.pixels.color_table import COLORS, ColorTable, PaletteColorLUT, SegmentedPaletteColorLUT
from hdcore.pixels.window import apply_lut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.uid import UID

__all__ = ["PaletteColorLUT", "PaletteColorLUTTransformation", "SegmentedPaletteColorLUT"]


class PaletteColorLUTTransformation(Dataset):
    """Tables of the three colours, which make RGB of single values."""

    def __init__(
        self,
        red_lut: PaletteColorLUT | SegmentedPaletteColorLUT,
        green_lut: PaletteColorLUT | SegmentedPaletteColorLUT,
        blue_lut: PaletteColorLUT | SegmentedPaletteColorLUT,
        palette_color_lut_uid: UID | str | None = None,
    ) -> None:
        """Make a transformation of three tables.

        Parameters
        ----------
        red_lut: PaletteColorLUT | SegmentedPaletteColorLUT
            The table of red.
        green_lut: PaletteColorLUT | SegmentedPaletteColorLUT
            The table of green.
        blue_lut: PaletteColorLUT | SegmentedPaletteColorLUT
            The table of blue.
        palette_color_lut_uid: UID | str | None, optional
            UID of the palette.

        Raises
        ------
        TypeError
            If a table is of another type, or only some are segmented.
        ValueError
            If the tables are not of the three colours, or differ in entries, first value or bits.
        """
        super().__init__()
        tables = (red_lut, green_lut, blue_lut)
        for color, table in zip(COLORS, tables, strict=True):
            if not isinstance(table, ColorTable):
                raise InputTypeError(f"{color}_lut is of type {type(table).__name__}; expected PaletteColorLUT.")
            if table.color != color:
                raise InputError(f"{color}_lut is the table of {table.color}.")
        if len({type(table) for table in tables}) > 1:
            raise InputTypeError("Some palette tables are segmented and others are not; expected three of one type.")
        for name in ("number_of_entries", "first_mapped_value", "bits_per_entry"):
            found = [getattr(table, name) for table in tables]
            if len(set(found)) > 1:
                raise InputError(f"{name} of the three palette tables differs: {found}.")
        for table in tables:
            self.update(table)
        if palette_color_lut_uid is not None:
            put(self, PaletteColorLookupTableUID=str(palette_color_lut_uid))

    @classmethod
    def from_colors(
        cls, colors: Sequence[str], first_mapped_value: int = 0, palette_color_lut_uid: UID | str | None = None
    ) -> Self:
        """Make a transformation of 8 bits from named colours.

        Parameters
        ----------
        colors: Sequence[str]
            Colours of ``first_mapped_value`` and the following values: CSS names in any case, hexadecimal digits such
            as ``"#ff7733"``, or ``"RGB(255, 255, 0)"``.
        first_mapped_value: int, optional
            The pixel value that gets the first colour.
        palette_color_lut_uid: UID | str | None, optional
            UID of the palette.

        Raises
        ------
        ValueError
            If there are no colours, or one is unknown.
        """
        if isinstance(colors, str) or not len(colors):
            raise InputError(f"colors is {colors!r}; expected at least one colour in a list.")
        components = np.array([rgb_from_name(color) for color in colors], np.uint8)
        return cls.from_combined_lut(components, first_mapped_value, palette_color_lut_uid)

    @classmethod
    def from_combined_lut(
        cls,
        lut_data: npt.NDArray[Any],
        first_mapped_value: int = 0,
        palette_color_lut_uid: UID | str | None = None,
    ) -> Self:
        """Make a transformation from an array of colours.

        Parameters
        ----------
        lut_data: numpy.ndarray
            Red, green and blue of each entry: shape ``(entries, 3)``, type uint8 or uint16.
        first_mapped_value: int, optional
            The pixel value that gets the first colour.
        palette_color_lut_uid: UID | str | None, optional
            UID of the palette.

        Raises
        ------
        TypeError
            If ``lut_data`` is not an array.
        ValueError
            If it is of another shape or type.
        """
        if not isinstance(lut_data, np.ndarray):
            raise InputTypeError(f"lut_data is of type {type(lut_data).__name__}; expected a numpy.ndarray.")
        if lut_data.ndim != 2 or lut_data.shape[1] != 3:
            raise InputError(f"lut_data has shape {lut_data.shape}; expected (entries, 3).")
        red, green, blue = (
            PaletteColorLUT(first_mapped_value, lut_data[:, channel], color) for channel, color in enumerate(COLORS)
        )
        return cls(red, green, blue, palette_color_lut_uid)

    @classmethod
    def extract_from_dataset(cls, dataset: Dataset) -> Self:
        """Take the palette from a dataset that has it among other attributes.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            An image, a presentation state or a palette.

        Returns
        -------
        Self
            A palette of its own, with nothing else of ``dataset``.

        Raises
        ------
        ValueError
            If ``dataset`` has no palette.
        """
        segmented = "RedPaletteColorLookupTableData" not in dataset and any(
            f"Segmented{color.capitalize()}PaletteColorLookupTableData" in dataset for color in COLORS
        )
        table_type = SegmentedPaletteColorLUT if segmented else PaletteColorLUT
        red, green, blue = (table_type.extract_from_dataset(dataset, color) for color in COLORS)
        return cls(red, green, blue, dataset.get("PaletteColorLookupTableUID"))

    @property
    def is_segmented(self) -> bool:
        """bool: whether the tables are written as segments."""
        return "SegmentedRedPaletteColorLookupTableData" in self

    @property
    def red_lut(self) -> PaletteColorLUT | SegmentedPaletteColorLUT:
        """PaletteColorLUT | SegmentedPaletteColorLUT: the table of red."""
        return self._table("red")

    @property
    def green_lut(self) -> PaletteColorLUT | SegmentedPaletteColorLUT:
        """PaletteColorLUT | SegmentedPaletteColorLUT: the table of green."""
        return self._table("green")

    @property
    def blue_lut(self) -> PaletteColorLUT | SegmentedPaletteColorLUT:
        """PaletteColorLUT | SegmentedPaletteColorLUT: the table of blue."""
        return self._table("blue")

    def _table(self, color: str) -> PaletteColorLUT | SegmentedPaletteColorLUT:
        table_type = SegmentedPaletteColorLUT if self.is_segmented else PaletteColorLUT
        return table_type.extract_from_dataset(self, color)

    @property
    def number_of_entries(self) -> int:
        """int: number of entries of each table."""
        return self.red_lut.number_of_entries

    @property
    def first_mapped_value(self) -> int:
        """int: the pixel value that gets the first colour."""
        return self.red_lut.first_mapped_value

    @property
    def bits_per_entry(self) -> int:
        """int: bits of an entry, 8 or 16."""
        return self.red_lut.bits_per_entry

    @property
    def combined_lut_data(self) -> npt.NDArray[Any]:
        """numpy.ndarray: red, green and blue of each entry, of shape ``(entries, 3)`` and type uint8 or uint16."""
        tables = [table.lut_data for table in (self.red_lut, self.green_lut, self.blue_lut)]
        sizes = [len(table) for table in tables]
        if len(set(sizes)) > 1:
            raise UnreadableError(f"The palette has {sizes} entries for red, green and blue; expected equal numbers.")
        return np.stack(tables, axis=-1)

    def apply(self, array: npt.NDArray[Any], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
        """Replace pixels by their colours.

        Parameters
        ----------
        array: numpy.ndarray
            Integers, of any shape.
        dtype: numpy.typing.DTypeLike | None, optional
            Data type of the result, uint8 or uint16 by the bits of an entry if absent.

        Returns
        -------
        numpy.ndarray
            Shape ``(*array.shape, 3)``.

        Raises
        ------
        TypeError
            If ``dtype`` cannot hold the entries.
        ValueError
            If ``array`` does not hold integers.
        """
        return apply_lut(array, self.combined_lut_data, self.first_mapped_value, dtype)
