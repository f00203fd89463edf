"""hdcore: read, create and check DICOM derived objects."""

# plugins: found when they are installed, so not among the names that the package itself lists
from hdcore import ann as ann
from hdcore import ko as ko
from hdcore import legacy as legacy
from hdcore import pm as pm
from hdcore import pr as pr
from hdcore import sc as sc
from hdcore import seg as seg
from hdcore import sr as sr

from . import coding_schemes as coding_schemes
from . import color as color
from . import content as content
from . import enums as enums
from . import errors as errors
from . import frame as frame
from . import frames as frames
from . import io as io
from . import model as model
from . import pixels as pixels
from . import registry as registry
from . import spatial as spatial
from . import testing as testing
from . import uid as uid
from . import utils as utils
from . import validation as validation
from . import valuerep as valuerep
from . import volume as volume
from .api import (
    create as create,
)
from .api import (
    plugins as plugins,
)
from .api import (
    read as read,
)
from .api import (
    validate as validate,
)
from .content.algorithm import AlgorithmIdentificationSequence as AlgorithmIdentificationSequence
from .content.creator import ContentCreatorIdentificationCodeSequence as ContentCreatorIdentificationCodeSequence
from .content.equipment import ContributingEquipment as ContributingEquipment
from .content.identifier import IssuerOfIdentifier as IssuerOfIdentifier
from .content.specimen import (
    SpecimenCollection as SpecimenCollection,
)
from .content.specimen import (
    SpecimenDescription as SpecimenDescription,
)
from .content.specimen import (
    SpecimenPreparationStep as SpecimenPreparationStep,
)
from .content.specimen import (
    SpecimenProcessing as SpecimenProcessing,
)
from .content.specimen import (
    SpecimenSampling as SpecimenSampling,
)
from .content.specimen import (
    SpecimenStaining as SpecimenStaining,
)
from .enums import (
    AnatomicalOrientationTypeValues as AnatomicalOrientationTypeValues,
)
from .enums import (
    AxisHandedness as AxisHandedness,
)
from .enums import (
    ContentQualificationValues as ContentQualificationValues,
)
from .enums import (
    CoordinateSystemNames as CoordinateSystemNames,
)
from .enums import (
    DimensionOrganizationTypeValues as DimensionOrganizationTypeValues,
)
from .enums import (
    InterpolationMethods as InterpolationMethods,
)
from .enums import (
    LateralityValues as LateralityValues,
)
from .enums import (
    PadModes as PadModes,
)
from .enums import (
    PatientOrientationValuesBiped as PatientOrientationValuesBiped,
)
from .enums import (
    PatientOrientationValuesQuadruped as PatientOrientationValuesQuadruped,
)
from .enums import (
    PatientSexValues as PatientSexValues,
)
from .enums import (
    PhotometricInterpretationValues as PhotometricInterpretationValues,
)
from .enums import (
    PixelDataKeywords as PixelDataKeywords,
)
from .enums import (
    PixelIndexDirections as PixelIndexDirections,
)
from .enums import (
    PixelRepresentationValues as PixelRepresentationValues,
)
from .enums import (
    PlanarConfigurationValues as PlanarConfigurationValues,
)
from .enums import (
    PresentationLUTShapeValues as PresentationLUTShapeValues,
)
from .enums import (
    RescaleTypeValues as RescaleTypeValues,
)
from .enums import (
    RGBColorChannels as RGBColorChannels,
)
from .enums import (
    SpecificCharacterSetValues as SpecificCharacterSetValues,
)
from .enums import (
    UniversalEntityIDTypeValues as UniversalEntityIDTypeValues,
)
from .enums import (
    VOILUTFunctionValues as VOILUTFunctionValues,
)
from .errors import (
    ConformanceError as ConformanceError,
)
from .errors import (
    HdcoreError as HdcoreError,
)
from .errors import (
    HdcoreWarning as HdcoreWarning,
)
from .errors import (
    InputError as InputError,
)
from .errors import (
    InputTypeError as InputTypeError,
)
from .errors import (
    MissingAttributeError as MissingAttributeError,
)
from .errors import (
    MissingCodecError as MissingCodecError,
)
from .errors import (
    MissingFileError as MissingFileError,
)
from .errors import (
    PluginConflictError as PluginConflictError,
)
from .errors import (
    PluginHookError as PluginHookError,
)
from .errors import (
    PluginLoadError as PluginLoadError,
)
from .errors import (
    PluginNotInstalledError as PluginNotInstalledError,
)
from .errors import (
    UnknownIODError as UnknownIODError,
)
from .errors import (
    UnreadableError as UnreadableError,
)
from .frames.image import (
    Image as Image,
)
from .frames.image import (
    imread as imread,
)
from .frames.series import get_volume_from_series as get_volume_from_series
from .model.instance import SOPClass as SOPClass
from .model.plane import (
    PixelMeasuresSequence as PixelMeasuresSequence,
)
from .model.plane import (
    PlaneOrientationSequence as PlaneOrientationSequence,
)
from .model.plane import (
    PlanePositionSequence as PlanePositionSequence,
)
from .model.references import ReferencedImageSequence as ReferencedImageSequence
from .pixels.lut import (
    LUT as LUT,
)
from .pixels.lut import (
    VOILUT as VOILUT,
)
from .pixels.lut import (
    ModalityLUT as ModalityLUT,
)
from .pixels.lut import (
    ModalityLUTTransformation as ModalityLUTTransformation,
)
from .pixels.lut import (
    PresentationLUT as PresentationLUT,
)
from .pixels.lut import (
    PresentationLUTTransformation as PresentationLUTTransformation,
)
from .pixels.lut import (
    VOILUTTransformation as VOILUTTransformation,
)
from .pixels.palette import (
    PaletteColorLUT as PaletteColorLUT,
)
from .pixels.palette import (
    PaletteColorLUTTransformation as PaletteColorLUTTransformation,
)
from .pixels.palette import (
    SegmentedPaletteColorLUT as SegmentedPaletteColorLUT,
)
from .spatial.channels import (
    RGB_COLOR_CHANNEL_DESCRIPTOR as RGB_COLOR_CHANNEL_DESCRIPTOR,
)
from .spatial.channels import (
    ChannelDescriptor as ChannelDescriptor,
)
from .spatial.geometry import VolumeGeometry as VolumeGeometry
from .spatial.mapping import VolumeToVolumeTransformer as VolumeToVolumeTransformer
from .spatial.nifti import NiBabelImageClasses as NiBabelImageClasses
from .spatial.volume import Volume as Volume
from .uid import UID as UID

__version__: str
