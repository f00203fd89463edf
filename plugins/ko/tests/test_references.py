"""What key objects may be, and what documents of any producer say of them."""

from __future__ import annotations

import copy
import io
import pickle
import sys

import hdcore as hd
import pydicom
import pytest
from hdcore.content import (
    CodedConcept,
    CompositeContentItem,
    DeviceObserverIdentifyingAttributes,
    ImageContentItem,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    WaveformContentItem,
    duplicate,
)
from hdcore.testing import interop, sources
from hdcore.uid import UID
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore_ko import KeyObjectSelection, KeyObjectSelectionDocument, koread

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
ECG = "1.2.840.10008.5.1.4.1.1.9.1.1"
OTHERS = {
    "presentation state": "1.2.840.10008.5.1.4.1.1.11.1",
    "report": "1.2.840.10008.5.1.4.1.1.88.33",
    "selection": "1.2.840.10008.5.1.4.1.1.88.59",
    "real-world map": "1.2.840.10008.5.1.4.1.1.67",
    "PDF": "1.2.840.10008.5.1.4.1.1.104.1",
    "structure set": "1.2.840.10008.5.1.4.1.1.481.3",
}


@pytest.fixture
def images():
    return sources.ct_series(slices=3)


def make(evidence, content, **options):
    return KeyObjectSelectionDocument(evidence, content, UID(), 1, UID(), 1, manufacturer="Acme", **options)


def reread(document):
    file = io.BytesIO()
    document.save_as(file)
    return koread(file.getvalue())


def instance_of(image, sop_class, series="1.2.3", **attributes):
    """An instance of the same study that is no image."""
    made = duplicate(image)
    for keyword in ("Rows", "PixelData"):
        del made[keyword]
    made.SOPClassUID, made.SOPInstanceUID, made.SeriesInstanceUID = sop_class, UID(), series
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


MODIFIERS = [
    (title, modifier)
    for title, group in (
        (codes.DCM.RejectedForQualityReasons, codes.cid7011),
        (codes.DCM.QualityIssue, codes.cid7011),
        (codes.DCM.BestInSet, codes.cid7012),
    )
    for modifier in group.concepts.values()
]


def test_there_are_modifiers_to_try():
    assert len(MODIFIERS) > 30
    assert len({modifier.value for _, modifier in MODIFIERS}) > 15


@pytest.mark.parametrize(("title", "modifier"), MODIFIERS, ids=lambda code: code.value)
def test_every_modifier_qualifies_its_titles_without_a_finding(images, title, modifier):
    document = make(images, KeyObjectSelection(title, images, title_modifiers=[modifier]))
    assert hd.validate(document).findings == ()
    assert reread(document).content.title_modifiers == [modifier]


@pytest.mark.parametrize("title", list(codes.cid7010.concepts.values()), ids=lambda code: code.value)
def test_every_title_conforms(images, title):
    needed = {found.value: modifier for found, modifier in MODIFIERS}.get(title.value)
    content = KeyObjectSelection(title, images, title_modifiers=None if needed is None else [needed])
    document = make(images, content)
    assert hd.validate(document).findings == ()
    interop.assert_conformant(document)


def test_any_title_may_be_qualified(images):
    """TID 2010, row 2: what the conditional rows do not ask for may be there as well."""
    content = KeyObjectSelection(codes.DCM.OfInterest, images, title_modifiers=[codes.SCT.Liver, codes.SCT.Kidney])
    document = make(images, content)
    assert hd.validate(document).findings == ()
    assert reread(document).content.title_modifiers == [codes.SCT.Liver, codes.SCT.Kidney]


