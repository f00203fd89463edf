"""Packages that only some operations need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hdcore.errors import HdcoreError

__all__ = ["MissingPackageError", "need"]


class MissingPackageError(HdcoreError, ModuleNotFoundError):
    """An operation needs a package that is not installed."""


def need(module: str, extra: str) -> Any:
    """Import a package that is not one of hdcore's own requirements.

    Parameters
    ----------
    module: str
        Name of the package.
    extra: str
        Name of the extra of hdcore that installs it.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed; the message says how to install it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise MissingPackageError(
            f"This needs the package {module}, which is not installed: pip install 'hdcore[{extra}]'", name=module
        ) from None
