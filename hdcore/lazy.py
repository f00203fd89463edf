"""Names that arrive on first use, declared once in a package's stub.

A package whose ``__init__.py`` reads ::

    from hdcore.lazy import attach_stub

    __getattr__, __dir__, __all__ = attach_stub(__name__, __file__)

offers what its ``__init__.pyi`` imports (``from .m import X as X`` or ``from . import m as m``) and imports each module
only when one of its names is asked for, so that importing the package costs nothing. The stub is what type checkers
read, so the declaration cannot differ from the run-time.

This module runs at every ``import hdcore``, hence it imports nothing that an empty Python has not loaded already: no
``re``, ``ast``, ``pathlib`` or ``typing``, which together cost more than all the rest.
"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["attach_stub"]


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
    with open(init_file.rpartition(".")[0] + ".pyi", encoding="utf-8") as stub:
        homes = _names_of_stub(stub.read())

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
    """Map each name to its module and its name there."""
    homes: dict[str, tuple[str, str]] = {}
    module = ""
    for line in stub.splitlines():
        names = line.partition("#")[0].strip()
        if names.startswith(("from .", "from hdcore.")):
            module, _, names = names[len("from ") :].partition(" import ")
        if not module:
            continue
        is_open = names.startswith("(") or (not line.startswith("from ") and not names.endswith(")"))
        for entry in names.strip("() ").split(","):
            original, _, alias = entry.strip().partition(" as ")
            if original:
                homes[alias or original] = (module, original)
        if not is_open or names.endswith(")"):
            module = ""
    return homes
