"""What a measurement means: its normality, significance and certainty (PS3.16 TID 310 to 312).

The numbers of a population's statistics, of a normal range and of the uncertainty are items of one level, which nothing
holds together but their names and their order. The context groups of the names may be extended, so a number of another
name belongs to what stands around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import (
    CodeContentItem,
    CodedConcept,
    ContentItem,
    NumContentItem,
    RelationshipTypeValues,
    Row,
    Template,
    TextContentItem,
    concept_key,
    rows,
)
from hdcore.content import attributes as at
from hdcore.content.encoded import concept_of
from hdcore.content.item import name_key, relationship_of, value_type_of
from hdcore.errors import InputError

from hdcore_sr import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.code import ConceptLike

    AnyAuthority = str | ConceptLike | None

__all__ = ["MeasurementProperties", "MeasurementStatisticalProperties", "NormalRangeProperties"]

_PROPERTIES = RelationshipTypeValues.HAS_PROPERTIES
_STATISTICS, _RANGE = 1, 2
_SECTIONS: tuple[tuple[tuple[Any, ...], int | None], ...] = (
    ((v.NORMALITY,), None),
    ((v.POPULATION_DESCRIPTION, v.REFERENCE_AUTHORITY), 221),
    ((v.NORMAL_RANGE_DESCRIPTION, v.NORMAL_RANGE_AUTHORITY), 223),
    ((v.LEVEL_OF_SIGNIFICANCE,), None),
    ((), 225),
    ((v.SELECTION_STATUS,), None),
)
"""Names of the items of each row of TID 310: those of texts and codes, and the context group of those of numbers."""


class AuthorityRow(rows.ValueRow["AnyAuthority", "str | CodedConcept | None"]):
    """A row of who says so: a text, or a coded concept (TID 311, rows 3 and 4)."""

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Make the item of a text or of a concept."""
        if hasattr(value, "scheme_designator"):
            return [CodeContentItem(self.named(), value, self.relationship)]
        return super().make_one(value)


def _authority(name: Any, doc: str) -> Any:
    return rows.row(
        AuthorityRow,
        TextContentItem,
        "a text or a CodedConcept",
        name,
        _PROPERTIES,
        value_types=("TEXT", "CODE"),
        default=None,
        doc=doc,
    )


class _Numbers(Template):
    """Numbers, with a description and an authority."""

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if there are numbers."""
        super().assemble(values, **root_options)
        if not any(value_type_of(item) == "NUM" for item in self):
            raise InputError("values is empty; expected at least one number.")


class MeasurementStatisticalProperties(_Numbers):
    """Statistics of a population that a measurement is compared with (TID 311)."""

    TID: ClassVar[str] = "311"

    values: Row[Sequence[NumContentItem], list[NumContentItem]] = rows.item(
        NumContentItem,
        None,
        _PROPERTIES,
        ("NUM",),
        names=(221,),
        several=True,
        mandatory=False,
        doc="Statistics (CID 221).",
    )
    description: Row[str | None, str | None] = rows.text(
        v.POPULATION_DESCRIPTION, _PROPERTIES, default=None, doc="Description of the population."
    )
    authority: Row[AnyAuthority, str | CodedConcept | None] = _authority(
        v.REFERENCE_AUTHORITY, "Who described it, as a text or coded."
    )


class NormalRangeProperties(_Numbers):
    """The range in which a measurement is normal (TID 312)."""

    TID: ClassVar[str] = "312"

    values: Row[Sequence[NumContentItem], list[NumContentItem]] = rows.item(
        NumContentItem,
        None,
        _PROPERTIES,
        ("NUM",),
        names=(223,),
        several=True,
        mandatory=False,
        doc="Bounds (CID 223).",
    )
    description: Row[str | None, str | None] = rows.text(
        v.NORMAL_RANGE_DESCRIPTION, _PROPERTIES, default=None, doc="Description of the range."
    )
    authority: Row[AnyAuthority, str | CodedConcept | None] = _authority(
        v.NORMAL_RANGE_AUTHORITY, "Who described it, as a text or coded."
    )


class SectionRow(rows.IncludeRow[Any, Any]):
    """A row of statistics or of a normal range, whose items are told by their names and places."""

    def __init__(self, templates: tuple[type[Template], ...], section: int, **options: Any) -> None:
        super().__init__(templates, **options)
        self.section = section

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the items of the section."""
        items = template.row_items()
        return [item for item, section in zip(items, sections_of(items), strict=True) if section == self.section]

    def parts_of(self, template: Template) -> list[Template]:
        """Take them as one."""
        found = self.items_of(template)
        return [self.templates[0].of(found)] if found else []


