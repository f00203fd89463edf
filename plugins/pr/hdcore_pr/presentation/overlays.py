"""Overlay planes: bits in groups 6000 to 601E (PS3.3 C.9.2)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import HdcoreWarning
from pydicom.tag import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["activated_groups", "overlay_mask"]

_GROUPS = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FIRST_FRAME = 0x0010, 0x0011, 0x0015, 0x0050, 0x0051
_BITS, _DATA, _LAYER = 0x0100, 0x3000, 0x1001


def activated_groups(state: Dataset) -> Iterator[tuple[int, str]]:
    """Give the overlay groups that a state activates, and on which layer each is shown (PS3.3 C.11.7)."""
    for group in _GROUPS:
        layer = _value(state, group, _LAYER)
        if layer:
            yield group, str(layer)


def overlay_mask(
    group: int, shape: tuple[int, int], frame_number: int, *datasets: Dataset
) -> npt.NDArray[np.bool_] | None:
    """Get where an overlay is set.

    Parameters
    ----------
    group: int
        Its group number.
    shape: tuple[int, int]
        Rows and columns of the image.
    frame_number: int
        Frame of the image, counted from one.
    *datasets: pydicom.dataset.Dataset
        Where the overlay may be; the first that has it counts.

    Returns
    -------
    numpy.ndarray | None
        Shape (rows, columns) of the image; None if there is no such overlay for the frame.
    """
    owner = next((dataset for dataset in datasets if Tag(group, _DATA) in dataset), None)
    if owner is None:
        warnings.warn(f"Overlay {group:04X} is activated, but it has no data.", HdcoreWarning, stacklevel=2)
        return None
    rows, columns = int(_value(owner, group, _ROWS, shape[0])), int(_value(owner, group, _COLUMNS, shape[1]))
    index = _plane_index(owner, group, frame_number)
    if index is None:
        return None
    bits = np.frombuffer(owner[group, _DATA].value, np.uint8)
    first = index * rows * columns
    if rows < 1 or columns < 1 or bits.size * 8 < first + rows * columns or int(_value(owner, group, _BITS, 1)) != 1:
        warnings.warn(f"Overlay {group:04X} is damaged; it is not shown.", HdcoreWarning, stacklevel=2)
        return None
    run = np.unpackbits(bits[first // 8 : (first + rows * columns + 7) // 8], bitorder="little")
    plane = run[first % 8 :][: rows * columns].reshape(rows, columns)
    return _placed(plane.astype(bool), _value(owner, group, _ORIGIN, (1, 1)), shape)


def _plane_index(owner: Dataset, group: int, frame_number: int) -> int | None:
    count = _value(owner, group, _FRAMES)
    if count is None:
        return 0
    index = frame_number - int(_value(owner, group, _FIRST_FRAME, 1))
    return index if 0 <= index < int(count) else None


def _placed(plane: npt.NDArray[np.bool_], origin: Any, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Lay a plane over an image: the origin is the row and column of its first bit, counted from one."""
    mask = np.zeros(shape, bool)
    top, left = (int(number) - 1 for number in origin)
    rows, columns = plane.shape
    seen = plane[max(0, -top) : max(0, shape[0] - top), max(0, -left) : max(0, shape[1] - left)]
    mask[max(0, top) : top + rows, max(0, left) : left + columns] = seen
    return mask


def _value(dataset: Dataset, group: int, element: int, default: Any = None) -> Any:
    tag = Tag(group, element)
    value = dataset[tag].value if tag in dataset else None
    return default if value is None or value == "" else value
