"""DICOM legacy converted enhanced images."""

from .images import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .images import LegacyConvertedEnhancedCTImage as LegacyConvertedEnhancedCTImage
from .images import LegacyConvertedEnhancedMRImage as LegacyConvertedEnhancedMRImage
from .images import LegacyConvertedEnhancedPETImage as LegacyConvertedEnhancedPETImage
from .images import convert as convert
from .images import lceread as lceread
from .splitting import split as split
from .stacks import LegacyStack as LegacyStack
from .stacks import Stacks as Stacks
from .stacks import find_stacks as find_stacks
