"""Sequences and trees of content items (PS3.3 C.17.3).

Nothing is copied and nothing is parsed before somebody looks at it: a sequence that was read holds its encoded bytes,
and one look makes the items of that level only.
"""

from __future__ import annotations

from copy import copy as shallow_copy
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as DataElementSequence

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.code import concept_key
from hdcore.content.cutting import items_in
from hdcore.content.errors import IncompleteItemError, RelationshipError
from hdcore.content.item import (
    CLASSES,
    CLASSES_BY_BYTES,
    ContentItem,
    describe,
    name_key,
    relationship_of,
    value_type_of,
)
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import (
    DeferredSequence,
    character_set_of,
    current_character_set,
    elements_of,
    fill,
    with_elements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydicom.dataelem import RawDataElement

    from hdcore.content.code import ConceptLike
    from hdcore.content.enums import RelationshipTypeValues

__all__ = ["ContentSequence", "children_of", "duplicate"]


class ContentSequence(DeferredSequence):
    """A sequence of content items, or a tree: a sequence of its one root (PS3.3 C.17.3).

    Items are found by name with :meth:`find`; those of deeper levels through ``item.ContentSequence``.
    """

    encoded_value: Any = None
    _source: Any = ()
    _parent: Any = None
    _is_root = False
    _is_sr = True

    def __init__(
        self,
        items: Sequence[ContentItem] | ContentSequence | None = None,
        is_root: bool = False,
        is_sr: bool = True,
    ) -> None:
        """Make a sequence.

        Parameters
        ----------
        items: Sequence[ContentItem] | ContentSequence | None, optional
            The items.
        is_root: bool, optional
            Whether the items are roots of trees, which have no relationship.
        is_sr: bool, optional
            Whether the items are for a report; those of an acquisition, protocol or workflow context have no
            relationship.

        Raises
        ------
        TypeError
            If one is not a content item.
        ValueError
            If a relationship is missing, or one is there where none may be.
        """
        self._is_root = is_root
        self._is_sr = is_sr
        self._items = [self._checked(item) for item in items or ()]

    @classmethod
    def of(cls, items: Iterable[Dataset], is_root: bool = False, is_sr: bool = True) -> Self:
        """Make a sequence of items that are known to be right."""
        made = cls.__new__(cls)
        made._is_root = is_root
        made._is_sr = is_sr
        made._items = list(items)
        return made

    @classmethod
    def _later(cls, source: Any) -> Self:
        made = cls.__new__(cls)
        made.is_deferred = True
        made._source = source
        return made

    @classmethod
    def from_encoded(cls, element: RawDataElement, character_set: str | list[str]) -> Self:
        """Make a sequence from an encoded one; its items are made when somebody looks."""
        made = cls._later(None)
        made.encoded_value = (element, character_set)
        return made

    def _make_items(self) -> list[Dataset]:
        if self.encoded_value is None:
            return [typed(item) for item in self._source]
        return list(items_of_encoded(*self.encoded_value))

    def attach(self) -> None:
        """Become what is below the item that the sequence was looked at in, unless that has got another since."""
        parent, self._parent = self._parent, None
        if parent is not None:
            elements = elements_of(parent)
            if elements.get(at.CONTENT) is self.encoded_value[0]:
                elements[at.CONTENT] = DataElement(at.CONTENT, "SQ", self, already_converted=True)

    @classmethod
    def from_sequence(
        cls, sequence: Sequence[Dataset], is_root: bool = False, is_sr: bool = True, copy: bool = True
    ) -> Self:
        """Take a sequence of datasets as content items.

        Parameters
        ----------
        sequence: Sequence[pydicom.dataset.Dataset]
            The datasets.
        is_root: bool, optional
            Whether they are roots of trees.
        is_sr: bool, optional
            Whether they are of a report.
        copy: bool, optional
            Whether to leave the datasets as they are; otherwise they become the items themselves.

        Raises
        ------
        TypeError
            If one is not a dataset.
        ValueError
            If one has no value type of the standard.
        """
        items = []
        for dataset in datasets_of(sequence):
            if not isinstance(dataset, ContentItem) and value_type_of(dataset) not in CLASSES:
                kind = value_type_of(dataset) or "none"
                raise IncompleteItemError(f"A content item has Value Type {kind!r}; expected {', '.join(CLASSES)}.")
            items.append(typed(duplicate(dataset) if copy else dataset))
        return cls.of(items, is_root=is_root, is_sr=is_sr)

    @property
    def is_root(self) -> bool:
        """bool: whether the items are roots of trees."""
        return self._is_root

    @property
    def is_sr(self) -> bool:
        """bool: whether the items are for a report."""
        return self._is_sr

    def _checked(self, item: Any) -> ContentItem:
        if not isinstance(item, ContentItem):
            raise InputTypeError(
                f"Items of a {type(self).__name__} are content items, not {type(item).__name__}; "
                "use ContentSequence.from_sequence for datasets."
            )
        has_relationship = at.RELATIONSHIP_TYPE in elements_of(item)
        if self._is_sr and not self._is_root and not has_relationship:
            raise RelationshipError(
                f"The content item {describe(item)} has no relationship_type; within a tree it must have one."
            )
        if has_relationship and (self._is_root or not self._is_sr):
            place = "at the root of a tree" if self._is_root else "of an acquisition, protocol or workflow context"
            raise RelationshipError(
                f"The content item {describe(item)} has relationship_type {relationship_of(item)!r}; "
                f"{place} it has none."
            )
        return item

    def append(self, val: ContentItem) -> None:  # type: ignore[override]
        """Add an item at the end.

        Parameters
        ----------
        val: ContentItem
            The item.
        """
        self._list.append(self._checked(val))

    def extend(self, val: Iterable[ContentItem]) -> None:  # type: ignore[override]
        """Add items at the end.

        Parameters
        ----------
        val: Iterable[ContentItem]
            The items.
        """
        self._list.extend([self._checked(item) for item in val])

    def insert(self, position: int, val: ContentItem) -> None:  # type: ignore[override]
        """Put an item before another.

        Parameters
        ----------
        position: int
            Index of the other, counted from zero.
        val: ContentItem
            The item.
        """
        self._list.insert(position, self._checked(val))

    def __setitem__(self, index: Any, val: Any) -> None:
        if isinstance(index, slice):
            self._list[index] = [self._checked(item) for item in val]
        else:
            self._list[index] = self._checked(val)

    def __iadd__(self, other: Iterable[Any]) -> Self:
        self.extend(other)
        return self

    def index(self, val: ContentItem) -> int:  # type: ignore[override]
        """Tell where an item is.

        Parameters
        ----------
        val: ContentItem
            The item.

        Returns
        -------
        int
            Index, counted from zero.

        Raises
        ------
        TypeError
            If ``val`` is not a content item.
        ValueError
            If it is not in the sequence.
        """
        if not isinstance(val, ContentItem):
            raise InputTypeError(f"Expected a content item, not {type(val).__name__}.")
        for place, item in enumerate(self._list):
            if item is val or item == val:
                return place
        raise InputError(f"The content item {describe(val)} is not in the sequence.")

    def find(self, name: ConceptLike) -> ContentSequence:
        """Find the items of a name at this level.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name; versions of coding schemes and generations of SNOMED make no difference.

        Returns
        -------
        ContentSequence
            The items, which are not copied.
        """
        key = concept_key(name)
        return ContentSequence.of(
            [item for item in self._list if name_key(item) == key], is_root=self._is_root, is_sr=self._is_sr
        )

    def get_nodes(self) -> ContentSequence:
        """Find the items that have items below them.

        Returns
        -------
        ContentSequence
            The items, which are not copied.
        """
        return ContentSequence.of(
            [item for item in self._list if at.CONTENT in elements_of(item)], is_root=self._is_root, is_sr=self._is_sr
        )


def datasets_of(sequence: Any) -> list[Dataset]:
    """Check that something is a sequence of datasets."""
    if isinstance(sequence, ContentSequence):
        return list(sequence)
    if isinstance(sequence, Dataset | str | type) or not hasattr(sequence, "__iter__"):
        raise InputTypeError(f"Expected a sequence of datasets, not {type(sequence).__name__}.")
    datasets = list(sequence)
    for dataset in datasets:
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"Expected a sequence of datasets; one of it is a {type(dataset).__name__}.")
    return datasets


