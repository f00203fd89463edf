from __future__ import annotations

import pickle

import numpy as np
import pytest
from pydicom.dataset import Dataset

from hdcore import SOPClass
from hdcore.testing.sources import ct_series

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
