"""Coded entries (PS3.3 8.8): one code, in the attribute that its length and form ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.elements import Item

__all__ = ["check_coded_entry"]

CODE_VALUE, SCHEME, MEANING, LONG_VALUE, URN_VALUE = 0x00080100, 0x00080102, 0x00080104, 0x00080119, 0x00080120
_SHORT = 16
_RETIRED = frozenset({"SNM3", "SRT", "99SDM"})
_URN = ("urn:", "http:", "https:")


def check_coded_entry(item: Item, *, is_coded_entry: bool) -> Iterator[tuple[str, int, str]]:
    """Check a coded entry.

    Parameters
    ----------
    item: Item
        An item that is one, or may be.
    is_coded_entry: bool
        Whether the tables say that it is one; if so they check its scheme and meaning.

    Yields
    ------
    tuple[str, int, str]
        Code and tag (0: the item) and message of what is wrong.
    """
    codes = [tag for tag in (CODE_VALUE, LONG_VALUE, URN_VALUE) if (found := item.get(tag)) and not found.is_empty]
    if not codes and not is_coded_entry:
        return
    if not codes:
        yield "COD001", 0, "is a coded entry without Code Value, Long Code Value or URN Code Value"
        return
    if len(codes) > 1:
        yield "COD001", codes[1], "stands beside another code; a coded entry has one"
    value = str(item.first(codes[0]))
    is_urn = value.startswith(_URN)
    if codes[0] == CODE_VALUE and is_urn:
        yield "COD002", CODE_VALUE, f"is {value!r}; a URN or URL belongs into URN Code Value"
    elif codes[0] == LONG_VALUE and (is_urn or len(value) <= _SHORT):
        where = "URN Code Value" if is_urn else "Code Value"
        yield "COD002", LONG_VALUE, f"is {value!r}, which belongs into {where}"
    elif codes[0] == URN_VALUE and ":" not in value:
        yield "COD002", URN_VALUE, f"is {value!r}, which is neither a URN nor a URL"
    if not is_coded_entry:
        if codes[0] != URN_VALUE and not item.first(SCHEME):
            yield "COD003", SCHEME, "is missing from a coded entry"
        if not item.first(MEANING):
            yield "COD003", MEANING, "is missing from a coded entry"
    if item.first(SCHEME) in _RETIRED:
        yield "COD004", SCHEME, f"is {item.first(SCHEME)!r}; SNOMED CT has replaced it under SCT"
