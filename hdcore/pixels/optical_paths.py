"""The ICC profiles of an image: one for all frames, or one for each optical path (PS3.3 C.11.15 and C.8.12.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.pixels.tolerant import items_of, value_of
from hdcore.spatial.tiling import TileGrid

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["icc_profiles", "identifier_of_frame"]

_SIZES = ("Rows", "Columns", "TotalPixelMatrixRows", "TotalPixelMatrixColumns")


def icc_profiles(dataset: Dataset) -> dict[str, bytes | None]:
    """Collect the profiles of an image.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The image.

    Returns
    -------
    dict[str, bytes | None]
        Profile of each optical path by its identifier, in the order of Optical Path Sequence. An image with a profile
        for all frames, or none at all, has one entry.
    """
    common = _profile(dataset)
    paths = items_of(dataset, "OpticalPathSequence")
    if common is not None or not paths:
        return {"": common}
    return {str(value_of(path, "OpticalPathIdentifier", "")): _profile(path) for path in paths}


def _profile(item: Dataset) -> bytes | None:
    value = value_of(item, "ICCProfile")
    return bytes(value) if isinstance(value, bytes | bytearray) and value else None


def identifier_of_frame(dataset: Dataset, index: int) -> str | None:
    """Find out by which optical path a frame was acquired.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The image.
    index: int
        Zero-based index of the frame.

    Returns
    -------
    str | None
        Optical Path Identifier, None if the image does not say it.
    """
    per_frame = items_of(dataset, "PerFrameFunctionalGroupsSequence")
    shared = items_of(dataset, "SharedFunctionalGroupsSequence")
    for groups in (*per_frame[index : index + 1], *shared[:1]):
        for item in items_of(groups, "OpticalPathIdentificationSequence")[:1]:
            return str(value_of(item, "OpticalPathIdentifier", ""))
    sizes = [value_of(dataset, keyword) for keyword in _SIZES]
    if value_of(dataset, "DimensionOrganizationType") != "TILED_FULL" or not all(
        isinstance(size, int) and size > 0 for size in sizes
    ):
        return None
    planes = value_of(dataset, "TotalPixelMatrixFocalPlanes", 1)
    channel = index // (len(TileGrid(*sizes)) * max(1, planes if isinstance(planes, int) else 1))
    paths = items_of(dataset, "OpticalPathSequence")
    return str(value_of(paths[channel], "OpticalPathIdentifier", "")) if channel < len(paths) else None
