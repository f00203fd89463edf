"""hdcore: read, create and check DICOM derived objects (see the stub beside this file for all names)."""

from hdcore.lazy import attach_stub

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
