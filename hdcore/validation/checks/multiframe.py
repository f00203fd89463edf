"""Functional groups and dimensions of multi-frame images (PS3.3 C.7.6.16, C.7.6.17)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hdcore.validation.codes import found
from hdcore.validation.elements import keyword_of_tag
from hdcore.validation.equal_items import rows_of
from hdcore.validation.structure import PER_FRAME, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.findings import Finding

__all__ = ["check_dimensions", "check_functional_groups"]

FRAMES = 0x00280008
FRAME_CONTENT = 0x00209111
DIMENSION_INDEX, DIMENSION_ORGANIZATION, INDEX_VALUES = 0x00209222, 0x00209221, 0x00209157
INDEX_POINTER, GROUP_POINTER, ORGANIZATION_UID = 0x00209165, 0x00209167, 0x00209164
_SEGMENT_IDENTIFICATION, _SEGMENT_NUMBER = 0x0062000A, 0x0062000B
_MULTI_ENERGY = 0x00189361
_ONE_UNLESS_MULTI_ENERGY = (0x00189304, 0x00189312, 0x00189321, 0x00189325)
"""Details of acquisition, geometry, exposure and X-ray source of CT."""
_PER_FRAME_ONLY = frozenset({FRAME_CONTENT})
"""Functional groups that are never shared (PS3.3 C.7.6.16.2.2.1)."""
_IN_PATIENT, _ON_SLIDE = (0x00209113, 0x00209116), 0x0048021A
"""Position and orientation of planes in the patient; position of planes on a slide."""
_ALL_OR_NONE = frozenset({*_IN_PATIENT, _ON_SLIDE, 0x00289110})
"""Functional groups that every frame has if one has them."""


def check_functional_groups(context: Context) -> Iterator[Finding]:
    """Check that every frame has its functional groups, each shared or its own."""
    root = context.root
    per_frame, shared = root.get(PER_FRAME), root.get(SHARED)
    if per_frame is None and shared is None:
        return
    if shared is not None and len(shared.items or ()) != 1:
        number = len(shared.items or ())
        yield found("MFG001", "SharedFunctionalGroupsSequence", f"has {number} items; expected 1")
    shared_tags = {element.tag for element in root.items(SHARED)[0]} if root.items(SHARED) else set()
    for tag in shared_tags & _PER_FRAME_ONLY:
        path = f"SharedFunctionalGroupsSequence[0]/{keyword_of_tag(tag)}"
        yield found("MFG004", path, "must not be shared; it belongs to each frame")
    items = root.items(PER_FRAME)
    if per_frame is not None:
        frames = root.number(FRAMES)
        if frames is not None and len(items) != frames:
            yield found(
                "MFG001",
                "PerFrameFunctionalGroupsSequence",
                f"has {len(items)} items, but Number of Frames is {frames}",
            )
    own = _tags_of_frames(items)
    for tag in sorted(set(own) & shared_tags):
        first, count = own[tag]
        path = f"PerFrameFunctionalGroupsSequence[{first}]/{keyword_of_tag(tag)}"
        yield found("MFG002", path, "is there though the same functional group is shared", count=count)
    yield from _check_macros(context, shared_tags, own, len(items))
    yield from _check_single(context, items)


def _check_single(context: Context, frames: Sequence[Item]) -> Iterator[Finding]:
    """Check what the words beside the tables allow once in a functional group."""
    places = [("SharedFunctionalGroupsSequence[0]", item) for item in context.root.items(SHARED)[:1]]
    groups, single = rows_of(frames)
    numbers = [*single, *(rows.numbers[0] for rows in groups)]
    places += [(f"PerFrameFunctionalGroupsSequence[{number}]", frames[number]) for number in sorted(numbers)]
    is_multi_energy = context.root.first(_MULTI_ENERGY) == "YES"
    for path, item in places:
        for tag in () if is_multi_energy else _ONE_UNLESS_MULTI_ENERGY:
            count = len(item.items(tag))
            if count > 1:
                message = f"has {count} items; only acquisitions of several energies have more than 1"
                yield found("ATT005", f"{path}/{keyword_of_tag(tag)}", message, "PS3.3 C.8.15.3")
        for content in item.items(_SEGMENT_IDENTIFICATION):
            segments = content.get(_SEGMENT_NUMBER)
            if segments is not None and len(segments.values) > 1:
                where = f"{path}/SegmentIdentificationSequence[0]/ReferencedSegmentNumber"
                message = f"has {len(segments.values)} values; a frame is of one segment"
                yield found("VAL013", where, message, "PS3.3 C.8.20.3.1")


def _tags_of_frames(items: Sequence[Item]) -> dict[int, tuple[int, int]]:
    """Give, for each functional group, the first frame that has it and the number of those that do."""
    own: dict[int, tuple[int, int]] = {}
    groups, single = rows_of(items)
    alike = [(items[number], number, 1) for number in single]
    alike += [(rows.items[rows.numbers[0]], rows.numbers[0], len(rows.numbers)) for rows in groups]
    for item, number, count in alike:
        for element in item:
            first, before = own.get(element.tag, (number, 0))
            own[element.tag] = (min(first, number), before + count)
    return own


def _check_macros(
    context: Context, shared: set[int], own: dict[int, tuple[int, int]], frames: int
) -> Iterator[Finding]:
    macros = context.standard.macros_of(context.iod) if context.iod else []
    has_frames = context.root.get(PER_FRAME) is not None
    for macro in macros:
        keyword = keyword_of_tag(macro.tag)
        if not macro.may_be_shared and macro.tag in shared and macro.tag not in _PER_FRAME_ONLY:
            yield found("MFG004", f"SharedFunctionalGroupsSequence[0]/{keyword}", "must not be shared")
        if macro.tag in shared:
            continue
        count = own.get(macro.tag, (0, 0))[1]
        if macro.tag in _IN_PATIENT and (_ON_SLIDE in shared or _ON_SLIDE in own):
            continue
        required = macro.usage == "M" or (macro.condition is not None and macro.condition.holds(context.root))
        if required and not count and (has_frames or macro.tag not in _PER_FRAME_ONLY):
            yield found("MFG003", f"SharedFunctionalGroupsSequence[0]/{keyword}", "is neither shared nor per frame")
        elif (required or (count and macro.tag in _ALL_OR_NONE)) and has_frames and count < frames:
            yield found(
                "MFG008",
                f"PerFrameFunctionalGroupsSequence/{keyword}",
                f"is there for {count} of {frames} frames; every frame requires it",
            )


def check_dimensions(context: Context) -> Iterator[Finding]:
    """Check the dimension index and the values that frames have in it."""
    root = context.root
    if root.get(DIMENSION_INDEX) is None and root.get(PER_FRAME) is None:
        return
    dimensions = root.items(DIMENSION_INDEX)
    yield from _check_organizations(root)
    yield from _check_pointers(context, dimensions)
    items = root.items(PER_FRAME)
    values = _index_values(items)
    if not dimensions:
        return
    counts: Counter[int] = Counter(len(value) for value in values.values())
    for count in counts:
        if count != len(dimensions):
            first = next(number for number, value in values.items() if len(value) == count)
            yield found(
                "MFG005",
                f"PerFrameFunctionalGroupsSequence[{first}]/FrameContentSequence[0]/DimensionIndexValues",
                f"has {count} values for {len(dimensions)} dimensions",
                count=counts[count],
            )
    yield from _check_index_values(values, len(dimensions))
    missing = [number for number in range(len(items)) if number not in values]
    if missing and items:
        yield found(
            "MFG005",
            f"PerFrameFunctionalGroupsSequence[{missing[0]}]/FrameContentSequence[0]/DimensionIndexValues",
            "is missing, though the image has dimensions",
            count=len(missing),
        )


def _check_index_values(values: dict[int, tuple[int, ...]], dimensions: int) -> Iterator[Finding]:
    path = "PerFrameFunctionalGroupsSequence[{}]/FrameContentSequence[0]/DimensionIndexValues"
    zero = [number for number, value in values.items() if 0 in value]
    if zero:
        yield found("MFG005", path.format(zero[0]), "has the value 0; indices count from 1", count=len(zero))
    if dimensions:
        seen: dict[tuple[int, ...], int] = {}
        for number, value in values.items():
            if value in seen:
                message = f"is {list(value)}, which is that of frame {seen[value] + 1} too"
                yield found("MFG007", path.format(number), message)
                break
            seen[value] = number


def _index_values(items: Sequence[Item]) -> dict[int, tuple[int, ...]]:
    """Give the dimension index values of the frames that have them."""
    values: dict[int, tuple[int, ...]] = {}
    groups, single = rows_of(items)
    for rows in groups:
        column = rows.column(FRAME_CONTENT, INDEX_VALUES)
        if column is not None and column.length and column.length % 4 == 0:
            cells = rows.matrix[:, column.start : column.start + column.length].copy().view("<u4")
            values.update(zip(rows.numbers, map(tuple, cells.tolist()), strict=True))
    for number in single:
        for content in items[number].items(FRAME_CONTENT)[:1]:
            element = content.get(INDEX_VALUES)
            if element is not None and not element.is_empty:
                values[number] = tuple(element.values)
    return dict(sorted(values.items()))


def _check_organizations(root: Item) -> Iterator[Finding]:
    known = {item.first(ORGANIZATION_UID) for item in root.items(DIMENSION_ORGANIZATION)}
    for number, dimension in enumerate(root.items(DIMENSION_INDEX)):
        uid = dimension.first(ORGANIZATION_UID)
        if uid is not None and uid not in known:
            yield found(
                "MFG006",
                f"DimensionIndexSequence[{number}]/DimensionOrganizationUID",
                f"is {uid}, which Dimension Organization Sequence does not list",
            )


def _check_pointers(context: Context, dimensions: Sequence[Item]) -> Iterator[Finding]:
    root = context.root
    frames = [*root.items(PER_FRAME)[:1], *root.items(SHARED)[:1]]
    for number, dimension in enumerate(dimensions):
        pointer, group = dimension.number(INDEX_POINTER), dimension.number(GROUP_POINTER)
        path = f"DimensionIndexSequence[{number}]/DimensionIndexPointer"
        if pointer is None or pointer >> 16 & 1 or not frames:
            continue
        if group is None:
            if root.get(pointer) is None and not any(frame.get(pointer) for frame in frames):
                yield found("MFG006", path, f"names {keyword_of_tag(pointer)}, which no frame has")
            continue
        holders = [item for frame in frames for item in frame.items(group)[:1]]
        if not holders and group >> 16 & 1 == 0 and root.items(PER_FRAME):
            path = f"DimensionIndexSequence[{number}]/FunctionalGroupPointer"
            yield found("MFG006", path, f"names {keyword_of_tag(group)}, which no frame has")
        elif holders and not any(_within(holder, pointer) for holder in holders):
            yield found("MFG006", path, f"names {keyword_of_tag(pointer)}, which {keyword_of_tag(group)} does not have")


def _within(item: Item, tag: int) -> bool:
    """Tell whether an item has an attribute, itself or in a sequence of it."""
    if item.get(tag) is not None:
        return True
    return any(_within(inner, tag) for element in item for inner in (element.items or ())[:1])
