"""``hdcore.seg`` is the package ``hdcore_seg``: for strangers' plugins as for our own.

A finder at the front of ``sys.meta_path`` answers for ``hdcore.<plugin>`` and everything below it with the modules of
the plugin's package themselves. It must come first: once ``hdcore.seg`` is ``hdcore_seg``, the path finder would load
``hdcore.seg.utils`` from ``hdcore_seg``'s folder a second time, as another module with other classes. Like
:mod:`hdcore.lazy`, this module runs at every ``import hdcore``.
"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

__all__ = ["PluginFinder", "attribute_of_plugin", "install"]

_PREFIX = "hdcore."


class PluginFinder:
    """Finds ``hdcore.<plugin>[.<module>]`` in the plugin's own package."""

    @classmethod
    def find_spec(cls, fullname: str, *place: Sequence[str] | ModuleType | None) -> ModuleSpec | None:
        """Answer the import system: the specification of an alias, or None for what is not a plugin's.

        Raises
        ------
        PluginNotInstalledError
            If a known plugin is absent.
        """
        del place  # where an ordinary finder would look
        if not fullname.startswith(_PREFIX):
            return None
        name, _, rest = fullname[len(_PREFIX) :].partition(".")
        if name in _core_names():
            return None
        package = _package_of(name)
        former = _package_above(name, rest, package)
        from importlib.machinery import ModuleSpec

        if former is not None:
            from hdcore.registry.former import FormerModuleLoader

            return ModuleSpec(fullname, FormerModuleLoader(former))  # type: ignore[arg-type]
        if package is None:
            return None
        # like every loader, it is duck-typed: importlib.abc costs more to import than all of this module
        loader = _AliasLoader(f"{package}.{rest}" if rest else package)
        return ModuleSpec(fullname, loader, is_package=not rest)  # type: ignore[arg-type]


class _AliasLoader:
    """Gives an existing module as the module to import, and leaves it as it was."""

    def __init__(self, module: str) -> None:
        self._module = module

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(self._module)
        self._spec = module.__spec__
        if spec.submodule_search_locations is not None:
            _offer_former_modules(module, spec.name)
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def _package_of(name: str) -> str | None:
    from hdcore.registry.catalog import KNOWN
    from hdcore.registry.discovery import installed_plugins, not_installed

    plugin = installed_plugins().get(name)
    if plugin is not None:
        return plugin.package
    if name in KNOWN:
        raise not_installed(name)
    return None


def _package_above(name: str, rest: str, package: str | None) -> str | None:
    """Give the package whose names ``hdcore.<name>.<rest>`` has, if it is a module that only highdicom has."""
    from hdcore.registry.former import FORMER_CORE_MODULES, FORMER_PLUGIN_MODULES

    if package is None:
        return "hdcore" if name in FORMER_CORE_MODULES and not rest else None
    if rest not in FORMER_PLUGIN_MODULES:
        return None
    from importlib.util import find_spec

    return None if find_spec(f"{package}.{rest}") else package


def _offer_former_modules(package: ModuleType, alias: str) -> None:
    """Let ``hdcore.seg.enum`` be an attribute without being imported, as it is in highdicom."""
    from hdcore.registry.former import FORMER_PLUGIN_MODULES

    own = vars(package).get("__getattr__")

    def attribute(name: str) -> Any:
        if name in FORMER_PLUGIN_MODULES:
            return import_module(f"{alias}.{name}")
        if own is None:
            raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")
        return own(name)

    package.__dict__["__getattr__"] = attribute


def _core_names() -> frozenset[str]:
    global _CORE_NAMES  # noqa: PLW0603
    if _CORE_NAMES is None:
        from pathlib import Path

        folder = Path(__file__).parents[1]
        _CORE_NAMES = frozenset(
            entry.stem
            for entry in folder.iterdir()
            if entry.suffix == ".py" or (entry.is_dir() and (entry / "__init__.py").exists())
        )
    return _CORE_NAMES


_CORE_NAMES: frozenset[str] | None = None


def attribute_of_plugin(core: Callable[[str], Any]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of ``hdcore``: the core's names first, then the plugins'."""

    def attribute(name: str) -> Any:
        try:
            return core(name)
        except AttributeError:
            if name.startswith("__"):
                raise
        try:
            package = _package_of(name)
        except ModuleNotFoundError as error:
            raise AttributeError(str(error)) from error
        if package is None and _package_above(name, "", None) is None:
            raise AttributeError(f"module 'hdcore' has no attribute {name!r}, and no installed plugin has this name")
        return import_module(_PREFIX + name)

    return attribute


def install() -> None:
    """Put the finder in front, once."""
    if PluginFinder not in sys.meta_path:
        sys.meta_path.insert(0, PluginFinder)
