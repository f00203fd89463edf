"""Selections of other producers are read; what is off is told, not raised, and saved as it was."""

from __future__ import annotations

import copy
import io

import hdcore as hd
import pydicom
import pytest
from hdcore.content import ObserverContext, PersonObserverIdentifyingAttributes, render_tree
from hdcore.testing import sources
from hdcore.uid import UID
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

from hdcore_ko import KeyObjectSelection, KeyObjectSelectionDocument, koread

IMAGES = sources.ct_series(slices=2)


def encoded(dataset):
    file = io.BytesIO()
    dataset.save_as(file)
    return file.getvalue()


def plain(content):
    return pydicom.dcmread(io.BytesIO(content))


def selection():
    person = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane"))
    content = KeyObjectSelection(
        codes.DCM.QualityIssue, IMAGES, person, description="größer", title_modifiers=[codes.DCM.MotionBlur]
    )
    document = KeyObjectSelectionDocument(IMAGES, content, UID(), 1, UID(), 1, manufacturer="Acme")
    assert hd.validate(document).findings == ()
    return plain(encoded(document))


def without(*keywords):
    def change(dataset):
        for item in [dataset, *(dataset.get("ContentSequence") or ())]:
            for keyword in keywords:
                if keyword in item:
                    del item[keyword]

    return change


def names(*concepts):
    def change(dataset):
        for item in [dataset, *dataset.ContentSequence]:
            item.ConceptNameCodeSequence = Sequence(copy.deepcopy(list(concepts)))

    return change


def of_another_kind(dataset):
    for item, kind in zip(dataset.ContentSequence, ["SCOORD", "IMAGE", "NUM", "TABLE", "CODE", "TEXT"], strict=False):
        item.ValueType = kind


def empty(dataset):
    for item in dataset.ContentSequence:
        for keyword in ("ConceptCodeSequence", "ReferencedSOPSequence"):
            if keyword in item:
                item[keyword].value = Sequence([])


def nested(dataset):
    dataset.ContentSequence[-1].ContentSequence = Sequence([copy.deepcopy(dataset.ContentSequence[0])])


def in_another_character_set(dataset):
    for item in dataset.ContentSequence:
        if "TextValue" in item:
            item.SpecificCharacterSet = "ISO_IR 100"
            item.TextValue = "größer"


def named_twice(dataset):
    studies = dataset.CurrentRequestedProcedureEvidenceSequence
    studies.append(copy.deepcopy(studies[0]))


ODDITIES = {
    "no template": (without("ContentTemplateSequence"), None),
    "no title": (without("ConceptNameCodeSequence"), "KO004"),
    "empty names": (names(), "KO004"),
    "hollow names": (names(Dataset()), "KO004"),
    "no content": (without("ContentSequence"), "KO007"),
    "no value types": (without("ValueType"), "KO002"),
    "other value types": (of_another_kind, "KO002"),
    "no relationships": (without("RelationshipType"), "KO002"),
    "no values": (without("ConceptCodeSequence", "TextValue", "ReferencedSOPSequence", "PersonName"), "KO005"),
    "empty values": (empty, "KO005"),
    "nested items": (nested, "KO002"),
    "another character set": (in_another_character_set, None),
    "evidence that is named twice": (named_twice, None),
    "no evidence": (without("CurrentRequestedProcedureEvidenceSequence"), "KO006"),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_what_is_odd_is_told_and_never_in_the_way(oddity):
    change, code = ODDITIES[oddity]
    dataset = selection()
    change(dataset)
    content = encoded(dataset)
    wanted = plain(content)
    for read in (koread, hd.read):
        document = read(content)
        assert type(document) is KeyObjectSelectionDocument
        assert render_tree(document)
        found = document.content
        list(found.deviations())
        for observer in found.get_observer_contexts():
            assert observer.observer_identifying_attributes is not None
        assert found.description in ("größer", None)
        assert set(found.title_modifiers) <= {codes.DCM.MotionBlur, None}
        assert found.get_references(sop_class_uid="1.2.3") == []
        assert {one.instance.SOPInstanceUID for one in document.resolve_references(IMAGES)} <= {
            image.SOPInstanceUID for image in IMAGES
        }
        assert plain(encoded(document)) == wanted
    told = {finding.code for finding in hd.validate(content)}
    assert "RULE001" not in told
    assert (code in told) if code else not told & {f"KO00{number}" for number in range(1, 10)}
