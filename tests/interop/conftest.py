"""One valid object of each kind, made by highdicom until nothing else is needed."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset


@pytest.fixture(scope="session")
def valid_objects() -> dict[str, bytes]:
    """Contents of files, by kind: CT, MR, and what highdicom makes of them for each of the eight IODs."""
    pytest.importorskip("highdicom", reason="highdicom makes the objects that are broken")
    objects = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, dataset in _objects():
            # highdicom copies neither from its sources, which both programs then rightly miss or do not.
            dataset.BodyPartExamined = "CHEST"
            if kind == "pm":
                _put_frame_anatomy(dataset)
            buffer = io.BytesIO()
            dataset.save_as(buffer, enforce_file_format=True)
            objects[kind] = buffer.getvalue()
    return objects


def _put_frame_anatomy(dataset: Dataset) -> None:
    """Put what parametric maps must have (PS3.3 A.75.5), and highdicom does not write."""
    from hdcore.testing.phantom import code, item

    anatomy = item(FrameLaterality="U", AnatomicRegionSequence=[code("816094009", "SCT", "Chest")])
    dataset.SharedFunctionalGroupsSequence[0].FrameAnatomySequence = [anatomy]
    dataset.pop("Laterality", None)


def _objects() -> Iterator[tuple[str, Dataset]]:
    from hdcore.testing.sources import ct_series, mr_series, slide

    ct, mr = ct_series(slices=4), mr_series(slices=4)
    image = slide()
    image = image[0] if isinstance(image, list) else image
    yield "ct", ct[0]
    yield "mr", mr[0]
    yield from _pixels(ct)
    yield from _documents(ct)
    yield "ann", _annotations(image)


def _series() -> dict[str, Any]:
    import highdicom as hd

    return {
        "series_instance_uid": hd.UID(),
        "series_number": 7,
        "sop_instance_uid": hd.UID(),
        "instance_number": 1,
        "manufacturer": "Maker",
    }


def _equipment() -> dict[str, Any]:
    return {**_series(), "manufacturer_model_name": "Model", "software_versions": "1", "device_serial_number": "1"}


def _algorithm() -> Any:
    import highdicom as hd
    from pydicom.sr.codedict import codes

    return hd.AlgorithmIdentificationSequence(name="a", family=codes.DCM.ArtificialIntelligence, version="1")


def _pixels(ct: list[Dataset]) -> Iterator[tuple[str, Dataset]]:
    import highdicom as hd
    from pydicom.sr.codedict import codes

    mask = np.zeros((4, 32, 32), np.uint8)
    mask[:, 4:20, 4:20] = 1
    segment = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label="one",
        segmented_property_category=codes.SCT.Tissue,
        segmented_property_type=codes.SCT.Bone,
        algorithm_type="AUTOMATIC",
        algorithm_identification=_algorithm(),
        tracking_uid=hd.UID(),
        tracking_id="x",
    )
    for kind in ("binary", "fractional", "labelmap"):
        array = mask.astype(float) if kind == "fractional" else mask
        yield (
            "seg" if kind == "binary" else f"seg.{kind}",
            hd.seg.Segmentation(
                source_images=ct,
                pixel_array=array,
                segmentation_type=kind.upper(),
                segment_descriptions=[segment],
                **_equipment(),
            ),
        )
    mapping = hd.pm.RealWorldValueMapping(
        lut_label="1", lut_explanation="x", unit=codes.UCUM.NoUnits, value_range=(0.0, 255.0), intercept=0, slope=1
    )
    yield (
        "pm",
        hd.pm.ParametricMap(
            source_images=ct,
            pixel_array=mask.astype(np.float32),
            contains_recognizable_visual_features=False,
            real_world_value_mappings=[mapping],
            window_center=128,
            window_width=256,
            **_equipment(),
        ),
    )
    yield (
        "sc",
        hd.sc.SCImage.from_ref_dataset(
            ref_dataset=ct[0],
            pixel_array=np.zeros((16, 16), np.uint16),
            photometric_interpretation="MONOCHROME2",
            bits_allocated=16,
            coordinate_system="PATIENT",
            patient_orientation=("L", "P"),
            **_series(),
        ),
    )
    layer = hd.pr.GraphicLayer("LAYER1", order=1)
    graphic = hd.pr.GraphicObject(
        graphic_type="POLYLINE", graphic_data=np.array([[1.0, 1.0], [5.0, 5.0]]), units="PIXEL"
    )
    text = hd.pr.TextObject(text_value="hi", units="PIXEL", anchor_point=(2.0, 2.0))
    yield (
        "pr",
        hd.pr.GrayscaleSoftcopyPresentationState(
            referenced_images=ct,
            content_label="LABEL",
            content_description="d",
            graphic_layers=[layer],
            graphic_annotations=[
                hd.pr.GraphicAnnotation(
                    referenced_images=[ct[0]], graphic_layer=layer, graphic_objects=[graphic], text_objects=[text]
                )
            ],
            voi_lut_transformations=[hd.pr.SoftcopyVOILUTTransformation(window_center=40, window_width=400)],
            **_equipment(),
        ),
    )
    yield (
        "legacy",
        hd.legacy.LegacyConvertedEnhancedCTImage(
            legacy_datasets=ct,
            series_instance_uid=hd.UID(),
            series_number=1,
            sop_instance_uid=hd.UID(),
            instance_number=1,
        ),
    )


def _documents(ct: list[Dataset]) -> Iterator[tuple[str, Dataset]]:
    import highdicom as hd
    from pydicom.sr.codedict import codes

    observer = hd.sr.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(name="A^B"),
    )
    region = hd.sr.ImageRegion(
        graphic_type=hd.sr.GraphicTypeValues.CIRCLE,
        graphic_data=np.array([[5.0, 5.0], [5.0, 8.0]]),
        source_image=hd.sr.SourceImageForRegion(
            referenced_sop_class_uid=ct[0].SOPClassUID, referenced_sop_instance_uid=ct[0].SOPInstanceUID
        ),
    )
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        referenced_region=region,
        tracking_identifier=hd.sr.TrackingIdentifier(identifier="x", uid=hd.UID()),
        finding_type=codes.SCT.Mass,
        measurements=[hd.sr.Measurement(name=codes.SCT.Area, value=3.5, unit=codes.UCUM.SquareMillimeter)],
    )
    report = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_person_context=observer),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[group],
    )
    yield "sr", hd.sr.Comprehensive3DSR(evidence=ct, content=report[0], is_complete=True, **_series())
    selection = hd.ko.KeyObjectSelection(document_title=codes.DCM.OfInterest, referenced_objects=ct)
    yield "ko", hd.ko.KeyObjectSelectionDocument(evidence=ct, content=selection, **_series())


def _annotations(image: Dataset) -> Dataset:
    import highdicom as hd
    from pydicom.sr.codedict import codes

    group = hd.ann.AnnotationGroup(
        number=1,
        uid=hd.UID(),
        label="x",
        annotated_property_category=codes.SCT.Tissue,
        annotated_property_type=codes.SCT.Bone,
        graphic_type="POLYGON",
        graphic_data=[np.array([[1.0, 1.0], [3.0, 3.0], [1.0, 4.0]])],
        algorithm_type="AUTOMATIC",
        algorithm_identification=_algorithm(),
    )
    dataset: Dataset = hd.ann.MicroscopyBulkSimpleAnnotations(
        source_images=[image], annotation_coordinate_type="2D", annotation_groups=[group], **_equipment()
    )
    return dataset