def every_kind(image):
    """Instances of all kinds, in three series, and what selects them."""
    movie = sources.enhanced_ct(frames=4)
    movie.SOPInstanceUID = UID()
    masks = instance_of(image, SEGMENTATION, Rows=2, PixelData=b"\0\0")
    ecg = instance_of(image, ECG, series="1.2.4")
    others = [instance_of(image, sop_class, series="1.2.4") for sop_class in OTHERS.values()]
    movie.StudyInstanceUID = image.StudyInstanceUID
    selected = [
        image,
        ImageContentItem(codes.DCM.Finding, movie.SOPClassUID, movie.SOPInstanceUID, [2, 4]),
        ImageContentItem(codes.DCM.Finding, SEGMENTATION, masks.SOPInstanceUID, None, [3]),
        WaveformContentItem(codes.DCM.Finding, ECG, ecg.SOPInstanceUID, [(1, 2), (1, 3)]),
        *others[:-1],
        CompositeContentItem(codes.DCM.Finding, others[-1].SOPClassUID, others[-1].SOPInstanceUID),
    ]
    return [image, movie, masks, ecg, *others], selected


def test_images_frames_segments_waveforms_and_other_composites_are_selected_and_resolved(images):
    instances, selected = every_kind(images[0])
    document = reread(make(instances, KeyObjectSelection(codes.DCM.ForConference, selected)))
    assert hd.validate(document).findings == ()
    interop.assert_conformant(document)
    found = document.resolve_references(instances)
    assert [one.instance.SOPInstanceUID for one in found] == [one.SOPInstanceUID for one in instances]
    assert [one.frame_numbers for one in found] == [None, [2, 4]] + [None] * 8
    assert found[2].reference.referenced_segment_numbers == [3]
    assert found[3].reference.referenced_waveform_channels == [(1, 2), (1, 3)]
    assert [str(one.reference.value_type.value) for one in found] == ["IMAGE"] * 3 + ["WAVEFORM"] + ["COMPOSITE"] * 6
    for one in instances:
        place = one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID
        assert document.resolve_reference(one.SOPInstanceUID) == place


def test_the_series_of_what_is_selected_are_told_apart(images):
    """A manifest: all instances of several series of a study."""
    second = sources.ct_series(slices=2, seed=1)
    for one in second:
        one.StudyInstanceUID = images[0].StudyInstanceUID
    document = reread(make([*images, *second], KeyObjectSelection(codes.DCM.Manifest, [*images, *second])))
    (study,) = document.CurrentRequestedProcedureEvidenceSequence
    assert [len(series.ReferencedSOPSequence) for series in study.ReferencedSeriesSequence] == [3, 2]
    assert document.resolve_reference(second[1].SOPInstanceUID)[1] == second[0].SeriesInstanceUID


def test_highdicom_finds_the_same_references(images):
    theirs = pytest.importorskip("highdicom").ko
    instances, selected = every_kind(images[0])
    del instances[3], selected[3]  # it cannot read references to waveforms
    document = make(instances, KeyObjectSelection(codes.DCM.ForConference, selected))
    file = io.BytesIO()
    document.save_as(file)
    other = pydicom.dcmread(io.BytesIO(file.getvalue()))
    for item in other.ContentSequence:  # it does not read references without a purpose, which TID 2010 forbids
        if item.ValueType in ("IMAGE", "WAVEFORM", "COMPOSITE"):
            item.ConceptNameCodeSequence = [CodedConcept("260753009", "SCT", "Source")]
    read = theirs.KeyObjectSelectionDocument.from_dataset(other)
    for kind in ("IMAGE", "COMPOSITE"):
        wanted = [item.referenced_sop_instance_uid for item in read.content.get_references(kind)]
        assert [item.referenced_sop_instance_uid for item in document.content.get_references(kind)] == wanted
    for one in instances:
        uid = one.SOPInstanceUID
        assert document.resolve_reference(uid) == read.resolve_reference(uid)


