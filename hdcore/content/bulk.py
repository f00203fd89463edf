"""Making many items at once.

Python looks for unreachable cycles each time that there are so many objects more than before, and looks through all of
them. While a large tree is made or read all its items are in use, so nothing is found, and the looking makes the time
grow faster than the tree.
"""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["collection_paused"]


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the search for cycles, as a context or decorator; does nothing where it is off already.

    Only who found it on turns it off, and on again: whatever other threads do meanwhile, nobody leaves it off. In a
    process that is forked meanwhile it is on, since the thread that would turn it on may not be among its threads.
    """
    was_enabled = gc.isenabled()
    if was_enabled:
        gc.disable()
        _pauses.append(None)
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            _pauses.pop()


_pauses: list[None] = []


def _go_on() -> None:
    if _pauses:
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_go_on)
