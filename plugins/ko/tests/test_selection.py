"""Key object selections."""

from __future__ import annotations

import gc
import io

import hdcore as hd
import pytest
from hdcore.content import (
    DeviceObserverIdentifyingAttributes,
    ImageContentItem,
    InstanceReference,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    TextContentItem,
    duplicate,
)
from hdcore.testing import interop, sources
from hdcore.uid import UID
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore_ko import SOP_CLASS_UIDS, KeyObjectSelection, KeyObjectSelectionDocument, koread

PERSON = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane"))
DEVICE = ObserverContext(codes.DCM.Device, DeviceObserverIdentifyingAttributes("2.25.1"))


@pytest.fixture
def images():
    return sources.ct_series(slices=3)


def make(images, content=None, **options):
    content = content or KeyObjectSelection(codes.DCM.OfInterest, images)
    return KeyObjectSelectionDocument(images, content, UID(), 1, UID(), 1, **options)


def saved(document):
    file = io.BytesIO()
    document.save_as(file)
    return file.getvalue()


def test_a_selection_is_read_back(images):
    content = KeyObjectSelection(codes.DCM.ForTeaching, images[:2], PERSON, DEVICE, "schön", language=codes.SCT.Liver)
    read = koread(io.BytesIO(saved(make(images, content))))
    assert read.content == content
    assert read.content.title == codes.DCM.ForTeaching
    assert read.content.document_title == codes.DCM.ForTeaching
    assert read.content.description == "schön"
    assert [item.referenced_sop_instance_uid for item in read.content.get_references()] == [
        image.SOPInstanceUID for image in images[:2]
    ]
    assert read.content.observer_device_context.observer_identifying_attributes.uid == "2.25.1"
    assert read.content.observer_person_context.observer_identifying_attributes.name == "Doe^Jane"
    assert len(read.content.get_observer_contexts()) == 2
    assert len(read.content.get_observer_contexts(codes.DCM.Device)) == 1


def test_the_core_reads_and_creates_selections(images):
    content = KeyObjectSelection(codes.DCM.OfInterest, images)
    document = hd.create("ko", images, content, UID(), 1, UID(), 1)
    assert isinstance(hd.read(saved(document)), KeyObjectSelectionDocument)
    assert {document.SOPClassUID} == SOP_CLASS_UIDS


def test_references_are_resolved(images):
    document = make(images, KeyObjectSelection(codes.DCM.OfInterest, images[1:]))
    uid = images[1].SOPInstanceUID
    assert document.resolve_reference(uid) == (images[1].StudyInstanceUID, images[1].SeriesInstanceUID, uid)
    with pytest.raises(ValueError, match="no instance"):
        document.resolve_reference("1.2.3")
    assert document.resolve_references(images) == [
        (image, None, item) for image, item in zip(images[1:], document.content.get_references(), strict=True)
    ]
    assert [one.instance for one in document.resolve_references({uid: images[1]})] == [images[1]]


def test_frames_are_referred_to_by_items():
    image = sources.enhanced_ct(frames=4)
    item = ImageContentItem(codes.SCT.Liver, image.SOPClassUID, image.SOPInstanceUID, [2, 3])
    document = make([image], KeyObjectSelection(codes.DCM.OfInterest, [item]))
    (found,) = document.resolve_references([image])
    assert (found.instance, found.frame_numbers) == (image, [2, 3])
    assert hd.validate(document)


@pytest.mark.parametrize(
    ("sop_class", "value_type"),
    [
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "WAVEFORM"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "COMPOSITE"),
        ("1.2.840.10008.5.1.4.1.1.88.34", "COMPOSITE"),
        ("1.2.840.10008.5.1.4.1.1.2", "IMAGE"),
    ],
)
def test_the_kind_of_instance_chooses_the_value_type(images, sop_class, value_type):
    instance = duplicate(images[0])
    instance.SOPClassUID = sop_class
    if value_type != "IMAGE":
        del instance.Rows
        del instance.PixelData
    content = KeyObjectSelection(codes.DCM.OfInterest, [instance])
    assert len(content.get_references(value_type=value_type)) == 1
    assert len(content.get_references(sop_class_uid=sop_class)) == 1
    assert content.get_references(sop_class_uid="1.2.3") == []


