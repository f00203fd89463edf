"""What an instance says, so that two can be compared."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

__all__ = ["said"]

_MOMENTS = frozenset(
    {
        "InstanceCreationDate",
        "InstanceCreationTime",
        "ContentDate",
        "ContentTime",
        "ContributionDateTime",
        "DateOfSecondaryCapture",
        "TimeOfSecondaryCapture",
        "PresentationCreationDate",
        "PresentationCreationTime",
    }
)


def said(instance: Dataset, *, but: Collection[str] = ()) -> tuple[dict[str, Any], str]:
    """Tell all that an instance says, at every depth, but the moment when it was made.

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        An instance with its file meta information; it is left as it is.
    but: Collection[str], optional
        Keywords of further attributes to leave out, such as those of UIDs that are new each time.

    Returns
    -------
    tuple[dict[str, Any], str]
        The attributes in the JSON model of PS3.18 F.2, and the transfer syntax: equal for instances that say the same.
    """
    left_out = _MOMENTS | frozenset(but)

    def leave_out(dataset: Dataset, element: DataElement) -> None:
        if element.keyword in left_out:
            del dataset[element.tag]

    remaining = copy.deepcopy(instance)
    remaining.walk(leave_out)
    return remaining.to_json_dict(), str(remaining.file_meta.TransferSyntaxUID)
