"""Profiles of viewers and archives: what they are publicly known to require or to break on.

This describes the releases of 2024 to 2026, with the public discussion where one is known. It is data: correct it where
a program has moved on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import InputError
from hdcore.validation.expectations import expects
from hdcore.validation.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydicom.dataset import Dataset

    from hdcore.validation.findings import Draft
    from hdcore.validation.rules import Rule

__all__ = ["PROFILES", "rules_of_profile"]

PROFILES = {
    "ohif": "OHIF Viewer 3",
    "weasis": "Weasis 4",
    "slim": "Slim microscopy viewer",
    "slicer": "3D Slicer with dcmqi",
    "orthanc": "Orthanc archive",
}
"""Title of each profile that the core has, by name."""
_OTHER_NAMES = {"3dslicer": "slicer"}

_SEG = "SOPClassUID in ('1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.66.7')"
_LABELMAP = "SOPClassUID == '1.2.840.10008.5.1.4.1.1.66.7'"
_PM = "SOPClassUID == '1.2.840.10008.5.1.4.1.1.30'"
_PR = "Modality == 'PR'"
_KO = "Modality == 'KO'"
_SR = "Modality == 'SR'"
_ANN = "SOPClassUID == '1.2.840.10008.5.1.4.1.1.91.1'"
_SLIDE = "SOPClassUID == '1.2.840.10008.5.1.4.1.1.77.1.6'"
_IN_PATIENT = "not present(TotalPixelMatrixColumns) and FrameOfReferenceUID"
_SOURCES = (
    "present(PerFrameFunctionalGroupsSequence.DerivationImageSequence.SourceImageSequence)"
    " or present(SharedFunctionalGroupsSequence.DerivationImageSequence.SourceImageSequence)"
)
_TEXT_REPORTS = ("1.2.840.10008.5.1.4.1.1.88.11", "1.2.840.10008.5.1.4.1.1.88.22")
_REFERENCED_SERIES = "pass the source images, so that Referenced Series Sequence lists them"

OHIF = (
    expects(
        "OHIF001", "ohif", "ReferencedSeriesSequence", "ReferencedSeriesSequence.SeriesInstanceUID", _SEG,
        reason="OHIF finds the image series of a segmentation by Referenced Series Sequence and refuses one without",
        remedy=_REFERENCED_SERIES, source="OHIF/Viewers#4030", severity="error",
    ),
    expects(
        "OHIF002", "ohif", "PerFrameFunctionalGroupsSequence", _SOURCES, f"{_SEG} and {_IN_PATIENT}",
        reason="OHIF lays frames over the source images named per frame and else falls back on positions, which fails"
        " where these differ in the last digit",
        remedy="keep the Derivation Image functional group with its Source Image Sequence",
        source="OHIF/Viewers#3936",
    ),
    expects(
        "OHIF003", "ohif", "SegmentsOverlap", "SegmentsOverlap != 'YES'", _SEG,
        reason="overlapping segments are shown by recent versions only, and not in 3D",
        remedy="write overlapping segments into separate objects",
    ),
    expects(
        "OHIF004", "ohif", "SOPClassUID", "False", _LABELMAP,
        reason="label map segmentations are read by releases since the summer of 2025 only",
        remedy="write segmentation_type='BINARY' for older installations", source="OHIF/Viewers#5158",
    ),
    expects(
        "OHIF005", "ohif", "SegmentationType", "SegmentationType != 'FRACTIONAL'", _SEG,
        reason="fractional values are not shown as such, if at all",
        remedy="write a binary segmentation, or a parametric map of the probabilities",
    ),
    expects(
        "OHIF006", "ohif", "DoubleFloatPixelData", "not present(DoubleFloatPixelData)", _PM,
        reason="images of 64-bit floats are hardly supported in browsers",
        remedy="pass an array of dtype float32",
    ),
    expects(
        "OHIF007", "ohif", "SOPClassUID", f"SOPClassUID not in {_TEXT_REPORTS!r}", _SR,
        reason="measurements are restored from reports with coordinates only, other reports are shown as text",
        remedy="write a Comprehensive or Comprehensive 3D report of TID 1500", severity="info",
    ),
)  # fmt: skip
WEASIS = (
    expects(
        "WEASIS001", "weasis", "ReferencedSeriesSequence", "present(ReferencedSeriesSequence)", f"{_SEG} or {_PR}",
        reason="Weasis attaches the object to images by Referenced Series Sequence and shows it nowhere without",
        remedy=_REFERENCED_SERIES, severity="error",
    ),
    expects(
        "WEASIS002", "weasis", "PerFrameFunctionalGroupsSequence", _SOURCES, f"{_SEG} and {_IN_PATIENT}",
        reason="contours are attached to the source images named per frame",
        remedy="keep the Derivation Image functional group with its Source Image Sequence",
    ),
    expects(
        "WEASIS003", "weasis", "CurrentRequestedProcedureEvidenceSequence",
        "present(CurrentRequestedProcedureEvidenceSequence)", _KO,
        reason="key images are found by the evidence sequence",
        remedy="pass the images as evidence", severity="error",
    ),
    expects(
        "WEASIS004", "weasis", "SegmentationType", "SegmentationType == 'BINARY'", _SEG,
        reason="fractional and label map segmentations were not shown before the summer of 2026",
        remedy="write segmentation_type='BINARY' for older installations", source="nroduit/Weasis#815",
    ),
)  # fmt: skip
SLIM = (
    expects(
        "SLIM001", "slim", "FrameOfReferenceUID", "FrameOfReferenceUID", f"{_SEG} or {_PM} or {_ANN} or {_SLIDE}",
        reason="Slim matches objects with slides by their frame of reference",
        remedy="copy Frame of Reference UID of the slide", severity="error",
    ),
    expects(
        "SLIM002", "slim", "TotalPixelMatrixColumns", "present(TotalPixelMatrixColumns)", f"{_SEG} or {_PM}",
        reason="Slim shows tiled segmentations and parametric maps of slides only",
        remedy="make the object from the slide image with tile_pixel_array=True", severity="error",
    ),
    expects(
        "SLIM003", "slim", "PixelOriginInterpretation", "PixelOriginInterpretation != 'FRAME'", _ANN,
        reason="annotations whose pixels are counted from a frame are placed wrongly",
        remedy="give coordinates in the total pixel matrix (VOLUME)", severity="error",
    ),
    expects(
        "SLIM004", "slim", "SOPClassUID", "SOPClassUID == '1.2.840.10008.5.1.4.1.1.88.34'", _SR,
        reason="regions of interest are shown from three-dimensional coordinates (SCOORD3D) only",
        remedy="write a Comprehensive 3D report with ImageRegion3D",
        source="ImagingDataCommons/dicom-microscopy-viewer#7", severity="error",
    ),
    expects(
        "SLIM005", "slim", "ContainerIdentifier", "ContainerIdentifier", f"{_SLIDE} or {_ANN}",
        reason="images and annotations are grouped into slides by Container Identifier",
        remedy="copy the specimen attributes of the slide",
    ),
    expects(
        "SLIM006", "slim", "SegmentationType", "SegmentationType != 'LABELMAP'", _SEG,
        reason="label map segmentations are not shown by all releases",
        remedy="write segmentation_type='BINARY' or 'FRACTIONAL'", source="ImagingDataCommons/slim#430",
    ),
    expects(
        "SLIM007", "slim", "ICCProfile", "present(OpticalPathSequence.ICCProfile)",
        f"{_SLIDE} and SamplesPerPixel == 3",
        reason="colours are shown uncorrected without an ICC profile",
        remedy="keep the ICC profile of the scanner in the optical path",
    ),
    expects(
        "SLIM008", "slim", "DimensionOrganizationType", "DimensionOrganizationType != 'TILED_FULL'",
        f"{_SEG} and SegmentationType == 'FRACTIONAL' and count(SegmentSequence) > 1",
        reason="fractional segmentations of several segments are shown as empty where they are tiled in full",
        remedy="write an object for each segment, or dimension_organization_type='TILED_SPARSE'",
        source="ImagingDataCommons/slim#223", severity="error",
    ),
)  # fmt: skip
SLICER = (
    expects(
        "SLICER001", "slicer", "SegmentationType", "SegmentationType != 'FRACTIONAL'", _SEG,
        reason="dcmqi, with which Slicer reads segmentations, does not read fractional ones",
        remedy="write a binary segmentation, or a parametric map of the probabilities",
        source="QIICR/dcmqi#356", severity="error",
    ),
    expects(
        "SLICER002", "slicer", "SegmentationType", "SegmentationType != 'LABELMAP'", _SEG,
        reason="label map segmentations are read by recent releases of dcmqi only",
        remedy="write segmentation_type='BINARY' for older installations", source="QIICR/dcmqi#536",
    ),
    expects(
        "SLICER003", "slicer", "TotalPixelMatrixColumns", "not present(TotalPixelMatrixColumns)", f"{_SEG} or {_PM}",
        reason="Slicer places images in the patient and cannot load those of slides",
        remedy="use a microscopy viewer", severity="error",
    ),
    expects(
        "SLICER004", "slicer", "FloatPixelData", "present(FloatPixelData)", _PM,
        reason="dcmqi reads parametric maps of 32-bit floats only",
        remedy="pass an array of dtype float32", severity="error",
    ),
    expects(
        "SLICER005", "slicer", "ReferencedSeriesSequence", "present(ReferencedSeriesSequence)", f"{_SEG} or {_PM}",
        reason="the source series is loaded beside the object by Referenced Series Sequence",
        remedy=_REFERENCED_SERIES,
    ),
    expects(
        "SLICER006", "slicer", "SegmentSequence", "SegmentSequence.RecommendedDisplayCIELabValue", _SEG,
        reason="segments without a recommended colour are all shown in one",
        remedy="pass display_color to each segment description", severity="info",
    ),
)  # fmt: skip
ORTHANC = (
    *(
        expects(
            f"ORTHANC00{number}", "orthanc", keyword, keyword,
            reason="Orthanc refuses instances without it",
            remedy="give the identifier a value", severity="error",
        )
        for number, keyword in enumerate(("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"), start=1)
    ),
    expects(
        "ORTHANC004", "orthanc", "PatientID", "PatientID",
        reason="all instances without a Patient ID become those of one patient",
        remedy="give each patient an identifier",
    ),
    expects(
        "ORTHANC005", "orthanc", "SOPClassUID", "False", f"{_LABELMAP} or {_ANN}",
        reason="C-STORE refuses storage classes newer than the DICOM toolkit that Orthanc was built with",
        remedy="set UnknownSopClassAccepted, or upload over HTTP",
    ),
)  # fmt: skip

_LARGEST = 2**31
_DECODED_BY_OHIF = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5")


@rule("OHIF008", severity="warning", profile="ohif")
def segmentation_is_encoded_plainly(dataset: Dataset) -> Iterator[Draft]:
    """OHIF decodes segmentations that are uncompressed or RLE compressed; write Explicit VR Little Endian."""
    from hdcore.validation.findings import finding

    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if dataset.Modality == "SEG" and syntax not in _DECODED_BY_OHIF:
        yield finding("PixelData", f"is in transfer syntax {syntax}")


@rule("OHIF009", severity="warning", profile="ohif", ref="Project-MONAI/monai-deploy-app-sdk#397")
def segmentation_has_all_frames(dataset: Dataset) -> Iterator[Draft]:
    """Older releases of OHIF misplace segments where frames without any are left out; pass omit_empty_frames=False."""
    from hdcore.validation.findings import finding

    if dataset.Modality != "SEG" or "TotalPixelMatrixColumns" in dataset:
        return
    images = sum(len(series.ReferencedInstanceSequence) for series in dataset.ReferencedSeriesSequence)
    segments = 1 if dataset.SegmentationType == "LABELMAP" else len(dataset.SegmentSequence)
    if images > 1 and int(dataset.NumberOfFrames) < images * segments:
        counted = f"{images} images" if segments == 1 else f"{segments} segments in {images} images"
        yield finding("NumberOfFrames", f"is {dataset.NumberOfFrames} for {counted}")


@rule("ORTHANC006", severity="warning", profile="orthanc")
def instance_is_not_larger_than_two_gigabytes(dataset: Dataset) -> Iterator[Draft]:
    """Uploads over two gigabytes fail on many installations; compress the object or split it."""
    from hdcore.validation.findings import finding

    for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"):
        element = dataset.get_item(keyword) if keyword in dataset else None
        size = len(element.value or b"") if element is not None else 0
        if size > _LARGEST:
            yield finding(keyword, f"has {size / 1e9:.1f} GB")


RULES: tuple[Rule, ...] = (
    *OHIF,
    segmentation_is_encoded_plainly,
    segmentation_has_all_frames,
    *WEASIS,
    *SLIM,
    *SLICER,
    *ORTHANC,
    instance_is_not_larger_than_two_gigabytes,
)


def rules_of_profile(profile: str | None, others: Iterable[Rule] = ()) -> list[Rule]:
    """Give the rules of a profile.

    Parameters
    ----------
    profile: str | None
        Its name, in any case, such as ``"ohif"``; ``"3D Slicer"`` is ``"slicer"``. None for none.
    others: Iterable[hdcore.validation.Rule], optional
        Rules of plugins, some of which may belong to profiles, also to ones that the core does not have.

    Returns
    -------
    list[hdcore.validation.Rule]
        Rules of the standard and of this profile: those given, then the core's.

    Raises
    ------
    hdcore.errors.InputError
        If nobody has a profile of this name.
    """
    given = list(others)
    if profile is not None:
        profile = profile.lower().replace(" ", "")
        profile = _OTHER_NAMES.get(profile, profile)
    names = sorted({*PROFILES, *(one.profile for one in given if one.profile)})
    if profile is not None and profile not in names:
        raise InputError(f"There is no profile {profile!r}; expected one of {', '.join(names)}.")
    return [one for one in (*given, *RULES) if one.profile in ("", profile)]
