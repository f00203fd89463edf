"""Texts are checked against their value representation."""

from __future__ import annotations

import pytest
from pydicom.valuerep import PersonName

import hdcore as hd
from hdcore.text import check_text
from hdcore.valuerep import check_person_name


@pytest.mark.parametrize("name", ["Doe^John", "Doe^John^M^Dr^PhD", "Yamada^Tarou=山田^太郎", ""])
def test_names_of_persons_may_have_five_components_in_three_groups(name):
    check_person_name(name)
    check_person_name(PersonName(name))


def test_a_name_without_components_is_warned_of():
    with pytest.warns(hd.HdcoreWarning, match="all of it is the family name"):
        check_person_name("John Doe")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a^b=c^d=e^f=g^h", "at most 3"),
        ("a^b^c^d^e^f", "five components"),
        ("x" * 65 + "^y", "over 64 characters"),
        ("Doe\\Jane^", "backslash"),
        (3, "is 3; expected a string"),
    ],
)
def test_what_is_no_name_of_a_person_is_refused(name, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        check_person_name(name)
    assert isinstance(caught.value, hd.HdcoreError)


@pytest.mark.parametrize("vr", ["LO", "SH", "ST", "LT", "UT", "UC"])
@pytest.mark.parametrize("text", ["a\0", "a\x07b", "a\x7f"])
def test_control_characters_are_refused(vr, text):
    with pytest.raises(ValueError, match="control characters"):
        check_text(text, vr, "it")


@pytest.mark.parametrize("text", ["a\tb", "a\r\nb", "a\fb", "a\nb"])
def test_long_texts_alone_have_lines(text):
    for vr in ("ST", "LT", "UT"):
        check_text(text, vr, "it")
    for vr in ("LO", "SH", "UC"):
        with pytest.raises(ValueError, match="control characters"):
            check_text(text, vr, "it")
