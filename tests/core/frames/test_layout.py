from __future__ import annotations

import numpy as np
import pytest

from hdcore import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence, Volume
from hdcore.frames.layout import Placing, layout_of, tile_size_of
from hdcore.frames.source import Source
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, slide


def _positions(*distances):
    return [PlanePositionSequence("PATIENT", [-12, -12, z]) for z in distances]


def _volume(source, first, planes=2, uid=True):
    return Volume.from_attributes(
        array=np.zeros((planes, 32, 32), np.uint8), image_position=[-12, -12, first],
        image_orientation=[1, 0, 0, 0, 1, 0], pixel_spacing=[0.75, 0.75], spacing_between_slices=2.5,
        coordinate_system="PATIENT", frame_of_reference_uid=source.frame_of_reference_uid if uid else "1.2.3",
    )  # fmt: skip


@pytest.mark.parametrize("images", [ct_series(3), [enhanced_ct(3)], [slide()], [cr_image()]])
def test_planes_lie_on_those_of_the_source_by_default(images):
    source = Source.of(images)
    layout = layout_of(source, (len(source), source.rows, source.columns), None, Placing())
    assert layout.source_planes.tolist() == list(range(len(source)))
    assert layout.coordinate_system is source.coordinate_system
    assert layout.matrix_size == source.total_pixel_matrix_size


def test_given_positions_find_their_source_planes():
    source = Source.of(ct_series(3))
    layout = layout_of(source, (3, 32, 32), None, Placing(plane_positions=_positions(-45, -50, -48)))
    assert layout.source_planes.tolist() == [2, 0, -1]
    assert layout.planes["image_position"][2].tolist() == [-12, -12, -48]


def test_positions_that_repeat_those_of_the_source_keep_their_order():
    images = ct_series(2) + ct_series(2)
    for number, image in enumerate(images):
        image.SOPInstanceUID = f"1.2.{number + 1}"
    source = Source.of(images)
    layout = layout_of(source, (4, 32, 32), None, Placing(plane_positions=source.plane_positions()))
    assert layout.source_planes.tolist() == [0, 1, 2, 3]


def test_another_orientation_or_spacing_matches_no_source_plane():
    source = Source.of(ct_series(1))
    oblique = PlaneOrientationSequence("PATIENT", [0, 1, 0, 1, 0, 0])
    measures = PixelMeasuresSequence([1, 1], 2)
    for placing in (
        Placing(plane_positions=_positions(-50), plane_orientation=oblique),
        Placing(plane_positions=_positions(-50), pixel_measures=measures),
    ):
        assert layout_of(source, (1, 32, 32), None, placing).source_planes.tolist() == [-1]


def test_a_volume_lies_where_it_says():
    source = Source.of(ct_series(3))
    volume = _volume(source, -45)
    layout = layout_of(source, volume.spatial_shape, volume, Placing())
    np.testing.assert_allclose(
        layout.planes["image_position"], [p[0].ImagePositionPatient for p in volume.get_plane_positions()]
    )
    assert layout.source_planes.tolist() == [2, 1]


def test_a_total_pixel_matrix_is_cut_into_tiles():
    source = Source.of([slide()])
    tile_size = tile_size_of(source, True, (20, 30))
    layout = layout_of(source, (1, 50, 70), None, Placing(tile_size=tile_size))
    assert len(layout.planes) == 9
    assert layout.matrix_size == (50, 70)
    assert tile_size_of(source, True, None) == (16, 16)
    same = layout_of(source, (1, 50, 70), None, Placing(tile_size=(16, 16)))
    assert same.source_planes.tolist() == list(range(20))


@pytest.mark.parametrize(
    ("shape", "placing", "match"),
    [
        ((2, 32, 32), Placing(), r"has 2 plane\(s\) but source_images has 3; pass plane_positions"),
        ((3, 31, 32), Placing(), "planes of 31 by 32 pixels but source_images of 32 by 32"),
        ((2, 32, 32), Placing(plane_positions=_positions(1, 2, 3)), r"plane_positions has 3 item\(s\)"),
        ((1, 30, 32), Placing(plane_positions=_positions(1)), "pass pixel_measures"),
    ],
)
def test_what_does_not_fit_the_source_is_refused(shape, placing, match):
    with pytest.raises(ValueError, match=match):
        layout_of(Source.of(ct_series(3)), shape, None, placing)


def test_a_volume_must_be_in_the_frame_of_reference():
    source = Source.of(ct_series(3))
    volume = _volume(source, -45, uid=False)
    with pytest.raises(ValueError, match="register them first"):
        layout_of(source, volume.spatial_shape, volume, Placing())
    with pytest.raises(TypeError, match="says itself where it lies"):
        layout_of(source, (2, 32, 32), _volume(source, -45), Placing(plane_positions=_positions(1, 2)))
    with pytest.raises(ValueError, match="no place in a frame of reference"):
        layout_of(Source.of([cr_image()]), (2, 32, 32), _volume(source, -45), Placing())


def test_only_slides_are_tiled():
    with pytest.raises(ValueError, match="not a tiled image"):
        tile_size_of(Source.of(ct_series(1)), True, None)
    with pytest.raises(ValueError, match="two positive integers"):
        tile_size_of(Source.of([slide()]), True, (0, 3))
    assert tile_size_of(Source.of(ct_series(1)), False, None) is None
