"""The instances that a document refers to, as evidence (PS3.3 C.17.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pydicom.dataset import Dataset

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.bulk import collection_paused
from hdcore.content.item import value_type_of
from hdcore.content.reference import referenced_uids
from hdcore.content.search import skim_all
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import fetch_text, item
from hdcore.model.encode import raw
from hdcore.model.making import tag_of
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydicom.dataelem import RawDataElement
    from pydicom.tag import BaseTag

__all__ = ["InstanceReference", "collect_evidence", "evidence_items", "instances_of", "referenced_instances"]

REFERENCE_VALUE_TYPES = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM"})
CURRENT = "CurrentRequestedProcedureEvidenceSequence"
OTHER = "PertinentOtherEvidenceSequence"


class InstanceReference(NamedTuple):
    """An instance and the study and series that it is in."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str


@collection_paused()
def referenced_instances(dataset: Dataset) -> dict[str, str]:
    """Collect the instances that items below an item or document refer to.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The item or document.

    Returns
    -------
    dict[str, str]
        SOP class by SOP instance, in the order of the items.
    """
    references: dict[str, str] = {}
    for _, content_item in skim_all(dataset):
        if value_type_of(content_item) in REFERENCE_VALUE_TYPES:
            reference = referenced_uids(content_item)
            if reference is not None:
                references.setdefault(reference[1], reference[0])
    return references


def describe_evidence(evidence: Iterable[Dataset]) -> list[InstanceReference]:
    """Read which instances are evidence, each once.

    Raises
    ------
    TypeError
        If one is not a dataset.
    ValueError
        If one lacks an identifier.
    """
    described: dict[str, InstanceReference] = {}
    for dataset in evidence:
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"evidence holds a {type(dataset).__name__}; expected datasets.")
        identifiers = [
            fetch_text(dataset, keyword)
            for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
        ]
        if None in identifiers:
            raise InputError("An instance given as evidence lacks a study, series, SOP instance or SOP class UID.")
        reference = InstanceReference(*map(str, identifiers))
        described.setdefault(reference.sop_instance_uid, reference)
    return list(described.values())


def evidence_items(references: Iterable[InstanceReference]) -> list[Dataset]:
    """Make items of a Hierarchical SOP Instance Reference (PS3.3 C.17.2.1): a study each, of series, of instances.

    Parameters
    ----------
    references: Iterable[InstanceReference]
        The instances.
    """
    studies: dict[str, dict[str, list[InstanceReference]]] = {}
    for reference in references:
        studies.setdefault(reference.study_instance_uid, {}).setdefault(reference.series_instance_uid, []).append(
            reference
        )
    return [
        item(
            ReferencedSeriesSequence=[
                item(
                    ReferencedSOPSequence=[
                        item(
                            ReferencedSOPClassUID=instance.sop_class_uid,
                            ReferencedSOPInstanceUID=instance.sop_instance_uid,
                        )
                        for instance in instances
                    ],
                    SeriesInstanceUID=series,
                )
                for series, instances in by_series.items()
            ],
            StudyInstanceUID=study,
        )
        for study, by_series in studies.items()
    ]


def evidence_element(keyword: str, references: Iterable[InstanceReference]) -> RawDataElement:
    """Make a sequence of :func:`evidence_items` as an encoded element, in a hundredth of the time."""
    studies: dict[str, dict[str, list[bytes]]] = {}
    for study, series, instance, sop_class in references:
        parts = [
            _uid_bytes(at.REFERENCED_SOP_CLASS_UID, sop_class),
            encoded.element_bytes(encoded.text(at.REFERENCED_SOP_INSTANCE_UID, "UI", instance)),
        ]
        studies.setdefault(study, {}).setdefault(series, []).append(encoded.encode_item(parts))
    items = []
    for study, by_series in studies.items():
        series_items = b"".join(
            encoded.encode_item(
                [
                    encoded.element_bytes(raw(at.REFERENCED_SOP_SEQUENCE, "SQ", b"".join(instances))),
                    _uid_bytes(_SERIES_UID, series),
                ]
            )
            for series, instances in by_series.items()
        )
        listed = encoded.element_bytes(raw(_SERIES, "SQ", series_items))
        items.append(encoded.encode_item([listed, _uid_bytes(_STUDY_UID, study)]))
    return raw(tag_of(keyword), "SQ", b"".join(items))


_SERIES = tag_of("ReferencedSeriesSequence")
_SERIES_UID = tag_of("SeriesInstanceUID")
_STUDY_UID = tag_of("StudyInstanceUID")


@lru_cache(maxsize=256)
def _uid_bytes(tag: BaseTag, uid: str) -> bytes:
    return encoded.element_bytes(encoded.text(tag, "UI", uid))


def split_evidence(
    evidence: Sequence[Dataset], content: Dataset, study_instance_uid: str | None = None
) -> tuple[list[InstanceReference], list[InstanceReference], dict[str, str]]:
    """Divide evidence into that of the study and other, and check that it holds all that content refers to."""
    described = describe_evidence(evidence)
    references = referenced_instances(content)
    missing = references.keys() - {reference.sop_instance_uid for reference in described}
    if missing:
        raise InputError(
            "The content refers to instances that are not among the evidence: "
            f"{', '.join(sorted(missing)[:5])}{', …' if len(missing) > 5 else ''}. Pass them as evidence too."
        )
    study = study_instance_uid or (described[0].study_instance_uid if described else "")
    current = [one for one in described if one.study_instance_uid == study]
    other = [one for one in described if one.study_instance_uid != study]
    return current, other, references


def collect_evidence(
    evidence: Sequence[Dataset], content: Dataset, study_instance_uid: str | None = None
) -> tuple[list[Dataset], list[Dataset]]:
    """Divide the evidence of a document into that of its study and that of others (PS3.3 C.17.2.3).

    Parameters
    ----------
    evidence: Sequence[pydicom.dataset.Dataset]
        Instances that are evidence; duplicates count once.
    content: pydicom.dataset.Dataset
        Root item of the document's content.
    study_instance_uid: str | None, optional
        Study of the document; that of the first instance if absent.

    Returns
    -------
    tuple[list[pydicom.dataset.Dataset], list[pydicom.dataset.Dataset]]
        Items of Current Requested Procedure Evidence Sequence, and of Pertinent Other Evidence Sequence.

    Raises
    ------
    ValueError
        If the content refers to an instance that is not among the evidence.
    """
    current, other, _ = split_evidence(evidence, content, study_instance_uid)
    return evidence_items(current), evidence_items(other)


def instances_of(document: Dataset, current_procedure_only: bool = False) -> Iterator[InstanceReference]:
    """Read which instances a document names as evidence.

    Parameters
    ----------
    document: pydicom.dataset.Dataset
        The document.
    current_procedure_only: bool, optional
        Whether to leave out evidence of other procedures.

    Yields
    ------
    InstanceReference
        The instances; identifiers that the document leaves out are empty.
    """
    for keyword in (CURRENT,) if current_procedure_only else (CURRENT, OTHER):
        for study in document.get(keyword) or ():
            for series in study.get("ReferencedSeriesSequence") or ():
                place = _uid(study, "StudyInstanceUID"), _uid(series, "SeriesInstanceUID")
                for instance in series.get("ReferencedSOPSequence") or ():
                    yield InstanceReference(
                        *place, _uid(instance, "ReferencedSOPInstanceUID"), _uid(instance, "ReferencedSOPClassUID")
                    )


def _uid(dataset: Dataset, keyword: str) -> UID:
    return uid_as_read(fetch_text(dataset, keyword) or "")
