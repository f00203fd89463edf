"""Where everything that the sources say goes in the converted image (PS3.3 A.70, C.7.6.16.2).

Attributes that the converted image has under the same name go there if all sources say the same. What functional groups
hold goes into these. All else goes, unchanged, into the Unassigned Shared Converted Attributes if all sources say the
same, and otherwise into the Unassigned Per-Frame Converted Attributes. What has to be said but no source says (a slope
of 1, the spacing of a regular volume) is noted as added, so that splitting the image again leaves it out.

References to images that are not among the sources are noted too: an enhanced image that has them must also tell their
series, which a single-frame image does not know.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hdcore.model.making import tag_of

from hdcore_legacy.elements import Elements, encode_element, equal_bytes, item_of, sequence_of
from hdcore_legacy.groups import frame_groups
from hdcore_legacy.keywords import DESCRIBED_ANEW, instance_tags
from hdcore_legacy.modules import barred_tags, completed_elements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hdcore_legacy.sources import Sources

__all__ = ["ADDED", "CREATOR_OF_NOTES", "REFERENCES", "Placement", "place"]

CREATOR_OF_NOTES = "HDCORE CONVERSION"
"""Private creator of the notes."""
ADDED = 1
"""Number of the private element, of VR AT, that lists the tags of what the conversion added."""
REFERENCES = 2
"""Number of the private element, of VR OB, that holds encoded references to other images."""

_NOTES_GROUP = 0x0021
_REFERENCES = (int(tag_of("ReferencedImageSequence")), int(tag_of("SourceImageSequence")))
_SHARED = int(tag_of("UnassignedSharedConvertedAttributesSequence"))
_PER_FRAME = int(tag_of("UnassignedPerFrameConvertedAttributesSequence"))
_INSTANCE_NUMBER = int(tag_of("InstanceNumber"))


@dataclass
class Placement:
    """Encoded elements by where they go."""

    instance: Elements
    """What the converted image says itself."""
    shared: Elements = field(default_factory=dict)
    """Sequences of the functional groups that all frames share."""
    per_frame: list[Elements] = field(default_factory=list)
    """Sequences of the functional groups of each frame."""

    def encoded(self) -> tuple[bytes, bytes]:
        """Give the values of Shared and Per-Frame Functional Groups Sequence."""
        return item_of(self.shared), b"".join(map(item_of, self.per_frame))


def place(
    sources: Sources,
    modality: str,
    *,
    strict: bool,
    skip_private: bool,
    overridden: Collection[int] = (),
    said: Collection[int] = (),
) -> Placement:
    """Find a place for everything that the sources say.

    Parameters
    ----------
    sources: Sources
        The images in the order of their frames.
    modality: str
        ``"CT"``, ``"MR"`` or ``"PT"``.
    strict: bool
        Whether what is required and missing is an error, or else a warning.
    skip_private: bool
        Whether private attributes are left out.
    overridden: Collection[int], optional
        Tags of what the converted image says in other words than the sources.
    said: Collection[int], optional
        Tags of what the converted image says whether or not the sources do.

    Returns
    -------
    Placement
        All elements. With ``skip_private`` nothing is noted, since notes are private attributes.

    Raises
    ------
    ValueError
        If ``strict`` and something required is missing.
    """
    left = [dict(elements) for elements in sources.elements]
    named = instance_tags(modality) - barred_tags(sources)
    instance: Elements = {}
    for tag in sorted(named - set(overridden)):
        column = [elements.get(tag) for elements in left]
        first = column[0]
        if first is not None and equal_bytes(column):
            instance[tag] = first
            _forget(left, tag)
    completed = completed_elements(sources, {*instance, *overridden})
    groups = frame_groups(sources, left, modality, strict=strict)
    for keyword in DESCRIBED_ANEW:
        _forget(left, int(tag_of(keyword)))
    if skip_private:
        left = [{tag: element for tag, element in one.items() if not tag >> 16 & 1} for one in left]
    common = _take_common(left)
    placement = Placement(instance | completed | groups.instance, groups.shared, groups.per_frame)
    added_to_all = groups.added_to_all | completed.keys() | (named & set(said)) - instance.keys()
    _note(common, added_to_all, skip=skip_private)
    if common:
        placement.shared[_SHARED] = sequence_of(_SHARED, [item_of(common)])
    for frame, elements, added in zip(placement.per_frame, left, groups.added, strict=True):
        _note(elements, added, skip=skip_private)
        if elements:
            frame[_PER_FRAME] = sequence_of(_PER_FRAME, [item_of(elements)])
    return placement


def _forget(left: Iterable[Elements], tag: int) -> None:
    for elements in left:
        elements.pop(tag, None)


def _take_common(left: list[Elements]) -> Elements:
    """Take what all say alike, leaving to each the private creators that its other elements need.

    A single image leaves its Instance Number to its frame: dciodvfy demands that a frame has something unassigned.
    """
    first, *others = left
    common = {tag: element for tag, element in first.items() if all(one.get(tag) == element for one in others)}
    if not others:
        common.pop(_INSTANCE_NUMBER, None)
    for elements in left:
        needed = {_creator_of(tag) for tag in elements if tag not in common and _is_private(tag)}
        for tag in common:
            if tag not in needed:
                del elements[tag]
    return common


def _is_private(tag: int) -> bool:
    return bool(tag >> 16 & 1) and tag & 0xFFFF > 0xFF


def _creator_of(tag: int) -> int:
    return tag & 0xFFFF0000 | (tag & 0xFF00) >> 8


def _note(elements: Elements, added: Collection[int], *, skip: bool) -> None:
    """Note what was added, and references that cannot be said otherwise, in a private block that is free."""
    references = [elements.pop(tag) for tag in _REFERENCES if len(elements.get(tag, b"")) > 12]
    if skip or not (added or references):
        return
    group = _NOTES_GROUP << 16
    block = next(number for number in range(0x10, 0x100) if group | number not in elements)
    elements[group | block] = encode_element(group | block, "LO", CREATOR_OF_NOTES.encode(), b" ")
    if added:
        place = group | block << 8 | ADDED
        tags = b"".join(struct.pack("<HH", tag >> 16, tag & 0xFFFF) for tag in sorted(added))
        elements[place] = encode_element(place, "AT", tags)
    if references:
        place = group | block << 8 | REFERENCES
        elements[place] = encode_element(place, "OB", b"".join(references))
