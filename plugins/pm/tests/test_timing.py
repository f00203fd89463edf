"""Parametric maps of several points in time."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore.errors import GeometryError, InputError, NotPresentError
from hdcore.testing import sources
from pm_examples import TWO, in_time, integers, make, mapping, of_times

from hdcore_pm import ParametricMap


def contents(made):
    return [frame.FrameContentSequence[0] for frame in made.PerFrameFunctionalGroupsSequence]


def test_frames_are_stored_time_after_time():
    made = in_time()
    assert made.DimensionOrganizationType == "3D_TEMPORAL"
    assert [content.TemporalPositionIndex for content in contents(made)] == [1, 1, 1, 2, 2, 2]
    indices = [tuple(content.DimensionIndexValues) for content in contents(made)]
    assert indices == [(time, place) for time in (1, 2) for place in (1, 2, 3)]
    first, second = made.DimensionIndexSequence
    assert (first.DimensionIndexPointer, second.DimensionIndexPointer) == (0x00209128, 0x00200032)


def test_each_point_in_time_is_a_volume_of_its_own():
    images, array = of_times(), integers(6, 32, 32)
    made = make(images, array, dimension_organization_type="3D_TEMPORAL")
    volumes = {time: made.get_real_world_values(temporal_position=time) for time in (1, 2)}
    for time, planes in ((2, array[:3]), (1, array[3:])):
        np.testing.assert_array_equal(volumes[time].array, planes[::-1] * 2.0 + 1.0)
        np.testing.assert_array_equal(made.get_real_world_frames(temporal_position=time), planes[::-1] * 2.0 + 1.0)
    np.testing.assert_array_equal(volumes[1].affine, volumes[2].affine)
    with pytest.raises(GeometryError, match="duplicate positions"):
        made.get_real_world_values()
    with pytest.raises(NotPresentError, match="no frame of temporal position 3; it has 1, 2"):
        made.get_real_world_values(temporal_position=3)


def test_points_in_time_may_be_given():
    images = of_times()
    for image in images:
        del image.TemporalPositionIdentifier
    made = make(images, integers(6, 32, 32), temporal_positions=[1, 1, 1, 2, 2, 2])
    assert made.DimensionOrganizationType == "3D_TEMPORAL"
    derived = made.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence[0]
    assert derived.ReferencedSOPInstanceUID == images[2].SOPInstanceUID


def test_several_quantities_change_in_time():
    made = make(
        of_times(),
        integers(6, 32, 32, 2),
        [[mapping(label)] for label in TWO],
        dimension_organization_type="3D_TEMPORAL",
    )
    assert made.get_real_world_values(TWO[1], temporal_position=2).array.shape == (3, 32, 32)
    assert len(made.DimensionIndexSequence) == 3


def test_multi_frame_sources_tell_their_points_in_time():
    image = sources.enhanced_ct(6)
    for number, frame in enumerate(image.PerFrameFunctionalGroupsSequence):
        frame.FrameContentSequence[0].TemporalPositionIndex = number // 3 + 1
        place = image.PerFrameFunctionalGroupsSequence[number % 3].PlanePositionSequence[0].ImagePositionPatient
        frame.PlanePositionSequence[0].ImagePositionPatient = place
    made = make([image], integers(6, 32, 32), dimension_organization_type="3D_TEMPORAL")
    assert [content.TemporalPositionIndex for content in contents(made)] == [1, 1, 1, 2, 2, 2]


def test_maps_in_time_can_be_read_from_files(tmp_path):
    in_time().save_as(tmp_path / "map.dcm")
    read = ParametricMap.from_file(tmp_path / "map.dcm", lazy_frame_retrieval=True)
    assert read.get_real_world_values(temporal_position=1).array.shape == (3, 32, 32)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temporal_positions": [1, 2]}, "expected an integer from 1 on for each of the 6 planes"),
        ({"temporal_positions": [0, 0, 0, 1, 1, 1]}, "expected an integer from 1 on"),
        ({"temporal_positions": [1.5] * 6}, "expected an integer from 1 on"),
        ({"temporal_positions": [1] * 6}, "Several planes lie at the same place"),
        ({"temporal_positions": [1, 1, 1, 2, 2, 2], "dimension_organization_type": "3D"}, "several points in time"),
        ({"dimension_organization_type": "3D_TEMPORAL"}, "do not say of which point in time each plane is"),
        ({}, "Several planes lie at the same place"),
    ],
)
def test_times_that_do_not_tell_planes_apart_are_refused(options, message):
    images = of_times()
    for image in images:
        del image.TemporalPositionIdentifier
    with pytest.raises(InputError, match=message):
        make(images, integers(6, 32, 32), **options)
