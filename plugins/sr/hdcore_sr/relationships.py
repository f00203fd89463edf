"""Which value types and relationships each SOP class allows (PS3.3 tables A.35.1-2 to A.35.15-2)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TABLES", "Table", "is_allowed"]

_TEXTS = frozenset({"TEXT", "CODE", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME"})
_OBJECTS = frozenset({"IMAGE", "WAVEFORM", "COMPOSITE"})
_COORDINATES = frozenset({"SCOORD", "TCOORD"})
_SPACE = frozenset({"SCOORD3D"})
_FINDINGS = frozenset({"TEXT", "CODE", "NUM"})
_CONTAINER = frozenset({"CONTAINER"})

Relations = tuple[tuple[frozenset[str], str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a SOP class allows."""

    name: str
    """Name of the SOP class."""
    reference: str
    """Section of the standard."""
    value_types: frozenset[str]
    """Value types of content items."""
    relations: Relations
    """Value types of the parent, the relationship, value types of the child; empty if there are no constraints."""


def _enhanced() -> Relations:
    contained = _TEXTS | _OBJECTS | _COORDINATES | {"NUM"} | _CONTAINER
    context = _TEXTS | {"NUM"}
    return (
        (_CONTAINER, "CONTAINS", contained),
        (_CONTAINER, "HAS OBS CONTEXT", context),
        (_CONTAINER | _OBJECTS, "HAS ACQ CONTEXT", context),
        (contained, "HAS CONCEPT MOD", frozenset({"TEXT", "CODE"})),
        (_FINDINGS, "HAS PROPERTIES", _TEXTS | {"NUM", "IMAGE", "WAVEFORM", "COMPOSITE", "SCOORD", "TCOORD"}),
        (frozenset({"PNAME"}), "HAS PROPERTIES", _TEXTS),
        (_FINDINGS, "INFERRED FROM", _TEXTS | {"NUM"} | _OBJECTS | _COORDINATES),
        (frozenset({"SCOORD"}), "SELECTED FROM", frozenset({"IMAGE"})),
        (frozenset({"TCOORD"}), "SELECTED FROM", frozenset({"SCOORD", "IMAGE", "WAVEFORM"})),
    )


def _comprehensive(space: frozenset[str]) -> Relations:
    coordinates = _COORDINATES | space
    findings = _TEXTS | {"NUM"} | _OBJECTS | coordinates
    contained = findings | _CONTAINER
    context = _TEXTS | {"NUM", "COMPOSITE"}
    relations: Relations = (
        (_CONTAINER, "CONTAINS", contained),
        (_FINDINGS | _CONTAINER, "HAS OBS CONTEXT", context),
        (_CONTAINER | _OBJECTS | {"NUM"}, "HAS ACQ CONTEXT", _TEXTS | {"NUM"} | _CONTAINER),
        (contained, "HAS CONCEPT MOD", frozenset({"TEXT", "CODE"})),
        (_FINDINGS, "HAS PROPERTIES", contained),
        (frozenset({"PNAME"}), "HAS PROPERTIES", _TEXTS),
        (_FINDINGS, "INFERRED FROM", contained),
        (frozenset({"SCOORD"}), "SELECTED FROM", frozenset({"IMAGE"})),
        (frozenset({"TCOORD"}), "SELECTED FROM", frozenset({"SCOORD", "IMAGE", "WAVEFORM"}) | space),
    )
    if space:
        relations += ((space, "SELECTED FROM", frozenset({"IMAGE"})),)
    return relations


def _basic() -> Relations:
    contained = _TEXTS | _OBJECTS | _CONTAINER
    return (
        (_CONTAINER, "CONTAINS", contained),
        (_CONTAINER, "HAS OBS CONTEXT", _TEXTS | {"COMPOSITE"}),
        (_CONTAINER | _OBJECTS, "HAS ACQ CONTEXT", _TEXTS),
        (contained, "HAS CONCEPT MOD", frozenset({"TEXT", "CODE"})),
        (frozenset({"TEXT"}), "HAS PROPERTIES", _TEXTS | _OBJECTS),
        (frozenset({"PNAME"}), "HAS PROPERTIES", _TEXTS),
        (frozenset({"TEXT", "CODE"}), "INFERRED FROM", _TEXTS | _OBJECTS),
    )


_SR = "1.2.840.10008.5.1.4.1.1.88."
_FLAT = _TEXTS | _OBJECTS | _CONTAINER
_ENHANCED = _FLAT | _COORDINATES | {"NUM"}
TABLES: dict[str, Table] = {
    f"{_SR}11": Table("Basic Text SR", "PS3.3 A.35.1.3.1.2", _FLAT, _basic()),
    f"{_SR}22": Table("Enhanced SR", "PS3.3 A.35.2.3.1.2", _ENHANCED, _enhanced()),
    f"{_SR}33": Table("Comprehensive SR", "PS3.3 A.35.3.3.1.2", _ENHANCED, _comprehensive(frozenset())),
    f"{_SR}34": Table("Comprehensive 3D SR", "PS3.3 A.35.13.3.1.2", _ENHANCED | _SPACE, _comprehensive(_SPACE)),
    f"{_SR}35": Table("Extensible SR", "PS3.3 A.35.15.3.1.2", _ENHANCED | _SPACE | {"TABLE"}, ()),
}
"""By SOP class; others are not constrained here."""


def is_allowed(table: Table, source: str, relationship: str, target: str) -> bool:
    """Tell whether a table allows a relationship.

    Parameters
    ----------
    table: Table
        Of the SOP class.
    source: str
        Value type of the parent.
    relationship: str
        Relationship of the child.
    target: str
        Value type of the child.
    """
    if target not in table.value_types:
        return False
    if not table.relations:
        return relationship != "CONTAINS" or source == "CONTAINER"
    return any(
        source in sources and relationship == one and target in targets for sources, one, targets in table.relations
    )
