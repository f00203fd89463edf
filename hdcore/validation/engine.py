"""Validate anything: the tables, the core's checks, the rules of plugins and of viewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.checking import CRASHED, findings_of
from hdcore.validation.codes import found
from hdcore.validation.opening import open_document
from hdcore.validation.report import Report, matches
from hdcore.validation.selection import prefixes
from hdcore.validation.standard import standard
from hdcore.validation.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.document import Document
    from hdcore.validation.findings import Finding
    from hdcore.validation.opening import Source
    from hdcore.validation.rules import Rule

    Check = Callable[[Context], Iterable[Finding]]

__all__ = ["validate"]


def validate(
    source: Source,
    *,
    rules: Iterable[Rule] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str | None = None,
) -> Report:
    """Check an instance against the standard.

    Parameters
    ----------
    source: str | os.PathLike | bytes | BinaryIO | pydicom.dataset.Dataset
        A file's path or content, a binary file, or a dataset; it is not changed.
    rules: Iterable[hdcore.validation.Rule], optional
        Rules beyond the tables and checks of the core: the IOD's own and those of other plugins.
    select: Iterable[str], optional
        Codes, or beginnings of codes, of the only findings to report.
    ignore: Iterable[str], optional
        Codes, or beginnings of codes, of findings to leave out.
    profile: str | None, optional
        Name of a viewer or archive whose known requirements are checked as well, such as ``"ohif"``.

    Returns
    -------
    hdcore.validation.Report
        All findings; falsy if there are errors. Bad content never raises: what cannot be read is a finding.

    Raises
    ------
    hdcore.errors.UnreadableError
        If there is no such file.
    hdcore.errors.InputError
        If there is no profile of this name.
    hdcore.errors.InputTypeError
        If the source is of another type, or a code is no text.
    """
    from hdcore.validation.profiles import rules_of_profile

    chosen = rules_of_profile(profile, rules)
    document = open_document(source)
    selected, ignored = prefixes(select, "select"), prefixes(ignore, "ignore")
    findings = (
        one
        for one in _findings(document, chosen)
        if (not selected or matches(one.code, selected)) and not matches(one.code, ignored)
    )
    return Report.of(findings, document.name or str(document.root.first(0x00080018) or ""))


def _findings(document: Document, rules: list[Rule]) -> Iterator[Finding]:
    from hdcore.validation.context import context_of

    context = context_of(document, standard())
    for check in _checks():
        yield from _guarded(check, context)
    if rules:
        from hdcore.validation.from_dataset import view_of

        dataset = document.dataset
        if dataset is None:
            yield found("FILE021", "", "the rules were not applied: pydicom cannot read the file")
            return
        for rule in rules:
            # A view of its own, so that what one rule parses does not take from the next what is quicker to read raw.
            yield from findings_of(rule, view_of(dataset))


def _checks() -> list[Check]:
    from hdcore.validation.checks import CHECKS

    return [_check_structure, *CHECKS]


def _check_structure(context: Context) -> Iterable[Finding]:
    structure = Structure(context.standard, context.allowed)
    structure.check(context.root, context.scope)
    return structure.findings


def _guarded(check: Check, context: Context) -> Iterator[Finding]:
    """Run a check; should it fail on content that nobody foresaw, say so and go on."""
    try:
        yield from check(context)
    except Exception as error:
        name = check.__name__.removeprefix("check_").strip("_").replace("_", " ")
        yield found(CRASHED, "", f"the check of {name} could not be completed: {type(error).__name__}: {error}")
