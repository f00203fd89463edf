"""What is given to be read: a path, the content of a file, or a binary file; anything else is refused in words."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError, MissingFileError, UnreadableError

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["for_pydicom", "is_stream", "refuse_unless_binary", "refuse_unless_file"]


def refuse_unless_file(path: str | os.PathLike[str]) -> None:
    """Refuse a path that leads to no file.

    Raises
    ------
    FileNotFoundError
        If there is nothing.
    ValueError
        If it is a directory.
    """
    if os.path.isdir(path):
        raise UnreadableError(
            f"'{Path(path)}' is a directory; pass one of its files (hdcore.get_volume_from_series takes many datasets)."
        )
    if not os.path.exists(path):
        raise MissingFileError(f"There is no file '{Path(path)}'.")


def refuse_unless_binary(file: Any) -> str:
    """Refuse what is no binary file that is open.

    Returns
    -------
    str
        What messages call it.

    Raises
    ------
    TypeError
        If it is something else, or a file that is open as text.
    ValueError
        If it has been closed.
    """
    name = str(getattr(file, "name", type(file).__name__))
    if getattr(file, "closed", False) is True:
        raise InputError(f"{name!r} has been closed; expected a file that is open.")
    if isinstance(file, io.TextIOBase):
        raise InputTypeError(f"{name!r} is open as text; open it in binary mode, 'rb'.")
    if not hasattr(file, "read"):
        raise InputTypeError(
            f"fp is of type {type(file).__name__}; expected a path, the bytes of a file, or a binary file object"
            f"{'; call its open() first.' if hasattr(file, 'open') else '.'}"
        )
    return name


def is_stream(file: Any) -> bool:
    """Tell whether a binary file cannot be positioned: a pipe, a socket, the answer of a server."""
    if not hasattr(file, "read") or isinstance(file, io.TextIOBase):
        return False
    if not (hasattr(file, "seek") and hasattr(file, "tell")):
        return True
    if hasattr(file, "seekable") and not file.seekable():
        return True
    try:  # some say that they can be positioned, and then refuse
        position = file.tell()
        file.seek(position + 1)
        file.seek(position)
    except (OSError, ValueError):
        return True
    return False


def for_pydicom(fp: str | bytes | os.PathLike[str] | BinaryIO) -> str | os.PathLike[str] | BinaryIO:
    """Give what ``pydicom.dcmread`` takes: a path to a file, or a binary file that can be positioned.

    Raises
    ------
    FileNotFoundError
        If there is no file at the path.
    TypeError
        If it is neither a path nor the bytes of a file nor a binary file.
    ValueError
        If the path is that of a directory, or the file has been closed.
    """
    if isinstance(fp, (str, os.PathLike)):
        refuse_unless_file(fp)
        return fp
    if isinstance(fp, (bytes, bytearray, memoryview)):
        return io.BytesIO(fp)
    refuse_unless_binary(fp)
    return io.BytesIO(fp.read()) if is_stream(fp) else fp
