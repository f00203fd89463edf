"""Looking at the items below an item without keeping them.

A report of 5,000 measurement groups has 80,000 content items. Python's search for unreachable cycles goes through all
objects that are kept, again and again while they become more, so that ten times as many items would cost more than ten
times as much. Bytes cost that search nothing. So what is below an item stays encoded while it is only looked at: the
items made for that are kept by whoever has got them, and by one another.

What is changed in such an item is changed in the tree all the same. An item is *unopened* until somebody takes its
elements, through pydicom or :func:`hdcore.model.element.elements_of`; then the items, all of one parent, take the place
of the bytes that they were made of.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import ref

from hdcore.content import attributes as at
from hdcore.content.encoded import view_of
from hdcore.content.item import ContentItem
from hdcore.content.tree import ContentSequence, children_of, glimpse_of, items_of_encoded, looking
from hdcore.model.element import UTF_8, character_set_of, elements_of
from hdcore.model.encode import encode_items, raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydicom.dataset import Dataset

__all__ = ["encode_children", "glance", "may_hold", "skim"]


def glance(item: Dataset) -> Sequence[ContentItem]:
    """Look at the items below an item.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        The item.

    Returns
    -------
    Sequence[ContentItem]
        The items; what is changed in one of them is changed below ``item``. The sequence is not the tree's own: to put
        items in or take them out, see :func:`hdcore.content.children_of`.
    """
    element: Any = view_of(item).get(at.CONTENT)
    if element is None:
        return ()
    if not (element.is_raw and isinstance(item, ContentItem)):
        return children_of(item)._list  # type: ignore[return-value]
    with looking:
        sequence = glimpse_of(item, element)
        if sequence is None:
            sequence = _unopened(item, element)
    return sequence._items  # type: ignore[return-value]


def skim(item: Dataset) -> Iterable[ContentItem]:
    """Read the items below an item, each for a moment: faster than :func:`glance`, but changes may be lost.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        The item.
    """
    element: Any = view_of(item).get(at.CONTENT)
    if element is None:
        return ()
    if element.is_raw and glimpse_of(item, element) is None:
        return items_of_encoded(element, character_set_of(item))
    return glance(item)


def may_hold(item: Dataset, uid: str) -> bool:
    """Tell whether a unique identifier may be somewhere below an item: not, if what is below is bytes without it."""
    element: Any = view_of(item).get(at.CONTENT)
    if element is None or not element.is_raw or glimpse_of(item, element) is not None:
        return element is not None
    return uid.encode() in (element.value or b"")


def _unopened(item: ContentItem, element: Any) -> ContentSequence:
    sequence = ContentSequence.of(items_of_encoded(element, character_set_of(item)))
    sequence.encoded_value = (element, character_set_of(item))
    sequence._parent = item
    for child in sequence._items:
        state = child.__dict__
        state["_home"] = sequence
        state["_view"] = state.pop("_dict")
    own = item.__dict__
    own["_glimpse"] = ref(sequence, partial(_forget, own))
    return sequence


def _forget(own: dict[str, Any], glimpse: Any) -> None:
    if own.get("_glimpse") is glimpse:
        del own["_glimpse"]


def encode_children(item: Dataset) -> None:
    """Hold what is below an item as bytes from now on; the items that were there are no longer those of the tree.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        An item that was made, not read.
    """
    elements = elements_of(item)
    element = elements.get(at.CONTENT)
    if element is not None and not element.is_raw:
        elements[at.CONTENT] = raw(at.CONTENT, "SQ", encode_items(element.value, UTF_8))