def typed(item: Dataset) -> ContentItem:
    """Make a dataset the content item that its value type says."""
    if not isinstance(item, ContentItem):
        item.__class__ = CLASSES.get(value_type_of(item), ContentItem)
    return item  # type: ignore[return-value]


def items_of_encoded(element: RawDataElement, character_set: str | list[str]) -> Iterator[ContentItem]:
    """Make the items of an encoded Content Sequence."""
    is_implicit = bool(element.is_implicit_VR)
    for elements in items_in(element, character_set):
        yield _item_of(elements, is_implicit, character_set)


def _item_of(elements: Any, is_implicit: bool, character_set: str | list[str]) -> ContentItem:
    kind = elements.get(at.VALUE_TYPE)
    cls = CLASSES_BY_BYTES.get(kind and kind.value)
    if cls is None:
        cls = CLASSES.get(encoded.decode_text(kind and kind.value, "latin_1"), ContentItem)
    item = cls.__new__(cls)
    fill(item, elements, is_implicit_vr=is_implicit, character_set=character_set)
    if at.SPECIFIC_CHARACTER_SET in elements:
        fill(item, elements, is_implicit_vr=is_implicit, character_set=current_character_set(item))
    return item


def children_of(item: Dataset) -> ContentSequence:
    """Give the items below an item, which become content items if they are not yet; none is an empty sequence."""
    elements = elements_of(item)
    element = elements.get(at.CONTENT)
    if element is None:
        return ContentSequence.of(())
    value = element.value
    if isinstance(value, ContentSequence):
        return value
    with looking:
        sequence = glimpse_of(item, element)
        if sequence is None and element.is_raw:
            sequence = ContentSequence.from_encoded(element, character_set_of(item))
        elif sequence is None:
            sequence = ContentSequence._later(value or ())
        elements[at.CONTENT] = DataElement(at.CONTENT, "SQ", sequence, already_converted=True)
    return sequence