@pytest.mark.parametrize("title", list(codes.cid7010.concepts.values()), ids=lambda code: code.meaning)
def test_every_title_can_be_used(images, title):
    modifiers = {"113001": codes.DCM.MotionBlur, "113010": codes.DCM.MotionBlur, "113013": codes.DCM.Series}
    chosen = modifiers.get(title.value)
    content = KeyObjectSelection(title, images, title_modifiers=None if chosen is None else [chosen])
    assert list(content.deviations()) == []
    assert content.title_modifiers == ([] if chosen is None else [chosen])


@pytest.mark.parametrize("title", [codes.DCM.RejectedForQualityReasons, codes.DCM.QualityIssue, codes.DCM.BestInSet])
def test_a_title_without_the_modifier_that_it_asks_for_is_warned_of_by_validation(images, title):
    report = hd.validate(make(images, KeyObjectSelection(title, images)))
    assert report
    assert [finding.code for finding in report] == ["KO005"]


def test_documents_conform(images):
    content = KeyObjectSelection(codes.DCM.OfInterest, images, PERSON, DEVICE, "text")
    interop.assert_conformant(make(images, content, manufacturer="Acme"))


def test_bad_input_is_refused(images):
    with pytest.raises(ValueError, match="empty"):
        KeyObjectSelection(codes.DCM.OfInterest, [])
    with pytest.raises(TypeError, match="datasets"):
        KeyObjectSelection(codes.DCM.OfInterest, ["1.2.3"])
    with pytest.raises(TypeError, match="IMAGE"):
        KeyObjectSelection(codes.DCM.OfInterest, [TextContentItem(codes.DCM.Finding, "x")])
    with pytest.raises(ValueError, match="no SOP class"):
        KeyObjectSelection(codes.DCM.OfInterest, [Dataset()])
    with pytest.raises(ValueError, match="observer_person_context"):
        KeyObjectSelection(codes.DCM.OfInterest, images, DEVICE)
    with pytest.raises(TypeError, match="name"):
        KeyObjectSelection("Of Interest", images)
    content = KeyObjectSelection(codes.DCM.OfInterest, images)
    with pytest.raises(ValueError, match="evidence is empty"):
        KeyObjectSelectionDocument([], content, UID(), 1, UID(), 1)
    with pytest.raises(ValueError, match="not among the evidence"):
        KeyObjectSelectionDocument(images[:1], content, UID(), 1, UID(), 1)
    with pytest.raises(TypeError, match="KeyObjectSelection"):
        KeyObjectSelectionDocument(images, content[0], UID(), 1, UID(), 1)
    with pytest.raises(ValueError, match="SOP class"):
        KeyObjectSelectionDocument.from_dataset(images[0])
    with pytest.raises(ValueError, match="not in the DICOM file format"):
        koread(io.BytesIO(b"nothing"))
    with pytest.raises(ValueError, match="truncated"):
        koread(saved(make(images))[:-20])


def test_reading_leaves_the_dataset_as_it_is_unless_told(images):
    plain = Dataset(make(images))
    assert type(KeyObjectSelectionDocument.from_dataset(plain)) is KeyObjectSelectionDocument
    assert type(plain) is Dataset
    assert KeyObjectSelectionDocument.from_dataset(plain, copy=False) is plain


def test_highdicom_reads_ours_and_we_read_theirs(images):
    highdicom = pytest.importorskip("highdicom")
    import pydicom

    ours = make(images, KeyObjectSelection(codes.DCM.OfInterest, images, description="x"))
    theirs = highdicom.ko.KeyObjectSelectionDocument.from_dataset(pydicom.dcmread(io.BytesIO(saved(ours))))
    assert len(theirs.content.get_references()) == 3
    assert theirs.resolve_reference(images[0].SOPInstanceUID) == ours.resolve_reference(images[0].SOPInstanceUID)
    made = highdicom.ko.KeyObjectSelectionDocument(
        images, highdicom.ko.KeyObjectSelection(codes.DCM.OfInterest, images, description="x"), UID(), 1, UID(), 1
    )
    read = KeyObjectSelectionDocument.from_dataset(Dataset(made))
    assert [message for _, message, _ in read.content.deviations()] == ["has a concept name, expected none"] * 3
    for item in read.content.get_references():  # the purpose that the peer gives each reference, against TID 2010
        assert item.name.meaning == "Source"
        del item.ConceptNameCodeSequence
    assert read.content == ours.content


