"""Every parameter of a secondary capture says something."""

from __future__ import annotations

import copy
import inspect

import hdcore as hd
import numpy as np
from hdcore.testing import sources
from hdcore.testing.compare import said
from pydicom.sr.coding import Code

PIXELS = np.arange(12, dtype=np.uint8).reshape(3, 4)
SPECIMENS = [[hd.SpecimenDescription(name, "1.2.9")] for name in ("one", "other")]
SLIDE = {
    "coordinate_system": "SLIDE",
    "patient_orientation": None,
    "container_identifier": "C",
    "specimen_descriptions": SPECIMENS[0],
}
GIVEN = {
    "pixel_array": PIXELS,
    "photometric_interpretation": "MONOCHROME2",
    "bits_allocated": 8,
    "coordinate_system": "PATIENT",
    "series_instance_uid": "1.2.3",
    "series_number": 1,
    "sop_instance_uid": "1.2.4",
    "instance_number": 1,
    "manufacturer": "Acme",
    "patient_orientation": ("L", "F"),
}
OTHERS = {
    "pixel_array": PIXELS + 1,
    "photometric_interpretation": "MONOCHROME1",
    "bits_allocated": ({"pixel_array": PIXELS.astype(np.uint16), "bits_allocated": 16}, 12),
    "coordinate_system": (SLIDE | {"coordinate_system": "PATIENT", "patient_orientation": ("L", "F")}, "SLIDE"),
    "series_instance_uid": "1.2.5",
    "series_number": 2,
    "sop_instance_uid": "1.2.6",
    "instance_number": 2,
    "manufacturer": "Other",
    "pixel_spacing": (1.0, 2.0),
    "laterality": "L",
    "patient_orientation": ("R", "F"),
    "anatomical_orientation_type": "BIPED",
    "container_identifier": (SLIDE, "D"),
    "issuer_of_container_identifier": (SLIDE, hd.IssuerOfIdentifier("Somebody")),
    "specimen_descriptions": (SLIDE, SPECIMENS[1]),
    "transfer_syntax_uid": "1.2.840.10008.1.2.5",
    "contributing_equipment": [hd.ContributingEquipment("Acme", Code("109101", "DCM", "Acquisition Equipment"))],
}
"""Another value of each parameter, perhaps with parameters that go with it."""
OF_STUDIES = {
    "study_instance_uid": "1.2.7",
    "patient_id": "P",
    "patient_name": "Döe^J",
    "patient_birth_date": "20000101",
    "patient_sex": "F",
    "accession_number": "A",
    "study_id": "S",
    "study_date": "20200101",
    "study_time": "101010",
    "referring_physician_name": "R^R",
}


def apart(alternative):
    is_pair = isinstance(alternative, tuple) and isinstance(alternative[0], dict)
    return alternative if is_pair else ({}, alternative)


def test_every_parameter_changes_what_is_written():
    alternatives = OTHERS | OF_STUDIES
    given = GIVEN | {"study_instance_uid": "1.2.1"}
    assert set(inspect.signature(hd.sc.SCImage).parameters) == alternatives.keys() | {"kwargs"}
    assert ignored_by(hd.sc.SCImage, given, alternatives) == []


def test_every_parameter_beside_the_reference_changes_what_is_said():
    ct = sources.ct_series(1)[0]
    of_another = copy.deepcopy(ct)
    of_another.PatientID = "other"
    make = hd.sc.SCImage.from_ref_dataset
    alternatives = OTHERS | {"ref_dataset": of_another}
    assert set(inspect.signature(make).parameters) == alternatives.keys() | {"kwargs"}
    assert ignored_by(make, GIVEN | {"ref_dataset": ct}, alternatives) == []


def ignored_by(make, given, alternatives):
    assert said(make(**given)) == said(make(**given))
    return [
        name
        for name, (together, value) in ((name, apart(one)) for name, one in alternatives.items())
        if said(make(**given | together)) == said(make(**given | together | {name: value}))
    ]
