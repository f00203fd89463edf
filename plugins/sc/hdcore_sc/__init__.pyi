"""DICOM secondary captures."""

from .enums import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .enums import ConversionTypeValues as ConversionTypeValues
from .image import SCImage as SCImage
from .multiframe import MultiFrameSCImage as MultiFrameSCImage
from .picture import pixels_of as pixels_of
from .reading import scread as scread
