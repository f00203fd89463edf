"""Names that arrive on first use, declared once in a package's stub.

A package whose ``__init__.py`` reads ::

    from hdcore.lazy import attach_stub

    __getattr__, __dir__, __all__ = attach_stub(__name__, __file__)

offers what its ``__init__.pyi`` imports (``from .m import X as X`` or ``from . import m as m``) and imports each module
only when one of its names is asked for, so that importing the package costs nothing. The stub is what type checkers
read, so the declaration cannot differ from the run-time.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["attach_stub"]

_IMPORT = re.compile(r"^from\s+(\.[\w.]*|hdcore[\w.]*)\s+import\s+(?:\(([^)]*)\)|([^(\n]+))", re.MULTILINE)
_NAME = re.compile(r"(\w+)(?:\s+as\s+(\w+))?")


def attach_stub(package: str, init_file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Make the ``__getattr__``, ``__dir__`` and ``__all__`` of a package from its stub.

    Parameters
    ----------
    package: str
        The package's ``__name__``.
    init_file: str
        The package's ``__file__``; the stub lies beside it.

    Returns
    -------
    tuple
        The three names to bind in the package.
    """
    homes = _names_of_stub(Path(init_file).with_suffix(".pyi").read_text(encoding="utf-8"))

    def attribute(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, original = homes[name]
        if module == ".":
            return import_module(f"{package}.{original}")
        value = getattr(import_module(module, package), original)
        setattr(sys.modules[package], name, value)
        return value

    def directory() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return attribute, directory, sorted(homes)


def _names_of_stub(stub: str) -> dict[str, tuple[str, str]]:
    homes: dict[str, tuple[str, str]] = {}
    for module, bracketed, plain in _IMPORT.findall(stub):
        for original, alias in _NAME.findall(re.sub(r"#.*", "", bracketed or plain)):
            homes[alias or original] = (module, original)
    return homes
