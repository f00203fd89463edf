"""Measurements and qualitative evaluations (PS3.16 TID 300)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import (
    CodeContentItem,
    CodedConcept,
    ContentItem,
    NumContentItem,
    RelationshipTypeValues,
    Row,
    Template,
    rows,
)
from hdcore.content.item import relationship_of, value_type_of
from hdcore.content.template import RootField, root

from hdcore_sr import vocabulary as v
from hdcore_sr.context import AlgorithmIdentification, TrackingIdentifier
from hdcore_sr.finding_site import FindingSite, FindingSiteRows
from hdcore_sr.properties import MeasurementProperties
from hdcore_sr.regions import CoordinatesForMeasurement, CoordinatesForMeasurement3D
from hdcore_sr.sources import RealWorldValueMap, SourceImageForMeasurement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.code import ConceptLike

__all__ = [
    "Measurement",
    "QualitativeEvaluation",
]

_MODIFIER = RelationshipTypeValues.HAS_CONCEPT_MOD
_PROPERTIES = RelationshipTypeValues.HAS_PROPERTIES
_INFERRED = RelationshipTypeValues.INFERRED_FROM
_CONTAINS = RelationshipTypeValues.CONTAINS

Coordinates = CoordinatesForMeasurement | CoordinatesForMeasurement3D


class Measurement(Template):
    """A number that was measured, and how (TID 300)."""

    TID: ClassVar[str] = "300"
    ROOT_VALUE_TYPE: ClassVar[str] = "NUM"
    ORDER: ClassVar[tuple[str, ...]] = (
        "tracking_identifier",
        "method",
        "derivation",
        "finding_sites",
        "properties",
        "referenced_images",
        "referenced_coordinates",
        "referenced_real_world_value_map",
        "algorithm_id",
    )

    name: RootField[ConceptLike, CodedConcept] = root(doc="What was measured (CID 7469, 7468 …).")
    value: RootField[float | None, float | None] = root(
        doc="The number, in ``unit``; ``None`` if there is none, for the reason of ``qualifier``."
    )
    unit: RootField[ConceptLike, CodedConcept] = root(doc="Unit, of UCUM.")
    qualifier: RootField[ConceptLike | None, CodedConcept | None] = root(
        default=None, doc="Why there is no number, or what it is instead (CID 42).", values=42
    )
    tracking_identifier: Row[TrackingIdentifier | None, TrackingIdentifier | None] = rows.include(
        TrackingIdentifier, default=None, doc="What identifies the measurement over time."
    )
    algorithm_id: Row[AlgorithmIdentification | None, AlgorithmIdentification | None] = rows.include(
        AlgorithmIdentification, default=None, doc="Algorithm that measured."
    )
    derivation: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.DERIVATION, _MODIFIER, default=None, values=7464, doc="How the value was computed (CID 7464)."
    )
    finding_sites: Row[Sequence[FindingSite] | None, list[FindingSite]] = rows.item(
        FindingSite,
        v.FINDING_SITE,
        _MODIFIER,
        ("CODE",),
        default=None,
        several=True,
        described_by=FindingSiteRows,
        doc="Where it was measured.",
    )
    method: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.MEASUREMENT_METHOD, _MODIFIER, default=None, values=6147, doc="Method (CID 6147)."
    )
    properties: Row[MeasurementProperties | None, MeasurementProperties | None] = rows.include(
        MeasurementProperties, default=None, doc="What the measurement means."
    )
    referenced_images: Row[Sequence[SourceImageForMeasurement] | None, list[SourceImageForMeasurement]] = rows.item(
        SourceImageForMeasurement, None, _INFERRED, ("IMAGE",), default=None, several=True, doc="Images measured on."
    )
    referenced_coordinates: Row[Sequence[Coordinates] | None, list[Coordinates]] = rows.item(
        (CoordinatesForMeasurement, CoordinatesForMeasurement3D),
        None,
        _INFERRED,
        ("SCOORD", "SCOORD3D"),
        default=None,
        several=True,
        doc="Coordinates measured between; not in groups about regions.",
    )
    referenced_real_world_value_map: Row[RealWorldValueMap | None, RealWorldValueMap | None] = rows.item(
        RealWorldValueMap, v.REAL_WORLD_VALUE_MAP, _INFERRED, ("COMPOSITE",), default=None, doc="Value map used."
    )

    @classmethod
    def has_item(cls, item: ContentItem) -> bool:
        """Tell whether an item of a group is a measurement."""
        return value_type_of(item) == "NUM" and relationship_of(item) == _CONTAINS.value

    def make_root(self, values: dict[str, Any]) -> ContentItem:
        """Make the number."""
        return NumContentItem(
            values["name"], values["value"], values["unit"], values["qualifier"], relationship_type=_CONTAINS
        )

    def has_coordinates(self) -> bool:
        """Tell whether the measurement refers to coordinates, without looking at them."""
        return any(value_type_of(item) in ("SCOORD", "SCOORD3D") for item in self.row_items())


class QualitativeEvaluation(Template):
    """A coded answer to a coded question (TID 1501)."""

    ROOT_VALUE_TYPE: ClassVar[str] = "CODE"

    name: RootField[ConceptLike, CodedConcept] = root(doc="The question.")
    value: RootField[ConceptLike, CodedConcept] = root(doc="The answer.")

    def make_root(self, values: dict[str, Any]) -> ContentItem:
        """Make the coded item."""
        return CodeContentItem(values["name"], values["value"], relationship_type=_CONTAINS)
