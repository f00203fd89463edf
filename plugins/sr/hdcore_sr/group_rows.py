"""Rows of measurement groups that are read in other ways than others are (PS3.16 TID 1501, 1410, 1411)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content import Deviation, RelationshipTypeValues, Template, rows
from hdcore.content.item import name_key, relationship_of, value_type_of
from hdcore.errors import InputError

from hdcore_sr.context import TrackingIdentifier
from hdcore_sr.measurement import QualitativeEvaluation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.content import ContentItem

__all__ = ["EvaluationRow", "TrackingRow", "check_tracking"]

_CONTAINS = RelationshipTypeValues.CONTAINS


class TrackingRow(rows.IncludeRow[TrackingIdentifier, str | None]):
    """The row of the tracking identifier, of which the attribute gives the text."""

    def read(self, template: Template) -> Any:
        """Read the identifier for people."""
        parts = self.parts_of(template)
        return parts[0].identifier if parts else None  # type: ignore[attr-defined]

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the identifiers: a group has both, which elsewhere are optional (TID 1410, 1501)."""
        yield from super().deviations(template)
        for part in self.parts_of(template):
            for row in part.ordered_rows:
                if not row.items_of(part):
                    yield Deviation(row.label(), "is missing")


class EvaluationRow(rows.IncludeRow[Any, Any]):
    """The row of the evaluations: all codes that no other row names."""

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the codes."""
        named = template.keys_of_rows()
        return [
            found
            for found in template.row_items()
            if value_type_of(found) == "CODE"
            and relationship_of(found) == _CONTAINS.value
            and name_key(found) not in named
        ]

    def parts_of(self, template: Template) -> list[Template]:
        """Make an evaluation of each."""
        return [QualitativeEvaluation.of([found]) for found in self.items_of(template)]


def check_tracking(tracking_identifier: Any) -> None:
    """Refuse what identifies a finding to machines only.

    Raises
    ------
    ValueError
        If it has no identifier for people.
    """
    if isinstance(tracking_identifier, TrackingIdentifier) and tracking_identifier.identifier is None:
        raise InputError(
            "tracking_identifier of a measurement group has no identifier for people; "
            "pass TrackingIdentifier(identifier=…)."
        )
