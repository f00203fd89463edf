"""Finding items in trees, and reading the concepts of items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.content import attributes as at
from hdcore.content.bulk import collection_paused
from hdcore.content.code import concept_key
from hdcore.content.encoded import view_of
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.errors import IncompleteItemError
from hdcore.content.glance import glance, skim
from hdcore.content.item import concept_at, name_key, relationship_of, value_type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydicom.dataset import Dataset

    from hdcore.content.code import CodedConcept, ConceptLike
    from hdcore.content.item import ContentItem

__all__ = ["find_content_items", "get_coded_name", "get_coded_value", "skim_all", "walk"]


def walk(dataset: Dataset) -> Iterator[tuple[int, ContentItem]]:
    """Go through all items below an item or document, parents before children.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The item or document.

    Yields
    ------
    tuple[int, ContentItem]
        Level, 0 for those directly below, and the item. Items of other libraries become content items in place.
    """
    return _through(dataset, glance)


def skim_all(dataset: Dataset) -> Iterator[tuple[int, ContentItem]]:
    """Go through all items as :func:`walk` does, only to read them: changes of the items may be lost."""
    return _through(dataset, skim)


def _through(dataset: Dataset, below: Callable[[Dataset], Iterable[ContentItem]]) -> Iterator[tuple[int, ContentItem]]:
    stack = [iter(below(dataset))]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
            continue
        yield len(stack) - 1, item
        if at.CONTENT in view_of(item):
            stack.append(iter(below(item)))


@collection_paused()
def find_content_items(
    dataset: Dataset,
    name: ConceptLike | None = None,
    value_type: ValueTypeValues | str | None = None,
    relationship_type: RelationshipTypeValues | str | None = None,
    recursive: bool = False,
) -> list[Dataset]:
    """Find items below an item or document.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The item or document.
    name: pydicom.sr.coding.Code | CodedConcept | None, optional
        Concept name of the items.
    value_type: ValueTypeValues | str | None, optional
        Value type of the items.
    relationship_type: RelationshipTypeValues | str | None, optional
        Relationship of the items with their parent.
    recursive: bool, optional
        Whether to look at all levels, not only the first.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        Items that have all that is asked for, parents before children; they are not copied.

    Raises
    ------
    AttributeError
        If ``dataset`` has no Content Sequence.
    """
    if at.CONTENT not in view_of(dataset):
        raise IncompleteItemError("The dataset has no ContentSequence, so there are no items to look for.")
    key = None if name is None else concept_key(name)
    kind = None if value_type is None else ValueTypeValues(value_type).value
    relationship = None if relationship_type is None else RelationshipTypeValues(relationship_type).value
    items = (item for _, item in walk(dataset)) if recursive else iter(glance(dataset))
    return [
        item
        for item in items
        if (key is None or name_key(item) == key)
        and (kind is None or value_type_of(item) == kind)
        and (relationship is None or relationship_of(item) == relationship)
    ]


def get_coded_name(item: Dataset) -> CodedConcept:
    """Read the concept name of an item.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        The item.

    Raises
    ------
    AttributeError
        If it has none.
    """
    return concept_at(item, at.CONCEPT_NAME)


def get_coded_value(item: Dataset) -> CodedConcept:
    """Read the value of an item of value type CODE.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        The item.

    Raises
    ------
    AttributeError
        If it has none.
    """
    return concept_at(item, at.CONCEPT_CODE)
