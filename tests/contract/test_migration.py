"""Scripts of highdicom's users that are run with both libraries, and have to end alike.

``describe`` tells of a result what a script can tell: types, values, shapes and data types of arrays; of an exception,
which built-in kind catches it.
"""

from __future__ import annotations

import copy
import enum
import importlib
import io
import pathlib
import warnings

import numpy as np
import pydicom
import pytest
from pydicom.sr.codedict import codes
from pydicom.valuerep import PersonName

from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, slide

highdicom = pytest.importorskip("highdicom", reason="it says how the scripts end")

CT = ct_series(4, 16, 16)
ENHANCED = enhanced_ct(4, 16, 16)
SLIDE = slide()
LABELS = np.zeros((4, 16, 16), np.uint8)
LABELS[1, 3:6, 3:7], LABELS[2, 8:12, 2:9] = 1, 2
MATRIX = np.zeros((50, 70), np.uint8)
MATRIX[3:30, 20:60] = 1
UIDS = [image.SOPInstanceUID for image in CT]
NEW = "1.2.3", 1, "1.2.3.4", 1
MAKER = "Maker", "Model", "1", "1"
CT_CLASS = "1.2.840.10008.5.1.4.1.1.2"
ELLIPSOID = np.array([[1.0, 2, 3], [3, 2, 3], [2, 1, 3], [2, 3, 3], [2, 2, 2], [2, 2, 4]])
SQUARE = np.array([[1.0, 1, 0], [5, 1, 0], [5, 5, 0], [1, 1, 0]])


def library(name):
    for part in ("ann", "ko", "legacy", "pm", "pr", "sc", "seg", "sr"):
        importlib.import_module(f"{name}.{part}")
    return importlib.import_module(name)


