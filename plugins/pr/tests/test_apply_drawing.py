from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from images import plain, ramp, setting, state_of, windowed
from states import HEADER

DARK = {"voi_lut_transformations": windowed(90000, 10)}  # all black


def drawn(shapes=(), texts=(), color=None, image=None, **apply):
    """Draw on black."""
    image = image or ramp()
    layer = hd.pr.GraphicLayer("LAYER", 1, display_color=color)
    annotation = hd.pr.GraphicAnnotation([image], layer, graphic_objects=shapes, text_objects=texts)
    state = state_of(image, graphic_annotations=[annotation], graphic_layers=[layer], **DARK)
    return state.apply(image, **apply)


def shape(kind, points, units="PIXEL", **more):
    return hd.pr.GraphicObject(kind, np.array(points, float), units, **more)


def test_points_are_pixels():
    shown = drawn([shape("POINT", [[3.5, 9.5]]), shape("POINT", [[63.9, 0.1]])])
    assert np.argwhere(shown).tolist() == [[0, 63], [9, 3]]


def test_polylines_join_their_points():
    shown = drawn([shape("POLYLINE", [[2.5, 4.5], [20.5, 4.5], [20.5, 12.5]])])
    expected = np.zeros((64, 64), np.uint8)
    expected[4, 2:21] = expected[4:13, 20] = 255
    np.testing.assert_array_equal(shown, expected)


def test_filled_polylines_are_solid():
    square = [[2.5, 4.5], [20.5, 4.5], [20.5, 12.5], [2.5, 12.5], [2.5, 4.5]]
    assert (drawn([shape("POLYLINE", square, is_filled=True)])[4:13, 2:21] == 255).all()
    assert not drawn([shape("POLYLINE", square)])[6:11, 4:19].any()


def distances(shown, center):
    rows, columns = np.nonzero(shown)
    return np.hypot(columns + 0.5 - center[0], rows + 0.5 - center[1])


def test_circles_are_round():
    found = distances(drawn([shape("CIRCLE", [[32, 30], [32, 45]])]), (32, 30))
    assert len(found) > 70
    assert np.abs(found - 15).max() < 1
    filled = drawn([shape("CIRCLE", [[32, 30], [32, 45]], is_filled=True)])
    assert np.count_nonzero(filled) == pytest.approx(np.pi * 15**2, rel=0.1)


def test_circles_stay_round_on_displays_of_another_shape():
    shown = drawn([shape("CIRCLE", [[0.5, 0.5], [0.5, 0.75]], "DISPLAY")], image=ramp(rows=32, columns=64))
    found = distances(shown, (32, 16))
    assert np.abs(found - 8).max() < 1


def test_ellipses_reach_the_ends_of_their_axes():
    shown = drawn([shape("ELLIPSE", [[10.5, 30.5], [50.5, 30.5], [30.5, 20.5], [30.5, 40.5]])])
    rows, columns = np.nonzero(shown)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (10, 50, 20, 40)
    leaning = drawn([shape("ELLIPSE", [[20, 20], [44, 44], [36, 28], [28, 36]])])
    np.testing.assert_array_equal(leaning[20:44, 20:44] > 0, leaning[20:44, 20:44].T > 0)


def test_interpolated_curves_go_through_their_points():
    points = np.array([[5.5, 30.5], [20.5, 10.5], [40.5, 50.5], [60.5, 30.5]])
    shown = drawn([shape("INTERPOLATED", points)])
    assert all(shown[int(y), int(x)] for x, y in points)
    assert np.count_nonzero(shown != drawn([shape("POLYLINE", points)])) > 20
    loop = np.array([[10, 10], [50, 10], [50, 50], [10, 50], [10, 10.0]])
    assert drawn([shape("INTERPOLATED", loop)])[:8].any()  # smooth at the corner where it closes, too


def test_display_units_are_parts_of_the_displayed_area():
    shown = drawn([shape("POLYLINE", [[0, 0.5], [1, 0.5]], "DISPLAY")], size=(128, 256))
    rows, columns = np.nonzero(shown)
    assert set(rows) == {64}
    assert (columns.min(), columns.max()) == (64, 192)  # the square image in the middle of the wide display


def test_pixel_units_follow_the_image_when_it_is_enlarged():
    shown = drawn([shape("POLYLINE", [[16, 0], [16, 64]])], size=(256, 256))
    assert set(np.nonzero(shown)[1]) == {64}


