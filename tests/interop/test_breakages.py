"""Break valid objects in many ways and see who notices: our validation, and dciodvfy as the measure."""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

import hdcore
from hdcore.testing.interop import dciodvfy

if TYPE_CHECKING:
    import pytest

Break = Callable[[Dataset], None]

ALL = ("ct", "mr", "seg", "pm", "sc", "pr", "legacy", "sr", "ko", "ann")
IMAGES = ("ct", "mr", "seg", "pm", "sc", "legacy")
# The rescaling of an input of blending, which its definition has no place for, is an extension that windows need.
EXTENDED = {"pr.advanced_blending": {"IOD003"}}
BREAKAGES: list[tuple[str, str, Break]] = []


def _raw(dataset: Dataset, keyword: str, vr: str, value: bytes) -> None:
    """Put bytes that pydicom would refuse to encode."""
    tag = Tag(keyword)
    dataset[tag] = RawDataElement(tag, vr, len(value), value, 0, False, True)


def _at(path: str) -> Callable[[Dataset], tuple[Dataset, str]]:
    *steps, last = path.split("/")

    def find(dataset: Dataset) -> tuple[Dataset, str]:
        for step in steps:
            keyword, _, number = step.partition("[")
            dataset = dataset[keyword].value[int(number.rstrip("]") or 0) if number else 0]
        return dataset, last

    return find


def _deleted(path: str) -> Break:
    def act(dataset: Dataset) -> None:
        item, keyword = _at(path)(dataset)
        del item[keyword]

    return act


def _emptied(path: str) -> Break:
    def act(dataset: Dataset) -> None:
        item, keyword = _at(path)(dataset)
        item[keyword].value = [] if item[keyword].VR == "SQ" else None

    return act


def _set(path: str, value: Any) -> Break:
    def act(dataset: Dataset) -> None:
        item, keyword = _at(path)(dataset)
        setattr(item, keyword, value)

    return act


def _bytes(path: str, vr: str, value: bytes) -> Break:
    def act(dataset: Dataset) -> None:
        item, keyword = _at(path)(dataset)
        _raw(item, keyword, vr, value)

    return act


def _repeated(path: str) -> Break:
    """Give a sequence its first item twice."""

    def act(dataset: Dataset) -> None:
        item, keyword = _at(path)(dataset)
        item[keyword].value.append(item[keyword].value[0])

    return act


def _broken(kinds: tuple[str, ...] | str, name: str, act: Break) -> None:
    BREAKAGES.extend((kind, name, act) for kind in ((kinds,) if isinstance(kinds, str) else kinds))


def _declare_common() -> None:
    _broken(ALL, "no StudyInstanceUID", _deleted("StudyInstanceUID"))
    _broken(ALL, "empty SeriesInstanceUID", _emptied("SeriesInstanceUID"))
    _broken(ALL, "no Modality", _deleted("Modality"))
    _broken(ALL, "no PatientID", _deleted("PatientID"))
    _broken(ALL, "month 13", _bytes("StudyDate", "DA", b"20201341"))
    _broken(ALL, "hour 25", _bytes("StudyTime", "TM", b"256199"))
    _broken(ALL, "sex X", _set("PatientSex", "X"))
    _broken(ALL, "UID with leading zero", _bytes("FrameOfReferenceUID", "UI", b"1.2.03.4"))
    _broken(ALL, "character set unknown", _bytes("SpecificCharacterSet", "CS", b"ISO_IR 999"))
    _broken(("ct", "pm", "sr", "pr"), "name not in character set", _name_not_in_character_set)
    _broken(("mr", "seg", "ko", "ann"), "two patient IDs", _bytes("PatientID", "LO", b"A\\B "))
    _broken(("ct", "sc", "sr", "legacy"), "study description too long", _bytes("StudyDescription", "LO", b"x" * 70))
    _broken(("mr", "pm", "ko", "pr"), "age without unit", _bytes("PatientAge", "AS", b"42  "))
    _broken(("ct", "seg", "ann"), "decimal that is none", _bytes("PatientWeight", "DS", b"heavy "))
    _broken(("sc", "sr", "legacy"), "lower case code string", _bytes("Modality", "CS", b"ot"))
    _broken(("mr", "pr", "ann"), "series number not a number", _bytes("SeriesNumber", "IS", b"one "))


