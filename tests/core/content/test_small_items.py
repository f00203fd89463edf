"""Algorithms, creators, equipment, issuers, coding schemes."""

from __future__ import annotations

import datetime

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

import hdcore
from hdcore.content import (
    AlgorithmIdentificationSequence,
    CodingSchemeIdentificationItem,
    CodingSchemeResourceItem,
    ContentCreatorIdentificationCodeSequence,
    ContributingEquipment,
    IssuerOfIdentifier,
)
from hdcore.content.equipment import contributing_equipment


def test_an_algorithm_is_read_back():
    made = AlgorithmIdentificationSequence(
        "nnU", codes.DCM.ArtificialIntelligence, "1.0", source="Us", parameters={"a": "1", "names": "x,y"}
    )
    plain = Sequence([Dataset(made[0])])
    read = AlgorithmIdentificationSequence.from_sequence(plain)
    assert (read.name, read.version, read.source) == ("nnU", "1.0", "Us")
    assert read.family == codes.DCM.ArtificialIntelligence
    assert read.parameters == {"a": "1", "names": "x,y"}


def test_an_algorithm_without_options_has_none():
    made = AlgorithmIdentificationSequence("nnU", codes.DCM.ArtificialIntelligence, "1.0")
    assert made.source is None
    assert made.parameters is None


@pytest.mark.parametrize("items", [[], [Dataset()], [Dataset(), Dataset()]])
def test_an_algorithm_sequence_has_one_complete_item(items):
    with pytest.raises(ValueError, match="Algorithm Identification Sequence"):
        AlgorithmIdentificationSequence.from_sequence(Sequence(items))


def test_an_algorithm_has_a_name():
    with pytest.raises(ValueError, match="name"):
        AlgorithmIdentificationSequence("", codes.DCM.ArtificialIntelligence, "1.0")


def test_a_creator_takes_codes_of_either_kind():
    made = ContentCreatorIdentificationCodeSequence(
        [codes.DCM.Person],
        "Liver",
        person_telephone_numbers=["1", "2"],
        institution_code=codes.SCT.Liver,
        institutional_department_type_code=codes.SCT.Kidney,
    )
    assert made[0].InstitutionCodeSequence[0] == codes.SCT.Liver
    assert list(made[0].PersonTelephoneNumbers) == ["1", "2"]
    with pytest.raises(ValueError, match="at least one"):
        ContentCreatorIdentificationCodeSequence([], "Clinic")


def test_the_library_names_itself_as_equipment():
    item = ContributingEquipment.for_highdicom()
    assert item.ManufacturerModelName == "hdcore"
    assert item.SoftwareVersions == hdcore.__version__
    assert item.PurposeOfReferenceCodeSequence[0] == codes.DCM.ProcessingEquipment


def test_acquiring_equipment_is_described_from_an_image():
    image = Dataset()
    image.Rows = 2
    with pytest.raises(AttributeError, match="Manufacturer"):
        ContributingEquipment.for_image_acquisition(image)
    image.Manufacturer = "Maker"
    image.AcquisitionDate = "20200101"
    item = ContributingEquipment.for_image_acquisition(image)
    assert item.Manufacturer == "Maker"
    assert str(item.ContributionDateTime) == "20200101"
    assert item.PurposeOfReferenceCodeSequence[0] == codes.DCM.AcquisitionEquipment
    with pytest.raises(ValueError, match="not an image"):
        ContributingEquipment.for_image_acquisition(Dataset())


def test_equipment_is_listed_with_that_of_its_source_before_and_the_library_behind():
    image = Dataset()
    image.Rows, image.Manufacturer = 2, "Maker"
    own = ContributingEquipment("own", codes.DCM.ModifyingEquipment)
    assert [one.Manufacturer for one in contributing_equipment(image, [own])] == ["Maker", "own", "hdcore contributors"]
    assert [one.Manufacturer for one in contributing_equipment()] == ["hdcore contributors"]
    for wrong in (own, "own", ["own"]):
        with pytest.raises(TypeError, match="contributing_equipment"):
            contributing_equipment(image, wrong)


def test_equipment_has_a_known_purpose():
    with pytest.raises(ValueError, match="purpose_of_reference"):
        ContributingEquipment("Maker", codes.SCT.Liver)


def test_an_issuer_is_local_or_universal():
    local = IssuerOfIdentifier("lab")
    assert local.LocalNamespaceEntityID == "lab"
    assert local.issuer_of_identifier_type is None
    universal = IssuerOfIdentifier.from_dataset(Dataset(IssuerOfIdentifier("1.2.3", "ISO")))
    assert universal.issuer_of_identifier == "1.2.3"
    assert universal.issuer_of_identifier_type is hdcore.UniversalEntityIDTypeValues.ISO
    with pytest.raises(ValueError, match="neither"):
        IssuerOfIdentifier.from_dataset(Dataset())
    with pytest.raises(ValueError, match="UniversalEntityIDTypeValues"):
        IssuerOfIdentifier("1.2.3", "ODD")


