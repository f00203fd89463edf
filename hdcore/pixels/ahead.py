"""Reading ahead, and together: what costs a request each is fetched in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Ahead", "Block", "blocks_of"]

_LEAST = 1 << 16
_MOST = 1 << 22
_NEAR = 1 << 20
"""Bytes that are sooner fetched along than skipped by another request."""
_GAP = 1 << 14
"""Bytes between two ranges that are sooner fetched along than left out by another request."""
_LONGEST = 1 << 23
"""Bytes of a block of several ranges, so that blocks can be fetched side by side."""


class Block(NamedTuple):
    """Ranges that are fetched together."""

    start: int
    stop: int
    members: list[int]
    """Which of the ranges."""


def blocks_of(ranges: Sequence[tuple[int, int]]) -> list[Block]:
    """Put ranges together that lie next to one another.

    Parameters
    ----------
    ranges: Sequence[tuple[int, int]]
        Start and length of each, in any order.

    Returns
    -------
    list[Block]
        In the order of their starts; each range is in one of them.

    Examples
    --------
    >>> blocks_of([(50_000, 10), (0, 100), (100, 20)])
    [Block(start=0, stop=120, members=[1, 2]), Block(start=50000, stop=50010, members=[0])]
    """
    blocks: list[Block] = []
    for member in sorted(range(len(ranges)), key=ranges.__getitem__):
        start, stop = ranges[member][0], sum(ranges[member])
        last = blocks[-1] if blocks else None
        if last is None or start > last.stop + _GAP or max(stop, last.stop) - last.start > _LONGEST:
            blocks.append(Block(start, stop, [member]))
        else:
            last.members.append(member)
            blocks[-1] = last._replace(stop=max(stop, last.stop))
    return blocks


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
