"""The transformations of a state: as given, or taken over from its images."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed
from hdcore.model.byte_order import in_little_endian
from hdcore.model.element import elements_of, fetch, item, put, put_element
from hdcore.model.making import tag_of
from hdcore.model.references import sop_reference
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.pixels.lut import ModalityLUTTransformation, PresentationLUTTransformation
    from hdcore.pixels.palette import PaletteColorLUTTransformation

    from hdcore_pr.voi import SoftcopyVOILUTTransformation

__all__ = [
    "put_modality_lut",
    "put_palette",
    "put_presentation_lut",
    "put_voi_luts",
]

_SHORT_ENTRY = 8
_MODALITY = ("ModalityLUTSequence", "RescaleIntercept", "RescaleSlope", "RescaleType")
_VOI = ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction", "VOILUTSequence")


def put_modality_lut(
    state: Dataset, transformation: ModalityLUTTransformation | None, images: Sequence[Dataset]
) -> None:
    """Write a modality transformation (PS3.3 C.11.1); without one, that of the images.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If there is none, and images, or frames of one, differ in theirs: a state has one for all.
    """
    if transformation is None:
        _copy_modality_lut(state, images)
    else:
        _put_all(state, "modality_lut_transformation", transformation, _MODALITY)


def put_palette(state: Dataset, transformation: PaletteColorLUTTransformation) -> None:
    """Write a palette (PS3.3 C.7.9).

    Raises
    ------
    TypeError
        If it is none.
    """
    if not isinstance(transformation, Dataset) or "RedPaletteColorLookupTableDescriptor" not in transformation:
        raise InputTypeError(
            f"palette_color_lut_transformation is {type(transformation).__name__}; "
            "expected a PaletteColorLUTTransformation."
        )
    from hdcore.pixels.palette import PaletteColorLUTTransformation

    if transformation.is_segmented or transformation.bits_per_entry == _SHORT_ENTRY:
        # PS3.3 C.7.9: tables of a presentation state are not segmented; 16 bits hold those of 8 scaled to their range
        table = transformation.combined_lut_data
        wide = table.astype("u2") * 257 if transformation.bits_per_entry == _SHORT_ENTRY else table
        transformation = PaletteColorLUTTransformation.from_combined_lut(wide, transformation.first_mapped_value)
    for element in elements_of(transformation).values():
        put_element(state, deepcopy(in_little_endian(transformation, element.tag)))


def put_presentation_lut(
    state: Dataset, transformation: PresentationLUTTransformation | None, images: Sequence[Dataset]
) -> None:
    """Write a presentation transformation (PS3.3 C.11.6).

    Without one, the appearance of the images is kept: what a MONOCHROME1 image stores as 0 is white.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        If there is none, and the images differ in which end of their values is white.
    """
    if transformation is not None:
        _put_all(
            state,
            "presentation_lut_transformation",
            transformation,
            ("PresentationLUTSequence", "PresentationLUTShape"),
        )
        return
    inverted = {fetch(image, "PhotometricInterpretation") == "MONOCHROME1" for image in images}
    if len(inverted) > 1:
        raise InputError(
            "referenced_images are partly MONOCHROME1, partly MONOCHROME2, but a presentation state has one "
            "presentation LUT for all; make one state for each, or pass presentation_lut_transformation."
        )
    put(state, PresentationLUTShape="INVERSE" if inverted.pop() else "IDENTITY")


def put_voi_luts(
    state: Dataset, transformations: Sequence[SoftcopyVOILUTTransformation] | None, images: Sequence[Dataset]
) -> None:
    """Write transformations of interest (PS3.3 C.11.8); without any, windows and tables of the images and frames.

    Raises
    ------
    TypeError
        If one of them is none.
    ValueError
        If they refer to images that the state does not, several apply to the same, or one that applies to all has
        company.
    """
    if transformations is None:
        _copy_voi_luts(state, images)
        return
    known = {str(image.SOPInstanceUID): int(image.get("NumberOfFrames") or 1) for image in images}
    taken: set[tuple[str, int]] = set()
    for transformation in listed(transformations, "voi_lut_transformations", "SoftcopyVOILUTTransformation"):
        if not isinstance(transformation, Dataset) or not any(keyword in transformation for keyword in _VOI):
            raise InputTypeError(
                f"voi_lut_transformations holds {type(transformation).__name__}; expected SoftcopyVOILUTTransformation."
            )
        targets = set(_targets(transformation, known))
        if targets & taken:
            raise InputError("voi_lut_transformations: several transformations apply to the same image or frame.")
        taken |= targets
    put(state, SoftcopyVOILUTSequence=list(transformations))


def _targets(transformation: Dataset, known: dict[str, int]) -> Iterator[tuple[str, int]]:
    if "ReferencedImageSequence" not in transformation:
        for uid, count in known.items():
            yield from ((uid, frame) for frame in range(1, count + 1))
        return
    for reference in transformation.ReferencedImageSequence:
        uid = str(reference.ReferencedSOPInstanceUID)
        if uid not in known:
            raise InputError(f"voi_lut_transformations refers to image {uid}, which is not among referenced_images.")
        numbers = fetch(reference, "ReferencedFrameNumber")
        frames: Sequence[int] = range(1, known[uid] + 1) if numbers is None else _several(numbers)
        yield from ((uid, int(frame)) for frame in frames)


def _copy_modality_lut(state: Dataset, images: Sequence[Dataset]) -> None:
    found = {_comparable(values): values for image in images for values in _modality_of(image)}
    if len(found) > 1:
        raise InputError(
            "referenced_images differ in their modality transformation (rescale slope, intercept, type or table), of "
            "which a presentation state has one for all; make one state for each."
        )
    for values in found.values():
        for element in values:
            put_element(state, deepcopy(element))


def _copy_voi_luts(state: Dataset, images: Sequence[Dataset]) -> None:
    """Take windows and tables over; images and frames with the same share one item."""
    groups: dict[Any, tuple[list[Any], list[tuple[Dataset, list[int] | None]]]] = {}
    for image in images:
        per_frame = list(_voi_of(image))
        by_value: dict[Any, list[int]] = {}
        for number, values in enumerate(per_frame, 1):
            if values:
                key = _comparable(values)
                by_value.setdefault(key, []).append(number)
                groups.setdefault(key, (values, []))
        for key, numbers in by_value.items():
            groups[key][1].append((image, numbers if len(numbers) < len(per_frame) else None))
    if not groups:
        return
    # one that applies to all images needs no references
    items = [item() if _are_whole(members, images) else _about(members) for _, members in groups.values()]
    for entry, (values, _) in zip(items, groups.values(), strict=True):
        for element in values:
            put_element(entry, deepcopy(element))
    put(state, SoftcopyVOILUTSequence=items)


def _are_whole(members: Sequence[tuple[Dataset, list[int] | None]], images: Sequence[Dataset]) -> bool:
    return len(members) == len(images) and all(numbers is None for _, numbers in members)


def _about(members: Sequence[tuple[Dataset, list[int] | None]]) -> Dataset:
    references = []
    for image, numbers in members:
        reference = sop_reference(image)
        if numbers is not None:
            put(reference, ReferencedFrameNumber=numbers)
        references.append(reference)
    return item(ReferencedImageSequence=references)


def _modality_of(image: Dataset) -> Iterator[list[Any]]:
    if "SharedFunctionalGroupsSequence" not in image:
        yield _elements(image, _MODALITY)
        return
    for group in _groups(image, "PixelValueTransformationSequence"):
        yield _elements(group, _MODALITY) if group is not None else []


def _voi_of(image: Dataset) -> Iterator[list[Any]]:
    if "SharedFunctionalGroupsSequence" not in image:
        yield _elements(image, _VOI)
        return
    for group in _groups(image, "FrameVOILUTSequence"):
        yield _elements(group, _VOI) if group is not None else []


def _groups(image: Dataset, keyword: str) -> Iterator[Dataset | None]:
    """Give one functional group of every frame, from where it stands."""
    shared = image.SharedFunctionalGroupsSequence
    common = shared[0].get(keyword) if shared else None
    if common:
        yield from (common[0] for _ in range(int(image.NumberOfFrames)))
        return
    for frame in image.get("PerFrameFunctionalGroupsSequence") or ():
        groups = frame.get(keyword)
        yield groups[0] if groups else None


def _elements(dataset: Dataset, keywords: Sequence[str]) -> list[Any]:
    present = elements_of(dataset)
    return [in_little_endian(dataset, tag) for tag in map(tag_of, keywords) if tag in present]


def _comparable(elements: list[Any]) -> tuple[tuple[int, str], ...]:
    return tuple((int(element.tag), repr(element.value)) for element in elements)


def _several(value: Any) -> list[Any]:
    return [value] if isinstance(value, (int, str)) else list(value)


def _put_all(state: Dataset, name: str, transformation: Dataset, keywords: Sequence[str]) -> None:
    is_dataset = isinstance(transformation, Dataset)
    present = [keyword for keyword in keywords if is_dataset and keyword in transformation]
    if not present:
        raise InputTypeError(f"{name} is {type(transformation).__name__}; it has none of {', '.join(keywords)}.")
    for keyword in present:
        put_element(state, deepcopy(in_little_endian(transformation, tag_of(keyword))))
