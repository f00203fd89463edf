"""Join structure, conditions and values into the compact tables that are checked in.

The tables are hash-consed: a *scope* is the rows of one dataset or item, and equal scopes (every code sequence, say)
are stored once. A row is a text of eight words, so that reading the file makes few objects: tag, type, condition,
whether it may be there otherwise, values, least items, most items, scope. Conditions, values and scopes are numbers
into their own lists, 0 being none.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag, tag_for_keyword

from tools.validation_tables.english import Requirement, item_counts_of, requirement_of, values_of
from tools.validation_tables.overlay import (
    ATTRIBUTES,
    DROPPED_VALUES,
    ELSEWHERE,
    LOOKED_UP,
    MACRO_USAGES,
    MODULE_USAGES,
    OVERRIDING,
    SECTIONS,
)
from tools.validation_tables.sources import EDITIONS, PINNED, Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.validation_tables.sources import Description, Path_

__all__ = ["build", "written"]

SHARED, PER_FRAME = 0x52009229, 0x52009230
GROUPS = (SHARED, PER_FRAME)
UNCONFIRMED = Path(__file__).parent / "unconfirmed.json"
FUNCTIONAL_GROUPS = "multi-frame-functional-groups"


class Interned:
    """A list of distinct things, of which each knows its number; number 0 is nothing."""

    def __init__(self) -> None:
        self.things: list[Any] = [None]
        self._numbers: dict[str, int] = {}

    def number(self, thing: Any) -> int:
        key = repr(thing)
        if key not in self._numbers:
            self._numbers[key] = len(self.things)
            self.things.append(thing)
        return self._numbers[key]


class Descriptions:
    """Find what the 2020a edition says of an attribute of the 2026b edition."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._found: dict[tuple[str, Path_], list[Description]] = {}
        self.by_end: dict[tuple[int, ...], list[Description]] = defaultdict(list)
        for tables in (sources.described, sources.macros):
            for rows in tables.values():
                for path, description in rows.items():
                    for length in (1, 2, 3):
                        if len(path) >= length:
                            self.by_end[path[-length:]].append(description)

    def of(self, module: str, path: Path_) -> list[Description]:
        """Give all descriptions that must agree; the same list for the same question."""
        found = self._found.get((module, path))
        if found is None:
            found = self._found[module, path] = self._find(module, path)
        return found

    def _find(self, module: str, path: Path_) -> list[Description]:
        tables = self.sources.described
        exact = tables.get(module, {}).get(path)
        if exact is None and module.endswith(FUNCTIONAL_GROUPS):
            exact = tables[FUNCTIONAL_GROUPS].get(path)
            if exact is None and path[0] in GROUPS and len(path) > 1:
                within = [rows[path[1:]] for rows in self.sources.macros.values() if path[1:] in rows]
                if within:
                    return within
        if exact is not None:
            return [exact]
        for length in (3, 2, 1):
            if len(path) >= length and path[-length:] in self.by_end:
                return self.by_end[path[-length:]]
        return []


