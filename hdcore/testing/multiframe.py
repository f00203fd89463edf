"""Synthetic enhanced multi-frame images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydicom.uid import generate_uid

from hdcore.testing.phantom import AXIAL, blobs, code, ds, instance, item, positions, series, set_pixels

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["enhanced_ct"]


def enhanced_ct(frames: int = 6, rows: int = 32, columns: int = 32, *, seed: int = 0) -> Dataset:
    """Make an Enhanced CT image: a volume whose facts per frame stand in functional groups (PS3.3 A.38).

    Parameters
    ----------
    frames, rows, columns: int, optional
        Shape of the volume.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    pydicom.dataset.Dataset
        An Enhanced CT Image Storage instance: uint16 with a rescale of each frame's own window.
    """
    image = instance(series("CT", "1.2.840.10008.5.1.4.1.1.2.1", seed), 0)
    del image.AcquisitionDate, image.AcquisitionTime  # which the definition does not have
    for keyword, value in _ENHANCED_CT.items():
        setattr(image, keyword, value)
    organization = generate_uid(entropy_srcs=[f"{seed}", "dimensions"])
    image.DimensionOrganizationSequence = [item(DimensionOrganizationUID=organization)]
    image.DimensionOrganizationType = "3D"
    image.DimensionIndexSequence = [
        item(DimensionOrganizationUID=organization, DimensionIndexPointer=pointer, FunctionalGroupPointer=0x00209111)
        for pointer in (0x00209056, 0x00209057)
    ]
    shared = item(**{keyword: [item(**values)] for keyword, values in _ENHANCED_CT_SHARED.items()})
    image.SharedFunctionalGroupsSequence = [shared]
    image.PerFrameFunctionalGroupsSequence = [
        item(
            FrameContentSequence=[_frame_content(index)],
            PlanePositionSequence=[item(ImagePositionPatient=[ds(v) for v in position])],
            FrameVOILUTSequence=[item(WindowCenter=ds(40.0 + index), WindowWidth="400")],
        )
        for index, position in enumerate(positions((-12.0, -12.0, -50.0), AXIAL, 2.5, frames))
    ]
    image.NumberOfFrames = frames
    set_pixels(image, blobs((frames, rows, columns), seed, low=24, high=1324), bits_stored=12)
    return image


def _frame_content(index: int) -> Dataset:
    return item(
        FrameAcquisitionNumber=1,
        FrameReferenceDateTime="20240102101530",
        FrameAcquisitionDateTime="20240102101530",
        FrameAcquisitionDuration=10.0,
        StackID="1",
        InStackPositionNumber=index + 1,
        DimensionIndexValues=[1, index + 1],
    )


_ENHANCED_CT = {
    "ImageType": ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    "PixelPresentation": "MONOCHROME",
    "VolumetricProperties": "VOLUME",
    "VolumeBasedCalculationTechnique": "NONE",
    "AcquisitionNumber": 1,
    "AcquisitionDateTime": "20240102101530",
    "AcquisitionDuration": 1.5,
    "ContentQualification": "PRODUCT",
    "MultienergyCTAcquisition": "NO",
    "BurnedInAnnotation": "NO",
    "LossyImageCompression": "00",
    "PresentationLUTShape": "IDENTITY",
    "PatientPosition": "HFS",
    "AcquisitionContextSequence": [],
}

_ENHANCED_CT_SHARED: dict[str, dict[str, Any]] = {
    "PixelMeasuresSequence": {"PixelSpacing": ["0.75", "0.75"], "SliceThickness": "2.5", "SpacingBetweenSlices": "2.5"},
    "PlaneOrientationSequence": {"ImageOrientationPatient": list(AXIAL)},
    "FrameAnatomySequence": {
        "FrameLaterality": "U",
        "AnatomicRegionSequence": [code("818983003", "SCT", "Abdomen")],
    },
    "PixelValueTransformationSequence": {"RescaleIntercept": "-1024", "RescaleSlope": "1", "RescaleType": "HU"},
    "CTImageFrameTypeSequence": {
        "FrameType": ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
        "PixelPresentation": "MONOCHROME",
        "VolumetricProperties": "VOLUME",
        "VolumeBasedCalculationTechnique": "NONE",
    },
    "CTAcquisitionTypeSequence": {"AcquisitionType": "SEQUENCED", "ConstantVolumeFlag": "NO", "FluoroscopyFlag": "NO"},
    "CTAcquisitionDetailsSequence": {
        "RotationDirection": "CW",
        "RevolutionTime": 1.0,
        "SingleCollimationWidth": 1.0,
        "TotalCollimationWidth": 20.0,
        "TableHeight": 150.0,
        "GantryDetectorTilt": 0.0,
        "DataCollectionDiameter": 500.0,
    },
    "CTGeometrySequence": {
        "DistanceSourceToDetector": 1000.0,
        "DistanceSourceToDataCollectionCenter": 540.0,
    },
    "CTTableDynamicsSequence": {},
    "CTPositionSequence": {
        "TablePosition": 0.0,
        "DataCollectionCenterPatient": [0.0, 0.0, 0.0],
        "ReconstructionTargetCenterPatient": [0.0, 0.0, 0.0],
    },
    "CTReconstructionSequence": {
        "ReconstructionAlgorithm": "FILTER_BACK_PROJ",
        "ConvolutionKernel": "B30",
        "ConvolutionKernelGroup": "BRAIN",
        "ReconstructionDiameter": 240.0,
        "ReconstructionPixelSpacing": [0.75, 0.75],
        "ReconstructionAngle": 360.0,
        "ImageFilter": "NONE",
    },
    "CTExposureSequence": {
        "ExposureTimeInms": 1000.0,
        "XRayTubeCurrentInmA": 200.0,
        "ExposureInmAs": 200.0,
        "ExposureModulationType": "NONE",
        "CTDIvol": 10.0,
    },
    "CTXRayDetailsSequence": {
        "KVP": "120",
        "FocalSpots": 1.0,
        "FilterType": "FLAT",
        "FilterMaterial": "ALUMINUM",
        "CalciumScoringMassFactorPatient": None,
        "CalciumScoringMassFactorDevice": None,
    },
    "IrradiationEventIdentificationSequence": {"IrradiationEventUID": "2.25.1"},
}
