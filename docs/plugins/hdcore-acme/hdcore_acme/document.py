"""Encapsulated PDF documents (PS3.3 A.45.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from hdcore import SOPClass
from hdcore.errors import InputError, UnreadableError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["EncapsulatedPDF"]

SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.104.1"
_SIGNATURE = b"%PDF-"


class EncapsulatedPDF(SOPClass):
    """A PDF document filed with a patient's study."""

    def __init__(
        self,
        pdf: bytes,
        title: str,
        source_image: Dataset,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str = "",
        **header: Any,
    ) -> None:
        """File a document.

        Parameters
        ----------
        pdf: bytes
            The document.
        title: str
            Document Title.
        source_image: pydicom.dataset.Dataset
            An instance of the study to which the document belongs.
        series_instance_uid: str
            UID of the document's series.
        series_number: int
            Number of the series.
        sop_instance_uid: str
            UID of the document.
        instance_number: int
            Number of the document within its series.
        manufacturer: str, optional
            Who made the document.
        **header
            Further attributes that :class:`hdcore.SOPClass` takes.

        Raises
        ------
        ValueError
            If ``pdf`` is not a PDF document.
        """
        if not pdf.startswith(_SIGNATURE):
            raise InputError(f"pdf begins with {pdf[:5]!r}; a PDF document begins with {_SIGNATURE!r}.")
        super().__init__(
            study_instance_uid=source_image.StudyInstanceUID,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=SOP_CLASS_UID,
            instance_number=instance_number,
            modality="DOC",
            manufacturer=manufacturer,
            **header,
        )
        self.copy_patient_and_study_information(source_image)
        # PS3.3 C.24.2 Encapsulated Document
        self.AcquisitionDateTime = None
        self.ConversionType = "WSD"
        self.BurnedInAnnotation = "YES"
        self.DocumentTitle = title
        self.ConceptNameCodeSequence = []
        self.MIMETypeOfEncapsulatedDocument = "application/pdf"
        self.EncapsulatedDocumentLength = len(pdf)
        self.EncapsulatedDocument = pdf + bytes(len(pdf) % 2)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as an encapsulated document.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            An Encapsulated PDF Storage instance.
        copy: bool, optional
            Whether to leave ``dataset`` as it is.

        Raises
        ------
        ValueError
            If the dataset is of another SOP class, or has no document.
        """
        if dataset.get("SOPClassUID") != SOP_CLASS_UID:
            raise UnreadableError(f"Expected an Encapsulated PDF, not SOP class {dataset.get('SOPClassUID')}.")
        if "EncapsulatedDocument" not in dataset:
            raise UnreadableError("The instance has no EncapsulatedDocument.")
        return super().from_dataset(dataset, copy=copy)

    @property
    def pdf(self) -> bytes:
        """bytes: the document, without the byte that pads it to an even length."""
        return bytes(self.EncapsulatedDocument[: self.get("EncapsulatedDocumentLength")])
