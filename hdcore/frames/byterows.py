"""Texts of bytes, one per row and of any lengths, put together without a Python loop over rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ByteRows", "cells"]

_MOST_LENGTHS = 512
"""Above so many different lengths, bytes are moved through an index instead of length by length."""


def cells(buffer: NDArray[np.uint8], length: int) -> NDArray[np.void]:
    """View a buffer as the pieces of a given length that begin at each of its bytes.

    Parameters
    ----------
    buffer: NDArray[uint8]
        Contiguous bytes.
    length: int
        Length of the pieces, at least 1 and at most that of the buffer.

    Returns
    -------
    NDArray[void]
        The piece at each start; reading or writing many of them at once copies them whole.
    """
    return np.ndarray((len(buffer) - length + 1,), f"V{length}", buffer, 0, (1,))


@dataclass(frozen=True, slots=True, eq=False)
class ByteRows:
    """One text of bytes per row, each a piece of a common buffer."""

    buffer: NDArray[np.uint8]
    """The bytes."""
    starts: NDArray[np.int64]
    """Where each row's text begins, shape (rows,)."""
    lengths: NDArray[np.int64]
    """How long it is, shape (rows,); of stride 0 where all are equally long."""

    @classmethod
    def constant(cls, text: bytes, rows: int) -> Self:
        """Give every row the same text."""
        return cls(_buffer(text), _repeated(0, rows), _repeated(len(text), rows))

    @classmethod
    def fixed(cls, matrix: NDArray[Any]) -> Self:
        """Give row ``i`` the bytes of ``matrix[i]``, whatever its dtype."""
        matrix = np.ascontiguousarray(matrix)
        rows = len(matrix)
        length = matrix.nbytes // rows if rows else 0
        starts = np.arange(rows, dtype=np.int64) * length
        return cls(matrix.reshape(-1).view(np.uint8), starts, _repeated(length, rows))

    @classmethod
    def words(cls, vocabulary: Sequence[bytes], codes: NDArray[np.integer[Any]]) -> Self:
        """Give each row a word of a vocabulary, or none where the code is negative."""
        if len(codes) and codes.strides[0] == 0:
            return cls.constant(vocabulary[codes[0]] if codes[0] >= 0 else b"", len(codes))
        lengths = np.array([0, *map(len, vocabulary)], np.int64)
        starts = np.cumsum(lengths) - lengths
        chosen = np.maximum(codes, -1) + 1
        if len(vocabulary) and (lengths[1:] == lengths[1]).all() and (chosen > 0).all():
            row_lengths = _repeated(int(lengths[1]), len(codes))
        else:
            row_lengths = lengths[chosen]
        return cls(_buffer(b"".join(vocabulary)), starts[chosen], row_lengths)

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def uniform(self) -> int | None:
        """Int | None: the length of all rows, ``None`` if they are known to differ."""
        if not len(self):
            return 0
        return int(self.lengths[0]) if self.lengths.strides[0] == 0 else None

    @property
    def constant_text(self) -> bytes | None:
        """Bytes | None: the text of all rows, ``None`` if they may differ."""
        length = self.uniform
        if length is None or not len(self) or self.starts.strides[0] != 0:
            return None
        start = int(self.starts[0])
        return self.buffer[start : start + length].tobytes()

    def only(self, present: NDArray[np.bool_] | None) -> ByteRows:
        """Leave the text of the rows out that are not ``present``."""
        if present is None:
            return self
        return ByteRows(self.buffer, self.starts, np.where(present, self.lengths, 0))

    def padded(self, pad: bytes) -> list[ByteRows]:
        """Follow each text of odd length by one byte."""
        length = self.uniform
        if length is not None:
            return [self, ByteRows.constant(pad, len(self))] if length % 2 else [self]
        odd = ByteRows(_buffer(pad), _repeated(0, len(self)), self.lengths % 2)
        return [self, odd]

    def grouped(self, starts: NDArray[np.int64], counts: NDArray[np.int64]) -> ByteRows:
        """Take runs of consecutive rows, which must lie one after another in the buffer, as one row each."""
        ends = np.append(self.starts, self.starts[-1] + self.lengths[-1] if len(self) else 0)
        first = ends[starts]
        return ByteRows(self.buffer, first, ends[starts + np.maximum(counts, 0)] - first)

    @staticmethod
    def total_lengths(parts: Sequence[ByteRows], rows: int) -> NDArray[np.int64]:
        """Add up the lengths of several texts per row; of stride 0 where all are equally long."""
        fixed = sum(part.uniform or 0 for part in parts)
        varying = [part.lengths for part in parts if part.uniform is None]
        if not varying:
            return _repeated(fixed, rows)
        total = np.full(rows, fixed, np.int64)
        for lengths in varying:
            total += lengths
        return total

    @staticmethod
    def joined(parts: Sequence[ByteRows], rows: int) -> ByteRows:
        """Join several texts per row into one, the rows lying one after another."""
        lengths = ByteRows.total_lengths(parts, rows)
        ends = np.cumsum(lengths)
        starts = ends - lengths
        out = np.empty(int(ends[-1]) if rows else 0, np.uint8)
        at = starts.copy()
        for part in _merged(parts, rows):
            part._copy_to(out, at)
            at += part.lengths
        return ByteRows(out, starts, lengths)

    def _copy_to(self, out: NDArray[np.uint8], at: NDArray[np.int64]) -> None:
        length = self.uniform
        if length is not None:
            if length:
                cells(out, length)[at] = cells(self.buffer, length)[self.starts]
            return
        lengths = distinct(self.lengths)
        if len(lengths) > _MOST_LENGTHS:
            self._copy_bytewise(out, at)
            return
        for each in lengths[lengths > 0].tolist():
            rows = np.flatnonzero(self.lengths == each)
            cells(out, each)[at[rows]] = cells(self.buffer, each)[self.starts[rows]]

    def _copy_bytewise(self, out: NDArray[np.uint8], at: NDArray[np.int64]) -> None:
        for begin in range(0, len(self), 4096):
            rows = slice(begin, begin + 4096)
            lengths = self.lengths[rows]
            within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
            out[np.repeat(at[rows], lengths) + within] = self.buffer[np.repeat(self.starts[rows], lengths) + within]


def _merged(parts: Sequence[ByteRows], rows: int) -> list[ByteRows]:
    """Make one of neighbours that are the same for all rows."""
    merged: list[ByteRows] = []
    text = b""
    for part in parts:
        same = part.constant_text
        if same is not None:
            text += same
            continue
        if text:
            merged.append(ByteRows.constant(text, rows))
            text = b""
        merged.append(part)
    if text:
        merged.append(ByteRows.constant(text, rows))
    return merged


def _buffer(text: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(text, np.uint8)


def _repeated(number: int, rows: int) -> NDArray[np.int64]:
    return np.broadcast_to(np.int64(number), (rows,))