def test_references_have_no_purpose_of_their_own(images):
    """The title is the purpose of all (TID 2010, rows 8 to 10)."""
    item = ImageContentItem(codes.SCT.Liver, images[0].SOPClassUID, images[0].SOPInstanceUID)
    content = KeyObjectSelection(codes.DCM.OfInterest, [item, images[1]])
    assert ["ConceptNameCodeSequence" in one for one in content.get_references()] == [False, False]
    assert item.name == codes.SCT.Liver


def other_study():
    return sources.ct_series(slices=2, seed=1)


def test_evidence_is_what_is_selected_and_nothing_else(images):
    """PS3.3 C.17.6.2: one list, of all studies."""
    chosen = [images[1], *other_study()]
    elsewhere = InstanceReference(other_study()[0].StudyInstanceUID, "1.2.3", "1.2.3.4", next(iter(SOP_CLASS_UIDS)))
    content = KeyObjectSelection(codes.DCM.OfInterest, chosen)
    document = make([*images, *other_study(), *images], content, identical_documents=[elsewhere])
    assert "PertinentOtherEvidenceSequence" not in document
    studies = document.CurrentRequestedProcedureEvidenceSequence
    assert [study.StudyInstanceUID for study in studies] == [one.StudyInstanceUID for one in chosen[:2]]
    assert [len(study.ReferencedSeriesSequence[0].ReferencedSOPSequence) for study in studies] == [1, 2]
    for one in chosen:
        assert document.resolve_reference(one.SOPInstanceUID)[0] == one.StudyInstanceUID
    with pytest.raises(ValueError, match="names no instance"):
        document.resolve_reference(images[0].SOPInstanceUID)
    (study,) = document.IdenticalDocumentsSequence
    assert study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == "1.2.3.4"
    assert hd.validate(document).findings == ()


def test_a_selection_from_its_own_study_and_another_is_not_one_document(images):
    """PS3.3 C.17.6.2.1; a document that refers to another study only is in no other."""
    both = KeyObjectSelection(codes.DCM.OfInterest, [images[1], other_study()[0]])
    evidence = [*images, *other_study()]
    with pytest.raises(ValueError, match=r"and of [0-9.]+; such a document is stored .*for_each_study, or pass"):
        make(evidence, both)
    with pytest.raises(ValueError, match=other_study()[0].StudyInstanceUID):
        make(evidence, both, identical_documents=[InstanceReference("1.2.9", "1.2.3", "1.2.3.4", "1.2.5")])
    with pytest.raises(TypeError, match=r"identical_documents\[0\] is of type tuple; expected InstanceReference"):
        make(evidence, both, identical_documents=[(other_study()[0].StudyInstanceUID, "1.2.3", "1.2.3.4", "1.2.5")])
    document = make(evidence, KeyObjectSelection(codes.DCM.OfInterest, other_study()))
    assert document.StudyInstanceUID == images[0].StudyInstanceUID
    assert hd.validate(document).findings == ()


def test_a_selection_from_several_studies_is_stored_in_each(images):
    """PS3.3 C.17.6.2.1."""
    chosen = [images[1], other_study()[0]]
    content = KeyObjectSelection(codes.DCM.OfInterest, chosen, PERSON)
    documents = KeyObjectSelectionDocument.for_each_study(
        [*images, *other_study()], content, 3, 4, manufacturer="Acme", institution_name="Inst"
    )
    assert [one.StudyInstanceUID for one in documents] == [one.StudyInstanceUID for one in chosen]
    assert {(one.SeriesNumber, one.InstanceNumber, one.InstitutionName) for one in documents} == {(3, 4, "Inst")}
    for one, other in (documents, documents[::-1]):
        assert one.content == content
        (study,) = one.IdenticalDocumentsSequence
        (series,) = study.ReferencedSeriesSequence
        assert study.StudyInstanceUID == other.StudyInstanceUID
        assert series.SeriesInstanceUID == other.SeriesInstanceUID
        assert series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == other.SOPInstanceUID
        interop.assert_conformant(one)
        assert hd.validate(one).findings == ()
    documents[0].content[0].ContentSequence.pop()
    assert documents[1].content == content
    (only,) = KeyObjectSelectionDocument.for_each_study(images, KeyObjectSelection(codes.DCM.OfInterest, images), 1, 1)
    assert "IdenticalDocumentsSequence" not in only
    with pytest.raises(ValueError, match="not among the evidence"):
        KeyObjectSelectionDocument.for_each_study(other_study(), content, 1, 1)
    with pytest.raises(TypeError, match="KeyObjectSelection"):
        KeyObjectSelectionDocument.for_each_study(images, content[0], 1, 1)


