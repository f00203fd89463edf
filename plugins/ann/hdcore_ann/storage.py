"""Where values that are too big to hold twice come from: a file that stays open, or bytes in memory.

Both offer what pydicom needs to read an element that it has left for later (``seek``, ``tell``, ``read``), and a slice
of an array without anything else being read. The file is held open by its descriptor, so that it may be renamed,
replaced or removed while it is being read; copies made by ``copy.deepcopy`` share it, pickles reopen it by its path.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from hdcore.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

__all__ = ["FileStorage", "MemoryStorage", "Storage"]


class Storage(Protocol):
    """What elements left for later are read from."""

    def read_at(self, offset: int, count: int) -> bytes:
        """Read bytes; fewer where the end comes first."""
        ...

    def array(self, offset: int, count: int, dtype: DTypeLike) -> NDArray[Any]:
        """Read numbers."""
        ...


class _Cursor:
    """The position that pydicom moves; one per storage, used under pydicom's own one-thread rules."""

    _position = 0

    def read_at(self, offset: int, count: int) -> bytes:
        raise UnreadableError(f"Nothing to read at {offset}, {count} bytes.")

    def seek(self, offset: int) -> int:
        self._position = offset
        return offset

    def tell(self) -> int:
        return self._position

    def read(self, count: int) -> bytes:
        data = self.read_at(self._position, count)
        self._position += len(data)
        return data

    def __deepcopy__(self, memo: dict[int, Any]) -> _Cursor:
        return self


class FileStorage(_Cursor):
    """A file that stays open for reading, from any thread."""

    def __init__(self, path: str | Path) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self._descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._lock = threading.Lock()
        self._close = weakref.finalize(self, os.close, self._descriptor)
        status = os.fstat(self._descriptor)
        self._identity = (status.st_size, status.st_mtime_ns)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self.path, self._identity)

    def read_at(self, offset: int, count: int) -> bytes:
        """Read bytes; fewer where the end comes first."""
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, count, offset)
        with self._lock:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.read(self._descriptor, count)

    def array(self, offset: int, count: int, dtype: DTypeLike) -> NDArray[Any]:
        """Read numbers straight into an array.

        Parameters
        ----------
        offset: int
            Byte at which they begin.
        count: int
            How many.
        dtype: numpy.typing.DTypeLike
            What they are.

        Returns
        -------
        numpy.ndarray
            Shape (count,).

        Raises
        ------
        ValueError
            If the file ends before, because it has been written over.
        """
        values = np.empty(count, dtype)
        view = values.view(np.uint8).data
        filled = 0
        while filled < len(view):
            read = self._read_into(view[filled:], offset + filled)
            if not read:
                raise UnreadableError(f"{self.path} ends before the values that it had when it was opened.")
            filled += read
        return values

    def _read_into(self, view: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._descriptor, [view], offset)
        data = self.read_at(offset, len(view))
        view[: len(data)] = data
        return len(data)


def _reopen(path: str, identity: tuple[int, int]) -> FileStorage:
    try:
        storage = FileStorage(path)
    except OSError as error:
        raise UnreadableError(
            f"The annotations were read from {path}, which cannot be opened again: {error}."
        ) from error
    if storage._identity != identity:
        raise UnreadableError(f"The annotations were read from {path}, which has changed since.")
    return storage


class MemoryStorage(_Cursor):
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read_at(self, offset: int, count: int) -> bytes:
        """Read bytes; fewer where the end comes first."""
        return self.data[offset : offset + count]

    def array(self, offset: int, count: int, dtype: DTypeLike) -> NDArray[Any]:
        """Look at numbers.

        Parameters
        ----------
        offset: int
            Byte at which they begin.
        count: int
            How many.
        dtype: numpy.typing.DTypeLike
            What they are.

        Returns
        -------
        numpy.ndarray
            Shape (count,), read-only: the bytes are not copied.

        Raises
        ------
        ValueError
            If the bytes end before.
        """
        try:
            return np.frombuffer(self.data, dtype, count, offset)
        except ValueError as error:
            raise UnreadableError(f"The values end before the {count} that there should be.") from error
