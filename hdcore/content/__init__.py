"""The words that IODs are written in: coded concepts, content items, templates (see the stub for all names)."""

from hdcore.lazy import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
