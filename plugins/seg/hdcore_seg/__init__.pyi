"""DICOM segmentations."""

from . import utils as utils
from .description import SegmentDescription as SegmentDescription
from .dimensions import DimensionIndexSequence as DimensionIndexSequence
from .enums import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .enums import SegmentAlgorithmTypeValues as SegmentAlgorithmTypeValues
from .enums import SegmentationFractionalTypeValues as SegmentationFractionalTypeValues
from .enums import SegmentationTypeValues as SegmentationTypeValues
from .enums import SegmentsOverlapValues as SegmentsOverlapValues
from .enums import SpatialLocationsPreservedValues as SpatialLocationsPreservedValues
from .pyramid import create_segmentation_pyramid as create_segmentation_pyramid
from .reading import segread as segread
from .segmentation import Segmentation as Segmentation
