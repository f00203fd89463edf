"""Tiles: how a total pixel matrix is cut into frames, and where each one is (PS3.3 C.7.6.17.3, C.8.12.14).

The positions in a TILED_FULL image are not stored in the file, and here neither: :class:`TiledFull` computes those of
the frames that are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.attributes import FloatArray, IntArray, as_orientation, as_pixel_spacing, as_position
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

__all__ = [
    "TileGrid",
    "TiledFull",
    "compute_tile_positions_per_frame",
    "get_tile_array",
    "is_complete_tiling",
    "positions_in_total_pixel_matrix",
    "tile_pixel_matrix",
]


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A total pixel matrix cut into tiles of equal size, the last of a row or column reaching beyond it."""

    rows: int
    """Rows of a tile."""
    columns: int
    """Columns of a tile."""
    total_pixel_matrix_rows: int
    """Rows of the whole."""
    total_pixel_matrix_columns: int
    """Columns of the whole."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or isinstance(value, bool):
                raise InputTypeError(f"{name} is {short(value)}; expected an integer.")
            if value < 1:
                raise InputError(f"{name} is {value}; expected a positive integer.")

    @property
    def tiles_down(self) -> int:
        """int: number of rows of tiles."""
        return -(-self.total_pixel_matrix_rows // self.rows)

    @property
    def tiles_across(self) -> int:
        """int: number of columns of tiles."""
        return -(-self.total_pixel_matrix_columns // self.columns)

    def __len__(self) -> int:
        return self.tiles_down * self.tiles_across

    def offsets(self, tiles: IntArray | None = None) -> IntArray:
        """Get the places of tiles in the total pixel matrix.

        Parameters
        ----------
        tiles: numpy.ndarray | None, optional
            Zero-based indices of tiles, counted along the rows first, shape ``(n,)``; all if absent.

        Returns
        -------
        numpy.ndarray[int64]
            Zero-based column and row index of the first pixel of each, shape ``(n, 2)``.
        """
        indices = np.arange(len(self)) if tiles is None else np.asarray(tiles)
        down, across = np.divmod(indices, self.tiles_across)
        return np.stack((across * self.columns, down * self.rows), axis=1).astype(np.int64, copy=False)


def positions_in_total_pixel_matrix(
    offsets: npt.ArrayLike,
    origin: Sequence[float] | FloatArray,
    image_orientation: Sequence[float] | FloatArray,
    pixel_spacing: float | Sequence[float] | FloatArray,
) -> FloatArray:
    """Get the positions of pixels of a total pixel matrix in the frame of reference.

    Parameters
    ----------
    offsets: numpy.ndarray
        Zero-based column and row indices, shape ``(n, 2)``.
    origin: Sequence[float]
        Position of the first pixel of the total pixel matrix, in mm.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    pixel_spacing: float | Sequence[float]
        Distance between rows and between columns, in mm.

    Returns
    -------
    numpy.ndarray[float64]
        x, y, z in mm, shape ``(n, 3)``.
    """
    orientation, spacing = as_orientation(image_orientation), as_pixel_spacing(pixel_spacing)
    steps = np.stack((orientation[:3] * spacing[1], orientation[3:] * spacing[0]))
    positions: FloatArray = np.asarray(offsets, dtype=np.float64) @ steps + as_position(origin, "origin")
    return positions


@dataclass(frozen=True, slots=True)
class TiledFull:
    """The frames of a TILED_FULL image: channel slowest, then focal plane, then row of tiles, then tile of the row.

    A channel is a segment or an optical path (PS3.3 C.7.6.17.3).
    """

    grid: TileGrid
    """The tiles of one focal plane."""
    origin: tuple[float, float, float]
    """Position of the first pixel of the total pixel matrix in the first focal plane, in mm."""
    image_orientation: tuple[float, ...]
    """Direction cosines of the rows and the columns."""
    pixel_spacing: tuple[float, float]
    """Distance between rows and between columns, in mm."""
    number_of_focal_planes: int = 1
    spacing_between_focal_planes: float = 1.0
    """Distance between focal planes, from the glass towards the cover slip, in mm."""
    number_of_channels: int = 1

    def __len__(self) -> int:
        return self.number_of_channels * self.number_of_focal_planes * len(self.grid)

    def _frames(self, frames: IntArray | None) -> IntArray:
        return np.arange(len(self), dtype=np.int64) if frames is None else np.asarray(frames, dtype=np.int64)

    def channels(self, frames: IntArray | None = None) -> IntArray:
        """Get the zero-based channel index of frames (given by zero-based index; all if absent), shape ``(n,)``."""
        return self._frames(frames) // (len(self.grid) * self.number_of_focal_planes)

    def focal_planes(self, frames: IntArray | None = None) -> IntArray:
        """Get the zero-based index of the focal plane of frames, shape ``(n,)``."""
        return self._frames(frames) // len(self.grid) % self.number_of_focal_planes

    def offsets(self, frames: IntArray | None = None) -> IntArray:
        """Get the zero-based column and row index in the total pixel matrix of frames, shape ``(n, 2)``."""
        return self.grid.offsets(self._frames(frames) % len(self.grid))

    def positions(self, frames: IntArray | None = None) -> FloatArray:
        """Get the position of the first pixel of frames in mm, shape ``(n, 3)``."""
        positions = positions_in_total_pixel_matrix(
            self.offsets(frames), self.origin, self.image_orientation, self.pixel_spacing
        )
        if self.number_of_focal_planes > 1:
            positions[:, 2] += self.focal_planes(frames) * self.spacing_between_focal_planes
        return positions


def is_complete_tiling(offsets: npt.ArrayLike, rows: int, columns: int) -> bool:
    """Tell whether tiles cover a rectangle without overlap, in the order of TILED_FULL.

    Parameters
    ----------
    offsets: numpy.ndarray
        Zero-based column and row index of each tile's first pixel, in frame order, shape ``(n, 2)``.
    rows: int
        Rows of a tile.
    columns: int
        Columns of a tile.

    Returns
    -------
    bool
        Whether they do, the rectangle being the smallest that begins at the first pixel and holds all tiles.
    """
    places = np.asarray(offsets)
    if not len(places):
        return False
    extent = places.max(axis=0)
    grid = TileGrid(rows, columns, int(extent[1]) + rows, int(extent[0]) + columns)
    return len(grid) == len(places) and bool(np.array_equal(grid.offsets(), places))


def tile_pixel_matrix(
    total_pixel_matrix_rows: int,
    total_pixel_matrix_columns: int,
    rows: int,
    columns: int,
) -> Iterator[tuple[int, int]]:
    """Iterate over the tiles of a total pixel matrix in the order of TILED_FULL.

    Parameters
    ----------
    total_pixel_matrix_rows: int
        Rows of the total pixel matrix.
    total_pixel_matrix_columns: int
        Columns of the total pixel matrix.
    rows: int
        Rows of a tile.
    columns: int
        Columns of a tile.

    Returns
    -------
    Iterator[tuple[int, int]]
        One-based column and row of each tile in the grid of tiles.

    Raises
    ------
    ValueError
        If a number is not positive.
    """
    grid = TileGrid(rows, columns, total_pixel_matrix_rows, total_pixel_matrix_columns)
    return ((across, down) for down in range(1, grid.tiles_down + 1) for across in range(1, grid.tiles_across + 1))


def get_tile_array(
    pixel_array: npt.NDArray[Any],
    row_offset: int,
    column_offset: int,
    tile_rows: int,
    tile_columns: int,
    pad: bool = True,
) -> npt.NDArray[Any]:
    """Cut a tile out of a total pixel matrix.

    Parameters
    ----------
    pixel_array: numpy.ndarray
        The total pixel matrix, shape ``(rows, columns, …)``.
    row_offset: int
        One-based row of the tile's first pixel.
    column_offset: int
        One-based column of the tile's first pixel.
    tile_rows: int
        Rows of the tile.
    tile_columns: int
        Columns of the tile.
    pad: bool, optional
        Whether a tile that reaches beyond the matrix is filled with zeros, or else smaller.

    Returns
    -------
    numpy.ndarray
        Shape ``(tile_rows, tile_columns, …)``; a view where no padding is needed.

    Raises
    ------
    ValueError
        If the tile begins outside the matrix.
    """
    total_rows, total_columns = pixel_array.shape[:2]
    for name, offset, size in (("row_offset", row_offset, total_rows), ("column_offset", column_offset, total_columns)):
        if not 1 <= offset <= size:
            raise InputError(f"{name} is {offset}; expected a number from 1 to {size}, the size of pixel_array.")
    first_row, first_column = row_offset - 1, column_offset - 1
    tile = pixel_array[first_row : first_row + tile_rows, first_column : first_column + tile_columns]
    if not pad or tile.shape[:2] == (tile_rows, tile_columns):
        return tile
    padded = np.zeros((tile_rows, tile_columns, *pixel_array.shape[2:]), pixel_array.dtype)
    padded[: tile.shape[0], : tile.shape[1]] = tile
    return padded


def compute_tile_positions_per_frame(
    rows: int,
    columns: int,
    total_pixel_matrix_rows: int,
    total_pixel_matrix_columns: int,
    total_pixel_matrix_image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
) -> list[tuple[list[int], list[float]]]:
    """List the places of the tiles of a TILED_FULL image with one channel and one focal plane.

    Parameters
    ----------
    rows: int
        Rows of a tile.
    columns: int
        Columns of a tile.
    total_pixel_matrix_rows: int
        Rows of the total pixel matrix.
    total_pixel_matrix_columns: int
        Columns of the total pixel matrix.
    total_pixel_matrix_image_position: Sequence[float]
        Position of the first pixel of the total pixel matrix, in mm.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    pixel_spacing: Sequence[float]
        Distance between rows and between columns, in mm.

    Returns
    -------
    list[tuple[list[int], list[float]]]
        For each tile the one-based column and row of its first pixel in the total pixel matrix, and its x, y, z in mm.

    Raises
    ------
    ValueError
        If a number is not positive or a length is wrong.
    """
    offsets = TileGrid(rows, columns, total_pixel_matrix_rows, total_pixel_matrix_columns).offsets()
    positions = positions_in_total_pixel_matrix(
        offsets, total_pixel_matrix_image_position, image_orientation, pixel_spacing
    )
    return list(zip((offsets + 1).tolist(), positions.tolist(), strict=True))
