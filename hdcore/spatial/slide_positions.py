"""Plane positions of tiles on a slide, as they are stored in a file (PS3.3 C.8.12.6.1)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import HdcoreWarning, InputError, InputTypeError
from hdcore.spatial.images import tiled_full_of
from hdcore.spatial.tiling import is_complete_tiling, positions_in_total_pixel_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from hdcore.model.plane import PlanePositionSequence

__all__ = [
    "are_plane_positions_tiled_full",
    "compute_plane_position_slide_per_frame",
    "compute_plane_position_tiled_full",
]


def compute_plane_position_tiled_full(
    row_index: int,
    column_index: int,
    x_offset: float,
    y_offset: float,
    rows: int,
    columns: int,
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
    slice_thickness: float | None = None,
    spacing_between_slices: float | None = None,
    slice_index: int | None = None,
) -> PlanePositionSequence:
    """Compute the position of a tile of a TILED_FULL image.

    Parameters
    ----------
    row_index: int
        One-based row of the tile in the grid of tiles.
    column_index: int
        One-based column of the tile in the grid of tiles.
    x_offset: float
        X of the first pixel of the total pixel matrix, in mm.
    y_offset: float
        Y of the first pixel of the total pixel matrix, in mm.
    rows: int
        Rows of a tile.
    columns: int
        Columns of a tile.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    pixel_spacing: Sequence[float]
        Distance between rows and between columns, in mm.
    slice_thickness: float | None, optional
        Of no meaning here; a value is warned of.
    spacing_between_slices: float | None, optional
        Distance between focal planes, in micrometres.
    slice_index: int | None, optional
        One-based index of the focal plane, from the glass to the cover slip; with ``spacing_between_slices``.

    Returns
    -------
    PlanePositionSequence
        Position in the slide's coordinate system and in the total pixel matrix.

    Raises
    ------
    TypeError
        If only one of ``slice_index`` and ``spacing_between_slices`` is given.
    ValueError
        If an index is not positive, or another value cannot be used.
    """
    from hdcore.model.plane import MICROMETRES_PER_MM, PlanePositionSequence

    if row_index < 1 or column_index < 1:
        raise InputError(f"row_index is {row_index} and column_index {column_index}; expected positive numbers.")
    if (slice_index is None) != (spacing_between_slices is None):
        raise InputTypeError("Pass both or neither of 'slice_index' and 'spacing_between_slices'.")
    if slice_thickness is not None:
        warnings.warn(
            "slice_thickness says nothing about positions; pass spacing_between_slices.", HdcoreWarning, stacklevel=2
        )
    if slice_index is not None and slice_index < 1:
        raise InputError(f"slice_index is {slice_index}; expected a positive number.")
    z_offset = 0.0
    if slice_index is not None and spacing_between_slices is not None:
        z_offset = (slice_index - 1) * spacing_between_slices / MICROMETRES_PER_MM
    offset = (column_index - 1) * columns, (row_index - 1) * rows
    position = positions_in_total_pixel_matrix(
        [offset], (x_offset, y_offset, z_offset), image_orientation, pixel_spacing
    )
    return PlanePositionSequence(CoordinateSystemNames.SLIDE, position[0].tolist(), (offset[0] + 1, offset[1] + 1))


def compute_plane_position_slide_per_frame(dataset: Dataset) -> list[PlanePositionSequence]:
    """Compute the positions of all frames of a TILED_FULL image.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        A whole slide microscopy image, segmentation or parametric map.

    Returns
    -------
    list[PlanePositionSequence]
        One for each frame, in order.

    Raises
    ------
    ValueError
        If the image is of another dimension organization, or lacks what describes its tiles.
    """
    from hdcore.model.plane import PlanePositionSequence

    frames = tiled_full_of(dataset)
    return [
        PlanePositionSequence(CoordinateSystemNames.SLIDE, position, (column + 1, row + 1))
        for position, (column, row) in zip(frames.positions().tolist(), frames.offsets().tolist(), strict=True)
    ]


def are_plane_positions_tiled_full(
    plane_positions: Sequence[PlanePositionSequence],
    rows: int,
    columns: int,
) -> bool:
    """Tell whether frames can be stored as TILED_FULL, without their positions (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    plane_positions: Sequence[PlanePositionSequence]
        Position of each frame, in order.
    rows: int
        Rows of a frame.
    columns: int
        Columns of a frame.

    Returns
    -------
    bool
        Whether the frames cover a rectangle from the first pixel of the total pixel matrix, without gap or overlap, row
        by row. Without frames, and for positions in a patient, they do not.
    """
    offsets = []
    for sequence in plane_positions:
        column = sequence[0].get("ColumnPositionInTotalImagePixelMatrix")
        row = sequence[0].get("RowPositionInTotalImagePixelMatrix")
        if column is None or row is None:
            return False
        offsets.append((int(column) - 1, int(row) - 1))
    return is_complete_tiling(np.array(offsets, dtype=np.int64).reshape(-1, 2), rows, columns)
