"""The attributes of a segmentation that are the same for all frames (PS3.3 A.51)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.dimensions import put_dimensions
from hdcore.frames.references import put_instance_references, put_source_images
from hdcore.model.element import fetch, fetch_text, item, put, put_element
from hdcore.pixels.profiles import lossy_compression
from hdcore.text import check_person_name, check_text

from hdcore_seg.enums import SegmentationTypeValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.creator import ContentCreatorIdentificationCodeSequence
    from hdcore.frames.source import Source
    from hdcore.model.instance import SOPClass
    from hdcore.pixels.palette import PaletteColorLUTTransformation
    from pydicom.dataset import Dataset
    from pydicom.valuerep import PersonName

    from hdcore_seg.description import SegmentDescription
    from hdcore_seg.encoding import Accepted, SegmentEncoding
    from hdcore_seg.layout import Layout
    from hdcore_seg.planning import Plan

__all__ = [
    "check_same_study",
    "put_content_identification",
    "put_display",
    "put_frame_of_reference",
    "put_image_pixel",
    "put_lossy_compression",
    "put_organization",
    "put_pyramid",
    "put_segments",
    "put_sources",
]


def put_content_identification(
    dataset: Dataset,
    label: str,
    description: str | None,
    creator_name: str | PersonName | None,
    creator_identification: ContentCreatorIdentificationCodeSequence | None,
) -> None:
    """Write the Content Identification macro (PS3.3 10.9).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    label: str
        Content Label, upper case letters, digits, spaces and underscores.
    description: str | None
        Content Description.
    creator_name: str | pydicom.valuerep.PersonName | None
        Content Creator's Name.
    creator_identification: ContentCreatorIdentificationCodeSequence | None
        Who the creator is.

    Raises
    ------
    ValueError
        If a text cannot be written under its value representation.
    """
    check_text(label, "CS", "content_label")
    if description is not None:
        check_text(description, "LO", "content_description")
    if creator_name is not None:
        check_person_name(str(creator_name))
    dataset.ContentLabel = label
    dataset.ContentDescription = description
    dataset.ContentCreatorName = creator_name
    if creator_identification is not None:
        dataset.ContentCreatorIdentificationCodeSequence = creator_identification


def put_image_pixel(dataset: Dataset, encoding: SegmentEncoding, accepted: Accepted) -> None:
    """Write what is fixed of the Image Pixel and Segmentation Image modules (PS3.3 C.7.6.3, C.8.20.2).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    encoding: SegmentEncoding
        How segments are stored.
    accepted: Accepted
        The planes.
    """
    bits = encoding.bits_allocated
    put(
        dataset,
        ImageType=["DERIVED", "PRIMARY"],
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        Rows=accepted.rows,
        Columns=accepted.columns,
        BitsAllocated=bits,
        BitsStored=bits,
        HighBit=bits - 1,
        PixelRepresentation=0,
        SegmentsOverlap=accepted.overlap.value,
    )
    for keyword, value in encoding.attributes().items():
        setattr(dataset, keyword, value)


def put_display(
    dataset: Dataset,
    encoding: SegmentEncoding,
    palette: PaletteColorLUTTransformation | None,
    icc_profile: bytes | None,
) -> None:
    """Write how the stored values are shown: as grey, or through a palette in a colour space that a profile names.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    encoding: SegmentEncoding
        How segments are stored; only label maps have palettes.
    palette: PaletteColorLUTTransformation | None
        Colour of each label.
    icc_profile: bytes | None
        Its colour space; sRGB if absent, since an image of palette colour has a profile (PS3.3 C.11.15).

    Raises
    ------
    TypeError
        If there is a profile but no palette, or a palette for another type than a label map.
    ValueError
        If the palette's first value or the number of its entries do not suit the labels.
    """
    if palette is None:
        if icc_profile is not None:
            raise InputTypeError(
                "icc_profile is given without palette_color_lut_transformation, whose colours it describes."
            )
        dataset.PresentationLUTShape = "IDENTITY"
        return
    if encoding.segmentation_type is not SegmentationTypeValues.LABELMAP:
        raise InputTypeError(
            f"palette_color_lut_transformation is given for a {encoding.segmentation_type.value} segmentation; only a "
            "LABELMAP may have a palette (PS3.3 C.8.20.2)."
        )
    for element in palette:
        put_element(dataset, element)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    if icc_profile is None:
        from hdcore.pixels.color import srgb_icc_profile

        icc_profile = srgb_icc_profile()
    dataset.ICCProfile = icc_profile


def put_lossy_compression(dataset: Dataset, sources: Sequence[Dataset]) -> None:
    """Write whether the sources were ever lossily compressed, which their derivations have to tell (PS3.3 C.8.20.2.2).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    sources: Sequence[pydicom.dataset.Dataset]
        The source images.
    """
    lossy = next((source for source in sources if _is_lossy(source)), None)
    if lossy is None:
        dataset.LossyImageCompression = "00"
        return
    dataset.LossyImageCompression = "01"
    for keyword in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
        value = fetch(lossy, keyword)
        if value is not None:
            setattr(dataset, keyword, value)


def put_frame_of_reference(dataset: Dataset, source: Source, layout: Layout) -> None:
    """Write in what frame of reference planes lie, and the total pixel matrix of tiles (PS3.3 C.7.4.1, C.8.12.14).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    source: Source
        The source images.
    layout: Layout
        Where planes lie. Where they have no place, Patient Orientation says how the image is turned, if known.
    """
    if layout.coordinate_system is None:
        put(dataset, PatientOrientation=fetch(source.first, "PatientOrientation"))
        return
    put(
        dataset,
        FrameOfReferenceUID=source.frame_of_reference_uid,
        PositionReferenceIndicator=fetch(source.first, "PositionReferenceIndicator"),
    )
    if layout.matrix_size is None or layout.matrix_origin is None:
        return
    x, y, z = layout.matrix_origin
    rows, columns = layout.matrix_size
    origin = item(XOffsetInSlideCoordinateSystem=x, YOffsetInSlideCoordinateSystem=y, ZOffsetInSlideCoordinateSystem=z)
    put(
        dataset,
        TotalPixelMatrixRows=rows,
        TotalPixelMatrixColumns=columns,
        TotalPixelMatrixFocalPlanes=1,
        TotalPixelMatrixOriginSequence=[origin],
        ImageOrientationSlide=list(layout.image_orientation or ()),
    )


def check_same_study(source: Source, further: Sequence[Dataset] | None) -> list[Dataset]:
    """Refuse further source images that belong to another study.

    Parameters
    ----------
    source: Source
        The source images.
    further: Sequence[pydicom.dataset.Dataset] | None
        Further ones.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        The further ones that are not among the first.

    Raises
    ------
    TypeError
        If they are not datasets.
    ValueError
        If one is of another study.
    """
    images = list(further or ())
    study = fetch_text(source.first, "StudyInstanceUID")
    for index, image in enumerate(images):
        if not hasattr(image, "file_meta") and not hasattr(image, "SOPInstanceUID"):
            raise InputTypeError(f"further_source_images[{index}] is a {type(image).__name__}; expected a Dataset.")
        if fetch_text(image, "StudyInstanceUID") != study:
            raise InputError(
                f"further_source_images[{index}] is of another study than source_images; expected the study {study}."
            )
    known = set(source.instance_uids())
    return [image for image in images if fetch_text(image, "SOPInstanceUID") not in known]


def put_sources(dataset: SOPClass, source: Source, further: Sequence[Dataset]) -> None:
    """Write whom the sources show, and references to them (PS3.3 C.7.1, C.7.2, C.12.2, C.12.4).

    Parameters
    ----------
    dataset: SOPClass
        Where to write.
    source: Source
        The source images.
    further: Sequence[pydicom.dataset.Dataset]
        Further source images.
    """
    images = [*source.images, *further]
    dataset.copy_patient_and_study_information(source.first)
    if source.coordinate_system is CoordinateSystemNames.SLIDE:
        dataset.copy_specimen_information(source.first)
    source.copy_anatomy(dataset)
    put_instance_references(dataset, images)
    put_source_images(dataset, images)
    put_lossy_compression(dataset, images)


def put_segments(dataset: Dataset, segments: Sequence[SegmentDescription]) -> None:
    """Write the Segment Sequence.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    segments: Sequence[SegmentDescription]
        Descriptions of all segments.
    """
    put(dataset, SegmentSequence=list(segments))


def put_pyramid(dataset: Dataset, uid: str | None, label: str | None) -> None:
    """Write to which multi-resolution pyramid the segmentation belongs (PS3.3 C.8.12.13), if to any.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    uid, label: str | None
        UID and name of the pyramid.

    Raises
    ------
    TypeError
        If there is a label but no UID.
    """
    if uid is None:
        if label is not None:
            raise InputTypeError("pyramid_label is given without pyramid_uid.")
        return
    put(dataset, PyramidUID=uid)
    if label is not None:
        check_text(label, "LO", "pyramid_label")
        put(dataset, PyramidLabel=label)


def put_organization(dataset: Dataset, plan: Plan) -> None:
    """Write how frames are organized (Multi-frame Dimension module, PS3.3 C.7.6.17).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to write.
    plan: Plan
        The frames.
    """
    put_dimensions(dataset, plan.dimensions, None if plan.organization is None else plan.organization.value)
    if not plan.dimensions:
        del dataset["DimensionIndexSequence"]


def _is_lossy(source: Dataset) -> bool:
    if fetch(source, "LossyImageCompression") == "01":
        return True
    meta = getattr(source, "file_meta", None)
    syntax = None if meta is None else meta.get("TransferSyntaxUID")
    return syntax is not None and lossy_compression(syntax) is not None
