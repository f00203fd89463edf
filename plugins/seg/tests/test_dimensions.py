"""Planes in time, in stacks and at places of their own: the dimensions that a caller chooses."""

from __future__ import annotations

import ast

import hdcore
import numpy as np
import pytest
from hdcore.model.plane import PixelMeasuresSequence, PlanePositionSequence
from hdcore.testing.interop import dciodvfy
from hdcore.testing.sources import ct_series, enhanced_ct, slide, us_cine
from hdcore.uid import UID
from seg_making import again, make

PLACE = "ImagePositionPatient"
TIME = "TemporalPositionIndex"


def timed_series(slices=3, times=2, **attributes):
    """Give a series that shows the same slices at several points in time, one after the other."""
    images = []
    for time in range(times):
        for image in ct_series(slices, 12, 14):
            image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = UID()
            image.InstanceNumber = len(images) + 1
            for keyword in attributes:
                setattr(image, keyword, time + 1)
            images.append(image)
    return images


LABELS = np.random.default_rng(3).integers(0, 3, (6, 12, 14), np.uint8)
MOVING = timed_series()
UIDS = [image.SOPInstanceUID for image in MOVING]


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
@pytest.mark.parametrize("first", [TIME, PLACE])
def test_slices_at_several_points_in_time_are_segmented(kind, first):
    values = {TIME: [1, 1, 1, 2, 2, 2], PLACE: None}
    dimensions = {name: values[name] for name in sorted(values, key=lambda name: name != first)}
    segmentation = again(make(MOVING, LABELS, kind, dimensions=dimensions))
    assert segmentation.DimensionOrganizationType == "3D_TEMPORAL"
    np.testing.assert_array_equal(segmentation.get_pixels_by_source_instance(UIDS, combine_segments=True), LABELS)
    assert (segmentation.frame_table["derivations"].counts == 1).all()
    indices = [[2, 1] if first == TIME else [1, 2], [1, 3] if first == TIME else [3, 1]]  # the normal points down
    found = segmentation.get_pixels_by_dimension_index_values(indices, combine_segments=True)
    np.testing.assert_array_equal(found, LABELS[[5, 0]])
    assert dciodvfy(segmentation) == []
    assert list(hdcore.validate(segmentation)) == []
    with pytest.raises(RuntimeError, match="at the same position"):
        segmentation.get_volume()


def test_planes_at_one_place_are_refused_with_the_dimensions_that_tell_them_apart():
    with pytest.raises(ValueError, match=r"planes 0 and 3 at the same place .*\(ImagePositionPatient\)") as refused:
        make(MOVING, LABELS)
    example = ast.literal_eval(str(refused.value).partition("dimensions=")[2].partition(" (None")[0])
    assert example == {TIME: [1, 1, 1, 2, 2, 2], PLACE: None}
    assert make(MOVING, LABELS, dimensions=example).number_of_frames == 12


def test_planes_at_one_place_are_refused_also_where_no_segment_is_in_both():
    labels = np.zeros_like(LABELS)
    labels[0, 2:4], labels[3, 2:4] = 1, 2
    with pytest.raises(ValueError, match="planes 0 and 3 at the same place"):
        make(MOVING, labels)


def test_a_time_without_the_place_is_refused_naming_the_place():
    with pytest.raises(ValueError, match="let dimensions end with 'ImagePositionPatient': None"):
        make(MOVING, LABELS, dimensions={TIME: [1, 1, 1, 2, 2, 2]})


def test_a_long_list_of_planes_is_shown_in_part():
    images = timed_series(slices=15)
    with pytest.raises(ValueError, match=r"1, 2, 2, 2, 2, 2, 2, 2, 2, 2, …\], 'ImagePositionPatient': None"):
        make(images, np.ones((30, 12, 14), np.uint8), numbers=(1,))


@pytest.mark.parametrize(
    ("dimension", "keyword"), [(TIME, "TemporalPositionIdentifier"), ("FrameAcquisitionNumber", "AcquisitionNumber")]
)
def test_the_time_is_taken_from_images_that_say_it(dimension, keyword):
    images = timed_series(**{keyword: True})
    segmentation = again(make(images, LABELS, dimensions=[dimension, PLACE]))
    column = "temporal_position_index" if dimension == TIME else "frame_acquisition_number"
    assert segmentation.frame_table[column].tolist() == [1, 1, 1, 2, 2, 2] * 2


def test_a_time_that_no_image_says_must_be_given():
    with pytest.raises(ValueError, match="TemporalPositionIndex without values, and source_images do not say it"):
        make(MOVING, LABELS, dimensions=[TIME, PLACE])


