"""Specimens and their preparation."""

from __future__ import annotations

import datetime

import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore.content import (
    CodeContentItem,
    CodedConcept,
    ImageContentItem,
    IssuerOfIdentifier,
    NumContentItem,
    SpecimenCollection,
    SpecimenDescription,
    SpecimenPreparationStep,
    SpecimenProcessing,
    SpecimenSampling,
    SpecimenStaining,
    TextContentItem,
)

SCT = codes.SCT
PROCEDURES = {
    "collection": (SpecimenCollection(SCT.Biopsy), "17636008"),
    "sampling": (
        SpecimenSampling(SCT.Dissection, "parent", SCT.TissueSpecimen, IssuerOfIdentifier("lab")),
        "433465004",
    ),
    "staining": (SpecimenStaining([SCT.HematoxylinStain, "eosin"]), "127790008"),
    "processing": (SpecimenProcessing("washed"), "9265001"),
}


@pytest.mark.parametrize(("procedure", "code"), PROCEDURES.values(), ids=PROCEDURES)
def test_a_step_gives_back_its_procedure(procedure, code):
    step = SpecimenPreparationStep(
        "s1",
        procedure,
        processing_datetime=datetime.datetime(2020, 1, 2, 3),
        issuer_of_specimen_id=IssuerOfIdentifier("lab"),
        fixative=SCT.Formalin,
        embedding_medium=SCT.ParaffinWax,
        specimen_container=SCT.Liver,
        specimen_type=SCT.TissueSpecimen,
    )
    read = SpecimenPreparationStep.from_dataset(Dataset.from_json(step.to_json()))
    for one in (step, read):
        assert one.processing_type.value == code
        assert one.processing_procedure == procedure
        assert type(one.processing_procedure) is type(procedure)
        assert (one.specimen_id, one.issuer_of_specimen_id) == ("s1", "lab")
        assert one.processing_datetime == datetime.datetime(2020, 1, 2, 3)
        assert (one.fixative, one.embedding_medium) == (SCT.Formalin, SCT.ParaffinWax)
        assert (one.specimen_container, one.specimen_type) == (SCT.Liver, SCT.TissueSpecimen)


def test_procedures_give_back_their_parts():
    sampling = PROCEDURES["sampling"][0]
    assert (sampling.method, sampling.parent_specimen_id) == (SCT.Dissection, "parent")
    assert sampling.parent_specimen_type == SCT.TissueSpecimen
    assert PROCEDURES["staining"][0].substances == [SCT.HematoxylinStain, "eosin"]
    assert PROCEDURES["collection"][0].procedure == SCT.Biopsy
    assert PROCEDURES["processing"][0].description == "washed"
    assert not sampling.is_sr


@pytest.mark.parametrize("location", [None, "left half", (1.0, 2.0, 3.5)])
def test_a_description_is_read_back(location):
    step = SpecimenPreparationStep("s1", PROCEDURES["collection"][0], "described")
    made = SpecimenDescription(
        "s1",
        "1.2.3",
        location,
        [step],
        IssuerOfIdentifier("1.2", "ISO"),
        [SCT.Liver],
        SCT.TissueSpecimen,
        "short",
        "long",
    )
    read = SpecimenDescription.from_dataset(Dataset.from_json(made.to_json()))
    for one in (made, read):
        assert (one.specimen_id, one.specimen_uid, one.specimen_location) == ("s1", "1.2.3", location)
        assert one.specimen_preparation_steps[0].processing_description == "described"
        assert one.issuer_of_specimen_id.issuer_of_identifier == "1.2"
        assert one.primary_anatomic_structures == [SCT.Liver]
        assert one.specimen_type == SCT.TissueSpecimen
        assert (one.specimen_short_description, one.specimen_detailed_description) == ("short", "long")


def test_bad_input_is_refused():
    with pytest.raises(TypeError, match="processing_procedure"):
        SpecimenPreparationStep("s1", "washed")
    with pytest.raises(ValueError, match="substances"):
        SpecimenStaining([])
    with pytest.raises(TypeError, match="substances"):
        SpecimenStaining("eosin")
    with pytest.raises(ValueError, match="specimen_uid"):
        SpecimenDescription("s1", "x")
    with pytest.raises(ValueError, match="three numbers"):
        SpecimenDescription("s1", "1.2", (1.0, 2.0))
    with pytest.raises(AttributeError, match="SpecimenIdentifier"):
        SpecimenDescription.from_dataset(Dataset())
    with pytest.raises(ValueError, match="SpecimenPreparationStepContentItemSequence"):
        SpecimenPreparationStep.from_dataset(Dataset())


@pytest.mark.parametrize(
    ("issuer", "written"),
    [
        (IssuerOfIdentifier("lab"), "lab"),
        (IssuerOfIdentifier("1.2.3", "ISO"), "^1.2.3^ISO"),
        (IssuerOfIdentifier("lab.example", "DNS"), "^lab.example^DNS"),
    ],
)
def test_issuers_are_written_as_hierarchic_designators(issuer, written):
    sampling = SpecimenSampling(SCT.Dissection, "parent", SCT.TissueSpecimen, issuer)
    assert sampling[2].TextValue == written
    step = SpecimenPreparationStep("s1", sampling, issuer_of_specimen_id=issuer)
    assert step.SpecimenPreparationStepContentItemSequence[1].TextValue == written
    assert step.issuer_of_specimen_id == issuer.issuer_of_identifier


