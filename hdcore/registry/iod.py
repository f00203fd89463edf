"""What a plugin says of each of its IODs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdcore.errors import InputError, InputTypeError

__all__ = ["IOD"]


_REFERENCE = re.compile(r"\w+(\.\w+)*:\w+(\.\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class IOD:
    """An information object definition that a plugin can build and read."""

    name: str
    """Short name such as ``"seg"``, or dotted (``"pr.grayscale"``) where a plugin has several; begins with the name of
    the plugin's entry point."""
    title: str
    """The standard's name, such as ``"Segmentation"``."""
    sop_classes: tuple[str, ...]
    """UIDs of the storage SOP classes that the reader is for."""
    builder: str
    """``"package.module:Name"`` of the callable that makes a new object; imported on first use."""
    reader: str
    """``"package.module:Name.method"`` of the callable that takes a dataset and ``copy``; imported on first use."""
    rules: str = ""
    """``"package.module:RULES"`` of the rules beyond the tables; imported on first use."""

    def __post_init__(self) -> None:
        """Refuse what would be found out only much later.

        Raises
        ------
        TypeError
            If ``sop_classes`` is a single text.
        ValueError
            If ``builder``, ``reader`` or ``rules`` does not name something in a module.
        """
        declared: object = self.sop_classes
        if isinstance(declared, str):
            raise InputTypeError(
                f"sop_classes of the IOD {self.name!r} is a text; expected a tuple of UIDs: ({declared!r},)."
            )
        for field in ("builder", "reader", "rules"):
            reference = getattr(self, field)
            if not _REFERENCE.fullmatch(reference) and (reference or field != "rules"):
                raise InputError(
                    f"{field} of the IOD {self.name!r} is {reference!r}; expected a module and a name in it: "
                    "'package.module:Name'."
                )
