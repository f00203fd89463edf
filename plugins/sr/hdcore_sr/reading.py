"""Structured reports from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from hdcore.content.document import read_document
from hdcore.errors import UnreadableError

from hdcore_sr.documents import Comprehensive3DSR, ComprehensiveSR, EnhancedSR, StructuredReport

if TYPE_CHECKING:
    import os

__all__ = ["srread"]

_CLASSES: dict[str, type[StructuredReport]] = {
    next(iter(kind.SOP_CLASSES)): kind for kind in (EnhancedSR, ComprehensiveSR, Comprehensive3DSR)
}


class UnsupportedClassError(UnreadableError, RuntimeError):
    """The file is of a SOP class that is not a structured report."""


def srread(fp: str | bytes | os.PathLike[str] | BinaryIO) -> EnhancedSR | ComprehensiveSR | Comprehensive3DSR:
    """Read a report.

    Parameters
    ----------
    fp: str | bytes | os.PathLike | BinaryIO
        The file, its path, or its content as bytes.

    Returns
    -------
    EnhancedSR | ComprehensiveSR | Comprehensive3DSR
        The report; one of another SOP class of structured reports is a :class:`StructuredReport`.

    Raises
    ------
    RuntimeError
        If the file is of another SOP class.
    ValueError
        If the file is not DICOM, or is damaged.
    """
    dataset = read_document(fp)
    sop_class = str(dataset.get("SOPClassUID", ""))
    if sop_class not in StructuredReport.SOP_CLASSES:
        raise UnsupportedClassError(f"SOP class {sop_class or 'unknown'} is not one of structured reports.")
    return _CLASSES.get(sop_class, StructuredReport).from_dataset(dataset, copy=False)  # type: ignore[return-value]