def _name_not_in_character_set(dataset: Dataset) -> None:
    assert dataset.SpecificCharacterSet == "ISO_IR 192"
    _raw(dataset, "PatientName", "PN", b"M\xfcller^A")


def _declare_images() -> None:
    _broken(IMAGES, "no Rows", _deleted("Rows"))
    _broken(IMAGES, "no PhotometricInterpretation", _deleted("PhotometricInterpretation"))
    _broken(("ct", "mr", "seg", "sc", "legacy"), "high bit wrong", lambda ds: _set("HighBit", ds.HighBit + 1)(ds))
    _broken(("ct", "mr", "sc", "legacy"), "more bits than allocated", _set("BitsStored", 32))
    _broken(("ct", "mr", "seg", "sc", "legacy"), "pixel data too short", _shorter("PixelData"))
    _broken("pm", "pixel data too short", _shorter("FloatPixelData"))
    _broken(("ct", "mr", "sc"), "RGB of one sample", _set("PhotometricInterpretation", "RGB"))
    _broken(("ct", "mr"), "no ImagePositionPatient", _deleted("ImagePositionPatient"))
    _broken(("ct", "mr"), "no PixelSpacing", _deleted("PixelSpacing"))
    _broken(("ct", "mr"), "orientation of five numbers", _bytes("ImageOrientationPatient", "DS", b"1\\0\\0\\0\\1 "))
    _broken(("ct", "mr"), "orientation not a unit vector", _set("ImageOrientationPatient", [1, 1, 0, 0, 1, 0]))
    _broken(("ct", "mr"), "spacing negative", _set("PixelSpacing", [-1, 1]))
    _broken("ct", "no RescaleSlope", _deleted("RescaleSlope"))
    _broken("ct", "no KVP", _deleted("KVP"))
    _broken("ct", "image type of one value", _set("ImageType", "ORIGINAL"))
    _broken("ct", "image type odd", _set("ImageType", ["STRANGE", "PRIMARY", "AXIAL"]))
    _broken("ct", "two samples", _set("SamplesPerPixel", 2))
    _broken("mr", "no ScanningSequence", _deleted("ScanningSequence"))
    _broken("mr", "MRAcquisitionType 4D", _set("MRAcquisitionType", "4D"))
    _broken("mr", "no EchoTime", _deleted("EchoTime"))
    _broken("sc", "no ConversionType", _deleted("ConversionType"))
    _broken("sc", "lossy flag 2", _set("LossyImageCompression", "02"))
    _broken("ct", "window without width", _window_without_width)
    _broken("ct", "two windows of one width", _windows([40, 50], [400]))
    _broken("ct", "second window of no width", _windows([40, 50], [400, 0]))
    _broken("ct", "table of too few entries", _short_table)
    _broken("ct", "palette without table", _set("PhotometricInterpretation", "PALETTE COLOR"))


def _windows(centers: list[float], widths: list[float]) -> Break:
    def act(dataset: Dataset) -> None:
        dataset.WindowCenter, dataset.WindowWidth = centers, widths

    return act


def _short_table(dataset: Dataset) -> None:
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [256, 0, 16])
    table.add_new("LUTData", "OW", bytes(100))
    dataset.VOILUTSequence = [table]


def _window_without_width(dataset: Dataset) -> None:
    dataset.WindowCenter = 40
    dataset.pop("WindowWidth", None)


def _shorter(keyword: str) -> Break:
    def act(dataset: Dataset) -> None:
        dataset[keyword].value = dataset[keyword].value[:-2]

    return act


FRAME = "PerFrameFunctionalGroupsSequence[1]"
SHARED = "SharedFunctionalGroupsSequence"


