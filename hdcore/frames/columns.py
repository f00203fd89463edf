"""The kinds of column that a frame table has.

Numbers are NumPy arrays with a mask of the rows that have a value; words (UIDs, labels, whole encoded items) are codes
into a vocabulary, since thousands of frames share a few of them; several values in a row are a start and a count in a
table of their own, so that selecting rows copies none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from numpy.typing import NDArray
    from pydicom.sequence import Sequence as DataElementSequence

    from hdcore.frames.table import FrameTable

__all__ = ["Categorical", "Column", "EncodedItems", "Numbers", "Ragged"]


@dataclass(frozen=True, slots=True)
class EncodedItems:
    """The items of a sequence as encoded bytes: a word that is parsed only when somebody wants to know."""

    value: bytes
    """Items with their headers, in Explicit VR Little Endian unless ``is_implicit_vr``."""
    is_implicit_vr: bool = False
    """Whether the elements carry no value representation."""

    @classmethod
    def of(cls, items: Iterable[Any], character_set: str = "ISO_IR 192") -> Self:
        """Encode the items of a sequence.

        Parameters
        ----------
        items: Iterable[pydicom.dataset.Dataset]
            The items.
        character_set: str, optional
            Specific Character Set of the dataset that the items are part of.

        Returns
        -------
        EncodedItems
            In Explicit VR Little Endian.
        """
        from hdcore.model.items import encode_items

        return cls(encode_items(items, character_set=character_set))

    def items(self, character_set: str = "ISO_IR 192") -> DataElementSequence:
        """Parse the items.

        Parameters
        ----------
        character_set: str, optional
            Specific Character Set of the dataset that the items are part of.

        Returns
        -------
        pydicom.sequence.Sequence
            The items; new ones at every call.
        """
        from hdcore.model.items import decode_items

        return decode_items(self.value, is_implicit_vr=self.is_implicit_vr, character_set=character_set)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One number, or a vector of a fixed size, per row."""

    values: NDArray[Any]
    """Shape (rows,) or (rows, size); absent floats are NaN and absent integers 0."""
    present: NDArray[np.bool_] | None = None
    """Which rows have a value, shape (rows,); ``None`` if all have."""

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: NDArray[np.intp]) -> Numbers:
        """Select rows by index."""
        return Numbers(self.values[rows], None if self.present is None else self.present[rows])

    def broadcast(self, rows: int) -> Numbers:
        """Repeat the only row without storing it again."""
        present = None if self.present is None else np.broadcast_to(self.present, (rows,))
        return Numbers(np.broadcast_to(self.values, (rows, *self.values.shape[1:])), present)


