"""Values of datasets that may be damaged: what cannot be read is taken as absent, with a warning that names it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset

from hdcore.errors import HdcoreWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["items_of", "value_of"]


def value_of(dataset: Dataset, keyword: str, default: Any = None) -> Any:
    """Get the value of an attribute.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        What may have the attribute.
    keyword: str
        Keyword of the data dictionary.
    default: Any, optional
        What to give if the attribute is absent or empty, or cannot be read; this last with a warning.
    """
    try:
        value = dataset.get(keyword)
    except Exception as error:
        warnings.warn(
            f"{keyword} cannot be read and is taken as absent: {type(error).__name__}: {error}",
            HdcoreWarning,
            stacklevel=3,
        )
        return default
    return default if value is None or (isinstance(value, str) and not value) else value


def items_of(dataset: Dataset, keyword: str) -> Sequence[Dataset]:
    """Get the items of a sequence; none if it is absent or empty, or cannot be read."""
    value = value_of(dataset, keyword, ())
    try:
        items = list(value)
    except Exception:
        items = [value]
    if all(isinstance(item, Dataset) for item in items):
        return items
    warnings.warn(f"{keyword} is no sequence and is taken as absent.", HdcoreWarning, stacklevel=3)
    return ()
