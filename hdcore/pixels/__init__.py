"""What pixels are (see the stub beside this file for all names)."""

from hdcore.lazy import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
