from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO

import hdcore as hd
import numpy as np
import pytest
import states
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from pydicom import dcmread
from pydicom.dataset import Dataset
from states import (
    HEADER,
    KINDS,
    advanced_blending,
    annotated,
    annotations,
    blending_parts,
    color,
    grayscale,
    pseudo_color,
)

POINTS = np.array([[1.0, 1.0], [5.0, 5.0]])


def again(state):
    buffer = BytesIO()
    state.save_as(buffer, enforce_file_format=True)
    return hd.pr.prread(buffer.getvalue())


@pytest.mark.parametrize("kind", KINDS)
def test_states_conform_to_the_standard(kind):
    assert_conformant(KINDS[kind]())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.skipif(shutil.which("dcmpschk") is None, reason="dcmpschk comes with DCMTK")
def test_dcmtk_accepts_states(kind, tmp_path):
    KINDS[kind]().save_as(tmp_path / "state.dcm", enforce_file_format=True)
    run = subprocess.run(["dcmpschk", tmp_path / "state.dcm"], capture_output=True, text=True, check=False)
    said = run.stdout + run.stderr
    if kind == "masked":  # the one thing that it finds is that it does not know the mask module
        assert len(re.findall("^[EW]: ", said, re.MULTILINE)) == 4
        assert "mask module present in presentation state, but unsupported" in said
    else:
        assert "Test passed" in said


def differing_keywords(one, other):
    found = set()
    for tag in set(one.keys()) | set(other.keys()):
        element = one[tag] if tag in one else other[tag]
        if tag not in one or tag not in other:
            found.add(element.keyword)
        elif element.VR == "SQ" and len(one[tag].value) == len(other[tag].value) and "Equipment" not in element.keyword:
            for left, right in zip(one[tag].value, other[tag].value, strict=True):
                found |= differing_keywords(left, right)
        elif element.VR in ("FL", "FD", "DS"):
            if not np.allclose(np.float64(one[tag].value), np.float64(other[tag].value), rtol=1e-6):
                found.add(element.keyword)
        elif str(one[tag].value or "") != str(other[tag].value or ""):
            found.add(element.keyword)
    return found


BETTER_HERE = {
    "colour": {"ReferencedImageSequence"},  # an area that is that of all images names none (PS3.3 C.10.4)
    # blending has a Frame of Reference module (A.33.7), and says on whose grid inputs are laid (C.11.33)
    "blending": {"FrameOfReferenceUID", "PositionReferenceIndicator", "GeometryForDisplay"},
}


@pytest.mark.parametrize("kind", ["annotated", "pseudo-colour", "grayscale", "windows of frames", "colour", "blending"])
def test_highdicom_makes_the_same_but_for_what_is_better_here(kind):
    highdicom = pytest.importorskip("highdicom", reason="compares with highdicom")
    make = {
        "annotated": annotated,
        "pseudo-colour": pseudo_color,
        "grayscale": grayscale,
        "colour": color,
        "blending": advanced_blending,
        "windows of frames": lambda library: grayscale(library, [sources.enhanced_ct(frames=3)]),
    }[kind]
    ours, theirs = make(hd), make(highdicom)
    assert differing_keywords(ours, theirs) <= {
        "InstanceCreationDate",
        "InstanceCreationTime",
        "PresentationCreationTime",
        "ContributingEquipmentSequence",
        "BodyPartExamined",  # taken over from the images
        "Laterality",  # type 2C, so present but empty where the body part is not known (PS3.3 C.7.3.1)
        "PresentationPixelSpacing",  # that of the images, which tells the aspect ratio too
        "PresentationPixelAspectRatio",
        "PixelOriginInterpretation",  # for tiled images alone (PS3.3 C.10.4)
        "ICCProfile",  # another sRGB profile
    } | BETTER_HERE.get(kind, set())


