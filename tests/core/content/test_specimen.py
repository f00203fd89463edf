"""Specimens and their preparation."""

from __future__ import annotations

import datetime

import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore.content import (
    IssuerOfIdentifier,
    SpecimenCollection,
    SpecimenDescription,
    SpecimenPreparationStep,
    SpecimenProcessing,
    SpecimenSampling,
    SpecimenStaining,
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
