"""How the items of a content tree stand to one another, compared with the table of the SOP class (PS3.3 A.35)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hdcore.content import attributes as at
from hdcore.content import children_of, relationship_of, value_type_of
from hdcore.content.encoded import view_of
from hdcore.content.search import skim_all

from hdcore_sr.references import numbers_of
from hdcore_sr.relationships import Table, is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.content import ContentItem
    from pydicom.dataset import Dataset

__all__ = ["Place", "misplaced", "places_of", "target_of"]


class Place(NamedTuple):
    """Where an item is in a tree."""

    indices: tuple[int, ...]
    """Index in each Content Sequence from the root's on, counted from zero."""
    source: str
    """Value type of the parent."""
    item: ContentItem
    """The item."""

    @property
    def path(self) -> str:
        """str: path of the item, for findings."""
        return "/".join(f"ContentSequence[{index}]" for index in self.indices)

    @property
    def is_by_reference(self) -> bool:
        """Whether the item stands for another, which it refers to."""
        return at.REFERENCED_CONTENT_ITEM in view_of(self.item)


def places_of(root: Dataset) -> Iterator[Place]:
    """Go through a tree, parents before children.

    Parameters
    ----------
    root: pydicom.dataset.Dataset
        The root item, or the document.
    """
    indices: list[int] = []
    kinds = [value_type_of(root)]
    for level, item in skim_all(root):
        del indices[level + 1 :], kinds[level + 1 :]
        if level == len(indices):
            indices.append(-1)
        indices[level] += 1
        yield Place(tuple(indices), kinds[level], item)
        kinds.append(value_type_of(item))


def target_of(root: Dataset, item: ContentItem) -> tuple[tuple[int, ...], str | None]:
    """Follow the reference of an item to another (PS3.3 C.17.3.2.5).

    Returns
    -------
    tuple[tuple[int, ...], str | None]
        Indices of the other, counted from zero, and its value type; ``None`` if there is no such item.
    """
    numbers = numbers_of(item)
    indices = tuple(number - 1 for number in numbers[1:])
    found = root
    for index in indices:
        children = children_of(found)
        if not 0 <= index < len(children):
            return indices, None
        found = children[index]
    return indices, value_type_of(found) if numbers[:1] == [1] else None


def misplaced(root: Dataset, table: Table) -> Iterator[tuple[Place, str]]:
    """Find the items that the table of a SOP class does not allow where they are.

    Parameters
    ----------
    root: pydicom.dataset.Dataset
        The root item, or the document.
    table: Table
        Of the SOP class.

    Yields
    ------
    tuple[Place, str]
        Where, and what the table does not allow.
    """
    for place in places_of(root):
        relationship, target = relationship_of(place.item), value_type_of(place.item)
        if place.is_by_reference:
            yield from ((place, message) for message in _misreferred(root, place, relationship, table))
        elif target not in table.value_types:
            yield place, f"content items with {target or 'no'} value type"
        elif not is_allowed(table, place.source, relationship, target):
            yield place, f"{relationship!r} from {place.source} to {target}"


def _misreferred(root: Dataset, place: Place, relationship: str, table: Table) -> Iterator[str]:
    indices, target = target_of(root, place.item)
    if table.by_reference is not None and relationship not in table.by_reference:
        yield f"{relationship!r} by reference"
    elif target is None:
        yield f"{relationship!r} by reference to an item that does not exist"
    elif indices == place.indices[: len(indices)]:
        yield f"{relationship!r} by reference to an ancestor"
    elif not is_allowed(table, place.source, relationship, target):
        yield f"{relationship!r} by reference from {place.source} to {target}"
