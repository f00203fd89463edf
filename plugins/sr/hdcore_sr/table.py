"""Reports as tables, and tables as reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hdcore.content import Concept, concept_key
from hdcore.content import attributes as at
from hdcore.content.bulk import collection_paused
from hdcore.content.encoded import concept_of, text_of
from hdcore.content.item import name_key, value_type_of
from hdcore.content.number import measured_of, number_of, unit_of
from hdcore.content.reference import reference_of
from hdcore.content.search import walk
from hdcore.errors import InputError, InputTypeError

from hdcore_sr import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hdcore.content.code import ConceptLike

    from hdcore_sr.groups import MeasurementGroup
    from hdcore_sr.report import MeasurementReport

__all__ = ["COLUMNS", "dataframe_of", "groups_from_table", "records_of"]

COLUMNS = (
    "group",
    "template",
    "tracking_identifier",
    "tracking_uid",
    "finding",
    "finding_site",
    "kind",
    "name",
    "name_code",
    "value",
    "unit",
    "value_code",
    "qualifier",
    "sop_instance_uid",
    "frame_numbers",
)
"""Columns of the table: a row for each measurement and evaluation, in the order of the report."""

_TRACKING = concept_key(v.TRACKING_IDENTIFIER)
_TRACKING_UID = concept_key(v.TRACKING_UNIQUE_IDENTIFIER)
_FINDING = concept_key(v.FINDING)
_SITE = concept_key(v.FINDING_SITE)


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
        number or the meaning of a code, codes are written ``scheme:value``, ``sop_instance_uid`` is that of the first
        image referred to. Evaluations of the report as a whole come last, without a group. What a report does not say
        is ``None``.
    """
    from hdcore_sr.measurement import QualitativeEvaluation

    records: list[dict[str, Any]] = []
    groups: list[MeasurementGroup] = report.imaging_measurements  # type: ignore[assignment]
    for number, group in enumerate(groups):
        shared = _shared(number, group)
        evaluations = {id(one[0]) for one in group.qualitative_evaluations}
        for item in group.row_items():
            if type(group).fields["measurements"].matches(item):  # type: ignore[union-attr]
                records.append({**shared, **_measurement(item)})
            elif id(item) in evaluations:
                records.append({**shared, **_evaluation(item)})
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
            record["finding"] = _meaning(concept_of(item, at.CONCEPT_CODE))
        elif key == _SITE and "finding_site" not in record:
            record["finding_site"] = _meaning(concept_of(item, at.CONCEPT_CODE))
    for _, item in walk(group[0]):
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
        "unit": None if unit is None else unit.value,
        "qualifier": _meaning(concept_of(item, at.NUMERIC_VALUE_QUALIFIER)),
    }


def _evaluation(item: Any) -> dict[str, Any]:
    value = concept_of(item, at.CONCEPT_CODE)
    return {"kind": "evaluation", **_name(item), "value": _meaning(value), "value_code": _written(value)}


def _name(item: Any) -> dict[str, Any]:
    name = concept_of(item, at.CONCEPT_NAME)
    return {"name": _meaning(name), "name_code": _written(name)}


def _meaning(concept: Concept | None) -> str | None:
    return None if concept is None else concept.meaning or concept.value


def _written(concept: Concept | None) -> str | None:
    return None if concept is None else f"{concept.scheme_designator}:{concept.value}"


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