looking = RLock()
"""Held while a sequence is made of an encoded one, so that there is only one of it."""


def glimpse_of(item: Dataset, element: Any) -> ContentSequence | None:
    """Give the sequence, made of the encoded one below an item, of which somebody still holds an item."""
    reference = item.__dict__.get("_glimpse")
    sequence: ContentSequence | None = None if reference is None else reference()
    is_its = sequence is not None and sequence._parent is item and sequence.encoded_value[0] is element
    return sequence if is_its else None


def set_children(item: Dataset, items: Iterable[ContentItem]) -> None:
    """Put items, known to be right, below an item; an item without any has no Content Sequence."""
    below = items if isinstance(items, ContentSequence) else list(items)
    if not below:
        elements_of(item).pop(at.CONTENT, None)
        return
    sequence = below if isinstance(below, ContentSequence) else ContentSequence.of(below)
    elements_of(item)[at.CONTENT] = DataElement(at.CONTENT, "SQ", sequence, already_converted=True)


def duplicate(item: Dataset) -> Any:
    """Copy a dataset with all that is in it; encoded elements, which cannot change, are shared."""
    elements = dict(elements_of(item))
    for tag, element in elements.items():
        if element.is_raw:
            continue
        if element.VR == "SQ":
            elements[tag] = DataElement(tag, "SQ", _duplicate_sequence(element.value), already_converted=True)
        else:
            elements[tag] = shallow_copy(element)
    return with_elements(item, elements)


def _duplicate_sequence(sequence: Any) -> Any:
    if not isinstance(sequence, ContentSequence):
        return DataElementSequence(duplicate(item) for item in sequence or ())
    made = shallow_copy(sequence)
    if not sequence.is_deferred or sequence.encoded_value is None:
        made._items = [duplicate(item) for item in sequence]
        made.is_deferred = False
    return made


def with_relationship(item: ContentItem, relationship: RelationshipTypeValues) -> ContentItem:
    """Give an item with a relationship: itself if it has that one, else a copy of this level."""
    elements = elements_of(item)
    wanted = encoded.term(at.RELATIONSHIP_TYPE, relationship.value)
    if (present := elements.get(at.RELATIONSHIP_TYPE)) is not None and present.value in (
        wanted.value,
        relationship.value,
    ):
        return item
    return with_elements(item, {**elements, at.RELATIONSHIP_TYPE: wanted})
