"""Whether the attributes that a definition demands are there, with values that it allows (PS3.5 7.4, PS3.3 A)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.coded_entries import check_coded_entry
from hdcore.validation.codes import found
from hdcore.validation.condition import Condition
from hdcore.validation.elements import is_retired, keyword_of_tag
from hdcore.validation.equal_items import NUMERIC, rows_of
from hdcore.validation.ranges import RANGES
from hdcore.validation.values import CharacterSet, check_value, multiplicity_allows, plain, representation_allows

if TYPE_CHECKING:
    from hdcore.validation.elements import Element, Item
    from hdcore.validation.equal_items import Rows
    from hdcore.validation.findings import Finding
    from hdcore.validation.standard import Row, Scope, Standard

__all__ = ["PER_FRAME", "SHARED", "Structure"]

SHARED, PER_FRAME = 0x52009229, 0x52009230
_CHARACTER_SET = 0x00080005
_ANYWHERE = frozenset({0x00080005, 0x00080201, 0xFFFAFFFA, 0x4FFE0001, 0xFFFCFFFC, 0x04000550})
"""Attributes that any item may have: character set, signatures and padding."""
_CODE_MEANING = 0x00080104
_KINDS_OF_VALUES = {
    "E": ("ENM001", "the enumerated values"),
    "D": ("ENM002", "the defined terms"),
    "O": ("ENM003", "the values that the 2020a edition enumerates"),
}


class Structure:
    """Walks a dataset beside what the tables say of it, and collects findings."""

    def __init__(self, standard: Standard, allowed: frozenset[int] = frozenset()) -> None:
        self.standard = standard
        self.allowed = allowed
        """Attributes that the whole dataset may have though nothing that applies to it asks for them."""
        self.findings: list[Finding] = []
        self._count = 1
        self._texts_are_checked = False

    def check(
        self,
        item: Item,
        scope: Scope | None,
        prefix: str = "",
        around: tuple[Item, ...] = (),
        characters: CharacterSet | None = None,
        sequence: int = 0,
    ) -> None:
        """Check a dataset or an item, with all below it.

        Parameters
        ----------
        item: Item
            What to check.
        scope: tuple | None
            What applies to it; None where nothing is known, so that only values are checked.
        prefix: str, optional
            Path of the item with a slash; empty for the whole dataset.
        around: tuple[Item, ...], optional
            The items around it, innermost first.
        characters: CharacterSet | None, optional
            Of the item around it.
        sequence: int, optional
            Tag of the sequence that it is an item of.
        """
        for problem in item.problems:
            path = prefix + keyword_of_tag(problem.tag) if problem.tag else prefix.rstrip("/")
            self._say(problem.code, path, problem.message)
        characters = self._characters(item, prefix, characters)
        rows = self.standard.rows_of(scope) if scope is not None else None
        if rows is not None and sequence in (SHARED, PER_FRAME):
            self._check_groups(item, rows, prefix)
        elif rows is not None:
            self._check_presence(item, rows, prefix, around)
        if rows is None or _CODE_MEANING in rows:
            for code, tag, message in check_coded_entry(item, is_coded_entry=rows is not None):
                self._say(code, prefix + keyword_of_tag(tag) if tag else prefix.rstrip("/"), message)
        for element in item:
            own = rows.get(_unrepeated(element.tag)) if rows is not None else None
            # Content items hold content items: what applies to one applies to those within.
            expected = own is not None or (
                element.tag == sequence if sequence else _unrepeated(element.tag) in self.allowed
            )
            if rows is not None and not expected:
                self._check_belonging(element, prefix)
            if element.tag >> 16 & 1:
                self._check_private(item, element, prefix)
            self._check_element(item, element, own, scope, prefix, around, characters, sequence)

    def _say(self, code: str, path: str, message: str, reference: str = "", count: int = 1) -> None:
        self.findings.append(found(code, path, message, reference, count * self._count))

    def _characters(self, item: Item, prefix: str, outer: CharacterSet | None) -> CharacterSet:
        element = item.get(_CHARACTER_SET)
        if element is None:
            return outer or CharacterSet([])
        characters = CharacterSet([str(value) for value in element.values])
        for term in characters.unknown:
            self._say("CHR001", f"{prefix}SpecificCharacterSet", f"is {term!r}, which is not a defined term")
        return characters

    def _check_presence(self, item: Item, rows: dict[int, list[Row]], prefix: str, around: tuple[Item, ...]) -> None:
        for tag, alternatives in rows.items():
            element = item.get(tag)
            for row in alternatives:
                if row.type != "3" and self._check_type(item, element, row, prefix, around):
                    break

    def _check_groups(self, item: Item, rows: dict[int, list[Row]], prefix: str) -> None:
        """Check functional groups, of which none need be in one item, but each that is has content."""
        for element in item:
            for row in rows.get(element.tag, ()):
                if row.type in ("1", "1C") and element.is_empty:
                    self._say(
                        "ATT002", prefix + keyword_of_tag(row.tag), "is empty; it must have an item", row.reference
                    )

    def _check_type(self, item: Item, element: Element | None, row: Row, prefix: str, around: tuple[Item, ...]) -> bool:
        """Check an attribute against its type; tell whether something was found."""
        kind = row.type
        if element is not None and (kind == "2" or not element.is_empty) and not kind.endswith("C"):
            return False
        holds = row.condition.holds(item, *around) if row.condition is not None and kind.endswith("C") else None
        code, message = _judge_type(element, kind, holds, row)
        if not code:
            return False
        self._say(code, prefix + keyword_of_tag(row.tag), message, row.reference)
        return True

    def _check_belonging(self, element: Element, prefix: str) -> None:
        tag = element.tag
        if tag >> 16 & 1 or tag & 0xFFFF == 0 or tag in _ANYWHERE or tag >> 16 == 2:
            return
        keyword = keyword_of_tag(tag)
        if is_retired(tag):
            self._say("IOD005", prefix + keyword, "has been retired from the standard")
            return
        what = "no attribute of the standard" if keyword.startswith("(") else "not part of the object's definition"
        self._say("IOD003", prefix + keyword, f"is {what} here")

    def _check_private(self, item: Item, element: Element, prefix: str) -> None:
        number = element.tag & 0xFFFF
        if 0x10 <= number <= 0xFF and element.vr not in ("LO", "UN"):
            path = prefix + keyword_of_tag(element.tag)
            self._say("PRV002", path, f"has VR {element.vr}; the name of a private creator has VR LO")
        if number < 0x1000:
            return
        creator = item.get(element.tag & 0xFFFF0000 | number >> 8)
        if creator is None or creator.is_empty:
            self._say("PRV001", prefix + keyword_of_tag(element.tag), "has no private creator that reserves its block")

    def _check_element(
        self,
        item: Item,
        element: Element,
        rows: list[Row] | None,
        scope: Scope | None,
        prefix: str,
        around: tuple[Item, ...],
        characters: CharacterSet,
        sequence: int,
    ) -> None:
        tag = element.tag
        if element.items is not None:
            self._check_items(item, element, rows, scope, prefix, around, characters, sequence)
            return
        if not self._texts_are_checked or element.vr in NUMERIC:
            self._check_leaf(element, prefix, characters)
        if tag >> 16 & 1:
            return
        expected = representation_allows(tag, element.vr)
        if expected:
            self._say("VAL012", prefix + keyword_of_tag(tag), f"has VR {element.vr}; expected {expected}")
        elif len(element.data):
            wrong = multiplicity_allows(tag, element)
            if wrong and not element.is_empty:
                self._say("VAL013", prefix + keyword_of_tag(tag), wrong)
        for row in rows or ():
            if row.values and not element.is_empty and self._check_terms(element, row, prefix):
                break
        if tag in RANGES and (not self._texts_are_checked or element.vr in NUMERIC):
            self._check_range(element, prefix, (item, *around))

    def _check_range(self, element: Element, prefix: str, scopes: tuple[Item, ...], count: int = 1) -> None:
        for expression, reference in RANGES[element.tag]:
            if Condition.of(expression).holds(*scopes) is False:
                shown = plain(element.values[0]) if len(element.values) == 1 else str(element.values)
                path = prefix + keyword_of_tag(element.tag)
                self._say("STD001", path, f"is {shown}; expected {expression}", reference, count)
                return

    def _check_leaf(self, element: Element, prefix: str, characters: CharacterSet, count: int = 1) -> None:
        for code, message in check_value(element, characters):
            self._say(code, prefix + keyword_of_tag(element.tag), message, count=count)

    def _check_terms(self, element: Element, row: Row, prefix: str) -> bool:
        values = element.values
        for kind, number, terms in row.values:
            judged = values[number - 1 : number] if number else values
            wrong = [value for value in judged if value != "" and plain(value) not in terms]
            if wrong:
                code, kinds = _KINDS_OF_VALUES[kind]
                which = f"value {number} is" if number else "is"
                listed = ", ".join(terms[:12]) + ("…" if len(terms) > 12 else "")
                message = f"{which} {plain(wrong[0])!r}; {kinds} are {listed}"
                self._say(code, prefix + keyword_of_tag(element.tag), message, row.reference)
                return True
        return False

    def _check_items(
        self,
        item: Item,
        element: Element,
        rows: list[Row] | None,
        scope: Scope | None,
        prefix: str,
        around: tuple[Item, ...],
        characters: CharacterSet,
        sequence: int,
    ) -> None:
        tag, items = element.tag, element.items or ()
        path = prefix + keyword_of_tag(tag)
        expected = representation_allows(tag, "SQ") if not tag >> 16 & 1 else ""
        if expected:
            self._say("VAL012", path, f"has VR SQ; expected {expected}")
        for row in rows or ():
            if self._check_number_of_items(len(items), row, path):
                break
        inner = tuple((row.scope, row.reference) for row in rows or () if row.scope) or None
        if inner is None and tag == sequence:
            inner = scope
        context = (item, *around)
        if tag == PER_FRAME:
            context = (*item.items(SHARED)[:1], *context)
        groups, single = rows_of(items)
        for number in single:
            self.check(items[number], inner, f"{path}[{number}]/", context, characters, tag)
        for group in groups:
            self._check_texts(group, path, context, characters)
            before = self._count, self._texts_are_checked
            for number, count in group.representatives:
                self._count, self._texts_are_checked = before[0] * count, True
                self.check(items[number], inner, f"{path}[{number}]/", context, characters, tag)
            self._count, self._texts_are_checked = before

    def _check_texts(self, group: Rows, path: str, around: tuple[Item, ...], characters: CharacterSet) -> None:
        """Check each distinct text of items of one layout once."""
        if self._texts_are_checked:
            return
        for column in group.texts():
            for number, count, (value,) in group.distinct(column):
                prefix = _path_of(path, number, column.path)
                self._check_leaf(value, prefix, characters, count)
                # No range ends above one, so single numbers that are greater need not be looked at in their items.
                several = len(value.values) > 1
                if value.tag in RANGES and (
                    several or any(isinstance(v, (int, float)) and v < 1 for v in value.values)
                ):
                    self._check_range(value, prefix, (*group.around(number, column.path), *around), count)

    def _check_number_of_items(self, count: int, row: Row, path: str) -> bool:
        if not count and row.type == "3" and row.least:
            self._say("ATT006", path, "has no item, which says the same as its absence", row.reference)
            return True
        if count and row.most and count > row.most:
            allowed = "1 item" if row.most == 1 else f"{row.most} items"
            self._say("ATT005", path, f"has {count} items; at most {allowed} are allowed", row.reference)
            return True
        if 0 < count < row.least:
            self._say("ATT005", path, f"has {count} items; at least {row.least} are required", row.reference)
            return True
        return False


def _judge_type(element: Element | None, kind: str, holds: bool | None, row: Row) -> tuple[str, str]:
    if element is None:
        if kind == "1":
            return "ATT001", "is missing; it must be there with a value"
        if kind == "2":
            return "ATT001", "is missing; it must be there, though it may be empty"
        return ("ATT003", f"is missing; it is required because {row.condition}") if holds else ("", "")
    if kind in ("1", "1C") and element.is_empty:
        return "ATT002", "is empty; it must have a value"
    if holds is False and kind.endswith("C") and not row.is_optional_otherwise:
        return "ATT004", f"should not be there, because its condition ({row.condition}) does not hold"
    return "", ""


def _unrepeated(tag: int) -> int:
    """Give the tag of the first of a repeating group (overlays and curves)."""
    group = tag >> 16
    if 0x6000 <= group <= 0x60FF or 0x5000 <= group <= 0x50FF:
        return (group & 0xFF00) << 16 | tag & 0xFFFF
    return tag


def _path_of(sequence: str, number: int, path: tuple[int, ...]) -> str:
    """Write the prefix of a column's path: everything but its last attribute."""
    steps = [f"{sequence}[{number}]/"]
    for tag, item in zip(path[:-1:2], path[1::2], strict=True):
        steps.append(f"{keyword_of_tag(tag)}[{item}]/")
    return "".join(steps)
