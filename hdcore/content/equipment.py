"""Equipment that contributed to an instance (PS3.3 C.12.1.1.5)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydicom.dataset import Dataset

from hdcore.content.code import CodedConcept, concept_key
from hdcore.errors import InputError, InputTypeError, MissingAttributeError
from hdcore.model.arguments import list_of, moment, short, texts
from hdcore.model.element import copy_elements
from hdcore.text import check_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.valuerep import DT

    from hdcore.content.code import ConceptLike

__all__ = ["ContributingEquipment", "contributing_equipment"]

_DATE_TIME = re.compile(r"\d{4}(\d{2}){0,5}(\.\d{1,6})?([+-]\d{4})?")
_PIXEL_KEYWORDS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

_PURPOSES = {
    "109100": "Synthesizing Equipment",
    "109101": "Acquisition Equipment",
    "109102": "Processing Equipment",
    "109103": "Modifying Equipment",
    "109104": "De-identifying Equipment",
    "109105": "Frame Extracting Equipment",
    "109106": "Enhanced Multi-frame Conversion Equipment",
    "DOCD": "Document Digitizer Equipment",
    "FILMD": "Film Digitizer",
    "MEDIM": "Portable Media Importer Equipment",
    "VIDD": "Video Tape Digitizer Equipment",
}
"""Purposes of reference for contributing equipment (CID 7005), all of scheme DCM."""


class ContributingEquipment(Dataset):
    """An item of the Contributing Equipment Sequence (PS3.3 C.12.1)."""

    def __init__(
        self,
        manufacturer: str,
        purpose_of_reference: ConceptLike,
        *,
        manufacturer_model_name: str | None = None,
        software_versions: str | Sequence[str] | None = None,
        device_serial_number: str | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        institution_address: str | None = None,
        station_name: str | None = None,
        contribution_datetime: str | datetime | DT | None = None,
        contribution_description: str | None = None,
    ) -> None:
        """Describe equipment.

        Parameters
        ----------
        manufacturer: str
            Manufacturer of the equipment.
        purpose_of_reference: pydicom.sr.coding.Code | CodedConcept
            What the equipment did, of CID 7005.
        manufacturer_model_name: str | None, optional
            Manufacturer's name of the model.
        software_versions: str | Sequence[str] | None, optional
            Versions of the software.
        device_serial_number: str | None, optional
            Manufacturer's serial number.
        institution_name: str | None, optional
            Institution where the equipment is.
        institutional_department_name: str | None, optional
            Department where the equipment is.
        institution_address: str | None, optional
            Address of the institution.
        station_name: str | None, optional
            Name of the machine.
        contribution_datetime: str | datetime.datetime | pydicom.valuerep.DT | None, optional
            When the equipment contributed.
        contribution_description: str | None, optional
            What it contributed.

        Raises
        ------
        ValueError
            If the purpose is not one of CID 7005, or a text is empty or too long.
        """
        super().__init__()
        scheme, code = concept_key(purpose_of_reference)
        if scheme != "DCM" or code not in _PURPOSES:
            known = ", ".join(f"{meaning} ({code})" for code, meaning in _PURPOSES.items())
            raise InputError(f"purpose_of_reference is {purpose_of_reference.meaning!r}; expected one of DCM {known}.")
        check_text(manufacturer, "LO", "manufacturer")
        if not manufacturer:
            raise InputError("manufacturer of the contributing equipment is empty.")
        self._put_texts(
            Manufacturer=(manufacturer, "LO"),
            InstitutionName=(institution_name, "LO"),
            InstitutionAddress=(institution_address, "ST"),
            StationName=(station_name, "SH"),
            InstitutionalDepartmentName=(institutional_department_name, "LO"),
            ManufacturerModelName=(manufacturer_model_name, "LO"),
            DeviceSerialNumber=(device_serial_number, "LO"),
            ContributionDescription=(contribution_description, "ST"),
        )
        if software_versions is not None:
            self.SoftwareVersions = texts(software_versions, "LO", "software_versions")
        if contribution_datetime is not None:
            self.ContributionDateTime = moment(contribution_datetime, "DT", "contribution_datetime")
        self.PurposeOfReferenceCodeSequence = [CodedConcept.from_code(purpose_of_reference)]

    def _put_texts(self, **texts: tuple[str | None, str]) -> None:
        for keyword, (text, value_representation) in texts.items():
            if text is not None:
                check_text(text, value_representation, keyword)
                setattr(self, keyword, text)

    @classmethod
    def for_highdicom(cls, *, purpose_of_reference: ConceptLike | None = None) -> Self:
        """Describe this library's contribution to an instance.

        The name is that of the contract; what is named is hdcore and its version.

        Parameters
        ----------
        purpose_of_reference: pydicom.sr.coding.Code | CodedConcept | None, optional
            What the library did; Processing Equipment if absent.
        """
        from hdcore.version import __version__

        return cls(
            manufacturer="hdcore contributors",
            purpose_of_reference=purpose_of_reference or CodedConcept("109102", "DCM", _PURPOSES["109102"]),
            manufacturer_model_name="hdcore",
            software_versions=__version__,
            contribution_datetime=datetime.now(),
            contribution_description="Software library that was used to make this instance",
        )

    @classmethod
    def for_image_acquisition(cls, dataset: Dataset) -> Self:
        """Describe the equipment that acquired an image.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The image.

        Raises
        ------
        ValueError
            If ``dataset`` is not an image.
        AttributeError
            If it names no manufacturer.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"dataset is {short(dataset)}; expected a Dataset.")
        if not any(keyword in dataset for keyword in (*_PIXEL_KEYWORDS, "Rows")):
            raise InputError("dataset is not an image: it has neither pixel data nor Rows.")
        if not dataset.get("Manufacturer"):
            raise MissingAttributeError("dataset has no Manufacturer, without which its equipment cannot be described.")
        # taken over as they are written, be they too long
        equipment = cls("-", CodedConcept("109101", "DCM", _PURPOSES["109101"]))
        copy_elements(dataset, equipment, [keyword for keyword in _COPIED if dataset.get(keyword)])
        equipment.ContributionDescription = "Acquisition equipment of the source image(s)"
        if acquired := _acquisition_datetime(dataset):
            equipment.ContributionDateTime = acquired
        return equipment


