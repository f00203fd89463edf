"""What is validated: a dataset as elements with bytes, and what surrounds it in a file."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from hdcore.validation.elements import Item, Problem

__all__ = ["Document"]


@dataclass
class Document:
    """A dataset to validate, with what surrounds it in a file."""

    root: Item
    meta: Item | None = None
    """File meta information; None where there is none."""
    problems: list[Problem] = field(default_factory=list)
    """What could not be read of the file as a whole."""
    transfer_syntax: str = ""
    is_file: bool = False
    """Whether it was read from a file or its bytes, which have a preamble and meta information."""
    has_preamble: bool = True
    name: str = ""
    content: memoryview | None = None
    """All bytes of the file; None for a dataset in memory."""
    view: Dataset | None = None
    """A dataset of the same elements, made of a file when rules first ask for it."""

    @property
    def dataset(self) -> Dataset | None:
        """pydicom.dataset.Dataset | None: The same for rules, in a view of its own.

        Looking at it does not change the source. None where pydicom cannot read the file.
        """
        if self.view is None and self.content is not None:
            self.view = _read_by_pydicom(self.content)
        return self.view


def _read_by_pydicom(content: memoryview) -> Dataset | None:
    from io import BytesIO

    from pydicom import dcmread

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own parser has said it
            return dcmread(BytesIO(content), force=True)
    except Exception:  # it raises almost anything on damaged files, of which our own parser has told
        return None
