"""Which value types and relationships each SOP class allows (PS3.3 A.35, tables "Relationship Content Constraints").

A row of a table is written as in the standard: value types of the source, the relationship, value types of the target.
By-reference relationships are those that the section's text allows; ``None`` where it does not restrict them. Value
types are those of the section's list, and those that only its table has. What was taken from a program that checks
reports, since the text of the section was not at hand, is said beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TABLES", "Table", "is_allowed"]

_TEXTS = "TEXT CODE DATETIME DATE TIME UIDREF PNAME"
_TEXTS_WITHOUT_MOMENTS = "TEXT CODE DATETIME UIDREF PNAME"
_OBJECTS = "IMAGE WAVEFORM COMPOSITE"
_ANY = "*"

Relations = tuple[tuple[frozenset[str], str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a SOP class allows."""

    name: str
    """Name of the SOP class."""
    reference: str
    """Table of the standard."""
    value_types: frozenset[str]
    """Value types of content items."""
    relations: Relations
    """Value types of the parent, the relationship, value types of the child; empty if there are no constraints."""
    by_reference: frozenset[str] | None
    """Relationships that may be conveyed by reference; ``None`` if that is not restricted."""


def _table(
    name: str,
    reference: str,
    value_types: str,
    *rows: tuple[str, str, str],
    by_reference: tuple[str, ...] | None = (),
) -> Table:
    known = frozenset(value_types.split())

    def kinds(words: str) -> frozenset[str]:
        return known if words == _ANY else frozenset(words.split())

    return Table(
        name,
        f"PS3.3 table {reference}",
        known,
        tuple((kinds(sources), relationship, kinds(targets)) for sources, relationship, targets in rows),
        None if by_reference is None else frozenset(by_reference),
    )


_MODIFIERS = (_ANY, "HAS CONCEPT MOD", "TEXT CODE")
_OF_PERSONS = ("PNAME", "HAS PROPERTIES", _TEXTS)
_CONTAINED_CONTEXT = ("CONTAINER", "HAS OBS CONTEXT", "CONTAINER")
_IN_IMAGES = ("SCOORD", "SELECTED FROM", "IMAGE")

# PS3.3 A.35.1.3.1
_BASIC_TEXT = _table(
    "Basic Text SR",
    "A.35.1-2",
    f"{_TEXTS} {_OBJECTS} CONTAINER",
    ("CONTAINER", "CONTAINS", f"{_TEXTS} {_OBJECTS} CONTAINER"),
    ("CONTAINER", "HAS OBS CONTEXT", f"{_TEXTS} COMPOSITE"),
    _CONTAINED_CONTEXT,
    (f"CONTAINER {_OBJECTS}", "HAS ACQ CONTEXT", _TEXTS),
    _MODIFIERS,
    ("TEXT", "HAS PROPERTIES", f"{_TEXTS} {_OBJECTS}"),
    _OF_PERSONS,
    ("TEXT", "INFERRED FROM", f"{_TEXTS} {_OBJECTS}"),
)

# PS3.3 A.35.2.3.1
_ENHANCED = _table(
    "Enhanced SR",
    "A.35.2-2",
    f"{_TEXTS} NUM {_OBJECTS} SCOORD TCOORD CONTAINER",
    ("CONTAINER", "CONTAINS", f"{_TEXTS} NUM {_OBJECTS} SCOORD TCOORD CONTAINER"),
    ("CONTAINER", "HAS OBS CONTEXT", f"{_TEXTS} NUM COMPOSITE"),
    _CONTAINED_CONTEXT,
    (f"CONTAINER {_OBJECTS} NUM", "HAS ACQ CONTEXT", f"{_TEXTS} NUM"),
    _MODIFIERS,
    ("TEXT CODE NUM", "HAS PROPERTIES", f"{_TEXTS} NUM {_OBJECTS} SCOORD TCOORD"),
    _OF_PERSONS,
    ("TEXT CODE NUM", "INFERRED FROM", f"{_TEXTS} NUM {_OBJECTS} SCOORD TCOORD"),
    _IN_IMAGES,
    ("TCOORD", "SELECTED FROM", "SCOORD IMAGE WAVEFORM"),
)


