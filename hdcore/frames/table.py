"""The facts about the frames of an image, one row per frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import InputError
from hdcore.frames.columns import Categorical, Column, Numbers, Ragged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

__all__ = ["FrameTable"]


class FrameTable:
    """A table of columns of equal length, immutable and usable from any thread.

    A column holds numbers (a NumPy array), words (:class:`~hdcore.frames.columns.Categorical`), or several values per
    row (:class:`~hdcore.frames.columns.Ragged`). A *shared* column says the same of every frame and is stored once.

    Examples
    --------
    >>> table = FrameTable(3, {"segment_number": [1, 1, 2]}, shared={"pixel_spacing": [[0.5, 0.5]]})
    >>> table["segment_number"]
    array([1, 1, 2])
    >>> table["pixel_spacing"].shape, table.is_shared("pixel_spacing")
    ((3, 2), True)
    >>> len(table.select(table["segment_number"] == 1))
    2
    """

    __slots__ = ("_columns", "_length", "_shared")

    def __init__(
        self, length: int, columns: Mapping[str, Any] | None = None, shared: Mapping[str, Any] | None = None
    ) -> None:
        """Make a table.

        Parameters
        ----------
        length: int
            Number of rows.
        columns: Mapping[str, Any] | None, optional
            One value per row: arrays or lists of numbers, lists of texts, or columns.
        shared: Mapping[str, Any] | None, optional
            The same, of one row only, which is that of every row.

        Raises
        ------
        ValueError
            If a column has another number of rows.
        """
        self._length = length
        self._columns: dict[str, Column] = {}
        for name, values in (columns or {}).items():
            self._columns[name] = _checked(name, values, length)
        for name, values in (shared or {}).items():
            self._columns[name] = _checked(name, values, 1)
        self._shared = frozenset(shared or ())

    @classmethod
    def _of(cls, length: int, columns: dict[str, Column], shared: frozenset[str]) -> FrameTable:
        table = cls.__new__(cls)
        table._length, table._columns, table._shared = length, columns, shared
        return table

    def __len__(self) -> int:
        return self._length

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __getitem__(self, name: str) -> Any:
        """Get a column.

        Parameters
        ----------
        name: str
            Name of the column.

        Returns
        -------
        numpy.ndarray | Categorical | Ragged
            All rows; of a shared column a view with stride 0.

        Raises
        ------
        ValueError
            If there is no such column.
        """
        column = self.column(name)
        return column.values if isinstance(column, Numbers) else column

    def column(self, name: str) -> Column:
        """Get a column as an object, with the mask of the rows that have a value.

        Parameters
        ----------
        name: str
            Name of the column.

        Returns
        -------
        Numbers | Categorical | Ragged
            All rows; of a shared column a view with stride 0.

        Raises
        ------
        ValueError
            If there is no such column.
        """
        column = self.stored(name)
        return column.broadcast(self._length) if name in self._shared else column

    def stored(self, name: str) -> Column:
        """Get a column as it is stored: a shared one has one row.

        Raises
        ------
        ValueError
            If there is no such column.
        """
        try:
            return self._columns[name]
        except KeyError:
            known = ", ".join(self._columns) or "none"
            raise InputError(f"The frame table has no column {name!r}; its columns are: {known}.") from None

    def get(self, name: str, default: Any = None) -> Any:
        """Get a column, or a default if there is none."""
        return self[name] if name in self._columns else default

    def is_shared(self, name: str) -> bool:
        """Tell whether a column is stored once for all frames."""
        return name in self._shared

    @property
    def shared(self) -> frozenset[str]:
        """frozenset[str]: names of the columns that are stored once."""
        return self._shared

    def present(self, name: str) -> NDArray[np.bool_]:
        """Tell which rows have a value, shape (rows,); no row does if there is no such column."""
        if name not in self._columns:
            return np.zeros(self._length, bool)
        present = self.column(name).present
        return np.ones(self._length, bool) if present is None else present

    def select(self, rows: NDArray[Any] | Iterable[int] | slice) -> FrameTable:
        """Select rows.

        Parameters
        ----------
        rows: NDArray[bool] | NDArray[int] | Iterable[int] | slice
            A mask of shape (rows,), indices counted from zero (in any order, repeated or not), or a slice.

        Returns
        -------
        FrameTable
            The selected rows; shared columns stay shared.
        """
        if isinstance(rows, slice):
            indices = np.arange(self._length)[rows]
        else:
            rows = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows))
            indices = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.intp, copy=False)
        columns = {
            name: column if name in self._shared else _frozen(column.take(indices))
            for name, column in self._columns.items()
        }
        return FrameTable._of(len(indices), columns, self._shared)

    def where(self, **values: Any) -> NDArray[np.intp]:
        """Find the rows that have given values.

        Parameters
        ----------
        **values: Any
            Column and value; all must hold.

        Returns
        -------
        NDArray[int]
            Indices of the rows, ascending.
        """
        mask = np.ones(self._length, bool)
        for name, value in values.items():
            column = self.column(name)
            if isinstance(column, Categorical):
                mask &= column.equals(value)
            elif isinstance(column, Numbers):
                equal = column.values == value
                mask &= equal if equal.ndim == 1 else equal.all(axis=1)
            else:
                raise InputError(f"The column {name!r} has several values per frame; use related() to search it.")
        return np.flatnonzero(mask)

    def related(self, *names: str) -> tuple[NDArray[np.intp], FrameTable]:
        """Follow columns of several values per row down to their table.

        Parameters
        ----------
        *names: str
            A ragged column, then a ragged column of its table, and so on, such as ``"derivations", "sources"``.

        Returns
        -------
        tuple[NDArray[int], FrameTable]
            For each row of the last table the row of this table that it belongs to; and the last table.
        """
        owners: NDArray[np.intp] = np.arange(self._length, dtype=np.intp)
        table = self
        for name in names:
            if name not in table:
                return owners[:0], FrameTable(0)
            column = table.column(name)
            if not isinstance(column, Ragged) or not isinstance(column.rows, FrameTable):
                raise InputError(f"The column {name!r} does not hold several items per frame.")
            parents, children = column.pairs()
            owners, table = owners[parents], column.rows.select(children)
        return owners, table

    def with_columns(self, **columns: Any) -> FrameTable:
        """Make a table with more, or other, columns of one value per row."""
        new = {name: _checked(name, values, self._length) for name, values in columns.items()}
        return FrameTable._of(self._length, {**self._columns, **new}, self._shared - new.keys())

    def with_shared(self, **values: Any) -> FrameTable:
        """Make a table with more, or other, columns of one row that is that of every row."""
        new = {name: _checked(name, value, 1) for name, value in values.items()}
        return FrameTable._of(self._length, {**self._columns, **new}, self._shared | new.keys())

    def without(self, *names: str) -> FrameTable:
        """Make a table that lacks some columns; names of columns that it has not are ignored."""
        columns = {name: column for name, column in self._columns.items() if name not in names}
        return FrameTable._of(self._length, columns, self._shared & columns.keys())

    def __repr__(self) -> str:
        names = ", ".join(f"{name} (shared)" if name in self._shared else name for name in self._columns)
        return f"<FrameTable of {self._length} frames: {names}>"

    def __getstate__(self) -> tuple[int, dict[str, Column], frozenset[str]]:
        return self._length, self._columns, self._shared

    def __setstate__(self, state: tuple[int, dict[str, Column], frozenset[str]]) -> None:
        self._length, self._columns, self._shared = state


def _checked(name: str, values: Any, length: int) -> Column:
    column = values if isinstance(values, Numbers | Categorical | Ragged) else _column_of(name, values)
    if len(column) != length:
        raise InputError(f"The column {name!r} has {len(column)} rows; expected {length}.")
    return _frozen(column)


def _column_of(name: str, values: Any) -> Column:
    if not isinstance(values, np.ndarray):
        values = list(values)
        if any(isinstance(value, str) or value is None for value in values) or not _is_numeric(values):
            return Categorical.of(values)
    array = np.asarray(values)
    if array.dtype.kind in "OUS":
        return Categorical.of(array.tolist())
    if array.ndim not in (1, 2):
        raise InputError(f"The column {name!r} has the shape {array.shape}; expected (rows,) or (rows, size).")
    return Numbers(array.view())


def _is_numeric(values: list[Any]) -> bool:
    return np.asarray(values).dtype.kind in "biuf" if values else True


def _frozen(column: Column) -> Column:
    arrays: tuple[Any, ...]
    if isinstance(column, Numbers):
        arrays = (column.values, column.present)
    elif isinstance(column, Categorical):
        arrays = (column.codes,)
    else:
        arrays = (column.starts, column.counts)
    for array in arrays:
        if array is not None and array.flags.writeable:
            array.flags.writeable = False
    return column
