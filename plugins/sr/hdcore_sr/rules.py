"""What must hold of structured reports beyond the tables of the standard (PS3.3 A.35, C.17, PS3.16 TID 1500)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hdcore.content import (
    Template,
    children_of,
    concept_key,
    duplicate,
    instances_of,
    referenced_instances,
    relationship_of,
    root_of,
)
from hdcore.content import attributes as at
from hdcore.content.code import missing_of_code
from hdcore.content.container import template_id_of
from hdcore.content.encoded import concept_of, text_of
from hdcore.content.item import name_key, value_type_of
from hdcore.content.number import measured_of, number_of
from hdcore.content.reference import reference_of
from hdcore.content.rows import is_in_context_group
from hdcore.errors import InputError
from hdcore.model.element import elements_of
from hdcore.model.making import tag_of
from hdcore.validation import equals, finding, required_if, rule

from hdcore_sr import vocabulary as v
from hdcore_sr.relationships import TABLES
from hdcore_sr.report import MeasurementReport
from hdcore_sr.structure import misplaced, places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.content import Concept
    from hdcore.validation import Draft, Rule
    from pydicom.dataset import Dataset

__all__ = ["RULES", "findings_of", "rule_of"]

_CODE_SEQUENCES = {
    at.CONCEPT_NAME: "ConceptNameCodeSequence",
    at.CONCEPT_CODE: "ConceptCodeSequence",
    at.NUMERIC_VALUE_QUALIFIER: "NumericValueQualifierCodeSequence",
}
_SUGGESTED_VALUES = {concept_key(v.FINDING_SITE): 4031, concept_key(v.PROCEDURE_REPORTED): 100}
"""Baseline context groups of values, by concept name (TID 1500, 1419)."""
_PROCEDURE_LOG = "1.2.840.10008.5.1.4.1.1.88.40"
_OBSERVATION_DATE_TIME = tag_of("ObservationDateTime")
_MOMENT = re.compile(r"([0-9.]+)([+-][0-9]{4})?")
_MUST_BE_NAMED = frozenset({"TEXT", "CODE", "NUM", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME"})


@rule("SR002", ref="PS3.3 A.35")
def relationships_are_those_of_the_class(dataset: Dataset) -> Iterator[Draft]:
    """Value types and relationships must be those that the table of the SOP class allows."""
    table = TABLES.get(str(dataset.SOPClassUID))
    if table is None:
        return
    for place, message in misplaced(dataset, table):
        yield finding(f"{place.path}/RelationshipType", f"is not allowed: {table.name} has no {message}")


@rule("SR003", ref="PS3.3 8.8")
def coded_entries_are_complete(dataset: Dataset) -> Iterator[Draft]:
    """Coded entries need a code value, a scheme designator and a meaning."""
    complete: set[bytes] = set()  # the same few entries come back thousands of times
    for place in places_of(dataset):
        elements = elements_of(place.item)
        for tag, keyword in _CODE_SEQUENCES.items():
            if tag not in elements:
                continue
            encoded = elements[tag].value if elements[tag].is_raw else None
            if encoded in complete:
                continue
            codes = duplicate(place.item)[tag].value
            if len(codes) != 1:
                yield finding(f"{place.path}/{keyword}", f"has {len(codes)} items, expected one")
            for code in codes:
                for missing in missing_of_code(code):
                    yield finding(f"{place.path}/{keyword}", f"has no {missing}")
            if encoded and len(codes) == 1 and not missing_of_code(codes[0]):
                complete.add(encoded)


@rule("SR004", ref="PS3.3 C.17.3.2")
def items_with_values_are_named(dataset: Dataset) -> Iterator[Draft]:
    """Content items that hold texts, codes, numbers, dates, names or identifiers need a concept name."""
    for place in places_of(dataset):
        if value_type_of(place.item) in _MUST_BE_NAMED and at.CONCEPT_NAME not in elements_of(place.item):
            yield finding(f"{place.path}/ConceptNameCodeSequence", "is missing")


@rule("SR005", ref="PS3.3 C.18.1")
def numbers_have_a_value_or_a_reason(dataset: Dataset) -> Iterator[Draft]:
    """Numbers need a value with a unit, or a qualifier that says why there is none."""
    for place in places_of(dataset):
        if value_type_of(place.item) != "NUM":
            continue
        measured = measured_of(place.item)
        if at.MEASURED_VALUE not in elements_of(place.item):
            yield finding(f"{place.path}/MeasuredValueSequence", "is missing")
        elif measured is None and at.NUMERIC_VALUE_QUALIFIER not in elements_of(place.item):
            message = "is empty, and no qualifier says why"
            yield finding(f"{place.path}/MeasuredValueSequence", message, severity="warning")
        elif measured is not None and number_of(measured) is None:
            yield finding(f"{place.path}/MeasuredValueSequence", "has no number")
        elif measured is not None and at.UNITS not in measured[0]:
            yield finding(f"{place.path}/MeasuredValueSequence", "has no unit")


@rule("SR006", ref="PS3.3 C.17.2.3")
def evidence_covers_references(dataset: Dataset) -> Iterator[Draft]:
    """All instances that the content refers to must be named as evidence."""
    known = {instance.sop_instance_uid for instance in instances_of(dataset)}
    for uid in referenced_instances(dataset):
        if uid not in known:
            yield finding("CurrentRequestedProcedureEvidenceSequence", f"does not name {uid}")


@rule("SR007", ref="PS3.3 C.18.9")
def coordinates_in_space_have_a_frame_of_reference(dataset: Dataset) -> Iterator[Draft]:
    """Coordinates in space need a frame of reference."""
    for place in places_of(dataset):
        if value_type_of(place.item) == "SCOORD3D" and not text_of(place.item, at.REFERENCED_FRAME_OF_REFERENCE_UID):
            yield finding(f"{place.path}/ReferencedFrameOfReferenceUID", "is missing")


@rule("SR008", ref="PS3.3 C.18.6")
def coordinates_in_an_image_have_an_image(dataset: Dataset) -> Iterator[Draft]:
    """Coordinates in an image must be selected from an image."""
    for place in places_of(dataset):
        if value_type_of(place.item) == "SCOORD":
            selected = [child for child in children_of(place.item) if relationship_of(child) == "SELECTED FROM"]
            if not selected:
                yield finding(f"{place.path}/ContentSequence", "holds no image that the coordinates are selected from")


@rule("SR012", ref="PS3.3 C.18.6.1.1", severity="warning")
def coordinates_are_in_the_image(dataset: Dataset) -> Iterator[Draft]:
    """Coordinates count from the image's top left corner; negative ones lie outside of it."""
    for place in places_of(dataset):
        if value_type_of(place.item) == "SCOORD" and _is_negative(place.item):
            yield finding(f"{place.path}/GraphicData", "has negative coordinates")


