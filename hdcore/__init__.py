"""hdcore: read, create and check DICOM derived objects (see the stub beside this file for all names)."""

from hdcore.lazy import attach_stub
from hdcore.registry.namespace import attribute_of_plugin, install

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
__getattr__ = attribute_of_plugin(__getattr__)
install()