def test_matrix_units_are_those_of_the_total_pixel_matrix():
    image = sources.slide()
    layer = hd.pr.GraphicLayer("LAYER", 1, display_color=hd.color.CIELabColor.from_string("lime"))
    point = shape("POINT", [[40.5, 33.5]], "MATRIX")
    annotation = hd.pr.GraphicAnnotation([image], layer, graphic_objects=[point])
    state = hd.pr.ColorSoftcopyPresentationState(
        [image], graphic_annotations=[annotation], graphic_layers=[layer], **HEADER
    )
    shown, without = state.apply(image), state.apply(image, apply_annotations=False)
    assert shown.shape == (image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns, 3)
    assert np.argwhere((shown != without).any(axis=2)).tolist() == [[33, 40]]
    assert tuple(shown[33, 40]) == (0, 255, 0)


def test_layers_have_their_colours():
    red = hd.color.CIELabColor.from_string("red")
    line = shape("POLYLINE", [[0.5, 4.5], [60.5, 4.5]])
    assert tuple(drawn([line], color=red, as_rgb=True)[4, 30]) == (255, 0, 0)
    assert drawn([line], color=red)[4, 30] == 76  # its luma
    assert tuple(drawn([line], as_rgb=True)[4, 30]) == (255, 255, 255)


def test_lines_have_styles_of_their_own():
    from pydicom.dataset import Dataset

    line = shape("POLYLINE", [[0.5, 20.5], [60.5, 20.5]])
    style = Dataset()
    style.PatternOnColorCIELabValue = list(hd.color.CIELabColor.from_string("blue").value)
    style.LineThickness = 3.0
    line.LineStyleSequence = [style]
    shown = drawn([line], as_rgb=True)
    assert (shown[19:22, 30] == (0, 0, 255)).all()


def test_later_layers_cover_earlier_ones():
    image = ramp()
    layers = [
        hd.pr.GraphicLayer(name, order, display_color=hd.color.CIELabColor.from_string(color))
        for name, order, color in (("TOP", 2, "red"), ("BOTTOM", 1, "blue"))
    ]
    line = shape("POLYLINE", [[0.5, 20.5], [60.5, 20.5]])
    annotations = [hd.pr.GraphicAnnotation([image], layer, graphic_objects=[line]) for layer in layers]
    state = state_of(image, graphic_annotations=annotations, graphic_layers=layers, **DARK)
    assert tuple(state.apply(image, as_rgb=True)[20, 30]) == (255, 0, 0)


def test_annotations_are_drawn_on_their_images_and_frames_alone():
    image = sources.enhanced_ct(frames=3)
    layer = hd.pr.GraphicLayer("LAYER", 1)
    line = shape("POLYLINE", [[0.5, 2.5], [6.5, 2.5]])
    annotation = hd.pr.GraphicAnnotation([image], layer, referenced_frame_number=2, graphic_objects=[line])
    state = state_of(image, graphic_annotations=[annotation], graphic_layers=[layer], **DARK)
    assert [state.apply(image, number).any() for number in (1, 2, 3)] == [False, True, False]


def inked(shown):
    rows, columns = np.nonzero(shown)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize("justification", ["LEFT", "CENTER", "RIGHT"])
def test_texts_stand_in_their_boxes(justification):
    image = ramp(rows=128, columns=256)
    text = hd.pr.TextObject("two\nlines", "PIXEL", bounding_box=(40, 20, 200, 80), text_justification=justification)
    left, top, right, bottom = inked(drawn(texts=[text], image=image))
    assert 40 <= left < right <= 200
    assert 20 <= top < bottom <= 80
    beside = {"LEFT": left - 40, "RIGHT": 200 - right, "CENTER": abs((left + right) / 2 - 120)}[justification]
    assert beside <= 3


def test_anchors_are_marked_if_they_are_visible():
    def text(**more):
        return [hd.pr.TextObject("here", "PIXEL", anchor_point=(20, 30), **more)]

    assert drawn(texts=text())[30, 20] == 255
    hidden = drawn(texts=text(anchor_point_visible=False))
    assert not hidden[30, 20]
    assert hidden.any()


def test_a_line_leads_from_an_anchor_to_the_box():
    text = hd.pr.TextObject("x", "PIXEL", bounding_box=(40, 40, 60, 60), anchor_point=(10, 10))
    shown = drawn(texts=[text])
    assert shown[24:26, 24:26].any()


def test_annotations_can_be_left_out():
    assert not drawn([shape("CIRCLE", [[32, 30], [32, 45]])], apply_annotations=False).any()


