"""DICOM microscopy bulk simple annotations."""

from .annotations import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .annotations import MicroscopyBulkSimpleAnnotations as MicroscopyBulkSimpleAnnotations
from .annotations import annread as annread
from .enums import AnnotationCoordinateTypeValues as AnnotationCoordinateTypeValues
from .enums import AnnotationGroupGenerationTypeValues as AnnotationGroupGenerationTypeValues
from .enums import GraphicTypeValues as GraphicTypeValues
from .enums import PixelOriginInterpretationValues as PixelOriginInterpretationValues
from .group import AnnotationGroup as AnnotationGroup
from .measurements import Measurements as Measurements
from .shapes import Shapes as Shapes
