"""Tiles of total pixel matrices."""

from hdcore.spatial.images import is_tiled_image, iter_tiled_full_frame_data
from hdcore.spatial.slide_positions import (
    are_plane_positions_tiled_full,
    compute_plane_position_slide_per_frame,
    compute_plane_position_tiled_full,
)
from hdcore.spatial.tiling import get_tile_array, tile_pixel_matrix

__all__ = [
    "are_plane_positions_tiled_full",
    "compute_plane_position_slide_per_frame",
    "compute_plane_position_tiled_full",
    "get_tile_array",
    "is_tiled_image",
    "iter_tiled_full_frame_data",
    "tile_pixel_matrix",
]
