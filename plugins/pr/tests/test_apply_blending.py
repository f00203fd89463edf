from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from pydicom.dataset import Dataset
from states import HEADER

RED, GREEN, BLUE = np.eye(3, dtype=np.uint8) * 255


def palette(color):
    """From black to a colour, over the values of 12 bits."""
    ramp = np.linspace(0, 1, 4096)[:, None] * color
    return hd.PaletteColorLUTTransformation.from_combined_lut(np.rint(ramp * 257).astype(np.uint16))


def series(value, number, **parameters):
    """Make a series of one stored value, in the frame of reference of the others."""
    images = sources.ct_series(3, **parameters)
    for index, image in enumerate(images):
        image.SeriesInstanceUID = f"1.2.826.0.1.{number}"
        image.SOPInstanceUID = f"1.2.826.0.1.{number}.{index}"
        fill(image, np.full((image.Rows, image.Columns), value))
    return images


def fill(image, values):
    image.PixelRepresentation, image.BitsStored, image.HighBit = 0, 12, 11
    image.PixelData = np.asarray(values).astype(np.uint16).tobytes()


def blend(inputs, operations, **parameters):
    """Blend series; ``inputs`` are pairs of images and a colour."""
    entries = [
        hd.pr.AdvancedBlending(images, number, palette_color_lut_transformation=palette(color))
        for number, (images, color) in enumerate(inputs, 1)
    ]
    for entry in entries:  # what the images say of windows does not matter here
        for keyword in ("RescaleSlope", "RescaleIntercept", "RescaleType", "SoftcopyVOILUTSequence"):
            del entry[keyword]
    images = [image for images, _ in inputs for image in images]
    return hd.pr.AdvancedBlendingPresentationState(images, entries, operations, **HEADER, **parameters), images


def operation(mode, *numbers, result=None, opacity=None):
    inputs = [hd.pr.BlendingDisplayInput(number) for number in numbers]
    return hd.pr.BlendingDisplay(mode, inputs, blending_input_number=result, relative_opacity=opacity)


def all_of(shown):
    assert (shown == shown[0, 0]).all()
    return shown[0, 0].tolist()


def test_the_foreground_is_seen_with_its_opacity():
    state, images = blend(
        [(series(4095, 1), RED), (series(4095, 2), GREEN)], [operation("FOREGROUND", 1, 2, opacity=0.75)]
    )
    assert all_of(state.apply(images)) == [191, 64, 0]


def test_inputs_take_windows_over_from_their_images():
    images = sources.ct_series(2)
    images[1].WindowCenter, images[1].WindowWidth = "100", "50"
    entry = hd.pr.AdvancedBlending(images, 1, palette_color_lut_transformation=palette(RED))
    assert (entry.RescaleSlope, entry.RescaleIntercept) == (1, -1024)
    assert [int(item.WindowWidth) for item in entry.SoftcopyVOILUTSequence] == [400, 50]
    state = hd.pr.AdvancedBlendingPresentationState(images, [entry], [operation("EQUAL", 1)], **HEADER)
    for image in images:
        values = hd.Image.from_dataset(image).get_frame(1, apply_voi_transform=True)
        shown = state.apply([image, *images])[..., 0]
        assert np.abs(shown - values * 255.0).max() <= 1
    own = hd.pr.AdvancedBlending(
        images,
        1,
        modality_lut_transformation=hd.ModalityLUTTransformation(0, 1, "US"),
        voi_lut_transformations=[hd.pr.SoftcopyVOILUTTransformation(7, 9)],
        palette_color_lut_transformation=palette(RED),
    )
    assert own.RescaleIntercept == 0
    assert [int(item.WindowWidth) for item in own.SoftcopyVOILUTSequence] == [9]


def test_equal_inputs_are_averaged():
    state, images = blend(
        [(series(4095, 1), RED), (series(4095, 2), GREEN), (series(2048, 3), BLUE)], [operation("EQUAL", 1, 2, 3)]
    )
    assert all_of(state.apply(images)) == [85, 85, 43]


def test_results_are_inputs_of_other_operations():
    state, images = blend(
        [(series(4095, 1), RED), (series(4095, 2), GREEN), (series(4095, 3), BLUE)],
        [operation("FOREGROUND", 4, 3, opacity=0.5), operation("EQUAL", 1, 2, result=4)],
    )
    assert all_of(state.apply(images)) == [64, 64, 128]


@pytest.mark.parametrize("mode", ["FOREGROUND", "EQUAL"])
def test_where_one_input_is_padding_the_other_is_seen_as_it_is(mode):
    front, back = series(4095, 1), series(4095, 2)
    for images, half in ((front, slice(0, 16)), (back, slice(24, 32))):
        for image in images:
            values = np.full((32, 32), 4095)
            values[:, half] = 7
            fill(image, values)
            image.PixelPaddingValue = 7
    opacity = 0.25 if mode == "FOREGROUND" else None
    state, images = blend([(front, RED), (back, GREEN)], [operation(mode, 1, 2, opacity=opacity)])
    shown = state.apply(images)
    mixed = [64, 191, 0] if mode == "FOREGROUND" else [128, 128, 0]
    assert shown[0, [0, 15, 16, 23, 24, 31]].tolist() == [[0, 255, 0]] * 2 + [mixed] * 2 + [[255, 0, 0]] * 2


