"""Documents of every SOP class and with content of every oddity are read, told of, and saved as they were."""

from __future__ import annotations

import copy
import io
import shutil
import subprocess

import hdcore as hd
import pydicom
import pytest
from hdcore.content import find_content_items
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from sr_reports import LIVER, document, of_images, planar, report, volumetric
from sr_trees import SR, document_of, every_relationship
from test_contract import suggested

import hdcore_sr as sr
from hdcore_sr.relationships import TABLES

CLASSES = {f"{SR}22": sr.EnhancedSR, f"{SR}33": sr.ComprehensiveSR, f"{SR}34": sr.Comprehensive3DSR}
VALUES = [
    "ConceptCodeSequence",
    "TextValue",
    "UID",
    "GraphicData",
    "GraphicType",
    "ReferencedSOPSequence",
    "PersonName",
    "Date",
    "Time",
    "DateTime",
    "MeasuredValueSequence",
    "TemporalRangeType",
    "ReferencedSamplePositions",
    "ReferencedFrameOfReferenceUID",
]


def encoded(dataset, **options):
    file = io.BytesIO()
    dataset.save_as(file, **options)
    return file.getvalue()


def plain(content):
    return pydicom.dcmread(io.BytesIO(content))


def all_of(dataset):
    """All datasets in a dataset."""
    yield dataset
    for element in dataset:
        if element.VR == "SQ":
            for child in element.value:
                yield from all_of(child)


def items_of(dataset):
    for child in dataset.get("ContentSequence") or ():
        yield child
        yield from items_of(child)


def look_at_everything(found):
    """Ask all that a document can be asked, none of which may fail."""
    assert found.to_text()
    assert found.content is not None
    found.to_records()
    found.get_evidence()
    found.get_evidence_series()
    content = found.report
    list(content.deviations())
    content.get_observer_contexts()
    for ask in (
        content.get_planar_roi_measurement_groups,
        content.get_volumetric_roi_measurement_groups,
        content.get_image_measurement_groups,
    ):
        for group in ask():
            group.get_measurements(LIVER)
            group.get_qualitative_evaluations()
        assert ask(tracking_uid="1.2.3.4.5") == []
    if "ContentSequence" in found:
        find_content_items(found, name=LIVER, value_type="NUM", relationship_type="CONTAINS", recursive=True)


def check(content, kind):
    wanted = plain(content)
    untouched, found = hd.read(content), hd.read(content)
    assert type(found) is type(untouched) is kind
    assert type(sr.srread(content)) is kind
    look_at_everything(found)
    for one in (untouched, found, copy.deepcopy(found)):
        assert plain(encoded(one)) == wanted


def undefined_lengths(dataset):
    for one in all_of(dataset):
        for element in one:
            element.is_undefined_length = element.VR == "SQ"
    return encoded(dataset)


def implicit(dataset):
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    return encoded(dataset, implicit_vr=True)


def big_endian(dataset):
    parsed = copy.deepcopy(dataset)
    for _ in all_of(parsed):
        pass
    parsed.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRBigEndian
    parsed.set_original_encoding(False, False, "utf8")
    return encoded(parsed)


ENCODINGS = {"explicit": encoded, "implicit": implicit, "undefined lengths": undefined_lengths, "big": big_endian}


@pytest.mark.parametrize(
    ("uid", "encoding"),
    [(uid, "explicit") for uid in sorted(TABLES)] + [(f"{SR}34", one) for one in ENCODINGS if one != "explicit"],
)
def test_every_relationship_of_every_class_is_read_and_saved_in_every_encoding(uid, encoding):
    made = document_of(uid, every_relationship(uid))
    count = sum(1 for _ in items_of(made))
    assert count >= len(TABLES[uid].value_types)
    content = ENCODINGS[encoding](plain(encoded(made)))
    check(content, CLASSES.get(uid, sr.StructuredReport))
    found = hd.read(content)
    assert len(find_content_items(found, recursive=True)) == count
    assert len(found.to_text().splitlines()) == count + 1
    assert "SR002" not in {finding.code for finding in hd.validate(content)}


