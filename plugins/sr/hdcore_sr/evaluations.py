"""Evaluations of a whole report, beside its measurement groups (PS3.16 TID 1500, rows 12 to 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content import (
    ContainerContentItem,
    ContentItem,
    Deviation,
    RelationshipTypeValues,
    Row,
    TextContentItem,
    concept_key,
    relationship_of,
    value_type_of,
)
from hdcore.content.item import name_key
from hdcore.content.tree import children_of, set_children, with_relationship
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed

from hdcore_sr import vocabulary as v
from hdcore_sr.measurement import QualitativeEvaluation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.content import Template

__all__ = ["EvaluationsRow"]

_CONTAINS = RelationshipTypeValues.CONTAINS


class EvaluationsRow(Row[Any, Any]):
    """The row of the evaluations of a report, coded or as text, which are in a container of their own."""

    def make(self, value: Any) -> list[ContentItem]:
        """Put the evaluations into the container."""
        if value is None:
            return []
        if isinstance(value, QualitativeEvaluation):
            raise InputTypeError(f"{self.name} is a {type(value).__name__}; expected a sequence of evaluations.")
        items = [self._item(one) for one in listed(value, self.name, "evaluations")]
        if not items:
            raise InputError(f"{self.name} is empty; expected at least one evaluation, or None.")
        container = ContainerContentItem(v.QUALITATIVE_EVALUATIONS, relationship_type=_CONTAINS)
        set_children(container, items)
        return [container]

    def _item(self, value: Any) -> ContentItem:
        if isinstance(value, QualitativeEvaluation):
            return value[0]  # type: ignore[return-value]
        if isinstance(value, TextContentItem):
            return with_relationship(value, _CONTAINS)
        raise InputTypeError(
            f"{self.name} holds a {type(value).__name__}; expected QualitativeEvaluation or TextContentItem."
        )

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the container."""
        key = concept_key(v.QUALITATIVE_EVALUATIONS)
        return [found for found in template.row_items() if name_key(found) == key]

    def read(self, template: Template) -> Any:
        """Read the coded evaluations as such, and others as the content items that they are."""
        return [
            QualitativeEvaluation.of([item]) if value_type_of(item) == "CODE" else item
            for container in self.items_of(template)
            for item in children_of(container)
        ]

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the container and the evaluations."""
        label = v.QUALITATIVE_EVALUATIONS.meaning
        containers = self.items_of(template)
        if len(containers) > 1:
            yield Deviation(label, f"occurs {len(containers)} times, expected once")
        for container in containers:
            if relationship_of(container) != _CONTAINS.value:
                yield Deviation(label, f"has relationship {relationship_of(container)!r}, expected CONTAINS")
            items = children_of(container)
            if not len(items):
                yield Deviation(label, "holds no evaluation")
            for item in items:
                if value_type_of(item) not in ("CODE", "TEXT"):
                    message = f"holds an item of value type {value_type_of(item)!r}, expected CODE or TEXT"
                    yield Deviation(label, message)
