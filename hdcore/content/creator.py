"""Identification of the person who created content (PS3.3 10.1)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from hdcore.content.code import CodedConcept
from hdcore.errors import HdcoreWarning, InputError
from hdcore.model.arguments import listed, texts
from hdcore.text import check_text

if TYPE_CHECKING:
    from collections.abc import Sequence as SequenceOf

    from hdcore.content.code import ConceptLike

__all__ = ["ContentCreatorIdentificationCodeSequence"]


class ContentCreatorIdentificationCodeSequence(Sequence):
    """A sequence of one item that identifies a person (Person Identification macro, PS3.3 10.1)."""

    def __init__(
        self,
        person_identification_codes: SequenceOf[ConceptLike],
        institution_name: str,
        person_address: str | None = None,
        person_telephone_numbers: SequenceOf[str] | None = None,
        person_telecom_information: str | None = None,
        institution_code: ConceptLike | None = None,
        institution_address: str | None = None,
        institutional_department_name: str | None = None,
        institutional_department_type_code: ConceptLike | None = None,
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        person_identification_codes: Sequence[pydicom.sr.coding.Code | CodedConcept]
            Codes that identify the person, at least one.
        institution_name: str
            Name of the organization that the person is responsible or accountable to. Where ``institution_code`` is
            given, too, the code is written alone: the standard has one or the other.
        person_address: str | None, optional
            Mailing address of the person.
        person_telephone_numbers: Sequence[str] | None, optional
            Telephone numbers of the person.
        person_telecom_information: str | None, optional
            Other ways to reach the person, such as an electronic mail address.
        institution_code: pydicom.sr.coding.Code | CodedConcept | None, optional
            Code of the institution.
        institution_address: str | None, optional
            Mailing address of the institution.
        institutional_department_name: str | None, optional
            Department, unit or service.
        institutional_department_type_code: pydicom.sr.coding.Code | CodedConcept | None, optional
            Code of the kind of department or service.

        Raises
        ------
        ValueError
            If there is no code for the person, the institution has neither name nor code, or a text is too long.

        Warns
        -----
        HdcoreWarning
            If the institution's code means another name.
        """
        given = listed(person_identification_codes, "person_identification_codes", "coded concepts")
        codes = [CodedConcept.from_code(code) for code in given]
        if not codes:
            raise InputError("person_identification_codes is empty; expected at least one code.")
        described = {
            "InstitutionName": (_name_beside(institution_name, institution_code), "LO"),
            "InstitutionAddress": (institution_address, "ST"),
            "InstitutionalDepartmentName": (institutional_department_name, "LO"),
            "PersonAddress": (person_address, "ST"),
            "PersonTelecomInformation": (person_telecom_information, "LT"),
        }
        item = Dataset()
        item.PersonIdentificationCodeSequence = codes
        for keyword, (text, value_representation) in described.items():
            if text is not None:
                check_text(text, value_representation, keyword)
                setattr(item, keyword, text)
        if person_telephone_numbers is not None:
            numbers = texts(person_telephone_numbers, "SH", "person_telephone_numbers")
            item.PersonTelephoneNumbers = [numbers] if isinstance(numbers, str) else numbers
        if institution_code is not None:
            item.InstitutionCodeSequence = [CodedConcept.from_code(institution_code)]
        if institutional_department_type_code is not None:
            item.InstitutionalDepartmentTypeCodeSequence = [CodedConcept.from_code(institutional_department_type_code)]
        super().__init__([item])


def _name_beside(name: str | None, code: ConceptLike | None) -> str | None:
    """Give the name of an institution, unless its code names it (PS3.3 10.1: one or the other, but not both)."""
    if code is None:
        if not name:
            raise InputError("institution_name is empty, and there is no institution_code; expected one of them.")
        return name
    meaning = CodedConcept.from_code(code).meaning
    if name and name != meaning:
        warnings.warn(
            f"institution_name {name!r} is not written, since institution_code is given, which means {meaning!r}; the "
            "standard has one or the other.",
            HdcoreWarning,
            stacklevel=3,
        )
    return None
