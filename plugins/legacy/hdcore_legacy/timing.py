"""When in a heartbeat, or in a series of volumes, frames were taken (PS3.3 C.7.6.16.2.7, C.7.6.16.2.23).

Single-frame images tell it in other words than functional groups: the trigger time after the R wave as a decimal text,
the place of a volume in time as a number and a time of acquisition.
"""

from __future__ import annotations

import math
import struct
from itertools import pairwise
from typing import TYPE_CHECKING

from hdcore.model.making import tag_of
from pydicom.valuerep import DT

from hdcore_legacy.elements import encode_element, text_of, value_of

if TYPE_CHECKING:
    from datetime import datetime

    from hdcore_legacy.sources import Sources

__all__ = ["derived_times", "temporal_positions"]

_OF_A_HEARTBEAT = (("NominalCardiacTriggerDelayTime", "TriggerTime"), ("RRIntervalTimeNominal", "NominalInterval"))


def derived_times(sources: Sources, modality: str) -> dict[int, list[bytes | None]]:
    """Give attributes of functional groups that follow from what sources say under other names.

    Parameters
    ----------
    sources: Sources
        The images.
    modality: str
        ``"CT"``, ``"MR"`` or ``"PT"``. The trigger of a gated PET image may be a breath, so that nothing follows.

    Returns
    -------
    dict[int, list[bytes | None]]
        By tag, the encoded element of each image; None where it does not follow.
    """
    derived: dict[int, list[bytes | None]] = {}
    if modality in ("CT", "MR"):
        for keyword, source in _OF_A_HEARTBEAT:
            numbers = [_number(value_of(element)) for element in sources.column(source)]
            derived[int(tag_of(keyword))] = [_encoded(keyword, number) for number in numbers]
    offsets = _offsets(sources)
    if offsets:
        keyword = "TemporalPositionTimeOffset"
        derived[int(tag_of(keyword))] = [_encoded(keyword, offset) for offset in offsets]
    return derived


def temporal_positions(sources: Sources) -> list[int]:
    """Number the places in time of images, if there are several.

    Parameters
    ----------
    sources: Sources
        The images.

    Returns
    -------
    list[int]
        For each image, counted from one in the order of Temporal Position Identifier; empty if an image has none, or
        all have the same.
    """
    texts = [value_of(element) for element in sources.column("TemporalPositionIdentifier")]
    if not all(text.isdigit() for text in texts):
        return []
    ranks = {number: rank for rank, number in enumerate(sorted({int(text) for text in texts}), 1)}
    return [ranks[int(text)] for text in texts] if len(ranks) > 1 else []


def _offsets(sources: Sources) -> list[float]:
    """Give the seconds from the first volume in time to that of each image; empty if times do not rise with volumes."""
    positions = temporal_positions(sources)
    times = [_acquired(sources, index) for index in range(len(sources))] if positions else []
    begins: dict[int, datetime] = {}
    for position, time in zip(positions, times, strict=True):
        if time is None:
            return []
        begins[position] = min(time, begins.get(position, time))
    in_order = [begins[position] for position in sorted(begins)]
    if any(later <= earlier for earlier, later in pairwise(in_order)):
        return []
    return [(begins[position] - in_order[0]).total_seconds() for position in positions]


def _acquired(sources: Sources, index: int) -> datetime | None:
    def text(keyword: str) -> str:
        return text_of(sources.elements[index].get(int(tag_of(keyword))))

    found = text("AcquisitionDateTime") or text("AcquisitionDate") + text("AcquisitionTime")
    try:
        time = DT(found) if len(found) >= len("YYYYMMDDHHMMSS") else None
        return None if time is None else time.replace(tzinfo=None)
    except ValueError:
        return None


def _number(text: bytes) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _encoded(keyword: str, number: float | None) -> bytes | None:
    return None if number is None else encode_element(int(tag_of(keyword)), "FD", struct.pack("<d", number))