@pytest.mark.parametrize(
    ("title", "modifier", "group"),
    [
        (codes.DCM.RejectedForQualityReasons, codes.DCM.Series, 7011),
        (codes.DCM.QualityIssue, codes.SCT.Liver, 7011),
        (codes.DCM.BestInSet, codes.DCM.MotionBlur, 7012),
    ],
)
def test_modifiers_of_another_context_group_are_told(images, title, modifier, group):
    document = make(images, KeyObjectSelection(title, images, title_modifiers=[modifier]))
    (found,) = hd.validate(document).findings
    assert (found.code, found.severity.value) == ("KO005", "warning")
    assert f"none of CID {group}" in found.message


def test_instances_may_come_from_iterators(images):
    content = KeyObjectSelection(codes.DCM.OfInterest, iter(images))
    assert len(content.get_references()) == 3
    found = make(iter(images), content).resolve_references(iter(images))
    assert [one.instance for one in found] == images


def test_a_file_is_read_from_its_bytes(images):
    assert koread(saved(make(images))).content.title == codes.DCM.OfInterest


@pytest.mark.parametrize("wrong", [5, "1.2.3", Dataset()])
def test_what_is_no_sequence_of_instances_is_refused(wrong):
    with pytest.raises(TypeError, match=f"referenced_objects is a {type(wrong).__name__}; expected a sequence"):
        KeyObjectSelection(codes.DCM.OfInterest, wrong)


_VARYING = {
    "ContentTime",
    "InstanceCreationTime",
    "ContentDate",
    "InstanceCreationDate",
    "ContributingEquipmentSequence",
}


@pytest.mark.parametrize("which", ["series", "frames"])
def test_each_attribute_is_as_in_the_peer_but_for_what_is_named_here(which):
    highdicom = pytest.importorskip("highdicom")
    import pydicom

    images = sources.ct_series(slices=3) if which == "series" else [sources.enhanced_ct(frames=4)]
    made = []
    for library, core in ((highdicom, highdicom.sr), (hd, hd.content)):
        person = core.PersonObserverIdentifyingAttributes("Doe^Jane", login_name="jd", organization_name="O")
        device = core.DeviceObserverIdentifyingAttributes(
            "1.2.9", "n", "maker", "model", "serial", "place", codes.cid7445.Recording
        )
        observers = (
            core.ObserverContext(codes.DCM.Person, person),
            core.ObserverContext(codes.DCM.Device, device),
        )
        content = library.ko.KeyObjectSelection(codes.DCM.ForTeaching, images, *observers, "Größe")
        document = library.ko.KeyObjectSelectionDocument(
            images, content, "1.2.3.4", 7, "1.2.3.4.5", 2, "Äcme", "Inst", "Dep"
        )
        made.append(pydicom.dcmread(io.BytesIO(saved(document))))
    theirs, ours = made
    for item in theirs.ContentSequence:
        if item.ValueType == "IMAGE":  # no purpose of its own (TID 2010, rows 8 to 10)
            del item.ConceptNameCodeSequence
    ours.pop("PatientAge", None)  # which the peer does not copy from the sources
    for document in made:
        for keyword in _VARYING & set(document.dir()):
            del document[keyword]
    assert ours == theirs


def test_cycles_are_not_looked_for_while_many_references_are_made(images):
    many = []
    for number in range(3000):
        image = duplicate(images[0])
        image.SOPInstanceUID = f"2.25.{number + 1}"
        many.append(image)
    searches = []

    def count(phase, info):
        if phase == "start":
            searches.append(info["generation"])

    gc.collect()
    gc.callbacks.append(count)
    try:
        make(many)
    finally:
        gc.callbacks.remove(count)
    assert len(searches) <= 3, "one after the selection, one after the document, and one for what was made before"
