"""Content trees of structured reports and key object selections (PS3.3 C.17.3, A.35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.model.references import SINGLE_FRAME_SOP_CLASS_UIDS, has_no_segments
from hdcore.validation.codes import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.findings import Finding

__all__ = ["check_content"]

CONTENT, VALUE_TYPE, RELATIONSHIP, BY_REFERENCE = 0x0040A730, 0x0040A040, 0x0040A010, 0x0040DB73
GRAPHIC_TYPE, GRAPHIC_DATA, RANGE_TYPE = 0x00700023, 0x00700022, 0x0040A130
CONCEPT_NAME, CONCEPT_CODE = 0x0040A043, 0x0040A168
REFERENCE, SOP_CLASS, FRAME, SEGMENT = 0x00081199, 0x00081150, 0x00081160, 0x0062000B

_TEXTS = ("TEXT", "CODE", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME")
_BASIC = frozenset({*_TEXTS, "COMPOSITE", "IMAGE", "WAVEFORM", "CONTAINER"})
_ENHANCED = _BASIC | {"NUM", "SCOORD", "TCOORD"}
_SPATIAL = _ENHANCED | {"SCOORD3D"}
_ANY = _SPATIAL | {"TABLE"}
_SR = "1.2.840.10008.5.1.4.1.1.88."
VALUE_TYPES = {
    f"{_SR}11": _BASIC,
    f"{_SR}22": _ENHANCED,
    f"{_SR}33": _ENHANCED,
    f"{_SR}34": _SPATIAL,
    f"{_SR}35": _ANY,
    f"{_SR}59": frozenset({"TEXT", "CODE", "UIDREF", "PNAME", "COMPOSITE", "IMAGE", "WAVEFORM", "CONTAINER"}),
}
"""Value types of each SOP class (PS3.3 A.35.1.3.1 and so on); of others, any."""
_WITHOUT_REFERENCES = frozenset({f"{_SR}11", f"{_SR}22", f"{_SR}59"})
"""SOP classes whose content items may not point at others in the tree."""
_REFERENCES = frozenset({"IMAGE", "WAVEFORM", "COMPOSITE"})
_FINDINGS = frozenset({"TEXT", "CODE", "NUM"})
RELATIONSHIPS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "CONTAINS": (frozenset({"CONTAINER"}), _ANY),
    "HAS OBS CONTEXT": (_FINDINGS | {"CONTAINER"}, frozenset({*_TEXTS, "NUM", "COMPOSITE", "CONTAINER"})),
    "HAS CONCEPT MOD": (_ANY, frozenset({"TEXT", "CODE"})),
    "HAS PROPERTIES": (_FINDINGS | _REFERENCES | {"PNAME", "TABLE"}, _ANY),
    "HAS ACQ CONTEXT": (
        _REFERENCES | {"CONTAINER", "NUM", "SCOORD", "SCOORD3D", "TCOORD"},
        frozenset({*_TEXTS, "NUM", "CONTAINER", "TABLE"}),
    ),
    "INFERRED FROM": (_FINDINGS | {"TABLE"}, _ANY),
    "SELECTED FROM": (
        frozenset({"SCOORD", "SCOORD3D", "TCOORD"}),
        frozenset({"IMAGE", "WAVEFORM", "SCOORD", "SCOORD3D", "TCOORD"}),
    ),
}
"""Value types of source and target of each relationship, over all SR classes (PS3.3 tables A.35.*-2)."""
_GRAPHICS = {
    "SCOORD": (2, {"POINT": (1, 1), "MULTIPOINT": (1, 0), "POLYLINE": (2, 0), "CIRCLE": (2, 2), "ELLIPSE": (4, 4)}),
    "SCOORD3D": (
        3,
        {"POINT": (1, 1), "MULTIPOINT": (1, 0), "POLYLINE": (2, 0), "POLYGON": (3, 0), "ELLIPSE": (4, 4),
         "ELLIPSOID": (6, 6)},
    ),
}  # fmt: skip
"""Coordinates of a point; least and most points of each graphic type (PS3.3 C.18.6.1.2, C.18.9.1.2)."""

_POINTS_IN_TIME = {"POINT": 1, "SEGMENT": 2, "BEGIN": 1, "END": 1}
_TIMES = {
    "ReferencedSamplePositions": 0x0040A132,
    "ReferencedTimeOffsets": 0x0040A138,
    "ReferencedDateTime": 0x0040A13A,
}
"""Numbers of points of a range in time (PS3.3 C.18.7.1.1), and where they are."""


def check_content(context: Context) -> Iterator[Finding]:
    """Check the content tree."""
    root = context.root
    if "sr-document-content" not in context.module_names:
        return
    if root.first(VALUE_TYPE) not in (None, "CONTAINER"):
        yield found("SRX001", "ValueType", f"is {root.first(VALUE_TYPE)!r}; the root of a document is a CONTAINER")
    if root.get(RELATIONSHIP) is not None:
        yield found("SRX002", "RelationshipType", "is there; the root of a document is related to nothing")
    yield from _check_children(context, root, "")


def _check_children(context: Context, item: Item, prefix: str) -> Iterator[Finding]:
    source = str(item.first(VALUE_TYPE) or "")
    for number, child in enumerate(item.items(CONTENT)):
        path = f"{prefix}ContentSequence[{number}]/"
        if child.get(BY_REFERENCE) is not None:
            yield from _check_by_reference(context, child, path, source)
            continue
        target = str(child.first(VALUE_TYPE) or "")
        if not target:
            yield found("SRX003", f"{path}ValueType", "is missing from a content item")
        yield from _check_value_type(context, target, path)
        yield from _check_relationship(child, path, source, target)
        if target in _GRAPHICS:
            yield from _check_graphic(child, path, target)
        elif target == "TCOORD":
            yield from _check_times(child, path)
        elif target == "IMAGE":
            yield from _check_reference(child, path)
        yield from _check_children(context, child, path)


def _check_value_type(context: Context, target: str, path: str) -> Iterator[Finding]:
    allowed = VALUE_TYPES.get(context.sop_class, _ANY)
    if target and target not in allowed:
        what = "does not exist" if target not in _ANY else "this SR class does not have"
        yield found("SRX001", f"{path}ValueType", f"is {target!r}, which {what}")


def _check_relationship(child: Item, path: str, source: str, target: str) -> Iterator[Finding]:
    relationship = str(child.first(RELATIONSHIP) or "")
    path = f"{path}RelationshipType"
    if not relationship:
        yield found("SRX002", path, "is missing from a content item below the root")
    elif relationship not in RELATIONSHIPS:
        yield found("SRX002", path, f"is {relationship!r}; expected one of {', '.join(RELATIONSHIPS)}")
    else:
        sources, targets = RELATIONSHIPS[relationship]
        if (source in _ANY and source not in sources) or (target in _ANY and target not in targets):
            yield found("SRX002", path, f"is {relationship!r}, which {source} cannot have to {target}")


def _check_by_reference(context: Context, child: Item, path: str, source: str) -> Iterator[Finding]:
    path = f"{path}ReferencedContentItemIdentifier"
    if context.sop_class in _WITHOUT_REFERENCES:
        yield found("SRX002", path, "is there; this SR class has no relationships by reference")
        return
    steps = child.elements[BY_REFERENCE].values
    target: Item | None = context.root
    for step in steps[1:]:
        items = target.items(CONTENT) if target is not None else ()
        target = items[step - 1] if isinstance(step, int) and 0 < step <= len(items) else None
    if steps[:1] != [1] or target is None:
        yield found("SRX005", path, f"is {steps}, which leads to no content item")
        return
    yield from _check_relationship(child, path.rpartition("/")[0] + "/", source, str(target.first(VALUE_TYPE) or ""))


def _check_reference(child: Item, path: str) -> Iterator[Finding]:
    for number, reference in enumerate(child.items(REFERENCE)):
        sop_class = str(reference.first(SOP_CLASS) or "")
        place = f"{path}ReferencedSOPSequence[{number}]/"
        if reference.get(FRAME) is not None and sop_class in SINGLE_FRAME_SOP_CLASS_UIDS:
            yield found("SRX006", f"{place}ReferencedFrameNumber", f"is there; images of {sop_class} have one frame")
        if reference.get(SEGMENT) is not None and has_no_segments(sop_class):
            yield found("SRX006", f"{place}ReferencedSegmentNumber", f"is there; {sop_class} has no segments")


def _check_times(child: Item, path: str) -> Iterator[Finding]:
    kind = str(child.first(RANGE_TYPE) or "")
    for keyword, tag in _TIMES.items():
        element = child.get(tag)
        count = 0 if element is None else len(element.values)
        if not count:
            continue
        if (kind in _POINTS_IN_TIME and count != _POINTS_IN_TIME[kind]) or (kind == "MULTISEGMENT" and count % 2):
            wanted = _POINTS_IN_TIME.get(kind, "an even number of them")
            yield found("SRX007", f"{path}{keyword}", f"has {count} value(s); {kind} takes {wanted}")


def _check_graphic(child: Item, path: str, value_type: str) -> Iterator[Finding]:
    dimensions, types = _GRAPHICS[value_type]
    graphic, data = str(child.first(GRAPHIC_TYPE) or ""), child.get(GRAPHIC_DATA)
    if graphic and graphic not in types:
        listed = ", ".join(types)
        yield found("SRX004", f"{path}GraphicType", f"is {graphic!r}; {value_type} has one of {listed}")
        return
    if not graphic or data is None or data.is_empty:
        return
    count, rest = divmod(len(data.values), dimensions)
    least, most = types[graphic]
    if rest or count < least or (most and count > most):
        points = f"{least} points" if least == most else f"at least {least} points"
        message = f"has {len(data.values)} values; {graphic} takes {points} of {dimensions} coordinates"
        yield found("SRX004", f"{path}GraphicData", message)
    elif value_type == "SCOORD3D" and graphic == "POLYGON" and data.values[:3] != data.values[-3:]:
        yield found("SRX004", f"{path}GraphicData", "describes a POLYGON whose last point is not its first")
