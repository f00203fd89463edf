"""Whether the bytes of an element are values of its value representation (PS3.5 section 6.2)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hdcore.text import MAXIMUM_LENGTHS
from hdcore.validation.elements import NUMBERS, Element

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CharacterSet", "check_value", "multiplicity_allows", "representation_allows"]

TEXTS = frozenset({"SH", "LO", "ST", "LT", "UC", "UT", "PN"})
"""Value representations whose characters depend on Specific Character Set (PS3.5 6.1.2.3)."""
_SINGLE = frozenset({"ST", "LT", "UT", "UR", "OB", "OW", "OF", "OD", "OL", "OV", "UN", "SQ"})
_SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "UV": 8, "SV": 8, "FL": 4, "FD": 8, "AT": 4, "OW": 2, "OL": 4, "OV": 8,
          "OF": 4, "OD": 8}  # fmt: skip
_LARGEST_CHECKED = 1 << 20

_SYNTAX = {
    "AE": re.compile(r"[\x20-\x5b\x5d-\x7e]+"),
    "AS": re.compile(r"\d{3}[DWMY]"),
    "CS": re.compile(r"[A-Z0-9 _]+"),
    "DA": re.compile(r"\d{8}"),
    "DS": re.compile(r" *[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)? *"),
    "DT": re.compile(r"\d{4}(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\.\d{1,6})?)?)?)?)?)?(?:[+-]\d{4})? *"),
    "IS": re.compile(r" *[+-]?\d+ *"),
    "TM": re.compile(r"\d\d(?:\d\d(?:\d\d(?:\.\d{1,6})?)?)? *"),
    "UI": re.compile(r"(?:[01]\.[1-3]?\d|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*"),
    "UR": re.compile(r"[\x21-\x7e]+ *"),
}
_CONTROL_IN_LINE = re.compile(r"[\x00-\x1a\x1c-\x1f]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_LIMITS = {**MAXIMUM_LENGTHS, "DT": 26, "TM": 14, "AS": 4, "DA": 8}


class CharacterSet:
    """What Specific Character Set says (PS3.3 C.12.1.1.2)."""

    def __init__(self, terms: list[str]) -> None:
        """Look up the terms; ``unknown`` lists those that the standard does not define."""
        from pydicom.charset import python_encoding

        self.terms = [term.strip() for term in terms]
        self.unknown = [term for term in self.terms if term and term not in python_encoding]
        self.encoding = "ascii"
        first = self.terms[0] if self.terms else ""
        self.has_extensions = len(self.terms) > 1
        if not self.unknown and first:
            self.encoding = python_encoding.get(first, "ascii")

    def decode(self, data: bytes) -> str | None:
        """Give the text; None if the bytes are not in this character set."""
        if self.unknown or self.has_extensions or b"\x1b" in data:
            return data.decode("latin-1")
        try:
            return data.decode(self.encoding)
        except (UnicodeDecodeError, LookupError):
            return None


def check_value(element: Element, characters: CharacterSet) -> Iterator[tuple[str, str]]:
    """Check the value of an element that is not a sequence.

    Parameters
    ----------
    element: Element
        The element.
    characters: CharacterSet
        Of the item it is in.

    Yields
    ------
    tuple[str, str]
        Code and message of what is wrong.
    """
    vr, data = element.vr, element.data
    size = len(data)
    if size % 2 and element.fragments is None:
        yield "VAL001", f"has an odd length of {size} bytes"
    if vr in _SIZES:
        if size % _SIZES[vr]:
            yield "VAL002", f"has {size} bytes, not a multiple of the {_SIZES[vr]} bytes of VR {vr}"
        return
    if size == 0 or size > _LARGEST_CHECKED or vr in ("OB", "UN", "SQ"):
        return
    yield from _check_text(vr, bytes(data), characters)


@lru_cache(maxsize=8192)
def _check_ascii(vr: str, data: bytes) -> tuple[tuple[str, str], ...]:
    return tuple(_text_findings(vr, data.decode("ascii")))


def _check_text(vr: str, data: bytes, characters: CharacterSet) -> Iterator[tuple[str, str]]:
    if data.isascii() and b"\x1b" not in data:
        yield from _check_ascii(vr, data)
        return
    if vr not in TEXTS:
        yield "VAL003", f"has characters other than those of ASCII, which VR {vr} does not allow: {data[:64]!r}"
        return
    text = characters.decode(data)
    if text is None:
        declared = "\\".join(characters.terms) or "none, that is ASCII"
        yield "CHR002", f"is not in the declared Specific Character Set ({declared}): {data[:64]!r}"
        return
    yield from _text_findings(vr, text, is_exact="\x1b" not in text and not characters.has_extensions)


def _text_findings(vr: str, text: str, *, is_exact: bool = True) -> Iterator[tuple[str, str]]:
    if vr == "UI":
        if text.endswith(" "):
            yield "VAL004", "is padded with a space; UIDs are padded with a null byte"
    elif text.endswith("\0"):
        yield "VAL005", f"is padded with a null byte; VR {vr} is padded with a space"
    text = text.rstrip("\0")
    for value in [text] if vr in _SINGLE else text.split("\\"):
        yield from _value_findings(vr, value, is_exact)


def _value_findings(vr: str, value: str, is_exact: bool) -> Iterator[tuple[str, str]]:
    stripped = value.rstrip(" ") if vr in ("ST", "LT", "UT", "UC") else value.strip(" ")
    if not stripped:
        return
    shown = value if len(value) <= 80 else value[:77] + "…"
    limit = _LIMITS.get(vr)
    measured = value.rstrip(" ") if vr in ("DS", "IS", "LO", "SH", "CS", "AE", "DT", "TM", "DA") else stripped
    if limit is not None and is_exact and len(measured) > limit:
        yield "VAL006", f"has {len(measured)} characters, more than the {limit} of VR {vr}: {shown!r}"
    syntax = _SYNTAX.get(vr)
    if syntax is not None and not syntax.fullmatch(stripped if vr in ("CS", "AE", "UI", "DA", "AS") else value):
        yield "VAL007", f"is {shown!r}, which is not a value of VR {vr}"
    elif vr in ("DA", "DT", "TM"):
        if not _is_moment(vr, stripped):
            yield "VAL008", f"is {shown!r}, which is not a date or time that exists"
    elif vr == "IS" and not -(2**31) <= int(value) < 2**31:
        yield "VAL009", f"is {shown}, which does not fit into 32 bits"
    elif vr == "PN" and is_exact:
        yield from _person_name_findings(stripped, shown)
    if vr in TEXTS:
        control = _CONTROL_IN_LINE if vr in ("SH", "LO", "UC", "PN") else _CONTROL_IN_TEXT
        if control.search(value):
            yield "VAL010", f"has control characters: {shown!r}"


def _person_name_findings(name: str, shown: str) -> Iterator[tuple[str, str]]:
    groups = name.split("=")
    if len(groups) > 3:
        yield "VAL011", f"has {len(groups)} component groups, more than 3: {shown!r}"
    for group in groups:
        if len(group) > 64:
            yield "VAL011", f"has a component group of {len(group)} characters, more than 64: {shown!r}"
        if group.count("^") > 4:
            yield "VAL011", f"has a component group of more than 5 components: {shown!r}"


def _is_moment(vr: str, value: str) -> bool:
    value = value.rstrip(" ")
    if vr == "TM":
        return _is_time(value)
    if vr == "DT":
        value, _, offset = value.replace("-", "+").partition("+")
        if offset and (int(offset[:2]) > 14 or int(offset[2:]) > 59):
            return False
    day = f"{value[:4]}{value[4:6] or '01'}{value[6:8] or '01'}"
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return False
    return _is_time(value[8:])


def _is_time(value: str) -> bool:
    # A leap second may be the 60th.
    hours, minutes, seconds = value[:2] or "0", value[2:4] or "0", value[4:6] or "0"
    return int(hours) <= 23 and int(minutes) <= 59 and int(seconds) <= 60


@lru_cache(maxsize=8192)
def representation_allows(tag: int, vr: str) -> str:
    """Tell which value representations an attribute may have.

    Parameters
    ----------
    tag: int
        A standard attribute's tag.
    vr: str
        What it has.

    Returns
    -------
    str
        Those of the dictionary if this is none of them; empty if all is well or the attribute is unknown.
    """
    from pydicom.datadict import dictionary_VR

    try:
        expected = dictionary_VR(tag)
    except KeyError:
        return ""
    allowed = set(expected.split(" or "))
    # Whatever an application does not know may be UN (PS3.5 6.2.2).
    return "" if vr in allowed or vr == "UN" else expected


def multiplicity_allows(tag: int, element: Element) -> str:
    """Tell which numbers of values an attribute may have.

    Parameters
    ----------
    tag: int
        A standard attribute's tag.
    element: Element
        The element, not empty.

    Returns
    -------
    str
        That of the dictionary, such as ``"1-n"``, and the number found, if it is another; else empty.
    """
    vr = element.vr
    if vr in _SINGLE or element.fragments is not None:
        return ""
    expected = _multiplicity(tag)
    if not expected or expected == "1-n":
        return ""
    data = element.data
    count = len(data) // _SIZES[vr] if vr in _SIZES or vr in NUMBERS else bytes(data).count(b"\\") + 1
    return "" if count == 0 or _fits(count, expected) else f"has {count} values; expected {expected}"


@lru_cache(maxsize=8192)
def _multiplicity(tag: int) -> str:
    from pydicom.datadict import dictionary_VM

    try:
        return str(dictionary_VM(tag))
    except KeyError:
        return ""


@lru_cache(maxsize=1024)
def _fits(count: int, expected: str) -> bool:
    for one in expected.split(" or "):
        least, _, most = one.partition("-")
        if not most:
            if count == int(least):
                return True
        elif most.endswith("n"):
            step = int(most[:-1] or 1)
            if count >= int(least) and count % step == 0:
                return True
        elif int(least) <= count <= int(most):
            return True
    return False


def plain(value: Any) -> str:
    """Write a value as the standard's tables do."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
