"""What sources say in part, or differently, does not break the modules of the converted image, and is not lost."""

from __future__ import annotations

import copy

import pytest
from hdcore.testing import sources

from hdcore_legacy import split

SERIES = {"CT": sources.ct_series, "MR": sources.mr_series, "PT": sources.pet_series}
SYNCHRONIZED = {
    "SynchronizationTrigger": "NO TRIGGER",
    "AcquisitionTimeSynchronized": "N",
    "SynchronizationFrameOfReferenceUID": "1.2.840.10008.15.1.1",
}
LOSSY = {"LossyImageCompression": "01", "LossyImageCompressionRatio": "8", "LossyImageCompressionMethod": "ISO_10918_1"}
LOSSIER = LOSSY | {
    "LossyImageCompressionRatio": ["4", "12"],
    "LossyImageCompressionMethod": ["ISO_15444_1", "ISO_10918_1"],
}


def _say(images, values) -> None:
    for image in images:
        for keyword, value in values.items():
            setattr(image, keyword, value)


@pytest.fixture(params=SERIES)
def series(request):
    return SERIES[request.param](3)


@pytest.mark.parametrize("left_out", SYNCHRONIZED)
def test_half_a_synchronization_stays_unassigned(converted, round_trip, series, left_out) -> None:
    _say(series, {keyword: value for keyword, value in SYNCHRONIZED.items() if keyword != left_out})
    originals = copy.deepcopy(series)
    image = converted(series)
    assert not SYNCHRONIZED.keys() & {element.keyword for element in image}
    round_trip(image, originals)


def test_whole_synchronization_is_said_of_the_image(converted, round_trip, series) -> None:
    _say(series, SYNCHRONIZED | {"TriggerSourceOrType": "clock"})
    originals = copy.deepcopy(series)
    image = converted(series)
    assert (image.SynchronizationTrigger, image.TriggerSourceOrType) == ("NO TRIGGER", "clock")
    round_trip(image, originals)


@pytest.mark.parametrize("manufacturer", ["Other", ""])
def test_equipment_of_several_manufacturers_is_not_that_of_the_image(
    converted, round_trip, series, manufacturer
) -> None:
    series[1].Manufacturer = manufacturer
    originals = copy.deepcopy(series)
    image = converted(series)
    assert not image.Manufacturer
    assert "ManufacturerModelName" not in image
    round_trip(image, originals)


def test_differing_position_references_leave_that_of_the_image_empty(converted, round_trip, series) -> None:
    series[1].PositionReferenceIndicator = "elsewhere"
    originals = copy.deepcopy(series)
    image = converted(series)
    assert not image.PositionReferenceIndicator
    round_trip(image, originals)


@pytest.mark.parametrize(("said", "expected"), [("NO", True), ("YES", False)])
def test_only_the_absence_of_burned_in_annotations_can_be_said(converted, round_trip, series, said, expected) -> None:
    _say(series, {"BurnedInAnnotation": said})
    originals = copy.deepcopy(series)
    image = converted(series)
    assert ("BurnedInAnnotation" in image) is expected
    round_trip(image, originals)


@pytest.mark.parametrize("others", [{}, LOSSY])
def test_image_is_lossy_if_one_source_was_and_tells_the_worst(converted, round_trip, series, others) -> None:
    _say(series, {"LossyImageCompression": "00"} | others)
    _say(series[1:2], LOSSIER)
    originals = copy.deepcopy(series)
    image = converted(series)
    assert (image.LossyImageCompression, list(image.LossyImageCompressionRatio)) == ("01", [4, 12])
    assert image.LossyImageCompressionMethod[1] == "ISO_10918_1"
    round_trip(image, originals)


def test_method_of_a_lossy_source_is_that_of_its_transfer_syntax(converted, round_trip, series) -> None:
    for image in series:
        image.compress("1.2.840.10008.1.2.4.80")
        image.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.81"
    _say(series, {"LossyImageCompression": "01", "LossyImageCompressionRatio": "8"})
    originals = copy.deepcopy(series)
    image = converted(series)
    assert image.LossyImageCompressionMethod == "ISO_14495_1"
    singles = split(image)
    assert not any("LossyImageCompressionMethod" in one for one in singles)
    round_trip(image, originals)


def test_ratio_without_compression_stays_unassigned(converted, round_trip, series) -> None:
    _say(series, {"LossyImageCompression": "00", "LossyImageCompressionRatio": "8"})
    originals = copy.deepcopy(series)
    image = converted(series)
    assert image.LossyImageCompression == "00"
    assert "LossyImageCompressionRatio" not in image
    round_trip(image, originals)
