"""Enumerated values and defined terms that the core and more than one plugin use.

Every parameter that is typed as one of these also takes the member's value: ``PadModes("EDGE")`` is ``PadModes.EDGE``.
"""

from __future__ import annotations

from enum import Enum

from hdcore.errors import InputError

__all__ = [
    "AnatomicalOrientationTypeValues",
    "AxisHandedness",
    "ContentQualificationValues",
    "CoordinateSystemNames",
    "DimensionOrganizationTypeValues",
    "InterpolationMethods",
    "LateralityValues",
    "PadModes",
    "PatientOrientationValuesBiped",
    "PatientOrientationValuesQuadruped",
    "PatientSexValues",
    "PhotometricInterpretationValues",
    "PixelDataKeywords",
    "PixelIndexDirections",
    "PixelRepresentationValues",
    "PlanarConfigurationValues",
    "PresentationLUTShapeValues",
    "RGBColorChannels",
    "RescaleTypeValues",
    "SpecificCharacterSetValues",
    "Terms",
    "UniversalEntityIDTypeValues",
    "VOILUTFunctionValues",
]


class Terms(Enum):
    """An enumeration of the standard's terms, whose error says which terms there are."""

    @classmethod
    def _missing_(cls, value: object) -> Terms:
        expected = ", ".join(repr(member.value) for member in cls)
        raise InputError(f"{value!r} is not one of {cls.__name__}: expected one of {expected}.")


class AnatomicalOrientationTypeValues(Terms):
    """Anatomical Orientation Type (PS3.3 C.7.6.1.1.1)."""

    BIPED = "BIPED"
    QUADRUPED = "QUADRUPED"


class AxisHandedness(Terms):
    """Handedness of a set of three axes."""

    LEFT_HANDED = "LEFT_HANDED"
    RIGHT_HANDED = "RIGHT_HANDED"


class ContentQualificationValues(Terms):
    """Content Qualification (PS3.3 C.8.13.2.1.1)."""

    PRODUCT = "PRODUCT"
    RESEARCH = "RESEARCH"
    SERVICE = "SERVICE"


class CoordinateSystemNames(Terms):
    """The frame-of-reference coordinate systems: the patient's and the slide's."""

    PATIENT = "PATIENT"
    SLIDE = "SLIDE"


class DimensionOrganizationTypeValues(Terms):
    """Dimension Organization Type (PS3.3 C.7.6.17)."""

    THREE_DIMENSIONAL = "3D"
    THREE_DIMENSIONAL_TEMPORAL = "3D_TEMPORAL"
    TILED_FULL = "TILED_FULL"
    TILED_SPARSE = "TILED_SPARSE"


class InterpolationMethods(Terms):
    """How values between samples are found when an image is resampled."""

    NEAREST = "NEAREST"
    LINEAR = "LINEAR"


class LateralityValues(Terms):
    """Laterality (PS3.3 C.7.3.1)."""

    R = "R"
    L = "L"


class PadModes(Terms):
    """How the values of padded voxels are chosen."""

    CONSTANT = "CONSTANT"
    EDGE = "EDGE"
    MINIMUM = "MINIMUM"
    MAXIMUM = "MAXIMUM"
    MEAN = "MEAN"
    MEDIAN = "MEDIAN"


class PatientOrientationValuesBiped(Terms):
    """Directions in a biped's body (PS3.3 C.7.6.1.1.1)."""

    A = "A"
    P = "P"
    R = "R"
    L = "L"
    H = "H"
    F = "F"


class PatientOrientationValuesQuadruped(Terms):
    """Directions in a quadruped's body (PS3.3 C.7.6.1.1.1)."""

    LE = "LE"
    RT = "RT"
    D = "D"
    V = "V"
    CR = "CR"
    CD = "CD"
    R = "R"
    M = "M"
    L = "L"
    PR = "PR"
    DI = "DI"
    PA = "PA"
    PL = "PL"


class PatientSexValues(Terms):
    """Patient's Sex (PS3.3 C.7.1.1)."""

    M = "M"
    F = "F"
    O = "O"


class PhotometricInterpretationValues(Terms):
    """Photometric Interpretation (PS3.3 C.7.6.3.1.2)."""

    MONOCHROME1 = "MONOCHROME1"
    MONOCHROME2 = "MONOCHROME2"
    PALETTE_COLOR = "PALETTE COLOR"
    RGB = "RGB"
    YBR_FULL = "YBR_FULL"
    YBR_FULL_422 = "YBR_FULL_422"
    YBR_PARTIAL_420 = "YBR_PARTIAL_420"
    YBR_ICT = "YBR_ICT"
    YBR_RCT = "YBR_RCT"


