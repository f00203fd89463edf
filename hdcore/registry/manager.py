"""The plugins at work: loaded when asked for, each hook as a typed method."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, cast

import pluggy

from hdcore.errors import HdcoreWarning, PluginConflictError, PluginHookError, PluginLoadError, UnknownIODError
from hdcore.registry import hookspecs
from hdcore.registry.catalog import KNOWN, known_reader_of
from hdcore.registry.discovery import installed_plugins, not_installed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydicom.dataset import Dataset

    from hdcore.registry.discovery import Installed
    from hdcore.registry.iod import IOD
    from hdcore.validation import Rule

__all__ = ["PluginManager", "plugin_manager", "resolve"]


class PluginManager:
    """Loads plugins and asks their hooks.

    A known first-party plugin is loaded when one of its IODs is asked for: its hooks speak of no other plugin's IODs.
    Any other plugin may speak of all IODs (a site's rules, say), so it is loaded when the first question is asked to
    which it may have an answer.
    """

    def __init__(self, installed: Mapping[str, Installed] | None = None) -> None:
        """Take the installed plugins, without importing any.

        Parameters
        ----------
        installed: Mapping[str, Installed] | None, optional
            Plugins by name; those of entry point group ``hdcore`` if absent.
        """
        self._installed = installed_plugins() if installed is None else installed
        self._manager = pluggy.PluginManager("hdcore")
        self._manager.add_hookspecs(hookspecs)
        self._iods: dict[str, dict[str, IOD]] = {}
        self._failures: dict[str, Exception] = {}

    # loading

    @property
    def installed(self) -> Mapping[str, Installed]:
        """Mapping[str, Installed]: the installed plugins by name, loaded or not."""
        return self._installed

    @property
    def failures(self) -> Mapping[str, Exception]:
        """Mapping[str, Exception]: why plugins could not be loaded, by name."""
        return self._failures

    def load(self, name: str) -> bool:
        """Load one plugin, if that has not been tried before.

        Parameters
        ----------
        name: str
            Name of its entry point.

        Returns
        -------
        bool
            Whether it is loaded now. If it cannot be, there is one warning that names its distribution.
        """
        if name in self._iods:
            return True
        if name in self._failures or name not in self._installed:
            return False
        plugin = self._installed[name]
        try:
            module = import_module(plugin.module)
            self._manager.register(module, name=name)
            self._manager.check_pending()  # a hook that does not exist is a misspelt one
            self._iods[name] = self._iods_of(plugin)
        except PluginConflictError:
            raise
        except Exception as error:
            self._manager.set_blocked(name)
            self._failures[name] = error
            warnings.warn(
                f"The plugin {name!r} of {plugin.distribution} {plugin.version} cannot be loaded and is left out: "
                f"{type(error).__name__}: {error}",
                HdcoreWarning,
                stacklevel=3,
            )
            return False
        return True

    def load_all(self) -> None:
        """Load every installed plugin.

        Raises
        ------
        PluginConflictError
            If two distributions register the same IOD name or SOP class.
        """
        for name in self._installed:
            self.load(name)
        self._refuse_conflicts()

    def _load_those_that_speak_of_all(self) -> None:
        for name in self._installed:
            if name not in KNOWN:
                self.load(name)

    def _iods_of(self, plugin: Installed) -> dict[str, IOD]:
        iods: dict[str, IOD] = {}
        for implementation in self._manager.hook.hdcore_iods.get_hookimpls():
            if implementation.plugin_name != plugin.name:
                continue
            declared = cast("Iterable[IOD]", implementation.function())
            for iod in sorted(declared, key=lambda iod: iod.name):
                if iod.name.partition(".")[0] != plugin.name:
                    raise PluginLoadError(
                        f"it registers an IOD named {iod.name!r}; the name must be {plugin.name!r} or begin with "
                        f"'{plugin.name}.', as its entry point says"
                    )
                if iod.name in iods:
                    raise PluginLoadError(f"it registers two IODs named {iod.name!r}")
                iods[iod.name] = iod
        return iods

    def _refuse_conflicts(self) -> None:
        owners: dict[str, tuple[str, str]] = {}
        for name, iods in self._iods.items():
            for iod in iods.values():
                for uid in iod.sop_classes:
                    other_name, other_iod = owners.setdefault(uid, (name, iod.name))
                    if (other_name, other_iod) != (name, iod.name):
                        raise PluginConflictError(
                            f"SOP class {uid} is registered both by {self._installed[other_name].distribution} "
                            f"(as {other_iod!r}) and by {self._installed[name].distribution} (as {iod.name!r}); "
                            "uninstall one of them, or let one tell its own by the hook hdcore_identify."
                        )

    # IODs

    def iods(self) -> tuple[IOD, ...]:
        """All IODs of all plugins, sorted by name.

        Raises
        ------
        PluginConflictError
            If two distributions register the same IOD name or SOP class.
        """
        self.load_all()
        return tuple(sorted((iod for iods in self._iods.values() for iod in iods.values()), key=lambda iod: iod.name))

    def iod(self, name: str) -> IOD:
        """Find an IOD by its short or dotted name, loading its plugin.

        Raises
        ------
        PluginNotInstalledError
            If a known plugin of this name is absent.
        PluginLoadError
            If the plugin cannot be imported.
        UnknownIODError
            If there is no such name.
        """
        plugin = str(name).partition(".")[0]
        if plugin not in self._installed:
            if plugin in KNOWN:
                raise not_installed(plugin)
            raise UnknownIODError(f"No plugin knows the name {name!r}; there are: {self._names()}.")
        if not self.load(plugin):
            failure = self._failures[plugin]
            raise PluginLoadError(
                f"The plugin {plugin!r} of {self._installed[plugin].distribution} cannot be loaded: {failure}"
            ) from failure
        iods = self._iods[plugin]
        if name not in iods:
            known = (
                f"has: {', '.join(iods)}" if iods else "has none: its hdcore_iods, marked as @hookimpl, declares them"
            )
            raise UnknownIODError(f"The plugin {plugin!r} has no IOD named {name!r}; it {known}.")
        return iods[name]

    def _names(self) -> str:
        self.load_all()
        names = [iod for iods in self._iods.values() for iod in iods]
        return ", ".join(sorted(names)) or "none, since no plugin is installed (pip install hdcore[all])"

    # hooks

    def identify(self, dataset: Dataset) -> IOD | None:
        """Tell which IOD a dataset is of: by the hook ``hdcore_identify``, else by its SOP Class UID.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            What is known of it; at least the attributes before the study's.

        Returns
        -------
        IOD | None
            None if no installed plugin reads it.
        """
        self._load_those_that_speak_of_all()
        uid = str(dataset.get("SOPClassUID", ""))
        known = known_reader_of(uid)
        if known is not None:
            self.load(known)
        with self._blaming(self._manager.hook.hdcore_identify):
            name = self._manager.hook.hdcore_identify(dataset=dataset)
        if name is not None:
            try:
                return self.iod(name)
            except UnknownIODError as error:
                raise UnknownIODError(f"A plugin's hook hdcore_identify answered {name!r}. {error}") from error
        found = self._by_sop_class(uid)
        if found is None and uid:
            self.load_all()
            found = self._by_sop_class(uid)
        return found

    def _by_sop_class(self, uid: str) -> IOD | None:
        self._refuse_conflicts()
        for iods in self._iods.values():
            for iod in iods.values():
                if uid in iod.sop_classes:
                    return iod
        return None

    def rules(self, iod: IOD) -> tuple[Rule, ...]:
        """The rules of an IOD beyond the tables: its own, then those that other plugins add."""
        self._load_those_that_speak_of_all()
        own: tuple[Rule, ...] = tuple(resolve(iod.rules)) if iod.rules else ()
        with self._blaming(self._manager.hook.hdcore_rules):
            added = self._manager.hook.hdcore_rules(iod=iod)
            return own + tuple(rule for rules in reversed(added) for rule in rules)

    def created(self, iod: IOD, instance: Any) -> None:
        """Show a new object to all plugins before its maker receives it."""
        self._load_those_that_speak_of_all()
        with self._blaming(self._manager.hook.hdcore_created):
            self._manager.hook.hdcore_created(iod=iod, instance=instance)

    @contextmanager
    def _blaming(self, hook: pluggy.HookCaller) -> Iterator[None]:
        """Name the plugin whose hook raises."""
        try:
            yield
        except Exception as error:
            ran = {frame.f_code for frame, _ in walk_tb(error.__traceback__)}
            names = [one.plugin_name for one in hook.get_hookimpls() if one.function.__code__ in ran]
            plugin = self._installed.get(names[0]) if names else None
            whose = f"{plugin.name!r} of {plugin.distribution} {plugin.version}" if plugin else "a plugin"
            raise PluginHookError(
                f"The hook {hook.name} of {whose} raised {type(error).__name__}: {error}. Mend or uninstall the plugin."
            ) from error


def resolve(reference: str) -> Any:
    """Import what ``"package.module:Name.method"`` names.

    Raises
    ------
    PluginLoadError
        If there is no such module, or no such name in it.
    """
    module, _, path = reference.partition(":")
    try:
        value: Any = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # the module is there, and imports one that is not
        raise PluginLoadError(
            f"The plugin declares {reference!r}, but there is no module {error.name!r}; "
            "mend the IOD in its hdcore_iods."
        ) from error
    for name in path.split("."):
        if not hasattr(value, name):
            raise PluginLoadError(
                f"The plugin declares {reference!r}, but {getattr(value, '__name__', module)!r} has no {name!r}; "
                "mend the IOD in its hdcore_iods."
            )
        value = getattr(value, name)
    return value


@cache
def plugin_manager() -> PluginManager:
    """Return this process's plugin manager."""
    return PluginManager()
