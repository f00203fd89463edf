"""Content items that hold others (PS3.3 C.18.8)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.cutting import items_in, parsed_items
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.item import ContentItem, holds
from hdcore.errors import InputError
from hdcore.model.arguments import flag
from hdcore.model.element import character_set_of, elements_of
from hdcore.text import check_text

if TYPE_CHECKING:
    from hdcore.content.code import ConceptLike

__all__ = ["ContainerContentItem"]


@holds(ValueTypeValues.CONTAINER)
class ContainerContentItem(ContentItem):
    """A heading for the items below it (value type CONTAINER, PS3.3 C.18.8)."""

    def __init__(
        self,
        name: ConceptLike,
        is_content_continuous: bool = True,
        template_id: str | int | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        is_content_continuous: bool, optional
            Whether the items below are read as one text, rather than separately.
        template_id: str | int | None, optional
            Number of the template of PS3.16 that the items below follow.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        TypeError
            If ``template_id`` is neither text nor a number, or ``is_content_continuous`` no truth value.
        ValueError
            If it cannot be a template identifier (VR CS).
        """
        super().__init__(ValueTypeValues.CONTAINER, name, relationship_type)
        elements = elements_of(self)
        continuity = "CONTINUOUS" if flag(is_content_continuous, "is_content_continuous") else "SEPARATE"
        elements[at.CONTINUITY_OF_CONTENT] = encoded.term(at.CONTINUITY_OF_CONTENT, continuity)
        if template_id is not None:
            number = str(template_id) if isinstance(template_id, int) else template_id
            check_text(number, "CS", "template_id")
            if not number.strip():
                raise InputError("template_id is empty; leave it out, or give the number of a template.")
            elements[at.CONTENT_TEMPLATE] = _template(number)

    @property
    def template_id(self) -> str | None:
        """Str | None: number of the template that the items below follow."""
        return template_id_of(self)


@lru_cache(maxsize=1024)
def _template(template_id: str) -> Any:
    return encoded.sequence(
        at.CONTENT_TEMPLATE,
        [(encoded.term(at.MAPPING_RESOURCE, "DCMR"), encoded.term(at.TEMPLATE_IDENTIFIER, template_id))],
    )


def template_id_of(item: Any) -> str | None:
    """Read the number of the template that the items below a container follow; ``None`` if there is none."""
    element: Any = encoded.view_of(item).get(at.CONTENT_TEMPLATE)
    if element is None:
        return None
    if element.is_raw:
        for elements in items_in(element, character_set_of(item)):
            identifier = elements.get(at.TEMPLATE_IDENTIFIER)
            return encoded.decode_text(identifier and identifier.value, "latin_1") or None
        return None
    items = parsed_items(element)
    return encoded.text_of(items[0], at.TEMPLATE_IDENTIFIER) or None if items else None
