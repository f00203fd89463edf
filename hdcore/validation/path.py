"""Places in a dataset, found by path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["Place", "places"]


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute, there or not, in an item that is there."""

    path: str
    """With the number of each item, from zero."""
    present: bool
    value: Any
    """As pydicom gives it; None where absent."""
    scopes: tuple[Dataset, ...]
    """The item that holds or would hold the attribute, then the items around it up to the whole dataset."""

    @property
    def has_value(self) -> bool:
        """bool: Whether the attribute is there and not empty."""
        if not self.present or self.value is None:
            return False
        return len(self.value) > 0 if hasattr(self.value, "__len__") else True


def places(dataset: Dataset, path: str) -> Iterator[Place]:
    """Find the places that a path without item numbers means.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to look.
    path: str
        Keywords separated by ``/``; all but the last are sequences, of which every item is meant.

    Yields
    ------
    Place
        One for each item that could hold the last attribute.
    """
    yield from _descend(dataset, path.split("/"), "", ())


def _descend(dataset: Dataset, steps: list[str], prefix: str, around: tuple[Dataset, ...]) -> Iterator[Place]:
    keyword, rest = steps[0], steps[1:]
    scopes = (dataset, *around)
    element = dataset[keyword] if keyword in dataset else None  # noqa: SIM401 - get() would give the value
    if not rest:
        yield Place(prefix + keyword, element is not None, None if element is None else element.value, scopes)
    elif element is not None and element.VR == "SQ":
        for number, item in enumerate(element.value):
            yield from _descend(item, rest, f"{prefix}{keyword}[{number}]/", scopes)
