"""Choosing one of several windows, tables or real-world value maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hdcore.errors import HdcoreError, InputError, InputTypeError
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MissingTransformError", "SelectorError", "choose"]


class SelectorError(InputError, IndexError):
    """A selector selects nothing."""


class MissingTransformError(HdcoreError, RuntimeError):
    """A transform is required that the image does not have."""


def choose(selector: int | str, labels: Sequence[str], name: str) -> int:
    """Find what a selector selects.

    Parameters
    ----------
    selector: int | str
        Zero-based index, negative from the end, or a label.
    labels: Sequence[str]
        Label of each candidate.
    name: str
        What the selector is called, for the message.

    Returns
    -------
    int
        Zero-based index.

    Raises
    ------
    IndexError
        If there is no such candidate; the message lists them.
    TypeError
        If the selector is of another type.
    """
    if isinstance(selector, str):
        if selector in labels:
            return labels.index(selector)
        raise SelectorError(f"{name} is {selector!r}; there are {list(labels)}.")
    if isinstance(selector, bool) or not isinstance(selector, int | np.integer):
        raise InputTypeError(f"{name} is {short(selector)}; expected an index or a label.")
    if not -len(labels) <= selector < len(labels):
        raise SelectorError(f"{name} is {selector}; there are {len(labels)} to choose from.")
    return int(selector) % len(labels)
