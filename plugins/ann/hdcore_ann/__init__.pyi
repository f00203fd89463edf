"""DICOM microscopy bulk simple annotations."""

from .annotations import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .annotations import MicroscopyBulkSimpleAnnotations as MicroscopyBulkSimpleAnnotations
from .annotations import annread as annread
from .contours import trace as trace
from .coordinates import to_pixels as to_pixels
from .coordinates import to_slide as to_slide
from .enums import AnnotationCoordinateTypeValues as AnnotationCoordinateTypeValues
from .enums import AnnotationGroupGenerationTypeValues as AnnotationGroupGenerationTypeValues
from .enums import GraphicTypeValues as GraphicTypeValues
from .enums import PixelOriginInterpretationValues as PixelOriginInterpretationValues
from .geo import from_geojson as from_geojson
from .geo import from_shapely as from_shapely
from .geo import properties_of_geojson as properties_of_geojson
from .geo import to_geojson as to_geojson
from .geo import to_shapely as to_shapely
from .group import AnnotationGroup as AnnotationGroup
from .measurements import Measurements as Measurements
from .outlines import areas_of as areas_of
from .outlines import as_polygons as as_polygons
from .raster import rasterize as rasterize
from .shapes import Shapes as Shapes
