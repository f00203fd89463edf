"""Legacy Converted Enhanced CT, MR and PET images (PS3.3 A.70, A.71, A.72)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from hdcore.content.code import CodedConcept
from hdcore.content.equipment import ContributingEquipment
from hdcore.errors import GeometryError, InputError, UnreadableError
from hdcore.frames.assemble import assemble_planes
from hdcore.frames.columns import Categorical
from hdcore.frames.dimensions import IMAGE_POSITION, Dimension, put_dimensions
from hdcore.frames.groups import STANDARD_GROUPS, FunctionalGroup
from hdcore.frames.image import Image
from hdcore.frames.select import require_present
from hdcore.model.arguments import list_of
from hdcore.model.element import elements_of, fetch, put, put_element, put_raw
from hdcore.model.instance import SOPClass
from hdcore.model.making import tag_of
from hdcore.pixels.options import PixelOptions
from pydicom.dataset import Dataset

from hdcore_legacy.elements import as_raw, item_of, sequence_of, text_of
from hdcore_legacy.frames import acquisition_datetimes, image_type
from hdcore_legacy.groups import references
from hdcore_legacy.pixels import choose_syntax, put_pixels
from hdcore_legacy.placement import place
from hdcore_legacy.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from typing import Self

    from hdcore.pixels.lut import VOILUTTransformation
    from numpy.typing import DTypeLike, NDArray
    from pydicom.sr.coding import Code

__all__ = ["CONVERSION_SOURCE", "ConvertedImage"]

CONVERSION_SOURCE = FunctionalGroup(
    "ConversionSourceAttributesSequence",
    never_shared=True,
    conversion_source_sop_class_uid="ReferencedSOPClassUID",
    conversion_source_uid="ReferencedSOPInstanceUID",
)
"""Image Frame Conversion Source, C.7.6.16.2.27: the single-frame image that a frame was."""

_DIMENSIONS = {
    "ImagePositionPatient": IMAGE_POSITION,
    "SeriesNumber": Dimension(
        "SeriesNumber", "UnassignedPerFrameConvertedAttributesSequence", "", "Series Number of converted instance"
    ),
    "InstanceNumber": Dimension(
        "InstanceNumber", "UnassignedPerFrameConvertedAttributesSequence", "", "Instance Number of converted instance"
    ),
}
_DESCRIPTION_SUFFIX = " (enhanced conversion)"
_LONGEST_DESCRIPTION = 64


class ConvertedImage(Image):
    """An enhanced multi-frame image that was made of single-frame images; what its three kinds have in common."""

    FUNCTIONAL_GROUPS: ClassVar[tuple[FunctionalGroup, ...]] = (*STANDARD_GROUPS, CONVERSION_SOURCE)
    MODALITY: ClassVar[str]
    """Modality of the sources."""
    SOURCE_SOP_CLASS_UID: ClassVar[str]
    """SOP class of the sources."""
    SOP_CLASS_UID: ClassVar[str]
    """SOP class of the converted image."""

    def __init__(
        self,
        legacy_datasets: Sequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        transfer_syntax_uid: str | None = None,
        use_extended_offset_table: bool = False,
        require_volume: bool = False,
        strict: bool = False,
        skip_private_attributes: bool = False,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        workers: int | Executor = 0,
        include_dimension_index: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Convert single-frame images.

        Parameters
        ----------
        legacy_datasets: Sequence[pydicom.dataset.Dataset]
            The images: of one patient, study, frame of reference, size and pixel format.
        series_instance_uid: str
            UID of the series of the converted image.
        series_number: int
            Number of the series.
        sop_instance_uid: str
            UID of the converted image.
        instance_number: int
            Number of the converted image.
        transfer_syntax_uid: str | None, optional
            Transfer syntax; that of the sources if absent, whose frames are then copied as they are.
        use_extended_offset_table: bool, optional
            Whether encapsulated frames are found by an Extended Offset Table instead of a Basic Offset Table.
        require_volume: bool, optional
            Whether images that are not a regular volume are refused; the message lists gaps and duplicates.
        strict: bool, optional
            Whether it is an error that the sources lack what is required, or else a warning.
        skip_private_attributes: bool, optional
            Whether private attributes of the sources are left out.
        contributing_equipment: Sequence[hdcore.ContributingEquipment] | None, optional
            Further equipment that contributed.
        workers: int | concurrent.futures.Executor, optional
            Workers that encode frames, where frames must be encoded; a negative number takes one per processor.
        include_dimension_index: bool | None, optional
            Whether frames are put in the order of a dimension, by position if the images are a regular volume and
            otherwise by series and instance number: True refuses images that nothing orders, None leaves them as they
            are and warns of gaps and the like, False leaves all as they are.
        **kwargs: Any
            What :class:`hdcore.SOPClass` takes beside these.

        Raises
        ------
        TypeError
            If the images are not a sequence of datasets.
        ValueError
            If they cannot be converted together; the message says which are in the way, and
            :func:`hdcore.legacy.find_stacks` sorts them into those that can.

        Warns
        -----
        HdcoreWarning
            If sources lack what is required, unless ``strict``. If they have gaps, duplicates that nothing tells apart,
            or mixed orientations, which it lists, unless ``include_dimension_index`` is given.
        """
        sources = Sources.of(
            legacy_datasets,
            self.MODALITY,
            self.SOURCE_SOP_CLASS_UID,
            index=include_dimension_index,
            volume=require_volume,
        )
        first = sources.datasets[0]
        SOPClass.__init__(
            self,
            study_instance_uid=first.StudyInstanceUID,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=self.SOP_CLASS_UID,
            instance_number=instance_number,
            modality=self.MODALITY,
            transfer_syntax_uid=choose_syntax(sources.datasets, transfer_syntax_uid),
            **(self._described(sources) | kwargs),
        )
        overridden = {int(tag_of(_keyword(name))) for name, value in kwargs.items() if value is not None}
        self._describe_image(sources)
        placement = place(
            sources,
            self.MODALITY,
            strict=strict,
            skip_private=skip_private_attributes,
            overridden=overridden,
            said={int(tag) for tag in elements_of(self)},
        )
        for tag, element in placement.instance.items():
            put_element(self, as_raw(tag, element))
        shared, per_frame = placement.encoded()
        put_raw(self, "SharedFunctionalGroupsSequence", "SQ", shared)
        put_raw(self, "PerFrameFunctionalGroupsSequence", "SQ", per_frame)
        if sources.ordering:
            organization = "3D" if sources.ordering == ("ImagePositionPatient",) else None
            put_dimensions(self, [_DIMENSIONS[keyword] for keyword in sources.ordering], organization)
        put_raw(self, "ReferencedSeriesSequence", "SQ", _series_references(sources))
        self._name_equipment(first, contributing_equipment)
        put_pixels(self, sources.datasets, workers=workers, use_extended_offset_table=use_extended_offset_table)

    def _described(self, sources: Sources) -> dict[str, Any]:
        """Give what the header says unless it is told otherwise."""
        description = text_of(sources.elements[0].get(int(tag_of("SeriesDescription"))))
        length = _LONGEST_DESCRIPTION - len(_DESCRIPTION_SUFFIX)
        pairs = zip(sources.column("ContentDate"), sources.column("ContentTime"), strict=True)
        dates = sorted((text_of(day), text_of(time)) for day, time in pairs if text_of(day).isdigit())
        described: dict[str, Any] = {"content_qualification": "RESEARCH"}
        if description:
            described["series_description"] = description[:length] + _DESCRIPTION_SUFFIX
        if dates and dates[0][1]:
            described |= {"content_date": dates[0][0], "content_time": dates[0][1]}
        return described

    def _describe_image(self, sources: Sources) -> None:
        types = {tuple(image_type(text_of(element))) for element in sources.column("ImageType")}
        columns = list(zip(*types, strict=True))
        values = [column[0] if len(set(column)) == 1 else "MIXED" for column in columns]
        times = sorted(filter(None, acquisition_datetimes(sources)))
        put(
            self,
            ImageType=values,
            PixelPresentation="MONOCHROME",
            VolumetricProperties="VOLUME",
            VolumeBasedCalculationTechnique="NONE",
            PresentationLUTShape="INVERSE" if self._is_inverse(sources) else "IDENTITY",
            AcquisitionContextSequence=[],
            NumberOfFrames=len(sources),
        )
        if times:
            put(self, AcquisitionDateTime=times[0])

    def _is_inverse(self, sources: Sources) -> bool:
        return text_of(sources.column("PhotometricInterpretation")[0]) == "MONOCHROME1"

    def _name_equipment(self, source: Dataset, others: Sequence[ContributingEquipment] | None) -> None:
        conversion = CodedConcept("109106", "DCM", "Enhanced Multi-frame Conversion Equipment")
        items: list[Any] = (
            [ContributingEquipment.for_image_acquisition(source)] if fetch(source, "Manufacturer") else []
        )
        items += [
            *list_of(Dataset, others, "contributing_equipment", "ContributingEquipment"),
            ContributingEquipment.for_highdicom(purpose_of_reference=conversion),
        ]
        put(self, ContributingEquipmentSequence=items)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = False) -> Self:
        """Take a dataset as a converted image.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The dataset.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the image itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it is of another SOP class, or has no pixels.
        """
        found = str(dataset.get("SOPClassUID", "none")) if hasattr(dataset, "get") else cls.SOP_CLASS_UID
        if found != cls.SOP_CLASS_UID:
            raise UnreadableError(f"The dataset is of SOP class {found}; {cls.__name__} is {cls.SOP_CLASS_UID}.")
        return super().from_dataset(dataset, copy=copy)

    def get_pixels_by_legacy_source_instance(
        self,
        legacy_sop_instance_uids: str | Sequence[str],
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get the frames that single-frame images have become.

        Parameters
        ----------
        legacy_sop_instance_uids: str | Sequence[str]
            SOP Instance UIDs of the single-frame images.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns) for one UID given as a string, otherwise (images, rows, columns).

        Raises
        ------
        ValueError
            If there is no UID, no frame was one of the images, or several were; or as of :meth:`get_frame`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        single = isinstance(legacy_sop_instance_uids, str)
        uids = [legacy_sop_instance_uids] if isinstance(legacy_sop_instance_uids, str) else legacy_sop_instance_uids
        if not len(uids):
            raise InputError("legacy_sop_instance_uids is empty; expected at least one UID.")
        frames = self._frames_of(uids)
        require_present(frames, uids, "converted instance")
        planes = assemble_planes(self.stored_frames, frames, self.pixel_transform(options))
        plane: NDArray[Any] = planes[0] if single else planes
        return plane

    def _frames_of(self, uids: Sequence[str]) -> NDArray[np.intp]:
        column = self.frame_table.get("conversion_source_uid")
        if not isinstance(column, Categorical):
            raise GeometryError("The image does not say which single-frame images its frames were.")
        rows: dict[str, int] = {}
        for row, uid in enumerate(column.values.tolist()):
            if rows.setdefault(str(uid), row) != row:
                rows[str(uid)] = -2
        found = np.array([rows.get(str(uid), -1) for uid in uids], np.intp)
        if (found == -2).any():
            raise GeometryError(f"Several frames were the instance {uids[int(np.argmax(found == -2))]}.")
        return found


def _series_references(sources: Sources) -> bytes:
    """Encode the items of Referenced Series Sequence (PS3.3 C.12.2)."""
    series: dict[bytes, list[bytes]] = {}
    for uid, reference in zip(sources.column("SeriesInstanceUID"), references(sources), strict=True):
        series.setdefault(uid or b"", []).append(reference)
    instances, own = int(tag_of("ReferencedInstanceSequence")), int(tag_of("SeriesInstanceUID"))
    return b"".join(item_of({instances: sequence_of(instances, items), own: uid}) for uid, items in series.items())


def _keyword(name: str) -> str:
    """Give the attribute that a parameter of the header sets."""
    special = {"patient_id": "PatientID", "study_id": "StudyID", "coding_schemes": "CodingSchemeIdentificationSequence"}
    return special.get(name, "".join(part.capitalize() for part in name.split("_")))
