"""The images that an instance refers to (PS3.3 C.12.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.pixels.tolerant import items_of, value_of
from hdcore.uid import UID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["source_image_uids"]


def source_image_uids(dataset: Dataset) -> list[tuple[UID, UID, UID]]:
    """List study, series and instance of each image that the Common Instance Reference module names.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The instance.

    Returns
    -------
    list[tuple[UID, UID, UID]]
        In the order in which they are first named, without repetition.
    """
    study = value_of(dataset, "StudyInstanceUID")
    found = list(_of_series(dataset, study))
    for other in items_of(dataset, "StudiesContainingOtherReferencedInstancesSequence"):
        found.extend(_of_series(other, value_of(other, "StudyInstanceUID")))
    return list(dict.fromkeys(found))


def _of_series(dataset: Dataset, study: str | None) -> Iterator[tuple[UID, UID, UID]]:
    for series in items_of(dataset, "ReferencedSeriesSequence"):
        for reference in items_of(series, "ReferencedInstanceSequence"):
            uids = (study, value_of(series, "SeriesInstanceUID"), value_of(reference, "ReferencedSOPInstanceUID"))
            if all(isinstance(uid, str) and uid for uid in uids):
                yield UID(uids[0]), UID(uids[1]), UID(uids[2])
