"""What the converted image says of its frames in other words than the sources (PS3.3 C.7.6.16.2)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from hdcore.content.anatomy import REGIONS
from hdcore.model.making import tag_of

from hdcore_legacy.elements import Elements, encode_element, item_of, sequence_of, text_of, value_of
from hdcore_legacy.timing import temporal_positions

if TYPE_CHECKING:
    from hdcore_legacy.sources import Sources

__all__ = ["FRAME_TYPE_GROUPS", "acquisition_datetimes", "frame_anatomy", "frame_content", "frame_type", "image_type"]

FRAME_TYPE_GROUPS = {
    "CT": "CTImageFrameTypeSequence",
    "MR": "MRImageFrameTypeSequence",
    "PT": "PETFrameTypeSequence",
}
"""Frame type macros by modality (C.8.15.3.1, C.8.13.5.1, C.8.22.5.1)."""

_LATERALITIES = {"R", "L", "U", "B"}
_LONGEST_DATETIME = 26


def _tag(keyword: str) -> int:
    return int(tag_of(keyword))


def image_type(text: str) -> list[str]:
    """Give the four values of Frame Type (C.8.16.1) for the Image Type of a single-frame image.

    Parameters
    ----------
    text: str
        Image Type, values separated by backslashes.

    Returns
    -------
    list[str]
        Original or derived; primary; flavour; and no derived contrast.
    """
    values = [value.strip() for value in text.split("\\")]
    first = values[0] if values[0] in ("ORIGINAL", "DERIVED") else "DERIVED"
    flavour = values[2] if len(values) > 2 and values[2] else "VOLUME"
    return [first, "PRIMARY", flavour, "NONE"]


def frame_type(sources: Sources, modality: str) -> tuple[str, list[bytes]]:
    """Make the frame type macro of all frames.

    Parameters
    ----------
    sources: Sources
        The images.
    modality: str
        ``"CT"``, ``"MR"`` or ``"PT"``.

    Returns
    -------
    tuple[str, list[bytes]]
        Keyword of the macro and one item per frame.
    """
    rest = {_tag(keyword): encode_element(_tag(keyword), "CS", value, b" ") for keyword, value in _DESCRIPTION}
    made: dict[str, bytes] = {}
    items = []
    for element in sources.column("ImageType"):
        text = text_of(element)
        if text not in made:
            value = "\\".join(image_type(text)).encode()
            made[text] = item_of({_tag("FrameType"): encode_element(_tag("FrameType"), "CS", value, b" "), **rest})
        items.append(made[text])
    return FRAME_TYPE_GROUPS[modality], items


_DESCRIPTION = (
    ("PixelPresentation", b"MONOCHROME"),
    ("VolumetricProperties", b"VOLUME"),
    ("VolumeBasedCalculationTechnique", b"NONE"),
)


def frame_anatomy(sources: Sources, left: list[Elements]) -> tuple[list[bytes], list[set[int]]]:
    """Make the Frame Anatomy macro (C.7.6.16.2.8) of all frames, if every source says what part of the body it shows.

    Parameters
    ----------
    sources: Sources
        The images.
    left: list[dict[int, bytes]]
        What is still without a place; coded regions are removed.

    Returns
    -------
    items: list[bytes]
        One per frame; none if a source does not tell its region, or not the side of a part that is on either.
    added: list[set[int]]
        Tags of what each source does not say in these words.
    """
    region, structure = _tag("AnatomicRegionSequence"), _tag("PrimaryAnatomicStructureSequence")
    items: list[Elements] = []
    for elements in sources.elements:
        side = text_of(elements.get(_tag("ImageLaterality"))) or text_of(elements.get(_tag("Laterality")))
        item: Elements = {}
        if len(elements.get(region, b"")) > 12:
            item[region] = elements[region]
        else:
            known = REGIONS.get(text_of(elements.get(_tag("BodyPartExamined"))).replace(" ", ""))
            if known is None or (known.is_paired and side not in _LATERALITIES):
                return [], []
            item[region] = sequence_of(region, [_code_item(known.code, known.meaning)])
        if len(elements.get(structure, b"")) > 12:
            item[structure] = elements[structure]
        laterality = side if side in _LATERALITIES else "U"
        item[_tag("FrameLaterality")] = encode_element(_tag("FrameLaterality"), "CS", laterality.encode(), b" ")
        items.append(item)
    added: list[set[int]] = []
    for elements, item in zip(left, items, strict=True):
        added.append({region} - elements.keys())
        for tag in (region, structure):
            if elements.get(tag) == item.get(tag):
                elements.pop(tag, None)
    return [item_of(item) for item in items], added


def _code_item(code: str, meaning: str) -> bytes:
    values = (("CodeValue", "SH", code), ("CodingSchemeDesignator", "SH", "SCT"), ("CodeMeaning", "LO", meaning))
    return item_of(
        {_tag(keyword): encode_element(_tag(keyword), vr, text.encode(), b" ") for keyword, vr, text in values}
    )


def acquisition_datetimes(sources: Sources) -> list[str]:
    """Tell when each image was acquired, as DT; empty where it is not known.

    Parameters
    ----------
    sources: Sources
        The images.

    Returns
    -------
    list[str]
        From Acquisition DateTime, Acquisition Date and Time, or Content Date and Time.
    """
    found = []
    for elements in sources.elements:
        text = text_of(elements.get(_tag("AcquisitionDateTime")))
        for kind in ("Acquisition", "Content"):
            if not text:
                day = text_of(elements.get(_tag(f"{kind}Date")))
                time = text_of(elements.get(_tag(f"{kind}Time")))
                text = day + time if day.isdigit() else ""
        found.append(text[:_LONGEST_DATETIME])
    return found


def frame_content(sources: Sources, left: list[Elements]) -> list[bytes]:
    """Make the Frame Content macro (C.7.6.16.2.2) of all frames.

    Parameters
    ----------
    sources: Sources
        The images in the order of their frames.
    left: list[dict[int, bytes]]
        What is still without a place; comments, which become those of the frame, are removed.

    Returns
    -------
    list[bytes]
        One item per frame.
    """
    comments = _tag("ImageComments")
    times, positions = acquisition_datetimes(sources), temporal_positions(sources)
    items = []
    for index, (elements, rest) in enumerate(zip(sources.elements, left, strict=True)):
        item: Elements = {}
        if times[index]:
            tag = _tag("FrameAcquisitionDateTime")
            item[tag] = encode_element(tag, "DT", times[index].encode(), b" ")
        number = value_of(elements.get(_tag("AcquisitionNumber")))
        if number.isdigit() and int(number) <= 0xFFFF:
            item[_tag("FrameAcquisitionNumber")] = _binary("FrameAcquisitionNumber", "US", "<H", int(number))
        duration = value_of(elements.get(_tag("ActualFrameDuration")))
        if duration.isdigit():
            item[_tag("FrameAcquisitionDuration")] = _binary("FrameAcquisitionDuration", "FD", "<d", float(duration))
        if value_of(rest.get(comments)):
            item[_tag("FrameComments")] = encode_element(
                _tag("FrameComments"), "LT", value_of(rest.pop(comments)), b" "
            )
        if positions:
            item[_tag("TemporalPositionIndex")] = _binary("TemporalPositionIndex", "UL", "<L", positions[index])
        item |= _place_in_stack(index, sources)
        items.append(item_of(item))
    return items


def _place_in_stack(index: int, sources: Sources) -> Elements:
    if not sources.ordering:
        return {}
    numbers = [index + 1] if len(sources.ordering) == 1 else _series_and_instance(sources)[index]
    tag = _tag("DimensionIndexValues")
    item = {tag: encode_element(tag, "UL", struct.pack(f"<{len(numbers)}L", *numbers))}
    if sources.ordering == ("ImagePositionPatient",):
        item[_tag("StackID")] = encode_element(_tag("StackID"), "SH", b"1", b" ")
        item[_tag("InStackPositionNumber")] = _binary("InStackPositionNumber", "UL", "<L", index + 1)
    return item


def _series_and_instance(sources: Sources) -> list[list[int]]:
    series = [value_of(element) for element in sources.column("SeriesNumber")]
    ranks = {number: rank for rank, number in enumerate(dict.fromkeys(series), 1)}
    counts: dict[bytes, int] = {}
    values = []
    for number in series:
        counts[number] = counts.get(number, 0) + 1
        values.append([ranks[number], counts[number]])
    return values


def _binary(keyword: str, vr: str, layout: str, number: float) -> bytes:
    return encode_element(_tag(keyword), vr, struct.pack(layout, number))
