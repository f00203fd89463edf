"""What viewers and archives expect beyond the standard, as rules of one line.

Each says when it applies, what then must hold, why, and what to do. A plugin adds to a profile, or makes one of its
own, by giving such rules from its hook ``hdcore_rules``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.condition import Condition
from hdcore.validation.findings import Draft, Severity
from hdcore.validation.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["expects"]


def expects(
    code: str,
    profile: str,
    keyword: str,
    then: str | Condition,
    when: str | Condition = "True",
    *,
    reason: str,
    remedy: str,
    source: str = "",
    severity: Severity | str = Severity.WARNING,
) -> Rule:
    """Make a rule of what a viewer or archive expects.

    Parameters
    ----------
    code: str
        Stable and unique, such as ``"OHIF001"``.
    profile: str
        Name of the profile, such as ``"ohif"``: what users pass as ``validate(…, profile="ohif")``.
    keyword: str
        The attribute to name in the finding; empty for the whole object.
    then: str | hdcore.validation.Condition
        What is expected to hold. Where it cannot be decided nothing is said.
    when: str | hdcore.validation.Condition, optional
        To which objects the rule applies.
    reason: str
        What happens otherwise.
    remedy: str
        What to do about it.
    source: str, optional
        Where this is known from, such as ``"OHIF/Viewers#4030"``; the reference of its findings.
    severity: hdcore.validation.Severity | str, optional
        ``"error"`` where the object is refused or misread, ``"warning"`` where something is lost.

    Returns
    -------
    hdcore.validation.Rule
        A rule that is applied only when its profile is asked for.
    """
    applies, holds = Condition.of(when), Condition.of(then)

    def check(dataset: Dataset) -> Iterator[Draft]:
        if applies.holds(dataset) is True and holds.holds(dataset) is False:
            yield Draft(keyword, f"{reason.rstrip('.')}; {remedy}")

    return Rule(code, check, "", source, Severity(severity), None, profile)
