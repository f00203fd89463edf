from __future__ import annotations

import copy
import pickle
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset

from hdcore import SOPClass
from hdcore.model.header import PATIENT_AND_STUDY_KEYWORDS, SPECIMEN_KEYWORDS
from hdcore.testing.sources import ct_series
from hdcore.validation.standard import standard

ARGUMENTS = {
    "study_instance_uid": "1.2",
    "series_instance_uid": "1.3",
    "series_number": 1,
    "sop_instance_uid": "1.4",
    "sop_class_uid": "1.2.840.10008.5.1.4.1.1.66.4",
    "instance_number": 2,
    "modality": "SEG",
}


def test_an_instance_has_a_complete_header():
    instance = SOPClass(**ARGUMENTS, patient_sex="F", manufacturer="Maker")
    assert instance.file_meta.MediaStorageSOPInstanceUID == "1.4"
    assert instance.PatientSex == "F"
    assert instance["PatientName"].is_empty
    assert "InstitutionName" not in instance
    assert instance.InstanceCreationDate == instance.ContentDate
    assert instance.SpecificCharacterSet == "ISO_IR 192"
    assert instance.transfer_syntax_uid == "1.2.840.10008.1.2.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("series_number", 0),
        ("instance_number", -1),
        ("study_instance_uid", "not a UID"),
        ("transfer_syntax_uid", "1.2.3"),
        ("transfer_syntax_uid", "1.2.840.10008.1.2.2"),  # big endian, retired
        ("patient_sex", "X"),
        ("manufacturer", "m" * 65),
        ("software_versions", ["1", "v" * 65]),
    ],
)
def test_what_cannot_be_written_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name if name != "patient_sex" else "PatientSexValues"):
        SOPClass(**{**ARGUMENTS, name: value})


@pytest.mark.parametrize("value", [None, "1", 1.5])
def test_numbers_of_series_are_integers(value):
    with pytest.raises(TypeError, match="series_number is"):
        SOPClass(**{**ARGUMENTS, "series_number": value})
    assert SOPClass(**{**ARGUMENTS, "series_number": np.int64(7)}).SeriesNumber == 7


def test_a_series_cannot_be_later_than_its_content():
    with pytest.raises(ValueError, match="later than content_date"):
        SOPClass(**ARGUMENTS, series_date="20250101", content_date="20240101")


def test_patient_and_study_are_copied_and_not_shared():
    (source,) = ct_series(1)
    source.OtherPatientIDsSequence = [Dataset()]
    instance = SOPClass(**ARGUMENTS)
    instance.copy_patient_and_study_information(source)
    assert instance.PatientName == source.PatientName
    assert instance.StudyInstanceUID == source.StudyInstanceUID
    instance.PatientName = "Other^Name"
    instance.OtherPatientIDsSequence[0].PatientID = "7"
    assert source.PatientName != "Other^Name"
    assert "PatientID" not in source.OtherPatientIDsSequence[0]


def test_specimens_are_copied():
    source = Dataset()
    source.ContainerIdentifier = "container"
    instance = SOPClass(**ARGUMENTS)
    instance.copy_specimen_information(source)
    assert instance.ContainerIdentifier == "container"


def test_a_dataset_becomes_an_instance_with_or_without_copying():
    (source,) = ct_series(1)
    copied = SOPClass.from_dataset(source)
    assert type(copied) is SOPClass
    assert copied == source
    assert type(source) is not SOPClass
    assert SOPClass.from_dataset(source, copy=False) is source


def test_what_is_no_instance_is_refused():
    with pytest.raises(TypeError, match="expects a Dataset"):
        SOPClass.from_dataset("file.dcm")
    with pytest.raises(AttributeError, match="SOPClassUID"):
        SOPClass.from_dataset(Dataset())


def test_an_instance_can_be_pickled():
    instance = SOPClass(**ARGUMENTS)
    assert pickle.loads(pickle.dumps(instance)) == instance


MODULES = {
    "patient": PATIENT_AND_STUDY_KEYWORDS,
    "clinical-trial-subject": PATIENT_AND_STUDY_KEYWORDS,
    "general-study": PATIENT_AND_STUDY_KEYWORDS,
    "patient-study": PATIENT_AND_STUDY_KEYWORDS,
    "clinical-trial-study": PATIENT_AND_STUDY_KEYWORDS,
    "specimen": SPECIMEN_KEYWORDS,
}


@pytest.mark.parametrize(("name", "keywords"), MODULES.items(), ids=MODULES)
def test_all_attributes_of_the_modules_are_copied(name, keywords):
    tables = standard()
    slide = tables.iod_of("1.2.840.10008.5.1.4.1.1.77.1.6")
    (module,) = (one for one in tables.modules_of(slide) if one.name == name)
    demanded = {keyword_for_tag(tag) for tag in tables.tags_of(module.scope)}
    assert len(demanded) > 3
    assert demanded <= set(keywords)


def test_all_that_is_copied_belongs_to_the_modules():
    tables = standard()
    modules = tables.modules_of(tables.iod_of("1.2.840.10008.5.1.4.1.1.77.1.6"))
    tags = {tag for module in modules if module.name in MODULES for tag in tables.tags_of(module.scope)}
    assert {*PATIENT_AND_STUDY_KEYWORDS, *SPECIMEN_KEYWORDS} <= {keyword_for_tag(tag) for tag in tags}


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 100", "Äneas^Rüdiger"),
        ("ISO_IR 144", "Люк^Анна"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
    ],
)
@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_names_are_copied_from_any_character_set(character_set, name, syntax):
    (made,) = ct_series(1)
    made.SpecificCharacterSet = character_set
    made.PatientName = name
    made.OtherPatientIDsSequence = [Dataset()]
    made.OtherPatientIDsSequence[0].IssuerOfPatientID = name.split("=")[0]
    buffer = BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    instance = SOPClass(**ARGUMENTS, transfer_syntax_uid=syntax)
    instance.copy_patient_and_study_information(dcmread(buffer))
    written = BytesIO()
    instance.save_as(written)
    written.seek(0)
    read = dcmread(written)
    assert read.SpecificCharacterSet == "ISO_IR 192"
    assert read.PatientName == name
    assert read.OtherPatientIDsSequence[0].IssuerOfPatientID == name.split("=")[0]


def test_private_elements_and_the_file_meta_information_are_kept(tmp_path):
    (source,) = ct_series(1)
    source.private_block(0x0019, "HDCORE TEST", create=True).add_new(0x01, "LO", "kept")
    instance = SOPClass.from_dataset(source)
    instance.save_as(tmp_path / "kept.dcm")
    read = dcmread(str(tmp_path / "kept.dcm"))
    assert read.private_block(0x0019, "HDCORE TEST")[0x01].value == "kept"
    for copied in (copy.deepcopy(instance), copy.copy(instance), pickle.loads(pickle.dumps(instance))):
        assert type(copied) is SOPClass
        assert copied == instance
        assert copied.file_meta == instance.file_meta
    copied = copy.deepcopy(instance)
    copied.PatientID = "another"
    assert instance.PatientID == source.PatientID != "another"


def test_an_instance_without_file_meta_information_does_not_know_its_transfer_syntax():
    (source,) = ct_series(1)
    instance = SOPClass.from_dataset(source)
    del instance.file_meta
    with pytest.raises(AttributeError, match="no file meta information"):
        instance.transfer_syntax_uid  # noqa: B018
