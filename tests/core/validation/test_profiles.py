"""What viewers and archives expect is asked only of those who ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from hdcore.errors import InputError
from hdcore.testing.sources import ct_series
from hdcore.validation import check, expects
from hdcore.validation.engine import validate
from hdcore.validation.profiles import PROFILES, RULES

if TYPE_CHECKING:
    from hdcore.validation import Rule


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


SEG, LABELMAP, PM = (f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("66.4", "66.7", "30"))
ANN, SR, SLIDE = (f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("91.1", "88.33", "77.1.6"))
EXPLICIT = "1.2.840.10008.1.2.1"


def made(syntax: str = EXPLICIT, **values: Any) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def seg(**values: Any) -> Dataset:
    return made(**{"SOPClassUID": SEG, "Modality": "SEG", "SegmentationType": "BINARY", **values})


def of_images(frames: int) -> Dataset:
    series = made(ReferencedInstanceSequence=[Dataset(), Dataset()], SeriesInstanceUID="1.2")
    segments = [Dataset(), Dataset()]
    return seg(NumberOfFrames=frames, ReferencedSeriesSequence=[series], SegmentSequence=segments)


def derived(**values: Any) -> Dataset:
    derivation = made(SourceImageSequence=[made(ReferencedSOPInstanceUID="1.2")])
    return seg(PerFrameFunctionalGroupsSequence=[made(DerivationImageSequence=[derivation])], **values)


def optical(**values: Any) -> Dataset:
    return made(SOPClassUID=SLIDE, SamplesPerPixel=3, OpticalPathSequence=[made(**values)])


def tiled(kind: str) -> Dataset:
    segments = [Dataset(), Dataset()]
    return seg(SegmentationType="FRACTIONAL", SegmentSequence=segments, DimensionOrganizationType=kind)


class Huge(bytes):
    """Bytes that say they are more than they are."""

    def __len__(self) -> int:
        return 2**31 + 2


OF_SERIES = {"ReferencedSeriesSequence": [made(SeriesInstanceUID="1.2")]}
PAIRS: dict[str, tuple[Dataset, Dataset]] = {
    "OHIF001": (seg(), seg(**OF_SERIES)),
    "OHIF002": (seg(FrameOfReferenceUID="1.2"), derived(FrameOfReferenceUID="1.2")),
    "OHIF003": (seg(SegmentsOverlap="YES"), seg(SegmentsOverlap="NO")),
    "OHIF004": (seg(SOPClassUID=LABELMAP), seg()),
    "OHIF005": (seg(SegmentationType="FRACTIONAL"), seg()),
    "OHIF006": (made(SOPClassUID=PM, DoubleFloatPixelData=b""), made(SOPClassUID=PM, FloatPixelData=b"")),
    "OHIF007": (made(Modality="SR", SOPClassUID=f"{SR[:-2]}11"), made(Modality="SR", SOPClassUID=SR)),
    "OHIF008": (seg(syntax="1.2.840.10008.1.2.4.90"), seg(syntax="1.2.840.10008.1.2.5")),
    "OHIF009": (of_images(3), of_images(4)),
    "WEASIS001": (made(Modality="PR"), made(Modality="PR", **OF_SERIES)),
    "WEASIS002": (seg(FrameOfReferenceUID="1.2"), derived(FrameOfReferenceUID="1.2")),
    "WEASIS003": (made(Modality="KO"), made(Modality="KO", CurrentRequestedProcedureEvidenceSequence=[])),
    "WEASIS004": (seg(SegmentationType="LABELMAP"), seg()),
    "SLIM001": (made(SOPClassUID=SLIDE, FrameOfReferenceUID=""), made(SOPClassUID=SLIDE, FrameOfReferenceUID="1.2")),
    "SLIM002": (seg(), seg(TotalPixelMatrixColumns=5)),
    "SLIM003": (
        made(SOPClassUID=ANN, PixelOriginInterpretation="FRAME"),
        made(SOPClassUID=ANN, PixelOriginInterpretation="VOLUME"),
    ),
    "SLIM004": (made(Modality="SR", SOPClassUID=SR), made(Modality="SR", SOPClassUID=f"{SR[:-2]}34")),
    "SLIM005": (made(SOPClassUID=ANN), made(SOPClassUID=ANN, ContainerIdentifier="1")),
    "SLIM006": (seg(SegmentationType="LABELMAP"), seg()),
    "SLIM007": (optical(), optical(ICCProfile=b"12")),
    "SLIM008": (tiled("TILED_FULL"), tiled("TILED_SPARSE")),
    "SLICER001": (seg(SegmentationType="FRACTIONAL"), seg()),
    "SLICER002": (seg(SegmentationType="LABELMAP"), seg()),
    "SLICER003": (seg(TotalPixelMatrixColumns=5), seg()),
    "SLICER004": (made(SOPClassUID=PM, DoubleFloatPixelData=b""), made(SOPClassUID=PM, FloatPixelData=b"")),
    "SLICER005": (seg(), seg(**OF_SERIES)),
    "SLICER006": (
        seg(SegmentSequence=[Dataset()]),
        seg(SegmentSequence=[made(RecommendedDisplayCIELabValue=[1, 2, 3])]),
    ),
    "ORTHANC001": (made(SOPInstanceUID=""), made(SOPInstanceUID="1.2")),
    "ORTHANC002": (made(SeriesInstanceUID=""), made(SeriesInstanceUID="1.2")),
    "ORTHANC003": (made(StudyInstanceUID=""), made(StudyInstanceUID="1.2")),
    "ORTHANC004": (made(PatientID=""), made(PatientID="1")),
    "ORTHANC005": (made(SOPClassUID=ANN), seg()),
    "ORTHANC006": (made(FloatPixelData=Huge(b"1234")), made(FloatPixelData=b"1234")),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_finds_what_breaks_it_and_nothing_else(rule: Rule) -> None:
    broken, fine = PAIRS[rule.code]
    assert [found.severity for found in check(broken, [rule])] == [rule.severity]
    assert not list(check(fine, [rule]))


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
