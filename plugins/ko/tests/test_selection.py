"""Key object selections."""

from __future__ import annotations

import io

import hdcore as hd
import pytest
from hdcore.content import (
    DeviceObserverIdentifyingAttributes,
    ImageContentItem,
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
    assert document.resolve_references(images) == [(images[1], None), (images[2], None)]
    assert document.resolve_references({str(uid): images[1]}) == [(images[1], None)]


def test_frames_are_referred_to_by_items():
    image = sources.enhanced_ct(frames=4)
    item = ImageContentItem(codes.SCT.Liver, image.SOPClassUID, image.SOPInstanceUID, [2, 3])
    document = make([image], KeyObjectSelection(codes.DCM.OfInterest, [item]))
    assert document.resolve_references([image]) == [(image, [2, 3])]
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