def _comprehensive(name: str, reference: str, coordinates: str, *, timed: str) -> Table:
    contained = f"{_TEXTS} NUM {_OBJECTS} {coordinates} CONTAINER"
    return _table(
        name,
        reference,
        contained,
        ("CONTAINER", "CONTAINS", contained),
        ("TEXT CODE NUM CONTAINER", "HAS OBS CONTEXT", f"{_TEXTS} NUM COMPOSITE"),
        _CONTAINED_CONTEXT,
        (f"CONTAINER {_OBJECTS} NUM", "HAS ACQ CONTEXT", f"{_TEXTS} NUM CONTAINER"),
        _MODIFIERS,
        ("TEXT CODE NUM", "HAS PROPERTIES", contained),
        _OF_PERSONS,
        ("TEXT CODE NUM", "INFERRED FROM", contained),
        _IN_IMAGES,
        ("TCOORD", "SELECTED FROM", timed),
        by_reference=None,
    )


# PS3.3 A.35.3.3.1 and A.35.13.3.1
_COMPREHENSIVE = _comprehensive("Comprehensive SR", "A.35.3-2", "SCOORD TCOORD", timed="SCOORD IMAGE WAVEFORM")
_COMPREHENSIVE_3D = _comprehensive(
    "Comprehensive 3D SR", "A.35.13-2", "SCOORD SCOORD3D TCOORD", timed="SCOORD SCOORD3D IMAGE WAVEFORM"
)
# PS3.3 A.35.15.3.1
_EXTENSIBLE = _table(
    "Extensible SR",
    "A.35.15-2",
    f"{_TEXTS} NUM {_OBJECTS} SCOORD SCOORD3D TCOORD TABLE CONTAINER",
    by_reference=None,
)

_OF_SOURCES = "TEXT CODE NUM CONTAINER"
_CAD_CONTEXT = (_OF_SOURCES, "HAS OBS CONTEXT", "TEXT CODE NUM DATE TIME PNAME UIDREF COMPOSITE")
_CAD_MODIFIERS = ("CONTAINER CODE COMPOSITE NUM", "HAS CONCEPT MOD", "TEXT CODE")

