"""Concepts of the measurement report and what is under it (PS3.16 TID 1500, annex D)."""

from __future__ import annotations

from hdcore.content import Concept


def _dcm(value: str, meaning: str) -> Concept:
    return Concept(value, "DCM", meaning)


def _sct(value: str, meaning: str) -> Concept:
    return Concept(value, "SCT", meaning)


SOURCE = _sct("260753009", "Source")
NO_UNITS = Concept("1", "UCUM", "no units")
MILLIMETER = Concept("mm", "UCUM", "mm")
PIXELS = Concept("{pixels}", "UCUM", "Pixels")
RATIO = Concept("{-1:1}", "UCUM", "{-1:1}")

# TID 1500
IMAGING_MEASUREMENT_REPORT = _dcm("126000", "Imaging Measurement Report")
LANGUAGE = _dcm("121049", "Language of Content Item and Descendants")
ENGLISH = Concept("en-US", "RFC5646", "English (United States)")
PROCEDURE_REPORTED = _dcm("121058", "Procedure reported")
IMAGING_MEASUREMENTS = _dcm("126010", "Imaging Measurements")
DERIVED_IMAGING_MEASUREMENTS = _dcm("126011", "Derived Imaging Measurements")
QUALITATIVE_EVALUATIONS = Concept("C0034375", "UMLS", "Qualitative Evaluations")
MEASUREMENT_GROUP = _dcm("125007", "Measurement Group")

# TID 1600 and below
IMAGE_LIBRARY = _dcm("111028", "Image Library")
IMAGE_LIBRARY_GROUP = _dcm("126200", "Image Library Group")
MODALITY = _dcm("121139", "Modality")
FRAME_OF_REFERENCE_UID = _dcm("112227", "Frame of Reference UID")
PIXEL_DATA_ROWS = _dcm("110910", "Pixel Data Rows")
PIXEL_DATA_COLUMNS = _dcm("110911", "Pixel Data Columns")
PATIENT_ORIENTATION_ROW = _dcm("111044", "Patient Orientation Row")
PATIENT_ORIENTATION_COLUMN = _dcm("111043", "Patient Orientation Column")
HORIZONTAL_PIXEL_SPACING = _dcm("111026", "Horizontal Pixel Spacing")
VERTICAL_PIXEL_SPACING = _dcm("111066", "Vertical Pixel Spacing")
SLICE_THICKNESS = _dcm("112225", "Slice Thickness")
SPACING_BETWEEN_SLICES = _dcm("112226", "Spacing between slices")
IMAGE_POSITION = tuple(
    _dcm(f"1109{number:02}", f"Image Position (Patient) {axis}") for number, axis in enumerate("XYZ", 1)
)
IMAGE_ORIENTATION = tuple(
    _dcm(f"1109{number:02}", f"Image Orientation (Patient) {axis}")
    for number, axis in enumerate(("Row X", "Row Y", "Row Z", "Column X", "Column Y", "Column Z"), 4)
)

# TID 1006 and below
SUBJECT_CLASS = _dcm("121024", "Subject Class")
FETUS = _dcm("121026", "Fetus")
SPECIMEN = _dcm("121027", "Specimen")
DEVICE = _dcm("121007", "Device")
DEVICE_SUBJECT = _dcm("121192", "Device Subject")
FETUS_NUMBER = _dcm("121037", "Fetus Number")
SUBJECT_ID = _dcm("121030", "Subject ID")
SPECIMEN_UID = _dcm("121039", "Specimen UID")
SPECIMEN_IDENTIFIER = _dcm("121041", "Specimen Identifier")
SPECIMEN_TYPE = _sct("371439000", "Specimen Type")
SPECIMEN_CONTAINER_IDENTIFIER = _dcm("111700", "Specimen Container Identifier")
DEVICE_SUBJECT_NAME = _dcm("121193", "Device Subject Name")
DEVICE_SUBJECT_MANUFACTURER = _dcm("121194", "Device Subject Manufacturer")
DEVICE_SUBJECT_MODEL_NAME = _dcm("121195", "Device Subject Model Name")
DEVICE_SUBJECT_SERIAL_NUMBER = _dcm("121196", "Device Subject Serial Number")
DEVICE_SUBJECT_LOCATION = _dcm("121197", "Device Subject Physical Location during observation")
DEVICE_SUBJECT_UID = _dcm("121198", "Device Subject UID")

