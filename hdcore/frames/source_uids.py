"""The images that an instance refers to (PS3.3 C.12.2)."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING

from hdcore.errors import HdcoreWarning
from hdcore.pixels.tolerant import items_of, value_of
from hdcore.uid import UID, uid_as_read

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
        In the order in which they are first named, without repetition, of which a warning tells.
    """
    study = value_of(dataset, "StudyInstanceUID")
    found = list(_of_series(dataset, study))
    for other in items_of(dataset, "StudiesContainingOtherReferencedInstancesSequence"):
        found.extend(_of_series(other, value_of(other, "StudyInstanceUID")))
    unique = list(dict.fromkeys(found))
    if len(unique) < len(found):
        several = next(uids for uids, count in Counter(found).items() if count > 1)
        warnings.warn(
            f"The Common Instance Reference module has {len(found) - len(unique)} reference(s) more than instances; "
            f"{several[2]}, for one, is named more than once.",
            HdcoreWarning,
            stacklevel=3,
        )
    return unique


def _of_series(dataset: Dataset, study: str | None) -> Iterator[tuple[UID, UID, UID]]:
    for series in items_of(dataset, "ReferencedSeriesSequence"):
        for reference in items_of(series, "ReferencedInstanceSequence"):
            values = (study, value_of(series, "SeriesInstanceUID"), value_of(reference, "ReferencedSOPInstanceUID"))
            uids = [uid_as_read(value) for value in values if isinstance(value, str) and value]
            if len(uids) == 3:
                yield uids[0], uids[1], uids[2]
