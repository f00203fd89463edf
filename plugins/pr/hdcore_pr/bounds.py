"""Whether annotations lie on the images that they annotate (PS3.3 C.10.5.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

__all__ = ["check_bounds"]


def check_bounds(annotations: Sequence[Dataset], images: Sequence[Dataset]) -> None:
    """Refuse annotations of images that are not referenced, and coordinates beyond an image.

    Raises
    ------
    ValueError
        If there is one.
    """
    by_uid = {str(image.SOPInstanceUID): image for image in images}
    for number, annotation in enumerate(annotations):
        extents = [_extents(by_uid, str(uid), number) for uid in _uids(annotation)]
        for units, points in _coordinates(annotation):
            if units == "DISPLAY":
                continue
            columns, rows = np.min([extent[units] for extent in extents], axis=0)
            if np.isnan(columns):
                raise InputError(f"graphic_annotations[{number}] is in MATRIX units, but its image is not tiled.")
            beyond = points.max(axis=0)
            if beyond[0] > columns or beyond[1] > rows:
                raise InputError(
                    f"graphic_annotations[{number}] reaches column {beyond[0]:g}, row {beyond[1]:g}; "
                    f"in {units} units its image ends at column {columns:g}, row {rows:g}."
                )


def _uids(annotation: Dataset) -> Iterator[str]:
    for reference in annotation.get("ReferencedImageSequence") or ():
        yield reference.ReferencedSOPInstanceUID


def _extents(by_uid: dict[str, Dataset], uid: str, number: int) -> dict[str, tuple[float, float]]:
    image = by_uid.get(uid)
    if image is None:
        raise InputError(f"graphic_annotations[{number}] annotates image {uid}, which is not among referenced_images.")
    matrix = (image.get("TotalPixelMatrixColumns", np.nan), image.get("TotalPixelMatrixRows", np.nan))
    return {"PIXEL": (image.Columns, image.Rows), "MATRIX": matrix}


def _coordinates(annotation: Dataset) -> Iterator[tuple[str, np.ndarray]]:
    for graphic in annotation.get("GraphicObjectSequence") or ():
        yield graphic.GraphicAnnotationUnits, np.asarray(graphic.GraphicData, np.float64).reshape(-1, 2)
    for text in annotation.get("TextObjectSequence") or ():
        if "AnchorPoint" in text:
            yield text.AnchorPointAnnotationUnits, np.asarray([text.AnchorPoint], np.float64)
        if "BoundingBoxBottomRightHandCorner" in text:
            yield text.BoundingBoxAnnotationUnits, np.asarray([text.BoundingBoxBottomRightHandCorner], np.float64)
