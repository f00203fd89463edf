"""DICOM parametric maps."""

from .dimensions import DimensionIndexSequence as DimensionIndexSequence
from .enums import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .enums import DerivedPixelContrastValues as DerivedPixelContrastValues
from .enums import ImageFlavorValues as ImageFlavorValues
from .mapping import RealWorldValueMapping as RealWorldValueMapping
from .parametric_map import ParametricMap as ParametricMap
from .parametric_map import pmread as pmread
from .pyramid import create_parametric_map_pyramid as create_parametric_map_pyramid
