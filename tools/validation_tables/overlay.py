"""Written by hand: what the sources lack, or say in words that the reader of English does not understand.

An entry wins over both packages. Keys are a module (``"*"``: any) and a path of keywords; ``required`` is the condition
of a conditional attribute, ``optional`` whether it may be there otherwise, ``values`` replace those of the sources
(``"E"`` enumerated, ``"D"`` defined terms; the number of the value, 0 for any), ``items`` are the least and most items.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "ATTRIBUTES", "DROPPED_VALUES", "ELSEWHERE", "LOOKED_UP", "MACRO_USAGES", "MODULE_USAGES", "OVERRIDING", "SECTIONS",
]  # fmt: skip

_ANN = "microscopy-bulk-simple-annotations"
_SEG = "segmentation-image"
_PAIRED = (
    "ANKLE", "ARM", "BREAST", "CALF", "CLAVICLE", "EAR", "ELBOW", "EYE", "FEMUR", "FOOT", "FOREARM", "HAND", "HIP",
    "HUMERUS", "KIDNEY", "KNEE", "LEG", "ORBIT", "SCAPULA", "SHOULDER", "THIGH", "WRIST",
)  # fmt: skip
_STORAGE = "1.2.840.10008.5.1.4.1.1."
_PROJECTIONS = tuple(f"{_STORAGE}{end}" for end in ("1", "7", "6.1", "3.1", "77.1.1", "77.1.4"))
"""CR, SC, ultrasound, endoscopy and photography: images without position and orientation in the patient."""
_CAPTURES = tuple(f"{_STORAGE}7.{number}" for number in (1, 2, 3, 4))
_FRAME_TIMES = ("FrameReferenceDateTime", "FrameAcquisitionDateTime", "FrameAcquisitionDuration")
_UNTIMED = tuple(f"{_STORAGE}{end}" for end in ("2.2", "4.4", "128.1", "77.1.6", "77.1.8", "77.1.9"))
"""Legacy converted images and those of microscopes, of which the last came after the source of conditions."""
_TIMED = f"frame.FrameType[1] == 'ORIGINAL' and near.SOPClassUID not in {_UNTIMED!r}"
_CROSS_SECTIONS = tuple(f"{_STORAGE}{end}" for end in ("2", "4", "2.1", "4.1", "4.2", "4.3"))
_PM_GROUPS = "parametric-map-multi-frame-functional-groups"
_YES_NO = [["E", 0, ["YES", "NO"]]]


def _enumerated(*terms: str, number: int = 0) -> list[list[Any]]:
    return [["E", number, list(terms)]]


def _defined(*terms: str, number: int = 0) -> list[list[Any]]:
    return [["D", number, list(terms)]]


ATTRIBUTES: dict[tuple[str, str], dict[str, Any]] = {
    # What later editions than the source of values added.
    (_SEG, "SegmentationType"): {"values": _enumerated("BINARY", "FRACTIONAL", "LABELMAP")},
    (_SEG, "SegmentsOverlap"): {"values": _enumerated("YES", "UNDEFINED", "NO")},
    (_SEG, "MaximumFractionalValue"): {"required": "SegmentationType == 'FRACTIONAL'", "optional": False},
    (_SEG, "SegmentationFractionalType"): {
        "required": "SegmentationType == 'FRACTIONAL'",
        "optional": False,
        "values": _enumerated("PROBABILITY", "OCCUPANCY"),
    },
    (_SEG, "ImageType"): {"values": [["E", 1, ["DERIVED"]], ["E", 2, ["PRIMARY"]]]},
    (_SEG, "SamplesPerPixel"): {"values": _enumerated("1")},
    (_SEG, "PhotometricInterpretation"): {"values": _enumerated("MONOCHROME2", "PALETTE COLOR")},
    (_SEG, "PixelRepresentation"): {"values": _enumerated("0")},
    (_SEG, "BitsAllocated"): {"values": _enumerated("1", "8", "16")},
    (_SEG, "LossyImageCompression"): {"values": _enumerated("00", "01")},
    (_SEG, "SegmentSequence/SegmentAlgorithmName"): {
        "required": "SegmentAlgorithmType in ('AUTOMATIC', 'SEMIAUTOMATIC')",
        "optional": True,
    },
    (_SEG, "SegmentSequence"): {"items": (1, 0)},
    # PS3.3 C.37.1.2, newer than the source of conditions and values.
    (_ANN, "AnnotationCoordinateType"): {"values": _enumerated("2D", "3D")},
    (_ANN, "PixelOriginInterpretation"): {
        "required": "AnnotationCoordinateType == '2D'",
        "optional": False,
        "values": _enumerated("FRAME", "VOLUME"),
    },
    (_ANN, "ReferencedImageSequence"): {"required": "AnnotationCoordinateType == '2D'", "optional": True},
    (_ANN, "AnnotationGroupSequence"): {"items": (1, 0)},
    (_ANN, "AnnotationGroupSequence/AnnotationGroupGenerationType"): {
        "values": _enumerated("AUTOMATIC", "SEMIAUTOMATIC", "MANUAL")
    },
    (_ANN, "AnnotationGroupSequence/AnnotationGroupAlgorithmIdentificationSequence"): {
        "required": "AnnotationGroupGenerationType in ('AUTOMATIC', 'SEMIAUTOMATIC')",
        "optional": True,
    },
    (_ANN, "AnnotationGroupSequence/AnnotationPropertyCategoryCodeSequence"): {"items": (1, 1)},
    (_ANN, "AnnotationGroupSequence/AnnotationPropertyTypeCodeSequence"): {"items": (1, 1)},
    (_ANN, "AnnotationGroupSequence/GraphicType"): {
        "values": _enumerated("POINT", "POLYLINE", "POLYGON", "ELLIPSE", "RECTANGLE")
    },
    (_ANN, "AnnotationGroupSequence/PointCoordinatesData"): {
        "required": "not present(DoublePointCoordinatesData)",
        "optional": False,
    },
    (_ANN, "AnnotationGroupSequence/DoublePointCoordinatesData"): {
        "required": "not present(PointCoordinatesData)",
        "optional": False,
    },
    (_ANN, "AnnotationGroupSequence/LongPrimitivePointIndexList"): {
        "required": "GraphicType in ('POLYLINE', 'POLYGON')",
        "optional": False,
    },
    (_ANN, "AnnotationGroupSequence/AnnotationAppliesToAllOpticalPaths"): {"values": _YES_NO},
    (_ANN, "AnnotationGroupSequence/ReferencedOpticalPathIdentifier"): {
        "required": "AnnotationAppliesToAllOpticalPaths == 'NO'",
        "optional": False,
    },
    (_ANN, "AnnotationGroupSequence/AnnotationAppliesToAllZPlanes"): {
        "required": "near.AnnotationCoordinateType == '3D'",
        "optional": False,
        "values": _YES_NO,
    },
    ("microscopy-bulk-simple-annotations-series", "Modality"): {"values": _enumerated("ANN")},
    ("general-image", "ImageType"): {
        "values": [["E", 1, ["ORIGINAL", "DERIVED", "MIXED"]], ["E", 2, ["PRIMARY", "SECONDARY"]]]
    },
    ("sr-document-content", "ConceptNameCodeSequence"): {"type": "1"},
    ("graphic-annotation", "GraphicAnnotationSequence/GraphicObjectSequence/GraphicAnnotationUnits"): {
        "values": _enumerated("PIXEL", "DISPLAY", "MATRIX")
    },
    ("general-image", "PatientOrientation"): {
        "required": f"(SOPClassUID in {_PROJECTIONS!r} and not present(ImageOrientationPatient))"
        f" or (SOPClassUID in {_CAPTURES!r} and not present(SharedFunctionalGroupsSequence))",
        "optional": True,
    },
    **{
        ("*", f"{place}/{path}"): {"required": condition, "optional": True}
        for place in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
        for path, condition in (
            *((f"FrameContentSequence/{keyword}", _TIMED) for keyword in _FRAME_TIMES),
            ("CTExposureSequence/ExposureTimeInms", "frame.FrameType[1] == 'ORIGINAL'"),
        )
    },
    ("general-series", "PatientPosition"): {
        "required": f"SOPClassUID in {_CROSS_SECTIONS!r} and not present(PatientOrientationCodeSequence)",
        "optional": True,
    },
    # Functional groups, which came later, say what differs between frames as well.
    ("sc-multi-frame-image", "FrameIncrementPointer"): {
        "required": "NumberOfFrames > 1 and not present(SharedFunctionalGroupsSequence)",
        "optional": True,
    },
    ("multi-frame-dimension", "DimensionIndexSequence"): {
        "required": "not DimensionOrganizationType or DimensionOrganizationType != 'TILED_FULL'",
        "optional": True,
    },
    **{
        (module, keyword): {"required": "DimensionOrganizationType == 'TILED_FULL'", "optional": True}
        for module, keyword in (
            ("microscope-slide-layer-tile-organization", "TotalPixelMatrixFocalPlanes"),
            ("optical-path", "NumberOfOpticalPaths"),
        )
    },
    # Of whole slides it was type 1, of other tiled images required where tiles are placed on the slide.
    ("microscope-slide-layer-tile-organization", "ImageOrientationSlide"): {
        "required": "DimensionOrganizationType == 'TILED_FULL'"
        " or present(PerFrameFunctionalGroupsSequence.PlanePositionSlideSequence)"
        " or present(SharedFunctionalGroupsSequence.PlanePositionSlideSequence)",
        "optional": True,
    },
    **{
        ("whole-slide-microscopy-image", f"ImagedVolume{side}"): {
            "required": "ImageType[3] in ('VOLUME', 'THUMBNAIL')",
            "optional": True,
        }
        for side in ("Width", "Height", "Depth")
    },
    # The identity transformation of parametric maps (PS3.3 C.7.6.16.2.9b).
    **{
        (_PM_GROUPS, f"{place}/PixelValueTransformationSequence/{keyword}"): {"values": _enumerated(value)}
        for place in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
        for keyword, value in (("RescaleIntercept", "0"), ("RescaleSlope", "1"), ("RescaleType", "US"))
    },
    # A paired structure is one that Body Part Examined says is (PS3.16 annex L); of others nothing can be told.
    ("general-series", "Laterality"): {
        "required": f"BodyPartExamined in {_PAIRED!r} and not present(ImageLaterality)"
        " and not present(SharedFunctionalGroupsSequence) and not present(PerFrameFunctionalGroupsSequence)",
        "optional": True,
    },
    # Palettes are stored whole or segmented (PS3.3 C.7.9).
    **{
        ("palette-color-lookup-table", f"{color}PaletteColorLookupTableData"): {
            "required": f"not present(Segmented{color}PaletteColorLookupTableData)",
            "optional": True,
        }
        for color in ("Red", "Green", "Blue")
    },
    ("graphic-annotation", "GraphicAnnotationSequence/GraphicObjectSequence/GraphicFilled"): {"required": "unknown"},
    # Every content item carries the macro of its value type (PS3.3 table C.17-5), which the source lists as one.
    **{
        ("sr-document-content", f"{prefix}{keyword}"): {
            "type": kind,
            "required": f"ValueType in {types!r}",
            "optional": False,
        }
        for prefix in ("", "ContentSequence/")
        for keyword, kind, types in (
            ("ReferencedSOPSequence", "1C", ("COMPOSITE", "IMAGE", "WAVEFORM")),
            ("TemporalRangeType", "1C", ("TCOORD",)),
            ("ConceptCodeSequence", "1C", ("CODE",)),
            ("MeasuredValueSequence", "2C", ("NUM",)),
            ("TabulatedValuesSequence", "1C", ("TABLE",)),
            ("GraphicType", "1C", ("SCOORD", "SCOORD3D")),
            ("GraphicData", "1C", ("SCOORD", "SCOORD3D")),
            ("ReferencedFrameOfReferenceUID", "1C", ("SCOORD3D",)),
            ("ContinuityOfContent", "1C", ("CONTAINER",)),
        )
    },
    **{
        ("sr-document-content", f"{prefix}{keyword}"): {
            "required": "ValueType == 'TCOORD' and " + " and ".join(f"not present({other})" for other in others),
            "optional": True,
        }
        for prefix in ("", "ContentSequence/")
        for keyword, others in (
            ("ReferencedSamplePositions", ("ReferencedTimeOffsets", "ReferencedDateTime")),
            ("ReferencedTimeOffsets", ("ReferencedSamplePositions", "ReferencedDateTime")),
            ("ReferencedDateTime", ("ReferencedSamplePositions", "ReferencedTimeOffsets")),
        )
    },
    # A content item by reference has nothing but its relationship.
    ("sr-document-content", "ContentSequence/ValueType"): {
        "type": "1C",
        "required": "not present(ReferencedContentItemIdentifier)",
        "optional": False,
    },
    ("sr-document-content", "ContentSequence/ReferencedContentItemIdentifier"): {"required": "not present(ValueType)"},
    **{
        ("image-pixel", f"{color}PaletteColorLookupTableData"): {
            "required": "PhotometricInterpretation == 'PALETTE COLOR'"
            f" and not present(Segmented{color}PaletteColorLookupTableData)",
            "optional": True,
        }
        for color in ("Red", "Green", "Blue")
    },
    ("multi-frame-dimension", "DimensionOrganizationType"): {
        "values": _defined("3D", "3D_TEMPORAL", "TILED_FULL", "TILED_SPARSE")
    },
    ("multi-frame-dimension", "DimensionIndexSequence/FunctionalGroupPointer"): {"required": "unknown"},
    ("displayed-area", "DisplayedAreaSelectionSequence"): {"items": (1, 0)},
    ("sop-common", "CodingSchemeIdentificationSequence/CodingSchemeUID"): {"required": "unknown"},
    # Value types and relationships depend on the SR class; a check of its own judges them.
    ("*", "ValueType"): {"values": []},
    ("*", "ContentSequence/ValueType"): {"values": []},
    ("*", "ContentSequence/RelationshipType"): {"values": []},
}  # fmt: skip
_NOT_DISTORTED = "not present(near.VolumetricProperties) or near.VolumetricProperties not in ('DISTORTED', 'SAMPLED')"
ELSEWHERE: dict[str, dict[str, Any]] = {
    "CodingSchemeDesignator": {"required": "present(CodeValue) or present(LongCodeValue)", "optional": True},
    "MappingResource": {"required": "present(ContextIdentifier)", "optional": True},
    "ContextGroupVersion": {"required": "present(ContextIdentifier)", "optional": True},
    "WindowWidth": {"required": "present(WindowCenter)", "optional": True},
    **{
        f"{color}PaletteColorLookupTableData": {
            "required": f"not present(Segmented{color}PaletteColorLookupTableData)",
            "optional": True,
        }
        for color in ("Red", "Green", "Blue")
    },
    "InStackPositionNumber": {"required": "present(StackID)", "optional": False},
    "PixelSpacing": {"required": _NOT_DISTORTED, "optional": True},
    "SliceThickness": {"required": _NOT_DISTORTED, "optional": True},
    "ImagePositionPatient": {"required": _NOT_DISTORTED, "optional": True},
    "ImageOrientationPatient": {"required": _NOT_DISTORTED, "optional": True},
    "VolumetricProperties": {"values": _enumerated("VOLUME", "SAMPLED", "DISTORTED", "MIXED")},
    "PixelPresentation": {
        "values": _enumerated("MONOCHROME", "COLOR", "MIXED", "TRUE_COLOR", "COLOR_RANGE", "COLOR_REF")
    },
    "AnchorPointAnnotationUnits": {"values": _enumerated("PIXEL", "DISPLAY", "MATRIX")},
}
"""Of items of sequences, by the last keyword alone, and only where the sources leave it open."""
DROPPED_VALUES = frozenset({
    0x00420012,  # MIME Type of Encapsulated Document: depends on the IOD
    0x00209162,  # In-concatenation Number
    0x00209163,  # In-concatenation Total Number
    0x00209228,  # Concatenation Frame Offset Number
    0x0040A040,  # Value Type
    0x0040A010,  # Relationship Type
})  # fmt: skip
"""Attributes whose values in the source hold in some context only."""
LOOKED_UP = frozenset({
    "ContentQualification", "ContinuityOfContent", "FrameLaterality", "ObserverType", "OverlayType", "PatientSex",
    "PixelRepresentation", "PlanarConfiguration", "RescaleIntercept", "RescaleSlope", "SegmentAlgorithmType",
    "SpatialLocationsPreserved",
})  # fmt: skip
"""Attributes whose enumerated values later editions have as well, though dciodvfy does not look at them everywhere."""
MODULE_USAGES: dict[tuple[str, str], tuple[str, str]] = {
    ("secondary-capture-image", "modality-lut"): ("U", ""),
    ("segmentation", "palette-color-lookup-table"): ("C", "PhotometricInterpretation == 'PALETTE COLOR'"),
    ("segmentation", "icc-profile"): ("C", "PhotometricInterpretation == 'PALETTE COLOR'"),
    ("parametric-map", "image-pixel"): ("C", "present(PixelData)"),
    ("parametric-map", "floating-point-image-pixel"): ("C", "present(FloatPixelData)"),
    ("parametric-map", "double-floating-point-image-pixel"): ("C", "present(DoubleFloatPixelData)"),
    ("parametric-map", "palette-color-lookup-table"): ("C", "PixelPresentation == 'COLOR_RANGE'"),
}
OVERRIDING: list[tuple[str, str, str]] = [
    ("sc-equipment", "Modality", "general-series"),
    ("sc-multi-frame-image", "FrameIncrementPointer", "multi-frame"),
]
"""A module whose type of an attribute holds instead of that of another module beside it, as it says."""
# A frame of reference is the patient's unless the image is a slide's, which has a total pixel matrix or orientation.
_IN_PATIENT = dict.fromkeys(
    ("PlanePositionSequence", "PlaneOrientationSequence"),
    ("C", "FrameOfReferenceUID and not present(TotalPixelMatrixColumns) and not present(ImageOrientationSlide)"),
)
_REVOLVING = "SharedFunctionalGroupsSequence.CTAcquisitionTypeSequence.AcquisitionType != 'CONSTANT_ANGLE'"
MACRO_USAGES: dict[str, dict[str, tuple[str, str]]] = {
    "enhanced-ct-image": {"CTReconstructionSequence": ("C", f"ImageType[1] in ('ORIGINAL', 'MIXED') and {_REVOLVING}")},
    # A program of 2026 does not demand these, so later editions may have relaxed them.
    "breast-tomosynthesis-image": {"FrameVOILUTSequence": ("U", ""), "DerivationImageSequence": ("C", "")},
    "x-ray-3d-angiographic-image": {"DerivationImageSequence": ("C", "")},
    "x-ray-3d-craniofacial-image": {"DerivationImageSequence": ("C", "")},
    "enhanced-pet-image": {"FrameVOILUTSequence": ("U", ""), "RealWorldValueMappingSequence": ("U", "")},
    "ophthalmic-optical-coherence-tomography-b-scan-volume-analysis": {"ReferencedImageSequence": ("U", "")},
    "intravascular-optical-coherence-tomography-image": dict.fromkeys(
        ("FrameAnatomySequence", "FrameContentSequence", "IntravascularOCTFrameTypeSequence"), ("U", "")
    ),
    # Later editions leave these to the user, as the one of Legacy Converted Enhanced MR that could be looked up.
    **{
        f"legacy-converted-enhanced-{kind}-image": {
            "FrameVOILUTSequence": ("U", ""),
            "PixelValueTransformationSequence": ("U", ""),
            # Required where there are unassigned attributes, as their types say (1C).
            "UnassignedSharedConvertedAttributesSequence": ("C", ""),
            "UnassignedPerFrameConvertedAttributesSequence": ("C", ""),
        }
        for kind in ("ct", "mr", "pet")
    },
    # Both are M in the 2020a edition; a program of 2026 demands neither, so later ones may have relaxed them.
    "parametric-map": {"FrameAnatomySequence": ("U", ""), "FrameVOILUTSequence": ("U", ""), **_IN_PATIENT},
    "segmentation": {"SegmentIdentificationSequence": ("C", "SegmentationType != 'LABELMAP'"), **_IN_PATIENT},
}
SECTIONS: dict[str, str] = {
    _ANN: "PS3.3 C.37.1.2",
    "microscopy-bulk-simple-annotations-series": "PS3.3 C.37.1.1",
    "microscope-slide-layer-tile-organization": "PS3.3 C.8.12.14",
    "multi-resolution-pyramid": "PS3.3 C.7.11.1",
    "general-acquisition": "PS3.3 C.7.10.1",
    "segmentation-multi-frame-functional-groups": "PS3.3 C.7.6.16",
    "parametric-map-multi-frame-functional-groups": "PS3.3 C.7.6.16",
    "enhanced-patient-orientation": "PS3.3 C.7.6.30",
    "variable-modality-lut": "PS3.3 C.11.15",
}
