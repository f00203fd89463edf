"""hdcore: read, create and check DICOM derived objects."""

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
    plugins as plugins,
    read as read,
    validate as validate,
)
from .content.algorithm import AlgorithmIdentificationSequence as AlgorithmIdentificationSequence
from .content.creator import ContentCreatorIdentificationCodeSequence as ContentCreatorIdentificationCodeSequence
from .content.equipment import ContributingEquipment as ContributingEquipment
from .content.identifier import IssuerOfIdentifier as IssuerOfIdentifier
from .content.specimen import (
    SpecimenCollection as SpecimenCollection,
    SpecimenDescription as SpecimenDescription,
    SpecimenPreparationStep as SpecimenPreparationStep,
    SpecimenProcessing as SpecimenProcessing,
    SpecimenSampling as SpecimenSampling,
    SpecimenStaining as SpecimenStaining,
)
from .enums import (
    AnatomicalOrientationTypeValues as AnatomicalOrientationTypeValues,
    AxisHandedness as AxisHandedness,
    ContentQualificationValues as ContentQualificationValues,
    CoordinateSystemNames as CoordinateSystemNames,
    DimensionOrganizationTypeValues as DimensionOrganizationTypeValues,
    InterpolationMethods as InterpolationMethods,
    LateralityValues as LateralityValues,
    PadModes as PadModes,
    PatientOrientationValuesBiped as PatientOrientationValuesBiped,
    PatientOrientationValuesQuadruped as PatientOrientationValuesQuadruped,
    PatientSexValues as PatientSexValues,
    PhotometricInterpretationValues as PhotometricInterpretationValues,
    PixelDataKeywords as PixelDataKeywords,
    PixelIndexDirections as PixelIndexDirections,
    PixelRepresentationValues as PixelRepresentationValues,
    PlanarConfigurationValues as PlanarConfigurationValues,
    PresentationLUTShapeValues as PresentationLUTShapeValues,
    RGBColorChannels as RGBColorChannels,
    RescaleTypeValues as RescaleTypeValues,
    SpecificCharacterSetValues as SpecificCharacterSetValues,
    UniversalEntityIDTypeValues as UniversalEntityIDTypeValues,
    VOILUTFunctionValues as VOILUTFunctionValues,
)
from .errors import (
    ConformanceError as ConformanceError,
    HdcoreError as HdcoreError,
    HdcoreWarning as HdcoreWarning,
    InputError as InputError,
    InputTypeError as InputTypeError,
    MissingCodecError as MissingCodecError,
    PluginConflictError as PluginConflictError,
    PluginNotInstalledError as PluginNotInstalledError,
    UnknownIODError as UnknownIODError,
    UnreadableError as UnreadableError,
)
from .frames.image import (
    Image as Image,
    imread as imread,
)
from .frames.series import get_volume_from_series as get_volume_from_series
from .model.instance import SOPClass as SOPClass
from .model.plane import (
    PixelMeasuresSequence as PixelMeasuresSequence,
    PlaneOrientationSequence as PlaneOrientationSequence,
    PlanePositionSequence as PlanePositionSequence,
)
from .model.references import ReferencedImageSequence as ReferencedImageSequence
from .pixels.lut import (
    LUT as LUT,
    ModalityLUT as ModalityLUT,
    ModalityLUTTransformation as ModalityLUTTransformation,
    PresentationLUT as PresentationLUT,
    PresentationLUTTransformation as PresentationLUTTransformation,
    VOILUT as VOILUT,
    VOILUTTransformation as VOILUTTransformation,
)
from .pixels.palette import (
    PaletteColorLUT as PaletteColorLUT,
    PaletteColorLUTTransformation as PaletteColorLUTTransformation,
    SegmentedPaletteColorLUT as SegmentedPaletteColorLUT,
)
from .spatial.channels import (
    ChannelDescriptor as ChannelDescriptor,
    RGB_COLOR_CHANNEL_DESCRIPTOR as RGB_COLOR_CHANNEL_DESCRIPTOR,
)
from .spatial.geometry import VolumeGeometry as VolumeGeometry
from .spatial.mapping import VolumeToVolumeTransformer as VolumeToVolumeTransformer
from .spatial.volume import Volume as Volume
from .uid import UID as UID

__version__: str
