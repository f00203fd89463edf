"""Content items of texts, codes, names of persons and identifiers (PS3.3 C.17.3, C.18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydicom.valuerep import PersonName

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.code import CodedConcept, concept_element
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.item import ContentItem, concept_at, describe, holds, required_text
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import elements_of
from hdcore.text import check_person_name, short
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    from pydicom.tag import BaseTag

    from hdcore.content.code import ConceptLike

__all__ = [
    "CodeContentItem",
    "PnameContentItem",
    "TextContentItem",
    "UIDRefContentItem",
]


@holds(ValueTypeValues.TEXT)
class TextContentItem(ContentItem):
    """A free text (value type TEXT, PS3.3 C.17.3.2.1)."""

    def __init__(
        self,
        name: ConceptLike,
        value: str,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: str
            The text.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        TypeError
            If ``value`` is not a string.
        ValueError
            If it is empty: Text Value needs a value (PS3.3 C.18.2).
        """
        super().__init__(ValueTypeValues.TEXT, name, relationship_type)
        if not isinstance(value, str):
            raise InputTypeError(f"value of the content item {describe(self)} is {short(value)}; expected a string.")
        if not value.strip():
            raise InputError(
                f"value of the content item {describe(self)} is empty; leave the item out, or give it a text."
            )
        elements_of(self)[at.TEXT_VALUE] = encoded.text(at.TEXT_VALUE, "UT", value)

    @property
    def value(self) -> str:
        """str: the text."""
        return required_text(self, at.TEXT_VALUE)


@holds(ValueTypeValues.CODE)
class CodeContentItem(ContentItem):
    """A coded concept (value type CODE)."""

    def __init__(
        self,
        name: ConceptLike,
        value: ConceptLike,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: pydicom.sr.coding.Code | CodedConcept
            The concept.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        TypeError
            If ``value`` is not a coded concept.
        """
        super().__init__(ValueTypeValues.CODE, name, relationship_type)
        elements_of(self)[at.CONCEPT_CODE] = concept_element(at.CONCEPT_CODE, value, "value")

    @property
    def value(self) -> CodedConcept:
        """CodedConcept: the concept."""
        return concept_at(self, at.CONCEPT_CODE)


@holds(ValueTypeValues.PNAME)
class PnameContentItem(ContentItem):
    """A person's name (value type PNAME)."""

    def __init__(
        self,
        name: ConceptLike,
        value: str | PersonName,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: str | pydicom.valuerep.PersonName
            The person's name, ``Family^Given^Middle^Prefix^Suffix``.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If ``value`` is empty or cannot be a person's name.
        """
        super().__init__(ValueTypeValues.PNAME, name, relationship_type)
        check_person_name(str(value) if isinstance(value, PersonName) else value)
        if not str(value).strip("^= "):
            raise InputError(f"value of the content item {describe(self)} is empty; expected such as 'Doe^Jane'.")
        elements_of(self)[at.PERSON_NAME] = encoded.text(at.PERSON_NAME, "PN", str(value))

    @property
    def value(self) -> PersonName:
        """pydicom.valuerep.PersonName: the person's name."""
        name: Any = PersonName(required_text(self, at.PERSON_NAME))
        return name  # type: ignore[no-any-return]


@holds(ValueTypeValues.UIDREF)
class UIDRefContentItem(ContentItem):
    """A unique identifier (value type UIDREF)."""

    def __init__(
        self,
        name: ConceptLike,
        value: str | UID,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: str | UID
            The unique identifier.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If ``value`` is not a unique identifier.
        """
        super().__init__(ValueTypeValues.UIDREF, name, relationship_type)
        elements_of(self)[at.UID] = uid_element(at.UID, value, f"value of the content item {describe(self)}")

    @property
    def value(self) -> UID:
        """UID: the unique identifier."""
        return uid_as_read(required_text(self, at.UID))


def uid_element(tag: BaseTag, value: str, argument: str) -> Any:
    """Make an element of a unique identifier (PS3.5 section 9.1)."""
    if not isinstance(value, str):
        raise InputTypeError(f"{argument} is {short(value)}; expected a unique identifier.")
    if not value or len(value) > 64 or value.strip("0123456789."):
        raise InputError(f"{argument} is {value!r}; expected a unique identifier: up to 64 digits and dots.")
    return encoded.text(tag, "UI", value)
