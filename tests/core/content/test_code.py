"""Coded concepts."""

from __future__ import annotations

import copy
import pickle

import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from hdcore.content import CodedConcept, concept_key, same_concept

LIVER = CodedConcept("10200004", "SCT", "Liver")


def test_a_concept_equals_and_hashes_like_the_code_of_pydicom():
    assert codes.SCT.Liver == LIVER
    assert not (codes.SCT.Liver != LIVER)  # noqa: SIM202
    assert hash(LIVER) == hash(codes.SCT.Liver)
    assert LIVER in {codes.SCT.Liver}
    assert codes.SCT.Liver in {LIVER: 1}
    assert codes.SCT.Kidney != LIVER


def test_a_concept_does_not_equal_what_is_no_code():
    assert LIVER != "10200004"
    assert (LIVER == 3) is False


def test_versions_differ_but_name_the_same_concept():
    versioned = CodedConcept("10200004", "SCT", "Liver", "2024")
    assert versioned != LIVER
    assert same_concept(versioned, LIVER)
    assert versioned.scheme_version == "2024"


def test_an_older_snomed_code_equals_its_successor():
    older = CodedConcept("T-62000", "SRT", "Liver")
    assert older == codes.SCT.Liver
    assert same_concept(older, LIVER)
    assert concept_key(CodedConcept("T-62000", "99SDM", "Liver")) == ("SCT", "10200004")
    assert concept_key(CodedConcept("X-none", "SRT", "Odd")) == ("SRT", "X-none")


@pytest.mark.parametrize(
    ("value", "keyword"),
    [
        ("1234567890123456", "CodeValue"),
        ("12345678901234567", "LongCodeValue"),
        ("urn:lex:us", "URNCodeValue"),
        ("https://example.org/code", "URNCodeValue"),
    ],
)
def test_the_length_and_form_of_a_value_choose_its_attribute(value, keyword):
    concept = CodedConcept(value, "99HD", "Something")
    assert getattr(concept, keyword) == value
    assert concept.value == value
    assert CodedConcept.from_dataset(Dataset(concept)).value == value


def test_a_urn_needs_no_scheme():
    concept = CodedConcept("urn:lex:us", "", "Law")
    assert "CodingSchemeDesignator" not in concept
    assert concept.scheme_designator == ""


@pytest.mark.parametrize(
    "arguments",
    [("", "SCT", "x"), ("1", "", "x"), ("1", "SCT", ""), ("1", "S" * 17, "x"), ("1", "SCT", "x" * 65)],
)
def test_texts_that_are_empty_or_too_long_are_refused(arguments):
    with pytest.raises(ValueError, match="coded concept"):
        CodedConcept(*arguments)


def test_what_is_not_a_code_is_refused():
    with pytest.raises(TypeError):
        CodedConcept.from_code("Liver")
    with pytest.raises(TypeError):
        CodedConcept.from_dataset("Liver")
    with pytest.raises(TypeError):
        CodedConcept(10200004, "SCT", "Liver")


@pytest.mark.parametrize("keyword", ["CodeValue", "CodingSchemeDesignator", "CodeMeaning"])
def test_an_incomplete_item_is_refused(keyword):
    item = copy.deepcopy(Dataset(LIVER))
    del item[keyword]
    with pytest.raises(AttributeError, match=keyword):
        CodedConcept.from_dataset(item)


def test_reading_copies_unless_told_otherwise():
    item = copy.deepcopy(LIVER)
    item.__class__ = Dataset
    read = CodedConcept.from_dataset(item)
    read.CodeMeaning = "Hepar"
    assert item.CodeMeaning == "Liver"
    assert type(item) is Dataset
    assert CodedConcept.from_dataset(item, copy=False) is item


def test_a_concept_survives_copying_and_pickling():
    assert copy.deepcopy(LIVER) == LIVER
    assert pickle.loads(pickle.dumps(LIVER)) == LIVER
    assert CodedConcept.from_code(Code("1", "99HD", "One")).meaning == "One"


SPELLINGS = [
    ("10200004", "SCT", "Liver"),
    ("10200004", "SCT", "liver", "2020"),
    ("T-62000", "SRT", "Liver"),
    ("T-62000", "SNM3", "Liver"),
    ("T-62000", "99SDM", "Liver"),
    ("no code of SRT", "SRT", "x"),
    ("a" * 20, "99HD", "a long one"),
    ("urn:oid:1.2", "99HD", "a URN"),
]


@pytest.mark.parametrize("one", SPELLINGS)
@pytest.mark.parametrize("other", SPELLINGS)
def test_concepts_are_equal_as_codes_of_pydicom_are(one, other):
    equal = Code(*one) == Code(*other)
    assert (CodedConcept(*one) == CodedConcept(*other)) is equal
    assert (CodedConcept(*one) == Code(*other)) is equal
    assert (Code(*one) == CodedConcept(*other)) is equal
    assert (CodedConcept(*one) != Code(*other)) is not equal
    if equal:
        assert hash(CodedConcept(*one)) == hash(CodedConcept(*other))


def test_equal_concepts_find_one_another_in_sets_and_dictionaries():
    code, concept, older = codes.SCT.Liver, CodedConcept(*SPELLINGS[0]), CodedConcept(*SPELLINGS[2])
    assert code in {concept}
    assert concept in {code}
    assert older in {concept}
    assert older in {code}
    assert {concept: 1}[code] == {code: 1}[older] == 1
    assert len({concept, older, code, pickle.loads(pickle.dumps(concept)), copy.deepcopy(older)}) == 1
