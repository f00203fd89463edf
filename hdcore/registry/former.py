"""Modules in which highdicom defines its names, for users who import from them: ``hdcore.seg.sop``, ``hdcore.enum``.

They hold nothing: each name is looked up in the package above, so there is one class of each name. They are made when
somebody asks for them and the package has no module of that name itself; so they exist below strangers' plugins too,
and type checkers do not know them.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from typing import Any

__all__ = ["FORMER_CORE_MODULES", "FORMER_PLUGIN_MODULES", "FormerModuleLoader"]

FORMER_CORE_MODULES = frozenset({"base", "base_content", "enum", "image"})
FORMER_PLUGIN_MODULES = frozenset({"coding", "content", "enum", "pyramid", "sop", "templates", "value_types"})


class FormerModuleLoader:
    """Makes a module that gives the public names of another."""

    def __init__(self, package: str) -> None:
        self._package = package

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make a module whose attributes are looked up in the package."""
        module = ModuleType(spec.name, f"The names of {self._package}.")
        package = import_module(self._package)

        def attribute(name: str) -> Any:
            if name.startswith("_") or not hasattr(package, name):
                raise AttributeError(f"module {spec.name!r} has no attribute {name!r}, and neither has {self._package}")
            return getattr(package, name)

        module.__dict__["__getattr__"] = attribute
        if hasattr(package, "__all__"):
            module.__dict__["__all__"] = list(package.__all__)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is: there is nothing to run."""