@dataclass(frozen=True, slots=True, eq=False)
class Categorical:
    """One word per row, as a code into a vocabulary."""

    codes: NDArray[np.int64]
    """Shape (rows,): index into the vocabulary, -1 where a row has no word."""
    vocabulary: tuple[Any, ...]
    """The distinct words: texts, or :class:`EncodedItems`."""

    @classmethod
    def of(cls, words: Iterable[Hashable]) -> Self:
        """Collect words.

        Parameters
        ----------
        words: Iterable[Hashable]
            One per row; ``None`` where a row has none.

        Returns
        -------
        Categorical
            With the vocabulary in order of first appearance.
        """
        words = list(words)
        index: dict[Any, int] = {None: -1}
        for word in dict.fromkeys(words):
            if word is not None:
                index[word] = len(index) - 1
        codes = np.fromiter(map(index.__getitem__, words), np.int64, len(words))
        return cls(codes, tuple(index)[1:])

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def present(self) -> NDArray[np.bool_] | None:
        """NDArray[bool] | None: which rows have a word; ``None`` if all have."""
        present = self.codes >= 0
        return None if present.all() else present

    @property
    def values(self) -> NDArray[np.object_]:
        """NDArray[object]: the words themselves, shape (rows,); ``None`` where absent."""
        words = np.empty(len(self.vocabulary) + 1, object)
        words[:-1] = self.vocabulary
        return words[self.codes]

    def code_of(self, word: Hashable) -> int:
        """Find a word's code, -2 if the vocabulary has no such word (so that no row compares equal)."""
        try:
            return self.vocabulary.index(word)
        except ValueError:
            return -2

    def equals(self, word: Hashable) -> NDArray[np.bool_]:
        """Tell which rows have a word, shape (rows,)."""
        return np.equal(self.codes, self.code_of(word))

    def isin(self, words: Iterable[Hashable]) -> NDArray[np.bool_]:
        """Tell which rows have one of several words, shape (rows,)."""
        return np.isin(self.codes, [self.code_of(word) for word in words])

    def take(self, rows: NDArray[np.intp]) -> Categorical:
        """Select rows by index."""
        return Categorical(self.codes[rows], self.vocabulary)

    def broadcast(self, rows: int) -> Categorical:
        """Repeat the only row without storing it again."""
        return Categorical(np.broadcast_to(self.codes, (rows,)), self.vocabulary)


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Several values per row, or none: row ``i`` has ``rows[starts[i] : starts[i] + counts[i]]``."""

    starts: NDArray[np.int64]
    """Shape (rows,)."""
    counts: NDArray[np.int64]
    """Shape (rows,); -1 where the row does not even have an empty list."""
    rows: FrameTable | NDArray[Any]
    """The values of all rows: a table for items of a sequence, an array for an attribute of several values."""

    @classmethod
    def of(cls, counts: Sequence[int] | NDArray[np.integer[Any]], rows: FrameTable | NDArray[Any]) -> Self:
        """Divide consecutive values among rows.

        Parameters
        ----------
        counts: Sequence[int] | NDArray[int]
            How many values each row has.
        rows: FrameTable | NDArray
            The values of the first row, then those of the second …

        Returns
        -------
        Ragged
            With ``len(counts)`` rows.

        Raises
        ------
        ValueError
            If the counts do not add up to the number of values.
        """
        numbers: NDArray[np.int64] = np.asarray(counts).astype(np.int64)
        if numbers.sum() != len(rows):
            raise InputError(f"counts add up to {numbers.sum()}, but there are {len(rows)} values.")
        return cls(np.cumsum(numbers) - numbers, numbers, rows)

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def present(self) -> NDArray[np.bool_] | None:
        """NDArray[bool] | None: which rows have a list, be it empty; ``None`` if all have."""
        present = self.counts >= 0
        return None if present.all() else present

    def __getitem__(self, row: int) -> Any:
        """Get the values of one row: a :class:`FrameTable` or an array."""
        start, count = int(self.starts[row]), max(int(self.counts[row]), 0)
        if isinstance(self.rows, np.ndarray):
            return self.rows[start : start + count]
        return self.rows.select(np.arange(start, start + count))

    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """List which row has which value.

        Returns
        -------
        tuple[NDArray[int], NDArray[int]]
            Row of the column and row of :attr:`rows`, one pair per value, by rows.
        """
        counts = np.maximum(self.counts, 0)
        owners = np.repeat(np.arange(len(self), dtype=np.intp), counts)
        before = np.cumsum(counts) - counts
        return owners, np.arange(len(owners), dtype=np.intp) + np.repeat(self.starts - before, counts)

    def take(self, rows: NDArray[np.intp]) -> Ragged:
        """Select rows by index; the values are shared, not copied."""
        return Ragged(self.starts[rows], self.counts[rows], self.rows)

    def broadcast(self, rows: int) -> Ragged:
        """Repeat the only row without storing it again."""
        return Ragged(np.broadcast_to(self.starts, (rows,)), np.broadcast_to(self.counts, (rows,)), self.rows)


Column = Numbers | Categorical | Ragged
"""Any kind of column."""
