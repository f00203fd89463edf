from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from images import ramp, state_of, windowed
from pydicom.dataset import Dataset

DARK = {"voi_lut_transformations": windowed(90000, 10)}  # all black
RED, GREEN = (255, 0, 0), (0, 255, 0)


def lab(name):
    return list(hd.color.CIELabColor.from_string(name).value)


def item(**values):
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def shape(kind, points, *, filled=False, **styles):
    made = hd.pr.GraphicObject(kind, np.array(points, float), "PIXEL", is_filled=filled)
    for keyword, style in styles.items():
        setattr(made, keyword, [item(**style)])
    return made


def drawn(*shapes, compounds=(), image=None, change=None, **apply):
    """Draw on black."""
    image = image or ramp()
    layer = hd.pr.GraphicLayer("LAYER", 1)
    shapes = shapes or (shape("POINT", [[0.5, 0.5]]),)
    annotation = hd.pr.GraphicAnnotation([image], layer, graphic_objects=shapes)
    if compounds:
        annotation.CompoundGraphicSequence = list(compounds)
    state = state_of(image, graphic_annotations=[annotation], graphic_layers=[layer], **DARK)
    if change:
        change(state)
    shown = state.apply(image, **apply)
    if len(shapes) == 1 and shapes[0].GraphicType == "POINT":
        shown[0, 0] = 0  # states need a shape at least
    return shown


ROW = [[0.5, 8.5], [63.5, 8.5]]
SQUARE = [[10.5, 10.5], [50.5, 10.5], [50.5, 50.5], [10.5, 50.5], [10.5, 10.5]]


def test_dashes_follow_the_bits_of_the_pattern():
    style = {"LineDashingStyle": "DASHED", "LinePattern": 0xFF00F00F}
    shown = drawn(shape("POLYLINE", ROW, LineStyleSequence=style))
    bits = np.array([int(bit) for bit in f"{0xFF00F00F:032b}"], bool)
    np.testing.assert_array_equal(shown[8] > 0, np.tile(bits, 2))
    assert not np.delete(shown, 8, axis=0).any()


def test_dashes_go_on_around_corners():
    style = {"LineDashingStyle": "DASHED", "LinePattern": 0xFFFF0000}
    shown = drawn(shape("POLYLINE", [[0.5, 0.5], [24.5, 0.5], [24.5, 40.5]], LineStyleSequence=style))
    assert (shown[0, :16] == 255).all()
    assert not shown[0, 16:24].any()
    assert not shown[:8, 24].any()
    assert (shown[8:24, 24] == 255).all()
    assert not shown[24:40, 24].any()


def test_solid_lines_have_no_pattern():
    style = {"LineDashingStyle": "SOLID", "LinePattern": 0xFF00F00F}
    assert (drawn(shape("POLYLINE", ROW, LineStyleSequence=style))[8] == 255).all()


def test_gaps_may_have_a_colour_of_their_own():
    style = {
        "LineDashingStyle": "DASHED",
        "LinePattern": 0xFFFF0000,
        "PatternOnColorCIELabValue": lab("red"),
        "PatternOffColorCIELabValue": lab("lime"),
        "PatternOffOpacity": 1.0,
    }
    shown = drawn(shape("POLYLINE", ROW, LineStyleSequence=style), as_rgb=True)
    assert (shown[8, :16] == RED).all()
    assert (shown[8, 16:32] == GREEN).all()


@pytest.mark.parametrize("dashing", [{}, {"LineDashingStyle": "DASHED", "LinePattern": 0xFFFFFF00}])
def test_lines_can_be_seen_through(dashing):
    style = {"PatternOnOpacity": 0.25, **dashing}
    assert drawn(shape("POLYLINE", ROW, LineStyleSequence=style))[8, 5] == 64


def test_areas_can_be_seen_through():
    shown = drawn(shape("POLYLINE", SQUARE, filled=True, FillStyleSequence={"PatternOnOpacity": 0.5}))
    assert shown[30, 30] == 128
    assert shown[10, 30] == 255  # the line around it


def test_areas_are_stippled():
    pattern = np.zeros((32, 32), bool)
    pattern[:, 5], pattern[7] = True, True
    style = {"FillMode": "STIPPELED", "FillPattern": np.packbits(pattern, axis=1).tobytes()}
    style |= {"PatternOnColorCIELabValue": lab("lime"), "PatternOffColorCIELabValue": lab("red")}
    for opacity, off in ((1.0, RED), (0.0, (0, 0, 0))):
        style["PatternOffOpacity"] = opacity
        shown = drawn(shape("POLYLINE", SQUARE, filled=True, FillStyleSequence=style), as_rgb=True)[11:50, 11:50]
        is_on = np.tile(pattern, (2, 2))[11:50, 11:50]
        assert (shown[is_on] == GREEN).all()
        assert (shown[~is_on] == off).all()


def compound(kind, points, **more):
    values = np.array(points, float)
    return item(
        CompoundGraphicInstanceID=7,
        CompoundGraphicUnits="PIXEL",
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(values),
        GraphicData=values.ravel().tolist(),
        CompoundGraphicType=kind,
        **more,
    )