# PS3.3 A.35.5.3.1.2 and A.35.5.3.1.3; UIDREF is in the table only.
_MAMMOGRAPHY_CAD = _table(
    "Mammography CAD SR",
    "A.35.5-2",
    "TEXT CODE NUM DATE TIME UIDREF PNAME SCOORD COMPOSITE IMAGE CONTAINER",
    ("CONTAINER", "CONTAINS", "CODE NUM SCOORD IMAGE CONTAINER TEXT DATE"),
    _CAD_CONTEXT,
    ("IMAGE", "HAS ACQ CONTEXT", "TEXT CODE DATE TIME NUM UIDREF"),
    _CAD_MODIFIERS,
    ("TEXT CODE NUM", "HAS PROPERTIES", "CONTAINER TEXT CODE NUM DATE IMAGE SCOORD UIDREF"),
    ("CODE NUM", "INFERRED FROM", "CODE NUM SCOORD CONTAINER TEXT IMAGE"),
    _IN_IMAGES,
    by_reference=("INFERRED FROM", "HAS PROPERTIES", "SELECTED FROM"),
)
# All of A.35.6-2 as in DCMTK, also what may be by reference; the value types are dciodvfy's too.
_CHEST_CAD = _table(
    "Chest CAD SR",
    "A.35.6-2",
    "TEXT CODE NUM DATE TIME UIDREF PNAME SCOORD TCOORD COMPOSITE IMAGE WAVEFORM CONTAINER",
    ("CONTAINER", "CONTAINS", "CODE NUM IMAGE CONTAINER"),
    _CAD_CONTEXT,
    ("IMAGE WAVEFORM", "HAS ACQ CONTEXT", "TEXT CODE NUM DATE TIME"),
    _CAD_MODIFIERS,
    ("TEXT CODE NUM", "HAS PROPERTIES", "CONTAINER TEXT CODE NUM DATE IMAGE WAVEFORM SCOORD TCOORD UIDREF"),
    ("CODE NUM", "INFERRED FROM", "CODE NUM IMAGE WAVEFORM SCOORD TCOORD CONTAINER TEXT"),
    _IN_IMAGES,
    ("TCOORD", "SELECTED FROM", "SCOORD IMAGE WAVEFORM"),
    by_reference=("INFERRED FROM", "HAS PROPERTIES", "SELECTED FROM"),
)
# PS3.3 A.35.10.3.1.3
_COLON_CAD = _table(
    "Colon CAD SR",
    "A.35.10-2",
    "TEXT CODE NUM DATE TIME UIDREF PNAME SCOORD SCOORD3D COMPOSITE IMAGE CONTAINER",
    ("CONTAINER", "CONTAINS", "CODE NUM IMAGE CONTAINER DATE TIME UIDREF"),
    _CAD_CONTEXT,
    ("IMAGE", "HAS ACQ CONTEXT", "TEXT CODE DATE TIME NUM CONTAINER"),
    _CAD_MODIFIERS,
    ("TEXT CODE NUM", "HAS PROPERTIES", "CONTAINER TEXT CODE NUM DATE IMAGE SCOORD SCOORD3D UIDREF"),
    ("CODE NUM", "INFERRED FROM", "CODE NUM SCOORD SCOORD3D CONTAINER TEXT IMAGE"),
    _IN_IMAGES,
    by_reference=("INFERRED FROM", "HAS ACQ CONTEXT"),
)

_LOGGED = "TEXT CODE NUM DATETIME UIDREF PNAME"
# PS3.3 A.35.7.3.1.4 forbids references; the rows of A.35.7-2 as in DCMTK, the value types are dciodvfy's too.
_PROCEDURE_LOG = _table(
    "Procedure Log",
    "A.35.7-2",
    f"{_TEXTS} NUM {_OBJECTS} CONTAINER",
    ("CONTAINER", "CONTAINS", f"TEXT CODE NUM PNAME {_OBJECTS}"),
    (_ANY, "HAS OBS CONTEXT", _LOGGED),
    (f"CONTAINER {_OBJECTS}", "HAS ACQ CONTEXT", f"{_TEXTS} NUM"),
    _MODIFIERS,
    (f"{_TEXTS} NUM {_OBJECTS}", "HAS PROPERTIES", _LOGGED),
    ("TEXT CODE NUM", "INFERRED FROM", _OBJECTS),
)

_IRRADIATED = f"{_TEXTS_WITHOUT_MOMENTS} NUM COMPOSITE IMAGE CONTAINER"


def _radiation_dose(name: str, reference: str, *, composites: str) -> Table:
    return _table(
        name,
        reference,
        f"{_IRRADIATED} DATE TIME",
        ("CONTAINER", "CONTAINS", _IRRADIATED),
        ("CONTAINER", "HAS OBS CONTEXT", f"{_TEXTS_WITHOUT_MOMENTS} CONTAINER"),
        (f"TEXT CODE NUM {composites}", "HAS OBS CONTEXT", f"{_TEXTS_WITHOUT_MOMENTS} NUM COMPOSITE"),
        ("CONTAINER IMAGE COMPOSITE", "HAS ACQ CONTEXT", f"{_TEXTS_WITHOUT_MOMENTS} NUM CONTAINER"),
        _MODIFIERS,
        (f"TEXT CODE NUM {composites}", "HAS PROPERTIES", _IRRADIATED),
        _OF_PERSONS,
        ("TEXT CODE NUM", "INFERRED FROM", "TEXT CODE NUM DATETIME UIDREF IMAGE COMPOSITE CONTAINER"),
    )