def _declare_multiframe() -> None:
    frames = ("seg", "pm", "legacy")
    _broken(frames, "a frame less", lambda ds: ds.PerFrameFunctionalGroupsSequence.pop())
    _broken(frames, "number of frames wrong", lambda ds: _set("NumberOfFrames", ds.NumberOfFrames + 1)(ds))
    _broken(frames, "no shared groups", _deleted(SHARED))
    _broken(frames, "no frame content", _deleted(f"{FRAME}/FrameContentSequence"))
    _broken(("seg", "pm"), "index values too many", _set(f"{FRAME}/FrameContentSequence/DimensionIndexValues", [1] * 5))
    _broken(frames, "no plane position", _deleted(f"{FRAME}/PlanePositionSequence"))
    _broken(("seg", "pm"), "empty plane position", _emptied(f"{FRAME}/PlanePositionSequence"))
    _broken(frames, "shared and per frame", _shared_and_per_frame)
    _broken(
        ("seg", "pm"),
        "dimension of unknown organization",
        _set("DimensionIndexSequence/DimensionOrganizationUID", "1.2.3"),
    )
    _broken(("seg", "pm"), "dimension index pointer missing", _deleted("DimensionIndexSequence/DimensionIndexPointer"))
    _broken("seg", "no segments", _deleted("SegmentSequence"))
    _broken("seg", "no segment label", _deleted("SegmentSequence/SegmentLabel"))
    _broken("seg", "algorithm type odd", _set("SegmentSequence/SegmentAlgorithmType", "GUESSED"))
    _broken("seg", "no algorithm name", _without_algorithm_name)
    _broken("seg", "no property type", _deleted("SegmentSequence/SegmentedPropertyTypeCodeSequence"))
    _broken("seg", "two property categories", _repeated("SegmentSequence/SegmentedPropertyCategoryCodeSequence"))
    _broken("seg", "segmentation type odd", _set("SegmentationType", "OTHER"))
    _broken("seg", "binary of 8 bits", _set("BitsAllocated", 8))
    _broken("seg", "no content label", _deleted("ContentLabel"))
    _broken("seg", "content label lower case", _bytes("ContentLabel", "CS", b"seg lab "))
    _broken("seg", "source not listed", _deleted("ReferencedSeriesSequence"))
    _broken("seg", "tracking UID without ID", _deleted("SegmentSequence/TrackingID"))
    _broken("seg.fractional", "no fractional type", _deleted("SegmentationFractionalType"))
    _broken("seg.fractional", "no maximum", _deleted("MaximumFractionalValue"))
    _broken("seg.fractional", "image type original", _set("ImageType", ["ORIGINAL", "PRIMARY"]))
    _broken("seg.labelmap", "identification of 1 bit", _set("BitsStored", 1))
    _broken("pm", "no mapping", _without_mapping)
    _broken("pm", "no quantity units", _deleted(f"{SHARED}/RealWorldValueMappingSequence/MeasurementUnitsCodeSequence"))
    _broken("pm", "no recognizable features", _deleted("RecognizableVisualFeatures"))
    _broken("pm", "recognizable features odd", _set("RecognizableVisualFeatures", "PERHAPS"))
    _broken("pm", "content qualification odd", _set("ContentQualification", "TOY"))
    _broken("pm", "float of 16 bits", _set("BitsAllocated", 16))
    _broken("legacy", "no acquisition frame type", _deleted(f"{SHARED}/CTImageFrameTypeSequence"))
    _broken("legacy", "no image type", _deleted("ImageType"))
    _broken("enhanced", "two geometries", _repeated(f"{SHARED}/CTGeometrySequence"))
    _broken("enhanced", "no reconstruction", _deleted(f"{SHARED}/CTReconstructionSequence"))
    _broken("enhanced", "no exposure time", _deleted(f"{SHARED}/CTExposureSequence/ExposureTimeInms"))
    _broken("enhanced", "frame at no time", _deleted(f"{FRAME}/FrameContentSequence/FrameReferenceDateTime"))
    _broken("enhanced", "no content qualification", _deleted("ContentQualification"))
    _broken("slide", "frame of reference elsewhere", _set("PositionReferenceIndicator", "NASION"))
    _broken("slide", "tiles placed, matrix not oriented", _placed_without_orientation)
    _broken("slide", "volume of no depth", _set("ImagedVolumeDepth", 0.0))
    _broken(("seg", "slide"), "empty frame of reference", _emptied("FrameOfReferenceUID"))
    _broken("seg", "frame of two segments", _frame_of_two_segments)
    _broken("pm", "derived in no way", _deleted(f"{FRAME}/DerivationImageSequence/DerivationCodeSequence"))
    _broken("us", "increment of nothing", _bytes("FrameIncrementPointer", "AT", b"\x09\x00\x10\x10"))
    _broken("sc.multiframe", "no orientation", _deleted("PatientOrientation"))
    _broken("ct", "creator of another representation", _bytes("00090010", "SH", b"MAKER "))
    _broken("legacy", "presentation LUT shape odd", _set("PresentationLUTShape", "WAVY"))


