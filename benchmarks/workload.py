"""What a workload is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SIDES", "Workload", "digest_of", "warm_memory"]

SIDES = ("hdcore", "highdicom", "floor")


class Workload:
    """One job, done by hdcore, by highdicom and by the smallest program that does only the unavoidable.

    Every side runs in a fresh process. There ``load`` comes first, untimed: it imports and reads what the job is given.
    The method named like the side is timed. ``digest`` is then called, untimed, with what it returned: where two sides
    give digests, these must be equal. A subclass in a module of ``benchmarks.workloads`` is found by itself.
    """

    title: ClassVar[str]
    """As in the table that is printed; begins with the IOD, or with what is measured."""
    factor: ClassVar[float]
    """How many times faster than highdicom hdcore must be."""
    warm_megabytes: ClassVar[int] = 0
    """Memory that is warmed before the clock starts, for every side: as much as the greediest of them takes."""
    tenth: ClassVar[type[Workload] | None] = None
    """The same job of a tenth the size; printed is how many times as much processor time this one takes."""
    whole_process: ClassVar[bool] = False
    """Whether the process is timed from its start to its end, interpreter included."""

    def prepare(self, folder: Path) -> None:
        """Write the inputs into an empty folder, once for all sides."""

    def load(self, side: str, folder: Path) -> Any:
        """Import, and read the inputs; what it returns is what the side is called with."""
        if side != "floor":
            __import__(side)
        return folder

    def hdcore(self, state: Any) -> Any:
        """Do the job with hdcore."""
        raise TypeError(f"{type(self).__name__} has no side hdcore.")

    def highdicom(self, state: Any) -> Any:
        """Do the job with highdicom."""
        raise TypeError(f"{type(self).__name__} has no side highdicom.")

    def floor(self, state: Any) -> Any:
        """Do what is unavoidable: NumPy and bytes only."""
        raise TypeError(f"{type(self).__name__} has no side floor.")

    def digest(self, side: str, result: Any) -> str:
        """Reduce a result to what must be equal on all sides; empty where there is nothing to compare."""
        del side, result
        return ""

    @classmethod
    def sides(cls) -> tuple[str, ...]:
        """The sides that the subclass defines."""
        return tuple(side for side in SIDES if getattr(cls, side) is not getattr(Workload, side))


def warm_memory(megabytes: int) -> None:
    """Touch and free memory, so that what is asked for next gets pages that are backed already.

    Under a hypervisor that takes free pages back, the first touch of a gigabyte costs anything from 0.2 to 3 s, which
    would hide what the sides do with it.
    """
    import mmap

    with mmap.mmap(-1, megabytes << 20) as memory:
        if hasattr(mmap, "MADV_HUGEPAGE"):
            memory.madvise(mmap.MADV_HUGEPAGE)
        for offset in range(0, len(memory), mmap.PAGESIZE):
            memory[offset] = 1


def digest_of(*arrays: Any) -> str:
    """Reduce arrays to a digest of shapes and values; integers of all widths are alike, and so are floats."""
    import numpy as np

    summary = hashlib.sha256()
    for array in arrays:
        values = np.asarray(array)
        wide = np.float64 if values.dtype.kind == "f" else np.int64
        summary.update(repr(values.shape).encode())
        for plane in values if values.ndim else values[None]:
            summary.update(np.ascontiguousarray(plane, wide).tobytes())
    return summary.hexdigest()[:16]
