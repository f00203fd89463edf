"""Composite instances: what all objects with a SOP Instance UID have in common (PS3.3 A.1.2)."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID as PydicomUID
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import PersonName

from hdcore.enums import ContentQualificationValues, PatientSexValues, SpecificCharacterSetValues, Terms
from hdcore.errors import InputError, InputTypeError, MissingAttributeError
from hdcore.model.arguments import moment
from hdcore.model.element import copy_elements, put
from hdcore.model.header import PATIENT_AND_STUDY_KEYWORDS, SPECIMEN_KEYWORDS
from hdcore.model.header_arguments import check_header, scheme_items
from hdcore.model.repertoire import check_texts
from hdcore.text import check_person_name
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from datetime import date, time
    from typing import AnyStr, BinaryIO

    from pydicom.filebase import WriteableBuffer

__all__ = ["IMPLEMENTATION_CLASS_UID", "IMPLEMENTATION_VERSION_NAME", "SOPClass"]

IMPLEMENTATION_CLASS_UID = PydicomUID("2.25.304790743840546664069735534310165847004")
IMPLEMENTATION_VERSION_NAME = "HDCORE"


class SOPClass(Dataset):
    """A composite instance: a dataset with the patient, study, series, equipment and SOP common modules."""

    def __init__(
        self,
        study_instance_uid: str,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        sop_class_uid: str,
        instance_number: int,
        modality: str,
        manufacturer: str | None = None,
        transfer_syntax_uid: str | None = None,
        patient_id: str | None = None,
        patient_name: str | PersonName | None = None,
        patient_birth_date: str | date | None = None,
        patient_sex: str | PatientSexValues | None = None,
        accession_number: str | None = None,
        study_id: str | None = None,
        study_date: str | date | None = None,
        study_time: str | time | None = None,
        referring_physician_name: str | PersonName | None = None,
        content_qualification: str | ContentQualificationValues | None = None,
        coding_schemes: Sequence[Dataset] | None = None,
        series_description: str | None = None,
        manufacturer_model_name: str | None = None,
        software_versions: str | Sequence[str] | None = None,
        device_serial_number: str | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_date: str | date | None = None,
        content_time: str | time | None = None,
        series_date: str | date | None = None,
        series_time: str | time | None = None,
        specific_character_set: str | SpecificCharacterSetValues | None = None,
    ) -> None:
        """Make the instance's header.

        Parameters
        ----------
        study_instance_uid: str
            UID of the study.
        series_instance_uid: str
            UID of the series.
        series_number: int
            Number of the series, at least 1.
        sop_instance_uid: str
            UID of the instance.
        sop_class_uid: str
            UID of the storage SOP class.
        instance_number: int
            Number of the instance, at least 1.
        modality: str
            Modality (PS3.3 C.7.3.1.1.1).
        manufacturer: str | None, optional
            Manufacturer of the equipment that makes the instance.
        transfer_syntax_uid: str | None, optional
            Transfer syntax; Explicit VR Little Endian if absent.
        patient_id: str | None, optional
            Patient ID.
        patient_name: str | PersonName | None, optional
            Patient's Name, ``Family^Given^Middle^Prefix^Suffix``.
        patient_birth_date: str | datetime.date | None, optional
            Patient's Birth Date.
        patient_sex: str | PatientSexValues | None, optional
            Patient's Sex.
        accession_number: str | None, optional
            Accession Number.
        study_id: str | None, optional
            Study ID.
        study_date: str | datetime.date | None, optional
            Study Date.
        study_time: str | datetime.time | None, optional
            Study Time.
        referring_physician_name: str | PersonName | None, optional
            Referring Physician's Name.
        content_qualification: str | ContentQualificationValues | None, optional
            Content Qualification.
        coding_schemes: Sequence[Dataset] | None, optional
            Items of the Coding Scheme Identification Sequence.
        series_description: str | None, optional
            Series Description.
        manufacturer_model_name: str | None, optional
            Manufacturer's Model Name.
        software_versions: str | Sequence[str] | None, optional
            Software Versions.
        device_serial_number: str | None, optional
            Device Serial Number.
        institution_name: str | None, optional
            Institution Name.
        institutional_department_name: str | None, optional
            Institutional Department Name.
        content_date: str | datetime.date | None, optional
            Content Date; today if absent.
        content_time: str | datetime.time | None, optional
            Content Time; now if absent.
        series_date: str | datetime.date | None, optional
            Series Date.
        series_time: str | datetime.time | None, optional
            Series Time.
        specific_character_set: str | SpecificCharacterSetValues | None, optional
            Specific Character Set; UTF-8 (``ISO_IR 192``) if absent. A text that it cannot hold is refused, here or
            when the instance is saved.

        Raises
        ------
        ValueError
            If a number is below 1, or a text cannot be written under its value representation or in the character set.
        """
        super().__init__()
        check_header(locals())
        now = datetime.now()
        content_day = moment(now.date() if content_date is None else content_date, "DA", "content_date")
        if series_date is not None and moment(series_date, "DA", "series_date") > content_day:
            raise InputError(f"series_date, {series_date}, is later than content_date, {content_day}.")
        self._describe_file(sop_class_uid, sop_instance_uid, transfer_syntax_uid or ExplicitVRLittleEndian)
        self._set_present(
            SpecificCharacterSet=SpecificCharacterSetValues(specific_character_set or "ISO_IR 192").value,
            InstanceCreationDate=moment(now.date(), "DA", "today"),
            InstanceCreationTime=moment(now.time(), "TM", "now"),
            SOPClassUID=sop_class_uid,
            SOPInstanceUID=sop_instance_uid,
            ContentQualification=_value(content_qualification, ContentQualificationValues),
            CodingSchemeIdentificationSequence=scheme_items(coding_schemes),
            SeriesDate=_date(series_date, "series_date"),
            SeriesTime=_time(series_time, "series_time"),
            Modality=modality,
            InstitutionName=institution_name,
            SeriesDescription=series_description,
            InstitutionalDepartmentName=institutional_department_name,
            ManufacturerModelName=manufacturer_model_name,
            DeviceSerialNumber=device_serial_number,
            SoftwareVersions=software_versions,
            StudyInstanceUID=study_instance_uid,
            SeriesInstanceUID=series_instance_uid,
            SeriesNumber=int(series_number),
            InstanceNumber=int(instance_number),
            ContentDate=content_day,
            ContentTime=moment(now.time() if content_time is None else content_time, "TM", "content_time"),
        )
        self._set_type_2(
            StudyDate=_date(study_date, "study_date"),
            StudyTime=_time(study_time, "study_time"),
            AccessionNumber=accession_number,
            Manufacturer=manufacturer,
            ReferringPhysicianName=_name(referring_physician_name),
            PatientName=_name(patient_name),
            PatientID=patient_id,
            PatientBirthDate=None
            if patient_birth_date is None
            else moment(patient_birth_date, "DA", "patient_birth_date"),
            PatientSex=_value(patient_sex, PatientSexValues),
            StudyID=study_id,
        )
        check_texts(self, is_new=True)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as an instance of this class.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            A composite instance.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the instance itself.

        Returns
        -------
        SOPClass
            The instance.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        AttributeError
            If it has no SOP Class UID or SOP Instance UID.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"{cls.__name__}.from_dataset expects a Dataset, not {type(dataset).__name__}.")
        for keyword in ("SOPClassUID", "SOPInstanceUID"):
            if keyword not in dataset:
                raise MissingAttributeError(f"The dataset has no {keyword}; it is not a composite instance.")
        instance = deepcopy(dataset) if copy else dataset
        instance.__class__ = cls
        return cast("Self", instance)

    def _describe_file(self, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> None:
        meta = FileMetaDataset()
        meta.FileMetaInformationVersion = b"\x00\x01"
        meta.MediaStorageSOPClassUID = PydicomUID(sop_class_uid)
        meta.MediaStorageSOPInstanceUID = PydicomUID(sop_instance_uid)
        meta.TransferSyntaxUID = PydicomUID(transfer_syntax_uid)
        meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
        meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
        self.file_meta = meta
        self.preamble = bytes(128)

    def _set_present(self, **values: Any) -> None:
        put(self, **{keyword: value for keyword, value in values.items() if value is not None})

    def _set_type_2(self, **values: Any) -> None:
        put(self, **values)

    def save_as(
        self,
        filename: str | os.PathLike[AnyStr] | BinaryIO | WriteableBuffer,
        /,
        __write_like_original: bool | None = None,
        *,
        implicit_vr: bool | None = None,
        little_endian: bool | None = None,
        enforce_file_format: bool = True,
        overwrite: bool = True,
        **kwargs: Any,
    ) -> None:
        """Write the instance in the DICOM file format, under the transfer syntax of its file meta information.

        Elements that are still encoded are written through untouched, and pixel data without copying it. A file takes
        its name only when it is complete.

        Parameters
        ----------
        filename: str | os.PathLike | BinaryIO
            Where to write it.
        implicit_vr, little_endian: bool | None, optional
            Encoding to use in place of that of the transfer syntax; pydicom does the writing then.
        enforce_file_format: bool, optional
            Whether to write the prefix and complete file meta information; pydicom does the writing otherwise.
        overwrite: bool, optional
            Whether an existing file may be replaced.

        Raises
        ------
        ValueError
            If the transfer syntax asks for another byte order than that of the values, a native value exceeds 4 GiB, or
            the Specific Character Set cannot hold a text.
        FileExistsError
            If there is a file already and it may not be replaced.
        """
        from hdcore.model.saving import save

        if __write_like_original is None and implicit_vr is None and little_endian is None and enforce_file_format:
            save(self, cast("Any", filename), overwrite=overwrite, **kwargs)
            return
        check_texts(self)
        super().save_as(
            filename,
            __write_like_original,
            implicit_vr=implicit_vr,
            little_endian=little_endian,
            enforce_file_format=enforce_file_format,
            overwrite=overwrite,
            **kwargs,
        )

    @property
    def transfer_syntax_uid(self) -> UID:
        """UID: the transfer syntax.

        Raises
        ------
        AttributeError
            If the instance, taken from a dataset without file meta information, does not say.
        """
        meta = getattr(self, "file_meta", None)
        if meta is None or "TransferSyntaxUID" not in meta:
            raise MissingAttributeError("The instance has no file meta information that names its transfer syntax.")
        return uid_as_read(str(meta.TransferSyntaxUID))

    def copy_patient_and_study_information(self, dataset: Dataset) -> None:
        """Copy the attributes of the Patient and Study information entities (PS3.3 C.7.1, C.7.2).

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The instance to copy from.
        """
        copy_elements(dataset, self, PATIENT_AND_STUDY_KEYWORDS)

    def copy_specimen_information(self, dataset: Dataset) -> None:
        """Copy the attributes of the Specimen module (PS3.3 C.7.6.22).

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The instance to copy from.
        """
        copy_elements(dataset, self, SPECIMEN_KEYWORDS)


def _value(term: Any, terms: type[Terms]) -> Any:
    return None if term is None else terms(term).value


def _date(value: str | date | None, name: str) -> str | None:
    return None if value is None else moment(value, "DA", name)


def _time(value: str | time | None, name: str) -> str | None:
    return None if value is None else moment(value, "TM", name)


def _name(name: str | PersonName | None) -> PersonName | None:
    if name is None:
        return None
    check_person_name(str(name))
    return PersonName(name)
