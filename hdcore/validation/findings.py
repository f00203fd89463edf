"""What a check has to say about one place in a dataset.

A place is a path such as ``SegmentSequence[2]/SegmentLabel``: keywords separated by ``/``, items numbered from zero as
they are in Python, so that a path reads like the expression that leads there. An attribute without a keyword is written
as its tag, ``(0009,1001)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdcore.enums import Terms

__all__ = ["Draft", "Finding", "Severity", "finding"]

_LAST_STEP = re.compile(r"([^/\[]*)(?:\[[^\]]*\])?\Z")


class Severity(str, Terms):
    """How grave a finding is: a word, so that ``found.severity == "error"`` holds."""

    ERROR = "error"
    """The standard is violated: others may refuse or misread the object."""
    WARNING = "warning"
    """The standard advises against it, or it is legal but likely to be a mistake."""
    INFO = "info"
    """Worth knowing; also what could not be checked."""

    def __str__(self) -> str:
        return str(self.value)

    @property
    def rank(self) -> int:
        """int: 0 for the gravest."""
        return ("error", "warning", "info").index(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one place, or alike at many places."""

    severity: Severity
    code: str
    """Stable name of the check, such as ``"SEG004"``."""
    path: str
    """The place, such as ``"SegmentSequence[2]/SegmentLabel"``; empty where it is the whole dataset."""
    keyword: str
    """Keyword of the attribute, or its tag ``"(gggg,eeee)"`` where it has none; empty for the whole dataset."""
    message: str
    reference: str = ""
    """Section of the standard, such as ``"PS3.3 C.8.20.4"``."""
    count: int = 1
    """At how many places the same was found; ``path`` is the first of them."""

    @property
    def tag(self) -> int | None:
        """Int | None: Tag of the attribute as a number; None where there is none."""
        if re.fullmatch(r"\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\)", self.keyword):
            return int(self.keyword[1:5] + self.keyword[6:10], 16)
        from pydicom.datadict import tag_for_keyword

        return tag_for_keyword(self.keyword) if self.keyword else None

    def __str__(self) -> str:
        place = f" {self.path}:" if self.path else ""
        more = f" (and at {self.count - 1} more places alike)" if self.count > 1 else ""
        reference = f" [{self.reference}]" if self.reference else ""
        return f"{self.severity.value.upper()} {self.code}{place} {self.message}{more}{reference}"

    def to_dict(self) -> dict[str, str | int]:
        """Give the finding as plain values.

        Returns
        -------
        dict
            Under the field names, and ``tag`` as ``"gggg,eeee"`` (empty where there is none).
        """
        tag = self.tag
        return {
            "severity": self.severity.value,
            "code": self.code,
            "path": self.path,
            "keyword": self.keyword,
            "tag": "" if tag is None else f"{tag >> 16:04X},{tag & 0xFFFF:04X}",
            "message": self.message,
            "reference": self.reference,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule yields: a place and what is wrong there. Code, severity and reference come from the rule."""

    path: str
    message: str = ""
    severity: Severity | None = None

    def finish(self, code: str, severity: Severity, message: str, reference: str) -> Finding:
        """Complete the draft with what its rule declares.

        Parameters
        ----------
        code, message, reference: str
            The rule's.
        severity: hdcore.validation.Severity
            The rule's, used unless the draft has its own.

        Returns
        -------
        hdcore.validation.Finding
            The rule's message, followed by the draft's.
        """
        keyword = keyword_of(self.path)
        detail = f"{keyword} {self.message}" if message and keyword and self.message else self.message
        text = f"{message.rstrip('.')}; {detail}" if message and detail else message or detail
        return Finding(self.severity or severity, code, self.path, keyword, text, reference)


def finding(path: str, message: str = "", *, severity: Severity | str | None = None) -> Draft:
    """Say what is wrong at one place; what a rule yields.

    Parameters
    ----------
    path: str
        The place: keywords separated by ``/``, items numbered from zero: ``"SegmentSequence[2]/SegmentLabel"``. Empty
        for the dataset as a whole.
    message: str, optional
        What is wrong with the attribute, as the rest of a sentence that begins with its keyword: ``"is [1, 3]"``.
        Added to the rule's own message.
    severity: hdcore.validation.Severity | str | None, optional
        Overrides the rule's severity.

    Returns
    -------
    hdcore.validation.Draft
        To be yielded from a function under :func:`hdcore.validation.rule`.
    """
    return Draft(path, message, None if severity is None else Severity(severity))


def keyword_of(path: str) -> str:
    """Give the last attribute's keyword of a path.

    Parameters
    ----------
    path: str
        Such as ``"SegmentSequence[2]/SegmentLabel"``.

    Returns
    -------
    str
        Such as ``"SegmentLabel"``; empty if the path is.
    """
    match = _LAST_STEP.search(path)
    return match.group(1) if match else ""
