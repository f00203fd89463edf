"""The contract that every plugin keeps."""

from __future__ import annotations

from hdcore.content import (
    CodeContentItem,
    DeviceObserverIdentifyingAttributes,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    duplicate,
)
from hdcore.testing import IODContract, sources
from hdcore.uid import UID
from pydicom.sr.codedict import codes

from hdcore_ko import KeyObjectSelection, KeyObjectSelectionDocument


def document(title=codes.DCM.OfInterest, **options):
    images = sources.ct_series(slices=2)
    person = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane"))
    device = ObserverContext(codes.DCM.Device, DeviceObserverIdentifyingAttributes(UID()))
    content = KeyObjectSelection(title, images, person, device, "für später", **options)
    return KeyObjectSelectionDocument(images, content, UID(), 1, UID(), 1, manufacturer="Acme")


def rejected():
    return document(codes.DCM.RejectedForQualityReasons, title_modifiers=[codes.DCM.MotionBlur])


def _remove(value_type):
    def remove(document):
        document.ContentSequence[:] = [item for item in document.ContentSequence if item.ValueType != value_type]

    return remove


def _nest(document):
    nested = CodeContentItem(codes.DCM.Finding, codes.SCT.Liver, "CONTAINS")
    document.ContentSequence[0].ContentSequence = [nested]


def _describe_twice(document):
    items = document.ContentSequence
    items.append(next(item for item in items if item.ValueType == "TEXT"))


def _retitle(document):
    document.ConceptNameCodeSequence[0].CodeValue = "999999"


def _give_no_reason(document):
    document.ContentSequence[:] = [
        item for item in document.ContentSequence if item.get("RelationshipType") != "HAS CONCEPT MOD"
    ]


def _move_evidence(document):
    document.PertinentOtherEvidenceSequence = document.CurrentRequestedProcedureEvidenceSequence


def _refer_to_another_study(document):
    studies = document.CurrentRequestedProcedureEvidenceSequence
    studies.append(duplicate(studies[0]))
    studies[-1].StudyInstanceUID = "1.2.3"


class TestKeyObjects(IODContract):
    iod_name = "ko"

    def examples(self):
        return {"of interest": document, "rejected": rejected}

    def breakages(self):
        return {
            "KO001": lambda document: setattr(document, "Modality", "OT"),
            "KO002": _nest,
            "KO003": _describe_twice,
            "KO004": _retitle,
            "KO005": ("rejected", _give_no_reason),
            "KO006": lambda document: document.__delattr__("CurrentRequestedProcedureEvidenceSequence"),
            "KO007": _remove("IMAGE"),
            "KO008": _move_evidence,
            "KO009": _refer_to_another_study,
        }
