"""What must hold of legacy converted enhanced images beyond the tables of the standard (PS3.3 A.70, A.71, A.72)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation import equals, finding, one_of, rule

from hdcore_legacy.frames import FRAME_TYPE_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft, Rule
    from pydicom.dataset import Dataset

__all__ = ["CT_RULES", "MR_RULES", "PET_RULES"]

_SHARED = "SharedFunctionalGroupsSequence"
_PER_FRAME = "PerFrameFunctionalGroupsSequence"
_SOURCE = "PS3.3 C.7.6.16.2.27"


def _groups(dataset: Dataset, index: int, keyword: str) -> list[Dataset]:
    """Give the items of a functional group for a frame, wherever they are."""
    for groups in (dataset[_PER_FRAME].value[index], *(dataset.get(_SHARED) or ())):
        if keyword in groups:
            return list(groups[keyword].value)
    return []


@rule("LCE001", ref=_SOURCE)
def frames_say_what_they_were(dataset: Dataset) -> Iterator[Draft]:
    """Every frame must refer to the single-frame image that it was, each to another one."""
    seen: dict[str, int] = {}
    for index, groups in enumerate(dataset[_PER_FRAME].value):
        path = f"{_PER_FRAME}[{index}]/ConversionSourceAttributesSequence"
        items = groups.get("ConversionSourceAttributesSequence") or []
        if len(items) != 1:
            yield finding(path, f"has {len(items)} items")
            continue
        uid = str(items[0].ReferencedSOPInstanceUID)
        if uid in seen:
            yield finding(f"{path}[0]/ReferencedSOPInstanceUID", f"is that of frame {seen[uid] + 1} too")
        seen.setdefault(uid, index)


@rule("LCE002", ref="PS3.3 C.12.2")
def sources_are_referenced(dataset: Dataset) -> Iterator[Draft]:
    """Referenced Series Sequence must have all single-frame images that the frames were."""
    known = {
        str(reference.ReferencedSOPInstanceUID)
        for series in dataset.ReferencedSeriesSequence
        for reference in series.ReferencedInstanceSequence
    }
    missing = [
        index + 1
        for index in range(len(dataset[_PER_FRAME].value))
        for source in _groups(dataset, index, "ConversionSourceAttributesSequence")
        if str(source.ReferencedSOPInstanceUID) not in known
    ]
    if missing:
        yield finding("ReferencedSeriesSequence", f"lacks the sources of frames {missing[:10]}")


@rule("LCE003", ref="PS3.3 C.7.6.16.2.25")
def unassigned_attributes_are_in_their_places(dataset: Dataset) -> Iterator[Draft]:
    """Attributes that frames share must be in the shared groups, those of single frames in the per-frame groups."""
    for index, groups in enumerate(dataset[_PER_FRAME].value):
        if "UnassignedSharedConvertedAttributesSequence" in groups:
            yield finding(f"{_PER_FRAME}[{index}]/UnassignedSharedConvertedAttributesSequence", "is there")
    for groups in dataset[_SHARED].value:
        if "UnassignedPerFrameConvertedAttributesSequence" in groups:
            yield finding(f"{_SHARED}[0]/UnassignedPerFrameConvertedAttributesSequence", "is there")


@rule("LCE004", ref="PS3.3 C.8.16.1")
def image_type_sums_up_the_frames(dataset: Dataset) -> Iterator[Draft]:
    """Image Type must say what Frame Type says of all frames, or MIXED."""
    keyword = FRAME_TYPE_GROUPS[str(dataset.Modality)]
    types = {
        tuple(item.FrameType)
        for index in range(len(dataset[_PER_FRAME].value))
        for item in _groups(dataset, index, keyword)
    }
    for place, value in enumerate(dataset.ImageType):
        values = {kind[place] for kind in types}
        if value != "MIXED" and values != {value}:
            yield finding("ImageType", f"has {value} at place {place + 1}, but frames have {', '.join(sorted(values))}")


@rule("LCE005", ref="PS3.3 C.7.6.16.2.10")
def windows_are_not_empty(dataset: Dataset) -> Iterator[Draft]:
    """A window must have a centre and a width above 0."""
    for place, sequence in ((_SHARED, dataset[_SHARED].value), (_PER_FRAME, dataset[_PER_FRAME].value)):
        for index, groups in enumerate(sequence):
            for item in groups.get("FrameVOILUTSequence") or ():
                path = f"{place}[{index}]/FrameVOILUTSequence[0]"
                width = item.get("WindowWidth")
                widths = [] if width is None else [width] if isinstance(width, (int, float, str)) else list(width)
                if item.get("WindowCenter") in (None, "") or not widths or any(float(one) <= 0 for one in widths):
                    yield finding(path, "has none")


@rule("LCE006", ref="PS3.3 C.7.6.16")
def frames_have_groups(dataset: Dataset) -> Iterator[Draft]:
    """Per-Frame Functional Groups Sequence must have one item per frame."""
    count = len(dataset[_PER_FRAME].value)
    if count != int(dataset.NumberOfFrames):
        yield finding(_PER_FRAME, f"has {count} items for {dataset.NumberOfFrames} frames")


@rule("LCE009", ref="PS3.3 C.7.6.16.2.12")
def agents_in_use_are_described(dataset: Dataset) -> Iterator[Draft]:
    """Contrast/Bolus Usage must name agents by numbers that Contrast/Bolus Agent Sequence gives them, 1, 2, 3 …."""
    agents = [
        int(agent.get("ContrastBolusAgentNumber") or 0) for agent in dataset.get("ContrastBolusAgentSequence") or ()
    ]
    if agents != list(range(1, len(agents) + 1)):
        yield finding("ContrastBolusAgentSequence/ContrastBolusAgentNumber", f"is {agents}")
    for index in range(len(dataset[_PER_FRAME].value)):
        used = {int(item.ContrastBolusAgentNumber) for item in _groups(dataset, index, "ContrastBolusUsageSequence")}
        if not used <= set(agents):
            path = f"{_PER_FRAME}[{index}]/ContrastBolusUsageSequence/ContrastBolusAgentNumber"
            yield finding(path, f"has {sorted(used - set(agents))}; described are {agents}")


def _rules(modality: str, reference: str) -> list[Rule]:
    return [
        frames_say_what_they_were,
        sources_are_referenced,
        unassigned_attributes_are_in_their_places,
        image_type_sums_up_the_frames,
        windows_are_not_empty,
        frames_have_groups,
        equals("LCE007", "Modality", modality, ref=reference),
        one_of("LCE008", "PhotometricInterpretation", ("MONOCHROME1", "MONOCHROME2"), ref=reference),
    ]


CT_RULES = [*_rules("CT", "PS3.3 C.8.15.2"), agents_in_use_are_described]
MR_RULES = [*_rules("MR", "PS3.3 C.8.13.1"), agents_in_use_are_described]
PET_RULES = _rules("PT", "PS3.3 C.8.22.3")
