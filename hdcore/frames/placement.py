"""Where frames lie: as planes of a volume, or as tiles of a total pixel matrix."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import GeometryError, HdcoreWarning, UnreadableError
from hdcore.frames.columns import Numbers
from hdcore.model.plane import slide_position
from hdcore.pixels.described_format import positive
from hdcore.pixels.tolerant import items_of, value_of
from hdcore.spatial.geometry import VolumeGeometry
from hdcore.spatial.stack import StackError, StackProblem, find_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.table import FrameTable
    from hdcore.spatial.stack import Stack

__all__ = [
    "Tiles",
    "Tolerances",
    "VolumePlanes",
    "coordinate_system_of",
    "said_spacing",
    "tiles_of",
    "volume_planes_of",
]

_SAME_ORIENTATION = 1e-4
_SLIDE_SOP_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What is allowed of planes that are to be a volume."""

    rtol: float | None = None
    """Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given."""
    atol: float | None = None
    """Millimetres by which spacings may differ; instead of ``rtol``."""
    perpendicular_tol: float | None = None
    """How far from 1 the cosine between stacking direction and normal may be; 0.001 if None."""
    allow_missing_positions: bool = False
    """Whether planes may be missing."""
    allow_duplicate_positions: bool = False
    """Whether several frames may be at one position."""
    orientation_tol: float | None = None
    """By how much direction cosines may differ between frames; 0.0001 if None."""


@dataclass(frozen=True, slots=True, eq=False)
class VolumePlanes:
    """Frames as the planes of a regular volume."""

    geometry: VolumeGeometry
    """Of the whole volume, missing planes included."""
    planes: NDArray[np.int64]
    """Zero-based index, along the volume's first axis, of the plane of each frame; shape (frames,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Frames as tiles of a total pixel matrix."""

    rows: int
    """Rows of the total pixel matrix."""
    columns: int
    """Columns of the total pixel matrix."""
    row_offsets: NDArray[np.int64]
    """Zero-based row of each frame's first pixel; shape (frames,)."""
    column_offsets: NDArray[np.int64]
    """Zero-based column of each frame's first pixel; shape (frames,)."""
    find_geometry: Callable[[], VolumeGeometry | None]
    """Places the total pixel matrix; called only by those who ask, since regions are put together without it."""

    @property
    def geometry(self) -> VolumeGeometry | None:
        """VolumeGeometry | None: of the total pixel matrix as one plane; None if the image does not say where it is."""
        return self.find_geometry()

    def select(self, frames: NDArray[np.intp]) -> Tiles:
        """Take some of the frames as tiles."""
        return replace(self, row_offsets=self.row_offsets[frames], column_offsets=self.column_offsets[frames])

    def touching(self, rows: tuple[int, int], columns: tuple[int, int], height: int, width: int) -> NDArray[np.intp]:
        """Find the tiles, of a height and width, of which a part lies in a region.

        Parameters
        ----------
        rows, columns: tuple[int, int]
            The region, zero-based and half-open.
        height, width: int
            Rows and columns of a tile.

        Returns
        -------
        numpy.ndarray
            Zero-based indices of the tiles, ascending.
        """
        vertically = (self.row_offsets < rows[1]) & (self.row_offsets + height > rows[0])
        return np.flatnonzero(
            vertically & (self.column_offsets < columns[1]) & (self.column_offsets + width > columns[0])
        )

    def is_grid(self, height: int, width: int) -> bool:
        """Tell whether tiles of a height and width lie side by side, so that they can only overlap as a whole."""
        if not len(self.row_offsets):
            return True
        tops, lefts = self.row_offsets - self.row_offsets[0], self.column_offsets - self.column_offsets[0]
        return not (tops % height).any() and not (lefts % width).any()

    def covered(self, rows: tuple[int, int], columns: tuple[int, int], height: int, width: int) -> int:
        """Count the pixels of a region that tiles, of a height and width, cover; those of overlaps several times."""
        tops, lefts = self.row_offsets, self.column_offsets
        below = np.minimum(tops + height, rows[1]) - np.maximum(tops, rows[0])
        beside = np.minimum(lefts + width, columns[1]) - np.maximum(lefts, columns[0])
        return int((np.maximum(below, 0) * np.maximum(beside, 0)).sum())

    def _painted(self, rows: tuple[int, int], columns: tuple[int, int], height: int, width: int) -> int:
        """Count the pixels of a region that tiles cover, those of overlaps once."""
        canvas = np.zeros((rows[1] - rows[0], columns[1] - columns[0]), np.bool_)
        tops, lefts = self.row_offsets - rows[0], self.column_offsets - columns[0]
        for top, left in zip(tops.tolist(), lefts.tolist(), strict=True):
            canvas[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)] = True
        return int(np.count_nonzero(canvas))

    def require_covered(self, rows: tuple[int, int], columns: tuple[int, int], height: int, width: int) -> None:
        """Refuse a region of which tiles, of a height and width, are missing.

        Raises
        ------
        GeometryError
            If there is not a tile for each pixel. A ValueError and RuntimeError.
        """
        count = self.covered if self.is_grid(height, width) else self._painted
        covered = count(rows, columns, height, width)
        area = (rows[1] - rows[0]) * (columns[1] - columns[0])
        if covered < area:
            raise GeometryError(
                f"Tiles are missing: of the {area} pixels asked for the image has {covered}. Pass "
                "allow_missing_positions=True to get zeros for the others."
            )


