"""The images of a report and what describes them (PS3.16 TID 1600 to 1602)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import (
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    ImageContentItem,
    NumContentItem,
    RelationshipTypeValues,
    Template,
    TextContentItem,
    UIDRefContentItem,
)
from hdcore.content.tree import set_children, with_relationship
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed
from pydicom.sr.codedict import codes

from hdcore_sr import vocabulary as v
from hdcore_sr.sources import check_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content import Concept
    from pydicom.dataset import Dataset

__all__ = ["ImageLibrary", "ImageLibraryEntryDescriptors"]

_ACQUISITION = RelationshipTypeValues.HAS_ACQ_CONTEXT
_CONTAINS = RelationshipTypeValues.CONTAINS
_TRANSMISSION = frozenset({"CR", "DX", "IO", "MG", "PX", "RF", "RG", "XA"})


class ImageLibraryEntryDescriptors(Template):
    """What describes an image (TID 1602)."""

    TID: ClassVar[str] = "1602"

    def __init__(self, image: Dataset, additional_descriptors: Sequence[ContentItem] | None = None) -> None:
        """Describe an image.

        Parameters
        ----------
        image: pydicom.dataset.Dataset
            The image.
        additional_descriptors: Sequence[ContentItem] | None, optional
            Further items that describe it.

        Raises
        ------
        TypeError
            If an item is not a content item.
        ValueError
            If ``image`` is not an image.
        """
        check_image(image, "image")
        items: list[ContentItem] = [*_general(image), *_spacing(image), *_geometry(image)]
        further = [] if additional_descriptors is None else additional_descriptors
        for descriptor in listed(further, "additional_descriptors", "content items"):
            if not isinstance(descriptor, ContentItem):
                raise InputTypeError(
                    f"additional_descriptors holds a {type(descriptor).__name__}; expected content items."
                )
            items.append(with_relationship(descriptor, _ACQUISITION))
        ContentSequence.__init__(self, items)


def _number(name: Concept, value: Any, unit: Concept) -> NumContentItem:
    number = int(value) if unit is v.PIXELS else float(value)
    return NumContentItem(name, number, unit, relationship_type=_ACQUISITION)


def _general(image: Dataset) -> list[ContentItem]:
    items: list[ContentItem] = []
    modality = next((code for code in codes.cid29.concepts.values() if code.value == image.get("Modality")), None)
    if modality is not None:
        items.append(CodeContentItem(v.MODALITY, modality, _ACQUISITION))
    if image.get("FrameOfReferenceUID"):
        items.append(UIDRefContentItem(v.FRAME_OF_REFERENCE_UID, str(image.FrameOfReferenceUID), _ACQUISITION))
    rows = image.get("TotalPixelMatrixRows") or image.get("Rows")
    columns = image.get("TotalPixelMatrixColumns") or image.get("Columns")
    if rows and columns:
        items.append(_number(v.PIXEL_DATA_ROWS, rows, v.PIXELS))
        items.append(_number(v.PIXEL_DATA_COLUMNS, columns, v.PIXELS))
    return items


def _orientation(image: Dataset) -> list[ContentItem]:
    """Say in which direction rows and columns of a projection go (TID 1603)."""
    directions = image.get("PatientOrientation") or ()
    if image.get("Modality") not in _TRANSMISSION or len(directions) != 2 or not all(directions):
        return []
    names = (v.PATIENT_ORIENTATION_ROW, v.PATIENT_ORIENTATION_COLUMN)
    return [TextContentItem(name, str(one), _ACQUISITION) for name, one in zip(names, directions, strict=True)]


def _spacing(image: Dataset) -> list[ContentItem]:
    measures = _shared_group(image, "PixelMeasuresSequence") or image
    spacing = measures.get("PixelSpacing")
    if not spacing and image.get("Modality") in _TRANSMISSION:
        spacing = image.get("ImagerPixelSpacing")
    items: list[ContentItem] = _orientation(image)
    if not spacing:
        return items
    return [
        *items,
        _number(v.HORIZONTAL_PIXEL_SPACING, spacing[1], v.MILLIMETER),
        _number(v.VERTICAL_PIXEL_SPACING, spacing[0], v.MILLIMETER),
    ]


def _geometry(image: Dataset) -> list[ContentItem]:
    measures = _shared_group(image, "PixelMeasuresSequence") or image
    plane = _shared_group(image, "PlaneOrientationSequence") or image
    items: list[ContentItem] = []
    if measures.get("SliceThickness") is not None and measures.get("SliceThickness") != "":
        items.append(_number(v.SLICE_THICKNESS, measures.SliceThickness, v.MILLIMETER))
    for names, values, unit in (
        (v.IMAGE_POSITION, image.get("ImagePositionPatient"), v.MILLIMETER),
        (v.IMAGE_ORIENTATION, plane.get("ImageOrientationPatient"), v.RATIO),
    ):
        if values:
            items.extend(_number(name, value, unit) for name, value in zip(names, values, strict=True))
    if measures.get("SpacingBetweenSlices"):
        items.append(_number(v.SPACING_BETWEEN_SLICES, measures.SpacingBetweenSlices, v.MILLIMETER))
    return items


def _shared_group(image: Dataset, keyword: str) -> Dataset | None:
    shared = image.get("SharedFunctionalGroupsSequence")
    group = shared[0].get(keyword) if shared else None
    return group[0] if group else None


class ImageLibrary(Template):
    """The images of a report, each with what describes it (TID 1600)."""

    TID: ClassVar[str] = "1600"
    ROOT: ClassVar[Any] = v.IMAGE_LIBRARY
    ROOT_VALUE_TYPE: ClassVar[str] = "CONTAINER"

    def __init__(self, datasets: Sequence[Dataset]) -> None:
        """List images.

        Parameters
        ----------
        datasets: Sequence[pydicom.dataset.Dataset]
            The images, at least one.

        Raises
        ------
        TypeError
            If one is not a dataset.
        ValueError
            If there is none, or one is not an image.
        """
        entries = []
        for image in listed(datasets, "datasets", "images"):
            check_image(image, "An item of datasets")
            entry = ImageContentItem(
                v.SOURCE, str(image.SOPClassUID), str(image.SOPInstanceUID), relationship_type=_CONTAINS
            )
            set_children(entry, ImageLibraryEntryDescriptors(image))  # type: ignore[arg-type]
            entries.append(entry)
        if not entries:
            raise InputError("datasets is empty; expected at least one image.")
        group = ContainerContentItem(v.IMAGE_LIBRARY_GROUP, relationship_type=_CONTAINS)
        set_children(group, entries)
        library = ContainerContentItem(v.IMAGE_LIBRARY, relationship_type=_CONTAINS)
        set_children(library, [group])
        ContentSequence.__init__(self, [library])
