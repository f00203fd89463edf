"""What the authors of plugins test with."""

from . import compare as compare
from . import interop as interop
from . import sources as sources
from .contract import IODContract as IODContract