def coordinate_system_of(dataset: Dataset, table: FrameTable) -> CoordinateSystemNames | None:
    """Tell in which coordinate system an image lies.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The image.
    table: FrameTable
        Its frames.

    Returns
    -------
    CoordinateSystemNames | None
        None if it has no frame of reference, or says no position in one.
    """
    if not value_of(dataset, "FrameOfReferenceUID"):
        return None
    if (
        "ImageOrientationSlide" in dataset
        or "row_position" in table
        or value_of(dataset, "SOPClassUID") == _SLIDE_SOP_CLASS
    ):
        return CoordinateSystemNames.SLIDE
    if "image_position" in table or "image_orientation" in table:
        return CoordinateSystemNames.PATIENT
    return None


def volume_planes_of(dataset: Dataset, table: FrameTable, tolerances: Tolerances) -> VolumePlanes:
    """Find the volume whose planes the frames are.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The image, of which Rows, Columns and Frame of Reference UID are read.
    table: FrameTable
        All its frames, or those of them that are to be planes.
    tolerances: Tolerances
        What is allowed.

    Returns
    -------
    VolumePlanes
        Geometry, and which plane each row of the table is.

    Raises
    ------
    GeometryError
        If the frames are no regular volume; the message says why. A ValueError and RuntimeError.
    TypeError
        If both ``rtol`` and ``atol`` are given.
    """
    if not value_of(dataset, "FrameOfReferenceUID"):
        raise GeometryError("The image has no Frame of Reference UID, so that its frames have no place in space.")
    positions = _of_every_frame(table, "image_position", "a position (Image Position (Patient))")
    allowed = _SAME_ORIENTATION if tolerances.orientation_tol is None else tolerances.orientation_tol
    orientation = _common(table, "image_orientation", "orientation (Image Orientation (Patient))", allowed)
    pixel_spacing = _common(table, "pixel_spacing", "Pixel Spacing", 1e-6)
    stack = _stack(table, positions, orientation, tolerances)
    geometry = VolumeGeometry.from_attributes(
        image_position=positions[stack.first].tolist(),
        image_orientation=orientation.tolist(),
        rows=positive(dataset, "Rows"),
        columns=positive(dataset, "Columns"),
        pixel_spacing=pixel_spacing.tolist(),
        spacing_between_slices=stack.spacing,
        number_of_frames=stack.size,
        coordinate_system=CoordinateSystemNames.PATIENT,
        frame_of_reference_uid=str(dataset.FrameOfReferenceUID),
    )
    return VolumePlanes(geometry, stack.indices)


def _stack(
    table: FrameTable, positions: NDArray[np.float64], orientation: NDArray[np.float64], tolerances: Tolerances
) -> Stack:
    """Find the stack; Spacing Between Slices matters where positions leave it open, and else is checked."""
    said = said_spacing(table)
    allowed: dict[str, Any] = {
        "rtol": tolerances.rtol,
        "atol": tolerances.atol,
        "perpendicular_tol": tolerances.perpendicular_tol,
        "allow_missing_positions": tolerances.allow_missing_positions,
        "allow_duplicate_positions": tolerances.allow_duplicate_positions,
    }
    try:
        try:
            return find_stack(positions, orientation, spacing_hint=said, **allowed)
        except StackError as error:
            if said is None or error.problem not in (StackProblem.UNEXPECTED_SPACING, StackProblem.IRREGULAR_SPACING):
                raise
            stack = find_stack(positions, orientation, **allowed)
            multiple = round(stack.spacing / said)
            if multiple > 1 and abs(stack.spacing - multiple * said) < 0.01 * said:
                raise StackError(
                    StackProblem.MISSING_POSITIONS,
                    f"Planes are missing: they are {stack.spacing:g} mm apart, which is {multiple} times Spacing "
                    f"Between Slices ({said:g} mm); pass allow_missing_positions=True to leave them empty.",
                ) from error
            warnings.warn(
                f"Spacing Between Slices is {said:g} mm, but the positions of the frames are {stack.spacing:g} mm "
                "apart; the positions are taken.",
                HdcoreWarning,
                stacklevel=4,
            )
            return stack
    except StackError as error:
        raise GeometryError(f"The frames are no regular volume ({error.problem.value}): {error}") from error


