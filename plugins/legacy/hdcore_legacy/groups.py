"""The functional groups of the frames, made of what their sources say (PS3.3 C.7.6.16.2)."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hdcore.errors import HdcoreWarning, InputError
from hdcore.model.making import tag_of

from hdcore_legacy.contrast import contrast_agents
from hdcore_legacy.elements import Elements, encode_element, equal_bytes, has_value, item_of, sequence_of, value_of
from hdcore_legacy.evidence import Evidence
from hdcore_legacy.frames import frame_anatomy, frame_content, frame_type
from hdcore_legacy.keywords import COPIED_GROUPS, WHOLE
from hdcore_legacy.timing import derived_times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hdcore_legacy.keywords import CopiedGroup
    from hdcore_legacy.sources import Sources

__all__ = ["FrameGroups", "frame_groups", "references"]


def _tag(keyword: str) -> int:
    return int(tag_of(keyword))


_SPACING = _tag("SpacingBetweenSlices")
_WITH_CONTRAST = ("CT", "MR")
_EVIDENCE = {
    "DerivationImageSequence": ("SourceImageSequence", "SourceImageEvidenceSequence"),
    "ReferencedImageSequence": ("ReferencedImageSequence", "ReferencedImageEvidenceSequence"),
}


def _decimal(keyword: str, number: float) -> bytes:
    return encode_element(_tag(keyword), "DS", f"{number:.10g}".encode(), b" ")


@dataclass
class FrameGroups:
    """Sequence elements of the functional groups, and what in them no source said."""

    shared: Elements = field(default_factory=dict)
    per_frame: list[Elements] = field(default_factory=list)
    added: list[set[int]] = field(default_factory=list)
    """Tags of what was added to each frame but not to all."""
    added_to_all: set[int] = field(default_factory=set)
    instance: Elements = field(default_factory=dict)
    """What the image itself must say because of the groups."""

    def put(self, keyword: str, items: list[bytes], *, never_shared: bool = False) -> None:
        """Put a group of one item per frame where it belongs."""
        tag = _tag(keyword)
        if not never_shared and equal_bytes(items):
            self.shared[tag] = sequence_of(tag, items[:1])
            return
        for frame, item in zip(self.per_frame, items, strict=True):
            frame[tag] = sequence_of(tag, [item])

    def note(self, added: list[set[int]]) -> None:
        """Note what was added to the frames."""
        to_all = set.intersection(*added)
        self.added_to_all |= to_all
        self.added = [known | more - to_all for known, more in zip(self.added, added, strict=True)]


def frame_groups(sources: Sources, left: list[Elements], modality: str, *, strict: bool) -> FrameGroups:
    """Make the functional groups of all frames, taking what goes into them from what is left to place.

    Parameters
    ----------
    sources: Sources
        The images in the order of their frames.
    left: list[dict[int, bytes]]
        What is still without a place, of each image; what goes into a group unchanged is removed.
    modality: str
        ``"CT"``, ``"MR"`` or ``"PT"``.
    strict: bool
        Whether what is required and missing is an error, or else a warning.

    Returns
    -------
    FrameGroups
        The groups but those of unassigned attributes.

    Raises
    ------
    ValueError
        If ``strict`` and something required is missing.
    """
    count = len(sources)
    groups = FrameGroups({}, [{} for _ in range(count)], [set() for _ in range(count)])
    refer = references(sources)
    evidence = Evidence(sources, refer)
    derived = derived_times(sources, modality)
    for group in COPIED_GROUPS:
        if modality in group.modalities and _can_refer(groups, group.keyword, left, evidence):
            _copy_group(groups, group, left, sources, modality, derived, strict=strict)
    for keyword, modalities in WHOLE.items():
        if modality in modalities and _can_refer(groups, keyword, left, evidence):
            _copy_whole(groups, keyword, left)
    groups.put(*frame_type(sources, modality))
    contrast = contrast_agents(sources) if modality in _WITH_CONTRAST else None
    if contrast is not None:
        agents = _tag("ContrastBolusAgentSequence")
        groups.instance[agents], usage = contrast
        groups.added_to_all.add(agents)
        groups.put("ContrastBolusUsageSequence", usage)
    anatomy, made = frame_anatomy(sources, left)
    if anatomy:
        groups.put("FrameAnatomySequence", anatomy)
        groups.note(made)
    groups.put("FrameContentSequence", frame_content(sources, left), never_shared=True)
    groups.put("ConversionSourceAttributesSequence", refer, never_shared=True)
    return groups


def references(sources: Sources) -> list[bytes]:
    """Make an item for each image that refers to it (SOP Instance Reference macro, PS3.3 10.8)."""
    columns = zip(sources.column("SOPClassUID"), sources.column("SOPInstanceUID"), strict=True)
    tags = _tag("ReferencedSOPClassUID"), _tag("ReferencedSOPInstanceUID")
    return [
        item_of({tag: encode_element(tag, "UI", value_of(uid)) for tag, uid in zip(tags, pair, strict=True)})
        for pair in columns
    ]


def _can_refer(groups: FrameGroups, group: str, left: list[Elements], evidence: Evidence) -> bool:
    """Put what the image must say of the images that a group refers to, or tell that it cannot be said."""
    if group not in _EVIDENCE:
        return True
    keyword, where = _EVIDENCE[group]
    column = [elements.get(_tag(keyword), b"") for elements in left]
    if any(len(element) <= 12 for element in column) or not evidence.covers(column):
        return False
    groups.instance[_tag(where)] = encode_element(_tag(where), "SQ", evidence.encoded(column))
    return True


def _copy_whole(groups: FrameGroups, keyword: str, left: list[Elements]) -> None:
    """Take over a sequence that is a functional group as it is, if every image has it."""
    tag = _tag(keyword)
    column = [elements.get(tag) for elements in left]
    if any(element is None or len(element) <= 12 for element in column):
        return
    whole = [elements.pop(tag) for elements in left]
    if equal_bytes(whole):
        groups.shared[tag] = whole[0]
        return
    for frame, element in zip(groups.per_frame, whole, strict=True):
        frame[tag] = element


def _copy_group(
    groups: FrameGroups,
    group: CopiedGroup,
    left: list[Elements],
    sources: Sources,
    modality: str,
    derived: Mapping[int, list[bytes | None]],
    *,
    strict: bool,
) -> None:
    tags = [_tag(keyword) for keyword in group.attributes]
    items = [{tag: elements[tag] for tag in tags if has_value(elements.get(tag))} for elements in left]
    added = [_derive(item, index, tags, derived) for index, item in enumerate(items)]
    required = {_tag(keyword): keyword for keyword in group.required}
    complete = [required.keys() <= item.keys() for item in items]
    can_be_completed = any(complete) and group.keyword == "FrameVOILUTSequence"
    if modality not in group.mandatory and not all(complete) and not can_be_completed:
        return
    for elements, item, is_complete in zip(left, items, complete, strict=True):
        for tag in item if is_complete or not can_be_completed else ():
            elements.pop(tag, None)
    completed = (_complete(group, *pair, sources) for pair in zip(items, sources.elements, strict=True))
    groups.note([known | more for known, more in zip(added, completed, strict=True)])
    for tag, keyword in required.items():
        missing = [number for number, item in enumerate(items) if tag not in item]
        if missing:
            _report(group, keyword, missing, len(items), strict=strict)
    if any(items):
        groups.put(group.keyword, [item_of(item) for item in items], never_shared=group.never_shared)


def _derive(item: Elements, index: int, tags: list[int], derived: Mapping[int, list[bytes | None]]) -> set[int]:
    """Add what follows from what the source says in other words; give its tags."""
    found = {tag: derived[tag][index] for tag in tags if tag in derived and tag not in item}
    known = {tag: element for tag, element in found.items() if element is not None}
    item |= known
    return set(known)


def _report(group: CopiedGroup, keyword: str, missing: list[int], count: int, *, strict: bool) -> None:
    where = "no source image has it" if len(missing) == count else f"it is missing in images {missing[:10]}"
    problem = f"{keyword} is required in {group.keyword}, but {where}"
    if strict:
        raise InputError(f"{problem}; pass strict=False to leave it out.")
    warnings.warn(f"{problem}; it is left out of the converted image.", HdcoreWarning, stacklevel=2)


def _complete(group: CopiedGroup, item: Elements, elements: Elements, sources: Sources) -> set[int]:
    """Add what is known though the source does not say it; give its tags."""
    before = set(item)
    if group.keyword == "PixelMeasuresSequence" and sources.spacing is not None and _SPACING not in item:
        item[_SPACING] = _decimal("SpacingBetweenSlices", sources.spacing)
    elif group.keyword == "PixelValueTransformationSequence" and len(before) < 3:
        item.setdefault(_tag("RescaleIntercept"), _decimal("RescaleIntercept", 0))
        item.setdefault(_tag("RescaleSlope"), _decimal("RescaleSlope", 1))
        is_ct = value_of(elements.get(_tag("Modality"))) == b"CT"
        unspecified = b"HU" if is_ct and _tag("RescaleSlope") in before else b"US"
        item.setdefault(_tag("RescaleType"), encode_element(_tag("RescaleType"), "LO", unspecified, b" "))
    elif group.keyword == "FrameVOILUTSequence" and not before >= {_tag("WindowCenter"), _tag("WindowWidth")}:
        item.clear()
        item |= _full_window(elements)
        return set(item)
    return set(item) - before


def _full_window(elements: Elements) -> Elements:
    """Make the window that shows all values that can be stored, for a frame without one beside frames with one."""

    def number(keyword: str, default: float) -> float:
        text = value_of(elements.get(_tag(keyword)))
        return float(text) if text else default

    stored = elements[_tag("BitsStored")][8:10]
    bits = struct.unpack("<H", stored)[0]
    signed = elements[_tag("PixelRepresentation")][8:10] == b"\1\0"
    slope, intercept = number("RescaleSlope", 1), number("RescaleIntercept", 0)
    lowest = -(2 ** (bits - 1)) if signed else 0
    width = abs(slope) * 2**bits
    centre = slope * (lowest + 2 ** (bits - 1)) + intercept
    return {
        _tag("WindowCenter"): _decimal("WindowCenter", centre),
        _tag("WindowWidth"): _decimal("WindowWidth", width),
    }
