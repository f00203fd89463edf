"""Large values that stay where they were made, and are written from there, until somebody asks for bytes.

A value of bytes cannot be filled in place: it is built elsewhere and copied. An array can; where most of it is zero,
memory that is never touched costs nothing, nor does the file that has a hole there. What consists of other elements'
values needs no memory at all.
"""

from __future__ import annotations

import mmap
import os
import stat
from dataclasses import dataclass
from io import UnsupportedOperation
from typing import TYPE_CHECKING, Any, BinaryIO

from pydicom.dataelem import DataElement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom.tag import BaseTag

__all__ = ["HeldArray", "HeldElement", "HeldPieces", "is_new_file", "untouched", "write_zeros"]

_ZEROS = bytes(1 << 20)


def untouched(length: int) -> NDArray[np.uint8]:
    """Get memory for so many bytes, of which no page is there before it is written to.

    Pages are of the usual size. NumPy asks for huge ones: faster by far where the system has many, and slower by far
    where it has to make them first.
    """
    import numpy as np

    return np.frombuffer(mmap.mmap(-1, length, access=mmap.ACCESS_COPY), np.uint8)


@dataclass(frozen=True, slots=True)
class HeldArray:
    """A value in an array of bytes, of which most may be zero."""

    array: NDArray[np.uint8]
    """Of even length; nobody changes it any more."""
    runs: tuple[tuple[int, int], ...]
    """Start and end of the parts outside of which all bytes are zero, ascending."""

    @property
    def length(self) -> int:
        """int: number of bytes."""
        return len(self.array)

    def tobytes(self) -> bytes:
        """Copy the value."""
        return self.array.tobytes()

    def write(self, file: BinaryIO, *, may_skip: bool) -> None:
        """Write the value; ``may_skip`` as of :func:`write_zeros`."""
        view, at = self.array.data, 0
        for start, stop in (*self.runs, (len(view), len(view))):
            write_zeros(file, start - at, may_skip=may_skip)
            file.write(view[start:stop])
            at = stop


@dataclass(frozen=True, slots=True)
class HeldPieces:
    """A value that consists of other elements' values, which stay where they are."""

    pieces: tuple[bytes, ...]
    """One after another."""

    @property
    def length(self) -> int:
        """int: number of bytes."""
        return sum(map(len, self.pieces))

    def tobytes(self) -> bytes:
        """Put the value together."""
        return b"".join(self.pieces)

    def write(self, file: BinaryIO, *, may_skip: bool) -> None:
        """Write the value; nothing is skipped."""
        del may_skip
        file.writelines(self.pieces)


class HeldElement(DataElement):
    """An element whose value is made of what it holds once somebody asks for it."""

    def __init__(self, tag: BaseTag, vr: str, held: HeldArray | HeldPieces) -> None:
        """Make the element.

        Parameters
        ----------
        tag: pydicom.tag.BaseTag
            Its tag.
        vr: str
            A value representation of bytes.
        held: HeldArray | HeldPieces
            The value.
        """
        super().__init__(tag, vr, b"", already_converted=True)
        self._held: HeldArray | HeldPieces | None = held

    @property
    def held(self) -> HeldArray | HeldPieces | None:
        """HeldArray | HeldPieces | None: the value; ``None`` once it has been made bytes, or replaced."""
        return self._held

    @property
    def value(self) -> Any:
        """Bytes: the value, as pydicom holds it; made at the first time."""
        held = self._held
        if held is not None:
            DataElement.value.fset(self, held.tobytes())  # type: ignore[attr-defined]
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
