"""Measurements derived from several measurement groups (PS3.16 TID 1420), and what they refer to in their report.

Such a measurement says what it was inferred from by reference: it names the places of the measurement groups in the
tree (PS3.3 C.17.3.2.5). Places are known only in a report, and change when something is put before them; so the report
writes them, and writes them again when one of its rows is replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import (
    CodedConcept,
    ContainerContentItem,
    ContentItem,
    Deviation,
    NumContentItem,
    RelationshipTypeValues,
    Row,
    Template,
    children_of,
    concept_key,
    rows,
)
from hdcore.content.item import name_key, relationship_of, value_type_of
from hdcore.content.template import RootField, root
from hdcore.content.tree import set_children
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed

from hdcore_sr import vocabulary as v
from hdcore_sr.context import AlgorithmIdentification
from hdcore_sr.groups import (
    MeasurementGroup,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
    kind_of_group,
)
from hdcore_sr.properties import MeasurementProperties
from hdcore_sr.references import chains_of, items_on_the_way, reference_to, refers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.content.code import ConceptLike
    from pydicom.dataset import Dataset

    AnyROIGroup = PlanarROIMeasurementsAndQualitativeEvaluations | VolumetricROIMeasurementsAndQualitativeEvaluations

__all__ = [
    "DerivedRow",
    "MeasurementsDerivedFromMultipleROIMeasurements",
    "refer_to_groups",
    "references_in",
    "several_derived",
]

_CONTAINS = RelationshipTypeValues.CONTAINS
_INFERRED = RelationshipTypeValues.INFERRED_FROM
_KINDS = (PlanarROIMeasurementsAndQualitativeEvaluations, VolumetricROIMeasurementsAndQualitativeEvaluations)


class GroupReferencesRow(Row[Any, Any]):
    """The row of the measurement groups that a measurement was derived from, which are referred to."""

    def make(self, value: Any) -> list[ContentItem]:
        """Check the groups; the report that they are in makes the references."""
        if isinstance(value, MeasurementGroup):
            raise InputTypeError(f"{self.name} is one group; expected a sequence of measurement groups.")
        groups = listed(value, self.name, "measurement groups")
        for group in groups:
            if not isinstance(group, _KINDS):
                raise InputTypeError(
                    f"{self.name} holds a {type(group).__name__}; expected groups of regions (TID 1410, 1411)."
                )
        if not groups:
            raise InputError(f"{self.name} is empty; expected the measurement groups that it is derived from.")
        return []

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the references."""
        return [item for item in template.row_items() if refers(item)]

    def read(self, template: Template) -> Any:
        """Give the groups, which are known to who made the measurement and in the report."""
        groups = vars(template).get("_groups")
        if groups is None:
            raise InputError(
                "The measurement groups are known in the report only; take the measurement from its "
                "derived_imaging_measurements."
            )
        return groups

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the references."""
        found = self.items_of(template)
        if not found:
            yield Deviation(self.name, "are not referred to", is_error=False)
        for item in found:
            if relationship_of(item) != _INFERRED.value:
                yield Deviation(
                    self.name, f"are referred to by {relationship_of(item)!r}, expected INFERRED FROM", is_error=True
                )


class MeasurementsDerivedFromMultipleROIMeasurements(Template):
    """A number derived from those of several regions, such as their mean (TID 1420)."""

    TID: ClassVar[str] = "1420"
    ROOT_VALUE_TYPE: ClassVar[str] = "NUM"
    ORDER: ClassVar[tuple[str, ...]] = ("measurement_groups", "properties", "algorithm_id")

    name: RootField[ConceptLike, CodedConcept] = root(
        doc="How it was derived, and so what it is (CID 7465).", values=7465
    )
    value: RootField[float | None, float | None] = root(
        doc="The number, in ``unit``; ``None`` if there is none, for the reason of ``qualifier``."
    )
    unit: RootField[ConceptLike, CodedConcept] = root(doc="Unit, of UCUM.")
    measurement_groups: Row[Sequence[AnyROIGroup], list[AnyROIGroup]] = rows.row(
        GroupReferencesRow,
        None,
        _INFERRED,
        value_types=("CONTAINER",),
        several=True,
        doc="Groups that it was derived from; they are among the ``imaging_measurements`` of the same report.",
    )
    qualifier: RootField[ConceptLike | None, CodedConcept | None] = root(
        default=None, doc="Why there is no number, or what it is instead (CID 42).", values=42
    )
    properties: Row[MeasurementProperties | None, MeasurementProperties | None] = rows.include(
        MeasurementProperties, default=None, doc="What the measurement means."
    )
    algorithm_id: Row[AlgorithmIdentification | None, AlgorithmIdentification | None] = rows.include(
        AlgorithmIdentification, default=None, doc="Algorithm that measured."
    )

    def make_root(self, values: dict[str, Any]) -> ContentItem:
        """Make the number."""
        return NumContentItem(
            values["name"], values["value"], values["unit"], values["qualifier"], relationship_type=_CONTAINS
        )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, and remember the groups for the report."""
        groups = values["measurement_groups"]
        given = groups if isinstance(groups, Template) else listed(groups, "measurement_groups", "measurement groups")
        super().assemble({**values, "measurement_groups": given}, **root_options)
        vars(self)["_groups"] = given

    @classmethod
    def has_item(cls, item: ContentItem) -> bool:
        """Tell whether an item is such a measurement."""
        return value_type_of(item) == "NUM" and relationship_of(item) == _CONTAINS.value

    def replace_row(self, row: Row[Any, Any], value: Any) -> None:
        """Replace the items of a row.

        Parameters
        ----------
        row: Row
            The row.
        value: Any
            What the constructor takes for it.

        Raises
        ------
        ValueError
            If it is that of the groups, which are given when the measurement is made.
        """
        if isinstance(row, GroupReferencesRow):
            raise InputError("measurement_groups are given when the measurement is made; make another.")
        super().replace_row(row, value)


