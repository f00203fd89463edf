"""The hooks that plugins may implement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset

    from hdcore.registry.iod import IOD
    from hdcore.validation import Rule

__all__ = ["hdcore_created", "hdcore_identify", "hdcore_iods", "hdcore_rules", "hookimpl", "hookspec"]

hookspec = pluggy.HookspecMarker("hdcore")
hookimpl = pluggy.HookimplMarker("hdcore")


@hookspec
def hdcore_iods() -> Iterable[IOD]:  # type: ignore[empty-body]
    """Called when the plugin is loaded: gives the IODs that it can build and read; imports nothing heavy."""


@hookspec
def hdcore_rules(iod: IOD) -> Iterable[Rule]:  # type: ignore[empty-body]
    """Called when an instance of ``iod`` is validated: gives rules to check after the IOD's own."""


@hookspec(firstresult=True)
def hdcore_identify(dataset: Dataset) -> str | None:
    """Called to tell which IOD a dataset is of: gives its name, or None to leave the answer to others."""


@hookspec
def hdcore_created(iod: IOD, instance: Any) -> None:
    """Called with each new object before its maker receives it; may complete it."""