# PS3.3 A.35.8.3.1.2, A.35.8.3.1.3 (by value only; first row); the other rows of A.35.8-2 as in DCMTK, of which one has
# DATE and TIME, which the list of value types has not.
_XRAY_DOSE = _radiation_dose("X-Ray Radiation Dose SR", "A.35.8-2", composites="")
# All of A.35.18-2 as in DCMTK.
_PATIENT_DOSE = _radiation_dose("Patient Radiation Dose SR", "A.35.18-2", composites="COMPOSITE")
# PS3.3 A.35.14.3.1.3
_RADIOPHARMACEUTICAL_DOSE = _table(
    "Radiopharmaceutical Radiation Dose SR",
    "A.35.14-2",
    f"{_LOGGED} CONTAINER",
    ("CONTAINER", "CONTAINS", f"{_LOGGED} CONTAINER"),
    # The table has TEXT, CODE and NUM only; the observers that TID 10021 puts below the root need the container too.
    (_OF_SOURCES, "HAS OBS CONTEXT", _LOGGED),
    _CONTAINED_CONTEXT,
    ("CONTAINER", "HAS ACQ CONTEXT", f"{_LOGGED} CONTAINER"),
    _MODIFIERS,
    ("TEXT CODE NUM PNAME", "HAS PROPERTIES", f"{_LOGGED} CONTAINER"),
    ("TEXT CODE NUM", "INFERRED FROM", "TEXT CODE NUM DATETIME UIDREF CONTAINER"),
)

# PS3.3 A.35.12.3.1.2, A.35.12.3.1.3 (by value only; first two rows); the other rows of A.35.12-2 as in DCMTK.
_IMPLANTATION_PLAN = _table(
    "Implantation Plan SR",
    "A.35.12-2",
    "TEXT CODE NUM DATE UIDREF PNAME COMPOSITE IMAGE CONTAINER",
    ("CONTAINER", "CONTAINS", "CODE TEXT CONTAINER NUM IMAGE COMPOSITE UIDREF"),
    ("CONTAINER", "HAS OBS CONTEXT", "TEXT CODE NUM DATE UIDREF PNAME COMPOSITE CONTAINER"),
    _MODIFIERS,
    ("CODE COMPOSITE IMAGE NUM TEXT UIDREF", "HAS PROPERTIES", "COMPOSITE"),
)
# PS3.3 A.35.16.3.1.1 and A.35.16.3.1.2
_ACQUISITION_CONTEXT = _table(
    "Acquisition Context SR",
    "A.35.16-2",
    f"{_TEXTS} NUM SCOORD3D CONTAINER",
    ("CONTAINER", "CONTAINS", "CODE CONTAINER DATETIME NUM PNAME TEXT TIME UIDREF"),
    ("CONTAINER", "HAS OBS CONTEXT", f"{_TEXTS} NUM CONTAINER"),
    ("CODE", "HAS OBS CONTEXT", "CODE"),
    _MODIFIERS,
    ("CODE", "HAS PROPERTIES", "CODE DATETIME NUM SCOORD3D TEXT"),
)
# PS3.3 A.35.17.3.1.2 and A.35.17.3.1.3; COMPOSITE is in the table only.
_ADULT_ECHO = _table(
    "Simplified Adult Echo SR",
    "A.35.17-2",
    f"{_LOGGED} COMPOSITE IMAGE WAVEFORM SCOORD TCOORD CONTAINER",
    ("CONTAINER", "CONTAINS", f"{_LOGGED} CONTAINER"),
    (_OF_SOURCES, "HAS OBS CONTEXT", f"{_LOGGED} COMPOSITE"),
    ("CONTAINER", "HAS ACQ CONTEXT", f"{_LOGGED} CONTAINER"),
    _MODIFIERS,
    ("TEXT CODE NUM", "HAS PROPERTIES", f"{_LOGGED} CONTAINER"),
    ("TEXT CODE NUM", "INFERRED FROM", "TEXT CODE NUM DATETIME UIDREF IMAGE WAVEFORM SCOORD TCOORD CONTAINER"),
    _IN_IMAGES,
    ("TCOORD", "SELECTED FROM", "WAVEFORM"),
)

