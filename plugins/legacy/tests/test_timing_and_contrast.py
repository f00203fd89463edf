"""Heartbeats, breaths, volumes in time and contrast agents have functional groups of their own."""

from __future__ import annotations

import copy

import hdcore as hd
import pytest
from hdcore.content.code import CodedConcept
from hdcore.testing import sources

SERIES = {"CT": sources.ct_series, "MR": sources.mr_series, "PT": sources.pet_series}
IODINE = ("44588005", "SCT", "Iodine")
GADOLINIUM = ("35133005", "SCT", "Gadolinium")
INTRAVENOUS = ("47625008", "SCT", "Intravenous route")


def _groups(image, keyword):
    """The item of a functional group for each frame, wherever it is."""
    (shared,) = image.SharedFunctionalGroupsSequence
    return [
        next((place[keyword].value for place in (own, shared) if keyword in place), None)
        for own in image.PerFrameFunctionalGroupsSequence
    ]


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_trigger_times_are_cardiac_synchronization(converted, round_trip, modality) -> None:
    series = SERIES[modality](3)
    for index, image in enumerate(series):
        image.TriggerTime = f"{100 * index}.5"
        image.NominalInterval, image.LowRRValue, image.HighRRValue = "800", "700", "900"
    originals = copy.deepcopy(series)
    image = converted(series, include_dimension_index=False)
    items = [group[0] for group in _groups(image, "CardiacSynchronizationSequence")]
    assert [item.NominalCardiacTriggerDelayTime for item in items] == [0.5, 100.5, 200.5]
    assert [(item.RRIntervalTimeNominal, item.LowRRValue, item.HighRRValue) for item in items] == [(800, 700, 900)] * 3
    own = image.PerFrameFunctionalGroupsSequence[1].UnassignedPerFrameConvertedAttributesSequence[0]
    assert own.TriggerTime == 100.5
    assert "LowRRValue" not in image.SharedFunctionalGroupsSequence[0].UnassignedSharedConvertedAttributesSequence[0]
    round_trip(image, originals)


@pytest.mark.parametrize("times", [["0", None, "2"], ["0", "", "2"], [None, None, None]])
def test_trigger_times_of_some_images_stay_unassigned(converted, round_trip, times) -> None:
    series = sources.mr_series(3)
    for image, time in zip(series, times, strict=True):
        image.LowRRValue = "700"
        if time is not None:
            image.TriggerTime = time
    originals = copy.deepcopy(series)
    image = converted(series)
    assert _groups(image, "CardiacSynchronizationSequence") == [None] * 3
    round_trip(image, originals)


def test_triggers_of_pet_images_may_be_breaths(converted) -> None:
    series = sources.pet_series(2)
    for image in series:
        image.TriggerTime = "5"
    assert _groups(converted(series), "CardiacSynchronizationSequence") == [None] * 2


@pytest.mark.parametrize("modality", SERIES)
def test_what_is_said_in_the_words_of_groups_goes_into_them(converted, round_trip, modality) -> None:
    series = SERIES[modality](3)
    for index, image in enumerate(series):
        image.NominalCardiacTriggerDelayTime = 0.0
        image.NominalPercentageOfCardiacPhase = 10.0 * index
        image.NominalRespiratoryTriggerDelayTime = 2.0
        image.RespiratoryIntervalTime = 4000.0
        image.TemporalPositionTimeOffset = 1.5 * index
    originals = copy.deepcopy(series)
    image = converted(series, include_dimension_index=False)
    assert [group[0].NominalPercentageOfCardiacPhase for group in _groups(image, "CardiacSynchronizationSequence")] == [
        0,
        10,
        20,
    ]
    (shared,) = image.SharedFunctionalGroupsSequence
    assert shared.RespiratorySynchronizationSequence[0].RespiratoryIntervalTime == 4000
    assert [group[0].TemporalPositionTimeOffset for group in _groups(image, "TemporalPositionSequence")] == [0, 1.5, 3]
    round_trip(image, originals)


def _dynamic(times):
    """Two slices at each of several times."""
    series = []
    for position, time in enumerate(times, 1):
        for slice_number, image in enumerate(sources.mr_series(2)):
            image.SOPInstanceUID = hd.UID()
            image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
            image.StudyInstanceUID, image.FrameOfReferenceUID = "1.2.840.1", "1.2.840.2"
            image.SeriesInstanceUID = "1.2.840.3"
            image.InstanceNumber = 2 * position + slice_number
            image.TemporalPositionIdentifier = 10 * position
            image.AcquisitionDate, image.AcquisitionTime = "20260131", time
            series.append(image)
    return series


