"""What all multi-frame images derived from others say of themselves and their sources, besides their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.dataset import Dataset

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import copy_elements, fetch, fetch_text, item, put
from hdcore.model.plane import MICROMETRES_PER_MM
from hdcore.pixels.profiles import lossy_compression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.layout import Layout
    from hdcore.frames.source import Source
    from hdcore.model.instance import SOPClass

__all__ = [
    "check_same_study",
    "put_lossy_compression",
    "put_source_entities",
    "put_tiling",
]


def put_source_entities(instance: SOPClass, source: Source) -> None:
    """Copy what the derived instance shares with its sources: patient, study, frame of reference, anatomy, specimen.

    Parameters
    ----------
    instance: SOPClass
        The derived instance.
    source: Source
        The source images.
    """
    instance.copy_patient_and_study_information(source.first)
    source.copy_anatomy(instance)
    if source.coordinate_system is CoordinateSystemNames.SLIDE:
        instance.copy_specimen_information(source.first)
    if source.frame_of_reference_uid is not None:
        put(
            instance,
            FrameOfReferenceUID=source.frame_of_reference_uid,
            PositionReferenceIndicator=fetch_text(source.first, "PositionReferenceIndicator"),
        )
    if source.coordinate_system is None:
        put(instance, PatientOrientation=fetch(source.first, "PatientOrientation"))


def check_same_study(source: Source, further_images: Sequence[Dataset]) -> None:
    """Refuse further source images that belong to another study.

    Parameters
    ----------
    source: Source
        The source images.
    further_images: Sequence[pydicom.dataset.Dataset]
        Images of other series.

    Raises
    ------
    TypeError
        If one is no dataset.
    ValueError
        If one is of another study.
    """
    for index, image in enumerate(further_images):
        if not isinstance(image, Dataset):
            raise InputTypeError(
                f"further_source_images[{index}] is of type {type(image).__name__}; expected a Dataset."
            )
    study = fetch_text(source.first, "StudyInstanceUID")
    others = {fetch_text(image, "StudyInstanceUID") for image in further_images} - {study}
    if others:
        raise InputError(
            f"further_source_images has images of study {others.pop()}; expected those of the study {study} of "
            "source_images."
        )


def put_lossy_compression(instance: Dataset, images: Sequence[Dataset], transfer_syntax_uid: str) -> None:
    """Say whether the pixels were ever lossily compressed, the sources' or the instance's own (PS3.3 C.7.6.1.1.5).

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        Where to put Lossy Image Compression, and its ratios and methods.
    images: Sequence[pydicom.dataset.Dataset]
        The source images.
    transfer_syntax_uid: str
        Transfer syntax of the instance.
    """
    lossy = next((image for image in images if _is_lossy(image)), None)
    own = lossy_compression(transfer_syntax_uid)
    put(instance, LossyImageCompression="00" if lossy is None and own is None else "01")
    if lossy is not None:
        copy_elements(lossy, instance, ("LossyImageCompressionRatio", "LossyImageCompressionMethod"))
    if own is not None:
        methods = fetch(instance, "LossyImageCompressionMethod", [])
        before = [methods] if isinstance(methods, str) else list(methods)
        put(instance, LossyImageCompressionMethod=[*before, own])


def _is_lossy(image: Dataset) -> bool:
    if fetch_text(image, "LossyImageCompression") == "01":
        return True
    meta = getattr(image, "file_meta", None)
    syntax = None if meta is None else fetch_text(meta, "TransferSyntaxUID")
    return syntax is not None and lossy_compression(syntax) is not None


def put_tiling(instance: Dataset, layout: Layout) -> None:
    """Put the Microscope Slide Layer Tile Organization module into an instance whose frames are tiles (C.8.12.14).

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        Where to put it.
    layout: Layout
        Where the tiles lie; nothing is put if they are no tiles of a slide.
    """
    if layout.matrix_size is None or layout.matrix_origin is None:
        return
    x, y, z = layout.matrix_origin
    put(
        instance,
        TotalPixelMatrixRows=layout.matrix_size[0],
        TotalPixelMatrixColumns=layout.matrix_size[1],
        TotalPixelMatrixFocalPlanes=1,
        TotalPixelMatrixOriginSequence=[
            item(
                XOffsetInSlideCoordinateSystem=x,
                YOffsetInSlideCoordinateSystem=y,
                ZOffsetInSlideCoordinateSystem=z * MICROMETRES_PER_MM,
            )
        ],
    )
    if layout.image_orientation is not None:
        put(instance, ImageOrientationSlide=list(layout.image_orientation))
