"""Key object selection documents (PS3.3 A.35.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, NamedTuple, Self

from hdcore.content import ContentDocument, ContributingEquipment, instances_of, root_of
from hdcore.content.document import list_evidence, read_document, single_root
from hdcore.content.equipment import contributing_equipment as list_of_equipment
from hdcore.content.evidence import InstanceReference, evidence_items
from hdcore.content.reference import reference_of
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import list_of
from hdcore.model.element import fetch_text, put
from hdcore.uid import UID, uid_as_read
from pydicom.dataset import Dataset

from hdcore_ko.places import find, places_of
from hdcore_ko.selection import KeyObjectSelection

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from hdcore_ko.selection import References

__all__ = ["SOP_CLASS_UIDS", "KeyObject", "KeyObjectSelectionDocument", "koread"]

_SOP_CLASS = "1.2.840.10008.5.1.4.1.1.88.59"
_PLACES = "_places"
SOP_CLASS_UIDS = {_SOP_CLASS}
"""Storage SOP classes of key object selections."""


class KeyObject(NamedTuple):
    """An instance that a document selects."""

    instance: Dataset
    """The instance."""
    frame_numbers: list[int] | None
    """Numbers of the selected frames, from one; ``None`` for all."""
    reference: References
    """The item that selects it, which may name segments of it, or channels of a waveform."""


class KeyObjectSelectionDocument(ContentDocument):
    """A document that says which instances of a study matter, and why (PS3.3 A.35.4)."""

    SOP_CLASSES: ClassVar[frozenset[str]] = frozenset(SOP_CLASS_UIDS)

    def __init__(
        self,
        evidence: Sequence[Dataset],
        content: KeyObjectSelection,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        requested_procedures: Sequence[Dataset] | None = None,
        transfer_syntax_uid: str = "1.2.840.10008.1.2.1",
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        identical_documents: Sequence[InstanceReference] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a document.

        Parameters
        ----------
        evidence: Sequence[pydicom.dataset.Dataset]
            Instances that the content refers to; patient and study are copied from the first. Those that the content
            does not refer to are not named in the document.
        content: KeyObjectSelection
            The selection; it is not copied.
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
        institution_name: str | None, optional
            Institution of the equipment.
        institutional_department_name: str | None, optional
            Department of the equipment.
        requested_procedures: Sequence[pydicom.dataset.Dataset] | None, optional
            Requests that the document fulfills: items of Referenced Request Sequence.
        transfer_syntax_uid: str, optional
            Transfer syntax.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Further equipment that contributed.
        identical_documents: Sequence[hdcore.content.InstanceReference] | None, optional
            The documents of the same content in other studies. There is one in each study that the content refers to
            (PS3.3 C.17.6.2.1); :meth:`for_each_study` makes all of them.
        **kwargs: Any
            What :class:`hdcore.SOPClass` takes.

        Raises
        ------
        TypeError
            If ``content`` is not a selection.
        ValueError
            If there is no evidence, or not for all that the content refers to; or if the content refers to instances of
            the document's study and of another in which there is no identical document.
        """
        evidence = list_evidence(evidence)
        source = evidence[0]
        if not isinstance(content, KeyObjectSelection):
            raise InputTypeError(f"content is a {type(content).__name__}; expected a KeyObjectSelection.")
        super().__init__(
            study_instance_uid=str(source.StudyInstanceUID),
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=_SOP_CLASS,
            instance_number=instance_number,
            modality="KO",
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            **kwargs,
        )
        self.copy_patient_and_study_information(source)
        put(
            self,
            ContributingEquipmentSequence=list_of_equipment(None, contributing_equipment),
            ReferencedPerformedProcedureStepSequence=[],
        )
        if requested_procedures is not None:
            put(self, ReferencedRequestSequence=list_of(Dataset, requested_procedures, "requested_procedures"))
        self.put_content(single_root(content), evidence, is_one_procedure=True)
        others = list_of(InstanceReference, identical_documents, "identical_documents")
        self._name_identical_documents(others, evidence)

    @classmethod
    def for_each_study(
        cls,
        evidence: Sequence[Dataset],
        content: KeyObjectSelection,
        series_number: int,
        instance_number: int,
        **options: Any,
    ) -> list[Self]:
        """Make a document in each study that the content refers to, as one of several studies must be (C.17.6.2.1).

        Parameters
        ----------
        evidence: Sequence[pydicom.dataset.Dataset]
            Instances that the content refers to; patient and study are copied from those of each study.
        content: KeyObjectSelection
            The selection; it is copied.
        series_number: int
            Number of the series.
        instance_number: int
            Number of the document.
        **options: Any
            Further parameters of the constructor; the UIDs of series and documents are new.

        Returns
        -------
        list[KeyObjectSelectionDocument]
            The documents, in the order of the evidence's studies; each names the others as identical.

        Raises
        ------
        TypeError
            If ``content`` is not a selection.
        ValueError
            If there is no evidence, or not for all that the content refers to.
        """
        evidence = list_evidence(evidence)
        if not isinstance(content, KeyObjectSelection):
            raise InputTypeError(f"content is a {type(content).__name__}; expected a KeyObjectSelection.")
        selected = {str(item.referenced_sop_instance_uid) for item in content.get_references()}
        used = [one for one in evidence if one.get("SOPInstanceUID") in selected] or evidence
        studies = dict.fromkeys(str(one.get("StudyInstanceUID")) for one in used)
        places = [InstanceReference(study, UID(), UID(), _SOP_CLASS) for study in studies]
        documents = []
        for place in places:
            study = place.study_instance_uid
            own = [one for one in used if one.get("StudyInstanceUID") == study]
            others = [one for one in used if one.get("StudyInstanceUID") != study]
            document = cls(
                [*own, *others],
                KeyObjectSelection.from_sequence(content),
                place.series_instance_uid,
                series_number,
                place.sop_instance_uid,
                instance_number,
                identical_documents=[other for other in places if other is not place],
                **options,
            )
            documents.append(document)
        return documents

    def _name_identical_documents(self, documents: list[InstanceReference], evidence: list[Dataset]) -> None:
        own = str(self.StudyInstanceUID)
        several = any(one.get("StudyInstanceUID") != own for one in evidence)
        referred = {str(one.study_instance_uid) for one in instances_of(self)} if several else {own}
        missing = referred - {own} - {str(one.study_instance_uid) for one in documents}
        if missing and own in referred:
            raise InputError(
                f"The content refers to instances of this study and of {', '.join(sorted(missing))}; such a document "
                "is stored in each of the studies (PS3.3 C.17.6.2.1): make them by "
                "KeyObjectSelectionDocument.for_each_study, or pass identical_documents."
            )
        if documents:
            put(self, IdenticalDocumentsSequence=evidence_items(documents))

    @property
    def content(self) -> KeyObjectSelection:
        """KeyObjectSelection: the selection; what is changed in it is changed in the document."""
        return KeyObjectSelection.of([root_of(self)], is_root=True)

    def resolve_reference(self, sop_instance_uid: str) -> tuple[str, str, str]:
        """Tell where an instance is that the content refers to.

        Parameters
        ----------
        sop_instance_uid: str
            UID of the instance.

        Returns
        -------
        tuple[str, str, str]
            UIDs of the study, the series and the instance.

        Raises
        ------
        ValueError
            If the document names no such instance as evidence.
        """
        wanted = str(sop_instance_uid)
        found = find(self, self.__dict__.get(_PLACES, {}), wanted)
        if found is None:
            self.__dict__[_PLACES] = places = places_of(self)
            found = find(self, places, wanted)
        if found is None:
            raise InputError(f"The document names no instance {sop_instance_uid} as evidence.")
        return uid_as_read(found.study_instance_uid), uid_as_read(found.series_instance_uid), uid_as_read(wanted)

    def resolve_references(self, instances: Iterable[Dataset] | Mapping[str, Dataset]) -> list[KeyObject]:
        """Find the selected instances among those at hand.

        Parameters
        ----------
        instances: Iterable[pydicom.dataset.Dataset] | Mapping[str, pydicom.dataset.Dataset]
            Instances to look among, or a mapping of them by SOP instance UID.

        Returns
        -------
        list[KeyObject]
            Each instance that is selected and at hand, in the order of selection, with what is selected of it.

        Raises
        ------
        TypeError
            If ``instances`` is neither, or holds what is no dataset.
        """
        at_hand = _by_uid(instances)
        found = []
        for item in self.content.get_references():
            reference = reference_of(item)
            uid = None if reference is None else fetch_text(reference, "ReferencedSOPInstanceUID")
            instance = None if uid is None else at_hand.get(uid)
            if instance is not None:
                found.append(KeyObject(instance, getattr(item, "referenced_frame_numbers", None), item))
        return found


def _by_uid(instances: Any) -> dict[str, Dataset]:
    if isinstance(instances, Mapping):
        return {str(uid): instance for uid, instance in instances.items()}
    if isinstance(instances, Dataset | str) or not hasattr(instances, "__iter__"):
        raise InputTypeError(f"instances is a {type(instances).__name__}; expected datasets.")
    listed = list(instances)
    for instance in listed:
        if not isinstance(instance, Dataset):
            raise InputTypeError(f"instances holds a {type(instance).__name__}; expected datasets.")
    return {str(fetch_text(instance, "SOPInstanceUID")): instance for instance in listed}


def koread(fp: str | bytes | os.PathLike[str] | BinaryIO) -> KeyObjectSelectionDocument:
    """Read a key object selection document.

    Parameters
    ----------
    fp: str | bytes | os.PathLike | BinaryIO
        The file, its path, or its content as bytes.

    Returns
    -------
    KeyObjectSelectionDocument
        The document.

    Raises
    ------
    ValueError
        If the file is not DICOM, is damaged, or of another SOP class.
    """
    return KeyObjectSelectionDocument.from_dataset(read_document(fp), copy=False)