class PixelDataKeywords(Terms):
    """Keywords of the attributes that may hold pixel data (PS3.3 C.7.6.24, C.7.6.25)."""

    PIXEL_DATA = "PixelData"
    FLOAT_PIXEL_DATA = "FloatPixelData"
    DOUBLE_FLOAT_PIXEL_DATA = "DoubleFloatPixelData"


class PixelIndexDirections(Terms):
    """Directions in which pixel indices increase over an image seen on a screen."""

    L = "L"
    R = "R"
    U = "U"
    D = "D"


class PixelRepresentationValues(Terms):
    """Pixel Representation (PS3.3 C.7.6.3.1)."""

    UNSIGNED_INTEGER = 0
    COMPLEMENT = 1


class PlanarConfigurationValues(Terms):
    """Planar Configuration (PS3.3 C.7.6.3.1.3)."""

    COLOR_BY_PIXEL = 0
    COLOR_BY_PLANE = 1


class PresentationLUTShapeValues(Terms):
    """Presentation LUT Shape (PS3.3 C.11.6.1)."""

    IDENTITY = "IDENTITY"
    INVERSE = "INVERSE"


class RGBColorChannels(Terms):
    """Names of the three colour channels of an RGB image."""

    R = "R"
    G = "G"
    B = "B"


class RescaleTypeValues(Terms):
    """Rescale Type (PS3.3 C.11.1.1.2)."""

    OD = "OD"
    HU = "HU"
    US = "US"
    MGML = "MGML"
    Z_EFF = "Z_EFF"
    ED = "ED"
    EDW = "EDW"
    HU_MOD = "HU_MOD"
    PCT = "PCT"


class SpecificCharacterSetValues(Terms):
    """Specific Character Set (PS3.3 C.12.1.1.2)."""

    ARABIC = "ISO_IR 127"
    ARABIC_CODE_EXTENSIONS = "ISO 2022 IR 127"
    CYRILLIC = "ISO_IR 144"
    CYRILLIC_CODE_EXTENSIONS = "ISO 2022 IR 144"
    DEFAULT_REPERTOIRE_CODE_EXTENSIONS = "ISO 2022 IR 6"
    GB18030 = "GB18030"
    GBK = "GBK"
    GREEK = "ISO_IR 126"
    GREEK_CODE_EXTENSIONS = "ISO 2022 IR 126"
    HEBREW = "ISO_IR 138"
    HEBREW_CODE_EXTENSIONS = "ISO 2022 IR 138"
    JAPANESE = "ISO_IR 13"
    JAPANESE_CODE_EXTENSIONS = "ISO 2022 IR 13"
    JAPANESE_KANJI_CODE_EXTENSIONS = "ISO 2022 IR 87"
    JAPANESE_KANJI_SUPPLEMENTARY_CODE_EXTENSIONS = "ISO 2022 IR 159"
    LATIN_ALPHABET_NO_1 = "ISO_IR 100"
    LATIN_ALPHABET_NO_1_CODE_EXTENSIONS = "ISO 2022 IR 100"
    LATIN_ALPHABET_NO_2 = "ISO_IR 101"
    LATIN_ALPHABET_NO_2_CODE_EXTENSIONS = "ISO 2022 IR 101"
    LATIN_ALPHABET_NO_3 = "ISO_IR 109"
    LATIN_ALPHABET_NO_3_CODE_EXTENSIONS = "ISO 2022 IR 109"
    LATIN_ALPHABET_NO_4 = "ISO_IR 110"
    LATIN_ALPHABET_NO_4_CODE_EXTENSIONS = "ISO 2022 IR 110"
    LATIN_ALPHABET_NO_5 = "ISO_IR 148"
    LATIN_ALPHABET_NO_5_CODE_EXTENSIONS = "ISO 2022 IR 148"
    LATIN_ALPHABET_NO_9 = "ISO_IR 203"
    LATIN_ALPHABET_NO_9_CODE_EXTENSIONS = "ISO 2022 IR 203"
    SIMPLIFIED_CHINESE_CODE_EXTENSIONS = "ISO 2022 IR 58"
    THAI = "ISO_IR 166"
    THAI_CODE_EXTENSIONS = "ISO 2022 IR 166"
    UNICODE_IN_UTF8 = "ISO_IR 192"


class UniversalEntityIDTypeValues(Terms):
    """Universal Entity ID Type (PS3.3 10.14)."""

    DNS = "DNS"
    EUI64 = "EUI64"
    ISO = "ISO"
    URI = "URI"
    UUID = "UUID"
    X400 = "X400"
    X500 = "X500"


class VOILUTFunctionValues(Terms):
    """VOI LUT Function (PS3.3 C.11.2.1.3)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"
