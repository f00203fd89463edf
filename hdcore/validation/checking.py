"""Run rules over a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import UnreadableError
from hdcore.validation.findings import Finding, Severity
from hdcore.validation.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydicom.dataset import Dataset

    from hdcore.validation.rules import Rule

__all__ = ["CRASHED", "check", "findings_of"]

CRASHED = "RULE001"
"""Code of a finding about a rule that could not be completed."""


def check(dataset: Dataset, rules: Iterable[Rule]) -> Report:
    """Apply rules, and nothing but them, to a dataset.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset to check; it is not changed.
    rules: Iterable[hdcore.validation.Rule]
        What to check.

    Returns
    -------
    hdcore.validation.Report
        All findings, in the order of the rules.
    """
    return Report.of(finding for rule in rules for finding in findings_of(rule, dataset))


def findings_of(rule: Rule, dataset: Dataset) -> Iterator[Finding]:
    """Apply one rule; never raises.

    Parameters
    ----------
    rule: hdcore.validation.Rule
        What to check.
    dataset: pydicom.dataset.Dataset
        The dataset to check.

    Yields
    ------
    hdcore.validation.Finding
        The rule's findings. If it crashes, a finding about it; if an attribute that it needs is absent (it raises
        ``AttributeError`` or ``KeyError`` for it), nothing: that the attribute is absent is for others to say.
    """
    try:
        yield from rule(dataset)
    except Exception as error:
        if isinstance(error, UnreadableError):  # the same for each rule that looks there
            yield Finding(Severity.WARNING, CRASHED, "", "", f"rules could not be checked: {error}")
        elif not _is_absence(error):
            message = f"rule {rule.code} could not be checked: {type(error).__name__}: {error}"
            yield Finding(Severity.WARNING, CRASHED, "", "", message, rule.reference)


def _is_absence(error: Exception) -> bool:
    """Tell whether pydicom raised because an attribute is not in the dataset, by keyword or by tag."""
    if isinstance(error, AttributeError):
        from pydicom.datadict import tag_for_keyword
        from pydicom.dataset import Dataset

        return isinstance(error.obj, Dataset) and tag_for_keyword(error.name or "") is not None
    if isinstance(error, KeyError) and error.args:
        from pydicom.datadict import tag_for_keyword
        from pydicom.tag import BaseTag

        key = error.args[0]
        return isinstance(key, BaseTag) or (isinstance(key, str) and tag_for_keyword(key) is not None)
    return False
