"""Structured report documents (PS3.3 A.35)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import (
    CodedConcept,
    ContentDocument,
    ContentSequence,
    ContributingEquipment,
    instances_of,
    render_tree,
    root_of,
)
from hdcore.content.container import template_id_of
from hdcore.content.document import list_evidence, single_root
from hdcore.content.equipment import contributing_equipment as list_of_equipment
from hdcore.content.evidence import describe_evidence, evidence_items
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import flag, listed
from hdcore.model.element import item, put
from hdcore.text import check_person_name, check_text
from pydicom.dataset import Dataset
from pydicom.valuerep import DT, PersonName

from hdcore_sr.relationships import TABLES
from hdcore_sr.structure import misplaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.code import ConceptLike

    from hdcore_sr.report import MeasurementReport

__all__ = ["SOP_CLASS_UIDS", "Comprehensive3DSR", "ComprehensiveSR", "EnhancedSR", "StructuredReport"]

_SR = "1.2.840.10008.5.1.4.1.1.88."
SOP_CLASS_UIDS = {
    f"{_SR}{number}"
    for number in ("11", "22", "33", "34", "35", "40", "50", "65", "67", "68", "69", "70", "71", "72", "73")
}
"""Storage SOP classes of structured reports."""
READ_SOP_CLASS_UIDS = SOP_CLASS_UIDS | {
    "1.2.840.10008.5.1.4.1.1.78.6",  # Spectacle Prescription Report
    "1.2.840.10008.5.1.4.1.1.79.1",  # Macular Grid Thickness and Volume Report
    f"{_SR}74",  # Planned Imaging Agent Administration SR
    f"{_SR}75",  # Performed Imaging Agent Administration SR
    f"{_SR}76",  # Enhanced X-Ray Radiation Dose SR
    f"{_SR}77",  # Waveform Annotation SR
}
"""Those and the further classes whose content is a report's."""


class StructuredReport(ContentDocument):
    """A report of any SOP class, as it is read (PS3.3 A.35)."""

    SOP_CLASSES: ClassVar[frozenset[str]] = frozenset(READ_SOP_CLASS_UIDS)

    @property
    def content(self) -> ContentSequence:
        """ContentSequence: the tree; a :class:`MeasurementReport` if it follows TID 1500.

        What is changed in it is changed in the document.
        """
        root = root_of(self)
        if template_id_of(root) == "1500":
            from hdcore_sr.report import MeasurementReport

            return MeasurementReport.of([root], is_root=True)
        return ContentSequence.of([root], is_root=True)

    @property
    def report(self) -> MeasurementReport:
        """MeasurementReport: the content read as a measurement report, whether or not it says that it is one."""
        from hdcore_sr.report import MeasurementReport

        return MeasurementReport.of([root_of(self)], is_root=True)

    def get_evidence(self, current_procedure_only: bool = False) -> list[tuple[str, str, str, str]]:
        """List the instances that the document names as evidence.

        Parameters
        ----------
        current_procedure_only: bool, optional
            Whether to leave out evidence of other procedures.

        Returns
        -------
        list[tuple[str, str, str, str]]
            UIDs of study, series, SOP instance and SOP class of each, as a named tuple.
        """
        return list(instances_of(self, current_procedure_only))

    def get_evidence_series(self, current_procedure_only: bool = False) -> list[tuple[str, str]]:
        """List the series of which the document names instances as evidence.

        Parameters
        ----------
        current_procedure_only: bool, optional
            Whether to leave out evidence of other procedures.

        Returns
        -------
        list[tuple[str, str]]
            UIDs of study and series of each.
        """
        found = instances_of(self, current_procedure_only)
        return list(dict.fromkeys((one.study_instance_uid, one.series_instance_uid) for one in found))

    def to_text(self) -> str:
        """Write the content as a tree that people read (see :func:`hdcore.content.render_tree`)."""
        return render_tree(self)

    def to_records(self) -> list[dict[str, Any]]:
        """List all measurements and evaluations, a record each (see :func:`hdcore_sr.records_of`)."""
        return self.report.to_records()

    def to_dataframe(self) -> Any:
        """Make a table of all measurements and evaluations (see :func:`hdcore_sr.dataframe_of`)."""
        return self.report.to_dataframe()

    def _describe(
        self,
        evidence: Sequence[Dataset],
        content: Dataset | Sequence[Dataset],
        *,
        record_evidence: bool,
        status: dict[str, Any],
        codes: dict[str, Any],
        equipment: Sequence[ContributingEquipment] | None,
    ) -> None:
        root = single_root(content)
        check_relationships(root, str(self.SOPClassUID))
        self.copy_patient_and_study_information(evidence[0])
        put(
            self,
            ContributingEquipmentSequence=list_of_equipment(None, equipment),
            ReferencedPerformedProcedureStepSequence=[],
            **_status(**status),
            **_codes(**codes),
        )
        self.put_content(root, evidence, flag(record_evidence, "record_evidence"))