# PS3.3 A.35.9.3: all of A.35.9-2, by value only.
_SPECTACLES = _table(
    "Spectacle Prescription Report",
    "A.35.9-2",
    "TEXT CODE NUM CONTAINER",
    ("CONTAINER", "CONTAINS", "CONTAINER CODE NUM TEXT"),
)
# All of A.35.11-2 as in DCMTK.
_MACULAR_GRID = _table(
    "Macular Grid Thickness and Volume Report",
    "A.35.11-2",
    "TEXT CODE NUM DATE UIDREF PNAME IMAGE CONTAINER",
    ("CONTAINER", "CONTAINS", "TEXT CODE NUM CONTAINER"),
    ("CONTAINER", "HAS OBS CONTEXT", "TEXT CODE NUM DATE UIDREF PNAME CONTAINER"),
    ("NUM", "HAS OBS CONTEXT", "TEXT"),
    (_ANY, "HAS CONCEPT MOD", "CODE"),
    ("NUM", "INFERRED FROM", "IMAGE"),
)


def _imaging_agent(name: str, reference: str, objects: str) -> Table:
    values = "TEXT CODE NUM DATETIME DATE UIDREF PNAME"
    return _table(
        name,
        reference,
        f"{values} {objects} CONTAINER",
        ("CONTAINER", "CONTAINS", f"{values} {objects} CONTAINER"),
        (_OF_SOURCES, "HAS OBS CONTEXT", f"{values} COMPOSITE" if objects else values),
        _CONTAINED_CONTEXT,
        (f"CONTAINER NUM {objects}", "HAS ACQ CONTEXT", f"{values} CONTAINER"),
        _MODIFIERS,
        ("TEXT CODE NUM", "HAS PROPERTIES", f"{values} {objects} CONTAINER"),
        ("PNAME", "HAS PROPERTIES", "TEXT CODE DATETIME DATE UIDREF PNAME"),
        ("TEXT CODE NUM", "INFERRED FROM", f"{values} {objects} CONTAINER"),
    )


# PS3.3 A.35.19.3.1.2, A.35.19.3.1.3 (by value only; first rows); the other rows of A.35.19-2, and A.35.20-2, as in
# DCMTK.
_PLANNED_AGENT = _imaging_agent("Planned Imaging Agent Administration SR", "A.35.19-2", "")
_PERFORMED_AGENT = _imaging_agent("Performed Imaging Agent Administration SR", "A.35.20-2", _OBJECTS)

_SR = "1.2.840.10008.5.1.4.1.1.88."
TABLES: dict[str, Table] = {
    f"{_SR}11": _BASIC_TEXT,
    f"{_SR}22": _ENHANCED,
    f"{_SR}33": _COMPREHENSIVE,
    f"{_SR}34": _COMPREHENSIVE_3D,
    f"{_SR}35": _EXTENSIBLE,
    f"{_SR}40": _PROCEDURE_LOG,
    f"{_SR}50": _MAMMOGRAPHY_CAD,
    f"{_SR}65": _CHEST_CAD,
    f"{_SR}67": _XRAY_DOSE,
    f"{_SR}68": _RADIOPHARMACEUTICAL_DOSE,
    f"{_SR}69": _COLON_CAD,
    f"{_SR}70": _IMPLANTATION_PLAN,
    f"{_SR}71": _ACQUISITION_CONTEXT,
    f"{_SR}72": _ADULT_ECHO,
    f"{_SR}73": _PATIENT_DOSE,
    f"{_SR}74": _PLANNED_AGENT,
    f"{_SR}75": _PERFORMED_AGENT,
    "1.2.840.10008.5.1.4.1.1.78.6": _SPECTACLES,
    "1.2.840.10008.5.1.4.1.1.79.1": _MACULAR_GRID,
}
"""By SOP class."""


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