class DerivedRow(Row[Any, Any]):
    """The row of the derived measurements, which are in a container of their own."""

    def make(self, value: Any) -> list[ContentItem]:
        """Put the measurements into the container."""
        if value is None:
            return []
        if isinstance(value, Template):
            raise InputTypeError(f"{self.name} is a {type(value).__name__}; expected a sequence of measurements.")
        given: list[Any] = listed(value, self.name, "measurements")
        for one in given:
            if not isinstance(one, MeasurementsDerivedFromMultipleROIMeasurements):
                raise InputTypeError(
                    f"{self.name} holds a {type(one).__name__}; expected "
                    "MeasurementsDerivedFromMultipleROIMeasurements (TID 1420)."
                )
        if not given:
            raise InputError(f"{self.name} is empty; expected at least one measurement, or None.")
        container = ContainerContentItem(v.DERIVED_IMAGING_MEASUREMENTS, relationship_type=_CONTAINS)
        set_children(container, [one[0] for one in given])
        return [container]

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the container."""
        key = concept_key(v.DERIVED_IMAGING_MEASUREMENTS)
        return [found for found in template.row_items() if name_key(found) == key]

    def read(self, template: Template) -> Any:
        """Read the measurements, which know the groups that they refer to."""
        kind = MeasurementsDerivedFromMultipleROIMeasurements
        found = []
        for container in self.items_of(template):
            for item in children_of(container):
                if kind.has_item(item):  # type: ignore[arg-type]
                    found.append(kind.of([item]))
                    vars(found[-1])["_groups"] = groups_referred_to(template[0], item)
        return found

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the container and the measurements."""
        label = v.DERIVED_IMAGING_MEASUREMENTS.meaning
        containers = self.items_of(template)
        if len(containers) > 1:
            yield Deviation(label, f"occurs {len(containers)} times, expected once")
        for container in containers:
            if relationship_of(container) != _CONTAINS.value:
                yield Deviation(label, f"has relationship {relationship_of(container)!r}, expected CONTAINS")
        for number, measurement in enumerate(self.read(template)):
            for path, message, is_error in measurement.deviations():
                yield Deviation(f"{label}[{number}]/{path}", message, is_error)
            for item in children_of(measurement[0]):
                if refers(item) and _group_at(template[0], item) is None:
                    path = f"{label}[{number}]/measurement_groups"
                    yield Deviation(path, "holds a reference to what is no measurement group", is_error=False)


def several_derived(value: Any) -> Any:
    """List derived measurements, which are gone through twice; one is left for its row to refuse."""
    is_one = value is None or isinstance(value, Template)
    return value if is_one else listed(value, "derived_imaging_measurements", "measurements")


def groups_referred_to(tree: Dataset, measurement: Dataset) -> list[MeasurementGroup]:
    """Find the measurement groups that a derived measurement refers to."""
    groups = (_group_at(tree, item) for item in children_of(measurement) if refers(item))
    return [kind_of_group(group).of([group]) for group in groups if group is not None]


def _group_at(tree: Dataset, reference: Dataset) -> Any:
    way = items_on_the_way(tree, reference)
    return way[-1] if way and name_key(way[-1]) == concept_key(v.MEASUREMENT_GROUP) else None


def refer_to_groups(tree: Dataset, measurements: Sequence[Any]) -> None:
    """Write the references of derived measurements to the groups of the report that they are in.

    Parameters
    ----------
    tree: pydicom.dataset.Dataset
        The root item of the report.
    measurements: Sequence[MeasurementsDerivedFromMultipleROIMeasurements]
        The measurements, as they were made.

    Raises
    ------
    ValueError
        If a group is not in the report.
    """
    if not measurements:
        return
    containers = enumerate(children_of(tree))
    places = {
        id(group): (first, second)
        for first, container in containers
        if name_key(container) == concept_key(v.IMAGING_MEASUREMENTS)
        for second, group in enumerate(children_of(container))
    }
    for measurement in measurements:
        made: list[Any] = []
        for group in measurement.measurement_groups:
            if id(group[0]) not in places:
                raise InputError(
                    f"derived_imaging_measurements has {measurement[0].name.meaning!r}, derived from the measurement "
                    f"group {group.tracking_identifier!r}, which is not among imaging_measurements of the report."
                )
            made.append(reference_to(places[id(group[0])], _INFERRED))
        others: list[Any] = [item for item in children_of(measurement[0]) if not refers(item)]
        set_children(measurement[0], [*made, *others])


def references_in(tree: Dataset) -> list[Any]:
    """Follow the references of the derived measurements in a report that is about to change."""
    derived = concept_key(v.DERIVED_IMAGING_MEASUREMENTS)
    measurements = (
        item for container in children_of(tree) if name_key(container) == derived for item in children_of(container)
    )
    return chains_of(tree, measurements)
