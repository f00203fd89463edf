"""A row of a template's table (PS3.16 section 6.1).

A row says what an item is named, how it relates to its parent, of which value type it is and how often it occurs. From
that follow the constructor's parameter, the property that reads the item back, and the check of what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

from hdcore.content.code import concept_key
from hdcore.content.enums import RelationshipTypeValues
from hdcore.content.item import ContentItem, name_key, relationship_of, value_type_of
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hdcore.content.code import ConceptLike
    from hdcore.content.context_group import ContextGroup
    from hdcore.content.template import Template

    AnyConcept = ConceptLike | Any

__all__ = ["REQUIRED", "Deviation", "Row"]

In = TypeVar("In")
Out = TypeVar("Out")

REQUIRED: Any = object()
"""The default of a parameter that has none."""


class Deviation(NamedTuple):
    """Something in a tree that its template does not allow."""

    path: str
    """Names of the items from the template's root, separated by slashes."""
    message: str
    """What is off."""
    is_error: bool = True
    """Whether the template forbids it, rather than advises against it."""


class Row(property, Generic[In, Out]):
    """A row of a template's table; as an attribute of a template, the row's value.

    The first type parameter is what the constructor takes, the second what the attribute gives.
    """

    def __init__(
        self,
        concept: AnyConcept | None,
        relationship: RelationshipTypeValues,
        *,
        value_types: tuple[str, ...],
        default: Any = REQUIRED,
        several: bool = False,
        may_repeat: bool = False,
        values: ContextGroup | None = None,
        is_extensible: bool = True,
        mandatory: bool | None = None,
        required_if: Callable[[Any], bool] | None = None,
        condition: str = "",
        doc: str = "",
    ) -> None:
        super().__init__(self.read, doc=doc)
        self.name = ""
        self.concept = concept
        self.key = None if concept is None else concept_key(concept)
        self.relationship = RelationshipTypeValues(relationship)
        self.value_types = value_types
        self.default = default
        self.several = several
        self.may_repeat = several or may_repeat
        self.values = values
        self.is_extensible = is_extensible
        self.mandatory = default is REQUIRED if mandatory is None else mandatory
        self.required_if = required_if
        self.condition = condition
        self.text = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: Any = None) -> Row[In, Out]: ...
    @overload
    def __get__(self, instance: Template, owner: Any = None) -> Out: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """Read the row's value."""
        return self if instance is None else self.read(instance)

    def __set__(self, instance: Template, value: In) -> None:
        """Replace the row's items."""
        instance.replace_row(self, value)

    def named(self) -> Any:
        """Give the concept name of the row's items."""
        return self.concept

    # making

    def make(self, value: Any) -> list[ContentItem]:
        """Make the items of a value that a constructor was given."""
        if value is None:
            if self.default is REQUIRED:
                raise InputTypeError(f"{self.name} is None; expected {self.expected()}.")
            return []
        if not self.several:
            return list(self.make_one(value))
        made = [item for one in listed(value, self.name, self.expected()) for item in self.make_one(one)]
        if not made and self.mandatory:
            raise InputError(f"{self.name} is empty; expected at least one of {self.expected()}.")
        return made

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Make the items of one value."""
        raise AttributeError(f"{type(self).__name__} makes no items.")

    def expected(self) -> str:
        """Name what a value is, for messages."""
        return "a value"

    # reading

    def matches(self, found: ContentItem) -> bool:
        """Tell whether an item is of this row."""
        return name_key(found) == self.key

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the row's items in a template."""
        key = self.key
        return [found for found in template.row_items() if name_key(found) == key]

    def placed_items_of(self, template: Template) -> list[ContentItem]:
        """Find what the row put among the template's items, where that holds the row's items: what is replaced."""
        return self.items_of(template)

    def read(self, template: Template) -> Any:
        """Read the row's value; ``None``, or an empty list, if there is none of the row's value types."""
        kinds = self.value_types
        found = [one for one in self.items_of(template) if not kinds or value_type_of(one) in kinds]
        if self.several:
            return [self.read_one(one) for one in found]
        return self.read_one(found[0]) if found else None

    def read_one(self, found: ContentItem) -> Any:
        """Read the value of an item."""
        return found

    # checking

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the row's items."""
        found = self.items_of(template)
        label = self.label()
        if not found:
            yield from self.deviations_of_absence(template)
        if len(found) > 1 and not self.may_repeat:
            yield Deviation(label, f"occurs {len(found)} times, expected once")
        for one in found:
            if self.value_types and value_type_of(one) not in self.value_types:
                yield Deviation(
                    label, f"has value type {value_type_of(one)!r}, expected {' or '.join(self.value_types)}"
                )
            elif relationship_of(one) != self.relationship.value:
                yield Deviation(label, f"has relationship {relationship_of(one)!r}, expected {self.relationship.value}")
            else:
                yield from self.deviations_of_value(one)

    def deviations_of_absence(self, template: Template) -> Iterator[Deviation]:
        """Tell whether the row must be there, where it is not."""
        if self.mandatory:
            yield Deviation(self.label(), "is missing")
        elif self.required_if is not None and self.required_if(template):
            yield Deviation(
                self.label(), f"is missing; it is required if {self.condition}" if self.condition else "is missing"
            )

    def deviations_of_value(self, found: ContentItem) -> Iterator[Deviation]:
        """Tell what is off about the value of an item."""
        return iter(())

    def label(self) -> str:
        """Name the row in a path."""
        return str(self.concept.meaning) if self.concept is not None else self.name
