"""What must hold of key object selections beyond the tables of the standard (PS3.3 A.35.4, PS3.16 TID 2010)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.content import instances_of, referenced_instances, relationship_of, root_of, rows, walk
from hdcore.content.attributes import CONCEPT_NAME
from hdcore.content.encoded import concept_of
from hdcore.content.item import value_type_of
from hdcore.validation import equals, finding, rule

from hdcore_ko.selection import KeyObjectSelection, modifier_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["RULES"]

_TEMPLATE = "PS3.16 TID 2010"
_ALLOWED = {
    ("CONTAINER", "CONTAINS"): {"TEXT", "IMAGE", "WAVEFORM", "COMPOSITE"},
    ("CONTAINER", "HAS OBS CONTEXT"): {"TEXT", "CODE", "UIDREF", "PNAME"},
    ("CONTAINER", "HAS CONCEPT MOD"): {"CODE"},
}
"""Value types of the items that a relationship may lead to (PS3.3 table A.35.4-2)."""


@rule("KO002", ref="PS3.3 A.35.4.3.1.2")
def relationships_are_those_of_the_class(dataset: Dataset) -> Iterator[Draft]:
    """Content items of a key object selection stand directly below the root, in the relationships of its table."""
    for level, item in walk(root_of(dataset)):
        source = "CONTAINER" if level == 0 else "a lower level"
        allowed = _ALLOWED.get((source, relationship_of(item)), set())
        if value_type_of(item) not in allowed:
            yield finding("ContentSequence", f"has {value_type_of(item)} in {relationship_of(item)!r} below {source}")


@rule("KO003", ref=_TEMPLATE)
def content_follows_the_template(dataset: Dataset) -> Iterator[Draft]:
    """The content must follow the rows of TID 2010."""
    for path, message, is_error in _content(dataset).deviations():
        yield finding("ContentSequence", f"{path} {message}", severity=None if is_error else "warning")


@rule("KO004", ref="PS3.16 CID 7010", severity="warning")
def title_is_of_the_context_group(dataset: Dataset) -> Iterator[Draft]:
    """The document title should be of context group 7010."""
    from pydicom.sr.codedict import codes

    title = concept_of(root_of(dataset), CONCEPT_NAME)
    if title is None:
        yield finding("ConceptNameCodeSequence", "has no title")
    elif title not in codes.cid7010.concepts.values():
        yield finding("ConceptNameCodeSequence", f"is {title.meaning!r}")


@rule("KO005", ref=_TEMPLATE, severity="warning")
def rejections_say_why(dataset: Dataset) -> Iterator[Draft]:
    """A title of rejected, faulty or best instances has a modifier that says why, or of what."""
    # no error: archives write rejections without a reason, and highdicom has no parameter for one
    title = concept_of(root_of(dataset), CONCEPT_NAME)
    group = None if title is None else modifier_group(title)
    if title is None or group is None:
        return
    modifiers = [modifier for modifier in _content(dataset).title_modifiers if modifier is not None]
    if not modifiers:
        yield finding("ContentSequence", f"has no Document Title Modifier (CID {group}) for {title.meaning!r}")
    elif not any(rows.is_in_context_group(modifier, group) for modifier in modifiers):
        named = ", ".join(repr(modifier.meaning) for modifier in modifiers)
        yield finding("ContentSequence", f"has Document Title Modifier {named}, none of CID {group}")


@rule("KO006", ref="PS3.3 C.17.6.2")
def evidence_covers_references(dataset: Dataset) -> Iterator[Draft]:
    """All instances that the content refers to must be named as evidence."""
    known = {instance.sop_instance_uid for instance in instances_of(dataset)}
    for uid in referenced_instances(dataset):
        if uid not in known:
            yield finding("CurrentRequestedProcedureEvidenceSequence", f"does not name {uid}")


@rule("KO007", ref=_TEMPLATE)
def there_is_something_selected(dataset: Dataset) -> Iterator[Draft]:
    """A selection refers to at least one instance."""
    if not _content(dataset).get_references():
        yield finding("ContentSequence", "refers to no instance")


@rule("KO008", ref="PS3.3 C.17.6.2")
def evidence_is_what_is_selected(dataset: Dataset) -> Iterator[Draft]:
    """Evidence of a key object selection is what the content refers to, of all studies in one sequence."""
    if "PertinentOtherEvidenceSequence" in dataset:
        yield finding("PertinentOtherEvidenceSequence", "is present; its items belong into the current evidence")
    selected = referenced_instances(dataset)
    others = [one for one in instances_of(dataset, True) if one.sop_instance_uid not in selected]
    if others:
        named = f"{others[0].sop_instance_uid}{', …' if len(others) > 1 else ''}"
        yield finding(
            "CurrentRequestedProcedureEvidenceSequence", f"names {named}, not referred to", severity="warning"
        )


@rule("KO009", ref="PS3.3 C.17.6.2.1", severity="warning")
def studies_have_identical_documents(dataset: Dataset) -> Iterator[Draft]:
    """A selection from its own study and others is stored in each of them, as documents that name one another."""
    own = str(dataset.get("StudyInstanceUID"))
    studies = {str(one.study_instance_uid) for one in instances_of(dataset)}
    named = {str(one.get("StudyInstanceUID")) for one in dataset.get("IdenticalDocumentsSequence") or ()}
    if own in studies and (missing := studies - named - {own}):
        yield finding("IdenticalDocumentsSequence", f"names no document in study {', '.join(sorted(missing))}")


def _content(dataset: Dataset) -> KeyObjectSelection:
    return KeyObjectSelection.of([root_of(dataset)], is_root=True)


RULES = [
    equals("KO001", "Modality", "KO", ref="PS3.3 C.17.6.1"),
    relationships_are_those_of_the_class,
    content_follows_the_template,
    title_is_of_the_context_group,
    rejections_say_why,
    evidence_covers_references,
    there_is_something_selected,
    evidence_is_what_is_selected,
    studies_have_identical_documents,
]
