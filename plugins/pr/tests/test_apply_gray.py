from __future__ import annotations

import shutil
import subprocess

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from images import overlaid, ramp, setting, state_of, windowed
from states import HEADER, grayscale

RISING = np.sort(np.random.default_rng(0).integers(0, 65536, 4096)).astype(np.uint16)
ROOTS = (np.sqrt(np.arange(4096)) * 1000).astype(np.uint16)


def rescaled(slope, intercept):
    return {"modality_lut_transformation": hd.ModalityLUTTransformation(intercept, slope, "US")}


def tabled(entries):
    return {"modality_lut_transformation": hd.ModalityLUTTransformation(modality_lut=hd.ModalityLUT("US", 0, entries))}


def voi(first, entries):
    return {"voi_lut_transformations": [hd.pr.SoftcopyVOILUTTransformation(voi_luts=[hd.VOILUT(first, entries)])]}


def printed(entries):
    return {
        "presentation_lut_transformation": hd.PresentationLUTTransformation(
            presentation_lut=hd.PresentationLUT(0, entries)
        )
    }


def window(*arguments):
    return {"voi_lut_transformations": windowed(*arguments)}


def monochrome1(**parameters):
    image = ramp(**parameters)
    image.PhotometricInterpretation = "MONOCHROME1"
    return image


def without_rescale(state):
    for keyword in ("RescaleSlope", "RescaleIntercept", "RescaleType"):
        del state[keyword]


def of_twelve_bits(state):
    state.SoftcopyVOILUTSequence[0].VOILUTSequence[0].LUTDescriptor = [4096, -1000, 12]


def is_covered():
    mask = np.zeros((64, 64), bool)
    mask[10:30, 20:50] = True
    return overlaid(mask)


WIDE = window(1000, 4000)
CASES = {
    "window": (ramp, [], window()),
    "wide window": (ramp, [], WIDE),
    "window of width 1": (ramp, [], window(40, 1)),
    "exact window": (ramp, [], window(40, 400, "LINEAR_EXACT")),
    "8 bits": (lambda: ramp(8, allocated=8), [], window(-900, 200)),
    "8 bits signed": (lambda: ramp(8, True, 8), [], window(-1024, 200)),
    "10 bits": (lambda: ramp(10), [], window(-500, 700)),
    "12 bits signed": (lambda: ramp(12, True), [], window()),
    "16 bits": (lambda: ramp(16), [], window(3000, 20000)),
    "16 bits signed": (lambda: ramp(16, True), [], window(3000, 20000)),
    "no VOI": (ramp, [], {}),
    "no VOI of 8 bits": (lambda: ramp(8, allocated=8), [], {}),
    "no VOI of 16 bits": (lambda: ramp(16), [], {}),
    "no VOI of signed": (lambda: ramp(12, True), [], {}),
    "no modality": (ramp, [without_rescale], window(1000, 500)),
    "falling rescale": (ramp, [], rescaled(-1, 100) | window(-1000, 2000)),
    "falling rescale, no VOI": (ramp, [], rescaled(-1, 100)),
    "modality LUT": (ramp, [], tabled(RISING) | window(30000, 20000)),
    "modality LUT of 8 bits": (ramp, [], tabled((RISING >> 8).astype(np.uint8)) | window(100, 200)),
    "modality LUT, no VOI": (ramp, [], tabled(RISING)),
    "VOI LUT": (ramp, [], voi(-1000, RISING)),
    "VOI LUT of 8 bits": (ramp, [], voi(-1000, (RISING >> 8).astype(np.uint8))),
    "short VOI LUT": (ramp, [], voi(100, RISING[::8])),
    "VOI LUT that does not reach white": (ramp, [], voi(-1000, (RISING >> 4).astype(np.uint16))),
    "VOI LUT of 12 bits": (ramp, [of_twelve_bits], voi(-1000, np.arange(4096, dtype=np.uint16))),
    "inverse": (ramp, [setting(PresentationLUTShape="INVERSE")], window()),
    "inverse, no VOI": (ramp, [setting(PresentationLUTShape="INVERSE")], {}),
    "MONOCHROME1": (monochrome1, [], window()),
    "MONOCHROME1 shown as is": (monochrome1, [setting(PresentationLUTShape="IDENTITY")], window()),
    "presentation LUT": (ramp, [], printed(ROOTS) | window()),
    "short presentation LUT": (ramp, [], printed(ROOTS[::16]) | window()),
    "presentation LUT of 8 bits": (ramp, [], printed((ROOTS[::16] >> 8).astype(np.uint8)) | window()),
    "presentation LUT, no VOI": (ramp, [], printed(ROOTS[::16])),
    "presentation LUT after VOI LUT": (ramp, [], printed(ROOTS[::16]) | voi(-1000, RISING)),
    "bitmap shutter": (
        ramp,
        [is_covered(), setting(ShutterShape="BITMAP", ShutterOverlayGroup=0x6000, ShutterPresentationValue=30000)],
        WIDE,
    ),
} | {
    f"turned by {degrees}, flip {flip}": (
        lambda: ramp(rows=48, columns=64),
        [setting(ImageRotation=degrees, ImageHorizontalFlip=flip)],
        WIDE,
    )
    for degrees in (0, 90, 180, 270)
    for flip in "NY"
}


