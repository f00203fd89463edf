"""Documents whose content is a tree."""

from __future__ import annotations

import io

import pydicom
import pytest
from content_trees import tree_of
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore.content import ContentItem, ContentSequence, TextContentItem, children_of
from hdcore.content.document import ContentDocument, list_evidence, read_document, root_of, single_root
from hdcore.errors import UnreadableError
from hdcore.testing.sources import ct_series

IMAGES, OTHERS = ct_series(2), ct_series(1)
for one in OTHERS:
    one.StudyInstanceUID, one.SOPInstanceUID = "1.2.3", "1.2.3.4"


def document_of(evidence, transfer_syntax_uid=None, **options):
    study = IMAGES[0].StudyInstanceUID
    document = ContentDocument(
        study, "1.2.4", 1, "1.2.5", "1.2.840.10008.5.1.4.1.1.88.33", 1, "SR", "hdcore", transfer_syntax_uid
    )
    document.put_content(tree_of(IMAGES), evidence, **options)
    return document


def test_a_documents_own_attributes_are_the_root():
    document = document_of(IMAGES)
    assert root_of(document) == tree_of(IMAGES)
    assert all(isinstance(item, ContentItem) for item in document.ContentSequence)


def test_what_is_changed_in_the_root_is_changed_in_the_document():
    document = document_of(IMAGES)
    children_of(root_of(document))[0].TextValue = "no mass"
    assert document.ContentSequence[0].TextValue == "no mass"


def test_other_evidence_that_the_content_does_not_refer_to_may_be_left_out():
    assert len(document_of([*IMAGES, *OTHERS]).PertinentOtherEvidenceSequence) == 1
    assert "PertinentOtherEvidenceSequence" not in document_of([*IMAGES, *OTHERS], record_evidence=False)


def test_evidence_of_one_procedure_is_what_the_content_refers_to():
    document = document_of([*IMAGES, *OTHERS], is_one_procedure=True)
    (study,) = document.CurrentRequestedProcedureEvidenceSequence
    assert len(study.ReferencedSeriesSequence[0].ReferencedSOPSequence) == 2
    assert "PertinentOtherEvidenceSequence" not in document


@pytest.mark.parametrize("transfer_syntax_uid", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"])
def test_a_saved_document_reads_as_it_was(transfer_syntax_uid):
    document, file = document_of(IMAGES, transfer_syntax_uid=transfer_syntax_uid), io.BytesIO()
    document.save_as(file)
    read = pydicom.dcmread(io.BytesIO(file.getvalue()))
    assert read.file_meta.TransferSyntaxUID == transfer_syntax_uid
    assert [element.tag for element in read] == [element.tag for element in document]
    assert root_of(read) == root_of(document)


def test_content_is_one_root_item_or_a_sequence_of_one():
    root = tree_of(IMAGES)
    assert single_root(root) is root
    assert single_root(ContentSequence([root], is_root=True)) is root


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ([], ValueError, "0 root items"),
        (TextContentItem(codes.DCM.Finding, "a mass"), TypeError, "expected one of value type CONTAINER"),
        (children_of(tree_of(IMAGES))[1], ValueError, "has a relationship type"),
    ],
)
def test_content_that_is_no_root_is_refused(content, error, message):
    with pytest.raises(error, match=message):
        single_root(content)


@pytest.mark.parametrize(
    ("evidence", "error", "message"),
    [
        ([], ValueError, "is empty"),
        (Dataset(), TypeError, "is a Dataset"),
        (["1.2"], TypeError, "holds a str"),
        ([Dataset()], ValueError, "first instance of evidence has no Study Instance UID"),
    ],
)
def test_evidence_that_is_no_sequence_of_datasets_is_refused(evidence, error, message):
    with pytest.raises(error, match=message):
        list_evidence(evidence)


def saved(document):
    file = io.BytesIO()
    document.save_as(file)
    return file.getvalue()


def test_a_document_is_read_from_a_path_a_file_and_bytes(tmp_path):
    content = saved(document_of(IMAGES))
    (tmp_path / "document.dcm").write_bytes(content)
    wanted = pydicom.dcmread(io.BytesIO(content))
    for source in (tmp_path / "document.dcm", str(tmp_path / "document.dcm"), io.BytesIO(content), content):
        assert read_document(source) == wanted
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path / "another.dcm")


def test_what_is_no_file_or_ends_too_early_is_refused_by_one_error():
    content = saved(document_of(IMAGES))
    with pytest.raises(UnreadableError, match="not in the DICOM file format"):
        read_document(b"nothing")
    with pytest.raises(UnreadableError, match=r"truncated: it ends within \(0040,A730\)"):
        read_document(content[:-20])
    refused = 0
    for end in range(140, len(content), 7):
        try:
            read_document(content[:end])
        except UnreadableError:
            refused += 1
    assert refused > len(content) / 7 / 2  # the others end where an element does


def test_documents_are_taken_if_they_are_of_the_class():
    class OfOneClass(ContentDocument):
        SOP_CLASSES = frozenset({"1.2.840.10008.5.1.4.1.1.88.33"})

    plain = Dataset(document_of(IMAGES))
    assert type(OfOneClass.from_dataset(plain)) is OfOneClass
    assert type(plain) is Dataset
    assert OfOneClass.from_dataset(plain, copy=False) is plain
    with pytest.raises(TypeError, match="OfOneClass is read from a Dataset, not from str"):
        OfOneClass.from_dataset("1.2.3")
    with pytest.raises(ValueError, match=r"of SOP class [0-9.]+, not a OfOneClass"):
        OfOneClass.from_dataset(IMAGES[0])
