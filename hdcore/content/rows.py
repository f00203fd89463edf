"""Kinds of rows of template tables, and the functions that declare them as fields (PS3.16 section 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hdcore.content import attributes as at
from hdcore.content.context_group import is_in_context_group, listed, name_of_group
from hdcore.content.encoded import concept_of
from hdcore.content.enums import RelationshipTypeValues
from hdcore.content.item import ContentItem, describe, name_key, relationship_of, value_type_of
from hdcore.content.moment import DateTimeContentItem
from hdcore.content.number import NumContentItem
from hdcore.content.row import Deviation, Row
from hdcore.content.tree import with_relationship
from hdcore.content.value import CodeContentItem, PnameContentItem, TextContentItem, UIDRefContentItem
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.content.code import ConceptLike
    from hdcore.content.context_group import ContextGroup
    from hdcore.content.template import Template

    AnyConcept = ConceptLike | Any

__all__ = [
    "CodeRow",
    "IncludeRow",
    "ItemRow",
    "NumberRow",
    "ValueRow",
    "code",
    "code_arguments",
    "datetime",
    "include",
    "is_in_context_group",
    "item",
    "number",
    "person",
    "row",
    "text",
    "uid",
]

In = TypeVar("In")
Out = TypeVar("Out")


def _refusal(row: Row[Any, Any], value: Any, expected: str, error: Exception) -> InputError | InputTypeError:
    """Name the argument of which no item could be made."""
    if isinstance(error, TypeError):
        return InputTypeError(f"{row.name} is {short(value)}; expected {expected}.")
    return InputError(f"{row.name}: {error}")


class ValueRow(Row[In, Out]):
    """A row whose items hold one value, which the constructor takes and the attribute gives."""

    def __init__(self, item_class: type[Any], expected: str, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.item_class = item_class
        self._expected = expected

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Make the item of a value."""
        try:
            return [self.item_class(self.concept, value, relationship_type=self.relationship)]
        except (TypeError, ValueError) as error:
            raise _refusal(self, value, self._expected, error) from error

    def expected(self) -> str:
        """Name what a value is."""
        return self._expected

    def read_one(self, found: ContentItem) -> Any:
        """Read the value of an item; ``None`` if it has none, or is of a value type that the row has not."""
        if self.value_types and value_type_of(found) not in self.value_types:
            return None
        try:
            return found.value
        except AttributeError:
            return None


class CodeRow(ValueRow[In, Out]):
    """A row of a coded value."""

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Make the item of a concept, which must be of the row's context group if nobody may extend that."""
        made = super().make_one(value)
        if self.values is not None and not self.is_extensible and not is_in_context_group(value, self.values):
            raise InputError(
                f"{self.name} is {value.meaning!r}, which is not of {name_of_group(self.values)}; "
                f"expected {listed(self.values)}."
            )
        return made

    def deviations_of_value(self, found: ContentItem) -> Iterator[Deviation]:
        """Tell whether the value is of the row's context group."""
        value = self.read_one(found)
        if value is None:
            yield Deviation(self.label(), "has no Concept Code Sequence")
        elif self.values is not None and not is_in_context_group(value, self.values):
            message = f"is {value.meaning!r}, which is not of {name_of_group(self.values)}"
            yield Deviation(self.label(), message, is_error=not self.is_extensible)


