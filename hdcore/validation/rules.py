"""Rules that plugins and sites declare.

A rule is one idea about a dataset under a stable code. Where it is about one attribute it is a line of data::

    RULES = [
        equals("KO001", "Modality", "KO", ref="PS3.3 C.17.6.1"),
        one_of("SEG001", "SegmentationType", ("BINARY", "FRACTIONAL", "LABELMAP"), ref="PS3.3 C.8.20.2"),
        required_if("SEG002", "MaximumFractionalValue", "SegmentationType == 'FRACTIONAL'", ref="PS3.3 C.8.20.2"),
    ]

Otherwise it is a small generator whose docstring is the message::

    @rule("SEG004", ref="PS3.3 C.8.20.2")
    def segments_are_numbered_from_one(dataset):
        \"\"\"Segments must be numbered from one without gaps.\"\"\"
        numbers = [item.SegmentNumber for item in dataset.SegmentSequence]
        if numbers != list(range(1, len(numbers) + 1)):
            yield finding("SegmentSequence/SegmentNumber", f"is {numbers}")

Rules see the dataset of which the tables have already been checked, but they are run whether or not those found
anything. A rule need not guard itself: an attribute that it needs and that is absent ends it quietly, any other
exception becomes a finding about the rule.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError
from hdcore.validation.condition import Condition
from hdcore.validation.findings import Draft, Finding, Severity
from hdcore.validation.path import places

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pydicom.dataset import Dataset

    Check = Callable[[Dataset], Iterable[Draft | Finding] | None]
    Exception_ = Callable[[Dataset], bool] | str | Condition

__all__ = ["Rule", "attributes", "equals", "one_of", "required", "required_if", "rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its name, its message and where the standard demands it."""

    code: str
    """Stable and unique, such as ``"SEG004"``."""
    check: Check
    """Takes the dataset; gives what is wrong, nothing if all is well."""
    message: str = ""
    reference: str = ""
    """Section of the standard, such as ``"PS3.3 C.8.20.4"``."""
    severity: Severity = Severity.ERROR
    unless: Exception_ | None = None
    """Where this holds the rule is not applied."""
    profile: str = ""
    """Name of the viewer or archive that requires it, such as ``"ohif"``: the rule is then applied only to those who
    validate for it. Empty for what the standard requires."""

    def applies(self, dataset: Dataset) -> bool:
        """Tell whether the rule is to be applied.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The dataset to check.

        Returns
        -------
        bool
            False if ``unless`` holds.
        """
        if self.unless is None:
            return True
        if isinstance(self.unless, (str, Condition)):
            return Condition.of(self.unless).holds(dataset) is not True
        return not self.unless(dataset)

    def __call__(self, dataset: Dataset) -> Iterator[Finding]:
        """Apply the rule.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The dataset to check; it is not changed.

        Yields
        ------
        hdcore.validation.Finding
            What is wrong.

        Raises
        ------
        Exception
            Whatever the check raises; :func:`hdcore.validation.check` makes it a finding.
        """
        if not self.applies(dataset):
            return
        for found in self.check(dataset) or ():
            if isinstance(found, Finding):
                yield found
            else:
                yield found.finish(self.code, self.severity, self.message, self.reference)


def rule(
    code: str,
    ref: str = "",
    severity: Severity | str = Severity.ERROR,
    unless: Exception_ | None = None,
    profile: str = "",
) -> Callable[[Check], Rule]:
    """Make a rule of a function.

    Parameters
    ----------
    code: str
        Stable and unique, such as ``"SEG004"``.
    ref: str, optional
        Section of the standard, such as ``"PS3.3 C.8.20.4"``.
    severity: hdcore.validation.Severity | str, optional
        How grave its findings are.
    unless: Callable[[pydicom.dataset.Dataset], bool] | str | hdcore.validation.Condition | None, optional
        Where this holds the rule is not applied: a function of the dataset, or a condition such as
        ``"SegmentationType == 'LABELMAP'"``.
    profile: str, optional
        Name of the viewer or archive that requires it; the rule is applied only when that profile is asked for.

    Returns
    -------
    Callable
        Decorator for a function that takes the dataset and yields :func:`hdcore.validation.finding`; the first
        paragraph of its docstring is the message.
    """

    def decorate(check: Check) -> Rule:
        paragraphs = inspect.cleandoc(check.__doc__ or "").split("\n\n")
        return Rule(code, check, " ".join(paragraphs[0].split()), ref, Severity(severity), unless, profile)

    return decorate


def equals(
    code: str,
    keyword: str,
    value: Any,
    ref: str = "",
    severity: Severity | str = Severity.ERROR,
    unless: Exception_ | None = None,
) -> Rule:
    """Demand that an attribute, where it has a value, has this one.

    Parameters
    ----------
    code, ref, severity, unless
        As for :func:`hdcore.validation.rule`.
    keyword: str
        The attribute, or a path such as ``"SegmentSequence/SegmentAlgorithmType"``, which means every item.
    value: Any
        What it must be; a list for several values.

    Returns
    -------
    hdcore.validation.Rule
        The rule. It says nothing of an attribute that is absent or empty; see :func:`hdcore.validation.required`.
    """
    expected = _plain(value)

    def check(dataset: Dataset) -> Iterator[Draft]:
        for place in places(dataset, keyword):
            if place.has_value and _plain(place.value) != expected:
                yield Draft(place.path, f"is {_plain(place.value)!r}; expected {expected!r}")

    return Rule(code, check, "", ref, Severity(severity), unless)


