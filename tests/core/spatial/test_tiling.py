from __future__ import annotations

import numpy as np
import pytest

from hdcore import spatial, utils
from hdcore.testing import sources

ORIENTATION = (0.0, -1.0, 0.0, -1.0, 0.0, 0.0)


def test_tiles_follow_one_another_along_rows() -> None:
    assert list(spatial.tile_pixel_matrix(4, 3, 2, 2)) == [(1, 1), (2, 1), (1, 2), (2, 2)]


def test_channels_are_slowest_and_tiles_of_a_row_fastest() -> None:
    frames = spatial.TiledFull(
        spatial.TileGrid(2, 3, 3, 5), (10.0, 20.0, 0.0), ORIENTATION, (0.5, 0.25), 2, 0.002, number_of_channels=3
    )
    assert len(frames) == 24
    assert frames.channels().tolist() == [0] * 8 + [1] * 8 + [2] * 8
    assert frames.focal_planes().tolist() == ([0] * 4 + [1] * 4) * 3
    assert frames.offsets(np.array([0, 1, 2, 3, 23])).tolist() == [[0, 0], [3, 0], [0, 2], [3, 2], [3, 2]]
    assert frames.positions(np.array([23])).tolist() == [[9.0, 19.25, 0.002]]
    assert np.array_equal(frames.positions()[5:7], frames.positions(np.array([5, 6])))


def test_positions_are_those_of_the_first_pixel_of_each_tile() -> None:
    tiles = spatial.compute_tile_positions_per_frame(2, 2, 4, 3, [1, 2, 3], [1, 0, 0, 0, 1, 0], [0.5, 0.25])
    assert tiles[3] == ([3, 3], [1.5, 3.0, 3.0])


@pytest.mark.parametrize("size", [(0, 2), (2, -1)])
def test_tiles_without_size_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected a positive integer"):
        spatial.tile_pixel_matrix(4, 3, *size)
    with pytest.raises(TypeError, match=r"rows is 2\.0; expected an integer"):
        spatial.tile_pixel_matrix(4, 3, 2.0, 2)  # type: ignore[arg-type]


def test_tiles_beyond_the_matrix_are_padded_or_cut() -> None:
    matrix = np.arange(20).reshape(4, 5)
    assert spatial.get_tile_array(matrix, 3, 5, 2, 2).tolist() == [[14, 0], [19, 0]]
    assert spatial.get_tile_array(matrix, 3, 5, 2, 2, pad=False).tolist() == [[14], [19]]
    assert np.shares_memory(spatial.get_tile_array(matrix, 1, 1, 2, 2), matrix)
    with pytest.raises(ValueError, match="row_offset is 0; expected a number from 1 to 4"):
        spatial.get_tile_array(matrix, 0, 1, 2, 2)


def test_frames_of_a_slide_are_where_its_attributes_say() -> None:
    slide = sources.slide()
    rows = list(utils.iter_tiled_full_frame_data(slide))
    assert len(rows) == int(slide.NumberOfFrames)
    channel, focal_plane, column, row, x, y, z = rows[1]
    assert (channel, focal_plane, column, row) == (1, 1, slide.Columns + 1, 1)
    transformer = spatial.PixelToReferenceTransformer.for_image(slide, for_total_pixel_matrix=True)
    assert np.allclose(transformer(np.array([[column - 1, row - 1]])), [[x, y, z]])


def test_label_maps_have_no_channel_number() -> None:
    slide = sources.slide()
    slide.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66.7"
    assert {row[0] for row in utils.iter_tiled_full_frame_data(slide)} == {None}


def test_only_tiled_full_has_implied_positions() -> None:
    slide = sources.slide()
    slide.DimensionOrganizationType = "TILED_SPARSE"
    with pytest.raises(ValueError, match="'TILED_SPARSE'; expected 'TILED_FULL'"):
        utils.iter_tiled_full_frame_data(slide)
    del slide.TotalPixelMatrixOriginSequence
    slide.DimensionOrganizationType = "TILED_FULL"
    with pytest.raises(ValueError, match="no TotalPixelMatrixOriginSequence"):
        utils.iter_tiled_full_frame_data(slide)


def test_complete_grids_in_order_can_be_tiled_full() -> None:
    slide = sources.slide()
    positions = utils.compute_plane_position_slide_per_frame(slide)
    size = slide.Rows, slide.Columns
    assert utils.are_plane_positions_tiled_full(positions, *size)
    assert not utils.are_plane_positions_tiled_full(positions[::-1], *size)
    assert not utils.are_plane_positions_tiled_full(positions[:-1], *size)
    assert not utils.are_plane_positions_tiled_full(positions * 2, *size)
    assert not utils.are_plane_positions_tiled_full([], *size)


def test_one_tile_can_be_placed_by_hand() -> None:
    item = utils.compute_plane_position_tiled_full(
        2, 3, 10.0, 20.0, 2, 3, ORIENTATION, (0.5, 0.25), spacing_between_slices=3.0, slice_index=2
    )[0]
    assert (item.ColumnPositionInTotalImagePixelMatrix, item.RowPositionInTotalImagePixelMatrix) == (7, 3)
    assert (float(item.XOffsetInSlideCoordinateSystem), float(item.ZOffsetInSlideCoordinateSystem)) == (9.0, 3.0)
    with pytest.raises(TypeError, match="both or neither"):
        utils.compute_plane_position_tiled_full(1, 1, 0, 0, 2, 3, ORIENTATION, (0.5, 0.25), slice_index=2)
    with pytest.raises(ValueError, match="row_index is 0"):
        utils.compute_plane_position_tiled_full(0, 1, 0, 0, 2, 3, ORIENTATION, (0.5, 0.25))
    with pytest.warns(UserWarning, match="slice_thickness"):
        utils.compute_plane_position_tiled_full(1, 1, 0, 0, 2, 3, ORIENTATION, (0.5, 0.25), slice_thickness=1.0)
