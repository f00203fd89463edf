"""hdcore: read, create and check DICOM derived objects (see the stub beside this file for all names)."""

from hdcore.lazy import attach_stub
from hdcore.registry.namespace import attribute_of_plugin, install
from hdcore.version import __version__ as __version__

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
__getattr__ = attribute_of_plugin(__getattr__)
install()
