from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from images import overlaid, plain, ramp, setting, state_of, windowed
from pydicom.dataset import Dataset
from states import HEADER

WIDE = {"voi_lut_transformations": windowed(40, 4000)}
COVER = 117  # of 30000 in 65535

RECTANGLE = {
    "ShutterLeftVerticalEdge": 5,
    "ShutterRightVerticalEdge": 50,
    "ShutterUpperHorizontalEdge": 7,
    "ShutterLowerHorizontalEdge": 60,
}
CIRCLE = {"CenterOfCircularShutter": [30, 20], "RadiusOfCircularShutter": 15}
POLYGON = {"VerticesOfThePolygonalShutter": [10, 10, 10, 40, 50, 40, 50, 10]}


def open_rectangle():
    is_open = np.zeros((64, 64), bool)
    is_open[6:60, 4:50] = True
    return is_open


def open_circle():
    rows, columns = np.ogrid[1:65, 1:65]
    return (rows - 30) ** 2 + (columns - 20) ** 2 <= 225


def open_polygon():
    is_open = np.zeros((64, 64), bool)
    is_open[9:50, 9:40] = True
    return is_open


SHUTTERS = {
    "RECTANGULAR": (RECTANGLE, open_rectangle()),
    "CIRCULAR": (CIRCLE, open_circle()),
    "POLYGONAL": (POLYGON, open_polygon()),
    "all": (RECTANGLE | CIRCLE | POLYGON, open_rectangle() & open_circle() & open_polygon()),
}


@pytest.mark.parametrize("shape", SHUTTERS)
def test_shutters_leave_open_what_lies_within_all_of_them(shape):
    attributes, is_open = SHUTTERS[shape]
    names = ["RECTANGULAR", "CIRCULAR", "POLYGONAL"] if shape == "all" else shape
    image = ramp()
    state = state_of(image, setting(ShutterShape=names, ShutterPresentationValue=30000, **attributes), **WIDE)
    np.testing.assert_array_equal(state.apply(image), np.where(is_open, plain(image), COVER))
    np.testing.assert_array_equal(state.apply(image, apply_shutters=False), plain(image))


def test_states_with_shutters_conform():
    image = ramp()
    assert_conformant(state_of(image, setting(ShutterShape="RECTANGULAR", ShutterPresentationValue=0, **RECTANGLE)))


def test_shutters_of_colour_states_have_colours():
    image = sources.slide()
    state = hd.pr.ColorSoftcopyPresentationState([image], **HEADER)
    state.ShutterShape, state.ShutterPresentationColorCIELabValue = (
        "CIRCULAR",
        list(hd.color.CIELabColor.from_string("orange").value),
    )
    state.CenterOfCircularShutter, state.RadiusOfCircularShutter = [25, 35], 10
    assert tuple(state.apply(image)[0, 0]) == (255, 165, 0)


def test_shutters_without_their_place_are_refused():
    image = ramp()
    for shape, missing in (("CIRCULAR", "CenterOfCircularShutter"), ("OVAL", "ShutterShape")):
        with pytest.raises(ValueError, match=missing):
            state_of(image, setting(ShutterShape=shape)).apply(image)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", ["N", "Y"])
