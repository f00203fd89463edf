"""DICOM presentation states."""

from .advanced_blending import AdvancedBlendingPresentationState as AdvancedBlendingPresentationState
from .blending import AdvancedBlending as AdvancedBlending
from .blending import BlendingDisplay as BlendingDisplay
from .blending import BlendingDisplayInput as BlendingDisplayInput
from .color import ColorSoftcopyPresentationState as ColorSoftcopyPresentationState
from .enums import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .enums import AnnotationUnitsValues as AnnotationUnitsValues
from .enums import BlendingModeValues as BlendingModeValues
from .enums import GraphicTypeValues as GraphicTypeValues
from .enums import TextJustificationValues as TextJustificationValues
from .graphics import GraphicObject as GraphicObject
from .graphics import TextObject as TextObject
from .grayscale import GrayscaleSoftcopyPresentationState as GrayscaleSoftcopyPresentationState
from .layers import GraphicAnnotation as GraphicAnnotation
from .layers import GraphicGroup as GraphicGroup
from .layers import GraphicLayer as GraphicLayer
from .pseudo_color import PseudoColorSoftcopyPresentationState as PseudoColorSoftcopyPresentationState
from .reading import prread as prread
from .state import PresentationState as PresentationState
from .voi import SoftcopyVOILUTTransformation as SoftcopyVOILUTTransformation