def test_dimensions_are_taken_from_the_frames_of_a_multi_frame_image():
    image = enhanced_ct(6, 12, 14)
    segmentation = again(make([image], LABELS, dimensions=["StackID", "InStackPositionNumber"]))
    assert segmentation.frame_table["in_stack_position_number"].tolist() == [1, 2, 3, 4, 5, 6] * 2


def test_given_positions_may_repeat_if_a_dimension_tells_them_apart():
    positions = [PlanePositionSequence("PATIENT", [0.0, 0.0, 4.0 * (index % 2)]) for index in range(4)]
    options = {"plane_positions": positions, "pixel_measures": PixelMeasuresSequence([2.0, 2.0], 4.0)}
    masks = np.random.default_rng(0).integers(0, 2, (4, 5, 6), np.uint8)
    with pytest.raises(ValueError, match="planes 0 and 2 at the same place"):
        make(MOVING, masks, numbers=(1,), **options)
    segmentation = again(make(MOVING, masks, numbers=(1,), dimensions={TIME: [1, 1, 2, 2], PLACE: None}, **options))
    found = segmentation.get_pixels_by_dimension_index_values([[1, 2], [1, 1], [2, 2], [2, 1]])
    np.testing.assert_array_equal(found[..., 0], masks)


def test_the_positions_of_the_sources_themselves_keep_each_plane_on_its_image():
    positions = [PlanePositionSequence("PATIENT", image.ImagePositionPatient) for image in MOVING]
    dimensions = {TIME: [1, 1, 1, 2, 2, 2], PLACE: None}
    segmentation = again(make(MOVING, LABELS, plane_positions=positions, dimensions=dimensions))
    np.testing.assert_array_equal(segmentation.get_pixels_by_source_instance(UIDS, combine_segments=True), LABELS)


def test_an_organization_in_space_only_is_refused_for_planes_in_time():
    with pytest.raises(ValueError, match="'3D', but the frames are at several points in time"):
        make(MOVING, LABELS, dimensions={TIME: [1, 1, 1, 2, 2, 2], PLACE: None}, dimension_organization_type="3D")
    with pytest.raises(ValueError, match="'3D_TEMPORAL', but the frames have no TemporalPositionIndex"):
        make(MOVING[:3], LABELS[:3], dimension_organization_type="3D_TEMPORAL")


def test_stacks_at_one_place_are_no_volume():
    dimensions = {"StackID": ["a"] * 3 + ["b"] * 3, "InStackPositionNumber": [1, 2, 3] * 2}
    segmentation = make(MOVING, LABELS, dimensions=dimensions)
    assert "DimensionOrganizationType" not in segmentation
    with pytest.raises(ValueError, match="several of them are at the same position"):
        make(MOVING, LABELS, dimensions=dimensions, dimension_organization_type="3D")


@pytest.mark.parametrize(
    "dimensions",
    [
        {"TemporalPositionIndex": [5, 4, 3, 2, 1]},
        {"FrameLabel": list("abcde")},
        {"FrameAcquisitionNumber": [1, 2, 3, 4, 5]},
        {"StackID": list("aabbb"), "InStackPositionNumber": [1, 2, 1, 2, 3]},
    ],
)
@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_frames_without_a_place_are_ordered_as_the_caller_says(kind, dimensions):
    cine, labels = us_cine(), np.random.default_rng(4).integers(0, 3, (5, 24, 32), np.uint8)
    segmentation = again(make([cine], labels, kind, dimensions=dimensions))
    found = segmentation.get_pixels_by_source_frame(cine.SOPInstanceUID, [1, 2, 3, 4, 5], combine_segments=True)
    np.testing.assert_array_equal(found, labels)
    assert dciodvfy(segmentation) == []


def test_focal_planes_of_a_slide_are_told_apart_by_their_depth():
    image = slide(organization="TILED_SPARSE")
    frames = image.PerFrameFunctionalGroupsSequence
    image.NumberOfFrames = 2
    image.PerFrameFunctionalGroupsSequence = frames[:2]
    for keyword in ("RowPositionInTotalImagePixelMatrix", "ColumnPositionInTotalImagePixelMatrix"):
        setattr(frames[1].PlanePositionSlideSequence[0], keyword, 1)
    frames[1].PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem = 0.002
    masks = np.ones((2, image.Rows, image.Columns), np.uint8)
    with pytest.raises(ValueError, match="end with 'ZOffsetInSlideCoordinateSystem': None"):
        make([image], masks, numbers=(1,))
