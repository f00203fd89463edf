"""Turn the standard's English into data: conditions, values and numbers of items.

What is not understood wholly becomes ``unknown``, so that nothing is ever demanded by misreading.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import dictionary_VR, keyword_for_tag

if TYPE_CHECKING:
    from collections.abc import Callable

    Resolve = Callable[[str], str | None]

__all__ = ["Requirement", "item_counts_of", "requirement_of", "values_of"]

_KEYWORD_OF_NAME = {entry[2]: entry[4] for entry in DicomDictionary.values() if entry[4]}
_NAMED_WITHOUT_TAG = (
    "SOP Class UID",
    "Observer Type",
    "Rescale Intercept",
    "Number of Frames",
    "Image Type",
    "Photometric Interpretation",
)

_LINK = r"of|to|in|per|and|for|the|by"
_WORD = r"[A-Z0-9(][\w/'\-&+).]*"
_TAGGED_NAME = re.compile(
    rf"(?:Attribute )?((?:[A-Z0-9][\w/'\-&+]*|{_LINK})(?: (?:{_WORD}|{_LINK}))*) ?"
    r"\(([0-9A-F]{4}), ?([0-9A-Fx]{4})\)"
)
_SENTENCE_END = re.compile(r"(?<![A-Z]\.)\.(?=\s|$)(?! ?\d)")
_VALUE = r'(?:"[^"]+"|\d+(?:\.\d+){4,}|[A-Z0-9][A-Z0-9_+\-/]*(?: (?!OR\b|AND\b)[A-Z][A-Z0-9_]+)*)'
_VALUES = rf"(?:either )?{_VALUE}(?:(?:,? or |, ?){_VALUE})*(?![a-z@])"
_SUBJECT = r"(?:the |a |an )?(?:value of )?@(?P<k>\w+)(?:,? Value (?P<n>\d))?(?: of this frame)?(?: value)?"
_NOT = r"(?:not|other than|does not equal|is not equal to|equals other than)"
_DIFFERS = r"(?:does not equal|equals other than|is other than|is not equal to)"
_IS_THERE_AND = r"(?:equals|is|the value is|is either|has a value of|has value)"
_IS = r"(?:is present with value|has a value of|has the value|has value|is equal to|is EQUAL to|equals|is|=)"
_CLAUSES = tuple(
    (re.compile(rf"{_SUBJECT}{pattern}"), kind)
    for pattern, kind in (
        (
            rf",? (?:is )?(?:present )?(?:and )?(?:is |are )?{_NOT} (?!present)(?:equal to )?(?P<v>{_VALUES})",
            "differs",
        ),
        (rf" {_DIFFERS} (?P<v>{_VALUES})", "differs"),
        (rf" is present and {_IS_THERE_AND} (?P<v>{_VALUES})", "equals"),
        (rf" {_IS} (?P<v>{_VALUES})", "equals"),
        (r" (?:is|has a value|equals) greater than (?P<v>\d+)", "greater"),
        (r" is (?:present and has a )?non-zero(?: value)?", "nonzero"),
        (r" is present and has a value", "valued"),
    )
)
_NAMES = r"(?:the )?@\w+(?:(?:, and |, or |, | and | or )(?:the )?@\w+)*"
_PRESENCE = re.compile(
    rf"(?P<list>{_NAMES}) (?:is |are )(?P<absent>not present|absent)"
    rf"|(?P<list2>{_NAMES}) (?:is |are )present(?! (?:and|with))"
    r"|neither (?P<list3>@\w+ nor @\w+) is present"
)


@dataclass(frozen=True)
class Requirement:
    """When a conditional attribute is required, and whether it may be there otherwise."""

    expression: str
    optional_otherwise: bool


def requirement_of(text: str, resolve: Resolve) -> Requirement:
    """Read when an attribute is required.

    Parameters
    ----------
    text: str
        The description's words.
    resolve: Callable
        Gives how a condition there refers to a keyword, None if it cannot.
    """
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(text)]
    found = [
        match.group(1)
        for sentence in sentences
        if (match := re.search(r"(?:Required|[Ss]hall be present),? (?:if|when) (.*)", sentence))
    ]
    lowered = text.lower()
    optional = (
        "may be present otherwise" in lowered
        or "may be present" in re.sub(r"shall not be present", "", lowered)
        or "may also be present" in lowered
        or "optional" in lowered
    )
    if not found:
        return Requirement("unknown", optional_otherwise=True)
    parts = [_condition(re.split(r"[;,] ?(?:and )?(?:may|shall not) be present", one)[0], resolve) for one in found]
    expression = parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)
    return Requirement("unknown" if expression.strip("() ") == "unknown" else expression, optional)


_NAMED_CLASS = re.compile(r'("?\d+(?:\.\d+){4,}"?) \([^()]*\)')
"""A SOP class with its name in parentheses."""
_NEITHER = re.compile(r'(?<=\d") and not (?="\d)')
"""As in "is not A and not B", which is neither of a list."""


def _condition(text: str, resolve: Resolve) -> str:
    text = _marked(_NEITHER.sub(" or ", _NAMED_CLASS.sub(r"\1", text))).strip(" .,")
    text = re.sub(r"^(?:the )?(?=@)|^Required if ", "", text)
    expressions: list[str] = []
    joiners: set[str] = set()
    while text:
        expression, length = _clause(text, resolve)
        if not length:
            # The rest may or may not hold: with "or" the whole stays open, with "and" the whole cannot become true.
            expressions.append("unknown")
            joiners |= set(re.findall(r"\b(?:and|or)\b", text)) if not expressions[:-1] else set()
            break
        expressions.append(expression)
        text = text[length:].strip()
        if not text:
            break
        joined = re.match(r",? ?(and|or)(?: if)?(?: the)? ", text)
        joiners.add(joined.group(1) if joined else "and")
        text = text[joined.end() :] if joined else f"unread {text}"
    if len(joiners) > 1 or expressions[0] == "unknown":
        return "unknown"
    return f" {next(iter(joiners), 'and')} ".join(expressions)


def _marked(text: str) -> str:
    def mark(match: re.Match[str]) -> str:
        keyword = keyword_for_tag(int(match.group(2) + match.group(3).replace("x", "0"), 16))
        if not keyword:
            return match.group(0)
        words = match.group(1).split()
        # What stands before the name in the sentence is not part of it.
        for start in range(len(words)):
            name = " ".join(words[start:])
            if _KEYWORD_OF_NAME.get(name) == keyword:
                return " ".join([*words[:start], f"@{keyword}"])
        return f"@{keyword}"

    text = _TAGGED_NAME.sub(mark, text)
    for name in _NAMED_WITHOUT_TAG:
        text = re.sub(rf"\b{name}\b", f"@{_KEYWORD_OF_NAME.get(name, name)}", text)
    return text


def _clause(text: str, resolve: Resolve) -> tuple[str, int]:
    match = _PRESENCE.match(text)
    if match:
        return _presence(match, resolve), match.end()
    for pattern, kind in _CLAUSES:
        match = pattern.match(text)
        if match:
            return _comparison(match, kind, resolve), match.end()
    return "", 0


def _presence(match: re.Match[str], resolve: Resolve) -> str:
    listed = match.group("list") or match.group("list2") or match.group("list3")
    names = [resolve(keyword) for keyword in re.findall(r"@(\w+)", listed)]
    if None in names:
        return "unknown"
    tests = [f"present({name})" for name in names]
    if match.group("list3"):
        return "(" + " and ".join(f"not {test}" for test in tests) + ")"
    if match.group("absent"):
        if re.search(r"\bor\b", listed) and len(tests) > 1:
            return "unknown"  # "A or B is not present" has two readings
        return "(" + " and ".join(f"not {test}" for test in tests) + ")" if len(tests) > 1 else f"not {tests[0]}"
    joiner = " or " if re.search(r"\bor\b", listed) else " and "
    return f"({joiner.join(tests)})" if len(tests) > 1 else tests[0]


def _comparison(match: re.Match[str], kind: str, resolve: Resolve) -> str:
    keyword = match.group("k")
    name = resolve(keyword)
    if name is None:
        return "unknown"
    if "n" in match.groupdict() and match.group("n"):
        name = f"{name}[{match.group('n')}]"
    if kind == "valued":
        return name
    if kind == "nonzero":
        return f"{name} > 0"
    if kind == "greater":
        return f"{name} > {int(match.group('v'))}"
    listed = re.split(r",? or |, ?", match.group("v").removeprefix("either "))
    values = [_literal(value.strip().strip('"'), keyword) for value in listed]
    if len(values) == 1:
        return f"{name} {'==' if kind == 'equals' else '!='} {values[0]}"
    return f"{name} {'in' if kind == 'equals' else 'not in'} ({', '.join(values)})"


def _literal(value: str, keyword: str) -> str:
    if dictionary_VR(keyword) in ("US", "SS", "UL", "IS", "DS", "US or SS") and re.fullmatch(r"\d+", value):
        return str(int(value))
    return repr(value)


_LIST = re.compile(r"<strong>\s*([^<]*?)\s*</strong>\s*</p>\s*<dl>(.*?)</dl>", re.DOTALL)
_TERM = re.compile(r"<dt>\s*(.*?)\s*</dt>", re.DOTALL)
_HEADING = re.compile(r"(?:Value (\d) )?(Enumerated [Vv]alues?|Defined Terms)(?: for Value (\d))?:?\Z", re.IGNORECASE)


def values_of(markup: str) -> list[tuple[str, int, list[str]]]:
    """Read which values an attribute may have.

    Returns
    -------
    list
        ``"E"`` (enumerated) or ``"D"`` (defined terms), the number of the value (0: any), the values.
    """
    found = []
    for heading, body in _LIST.findall(markup):
        match = _HEADING.match(re.sub(r"\s+", " ", heading))
        terms = [html.unescape(re.sub(r"<[^>]+>", "", term)).strip() for term in _TERM.findall(body)]
        terms = [str(int(term[:-1], 16)) if re.fullmatch(r"[0-9A-F]{2,8}H", term) else term for term in terms]
        if match and all(terms) and not any(" or " in term or "…" in term or "nnn" in term.lower() for term in terms):
            number = int(match.group(1) or match.group(3) or 0)
            found.append(("E" if match.group(2).lower().startswith("e") else "D", number, terms))
    return found


_COUNTS = (
    (r"Only (?:a single|one) Item (?:shall be (?:included|present)|is permitted)", (1, 1)),
    (r"(?:A single|One) Item shall be (?:included|present)", (1, 1)),
    (r"Zero or one Item", (0, 1)),
    (r"Zero or more Items", (0, 0)),
    (r"Two or more Items shall", (2, 0)),
    (r"One or two Items shall", (1, 2)),
    (r"One or more Items", (1, 0)),
)  # fmt: skip


def item_counts_of(text: str) -> tuple[int, int]:
    """Read how many items a sequence has: the least, if it is there with items, and the most (0: any number)."""
    for pattern, counts in _COUNTS:
        match = re.search(pattern, text)
        if match:
            sentence = text[: match.start()].rpartition(".")[2] + text[match.start() :].partition(".")[0]
            if not re.search(r"\b[Ii]f\b", sentence) and not re.search(r"[Ii]f [^.]*Items? shall", text):
                return counts
    return (0, 0)
