"""Texts that a character set cannot hold are refused; what is written is never less than what was given."""

from __future__ import annotations

import warnings
from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from hdcore.errors import InputError
from hdcore.model.instance import SOPClass
from hdcore.model.items import encode_items
from hdcore.model.repertoire import check_texts

CT = "1.2.840.10008.5.1.4.1.1.2"
IMPLICIT, EXPLICIT, DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"


def instance(**options):
    return SOPClass("1.2.3", "1.2.4", 1, "1.2.5", CT, 1, "CT", **options)


def saved(made):
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made.save_as(buffer)
    return pydicom.dcmread(BytesIO(buffer.getvalue()))


def test_a_text_that_the_character_set_cannot_hold_is_refused_with_the_way_out():
    with pytest.raises(
        ValueError, match=r"PatientName is '山田\^太郎', .* cannot hold '山田太郎'.*specific_character_set='ISO_IR 192'"
    ):
        instance(patient_name="山田^太郎", specific_character_set="ISO_IR 100")


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        (None, "山田^太郎"),
        ("ISO_IR 192", "Äneas^Œuvre"),
        ("ISO_IR 100", "Äneas^Märta"),
        ("ISO_IR 144", "Иванов^Иван"),
        ("GB18030", "王^小东"),
    ],
)
@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, DEFLATED])
def test_a_text_that_it_can_hold_comes_back(character_set, name, syntax):
    made = instance(patient_name=name, specific_character_set=character_set, transfer_syntax_uid=syntax)
    assert saved(made).PatientName == name


def test_the_default_repertoire_holds_ascii_only():
    with pytest.raises(ValueError, match="ManufacturerModelName is 'Äther'"):
        instance(manufacturer_model_name="Äther", specific_character_set="ISO 2022 IR 6")
    assert saved(instance(manufacturer_model_name="Ether", specific_character_set="ISO 2022 IR 6"))


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, DEFLATED])
def test_nothing_is_written_of_an_instance_that_was_given_such_a_text(tmp_path, syntax):
    made = instance(specific_character_set="ISO_IR 100", transfer_syntax_uid=syntax)
    made.PatientComments = "肝"
    with pytest.raises(ValueError, match="PatientComments is '肝'"):
        made.save_as(tmp_path / "lossy.dcm")
    assert list(tmp_path.iterdir()) == []


def test_pydicom_is_not_asked_to_write_it_either(tmp_path):
    made = instance(specific_character_set="ISO_IR 100")
    made.PatientComments = "肝"
    with pytest.raises(ValueError, match="PatientComments"):
        made.save_as(tmp_path / "lossy.dcm", implicit_vr=False, little_endian=True)


def test_texts_of_items_and_one_of_several_are_found():
    made = instance(specific_character_set="ISO_IR 100")
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "1", "99X", "肝"
    made.ProcedureCodeSequence = [Dataset(), code]
    with pytest.raises(ValueError, match=r"ProcedureCodeSequence\[1\]/CodeMeaning is '肝'"):
        check_texts(made)
    del made.ProcedureCodeSequence
    made.OtherPatientNames = ["Doe^Jane", "肝^"]
    with pytest.raises(ValueError, match="OtherPatientNames is '肝"):
        check_texts(made)


def test_an_item_with_a_character_set_of_its_own_is_judged_by_that():
    made = instance(specific_character_set="ISO_IR 100")
    item = Dataset()
    item.SpecificCharacterSet, item.CodeMeaning = "ISO_IR 192", "肝"
    made.ProcedureCodeSequence = [item]
    check_texts(made)
    item.SpecificCharacterSet = "ISO_IR 144"
    with pytest.raises(ValueError, match="肝"):
        check_texts(made)


def test_code_extensions_hold_what_any_of_them_holds():
    made = instance(patient_id="1")
    made.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    made.PatientName = "Yamada^Tarou=山田^太郎"
    assert saved(made).PatientName == "Yamada^Tarou=山田^太郎"
    made.PatientName = "Иванов^=山田^太郎=Ω^"
    made.PatientComments = "한국"
    with pytest.raises(ValueError, match="PatientComments is '한국'"):
        saved(made)


def test_a_read_file_with_more_than_it_declares_can_still_be_saved():
    """Many files declare no character set and hold Latin-1; what was read is written as it was."""
    made = instance(patient_id="1")
    buffer = BytesIO()
    made.SpecificCharacterSet = "ISO_IR 100"
    made.PatientName = "Müller^"
    made.save_as(buffer)
    read = pydicom.dcmread(BytesIO(buffer.getvalue()))
    del read.SpecificCharacterSet
    again = SOPClass.from_dataset(read)
    assert saved(again)[0x00100010].value == "Müller^"


def test_items_are_not_encoded_with_a_loss():
    item = Dataset()
    item.CodeMeaning = "肝"
    with pytest.raises(InputError, match="CodeMeaning is '肝'"):
        encode_items([item], character_set="ISO_IR 100")
    assert "肝".encode() in encode_items([item])
