"""The instances that a document refers to."""

from __future__ import annotations

import pytest
from content_trees import tree_of
from pydicom.dataset import Dataset

from hdcore.content.evidence import (
    CURRENT,
    OTHER,
    collect_evidence,
    describe_evidence,
    evidence_element,
    evidence_items,
    instances_of,
    referenced_instances,
)
from hdcore.model.element import put_element
from hdcore.testing.sources import ct_series

IMAGES, OTHERS = ct_series(2), ct_series(1)
for one in OTHERS:
    one.StudyInstanceUID, one.SOPInstanceUID = "1.2.3", "1.2.3.4"


def test_each_instance_that_items_refer_to_is_collected_once_in_their_order():
    references = referenced_instances(tree_of([*IMAGES, IMAGES[0]]))
    assert list(references) == [image.SOPInstanceUID for image in IMAGES]
    assert set(references.values()) == {IMAGES[0].SOPClassUID}


def test_evidence_of_the_documents_study_is_told_from_that_of_others():
    current, other = collect_evidence([*IMAGES, *OTHERS, IMAGES[0]], tree_of(IMAGES))
    assert [study.StudyInstanceUID for study in current] == [IMAGES[0].StudyInstanceUID]
    assert len(current[0].ReferencedSeriesSequence[0].ReferencedSOPSequence) == 2
    assert [study.StudyInstanceUID for study in other] == ["1.2.3"]


def test_content_that_refers_to_what_is_no_evidence_is_refused():
    with pytest.raises(ValueError, match=rf"not among the evidence: {IMAGES[1].SOPInstanceUID}\."):
        collect_evidence(IMAGES[:1], tree_of(IMAGES))


@pytest.mark.parametrize(
    ("evidence", "error", "message"), [("1.2.3", TypeError, "holds a str"), (Dataset(), ValueError, "lacks a study")]
)
def test_evidence_that_identifies_no_instance_is_refused(evidence, error, message):
    with pytest.raises(error, match=message):
        describe_evidence([evidence])


def test_encoded_evidence_says_what_its_items_say():
    document, references = Dataset(), describe_evidence([*IMAGES, *OTHERS])
    put_element(document, evidence_element(CURRENT, references))
    assert list(document[CURRENT].value) == evidence_items(references)


def test_a_document_names_evidence_of_other_procedures_unless_only_the_current_one_is_asked_for():
    document = Dataset()
    put_element(document, evidence_element(CURRENT, describe_evidence(IMAGES)))
    put_element(document, evidence_element(OTHER, describe_evidence(OTHERS)))
    assert list(instances_of(document)) == describe_evidence([*IMAGES, *OTHERS])
    assert list(instances_of(document, current_procedure_only=True)) == describe_evidence(IMAGES)