class Builder:
    """Builds the tables, once.

    ``unconfirmed`` is the file that lists enumerations which newer editions may have widened; None takes all as given.
    """

    def __init__(self, unconfirmed: Path | None = UNCONFIRMED) -> None:
        listed = json.loads(unconfirmed.read_text(encoding="utf-8")) if unconfirmed is not None else {}
        self.unconfirmed = {(module, path) for module, paths in listed.items() for path in paths}
        self.sources = Sources()
        self.descriptions = Descriptions(self.sources)
        self.conditions, self.values, self.scopes = Interned(), Interned(), Interned()
        self.root_tags = {path[0] for rows in self.sources.modules.values() for path, _ in rows if len(path) == 1}
        self._known: dict[Any, Any] = {}
        self.used_overlay: set[tuple[str, str]] = set()

    def build(self) -> dict[str, Any]:
        used = {row["key"] for rows in self.sources.iods.values() for row in rows}
        modules = {name: self._module(name) for name in sorted(used) if name in self.sources.modules}
        iods = {name: self._iod(name) for name in sorted(set(self.sources.sop_classes.values()))}
        unused = {key for key in ATTRIBUTES if key[0] != "*"} - self.used_overlay
        if unused:
            raise ValueError(f"overlay entries that match nothing: {sorted(unused)}")
        return {
            "editions": EDITIONS,
            "sources": [f"{name} {version} (MIT)" for name, version in PINNED.items()],
            "conditions": self.conditions.things,
            "values": self.values.things,
            "scopes": self.scopes.things,
            "modules": modules,
            "overriding": [[module, int(tag_for_keyword(word) or 0), other] for module, word, other in OVERRIDING],
            "iods": iods,
            "sop_classes": dict(sorted(self.sources.sop_classes.items())),
        }

    def _module(self, name: str) -> list[Any]:
        types = dict(self.sources.modules[name])
        below: dict[Path_, list[Path_]] = defaultdict(list)
        for path in types:
            below[path[:-1]].append(path)
        return [self._scope(name, (), types, below), self._section(name)]

    def _section(self, name: str) -> str:
        if name in SECTIONS:
            return SECTIONS[name]
        known = self.sources.described.get(name)
        link = next(iter(known.values())).link if known else ""
        section, table = re.search(r"sect_([A-Z0-9.]+)\.html", link), re.search(r"#table_([\w.-]+)", link)
        if section and section.group(1).count(".") > 1:
            return f"PS3.3 {section.group(1)}"
        return f"PS3.3 table {table.group(1)}" if table else ""

    def _scope(self, module: str, prefix: Path_, types: dict[Path_, str], below: dict[Path_, list[Path_]]) -> int:
        rows = [
            [*self._row(module, path, types[path], types), self._scope(module, path, types, below)]
            for path in below.get(prefix, ())
        ]
        return self.scopes.number([" ".join(str(cell) for cell in row) for row in sorted(rows)]) if rows else 0

    def _row(self, module: str, path: Path_, kind: str, types: dict[Path_, str]) -> list[Any]:
        described = self.descriptions.of(module, path)
        words = "/".join(keyword_for_tag(tag) for tag in path)
        own = {**ATTRIBUTES.get(("*", words), {}), **ATTRIBUTES.get((module, words), {})}
        if (module, words) in ATTRIBUTES:
            self.used_overlay.add((module, words))
        kind = own.get("type", kind)
        required = self._requirement(module, path, described, types) if kind in ("1C", "2C") else None
        if kind in ("1C", "2C"):
            if required is None or required.expression == "unknown":
                own = {**self._elsewhere(path, "required"), **own}
            required = Requirement(
                own.get("required", required.expression if required else "unknown"),
                own.get("optional", required.optional_otherwise if required else True),
            )
        values = own.get("values")
        if values is None:
            values = self.values_of(module, path) or self._elsewhere(path, "values").get("values")
        counts = own.get("items") or self._once(("items", id(described)), lambda: self._counts(described))
        return [
            path[-1],
            kind,
            self.conditions.number(required.expression) if required and required.expression != "unknown" else 0,
            int(required.optional_otherwise) if required else 1,
            self.values.number(values) if values else 0,
            *counts,
        ]

    def values_of(self, module: str, path: Path_) -> list[Any]:
        """Give the values that the 2020a edition gives, where the overlay gives none."""
        words = "/".join(keyword_for_tag(tag) for tag in path)
        if "values" in {**ATTRIBUTES.get(("*", words), {}), **ATTRIBUTES.get((module, words), {})}:
            return []
        described = self.descriptions.of(module, path)
        values = self._once(("values", id(described)), lambda: self._values(described, path))
        if (module, words) not in self.unconfirmed or keyword_for_tag(path[-1]) in LOOKED_UP:
            return list(values)
        return [["O" if kind == "E" and not number else kind, number, terms] for kind, number, terms in values]

    def _requirement(
        self, module: str, path: Path_, described: list[Description], types: dict[Path_, str]
    ) -> Requirement | None:
        def resolve(keyword: str) -> str | None:
            return self._reference(int(tag_for_keyword(keyword) or 0), keyword, path, types, module)

        conditional = [one for one in described if one.type.endswith("C")]
        if not conditional or len(conditional) < len(described):
            return None
        readings = [requirement_of(text, resolve) for text in {one.text for one in conditional}]
        return readings[0] if all(one == readings[0] for one in readings) else None

    @staticmethod
    def _elsewhere(path: Path_, about: str) -> dict[str, Any]:
        """Give what is known of an attribute of items by its keyword alone."""
        known = ELSEWHERE.get(keyword_for_tag(path[-1]), {})
        return known if about in known and (len(path) > 1 or about == "values") else {}

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _counts(self, described: list[Description]) -> tuple[int, int]:
        return tuple(self._agreed([item_counts_of(text) for text in {one.text for one in described}], (0, 0)))

    def _reference(self, tag: int, keyword: str, path: Path_, types: dict[Path_, str], module: str) -> str | None:
        """Give how a condition on ``path`` refers to another attribute."""
        if (*path[:-1], tag) in types or len(path) == 1:
            return keyword if (*path[:-1], tag) in types or tag in self.root_tags else None
        in_groups = path[0] in GROUPS
        for depth in range(len(path) - 2, -1, -1):
            if (*path[:depth], tag) in types and not (in_groups and depth <= 1):
                return f"near.{keyword}"
        if in_groups and any(len(other) == 3 and other[-1] == tag and other[0] in GROUPS for other in types):
            return f"frame.{keyword}"
        return f"near.{keyword}" if tag in self.root_tags else None

    def _values(self, described: list[Description], path: Path_) -> list[Any]:
        if path[-1] in DROPPED_VALUES:
            return []
        found = self._agreed([values_of(markup) for markup in {one.markup for one in described}], [])
        return [[kind, number, self._as_written(terms, path[-1])] for kind, number, terms in found]

    @staticmethod
    def _as_written(terms: list[str], tag: int) -> list[str]:
        """Give terms as numbers are printed, where the attribute is a number ("01" of VR US is 1)."""
        if dictionary_has_tag(tag) and dictionary_VR(tag) in ("US", "SS", "UL", "IS", "DS"):
            return [str(int(term)) if term.isdigit() else term for term in terms]
        return terms

    @staticmethod
    def _agreed(found: list[Any], otherwise: Any) -> Any:
        return found[0] if found and all(one == found[0] for one in found) else otherwise

    def _iod(self, name: str) -> dict[str, Any]:
        modules = []
        for row in self.sources.iods[name]:
            if row["key"] not in self.sources.modules:
                continue
            _, condition = self.sources.usages.get((name, row["key"]), ("", ""))
            usage, when = MODULE_USAGES.get((name, row["key"]), (row["usage"], self._usage_condition(condition)))
            modules.append([row["key"], usage, self.conditions.number(when) if when else 0])
        return {"modules": modules, "macros": self._macros(name)}

    def _macros(self, iod: str) -> list[list[Any]]:
        macros: dict[int, list[Any]] = {}
        for (name, macro), (usage, condition) in self.sources.macro_usages.items():
            if name == iod and macro in self.sources.macros:
                tag = next(path[0] for path in self.sources.macros[macro] if len(path) == 1)
                when = self._usage_condition(condition)
                macros[tag] = [tag, usage, self.conditions.number(when) if when else 0, int("not be" in condition)]
        for keyword, (usage, when) in MACRO_USAGES.get(iod, {}).items():
            tag = int(tag_for_keyword(keyword) or 0)
            macros[tag] = [tag, usage, self.conditions.number(when) if when else 0, 0]
        return sorted(macros.values())

    def _usage_condition(self, text: str) -> str:
        if not text:
            return ""
        expression = requirement_of(
            text, lambda keyword: keyword if tag_for_keyword(keyword) in self.root_tags else None
        ).expression
        return "" if expression == "unknown" else expression


def build() -> dict[str, Any]:
    """Build the tables from the pinned packages and the overlay."""
    return Builder().build()


def written(tables: dict[str, Any]) -> str:
    """Write tables as JSON of which each line is one fact, so that a change of the sources is a readable difference."""
    lines = []
    for name, value in tables.items():
        if isinstance(value, dict):
            body = ",\n".join(f"{json.dumps(key)}:{_compact(one)}" for key, one in value.items())
            lines.append(f"{json.dumps(name)}:{{\n{body}\n}}")
        else:
            body = ",\n".join(_compact(one) for one in value)
            lines.append(f"{json.dumps(name)}:[\n{body}\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
