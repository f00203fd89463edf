"""Parametric maps (PS3.3 A.75)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from hdcore.content import equipment as equipment_of
from hdcore.content.identification import put_content_identification
from hdcore.enums import ContentQualificationValues
from hdcore.errors import InputTypeError, UnreadableError
from hdcore.frames.anatomy import with_anatomy
from hdcore.frames.derived import (
    put_lossy_compression,
    put_source_entities,
    put_tiling,
)
from hdcore.frames.dimensions import put_dimensions
from hdcore.frames.layout import Placing
from hdcore.frames.references import put_instance_references, put_source_images
from hdcore.frames.write import write_frames
from hdcore.model.element import fetch_text, put
from hdcore.model.instance import SOPClass
from hdcore.text import short
from hdcore.uid import UID

from hdcore_pm.drafting import Construction, draft_of
from hdcore_pm.enums import DerivedPixelContrastValues, ImageFlavorValues
from hdcore_pm.groups import GROUPS
from hdcore_pm.planning import with_meaning
from hdcore_pm.real_world import QuantityImage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from hdcore.content.code import CodedConcept
    from hdcore.content.creator import ContentCreatorIdentificationCodeSequence
    from hdcore.content.equipment import ContributingEquipment
    from hdcore.enums import DimensionOrganizationTypeValues
    from hdcore.frames.groups import FunctionalGroup
    from hdcore.model.plane import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence
    from hdcore.pixels.lut import VOILUTTransformation
    from hdcore.pixels.palette import PaletteColorLUTTransformation
    from hdcore.pixels.storage import Readable
    from hdcore.spatial.volume import Volume
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code
    from pydicom.valuerep import PersonName

    from hdcore_pm.drafting import Draft
    from hdcore_pm.mapping import RealWorldValueMapping

__all__ = ["ParametricMap", "pmread"]

_SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.30"


class ParametricMap(QuantityImage):
    """An image whose pixels are values of a physical quantity.

    Examples
    --------
    >>> from hdcore.testing.sources import ct_series
    >>> import numpy as np
    >>> from pydicom.sr.coding import Code
    >>> from hdcore_pm import RealWorldValueMapping
    >>> sources = ct_series(2)
    >>> unit = Code("1", "UCUM", "no units")
    >>> mapping = RealWorldValueMapping("RATIO", "Ratio", unit, (0.0, 1.0), slope=1, intercept=0)
    >>> parametric_map = ParametricMap(
    ...     sources, np.full((2, 32, 32), 0.5, np.float32), UID(), 1, UID(), 1, "Maker", "Model", "1", "42",
    ...     False, [mapping],
    ... )
    >>> parametric_map.get_real_world_values("RATIO").array.mean()
    np.float64(0.5)
    """

    FUNCTIONAL_GROUPS: ClassVar[tuple[FunctionalGroup, ...]] = GROUPS

    def __init__(
        self,
        source_images: Sequence[Dataset],
        pixel_array: NDArray[Any] | Volume,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        contains_recognizable_visual_features: bool,
        real_world_value_mappings: Sequence[RealWorldValueMapping] | Sequence[Sequence[RealWorldValueMapping]],
        window_center: float | None = None,
        window_width: float | None = None,
        transfer_syntax_uid: str = "1.2.840.10008.1.2.1",
        content_description: str | None = None,
        content_creator_name: str | PersonName | None = None,
        pixel_measures: PixelMeasuresSequence | None = None,
        plane_orientation: PlaneOrientationSequence | None = None,
        plane_positions: Sequence[PlanePositionSequence] | None = None,
        content_label: str | None = None,
        content_qualification: str | ContentQualificationValues = ContentQualificationValues.RESEARCH,
        image_flavor: str | ImageFlavorValues = ImageFlavorValues.VOLUME,
        derived_pixel_contrast: str | DerivedPixelContrastValues = DerivedPixelContrastValues.QUANTITY,
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None = None,
        palette_color_lut_transformation: PaletteColorLUTTransformation | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        use_extended_offset_table: bool = False,
        *,
        voi_lut_transformations: Sequence[VOILUTTransformation] | None = None,
        workers: int | Executor = 0,
        further_source_images: Sequence[Dataset] | None = None,
        icc_profile: bytes | None = None,
        dimension_organization_type: DimensionOrganizationTypeValues | str | None = None,
        tile_pixel_array: bool = False,
        tile_size: Sequence[int] | None = None,
        pyramid_uid: str | None = None,
        pyramid_label: str | None = None,
        derivation: Code | CodedConcept | None = None,
        stored_value_color_range: tuple[float, float] | None = None,
        anatomic_region: Code | CodedConcept | None = None,
        frame_laterality: str | None = None,
        temporal_positions: Sequence[int] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a parametric map.

        Parameters
        ----------
        source_images: Sequence[pydicom.dataset.Dataset]
            Single-frame images of one series, or one multi-frame image, from which the map was derived.
        pixel_array: numpy.ndarray | hdcore.Volume
            Stored values of type uint8, uint16 (both stored in 16 bits), float32 or float64; shape (rows, columns),
            (planes, rows, columns) or (planes, rows, columns, quantities).
        series_instance_uid: str
            UID of the series.
        series_number: int
            Number of the series, at least 1.
        sop_instance_uid: str
            UID of the instance.
        instance_number: int
            Number of the instance, at least 1.
        manufacturer, manufacturer_model_name, software_versions, device_serial_number: str
            The equipment that makes the map.
        contains_recognizable_visual_features: bool
            Whether a person can be recognized.
        real_world_value_mappings: Sequence[RealWorldValueMapping] | Sequence[Sequence[RealWorldValueMapping]]
            What stored values mean: one mapping or several alternatives; for an array of several quantities, a list of
            such for each.
        window_center, window_width: float | None, optional
            A window, as an older form of ``voi_lut_transformations``.
        transfer_syntax_uid: str, optional
            Transfer syntax. Integer maps may be compressed without loss.
        content_description: str | None, optional
            Content Description.
        content_creator_name: str | pydicom.valuerep.PersonName | None, optional
            Who made the content.
        pixel_measures, plane_orientation, plane_positions: optional
            Where planes lie, if not on those of the source images.
        content_label: str | None, optional
            Content Label; ``MAP`` if absent.
        content_qualification: str | ContentQualificationValues, optional
            Whether it was made with approved equipment.
        image_flavor: str | ImageFlavorValues, optional
            Value 3 of Image Type.
        derived_pixel_contrast: str | DerivedPixelContrastValues, optional
            Value 4 of Image Type.
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None, optional
            Who the creator is.
        palette_color_lut_transformation: PaletteColorLUTTransformation | None, optional
            Colours for a range of stored values.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Further equipment; that of the source images is added.
        use_extended_offset_table: bool, optional
            Whether to write Extended Offset Table instead of the Basic Offset Table.
        voi_lut_transformations: Sequence[VOILUTTransformation] | None, optional
            Windows that a viewer may offer; one of the whole range of values if absent.
        workers: int | concurrent.futures.Executor, optional
            Number of workers that compress frames.
        further_source_images: Sequence[pydicom.dataset.Dataset] | None, optional
            Images of other series, of the same study, that the map was also derived from.
        icc_profile: bytes | None, optional
            Colour space of the palette; sRGB if absent.
        dimension_organization_type: DimensionOrganizationTypeValues | str | None, optional
            ``3D``, ``3D_TEMPORAL``, ``TILED_FULL`` or ``TILED_SPARSE``; what fits if absent.
        tile_pixel_array: bool, optional
            Whether the array is a total pixel matrix that is to be cut into tiles.
        tile_size: Sequence[int] | None, optional
            Rows and columns of the tiles; as in the source image if absent.
        pyramid_uid, pyramid_label: str | None, optional
            The pyramid that the map is a level of.
        derivation: CodedConcept | pydicom.sr.coding.Code | None, optional
            How the map was derived.
        stored_value_color_range: tuple[float, float] | None, optional
            Stored values that get the first and the last colour of the palette. If absent, integers get the colours
            that the palette's first mapped value gives them, and other maps are coloured over the range of the mapping.
        anatomic_region: CodedConcept | pydicom.sr.coding.Code | None, optional
            The part of the body that all frames show; if absent, what the source images say by a code or by Body Part
            Examined, else just "Body structure".
        frame_laterality: str | None, optional
            Its side: ``R``, ``L``, ``B`` (both) or ``U`` (unpaired); what the source images say if absent, else ``U``.
        temporal_positions: Sequence[int] | None, optional
            Point in time of each plane, counted from 1, if planes at one place are of several. For ``3D_TEMPORAL`` maps
            Temporal Position Index or Temporal Position Identifier of the source images if absent.
        **kwargs: Any
            Further parameters of :class:`hdcore.SOPClass`.

        Raises
        ------
        TypeError
            If an argument is of a type from which no map can be made.
        ValueError
            If the images do not belong together, the array does not fit them or the mappings, or values of its type
            cannot be stored under the transfer syntax.
        """
        draft = draft_of(
            Construction(
                source_images=source_images,
                pixel_array=pixel_array,
                real_world_value_mappings=real_world_value_mappings,
                transfer_syntax_uid=str(transfer_syntax_uid),
                placing=Placing(
                    plane_positions=plane_positions, plane_orientation=plane_orientation, pixel_measures=pixel_measures
                ),
                window_center=window_center,
                window_width=window_width,
                voi_lut_transformations=voi_lut_transformations,
                palette_color_lut_transformation=palette_color_lut_transformation,
                icc_profile=icc_profile,
                stored_value_color_range=stored_value_color_range,
                further_source_images=further_source_images,
                dimension_organization_type=dimension_organization_type,
                temporal_positions=temporal_positions,
                tile_pixel_array=tile_pixel_array,
                tile_size=tile_size,
                derivation=derivation,
            )
        )
        flavor, contrast = ImageFlavorValues(image_flavor), DerivedPixelContrastValues(derived_pixel_contrast)
        SOPClass.__init__(
            self,
            study_instance_uid=fetch_text(draft.source.first, "StudyInstanceUID") or "",
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=_SOP_CLASS_UID,
            instance_number=instance_number,
            modality="OT",
            manufacturer=manufacturer,
            manufacturer_model_name=manufacturer_model_name,
            software_versions=software_versions,
            device_serial_number=device_serial_number,
            transfer_syntax_uid=str(transfer_syntax_uid),
            content_qualification=content_qualification,
            **kwargs,
        )
        self._put_header(draft, contributing_equipment, pyramid_uid, pyramid_label)
        put_content_identification(
            self, content_label or "MAP", content_description, content_creator_name, content_creator_identification
        )
        image_type = ["DERIVED", "PRIMARY", flavor.value, contrast.value]
        self._put_image(draft, image_type, contains_recognizable_visual_features)
        table = with_meaning(
            draft.plan, draft.mappings, draft.windows, draft.palette, image_type, str(self.SpecificCharacterSet)
        )
        table = with_anatomy(
            table,
            draft.source,
            draft.source_planes,
            character_set=str(self.SpecificCharacterSet),
            anatomic_region=anatomic_region,
            frame_laterality=frame_laterality,
        )
        write_frames(
            self, table, draft.frames(), GROUPS, workers=workers, use_extended_offset_table=use_extended_offset_table
        )

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a parametric map.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            A parametric map.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the map itself.

        Returns
        -------
        ParametricMap
            The map.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it is of another SOP class, or has no pixels.
        """
        uid = dataset.get("SOPClassUID") if hasattr(dataset, "get") else None
        if uid is not None and str(uid) != _SOP_CLASS_UID:
            raise UnreadableError(
                f"The dataset is of the SOP class {uid}; expected a Parametric Map ({_SOP_CLASS_UID})."
            )
        return super().from_dataset(dataset, copy=copy)

    def _put_header(
        self,
        draft: Draft,
        equipment: Sequence[ContributingEquipment] | None,
        pyramid_uid: str | None,
        pyramid_label: str | None,
    ) -> None:
        put_source_entities(self, draft.source)
        self.pop("Laterality", None)  # Frame Laterality says it, and then it must not be there (PS3.3 C.7.3.1)
        if draft.source.coordinate_system is None:
            # a parametric map always has a frame of reference (PS3.3 A.75.3): here one that it shares with no image
            put(self, FrameOfReferenceUID=UID(), PositionReferenceIndicator=None)
        put(self, ContributingEquipmentSequence=equipment_of.contributing_equipment(draft.source.first, equipment))
        put_source_images(self, draft.images)
        put_instance_references(self, draft.images)
        if pyramid_uid is not None:
            if not isinstance(pyramid_uid, str):
                raise InputTypeError(f"pyramid_uid is {short(pyramid_uid)}; expected a unique identifier.")
            put(self, PyramidUID=UID(pyramid_uid))
        if pyramid_label is not None:
            put(self, PyramidLabel=pyramid_label)

    def _put_image(self, draft: Draft, image_type: list[str], is_recognizable: bool) -> None:
        put_tiling(self, draft.layout)
        organization = draft.plan.organization
        put_dimensions(self, draft.plan.dimensions, None if organization is None else organization.value)
        rows, columns = draft.frame_size
        put(
            self,
            **draft.encoding.attributes(),
            Rows=rows,
            Columns=columns,
            ImageType=image_type,
            PixelPresentation="MONOCHROME" if draft.palette is None else "COLOR_RANGE",
            PresentationLUTShape="IDENTITY",
            BurnedInAnnotation="NO",
            RecognizableVisualFeatures="YES" if is_recognizable else "NO",
            AcquisitionContextSequence=[],
        )
        put_lossy_compression(self, draft.source.images, str(self.transfer_syntax_uid))
        if draft.palette is not None:
            draft.palette.put(self)


def pmread(fp: Readable, lazy_frame_retrieval: bool = False) -> ParametricMap:
    """Read a parametric map.

    Parameters
    ----------
    fp: str | os.PathLike | bytes | BinaryIO
        A path, the content of a file, or a binary file object.
    lazy_frame_retrieval: bool, optional
        Whether to leave the pixels in the file, and read frames when they are asked for.

    Returns
    -------
    ParametricMap
        The map.

    Raises
    ------
    ValueError
        If it cannot be read, or is no parametric map.
    """
    return ParametricMap.from_file(fp, lazy_frame_retrieval=lazy_frame_retrieval)
