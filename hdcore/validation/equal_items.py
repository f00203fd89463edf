"""Many items of equal layout looked at together, so that cost grows with what differs and not with their number.

Items of a multi-frame image are mostly of one layout: the same attributes in the same order and of the same lengths, so
that every value begins at the same byte. Such items are the rows of a matrix of bytes; an attribute is some of its
columns. One item then stands for all as far as structure is concerned, and each distinct value is checked once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from hdcore.validation.elements import Element, Items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hdcore.validation.elements import Item

__all__ = ["NUMERIC", "Column", "Rows", "rows_of"]

_FEWEST = 16
_CHARACTER_SET = 0x00080005
_DECIDING = frozenset({"CS", "SH", "LO", "UC", "UT", "UR"})
"""Representations whose values decide conditions and codes: an item stands only for those that are equal in them."""
NUMERIC = frozenset({"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "AT", "OB", "OW", "OF", "OD", "OL", "OV"})
"""Representations whose values are not texts."""


class Column(NamedTuple):
    """Where the value of an attribute is in each row."""

    path: tuple[int, ...]
    """Tags, with the number of the item in each sequence: ``(sequence, item, …, tag)``."""
    vr: str
    start: int
    length: int


@dataclass(frozen=True)
class Rows:
    """Items of one layout."""

    items: Sequence[Item]
    numbers: list[int]
    """Which items of the sequence these are."""
    columns: tuple[Column, ...]
    matrix: NDArray[np.uint8]
    """One row of bytes for each item."""

    @cached_property
    def representatives(self) -> list[tuple[int, int]]:
        """list: Numbers of the items that stand for others, and for how many each does, itself included."""
        import numpy as np

        deciding = [column for column in self.columns if column.vr in _DECIDING and column.length]
        if not deciding:
            return [(self.numbers[0], len(self.numbers))]
        keys = np.concatenate([self.matrix[:, c.start : c.start + c.length] for c in deciding], axis=1)
        _, first, counts = np.unique(_as_void(keys), return_index=True, return_counts=True)
        return sorted((self.numbers[one], int(count)) for one, count in zip(first, counts, strict=True))

    def distinct(self, *columns: Column) -> Iterator[tuple[int, int, list[Element]]]:
        """Give the distinct values of columns together: the first item that has them, how many do, the values."""
        import numpy as np

        values = np.concatenate([self.matrix[:, c.start : c.start + c.length] for c in columns], axis=1)
        _, first, counts = np.unique(_as_void(values), return_index=True, return_counts=True)
        for one, count in zip(first, counts, strict=True):
            row = self.matrix[one]
            found = [Element(c.path[-1], c.vr, row[c.start : c.start + c.length].tobytes()) for c in columns]
            yield self.numbers[one], int(count), found

    def texts(self) -> Iterator[Column]:
        """Give the columns whose values are texts."""
        return (column for column in self.columns if column.vr not in NUMERIC and column.length)

    def around(self, number: int, path: tuple[int, ...]) -> tuple[Item, ...]:
        """Give the items that a column's value is in, innermost first."""
        items = [self.items[number]]
        for tag, inner in zip(path[:-1:2], path[1::2], strict=True):
            items.append(items[-1].items(tag)[inner])
        return tuple(reversed(items))

    def column(self, *tags: int) -> Column | None:
        """Find a column by the tags on the way to it, in the first items."""
        path = (*(step for tag in tags[:-1] for step in (tag, 0)), tags[-1])
        return next((column for column in self.columns if column.path == path), None)


def rows_of(items: Sequence[Item]) -> tuple[list[Rows], list[int]]:
    """Group items by layout.

    Parameters
    ----------
    items: Sequence[Item]
        Items of a sequence.

    Returns
    -------
    tuple[list[Rows], list[int]]
        Those of which there are many of one layout, and the numbers of all others.
    """
    if len(items) < _FEWEST:
        return [], list(range(len(items)))
    if not isinstance(items, Items):
        return _grouped(items)
    if items.layout is None:
        items.layout = _grouped(items)  # every check asks for it
    layout: tuple[list[Rows], list[int]] = items.layout
    return layout