def _is_negative(item: Any) -> bool:
    try:
        return bool((item.value < 0).any())
    except InputError:  # no pairs of numbers, which SRX004 of the core tells
        return False


@rule("SR009", ref="PS3.3 table 10-3")
def references_name_frames_or_segments(dataset: Dataset) -> Iterator[Draft]:
    """A reference to an image names frames or segments, not both."""
    for place in places_of(dataset):
        reference = reference_of(place.item)
        if reference is not None and "ReferencedFrameNumber" in reference and "ReferencedSegmentNumber" in reference:
            yield finding(f"{place.path}/ReferencedSOPSequence", "names frames and segments")


@rule("SR010", ref="PS3.16 TID 1500")
def content_follows_the_measurement_template(dataset: Dataset) -> Iterator[Draft]:
    """A measurement report must follow the rows of TID 1500 and of the templates that it includes."""
    root = root_of(dataset)
    if template_id_of(root) == MeasurementReport.TID:
        yield from findings_of(MeasurementReport.of([root], is_root=True))


@rule("SR013", ref="PS3.16 TID 1500", severity="info")
def concepts_are_those_suggested(dataset: Dataset) -> Iterator[Draft]:
    """Concepts that the baseline context groups do not have may not be understood by others."""
    if template_id_of(root_of(dataset)) != MeasurementReport.TID:
        return
    told = set()
    for place in places_of(dataset):
        for keyword, concept, groups in _suggestions(place.item):
            if concept is None or (concept, groups) in told or any(is_in_context_group(concept, one) for one in groups):
                continue
            told.add((concept, groups))
            listed = " or ".join(map(str, groups))
            yield finding(f"{place.path}/{keyword}", f"is {concept.meaning!r}, which is not of CID {listed}")


