"""IODs, hook specifications and the plugins that implement them."""

from .discovery import Installed as Installed
from .hookspecs import hookimpl as hookimpl
from .hookspecs import hookspec as hookspec
from .iod import IOD as IOD
from .manager import PluginManager as PluginManager
from .manager import plugin_manager as plugin_manager
