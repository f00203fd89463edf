"""Mask subtraction: other frames taken off the one that is shown (PS3.3 C.7.6.10, C.11.13; PS3.4 N.2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame

    Floats = npt.NDArray[np.float64]

__all__ = ["Subtraction"]


@dataclass(frozen=True, slots=True)
class Subtraction:
    """Which frames are averaged, and which are averaged and taken off them."""

    contrast: tuple[int, ...]
    """Numbers of the frames that are shown, counted from one."""
    mask: tuple[int, ...]
    """Numbers of the frames that are taken off."""
    shift: tuple[float, float] = (0.0, 0.0)
    """Rows and columns by which the mask is moved down and to the right."""

    @classmethod
    def of(cls, state: Dataset, frame: SourceFrame) -> Self | None:
        """Take what a state says of a frame.

        Returns
        -------
        Subtraction | None
            None where nothing is subtracted: the state has no mask, or its operation does not reach the frame, whose
            mask or contrast frames the image does not have.

        Raises
        ------
        ValueError
            If the operation is not one of presentation states, or it lacks its frames.
        """
        masks = fetch(state, "MaskSubtractionSequence", ())
        if not len(masks):
            return None
        operation = str(fetch(masks[0], "MaskOperation", ""))
        if operation not in _OPERATIONS:
            raise UnreadableError(f"MaskOperation is {operation!r}; expected {' or '.join(_OPERATIONS)}.")
        contrast, mask = _OPERATIONS[operation](masks[0], frame.number)
        count = 1 if frame.is_matrix else frame.image.number_of_frames
        if not all(1 <= number <= count for number in (*contrast, *mask)):
            return None
        down, right = _numbers(masks[0], "MaskSubPixelShift", float) or (0.0, 0.0)
        return cls(tuple(contrast), tuple(mask), (down, right))

    def apply(self, values_of: Callable[[int], Floats]) -> Floats:
        """Subtract.

        Parameters
        ----------
        values_of: Callable[[int], numpy.ndarray]
            Gives the modality values of a frame by its number, shape (rows, columns).

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns); negative where the mask is brighter.
        """
        return _mean(values_of, self.contrast) - _shifted(_mean(values_of, self.mask), *self.shift)


def _average(item: Dataset, number: int) -> tuple[Sequence[int], Sequence[int]]:
    mask = _numbers(item, "MaskFrameNumbers", int)
    if not mask:
        raise UnreadableError("A mask operation AVG_SUB has no MaskFrameNumbers.")
    return range(number, number + max(1, int(fetch(item, "ContrastFrameAveraging", 1)))), mask


def _difference_in_time(item: Dataset, number: int) -> tuple[Sequence[int], Sequence[int]]:
    offset = fetch(item, "TIDOffset")
    return (number,), (number - (1 if offset is None else int(offset)),)


_OPERATIONS = {"AVG_SUB": _average, "TID": _difference_in_time}


def _numbers(item: Dataset, keyword: str, kind: Callable[[Any], Any]) -> tuple[Any, ...]:
    value = fetch(item, keyword)
    if value is None:
        return ()
    return tuple(map(kind, value)) if hasattr(value, "__iter__") and not isinstance(value, str) else (kind(value),)


def _mean(values_of: Callable[[int], Floats], numbers: Sequence[int]) -> Floats:
    total = values_of(numbers[0]).astype(np.float64)
    for number in numbers[1:]:
        total += values_of(number)
    total /= len(numbers)
    return total


def _shifted(values: Floats, down: float, right: float) -> Floats:
    """Move an image, and interpolate between its pixels; at the borders it goes on as it ends."""
    if not down and not right:
        return values
    rows, columns = (
        np.clip(np.arange(count) - shift, 0.0, count - 1.0)
        for count, shift in zip(values.shape, (down, right), strict=True)
    )
    above, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    below, beside = np.minimum(above + 1, len(rows) - 1), np.minimum(left + 1, len(columns) - 1)
    lower, further = (rows - above)[:, None], (columns - left)[None, :]
    moved = values[above] * (1.0 - lower) + values[below] * lower
    result: Floats = moved[:, left] * (1.0 - further) + moved[:, beside] * further
    return result