def test_an_issuer_with_a_local_name_and_a_universal_identifier_is_one_designator():
    item = Dataset()
    item.LocalNamespaceEntityID, item.UniversalEntityID, item.UniversalEntityIDType = "lab", "1.2.3", "ISO"
    issuer = IssuerOfIdentifier.from_dataset(item)
    assert issuer.hierarchic_designator == "lab^1.2.3^ISO"
    assert SpecimenPreparationStep("s", PROCEDURES["collection"][0], issuer_of_specimen_id=issuer).issuer_of_specimen_id


def test_rows_are_in_the_order_of_the_template():
    step = SpecimenPreparationStep(
        "s1",
        PROCEDURES["sampling"][0],
        "cut",
        datetime.datetime(2020, 1, 2, 3),
        IssuerOfIdentifier("lab"),
        SCT.Formalin,
        SCT.ParaffinWax,
        SCT.Liver,
        SCT.TissueSpecimen,
    )
    rows = [item.name.value for item in step.SpecimenPreparationStepContentItemSequence]
    own = ["121041", "111724", "111701", "111702", "111703"]  # TID 8001, rows 1 to 5
    sampling = ["111704", "111705", "111706", "111707"]  # TID 8002, rows 1 to 4
    assert rows == [*own, *sampling, "430864009", "430863003", "434711009", "371439000"]


def test_a_processing_is_described_once():
    with pytest.raises(ValueError, match="processing_description"):
        SpecimenPreparationStep("s1", SpecimenProcessing("washed"), "washed again")


def _location(*items):
    described = SpecimenDescription("s1", "1.2.3")
    described.SpecimenLocalizationContentItemSequence = list(items)
    return SpecimenDescription.from_dataset(Dataset.from_json(described.to_json())).specimen_location


def _offset(axis, value, unit):
    name = getattr(codes.DCM, f"LocationOfSpecimen{axis}Offset")
    return NumContentItem(name, value, unit)


FRAME = TextContentItem(codes.DCM.PositionFrameOfReference, "CURRENT IMAGE")
CM, MM = codes.UCUM.Centimeter, codes.UCUM.Millimeter
PIXELS = CodedConcept("{pixels}", "UCUM", "Pixels")


@pytest.mark.parametrize(
    ("items", "location"),
    [
        ([_offset("X", 1.0, CM), _offset("Y", 2.0, MM), _offset("Z", 0.5, MM)], (10.0, 2.0, 500.0)),
        ([_offset("Y", 10.0, CM)], "Location of Specimen Y offset: 10.0 cm"),
        (
            [FRAME, _offset("X", 7.0, PIXELS)],
            "Position Frame of Reference: CURRENT IMAGE; Location of Specimen X offset: 7.0 {pixels}",
        ),
        ([FRAME, TextContentItem(codes.DCM.LocationOfSpecimen, "left half")], "left half"),
        ([ImageContentItem(codes.DCM.LocationOfSpecimen, "1.2.840.10008.5.1.4.1.1.77.1.6", "1.2.3")], None),
    ],
    ids=["lengths", "one length", "pixels", "text", "image"],
)
def test_locations_of_others_are_not_taken_for_millimetres(items, location):
    assert _location(*items) == location


def test_steps_of_others_may_have_older_codes_and_texts():
    step = Dataset()
    step.SpecimenPreparationStepContentItemSequence = [
        TextContentItem(codes.DCM.SpecimenIdentifier, "s1"),
        CodeContentItem(codes.DCM.ProcessingType, CodedConcept("P3-00003", "SRT", "Staining")),
        CodeContentItem(CodedConcept("G-C350", "SRT", "Using substance"), SCT.HematoxylinStain),
        TextContentItem(CodedConcept("F-6221B", "SRT", "Tissue fixative"), "formalin"),
    ]
    read = SpecimenPreparationStep.from_dataset(Dataset.from_json(step.to_json()))
    assert isinstance(read.processing_procedure, SpecimenStaining)
    assert read.processing_procedure.substances == [SCT.HematoxylinStain]
    assert read.fixative == "formalin"
    assert read.processing_description is None


def test_a_step_whose_processing_type_is_a_text_is_a_processing():
    step = Dataset()
    step.SpecimenPreparationStepContentItemSequence = [
        TextContentItem(codes.DCM.ProcessingType, "washing"),
        TextContentItem(codes.DCM.ProcessingStepDescription, "with water"),
    ]
    assert SpecimenPreparationStep.from_dataset(step).processing_procedure.description == "with water"


def test_offsets_are_items_of_value_type_numeric():
    # PS3.3 10.2, note: NUMERIC of this macro is not NUM of reports, which has a Measured Value Sequence.
    described = SpecimenDescription("s1", "1.2.3", (1.5, 2, 1 / 3))
    items = Dataset.from_json(described.to_json()).SpecimenLocalizationContentItemSequence
    assert [item.ValueType for item in items] == ["NUMERIC"] * 3
    assert [float(item.NumericValue) for item in items] == pytest.approx([1.5, 2, 1 / 3])
    assert not any("FloatingPointValue" in item for item in items)
    assert [item.MeasurementUnitsCodeSequence[0].CodeValue for item in items] == ["mm", "mm", "um"]
    assert [item.ConceptNameCodeSequence[0].CodeValue for item in items] == ["111719", "111720", "111721"]
    assert described.specimen_location == pytest.approx((1.5, 2.0, 1 / 3))


@pytest.mark.parametrize("location", [(1.0, 2.0, "3"), (1.0, 2.0, True), (1.0, 2.0, float("nan"))])
def test_offsets_are_finite_numbers(location):
    with pytest.raises((TypeError, ValueError), match=r"specimen_location|finite"):
        SpecimenDescription("s1", "1.2.3", location)