def test_states_of_slides_say_of_which_specimens_they_are():
    slide = sources.slide()
    state = color()
    assert state.ContainerIdentifier == slide.ContainerIdentifier
    assert state.SpecimenDescriptionSequence[0].SpecimenUID == slide.SpecimenDescriptionSequence[0].SpecimenUID
    assert "Laterality" not in state


def test_a_state_says_of_which_images_it_is():
    images = sources.ct_series(3)
    state = grayscale(images=images)
    assert state.StudyInstanceUID == images[0].StudyInstanceUID
    assert [
        str(item.ReferencedSOPInstanceUID) for item in state.ReferencedSeriesSequence[0].ReferencedImageSequence
    ] == [str(image.SOPInstanceUID) for image in images]
    assert state.BodyPartExamined == images[0].BodyPartExamined
    assert state.RescaleIntercept == -1024
    assert state.SoftcopyVOILUTSequence[0].WindowCenter == 40
    assert "ReferencedImageSequence" not in state.SoftcopyVOILUTSequence[0]


def test_images_of_different_windows_keep_their_own():
    images = sources.ct_series(3)
    images[2].WindowCenter = "300"
    windows = grayscale(images=images).SoftcopyVOILUTSequence
    assert [float(item.WindowCenter) for item in windows] == [40, 300]
    assert [len(item.ReferencedImageSequence) for item in windows] == [2, 1]


def test_frames_of_different_windows_keep_their_own():
    windows = grayscale(images=[sources.enhanced_ct(frames=3)]).SoftcopyVOILUTSequence
    assert [item.ReferencedImageSequence[0].ReferencedFrameNumber for item in windows] == [1, 2, 3]


def test_images_of_different_sizes_have_displayed_areas_of_their_own():
    small, large = sources.ct_series(1, rows=16), sources.ct_series(1, rows=32)
    large[0].SOPInstanceUID = hd.UID()
    areas = grayscale(images=[*small, *large]).DisplayedAreaSelectionSequence
    assert [list(area.DisplayedAreaBottomRightHandCorner) for area in areas] == [[32, 16], [32, 32]]
    assert all(len(area.ReferencedImageSequence) == 1 for area in areas)


def test_what_is_white_at_zero_stays_so():
    image = sources.cr_image()
    image.PhotometricInterpretation = "MONOCHROME1"
    assert grayscale(images=[image]).PresentationLUTShape == "INVERSE"


def test_colour_states_take_the_profile_of_the_images():
    image = sources.slide()
    image.ICCProfile = image.OpticalPathSequence[0].ICCProfile
    made = hd.pr.ColorSoftcopyPresentationState([image], **HEADER)
    assert made.ICCProfile == image.ICCProfile
    assert color().ICCProfile[36:40] == b"acsp"


def test_pseudo_colour_states_may_have_windows():
    voi = [hd.pr.SoftcopyVOILUTTransformation(window_center=40, window_width=400)]
    assert pseudo_color(voi_lut_transformations=voi).SoftcopyVOILUTSequence[0].WindowWidth == 400


def test_blended_images_share_a_frame_of_reference():
    state = advanced_blending()
    assert state.FrameOfReferenceUID == sources.ct_series(1)[0].FrameOfReferenceUID
    parts = blending_parts()
    parts["referenced_images"][0].FrameOfReferenceUID = "1.2.3"
    with pytest.raises(ValueError, match="they share one"):
        hd.pr.AdvancedBlendingPresentationState(**parts, **HEADER)


def test_what_was_drawn_is_read_back():
    state = again(annotated())
    assert type(state) is hd.pr.GrayscaleSoftcopyPresentationState
    annotation = state.GraphicAnnotationSequence[0]
    assert annotation.GraphicLayer == "LAYER"
    assert annotation.GraphicObjectSequence[1].GraphicData == [1, 1, 9, 2, 5, 8, 1, 1]