@pytest.mark.parametrize("place", [-7.0, 1e7, 1e30, -1e30])
def test_what_lies_outside_of_the_image_is_not_seen(place):
    image = ramp()
    layer = hd.pr.GraphicLayer("LAYER", 1)
    shapes = [shape("CIRCLE", [[32, 30], [32, 33]]), shape("POLYLINE", [[1, 1], [2, 2]]), shape("POINT", [[3.5, 4.5]])]
    texts = [
        hd.pr.TextObject("x", "PIXEL", anchor_point=(3, 3)),
        hd.pr.TextObject("x", "PIXEL", bounding_box=(3, 3, 4, 4)),
    ]
    annotation = hd.pr.GraphicAnnotation([image], layer, graphic_objects=shapes, text_objects=texts)
    state = state_of(image, graphic_annotations=[annotation], graphic_layers=[layer], **DARK)
    made = state.GraphicAnnotationSequence[0]
    for drawn in made.GraphicObjectSequence:
        drawn.GraphicData = [place, place, place + 3.0, place + 3.0][: len(drawn.GraphicData)]
    made.TextObjectSequence[0].AnchorPoint = [place, place]
    box = made.TextObjectSequence[1]
    box.BoundingBoxTopLeftHandCorner, box.BoundingBoxBottomRightHandCorner = [place] * 2, [place - 9.0] * 2
    assert not state.apply(image).any()


def test_what_cannot_be_drawn_is_left_out():
    image = ramp()
    layer = hd.pr.GraphicLayer("LAYER", 1)
    shapes = [shape("CIRCLE", [[32, 30], [32, 45]]), shape("POINT", [[3.5, 4.5]])]
    text = hd.pr.TextObject("x", "PIXEL", anchor_point=(3, 3))
    annotation = hd.pr.GraphicAnnotation([image], layer, graphic_objects=shapes, text_objects=[text])
    state = state_of(image, graphic_annotations=[annotation], graphic_layers=[layer], **DARK)
    made = state.GraphicAnnotationSequence[0]
    made.GraphicObjectSequence[0].GraphicType = "SQUIRCLE"
    del made.TextObjectSequence[0].AnchorPoint
    del state.GraphicLayerSequence
    with pytest.warns(hd.errors.HdcoreWarning) as warned:
        shown = state.apply(image)
    assert {str(one.message).split()[1] for one in warned} >= {"shape", "text"}
    assert np.argwhere(shown).tolist() == [[4, 3]]


def test_colours_of_pseudo_colour_states_are_those_of_the_palette():
    image = ramp(8, allocated=8)
    colors = np.random.default_rng(0).integers(0, 256, (256, 3)).astype(np.uint8)
    state = hd.pr.PseudoColorSoftcopyPresentationState(
        [image],
        palette_color_lut_transformation=hd.PaletteColorLUTTransformation.from_combined_lut(colors),
        modality_lut_transformation=hd.ModalityLUTTransformation(0, 1, "US"),
        **HEADER,
    )
    stored = hd.Image.from_dataset(image).get_stored_frame(1)
    assert np.abs(state.apply(image).astype(int) - colors[stored]).max() <= 1
    windows = [hd.pr.SoftcopyVOILUTTransformation(128, 256)]
    windowed_state = hd.pr.PseudoColorSoftcopyPresentationState(
        [image],
        palette_color_lut_transformation=hd.PaletteColorLUTTransformation.from_combined_lut(colors[::4]),
        modality_lut_transformation=hd.ModalityLUTTransformation(0, 1, "US"),
        voi_lut_transformations=windows,
        **HEADER,
    )
    # 64 colours for the 255 values of the window: each has as many
    expected = colors[::4][np.minimum(stored.astype(int) * 63 // 255, 63)]
    assert np.abs(windowed_state.apply(image).astype(int) - expected).max() <= 1


def test_colours_are_converted_by_the_profile_of_the_state():
    image = sources.slide()
    state = hd.pr.ColorSoftcopyPresentationState([image], **HEADER)
    shown = state.apply(image)
    matrix = hd.Image.from_dataset(image).get_total_pixel_matrix(apply_icc_profile=False)
    assert np.abs(shown - matrix).max() <= 1  # sRGB already
    assert shown.dtype == np.uint8


def test_gray_states_may_be_given_in_colours():
    image = ramp()
    state = state_of(image, setting(PresentationLUTShape="IDENTITY"), voi_lut_transformations=windowed(40, 4000))
    shown = state.apply(image, as_rgb=True)
    assert shown.shape == (64, 64, 3)
    np.testing.assert_array_equal(shown[..., 1], plain(image))


def test_images_with_a_palette_are_of_colours():
    image = ramp(8, allocated=8)
    colors = np.random.default_rng(0).integers(0, 256, (256, 3)).astype(np.uint8)
    image.update(hd.PaletteColorLUTTransformation.from_combined_lut(colors))
    image.PhotometricInterpretation = "PALETTE COLOR"
    state = hd.create("pr", [image], **HEADER)
    assert type(state) is hd.pr.ColorSoftcopyPresentationState
    stored = hd.Image.from_dataset(image).get_stored_frame(1)
    assert np.abs(state.apply(image).astype(int) - colors[stored]).max() <= 1
    with pytest.raises(ValueError, match="grayscale images"):
        state_of(image)
