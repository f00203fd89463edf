"""Which findings are asked for: codes, and beginnings of codes."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from hdcore.text import short
from hdcore.validation.report import matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hdcore.validation.rules import Rule

__all__ = ["codes_of", "prefixes", "refuse_unknown"]


def prefixes(codes: Iterable[str], argument: str) -> list[str]:
    """Write codes and beginnings of codes as patterns (see :func:`hdcore.validation.report.matches`).

    Raises
    ------
    hdcore.errors.InputTypeError
        If they are not texts.
    """
    listed: list[Any] = list(codes) if hasattr(codes, "__iter__") and not isinstance(codes, str) else [codes]
    for code in listed:
        if not isinstance(code, str):
            raise InputTypeError(f"{argument} holds {short(code)}; expected codes of findings, such as 'SEG004'.")
    return [f"{code.rstrip('*')}*" for code in listed]


def codes_of(rules: Iterable[Rule]) -> set[str]:
    """List all codes that findings may have: the core's, its profiles', and those of the rules given."""
    from hdcore.validation.codes import CODES
    from hdcore.validation.profiles import RULES

    return {*CODES, *(rule.code for rule in (*RULES, *rules))}


def refuse_unknown(patterns: Iterable[str], known: Iterable[str]) -> None:
    """Refuse codes of which no finding can be, rather than to find nothing.

    Parameters
    ----------
    patterns: Iterable[str]
        What findings are selected by, as :func:`prefixes` gives it.
    known: Iterable[str]
        All codes that findings may have.

    Raises
    ------
    hdcore.errors.InputError
        If no code is, or begins with, one of those selected; the message names those that are near.
    """
    codes = sorted(known)
    for pattern in patterns:
        if any(matches(code, [pattern]) for code in codes):
            continue
        asked = pattern.removesuffix("*")
        begins = sorted({code.rstrip("0123456789") for code in codes})
        near = get_close_matches(asked.upper(), [*codes, *begins], n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"codes begin with {', '.join(begins)}."
        raise InputError(f"select has {asked!r}, with which no code of an installed rule begins; {hint}")
