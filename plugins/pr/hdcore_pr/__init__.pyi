"""DICOM presentation states."""

from .advanced_blending import AdvancedBlendingPresentationState as AdvancedBlendingPresentationState
from .blending import AdvancedBlending as AdvancedBlending
from .blending import BlendingDisplay as BlendingDisplay
from .blending import BlendingDisplayInput as BlendingDisplayInput
from .color import ColorSoftcopyPresentationState as ColorSoftcopyPresentationState
from .graphics import GraphicObject as GraphicObject
from .graphics import TextObject as TextObject
from .grayscale import GrayscaleSoftcopyPresentationState as GrayscaleSoftcopyPresentationState
from .layers import GraphicAnnotation as GraphicAnnotation
from .layers import GraphicGroup as GraphicGroup
from .layers import GraphicLayer as GraphicLayer
from .pseudo_color import PseudoColorSoftcopyPresentationState as PseudoColorSoftcopyPresentationState
from .reading import prread as prread
from .state import PresentationState as PresentationState
from .terms import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .terms import AnnotationUnitsValues as AnnotationUnitsValues
from .terms import BlendingModeValues as BlendingModeValues
from .terms import GraphicTypeValues as GraphicTypeValues
from .terms import TextJustificationValues as TextJustificationValues
from .voi import SoftcopyVOILUTTransformation as SoftcopyVOILUTTransformation