def test_what_is_padding_in_all_inputs_is_black():
    images = series(7, 1)
    for image in images:
        image.PixelPaddingValue = 7
    state, images = blend([(images, RED)], [operation("EQUAL", 1)])
    assert all_of(state.apply(images)) == [0, 0, 0]


def threshold(kind, *values):
    made = Dataset()
    made.ThresholdType = kind
    made.ThresholdValueSequence = [Dataset() for _ in values]
    for item, value in zip(made.ThresholdValueSequence, values, strict=True):
        item.ThresholdValue = float(value)
    return made


THRESHOLDS = {
    "RANGE_INCL": ([100, 300], [False, True, True, True, False]),
    "RANGE_EXCL": ([100, 300], [True, True, False, True, True]),
    "GREATER_OR_EQUAL": ([200], [False, False, True, True, True]),
    "LESS_OR_EQUAL": ([200], [True, True, True, False, False]),
    "GREATER_THAN": ([200], [False, False, False, True, True]),
    "LESS_THAN": ([200], [True, True, False, False, False]),
}


def over_steps(*thresholds, slope=None):
    """Get where a front of the values 0, 100, 200, 300, 400 is shown over a back."""
    front, back = series(0, 1), series(4095, 2)
    steps = np.arange(32) // 7 * 100
    for image in front:
        fill(image, np.broadcast_to(steps, (32, 32)))
    state, images = blend([(front, RED), (back, GREEN)], [operation("FOREGROUND", 1, 2, opacity=1.0)])
    state.AdvancedBlendingSequence[0].ThresholdSequence = list(thresholds)
    if slope is not None:
        state.AdvancedBlendingSequence[0].RescaleSlope = slope
        state.AdvancedBlendingSequence[0].RescaleIntercept = 0
    return (state.apply(images)[5, ::7, 1] == 0).tolist()


@pytest.mark.parametrize("kind", THRESHOLDS)
def test_values_that_thresholds_keep_out_are_like_padding(kind):
    numbers, shown = THRESHOLDS[kind]
    assert over_steps(threshold(kind, *numbers)) == shown
    assert over_steps(threshold(kind, *numbers[::-1])) == shown


def test_one_of_several_thresholds_is_enough():
    thresholds = threshold("LESS_THAN", 100), threshold("GREATER_THAN", 300)
    assert over_steps(*thresholds) == [True, False, False, False, True]


def test_thresholds_are_of_modality_values():
    assert over_steps(threshold("GREATER_THAN", 150), slope=0.5) == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (threshold("NOT_EQUAL", 1), "ThresholdType is 'NOT_EQUAL'; expected one of RANGE_INCL"),
        (threshold("RANGE_INCL", 1), "type RANGE_INCL has 1 values; expected 2"),
    ],
)
def test_thresholds_that_say_nothing_are_refused(made, message):
    with pytest.raises(ValueError, match=message):
        over_steps(made)


def test_colours_have_no_thresholds():
    slide = sources.slide()
    entry = hd.pr.AdvancedBlending([slide], 1)
    state = hd.pr.AdvancedBlendingPresentationState([slide], [entry], [operation("EQUAL", 1)], **HEADER)
    state.AdvancedBlendingSequence[0].ThresholdSequence = [threshold("LESS_THAN", 9)]
    with pytest.raises(ValueError, match="input 1 has thresholds, but is of colours"):
        state.apply(slide)


def at(value):
    return round(value / 4095 * 255)


def test_inputs_are_resampled_where_the_geometry_input_is():
    grid = series(0, 1, pixel_spacing=(0.5, 0.5))
    other = series(0, 2, rows=8, columns=8, pixel_spacing=(2.0, 2.0), position=(-12.0, -12.0, -50.0))
    for number, image in enumerate(other):
        fill(image, np.arange(8)[None, :].repeat(8, axis=0) * 100 + number * 1000)
    state, _ = blend([(grid, RED), (other, GREEN)], [operation("EQUAL", 1, 2)])
    for number, image in enumerate(grid):
        shown = state.apply([image, *grid, *other])
        # four columns of the grid lie on one of the other
        assert shown[0, 4].tolist() == [0, round(at(100 + number * 1000) / 2), 0]
        assert abs(int(shown[5, 6, 1]) - at(150 + number * 1000) / 2) <= 1
    assert shown[0, 31, 1] == 0  # 15.5 mm from the first: beyond the last column of the other, 0 there and alone
    assert shown[0, 29, 1] > 0


