"""Arguments of the wrong type are refused by every builder: with an error of ours, in words that name the parameter."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from pydicom.sr.codedict import codes

import hdcore as hd
from hdcore.errors import HdcoreError
from hdcore.testing import sources

SERIES = {"series_number": 1, "instance_number": 1}
EQUIPMENT = {
    "manufacturer": "Acme",
    "manufacturer_model_name": "Maker",
    "software_versions": "1",
    "device_serial_number": "42",
}
WRONG = {"number": 5, "object": object(), "list": [object()], "mapping": {}, "bytes": b"x"}
SAID_BY_KIND = (
    "is not one of",
    "Expected a coded concept",
    "Expected a sequence of datasets",
    "window centres",
    "patient_orientation is required",
)
"""How messages say which parameter is meant where they do not name it."""


def images():
    return sources.ct_series(slices=2)


def segmentation():
    tissue = hd.seg.SegmentDescription(1, "a", codes.SCT.Tissue, codes.SCT.Liver, "MANUAL")
    mask = np.ones((2, 32, 32), np.uint8)
    given = {"source_images": images(), "pixel_array": mask, "segment_descriptions": [tissue]}
    return hd.seg.Segmentation, {**given, **EQUIPMENT, "segmentation_type": "BINARY"}


def parametric_map():
    mapping = hd.pm.RealWorldValueMapping("a", "b", codes.UCUM.NoUnits, (0.0, 1.0), slope=1, intercept=0)
    given = {"source_images": images(), "pixel_array": np.zeros((2, 32, 32), np.float32), **EQUIPMENT}
    given |= {"contains_recognizable_visual_features": False, "real_world_value_mappings": [mapping]}
    return hd.pm.ParametricMap, {**given, "window_center": 1, "window_width": 2}


def presentation_state():
    return hd.pr.GrayscaleSoftcopyPresentationState, {
        "referenced_images": images(),
        "content_label": "A",
        **EQUIPMENT,
    }


CAPTURE = {
    "pixel_array": np.zeros((4, 4), np.uint8),
    "photometric_interpretation": "MONOCHROME2",
    "bits_allocated": 8,
    "coordinate_system": "PATIENT",
    "patient_orientation": ("L", "P"),
    "manufacturer": "Acme",
}


def capture():
    return hd.sc.SCImage, {**CAPTURE, "study_instance_uid": hd.UID()}


def capture_of_a_slide():
    specimens = [hd.SpecimenDescription("s", hd.UID())]
    given = {"coordinate_system": "SLIDE", "container_identifier": "c", "specimen_descriptions": specimens}
    return hd.sc.SCImage, {**CAPTURE, **given, "patient_orientation": None, "study_instance_uid": hd.UID()}


def capture_of_a_study():
    return hd.sc.SCImage.from_ref_dataset, {**CAPTURE, "ref_dataset": images()[0]}


def capture_of_frames():
    given = {"pixel_array": np.zeros((2, 4, 4), np.uint8), "subject": {"patient_orientation": ("L", "P")}}
    given |= {"photometric_interpretation": "MONOCHROME2", "coordinate_system": "PATIENT", "bits_allocated": 8}
    return hd.sc.MultiFrameSCImage, {**given, "study_instance_uid": hd.UID(), "manufacturer": "Acme"}


def annotations():
    points = [np.array([[1.0, 1.0]])]
    group = hd.ann.AnnotationGroup(1, hd.UID(), "c", codes.SCT.Tissue, codes.SCT.Liver, "POINT", points, "MANUAL")
    given = {"source_images": [sources.slide()], "annotation_coordinate_type": "2D", "annotation_groups": [group]}
    return hd.ann.MicroscopyBulkSimpleAnnotations, {**given, **EQUIPMENT}


def converted():
    return hd.legacy.LegacyConvertedEnhancedCTImage, {"legacy_datasets": images()}


def selection():
    chosen = images()
    content = hd.ko.KeyObjectSelection(codes.DCM.OfInterest, chosen)
    return hd.ko.KeyObjectSelectionDocument, {"evidence": chosen, "content": content, "manufacturer": "Acme"}


def report():
    person = hd.sr.ObserverContext(codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes("Doe^Jane"))
    size = hd.sr.Measurement(codes.SCT.Diameter, 1.0, codes.UCUM.Millimeter)
    group = hd.sr.MeasurementsAndQualitativeEvaluations(hd.sr.TrackingIdentifier(identifier="a"), measurements=[size])
    content = hd.sr.MeasurementReport(hd.sr.ObservationContext(person), codes.SCT.Liver, [group])
    return hd.sr.ComprehensiveSR, {"evidence": images(), "content": content, "manufacturer": "Acme"}


BUILDERS = [
    segmentation,
    parametric_map,
    presentation_state,
    capture,
    capture_of_a_slide,
    capture_of_a_study,
    capture_of_frames,
    annotations,
    converted,
    selection,
    report,
]


def parameters_of(builder):
    names = dict.fromkeys(inspect.signature(builder).parameters)
    if "kwargs" in names:
        names |= dict.fromkeys(inspect.signature(hd.SOPClass).parameters)
        names.pop("kwargs")
    for name in ("study_instance_uid", "sop_class_uid", "modality", "specific_character_set"):
        names.pop(name, None)  # the builders give these
    return list(names)


@pytest.mark.parametrize("made", BUILDERS, ids=lambda made: made.__name__)
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_argument_is_refused_by_name(made, kind):
    builder, given = made()
    given |= SERIES
    builder(**given, series_instance_uid=hd.UID(), sop_instance_uid=hd.UID())
    unnamed = []
    for name in parameters_of(builder):
        arguments = {"series_instance_uid": hd.UID(), "sop_instance_uid": hd.UID(), **given, name: WRONG[kind]}
        try:
            builder(**arguments)
        except HdcoreError as error:
            if name not in str(error) and not any(words in str(error) for words in SAID_BY_KIND):
                unnamed.append(f"{name}: {error}")
        except Exception as error:
            unnamed.append(f"{name}: {type(error).__name__}: {error}")
    assert unnamed == []


def part(kind, **given):
    return pytest.param(kind, given, id=kind.__name__)


def parts():
    """What objects are made of, with what it takes to make them."""
    algorithm = hd.AlgorithmIdentificationSequence("a", codes.DCM.ArtificialIntelligence, "1")
    described = {"algorithm_type": "AUTOMATIC", "algorithm_identification": algorithm}
    points = np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 4.0]])
    source = hd.sr.SourceImageForRegion.from_source_image(images()[0])
    tissue, liver = codes.SCT.Tissue, codes.SCT.Liver
    annotated = {"annotated_property_category": tissue, "annotated_property_type": liver, "graphic_type": "POLYGON"}
    segmented = {"segmented_property_category": tissue, "segmented_property_type": liver}
    mapping = {"unit": codes.UCUM.NoUnits, "value_range": (0.0, 1.0), "slope": 1, "intercept": 0}
    table = {"first_mapped_value": 0, "lut_data": np.arange(4, dtype=np.uint8)}
    return [
        part(hd.AlgorithmIdentificationSequence, name="a", family=codes.DCM.ArtificialIntelligence, version="1"),
        part(hd.ContentCreatorIdentificationCodeSequence, person_identification_codes=[liver], institution_name="a"),
        part(hd.ContributingEquipment, manufacturer="a", purpose_of_reference=codes.DCM.ProcessingEquipment),
        part(hd.IssuerOfIdentifier, issuer_of_identifier="a"),
        part(hd.LUT, **table),
        part(hd.ModalityLUTTransformation, rescale_intercept=0, rescale_slope=1, rescale_type="HU"),
        part(hd.PaletteColorLUT, **table, color="red"),
        part(hd.PixelMeasuresSequence, pixel_spacing=(1.0, 1.0), slice_thickness=1.0, spacing_between_slices=1.0),
        part(hd.PlaneOrientationSequence, coordinate_system="PATIENT", image_orientation=(1.0, 0, 0, 0, 1.0, 0)),
        part(hd.PlanePositionSequence, coordinate_system="PATIENT", image_position=(0.0, 0.0, 0.0)),
        part(hd.PresentationLUTTransformation, presentation_lut_shape="IDENTITY"),
        part(hd.SpecimenDescription, specimen_id="s", specimen_uid=hd.UID()),
        part(hd.VOILUT, **table),
        part(hd.VOILUTTransformation, window_center=1, window_width=2),
        part(hd.Volume, array=np.zeros((2, 3, 4)), affine=np.eye(4), coordinate_system="PATIENT"),
        part(hd.VolumeGeometry, affine=np.eye(4), spatial_shape=(2, 3, 4), coordinate_system="PATIENT"),
        part(
            hd.ann.AnnotationGroup, number=1, uid=hd.UID(), label="c", graphic_data=[points], **annotated, **described
        ),
        part(hd.ann.Measurements, name=codes.SCT.Area, values=np.ones(1), unit=codes.UCUM.SquareMicrometer),
        part(hd.ko.KeyObjectSelection, document_title=codes.DCM.OfInterest, referenced_objects=images()),
        part(hd.pm.RealWorldValueMapping, lut_label="a", lut_explanation="b", **mapping),
        part(hd.pr.GraphicGroup, graphic_group_id=1, label="A", description="d"),
        part(hd.pr.GraphicLayer, layer_name="A", order=1, description="d"),
        part(hd.pr.GraphicObject, graphic_type="POLYLINE", graphic_data=points, units="PIXEL"),
        part(hd.pr.SoftcopyVOILUTTransformation, window_center=1.0, window_width=2.0),
        part(hd.pr.TextObject, text_value="a", units="PIXEL", bounding_box=(1.0, 1.0, 5.0, 5.0)),
        part(hd.seg.SegmentDescription, segment_number=1, segment_label="a", **segmented, **described),
        part(hd.sr.FindingSite, anatomic_location=liver),
        part(hd.sr.ImageRegion, graphic_type="POLYLINE", graphic_data=points, source_image=source),
        part(hd.sr.Measurement, name=codes.SCT.Area, value=1.0, unit=codes.UCUM.Millimeter),
        part(hd.sr.TrackingIdentifier, uid=hd.UID(), identifier="a"),
    ]


@pytest.mark.parametrize(("kind", "given"), parts())
def test_a_wrong_argument_of_a_part_is_refused_with_an_error_of_ours(kind, given):
    kind(**given)
    foreign = []
    for name in inspect.signature(kind).parameters:
        for wrong in WRONG.values():
            try:
                kind(**{**given, name: wrong})
            except HdcoreError:
                continue
            except Exception as error:
                foreign.append(f"{name}={wrong!r}: {type(error).__name__}: {error}")
    assert foreign == []