_COPIED = (
    "Manufacturer",
    "InstitutionName",
    "InstitutionAddress",
    "StationName",
    "InstitutionalDepartmentName",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "SoftwareVersions",
)


def _acquisition_datetime(dataset: Dataset) -> str | None:
    """Tell when an image was acquired; ``None`` if it does not say, or not as a date and time are written."""
    day, time = dataset.get("AcquisitionDate"), dataset.get("AcquisitionTime")
    for text in (dataset.get("AcquisitionDateTime"), f"{day}{time or ''}" if day else None, day):
        if text and _DATE_TIME.fullmatch(str(text)):
            return str(text)
    return None


def contributing_equipment(
    source: Dataset | None = None, others: Sequence[ContributingEquipment] | None = None
) -> list[ContributingEquipment]:
    """List the equipment that contributed to a new instance: that of its source, what the caller names, and hdcore.

    Parameters
    ----------
    source: pydicom.dataset.Dataset | None, optional
        An image from which the instance is derived; left out if it names no manufacturer.
    others: Sequence[ContributingEquipment] | None, optional
        Further equipment.

    Returns
    -------
    list[ContributingEquipment]
        Items of the Contributing Equipment Sequence.

    Raises
    ------
    TypeError
        If what the caller names is no equipment.
    """
    further: list[Any] = list_of(Dataset, others, "contributing_equipment", "ContributingEquipment")
    acquisition = []
    if source is not None and source.get("Manufacturer") and "Rows" in source:
        acquisition.append(ContributingEquipment.for_image_acquisition(source))
    return [*acquisition, *further, ContributingEquipment.for_highdicom()]
