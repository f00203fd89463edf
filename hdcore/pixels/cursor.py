"""A store as a file object."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any

from hdcore.pixels.storage import FileStore, PathStore

if TYPE_CHECKING:
    from hdcore.pixels.storage import ByteStore

__all__ = ["StoreCursor"]


class StoreCursor(io.RawIOBase):
    """A store as a read-only file object, for parsers that want one."""

    def __init__(self, store: ByteStore, position: int = 0) -> None:
        super().__init__()
        self._store = store
        self._position = position
        self.name = store.name if isinstance(store, (PathStore, FileStore)) else None

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be positioned."""
        return True

    def tell(self) -> int:
        """Give the position of the next byte read."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Set the position of the next byte read."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}.get(whence)
        self._position = (self._store.size if base is None else base) + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the position on."""
        content = self._store.read_ahead(self._position, len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)
