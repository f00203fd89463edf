from __future__ import annotations

import numpy as np
import pytest

from hdcore import PlanePositionSequence, VolumeGeometry
from hdcore.enums import DimensionOrganizationTypeValues as Organization
from hdcore.frames import plan
from hdcore.frames.source import Source
from hdcore.spatial.tiling import TileGrid
from hdcore.testing.sources import ct_series, slide

AXIAL = (1, 0, 0, 0, 1, 0)


def test_every_channel_and_plane_has_a_frame():
    planes = Source.of(ct_series(3)).planes
    frames = plan.plan_frames(planes, 2)
    assert frames["channel"].tolist() == [0, 0, 0, 1, 1, 1]
    assert frames["plane"].tolist() == [0, 1, 2, 0, 1, 2]
    frames = plan.plan_frames(planes, 2, planes_first=True, order=np.array([2, 1, 0]))
    assert frames["channel"].tolist() == [0, 1, 0, 1, 0, 1]
    assert frames["plane"].tolist() == [2, 2, 1, 1, 0, 0]
    np.testing.assert_array_equal(frames["image_position"], planes["image_position"][[2, 2, 1, 1, 0, 0]])


def test_frames_that_are_not_occupied_are_left_out():
    planes = Source.of(ct_series(3)).planes
    frames = plan.plan_frames(planes, 2, occupied=np.array([[True, False, True], [False, True, False]]))
    assert list(zip(frames["channel"].tolist(), frames["plane"].tolist(), strict=True)) == [(0, 0), (0, 2), (1, 1)]
    with pytest.raises(ValueError, match="no frame"):
        plan.plan_frames(planes, 1, occupied=np.zeros((1, 3), bool))
    with pytest.raises(ValueError, match=r"shape \(2, 3\); expected \(1, 3\)"):
        plan.plan_frames(planes, 1, occupied=np.zeros((2, 3), bool))


def test_planes_are_sorted_as_in_a_volume():
    source = Source.of([ct_series(3)[index] for index in (1, 0, 2)])
    assert plan.sort_planes(source.planes, source.image_orientation).tolist() == [2, 0, 1]
    assert plan.sort_planes(source.planes).tolist() == [0, 1, 2]


def test_tiles_are_sorted_row_by_row():
    source = Source.of([slide(organization="TILED_SPARSE")])
    shuffled = source.planes.select(np.random.default_rng(0).permutation(20))
    order = plan.sort_planes(shuffled)
    assert shuffled["frame_number"][order].tolist() == list(range(1, 21))


def _organization(planes, requested=None, **options):
    options = {"image_orientation": AXIAL, **options}
    return plan.organization_of(planes, requested, **options)


def test_a_regular_stack_is_three_dimensional():
    planes = Source.of(ct_series(4)).planes
    assert _organization(planes) is Organization.THREE_DIMENSIONAL
    assert _organization(planes.select([0, 1, 3])) is None
    with pytest.raises(ValueError, match="no regular stack"):
        _organization(planes.select([0, 1, 3]), "3D")
    with pytest.raises(ValueError, match="only one plane"):
        _organization(planes.select([0]), "3D")
    with pytest.raises(ValueError, match="not tiles of a slide"):
        _organization(planes, "TILED_FULL")


def test_a_stack_at_several_points_in_time_is_a_temporal_one():
    planes = plan.plan_frames(Source.of(ct_series(3)).planes, 2)
    in_time = planes.with_columns(temporal_position_index=planes["channel"] + 1)
    assert _organization(in_time) is Organization.THREE_DIMENSIONAL_TEMPORAL
    assert _organization(in_time, "3D_TEMPORAL") is Organization.THREE_DIMENSIONAL_TEMPORAL
    with pytest.raises(ValueError, match=r"several points in time; expected '3D_TEMPORAL'"):
        _organization(in_time, "3D")
    with pytest.raises(ValueError, match="no TemporalPositionIndex of more than one value"):
        _organization(planes.with_shared(temporal_position_index=[1]), "3D_TEMPORAL")


def test_a_stack_with_more_frames_at_a_position_than_channels_is_none():
    planes = plan.plan_frames(Source.of(ct_series(3)).planes, 2)
    assert _organization(planes, number_of_channels=2) is Organization.THREE_DIMENSIONAL
    assert _organization(planes) is None
    with pytest.raises(ValueError, match="several of them are at the same position"):
        _organization(planes, "3D")


def test_tiles_are_full_only_if_none_is_missing():
    planes = Source.of([slide()]).planes
    options = {"tile_size": (16, 16)}
    assert _organization(planes, **options) is Organization.TILED_SPARSE
    assert _organization(planes, "TILED_FULL", **options) is Organization.TILED_FULL
    twice = plan.plan_frames(planes, 2)
    assert _organization(twice, "TILED_FULL", number_of_channels=2, **options) is Organization.TILED_FULL
    with pytest.raises(ValueError, match="without gaps"):
        _organization(planes.select(slice(1, None)), "TILED_FULL", **options)
    with pytest.raises(ValueError, match="tiles of a slide"):
        _organization(planes, "3D", **options)


def test_planes_of_a_volume_lie_where_its_slices_do():
    volume = VolumeGeometry.from_attributes(
        image_position=[1, 2, 3], image_orientation=AXIAL, rows=4, columns=5, pixel_spacing=[0.5, 0.25],
        spacing_between_slices=2, number_of_frames=3, coordinate_system="PATIENT",
    )  # fmt: skip
    planes = plan.planes_of_volume(volume)
    expected = [list(position[0].ImagePositionPatient) for position in volume.get_plane_positions()]
    np.testing.assert_allclose(planes["image_position"], expected)
    assert planes["pixel_spacing"].tolist()[0] == [0.5, 0.25]


def test_planes_of_tiles_lie_where_those_of_a_slide_do():
    source = Source.of([slide()])
    origin = (*source.total_pixel_matrix_origin, 0.0)
    planes = plan.planes_of_tiles(TileGrid(16, 16, 50, 70), origin, source.image_orientation, source.pixel_spacing)
    np.testing.assert_allclose(planes["x_offset"], source.planes["x_offset"])
    assert planes["row_position"].tolist() == source.planes["row_position"].tolist()


def test_planes_of_given_positions():
    patient = plan.planes_of_positions([PlanePositionSequence("PATIENT", [1, 2, 3])], "PATIENT")
    assert patient["image_position"].tolist() == [[1, 2, 3]]
    on_slide = plan.planes_of_positions([PlanePositionSequence("SLIDE", [1, 2, 3], (4, 5))], "SLIDE")
    assert (on_slide["column_position"][0], on_slide["row_position"][0], on_slide["z_offset"][0]) == (4, 5, 3)
    with pytest.raises(ValueError, match=r"plane_positions\[0\] has no XOffset"):
        plan.planes_of_positions([PlanePositionSequence("PATIENT", [1, 2, 3])], "SLIDE")
    with pytest.raises(TypeError, match="PlanePositionSequence"):
        plan.planes_of_positions([3], "SLIDE")
