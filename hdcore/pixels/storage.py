"""Where the bytes of a file lie, and how ranges of them are fetched.

A :class:`ByteStore` is read by position only. It has no cursor, so that threads do not disturb one another, and it can
be pickled wherever its bytes can be found again: in memory, by path, or through a remote file system.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias, runtime_checkable

from hdcore.errors import InputTypeError, UnreadableFrameError
from hdcore.model.given import is_stream, refuse_unless_binary, refuse_unless_file
from hdcore.pixels.ahead import Ahead, Block, blocks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ByteStore",
    "FetchedStore",
    "FileStore",
    "MemoryStore",
    "PathStore",
    "Readable",
    "open_store",
]

_AT_ONCE = 1 << 23
"""Bytes of one system call, so that interrupts are looked at in between."""

Readable: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO"
"""What a file can be read from: a path, its content, or a binary file object."""


@runtime_checkable
class ByteStore(Protocol):
    """Bytes that are fetched by position."""

    name: str
    """What messages call it: a path or the kind of object."""

    @property
    def size(self) -> int:
        """Number of bytes."""
        ...

    def read(self, start: int, length: int) -> bytes | memoryview:
        """Fetch ``length`` bytes from ``start``; fewer where the end comes first."""
        ...

    def read_ahead(self, start: int, length: int) -> bytes | memoryview:
        """Fetch bytes of which those that follow are wanted next, with these where each request costs time."""
        ...

    def read_ranges(self, ranges: Sequence[tuple[int, int]]) -> list[bytes | memoryview]:
        """Fetch several ``(start, length)`` ranges, in one request where the storage offers that."""
        ...

    def close(self) -> None:
        """Give back what the store holds open; reading again reopens it where that can be done."""
        ...


class MemoryStore:
    """Bytes in memory; reading copies nothing."""

    def __init__(self, content: bytes | bytearray | memoryview, name: str = "bytes") -> None:
        self._content = memoryview(content).cast("B")
        self.name = name

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._content.nbytes

    def read(self, start: int, length: int) -> memoryview:
        """Give a view of ``length`` bytes from ``start``; fewer where the end comes first."""
        return self._content[start : start + length]

    read_ahead = read

    def read_ranges(self, ranges: Sequence[tuple[int, int]]) -> list[bytes | memoryview]:
        """Give views of several ``(start, length)`` ranges."""
        return [self.read(start, length) for start, length in ranges]

    def close(self) -> None:
        """Do nothing: memory is not held open."""

    def __deepcopy__(self, memo: dict[int, Any]) -> MemoryStore:
        return self  # never written to

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (bytes(self._content), self.name)


class PathStore:
    """A file on a local disk, read with positional reads and reopened after pickling."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self.name = str(path)
        self._lock = Lock()
        self._file: io.FileIO | None = None
        self._opened()

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self._path

    @property
    def size(self) -> int:
        """Number of bytes."""
        return os.fstat(self._opened().fileno()).st_size

    def _opened(self) -> io.FileIO:
        file = self._file
        if file is None:
            with self._lock:
                file = self._file
                if file is None:
                    try:
                        file = self._file = io.FileIO(self.name, "r")
                    except (FileNotFoundError, IsADirectoryError):
                        refuse_unless_file(self._path)
                        raise
        return file

    def read(self, start: int, length: int) -> bytes:
        """Fetch ``length`` bytes from ``start``; fewer where the end comes first."""
        file = self._opened()
        if not hasattr(os, "pread"):  # Windows
            with self._lock:
                file.seek(start)
                return _read_fully(file, length)
        content = os.pread(file.fileno(), length, start)
        while len(content) < length:  # a single read gives at most 2 GiB
            more = os.pread(file.fileno(), length - len(content), start + len(content))
            if not more:
                break
            content += more
        return content

    read_ahead = read

    def read_into(self, start: int, target: memoryview) -> int:
        """Fetch bytes from ``start`` into memory that is there already, and tell how many there were."""
        if not hasattr(os, "preadv"):  # Windows
            content = self.read(start, len(target))
            target[: len(content)] = content
            return len(content)
        descriptor, count = self._opened().fileno(), 0
        while count < len(target):
            more = os.preadv(descriptor, [target[count : count + _AT_ONCE]], start + count)
            if not more:
                break
            count += more
        return count

    def read_ranges(self, ranges: Sequence[tuple[int, int]]) -> list[bytes | memoryview]:
        """Fetch several ``(start, length)`` ranges."""
        return [self.read(start, length) for start, length in ranges]

    def close(self) -> None:
        """Close the file; the next read opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def __del__(self) -> None:
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()

    def __deepcopy__(self, memo: dict[int, Any]) -> PathStore:
        return self  # never written to

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._path.absolute(),)


class FileStore:
    """A binary file object, which is read under a lock, from where it stood when it was given.

    Objects of a remote file system that tell their ``fs`` and ``path`` (fsspec) are asked for all ranges at once.
    """

    def __init__(self, file: BinaryIO, *, start: int | None = None) -> None:
        self._file = file
        self._lock = Lock()
        self._ahead = Ahead()
        self._start = file.tell() if start is None else start
        self.name = str(getattr(file, "full_name", None) or getattr(file, "name", None) or type(file).__name__)
        system, path = getattr(file, "fs", None), getattr(file, "path", None)
        self._system = system if isinstance(path, str) and hasattr(system, "cat_ranges") else None

    @property
    def size(self) -> int:
        """Number of bytes."""
        size = getattr(self._file, "size", None)
        if not isinstance(size, int):
            with self._lock:
                self._file.seek(0, os.SEEK_END)
                size = self._file.tell()  # not all that can be sought say where they went
        return size - self._start

    def read(self, start: int, length: int) -> bytes:
        """Fetch ``length`` bytes from ``start``; fewer where the end comes first."""
        with self._lock:
            known = self._ahead.known(start, length)
            return self._fetch(start, length) if known is None else known

    def read_ahead(self, start: int, length: int) -> bytes:
        """Fetch bytes from a block, with those that follow."""
        with self._lock:
            return self._ahead.read(start, length, self._fetch)

    def _fetch(self, start: int, length: int) -> bytes:
        if getattr(self._file, "closed", False):
            raise UnreadableFrameError(
                f"{self.name} has been closed, but frames are to be read from it; keep it open, or read the image "
                "without lazy_frame_retrieval."
            )
        self._file.seek(self._start + start)
        return _read_fully(self._file, length)

    @property
    def is_remote(self) -> bool:
        """Whether several ranges can be fetched in one request."""
        return self._system is not None

    def read_ranges(self, ranges: Sequence[tuple[int, int]]) -> list[bytes | memoryview]:
        """Fetch several ``(start, length)`` ranges, neighbours together, in one request if that is offered."""
        blocks = blocks_of(ranges)
        pieces: list[bytes | memoryview] = [b""] * len(ranges)
        for block, content in zip(blocks, self._contents(blocks), strict=True):
            view = memoryview(content)
            for member in block.members:
                start, length = ranges[member]
                pieces[member] = view[start - block.start : start - block.start + length]
        return pieces

    def _contents(self, blocks: list[Block]) -> list[bytes]:
        if self._system is None or sum(len(block.members) for block in blocks) < 2:
            return [self.read(block.start, block.stop - block.start) for block in blocks]
        path: str = self._file.path  # type: ignore[attr-defined]
        starts = [self._start + block.start for block in blocks]
        ends = [self._start + block.stop for block in blocks]
        contents = list(self._system.cat_ranges([path] * len(blocks), starts, ends))
        for start, content in zip(starts, contents, strict=True):
            if isinstance(content, Exception):  # fsspec gives errors in place of bytes
                raise UnreadableFrameError(
                    f"{self.name}: the bytes from {start} on could not be fetched: {content!r}"
                ) from content
        return contents

    def close(self) -> None:
        """Forget what was fetched; the file object is its owner's and stays open."""
        with self._lock:
            self._ahead.forget()

    def __deepcopy__(self, memo: dict[int, Any]) -> FileStore:
        return self  # never written to

    def __reduce__(self) -> tuple[Any, ...]:
        if self._system is not None:
            return _reopened_remotely, (self._system, self._file.path, self._start)  # type: ignore[attr-defined]
        path = getattr(self._file, "name", None)
        if isinstance(path, str) and self._start == 0 and Path(path).is_file():
            return PathStore, (Path(path).absolute(),)
        raise InputTypeError(
            f"{self.name} cannot be pickled, since the frames are read from a file object that cannot be opened again; "
            "read the image from a path, or without lazy_frame_retrieval."
        )


