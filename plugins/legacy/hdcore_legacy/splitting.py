"""A converted image back into the single-frame images that it was made of.

What the conversion put into functional groups under the same name, what it left unassigned, and what the image says
itself are put together again for each frame. What the conversion added is noted in the image, and left out. Images
that others converted are split by the same rules, as far as their groups tell.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputTypeError, UnreadableError
from hdcore.frames.image import Image
from hdcore.model.damage import reading
from hdcore.model.element import elements_of, fetch, mark_as_encoded, put, put_element
from hdcore.model.instance import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from hdcore.model.making import tag_of
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID

from hdcore_legacy.converted import ConvertedImage
from hdcore_legacy.elements import as_raw, elements_in
from hdcore_legacy.keywords import COPIED_GROUPS, WHOLE, instance_tags
from hdcore_legacy.pixels import tell_losses
from hdcore_legacy.placement import ADDED, CREATOR_OF_NOTES, REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["split"]

_UNASSIGNED = ("UnassignedSharedConvertedAttributesSequence", "UnassignedPerFrameConvertedAttributesSequence")
_ANATOMY = ("AnatomicRegionSequence", "PrimaryAnatomicStructureSequence")
_RENAMED = (("FrameComments", "ImageComments"),)


def split(image: ConvertedImage) -> list[Image]:
    """Split a converted image into single-frame images.

    Parameters
    ----------
    image: ConvertedImage
        A legacy converted enhanced image.

    Returns
    -------
    list[hdcore.Image]
        One image per frame, in the order of the frames: equal to the source in pixels, geometry, identifiers and all
        attributes that the conversion kept. Texts are in UTF-8, whatever the source's character set was.

    Raises
    ------
    TypeError
        If ``image`` is not a converted image.
    ValueError
        If a frame does not say which image it was.
    """
    if not isinstance(image, ConvertedImage):
        raise InputTypeError(f"Only a legacy converted enhanced image can be split, not {type(image).__name__}.")
    with reading("The converted image"):
        return _split(image)


def _split(image: ConvertedImage) -> list[Image]:
    series = _series_of_instances(image)
    (shared,) = image.get("SharedFunctionalGroupsSequence") or [Dataset()]
    frames = image.get("PerFrameFunctionalGroupsSequence") or []
    if len(frames) != image.number_of_frames:
        raise UnreadableError(f"The image has {image.number_of_frames} frames, but groups of {len(frames)}.")
    added_to_all = _noted(_unassigned(shared))
    common = {tag: element for tag, element in elements_of(image).items() if int(tag) in instance_tags()}
    return [_frame(image, index, common, [shared, groups], added_to_all, series) for index, groups in enumerate(frames)]


def _frame(
    image: ConvertedImage,
    index: int,
    common: dict[BaseTag, Any],
    groups: list[Dataset],
    added_to_all: set[int],
    series: dict[str, str],
) -> Image:
    added = added_to_all.union(*(_noted(_unassigned(one)) for one in groups))
    dataset = Dataset()
    for tag, element in common.items():
        if int(tag) not in added:
            put_element(dataset, element)
    for one in groups:
        for element in _grouped(one, image.MODALITY):
            if int(element.tag) not in added:
                put_element(dataset, element)
    for one in groups:
        for element in elements_of(_unassigned(one)).values():
            put_element(dataset, element)
        _open_notes(dataset)
    _identify(dataset, groups, series, index)
    _put_frame(dataset, image, index)
    dataset.SpecificCharacterSet = image.get("SpecificCharacterSet", "ISO_IR 192")
    mark_as_encoded(dataset)
    return Image.from_dataset(dataset, copy=False)


def _grouped(groups: Dataset, modality: str) -> Iterator[Any]:
    """Give the elements that functional groups hold under the names that single-frame images have for them."""
    for group in COPIED_GROUPS:
        item = _item(groups, group.keyword)
        for keyword in group.attributes:
            if keyword in item:
                yield elements_of(item)[tag_of(keyword)]
    for keyword, modalities in WHOLE.items():
        if modality in modalities and keyword in groups:
            yield elements_of(groups)[tag_of(keyword)]
    anatomy = _item(groups, "FrameAnatomySequence")
    for keyword in _ANATOMY:
        if keyword in anatomy and "BodyPartExamined" not in anatomy:
            yield elements_of(anatomy)[tag_of(keyword)]
    content = _item(groups, "FrameContentSequence")
    for inside, outside in _RENAMED:
        if inside in content:
            yield DataElement(tag_of(outside), "LT", content[inside].value)


def _item(groups: Dataset, keyword: str) -> Dataset:
    items = fetch(groups, keyword)
    return items[0] if items else Dataset()


def _unassigned(groups: Dataset) -> Dataset:
    for keyword in _UNASSIGNED:
        if keyword in groups:
            return _item(groups, keyword)
    return Dataset()


def _creators(dataset: Dataset) -> list[BaseTag]:
    """Find the private creators of notes."""
    return [
        tag for tag in elements_of(dataset) if tag.is_private_creator and str(dataset[tag].value) == CREATOR_OF_NOTES
    ]


def _note(dataset: Dataset, creator: BaseTag, number: int) -> Any:
    place = Tag(creator.group, (creator.element & 0xFF) << 8 | number)
    return dataset[place].value if place in dataset else ()


def _noted(dataset: Dataset) -> set[int]:
    found: set[int] = set()
    for creator in _creators(dataset):
        value = _note(dataset, creator, ADDED)
        if isinstance(value, bytes):  # read from implicit VR, which does not say that these are tags
            pairs = struct.iter_unpack("<HH", value[: len(value) // 4 * 4])
            value = tuple(group << 16 | number for group, number in pairs)
        found |= {int(tag) for tag in (value if isinstance(value, (MultiValue, tuple)) else (value,))}
    return found


def _open_notes(dataset: Dataset) -> None:
    """Put what notes hold in its place, and remove them."""
    for creator in _creators(dataset):
        for tag, element in elements_in(bytes(_note(dataset, creator, REFERENCES) or b"")):
            put_element(dataset, as_raw(tag, element))
        del dataset[creator]
        for number in (ADDED, REFERENCES):
            place = Tag(creator.group, (creator.element & 0xFF) << 8 | number)
            if place in dataset:
                del dataset[place]


def _series_of_instances(image: Dataset) -> dict[str, str]:
    return {
        str(reference.ReferencedSOPInstanceUID): str(series.SeriesInstanceUID)
        for series in image.get("ReferencedSeriesSequence") or ()
        for reference in series.get("ReferencedInstanceSequence") or ()
    }


def _identify(dataset: Dataset, groups: list[Dataset], series: dict[str, str], index: int) -> None:
    sources = [_item(one, "ConversionSourceAttributesSequence") for one in groups]
    source = next((one for one in sources if "ReferencedSOPInstanceUID" in one), None)
    if source is None:
        raise UnreadableError(f"Frame {index + 1} does not say which single-frame image it was.")
    uid = str(source.ReferencedSOPInstanceUID)
    put(dataset, SOPClassUID=source.ReferencedSOPClassUID, SOPInstanceUID=uid)
    if uid in series:
        put(dataset, SeriesInstanceUID=series[uid])


def _put_frame(dataset: Dataset, image: ConvertedImage, index: int) -> None:
    syntax = UID(image.transfer_syntax_uid)
    frame = image.get_raw_frame(index, as_index=True)
    value = encapsulate([frame]) if syntax.is_compressed else frame + b"\0" * (len(frame) % 2)
    vr = "OB" if syntax.is_compressed or int(image.BitsAllocated) <= 8 else "OW"
    element = DataElement(
        tag_of("PixelData"), vr, value, is_undefined_length=syntax.is_compressed, already_converted=True
    )
    put_element(dataset, element)
    meta = FileMetaDataset()
    put(
        meta,
        MediaStorageSOPClassUID=dataset.SOPClassUID,
        MediaStorageSOPInstanceUID=dataset.SOPInstanceUID,
        TransferSyntaxUID=syntax,
        ImplementationClassUID=IMPLEMENTATION_CLASS_UID,
        ImplementationVersionName=IMPLEMENTATION_VERSION_NAME,
    )
    dataset.file_meta = meta
    if fetch(dataset, "LossyImageCompression") != "01":
        tell_losses(dataset)