def test_planes_between_those_of_an_input_are_interpolated():
    grid = series(0, 1)
    other = series(0, 2, position=(-12.0, -12.0, -50.0 - 1.25))
    for number, image in enumerate(other):
        fill(image, np.full((32, 32), 1000 * number))
    state, _ = blend([(grid, RED), (other, GREEN)], [operation("FOREGROUND", 2, 1, opacity=1.0)])
    assert [int(state.apply([image, *grid, *other])[9, 9, 1]) for image in grid] == [at(500), at(1500), at(2000)]


def test_planes_that_cross_are_resampled():
    grid = series(0, 1, rows=8, columns=8)
    other = series(0, 2, image_orientation=(1.0, 0.0, 0.0, 0.0, 0.0, 1.0), position=(-12.0, -12.0, -60.0))
    for image in other:
        fill(image, np.arange(32)[:, None].repeat(32, axis=1) * 100)  # rises with z
    state, _ = blend([(grid, RED), (other, GREEN)], [operation("FOREGROUND", 2, 1, opacity=1.0)])
    shown = state.apply([grid[0], *other])
    assert abs(int(shown[0, 3, 1]) - at(10.0 / 0.75 * 100)) <= 1


def test_the_first_image_is_the_one_that_is_seen():
    grid = series(4095, 1)
    for number, image in enumerate(grid):
        fill(image, np.full((32, 32), 1000 * (number + 1)))
    state, images = blend([(grid, RED)], [operation("EQUAL", 1)])
    assert [int(state.apply([image, *images])[0, 0, 0]) for image in grid] == [at(1000), at(2000), at(3000)]


def test_inputs_that_name_no_images_are_whole_series():
    front, back = series(4095, 1), series(4095, 2)
    state, images = blend([(front, RED), (back, GREEN)], [operation("FOREGROUND", 1, 2, opacity=0.75)])
    expected = state.apply(images)
    for entry in state.AdvancedBlendingSequence:
        del entry.ReferencedImageSequence
    assert np.array_equal(state.apply(images), expected)
    with pytest.raises(ValueError, match="blending input 2"):
        state.apply(front)


def test_grayscale_without_a_palette_stays_gray():
    state, images = blend([(series(2048, 1), RED)], [operation("EQUAL", 1)])
    del state.AdvancedBlendingSequence[0].PaletteColorLookupTableSequence
    assert all_of(state.apply(images)) == [128, 128, 128]


def test_colour_images_are_blended():
    slide = sources.slide()
    entry = hd.pr.AdvancedBlending([slide], 1)
    state = hd.pr.AdvancedBlendingPresentationState([slide], [entry], [operation("EQUAL", 1)], **HEADER)
    shown = state.apply(slide)
    matrix = hd.Image.from_dataset(slide).get_total_pixel_matrix(apply_icc_profile=False)
    assert np.abs(shown - matrix).max() <= 1


def without_an_input(state, images):
    return state.apply(images[:3])


def without_the_geometry(state, images):
    return state.apply(images[3:])


def elsewhere(state, images):
    images[4].FrameOfReferenceUID = "1.2.3"
    return state.apply(images)


def of_two_sizes(state, images):
    fill(images[4], np.zeros((16, 16)))
    images[4].Rows = images[4].Columns = 16
    return state.apply(images)


def not_parallel(state, images):
    images[4].ImageOrientationPatient = [1, 0, 0, 0, 0, 1]
    return state.apply(images)


def nowhere(state, images):
    for image in images[3:]:
        del image.ImagePositionPatient
    return state.apply(images)


def in_a_circle(state, images):
    state.BlendingDisplaySequence.append(operation("EQUAL", 4, result=4))
    state.BlendingDisplaySequence[0].BlendingDisplayInputSequence[0].BlendingInputNumber = 4
    return state.apply(images)


def of_nothing(state, images):
    state.BlendingDisplaySequence[0].BlendingDisplayInputSequence[0].BlendingInputNumber = 9
    return state.apply(images)


def without_result(state, images):
    state.BlendingDisplaySequence[0].BlendingInputNumber = 9
    return state.apply(images)


REFUSED = {
    without_an_input: "blending input 2",
    without_the_geometry: "blending input 1",
    elsewhere: "frames of reference",
    of_two_sizes: "several sizes",
    not_parallel: "not parallel",
    nowhere: "do not say where they lie",
    in_a_circle: "its own result",
    of_nothing: "input 9",
    without_result: "no blending operation",
}


@pytest.mark.parametrize("apply", REFUSED, ids=lambda apply: apply.__name__)
def test_what_cannot_be_blended_is_refused(apply):
    state, images = blend(
        [(series(4095, 1), RED), (series(4095, 2), GREEN)], [operation("FOREGROUND", 1, 2, opacity=0.75)]
    )
    with pytest.raises(ValueError, match=REFUSED[apply]):
        apply(state, images)
