"""Whether what is referenced is listed, once and as one thing (PS3.3 C.12.2, C.17.2, C.11.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hdcore.validation.codes import found
from hdcore.validation.elements import keyword_of_tag
from hdcore.validation.equal_items import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.equal_items import Rows
    from hdcore.validation.findings import Finding

__all__ = ["check_identity", "check_references"]

CLASS, INSTANCE = 0x00081150, 0x00081155
SERIES_LIST, OTHER_STUDIES = 0x00081115, 0x00081200
EVIDENCE, OTHER_EVIDENCE, CONTENT = 0x0040A375, 0x0040A385, 0x0040A730
_LISTS = frozenset({SERIES_LIST, OTHER_STUDIES, EVIDENCE, OTHER_EVIDENCE})
_NOT_LISTED = frozenset({
    0x0040A360,  # Predecessor Documents
    0x0040A525,  # Identical Documents
    0x0040A370,  # Referenced Request
    0x0040A390,  # HL7 Structured Document Reference
    0x04000550,  # Modified Attributes
    0x04000561,  # Original Attributes
    0x0040E021,  # DICOM Retrieval
    0x00081120, 0x00081110, 0x00081111,  # patient, study and performed procedure step
    0x00880200,  # icon
    0x00081250,  # related series
    0x00209172,  # Conversion Source Attributes, which are listed though their place in the module is their own
})  # fmt: skip
"""Sequences whose references need not be listed."""
_STUDY, _SERIES, _SELF, _FRAME_OF_REFERENCE = 0x0020000D, 0x0020000E, 0x00080018, 0x00200052


class Reference(NamedTuple):
    """A reference to an instance."""

    path: str
    sop_class: str
    instance: str
    places: int


def check_references(context: Context) -> Iterator[Finding]:
    """Check references to instances."""
    root = context.root
    listed = [one for tag in _LISTS for one in _references_below(root, tag)]
    used = [
        one
        for element in root
        if element.items and element.tag not in _LISTS and element.tag not in _NOT_LISTED
        for one in _references(element.items, keyword_of_tag(element.tag))
        if context.standard.iod_of(one.sop_class)
    ]
    yield from _check_classes([*listed, *used])
    yield from _check_repeated(listed)
    own = str(root.first(_SELF) or "")
    for reference in used:
        if reference.instance == own:
            yield found("REF005", f"{reference.path}/ReferencedSOPInstanceUID", "is the object itself")
    if _must_list(context):
        yield from _check_listed(context, used, {one.instance for one in listed})


def check_identity(context: Context) -> Iterator[Finding]:
    """Check that study, series, instance and frame of reference have UIDs of their own."""
    seen: dict[str, str] = {}
    for tag in (_STUDY, _SERIES, _SELF, _FRAME_OF_REFERENCE):
        uid, keyword = context.root.first(tag), keyword_of_tag(tag)
        if uid and uid in seen:
            yield found("UID001", keyword, f"is {uid}, which is {seen[uid]} too")
        elif uid:
            seen[str(uid)] = keyword


def _must_list(context: Context) -> bool:
    """Tell whether the definition has a list that references must be in."""
    if any(context.root.get(tag) is not None for tag in _LISTS):
        return True
    names = context.module_names
    if names & {"sr-document-content", "key-object-document"}:
        return True
    modules = context.standard.modules_of(context.iod) if context.iod else []
    return any(module.name == "common-instance-reference" and module.usage in ("M", "C") for module in modules)


def _check_listed(context: Context, used: Sequence[Reference], listed: set[str]) -> Iterator[Finding]:
    is_report = context.root.get(CONTENT) is not None
    where = "the evidence sequences" if is_report else "Referenced Series Sequence or the other studies' instances"
    reference = "PS3.3 C.17.2.3" if is_report else "PS3.3 C.12.2"
    missing: dict[str, Reference] = {}
    for one in used:
        if one.instance not in listed:
            missing.setdefault(one.instance, one)
    for one in missing.values():
        path = f"{one.path}/ReferencedSOPInstanceUID"
        yield found("REF001", path, f"is {one.instance}, which is not listed in {where}", reference, one.places)


def _check_classes(references: Sequence[Reference]) -> Iterator[Finding]:
    classes: dict[str, str] = {}
    for one in references:
        known = classes.setdefault(one.instance, one.sop_class)
        if known != one.sop_class:
            path = f"{one.path}/ReferencedSOPClassUID"
            yield found("REF002", path, f"is {one.sop_class}, but elsewhere the same instance is {known}")


def _check_repeated(listed: Sequence[Reference]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for one in listed:
        key = (one.path.partition("[")[0], one.instance)
        if key in seen and one.instance:
            yield found("REF003", f"{one.path}/ReferencedSOPInstanceUID", f"is {one.instance}, which is listed before")
        seen.add(key)


def _references_below(root: Item, tag: int) -> Iterator[Reference]:
    return _references(root.items(tag), keyword_of_tag(tag))


def _references(items: Sequence[Item], path: str) -> Iterator[Reference]:
    groups, single = rows_of(items)
    for rows in groups:
        yield from _references_in_rows(rows, path)
    for number in single:
        item = items[number]
        instance = item.get(INSTANCE)
        if instance is not None:
            yield Reference(f"{path}[{number}]", str(item.first(CLASS) or ""), instance.text, 1)
        for element in item:
            if element.items and element.tag not in _NOT_LISTED:
                yield from _references(element.items, f"{path}[{number}]/{keyword_of_tag(element.tag)}")


def _references_in_rows(rows: Rows, path: str) -> Iterator[Reference]:
    by_path = {column.path: column for column in rows.columns if column.length}
    for column in by_path.values():
        sop_class = by_path.get((*column.path[:-1], CLASS))
        if column.path[-1] != INSTANCE or sop_class is None or _NOT_LISTED & set(column.path[::2]):
            continue
        way = zip(column.path[:-1:2], column.path[1::2], strict=True)
        below = "".join(f"/{keyword_of_tag(tag)}[{item}]" for tag, item in way)
        for number, count, (named, instance) in rows.distinct(sop_class, column):
            yield Reference(f"{path}[{number}]{below}", named.text, instance.text, count)
