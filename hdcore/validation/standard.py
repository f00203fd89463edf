"""The standard's modules, attributes, conditions and values, loaded when first needed.

The file is read in a few milliseconds; rows are made of it only for the IODs that are met.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from hdcore.validation.condition import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Macro", "Module", "Row", "Scope", "Standard", "standard"]


class Row(NamedTuple):
    """What a module demands of one attribute."""

    tag: int
    type: str
    condition: Condition | None
    """When a conditional attribute is required; None if that cannot be decided from the dataset."""
    is_optional_otherwise: bool
    values: tuple[tuple[str, int, tuple[str, ...]], ...]
    """``"E"``, ``"D"`` or ``"O"`` (enumerated once), the number of the value (0: any), and what it may be."""
    least: int
    most: int
    scope: int
    """Number of the scope of a sequence's items; 0 if nothing is known of them."""
    reference: str


class Module(NamedTuple):
    """A module of an IOD."""

    name: str
    usage: str
    condition: Condition | None
    scope: int
    reference: str


class Macro(NamedTuple):
    """A functional group of an IOD."""

    tag: int
    usage: str
    condition: Condition | None
    may_be_shared: bool


Scope = tuple[tuple[int, str], ...]
"""What applies to one dataset or item: numbers of scopes, each with the section that demands it."""


class Standard:
    """The tables."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        self._conditions: list[str | None] = tables["conditions"]
        self._scopes: list[list[str] | None] = tables["scopes"]
        self._parsed: dict[int, tuple[Row, ...]] = {}
        self._merged: dict[Scope, dict[int, list[Row]]] = {}
        modules = tables["modules"]
        self._overriding = {
            (modules[overridden][0], tag): modules[module][0] for module, tag, overridden in tables["overriding"]
        }
        """Number of the scope whose row of an attribute holds instead, by number of scope and attribute."""

    @property
    def editions(self) -> dict[str, str]:
        """dict[str, str]: Edition of the standard by source package."""
        return dict(self._tables["editions"])

    @property
    def sources(self) -> list[str]:
        """list[str]: The packages of which the tables were made."""
        return list(self._tables["sources"])

    @property
    def sop_classes(self) -> list[str]:
        """list[str]: UIDs of the SOP classes that are known."""
        return list(self._tables["sop_classes"])

    def iod_of(self, sop_class_uid: str) -> str:
        """Give the name of a SOP class's IOD; empty if unknown."""
        return str(self._tables["sop_classes"].get(sop_class_uid, ""))

    def modules_of(self, iod: str) -> list[Module]:
        """Give the modules of an IOD."""
        modules = []
        for name, usage, condition in self._tables["iods"][iod]["modules"]:
            scope, reference = self._tables["modules"][name]
            modules.append(Module(name, usage, self._condition(condition), scope, reference))
        return modules

    def macros_of(self, iod: str) -> list[Macro]:
        """Give the functional groups of an IOD; none if the tables do not know them."""
        return [
            Macro(tag, usage, self._condition(condition), not per_frame_only)
            for tag, usage, condition, per_frame_only in self._tables["iods"][iod]["macros"]
        ]

    def tags_of(self, scope: int, types: tuple[str, ...] = ()) -> frozenset[int]:
        """Give the attributes of a scope, all or those of some types."""
        return frozenset(row.tag for row in self._rows(scope, "") if not types or row.type in types)

    def rows_of(self, scope: Scope) -> dict[int, list[Row]]:
        """Give what several modules demand together, by attribute.

        Parameters
        ----------
        scope: tuple[tuple[int, str], ...]
            Numbers of scopes, each with the section that demands it.

        Returns
        -------
        dict[int, list[Row]]
            Every module's row of an attribute, unless another of them says that it overrides it.
        """
        merged = self._merged.get(scope)
        if merged is None:
            merged = {}
            numbers = {number for number, _ in scope}
            for number, reference in scope:
                for row in self._rows(number, reference):
                    if self._overriding.get((number, row.tag)) not in numbers:
                        merged.setdefault(row.tag, []).append(row)
            self._merged[scope] = merged
        return merged

    def _rows(self, number: int, reference: str) -> tuple[Row, ...]:
        rows = self._parsed.get(number)
        if rows is None:
            rows = tuple(self._row(text.split()) for text in self._scopes[number] or ())
            self._parsed[number] = rows
        return tuple(row._replace(reference=reference) for row in rows) if reference else rows

    def _row(self, words: list[str]) -> Row:
        tag, kind, condition, optional, values, least, most, scope = words
        allowed = self._tables["values"][int(values)] or ()
        return Row(
            int(tag),
            kind,
            self._condition(int(condition)),
            optional == "1",
            tuple((enumerated, number, tuple(terms)) for enumerated, number, terms in allowed),
            int(least),
            int(most),
            int(scope),
            "",
        )

    def _condition(self, number: int) -> Condition | None:
        expression = self._conditions[number]
        return Condition.of(expression) if expression else None


@lru_cache(maxsize=1)
def standard() -> Standard:
    """Give the tables, read when first asked for.

    Returns
    -------
    Standard
        The tables.
    """
    text = files("hdcore.validation.tables").joinpath("standard.json").read_text(encoding="utf-8")
    return Standard(json.loads(text))
