"""Objects that say all that can be said of specimens, equipment, creators and algorithms."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from pydicom.sr.codedict import codes

import hdcore as hd
from hdcore.testing import sources
from hdcore.testing.interop import dciodvfy

SCT = codes.SCT
NOON = datetime.datetime(2020, 1, 2, 12, 0, 0, 5)
LAB = hd.IssuerOfIdentifier("1.2.3", "ISO")
PROCEDURES = (
    hd.SpecimenCollection(SCT.Biopsy),
    hd.SpecimenSampling(SCT.Dissection, "parent", SCT.TissueSpecimen, LAB),
    hd.SpecimenStaining([SCT.HematoxylinStain, SCT.WaterSolubleEosinStain]),
    hd.SpecimenStaining(["a stain of our own"]),
    hd.SpecimenProcessing(SCT.Biopsy),
    hd.SpecimenProcessing("washed"),
)
EQUIPMENT = hd.ContributingEquipment(
    "maker",
    codes.DCM.ModifyingEquipment,
    manufacturer_model_name="model",
    software_versions=["1", "2"],
    device_serial_number="n",
    institution_name="clinic",
    institutional_department_name="pathology",
    institution_address="street\r\ntown",
    station_name="station",
    contribution_datetime=NOON,
    contribution_description="changed it",
)
CREATOR = hd.ContentCreatorIdentificationCodeSequence(
    [hd.sr.CodedConcept("1", "99HD", "Doe^Jane")],
    "clinic",
    person_address="street",
    person_telephone_numbers=["1", "2"],
    person_telecom_information="a@example.org",
    institution_code=hd.sr.CodedConcept("7", "99HD", "clinic"),
    institution_address="street",
    institutional_department_name="pathology",
    institutional_department_type_code=SCT.Liver,
)
SERIES = {
    "series_instance_uid": "1.2.3.4",
    "series_number": 1,
    "sop_instance_uid": "1.2.3.4.5",
    "instance_number": 1,
    "manufacturer": "maker",
}


def _specimen(location):
    steps = [
        hd.SpecimenPreparationStep(
            "s",
            procedure,
            None if isinstance(procedure, hd.SpecimenProcessing) else "a text",
            NOON,
            LAB,
            SCT.Formalin,
            SCT.ParaffinWax,
            SCT.MicroscopeSlide,
            SCT.TissueSpecimen,
        )
        for procedure in PROCEDURES
    ]
    return hd.SpecimenDescription(
        "s", "1.2.3", location, steps, LAB, [SCT.Liver], SCT.TissueSpecimen, "short", "long\r\nand more"
    )


@pytest.fixture
def slide():
    image = sources.slide()
    image.SpecimenDescriptionSequence = [_specimen((1.5, 2.0, 0.25))]
    return image


@pytest.mark.parametrize("location", [None, "left half", (1.5, 2.0, 0.25)])
def test_specimens_are_described_completely(slide, location):
    made = hd.sc.SCImage.from_ref_dataset(
        slide,
        np.zeros((16, 16, 3), np.uint8),
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="SLIDE",
        container_identifier="B1",
        specimen_descriptions=[_specimen(location)],
        contributing_equipment=[EQUIPMENT],
        **SERIES,
    )
    assert dciodvfy(made) == []
    assert not hd.validate(made).findings
    read = hd.SpecimenDescription.from_dataset(made.SpecimenDescriptionSequence[0])
    assert read.specimen_location == location
    assert [type(step.processing_procedure) for step in read.specimen_preparation_steps] == [
        type(procedure) for procedure in PROCEDURES
    ]


def test_segmentations_describe_specimens_creators_equipment_and_algorithms(slide):
    algorithm = hd.AlgorithmIdentificationSequence(
        "name", codes.DCM.ArtificialIntelligence, "1", "maker", {"threshold": "0.5"}
    )
    described = hd.seg.SegmentDescription(1, "one", SCT.Tissue, SCT.Tissue, "AUTOMATIC", algorithm)
    masks = np.zeros((slide.NumberOfFrames, slide.Rows, slide.Columns), np.uint8)
    masks[:, 2:4, 2:4] = 1
    made = hd.seg.Segmentation(
        [slide],
        masks,
        "BINARY",
        [described],
        manufacturer_model_name="model",
        software_versions="1",
        device_serial_number="n",
        contributing_equipment=[EQUIPMENT],
        content_creator_name="Doe^Jane",
        content_creator_identification=CREATOR,
        **SERIES,
    )
    assert dciodvfy(made) == []
    assert not hd.validate(made).findings
    assert made.SpecimenDescriptionSequence == slide.SpecimenDescriptionSequence
    assert EQUIPMENT in list(made.ContributingEquipmentSequence)
