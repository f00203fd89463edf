"""The attributes of a segmentation that are the same for all frames (PS3.3 A.51)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import InputError, InputTypeError
from hdcore.frames.derived import put_lossy_compression, put_source_entities
from hdcore.frames.dimensions import put_dimensions
from hdcore.frames.references import put_instance_references, put_source_images
from hdcore.model.element import fetch_text, put, put_element
from hdcore.text import check_text
from pydicom.uid import RE_VALID_UID

from hdcore_seg.enums import SegmentationTypeValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.source import Source
    from hdcore.model.instance import SOPClass
    from hdcore.pixels.palette import PaletteColorLUTTransformation
    from pydicom.dataset import Dataset

    from hdcore_seg.description import SegmentDescription
    from hdcore_seg.encoding import Accepted, SegmentEncoding
    from hdcore_seg.planning import Plan

__all__ = ["put_display", "put_image_pixel", "put_organization", "put_pyramid", "put_segments", "put_sources"]

_LONGEST_UID = 64


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
    segments: Sequence[SegmentDescription] = (),
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
    segments: Sequence[SegmentDescription], optional
        What the palette must have a colour of.

    Raises
    ------
    TypeError
        If there is a profile but no palette, or a palette for another type than a label map.
    ValueError
        If the palette lacks a colour of a segment, or the profile is none.
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
    from hdcore.pixels.color import input_profile, srgb_icc_profile
    from hdcore.pixels.palette import PaletteColorLUTTransformation

    if not isinstance(palette, PaletteColorLUTTransformation):
        raise InputTypeError(
            f"palette_color_lut_transformation is of type {type(palette).__name__}; expected a "
            "PaletteColorLUTTransformation."
        )
    _check_colors(palette, segments)
    for element in palette:
        put_element(dataset, element)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    dataset.ICCProfile = srgb_icc_profile() if icc_profile is None else input_profile(icc_profile)


def _check_colors(palette: PaletteColorLUTTransformation, segments: Sequence[SegmentDescription]) -> None:
    entries, first, _ = palette.RedPaletteColorLookupTableDescriptor
    last = int(first) + (int(entries) or 1 << 16) - 1
    without = [segment.segment_number for segment in segments if not first <= segment.segment_number <= last]
    if without:
        raise InputError(
            f"palette_color_lut_transformation has colours of the values {first} to {last}; expected one for segment "
            f"{without[0]} too (0 is the background)."
        )


def put_sources(dataset: SOPClass, source: Source, further: Sequence[Dataset]) -> None:
    """Write whom the sources show, and references to them (PS3.3 C.7.1, C.7.2, C.12.2, C.12.4).

    Parameters
    ----------
    dataset: SOPClass
        Where to write.
    source: Source
        The source images.
    further: Sequence[pydicom.dataset.Dataset]
        Further source images, perhaps some of the same.
    """
    images = list({fetch_text(image, "SOPInstanceUID"): image for image in (*source.images, *further)}.values())
    put_source_entities(dataset, source)
    if "Laterality" in dataset and fetch_text(dataset, "Laterality") is None:
        del dataset["Laterality"]  # each segment names the part of the body that it shows
    put_instance_references(dataset, images)
    put_source_images(dataset, images)
    put_lossy_compression(dataset, images, str(dataset.file_meta.TransferSyntaxUID))


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
    ValueError
        If the UID is none.
    """
    if uid is None:
        if label is not None:
            raise InputTypeError("pyramid_label is given without pyramid_uid.")
        return
    if not isinstance(uid, str):
        raise InputTypeError(f"pyramid_uid is {uid!r}; expected a unique identifier.")
    if not RE_VALID_UID.fullmatch(uid) or len(uid) > _LONGEST_UID:
        raise InputError(f"pyramid_uid is {uid!r}; expected at most 64 digits and periods (VR UI).")
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