def _grouped(items: Sequence[Item]) -> tuple[list[Rows], list[int]]:
    by_length: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        by_length.setdefault(-1 if item.raw is None else len(item.raw), []).append(number)
    groups: list[Rows] = []
    single = by_length.pop(-1, [])
    for numbers in by_length.values():
        rest = numbers
        # A handful of layouts of one length is plausible; beyond that grouping does not pay.
        for _ in range(8):
            if len(rest) < _FEWEST:
                break
            rows, rest = _alike(items, rest)
            if rows is None:
                break
            groups.append(rows)
        single += rest
    return groups, sorted(single)


def _alike(items: Sequence[Item], numbers: list[int]) -> tuple[Rows | None, list[int]]:
    """Take the items that have the layout of the first."""
    import numpy as np

    columns = _columns(items[numbers[0]])
    if columns is None:
        return None, numbers
    length = len(items[numbers[0]].raw or b"")
    joined = b"".join(bytes(items[number].raw or b"") for number in numbers)
    matrix = np.frombuffer(joined, np.uint8).reshape(len(numbers), length)
    is_header = np.ones(length, bool)
    for column in columns:
        is_header[column.start : column.start + column.length] = False
    headers = matrix[:, is_header]
    same = (headers == headers[0]).all(axis=1)
    blank = _is_blank(matrix, columns)
    same &= (blank == blank[0]).all(axis=1)
    alike = [number for number, is_same in zip(numbers, same, strict=True) if is_same]
    rest = [number for number, is_same in zip(numbers, same, strict=True) if not is_same]
    return Rows(items, alike, columns, matrix[same]), rest


def _is_blank(matrix: NDArray[np.uint8], columns: tuple[Column, ...]) -> NDArray[np.bool_]:
    """Tell which texts are nothing but padding, for an item with a value does not stand for one without."""
    import numpy as np

    texts = [column for column in columns if column.vr not in NUMERIC]
    blank = np.zeros((len(matrix), len(texts)), bool)
    for number, column in enumerate(texts):
        values = matrix[:, column.start : column.start + column.length]
        blank[:, number] = ((values == 0x20) | (values == 0)).all(axis=1)
    return blank


def _columns(item: Item) -> tuple[Column, ...] | None:
    """Find where the values of an item are; None if it was not read cleanly."""
    columns: list[Column] = []
    return tuple(columns) if item.raw is not None and _collect(item, (), columns, item.raw) else None


def _collect(item: Item, path: tuple[int, ...], columns: list[Column], whole: memoryview | bytes) -> bool:
    if item.problems:
        return False
    for element in item:
        if element.items is not None:
            for number, inner in enumerate(element.items):
                if inner.raw is None or not _collect(inner, (*path, element.tag, number), columns, whole):
                    return False
        elif element.fragments is not None or not element.is_little_endian or element.tag == _CHARACTER_SET:
            return False  # texts of an item with a character set of its own are judged with it
        else:
            start = _offset(whole, element.data)
            columns.append(Column((*path, element.tag), element.vr, start, len(element.data)))
    return True


def _offset(whole: memoryview | bytes, part: memoryview | bytes) -> int:
    """Tell at which byte of a buffer a view of the same memory begins."""
    import numpy as np

    if not len(part):
        return 0
    first = np.frombuffer(whole, np.uint8).__array_interface__["data"][0]
    return int(np.frombuffer(part, np.uint8).__array_interface__["data"][0] - first)


def _as_void(values: NDArray[np.uint8]) -> NDArray[np.void]:
    import numpy as np

    return np.ascontiguousarray(values).view(np.dtype((np.void, values.shape[1]))).ravel()