@rule("SR014", ref="PS3.3 C.18.8", severity="warning")
def templates_are_named(dataset: Dataset) -> Iterator[Draft]:
    """A measurement report, and groups of measurements, say which template they follow."""
    title = concept_of(dataset, at.CONCEPT_NAME)
    if title is not None and is_in_context_group(title, 7021) and not template_id_of(root_of(dataset)):
        yield finding("ContentTemplateSequence", f"is missing; the document is titled {title.meaning!r} (TID 1500)")
    group = concept_key(v.MEASUREMENT_GROUP)
    unnamed = [
        place for place in places_of(dataset) if name_key(place.item) == group and not template_id_of(place.item)
    ]
    if unnamed:
        message = f"is missing, here and in {len(unnamed) - 1} other groups of measurements (TID 1410, 1411 or 1501)"
        yield finding(f"{unnamed[0].path}/ContentTemplateSequence", message)


@rule("SR015", ref="PS3.3 A.35.7.3.1.2")
def log_entries_are_in_the_order_of_time(dataset: Dataset) -> Iterator[Draft]:
    """Entries of a procedure log have an Observation DateTime, none earlier than that of an entry before."""
    if str(dataset.SOPClassUID) != _PROCEDURE_LOG:
        return
    latest = ""
    for index, entry in enumerate(children_of(dataset)):
        if relationship_of(entry) != "CONTAINS":
            continue
        path, time = f"ContentSequence[{index}]/ObservationDateTime", text_of(entry, _OBSERVATION_DATE_TIME)
        if not time:
            yield finding(path, "is missing")
        elif _is_earlier(time, latest):
            yield finding(path, f"is {time}, after an entry of {latest}")
        else:
            latest = time


def _is_earlier(time: str, other: str) -> bool:
    """Compare as far as both are exact; what is of different offsets from UTC is not compared."""
    one, two = _MOMENT.fullmatch(time), _MOMENT.fullmatch(other)
    if one is None or two is None or one[2] != two[2]:
        return False
    digits = min(len(one[1]), len(two[1]))
    return one[1][:digits] < two[1][:digits]


def _suggestions(item: Any) -> Iterator[tuple[str, Concept | None, tuple[int, ...]]]:
    if value_type_of(item) == "NUM" and relationship_of(item) == "CONTAINS":
        yield "ConceptNameCodeSequence", concept_of(item, at.CONCEPT_NAME), (7469, 7468)
    elif (group := _SUGGESTED_VALUES.get(name_key(item) or ("", ""))) is not None:
        yield "ConceptCodeSequence", concept_of(item, at.CONCEPT_CODE), (group,)


def findings_of(template: Template) -> Iterator[Draft]:
    """Make findings of what differs from a template's rows; for rules about templates of your own.

    Parameters
    ----------
    template: hdcore.content.Template
        The template, as read.

    Yields
    ------
    hdcore.validation.Draft
        One for each deviation; a warning where the template only advises.
    """
    for path, message, is_error in template.deviations():
        yield finding("ContentSequence", f"{path} {message}", severity=None if is_error else "warning")


def rule_of(template: type[Template], code: str, ref: str = "") -> Rule:
    """Make the rule that content that names a template follows its rows; for templates of your own.

    Parameters
    ----------
    template: type[hdcore.content.Template]
        The template's class, which has a number (``TID``).
    code: str
        Code of the rule, stable and unique, such as ``"SITE001"``.
    ref: str, optional
        Where the template is defined.

    Returns
    -------
    hdcore.validation.Rule
        The rule, for the hook ``hdcore_rules``.

    Raises
    ------
    ValueError
        If the template has no number, by which content names it.
    """
    if not template.TID:
        raise InputError(f"{template.__name__} has no TID, by which content would name it.")

    def follows(dataset: Dataset) -> Iterator[Draft]:
        root = root_of(dataset)
        if template_id_of(root) == template.TID:
            yield from findings_of(template.of([root], is_root=True))

    follows.__doc__ = f"Content of template {template.TID} must follow its rows ({template.__name__})."
    return rule(code, ref=ref)(follows)


RULES = [
    equals("SR001", "Modality", "SR", ref="PS3.3 C.17.1"),
    relationships_are_those_of_the_class,
    coded_entries_are_complete,
    items_with_values_are_named,
    numbers_have_a_value_or_a_reason,
    evidence_covers_references,
    coordinates_in_space_have_a_frame_of_reference,
    coordinates_in_an_image_have_an_image,
    coordinates_are_in_the_image,
    references_name_frames_or_segments,
    content_follows_the_measurement_template,
    concepts_are_those_suggested,
    templates_are_named,
    log_entries_are_in_the_order_of_time,
    required_if("SR011", "VerifyingObserverSequence", "VerificationFlag == 'VERIFIED'", ref="PS3.3 C.17.2"),
]
