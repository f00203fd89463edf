"""DICOM secondary captures."""

from .image import SCImage as SCImage
from .multiframe import MultiFrameSCImage as MultiFrameSCImage
from .picture import pixels_of as pixels_of
from .reading import scread as scread
from .terms import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .terms import ConversionTypeValues as ConversionTypeValues
