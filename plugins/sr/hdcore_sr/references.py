"""References from one content item to another by its place in the tree (PS3.3 C.17.3.2.5)."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, Any

from hdcore.content import ContentItem, RelationshipTypeValues, children_of, encoded
from hdcore.content import attributes as at
from hdcore.errors import InputError
from hdcore.model.element import elements_of, fill
from hdcore.model.encode import raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydicom.dataset import Dataset

    Chain = tuple[Dataset, list[Dataset]]
    """A reference, and the items on the way from the root's children to what it refers to."""

__all__ = ["chains_of", "items_on_the_way", "numbers_of", "reference_to", "refers", "write_again"]


def refers(item: Dataset) -> bool:
    """Tell whether an item stands for another, which it refers to."""
    return at.REFERENCED_CONTENT_ITEM in elements_of(item)


def reference_to(places: Sequence[int], relationship: RelationshipTypeValues) -> ContentItem:
    """Make a reference.

    Parameters
    ----------
    places: Sequence[int]
        Index in each Content Sequence from the root's on, counted from zero.
    relationship: RelationshipTypeValues
        Relationship of the parent with the item that is referred to.
    """
    item = ContentItem.__new__(ContentItem)
    relation = encoded.term(at.RELATIONSHIP_TYPE, relationship.value)
    fill(item, {at.RELATIONSHIP_TYPE: relation, at.REFERENCED_CONTENT_ITEM: _identifier(places)})
    return item


def _identifier(places: Sequence[int]) -> Any:
    numbers = [1, *(place + 1 for place in places)]
    return raw(at.REFERENCED_CONTENT_ITEM, "UL", pack(f"<{len(numbers)}I", *numbers))


def numbers_of(reference: Dataset) -> list[int]:
    """Read the place that a reference names: 1 for the root, then numbers counted from one; empty if it names none."""
    value = reference[at.REFERENCED_CONTENT_ITEM].value
    several = value if hasattr(value, "__iter__") else [value]
    return [int(number) for number in several if number is not None]


def items_on_the_way(root: Dataset, reference: Dataset) -> list[Dataset]:
    """Follow a reference.

    Parameters
    ----------
    root: pydicom.dataset.Dataset
        The root of the tree.
    reference: pydicom.dataset.Dataset
        The item that refers.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        The items from the root's child to the one referred to; empty if there is no such item.
    """
    numbers = numbers_of(reference)
    if numbers[:1] != [1]:
        return []
    way: list[Dataset] = []
    found: Any = root
    for number in numbers[1:]:
        children = children_of(found)
        if not 0 < number <= len(children):
            return []
        found = children[number - 1]
        way.append(found)
    return way


def chains_of(root: Dataset, items: Iterable[Dataset]) -> list[Chain]:
    """Follow the references right below some items, of a tree that is about to change."""
    return [
        (child, way)
        for item in items
        for child in children_of(item)
        if refers(child) and (way := items_on_the_way(root, child))
    ]


def write_again(root: Dataset, chains: Iterable[Chain]) -> None:
    """Write references again, in a tree that has changed since they were followed.

    Raises
    ------
    ValueError
        If what one refers to is gone.
    """
    written = []
    for reference, way in chains:
        places: list[int] = []
        parent: Any = root
        for item in way:
            place = next((index for index, child in enumerate(children_of(parent)) if child is item), None)
            if place is None:
                raise InputError(
                    "What derived_imaging_measurements refer to would be gone; set these to None before, and anew "
                    "after."
                )
            places.append(place)
            parent = item
        written.append((reference, _identifier(places)))
    for reference, identifier in written:
        elements_of(reference)[at.REFERENCED_CONTENT_ITEM] = identifier