def check_relationships(root: Dataset, sop_class_uid: str) -> None:
    """Refuse content that a SOP class does not allow.

    Raises
    ------
    ValueError
        If a value type or relationship is not in the table of the class.
    """
    table = TABLES[sop_class_uid]
    for _, message in misplaced(root, table):
        raise InputError(f"{table.name} does not support {message} ({table.reference}).")


def _status(
    is_complete: bool,
    is_final: bool,
    is_verified: bool,
    verifying_observer_name: str | PersonName | None,
    verifying_organization: str | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "CompletionFlag": "COMPLETE" if flag(is_complete, "is_complete") else "PARTIAL",
        "VerificationFlag": "VERIFIED" if flag(is_verified, "is_verified") else "UNVERIFIED",
        "PreliminaryFlag": "FINAL" if flag(is_final, "is_final") else "PRELIMINARY",
    }
    if is_verified:
        if verifying_observer_name is None or verifying_organization is None:
            raise InputError("is_verified needs verifying_observer_name and verifying_organization.")
        check_person_name(verifying_observer_name)
        if not str(verifying_observer_name).strip("^= "):
            raise InputError("verifying_observer_name is empty; expected such as 'Doe^Jane'.")
        check_text(verifying_organization, "LO", "verifying_organization")
        if not verifying_organization.strip():
            raise InputError("verifying_organization is empty; expected the organization of who verified.")
        values["VerifyingObserverSequence"] = [
            item(
                VerifyingOrganization=verifying_organization,
                VerificationDateTime=str(DT(datetime.datetime.now())),
                VerifyingObserverName=PersonName(verifying_observer_name),
                VerifyingObserverIdentificationCodeSequence=[],
            )
        ]
    elif verifying_observer_name is not None or verifying_organization is not None:
        raise InputError("verifying_observer_name and verifying_organization are for documents that are is_verified.")
    return values


def _codes(
    performed_procedure_codes: Sequence[ConceptLike] | None,
    requested_procedures: Sequence[Dataset] | None,
    previous_versions: Sequence[Dataset] | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "PerformedProcedureCodeSequence": [
            CodedConcept.from_code(code)
            for code in _several(performed_procedure_codes, "performed_procedure_codes", "coded concepts")
        ]
    }
    requests = _several(requested_procedures, "requested_procedures", "datasets")
    previous = _several(previous_versions, "previous_versions", "datasets")
    for name, datasets in (("requested_procedures", requests), ("previous_versions", previous)):
        for dataset in datasets:
            if not isinstance(dataset, Dataset):
                raise InputTypeError(f"{name} holds a {type(dataset).__name__}; expected datasets.")
    if requests:
        values["ReferencedRequestSequence"] = requests
    if previous:
        values["PredecessorDocumentsSequence"] = evidence_items(describe_evidence(previous))
    return values


def _several(values: Any, name: str, expected: str) -> list[Any]:
    return [] if values is None else listed(values, name, expected)