def _placed_without_orientation(dataset: Dataset) -> None:
    dataset.DimensionOrganizationType = "TILED_SPARSE"
    dataset.DimensionIndexSequence = [Dataset() for _ in ("row", "column")]
    for item, keyword in zip(dataset.DimensionIndexSequence, ("Row", "Column"), strict=True):
        item.DimensionIndexPointer = Tag(f"{keyword}PositionInTotalImagePixelMatrix")
        item.FunctionalGroupPointer = Tag("PlanePositionSlideSequence")
        item.DimensionOrganizationUID = dataset.DimensionOrganizationSequence[0].DimensionOrganizationUID
    dataset.PerFrameFunctionalGroupsSequence = [_placed(number) for number in range(dataset.NumberOfFrames)]
    del dataset.ImageOrientationSlide


def _placed(number: int) -> Dataset:
    frame, content, position = Dataset(), Dataset(), Dataset()
    content.DimensionIndexValues = [1, number + 1]
    position.RowPositionInTotalImagePixelMatrix, position.ColumnPositionInTotalImagePixelMatrix = 1, number + 1
    position.XOffsetInSlideCoordinateSystem = position.YOffsetInSlideCoordinateSystem = number
    position.ZOffsetInSlideCoordinateSystem = 0
    frame.FrameContentSequence, frame.PlanePositionSlideSequence = [content], [position]
    return frame


def _without_algorithm_name(dataset: Dataset) -> None:
    dataset.SegmentSequence[0].pop("SegmentAlgorithmName", None)


def _frame_of_two_segments(dataset: Dataset) -> None:
    for item in (*dataset.SharedFunctionalGroupsSequence, *dataset.PerFrameFunctionalGroupsSequence):
        for identification in item.get("SegmentIdentificationSequence", ()):
            identification.ReferencedSegmentNumber = [1, 1]


def _without_mapping(dataset: Dataset) -> None:
    for item in (*dataset.SharedFunctionalGroupsSequence, *dataset.PerFrameFunctionalGroupsSequence):
        item.pop("RealWorldValueMappingSequence", None)


def _shared_and_per_frame(dataset: Dataset) -> None:
    frames, shared = dataset.PerFrameFunctionalGroupsSequence, dataset.SharedFunctionalGroupsSequence[0]
    shared.PlanePositionSequence = frames[0].PlanePositionSequence


def _declare_documents() -> None:
    both = ("sr", "ko")
    _broken(both, "no root value type", _deleted("ValueType"))
    _broken(both, "no title", _deleted("ConceptNameCodeSequence"))
    _broken(both, "no continuity", _deleted("ContinuityOfContent"))
    _broken(both, "continuity odd", _set("ContinuityOfContent", "LOOSE"))
    _broken(both, "no evidence", _deleted("CurrentRequestedProcedureEvidenceSequence"))
    _broken(both, "value type odd", _set("ContentSequence/ValueType", "PICTURE"))
    _broken(both, "no relationship", _deleted("ContentSequence/RelationshipType"))
    _broken(both, "relationship odd", _set("ContentSequence/RelationshipType", "LIKES"))
    _broken(both, "no content date", _deleted("ContentDate"))
    _broken("sr", "no completion flag", _deleted("CompletionFlag"))
    _broken("sr", "verification flag odd", _set("VerificationFlag", "MAYBE"))
    _broken("sr", "verified by nobody", _set("VerificationFlag", "VERIFIED"))
    _broken("sr", "code without meaning", _deleted("ConceptNameCodeSequence/CodeMeaning"))
    _broken("sr", "code without scheme", _deleted("ConceptNameCodeSequence/CodingSchemeDesignator"))
    _broken("sr", "code without value", _deleted("ConceptNameCodeSequence/CodeValue"))
    _broken(
        "sr",
        "number without units",
        _in_content("NUM", lambda i: i.MeasuredValueSequence[0].pop("MeasurementUnitsCodeSequence")),
    )
    _broken("sr", "number without value", _in_content("NUM", lambda i: i.MeasuredValueSequence[0].pop("NumericValue")))
    _broken(
        "sr", "circle of three points", _in_content("SCOORD", lambda i: setattr(i, "GraphicData", [1.0, 1, 2, 2, 3, 3]))
    )
    _broken("sr", "graphic type odd", _in_content("SCOORD", lambda i: setattr(i, "GraphicType", "BLOB")))
    _broken("sr", "graphic without data", _in_content("SCOORD", lambda i: i.pop("GraphicData")))
    _broken("sr", "code item without code", _in_content("CODE", lambda i: i.pop("ConceptCodeSequence")))
    _broken("sr", "image not in evidence", _in_content("IMAGE", _other_instance))
    _broken("ko", "image not in evidence", _in_content("IMAGE", _other_instance))
    _broken(
        "ko",
        "image without class",
        _in_content("IMAGE", lambda i: i.ReferencedSOPSequence[0].pop("ReferencedSOPClassUID")),
    )
    _broken("ko", "number in a key object selection", _number_in_selection)
    _broken("ko", "modality SR", _set("Modality", "SR"))


