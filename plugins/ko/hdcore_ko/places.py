"""Where the instances are that a document names as evidence, found without going through all of it each time.

What was found is remembered by its position; before it is used it is compared with what stands there now, since
evidence is a plain sequence that anybody may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hdcore.content import InstanceReference
from hdcore.content.evidence import CURRENT, OTHER
from hdcore.model.element import fetch_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["Place", "find", "places_of"]


class Place(NamedTuple):
    """An instance in the evidence of a document; positions are counted from zero."""

    keyword: str
    """Keyword of the sequence."""
    study: int
    """Position of the study's item in it."""
    series: int
    """Position of the series' item in that of the study."""
    instance: int
    """Position of the instance's item in that of the series."""
    reference: InstanceReference
    """What the items say."""


def places_of(document: Dataset) -> dict[str, Place]:
    """List the evidence of a document by SOP instance UID; of an instance that is named twice, the first place."""
    found: dict[str, Place] = {}
    for place in _all_places(document):
        found.setdefault(place.reference.sop_instance_uid, place)
    return found


def find(document: Dataset, places: dict[str, Place], sop_instance_uid: str) -> InstanceReference | None:
    """Look an instance up among places that were listed before; ``None`` if it is no longer, or was never, there."""
    place = places.get(sop_instance_uid)
    if place is None:
        return None
    try:
        study = document[place.keyword][place.study]
        series = study["ReferencedSeriesSequence"][place.series]
        instance = series["ReferencedSOPSequence"][place.instance]
    except (KeyError, IndexError):
        return None
    return place.reference if _read(study, series, instance) == place.reference else None


def _all_places(document: Dataset) -> Iterator[Place]:
    for keyword in (CURRENT, OTHER):
        for i, study in enumerate(document.get(keyword) or ()):
            for j, series in enumerate(study.get("ReferencedSeriesSequence") or ()):
                for k, instance in enumerate(series.get("ReferencedSOPSequence") or ()):
                    yield Place(keyword, i, j, k, _read(study, series, instance))


def _read(study: Dataset, series: Dataset, instance: Dataset) -> InstanceReference:
    return InstanceReference(
        fetch_text(study, "StudyInstanceUID") or "",
        fetch_text(series, "SeriesInstanceUID") or "",
        fetch_text(instance, "ReferencedSOPInstanceUID") or "",
        fetch_text(instance, "ReferencedSOPClassUID") or "",
    )
