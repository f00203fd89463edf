"""Reading ahead: what costs a request each is fetched in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Ahead"]

_LEAST = 1 << 16
_MOST = 1 << 22
_NEAR = 1 << 20
"""Bytes that are sooner fetched along than skipped by another request."""


class Ahead:
    """The last block that was fetched, and what is asked for next.

    Whoever reads small pieces in order, such as the headers of fragments, gets them from blocks that grow from 64 KiB
    to 4 MiB. A piece that lies elsewhere begins with a small block again.
    """

    def __init__(self) -> None:
        self._start = 0
        self._block = b""
        self._is_last = False
        self._size = _LEAST

    def known(self, start: int, length: int) -> bytes | None:
        """Give bytes that the block holds; ``None`` if it does not hold them all."""
        offset = start - self._start
        if offset < 0 or not self._block or (offset + length > len(self._block) and not self._is_last):
            return None
        return self._block[offset : offset + length]

    def read(self, start: int, length: int, fetch: Callable[[int, int], bytes]) -> bytes:
        """Give bytes from the block, or from the next one.

        Parameters
        ----------
        start: int
            Position of the first byte.
        length: int
            Number of bytes; fewer are given where the end comes first.
        fetch: Callable[[int, int], bytes]
            Fetches bytes from a position, as many as asked for unless the end comes first.
        """
        known = self.known(start, length)
        if known is not None:
            return known
        gap = start - (self._start + len(self._block))
        follows = bool(self._block) and -len(self._block) <= gap <= _NEAR
        self._size = min(2 * self._size, _MOST) if follows else _LEAST
        wanted = max(length, self._size)
        self._block = fetch(start, wanted)
        self._start, self._is_last = start, len(self._block) < wanted
        return self._block[:length]

    def forget(self) -> None:
        """Give back the memory of the block."""
        self._block = b""
