"""Rows of the measurement report that take other values than others do (PS3.16 TID 1500)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content import (
    ContainerContentItem,
    Deviation,
    RelationshipTypeValues,
    Row,
    concept_key,
    rows,
)
from hdcore.content.item import name_key, relationship_of, value_type_of
from hdcore.content.tree import children_of, set_children, typed
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed

from hdcore_sr import vocabulary as v
from hdcore_sr.groups import MeasurementGroup, kind_of_group
from hdcore_sr.library import ImageLibrary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.content import ContentItem, Template

__all__ = ["GroupsRow", "LibraryRow", "ProcedureRow"]

_CONTAINS = RelationshipTypeValues.CONTAINS
_CONTAINERS = (v.IMAGING_MEASUREMENTS, v.DERIVED_IMAGING_MEASUREMENTS, v.QUALITATIVE_EVALUATIONS)
_LISTED = frozenset({"IMAGE", "WAVEFORM", "COMPOSITE"})
"""Value types of the entries of an image library."""


class ProcedureRow(rows.CodeRow[Any, Any]):
    """The row of the procedures, which takes one or several."""

    def make(self, value: Any) -> list[ContentItem]:
        """Make the items of one code, or of several."""
        return super().make([value] if hasattr(value, "scheme_designator") else value)


class GroupsRow(Row[Any, Any]):
    """The row of the measurement groups, which are in a container of their own."""

    def make(self, value: Any) -> list[ContentItem]:
        """Put the groups into the container."""
        if value is None:
            return []
        if isinstance(value, MeasurementGroup):
            raise InputTypeError("imaging_measurements is one group; expected a sequence of measurement groups.")
        groups: list[Any] = listed(value, "imaging_measurements", "measurement groups")
        for group in groups:
            if not isinstance(group, MeasurementGroup):
                raise InputTypeError(
                    f"imaging_measurements holds a {type(group).__name__}; expected measurement groups "
                    "(TID 1410, 1411, 1501)."
                )
        if not groups:
            raise InputError("imaging_measurements is empty; expected at least one measurement group.")
        container = ContainerContentItem(v.IMAGING_MEASUREMENTS, relationship_type=_CONTAINS)
        set_children(container, [group[0] for group in groups])
        return [container]

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the groups, wherever in the report they are."""
        keys = (concept_key(v.IMAGING_MEASUREMENTS), concept_key(v.DERIVED_IMAGING_MEASUREMENTS))
        group = concept_key(v.MEASUREMENT_GROUP)
        items: Any = template.row_items()
        return [
            typed(found)
            for parent in [item for item in items if name_key(item) in keys] or [template[0]]
            for found in children_of(parent)
            if name_key(found) == group
        ]

    def placed_items_of(self, template: Template) -> list[ContentItem]:
        """Find the container, and groups that are in none."""
        keys = (concept_key(v.IMAGING_MEASUREMENTS), concept_key(v.MEASUREMENT_GROUP))
        return [item for item in template.row_items() if name_key(item) in keys]

    def read(self, template: Template) -> Any:
        """Read each group as the template that it follows."""
        return [kind_of_group(found).of([found]) for found in self.items_of(template)]

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the groups."""
        groups = self.read(template)
        names = {name_key(item) for item in template.row_items()}
        if not names & {concept_key(container) for container in _CONTAINERS}:
            listed = ", ".join(container.meaning for container in _CONTAINERS)
            yield Deviation(self.name, f"is missing: there must be one of {listed}")
        elif not groups and concept_key(v.IMAGING_MEASUREMENTS) in names:
            yield Deviation(v.IMAGING_MEASUREMENTS.meaning, "has no measurement group", is_error=False)
        for number, group in enumerate(groups):
            for path, message, is_error in group.deviations():
                yield Deviation(f"{v.IMAGING_MEASUREMENTS.meaning}[{number}]/{path}", message, is_error)


class LibraryRow(rows.IncludeRow[Any, Any]):
    """The row of the image library, which takes the images."""

    def make(self, value: Any) -> list[ContentItem]:
        """Make the library of images."""
        return [] if value is None else super().make(ImageLibrary(value))

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the library, its groups and their images (TID 1600, 1601)."""
        yield from super().deviations(template)
        label = v.IMAGE_LIBRARY.meaning
        group = concept_key(v.IMAGE_LIBRARY_GROUP)
        for library in self.items_of(template):
            if relationship_of(library) != _CONTAINS.value:
                yield Deviation(label, f"has relationship {relationship_of(library)!r}, expected CONTAINS")
            groups = [item for item in children_of(library) if name_key(item) == group]
            if not groups:
                yield Deviation(f"{label}/{v.IMAGE_LIBRARY_GROUP.meaning}", "is missing")
            for number, found in enumerate(groups):
                entries = [item for item in children_of(found) if relationship_of(item) == _CONTAINS.value]
                if not any(value_type_of(item) in _LISTED for item in entries):
                    yield Deviation(f"{label}/{v.IMAGE_LIBRARY_GROUP.meaning}[{number}]", "holds no image")
