"""Where a finding is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hdcore.content import (
    CodeContentItem,
    CodedConcept,
    RelationshipTypeValues,
    Row,
    Template,
    children_of,
    concept_key,
    name_key,
    rows,
)
from hdcore.content.tree import set_children

from hdcore_sr import vocabulary as v

if TYPE_CHECKING:
    from hdcore.content import Concept
    from hdcore.content.code import ConceptLike

__all__ = ["FindingSite", "FindingSiteRows"]

_MODIFIER = RelationshipTypeValues.HAS_CONCEPT_MOD


class FindingSite(CodeContentItem):
    """An anatomic location, with its side and what else modifies it (TID 300, 1501)."""

    def __init__(
        self,
        anatomic_location: ConceptLike,
        laterality: ConceptLike | None = None,
        topographical_modifier: ConceptLike | None = None,
    ) -> None:
        """Make a site.

        Parameters
        ----------
        anatomic_location: pydicom.sr.coding.Code | CodedConcept
            Region or structure.
        laterality: pydicom.sr.coding.Code | CodedConcept | None, optional
            Side (CID 244).
        topographical_modifier: pydicom.sr.coding.Code | CodedConcept | None, optional
            Modifier of the location (CID 2).
        """
        super().__init__(v.FINDING_SITE, anatomic_location, _MODIFIER)
        modifiers = [
            CodeContentItem(name, value, _MODIFIER)
            for name, value in ((v.LATERALITY, laterality), (v.TOPOGRAPHICAL_MODIFIER, topographical_modifier))
            if value is not None
        ]
        set_children(self, modifiers)

    @property
    def laterality(self) -> CodedConcept | None:
        """CodedConcept | None: side."""
        return self._modifier(v.LATERALITY)

    @property
    def topographical_modifier(self) -> CodedConcept | None:
        """CodedConcept | None: modifier of the location."""
        return self._modifier(v.TOPOGRAPHICAL_MODIFIER)

    def _modifier(self, name: Concept) -> CodedConcept | None:
        key = concept_key(name)
        found = (item for item in children_of(self) if name_key(item) == key)
        return next((item.value for item in found if isinstance(item, CodeContentItem)), None)


class FindingSiteRows(Template):
    """What is below a finding site (TID 300, rows 6 and 7; TID 1419, rows 3, 4, 10, 11; TID 1501, rows 7 and 8)."""

    ROOT_VALUE_TYPE: ClassVar[str] = "CODE"

    laterality: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.LATERALITY, _MODIFIER, default=None, values=244, doc="Side (CID 244)."
    )
    topographical_modifier: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.TOPOGRAPHICAL_MODIFIER, _MODIFIER, default=None, doc="Modifier of the location."
    )
