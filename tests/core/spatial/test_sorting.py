from __future__ import annotations

import pytest

from hdcore import CoordinateSystemNames, spatial
from hdcore.testing import sources


def test_images_are_sorted_along_the_normal() -> None:
    series = sources.ct_series()
    order = spatial.get_dataset_sort_index(series)
    heights = [float(series[index].ImagePositionPatient[2]) for index in order]
    assert heights == sorted(heights, reverse=True)
    assert [image.SOPInstanceUID for image in spatial.sort_datasets(series, handedness="LEFT_HANDED")] == [
        series[index].SOPInstanceUID for index in reversed(order)
    ]


def test_a_series_is_a_volume_in_any_order() -> None:
    series = sources.ct_series()
    spacing, places = spatial.get_series_volume_positions(series)
    _, shuffled = spatial.get_series_volume_positions([series[2], series[0], series[3], series[1]])
    assert places is not None
    assert shuffled == [places[2], places[0], places[3], places[1]]
    assert spacing == pytest.approx(2.5)
    assert spatial.get_series_volume_positions(series[:1]) == (1.0, [0])


def test_missing_images_are_left_out_on_request() -> None:
    series = sources.ct_series()
    del series[1]
    assert spatial.get_series_volume_positions(series) == (None, None)
    assert spatial.get_series_volume_positions(series, allow_missing_positions=True)[1] == [3, 1, 0]
    for image in series:
        image.SpacingBetweenSlices = 1.25
    assert spatial.get_series_volume_positions(series, allow_missing_positions=True) == (1.25, [6, 2, 0])


@pytest.mark.parametrize(
    ("keyword", "value", "words"),
    [
        ("ImageOrientationPatient", [0, 1, 0, 1, 0, 0], "differ in orientation"),
        ("FrameOfReferenceUID", "1.2.3", "differ in FrameOfReferenceUID"),
        ("Rows", 7, "differ in Rows"),
    ],
)
def test_images_that_do_not_belong_together_are_named(keyword: str, value: object, words: str) -> None:
    series = sources.ct_series()
    setattr(series[1], keyword, value)
    assert spatial.get_series_volume_positions(series) == (None, None)
    with pytest.raises(spatial.StackError, match=words) as caught:
        spatial.find_series_stack(series)
    assert caught.value.problem is spatial.StackProblem.INCONSISTENT_PLANES


def test_small_differences_of_orientation_are_tolerated_on_request() -> None:
    series = sources.ct_series()
    series[1].ImageOrientationPatient = [1, 0.0005, 0, 0, 1, 0]
    assert spatial.get_series_volume_positions(series) == (None, None)
    assert spatial.get_series_volume_positions(series, orientation_tol=1e-3)[0] == pytest.approx(2.5)
    with pytest.raises(ValueError, match="no common order"):
        spatial.get_dataset_sort_index(series)


def test_what_is_no_single_frame_image_in_space_is_refused() -> None:
    with pytest.raises(ValueError, match="datasets is empty"):
        spatial.get_dataset_sort_index([])
    with pytest.raises(ValueError, match="Image 0 is a multi-frame image"):
        spatial.get_series_volume_positions([sources.enhanced_ct()])
    with pytest.raises(AttributeError, match=r"Image 0 .* has no Image Position"):
        spatial.get_dataset_sort_index([sources.cr_image()])


def test_the_coordinate_system_is_the_patients_the_slides_or_none() -> None:
    assert spatial.get_image_coordinate_system(sources.ct_series()[0]) is CoordinateSystemNames.PATIENT
    assert spatial.get_image_coordinate_system(sources.enhanced_ct()) is CoordinateSystemNames.PATIENT
    assert spatial.get_image_coordinate_system(sources.slide()) is CoordinateSystemNames.SLIDE
    assert spatial.get_image_coordinate_system(sources.cr_image()) is None
    assert spatial.is_tiled_image(sources.slide())
    assert not spatial.is_tiled_image(sources.enhanced_ct())
