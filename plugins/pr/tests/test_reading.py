from __future__ import annotations

import copy
import pickle
from io import BytesIO

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from images import plain, ramp, state_of, windowed
from pydicom import dcmread
from pydicom.dataset import Dataset
from states import HEADER, KINDS, blending_parts, rgb_images

FIRST_IMAGE = {
    "masked": lambda: sources.enhanced_ct(frames=3),
    "colour": lambda: rgb_images()[0],
    "windows of frames": lambda: sources.enhanced_ct(frames=3),
}


def content_of(state):
    buffer = BytesIO()
    state.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("blending", "thresholds")])
def test_states_are_the_same_when_read(kind, tmp_path):
    state = KINDS[kind]()
    image = FIRST_IMAGE.get(kind, lambda: sources.ct_series(2)[0])()
    shown = state.apply(image)
    (tmp_path / "state.dcm").write_bytes(content_of(state))
    for source in (tmp_path / "state.dcm", str(tmp_path / "state.dcm"), content_of(state), state):
        read = hd.pr.prread(source)
        assert type(read) is type(state)
        np.testing.assert_array_equal(read.apply(image), shown)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(state)).apply(image), shown)


def test_blending_states_are_the_same_when_read():
    parts = blending_parts()
    made = hd.create("pr", **parts, **HEADER)
    shown = made.apply(parts["referenced_images"])
    np.testing.assert_array_equal(hd.read(content_of(made)).apply(parts["referenced_images"]), shown)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"])
def test_references_are_written_under_every_transfer_syntax(syntax):
    images = sources.ct_series(3)
    state = hd.pr.GrayscaleSoftcopyPresentationState(images, **HEADER, transfer_syntax_uid=syntax)
    references = dcmread(BytesIO(content_of(state))).ReferencedSeriesSequence[0].ReferencedImageSequence
    assert [one.ReferencedSOPInstanceUID for one in references] == [image.SOPInstanceUID for image in images]
    assert str(references[0].ReferencedSOPClassUID) == str(images[0].SOPClassUID)


def test_references_can_be_changed_before_saving():
    images = sources.ct_series(3)
    state = hd.pr.GrayscaleSoftcopyPresentationState(images, **HEADER)
    del state.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
    read = dcmread(BytesIO(content_of(state)))
    assert len(read.ReferencedSeriesSequence[0].ReferencedImageSequence) == 2


def of_another_producer(image):
    """Make a state as others do: pydicom alone, attributes that are not needed left out."""
    state = Dataset()
    state.SOPClassUID, state.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.11.1", "1.2.826.0.1.99"
    state.RescaleSlope, state.RescaleIntercept = "1", "-1024"
    window, reference, series = Dataset(), Dataset(), Dataset()
    window.WindowCenter, window.WindowWidth = "40", "4000"
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    reference.ReferencedFrameNumber = None
    series.SeriesInstanceUID = image.SeriesInstanceUID
    series.ReferencedImageSequence = [reference]
    state.SoftcopyVOILUTSequence, state.ReferencedSeriesSequence = [window], [series]
    return state


def test_states_of_other_producers_are_applied():
    image = ramp()
    state = hd.pr.prread(of_another_producer(image))
    assert type(state) is hd.pr.GrayscaleSoftcopyPresentationState
    np.testing.assert_array_equal(state.apply(image), plain(image))


def test_states_made_by_highdicom_are_applied():
    highdicom = pytest.importorskip("highdicom", reason="reads what highdicom writes")
    from states import annotated

    image = sources.ct_series(2)[0]
    theirs = hd.pr.prread(content_of_dataset(annotated(highdicom)))
    np.testing.assert_array_equal(theirs.apply(image), annotated().apply(image))


def content_of_dataset(dataset):
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def turned_askew(state):
    state.ImageRotation, state.ImageHorizontalFlip = 45, "N"


def without_table(state):
    del state.SoftcopyVOILUTSequence[0].WindowCenter
    table = Dataset()
    table.LUTExplanation = "empty"
    state.SoftcopyVOILUTSequence[0].VOILUTSequence = [table]


def without_corner(state):
    del state.DisplayedAreaSelectionSequence[0].DisplayedAreaTopLeftHandCorner


DAMAGED = {
    turned_askew: "ImageRotation is 45",
    without_table: "LUTDescriptor",
    without_corner: "TopLeftHandCorner",
}


@pytest.mark.filterwarnings("ignore:A VOI transform has 0 values of Window Center, but 1 of Window Width")
@pytest.mark.parametrize("damage", DAMAGED, ids=lambda damage: damage.__name__)
def test_damaged_states_say_what_is_wrong(damage):
    image = ramp()
    state = state_of(image, damage, voi_lut_transformations=windowed())
    with pytest.raises(hd.errors.UnreadableError, match=DAMAGED[damage]):
        state.apply(image)


@pytest.mark.parametrize("length", [0, 3, 200, 900])
def test_broken_files_are_refused(length):
    content = content_of(state_of(ramp()))[:length]
    with pytest.raises((ValueError, TypeError)):
        hd.pr.prread(content)


def elements_of(dataset):
    for element in dataset:
        yield dataset, element.tag
        if element.VR == "SQ":
            for item in element.value:
                yield from elements_of(item)


@pytest.mark.parametrize("kind", ["annotated", "pseudo-colour", "blending"])
@pytest.mark.filterwarnings("ignore")
def test_states_that_lack_anything_are_applied_or_refused(kind):
    if kind == "blending":
        parts = blending_parts()
        state, target = hd.create("pr", **parts, **HEADER), parts["referenced_images"]
    else:
        state, target = KINDS[kind](), sources.ct_series(2)[0]
    count = len(list(elements_of(state)))
    refused = 0
    for index in range(count):
        for is_removed in (True, False):
            damaged = copy.deepcopy(state)
            dataset, tag = list(elements_of(damaged))[index]
            if dataset[tag].keyword == "SOPClassUID":
                continue
            if is_removed:
                del dataset[tag]
            else:
                dataset[tag].value = [] if dataset[tag].VR == "SQ" else None
            try:
                assert damaged.apply(target).dtype == np.uint8
            except hd.errors.HdcoreError:
                refused += 1
    assert 0 < refused < count