def one_of(
    code: str,
    keyword: str,
    values: Collection[Any],
    ref: str = "",
    severity: Severity | str = Severity.ERROR,
    unless: Exception_ | None = None,
) -> Rule:
    """Demand that each value of an attribute is one of these.

    Parameters
    ----------
    code, ref, severity, unless
        As for :func:`hdcore.validation.rule`.
    keyword: str
        The attribute, or a path such as ``"SegmentSequence/SegmentAlgorithmType"``, which means every item.
    values: Collection
        What it may be.

    Returns
    -------
    hdcore.validation.Rule
        The rule. It says nothing of an attribute that is absent or empty; see :func:`hdcore.validation.required`.
    """
    expected = [_plain(value) for value in values]
    listed = ", ".join(repr(value) for value in expected)

    def check(dataset: Dataset) -> Iterator[Draft]:
        for place in places(dataset, keyword):
            if place.has_value:
                found = _plain(place.value)
                wrong = [value for value in (found if isinstance(found, list) else [found]) if value not in expected]
                if wrong:
                    yield Draft(place.path, f"is {wrong[0]!r}; expected one of {listed}")

    return Rule(code, check, "", ref, Severity(severity), unless)


def required(
    code: str,
    keyword: str,
    ref: str = "",
    severity: Severity | str = Severity.ERROR,
    unless: Exception_ | None = None,
) -> Rule:
    """Demand that an attribute is there and has a value.

    Parameters
    ----------
    code, ref, severity, unless
        As for :func:`hdcore.validation.rule`.
    keyword: str
        The attribute, or a path such as ``"SegmentSequence/SegmentLabel"``, which means every item that there is.

    Returns
    -------
    hdcore.validation.Rule
        The rule.
    """

    def check(dataset: Dataset) -> Iterator[Draft]:
        for place in places(dataset, keyword):
            if not place.has_value:
                yield Draft(place.path, f"is {'empty' if place.present else 'absent'}; a value is required")

    return Rule(code, check, "", ref, Severity(severity), unless)


def required_if(
    code: str,
    keyword: str,
    condition: str | Condition,
    ref: str = "",
    severity: Severity | str = Severity.ERROR,
    unless: Exception_ | None = None,
) -> Rule:
    """Demand that an attribute has a value where a condition holds.

    Parameters
    ----------
    code, ref, severity, unless
        As for :func:`hdcore.validation.rule`.
    keyword: str
        The attribute, or a path such as ``"SegmentSequence/SegmentLabel"``, which means every item that there is.
    condition: str | hdcore.validation.Condition
        Such as ``"SegmentationType == 'FRACTIONAL'"``; see :class:`hdcore.validation.Condition`. It is asked of the
        item that would hold the attribute, with the items around it. Where it cannot be decided nothing is demanded.

    Returns
    -------
    hdcore.validation.Rule
        The rule.
    """
    when = Condition.of(condition)

    def check(dataset: Dataset) -> Iterator[Draft]:
        for place in places(dataset, keyword):
            if not place.has_value and when.holds(*place.scopes) is True:
                state = "empty" if place.present else "absent"
                yield Draft(place.path, f"is {state}; a value is required because {when}")

    return Rule(code, check, "", ref, Severity(severity), unless)


def attributes(
    code: str,
    table: Mapping[str, str],
    ref: str = "",
    severity: Severity | str = Severity.ERROR,
    unless: Exception_ | None = None,
) -> Rule:
    """Demand the attributes of a module, written as the standard's tables are.

    Parameters
    ----------
    code, ref, severity, unless
        As for :func:`hdcore.validation.rule`.
    table: Mapping[str, str]
        Type by keyword or path: ``{"AcmeSequence": "2", "AcmeSequence/CodeMeaning": "1"}``. A conditional type is
        followed by its condition: ``"1C SegmentationType == 'FRACTIONAL'"``; see :class:`hdcore.validation.Condition`.

    Returns
    -------
    hdcore.validation.Rule
        One rule for the whole table.

    Raises
    ------
    hdcore.errors.InputError
        If a type is none of 1, 1C, 2, 2C and 3, or a condition cannot be read.
    """
    rows: list[tuple[str, str, Condition]] = []
    for path, text in table.items():
        kind, _, condition = text.partition(" ")
        if kind not in ("1", "1C", "2", "2C", "3") or kind.endswith("C") != bool(condition):
            raise InputError(f"The type of {path} is {text!r}; expected 1, 2, 3, or 1C or 2C followed by a condition.")
        rows.append((path, kind, Condition.of(condition or "True")))

    def check(dataset: Dataset) -> Iterator[Draft]:
        for path, kind, when in rows:
            for place in places(dataset, path) if kind != "3" else ():
                if when.holds(*place.scopes) is not True:
                    continue
                if not place.present:
                    yield Draft(place.path, f"is absent; its type is {table[path]}")
                elif kind.startswith("1") and not place.has_value:
                    yield Draft(place.path, f"is empty; its type is {table[path]}")

    return Rule(code, check, "", ref, Severity(severity), unless)


def _plain(value: Any) -> Any:
    """Give a value as what one would type: texts as str, numbers as numbers, several values as a list."""
    if isinstance(value, (list, tuple)) or (hasattr(value, "__iter__") and not isinstance(value, (str, bytes))):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return float(value)
    return value