@collection_paused()
def groups_from_table(
    table: Any,
    names: Mapping[str, tuple[ConceptLike, ConceptLike]],
    *,
    evaluations: Mapping[str, ConceptLike] | None = None,
    values: Mapping[str, ConceptLike] | None = None,
    images: Mapping[str, Any] | None = None,
) -> list[MeasurementGroup]:
    """Make measurement groups of a table, one for each row.

    Parameters
    ----------
    table: pandas.DataFrame | Iterable[Mapping[str, Any]]
        The rows. Beside the columns that ``names`` and ``evaluations`` list, these are used if present:
        ``tracking_identifier`` (else the number of the row), ``tracking_uid``, ``finding`` and ``finding_site``
        (concepts, or keys of ``values``),
        ``sop_instance_uid`` (key of ``images``), and ``region``: an array (points, 2) of pixel coordinates in that
        image, which makes the group one about a region.
    names: Mapping[str, tuple[ConceptLike, ConceptLike]]
        For each column of numbers: what was measured, and the unit. Empty cells are left out.
    evaluations: Mapping[str, ConceptLike] | None, optional
        For each column of codes: the question. Cells are concepts, or keys of ``values``.
    values: Mapping[str, ConceptLike] | None, optional
        Concepts by the words that cells use.
    images: Mapping[str, pydicom.dataset.Dataset] | None, optional
        Images by SOP instance UID.

    Returns
    -------
    list[MeasurementGroup]
        A group for each row, for the ``imaging_measurements`` of a :class:`MeasurementReport`.

    Raises
    ------
    TypeError
        If a row is not a mapping.
    ValueError
        If a word is not among ``values``, an image not among ``images``, or a row has neither numbers nor codes.
    """
    rows = table.to_dict("records") if hasattr(table, "to_dict") else list(table)
    words = dict(values or {})
    known = dict(images or {})
    made = []
    for number, row in enumerate(rows):
        if not hasattr(row, "keys"):
            raise InputTypeError(f"Row {number} of the table is a {type(row).__name__}; expected a mapping.")
        made.append(_group(number, row, names, dict(evaluations or {}), words, known))
    return made


def _group(
    number: int,
    row: Mapping[str, Any],
    names: Mapping[str, tuple[ConceptLike, ConceptLike]],
    evaluations: Mapping[str, ConceptLike],
    words: Mapping[str, ConceptLike],
    images: Mapping[str, Any],
) -> MeasurementGroup:
    from hdcore_sr.groups import (
        MeasurementsAndQualitativeEvaluations,
        PlanarROIMeasurementsAndQualitativeEvaluations,
    )
    from hdcore_sr.measurement import Measurement, QualitativeEvaluation
    from hdcore_sr.regions import ImageRegion
    from hdcore_sr.sources import SourceImageForMeasurementGroup, SourceImageForRegion

    measured = [
        Measurement(name, float(row[column]), unit)
        for column, (name, unit) in names.items()
        if not _is_empty(row.get(column))
    ]
    evaluated = [
        QualitativeEvaluation(question, _concept(number, row[column], words))
        for column, question in evaluations.items()
        if not _is_empty(row.get(column))
    ]
    if not measured and not evaluated:
        raise InputError(f"Row {number} of the table has neither a number nor a code in the columns named.")
    common: dict[str, Any] = {
        **_finding(number, row, words),
        "measurements": measured or None,
        "qualitative_evaluations": evaluated or None,
    }
    image = _image(number, row.get("sop_instance_uid"), images)
    region = row.get("region")
    if region is None:
        sources = None if image is None else [SourceImageForMeasurementGroup.from_source_image(image)]
        return MeasurementsAndQualitativeEvaluations(source_images=sources, **common)
    if image is None:
        raise InputError(f"Row {number} of the table has a region, but no sop_instance_uid of an image among images.")
    graphic = "POINT" if len(region) == 1 else "POLYLINE"
    drawn = ImageRegion(graphic, region, SourceImageForRegion.from_source_image(image))
    return PlanarROIMeasurementsAndQualitativeEvaluations(referenced_region=drawn, **common)


def _finding(number: int, row: Mapping[str, Any], words: Mapping[str, ConceptLike]) -> dict[str, Any]:
    """Make what a group is about: what was found, where, and the name by which it is tracked."""
    from hdcore_sr.context import TrackingIdentifier
    from hdcore_sr.finding_site import FindingSite

    finding, site = row.get("finding"), row.get("finding_site")
    return {
        "tracking_identifier": TrackingIdentifier(
            _text(row.get("tracking_uid")), _text(row.get("tracking_identifier")) or f"row {number + 1}"
        ),
        "finding_type": None if _is_empty(finding) else _concept(number, finding, words),
        "finding_sites": None if _is_empty(site) else [FindingSite(_concept(number, site, words))],
    }


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _text(value: Any) -> str | None:
    return None if _is_empty(value) else str(value)


def _concept(number: int, value: Any, words: Mapping[str, ConceptLike]) -> ConceptLike:
    if hasattr(value, "scheme_designator"):
        return value  # type: ignore[no-any-return]
    if value not in words:
        raise InputError(f"Row {number} of the table has the word {value!r}, which is not among values.")
    return words[value]


def _image(number: int, uid: Any, images: Mapping[str, Any]) -> Any:
    if _is_empty(uid):
        return None
    if uid not in images:
        raise InputError(f"Row {number} of the table refers to the image {uid}, which is not among images.")
    return images[uid]
