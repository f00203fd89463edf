"""Content items: what all value types have in common (PS3.3 C.17.3).

An item is a pydicom dataset in every respect; what the library itself needs (value type, relationship, concept name) it
takes from the encoded elements, without parsing them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.code import CodedConcept, concept_element, concept_from_texts, key_of
from hdcore.content.cutting import parsed_items
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.errors import IncompleteItemError
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import elements_of, fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.tag import BaseTag

    from hdcore.content.code import ConceptLike

__all__ = ["ContentItem", "name_key", "relationship_of", "value_type_of"]


class CodedItem(Dataset):
    """An item whose code sequences hold coded concepts, made when somebody looks at them."""

    def __getitem__(self, key: Any) -> Any:
        """Get an element; parse it if nobody has."""
        if key == at.CONTENT and at.CONTENT in elements_of(self):
            from hdcore.content.tree import children_of

            children_of(self)
        element = super().__getitem__(key)
        if isinstance(element, DataElement) and element.VR == "SQ" and element.tag is not at.CONTENT:
            for item in element.value or ():
                if not isinstance(item, CodedConcept | CodedItem):
                    item.__class__ = CodedConcept if at.CODE_MEANING in item else CodedItem
        return element


class ContentItem(CodedItem):
    """A content item: a value with a name, and its relationship with its parent (PS3.3 C.17.3).

    Made by the constructors of its subclasses, one for each value type.
    """

    def __init__(
        self,
        value_type: str | ValueTypeValues,
        name: ConceptLike,
        relationship_type: str | RelationshipTypeValues | None,
    ) -> None:
        """Make an item without a value.

        Parameters
        ----------
        value_type: str | ValueTypeValues
            Kind of value.
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        relationship_type: str | RelationshipTypeValues | None
            Relationship with the parent item; ``None`` for a root, or if a template is to fill it in.

        Raises
        ------
        TypeError
            If ``name`` is not a coded concept.
        ValueError
            If the value type or relationship is not one of the standard.
        """
        kind = value_type if type(value_type) is ValueTypeValues else ValueTypeValues(value_type)
        elements: encoded.Elements = {}
        if relationship_type is not None:
            relation = RelationshipTypeValues(relationship_type)
            elements[at.RELATIONSHIP_TYPE] = encoded.term(at.RELATIONSHIP_TYPE, relation.value)
        elements[at.VALUE_TYPE] = encoded.term(at.VALUE_TYPE, kind.value)
        elements[at.CONCEPT_NAME] = concept_element(at.CONCEPT_NAME, name, "name")
        fill(self, elements)

    def __getattr__(self, name: str) -> Any:
        if name == "_dict":
            return _open(self)
        return super().__getattr__(name)

    def __getstate__(self) -> dict[str, Any]:
        elements_of(self)
        return {name: value for name, value in self.__dict__.items() if name not in _LOOKING}

    @property
    def name(self) -> CodedConcept:
        """CodedConcept: concept name."""
        return concept_at(self, at.CONCEPT_NAME)

    @property
    def value_type(self) -> ValueTypeValues:
        """ValueTypeValues: kind of value."""
        return ValueTypeValues(value_type_of(self))

    @property
    def relationship_type(self) -> RelationshipTypeValues | None:
        """RelationshipTypeValues | None: relationship with the parent; ``None`` for a root."""
        relationship = relationship_of(self)
        return RelationshipTypeValues(relationship) if relationship else None

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a content item.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the item itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it has no value type, or another than this class.
        """
        from hdcore.content.tree import duplicate

        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A content item is read from a Dataset, not from {type(dataset).__name__}.")
        kind = value_type_of(dataset)
        home = CLASSES.get(kind)
        if home is None:
            raise InputError(f"The content item has Value Type {kind!r}; expected one of {', '.join(CLASSES)}.")
        if not (issubclass(cls, home) or issubclass(home, cls)):
            raise InputError(f"The content item has Value Type {kind}, which {cls.__name__} cannot hold.")
        item = duplicate(dataset) if copy else dataset
        item.__class__ = cls if issubclass(cls, home) else home
        return item  # type: ignore[return-value]


_LOOKING = frozenset({"_view", "_home", "_glimpse"})


def _open(item: ContentItem) -> encoded.Elements:
    """Let somebody have the elements of an item who may change them: what it was cut out of then keeps it."""
    state = item.__dict__
    view: encoded.Elements | None = state.get("_view")
    if view is None:
        raise AttributeError(f"The {type(item).__name__} has no elements: its constructor did not run.")
    home = state.get("_home")
    if home is not None:
        home.attach()
    state["_dict"] = view  # in this order, so that another thread always finds one of the two
    state.pop("_home", None)
    return view


CLASSES: dict[str, type[ContentItem]] = {}
"""The class of each value type."""
CLASSES_BY_BYTES: dict[bytes | None, type[ContentItem]] = {}
T = TypeVar("T", bound=ContentItem)


def holds(value_type: ValueTypeValues) -> Callable[[type[T]], type[T]]:
    """Decorate the class that holds items of a value type."""

    def register(cls: type[T]) -> type[T]:
        CLASSES[value_type.value] = cls
        CLASSES_BY_BYTES[encoded.term(at.VALUE_TYPE, value_type.value).value] = cls
        return cls

    return register


def value_type_of(item: Dataset) -> str:
    """Read Value Type; empty if there is none."""
    return encoded.text_of(item, at.VALUE_TYPE)


def relationship_of(item: Dataset) -> str:
    """Read Relationship Type; empty if there is none."""
    return encoded.text_of(item, at.RELATIONSHIP_TYPE)


def name_key(item: Dataset) -> tuple[str, str] | None:
    """Read what identifies the concept name (see :func:`concept_key`); ``None`` if there is none."""
    concept = encoded.concept_of(item, at.CONCEPT_NAME)
    return None if concept is None else key_of(concept.scheme_designator, concept.value)


def concept_at(item: Dataset, tag: BaseTag) -> CodedConcept:
    """Read the concept of a code sequence.

    Raises
    ------
    IncompleteItemError
        If there is none.
    """
    element: Any = encoded.view_of(item).get(tag)
    if element is not None and not element.is_raw and (items := parsed_items(element)):
        only: Any = items[0]
        if not isinstance(only, CodedConcept):
            only.__class__ = CodedConcept
        return only  # type: ignore[no-any-return]
    concept = encoded.concept_of(item, tag)
    if concept is None:
        from pydicom.datadict import keyword_for_tag

        raise IncompleteItemError(f"The content item {describe(item)} has no {keyword_for_tag(tag)}.")
    return concept_from_texts(*concept)


def describe(item: Dataset) -> str:
    """Name an item in a message."""
    concept = encoded.concept_of(item, at.CONCEPT_NAME)
    return f"{value_type_of(item) or 'of no value type'} {concept.meaning if concept else ''!r}".strip()


def required_text(item: ContentItem, tag: BaseTag) -> str:
    """Read a text that must be there, though it may be empty."""
    text = encoded.text_of(item, tag)
    if not text and tag not in encoded.view_of(item):
        from pydicom.datadict import keyword_for_tag

        raise IncompleteItemError(f"The content item {describe(item)} has no {keyword_for_tag(tag)}.")
    return text
