"""Measurement reports (PS3.16 TID 1500)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from hdcore.content import (
    CodedConcept,
    ContainerContentItem,
    ContentItem,
    GraphicTypeValues,
    GraphicTypeValues3D,
    ObserverContext,
    RelationshipTypeValues,
    Row,
    Template,
    TextContentItem,
    children_of,
    observers_in,
    rows,
    same_concept,
)
from hdcore.content.bulk import collection_paused
from hdcore.content.template import RootField, root
from hdcore.content.tree import set_children
from hdcore.errors import InputError, InputTypeError

from hdcore_sr import vocabulary as v
from hdcore_sr.context import (
    LanguageOfContentItemAndDescendants,
    ObservationContext,
    SubjectContext,
    subject_class_of,
)
from hdcore_sr.derived import (
    DerivedRow,
    MeasurementsDerivedFromMultipleROIMeasurements,
    refer_to_groups,
    references_in,
    several_derived,
)
from hdcore_sr.evaluations import EvaluationsRow
from hdcore_sr.group_search import check_reference_type, finding_conditions, instance_conditions, region_conditions
from hdcore_sr.groups import (
    MeasurementGroup,
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
    kind_of_group,
)
from hdcore_sr.library import ImageLibrary
from hdcore_sr.references import write_again
from hdcore_sr.report_rows import GroupsRow, LibraryRow, ProcedureRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hdcore.content.code import ConceptLike
    from pydicom.dataset import Dataset

    from hdcore_sr.measurement import QualitativeEvaluation

__all__ = ["MeasurementReport"]

_CONTAINS = RelationshipTypeValues.CONTAINS
_MODIFIER = RelationshipTypeValues.HAS_CONCEPT_MOD
_PLANAR_TYPES = (v.IMAGE_REGION, v.REFERENCED_SEGMENTATION_FRAME, v.REGION_IN_SPACE)
_VOLUME_TYPES = (v.IMAGE_REGION, v.REFERENCED_SEGMENT, v.VOLUME_SURFACE, v.REGION_IN_SPACE)

AnyGroup = (
    PlanarROIMeasurementsAndQualitativeEvaluations
    | VolumetricROIMeasurementsAndQualitativeEvaluations
    | MeasurementsAndQualitativeEvaluations
)
G = TypeVar("G", bound=MeasurementGroup)


class MeasurementReport(Template):
    """A report of measurements (TID 1500)."""

    TID: ClassVar[str] = "1500"
    ROOT_VALUE_TYPE: ClassVar[str] = "CONTAINER"
    ORDER: ClassVar[tuple[str, ...]] = (
        "language_of_content_item_and_descendants",
        "observation_context",
        "procedure_reported",
        "referenced_images",
        "imaging_measurements",
        "derived_imaging_measurements",
        "qualitative_evaluations",
    )

    observation_context: Row[ObservationContext, ObservationContext | None] = rows.include(
        ObservationContext, mandatory=False, doc="Who observed whom."
    )
    procedure_reported: Row[ConceptLike | Sequence[ConceptLike], list[CodedConcept]] = rows.row(
        ProcedureRow,
        *rows.code_arguments(v.PROCEDURE_REPORTED, _MODIFIER),
        value_types=("CODE",),
        several=True,
        doc="Procedures, or one (CID 100).",
    )
    imaging_measurements: Row[Sequence[MeasurementGroup] | None, list[AnyGroup]] = rows.row(
        GroupsRow,
        None,
        _CONTAINS,
        value_types=("CONTAINER",),
        default=None,
        several=True,
        doc="Groups of measurements.",
    )
    title: RootField[ConceptLike | None, CodedConcept | None] = root(
        default=None, doc="Title (CID 7021); Imaging Measurement Report if absent.", attribute="name", values=7021
    )
    language_of_content_item_and_descendants: Row[
        LanguageOfContentItemAndDescendants | None, LanguageOfContentItemAndDescendants | None
    ] = rows.include(LanguageOfContentItemAndDescendants, default=None, doc="Language; American English if absent.")
    referenced_images: Row[Sequence[Dataset] | None, ImageLibrary | None] = rows.row(
        LibraryRow, (ImageLibrary,), default=None, doc="Images for the image library."
    )
    qualitative_evaluations: Row[
        Sequence[QualitativeEvaluation | TextContentItem] | None, list[QualitativeEvaluation | TextContentItem]
    ] = rows.row(
        EvaluationsRow,
        None,
        _CONTAINS,
        value_types=("CONTAINER",),
        default=None,
        several=True,
        doc="Evaluations of the whole, coded or as text; with them, there need not be measurement groups.",
    )

    derived_imaging_measurements: Row[
        Sequence[MeasurementsDerivedFromMultipleROIMeasurements] | None,
        list[MeasurementsDerivedFromMultipleROIMeasurements],
    ] = rows.row(
        DerivedRow,
        None,
        _CONTAINS,
        value_types=("CONTAINER",),
        default=None,
        several=True,
        doc="Numbers derived from several of the measurement groups.",
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, in American English unless another language is given."""
        if values["imaging_measurements"] is None and values["qualitative_evaluations"] is None:
            raise InputTypeError(
                "imaging_measurements is None; expected a sequence of measurement groups, or qualitative_evaluations."
            )
        language = values["language_of_content_item_and_descendants"]
        if language is None:
            language = LanguageOfContentItemAndDescendants(v.ENGLISH)
        derived = several_derived(values["derived_imaging_measurements"])
        values = {**values, "derived_imaging_measurements": derived}
        super().assemble({**values, "language_of_content_item_and_descendants": language}, **root_options)
        refer_to_groups(self[0], derived or ())

    def replace_row(self, row: Row[Any, Any], value: Any) -> None:
        """Replace the items of a row; references to measurement groups go on referring to these.

        Parameters
        ----------
        row: Row
            The row.
        value: Any
            What the constructor takes for it; ``None`` takes the items away.

        Raises
        ------
        ValueError
            If something refers to a group that would be gone, or to one that is not there.
        """
        before = list(children_of(self[0]))
        if isinstance(row, DerivedRow):
            value = several_derived(value)
            super().replace_row(row, value)
            self._undo_if_refused(before, lambda: refer_to_groups(self[0], value or ()))
        else:
            followed = references_in(self[0])
            super().replace_row(row, value)
            self._undo_if_refused(before, lambda: write_again(self[0], followed))

    def _undo_if_refused(self, before: list[Any], write: Callable[[], None]) -> None:
        try:
            write()
        except InputError:
            set_children(self[0], before)
            raise

    def make_root(self, values: dict[str, Any]) -> ContentItem:
        """Make the container."""
        title = v.IMAGING_MEASUREMENT_REPORT if values["title"] is None else values["title"]
        return ContainerContentItem(title, template_id=self.TID)

    @classmethod
    def from_sequence(  # type: ignore[override]
        cls, sequence: Sequence[Dataset], is_root: bool = True, copy: bool = True
    ) -> Self:
        """Take content that was read as a report (see :meth:`hdcore.content.Template.from_sequence`).

        Parameters
        ----------
        sequence: Sequence[pydicom.dataset.Dataset]
            The root item.
        is_root: bool, optional
            Whether it is the root of a tree.
        copy: bool, optional
            Whether to leave it as it is; otherwise it becomes the report's own.
        """
        return super().from_sequence(sequence, is_root=is_root, copy=copy)

    def get_observer_contexts(self, observer_type: ConceptLike | None = None) -> list[ObserverContext]:
        """Find who observed.

        Parameters
        ----------
        observer_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            Person or device, for those only.

        Returns
        -------
        list[ObserverContext]
            The observers.
        """
        return observers_in(self.row_items(), observer_type)

    def get_subject_contexts(self, subject_class: ConceptLike | None = None) -> list[SubjectContext]:
        """Find who was observed, where it is not the patient.

        Parameters
        ----------
        subject_class: pydicom.sr.coding.Code | CodedConcept | None, optional
            Specimen, fetus or device, for those only.

        Returns
        -------
        list[SubjectContext]
            The subjects.
        """
        own = [item for item in self.row_items() if SubjectContext.has_item(item)]
        subjects = [SubjectContext.of(part) for part in SubjectContext.split(own)]
        if subject_class is None:
            return subjects
        wanted = subject_class_of(subject_class)
        return [
            one for one in subjects if one.subject_class and same_concept(subject_class_of(one.subject_class), wanted)
        ]

    def get_planar_roi_measurement_groups(
        self,
        tracking_uid: str | None = None,
        finding_type: ConceptLike | None = None,
        finding_site: ConceptLike | None = None,
        reference_type: ConceptLike | None = None,
        graphic_type: GraphicTypeValues | GraphicTypeValues3D | str | None = None,
        referenced_sop_instance_uid: str | None = None,
        referenced_sop_class_uid: str | None = None,
    ) -> list[PlanarROIMeasurementsAndQualitativeEvaluations]:
        """Find groups about regions in a plane (TID 1410); of several conditions, all must hold.

        Parameters
        ----------
        tracking_uid: str | None, optional
            Unique identifier of the region over time.
        finding_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            What was found.
        finding_site: pydicom.sr.coding.Code | CodedConcept | None, optional
            Where it was found.
        reference_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            Image Region, Referenced Segmentation Frame or Region in Space.
        graphic_type: GraphicTypeValues | GraphicTypeValues3D | str | None, optional
            Graphic type of the region.
        referenced_sop_instance_uid: str | None, optional
            Instance that the region is in or refers to.
        referenced_sop_class_uid: str | None, optional
            SOP class of such an instance.

        Returns
        -------
        list[PlanarROIMeasurementsAndQualitativeEvaluations]
            The groups; what is changed in them is changed in the report.

        Raises
        ------
        ValueError
            If the reference type is not one of a region in a plane, or the graphic type not one of the standard.
        """
        check_reference_type(reference_type, _PLANAR_TYPES)
        conditions = [
            *finding_conditions(tracking_uid, finding_type, finding_site),
            *region_conditions(reference_type, graphic_type, {v.IMAGE_REGION}),
            *instance_conditions(referenced_sop_instance_uid, referenced_sop_class_uid),
        ]
        return self._groups(PlanarROIMeasurementsAndQualitativeEvaluations, conditions)

    def get_volumetric_roi_measurement_groups(
        self,
        tracking_uid: str | None = None,
        finding_type: ConceptLike | None = None,
        finding_site: ConceptLike | None = None,
        reference_type: ConceptLike | None = None,
        graphic_type: GraphicTypeValues | GraphicTypeValues3D | str | None = None,
        referenced_sop_instance_uid: str | None = None,
        referenced_sop_class_uid: str | None = None,
    ) -> list[VolumetricROIMeasurementsAndQualitativeEvaluations]:
        """Find groups about volumes (TID 1411); of several conditions, all must hold.

        Parameters
        ----------
        tracking_uid: str | None, optional
            Unique identifier of the volume over time.
        finding_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            What was found.
        finding_site: pydicom.sr.coding.Code | CodedConcept | None, optional
            Where it was found.
        reference_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            Image Region, Referenced Segment, Volume Surface or Region in Space.
        graphic_type: GraphicTypeValues | GraphicTypeValues3D | str | None, optional
            Graphic type of the regions or surface.
        referenced_sop_instance_uid: str | None, optional
            Instance that the volume is in or refers to.
        referenced_sop_class_uid: str | None, optional
            SOP class of such an instance.

        Returns
        -------
        list[VolumetricROIMeasurementsAndQualitativeEvaluations]
            The groups; what is changed in them is changed in the report.

        Raises
        ------
        ValueError
            If the reference type is not one of a volume, or the graphic type not one of the standard.
        """
        check_reference_type(reference_type, _VOLUME_TYPES)
        conditions = [
            *finding_conditions(tracking_uid, finding_type, finding_site),
            *region_conditions(reference_type, graphic_type, {v.IMAGE_REGION, v.VOLUME_SURFACE}),
            *instance_conditions(referenced_sop_instance_uid, referenced_sop_class_uid),
        ]
        return self._groups(VolumetricROIMeasurementsAndQualitativeEvaluations, conditions)

    def get_image_measurement_groups(
        self,
        tracking_uid: str | None = None,
        finding_type: ConceptLike | None = None,
        finding_site: ConceptLike | None = None,
        referenced_sop_instance_uid: str | None = None,
        referenced_sop_class_uid: str | None = None,
    ) -> list[MeasurementsAndQualitativeEvaluations]:
        """Find groups about images (TID 1501); of several conditions, all must hold.

        Parameters
        ----------
        tracking_uid: str | None, optional
            Unique identifier of the finding over time.
        finding_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            What was found.
        finding_site: pydicom.sr.coding.Code | CodedConcept | None, optional
            Where it was found.
        referenced_sop_instance_uid: str | None, optional
            Instance that is referred to.
        referenced_sop_class_uid: str | None, optional
            SOP class of such an instance.

        Returns
        -------
        list[MeasurementsAndQualitativeEvaluations]
            The groups; what is changed in them is changed in the report.
        """
        conditions = [
            *finding_conditions(tracking_uid, finding_type, finding_site),
            *instance_conditions(referenced_sop_instance_uid, referenced_sop_class_uid),
        ]
        return self._groups(MeasurementsAndQualitativeEvaluations, conditions)

    @collection_paused()
    def _groups(self, kind: type[G], conditions: list[Callable[[Any], bool]]) -> list[G]:
        row: Any = type(self).fields["imaging_measurements"]
        return [
            kind.of([found])
            for found in row.items_of(self)
            if kind_of_group(found) is kind and all(condition(found) for condition in conditions)
        ]

    def to_records(self) -> list[dict[str, Any]]:
        """List all measurements and evaluations, a record each (see :func:`hdcore_sr.records_of`)."""
        from hdcore_sr.table import records_of

        return records_of(self)

    def to_dataframe(self) -> Any:
        """Make a table of all measurements and evaluations (see :func:`hdcore_sr.dataframe_of`)."""
        from hdcore_sr.table import dataframe_of

        return dataframe_of(self)