def test_one_name_makes_the_state_that_fits_the_images():
    kinds = {
        hd.pr.GrayscaleSoftcopyPresentationState: {"referenced_images": sources.ct_series(1)},
        hd.pr.ColorSoftcopyPresentationState: {"referenced_images": states.rgb_images()},
        hd.pr.PseudoColorSoftcopyPresentationState: {
            "referenced_images": sources.ct_series(1),
            "palette_color_lut_transformation": states.palette(),
        },
        hd.pr.AdvancedBlendingPresentationState: blending_parts(),
    }
    for kind, parameters in kinds.items():
        assert type(hd.create("pr", **parameters, **HEADER)) is kind


def drawn(**changes):
    images = sources.ct_series(2)
    return grayscale(images=images, **{**annotations(images), **changes})


def other_image():
    image = sources.mr_series(1)[0]
    layer = hd.pr.GraphicLayer("LAYER", 1)
    shape = hd.pr.GraphicObject("POLYLINE", POINTS, "PIXEL")
    return {
        "graphic_annotations": [hd.pr.GraphicAnnotation([image], layer, graphic_objects=[shape])],
        "graphic_layers": [layer],
    }


def beyond():
    images = sources.ct_series(2)
    layer = hd.pr.GraphicLayer("LAYER", 1)
    shape = hd.pr.GraphicObject("POLYLINE", np.array([[1, 1], [2, 200.0]]), "PIXEL")
    return grayscale(
        images=images,
        graphic_annotations=[hd.pr.GraphicAnnotation(images, layer, graphic_objects=[shape])],
        graphic_layers=[layer],
    )


