"""Which attributes of single-frame images have a place in the converted image, and where (PS3.3 A.70, A.71, A.72)."""

from __future__ import annotations

from typing import NamedTuple

from hdcore.model.header import PATIENT_AND_STUDY_KEYWORDS, SPECIMEN_KEYWORDS
from hdcore.model.making import tag_of

__all__ = [
    "APART",
    "CONTRAST_KEYWORDS",
    "COPIED_GROUPS",
    "DESCRIBED_ANEW",
    "EQUAL",
    "INSTANCE",
    "WHOLE",
    "CopiedGroup",
    "instance_tags",
]

CONTRAST_KEYWORDS = (
    "ContrastBolusAgent",
    "ContrastBolusAgentSequence",
    "ContrastBolusAdministrationRouteSequence",
    "ContrastBolusRoute",
    "ContrastBolusVolume",
    "ContrastBolusStartTime",
    "ContrastBolusStopTime",
    "ContrastBolusTotalDose",
    "ContrastFlowRate",
    "ContrastFlowDuration",
    "ContrastBolusIngredient",
    "ContrastBolusIngredientConcentration",
)
"""Attributes of the Contrast/Bolus module (C.7.6.4), which a single-frame image has if contrast was used for it."""

EQUAL = (
    "SOPClassUID",
    "Modality",
    "PatientID",
    "StudyInstanceUID",
    "FrameOfReferenceUID",
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)
"""What all sources must say alike, since the converted image can say it once only."""

APART = ("AcquisitionNumber", "TemporalPositionIdentifier", "EchoNumbers", "EchoTime", "TriggerTime", "ImageType")
"""What tells images at the same place apart, in this order."""

DESCRIBED_ANEW = (
    "SOPClassUID",
    "SOPInstanceUID",
    "SeriesInstanceUID",
    "NumberOfFrames",
)
"""What the converted image says of its sources in references, and of itself in its own words."""

INSTANCE = (
    *PATIENT_AND_STUDY_KEYWORDS,
    *SPECIMEN_KEYWORDS,
    # Clinical Trial Series, C.7.3.2
    "ClinicalTrialCoordinatingCenterName",
    "ClinicalTrialSeriesID",
    "ClinicalTrialSeriesDescription",
    # General Series, C.7.3.1
    "Modality",
    "SeriesDate",
    "SeriesTime",
    "SeriesDescriptionCodeSequence",
    "PerformingPhysicianName",
    "PerformingPhysicianIdentificationSequence",
    "OperatorsName",
    "OperatorIdentificationSequence",
    "ReferencedPerformedProcedureStepSequence",
    "RelatedSeriesSequence",
    "AnatomicalOrientationType",
    "BodyPartExamined",
    "ProtocolName",
    "PatientPosition",
    "Laterality",
    "SmallestPixelValueInSeries",
    "LargestPixelValueInSeries",
    "PerformedProcedureStepStartDate",
    "PerformedProcedureStepStartTime",
    "PerformedProcedureStepEndDate",
    "PerformedProcedureStepEndTime",
    "PerformedProcedureStepID",
    "PerformedProcedureStepDescription",
    "PerformedProtocolCodeSequence",
    "RequestAttributesSequence",
    "CommentsOnThePerformedProcedureStep",
    "TreatmentSessionUID",
    # Frame of Reference, C.7.4.1; Synchronization, C.7.4.2
    "FrameOfReferenceUID",
    "PositionReferenceIndicator",
    "TriggerSourceOrType",
    "SynchronizationTrigger",
    "SynchronizationChannel",
    "AcquisitionTimeSynchronized",
    "SynchronizationFrameOfReferenceUID",
    # General Equipment, C.7.5.1
    "Manufacturer",
    "InstitutionName",
    "InstitutionAddress",
    "StationName",
    "InstitutionalDepartmentName",
    "InstitutionalDepartmentTypeCodeSequence",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "DeviceUID",
    "GantryID",
    "UDISequence",
    "ManufacturerDeviceClassUID",
    "SoftwareVersions",
    "SpatialResolution",
    "DateOfLastCalibration",
    "TimeOfLastCalibration",
    "DateOfManufacture",
    "DateOfInstallation",
    "PixelPaddingValue",
    # Image Pixel, C.7.6.3
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingRangeLimit",
    # Contrast/Bolus, C.7.6.4
    *CONTRAST_KEYWORDS,
    # Device, C.7.6.12; Acquisition Context, C.7.6.14
    "DeviceSequence",
    "AcquisitionContextSequence",
    # Enhanced CT, MR, PET Image, C.8.15.2, C.8.13.1, C.8.22.3
    "MagneticFieldStrength",
    "ContentQualification",
    "BurnedInAnnotation",
    "RecognizableVisualFeatures",
    "LossyImageCompression",
    "LossyImageCompressionRatio",
    "LossyImageCompressionMethod",
    "PresentationLUTShape",
    "IsocenterPosition",
    "EquipmentFrameOfReferenceUID",
    # SOP Common, C.12.1
    "CodingSchemeIdentificationSequence",
    "TimezoneOffsetFromUTC",
    "LongitudinalTemporalInformationModified",
)
"""Attributes that the converted image has under the same name, where all sources say the same."""


