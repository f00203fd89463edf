"""Reports as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content import Concept, concept_key
from hdcore.content import attributes as at
from hdcore.content.bulk import collection_paused
from hdcore.content.encoded import concept_of, text_of
from hdcore.content.glance import glance
from hdcore.content.item import name_key, value_type_of
from hdcore.content.number import measured_of, number_of, unit_of
from hdcore.content.reference import reference_of
from hdcore.content.search import walk

from hdcore_sr import vocabulary as v
from hdcore_sr.group_search import referring_items

if TYPE_CHECKING:
    from hdcore_sr.groups import MeasurementGroup
    from hdcore_sr.report import MeasurementReport

__all__ = ["COLUMNS", "dataframe_of", "records_of"]

COLUMNS = (
    "group",
    "template",
    "tracking_identifier",
    "tracking_uid",
    "finding",
    "finding_code",
    "finding_site",
    "finding_site_code",
    "laterality",
    "laterality_code",
    "kind",
    "name",
    "name_code",
    "value",
    "unit",
    "value_code",
    "qualifier",
    "qualifier_code",
    "method",
    "method_code",
    "derivation",
    "derivation_code",
    "sop_instance_uid",
    "frame_numbers",
)
"""Columns of the table: a row for each measurement and evaluation, in the order of the report."""

_TRACKING = concept_key(v.TRACKING_IDENTIFIER)
_TRACKING_UID = concept_key(v.TRACKING_UNIQUE_IDENTIFIER)
_FINDING = concept_key(v.FINDING)
_SITE = concept_key(v.FINDING_SITE)
_LATERALITY = {concept_key(v.LATERALITY): "laterality"}
_HOW = {concept_key(v.MEASUREMENT_METHOD): "method", concept_key(v.DERIVATION): "derivation"}


@collection_paused()
def records_of(report: MeasurementReport) -> list[dict[str, Any]]:
    """List all measurements and qualitative evaluations of a report.

    Parameters
    ----------
    report: MeasurementReport
        The report.

    Returns
    -------
    list[dict[str, Any]]
        A record each, with the keys of :data:`COLUMNS`: ``kind`` is ``"measurement"`` or ``"evaluation"``, ``value`` a
        number or the meaning of a code, codes are written ``scheme:value`` (units of UCUM only their value),
        ``finding_site`` and ``laterality`` are the first site and its side, and ``sop_instance_uid`` that of the first
        image that the group is about. Measurements derived from several groups and evaluations of the report as a
        whole come last, without a group. What a report does not say is ``None``.
    """
    from hdcore_sr.measurement import QualitativeEvaluation

    records: list[dict[str, Any]] = []
    groups: list[MeasurementGroup] = report.imaging_measurements  # type: ignore[assignment]
    for number, group in enumerate(groups):
        shared = _shared(number, group)
        evaluations = [one[0] for one in group.qualitative_evaluations]
        for item in group.row_items():
            if type(group).fields["measurements"].matches(item):  # type: ignore[union-attr]
                records.append({**shared, **_measurement(item)})
            elif any(item is one for one in evaluations):
                records.append({**shared, **_evaluation(item)})
    records.extend(
        {"template": type(derived).TID, **_measurement(derived[0])} for derived in report.derived_imaging_measurements
    )
    records.extend(
        {"template": type(report).TID, **_evaluation(evaluation[0])}
        for evaluation in report.qualitative_evaluations
        if isinstance(evaluation, QualitativeEvaluation)
    )
    return [{column: record.get(column) for column in COLUMNS} for record in records]


def _shared(number: int, group: MeasurementGroup) -> dict[str, Any]:
    record: dict[str, Any] = {"group": number, "template": type(group).TID}
    for item in group.row_items():
        key = name_key(item)
        if key == _TRACKING:
            record["tracking_identifier"] = text_of(item, at.TEXT_VALUE)
        elif key == _TRACKING_UID:
            record["tracking_uid"] = text_of(item, at.UID)
        elif key == _FINDING:
            record |= _coded("finding", concept_of(item, at.CONCEPT_CODE))
        elif key == _SITE and "finding_site" not in record:
            record |= _coded("finding_site", concept_of(item, at.CONCEPT_CODE))
            record |= _modifiers(item, _LATERALITY)
    for item in referring_items(walk(group[0])):
        if value_type_of(item) == "IMAGE" and (reference := reference_of(item)) is not None:
            record["sop_instance_uid"] = text_of(reference, at.REFERENCED_SOP_INSTANCE_UID)
            record["frame_numbers"] = getattr(item, "referenced_frame_numbers", None)
            break
    return record


def _measurement(item: Any) -> dict[str, Any]:
    unit = unit_of(item)
    return {
        "kind": "measurement",
        **_name(item),
        "value": number_of(measured_of(item)),
        "unit": _unit_code(unit),
        **_coded("qualifier", concept_of(item, at.NUMERIC_VALUE_QUALIFIER)),
        **_modifiers(item, _HOW),
    }


def _modifiers(item: Any, columns: dict[Any, str]) -> dict[str, Any]:
    """Write the coded items below an item into the columns of their names."""
    record: dict[str, Any] = {}
    for child in glance(item):
        column = columns.get(name_key(child))
        if column is not None and column not in record:
            record |= _coded(column, concept_of(child, at.CONCEPT_CODE))
    return record


def _unit_code(unit: Concept | None) -> str | None:
    """Write a unit as its UCUM code; one of another scheme with the scheme."""
    if unit is None or unit.scheme_designator in ("UCUM", ""):
        return None if unit is None else unit.value
    return f"{unit.scheme_designator}:{unit.value}"


def _evaluation(item: Any) -> dict[str, Any]:
    return {"kind": "evaluation", **_name(item), **_coded("value", concept_of(item, at.CONCEPT_CODE))}


def _name(item: Any) -> dict[str, Any]:
    return _coded("name", concept_of(item, at.CONCEPT_NAME))


def _coded(column: str, concept: Concept | None) -> dict[str, str | None]:
    """Write a concept into a column of its meaning and one of its code."""
    if concept is None:
        return {column: None, f"{column}_code": None}
    return {
        column: concept.meaning or concept.value,
        f"{column}_code": f"{concept.scheme_designator}:{concept.value}",
    }


def dataframe_of(report: MeasurementReport) -> Any:
    """Make a table of all measurements and qualitative evaluations of a report.

    Parameters
    ----------
    report: MeasurementReport
        The report.

    Returns
    -------
    pandas.DataFrame
        The records of :func:`records_of`, with the columns :data:`COLUMNS`.

    Raises
    ------
    ImportError
        If pandas is not installed; :func:`records_of` does without.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError("to_dataframe needs pandas: pip install 'hdcore[pandas]', or use to_records().") from error
    return pd.DataFrame(records_of(report), columns=list(COLUMNS))