def _other_instance(item: Dataset) -> None:
    item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID = "1.2.3.4"


def _in_content(value_type: str, act: Callable[[Dataset], object]) -> Break:
    def walk(item: Dataset) -> bool:
        if item.get("ValueType") == value_type:
            act(item)
            return True
        return any(walk(child) for child in item.get("ContentSequence", ()))

    def broken(dataset: Dataset) -> None:
        assert walk(dataset)

    return broken


def _number_in_selection(dataset: Dataset) -> None:
    from pydicom.sr.codedict import codes

    units, number, value = Dataset(), Dataset(), Dataset()
    for item, code in ((units, codes.UCUM.Millimeter), (number, codes.SCT.Length)):
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    value.NumericValue, value.MeasurementUnitsCodeSequence = 1, [units]
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "NUM"
    item.ConceptNameCodeSequence, item.MeasuredValueSequence = [number], [value]
    dataset.ContentSequence.append(item)


def _declare_presentations_and_annotations() -> None:
    annotation, graphic = "GraphicAnnotationSequence", "GraphicAnnotationSequence/GraphicObjectSequence"
    area = "DisplayedAreaSelectionSequence"
    _broken("pr", "no content label", _deleted("ContentLabel"))
    _broken("pr", "no creation date", _deleted("PresentationCreationDate"))
    _broken("pr", "no displayed area", _deleted(area))
    _broken("pr", "size mode odd", _set(f"{area}/PresentationSizeMode", "HUGE"))
    _broken("pr", "no bottom right", _deleted(f"{area}/DisplayedAreaBottomRightHandCorner"))
    _broken("pr", "no references", _deleted("ReferencedSeriesSequence"))
    _broken("pr", "graphic layer unknown", _set(f"{annotation}/GraphicLayer", "OTHER"))
    _broken("pr", "graphic type odd", _set(f"{graphic}/GraphicType", "BLOB"))
    _broken("pr", "graphic points miscounted", _set(f"{graphic}/NumberOfGraphicPoints", 7))
    _broken("pr", "graphic units odd", _set(f"{graphic}/GraphicAnnotationUnits", "FEET"))
    _broken("pr", "no text", _deleted(f"{annotation}/TextObjectSequence/UnformattedTextValue"))
    _broken("pr", "window without width", _deleted("SoftcopyVOILUTSequence/WindowWidth"))
    _broken("pr", "no presentation LUT", _without_presentation_lut)
    _broken("pr", "layer without order", _deleted("GraphicLayerSequence/GraphicLayerOrder"))
    group = "AnnotationGroupSequence"
    _broken("ann", "no coordinate type", _deleted("AnnotationCoordinateType"))
    _broken("ann", "coordinate type odd", _set("AnnotationCoordinateType", "4D"))
    _broken("ann", "no groups", _deleted(group))
    _broken("ann", "no group UID", _deleted(f"{group}/AnnotationGroupUID"))
    _broken("ann", "no group label", _deleted(f"{group}/AnnotationGroupLabel"))
    _broken("ann", "graphic type odd", _set(f"{group}/GraphicType", "BLOB"))
    _broken("ann", "no coordinates", _without_coordinates)
    _broken("ann", "no point index", _deleted(f"{group}/LongPrimitivePointIndexList"))
    _broken("ann", "generation type odd", _set(f"{group}/AnnotationGroupGenerationType", "GUESSED"))
    _broken("ann", "no algorithm", _deleted(f"{group}/AnnotationGroupAlgorithmIdentificationSequence"))
    _broken("ann", "no number of annotations", _deleted(f"{group}/NumberOfAnnotations"))
    _broken("ann", "annotations miscounted", _set(f"{group}/NumberOfAnnotations", 5))
    _broken("ann", "no property category", _deleted(f"{group}/AnnotationPropertyCategoryCodeSequence"))
    _broken("ann", "group number 0", _set(f"{group}/AnnotationGroupNumber", 0))
    _broken("ann", "image not referenced", _deleted("ReferencedImageSequence"))
    _broken("ann", "image not listed", _deleted("ReferencedSeriesSequence"))


