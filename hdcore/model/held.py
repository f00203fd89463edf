"""Large values that stay in an array, and are written from there, until somebody asks for bytes.

A value of bytes cannot be filled in place: it is built elsewhere and copied. An array can, and has its memory in large
pages; where most of it is zero, memory that is never touched costs nothing, nor does the file that has a hole there.
"""

from __future__ import annotations

import mmap
import os
import stat
from io import UnsupportedOperation
from typing import TYPE_CHECKING, Any, BinaryIO

from pydicom.dataelem import DataElement

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pydicom.tag import BaseTag

__all__ = ["HeldElement", "is_new_file", "untouched", "write_runs", "write_zeros"]

_ZEROS = bytes(1 << 20)


def untouched(length: int) -> NDArray[np.uint8]:
    """Get memory for so many bytes, of which no page is there before it is written to.

    Pages are of the usual size. NumPy asks for huge ones: faster by far where the system has many, and slower by far
    where it has to make them first.
    """
    import numpy as np

    return np.frombuffer(mmap.mmap(-1, length, access=mmap.ACCESS_COPY), np.uint8)


class HeldElement(DataElement):
    """An element whose value is held in an array of bytes, of which most may be zero."""

    def __init__(self, tag: BaseTag, vr: str, array: NDArray[np.uint8], runs: Sequence[tuple[int, int]]) -> None:
        """Make the element.

        Parameters
        ----------
        tag: pydicom.tag.BaseTag
            Its tag.
        vr: str
            A value representation of bytes.
        array: numpy.ndarray
            The value, of even length, which nobody changes any more.
        runs: Sequence[tuple[int, int]]
            Start and end of the parts outside of which all bytes are zero, ascending.
        """
        super().__init__(tag, vr, b"", already_converted=True)
        self._held: NDArray[np.uint8] | None = array
        self._runs = tuple(runs)

    @property
    def held(self) -> memoryview | None:
        """Memoryview | None: the value; ``None`` once it has been made bytes, or replaced."""
        array = self._held
        return None if array is None else array.data

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """tuple[tuple[int, int], …]: the parts of :attr:`held` that are not zero."""
        return self._runs

    @property
    def value(self) -> Any:
        """Bytes: the value, as pydicom holds it; made at the first time."""
        array = self._held
        if array is not None:
            DataElement.value.fset(self, array.tobytes())  # type: ignore[attr-defined]
            self._held = None  # in this order, so that another thread never sees an empty value
        return DataElement.value.fget(self)  # type: ignore[attr-defined]

    @value.setter
    def value(self, val: Any) -> None:  # named as pydicom's
        self._held = None
        DataElement.value.fset(self, val)  # type: ignore[attr-defined]


def is_new_file(file: BinaryIO) -> bool:
    """Tell whether a file is an empty one on a disk, in which what is skipped is zero."""
    try:
        status = os.fstat(file.fileno())
    except (AttributeError, UnsupportedOperation):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == 0 and file.tell() == 0


def write_zeros(file: BinaryIO, count: int, *, may_skip: bool) -> None:
    """Write zero bytes, or leave a hole of which only the last byte is written.

    Parameters
    ----------
    file: BinaryIO
        Where to write.
    count: int
        How many.
    may_skip: bool
        Whether the file is new beyond its position, as :func:`is_new_file` told of it at first.
    """
    if may_skip and count > len(_ZEROS):
        file.seek(count - 1, os.SEEK_CUR)
        count = 1
    for start in range(0, count, len(_ZEROS)):
        file.write(_ZEROS[: count - start])


def write_runs(file: BinaryIO, value: memoryview, runs: Sequence[tuple[int, int]], *, may_skip: bool) -> None:
    """Write a value of which all but some parts is zero.

    Parameters
    ----------
    file: BinaryIO
        Where to write.
    value: memoryview
        The value.
    runs: Sequence[tuple[int, int]]
        Start and end of its parts that are not zero.
    may_skip: bool
        As of :func:`write_zeros`.
    """
    at = 0
    for start, stop in (*runs, (len(value), len(value))):
        write_zeros(file, start - at, may_skip=may_skip)
        file.write(value[start:stop])
        at = stop
