"""The total pixel matrices of a slide: one for each focal plane of each optical path (PS3.3 C.7.6.17.3, C.8.12.14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import GeometryError, InputTypeError, NotPresentError, OutOfRangeError
from hdcore.frames.placement import Tolerances, VolumePlanes, said_spacing, tiles_of
from hdcore.pixels.tolerant import value_of
from hdcore.spatial.distinct import are_distinct, distinct, numbered
from hdcore.spatial.geometry import VolumeGeometry
from hdcore.spatial.stack import StackError, find_stack
from hdcore.text import short

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.table import FrameTable

__all__ = ["focal_planes_of", "frames_of_focal_plane", "frames_of_optical_path", "matrix_planes_of"]

_SAME_HEIGHT = 1e-6
"""Millimetres by which heights of one focal plane may differ."""


def frames_of_optical_path(table: FrameTable, optical_path: str | None) -> NDArray[np.intp]:
    """Choose the frames of an optical path.

    Parameters
    ----------
    table: FrameTable
        All frames.
    optical_path: str | None
        Optical Path Identifier; None if there is but one path.

    Returns
    -------
    numpy.ndarray
        Zero-based indices of the frames, ascending.

    Raises
    ------
    NotPresentError
        If no frame has this path. A ValueError and KeyError.
    GeometryError
        If none is given, but frames have several. A ValueError and RuntimeError.
    """
    paths, codes = _optical_paths(table)
    used = [paths[code] for code in distinct(codes).tolist() if code >= 0]
    if optical_path is None:
        if len(used) > 1:
            raise GeometryError(
                f"The image has frames of the optical paths {', '.join(map(repr, used))}, each of which has a total "
                "pixel matrix of its own; pass optical_path."
            )
        return np.arange(len(table))
    if optical_path not in used:
        raise NotPresentError(f"optical_path is {optical_path!r}; the frames have {used or 'none'}.")
    return np.flatnonzero(codes == paths.index(optical_path))


def _optical_paths(table: FrameTable) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Get the identifiers, and the index of that of each frame (-1 where it says none)."""
    if "optical_path" not in table:
        return (), np.full(len(table), -1)
    column = table["optical_path"]
    return column.vocabulary, column.codes


def focal_planes_of(dataset: Dataset, table: FrameTable) -> NDArray[np.int64]:
    """Tell in which focal plane each frame lies.

    Frames of a single plane may have heights of their own, since the microscope follows the tissue. So heights tell
    planes apart only where the same tile is shown more than once.

    Parameters
    ----------
    dataset: pydicom.Dataset
        A tiled image.
    table: FrameTable
        Its frames.

    Returns
    -------
    numpy.ndarray
        Zero-based, from the glass to the cover slip; shape (frames,).
    """
    if "focal_plane" in table:
        return np.asarray(table["focal_plane"], np.int64)
    single = np.zeros(len(table), np.int64)
    if value_of(dataset, "TotalPixelMatrixFocalPlanes") == 1 or not table.present("z_offset").all():
        return single
    places = np.stack((table["row_position"], table["column_position"]), axis=1)
    if are_distinct(places):
        return single
    heights = np.rint(table["z_offset"] / _SAME_HEIGHT).astype(np.int64)
    return numbered(heights)[0]


def frames_of_focal_plane(
    planes: NDArray[np.int64], focal_plane: int | None, *, as_indices: bool = False
) -> NDArray[np.intp]:
    """Choose the frames of a focal plane.

    Parameters
    ----------
    planes: numpy.ndarray
        Zero-based focal plane of each frame.
    focal_plane: int | None
        Number of the plane, counted from one; None if there is but one plane.
    as_indices: bool, optional
        Whether it is counted from zero.

    Returns
    -------
    numpy.ndarray
        Zero-based indices of the frames, ascending.

    Raises
    ------
    OutOfRangeError
        If there is no such plane. A ValueError and IndexError.
    GeometryError
        If none is given, but there are several. A ValueError and RuntimeError.
    """
    count = int(planes.max()) + 1 if len(planes) else 1
    first = 0 if as_indices else 1
    if focal_plane is None:
        if count > 1:
            raise GeometryError(
                f"The image has {count} focal planes, each of which has a total pixel matrix of its own; pass "
                f"focal_plane, {first} to {count - 1 + first} from the glass to the cover slip."
            )
        return np.arange(len(planes))
    if isinstance(focal_plane, bool) or not isinstance(focal_plane, int | np.integer):
        raise InputTypeError(f"focal_plane is {short(focal_plane)}; expected an integer.")
    if not 0 <= focal_plane - first < count:
        raise OutOfRangeError(f"focal_plane is {focal_plane}; expected {first} to {count - 1 + first}.")
    return np.flatnonzero(planes == focal_plane - first)


def matrix_planes_of(dataset: Dataset, table: FrameTable, tolerances: Tolerances) -> VolumePlanes:
    """Find the volume whose planes the total pixel matrices of all focal planes are.

    Parameters
    ----------
    dataset: pydicom.Dataset
        A tiled image.
    table: FrameTable
        Its frames, or those of one optical path.
    tolerances: Tolerances
        What is allowed.

    Returns
    -------
    VolumePlanes
        Geometry, and which of the volume's planes each row of the table is a tile of.

    Raises
    ------
    GeometryError
        If the image does not say where its matrices lie, or focal planes have no regular distances. A ValueError and
        RuntimeError.
    """
    planes = focal_planes_of(dataset, table)
    count = int(planes.max()) + 1 if len(planes) else 1
    one = tiles_of(dataset, table.select(np.flatnonzero(planes == 0)) if count > 1 else table).geometry
    if one is None:
        raise GeometryError(
            "The image does not say where its total pixel matrix lies: it lacks Frame of Reference UID, Total "
            "Pixel Matrix Origin Sequence, Image Orientation (Slide) or Pixel Spacing."
        )
    if count == 1:
        return VolumePlanes(one, planes)
    positions = np.array([one.position] * count) + np.outer(_heights(table, planes, count), (0.0, 0.0, 1.0))
    try:
        stack = find_stack(
            positions,
            one.direction_cosines,
            rtol=tolerances.rtol,
            atol=tolerances.atol,
            perpendicular_tol=tolerances.perpendicular_tol,
            allow_missing_positions=tolerances.allow_missing_positions,
        )
    except StackError as error:
        raise GeometryError(f"The focal planes are no regular volume ({error.problem.value}): {error}") from error
    geometry = VolumeGeometry.from_attributes(
        image_position=positions[stack.first].tolist(),
        image_orientation=one.direction_cosines,
        rows=one.spatial_shape[1],
        columns=one.spatial_shape[2],
        pixel_spacing=one.pixel_spacing,
        spacing_between_slices=stack.spacing,
        number_of_frames=stack.size,
        coordinate_system=CoordinateSystemNames.SLIDE,
        frame_of_reference_uid=one.frame_of_reference_uid,
    )
    return VolumePlanes(geometry, stack.indices[planes])


def _heights(table: FrameTable, planes: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Measure how far above the first focal plane each one lies, in mm."""
    if table.present("z_offset").all():
        _, samples = np.unique(planes, return_index=True)
        heights: NDArray[np.float64] = table["z_offset"][samples] - table["z_offset"][samples[0]]
        return heights
    spacing = said_spacing(table)
    if spacing is None:
        raise GeometryError(
            f"The image has {count} focal planes, but says no distance between them (Spacing Between Slices); pass "
            "focal_plane to get_total_pixel_matrix for the matrix of one."
        )
    return np.arange(count, dtype=np.float64) * spacing
