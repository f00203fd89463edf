from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from images import windowed
from pydicom.dataset import Dataset
from states import grayscale, pseudo_color

SLOPE, INTERCEPT = 2.0, -5.0
CENTER, WIDTH = 10.0, 900.0


def angiogram():
    return sources.enhanced_ct(frames=6, rows=12, columns=10)


def with_mask(image, make=grayscale, **mask):
    state = make(
        images=[image],
        modality_lut_transformation=hd.ModalityLUTTransformation(INTERCEPT, SLOPE, "US"),
        voi_lut_transformations=windowed(CENTER, WIDTH),
    )
    item = Dataset()
    for keyword, value in mask.items():
        setattr(item, keyword, value)
    state.MaskSubtractionSequence = [item]
    state.RecommendedViewingMode = "SUB"
    return state


def values(image, *numbers):
    frames = hd.Image.from_dataset(image)
    return np.mean([frames.get_stored_frame(number) * SLOPE + INTERCEPT for number in numbers], axis=0)


def shown_of(difference):
    return np.rint(255 * np.clip((difference - (CENTER - 0.5)) / (WIDTH - 1) + 0.5, 0, 1))


def test_masks_are_averaged_and_taken_off():
    image = angiogram()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=[1, 3], ContrastFrameAveraging=1)
    difference = values(image, 5) - values(image, 1, 3)
    assert (difference < 0).any()
    np.testing.assert_array_equal(state.apply(image, 5), shown_of(difference))


def test_contrast_frames_are_averaged_from_the_one_that_is_shown():
    image = angiogram()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=1, ContrastFrameAveraging=3)
    np.testing.assert_array_equal(state.apply(image, 4), shown_of(values(image, 4, 5, 6) - values(image, 1)))


@pytest.mark.parametrize(("offset", "other"), [({"TIDOffset": 2}, 1), ({"TIDOffset": None}, 2), ({"TIDOffset": -3}, 6)])
def test_differences_in_time_are_to_the_frame_at_the_offset(offset, other):
    image = angiogram()
    state = with_mask(image, MaskOperation="TID", **offset)
    np.testing.assert_array_equal(state.apply(image, 3), shown_of(values(image, 3) - values(image, other)))


def test_masks_are_shifted_down_and_to_the_right():
    image = angiogram()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=1, MaskSubPixelShift=[2.0, 0.5])
    mask = values(image, 1)
    moved = np.vstack([mask[:1], mask[:1], mask[:-2]])
    moved[:, 1:] = (moved[:, :-1] + moved[:, 1:]) / 2
    np.testing.assert_array_equal(state.apply(image, 5), shown_of(values(image, 5) - moved))


@pytest.mark.parametrize(
    ("mask", "number"),
    [
        ({"MaskOperation": "TID", "TIDOffset": 2}, 2),
        ({"MaskOperation": "AVG_SUB", "MaskFrameNumbers": 1, "ContrastFrameAveraging": 3}, 5),
    ],
)
def test_frames_beyond_the_reach_of_the_operation_are_shown_as_they_are(mask, number):
    image = angiogram()
    np.testing.assert_array_equal(with_mask(image, **mask).apply(image, number), shown_of(values(image, number)))


def test_without_a_window_no_difference_is_the_middle_gray():
    image = angiogram()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=2)
    del state.SoftcopyVOILUTSequence
    assert set(np.unique(state.apply(image, 2))) == {128}


def test_differences_are_coloured():
    image = angiogram()
    state = with_mask(image, pseudo_color, MaskOperation="AVG_SUB", MaskFrameNumbers=1)
    plain = with_mask(image, pseudo_color, MaskOperation="TID", TIDOffset=99)
    assert state.apply(image, 5).shape == (12, 10, 3)
    assert (state.apply(image, 5) != plain.apply(image, 5)).any()
    assert (state.apply(image, 1) == state.apply(image, 1)[0, 0]).all()


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        ({"MaskOperation": "REV_TID"}, "MaskOperation is 'REV_TID'; expected AVG_SUB or TID"),
        ({"MaskOperation": "AVG_SUB"}, "AVG_SUB has no MaskFrameNumbers"),
    ],
)
def test_operations_that_states_cannot_have_are_refused(mask, message):
    image = angiogram()
    with pytest.raises(ValueError, match=message):
        with_mask(image, **mask).apply(image, 3)
