"""Arguments that nothing can be made of, refused by their name."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

import hdcore
from hdcore.content import ContentCreatorIdentificationCodeSequence, ContributingEquipment, IssuerOfIdentifier
from hdcore.content.code import CodedConcept
from hdcore.errors import HdcoreError

SCT = codes.SCT
BIOPSY = hdcore.SpecimenCollection(SCT.Biopsy)
HEADER = {
    "study_instance_uid": "1.2.1",
    "series_instance_uid": "1.2.2",
    "series_number": 1,
    "sop_instance_uid": "1.2.3",
    "sop_class_uid": "1.2.840.10008.5.1.4.1.1.2",
    "instance_number": 1,
    "modality": "CT",
}
COMPLETE = {
    IssuerOfIdentifier: {"issuer_of_identifier": "lab"},
    hdcore.SpecimenSampling: {
        "method": SCT.Biopsy,
        "parent_specimen_id": "p",
        "parent_specimen_type": SCT.TissueSpecimen,
    },
    hdcore.SpecimenStaining: {"substances": [SCT.HematoxylinStain]},
    hdcore.SpecimenPreparationStep: {"specimen_id": "s", "processing_procedure": BIOPSY},
    hdcore.SpecimenDescription: {"specimen_id": "s", "specimen_uid": "1.2.3"},
    ContributingEquipment: {"manufacturer": "m", "purpose_of_reference": codes.DCM.AcquisitionEquipment},
    ContentCreatorIdentificationCodeSequence: {
        "person_identification_codes": [SCT.Liver],
        "institution_name": "clinic",
    },
    hdcore.AlgorithmIdentificationSequence: {
        "name": "n",
        "family": codes.DCM.ArtificialIntelligence,
        "version": "1",
    },
    CodedConcept: {"value": "1", "scheme_designator": "99X", "meaning": "m"},
    hdcore.SOPClass: HEADER,
    hdcore.ModalityLUTTransformation: {"rescale_intercept": 0.0, "rescale_slope": 1.0, "rescale_type": "HU"},
    hdcore.VOILUTTransformation: {"window_center": 1.0, "window_width": 2.0},
    hdcore.PixelMeasuresSequence: {"pixel_spacing": [1, 1], "slice_thickness": 1.0},
    hdcore.PlanePositionSequence: {"coordinate_system": "SLIDE", "image_position": [1, 2, 3]},
}


@pytest.mark.parametrize(("made", "given"), COMPLETE.items(), ids=[made.__name__ for made in COMPLETE])
def test_what_is_changed_below_is_complete(made, given):
    if made is hdcore.PlanePositionSequence:
        given = {**given, "pixel_matrix_position": (1, 1)}
    assert type(made(**given)) is made


@pytest.mark.parametrize(
    ("made", "name", "value"),
    [
        (IssuerOfIdentifier, "issuer_of_identifier", "a\0b"),
        (hdcore.SpecimenSampling, "issuer_of_parent_specimen_id", "lab"),
        (hdcore.SpecimenStaining, "substances", 5),
        (hdcore.SpecimenStaining, "substances", SCT.HematoxylinStain),
        (hdcore.SpecimenPreparationStep, "issuer_of_specimen_id", "lab"),
        (hdcore.SpecimenPreparationStep, "processing_datetime", "soon"),
        (hdcore.SpecimenDescription, "specimen_id", ""),
        (hdcore.SpecimenDescription, "specimen_id", "a\nb"),
        (hdcore.SpecimenDescription, "specimen_location", 5.0),
        (hdcore.SpecimenDescription, "specimen_preparation_steps", BIOPSY[0]),
        (hdcore.SpecimenDescription, "specimen_preparation_steps", ["washed"]),
        (hdcore.SpecimenDescription, "issuer_of_specimen_id", "lab"),
        (hdcore.SpecimenDescription, "primary_anatomic_structures", SCT.Liver),
        (hdcore.SpecimenDescription, "primary_anatomic_structures", CodedConcept("1", "99X", "m")),
        (hdcore.SpecimenDescription, "specimen_detailed_description", 5),
        (ContributingEquipment, "manufacturer", 5),
        (ContributingEquipment, "software_versions", 5),
        (ContributingEquipment, "software_versions", ["1", "v" * 65]),
        (ContributingEquipment, "contribution_datetime", "yesterday"),
        (ContributingEquipment, "contribution_datetime", 20200101),
        (ContentCreatorIdentificationCodeSequence, "person_identification_codes", SCT.Liver),
        (ContentCreatorIdentificationCodeSequence, "person_telephone_numbers", [5]),
        (ContentCreatorIdentificationCodeSequence, "person_telephone_numbers", ["0" * 17]),
        (hdcore.AlgorithmIdentificationSequence, "name", "a\\b"),
        (hdcore.AlgorithmIdentificationSequence, "source", "s" * 65),
        (hdcore.AlgorithmIdentificationSequence, "parameters", "a=b"),
        (CodedConcept, "value", "a\\b"),
        (CodedConcept, "meaning", "a\\b"),
        (CodedConcept, "meaning", "a\nb"),
        (CodedConcept, "scheme_version", 5),
        (hdcore.SOPClass, "study_instance_uid", 5),
        (hdcore.SOPClass, "series_number", np.array([1, 2])),
        (hdcore.SOPClass, "instance_number", 2**31),
        (hdcore.SOPClass, "series_description", "two\nlines"),
        (hdcore.SOPClass, "patient_id", 5),
        (hdcore.SOPClass, "accession_number", ["a"]),
        (hdcore.SOPClass, "patient_name", 5),
        (hdcore.SOPClass, "patient_birth_date", "1.1.2000"),
        (hdcore.SOPClass, "study_date", 20200101),
        (hdcore.SOPClass, "study_time", True),
        (hdcore.SOPClass, "content_time", datetime.date(2020, 1, 1)),
        (hdcore.SOPClass, "software_versions", 5),
        (hdcore.SOPClass, "coding_schemes", ["SCT"]),
        (hdcore.ModalityLUTTransformation, "rescale_slope", "1"),
        (hdcore.VOILUTTransformation, "window_center", "wide"),
        (hdcore.VOILUTTransformation, "window_explanation", 5),
        (hdcore.VOILUTTransformation, "voi_luts", 5),
        (hdcore.PixelMeasuresSequence, "slice_thickness", "thin"),
        (hdcore.PixelMeasuresSequence, "spacing_between_slices", "wide"),
        (hdcore.PlanePositionSequence, "pixel_matrix_position", (1.5, 1)),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else value if isinstance(value, str) else "",
)
def test_what_nothing_can_be_made_of_is_refused_by_name(made, name, value):
    with pytest.raises((TypeError, ValueError), match=name) as caught:
        made(**{**COMPLETE[made], name: value})
    assert isinstance(caught.value, HdcoreError)


def test_one_telephone_number_is_not_taken_apart():
    made = ContentCreatorIdentificationCodeSequence([SCT.Liver], "clinic", person_telephone_numbers="123")
    assert made[0].PersonTelephoneNumbers == "123"
    assert Dataset.from_json(made[0].to_json()).PersonTelephoneNumbers == "123"


def test_long_texts_may_have_lines_and_backslashes():
    made = ContributingEquipment("m", codes.DCM.AcquisitionEquipment, contribution_description="one\r\ntwo\tC:\\three")
    assert made.ContributionDescription == "one\r\ntwo\tC:\\three"
