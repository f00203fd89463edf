"""Measurement groups of tables: of one with a row for each finding, or of one as a report gives it."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from numbers import Real
from typing import TYPE_CHECKING, Any

from hdcore.content import Concept
from hdcore.content.bulk import collection_paused
from hdcore.errors import InputError, InputTypeError

from hdcore_sr import vocabulary as v
from hdcore_sr.context import TrackingIdentifier
from hdcore_sr.finding_site import FindingSite
from hdcore_sr.groups import MeasurementsAndQualitativeEvaluations, PlanarROIMeasurementsAndQualitativeEvaluations
from hdcore_sr.measurement import Measurement, QualitativeEvaluation
from hdcore_sr.regions import ImageRegion
from hdcore_sr.sources import SourceImageForMeasurementGroup, SourceImageForRegion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hdcore.content.code import ConceptLike

    from hdcore_sr.groups import MeasurementGroup

__all__ = ["groups_from_table"]

_OF_GROUPS = (
    "group",
    "tracking_identifier",
    "tracking_uid",
    "finding",
    "finding_code",
    "finding_site",
    "finding_site_code",
    "laterality",
    "laterality_code",
    "sop_instance_uid",
    "frame_numbers",
)
"""Columns in which the rows of a group agree."""
_OF_MEASUREMENTS = ("qualifier", "method", "derivation")
_MISSING = frozenset({"NAType", "NaTType"})
"""Classes of what pandas has for missing values, beside NaN."""
_NUMBERS = re.compile(r"[\[(]?\s*[0-9]+(\s*[,;\\]?\s*[0-9]+)*\s*[\])]?")
Cells = Any
"""A row: a mapping of cells by column."""


@collection_paused()
def groups_from_table(
    table: Any,
    names: Mapping[str, tuple[ConceptLike, ...]] | None = None,
    *,
    evaluations: Mapping[str, ConceptLike] | None = None,
    values: Mapping[str, ConceptLike] | None = None,
    images: Mapping[str, Any] | Iterable[Any] | None = None,
) -> list[MeasurementGroup]:
    """Make measurement groups of a table.

    With ``names`` or ``evaluations`` each row is a group, and these say what its columns are. Without them the table is
    one that :meth:`MeasurementReport.to_dataframe` or ``to_records`` gives: a row for each measurement and evaluation,
    of the group that ``group`` and the columns on tracking, finding, site and image say. Such tables have no
    coordinates, so that groups of regions become groups of images; rows without a group, which are of the report as a
    whole, are left out.

    Parameters
    ----------
    table: pandas.DataFrame | Iterable[Mapping[str, Any]]
        The rows. Beside the columns that ``names`` and ``evaluations`` list, these are used if present:
        ``tracking_identifier`` (else the number of the row), ``tracking_uid``, ``finding``, ``finding_site`` and its
        ``laterality`` (concepts, or keys of ``values``), ``sop_instance_uid`` (key of ``images``),
        ``frame_numbers`` in that image, and ``region``: an array (points, 2) of pixel coordinates in it, which makes
        the group one about a region. Cells that hold ``None``, nothing but spaces, or what pandas has for missing
        values are empty.
    names: Mapping[str, tuple[ConceptLike, ...]] | None, optional
        For each column of numbers: what was measured, and the unit; perhaps thirdly its derivation, such as mean or
        maximum (CID 7464). Empty cells are left out.
    evaluations: Mapping[str, ConceptLike] | None, optional
        For each column of codes: the question. Cells are concepts, or keys of ``values``.
    values: Mapping[str, ConceptLike] | None, optional
        Concepts by the words that cells use.
    images: Mapping[str, pydicom.dataset.Dataset] | Iterable[pydicom.dataset.Dataset] | None, optional
        Images, or images by SOP instance UID. A table of a report needs them only for references to images.

    Returns
    -------
    list[MeasurementGroup]
        A group for each row, for the ``imaging_measurements`` of a :class:`MeasurementReport`.

    Raises
    ------
    TypeError
        If a row is not a mapping, or ``names`` has no two or three concepts for a column.
    ValueError
        If a column is in no row, a cell is no number, a word is not among ``values``, an image not among ``images``, or
        a row has neither numbers nor codes.
    """
    rows = _rows_of(table)
    known = _images_by_uid(images)
    if names is None and evaluations is None:
        return _groups_of_records(rows, dict(values or {}), known)
    measured, asked = _checked_names(names or {}), dict(evaluations or {})
    if missing := [column for column in (*measured, *asked) if rows and not any(column in row for row in rows)]:
        raise InputError(f"The table has no column {', '.join(map(repr, missing))}, which names or evaluations list.")
    return [_group_of_row(number, row, measured, asked, dict(values or {}), known) for number, row in enumerate(rows)]


def _rows_of(table: Any) -> list[Cells]:
    if isinstance(table, str | bytes) or not (hasattr(table, "to_dict") or hasattr(table, "__iter__")):
        raise InputTypeError(
            f"table is a {type(table).__name__}; expected a pandas.DataFrame or a sequence of mappings."
        )
    rows = table.to_dict("records") if hasattr(table, "to_dict") else list(table)
    for number, row in enumerate(rows):
        if not hasattr(row, "keys"):
            raise InputTypeError(f"Row {number} of the table is a {type(row).__name__}; expected a mapping.")
    return rows


def _images_by_uid(images: Any) -> dict[str, Any]:
    if images is None or (hasattr(images, "items") and not hasattr(images, "SOPInstanceUID")):
        return dict(images or {})
    listed = [images] if hasattr(images, "SOPInstanceUID") else list(images)
    return {str(image.SOPInstanceUID): image for image in listed}


def _checked_names(names: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    for column, several in names.items():
        if not isinstance(several, tuple | list) or len(several) not in (2, 3) or hasattr(several, "scheme_designator"):
            raise InputTypeError(
                f"names[{column!r}] is {several!r}; expected what was measured, and the unit; "
                "perhaps thirdly how the number was derived."
            )
    return {column: tuple(several) for column, several in names.items()}


def _group_of_row(
    number: int,
    row: Cells,
    names: Mapping[str, tuple[ConceptLike, ...]],
    evaluations: Mapping[str, ConceptLike],
    words: Mapping[str, ConceptLike],
    images: Mapping[str, Any],
) -> MeasurementGroup:
    measured = [
        _measurement(number, row, column, name, unit, derivation=derivation[0] if derivation else None)
        for column, (name, unit, *derivation) in names.items()
        if not _is_empty(row.get(column))
    ]
    evaluated = [
        QualitativeEvaluation(question, _concept(number, row, column, words))
        for column, question in evaluations.items()
        if not _is_empty(row.get(column))
    ]
    if not measured and not evaluated:
        raise InputError(f"Row {number} of the table has neither a number nor a code in the columns named.")
    return _group(number, row, measured, evaluated, words, images)


def _measurement(number: int, row: Cells, column: str, name: Any, unit: Any, **options: Any) -> Measurement:
    value = row.get(column)
    try:
        exact = None if _is_empty(value) else value if isinstance(value, Real) else float(value)
        return Measurement(name, exact, unit, **options)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise InputError(
            f"Row {number} of the table has {value!r} in column {column!r}, not a number. {error}"
        ) from error


def _groups_of_records(
    rows: Sequence[Cells], words: Mapping[str, ConceptLike], images: Mapping[str, Any]
) -> list[MeasurementGroup]:
    """Make the groups of a table as a report gives it."""
    grouped: dict[Any, list[tuple[int, Cells]]] = {}
    for number, row in enumerate(rows):
        if "kind" not in row or "group" not in row:
            raise InputError(
                f"Row {number} of the table has no group and kind, as tables of a report have; "
                "pass names or evaluations for a table with a row for each group."
            )
        if not _is_empty(row["group"]):
            grouped.setdefault(_group_key(row), []).append((number, row))
    made = []
    for members in grouped.values():
        measured, evaluated = [], []
        for number, row in members:
            name = _concept(number, row, "name", words)
            if row["kind"] == "evaluation":
                evaluated.append(QualitativeEvaluation(name, _concept(number, row, "value", words)))
            elif row["kind"] == "measurement":
                how = {column: _concept_if_any(number, row, column, words) for column in _OF_MEASUREMENTS}
                measured.append(_measurement(number, row, "value", name, _unit(number, row), **how))
            else:
                raise InputError(
                    f"Row {number} of the table is of kind {row['kind']!r}; expected 'measurement' or 'evaluation'."
                )
        made.append(_group(*members[0], measured, evaluated, words, images))
    return made


def _unit(number: int, row: Cells) -> Concept:
    unit = row.get("unit")
    if _is_empty(unit):
        return v.NO_UNITS
    if not isinstance(unit, str):
        raise InputError(f"Row {number} of the table has {unit!r} in column 'unit'; expected a code such as 'mm'.")
    scheme, _, value = unit.rpartition(":")
    return Concept(value, scheme, value) if scheme.isalnum() else Concept(unit, "UCUM", unit)


def _group_key(row: Cells) -> tuple[str, ...]:
    """Tell which group a row is of: several reports put together have the same numbers for other groups."""
    return tuple("" if _is_empty(row.get(column)) else str(row[column]) for column in _OF_GROUPS)


def _group(
    number: int,
    row: Cells,
    measured: list[Measurement],
    evaluated: list[QualitativeEvaluation],
    words: Mapping[str, ConceptLike],
    images: Mapping[str, Any],
) -> MeasurementGroup:
    """Make a group of its numbers and codes, and what a row says about the rest."""
    with _row_named(number):
        identifier = TrackingIdentifier(
            _text(row.get("tracking_uid")), _text(row.get("tracking_identifier")) or f"row {number + 1}"
        )
    common: dict[str, Any] = {
        "tracking_identifier": identifier,
        "finding_type": _concept_if_any(number, row, "finding", words),
        "finding_sites": _sites(number, row, words),
        "measurements": measured or None,
        "qualitative_evaluations": evaluated or None,
    }
    image, frames, region = _image(number, row, images), _frames(number, row), row.get("region")
    if _is_empty(region):
        with _row_named(number):
            sources = None if image is None else [SourceImageForMeasurementGroup.from_source_image(image, frames)]
            return MeasurementsAndQualitativeEvaluations(source_images=sources, **common)
    if image is None:
        raise InputError(f"Row {number} of the table has a region, but no sop_instance_uid of an image among images.")
    if not hasattr(region, "__len__"):
        raise InputTypeError(f"Row {number} of the table has the region {region!r}; expected an array (points, 2).")
    with _row_named(number):
        graphic = "POINT" if len(region) == 1 else "POLYLINE"
        drawn = ImageRegion(graphic, region, SourceImageForRegion.from_source_image(image, frames))
        return PlanarROIMeasurementsAndQualitativeEvaluations(referenced_region=drawn, **common)


def _sites(number: int, row: Cells, words: Mapping[str, ConceptLike]) -> list[FindingSite] | None:
    site, side = (_concept_if_any(number, row, column, words) for column in ("finding_site", "laterality"))
    if site is None and side is not None:
        raise InputError(f"Row {number} of the table has a laterality, but no finding_site that it is of.")
    return None if site is None else [FindingSite(site, side)]


@contextmanager
def _row_named(number: int) -> Iterator[None]:
    """Let errors say which row they are about."""
    try:
        yield
    except InputTypeError as error:
        raise InputTypeError(f"Row {number} of the table: {error}") from error
    except ValueError as error:
        raise InputError(f"Row {number} of the table: {error}") from error


def _frames(number: int, row: Cells) -> list[int] | None:
    """Read numbers of frames, which are text in tables that were files meanwhile."""
    cell = row.get("frame_numbers")
    if not isinstance(cell, str) and hasattr(cell, "__iter__"):
        return list(cell)
    if _is_empty(cell):
        return None
    text = _text(cell) or ""
    if not _NUMBERS.fullmatch(text):
        raise InputError(
            f"Row {number} of the table has {cell!r} in column 'frame_numbers'; expected numbers such as [1, 2]."
        )
    return [int(each) for each in re.findall(r"[0-9]+", text)]


def _is_empty(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return type(value).__name__ in _MISSING or (isinstance(value, Real) and math.isnan(value))


def _text(value: Any) -> str | None:
    if _is_empty(value):
        return None
    is_whole = isinstance(value, float) and value.is_integer()  # pandas' whole numbers in a column with empty cells
    return str(int(value) if is_whole else value)


def _concept_if_any(number: int, row: Cells, column: str, words: Mapping[str, ConceptLike]) -> ConceptLike | None:
    return None if _is_empty(row.get(column)) else _concept(number, row, column, words)


def _concept(number: int, row: Cells, column: str, words: Mapping[str, ConceptLike]) -> ConceptLike:
    """Give the concept of a cell: itself, the one that ``values`` has for the word, or that of the column of codes."""
    value, code = row.get(column), row.get(f"{column}_code")
    if hasattr(value, "scheme_designator"):
        return value  # type: ignore[no-any-return]
    if isinstance(value, str) and value in words:
        return words[value]
    if isinstance(code, str) and ":" in code:
        scheme, _, code_value = code.partition(":")
        return Concept(code_value, scheme, str(value) if not _is_empty(value) else code_value)
    raise InputError(
        f"Row {number} of the table has the word {value!r} in column {column!r}, which is not among values."
    )


def _image(number: int, row: Cells, images: Mapping[str, Any]) -> Any:
    uid = row.get("sop_instance_uid")
    if _is_empty(uid) or (not images and "kind" in row):
        return None
    if uid not in images:
        raise InputError(f"Row {number} of the table refers to the image {uid}, which is not among images.")
    return images[uid]
