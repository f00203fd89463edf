"""From stored values to gray levels: modality, VOI and presentation transforms (PS3.4 N.2.1).

A state has all of them or lacks them; whatever the image itself says is not used (PS3.4 N.2). Where the state has
none of a kind, values pass as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch
from hdcore.pixels.parameters import Rescale, Table, Window
from hdcore.pixels.selector import SelectorError, choose
from hdcore.pixels.steps import Affine, Cast, Lookup, Step, fuse, run, spread, window_step

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["BoundedSteps", "apply_steps", "gray_steps", "modality_steps", "tabled_bits", "with_interest"]

_TABULATED_BITS = 16
_BLACK_TO_WHITE = 255.0


@dataclass(frozen=True, slots=True)
class BoundedSteps:
    """Steps, and between which values their results lie."""

    steps: tuple[Step, ...]
    low: float
    high: float
    is_of_interest: bool = False
    """Whether a VOI transform is among them."""
    is_continuous: bool = False
    """Whether results are any numbers in the range, as of a window, or integers."""

    def scaled(self, low: float, high: float) -> tuple[Step, ...]:
        """Give the steps with their results mapped to another range."""
        slope = (high - low) / (self.high - self.low) if self.high > self.low else 0.0
        return (*self.steps, Affine(slope, low - slope * self.low))

    def indices(self, first: int, count: int) -> tuple[Step, ...]:
        """Give the steps with their results spread over the entries of a table.

        As many integers fall upon each entry; a window reaches the last entry at its end. So does DCMTK.
        """
        return (*self.steps, spread(self.low, self.high, first, count, is_continuous=self.is_continuous))


def modality_steps(modality: Dataset, limits: tuple[float, float]) -> BoundedSteps:
    """Take the modality transform.

    Parameters
    ----------
    modality: pydicom.dataset.Dataset
        What has the attributes of a Modality LUT module.
    limits: tuple[float, float]
        Lowest and highest stored value that there may be.
    """
    tables = fetch(modality, "ModalityLUTSequence", ())
    if len(tables):
        table = Table.of(tables[0])
        return BoundedSteps((Lookup(table.first, table.entries),), 0.0, float(2 ** tabled_bits(tables[0]) - 1))
    if fetch(modality, "RescaleSlope") is None:
        return BoundedSteps((), *limits)
    rescale = Rescale(float(modality.RescaleSlope), float(fetch(modality, "RescaleIntercept", 0.0)))
    low, high = sorted(rescale.slope * value + rescale.intercept for value in limits)
    return BoundedSteps((Affine(rescale.slope, rescale.intercept),), low, high)


def with_interest(values: BoundedSteps, voi: Dataset | None, selector: int | str) -> BoundedSteps:
    """Add a VOI transform.

    Parameters
    ----------
    values: BoundedSteps
        Modality values, or what mask subtraction makes of them.
    voi: pydicom.dataset.Dataset | None
        Item of a Softcopy VOI LUT Sequence.
    selector: int | str
        Which window or table of interest.
    """
    if voi is None:
        return values
    windows, tables = Window.all_of(voi), list(fetch(voi, "VOILUTSequence", ()))
    if not windows and not tables:
        return values
    window_labels = [window.label for window in windows]
    table_labels = [str(fetch(table, "LUTExplanation", "")) for table in tables]
    try:
        index = choose(selector, window_labels + table_labels, "voi_transform_selector")
    except SelectorError as error:
        raise SelectorError(f"{error} These are the state's, for this frame.") from None
    if index >= len(windows):
        item = tables[index - len(windows)]
        table = Table.of(item)
        steps = (*values.steps, Lookup(table.first, table.entries))
        return BoundedSteps(steps, 0.0, 2.0 ** tabled_bits(item) - 1.0, is_of_interest=True)
    window = windows[index]
    width = max(window.width, 1.0) if window.function == "LINEAR" else window.width
    steps = (*values.steps, window_step(window.center, width, window.function, (0.0, 1.0)))
    return BoundedSteps(steps, 0.0, 1.0, is_of_interest=True, is_continuous=True)


def gray_steps(state: Dataset, values: BoundedSteps) -> tuple[Step, ...]:
    """Add the presentation transform: the results are P-values from 0 (black) to 255 (white), PS3.3 C.11.6."""
    tables = fetch(state, "PresentationLUTSequence", ())
    if len(tables):
        table = Table.of(tables[0])
        scale = _BLACK_TO_WHITE / (2 ** tabled_bits(tables[0]) - 1)
        return (*values.indices(table.first, len(table.entries)), Lookup(table.first, table.entries * scale))
    if fetch(state, "PresentationLUTShape") == "INVERSE":
        return values.scaled(_BLACK_TO_WHITE, 0.0)
    return values.scaled(0.0, _BLACK_TO_WHITE)


def apply_steps(steps: tuple[Step, ...], values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Apply steps whose results lie between 0 and 255.

    They are applied to every value that the type of narrow integers can hold, and pixels look theirs up, where that
    is less work than to compute each.
    """
    joined = fuse(steps) or (Cast(),)
    is_narrow = values.dtype.kind in "iu" and values.dtype.itemsize * 8 <= _TABULATED_BITS
    if not is_narrow or values.size < 1 << (8 * values.dtype.itemsize):
        return _rounded(run(joined, values, np.dtype(np.float64)))
    limits = np.iinfo(values.dtype)
    every = np.arange(limits.min, limits.max + 1, dtype=np.int32)
    table = _rounded(run(joined, every, np.dtype(np.float64)))
    return run((Lookup(int(limits.min), table),), values, np.dtype(np.uint8))


def _rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    return np.clip(np.rint(values), 0.0, _BLACK_TO_WHITE).astype(np.uint8)


def tabled_bits(item: Dataset) -> int:
    """Tell of how many bits the entries of a table are (PS3.3 C.11.1.1)."""
    descriptor = fetch(item, "LUTDescriptor")
    if descriptor is None or len(descriptor) != 3 or not 1 <= int(descriptor[2]) <= 16:
        raise UnreadableError(f"The LUT Descriptor of a table is {descriptor}; expected entries, first value and bits.")
    return int(descriptor[2])