def _without_coordinates(dataset: Dataset) -> None:
    dataset.AnnotationGroupSequence[0].pop("PointCoordinatesData", None)
    dataset.AnnotationGroupSequence[0].pop("DoublePointCoordinatesData", None)


def _without_presentation_lut(dataset: Dataset) -> None:
    dataset.pop("PresentationLUTShape", None)
    dataset.pop("PresentationLUTSequence", None)


_declare_common()
_declare_images()
_declare_multiframe()
_declare_documents()
_declare_presentations_and_annotations()


def _broken_content(content: bytes, act: Break) -> bytes:
    dataset = pydicom.dcmread(io.BytesIO(content))
    act(dataset)
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def test_there_are_enough_breakages() -> None:
    assert len(BREAKAGES) >= 150
    assert {kind.partition(".")[0] for kind, _, _ in BREAKAGES} > set(ALL)


def test_what_hdcore_makes_is_clean(valid_objects: dict[str, bytes], tmp_path: Any) -> None:
    assert set(valid_objects) > set(ALL)
    for kind, content in valid_objects.items():
        report = hdcore.validate(content)
        assert report, f"{kind}:\n{report}"
        assert report.codes <= EXTENDED.get(kind, set()), f"{kind}:\n{report}"
        assert not _dciodvfy(content, tmp_path), kind


def test_what_highdicom_makes_has_no_error(objects_of_highdicom: dict[str, bytes]) -> None:
    assert len(objects_of_highdicom) >= 8
    for kind, content in objects_of_highdicom.items():
        report = hdcore.validate(content)
        assert report, f"{kind}:\n{report}"


def test_more_breakages_are_found_than_by_dciodvfy(
    valid_objects: dict[str, bytes], tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    clean = {kind: _dciodvfy(content, tmp_path) for kind, content in valid_objects.items()}
    missed, missed_by_dciodvfy = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, name, act in BREAKAGES:
            content = _broken_content(valid_objects[kind], act)
            if hdcore.validate(content):
                missed.append(f"{kind}: {name}")
            if not _dciodvfy(content, tmp_path) - clean[kind]:
                missed_by_dciodvfy.append(f"{kind}: {name}")
    total = len(BREAKAGES)
    found, found_by_dciodvfy = total - len(missed), total - len(missed_by_dciodvfy)
    lines = [
        f"of {total} breakages: hdcore finds {found} ({found / total:.1%})",
        f"of {total} breakages: dciodvfy finds {found_by_dciodvfy} ({found_by_dciodvfy / total:.1%})",
        f"missed by hdcore: {'; '.join(missed) or 'none'}",
        f"missed by dciodvfy: {'; '.join(missed_by_dciodvfy) or 'none'}",
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert found / total >= 0.95
    assert found >= found_by_dciodvfy


def _dciodvfy(content: bytes, folder: Any) -> set[str]:
    path = folder / "instance.dcm"
    path.write_bytes(content)
    return set(dciodvfy(path))