def said_spacing(table: FrameTable) -> float | None:
    """Read Spacing Between Slices in mm, if all frames say the same."""
    if not table.present("spacing_between_slices").all() or not len(table):
        return None
    values = np.abs(table["spacing_between_slices"])
    return float(values[0]) if values[0] > 0 and (values == values[0]).all() else None


def _of_every_frame(table: FrameTable, name: str, what: str) -> NDArray[np.float64]:
    present = table.present(name)
    if not len(table) or not present.any():
        raise GeometryError(f"The image does not say {what} of its frames, so that they have no place in space.")
    if not present.all():
        raise GeometryError(
            f"{int((~present).sum())} of {len(table)} frames lack {what}, the first of them frame "
            f"{int(np.argmin(present)) + 1}."
        )
    values: NDArray[np.float64] = table[name]
    return values


def _common(table: FrameTable, name: str, what: str, tolerance: float) -> NDArray[np.float64]:
    """Get what all frames must agree on."""
    if table.is_shared(name):
        column = table.stored(name)
        assert isinstance(column, Numbers)
        return np.asarray(column.values[0], np.float64)
    values = _of_every_frame(table, name, f"the {what}")
    common: NDArray[np.float64] = values[0]
    differs = np.abs(values - values[0]).max(axis=1) > tolerance
    if differs.any():
        at = int(np.argmax(differs))
        raise GeometryError(
            f"The frames are no regular volume: {what} of frame 1 is {values[0].tolist()}, but of frame {at + 1} it "
            f"is {values[at].tolist()}."
        )
    return common


def tiles_of(dataset: Dataset, table: FrameTable) -> Tiles:
    """Find where the frames lie in the total pixel matrix.

    Parameters
    ----------
    dataset: pydicom.Dataset
        A tiled image.
    table: FrameTable
        All its frames, or those of them that are to be its tiles.

    Returns
    -------
    Tiles
        Sizes, offsets and geometry.

    Raises
    ------
    GeometryError
        If the image is not tiled, or does not say where its frames lie. A ValueError and RuntimeError.
    """
    rows, columns = value_of(dataset, "TotalPixelMatrixRows"), value_of(dataset, "TotalPixelMatrixColumns")
    if not rows or not columns:
        raise GeometryError("The image is not tiled: it has no Total Pixel Matrix Rows and Columns.")
    for name in ("row_position", "column_position"):
        if not table.present(name).all():
            if value_of(dataset, "DimensionOrganizationType") == "TILED_FULL":
                raise GeometryError(
                    "The image does not say where its frames lie in the total pixel matrix: it is TILED_FULL, but its "
                    f"{len(table)} frames do not fill a matrix of {rows} x {columns} pixels a whole number of times."
                )
            raise GeometryError(
                "The image does not say where its frames lie in the total pixel matrix: it is not TILED_FULL, and "
                f"{int((~table.present(name)).sum())} frame(s) lack the Plane Position (Slide) functional group."
            )
    if not isinstance(rows, int) or not isinstance(columns, int):
        raise UnreadableError(
            f"Total Pixel Matrix Rows and Columns are {rows!r} and {columns!r}; integers were expected."
        )
    return Tiles(
        rows=rows,
        columns=columns,
        row_offsets=table["row_position"] - 1,
        column_offsets=table["column_position"] - 1,
        find_geometry=partial(_matrix_geometry, dataset, table, rows, columns),
    )


def _matrix_geometry(dataset: Dataset, table: FrameTable, rows: int, columns: int) -> VolumeGeometry | None:
    """Place the total pixel matrix in the slide's coordinate system (PS3.3 C.8.12.4.1)."""
    uid = value_of(dataset, "FrameOfReferenceUID")
    origins = items_of(dataset, "TotalPixelMatrixOriginSequence")
    orientation = value_of(dataset, "ImageOrientationSlide")
    if not uid or not origins or not orientation or not len(table) or not table.present("pixel_spacing").all():
        return None
    if any(value_of(origins[0], f"{axis}OffsetInSlideCoordinateSystem") is None for axis in "XY"):
        return None
    x, y, z = slide_position(origins[0])
    height = float(table["z_offset"][0]) if table.present("z_offset").all() else z
    try:
        cosines = [float(cosine) for cosine in orientation]
    except (TypeError, ValueError) as error:
        raise UnreadableError(f"The total pixel matrix has no place: {error}") from error
    return VolumeGeometry.from_attributes(
        image_position=[x, y, height],
        image_orientation=cosines,
        rows=rows,
        columns=columns,
        pixel_spacing=table["pixel_spacing"][0].tolist(),
        spacing_between_slices=said_spacing(table) or 1.0,
        number_of_frames=1,
        coordinate_system=CoordinateSystemNames.SLIDE,
        frame_of_reference_uid=str(dataset.FrameOfReferenceUID),
    )