class FetchedStore:
    """A store of which some ranges were already fetched, since one request for all is faster than one for each."""

    def __init__(self, store: ByteStore, ranges: Sequence[tuple[int, int]]) -> None:
        self._store = store
        self._fetched = dict(zip(ranges, store.read_ranges(ranges), strict=True))
        self.name = store.name

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._store.size

    def read(self, start: int, length: int) -> bytes | memoryview:
        """Fetch ``length`` bytes from ``start``; fewer where the end comes first."""
        known = self._fetched.get((start, length))
        return self._store.read(start, length) if known is None else known

    read_ahead = read

    def read_ranges(self, ranges: Sequence[tuple[int, int]]) -> list[bytes | memoryview]:
        """Fetch several ``(start, length)`` ranges."""
        return [self.read(start, length) for start, length in ranges]

    def close(self) -> None:
        """Forget what was fetched."""
        self._fetched.clear()


def open_store(source: Readable | ByteStore) -> ByteStore:
    """Make a store of what a file can be read from.

    Parameters
    ----------
    source: str | os.PathLike | bytes | bytearray | memoryview | BinaryIO
        A path, the content of a file, or a binary file object, which is read from its present position on; one that
        cannot be positioned, such as a pipe or the answer of a server, is read to its end at once.

    Returns
    -------
    ByteStore
        The store; local files are held open until it is closed or forgotten.

    Raises
    ------
    TypeError
        If ``source`` is none of these.
    OSError
        If the file cannot be opened.
    """
    if isinstance(source, (str, os.PathLike)):
        return PathStore(source)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return MemoryStore(source)
    if type(source) is io.BytesIO:
        return MemoryStore(memoryview(source.getvalue())[source.tell() :], "BytesIO")
    if isinstance(source, (MemoryStore, PathStore, FileStore)):
        return source
    file: Any = source
    name = refuse_unless_binary(file)
    if not is_stream(file):
        return FileStore(file)
    content = file.read()
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise InputTypeError(f"{name!r} gives {type(content).__name__}, not bytes; open it in binary mode.")
    return MemoryStore(content, name)


def _reopened_remotely(system: Any, path: str, start: int) -> FileStore:
    return FileStore(system.open(path, "rb"), start=start)


def _read_fully(file: Any, length: int) -> bytes:
    content: bytes = file.read(length) or b""
    while len(content) < length:  # raw file objects may give less than was asked for
        more = file.read(length - len(content))
        if not more:
            break
        content += more
    return content