_PARAMETERS = """Make a report.

Parameters
----------
evidence: Sequence[pydicom.dataset.Dataset]
    Instances that the content refers to, and others; patient and study are copied from the first.
content: pydicom.dataset.Dataset | Sequence[pydicom.dataset.Dataset]
    The root item, or a sequence of it such as a template; it is not copied.
series_instance_uid: str
    UID of the series.
series_number: int
    Number of the series.
sop_instance_uid: str
    UID of the document.
instance_number: int
    Number of the document.
manufacturer: str | None, optional
    Manufacturer of the equipment that makes the document.
is_complete: bool, optional
    Whether the content is complete.
is_final: bool, optional
    Whether the document is final.
is_verified: bool, optional
    Whether somebody accountable has verified it.
institution_name: str | None, optional
    Institution of the equipment.
institutional_department_name: str | None, optional
    Department of the equipment.
verifying_observer_name: str | pydicom.valuerep.PersonName | None, optional
    Who verified it.
verifying_organization: str | None, optional
    Organization of who verified it.
performed_procedure_codes: Sequence[pydicom.sr.coding.Code | CodedConcept] | None, optional
    Procedures that led to the document.
requested_procedures: Sequence[pydicom.dataset.Dataset] | None, optional
    Requests that it fulfills: items of Referenced Request Sequence.
previous_versions: Sequence[pydicom.dataset.Dataset] | None, optional
    Documents that it replaces.
record_evidence: bool, optional
    Whether evidence of other studies is named that the content does not refer to.
transfer_syntax_uid: str, optional
    Transfer syntax.
contributing_equipment: Sequence[hdcore.ContributingEquipment] | None, optional
    Further equipment that contributed.
**kwargs: Any
    What :class:`hdcore.SOPClass` takes.

Raises
------
TypeError
    If the root item is not a container.
ValueError
    If there is no evidence, or not for all that the content refers to, or the content has what the SOP class does not
    allow.
"""


class _WrittenReport(StructuredReport):
    """A report of a SOP class that is written here."""

    def __init__(
        self,
        evidence: Sequence[Dataset],
        content: Dataset | Sequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str | None = None,
        is_complete: bool = False,
        is_final: bool = False,
        is_verified: bool = False,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        verifying_observer_name: str | PersonName | None = None,
        verifying_organization: str | None = None,
        performed_procedure_codes: Sequence[ConceptLike] | None = None,
        requested_procedures: Sequence[Dataset] | None = None,
        previous_versions: Sequence[Dataset] | None = None,
        record_evidence: bool = True,
        transfer_syntax_uid: str = "1.2.840.10008.1.2.1",
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        evidence = list_evidence(evidence)
        super().__init__(
            study_instance_uid=str(evidence[0].StudyInstanceUID),
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=next(iter(self.SOP_CLASSES)),
            instance_number=instance_number,
            modality="SR",
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            **kwargs,
        )
        self._describe(
            evidence,
            content,
            record_evidence=record_evidence,
            status={
                "is_complete": is_complete,
                "is_final": is_final,
                "is_verified": is_verified,
                "verifying_observer_name": verifying_observer_name,
                "verifying_organization": verifying_organization,
            },
            codes={
                "performed_procedure_codes": performed_procedure_codes,
                "requested_procedures": requested_procedures,
                "previous_versions": previous_versions,
            },
            equipment=contributing_equipment,
        )

    __init__.__doc__ = _PARAMETERS


class EnhancedSR(_WrittenReport):
    """A report with texts, codes, numbers, and references at the leaves (Enhanced SR, PS3.3 A.35.2)."""

    SOP_CLASSES = frozenset({f"{_SR}22"})


class ComprehensiveSR(_WrittenReport):
    """A report that may also refer from one item to another (Comprehensive SR, PS3.3 A.35.3)."""

    SOP_CLASSES = frozenset({f"{_SR}33"})


class Comprehensive3DSR(_WrittenReport):
    """A report that may also have coordinates in space (Comprehensive 3D SR, PS3.3 A.35.13)."""

    SOP_CLASSES = frozenset({f"{_SR}34"})

    def __init__(
        self,
        evidence: Sequence[Dataset],
        content: Dataset | Sequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str | None = None,
        is_complete: bool = False,
        is_final: bool = False,
        is_verified: bool = False,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        verifying_observer_name: str | PersonName | None = None,
        verifying_organization: str | None = None,
        performed_procedure_codes: Sequence[ConceptLike] | None = None,
        requested_procedures: Sequence[Dataset] | None = None,
        previous_versions: Sequence[Dataset] | None = None,
        record_evidence: bool = True,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            evidence,
            content,
            series_instance_uid,
            series_number,
            sop_instance_uid,
            instance_number,
            manufacturer,
            is_complete=is_complete,
            is_final=is_final,
            is_verified=is_verified,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            verifying_observer_name=verifying_observer_name,
            verifying_organization=verifying_organization,
            performed_procedure_codes=performed_procedure_codes,
            requested_procedures=requested_procedures,
            previous_versions=previous_versions,
            record_evidence=record_evidence,
            contributing_equipment=contributing_equipment,
            **kwargs,
        )

    __init__.__doc__ = _PARAMETERS.replace("transfer_syntax_uid: str, optional\n    Transfer syntax.\n", "")