def test_simple_shapes_stand_for_a_compound_graphic():
    simple = shape("POLYLINE", ROW)
    simple.CompoundGraphicInstanceID = 7
    other = compound("RECTANGLE", [[20, 20], [40, 30]])
    np.testing.assert_array_equal(drawn(simple, compounds=[other]), drawn(shape("POLYLINE", ROW)))


def test_rectangles_and_ellipses_fill_their_boxes():
    box = [[10.5, 20.5], [50.5, 40.5]]
    corners = [[10.5, 20.5], [50.5, 20.5], [50.5, 40.5], [10.5, 40.5], [10.5, 20.5]]
    np.testing.assert_array_equal(drawn(compounds=[compound("RECTANGLE", box)]), drawn(shape("POLYLINE", corners)))
    axes = [[10.5, 30.5], [50.5, 30.5], [30.5, 20.5], [30.5, 40.5]]
    for filled in (False, True):
        made = compound("ELLIPSE", box, GraphicFilled="Y" if filled else "N")
        np.testing.assert_array_equal(drawn(compounds=[made]), drawn(shape("ELLIPSE", axes, filled=filled)))


def test_compound_graphics_are_turned_counterclockwise():
    line = [[32.5, 32.5], [52.5, 32.5]]
    made = compound("MULTILINE", line, RotationAngle=90.0, RotationPoint=[32.5, 32.5])
    rows, columns = np.nonzero(drawn(compounds=[made]))
    assert set(columns) == {32}
    assert (rows.min(), rows.max()) == (12, 32)

    def flip(state):
        state.ImageRotation, state.ImageHorizontalFlip = 0, "Y"

    made = compound("MULTILINE", line, RotationAngle=45.0, RotationPoint=[32.5, 32.5])
    mirrored = drawn(compounds=[made], change=flip)
    assert mirrored[18:32, 16:32].any()  # up and to the left: the mirror image of up and to the right
    assert not mirrored[33:].any()


def test_multiple_lines_are_not_joined():
    made = compound("MULTILINE", [[5.5, 5.5], [20.5, 5.5], [5.5, 9.5], [20.5, 9.5]])
    shown = drawn(compounds=[made])
    assert set(np.nonzero(shown)[0]) == {5, 9}
    assert np.count_nonzero(shown) == 32


def test_infinite_lines_reach_the_borders_but_for_a_gap():
    line = [[20.5, 30.5], [40.5, 30.5]]
    assert (drawn(compounds=[compound("INFINITELINE", line)])[30] == 255).all()
    made = compound("INFINITELINE", line, GapLength=0.25, RotationPoint=[32.0, 30.5])
    seen = np.flatnonzero(drawn(compounds=[made])[30])
    assert set(range(64)) - set(seen) >= set(range(26, 38))
    assert set(seen) >= {*range(24), *range(41, 64)}


def test_cut_lines_have_two_arrows_that_point_at_them():
    shown = drawn(compounds=[compound("CUTLINE", [[20.5, 30.5], [40.5, 30.5]])])
    assert (shown[30] == 255).all()
    assert not shown[:29].any()  # on the right of a line from left to right: below
    for column in (15, 47):
        assert shown[31:36, column : column + 2].any(axis=1).all()


def ticks(*positions):
    return [item(TickPosition=position, TickLabel=f"{position:g}") for position in positions]


@pytest.mark.parametrize(("alignment", "rows"), [("BOTTOM", (40, 43)), ("CENTER", (38, 41)), ("TOP", (37, 40))])
def test_axes_have_ticks(alignment, rows):
    made = compound(
        "AXIS",
        [[10.5, 40.5], [50.5, 40.5]],
        MajorTicksSequence=ticks(0.0, 0.5, 1.0),
        TickAlignment=alignment,
        ShowTickLabel="N",
    )
    shown = drawn(compounds=[made])
    found, columns = np.nonzero(shown[:, [10, 30, 50]])
    assert set(columns) == {0, 1, 2}
    assert abs(found.min() - rows[0]) <= 1
    assert abs(found.max() - rows[1]) <= 1
    assert not shown[found.min() : 40, 11:30].any()


@pytest.mark.parametrize(("alignment", "is_below"), [("BOTTOM", True), ("TOP", False)])
def test_rulers_have_labels(alignment, is_below):
    image = ramp(rows=128, columns=128)
    line = [[20.5, 60.5], [100.5, 60.5]]
    made = compound("RULER", line, MajorTicksSequence=ticks(0.0, 1.0), TickLabelAlignment=alignment)
    without = compound("RULER", line, MajorTicksSequence=ticks(0.0, 1.0), ShowTickLabel="N")
    labels = drawn(compounds=[made], image=image) != drawn(compounds=[without], image=image)
    assert labels.any()
    rows, columns = np.nonzero(labels)
    assert (rows > 60).mean() > 0.9 if is_below else (rows < 60).mean() > 0.9
    assert (columns < 40).any()
    assert (columns > 80).any()


@pytest.mark.parametrize("made", [compound("CROSSHAIR", [[5, 5]]), compound("RECTANGLE", [[5, 5]])])
def test_what_only_simple_shapes_could_show_is_left_out(made):
    with pytest.warns(hd.errors.HdcoreWarning, match="lacks the simple shapes that stand for it"):
        assert not drawn(compounds=[made]).any()
