"""Content items that hold others (PS3.3 C.18.8)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.item import ContentItem, holds
from hdcore.model.element import character_set_of, elements_of

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
        template_id: str | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        is_content_continuous: bool, optional
            Whether the items below are read as one text, rather than separately.
        template_id: str | None, optional
            Number of the template of PS3.16 that the items below follow.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.
        """
        super().__init__(ValueTypeValues.CONTAINER, name, relationship_type)
        elements = elements_of(self)
        continuity = "CONTINUOUS" if is_content_continuous else "SEPARATE"
        elements[at.CONTINUITY_OF_CONTENT] = encoded.term(at.CONTINUITY_OF_CONTENT, continuity)
        if template_id is not None:
            elements[at.CONTENT_TEMPLATE] = _template(str(template_id))

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
        for elements in encoded.items_in(element, character_set_of(item)):
            identifier = elements.get(at.TEMPLATE_IDENTIFIER)
            return encoded.decode_text(identifier and identifier.value, "latin_1") or None
        return None
    items = encoded.parsed_items(element)
    return encoded.text_of(items[0], at.TEMPLATE_IDENTIFIER) or None if items else None