_ALL = ("CT", "MR", "PT")


class CopiedGroup(NamedTuple):
    """A functional group whose item has attributes of the source under the same name."""

    keyword: str
    attributes: tuple[str, ...]
    required: tuple[str, ...] = ()
    """What the item cannot be without (PS3.3 C.7.6.16.2)."""
    mandatory: tuple[str, ...] = ()
    """Modalities whose converted images always have the group (PS3.3 A.70.4, A.71.4, A.72.4)."""
    never_shared: bool = False
    modalities: tuple[str, ...] = _ALL


COPIED_GROUPS = (
    CopiedGroup(
        "PixelMeasuresSequence",
        ("SliceThickness", "SpacingBetweenSlices", "PixelSpacing"),
        required=("PixelSpacing", "SliceThickness"),
        mandatory=_ALL,
    ),
    CopiedGroup(
        "PlanePositionSequence",
        ("ImagePositionPatient",),
        required=("ImagePositionPatient",),
        mandatory=_ALL,
        never_shared=True,
    ),
    CopiedGroup(
        "PlaneOrientationSequence",
        ("ImageOrientationPatient",),
        required=("ImageOrientationPatient",),
        mandatory=_ALL,
    ),
    CopiedGroup(
        "PixelValueTransformationSequence",
        ("RescaleIntercept", "RescaleSlope", "RescaleType"),
        required=("RescaleIntercept", "RescaleSlope", "RescaleType"),
        mandatory=_ALL,
    ),
    CopiedGroup(
        "FrameVOILUTSequence",
        ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction"),
        required=("WindowCenter", "WindowWidth"),
        mandatory=("PT",),
    ),
    CopiedGroup(
        "IrradiationEventIdentificationSequence",
        ("IrradiationEventUID",),
        required=("IrradiationEventUID",),
        modalities=("CT", "PT"),
    ),
    CopiedGroup(
        "CardiacSynchronizationSequence",
        (
            "NominalPercentageOfCardiacPhase",
            "NominalCardiacTriggerDelayTime",
            "NominalCardiacTriggerTimePriorToRPeak",
            "ActualCardiacTriggerDelayTime",
            "ActualCardiacTriggerTimePriorToRPeak",
            "RRIntervalTimeNominal",
            "LowRRValue",
            "HighRRValue",
            "IntervalsAcquired",
            "IntervalsRejected",
            "HeartRate",
        ),
        required=("NominalCardiacTriggerDelayTime",),
    ),
    CopiedGroup(
        "RespiratorySynchronizationSequence",
        (
            "RespiratoryIntervalTime",
            "NominalPercentageOfRespiratoryPhase",
            "NominalRespiratoryTriggerDelayTime",
            "ActualRespiratoryTriggerDelayTime",
            "StartingRespiratoryAmplitude",
            "StartingRespiratoryPhase",
            "EndingRespiratoryAmplitude",
            "EndingRespiratoryPhase",
        ),
        required=("RespiratoryIntervalTime", "NominalRespiratoryTriggerDelayTime"),
    ),
    CopiedGroup(
        "TemporalPositionSequence",
        ("TemporalPositionTimeOffset",),
        required=("TemporalPositionTimeOffset",),
    ),
    CopiedGroup(
        "DerivationImageSequence",
        ("DerivationDescription", "DerivationCodeSequence", "SourceImageSequence"),
        required=("SourceImageSequence",),
    ),
)
"""Functional groups that are filled with what the sources say under the same names."""

WHOLE = {
    "ReferencedImageSequence": ("CT", "MR", "PT"),
    "RealWorldValueMappingSequence": ("MR", "PT"),
}
"""Sequences of the sources that are functional groups as they are, and for which modalities."""


_NOT_OF = {
    # coded agents are numbered anew
    "CT": ("ContrastBolusAgentSequence", "MagneticFieldStrength"),
    "MR": ("ContrastBolusAgentSequence",),
    "PT": (*CONTRAST_KEYWORDS, "DeviceSequence", "MagneticFieldStrength"),
}


def instance_tags(modality: str | None = None) -> frozenset[int]:
    """Give the tags of :data:`INSTANCE`.

    Parameters
    ----------
    modality: str | None, optional
        Only those that converted images of this modality copy (tables A.70-1, A.71-1, A.72-1).

    Returns
    -------
    frozenset[int]
        The tags.
    """
    left_out = _NOT_OF.get(modality or "", ())
    return frozenset(int(tag_of(keyword)) for keyword in INSTANCE if keyword not in left_out)
