"""Every finding of the core has an example that brings it about."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.tag import Tag

import hdcore.validation
from hdcore.testing.sources import ct_series, enhanced_ct
from hdcore.validation import rule
from hdcore.validation.codes import CODES
from hdcore.validation.engine import validate
from hdcore.validation.profiles import RULES as PROFILE_RULES

Make = Callable[[], Any]
SR = "1.2.840.10008.5.1.4.1.1.88.34"
RLE = "1.2.840.10008.1.2.5"


def ct(**values: Any) -> Dataset:
    dataset = ct_series(slices=1)[0]
    for keyword, value in values.items():
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    return dataset


def raw(keyword: str, vr: str, value: bytes, dataset: Dataset | None = None) -> Dataset:
    dataset = dataset or ct()
    dataset._dict[Tag(keyword)] = RawDataElement(Tag(keyword), vr, len(value), value, 0, False, True)
    return dataset


def content(dataset: Dataset | None = None) -> bytes:
    buffer = io.BytesIO()
    (dataset or ct()).save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def changed(old: bytes, new: bytes, dataset: Dataset | None = None) -> bytes:
    whole = content(dataset)
    assert whole.count(old) >= 1
    return whole.replace(old, new, 1)


def with_element(tag: bytes, vr: bytes, length: int, value: bytes) -> bytes:
    """Put an element right after the file meta information."""
    whole = content()
    start = 132 + 12 + struct.unpack("<I", whole[140:144])[0]
    return whole[:start] + tag + vr + struct.pack("<H", length) + value + whole[start:]


def without_meta(keyword: str) -> bytes:
    whole = content()
    element = pydicom.dcmread(io.BytesIO(whole)).file_meta[keyword]
    place = whole.index(struct.pack("<HH", element.tag.group, element.tag.element))
    length = 8 + struct.unpack("<H", whole[place + 6 : place + 8])[0]
    return whole[:place] + whole[place + length :]


def deflated_badly() -> bytes:
    dataset = ct()
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1.99"
    whole = content(dataset)
    start = 132 + 12 + struct.unpack("<I", whole[140:144])[0]
    return whole[:start] + b"\xff" * 64


def encapsulated(fragments: bytes, **values: Any) -> Dataset:
    dataset = ct(PixelData=fragments, **values)
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True
    dataset.file_meta.TransferSyntaxUID = RLE
    return dataset


def frames(change: Callable[[Dataset], Any]) -> Dataset:
    dataset = enhanced_ct(frames=3)
    change(dataset)
    return dataset


def item(**values: Any) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def code(**values: Any) -> Dataset:
    return item(
        **({"CodeValue": "121181", "CodingSchemeDesignator": "DCM", "CodeMeaning": "DICOM Object Catalog"} | values)
    )


def with_code(**values: Any) -> Dataset:
    return ct(ProcedureCodeSequence=[code(**values)])


def report(*items: Dataset, sop_class: str = SR, **values: Any) -> Dataset:
    dataset = ct(SOPClassUID=sop_class, Modality="SR", ContentSequence=list(items), **values)
    dataset.ValueType = "CONTAINER"
    return dataset


def child(value_type: str = "TEXT", relationship: str = "CONTAINS", **values: Any) -> Dataset:
    return item(ValueType=value_type, RelationshipType=relationship, **values)


def reference(uid: str = "1.2.3", sop_class: str = "1.2.840.10008.5.1.4.1.1.2") -> Dataset:
    return item(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=uid)


def _reference_to_a_frame() -> Dataset:
    made = reference()
    made.ReferencedFrameNumber = 1
    return made


def listing(*references: Dataset, used: Dataset | None = None) -> Dataset:
    dataset = ct(ReferencedSeriesSequence=[item(SeriesInstanceUID="1.2", ReferencedInstanceSequence=list(references))])
    dataset.SourceImageSequence = [used or reference()]
    return dataset


@rule("X1")
def crashing(dataset: Dataset) -> None:
    """Crash."""
    raise ZeroDivisionError


def _unencodable() -> Dataset:
    dataset = ct()
    dataset["Columns"]._value = "many"
    return dataset


def _private_without_creator() -> Dataset:
    dataset = ct()
    dataset.add_new(0x00091001, "LO", "ab")
    return dataset


def structure_set(geometry: str) -> Dataset:
    contour = item(ContourGeometricType=geometry, NumberOfContourPoints=1, ContourData=[0.0, 0.0, 0.0])
    contours = [item(ReferencedROINumber=1, ContourSequence=[contour])]
    return ct(SOPClassUID="1.2.840.10008.5.1.4.1.1.481.3", Modality="RTSTRUCT", ROIContourSequence=contours)


def _with_private_creator(vr: str) -> Dataset:
    dataset = ct()
    dataset._dict[Tag(0x00090010)] = RawDataElement(Tag(0x00090010), vr, 6, b"MAKER ", 0, False, True)
    return dataset


def _with_other_syntax() -> Dataset:
    dataset = encapsulated(encapsulate([b"\0\0"]))
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.50"
    return dataset


def _shared_position(dataset: Dataset) -> None:
    shared, first = dataset.SharedFunctionalGroupsSequence[0], dataset.PerFrameFunctionalGroupsSequence[0]
    shared.PlanePositionSequence = first.PlanePositionSequence


def _shared_content(dataset: Dataset) -> None:
    shared, first = dataset.SharedFunctionalGroupsSequence[0], dataset.PerFrameFunctionalGroupsSequence[0]
    shared.FrameContentSequence = first.FrameContentSequence


def _one_index_more(dataset: Dataset) -> None:
    first = dataset.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0]
    first.DimensionIndexValues = [1] * (len(dataset.DimensionIndexSequence) + 1)


def _same_indices(dataset: Dataset) -> None:
    for one in dataset.PerFrameFunctionalGroupsSequence:
        one.FrameContentSequence[0].DimensionIndexValues = [1] * len(dataset.DimensionIndexSequence)


EXAMPLES: dict[str, Make] = {
    "FILE001": lambda: b"",
    "FILE002": lambda: content()[132:],
    "FILE003": lambda: content()[132 + 12 + struct.unpack("<I", content()[140:144])[0] :],
    "FILE004": lambda: content()[:140] + struct.pack("<I", 8) + content()[144:],
    "FILE005": lambda: changed(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.5.1\0\0\0"),
    "FILE006": deflated_badly,
    "FILE007": lambda: ct(SOPInstanceUID="1.2.3.4"),
    "FILE008": lambda: without_meta("ImplementationClassUID"),
    "FILE009": lambda: raw("TransferSyntaxUID", "UI", b"1.2\0"),
    "FILE010": lambda: with_element(b"\xfe\xff\x00\xe0", b"\0\0", 0, b""),
    "FILE011": lambda: content() + b"abc",
    "FILE012": lambda: with_element(b"\x20\x00\x11\x00", b"IS", 2, b"1 "),
    "FILE013": lambda: content(ct(PixelData=None)) + b"\x40\x00\x55\x05SQ\0\0\xff\xff\xff\xff",
    "FILE014": lambda: with_element(b"\x08\x00\x01\x00", b"ZZ", 0, b""),
    "FILE015": lambda: content(ct(PixelData=None)) + b"\xe0\x7f\x08\x00OF\0\0\xff\xff\xff\xff\xfe\xff\xdd\xe0\0\0\0\0",
    "FILE016": lambda: content()[:-2],
    "FILE017": lambda: (
        content(ct(PixelData=None)) + (b"\x40\x00\x55\x05SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 80)
    ),
    "FILE018": lambda: content(ct(PixelData=None)) + b"\x40\x00\x55\x05SQ\0\0\x08\0\0\0" + b"\0" * 8,
    "FILE019": lambda: (
        content(ct(PixelData=None)) + b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\0\0\0"
    ),
    "FILE020": lambda: raw("Rows", "US", b"\1\0", _unencodable()),
    "FILE021": deflated_badly,
    "VAL001": lambda: raw("StudyDescription", "LO", b"abc"),
    "VAL002": lambda: raw("PixelPaddingValue", "US", b"\1\0\1"),
    "VAL003": lambda: raw("BodyPartExamined", "CS", b"\xc4RM "),
    "VAL004": lambda: raw("StudyInstanceUID", "UI", b"1.2.3 "),
    "VAL005": lambda: raw("StudyDescription", "LO", b"abc\0"),
    "VAL006": lambda: raw("StudyDescription", "LO", b"x" * 66),
    "VAL007": lambda: raw("BodyPartExamined", "CS", b"head"),
    "VAL008": lambda: raw("StudyDate", "DA", b"20230230"),
    "VAL009": lambda: raw("InstanceNumber", "IS", b"99999999999 "),
    "VAL010": lambda: raw("StudyDescription", "LO", b"a\tb "),
    "VAL011": lambda: raw("PatientName", "PN", b"a=b=c=d "),
    "VAL012": lambda: raw("StudyDescription", "SH", b"ab"),
    "VAL013": lambda: raw("PatientID", "LO", b"a\\b "),
    "CHR001": lambda: raw("SpecificCharacterSet", "CS", b"LATIN1"),
    "CHR002": lambda: raw("StudyDescription", "LO", b"\xc4\xc4"),
    "PRV001": _private_without_creator,
    "PRV002": lambda: content(_with_private_creator("SH")),
    "IOD001": lambda: ct(SOPClassUID="1.2.3"),
    "IOD003": lambda: ct(EchoTime=3),
    "IOD004": lambda: ct(SOPClassUID=None),
    "IOD005": lambda: ct(OtherPatientIDs="x"),
    "ATT001": lambda: ct(Modality=None),
    "ATT002": lambda: ct(Modality=""),
    "ATT003": lambda: ct(WindowCenter=40, WindowWidth=None),
    "ATT004": lambda: ct(PlanarConfiguration=0),
    "ATT005": lambda: ct(ProcedureCodeSequence=[code()], AnatomicRegionSequence=[code(), code()]),
    "ATT006": lambda: ct(ContributingEquipmentSequence=[]),
    "ENM001": lambda: ct(PatientSex="X"),
    "ENM002": lambda: ct(TypeOfPatientID="NAME"),
    "ENM003": lambda: structure_set("CLOSEDPLANAR_XOR"),
    "COD001": lambda: with_code(LongCodeValue="1" * 20),
    "COD002": lambda: with_code(CodeValue="urn:oid:1.2"),
    "COD003": lambda: raw(
        "EchoTime", "DS", b"1 ", ct(SOPClassUID="1.2.3", ProcedureCodeSequence=[item(CodeValue="1")])
    ),
    "COD004": lambda: with_code(CodingSchemeDesignator="SRT"),
    "PIX001": lambda: ct(PixelData=b"\0\0"),
    "PIX002": lambda: ct(HighBit=3),
    "PIX003": lambda: encapsulated(encapsulate([b"\0\0"]), NumberOfFrames=2),
    "PIX004": lambda: encapsulated(b"\xfe\xff\x00\xe0\4\0\0\0\7\0\0\0\xfe\xff\x00\xe0\2\0\0\0\0\0"),
    "PIX005": lambda: content(_with_other_syntax()),
    "PIX006": lambda: ct(ModalityLUTSequence=[item(LUTDescriptor=[4, 0, 16], ModalityLUTType="HU", LUTData=b"\0\0")]),
    "PIX007": lambda: ct(PixelData=None),
    "MFG001": lambda: frames(lambda ds: ds.PerFrameFunctionalGroupsSequence.pop()),
    "MFG002": lambda: frames(_shared_position),
    "MFG003": lambda: frames(
        lambda ds: [one.pop("PlanePositionSequence") for one in ds.PerFrameFunctionalGroupsSequence]
    ),
    "MFG004": lambda: frames(_shared_content),
    "MFG005": lambda: frames(_one_index_more),
    "MFG006": lambda: frames(lambda ds: setattr(ds.DimensionIndexSequence[0], "DimensionOrganizationUID", "1.2.3")),
    "MFG007": lambda: frames(_same_indices),
    "MFG008": lambda: frames(lambda ds: ds.PerFrameFunctionalGroupsSequence[1].pop("PlanePositionSequence")),
    "REF001": lambda: listing(reference("1.2.4")),
    "REF002": lambda: listing(reference(), used=reference(sop_class="1.2.840.10008.5.1.4.1.1.4")),
    "REF003": lambda: listing(reference(), reference()),
    "REF005": lambda: ct(SOPInstanceUID="1.2.3", SourceImageSequence=[reference()]),
    "UID001": lambda: ct(StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3"),
    "SRX001": lambda: report(child("PICTURE")),
    "SRX002": lambda: report(child(relationship="LIKES")),
    "SRX003": lambda: report(item(RelationshipType="CONTAINS")),
    "SRX004": lambda: report(child("SCOORD", GraphicType="POINT", GraphicData=[1.0, 2.0, 3.0])),
    "SRX005": lambda: report(item(RelationshipType="CONTAINS", ReferencedContentItemIdentifier=[1, 7])),
    "SRX006": lambda: report(child("IMAGE", ReferencedSOPSequence=[_reference_to_a_frame()])),
    "SRX007": lambda: report(child("TCOORD", TemporalRangeType="SEGMENT", ReferencedTimeOffsets=[1.0])),
    "STD001": lambda: ct(ImageOrientationPatient=[1, 1, 0, 0, 1, 0]),
    "RULE001": ct,
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_example_brings_about_its_finding(name: str) -> None:
    source = EXAMPLES[name]()
    found = validate(source, rules=[crashing])
    assert name in found.codes, str(found)
    (one, *_) = (finding for finding in found if finding.code == name)
    severity, _, reference = CODES[name]
    assert one.severity is severity
    assert one.reference.startswith("PS3.") or not reference


def test_every_code_has_an_example() -> None:
    assert set(EXAMPLES) == set(CODES)


def test_every_code_of_the_sources_is_declared() -> None:
    folder = Path(hdcore.validation.__file__).parent
    used = {
        code
        for path in folder.rglob("*.py")
        if path.name not in ("codes.py", "profiles.py")
        for code in re.findall(
            r'"((?:FILE|VAL|CHR|PRV|IOD|ATT|ENM|COD|PIX|MFG|REF|UID|SRX|STD|RULE)\d{3})"', path.read_text()
        )
    }
    assert used == set(CODES)


def test_every_code_is_documented() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "findings.md"
    rows = [line.split(" | ") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    documented = {cells[0].removeprefix("| "): cells[1] for cells in rows}
    for name, (severity, _, _) in CODES.items():
        assert documented[name] == severity.value
    for one in PROFILE_RULES:
        assert documented[one.code] == one.severity.value