def drop(*keywords, root=True):
    def change(dataset):
        for one in [dataset, *items_of(dataset)] if root else items_of(dataset):
            for keyword in keywords:
                if keyword in one:
                    del one[keyword]

    return change


def recode(code, scheme):
    def change(dataset):
        for one in items_of(dataset):
            if "ConceptNameCodeSequence" in one:
                one.ConceptNameCodeSequence[0].CodeValue = code
                one.ConceptNameCodeSequence[0].CodingSchemeDesignator = scheme

    return change


def name_by(*codes):
    def change(dataset):
        for one in [dataset, *items_of(dataset)]:
            one.ConceptNameCodeSequence = Sequence(copy.deepcopy(list(codes)))

    return change


def numbers(change_one):
    def change(dataset):
        for one in items_of(dataset):
            if one.get("ValueType") == "NUM":
                change_one(one)

    return change


def has_no_unit(item):
    del item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence


def has_two_values(item):
    item.MeasuredValueSequence.append(copy.deepcopy(item.MeasuredValueSequence[0]))


def empty(dataset):
    for one in items_of(dataset):
        for keyword in VALUES:
            if keyword in one:
                one[keyword].value = Sequence([]) if one[keyword].VR == "SQ" else None


def refer_to_items(dataset):
    for numbers in ([1], [], [0, 0], [1, 999], None, [2, 1]):
        reference = Dataset()
        reference.RelationshipType = "INFERRED FROM"
        reference.ReferencedContentItemIdentifier = numbers
        dataset.ContentSequence.append(reference)


def change_value_types(dataset):
    kinds = ["SCOORD", "NUM", "IMAGE", "CODE", "TCOORD", "CONTAINER", "DATE", "PNAME", "WAVEFORM", "SCOORD3D", "TABLE"]
    for number, one in enumerate(items_of(dataset)):
        one.ValueType = kinds[number % len(kinds)]


def change_representations(dataset):
    for one in items_of(dataset):
        for keyword, representation in (("TextValue", "LO"), ("UID", "LO"), ("ValueType", "SH")):
            if keyword in one:
                value = str(one[keyword].value)
                del one[keyword]
                one.add(DataElement(Tag(keyword), representation, value))


def have_odd_coordinates(dataset):
    for one in items_of(dataset):
        if "GraphicData" in one:
            one.GraphicData = [1.0, 2.0, 3.0, 4.0, 5.0]


def have_private_elements(dataset):
    for one in items_of(dataset):
        one.private_block(0x0041, "ACME", create=True).add_new(1, "LO", "private")


def have_a_character_set_of_their_own(dataset):
    for one in items_of(dataset):
        if "TextValue" in one:
            one.SpecificCharacterSet, one.TextValue = "ISO_IR 100", "Grösse"


def be_hollow(dataset):
    dataset.ContentSequence = Sequence([Dataset() for _ in range(3)])


ODDITIES = {
    "no template is named": (drop("ContentTemplateSequence"), "SR014"),
    "SNOMED RT": (recode("T-62000", "SRT"), "COD004"),
    "SNOMED 3": (recode("T-62000", "SNM3"), "COD004"),
    "SNOMED DICOM microglossary": (recode("T-62000", "99SDM"), "COD004"),
    "codes of another's own": (recode("X1", "99ACME"), "SR013"),
    "no concept names": (drop("ConceptNameCodeSequence"), "SR004"),
    "empty concept names": (name_by(), "SR003"),
    "concept names without a code": (name_by(Dataset()), "SR003"),
    "no measured value": (numbers(lambda item: setattr(item, "MeasuredValueSequence", Sequence([]))), "SR005"),
    "two measured values": (numbers(has_two_values), "ATT005"),
    "no unit": (numbers(has_no_unit), "SR005"),
    "references to items": (refer_to_items, "SR002"),
    "no content": (drop("ContentSequence", root=True), "SR010"),
    "empty content": (lambda dataset: setattr(dataset, "ContentSequence", Sequence([])), "SR010"),
    "hollow items": (be_hollow, "SR002"),
    "no continuity": (drop("ContinuityOfContent"), "ATT003"),
    "no relationships": (drop("RelationshipType"), "SR002"),
    "no value types": (drop("ValueType"), "SR002"),
    "other value types": (change_value_types, "SR002"),
    "no values": (drop(*VALUES), "ATT003"),
    "empty values": (empty, "ATT002"),
    "odd coordinates": (have_odd_coordinates, "SRX004"),
    "other value representations": (change_representations, "VAL012"),
    "private elements": (have_private_elements, None),
    "a character set of an item's own": (have_a_character_set_of_their_own, None),
    "no evidence": (drop("CurrentRequestedProcedureEvidenceSequence"), "SR006"),
}


