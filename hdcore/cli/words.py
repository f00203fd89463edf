"""Numbers with the words that fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hdcore.validation import Report

__all__ = ["counted", "tally"]


def counted(number: int, word: str) -> str:
    """Say how many there are of something.

    Parameters
    ----------
    number: int
        How many.
    word: str
        What, in the singular; its plural ends in *s*.

    Returns
    -------
    str
        Such as ``"1 error"``, ``"2 errors"`` or ``"no errors"``.
    """
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def tally(report: Report) -> str:
    """Say how many errors, warnings and hints a report has.

    Parameters
    ----------
    report: hdcore.validation.Report
        The report.

    Returns
    -------
    str
        Such as ``"2 errors, 1 warning"``; hints (findings of severity info) are named where there are any.
    """
    counts = report.counts
    parts = [counted(counts["error"], "error"), counted(counts["warning"], "warning")]
    if counts["info"]:
        parts.append(counted(counts["info"], "hint"))
    return ", ".join(parts)
