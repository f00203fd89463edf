"""IODs, hook specifications and the plugins that implement them."""

from .hookspecs import hookimpl as hookimpl
from .hookspecs import hookspec as hookspec
from .iod import IOD as IOD
