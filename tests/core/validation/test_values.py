"""What each value representation allows."""

from __future__ import annotations

import pytest

from hdcore.validation.elements import Element
from hdcore.validation.values import CharacterSet, check_value, multiplicity_allows, representation_allows

ASCII = CharacterSet([])


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("AE", b"STATION "),
        ("AS", b"042Y"),
        ("CS", b"A_B 1 "),
        ("DA", b"20240229"),
        ("DS", b"-1.5e-3 "),
        ("DS", b" 1\\2"),
        ("DT", b"2024"),
        ("DT", b"20240229235960.123456+0100"),
        ("IS", b"+12 "),
        ("LO", b"text"),
        ("PN", b"A^B^C^D^E "),
        ("PN", b"A^B=C^D=E^F "),
        ("ST", b"a\\b\r\nc"),
        ("TM", b"12"),
        ("TM", b"235959.5"),
        ("UI", b"1.2.840\0"),
        ("UI", b"2.25.0"),
        ("UR", b"http://a.b"),
        ("US", b"\1\0"),
        ("FD", b"\0" * 8),
        ("CS", b""),
        ("LO", b"  "),
        ("UT", b"\ttext "),
        ("OB", b"\0\1"),
    ],
)
def test_values_that_are_allowed(vr: str, value: bytes) -> None:
    assert not list(check_value(Element(0x00091001, vr, value), ASCII))


@pytest.mark.parametrize(
    ("vr", "value", "code"),
    [
        ("AE", b"A" * 18, "VAL006"),
        ("AS", b"42Y ", "VAL007"),
        ("CS", b"lower ", "VAL007"),
        ("DA", b"20230229", "VAL008"),
        ("DA", b"2023.02.21", "VAL006"),
        ("DS", b"1,5 ", "VAL007"),
        ("DS", b"12345678901234567 ", "VAL006"),
        ("DT", b"20231301", "VAL008"),
        ("IS", b"1.0 ", "VAL007"),
        ("IS", b"9999999999", "VAL009"),
        ("LO", b"a\nb ", "VAL010"),
        ("PN", b"a^b^c^d^e^f ", "VAL011"),
        ("TM", b"24", "VAL008"),
        ("TM", b"12:30 ", "VAL007"),
        ("UI", b"1.02", "VAL007"),
        ("UI", b"3.1 ", "VAL004"),
        ("UI", b"1.40\0\0", "VAL007"),
        ("US", b"\1\0\0", "VAL002"),
        ("FD", b"\0" * 4, "VAL002"),
        ("SH", b"x" * 18, "VAL006"),
        ("LO", b"\xff\xff", "CHR002"),
    ],
)
def test_values_that_are_not_allowed(vr: str, value: bytes, code: str) -> None:
    assert code in {found for found, _ in check_value(Element(0x00091001, vr, value), ASCII)}


@pytest.mark.parametrize(
    ("terms", "value", "good"),
    [
        (["ISO_IR 100"], "Müller".encode("latin-1"), True),
        (["ISO_IR 192"], "Müller ".encode(), True),
        (["ISO_IR 192"], b"M\xfcller", False),
        (["GB18030"], "王".encode("gb18030"), True),
        (["", "ISO 2022 IR 87"], b"\x1b$B;3ED\x1b(B", True),
        ([], b"M\xfcller", False),
    ],
)
def test_texts_are_in_their_character_set(terms: list[str], value: bytes, good: bool) -> None:
    codes = {found for found, _ in check_value(Element(0x00091001, "LO", value), CharacterSet(terms))}
    assert ("CHR002" not in codes) is good


def test_long_texts_are_measured_in_characters() -> None:
    value = ("ü" * 64).encode()
    assert not list(check_value(Element(0x00091001, "LO", value), CharacterSet(["ISO_IR 192"])))


def test_representation_and_number_of_values_are_the_dictionarys() -> None:
    assert representation_allows(0x00280010, "US") == ""
    assert representation_allows(0x00280010, "UN") == ""
    assert representation_allows(0x00280010, "UL") == "US"
    assert representation_allows(0x7FE00010, "OB") == ""
    assert multiplicity_allows(0x00280030, Element(0x00280030, "DS", b"1\\1 ")) == ""
    assert "expected 2" in multiplicity_allows(0x00280030, Element(0x00280030, "DS", b"1 "))
    assert multiplicity_allows(0x00080008, Element(0x00080008, "CS", b"A\\B\\C ")) == ""