def describe(value):
    if isinstance(value, enum.Enum):
        return type(value).__name__, value.value
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.round(6).tolist()
    if isinstance(value, pydicom.Dataset):
        return type(value).__name__
    if type(value).__name__ in ("Volume", "VolumeGeometry"):
        shape = value.shape if hasattr(value, "shape") else value.spatial_shape
        return type(value).__name__, shape, describe(value.affine)
    if isinstance(value, dict):
        return {key: describe(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return "tuple" if isinstance(value, tuple) else "list", [describe(each) for each in value]
    kinds = (pydicom.uid.UID, PersonName, str, bool, float, int)
    return next((kind.__name__ for kind in kinds if isinstance(value, kind)), type(value).__name__), value


def outcome(script, name):
    """Run a script; give what it gave, and the built-in kind of the exception with which it ended."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return describe(script(library(name))), None
        except Exception as error:
            return None, error


def saved(instance):
    file = io.BytesIO()
    instance.save_as(file)
    return file.getvalue()


def segmentation(hd, sources=CT, masks=LABELS, numbers=(1, 2), kind="BINARY", **options):
    described = [
        hd.seg.SegmentDescription(number, f"S{number}", codes.SCT.Tissue, codes.SCT.Liver, "MANUAL")
        for number in numbers
    ]
    return hd.seg.Segmentation(sources, masks.copy(), kind, described, *NEW, *MAKER, **options)


def read_segmentation(hd, **options):
    return hd.seg.segread(io.BytesIO(saved(segmentation(hd, **options))))


def tiles(hd, **options):
    return read_segmentation(hd, sources=[SLIDE], masks=MATRIX, numbers=(1,), tile_pixel_array=True, **options)


def annotations(hd):
    data = [np.array([[1.0, 1], [5, 1], [5, 5]]), np.array([[1.0, 1], [5, 1], [5, 5], [1, 5]])]
    area = hd.ann.Measurements(codes.SCT.Area, np.array([1.0, 2.0]), codes.UCUM.SquareMicrometer)
    return hd.ann.AnnotationGroup(
        1, "1.2.3", "label", codes.SCT.Tissue, codes.SCT.Lung, "POLYGON", data, "MANUAL", measurements=[area]
    )


def source(hd):
    return hd.sr.SourceImageForSegmentation(CT_CLASS, "1.2.3")


def measurement(hd):
    return hd.sr.Measurement(codes.SCT.Volume, 7, codes.UCUM.CubicMillimeter)


def report(hd):
    group = hd.sr.MeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier("1.2.9", "Lesion"), measurements=[measurement(hd)]
    )
    observer = hd.sr.ObserverContext(codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes("Doe^Jane"))
    content = hd.sr.MeasurementReport(
        hd.sr.ObservationContext(observer), codes.LN.CTUnspecifiedBodyRegion, [group], referenced_images=CT
    )
    made = hd.sr.Comprehensive3DSR(CT, content, *NEW, "Maker")
    return hd.sr.srread(io.BytesIO(saved(made)))


def selection(hd):
    content = hd.ko.KeyObjectSelection(codes.DCM.Manifest, CT)
    return hd.ko.KeyObjectSelectionDocument(CT, content, *NEW, "Maker")


def color(hd):
    return hd.color.CIELabColor(50, 0, 0)


def graphic(hd):
    return hd.pr.GraphicObject("POINT", np.array([[1.0, 1]]), "PIXEL", tracking_id="t", tracking_uid="1.2")


def without_copying(hd):
    dataset = pydicom.dcmread(io.BytesIO(saved(segmentation(hd))))
    read = hd.seg.Segmentation.from_dataset(dataset, copy=False)
    return read is dataset, isinstance(dataset, hd.seg.Segmentation), isinstance(read, pydicom.Dataset)


SCRIPTS = {
    # images
    "frame": lambda hd: hd.Image.from_dataset(CT[0]).get_frame(1, dtype=np.float32),
    "frames": lambda hd: hd.Image.from_dataset(ENHANCED).get_frames([2, 4], apply_voi_transform=True),
    "frame 0": lambda hd: hd.Image.from_dataset(CT[0]).get_frame(0),
    "frame by index": lambda hd: hd.Image.from_dataset(ENHANCED).get_stored_frame(3, as_index=True),
    "frame of a string": lambda hd: hd.Image.from_dataset(CT[0]).get_frame("1"),
    "volume": lambda hd: hd.Image.from_dataset(ENHANCED).get_volume(slice_start=2, row_end=5),
    "series": lambda hd: hd.get_volume_from_series(CT[::-1], dtype=np.float32),
    "series with a gap": lambda hd: hd.get_volume_from_series([CT[0], CT[1], CT[3]]),
    "matrix": lambda hd: hd.Image.from_dataset(SLIDE).get_total_pixel_matrix(3, 20, 5, -4, dtype=np.uint8),
    "matrix of what is not tiled": lambda hd: hd.Image.from_dataset(CT[0]).get_total_pixel_matrix(),
    "image of nothing": lambda hd: hd.Image(),
    "no file": lambda hd: hd.imread("/nowhere"),
    "number of frames": lambda hd: hd.Image.from_dataset(CT[0]).number_of_frames,
    # volumes
    "crop": lambda hd: hd.get_volume_from_series(CT)[1:3, ::-1, 4],
    "pad": lambda hd: hd.get_volume_from_series(CT).pad([[1, 2], [0, 1], [3, 0]], mode="EDGE"),
    "orientation": lambda hd: hd.get_volume_from_series(CT).to_patient_orientation("RAH"),
    "closest orientation": lambda hd: hd.get_volume_from_series(CT).get_closest_patient_orientation(),
    "position": lambda hd: hd.get_volume_from_series(CT).position,
    "frame of reference": lambda hd: hd.get_volume_from_series(CT)[1:].frame_of_reference_uid,
    "index out of range": lambda hd: hd.get_volume_from_series(CT)[9],
    "axes that are none": lambda hd: hd.get_volume_from_series(CT).flip_spatial(3),
    "match": lambda hd: hd.get_volume_from_series(CT).match_geometry(hd.get_volume_from_series(CT).flip_spatial(0)),
    # segmentations
    "description": lambda hd: read_segmentation(hd).get_segment_description(2).segment_label,
    "description that is not there": lambda hd: read_segmentation(hd).get_segment_description(9),
    "items of the sequence": lambda hd: [each.segment_label for each in read_segmentation(hd).SegmentSequence],
    "numbers": lambda hd: read_segmentation(hd).segment_numbers,
    "numbers by label": lambda hd: read_segmentation(hd).get_segment_numbers(segment_label="S2"),
    "by source": lambda hd: read_segmentation(hd).get_pixels_by_source_instance(UIDS[1:3]),
    "by a source that is not there": lambda hd: read_segmentation(hd).get_pixels_by_source_instance(["1.2"]),
    "by one source": lambda hd: read_segmentation(hd).get_pixels_by_source_instance(UIDS[1]),
    "segment that is not there": lambda hd: read_segmentation(hd).get_pixels_by_source_instance(UIDS[:1], [9]),
    "combined": lambda hd: read_segmentation(hd).get_volume(combine_segments=True),
    "label map": lambda hd: read_segmentation(hd, kind="LABELMAP").get_volume(segment_numbers=[2]),
    "slide as a volume": lambda hd: tiles(hd).get_volume(),
    "part of a slide": lambda hd: tiles(hd).get_total_pixel_matrix(row_start=5, combine_segments=True),
    "source images": lambda hd: read_segmentation(hd).get_source_image_uids(),
    "without copying": without_copying,
    "another's dataset": lambda hd: hd.seg.Segmentation.from_dataset(CT[0]),
    "planes that lack": lambda hd: segmentation(hd, masks=LABELS[:3]),
    "no sources": lambda hd: segmentation(hd, sources=[]),
    "segments not described": lambda hd: segmentation(hd, numbers=(1,)),
    "no series number": lambda hd: hd.ko.KeyObjectSelectionDocument(
        CT, hd.ko.KeyObjectSelection(codes.DCM.Manifest, CT), "1.2.3", None, "1.2.3.4", 1
    ),
    "colour that is none": lambda hd: hd.seg.SegmentDescription(
        1, "a", codes.SCT.Tissue, codes.SCT.Liver, "MANUAL", display_color=(1, 2, 3)
    ),
    "name of pydicom": lambda hd: hd.valuerep.check_person_name(PersonName("Doe^Jane")),
    "creator": lambda hd: segmentation(hd, content_creator_name=PersonName("Doe^Jane")).ContentCreatorName,
    # reports
    "value": lambda hd: measurement(hd).value,
    "value that was read": lambda hd: report(hd).content.get_image_measurement_groups()[0].get_measurements()[0].value,
    "evidence": lambda hd: report(hd).get_evidence_series(),
    "tracking": lambda hd: report(hd).content.get_image_measurement_groups()[0].tracking_uid,
    "bases": lambda hd: (isinstance(report(hd).content, pydicom.Sequence), isinstance(report(hd), pydicom.Dataset)),
    "equal codes": lambda hd: hd.sr.CodedConcept("39607008", "SCT", "Lung") == codes.SCT.Lung,
    "surface": lambda hd: hd.sr.VolumeSurface("ELLIPSOID", [ELLIPSOID], "1.2", [source(hd)]).graphic_data,
    "surfaces": lambda hd: hd.sr.VolumeSurface("POLYGON", [SQUARE, SQUARE + 1], "1.2", [source(hd)]).graphic_data,
    "open region": lambda hd: hd.sr.ImageRegion3D("POLYGON", SQUARE[:3], "1.2"),
    # others
    "resolved": lambda hd: selection(hd).resolve_reference(UIDS[0]),
    "not resolved": lambda hd: selection(hd).resolve_reference("1.2"),
    "references of numbers": lambda hd: selection(hd).content.get_references(value_type="NUM"),
    "graphic": lambda hd: graphic(hd).tracking_uid,
    "coordinates": lambda hd: annotations(hd).get_graphic_data("2D"),
    "coordinates of one": lambda hd: annotations(hd).get_coordinates(1, "2D"),
    "coordinates of none": lambda hd: annotations(hd).get_coordinates(9, "2D"),
    "measured": lambda hd: annotations(hd).get_measurements(name=codes.SCT.Area),
    "colour": lambda hd: color(hd).to_rgb(),
    "term": lambda hd: hd.CoordinateSystemNames("PATIENT"),
    "term that is none": lambda hd: hd.CoordinateSystemNames("NOWHERE"),
    "positions": lambda hd: hd.spatial.get_volume_positions([[0, 0, 0.0], [0, 0, 2], [0, 0, 1]], [1, 0, 0, 0, 1, 0]),
    "pixels to space": lambda hd: hd.spatial.PixelToReferenceTransformer.for_image(CT[1])(np.array([[1, 2]])),
    "copy": lambda hd: copy.deepcopy(hd.Image.from_dataset(CT[0])).get_stored_frame(1),
}


REFUSED = {
    "frame 0",
    "frame of a string",
    "series with a gap",
    "matrix of what is not tiled",
    "image of nothing",
    "no file",
    "index out of range",
    "axes that are none",
    "description that is not there",
    "by a source that is not there",
    "by one source",
    "segment that is not there",
    "another's dataset",
    "planes that lack",
    "no sources",
    "segments not described",
    "no series number",
    "colour that is none",
    "open region",
    "not resolved",
    "references of numbers",
    "coordinates of none",
    "term that is none",
}
"""Scripts that end in an exception."""


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_end_alike(name):
    (theirs, their_error), (ours, our_error) = (outcome(SCRIPTS[name], each) for each in ("highdicom", "hdcore"))
    assert ours == theirs, our_error
    assert (their_error is not None) == (name in REFUSED)
    if their_error is not None:
        kind = next(each for each in type(their_error).__mro__ if each.__module__ == "builtins")
        assert isinstance(our_error, kind), f"{our_error!r} is not caught where {their_error!r} is"


def of_pixels(hd):
    values = np.arange(4 * 256, dtype=np.uint16).reshape(4, 16, 16).astype(np.uint8)
    mapping = hd.pm.RealWorldValueMapping("q", "quantity", codes.UCUM.NoUnits, (0, 255), 1.0, 0.0)
    return hd.pm.ParametricMap(CT, values, *NEW, *MAKER, False, [mapping], 0.0, 1.0).BitsAllocated


def flat_annotations_in_space(hd):
    return hd.ann.MicroscopyBulkSimpleAnnotations([SLIDE], "3D", [annotations(hd)], *NEW, "c", *MAKER)


def warns(hd):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        segmentation(hd, masks=LABELS * 0)
    return [warning.category for warning in caught if issubclass(warning.category, UserWarning)] != []


def lossy(hd):
    made = segmentation(hd, series_description="肝", specific_character_set="ISO_IR 100")
    return str(pydicom.dcmread(io.BytesIO(saved(made))).SeriesDescription)


def read_as_enhanced(hd):
    return hd.sr.EnhancedSR.from_dataset(pydicom.dcmread(io.BytesIO(saved(report(hd)))))


def of_two_studies(hd):
    chosen = [CT[0], ct_series(1, 16, 16, seed=1)[0]]
    content = hd.ko.KeyObjectSelection(codes.DCM.OfInterest, chosen)
    return hd.ko.KeyObjectSelectionDocument(chosen, content, *NEW, "Maker")


def is_typed(hd):
    shared = read_segmentation(hd).SharedFunctionalGroupsSequence[0]
    return isinstance(shared.PlaneOrientationSequence, hd.PlaneOrientationSequence)


def of_specimen(hd):
    items = hd.SpecimenDescription("s", "1.2.3", (1.0, 2.0, 3.0)).SpecimenLocalizationContentItemSequence
    return [str(item.ValueType) for item in items]


def of_issuer(hd):
    issuer = hd.IssuerOfIdentifier("1.2.3", "ISO")
    step = hd.SpecimenPreparationStep("s", hd.SpecimenProcessing("washed"), issuer_of_specimen_id=issuer)
    return str(step.SpecimenPreparationStepContentItemSequence[1].TextValue)


def of_institution(hd):
    person, clinic = (hd.sr.CodedConcept(value, "99HD", value) for value in ("Doe^Jane", "clinic"))
    made = hd.ContentCreatorIdentificationCodeSequence([person], "Clinic", institution_code=clinic)
    return [element.keyword for element in made[0] if element.keyword.startswith("Institution")]


OBLIQUE = {"image_position": [0, 0, 0], "image_orientation": [1, 0, 0, 1, 0, 0], "pixel_spacing": [1, 1]}
DIFFERENCES = {
    "a malformed UID is": lambda hd: str(hd.UID("abc")),
    "a text that is too long": lambda hd: hd.seg.SegmentDescription(
        1, "x" * 65, codes.SCT.Tissue, codes.SCT.Liver, "MANUAL"
    ),
    "a text that the character set cannot hold": lossy,
    "a text item may be empty": lambda hd: hd.sr.TextContentItem(codes.DCM.Finding, "", "CONTAINS"),
    "`dtype` cannot hold": lambda hd: hd.Image.from_dataset(cr_image()).get_frame(1, dtype=np.uint8).shape,
    "an empty region": lambda hd: hd.Image.from_dataset(SLIDE).get_total_pixel_matrix(5, 5).shape,
    "not at right angles": lambda hd: type(hd.spatial.PixelToReferenceTransformer(**OBLIQUE)).__name__,
    "a mask without any pixel": warns,
    "a report is read as any class": read_as_enhanced,
    "key objects of several studies": of_two_studies,
    "8-bit parametric maps": of_pixels,
    "2D annotations may be": flat_annotations_in_space,
    "offsets of a specimen": of_specimen,
    "issuers of specimens that have a type": of_issuer,
    "an institution has a name": of_institution,
    "colours of equal components": lambda hd: color(hd) == color(hd),
    "plane groups of what was read": is_typed,
}
ANSWERS = {
    "a mask without any pixel": True,
    "8-bit parametric maps": 16,
    "offsets of a specimen": ["NUMERIC"] * 3,
    "issuers of specimens that have a type": "^1.2.3^ISO",
    "an institution has a name": ["InstitutionCodeSequence"],
    "colours of equal components": True,
    "plane groups of what was read": False,
}
"""What hdcore gives, where it does not refuse."""
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "explanation" / "coming-from-highdicom.md"


@pytest.mark.parametrize("row", DIFFERENCES)
def test_differences_are_those_of_the_page(row):
    (theirs, their_error), (ours, our_error) = (outcome(DIFFERENCES[row], name) for name in ("highdicom", "hdcore"))
    assert their_error is None
    assert ours != theirs
    if row in ANSWERS:
        assert ours == describe(ANSWERS[row])
    else:
        assert isinstance(our_error, ValueError)


def test_each_row_of_the_page_has_a_script():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert [[name for name in DIFFERENCES if name in row] for row in rows] == [[name] for name in DIFFERENCES]
