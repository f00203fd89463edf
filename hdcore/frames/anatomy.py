"""What part of the body frames show: the Frame Anatomy macro of images derived from others (PS3.3 C.7.6.16.2.8)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hdcore.content.anatomy import REGIONS, Region
from hdcore.content.code import CodedConcept
from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError
from hdcore.frames.codec import decode
from hdcore.frames.columns import Categorical, EncodedItems
from hdcore.frames.groups import FRAME_ANATOMY
from hdcore.model.element import fetch, fetch_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code

    from hdcore.frames.source import Source
    from hdcore.frames.table import FrameTable

__all__ = ["with_anatomy"]

_LATERALITIES = ("R", "L", "U", "B")
_UNPAIRED = "U"
_ANYWHERE = Region("123037004", "Body structure")
"""The most general region: the macro is mandatory, and the sources do not tell more."""


class _Anatomy(NamedTuple):
    laterality: str
    region: EncodedItems
    structures: EncodedItems | None = None


def with_anatomy(
    table: FrameTable,
    source: Source,
    source_planes: NDArray[np.intp],
    *,
    character_set: str,
    anatomic_region: Code | CodedConcept | None = None,
    frame_laterality: str | None = None,
) -> FrameTable:
    """Add what part of the body each frame shows.

    It is what the caller says, else what the sources say: in functional groups, as a coded region, as the primary
    structure of a specimen, or by Body Part Examined (PS3.16 annex L); else any body structure, unpaired.

    Parameters
    ----------
    table: FrameTable
        One row per frame.
    source: Source
        The source images.
    source_planes: NDArray[int]
        The plane of the source that each frame was derived from, shape (frames,); -1 where there is none.
    character_set: str
        Specific Character Set of the derived image.
    anatomic_region: pydicom.sr.coding.Code | CodedConcept | None, optional
        The region that all frames show.
    frame_laterality: str | None, optional
        The side of all frames: ``R``, ``L``, ``U`` (unpaired) or ``B`` (both).

    Returns
    -------
    FrameTable
        With the columns of Frame Anatomy: shared, if they are the same for all frames.

    Raises
    ------
    ValueError
        If there is no such side.
    """
    if frame_laterality is not None and frame_laterality not in _LATERALITIES:
        raise InputError(f"frame_laterality is {frame_laterality!r}; expected one of {', '.join(_LATERALITIES)}.")
    said: Sequence[_Anatomy] = _of_source(source, character_set)
    if anatomic_region is not None:
        region = _encoded([CodedConcept.from_code(anatomic_region)], character_set)
        said = [_Anatomy(each.laterality, region) for each in said]
    if frame_laterality is not None:
        said = [each._replace(laterality=frame_laterality) for each in said]
    if len(set(said)) == 1:
        return table.with_shared(**_columns(said[:1]))
    elsewhere = _of_body_part("", frame_laterality or _UNPAIRED, character_set)
    if anatomic_region is not None:
        elsewhere = elsewhere._replace(region=said[0].region)
    return table.with_columns(**_columns([elsewhere if plane < 0 else said[plane] for plane in source_planes.tolist()]))


def _columns(said: Sequence[_Anatomy]) -> dict[str, Any]:
    laterality, region, structures = (Categorical.of(words) for words in zip(*said, strict=True))
    columns = {"frame_laterality": laterality, "anatomic_region": region}
    return columns | ({"primary_anatomic_structure": structures} if structures.vocabulary else {})


def _of_source(source: Source, character_set: str) -> list[_Anatomy]:
    """Tell for each plane of the source, in its order."""
    if not source.is_multiframe:
        return [_of_image(image, character_set) for image in source.images]
    whole = _of_image(source.first, character_set)
    if source.coordinate_system is CoordinateSystemNames.SLIDE:
        return [whole] * len(source)  # no image of slides has the macro
    shared = _of_shared_group(source.first, whole, character_set)
    if shared is not None:
        return [shared] * len(source)
    table = decode(source.first, (FRAME_ANATOMY,))
    if "anatomic_region" not in table:
        return [whole] * len(source)
    theirs = fetch_text(source.first, "SpecificCharacterSet") or "ISO_IR 6"
    names = ("frame_laterality", "anatomic_region", "primary_anatomic_structure")
    known: dict[tuple[Any, ...], _Anatomy] = {}
    found = []
    for key in zip(*(_words(table, name) for name in names), strict=True):
        if key not in known:
            side, region, structures = key
            known[key] = _of_group(side, region, structures, whole, theirs, character_set)
        found.append(known[key])
    return found


def _of_shared_group(image: Dataset, whole: _Anatomy, character_set: str) -> _Anatomy | None:
    """Look in the one shared item, which costs nothing, before the groups of all frames are read."""
    for groups in fetch(image, "SharedFunctionalGroupsSequence") or ():
        for group in fetch(groups, "FrameAnatomySequence") or ():
            side, regions = fetch_text(group, "FrameLaterality"), fetch(group, "AnatomicRegionSequence")
            structures = fetch(group, "PrimaryAnatomicStructureSequence")
            if regions:
                return _Anatomy(
                    side if side in _LATERALITIES else whole.laterality,
                    _encoded(regions, character_set),
                    _encoded(structures, character_set) if structures else None,
                )
    return None


def _words(table: FrameTable, name: str) -> list[Any]:
    column = table.get(name)
    if column is None:
        return [None] * len(table)
    words = (*column.vocabulary, None)
    return [words[code] for code in column.codes.tolist()]


def _of_group(
    side: str | None,
    region: EncodedItems | None,
    structures: EncodedItems | None,
    whole: _Anatomy,
    theirs: str,
    ours: str,
) -> _Anatomy:
    if region is None:
        return whole
    return _Anatomy(
        side if side in _LATERALITIES else whole.laterality,
        _encoded(region.items(theirs), ours),
        None if structures is None else _encoded(structures.items(theirs), ours),
    )


def _of_image(image: Dataset, character_set: str) -> _Anatomy:
    side = fetch_text(image, "ImageLaterality") or fetch_text(image, "Laterality")
    laterality = side if side in _LATERALITIES else _UNPAIRED
    regions = list(fetch(image, "AnatomicRegionSequence") or ())
    structures = list(fetch(image, "PrimaryAnatomicStructureSequence") or ())
    if not regions:
        regions, structures = structures or _of_specimen(image), []
    if not regions:
        return _of_body_part(fetch_text(image, "BodyPartExamined") or "", laterality, character_set)
    return _Anatomy(
        laterality,
        _encoded(regions[:1], character_set),
        _encoded(structures, character_set) if structures else None,
    )


@lru_cache(maxsize=64)
def _of_body_part(part: str, laterality: str, character_set: str) -> _Anatomy:
    known = REGIONS.get(part.replace(" ", "").upper(), _ANYWHERE)
    return _Anatomy(laterality, _encoded([CodedConcept(known.code, "SCT", known.meaning)], character_set))


def _of_specimen(image: Dataset) -> list[Dataset]:
    for specimen in fetch(image, "SpecimenDescriptionSequence") or ():
        structures = fetch(specimen, "PrimaryAnatomicStructureSequence")
        if structures:
            return list(structures)
    return []


def _encoded(items: Sequence[Dataset], character_set: str) -> EncodedItems:
    return EncodedItems.of(items, character_set)
