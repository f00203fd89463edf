"""One type made into another, where planes differ in more than their place, and what is kept of the rest."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hdcore.errors import HdcoreWarning
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from hdcore.uid import UID
from seg_making import again, make

KINDS = ("BINARY", "FRACTIONAL", "LABELMAP")
CT = sources.ct_series(3, 9, 8)
TIMES = np.repeat([1, 2], len(CT))
LABELS = np.random.default_rng(5).integers(0, 3, (2 * len(CT), 9, 8), np.uint8)


def repeated():
    """Give the series as it was acquired twice."""
    images = [copy.deepcopy(image) for image in (*CT, *CT)]
    for number, image in enumerate(images, start=1):
        image.SOPInstanceUID, image.InstanceNumber = UID(), number
    return images


def by_source(segmentation, images):
    uids = [image.SOPInstanceUID for image in images]
    return segmentation.get_pixels_by_source_instance(uids, combine_segments=True)


@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize(
    ("keyword", "values"),
    [
        ("TemporalPositionIndex", TIMES.tolist()),
        ("TemporalPositionTimeOffset", (TIMES * 0.5).tolist()),
        ("FrameAcquisitionNumber", TIMES.tolist()),
        ("FrameAcquisitionDateTime", [f"2026010112000{time}" for time in TIMES]),
        ("FrameLabel", [f"phase {time}" for time in TIMES]),
    ],
)
def test_planes_that_any_dimension_tells_apart_stay_apart(first, second, keyword, values):
    images = repeated()
    made = make(images, LABELS, first, dimensions={keyword: values, "ImagePositionPatient": None})
    converted = again(made.convert(second))
    np.testing.assert_array_equal(by_source(converted, images), LABELS)
    assert_conformant(converted)


def test_planes_that_only_an_unknown_dimension_tells_apart_are_refused():
    made = make(repeated(), LABELS, dimensions={"FrameAcquisitionNumber": TIMES, "ImagePositionPatient": None})
    for item in made.DimensionIndexSequence:
        if item.DimensionIndexPointer == 0x00209156:
            item.DimensionIndexPointer = 0x00209153  # Nominal Cardiac Trigger Delay Time
    for frame in made.PerFrameFunctionalGroupsSequence:
        del frame.FrameContentSequence[0].FrameAcquisitionNumber
    with pytest.raises(ValueError, match=r"same place and time.*NominalCardiacTriggerDelayTime"):
        again(made).convert("LABELMAP")


def test_frames_in_several_directions_are_refused():
    made = make(CT, LABELS[:3])
    for frame in made.PerFrameFunctionalGroupsSequence:
        frame.PlaneOrientationSequence = copy.deepcopy(made.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence)
    made.PerFrameFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient = [0, 1, 0, 0, 0, 1]
    del made.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence
    with pytest.raises(ValueError, match="several orientations"):
        again(made).convert("LABELMAP")


def test_a_label_map_that_remains_one_keeps_its_colors():
    palette = PaletteColorLUTTransformation.from_colors(["black", "white", "yellow"])
    made = again(make(CT, LABELS[:3], "LABELMAP", palette_color_lut_transformation=palette))
    converted = again(made.convert("LABELMAP", transfer_syntax_uid="1.2.840.10008.1.2.5"))
    options = {"combine_segments": True, "apply_palette_color_lut": True}
    np.testing.assert_array_equal(converted.get_volume(**options).array, made.get_volume(**options).array)
    assert converted.ICCProfile == made.ICCProfile
    grey = made.convert("BINARY")
    assert grey.PhotometricInterpretation == "MONOCHROME2"
    assert "ICCProfile" not in grey
    assert_conformant(converted)


@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("numbers", [(1,), (1, 2)])
def test_segmentations_without_any_pixel_are_converted(first, second, numbers):
    with pytest.warns(HdcoreWarning, match="no pixel"):
        made = again(make(CT, np.zeros((3, 9, 8), np.uint8), first, numbers))
    with pytest.warns(HdcoreWarning, match="no pixel"):
        converted = again(made.convert(second))
    assert converted.segment_numbers == list(numbers)
    assert not converted.get_volume().array.any()
    assert_conformant(converted)


@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("first", KINDS)
def test_cine_loops_are_converted(first, second):
    cine = sources.us_cine(5, 9, 8)
    made = again(make([cine], LABELS[:5], first))
    converted = again(made.convert(second))
    read = converted.get_pixels_by_source_frame(
        cine.SOPInstanceUID, range(1, 6), combine_segments=True, ignore_spatial_locations=True
    )
    np.testing.assert_array_equal(read, LABELS[:5])
