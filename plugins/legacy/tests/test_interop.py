"""The same conversions by highdicom: the same frames in the same order, and each reads what the other wrote."""

from __future__ import annotations

from io import BytesIO

import hdcore
import hdcore.legacy
import numpy as np
import pytest
from hdcore.testing import sources

highdicom = pytest.importorskip("highdicom")
pytest.importorskip("highdicom.legacy")

KINDS = {"CT": sources.ct_series, "MR": sources.mr_series, "PET": sources.pet_series}
GROUPS = (
    "PixelMeasuresSequence",
    "PlanePositionSequence",
    "PlaneOrientationSequence",
    "PixelValueTransformationSequence",
    "FrameContentSequence",
    "ConversionSourceAttributesSequence",
    "CTImageFrameTypeSequence",
    "MRImageFrameTypeSequence",
    "PETFrameTypeSequence",
)


def _converted(library, kind, **options):
    make = getattr(library.legacy, f"LegacyConvertedEnhanced{kind}Image")
    series = KINDS[kind](4)
    return make([series[at] for at in (2, 0, 3, 1)], "1.2.826.0.1.2", 3, "1.2.826.0.1.3", 1, **options)


def _groups(image):
    """What the compared functional groups of each frame say, wherever they are."""
    (shared,) = image.SharedFunctionalGroupsSequence
    frames = []
    for own in image.PerFrameFunctionalGroupsSequence:
        said = {}
        for keyword in GROUPS:
            for place in (own, shared):
                if keyword in place:
                    said[keyword] = _plain(place[keyword].value[0])
        frames.append(said)
    return frames


def _plain(item):
    return {
        element.keyword: [
            float(one) if element.VR in ("DS", "FD") else str(one) for one in np.atleast_1d(element.value)
        ]
        for element in item
    }


@pytest.mark.parametrize("index", [None, False])
@pytest.mark.parametrize("kind", KINDS)
def test_functional_groups_are_the_same(kind, index) -> None:
    ours, theirs = (
        _groups(_converted(library, kind, include_dimension_index=index)) for library in (hdcore, highdicom)
    )
    assert ours == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_frames_and_dimensions_are_the_same(kind) -> None:
    ours, theirs = (_converted(library, kind) for library in (hdcore, highdicom))
    np.testing.assert_array_equal(ours.pixel_array, theirs.pixel_array)
    for keyword in ("ImageType", "DimensionOrganizationType", "AcquisitionDateTime", "PatientName", "StudyID"):
        assert str(ours[keyword].value) == str(theirs[keyword].value)
    pointers = [[item.DimensionIndexPointer for item in one.DimensionIndexSequence] for one in (ours, theirs)]
    assert pointers[0] == pointers[1]


OF_THE_IMAGE = {
    "InstanceCreationDate": "when it was made",
    "InstanceCreationTime": "when it was made",
    "ContributingEquipmentSequence": "names the library",
    "DimensionOrganizationSequence": "an identifier of its own",
    "DimensionIndexSequence": "an identifier of its own",
    "ReferencedSeriesSequence": "the series of each call has an identifier of its own",
    "ContentTime": "of the sources; theirs for PET is the time of acquisition",
    "ClinicalTrialTimePointID": "theirs is empty though there is no trial, of which the modules are optional",
    "ClinicalTrialCoordinatingCenterName": "theirs is empty though there is no trial",
    "ContrastBolusAgent": "theirs is empty, as if contrast had been given",
    "BodyPartExamined": "of the General Series module (C.7.3.1); theirs is lost",
    "Laterality": "of the General Series module (C.7.3.1); theirs is unassigned",
    "LossyImageCompression": "required of an original image (C.8.22.3); theirs is unassigned",
}
OF_ALL_FRAMES = {
    "UnassignedSharedConvertedAttributesSequence": "see below",
    "FrameVOILUTSequence": "for PET after the rescale slope of each frame (C.11.2.1.2), so that no window is shared",
}
UNASSIGNED = {
    "ImageType": "kept beside the Frame Type that follows from it",
    "AcquisitionDate": "kept beside Frame Acquisition DateTime",
    "AcquisitionTime": "kept beside Frame Acquisition DateTime",
    "AcquisitionNumber": "kept beside Frame Acquisition Number",
    "ActualFrameDuration": "kept beside Frame Acquisition Duration",
    "NumberOfSlices": "kept; theirs is lost",
    "PositionReferenceIndicator": "of the Frame of Reference module, where both have it",
    "SpacingBetweenSlices": "in Pixel Measures, where both have it",
    "Laterality": "see above",
    "LossyImageCompression": "see above",
    "(0021,0010)": "notes of what was added",
    "(0021,1001)": "notes of what was added",
}


def _said(dataset):
    """What a dataset says, as texts and numbers; nothing where it is empty."""
    said = {}
    for element in dataset:
        if element.VR == "SQ":
            said[element.keyword] = [_said(item) for item in element.value]
        elif element.keyword != "PixelData":
            said[element.keyword or str(element.tag)] = _plain([element])[element.keyword] if element.value else []
    return said


def _differences(one, other):
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_difference_is_explained(kind) -> None:
    ours, theirs = (_said(_converted(library, kind)) for library in (hdcore, highdicom))
    groups = {"SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"}
    assert _differences(ours, theirs) - groups <= OF_THE_IMAGE.keys()
    (shared,), (their_shared,) = (image["SharedFunctionalGroupsSequence"] for image in (ours, theirs))
    assert _differences(shared, their_shared) <= OF_ALL_FRAMES.keys()
    (unassigned,), (their_unassigned,) = (
        image["UnassignedSharedConvertedAttributesSequence"] for image in (shared, their_shared)
    )
    assert _differences(unassigned, their_unassigned) <= UNASSIGNED.keys()
    frames = zip(ours["PerFrameFunctionalGroupsSequence"], theirs["PerFrameFunctionalGroupsSequence"], strict=True)
    for own, their_own in frames:
        assert _differences(own, their_own) <= {"FrameVOILUTSequence"} & (
            OF_ALL_FRAMES.keys() if kind == "PET" else set()
        )


@pytest.mark.parametrize("kind", KINDS)
def test_each_reads_what_the_other_wrote(kind) -> None:
    series = KINDS[kind](4)
    expected = hdcore.get_volume_from_series(series).array
    for writer, reader in ((hdcore, highdicom), (highdicom, hdcore)):
        buffer = BytesIO()
        _converted(writer, kind).save_as(buffer)
        buffer.seek(0)
        image = reader.legacy.lceread(buffer)
        np.testing.assert_allclose(image.get_volume().array, expected)
        one = image.get_pixels_by_legacy_source_instance(str(series[1].SOPInstanceUID), apply_modality_transform=False)
        np.testing.assert_array_equal(one, series[1].pixel_array)