def conformant():
    content = encoded(suggested())
    assert hd.validate(content).findings == ()
    return plain(content)


@pytest.mark.parametrize("oddity", ODDITIES)
def test_what_is_odd_is_told_and_never_in_the_way(oddity):
    change, code = ODDITIES[oddity]
    dataset = conformant()
    change(dataset)
    content = encoded(dataset)
    check(content, sr.Comprehensive3DSR)
    told = {finding.code for finding in hd.validate(content)}
    assert (code in told) if code else (told == set())
    assert "RULE001" not in told


@pytest.mark.parametrize("oddity", ODDITIES)
def test_a_dose_report_may_be_as_odd(oddity):
    uid = f"{SR}67"
    dataset = plain(encoded(document_of(uid, every_relationship(uid))))
    ODDITIES[oddity][0](dataset)
    content = encoded(dataset)
    check(content, sr.StructuredReport)
    assert "RULE001" not in {finding.code for finding in hd.validate(content)}


def test_texts_of_items_with_a_character_set_of_their_own_are_read_in_it():
    dataset = plain(encoded(document(report([planar(), volumetric(), of_images()]))))
    have_a_character_set_of_their_own(dataset)
    found = hd.read(encoded(dataset))
    assert "lesion" not in found.to_text()
    texts = {item.value for item in find_content_items(found, value_type="TEXT", recursive=True)}
    assert texts == {"Grösse"}
    assert found.to_text().count("Grösse") == len(find_content_items(found, value_type="TEXT", recursive=True))


def test_the_files_that_come_with_pydicom_are_saved_as_they_were():
    from pathlib import Path

    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    files = [folder / name for name in ("test-SR.dcm", "reportsi.dcm", "reportsi_with_empty_number_tags.dcm")]
    assert [path.is_file() for path in files] == [True] * 3
    for path in files:
        check(path.read_bytes(), CLASSES.get(str(pydicom.dcmread(path).SOPClassUID), sr.StructuredReport))


@pytest.mark.parametrize("number", ["76", "77"])
def test_classes_without_a_table_are_read_too(number):
    uid = SR + number
    content = encoded(document_of(uid, every_relationship(f"{SR}34")))
    check(content, sr.StructuredReport)
    assert "SR002" not in {finding.code for finding in hd.validate(content)}


@pytest.mark.skipif(shutil.which("xml2dsr") is None, reason="xml2dsr is part of DCMTK")
@pytest.mark.parametrize("number", ["11", "22", "33", "34", "65"])
def test_what_dcmtk_writes_is_read(number, tmp_path):
    """It writes the classes that do not ask for a manufacturer."""

    def is_missed(source, relationship, target):
        return (relationship, target) == ("HAS OBS CONTEXT", "CONTAINER")

    made = document_of(SR + number, every_relationship(SR + number, is_missed))
    made.save_as(tmp_path / "ours.dcm")
    for program, source, target in (("dsr2xml", "ours.dcm", "ours.xml"), ("xml2dsr", "ours.xml", "theirs.dcm")):
        subprocess.run([program, tmp_path / source, tmp_path / target], check=True, capture_output=True)
    content = (tmp_path / "theirs.dcm").read_bytes()
    check(content, CLASSES.get(SR + number, sr.StructuredReport))
    assert hd.read(content).to_text() == hd.read(tmp_path / "ours.dcm").to_text()