class NumberRow(ValueRow[In, Out]):
    """A row of a number with a fixed unit."""

    def __init__(self, unit: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(NumContentItem, "a number", *arguments, **options)
        self.unit: Any = unit

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Make the item of a number."""
        try:
            return [NumContentItem(self.named(), value, self.unit, relationship_type=self.relationship)]
        except (TypeError, ValueError) as error:
            raise _refusal(self, value, "a number", error) from error


class ItemRow(Row[In, Out]):
    """A row whose values are content items of certain classes."""

    def __init__(
        self,
        classes: tuple[type[Any], ...],
        *arguments: Any,
        names: tuple[ContextGroup, ...] = (),
        described_by: type[Template] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.classes = classes
        self.names = names
        self.described_by = described_by

    def expected(self) -> str:
        """Name the classes."""
        return " or ".join(kind.__name__ for kind in self.classes)

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Check the class of an item and give it the row's relationship."""
        if not isinstance(value, self.classes):
            raise InputTypeError(f"{self.name} is {short(value)}; expected {self.expected()}.")
        if self.key is not None and name_key(value) != self.key:
            raise InputError(
                f"{self.name} is {describe(value)}, under which name it would not be found; expected one named "
                f"{self.named().meaning!r}."
            )
        return [with_relationship(value, self.relationship)]

    def matches(self, found: ContentItem) -> bool:
        """Tell whether an item has the name, or if the row has none the relationship and value type."""
        if self.key is not None:
            return name_key(found) == self.key
        return value_type_of(found) in self.value_types and relationship_of(found) == self.relationship.value

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the row's items in a template; if the row has no name, those that no other row names."""
        if self.key is not None:
            return super().items_of(template)
        named = template.keys_of_rows()
        return [found for found in template.row_items() if self.matches(found) and name_key(found) not in named]

    def deviations_of_value(self, found: ContentItem) -> Iterator[Deviation]:
        """Tell whether the name is of the row's context groups, and the items below as they are described."""
        name = concept_of(found, at.CONCEPT_NAME)
        if self.names and name is not None and not any(is_in_context_group(name, group) for group in self.names):
            groups = " or ".join(map(name_of_group, self.names))
            yield Deviation(self.label(), f"is named {name.meaning!r}, which is not of {groups}", is_error=False)
        if self.described_by is not None:
            yield from self.described_by.of([found]).deviations()

    def read_one(self, found: ContentItem) -> Any:
        """Make an item one of the row's class."""
        for kind in self.classes:
            if isinstance(found, kind):
                return found
        for kind in self.classes:
            if issubclass(kind, type(found)):
                found.__class__ = kind
                break
        return found


class IncludeRow(Row[In, Out]):
    """A row that includes another template, or one of several, once or several times."""

    def __init__(
        self,
        templates: tuple[type[Template], ...],
        *,
        relationship: RelationshipTypeValues = RelationshipTypeValues.CONTAINS,
        **options: Any,
    ) -> None:
        super().__init__(None, relationship, value_types=(), **options)
        self.templates = templates

    def expected(self) -> str:
        """Name the templates' classes."""
        return " or ".join(template.__name__ for template in self.templates)

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Check the class of a template and take its items."""
        if not isinstance(value, self.templates):
            raise InputTypeError(f"{self.name} is {short(value)}; expected {self.expected()}.")
        items: list[Any] = list(value)
        if not value.ROOT_VALUE_TYPE:
            return items
        return [item if relationship_of(item) else with_relationship(item, self.relationship) for item in items]

    def matches(self, found: ContentItem) -> bool:
        """Tell whether an item is of an included template."""
        return any(included.has_item(found) for included in self.templates)

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the items of the included template."""
        return [found for found in template.row_items() if self.matches(found)]

    def parts_of(self, template: Template) -> list[Template]:
        """Find the inclusions."""
        found = self.items_of(template)
        if not found:
            return []
        included = max(self.templates, key=lambda one: sum(one.has_item(item) for item in found))
        own = [item for item in found if included.has_item(item)]
        parts = included.split(own)
        if len(parts) > 1 and not self.may_repeat and not included.ROOT_VALUE_TYPE:
            parts = [own]  # what occurs once is one, in whatever order its items are
        return [included.of(part) for part in parts]

    def read(self, template: Template) -> Any:
        """Read the included template; ``None``, or an empty list, if there is none."""
        parts = self.parts_of(template)
        if self.several:
            return parts
        return parts[0] if parts else None

    def label(self) -> str:
        """Name the templates in a path."""
        return self.expected()

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the included template."""
        parts = self.parts_of(template)
        if not parts:
            yield from self.deviations_of_absence(template)
        if len(parts) > 1 and not self.may_repeat:
            yield Deviation(self.label(), f"occurs {len(parts)} times, expected once")
        for part in parts:
            yield from part.deviations()


def text(concept: AnyConcept, relationship: RelationshipTypeValues, **options: Any) -> Any:
    """Declare a row of a text.

    Parameters
    ----------
    concept: pydicom.sr.coding.Code | CodedConcept
        Concept name of the item.
    relationship: RelationshipTypeValues
        Relationship with the parent.
    **options: Any
        Options of all rows: ``default`` of the constructor's parameter, which has none if absent; ``several`` whether
        the row may occur more than once, and so takes and gives a list; ``may_repeat`` whether it may, though the
        constructor and the attribute know one only; ``mandatory`` whether the table has M, which follows from
        ``default`` if absent; ``required_if`` a function that tells of a template whether the row must be there, and
        ``condition`` the same in words (MC); ``values`` the number of the context group of the value, or a tuple of its
        concepts; ``is_extensible`` whether other values are allowed (they are a warning then; if not, the constructor
        refuses them); ``doc`` what the value is.
    """
    return ValueRow(TextContentItem, "a text", concept, relationship, value_types=("TEXT",), **options)


def code(concept: AnyConcept, relationship: RelationshipTypeValues, **options: Any) -> Any:
    """Declare a row of a coded concept (parameters as those of :func:`text`)."""
    return CodeRow(*code_arguments(concept, relationship), value_types=("CODE",), **options)


def code_arguments(concept: AnyConcept, relationship: RelationshipTypeValues) -> tuple[Any, ...]:
    """List what a :class:`CodeRow`, or a subclass, is constructed with."""
    return CodeContentItem, "a CodedConcept or a pydicom Code", concept, relationship


def uid(concept: AnyConcept, relationship: RelationshipTypeValues, **options: Any) -> Any:
    """Declare a row of a unique identifier (parameters as those of :func:`text`)."""
    expected = "a unique identifier"
    return ValueRow(UIDRefContentItem, expected, concept, relationship, value_types=("UIDREF",), **options)


def person(concept: AnyConcept, relationship: RelationshipTypeValues, **options: Any) -> Any:
    """Declare a row of a person's name (parameters as those of :func:`text`)."""
    expected = "a person's name"
    return ValueRow(PnameContentItem, expected, concept, relationship, value_types=("PNAME",), **options)


def datetime(concept: AnyConcept, relationship: RelationshipTypeValues, **options: Any) -> Any:
    """Declare a row of a date with a time (parameters as those of :func:`text`)."""
    expected = "a date with a time"
    return ValueRow(DateTimeContentItem, expected, concept, relationship, value_types=("DATETIME",), **options)


def number(concept: AnyConcept, relationship: RelationshipTypeValues, unit: AnyConcept, **options: Any) -> Any:
    """Declare a row of a number in a unit (other parameters as those of :func:`text`)."""
    return NumberRow(unit, concept, relationship, value_types=("NUM",), **options)


def item(
    classes: type[ContentItem] | tuple[type[ContentItem], ...],
    concept: AnyConcept | None,
    relationship: RelationshipTypeValues,
    value_types: tuple[str, ...],
    **options: Any,
) -> Any:
    """Declare a row that takes and gives content items of classes of their own.

    Parameters
    ----------
    classes: type[ContentItem] | tuple[type[ContentItem], ...]
        The classes.
    concept: pydicom.sr.coding.Code | CodedConcept | None
        Concept name of the item; ``None`` where relationship and value type tell.
    relationship: RelationshipTypeValues
        Relationship with the parent.
    value_types: tuple[str, ...]
        Value types of the classes.
    **options: Any
        As those of :func:`text`; ``names`` the context groups of the items' names, where ``concept`` is ``None``;
        ``described_by`` a template with a root item, whose rows the items below must follow.
    """
    kinds = classes if isinstance(classes, tuple) else (classes,)
    return ItemRow(kinds, concept, relationship, value_types=value_types, **options)


def include(templates: type[Template] | tuple[type[Template], ...], **options: Any) -> Any:
    """Declare a row that includes another template, or one of several.

    Parameters
    ----------
    templates: type[Template] | tuple[type[Template], ...]
        The template's class, or those of which one is included.
    **options: Any
        As those of :func:`text`; ``relationship`` that which the root of the other gets if it has none, CONTAINS if
        absent.
    """
    return IncludeRow(templates if isinstance(templates, tuple) else (templates,), **options)


def row(kind: type[Row[Any, Any]], *arguments: Any, **options: Any) -> Any:
    """Declare a row of a class of your own, with what its constructor takes."""
    return kind(*arguments, **options)
