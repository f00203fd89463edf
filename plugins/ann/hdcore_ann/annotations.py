"""Microscopy Bulk Simple Annotations instances (PS3.3 A.87)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.arguments import list_of
from hdcore.model.damage import reading
from hdcore.model.element import fetch, put
from hdcore.model.instance import SOPClass
from hdcore.model.repertoire import check_texts
from hdcore.model.syntaxes import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
)
from hdcore.text import check_person_name, check_text
from pydicom.dataset import Dataset

from hdcore_ann.enums import (
    AnnotationCoordinateTypeValues,
    AnnotationGroupGenerationTypeValues,
    GraphicTypeValues,
    PixelOriginInterpretationValues,
)
from hdcore_ann.group import AnnotationGroup
from hdcore_ann.reading import open_dataset, take_groups
from hdcore_ann.sources import check_source_images, common_references, image_reference
from hdcore_ann.writing import encoded, save

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from hdcore import ContentCreatorIdentificationCodeSequence, ContributingEquipment
    from hdcore.content.code import CodedConcept
    from pydicom.sr.coding import Code
    from pydicom.valuerep import PersonName

__all__ = ["SOP_CLASS_UIDS", "MicroscopyBulkSimpleAnnotations", "annread"]

SOP_CLASS_UIDS = {"1.2.840.10008.5.1.4.1.1.91.1"}
"""Microscopy Bulk Simple Annotations Storage."""

_SYNTAXES = (EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
_PLAIN_OPTIONS = {"enforce_file_format", "overwrite"}


class MicroscopyBulkSimpleAnnotations(SOPClass):
    """Many simple shapes on a slide, with their meaning and measurements."""

    def __init__(
        self,
        source_images: Sequence[Dataset],
        annotation_coordinate_type: str | AnnotationCoordinateTypeValues,
        annotation_groups: Sequence[AnnotationGroup],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        content_description: str | None = None,
        content_creator_name: str | PersonName | None = None,
        transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
        pixel_origin_interpretation: str | PixelOriginInterpretationValues = PixelOriginInterpretationValues.VOLUME,
        content_label: str | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None = None,
        referenced_frame_number: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Make an instance.

        Parameters
        ----------
        source_images: Sequence[pydicom.dataset.Dataset]
            The image that the shapes are on. In three dimensions there may be several, of one frame of reference.
        annotation_coordinate_type: str | AnnotationCoordinateTypeValues
            Whether coordinates are pixels of the image or millimetres of the slide's frame of reference.
        annotation_groups: Sequence[AnnotationGroup]
            The shapes, in groups numbered 1, 2, 3 …; they become items of this instance.
        series_instance_uid: str
            UID of the series.
        series_number: int
            Number of the series.
        sop_instance_uid: str
            UID of the instance.
        instance_number: int
            Number of the instance.
        manufacturer: str
            Manufacturer of what makes the instance.
        manufacturer_model_name: str
            Its model or the name of the software.
        software_versions: str | tuple[str]
            Versions of the software.
        device_serial_number: str
            Serial number.
        content_description: str | None, optional
            Description of the annotations.
        content_creator_name: str | pydicom.valuerep.PersonName | None, optional
            Who made them.
        transfer_syntax_uid: str, optional
            Explicit or Implicit VR Little Endian, or Deflated Explicit VR Little Endian.
        pixel_origin_interpretation: str | PixelOriginInterpretationValues, optional
            Whether pixels are counted from the total pixel matrix or from one frame.
        content_label: str | None, optional
            Label (upper case letters, digits, spaces and underscores); made from the source's modality if absent.
        contributing_equipment: Sequence[hdcore.ContributingEquipment] | None, optional
            Further equipment that contributed.
        content_creator_identification: hdcore.ContentCreatorIdentificationCodeSequence | None, optional
            Codes for who made them.
        referenced_frame_number: int | None, optional
            The frame, counted from one, where pixels are counted from a frame.
        **kwargs: Any
            What :class:`hdcore.SOPClass` takes beside these.

        Raises
        ------
        TypeError
            If sources or groups are not what they should be.
        ValueError
            If there is no group, numbers are not 1, 2, 3 …, coordinates are not of the type declared, or the sources
            do not share what they must.
        """
        coordinates = AnnotationCoordinateTypeValues(annotation_coordinate_type)
        images = check_source_images(source_images, coordinates)
        groups = _checked_groups(annotation_groups, coordinates)
        if transfer_syntax_uid not in _SYNTAXES:
            raise InputError(f"transfer_syntax_uid is {transfer_syntax_uid!r}; expected one of {', '.join(_SYNTAXES)}.")
        source = images[0]
        super().__init__(
            study_instance_uid=source.StudyInstanceUID,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=next(iter(SOP_CLASS_UIDS)),
            instance_number=instance_number,
            modality="ANN",
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            manufacturer_model_name=manufacturer_model_name,
            software_versions=software_versions,
            device_serial_number=device_serial_number,
            **kwargs,
        )
        self.copy_patient_and_study_information(source)
        self.copy_specimen_information(source)
        self._describe_content(
            content_label or f"{fetch(source, 'Modality', '')}_ANN", content_description, content_creator_name
        )
        if content_creator_identification is not None:
            creators = list_of(Dataset, content_creator_identification, "content_creator_identification")
            put(self, ContentCreatorIdentificationCodeSequence=creators)
        self._refer_to(images, coordinates, pixel_origin_interpretation, referenced_frame_number)
        self._name_equipment(source, contributing_equipment)
        put(self, AnnotationCoordinateType=coordinates.value, AnnotationGroupSequence=groups)

    def _describe_content(self, label: str, description: str | None, creator: str | PersonName | None) -> None:
        check_text(label, "CS", "content_label")
        if description is not None:
            check_text(description, "LO", "content_description")
        put(self, ContentLabel=label, ContentDescription=description or "")
        if creator is not None:
            check_person_name(creator, "content_creator_name")
            self.ContentCreatorName = creator

    def _refer_to(
        self,
        images: list[Dataset],
        coordinates: AnnotationCoordinateTypeValues,
        pixel_origin: str | PixelOriginInterpretationValues,
        frame_number: int | None,
    ) -> None:
        origin = PixelOriginInterpretationValues(pixel_origin)
        if frame_number is not None and origin is not PixelOriginInterpretationValues.FRAME:
            raise InputError("referenced_frame_number is given, but pixels are not counted from a frame.")
        if coordinates is AnnotationCoordinateTypeValues.SCOORD:
            put(self, PixelOriginInterpretation=origin.value)
        else:
            put(
                self,
                FrameOfReferenceUID=images[0].FrameOfReferenceUID,
                PositionReferenceIndicator=fetch(images[0], "PositionReferenceIndicator"),
            )
        if len(images) == 1:
            self.ReferencedImageSequence = image_reference(images[0], frame_number)
        for keyword, items in common_references(images).items():
            setattr(self, keyword, items)

    def _name_equipment(self, source: Dataset, others: Sequence[ContributingEquipment] | None) -> None:
        from hdcore.content.equipment import ContributingEquipment

        items = [ContributingEquipment.for_image_acquisition(source)] if fetch(source, "Manufacturer") else []
        further = list_of(Dataset, others, "contributing_equipment", "ContributingEquipment")
        put(self, ContributingEquipmentSequence=[*items, *further, ContributingEquipment.for_highdicom()])

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as an instance.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The dataset.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the instance itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it is of another SOP class, or lacks what the instance has.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"Annotations are read from a Dataset, not from {type(dataset).__name__}.")
        with reading("SOP Class UID"):
            sop_class = str(fetch(dataset, "SOPClassUID", "none"))
        if sop_class not in SOP_CLASS_UIDS:
            raise UnreadableError(
                f"The dataset is of SOP class {sop_class}, which is not Microscopy Bulk Simple Annotations."
            )
        instance = deepcopy(dataset) if copy else dataset
        with reading("Annotation Coordinate Type"):
            coordinates = AnnotationCoordinateTypeValues(fetch(instance, "AnnotationCoordinateType"))
        groups = [AnnotationGroup.from_dataset(group, copy=False) for group in take_groups(instance)]
        for group in groups:
            group._coordinate_type = coordinates
        put(instance, AnnotationGroupSequence=groups)
        instance.__class__ = cls
        return instance  # type: ignore[return-value]

    @classmethod
    def from_file(cls, fp: str | bytes | os.PathLike[str] | BinaryIO) -> Self:
        """Read an instance from a file.

        Parameters
        ----------
        fp: str | bytes | os.PathLike | BinaryIO
            Path, content, or file object. Of a file given by its path, coordinates are read when they are asked for;
            the file is held open meanwhile.

        Raises
        ------
        ValueError
            If the file is not a DICOM file, or not of such an instance.
        """
        return cls.from_dataset(open_dataset(fp), copy=False)

    def save_as(self, filename: Any, /, *args: Any, **options: Any) -> None:
        """Write the instance as a DICOM file, coordinates without another copy of them.

        Parameters
        ----------
        filename: str | os.PathLike | BinaryIO
            Path or file object. A file appears only when it is whole; it may be the one that the instance was read
            from.
        *args, **options
            Other options of :meth:`hdcore.SOPClass.save_as`.

        Raises
        ------
        FileExistsError
            If there is a file already and ``overwrite`` is False.
        ValueError
            If the Specific Character Set cannot hold a text.
        """
        check_texts(self)
        syntax = self.file_meta.TransferSyntaxUID
        plain = not args and options.get("enforce_file_format", True) and not options.keys() - _PLAIN_OPTIONS
        if plain and syntax.is_little_endian and not syntax.is_deflated:
            save(encoded(self), filename, overwrite=options.get("overwrite", True))
        else:
            super().save_as(filename, *args, **options)

    @property
    def annotation_coordinate_type(self) -> AnnotationCoordinateTypeValues:
        """AnnotationCoordinateTypeValues: whether coordinates are in pixels or in millimetres."""
        return AnnotationCoordinateTypeValues(self.AnnotationCoordinateType)

    def get_annotation_group(self, number: int | None = None, uid: str | None = None) -> AnnotationGroup:
        """Get one group.

        Parameters
        ----------
        number: int | None, optional
            Number of the group, counted from one.
        uid: str | None, optional
            Unique identifier of the group.

        Returns
        -------
        AnnotationGroup
            The group that has both, where both are given.

        Raises
        ------
        TypeError
            If neither is given.
        ValueError
            If no group, or more than one, has them.
        """
        if number is None and uid is None:
            raise InputTypeError("Either number or uid must say which annotation group is meant.")
        groups = [
            group
            for group in self.get_annotation_groups()
            if (number is None or group.number == number) and (uid is None or group.uid == uid)
        ]
        if len(groups) != 1:
            meant = " and ".join(f"{name} {value}" for name, value in (("number", number), ("uid", uid)) if value)
            numbers = [group.number for group in self.get_annotation_groups()]
            raise InputError(f"{len(groups) or 'No'} annotation groups have {meant}; there are {numbers}.")
        return groups[0]

    def get_annotation_groups(
        self,
        annotated_property_category: Code | CodedConcept | None = None,
        annotated_property_type: Code | CodedConcept | None = None,
        label: str | None = None,
        graphic_type: str | GraphicTypeValues | None = None,
        algorithm_type: str | AnnotationGroupGenerationTypeValues | None = None,
        algorithm_name: str | None = None,
        algorithm_family: Code | CodedConcept | None = None,
        algorithm_version: str | None = None,
    ) -> list[AnnotationGroup]:
        """Get the groups that match all that is given.

        Parameters
        ----------
        annotated_property_category: pydicom.sr.coding.Code | hdcore.sr.CodedConcept | None, optional
            Category of what the shapes outline.
        annotated_property_type: pydicom.sr.coding.Code | hdcore.sr.CodedConcept | None, optional
            What the shapes outline.
        label: str | None, optional
            What people call the group.
        graphic_type: str | GraphicTypeValues | None, optional
            What the shapes are.
        algorithm_type: str | AnnotationGroupGenerationTypeValues | None, optional
            How the shapes were found.
        algorithm_name: str | None, optional
            Name of the algorithm.
        algorithm_family: pydicom.sr.coding.Code | hdcore.sr.CodedConcept | None, optional
            Kind of the algorithm.
        algorithm_version: str | None, optional
            Version of the algorithm.

        Returns
        -------
        list[AnnotationGroup]
            The groups, in their order.
        """
        graphic = None if graphic_type is None else GraphicTypeValues(graphic_type)
        generation = None if algorithm_type is None else AnnotationGroupGenerationTypeValues(algorithm_type)
        wanted = {
            "annotated_property_category": annotated_property_category,
            "annotated_property_type": annotated_property_type,
            "label": label,
            "graphic_type": graphic,
            "algorithm_type": generation,
        }
        algorithm = {"name": algorithm_name, "family": algorithm_family, "version": algorithm_version}
        return [
            group
            for group in self.AnnotationGroupSequence
            if _matches(group, wanted) and _matches(group.algorithm_identification, algorithm)
        ]


