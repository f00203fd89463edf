"""What all presentation states have in common: identification, references, displayed areas, annotations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hdcore.content import CodedConcept
from hdcore.content.equipment import contributing_equipment
from hdcore.content.identification import put_content_identification
from hdcore.errors import InputError
from hdcore.model.element import fetch, item, put
from hdcore.model.references import sop_reference

from hdcore_pr.bounds import check_bounds
from hdcore_pr.given import items_of
from hdcore_pr.references import common_value, put_referenced_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content import ContentCreatorIdentificationCodeSequence, ContributingEquipment
    from hdcore.model.instance import SOPClass
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code
    from pydicom.valuerep import PersonName

    from hdcore_pr.layers import GraphicAnnotation, GraphicGroup, GraphicLayer

__all__ = ["StateContent"]

_SIZE = (
    "Rows",
    "Columns",
    "TotalPixelMatrixRows",
    "TotalPixelMatrixColumns",
    "PixelSpacing",
    "ImagerPixelSpacing",
    "PixelAspectRatio",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateContent:
    """The parameters that all presentation states take; :meth:`describe` writes them."""

    referenced_images: Sequence[Dataset]
    content_label: str
    content_description: str | None
    graphic_annotations: Sequence[GraphicAnnotation] | None
    graphic_layers: Sequence[GraphicLayer] | None
    graphic_groups: Sequence[GraphicGroup] | None
    concept_name: Code | CodedConcept | None
    content_creator_name: str | PersonName | None
    content_creator_identification: ContentCreatorIdentificationCodeSequence | None
    contributing_equipment: Sequence[ContributingEquipment] | None

    def describe(self, state: SOPClass) -> None:
        """Write into a new state what it says of its content and its images.

        Raises
        ------
        ValueError
            If names, groups, layers or images of annotations do not fit one another, or graphics lie outside.
        """
        images = self.referenced_images
        state.copy_patient_and_study_information(images[0])
        body_part, laterality = common_value(images, "BodyPartExamined"), common_value(images, "Laterality")
        if body_part is not None:
            put(state, BodyPartExamined=body_part)
        if common_value(images, "ContainerIdentifier") is not None:
            state.copy_specimen_information(images[0])
        elif laterality is not None or body_part is None:
            # PS3.3 C.7.3.1: type 2C of a paired body part, and this one may be
            put(state, Laterality=laterality)
        self._identify(state)
        put(
            state,
            DisplayedAreaSelectionSequence=_displayed_areas(images),
            ContributingEquipmentSequence=contributing_equipment(None, self.contributing_equipment),
        )
        self._annotate(state)
        put_referenced_series(state, images)

    def _identify(self, state: Dataset) -> None:
        # PS3.3 C.11.10 Presentation State Identification, 10.9 Content Identification
        if not self.content_label:
            raise InputError("content_label is empty.")
        put_content_identification(
            state,
            self.content_label,
            self.content_description,
            self.content_creator_name,
            self.content_creator_identification,
        )
        now = datetime.now()
        put(state, PresentationCreationDate=f"{now:%Y%m%d}", PresentationCreationTime=f"{now:%H%M%S.%f}")
        if self.concept_name is not None:
            put(state, ConceptNameCodeSequence=[CodedConcept.from_code(self.concept_name)])

    def _annotate(self, state: Dataset) -> None:
        groups = items_of("graphic_groups", self.graphic_groups or (), "GraphicGroupID", "GraphicGroup")
        layers = items_of("graphic_layers", self.graphic_layers or (), "GraphicLayer", "GraphicLayer")
        annotations = items_of(
            "graphic_annotations", self.graphic_annotations or (), "GraphicLayer", "GraphicAnnotation"
        )
        numbers = [int(group.GraphicGroupID) for group in groups]
        if len(set(numbers)) < len(numbers):
            raise InputError(f"graphic_groups have the numbers {numbers}; each must have its own.")
        names = [str(layer.GraphicLayer) for layer in layers]
        if len(set(names)) < len(names):
            raise InputError(f"graphic_layers have the names {names}; each must have its own.")
        orders = [int(layer.GraphicLayerOrder) for layer in layers]
        if len(set(orders)) < len(orders):
            raise InputError(f"graphic_layers have the orders {orders}; each must have its own.")
        _check_annotations(annotations, names, numbers)
        check_bounds(annotations, self.referenced_images)
        if groups:
            put(state, GraphicGroupSequence=groups)
        if layers:
            put(state, GraphicLayerSequence=layers)
        if annotations:
            put(state, GraphicAnnotationSequence=annotations)


def _check_annotations(annotations: Sequence[Dataset], layers: list[str], groups: list[int]) -> None:
    for number, annotation in enumerate(annotations):
        if annotation.GraphicLayer not in layers:
            raise InputError(
                f"graphic_annotations[{number}] is on layer {annotation.GraphicLayer!r}, "
                f"which is not among graphic_layers: {layers}."
            )
        for drawn in (*(annotation.get("GraphicObjectSequence") or ()), *(annotation.get("TextObjectSequence") or ())):
            group = drawn.get("GraphicGroupID")
            if group is not None and group not in groups:
                raise InputError(
                    f"graphic_annotations[{number}] belongs to group {group}, not among graphic_groups: {groups}."
                )


def _displayed_areas(images: Sequence[Dataset]) -> list[Dataset]:
    """Show all of every image, fitted to the display (PS3.3 C.10.4); images of one size share an item."""
    by_size: dict[tuple[Any, ...], list[Dataset]] = {}
    for image in images:
        by_size.setdefault(tuple(str(fetch(image, keyword)) for keyword in _SIZE), []).append(image)
    areas = [_displayed_area(group[0]) for group in by_size.values()]
    if len(areas) > 1:
        for area, group in zip(areas, by_size.values(), strict=True):
            put(area, ReferencedImageSequence=[sop_reference(image) for image in group])
    return areas


def _displayed_area(image: Dataset) -> Dataset:
    is_tiled = "TotalPixelMatrixRows" in image
    rows, columns = (
        (image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns) if is_tiled else (image.Rows, image.Columns)
    )
    area = item(
        DisplayedAreaTopLeftHandCorner=[1, 1],
        DisplayedAreaBottomRightHandCorner=[int(columns), int(rows)],
        PresentationSizeMode="SCALE TO FIT",
    )
    if is_tiled:
        put(area, PixelOriginInterpretation="VOLUME")
    spacing = fetch(image, "PixelSpacing") or fetch(image, "ImagerPixelSpacing")
    if spacing is not None:
        put(area, PresentationPixelSpacing=list(spacing))
    else:
        put(area, PresentationPixelAspectRatio=list(fetch(image, "PixelAspectRatio", [1, 1])))
    return area
