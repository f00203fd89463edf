"""What viewers and archives expect is asked only of those who ask for it."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from hdcore.errors import InputError
from hdcore.testing.sources import ct_series
from hdcore.validation import expects
from hdcore.validation.engine import validate
from hdcore.validation.profiles import PROFILES, RULES


@pytest.fixture
def segmentation() -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.90"
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
    dataset.SOPInstanceUID, dataset.PatientID, dataset.Modality = "1.2.3", "", "SEG"
    dataset.SegmentationType, dataset.SegmentsOverlap = "FRACTIONAL", "YES"
    dataset.FrameOfReferenceUID = "1.2.4"
    return dataset


@pytest.mark.parametrize(
    ("profile", "codes"),
    [
        ("ohif", {"OHIF001", "OHIF002", "OHIF003", "OHIF005", "OHIF008"}),
        ("weasis", {"WEASIS001", "WEASIS002", "WEASIS004"}),
        ("slim", {"SLIM002"}),
        ("slicer", {"SLICER001", "SLICER005", "SLICER006"}),
        ("orthanc", {"ORTHANC002", "ORTHANC003", "ORTHANC004"}),
    ],
)
def test_each_profile_has_its_own_findings(segmentation: Dataset, profile: str, codes: set[str]) -> None:
    prefixes = [f"{name.upper()}0" for name in PROFILES]
    assert validate(segmentation, select=prefixes).codes == set()
    assert validate(segmentation, select=prefixes, profile=profile).codes == codes


def test_findings_give_reason_and_remedy(segmentation: Dataset) -> None:
    (found,) = validate(segmentation, select="OHIF001", profile="ohif")
    assert "refuses" in found.message
    assert "pass the source images" in found.message
    assert found.reference == "OHIF/Viewers#4030"


@pytest.mark.parametrize("profile", PROFILES)
def test_images_are_fine_everywhere(profile: str) -> None:
    assert not list(validate(ct_series(slices=1)[0], profile=profile))


def test_unknown_profile_is_refused_with_the_names() -> None:
    with pytest.raises(InputError, match="ohif, orthanc, slicer, slim, weasis"):
        validate(ct_series(slices=1)[0], profile="xnat")


@pytest.mark.parametrize("name", ["slicer", "3dslicer", "3D Slicer", "Slicer"])
def test_programs_are_known_by_their_names(segmentation: Dataset, name: str) -> None:
    assert "SLICER001" in validate(segmentation, profile=name).codes


def test_a_plugin_adds_a_profile() -> None:
    mine = expects("ACME001", "acme", "StationName", "StationName", reason="it is sorted by", remedy="set it")
    dataset = ct_series(slices=1)[0]
    dataset.pop("StationName", None)
    assert validate(dataset, rules=[mine]).codes == set()
    assert validate(dataset, rules=[mine], profile="acme").codes == {"ACME001"}


def test_codes_are_unique_and_named_after_their_profile() -> None:
    codes = [one.code for one in RULES]
    assert len(set(codes)) == len(codes)
    assert all(one.code.startswith(one.profile.upper()) for one in RULES)
