"""The files that the arguments name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["files_in", "is_dicom"]


def files_in(paths: Iterable[Path], tell: Callable[[str], None]) -> Iterator[Path]:
    """Give files as they are named; of a folder, the DICOM files in it and below.

    Parameters
    ----------
    paths: Iterable[pathlib.Path]
        Files and folders.
    tell: Callable[[str], None]
        Is told how many files of a folder were left out.

    Yields
    ------
    pathlib.Path
        A file.

    Raises
    ------
    ValueError
        If a folder holds no DICOM file.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        within = [file for file in sorted(path.rglob("*")) if file.is_file()]
        found = [file for file in within if is_dicom(file)]
        if not found:
            raise InputError(f"'{path}' holds no DICOM file; {len(within)} others lie in it.")
        if len(found) < len(within):
            tell(f"{len(within) - len(found)} of {len(within)} files in '{path}' are not DICOM and were left out.")
        yield from found


def is_dicom(file: Path) -> bool:
    """Tell whether a file says that it is DICOM (PS3.10 section 7.1), or may not be opened, so that nobody knows."""
    try:
        with file.open("rb") as opened:
            return opened.read(132)[128:] == b"DICM"
    except OSError:
        return True
