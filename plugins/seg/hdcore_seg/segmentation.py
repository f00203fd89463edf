"""The segmentation: built from masks, read from any producer's file (PS3.3 A.51)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Never, Self

from hdcore.content.equipment import contributing_equipment as all_equipment
from hdcore.content.identification import put_content_identification
from hdcore.errors import HdcoreError, InputTypeError
from hdcore.frames.derived import check_same_study, put_tiling
from hdcore.frames.layout import Placing
from hdcore.frames.source import Source
from hdcore.frames.write import save_frames, write_frames
from hdcore.model.arguments import list_of
from hdcore.model.element import fetch_text
from hdcore.model.instance import SOPClass
from hdcore.model.syntaxes import EXPLICIT_VR_LITTLE_ENDIAN
from hdcore.uid import UID
from hdcore.version import __version__
from pydicom.dataset import Dataset

from hdcore_seg import attributes
from hdcore_seg.drafting import Construction, Draft, draft_of
from hdcore_seg.enums import SegmentationFractionalTypeValues, SegmentationTypeValues
from hdcore_seg.image import SegmentedImage
from hdcore_seg.segments import BACKGROUND, check_descriptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from concurrent.futures import Executor

    from hdcore.content.creator import ContentCreatorIdentificationCodeSequence
    from hdcore.content.equipment import ContributingEquipment
    from hdcore.enums import DimensionOrganizationTypeValues
    from hdcore.model.plane import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence
    from hdcore.pixels.palette import PaletteColorLUTTransformation
    from hdcore.spatial.volume import Volume
    from numpy.typing import ArrayLike, NDArray
    from pydicom.valuerep import PersonName

    from hdcore_seg.description import SegmentDescription

__all__ = ["Segmentation", "new_instance"]


def new_instance() -> dict[str, Any]:
    """Make the identity of a segmentation of which the caller says nothing: new UIDs, made by hdcore.

    Returns
    -------
    dict[str, Any]
        Arguments of :class:`Segmentation`.
    """
    return {
        "series_instance_uid": UID(),
        "series_number": 1,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "manufacturer": "hdcore contributors",
        "manufacturer_model_name": "hdcore",
        "software_versions": __version__,
        "device_serial_number": "1",
    }


class CompleteError(HdcoreError, AttributeError):
    """A segmentation has all its segments from the beginning."""


class Segmentation(SegmentedImage):
    """A segmentation or label map segmentation (PS3.3 A.51): regions of images, pixel by pixel."""

    def __init__(
        self,
        source_images: Sequence[Dataset],
        pixel_array: NDArray[Any] | Volume | Iterable[NDArray[Any]],
        segmentation_type: SegmentationTypeValues | str,
        segment_descriptions: Sequence[SegmentDescription],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str, ...],
        device_serial_number: str,
        fractional_type: SegmentationFractionalTypeValues | str | None = SegmentationFractionalTypeValues.PROBABILITY,
        max_fractional_value: int = 255,
        content_description: str | None = None,
        content_creator_name: str | PersonName | None = None,
        transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
        pixel_measures: PixelMeasuresSequence | None = None,
        plane_orientation: PlaneOrientationSequence | None = None,
        plane_positions: Sequence[PlanePositionSequence] | None = None,
        omit_empty_frames: bool = True,
        content_label: str | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None = None,
        workers: int | Executor = 0,
        dimension_organization_type: DimensionOrganizationTypeValues | str | None = None,
        tile_pixel_array: bool = False,
        tile_size: Sequence[int] | None = None,
        pyramid_uid: str | None = None,
        pyramid_label: str | None = None,
        further_source_images: Sequence[Dataset] | None = None,
        palette_color_lut_transformation: PaletteColorLUTTransformation | None = None,
        icc_profile: bytes | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        use_extended_offset_table: bool = False,
        *,
        dimensions: Mapping[str, Sequence[Any]] | Sequence[str] | None = None,
        output: str | os.PathLike[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a segmentation.

        Parameters
        ----------
        source_images: Sequence[pydicom.dataset.Dataset]
            Single-frame images of one series, in any order, or one multi-frame image. Their pixels are not needed.
        pixel_array: numpy.ndarray | hdcore.Volume | Iterable[numpy.ndarray]
            The masks, shape ``(rows, columns)``, ``(planes, rows, columns)`` or ``(planes, rows, columns, segments)``.
            Plane ``i`` lies on that of ``source_images[i]``, or of frame ``i`` of a multi-frame image, unless
            ``plane_positions`` say otherwise; a volume lies where it says itself.

            Without an axis of segments the value of a pixel is the number of its segment, 0 if it is in none. With such
            an axis, or with one segment, 1 or True means that a pixel is in the segment. Floating-point numbers from 0
            to 1 are shares of a FRACTIONAL segmentation.

            Memory-mapped arrays and those stored in chunks (Zarr, HDF5) are read a few planes, or one chunk, at a time.
            An iterable gives one plane after the other; these, and Dask arrays, of which each chunk is computed once,
            are put by in a temporary file.
        segmentation_type: SegmentationTypeValues | str
            ``"BINARY"``, ``"FRACTIONAL"`` or ``"LABELMAP"``.
        segment_descriptions: Sequence[SegmentDescription]
            One for each segment, also for those without any pixel, in the order of their numbers.
        series_instance_uid: str
            UID of the new series.
        series_number: int
            Its number, at least 1.
        sop_instance_uid: str
            UID of the segmentation.
        instance_number: int
            Its number in the series, at least 1.
        manufacturer, manufacturer_model_name: str
            Who makes the software that makes the segmentation, and its name.
        software_versions: str | tuple[str, ...]
            Its version.
        device_serial_number: str
            Serial number of the device, or a name of this installation.
        fractional_type: SegmentationFractionalTypeValues | str | None, optional
            What shares are.
        max_fractional_value: int, optional
            Stored value for a share of 1, at most 255.
        content_description: str | None, optional
            A text about the segmentation.
        content_creator_name: str | pydicom.valuerep.PersonName | None, optional
            Who made it, if it was made by hand.
        transfer_syntax_uid: str, optional
            Transfer syntax; lossless compression is allowed where it suits the bits per pixel.
        pixel_measures: PixelMeasuresSequence | None, optional
            Distances between pixels, if they are not those of the source.
        plane_orientation: PlaneOrientationSequence | None, optional
            Direction of rows and columns, if it is not that of the source.
        plane_positions: Sequence[PlanePositionSequence] | None, optional
            Where planes lie, if not on those of the source; with ``tile_pixel_array`` the only item says where the
            total pixel matrix lies.
        omit_empty_frames: bool, optional
            Whether frames without any pixel are left out.
        content_label: str | None, optional
            Content Label; the source's modality and ``_SEG`` if absent.
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None, optional
            Who the content creator is, by code.
        workers: int | concurrent.futures.Executor, optional
            Number of workers that compress frames; negative for one per processor. Or an executor to use.
        dimension_organization_type: DimensionOrganizationTypeValues | str | None, optional
            How frames are organized; found out if absent. ``"TILED_FULL"`` stores every tile, and no positions.
        tile_pixel_array: bool, optional
            Whether ``pixel_array`` is one total pixel matrix of a slide, to be cut into tiles.
        tile_size: Sequence[int] | None, optional
            Rows and columns of such tiles; those of the source if absent.
        pyramid_uid, pyramid_label: str | None, optional
            UID and name of the multi-resolution pyramid to which the segmentation belongs.
        further_source_images: Sequence[pydicom.dataset.Dataset] | None, optional
            Images of the same study from which the segmentation was also derived, and which say nothing of its place.
        palette_color_lut_transformation: PaletteColorLUTTransformation | None, optional
            Colour of each number of a label map.
        icc_profile: bytes | None, optional
            Colour space of the palette; sRGB if absent.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Other equipment that contributed.
        use_extended_offset_table: bool, optional
            Whether compressed frames are listed in an Extended Offset Table rather than the Basic Offset Table.
        dimensions: Mapping[str, Sequence] | Sequence[str] | None, optional
            Attributes by which planes are ordered and found, the slowest first: keywords such as
            ``"TemporalPositionIndex"``, each with its value for every plane; or a list of keywords (or None as values),
            to take values from the source. The planes' position is the default; without a frame of reference it is the
            order of planes.
        output: str | os.PathLike | None, optional
            A file to write straight away, frame by frame, for segmentations that are larger than memory. The pixels
            are left in it, as if it had been opened lazily.
        **kwargs: Any
            What :class:`hdcore.SOPClass` takes, such as ``series_description``.

        Raises
        ------
        TypeError
            If an argument is of a wrong type, or excludes another.
        ValueError
            If the sources do not belong together, masks do not fit sources or descriptions, segments that a label map
            should hold overlap, or the transfer syntax cannot hold them.
        """
        draft = draft_of(
            Construction(
                source_images=source_images,
                pixel_array=pixel_array,
                segmentation_type=segmentation_type,
                segment_descriptions=segment_descriptions,
                fractional_type=fractional_type,
                max_fractional_value=max_fractional_value,
                transfer_syntax_uid=transfer_syntax_uid,
                placing=Placing(
                    plane_positions=plane_positions, plane_orientation=plane_orientation, pixel_measures=pixel_measures
                ),
                omit_empty_frames=omit_empty_frames,
                dimension_organization_type=dimension_organization_type,
                tile_pixel_array=tile_pixel_array,
                tile_size=tile_size,
                dimensions=dimensions,
            )
        )
        further = list_of(Dataset, further_source_images, "further_source_images")
        check_same_study(draft.source, further)
        SOPClass.__init__(  # an Image is not made from nothing
            self,
            study_instance_uid=fetch_text(draft.source.first, "StudyInstanceUID") or "",
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            instance_number=instance_number,
            sop_class_uid=draft.sop_class_uid,
            modality="SEG",
            manufacturer=manufacturer,
            manufacturer_model_name=manufacturer_model_name,
            software_versions=software_versions,
            device_serial_number=device_serial_number,
            transfer_syntax_uid=str(transfer_syntax_uid),
            **kwargs,
        )
        attributes.put_sources(self, draft.source, further)
        self.ContributingEquipmentSequence = all_equipment(draft.source.first, contributing_equipment)
        put_content_identification(
            self,
            content_label or f"{fetch_text(draft.source.first, 'Modality') or 'OT'}_SEG",
            content_description,
            content_creator_name,
            content_creator_identification,
        )
        attributes.put_pyramid(self, pyramid_uid, pyramid_label)
        attributes.put_image_pixel(self, draft.encoding, draft.accepted)
        attributes.put_display(self, draft.encoding, palette_color_lut_transformation, icc_profile, draft.segments)
        put_tiling(self, draft.layout)
        attributes.put_segments(self, draft.segments)
        attributes.put_organization(self, draft.plan)
        self._write(draft, output, workers, use_extended_offset_table)

    def _write(
        self,
        draft: Draft,
        output: str | os.PathLike[str] | None,
        workers: int | Executor,
        use_extended_offset_table: bool,
    ) -> None:
        """Write the frames, into the segmentation or straight to a file."""
        plan = draft.plan
        if output is None:
            write_frames(
                self,
                plan.table,
                draft.frames(),
                plan.groups,
                workers=workers,
                use_extended_offset_table=use_extended_offset_table,
                filled=draft.accepted.filled(plan.plane, plan.channel),
            )
            return
        if not isinstance(output, str | os.PathLike):
            raise InputTypeError(f"output is {output!r}; expected the path of the file to write.")
        save_frames(
            self,
            output,
            plan.table,
            draft.frames(),
            plan.groups,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )
        self.leave_frames_in(output)

    @classmethod
    def from_mask(
        cls,
        mask: Any,
        source_images: Sequence[Dataset],
        segment_descriptions: Sequence[SegmentDescription],
        segmentation_type: SegmentationTypeValues | str = SegmentationTypeValues.BINARY,
        *,
        affine: ArrayLike | None = None,
        affine_convention: str = "RAS",
        **options: Any,
    ) -> Self:
        """Make a segmentation of a mask from outside DICOM, found in the source's grid by the positions of its voxels.

        Parameters
        ----------
        mask: os.PathLike | str | nibabel image | SimpleITK.Image | itk.Image | hdcore.Volume | numpy.ndarray
            Label map, or probabilities of one segment: the path of a NIfTI file, an image of one of these packages, or
            an array with its affine. Its axes may be in any order and direction. Arrays and images of nibabel may have
            a fourth axis, with a mask or probabilities of each segment in the order of the descriptions.
        source_images: Sequence[pydicom.dataset.Dataset]
            Images with a place in the patient that were segmented.
        segment_descriptions: Sequence[SegmentDescription]
            One for each segment.
        segmentation_type: SegmentationTypeValues | str, optional
            How to store segments.
        affine: array_like | None, optional
            From the indices of an array to millimetres, shape ``(4, 4)``; for arrays only.
        affine_convention: str, optional
            In which directions its coordinates increase: ``"RAS"`` (NIfTI) or ``"LPS"`` (DICOM, ITK).
        **options: Any
            What :class:`Segmentation` takes. UIDs, numbers and equipment have defaults here.

        Returns
        -------
        Segmentation
            On the planes of the source if all voxels in segments lie on them, else on the mask's own planes. Nothing is
            resampled.

        Raises
        ------
        TypeError, ValueError
            As of :class:`Segmentation`, or if the mask is of another type, holds other numbers than labels and
            probabilities, or does not say where it lies.

        Warns
        -----
        HdcoreWarning
            If the two statements of where a NIfTI image lies, its sform and its qform, differ; sform is taken.
        """
        from hdcore_seg.outside import source_geometry, volume_of_mask, voxels_on_grid

        source = Source.of(source_images)
        described = check_descriptions(segment_descriptions, SegmentationTypeValues(segmentation_type))
        numbers = [segment.segment_number for segment in described if segment.segment_number != BACKGROUND]
        volume = volume_of_mask(mask, affine, affine_convention, source.frame_of_reference_uid, numbers)
        placed = voxels_on_grid(volume, source_geometry(source))
        return cls(source_images, placed, segmentation_type, segment_descriptions, **(new_instance() | options))

    def convert(
        self,
        segmentation_type: SegmentationTypeValues | str,
        *,
        threshold: float = 0.5,
        fractional_type: SegmentationFractionalTypeValues | str = SegmentationFractionalTypeValues.PROBABILITY,
        max_fractional_value: int = 255,
        transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
        workers: int = 0,
        sop_instance_uid: str | None = None,
        series_instance_uid: str | None = None,
        series_number: int | None = None,
        instance_number: int = 1,
    ) -> Segmentation:
        """Make a segmentation of another type that shows the same; the source images are not needed.

        Parameters
        ----------
        segmentation_type: SegmentationTypeValues | str
            The new type. Segments of a label map are numbered 1, 2, 3 … in other types.
        threshold: float, optional
            Least share, 0 to 1, with which a pixel belongs to a segment where shares become bits or labels.
        fractional_type, max_fractional_value, transfer_syntax_uid, workers
            As of :class:`Segmentation`.
        sop_instance_uid, series_instance_uid: str | None, optional
            UIDs of the new segmentation and its series; new ones if absent.
        series_number, instance_number: int | None, optional
            Their numbers; that of the present series if absent.

        Returns
        -------
        Segmentation
            The new segmentation.

        Raises
        ------
        RuntimeError, ValueError
            If segments overlap that a label map should hold, frames of a segment differ in nothing that is kept, or
            planes have several orientations.
        """
        from hdcore_seg.type_conversion import convert

        target = Segmentation.__new__(Segmentation)
        SOPClass.__init__(
            target,
            study_instance_uid=self.StudyInstanceUID,
            series_instance_uid=series_instance_uid or UID(),
            series_number=series_number or int(self.get("SeriesNumber") or 1),
            sop_instance_uid=sop_instance_uid or UID(),
            sop_class_uid=self.SOPClassUID,
            instance_number=instance_number,
            modality="SEG",
            transfer_syntax_uid=transfer_syntax_uid,
        )
        convert(
            self,
            target,
            segmentation_type,
            threshold=threshold,
            fractional_type=fractional_type,
            max_fractional_value=max_fractional_value,
            workers=workers,
        )
        return target

    def save_nifti(self, path: str | os.PathLike[str], **options: Any) -> None:
        """Write the segments as a NIfTI file, through nibabel: axes column, row, plane, as tools for NIfTI expect them.

        Several segments that are not combined, such as those that overlap or shares of a FRACTIONAL segmentation, lie
        along a fourth axis.

        Parameters
        ----------
        path: str | os.PathLike
            Where to write, ``.nii`` or ``.nii.gz``.
        **options: Any
            What :meth:`get_volume` takes. Segments are combined into a label map unless told otherwise.

        Raises
        ------
        RuntimeError
            If the frames are no regular volume, or segments that are combined overlap.
        """
        from hdcore_seg.outside import nibabel_of_volume

        asked: dict[str, Any] = {"combine_segments": True, **options}
        volume = self.get_volume(**asked)
        nibabel_of_volume(volume.permute_spatial_axes([2, 1, 0])).to_filename(os.fspath(path))

    def add_segments(
        self,
        pixel_array: NDArray[Any],
        segment_descriptions: Sequence[SegmentDescription],
        plane_positions: Sequence[PlanePositionSequence] | None = None,
        omit_empty_frames: bool = True,
    ) -> Never:
        """Refuse: all segments are given when the segmentation is made, so that it is right at any time.

        Raises
        ------
        AttributeError
            Always.
        """
        del pixel_array, segment_descriptions, plane_positions, omit_empty_frames
        raise CompleteError(
            "Segments cannot be added to a segmentation; pass all of them to Segmentation(...), or combine "
            "segmentations by their volumes."
        )