def test_a_registered_scheme_is_identified_one_way():
    item = CodingSchemeIdentificationItem(
        "99HD", "Ours", "1", resources=[CodingSchemeResourceItem("https://example.org", "DOC")]
    )
    assert item.CodingSchemeResourcesSequence[0].CodingSchemeURLType == "DOC"
    with pytest.raises(ValueError, match="uid or external_id"):
        CodingSchemeIdentificationItem("99HD", registry="HL7")
    with pytest.raises(ValueError, match="url_type"):
        CodingSchemeResourceItem("https://example.org", "PDF")


@pytest.mark.filterwarnings("ignore:The value length")
def test_acquiring_equipment_is_taken_over_as_its_image_describes_it():
    image = Dataset()
    image.Rows = 2
    image.Manufacturer = "Maker " * 12  # longer than LO allows
    image.SoftwareVersions = ["1", "2"]
    image.InstitutionName = ""
    image.add_new("StationName", "SH", ["a", "b"])
    item = ContributingEquipment.for_image_acquisition(image)
    assert item.Manufacturer == image.Manufacturer
    assert list(item.SoftwareVersions) == ["1", "2"]
    assert list(item.StationName) == ["a", "b"]
    assert "InstitutionName" not in item
    assert "ContributionDateTime" not in item


@pytest.mark.parametrize(
    ("attributes", "when"),
    [
        ({"AcquisitionDateTime": "20200102030405.5+0100", "AcquisitionDate": "20190101"}, "20200102030405.5+0100"),
        ({"AcquisitionDate": "20200102", "AcquisitionTime": "030405.5"}, "20200102030405.5"),
        ({"AcquisitionDate": "20200102", "AcquisitionTime": "03:04:05"}, "20200102"),
        ({"AcquisitionDate": "2020.01.02", "AcquisitionTime": "030405"}, None),
        ({"AcquisitionTime": "030405"}, None),
    ],
)
@pytest.mark.filterwarnings("ignore:Invalid value for VR")
def test_the_time_of_acquisition_is_left_out_where_it_is_none(attributes, when):
    image = Dataset()
    image.Rows, image.Manufacturer = 2, "Maker"
    for keyword, value in attributes.items():
        setattr(image, keyword, value)
    item = ContributingEquipment.for_image_acquisition(image)
    assert item.get("ContributionDateTime") == when


def test_all_of_the_equipment_is_written():
    item = ContributingEquipment(
        "Maker",
        codes.DCM.ModifyingEquipment,
        manufacturer_model_name="model",
        software_versions=["1", "2"],
        device_serial_number="n",
        institution_name="clinic",
        institutional_department_name="radiology",
        institution_address="street\r\ntown",
        station_name="station",
        contribution_datetime=datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        contribution_description="changed",
    )
    read = Dataset.from_json(item.to_json())
    assert [element.keyword for element in read] == [
        "Manufacturer",
        "InstitutionName",
        "InstitutionAddress",
        "StationName",
        "InstitutionalDepartmentName",
        "ManufacturerModelName",
        "DeviceSerialNumber",
        "SoftwareVersions",
        "ContributionDateTime",
        "ContributionDescription",
        "PurposeOfReferenceCodeSequence",
    ]
    assert read.ContributionDateTime == "20200102030405+0000"


def test_an_algorithm_without_a_family_says_so():
    made = AlgorithmIdentificationSequence("n", codes.DCM.ArtificialIntelligence, "1")
    made[0].AlgorithmFamilyCodeSequence = []
    read = AlgorithmIdentificationSequence.from_sequence(made)
    with pytest.raises(ValueError, match="AlgorithmFamilyCodeSequence is empty"):
        read.family  # noqa: B018


def test_an_institution_has_a_name_or_a_code_but_not_both():
    named = ContentCreatorIdentificationCodeSequence([codes.SCT.Liver], "Clinic")[0]
    assert (named.InstitutionName, "InstitutionCodeSequence" in named) == ("Clinic", False)
    with pytest.warns(hdcore.HdcoreWarning, match="'Clinic' is not written"):
        coded = ContentCreatorIdentificationCodeSequence(
            [codes.SCT.Liver], "Clinic", institution_code=codes.SCT.Kidney
        )[0]
    assert ("InstitutionName" in coded, coded.InstitutionCodeSequence[0]) == (False, codes.SCT.Kidney)
    with pytest.raises(ValueError, match="institution_name is empty"):
        ContentCreatorIdentificationCodeSequence([codes.SCT.Liver], "")
    with pytest.raises(TypeError, match="coded concept"):
        ContentCreatorIdentificationCodeSequence([codes.SCT.Liver], "Clinic", institution_code="Clinic")


def test_parameters_of_an_algorithm_that_cannot_be_told_apart_are_refused_or_warned_of():
    family = codes.DCM.ArtificialIntelligence
    for name in ("a=b", "a,b"):
        with pytest.raises(ValueError, match="without ',' and '='"):
            AlgorithmIdentificationSequence("n", family, "1", parameters={name: "1"})
    with pytest.warns(hdcore.HdcoreWarning, match="a value has a comma"):
        AlgorithmIdentificationSequence("n", family, "1", parameters={"options": "lr=1,wd=2"})
    parameters = {"a": "1,2", "b": "x=y", "c": "", "d": "C:\\model"}
    assert AlgorithmIdentificationSequence("n", family, "1", parameters=parameters).parameters == parameters
