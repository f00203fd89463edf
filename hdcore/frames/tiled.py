"""Images whose frames are tiles: regions of total pixel matrices, and the volumes that these are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.frames.assemble import assemble_region
from hdcore.frames.framed import FramedInstance
from hdcore.frames.matrices import focal_planes_of, frames_of_focal_plane, frames_of_optical_path, matrix_planes_of
from hdcore.frames.placement import tiles_of
from hdcore.frames.ranges import resolve_range
from hdcore.frames.select import match_rows
from hdcore.frames.volume_part import resolved, volume_of
from hdcore.pixels.described_format import positive
from hdcore.pixels.options import PixelOptions

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray
    from pydicom.sr.coding import Code

    from hdcore.content.code import CodedConcept
    from hdcore.frames.placement import Tolerances
    from hdcore.frames.table import FrameTable
    from hdcore.frames.volume_part import Ranges
    from hdcore.pixels.lut import VOILUTTransformation
    from hdcore.spatial.volume import Volume

__all__ = ["TiledImage"]


class TiledImage(FramedInstance):
    """An image that may be tiled."""

    def get_total_pixel_matrix(
        self,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
        as_indices: bool = False,
        *,
        focal_plane: int | None = None,
        optical_path: str | None = None,
    ) -> NDArray[Any]:
        """Get a region of the total pixel matrix of a tiled image.

        Parameters
        ----------
        row_start, column_start: int | None, optional
            First row, column that is wanted, counted from one; negative numbers count from the end.
        row_end, column_end: int | None, optional
            First row, column that is not wanted any more.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.
        as_indices: bool, optional
            Whether rows, columns and focal planes are indices counted from zero.
        focal_plane: int | None, optional
            Number of the focal plane, counted from one at the glass; needed if the image has several.
        optical_path: str | None, optional
            Optical Path Identifier of the frames that are wanted; needed if the image has several paths.

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns), or (rows, columns, 3) of colours. Pixels of which the image has no tile are zero.

        Raises
        ------
        GeometryError
            If the image is not tiled, several frames show the same tile, or it has several focal planes or optical
            paths and none is chosen. A ValueError and RuntimeError.
        NotPresentError
            If no frame has this optical path. A ValueError and KeyError.
        OutOfRangeError, UnreadableFrameError, RuntimeError, ValueError
            As of :meth:`get_frame`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        tiles = tiles_of(self, self.frame_table)
        rows = resolve_range(row_start, row_end, tiles.rows, "row", as_indices=as_indices)
        columns = resolve_range(column_start, column_end, tiles.columns, "column", as_indices=as_indices)
        frames = frames_of_optical_path(self.frame_table, optical_path)
        planes = focal_planes_of(self, self._rows(frames))
        return self._matrix(
            options, rows, columns, frames[frames_of_focal_plane(planes, focal_plane, as_indices=as_indices)]
        )

    def _rows(self, frames: NDArray[np.intp]) -> FrameTable:
        """Take the rows of some frames; all of them need no copy."""
        table = self.frame_table
        return table if len(frames) == len(table) else table.select(frames)

    def _matrix(
        self, options: PixelOptions, rows: tuple[int, int], columns: tuple[int, int], frames: NDArray[np.intp]
    ) -> NDArray[Any]:
        """Put together a region of one total pixel matrix, from the frames that are its tiles."""
        tiles = tiles_of(self, self.frame_table).select(frames)
        stored = self.stored_frames
        within = tiles.touching(rows, columns, stored.format.rows, stored.format.columns)
        places = np.stack((tiles.row_offsets, tiles.column_offsets), axis=1)[within]
        match_rows(places, places, frames[within], what="tile")
        conversion = self.pixel_transform(options, frames[within])
        return assemble_region(stored, frames[within], tiles.select(within), conversion, rows=rows, columns=columns)

    def matrix_volume(
        self,
        options: PixelOptions,
        ranges: Ranges,
        as_indices: bool,
        tolerances: Tolerances,
        optical_path: str | None,
    ) -> Volume:
        """Put the total pixel matrices of an optical path together to a volume; see :meth:`hdcore.Image.get_volume`."""
        frames = frames_of_optical_path(self.frame_table, optical_path)
        found = matrix_planes_of(self, self._rows(frames), tolerances)
        slices, rows, columns = resolved(ranges, found.geometry.spatial_shape, as_indices)
        region = (rows.start, rows.stop), (columns.start, columns.stop)
        matrices = []
        for plane in range(slices.start, slices.stop):
            of_plane = frames[found.planes == plane]
            if not tolerances.allow_missing_positions:
                tiles = tiles_of(self, self._rows(of_plane))
                tiles.require_covered(*region, positive(self, "Rows"), positive(self, "Columns"))
            matrices.append(self._matrix(options, *region, of_plane))
        array = matrices[0][np.newaxis] if len(matrices) == 1 else np.stack(matrices)
        return volume_of(found.geometry[slices, rows, columns], array)
