"""Validating whole objects: clean ones are clean, broken ones are not, and nothing is changed or raised."""

from __future__ import annotations

import copy
import io
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

import hdcore
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, mr_series, pet_series, slide, us_cine
from hdcore.validation.engine import validate
from hdcore.validation.rules import rule

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"
CLEAN = [
    "CT_small.dcm",
    "MR_small.dcm",
    "MR_small_RLE.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_expb.dcm",
    "MR_small_implicit.dcm",
]


@pytest.fixture(params=["ct", "mr", "pet", "cr", "us", "enhanced", "slide"])
def source(request: pytest.FixtureRequest) -> Dataset:
    made = {
        "ct": lambda: ct_series(slices=1)[0],
        "mr": lambda: mr_series(slices=1)[0],
        "pet": lambda: pet_series(slices=1)[0],
        "cr": cr_image,
        "us": us_cine,
        "enhanced": lambda: enhanced_ct(frames=3),
        "slide": slide,
    }[request.param]()
    return made[0] if isinstance(made, list) else made


def _content(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def test_synthetic_sources_are_clean_in_memory_and_as_files(source: Dataset) -> None:
    before = copy.deepcopy(source)
    assert not validate(source).errors
    assert source == before
    assert not validate(_content(source)).errors


@pytest.mark.parametrize("name", CLEAN)
def test_clean_bundled_files_are_clean(name: str) -> None:
    report = validate(BUNDLED / name)
    assert not list(report)
    assert report.source.endswith(name)


@pytest.mark.parametrize("sop_class", ["1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.7.2"])
def test_secondary_captures_need_no_modality(sop_class: str) -> None:
    """SC Equipment makes it optional (PS3.3 C.8.6.1)."""
    dataset = ct_series(slices=1)[0]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.Modality = ""
    assert "Modality" not in {found.keyword for found in validate(dataset)}
    del dataset.Modality
    assert "Modality" not in {found.keyword for found in validate(dataset)}


def test_captures_of_one_frame_need_no_frame_increment() -> None:
    """SC Multi-frame Image demands a pointer of more than one frame only (PS3.3 C.8.6.3)."""
    dataset = ct_series(slices=1)[0]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7.3"
    dataset.NumberOfFrames = 1
    assert "FrameIncrementPointer" not in {found.keyword for found in validate(dataset)}
    dataset.NumberOfFrames = 2
    assert "FrameIncrementPointer" in {found.keyword for found in validate(dataset).errors}
    dataset.SharedFunctionalGroupsSequence = [Dataset()]
    assert "FrameIncrementPointer" not in {found.keyword for found in validate(dataset)}


@pytest.mark.parametrize(
    ("keyword", "missing"),
    [
        ("ClinicalTrialSeriesID", "ClinicalTrialCoordinatingCenterName"),
        ("ClinicalTrialTimePointDescription", "ClinicalTrialTimePointID"),
        ("ClinicalTrialSubjectID", "ClinicalTrialSponsorName"),
    ],
)
def test_any_attribute_of_a_clinical_trial_asks_for_its_module(keyword: str, missing: str) -> None:
    dataset = ct_series(slices=1)[0]
    setattr(dataset, keyword, "1")
    assert missing in {found.keyword for found in validate(dataset).errors}


def test_path_bytes_file_and_dataset_give_the_same_findings() -> None:
    path = BUNDLED / "CT_small.dcm"
    dataset = pydicom.dcmread(path)
    del dataset.Modality
    content = _content(dataset)
    findings = validate(content).findings
    assert [found.path for found in findings] == ["Modality"]
    assert validate(dataset).findings == findings
    file = io.BytesIO(content)
    assert validate(file).findings == findings
    assert file.tell() == 0


def test_what_is_no_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="absent"):
        validate(tmp_path / "absent.dcm")
    with pytest.raises(InputTypeError):
        validate(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 200, b"\0" * 128 + b"DICM", b"DICM" * 400])
def test_no_bytes_raise(content: bytes) -> None:
    assert not validate(content)


def test_codes_are_selected_and_ignored() -> None:
    dataset = ct_series(slices=1)[0]
    del dataset.Modality
    dataset["StudyDate"]._value = "20201341"
    assert validate(dataset).codes == {"ATT001", "VAL008"}
    assert validate(dataset, select=["ATT"]).codes == {"ATT001"}
    assert validate(dataset, ignore=["ATT"]).codes == {"VAL008"}


@pytest.mark.parametrize(
    ("select", "words"),
    [
        ("FLIE004", "did you mean FILE004"),
        (["ATT", "TYPO"], "'TYPO'.*codes begin with .*ATT, .*VAL"),
        (iter(["Val008"]), "did you mean VAL008"),
    ],
)
def test_codes_that_no_finding_can_have_are_refused(select, words: str) -> None:
    with pytest.raises(InputError, match=words):
        hdcore.validate(ct_series(slices=1)[0], select=select)


@pytest.mark.parametrize("argument", ["select", "ignore"])
@pytest.mark.parametrize("codes", [5, [5], [None]])
def test_codes_that_are_no_texts_are_refused(argument: str, codes) -> None:
    with pytest.raises(InputTypeError, match=argument):
        hdcore.validate(ct_series(slices=1)[0], **{argument: codes})


def test_a_code_that_does_not_apply_selects_nothing() -> None:
    for code in ("FILE004", "OHIF", "OHIF*", "OHIF001", "RULE001"):
        assert len(hdcore.validate(ct_series(slices=1)[0], select=iter([code]))) == 0


def test_rules_see_a_dataset_whatever_the_source() -> None:
    seen = []

    @rule("X1")
    def look(dataset: Dataset) -> None:
        """Look."""
        seen.append(dataset.PatientID)

    validate(BUNDLED / "CT_small.dcm", rules=[look])
    validate(pydicom.dcmread(BUNDLED / "CT_small.dcm"), rules=[look])
    assert len(seen) == 2


def test_a_read_dataset_stays_unparsed() -> None:
    dataset = pydicom.dcmread(BUNDLED / "CT_small.dcm")
    validate(dataset)
    assert dataset.get_item("PatientName").is_raw


def test_unknown_classes_are_checked_for_values_only() -> None:
    dataset = ct_series(slices=1)[0]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.3"
    del dataset.Modality
    assert validate(dataset).codes == {"IOD001"}


def test_an_index_of_files_has_no_class_and_is_said_to_be_an_index() -> None:
    report = validate(BUNDLED / "dicomdirtests" / "DICOMDIR")
    assert not report.filter(code="IOD004").findings
    (found,) = report.filter(code="IOD001")
    assert "DICOMDIR" in found.message