class MeasurementProperties(Template):
    """What a measurement means: normality, significance, certainty (TID 310)."""

    TID: ClassVar[str] = "310"
    ORDER: ClassVar[tuple[str, ...]] = (
        "normality",
        "measurement_statistical_properties",
        "normal_range_properties",
        "level_of_significance",
        "upper_measurement_uncertainty",
        "lower_measurement_uncertainty",
        "selection_status",
    )

    normality: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.NORMALITY, _PROPERTIES, default=None, values=222, doc="Whether it is normal (CID 222)."
    )
    level_of_significance: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.LEVEL_OF_SIGNIFICANCE, _PROPERTIES, default=None, values=220, doc="How significant it is (CID 220)."
    )
    selection_status: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.SELECTION_STATUS, _PROPERTIES, default=None, values=224, doc="How it was chosen among others (CID 224)."
    )
    measurement_statistical_properties: Row[
        MeasurementStatisticalProperties | None, MeasurementStatisticalProperties | None
    ] = rows.row(
        SectionRow, (MeasurementStatisticalProperties,), _STATISTICS, default=None, doc="Statistics of a population."
    )
    normal_range_properties: Row[NormalRangeProperties | None, NormalRangeProperties | None] = rows.row(
        SectionRow, (NormalRangeProperties,), _RANGE, default=None, doc="Range in which it is normal."
    )
    upper_measurement_uncertainty: Row[float | None, float | None] = rows.number(
        v.UPPER_UNCERTAINTY, _PROPERTIES, v.NO_UNITS, default=None, doc="How much it may be too small."
    )
    lower_measurement_uncertainty: Row[float | None, float | None] = rows.number(
        v.LOWER_UNCERTAINTY, _PROPERTIES, v.NO_UNITS, default=None, doc="How much it may be too large."
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if all numbers will be found again as what they are."""
        super().assemble(values, **root_options)
        sections = [row for row in self.ordered_rows if isinstance(row, SectionRow) and values[row.name] is not None]
        if not sections:
            return
        placed = {id(item): section for item, section in zip(self, sections_of(self), strict=True)}
        for row in sections:
            for item in values[row.name]:
                if placed[id(item)] != row.section:
                    raise _misleading(row, item)

    @classmethod
    def has_item(cls, item: ContentItem) -> bool:
        """Tell whether an item is a property."""
        return name_key(item) in cls._keys or relationship_of(item) == _PROPERTIES.value

    @classmethod
    def split(cls, items: Sequence[Any]) -> list[list[Any]]:
        """Keep all properties together: a measurement has them once."""
        return [list(items)]


def _misleading(row: SectionRow, item: Any) -> InputError:
    group = _SECTIONS[row.section][1]
    return InputError(
        f"{row.name} holds the number {item.name.meaning!r}, which would be read as something else: its name is not of "
        f"CID {group}. Name it by a code of that, or add a description or an authority."
    )


def sections_of(items: Sequence[Any]) -> list[int | None]:
    """Tell which row of TID 310 each property of a measurement belongs to.

    Parameters
    ----------
    items: Sequence[ContentItem]
        The properties in their order.

    Returns
    -------
    list[int | None]
        Numbers of the rows, counted from zero; ``None`` for what is not of the template.
    """
    found = [_known_section(item) for item in items]
    for place, (item, section) in enumerate(zip(items, found, strict=True)):
        if section is None and value_type_of(item) == "NUM" and relationship_of(item) == _PROPERTIES.value:
            before = next((one for one in reversed(found[:place]) if one is not None), None)
            after = next((one for one in map(_known_section, items[place + 1 :]) if one is not None), None)
            found[place] = _section_between(before, after)
    return found


def _section_between(before: int | None, after: int | None) -> int:
    """Guess the section of a number by those of the items around it, which follow one another in order."""
    if before in (_STATISTICS, _RANGE):
        return _STATISTICS if before == _STATISTICS and after != _RANGE else _RANGE
    return _RANGE if after == _RANGE else _STATISTICS


def _name_of(item: Any) -> Any:
    return concept_of(item, at.CONCEPT_NAME)


def _known_section(item: Any) -> int | None:
    key = name_key(item)
    if key is None:
        return None
    for section, (names, group) in enumerate(_SECTIONS):
        if any(concept_key(name) == key for name in names):
            return section
        if group is not None and value_type_of(item) == "NUM" and rows.is_in_context_group(_name_of(item), group):
            return section
    return None