def annread(fp: str | bytes | os.PathLike[str] | BinaryIO) -> MicroscopyBulkSimpleAnnotations:
    """Read bulk annotations from a file.

    Parameters
    ----------
    fp: str | bytes | os.PathLike | BinaryIO
        Path, content, or file object. Of a file given by its path, coordinates are read when they are asked for; the
        file is held open meanwhile.

    Returns
    -------
    MicroscopyBulkSimpleAnnotations
        The instance.

    Raises
    ------
    ValueError
        If the file is not a DICOM file, or not of bulk annotations.
    """
    return MicroscopyBulkSimpleAnnotations.from_file(fp)


def _matches(subject: Any, wanted: dict[str, Any]) -> bool:
    given = {name: value for name, value in wanted.items() if value is not None}
    return not given or (subject is not None and all(getattr(subject, name) == value for name, value in given.items()))


def _checked_groups(
    groups: Sequence[AnnotationGroup], coordinates: AnnotationCoordinateTypeValues
) -> list[AnnotationGroup]:
    groups = list_of(AnnotationGroup, groups, "annotation_groups")
    if not groups:
        raise InputError("annotation_groups is empty; expected at least one group.")
    numbers = [group.number for group in groups]
    if numbers != list(range(1, len(numbers) + 1)):
        raise InputError(f"annotation_groups are numbered {numbers}; expected 1 to {len(numbers)}, in order.")
    uids = [group.uid for group in groups]
    if len(set(uids)) < len(uids):
        raise InputError("Two of annotation_groups have the same uid.")
    for group in groups:
        if group.coordinate_type is not coordinates:
            raise InputError(
                f"Group {group.number} has {group.coordinate_type.value} coordinates, but annotation_coordinate_type"
                f" is {coordinates.value}."
            )
    return list(groups)
