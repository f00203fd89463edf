"""All that was found about one dataset."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from hdcore.errors import ConformanceError
from hdcore.validation.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["Report"]

_ITEM_NUMBER = re.compile(r"\[\d+\]")
_LISTED_IN_ERROR = 5


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; true unless there are errors.

    It iterates over its findings, the gravest first, and prints one line for each.
    """

    findings: tuple[Finding, ...] = ()
    source: str = ""
    """What was validated: a path or a SOP Instance UID; empty where it has no name."""

    @classmethod
    def of(cls, findings: Iterable[Finding], source: str = "") -> Report:
        """Make a report of findings in any order.

        Parameters
        ----------
        findings: Iterable[hdcore.validation.Finding]
            What was found. What differs in nothing but item numbers becomes one finding with a count, at the place of
            the first.
        source: str, optional
            What was validated.

        Returns
        -------
        hdcore.validation.Report
            Findings in order of severity; within one severity in the order they came.
        """
        folded: dict[tuple[object, ...], Finding] = {}
        for found in findings:
            key = (found.severity, found.code, _ITEM_NUMBER.sub("[]", found.path), found.message, found.reference)
            first = folded.get(key)
            if first is None:
                folded[key] = found
            else:
                path = min(first.path, found.path, key=_item_numbers)
                folded[key] = replace(first, path=path, count=first.count + found.count)
        return cls(tuple(sorted(folded.values(), key=lambda found: found.severity.rank)), source)

    def __bool__(self) -> bool:
        return not self.errors

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(found) for found in self.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Tuple[hdcore.validation.Finding, …]: Findings that are errors."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Tuple[hdcore.validation.Finding, …]: Findings that are warnings."""
        return tuple(found for found in self.findings if found.severity is Severity.WARNING)

    @property
    def counts(self) -> dict[str, int]:
        """Dict[str, int]: Number of findings by severity, ``"error"`` and so on; folded ones count once."""
        counts = Counter(found.severity.value for found in self.findings)
        return {severity.value: counts[severity.value] for severity in Severity}

    @property
    def codes(self) -> frozenset[str]:
        """Frozenset[str]: Codes of the findings."""
        return frozenset(found.code for found in self.findings)

    def filter(
        self,
        severity: Severity | str = Severity.INFO,
        code: str | Collection[str] = "*",
        path: str = "*",
    ) -> Report:
        """Keep some of the findings.

        Parameters
        ----------
        severity: hdcore.validation.Severity | str, optional
            Keep what is as grave as this, or graver.
        code: str | Collection[str], optional
            Keep these codes; what ends in ``*`` names all that begin so.
        path: str, optional
            Keep these paths and what lies below them; ``*`` stands for anything: ``"SegmentSequence[*]"``.

        Returns
        -------
        hdcore.validation.Report
            A new report.
        """
        limit = Severity(severity).rank
        codes = [code] if isinstance(code, str) else list(code)
        kept = (
            found
            for found in self.findings
            if found.severity.rank <= limit and matches(found.code, codes) and _lies_under(found.path, path)
        )
        return Report(tuple(kept), self.source)

    def raise_for_errors(self) -> None:
        """Raise if there are errors.

        Raises
        ------
        hdcore.errors.ConformanceError
            It names the first errors and carries this report.
        """
        errors = self.errors
        if not errors:
            return
        lines = [f"  {found}" for found in errors[:_LISTED_IN_ERROR]]
        if len(errors) > _LISTED_IN_ERROR:
            lines.append(f"  … and {len(errors) - _LISTED_IN_ERROR} more; see the report that this error carries")
        subject = f" in {self.source}" if self.source else ""
        number = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise ConformanceError("\n".join([f"{number}{subject}:", *lines]), self)

    def to_dict(self) -> dict[str, Any]:
        """Give the report as plain values.

        Returns
        -------
        dict
            ``source``, ``conformant`` (no errors), ``counts`` and ``findings`` (a list of dicts).
        """
        return {
            "source": self.source,
            "conformant": bool(self),
            "counts": self.counts,
            "findings": [found.to_dict() for found in self.findings],
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Give the report as JSON.

        Parameters
        ----------
        indent: int | None, optional
            Spaces of indentation; None for one line.

        Returns
        -------
        str
            The JSON of :meth:`to_dict`.
        """
        import json

        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def to_html(self) -> str:
        """Give the report as a page that needs no other file.

        Returns
        -------
        str
            HTML.
        """
        from hdcore.validation.html import page_of

        return page_of(self)


def _item_numbers(path: str) -> list[int]:
    return [int(number[1:-1]) for number in _ITEM_NUMBER.findall(path)]


def matches(code: str, patterns: Iterable[str]) -> bool:
    """Tell whether a code is among those named.

    Parameters
    ----------
    code: str
        A finding's code.
    patterns: Iterable[str]
        Codes; what ends in ``*`` names all that begin so.

    Returns
    -------
    bool
        Whether one names it.
    """
    return any(fnmatchcase(code, pattern) for pattern in patterns)


def _lies_under(path: str, pattern: str) -> bool:
    # Brackets in a path are item numbers, not the character classes of fnmatch.
    literal = "".join("[[]" if character == "[" else character for character in pattern)
    return fnmatchcase(path, literal) or fnmatchcase(path, f"{literal}/*") or fnmatchcase(path, f"{literal}[[]*")