def test_what_is_drawn_turns_with_the_image(degrees, flip):
    image = ramp(rows=40, columns=64)
    layer = hd.pr.GraphicLayer("LAYER", 1)
    point = hd.pr.GraphicObject("POINT", np.array([[10.5, 5.5]]), "PIXEL")
    annotation = hd.pr.GraphicAnnotation([image], layer, graphic_objects=[point])
    turn = setting(ImageRotation=degrees, ImageHorizontalFlip=flip)
    state = state_of(image, turn, graphic_annotations=[annotation], graphic_layers=[layer], **WIDE)
    expected = plain(image)
    expected[5, 10] = 255
    expected = np.rot90(expected, -degrees // 90)
    np.testing.assert_array_equal(state.apply(image), expected[:, ::-1] if flip == "Y" else expected)


def area(left, top, right, bottom, **attributes):
    def change(state):
        item = state.DisplayedAreaSelectionSequence[0]
        item.DisplayedAreaTopLeftHandCorner = [left, top]
        item.DisplayedAreaBottomRightHandCorner = [right, bottom]
        for keyword, value in attributes.items():
            setattr(item, keyword, value)

    return change


def test_the_displayed_area_is_cut_out():
    image = ramp()
    state = state_of(image, area(5, 9, 34, 60), **WIDE)
    np.testing.assert_array_equal(state.apply(image), plain(image)[8:60, 4:34])
    np.testing.assert_array_equal(state.apply(image, apply_displayed_area=False), plain(image))


def test_the_displayed_area_is_cut_out_of_the_turned_image():
    image = ramp(rows=40, columns=64)
    # the corners are pixels of the image as it is stored: turned by 90 degrees, its bottom left comes to the top left
    state = state_of(image, setting(ImageRotation=90, ImageHorizontalFlip="N"), area(5, 39, 34, 9), **WIDE)
    np.testing.assert_array_equal(state.apply(image), np.rot90(plain(image)[8:39, 4:34], -1))
    assert not [one for one in hd.validate(state).findings if one.code == "PR007"]


def test_beyond_the_image_the_display_is_black():
    image = ramp(8, allocated=8)
    state = state_of(image, area(-1, 1, 64, 66))
    shown = state.apply(image)
    np.testing.assert_array_equal(shown, np.pad(state_of(image).apply(image), [(0, 2), (2, 0)]))


def test_magnified_images_are_larger():
    image = ramp()
    magnify = area(1, 1, 32, 16, PresentationSizeMode="MAGNIFY", PresentationPixelMagnificationRatio=3.0)
    shown = state_of(image, magnify, **WIDE).apply(image)
    assert shown.shape == (48, 96)
    assert np.abs(shown[1::3, 1::3].astype(int) - plain(image)[:16, :32]).max() <= 1


def test_images_of_true_size_are_as_large_as_the_patient():
    image = ramp()
    state = state_of(image, area(1, 1, 64, 32, PresentationSizeMode="TRUE SIZE"), **WIDE)
    assert state.apply(image, display_pixel_spacing=0.25).shape == (96, 192)  # pixels of 0.75 mm
    assert state.apply(image).shape == (32, 64)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"size": ("a", 5)}, TypeError, "whole numbers"),
        ({"size": (10.5, 20)}, TypeError, "whole numbers"),
        ({"size": (10**6, 10**6)}, ValueError, "a size that is smaller"),
        ({"display_pixel_spacing": "wide"}, TypeError, "display_pixel_spacing is 'wide'"),
    ],
)
def test_displays_that_cannot_be_are_refused(options, error, message):
    image = ramp()
    with pytest.raises(error, match=message):
        state_of(image).apply(image, **options)


def test_a_magnification_without_measure_is_refused():
    image = ramp()
    state = state_of(image)
    area = state.DisplayedAreaSelectionSequence[0]
    area.PresentationSizeMode, area.PresentationPixelMagnificationRatio = "MAGNIFY", 1e6
    with pytest.raises(ValueError, match="64000000 rows and 64000000 columns"):
        state.apply(image)


def test_images_are_fitted_into_a_display():
    image = ramp()
    state = state_of(image, area(1, 1, 64, 32), **WIDE)
    shown = state.apply(image, size=(128, 128))
    assert shown.shape == (128, 128)
    assert not shown[:32].any()
    assert not shown[96:].any()
    assert shown[33:95].any(axis=1).all()
    flat = state_of(image, area(1, 1, 64, 32, PresentationPixelSpacing=[1.5, 0.75]), **WIDE)
    assert flat.apply(image, size=(128, 128))[1:-1].any(axis=1).all()


@pytest.mark.parametrize(
    ("origin", "rows", "columns"), [((1, 1), slice(10, 20), slice(5, 30)), ((-4, 3), slice(5, 15), slice(7, 32))]
)
def test_overlays_that_are_activated_are_seen(origin, rows, columns):
    image = ramp()
    mask = np.zeros((64, 64), bool)
    mask[10:20, 5:30] = True
    layer = hd.pr.GraphicLayer("LAYER", 1)
    layer.GraphicLayerRecommendedDisplayGrayscaleValue = 40000
    state = state_of(image, overlaid(mask, "LAYER", origin), graphic_layers=[layer], **WIDE)
    expected = plain(image)
    expected[rows, columns] = 40000 >> 8
    np.testing.assert_array_equal(state.apply(image), expected)
    np.testing.assert_array_equal(state.apply(image, apply_overlays=False), plain(image))


def test_overlays_of_the_image_are_seen_if_the_state_activates_them():
    image = ramp()
    state = state_of(image, **WIDE)
    overlaid(np.ones((8, 8), bool))(image)
    np.testing.assert_array_equal(state.apply(image), plain(image))
    state.add_new((0x6000, 0x1001), "CS", "LAYER")
    assert (state.apply(image)[:8, :8] == 255).all()


def test_damaged_overlays_are_left_out():
    image = ramp()
    state = state_of(image, overlaid(np.ones((8, 8), bool), "LAYER"), **WIDE)
    state[0x6000, 0x3000].value = b"\1\2"
    with pytest.warns(hd.errors.HdcoreWarning, match="damaged"):
        np.testing.assert_array_equal(state.apply(image), plain(image))


def test_states_without_optional_parts_are_applied():
    image = ramp()
    state = state_of(image, **WIDE)
    bare = Dataset()
    for keyword in ("SOPClassUID", "SOPInstanceUID", "SoftcopyVOILUTSequence", "RescaleSlope", "RescaleIntercept"):
        bare[keyword] = state[keyword]
    bare = hd.pr.GrayscaleSoftcopyPresentationState.from_dataset(bare)
    with pytest.warns(hd.errors.HdcoreWarning, match="references no images"):
        np.testing.assert_array_equal(bare.apply(image), plain(image))