def test_volumes_in_time_have_an_index_and_an_offset(converted, round_trip) -> None:
    series = _dynamic(["235958.5", "235959.25", "235959.75"])
    originals = copy.deepcopy(series)
    image = converted(series)
    contents = [group[0].TemporalPositionIndex for group in _groups(image, "FrameContentSequence")]
    offsets = [group[0].TemporalPositionTimeOffset for group in _groups(image, "TemporalPositionSequence")]
    assert contents == [1, 1, 2, 2, 3, 3]
    assert offsets == [0, 0, 0.75, 0.75, 1.25, 1.25]
    round_trip(image, originals)


@pytest.mark.parametrize("times", [["100000", "100000"], ["100001", "100000"], ["", ""], ["10", "11"]])
def test_times_that_do_not_rise_with_volumes_give_no_offset(converted, times) -> None:
    image = converted(_dynamic(times))
    assert _groups(image, "TemporalPositionSequence") == [None] * 4
    assert [group[0].TemporalPositionIndex for group in _groups(image, "FrameContentSequence")] == [1, 1, 2, 2]


def _with_contrast(images, *agents, **others):
    for image in images:
        image.ContrastBolusAgent = "agent"
        image.ContrastBolusAgentSequence = [CodedConcept(*agent) for agent in agents]
        for keyword, value in (
            {"ContrastBolusAdministrationRouteSequence": [CodedConcept(*INTRAVENOUS)]} | others
        ).items():
            setattr(image, keyword, copy.deepcopy(value))
    return images


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_coded_agents_are_numbered_and_their_use_is_told_of_each_frame(converted, round_trip, modality) -> None:
    series = SERIES[modality](3)
    _with_contrast(series[1:], IODINE, ContrastBolusVolume="80")
    originals = copy.deepcopy(series)
    image = converted(series, include_dimension_index=False)
    (agent,) = image.ContrastBolusAgentSequence
    assert (agent.CodeValue, agent.ContrastBolusAgentNumber, agent.ContrastBolusVolume) == (IODINE[0], 1, 80)
    assert agent.ContrastBolusAdministrationRouteSequence[0].CodeValue == INTRAVENOUS[0]
    used = [group[0].ContrastBolusAgentAdministered for group in _groups(image, "ContrastBolusUsageSequence")]
    assert used == ["NO", "YES", "YES"]
    round_trip(image, originals)


def test_several_agents_are_used_alike_and_share_no_volume(converted, round_trip) -> None:
    series = _with_contrast(sources.ct_series(2), IODINE, GADOLINIUM, ContrastBolusVolume="80")
    originals = copy.deepcopy(series)
    image = converted(series)
    assert [agent.ContrastBolusVolume for agent in image.ContrastBolusAgentSequence] == [None, None]
    (shared,) = image.SharedFunctionalGroupsSequence
    assert [
        (item.ContrastBolusAgentNumber, item.ContrastBolusAgentAdministered)
        for item in shared.ContrastBolusUsageSequence
    ] == [
        (1, "YES"),
        (2, "YES"),
    ]
    round_trip(image, originals)


@pytest.mark.parametrize(
    "change",
    [
        lambda series: series[0].ContrastBolusAgentSequence.append(CodedConcept(*GADOLINIUM)),
        lambda series: delattr(series[1], "ContrastBolusAdministrationRouteSequence"),
        lambda series: [delattr(one, "ContrastBolusAdministrationRouteSequence") for one in series],
        lambda series: [setattr(one, "ContrastBolusAgentSequence", []) for one in series],
        lambda series: [delattr(one, "ContrastBolusAgentSequence") for one in series],
    ],
    ids=["agents differ", "one route is missing", "no route", "no agent in the sequence", "names only"],
)
def test_agents_that_cannot_be_numbered_stay_unassigned(converted, round_trip, change) -> None:
    series = _with_contrast(sources.ct_series(2), IODINE)
    change(series)
    originals = copy.deepcopy(series)
    image = converted(series)
    assert "ContrastBolusAgentSequence" not in image
    assert _groups(image, "ContrastBolusUsageSequence") == [None] * 2
    assert image.ContrastBolusAgent == "agent"
    round_trip(image, originals)


def test_pet_images_have_no_contrast_module(converted, round_trip) -> None:
    series = _with_contrast(sources.pet_series(2), IODINE)
    originals = copy.deepcopy(series)
    image = converted(series)
    assert not [element for element in image if element.keyword.startswith("Contrast")]
    assert not [found for found in hd.validate(image) if "Contrast" in found.path]
    round_trip(image, originals)
