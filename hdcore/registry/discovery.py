"""Which plugins are installed: the entry points of group ``hdcore``, scanned once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from hdcore.errors import PluginConflictError, PluginNotInstalledError
from hdcore.registry.catalog import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from importlib_metadata import EntryPoint

__all__ = ["GROUP", "Installed", "installed_plugins", "not_installed", "scan"]

GROUP = "hdcore"


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed plugin, not yet imported."""

    name: str
    """Name of the entry point: the short name and the namespace."""
    module: str
    """Module that holds the plugin's hooks, such as ``"hdcore_seg.plugin"``."""
    distribution: str
    version: str

    @property
    def package(self) -> str:
        """str: the package that ``hdcore.<name>`` is."""
        return self.module.partition(".")[0]


def scan(entry_points: Iterable[EntryPoint]) -> dict[str, Installed]:
    """Index entry points by name.

    Raises
    ------
    PluginConflictError
        If two distributions use one name.
    """
    found: dict[str, Installed] = {}
    for point in entry_points:
        distribution = point.dist
        plugin = Installed(
            name=point.name,
            module=point.value.partition(":")[0].strip(),
            distribution=distribution.name if distribution is not None else point.value,
            version=distribution.version if distribution is not None else "unknown",
        )
        other = found.get(point.name)
        if other is not None and other != plugin:
            raise PluginConflictError(
                f"Both {other.distribution} and {plugin.distribution} provide a plugin named {point.name!r}; "
                "uninstall one of them."
            )
        found[point.name] = plugin
    return dict(sorted(found.items()))


@cache
def installed_plugins() -> Mapping[str, Installed]:
    """Find the installed plugins by name; later calls in the same process give the same answer."""
    from importlib_metadata import entry_points

    return scan(entry_points(group=GROUP))


def not_installed(name: str) -> PluginNotInstalledError:
    """Make the error for a known plugin that is absent."""
    known = KNOWN[name]
    # named otherwise than in the import statement, or ``from hdcore import seg`` would hide the hint
    return PluginNotInstalledError(
        f"hdcore.{name} ({known.title}) is not installed: pip install {known.distribution}", name=f"hdcore_{name}"
    )