# TID 4019, 4108, 1502
ALGORITHM_NAME = _dcm("111001", "Algorithm Name")
ALGORITHM_VERSION = _dcm("111003", "Algorithm Version")
ALGORITHM_MANUFACTURER = _dcm("122405", "Algorithm Manufacturer")
ALGORITHM_PARAMETERS = _dcm("111002", "Algorithm Parameters")
ALGORITHM_FAMILY = _dcm("111000", "Algorithm Family")
TRACKING_IDENTIFIER = _dcm("112039", "Tracking Identifier")
TRACKING_UNIQUE_IDENTIFIER = _dcm("112040", "Tracking Unique Identifier")
TIME_POINT = Concept("C2348792", "UMLS", "Time Point")
TIME_POINT_TYPE = _dcm("126072", "Time Point Type")
TIME_POINT_ORDER = _dcm("126073", "Time Point Order")
SUBJECT_TIME_POINT_IDENTIFIER = _dcm("126070", "Subject Time Point Identifier")
PROTOCOL_TIME_POINT_IDENTIFIER = _dcm("126071", "Protocol Time Point Identifier")
LONGITUDINAL_TEMPORAL_OFFSET_FROM_EVENT = _dcm("128740", "Longitudinal Temporal Offset from Event")
LONGITUDINAL_TEMPORAL_EVENT_TYPE = _dcm("128741", "Longitudinal Temporal Event Type")

# TID 300, 310 to 312
MEASUREMENT_METHOD = _sct("370129005", "Measurement Method")
DERIVATION = _dcm("121401", "Derivation")
FINDING_SITE = _sct("363698007", "Finding Site")
LATERALITY = _sct("272741003", "Laterality")
TOPOGRAPHICAL_MODIFIER = _sct("106233006", "Topographical modifier")
NORMALITY = _dcm("121402", "Normality")
LEVEL_OF_SIGNIFICANCE = _dcm("121403", "Level of Significance")
SELECTION_STATUS = _dcm("121404", "Selection Status")
UPPER_UNCERTAINTY = _sct("371886008", "+, range of upper measurement uncertainty")
LOWER_UNCERTAINTY = _sct("371885007", "-, range of lower measurement uncertainty")
POPULATION_DESCRIPTION = _dcm("121405", "Population Description")
REFERENCE_AUTHORITY = _dcm("121406", "Reference Authority")
NORMAL_RANGE_DESCRIPTION = _dcm("121407", "Normal Range description")
NORMAL_RANGE_AUTHORITY = _dcm("121408", "Normal Range Authority")
SOURCE_OF_MEASUREMENT = _dcm("121112", "Source of Measurement")
REAL_WORLD_VALUE_MAP = _dcm("126100", "Real World Value Map used for measurement")

# TID 1410, 1411, 1501
ACTIVITY_SESSION = Concept("C67447", "NCIt", "Activity Session")
FINDING_CATEGORY = _sct("276214006", "Finding category")
FINDING = _dcm("121071", "Finding")
GEOMETRIC_PURPOSE = _dcm("130400", "Geometric purpose of region")
IMAGE_REGION = _dcm("111030", "Image Region")
REGION_IN_SPACE = _dcm("130488", "Region in Space")
REFERENCED_SEGMENTATION_FRAME = _dcm("121214", "Referenced Segmentation Frame")
REFERENCED_SEGMENT = _dcm("121191", "Referenced Segment")
VOLUME_SURFACE = _dcm("121231", "Volume Surface")
SOURCE_SERIES_FOR_SEGMENTATION = _dcm("121232", "Source Series for Segmentation")
SOURCE_IMAGE_FOR_SEGMENTATION = _dcm("121233", "Source Image for Segmentation")