def test_what_is_resolved_follows_the_evidence(images):
    document = reread(make(images, KeyObjectSelection(codes.DCM.OfInterest, images)))
    first, second, third = (image.SOPInstanceUID for image in images)
    assert document.resolve_reference(third)[2] == third
    references = document.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence
    del references[0]
    assert document.resolve_reference(third)[2] == third
    with pytest.raises(ValueError, match="names no instance"):
        document.resolve_reference(first)
    references[0].ReferencedSOPInstanceUID = "1.2.9"
    with pytest.raises(ValueError, match="names no instance"):
        document.resolve_reference(second)
    assert document.resolve_reference("1.2.9")[2] == "1.2.9"
    for copied in (copy.deepcopy(document), pickle.loads(pickle.dumps(document))):
        del copied.CurrentRequestedProcedureEvidenceSequence
        with pytest.raises(ValueError, match="names no instance"):
            copied.resolve_reference(third)
    assert document.resolve_reference(third)[2] == third


def test_evidence_is_gone_through_once_however_many_references_are_resolved(images):
    document = reread(make(images, KeyObjectSelection(codes.DCM.OfInterest, images)))
    listed = 0

    def count(frame, event, argument):
        nonlocal listed
        listed += event == "call" and frame.f_code.co_name == "places_of"

    sys.setprofile(count)
    try:
        for image in images * 20:
            document.resolve_reference(image.SOPInstanceUID)
    finally:
        sys.setprofile(None)
    assert listed == 1


def test_instances_to_look_among_are_datasets(images):
    document = make(images, KeyObjectSelection(codes.DCM.OfInterest, images))
    assert document.resolve_references([]) == []
    assert document.resolve_references([Dataset(), images[2]])[0].instance is images[2]
    for wrong, message in ((images[0], "is a Dataset"), (5, "is a int"), ([5], "holds a int"), ("1.2", "is a str")):
        with pytest.raises(TypeError, match=f"instances {message}; expected datasets"):
            document.resolve_references(wrong)


def test_several_persons_and_devices_may_have_selected(images):
    persons = [
        ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes(name))
        for name in ("Doe^Jane", "Roe^John")
    ]
    devices = (ObserverContext(codes.DCM.Device, DeviceObserverIdentifyingAttributes("1.2.3")),)
    document = reread(make(images, KeyObjectSelection(codes.DCM.OfInterest, images, persons, devices)))
    assert hd.validate(document).findings == ()
    interop.assert_conformant(document)
    found = [one.observer_identifying_attributes for one in document.content.get_observer_contexts()]
    assert [getattr(one, "name", None) for one in found] == ["Doe^Jane", "Roe^John", None]
    assert found[2].uid == "1.2.3"
    assert document.content.observer_person_context == persons[0]
    with pytest.raises(ValueError, match="observer_person_context is not of observer type"):
        KeyObjectSelection(codes.DCM.OfInterest, images, [*persons, *devices])
    with pytest.raises(TypeError, match="observer_device_context"):
        KeyObjectSelection(codes.DCM.OfInterest, images, None, ["Station"])


def test_the_same_instance_may_be_selected_twice(images):
    """Frames of one and all of it, say; it is evidence once."""
    movie = sources.enhanced_ct(frames=4)
    frames = ImageContentItem(codes.DCM.Finding, movie.SOPClassUID, movie.SOPInstanceUID, [1])
    document = reread(make([movie, movie], KeyObjectSelection(codes.DCM.OfInterest, [movie, frames])))
    assert [one.frame_numbers for one in document.resolve_references([movie])] == [None, [1]]
    (study,) = document.CurrentRequestedProcedureEvidenceSequence
    assert len(study.ReferencedSeriesSequence[0].ReferencedSOPSequence) == 1


def test_evidence_that_is_incomplete_is_told_and_does_not_break_reading(images):
    document = reread(make(images, KeyObjectSelection(codes.DCM.OfInterest, images)))
    series = document.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    del series.ReferencedSOPSequence[1]
    del series.SeriesInstanceUID
    read = reread(document)
    report = hd.validate(read)
    assert "KO006" in {found.code for found in report}
    assert any(images[1].SOPInstanceUID in found.message for found in report if found.code == "KO006")
    assert read.resolve_reference(images[0].SOPInstanceUID)[1] == ""
    assert [one.instance for one in read.resolve_references(images)] == images