REFUSED = {
    "points of a point": (lambda: hd.pr.GraphicObject("POINT", POINTS, "PIXEL"), ValueError, "2 points; expected 1"),
    "points of a line": (lambda: hd.pr.GraphicObject("POLYLINE", POINTS[:1], "PIXEL"), ValueError, "at least 2"),
    "points of a circle": (lambda: hd.pr.GraphicObject("CIRCLE", POINTS[:1], "PIXEL"), ValueError, "expected 2"),
    "points of an ellipse": (lambda: hd.pr.GraphicObject("ELLIPSE", POINTS, "PIXEL"), ValueError, "expected 4"),
    "shape of points": (lambda: hd.pr.GraphicObject("POLYLINE", np.ones((2, 3)), "PIXEL"), ValueError, r"\(2, 3\)"),
    "open and filled": (
        lambda: hd.pr.GraphicObject("POLYLINE", POINTS, "PIXEL", is_filled=True),
        ValueError,
        "last point must equal",
    ),
    "beyond the display": (lambda: hd.pr.GraphicObject("POLYLINE", POINTS, "DISPLAY"), ValueError, "between 0 and 1"),
    "negative": (lambda: hd.pr.GraphicObject("POLYLINE", -POINTS, "PIXEL"), ValueError, "negative"),
    "not finite": (lambda: hd.pr.GraphicObject("POLYLINE", POINTS * np.nan, "PIXEL"), ValueError, "finite"),
    "no array": (lambda: hd.pr.GraphicObject("POLYLINE", [[1, 1], [2, 2]], "PIXEL"), TypeError, "NumPy array"),
    "unknown units": (lambda: hd.pr.GraphicObject("POLYLINE", POINTS, "MM"), ValueError, "AnnotationUnitsValues"),
    "half a tracking": (
        lambda: hd.pr.GraphicObject("POLYLINE", POINTS, "PIXEL", tracking_id="x"),
        TypeError,
        "go together",
    ),
    "text of nowhere": (lambda: hd.pr.TextObject("x", "PIXEL"), TypeError, "bounding_box, an anchor_point"),
    "box inside out": (lambda: hd.pr.TextObject("x", "PIXEL", (9, 9, 1, 1)), ValueError, "right and bottom"),
    "long text": (lambda: hd.pr.TextObject("x" * 2000, "PIXEL", (1, 1, 3, 3)), ValueError, "1024"),
    "name of a layer": (lambda: hd.pr.GraphicLayer("lower", 1), ValueError, "layer_name"),
    "number of a group": (lambda: hd.pr.GraphicGroup(0, "x"), ValueError, "positive"),
    "nothing drawn": (
        lambda: hd.pr.GraphicAnnotation(sources.ct_series(1), hd.pr.GraphicLayer("L", 1)),
        TypeError,
        "graphic_objects",
    ),
    "points that are no numbers": (
        lambda: hd.pr.GraphicObject("POINT", np.array([["a", "b"]]), "PIXEL"),
        TypeError,
        "graphic_data is an array of",
    ),
    "anchor of three": (
        lambda: hd.pr.TextObject("x", "PIXEL", anchor_point=(1, 2, 3)),
        ValueError,
        "anchor_point has 3 values; expected column, row",
    ),
    "anchor of letters": (lambda: hd.pr.TextObject("x", "PIXEL", anchor_point="ab"), TypeError, "expected column, row"),
    "box of letters": (
        lambda: hd.pr.TextObject("x", "PIXEL", bounding_box=[*"abcd"]),
        TypeError,
        "bounding_box is 'a'",
    ),
    "box that is a number": (lambda: hd.pr.TextObject("x", "PIXEL", bounding_box=5), TypeError, "bounding_box is 5"),
    "box of three": (lambda: hd.pr.TextObject("x", "PIXEL", bounding_box=(1, 2, 3)), ValueError, "has 3 values"),
    "group that is a number": (
        lambda: hd.pr.TextObject("x", "PIXEL", anchor_point=(1, 1), graphic_group=5),
        TypeError,
        "graphic_group is int",
    ),
    "tracking UID": (
        lambda: hd.pr.TextObject("x", "PIXEL", anchor_point=(1, 1), tracking_id="a", tracking_uid="x"),
        ValueError,
        "UID is 'x'",
    ),
    "order that is a word": (lambda: hd.pr.GraphicLayer("L", "first"), TypeError, "order is 'first'"),
    "one shape": (
        lambda: hd.pr.GraphicAnnotation(
            sources.ct_series(1),
            hd.pr.GraphicLayer("L", 1),
            graphic_objects=hd.pr.GraphicObject("POINT", np.ones((1, 2)), "PIXEL"),
        ),
        TypeError,
        "graphic_objects is a GraphicObject",
    ),
    "text as a shape": (
        lambda: hd.pr.GraphicAnnotation(
            sources.ct_series(1),
            hd.pr.GraphicLayer("L", 1),
            graphic_objects=[hd.pr.TextObject("x", "PIXEL", anchor_point=(1, 1))],
        ),
        TypeError,
        r"graphic_objects\[0\] is a TextObject",
    ),
    "layer that is a word": (
        lambda: hd.pr.GraphicAnnotation(sources.ct_series(1), 5, graphic_objects=[1]),
        TypeError,
        "graphic_layer is int",
    ),
    "layers that are words": (lambda: grayscale(graphic_layers=["L"]), TypeError, r"graphic_layers\[0\] is a str"),
    "one layer": (lambda: grayscale(graphic_layers=hd.pr.GraphicLayer("L", 1)), TypeError, "graphic_layers is a Graph"),
    "groups that are words": (lambda: grayscale(graphic_groups=["G"]), TypeError, r"graphic_groups\[0\] is a str"),
    "annotations that are words": (
        lambda: grayscale(graphic_annotations=["A"]),
        TypeError,
        r"graphic_annotations\[0\] is a str",
    ),
    "creator that is a number": (lambda: grayscale(content_creator_name=5), TypeError, "5"),
    "one image alone": (
        lambda: grayscale(images=sources.ct_series(1)[0]),
        TypeError,
        "expected a sequence of datasets",
    ),
    "words for images": (lambda: grayscale(images=["image"]), TypeError, "not an image's dataset"),
    "number that is a word": (lambda: hd.pr.BlendingDisplayInput("1"), TypeError, "blending_input_number is '1'"),
    "numbers for inputs": (
        lambda: hd.pr.BlendingDisplay("EQUAL", [1, 2]),
        TypeError,
        "blending_display_inputs.0. is a",
    ),
    "opacity that is a word": (
        lambda: hd.pr.BlendingDisplay("FOREGROUND", [hd.pr.BlendingDisplayInput(1)] * 2, relative_opacity="half"),
        TypeError,
        "relative_opacity is 'half'",
    ),
    "no text": (lambda: hd.pr.TextObject(" ", "PIXEL", anchor_point=(1, 1)), ValueError, "text_value is empty"),
    "layer that is not there": (lambda: drawn(graphic_layers=None), ValueError, "'LAYER'"),
    "layers of one name": (
        lambda: grayscale(graphic_layers=[hd.pr.GraphicLayer("L", 1), hd.pr.GraphicLayer("L", 2)]),
        ValueError,
        "names",
    ),
    "layers of one order": (
        lambda: grayscale(graphic_layers=[hd.pr.GraphicLayer("L", 1), hd.pr.GraphicLayer("M", 1)]),
        ValueError,
        "orders",
    ),
    "group that is not there": (lambda: drawn(graphic_groups=None), ValueError, "group 1"),
    "image that is not there": (lambda: grayscale(**other_image()), ValueError, "not among referenced_images"),
    "beyond the image": (beyond, ValueError, "row 200"),
    "colour as grayscale": (lambda: grayscale(images=[sources.slide()]), ValueError, "3 samples"),
    "grayscale as colour": (
        lambda: hd.pr.ColorSoftcopyPresentationState(sources.ct_series(1), **HEADER),
        ValueError,
        "colour images",
    ),
    "no images": (lambda: hd.pr.GrayscaleSoftcopyPresentationState([], **HEADER), ValueError, "empty"),
    "one image twice": (lambda: grayscale(images=sources.ct_series(1) * 2), ValueError, "twice"),
    "two studies": (lambda: grayscale(images=[*sources.ct_series(1), *sources.mr_series(1)]), ValueError, "2 studies"),
    "label": (lambda: grayscale(content_label="lower case"), ValueError, "content_label"),
    "compressed": (lambda: grayscale(transfer_syntax_uid="1.2.840.10008.1.2.5"), ValueError, "no pixels to compress"),
    "palette": (lambda: pseudo_color(palette_color_lut_transformation=3), TypeError, "palette_color_lut"),
    "two windows of one image": (
        lambda: grayscale(
            voi_lut_transformations=[
                hd.pr.SoftcopyVOILUTTransformation(40, 400),
                hd.pr.SoftcopyVOILUTTransformation(50, 400),
            ]
        ),
        ValueError,
        "same image",
    ),
    "opacity": (
        lambda: hd.pr.BlendingDisplay("FOREGROUND", [hd.pr.BlendingDisplayInput(1)] * 2, relative_opacity=2),
        ValueError,
        "from 0 to 1",
    ),
    "no opacity": (
        lambda: hd.pr.BlendingDisplay("FOREGROUND", [hd.pr.BlendingDisplayInput(1)] * 2),
        TypeError,
        "relative_opacity",
    ),
    "one input": (
        lambda: hd.pr.BlendingDisplay("FOREGROUND", [hd.pr.BlendingDisplayInput(1)], relative_opacity=1),
        ValueError,
        "exactly 2",
    ),
    "no inputs": (lambda: hd.pr.BlendingDisplay("EQUAL", []), ValueError, "one or more"),
    "another instance": (lambda: hd.pr.prread(sources.ct_series(1)[0]), ValueError, "Expected a presentation state"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_become_a_state_is_refused(what):
    make, error, message = REFUSED[what]
    with pytest.raises(error, match=message):
        make()


def test_images_of_different_rescales_are_refused():
    images = sources.ct_series(2)
    images[1].RescaleSlope = "2"
    with pytest.raises(ValueError, match="one state for each"):
        grayscale(images=images)


def test_images_that_differ_in_what_is_white_are_refused():
    images = sources.ct_series(2)
    images[1].PhotometricInterpretation = "MONOCHROME1"
    with pytest.raises(ValueError, match="MONOCHROME1"):
        grayscale(images=images)
    shape = hd.PresentationLUTTransformation("IDENTITY")
    assert grayscale(images=images, presentation_lut_transformation=shape).PresentationLUTShape == "IDENTITY"


def test_changing_an_image_leaves_its_states_alone():
    images = sources.ct_series(1)
    state = grayscale(images=images)
    images[0].RescaleSlope = "3"
    images[0].WindowCenter = "7"
    assert state.RescaleSlope == 1
    assert state.SoftcopyVOILUTSequence[0].WindowCenter == 40


def with_tables(order):
    """Make an image with a table of either kind, its words in a byte order, and a palette."""
    image = sources.ct_series(1)[0]
    del image.RescaleSlope, image.RescaleIntercept, image.RescaleType
    for keyword in ("ModalityLUTSequence", "VOILUTSequence"):
        table = Dataset()
        table.add_new("LUTDescriptor", "US", [4, 0, 16])
        table.add_new("LUTData", "OW", np.array([1, 258, 3, 4], f"{order}u2").tobytes())
        if keyword[0] == "M":
            table.add_new("ModalityLUTType", "LO", "US")
        setattr(image, keyword, [table])
    for name in ("Red", "Green", "Blue"):
        image.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [4, 0, 16])
        words = np.array([1, 258, 3, 4], f"{order}u2").tobytes()
        image.add_new(f"{name}PaletteColorLookupTableData", "OW", words)
    image.PixelData = np.frombuffer(image.PixelData, "<u2").astype(f"{order}u2").tobytes()
    return image


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_tables_of_big_endian_images_stay_the_same(syntax, tmp_path):
    image = with_tables(">")
    image.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"
    image.save_as(tmp_path / "big.dcm", implicit_vr=False, little_endian=False, enforce_file_format=True)
    big = dcmread(tmp_path / "big.dcm")
    for source in (with_tables("<"), big, dcmread(tmp_path / "big.dcm")):
        palette = hd.PaletteColorLUTTransformation.extract_from_dataset(source)
        gray = hd.pr.GrayscaleSoftcopyPresentationState([source], **HEADER, transfer_syntax_uid=syntax)
        pseudo = hd.pr.PseudoColorSoftcopyPresentationState(
            [source], **HEADER, palette_color_lut_transformation=palette, transfer_syntax_uid=syntax
        )
        tables = [
            element.value
            for state in (gray, pseudo)
            for element in again(state).iterall()
            if element.keyword in ("LUTData", "RedPaletteColorLookupTableData")
        ]
        assert tables == [np.array([1, 258, 3, 4], "<u2").tobytes()] * 5
        list(big.iterall())


def test_tables_that_were_read_from_big_endian_images_can_be_given(tmp_path):
    image = with_tables(">")
    image.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"
    image.save_as(tmp_path / "big.dcm", implicit_vr=False, little_endian=False, enforce_file_format=True)
    read = hd.VOILUT.from_dataset(dcmread(tmp_path / "big.dcm").VOILUTSequence[0])
    made = hd.pr.GrayscaleSoftcopyPresentationState(
        sources.ct_series(1),
        **HEADER,
        voi_lut_transformations=[hd.pr.SoftcopyVOILUTTransformation(voi_luts=[read])],
    )
    (table,) = again(made).SoftcopyVOILUTSequence[0].VOILUTSequence
    assert table.LUTData == np.array([1, 258, 3, 4], "<u2").tobytes()
    assert np.array_equal(hd.VOILUT.from_dataset(table).lut_data, [1, 258, 3, 4])
