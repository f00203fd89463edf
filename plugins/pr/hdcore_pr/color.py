"""Color softcopy presentation states (PS3.3 A.33.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.model.syntaxes import EXPLICIT_VR_LITTLE_ENDIAN

from hdcore_pr.enums import COLOR
from hdcore_pr.profile import put_icc_profile
from hdcore_pr.state import PresentationState
from hdcore_pr.state_content import StateContent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content import CodedConcept, ContentCreatorIdentificationCodeSequence, ContributingEquipment
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code
    from pydicom.valuerep import PersonName

    from hdcore_pr.layers import GraphicAnnotation, GraphicGroup, GraphicLayer

__all__ = ["ColorSoftcopyPresentationState"]


class ColorSoftcopyPresentationState(PresentationState):
    """How colour images are to be presented."""

    sop_class_uids: ClassVar[frozenset[str]] = frozenset({COLOR})

    def __init__(
        self,
        referenced_images: Sequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str, ...],
        device_serial_number: str | None,
        content_label: str,
        content_description: str | None = None,
        graphic_annotations: Sequence[GraphicAnnotation] | None = None,
        graphic_layers: Sequence[GraphicLayer] | None = None,
        graphic_groups: Sequence[GraphicGroup] | None = None,
        concept_name: Code | CodedConcept | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_creator_name: str | PersonName | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None = None,
        icc_profile: bytes | None = None,
        transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a state.

        Parameters
        ----------
        referenced_images: Sequence[pydicom.dataset.Dataset]
            The images to present, of one study; colour.
        series_instance_uid, series_number, sop_instance_uid, instance_number, manufacturer,\
 manufacturer_model_name, software_versions, device_serial_number, institution_name,\
 institutional_department_name, transfer_syntax_uid
            As of :class:`hdcore.SOPClass`.
        content_label: str
            Label of the content, a code string: up to 16 upper-case letters, digits, spaces and underscores.
        content_description: str | None, optional
            Description of the content, at most 64 characters.
        graphic_annotations: Sequence[GraphicAnnotation] | None, optional
            What is drawn over the images.
        graphic_layers: Sequence[GraphicLayer] | None, optional
            Layers, among them all on which something is drawn.
        graphic_groups: Sequence[GraphicGroup] | None, optional
            Groups, among them all to which something drawn belongs.
        concept_name: pydicom.sr.coding.Code | CodedConcept | None, optional
            What the state is for.
        content_creator_name: str | PersonName | None, optional
            Who made the content.
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None, optional
            Who that is.
        icc_profile: bytes | None, optional
            ICC profile of the colours; that of the images if absent, else sRGB.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Equipment that contributed, beside this library.
        **kwargs
            Further attributes that :class:`hdcore.SOPClass` takes.

        Raises
        ------
        ValueError
            If there are no images, they are of several studies, not colour, or the content does not fit them.
        TypeError
            If an argument is of another type than those.
        """
        self._check_colors(referenced_images, expected=True)
        self._begin(
            COLOR,
            referenced_images,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            instance_number=instance_number,
            manufacturer=manufacturer,
            manufacturer_model_name=manufacturer_model_name,
            software_versions=software_versions,
            device_serial_number=device_serial_number,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            transfer_syntax_uid=transfer_syntax_uid,
            **kwargs,
        )
        StateContent(
            referenced_images=referenced_images,
            content_label=content_label,
            content_description=content_description,
            graphic_annotations=graphic_annotations,
            graphic_layers=graphic_layers,
            graphic_groups=graphic_groups,
            concept_name=concept_name,
            content_creator_name=content_creator_name,
            content_creator_identification=content_creator_identification,
            contributing_equipment=contributing_equipment,
        ).describe(self)
        put_icc_profile(self, icc_profile, referenced_images)