def rendered(state, image, folder, frame_number=1):
    state.save_as(folder / "state.dcm", enforce_file_format=True)
    image.save_as(folder / "image.dcm", enforce_file_format=True)
    command = ["dcmp2pgm", "-f", str(frame_number), "-p", "state.dcm", "image.dcm", "out.pgm"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (folder / "out.pgm").exists(), run.stderr
    from PIL import Image

    return np.asarray(Image.open(folder / "out.pgm"))


needs_dcmtk = pytest.mark.skipif(shutil.which("dcmp2pgm") is None, reason="dcmp2pgm comes with DCMTK")


@pytest.mark.parametrize("case", CASES)
@needs_dcmtk
def test_gray_levels_are_those_of_dcmtk(case, tmp_path):
    make, changes, parameters = CASES[case]
    image = make()
    state = state_of(image, *changes, **parameters)
    ours, theirs = state.apply(image), rendered(state, image, tmp_path)
    assert ours.dtype == np.uint8
    assert np.abs(ours.astype(int) - theirs).max() <= 1
    assert np.ptp(ours) > 10


@pytest.mark.parametrize(("slope", "intercept"), [(0.25, -4), (0.5, 4), (0.1, 0), (1.5, 0)])
@needs_dcmtk
def test_dcmtk_differs_where_it_drops_the_fractions_of_modality_values(slope, intercept, tmp_path):
    image = ramp()
    state = state_of(image, **rescaled(slope, intercept), **window(20, 40))
    ours, theirs = state.apply(image).astype(int), rendered(state, image, tmp_path).astype(int)
    values = hd.Image.from_dataset(image).get_stored_frame(1) * slope + intercept
    whole = np.isclose(values, np.rint(values))
    assert np.abs(ours - theirs)[whole].max() <= 1
    assert np.abs(ours - theirs)[~whole].max() > 1
    # the window goes from 0 to 39 (PS3.3 C.11.2.1.2.1)
    without_fractions = 255 * np.clip(np.trunc(values) / 39, 0, 1)
    assert np.abs(np.rint(without_fractions) - theirs).max() <= 1


@pytest.mark.parametrize("bits", [1, 2, 4, 7])
@needs_dcmtk
def test_dcmtk_does_not_reach_white_with_few_bits_and_no_window(bits, tmp_path):
    image = ramp(bits, allocated=8)
    state = state_of(image)
    values = hd.Image.from_dataset(image).get_stored_frame(1).astype(int)
    assert np.array_equal(state.apply(image), np.rint(255 * values / (2**bits - 1)))
    assert np.array_equal(rendered(state, image, tmp_path), 256 * values // 2**bits)


def covers(**attributes):
    return setting(ShutterPresentationValue=20000, **attributes)


NOT_SHOWN_BY_DCMTK = {
    "rectangle": covers(
        ShutterShape="RECTANGULAR",
        ShutterLeftVerticalEdge=10,
        ShutterRightVerticalEdge=50,
        ShutterUpperHorizontalEdge=5,
        ShutterLowerHorizontalEdge=60,
    ),
    "circle": covers(ShutterShape="CIRCULAR", CenterOfCircularShutter=[30, 32], RadiusOfCircularShutter=20),
    "polygon": covers(ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=[5, 5, 5, 50, 50, 50, 60, 10]),
}


@pytest.mark.parametrize("shutter", NOT_SHOWN_BY_DCMTK)
@needs_dcmtk
def test_what_shutters_leave_open_is_as_dcmtk_shows_it(shutter, tmp_path):
    image = ramp()
    state = state_of(image, NOT_SHOWN_BY_DCMTK[shutter], **WIDE)
    ours, theirs = state.apply(image).astype(int), rendered(state, image, tmp_path)
    is_open = ours != round(20000 / 257)
    assert 1000 < np.count_nonzero(is_open) < 3000
    assert np.abs(ours - theirs)[is_open].max() <= 1


@needs_dcmtk
def test_displayed_areas_are_parts_of_what_dcmtk_shows(tmp_path):
    def show_part(state):
        area = state.DisplayedAreaSelectionSequence[0]
        area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [5, 7], [40, 50]

    image = ramp()
    state = state_of(image, show_part, **WIDE)
    ours, theirs = state.apply(image).astype(int), rendered(state, image, tmp_path)
    assert np.abs(ours - theirs[6:50, 4:40]).max() <= 1


@needs_dcmtk
def test_windows_of_frames_are_those_of_dcmtk(tmp_path):
    image = sources.enhanced_ct(frames=3)
    state = grayscale(images=[image])
    for number in (1, 3):
        theirs = rendered(state, image, tmp_path, number)
        assert np.abs(state.apply(image, number).astype(int) - theirs).max() <= 1


def test_sigmoid_windows_follow_the_formula_of_the_standard():
    image = ramp()  # dcmp2pgm takes them for linear ones, so it is no judge
    values = hd.Image.from_dataset(image).get_frame(1)
    expected = 255 / (1 + np.exp(-4 * (values - 40) / 400))  # PS3.3 C.11.2.1.3.1
    assert np.abs(state_of(image, **window(40, 400, "SIGMOID")).apply(image) - expected).max() <= 0.5


def test_fractions_of_a_rescale_count():
    image = ramp()
    values = hd.Image.from_dataset(image).get_stored_frame(1) * 0.25 - 3.5
    expected = 255 * np.clip((values - 99.5) / 199 + 0.5, 0, 1)
    shown = state_of(image, **rescaled(0.25, -3.5), **window(100, 200)).apply(image)
    assert np.abs(shown - expected).max() <= 0.5 + 1e-9


def test_what_the_image_says_of_windows_is_not_used():
    image = ramp()
    state = state_of(image, **window())
    shown = state.apply(image)
    image.WindowCenter, image.WindowWidth, image.RescaleSlope = "0", "10", "3"
    np.testing.assert_array_equal(state.apply(image), shown)


def test_one_of_several_windows_is_chosen():
    image = ramp()
    several = hd.pr.SoftcopyVOILUTTransformation([40, 1000], [400, 4000], ["SOFT", "WIDE"])
    state = state_of(image, voi_lut_transformations=[several])
    wide = state_of(image, **WIDE).apply(image)
    np.testing.assert_array_equal(state.apply(image, voi_transform_selector=1), wide)
    np.testing.assert_array_equal(state.apply(image, voi_transform_selector="WIDE"), wide)
    with pytest.raises(IndexError, match="voi_transform_selector"):
        state.apply(image, voi_transform_selector="LUNG")


def test_images_of_every_kind_are_taken_and_stay_as_they_are():
    image = ramp()
    state = state_of(image, **window())
    kind, shown = type(image), state.apply(image)
    np.testing.assert_array_equal(state.apply(hd.Image.from_dataset(image)), shown)
    assert type(image) is kind


def test_large_images_are_as_small_ones():
    small, large = ramp(16, rows=64), ramp(16, rows=1024)
    state = state_of(large, **window(3000, 20000))
    values = hd.Image.from_dataset(large).get_frame(1)
    expected = np.rint(255 * np.clip((values - 2999.5) / 19999 + 0.5, 0, 1))
    np.testing.assert_array_equal(state.apply(large), expected)
    assert state_of(small, **window(3000, 20000)).apply(small).shape == (64, 64)


REFUSED = {
    "another image": (lambda state, image: state.apply(sources.mr_series(1)[0]), ValueError, "references"),
    "no such frame": (lambda state, image: state.apply(image, 2), ValueError, "frame_number is 2"),
    "no number": (lambda state, image: state.apply(image, "1"), TypeError, "frame_number"),
    "an array": (lambda state, image: state.apply(np.zeros((3, 3))), TypeError, "expected a pydicom Dataset"),
    "no pixels": (lambda state, image: state.apply(state), ValueError, "no Pixel Data"),
    "a size": (lambda state, image: state.apply(image, size=(0, 3)), ValueError, "size"),
    "a spacing": (lambda state, image: state.apply(image, display_pixel_spacing=-1), ValueError, "above 0 mm"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_presented_is_refused(what):
    apply, error, message = REFUSED[what]
    image = ramp()
    with pytest.raises(error, match=message):
        apply(state_of(image), image)


def test_colours_are_not_presented_as_gray():
    image = sources.slide()
    state = grayscale(images=sources.ct_series(1))
    state.ReferencedSeriesSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID = image.SOPInstanceUID
    with pytest.raises(ValueError, match="grayscale images"):
        state.apply(image)
    colors = hd.pr.ColorSoftcopyPresentationState([image], **HEADER)
    with pytest.raises(ValueError, match="as_rgb"):
        colors.apply(image, as_rgb=False)
