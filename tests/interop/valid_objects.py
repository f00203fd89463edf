"""Valid objects of each kind: as scanners make them, by the plugins' own builders, and some by highdicom as well."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

import hdcore
from hdcore.testing import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    Kind = tuple[str, Dataset]

__all__ = ["by_hdcore", "by_highdicom"]


def by_hdcore() -> dict[str, bytes]:
    """Give contents of files, by kind: images as scanners make them, and what hdcore makes of them for all IODs."""
    ct = sources.ct_series(slices=4)
    return _contents([*_sources(), *_objects(hdcore, ct, sources.slide()), *_more(ct)])


def by_highdicom(highdicom: Any) -> dict[str, bytes]:
    """Give contents of files, by kind, that highdicom makes."""
    return _contents(_objects(highdicom, sources.ct_series(slices=4), sources.slide()))


def _contents(objects: Iterable[Kind]) -> dict[str, bytes]:
    contents = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, dataset in objects:
            buffer = io.BytesIO()
            dataset.save_as(buffer, enforce_file_format=True)
            contents[kind] = buffer.getvalue()
    return contents


def _sources() -> Iterator[Kind]:
    yield "ct", sources.ct_series(slices=1)[0]
    yield "mr", sources.mr_series(slices=1)[0]
    yield "pet", sources.pet_series(slices=1)[0]
    yield "cr", sources.cr_image()
    yield "us", sources.us_cine()
    yield "enhanced", sources.enhanced_ct()
    yield "slide", sources.slide()


def _objects(hd: Any, ct: list[Dataset], slide: Dataset) -> Iterator[Kind]:
    """Make what both libraries make by the same calls."""
    yield from _segmentations(hd, ct)
    yield from _pixels(hd, ct)
    yield from _documents(hd, ct)
    yield "ann", _annotations(hd, slide)


def _series(hd: Any) -> dict[str, Any]:

    return {
        "series_instance_uid": hd.UID(),
        "series_number": 7,
        "sop_instance_uid": hd.UID(),
        "instance_number": 1,
        "manufacturer": "Maker",
    }


def _equipment(hd: Any) -> dict[str, Any]:
    return {**_series(hd), "manufacturer_model_name": "Model", "software_versions": "1", "device_serial_number": "1"}


def _algorithm(hd: Any) -> Any:
    from pydicom.sr.codedict import codes

    return hd.AlgorithmIdentificationSequence(name="a", family=codes.DCM.ArtificialIntelligence, version="1")


def _mask() -> NDArray[np.uint8]:
    mask = np.zeros((4, 32, 32), np.uint8)
    mask[:, 4:20, 4:20] = 1
    return mask


def _segmentations(hd: Any, ct: list[Dataset]) -> Iterator[Kind]:
    from pydicom.sr.codedict import codes

    mask = _mask()
    segment = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label="one",
        segmented_property_category=codes.SCT.Tissue,
        segmented_property_type=codes.SCT.Bone,
        algorithm_type="AUTOMATIC",
        algorithm_identification=_algorithm(hd),
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
                **_equipment(hd),
            ),
        )


def _pixels(hd: Any, ct: list[Dataset]) -> Iterator[Kind]:
    from pydicom.sr.codedict import codes

    mapping = hd.pm.RealWorldValueMapping(
        lut_label="1", lut_explanation="x", unit=codes.UCUM.NoUnits, value_range=(0.0, 255.0), intercept=0, slope=1
    )
    yield (
        "pm",
        hd.pm.ParametricMap(
            source_images=ct,
            pixel_array=_mask().astype(np.float32),
            contains_recognizable_visual_features=False,
            real_world_value_mappings=[mapping],
            window_center=128,
            window_width=256,
            **_equipment(hd),
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
            **_series(hd),
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
            **_equipment(hd),
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


def _documents(hd: Any, ct: list[Dataset]) -> Iterator[Kind]:
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
    yield "sr", hd.sr.Comprehensive3DSR(evidence=ct, content=report[0], is_complete=True, **_series(hd))
    yield "sr.comprehensive", hd.sr.ComprehensiveSR(evidence=ct, content=report[0], is_complete=True, **_series(hd))
    selection = hd.ko.KeyObjectSelection(document_title=codes.DCM.OfInterest, referenced_objects=ct)
    yield "ko", hd.ko.KeyObjectSelectionDocument(evidence=ct, content=selection, **_series(hd))


def _annotations(hd: Any, image: Dataset) -> Dataset:
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
        algorithm_identification=_algorithm(hd),
    )
    dataset: Dataset = hd.ann.MicroscopyBulkSimpleAnnotations(
        source_images=[image], annotation_coordinate_type="2D", annotation_groups=[group], **_equipment(hd)
    )
    return dataset


def _more(ct: list[Dataset]) -> Iterator[Kind]:
    """Make what hdcore alone makes, or makes by calls of its own."""
    from pydicom.sr.codedict import codes

    hd: Any = hdcore
    slide = sources.slide()
    header = {**_equipment(hd), "content_label": "LABEL"}
    ramp = np.arange(256, dtype=np.uint16) * 257
    palette = hd.PaletteColorLUTTransformation.from_combined_lut(np.stack([ramp, ramp[::-1], ramp], axis=1))
    tiles = np.zeros((1, slide.TotalPixelMatrixRows, slide.TotalPixelMatrixColumns), np.uint8)
    tiles[:, 4:20, 4:20] = 1
    segment = hd.seg.SegmentDescription(1, "one", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL")
    yield (
        "seg.tiled",
        hd.seg.Segmentation(
            [slide], tiles, segmentation_type="BINARY", segment_descriptions=[segment], tile_pixel_array=True,
            **_equipment(hd),
        ),
    )  # fmt: skip
    yield "pr.color", hd.pr.ColorSoftcopyPresentationState([slide], **header)
    yield (
        "pr.pseudo_color",
        hd.pr.PseudoColorSoftcopyPresentationState(ct, palette_color_lut_transformation=palette, **header),
    )
    yield "pr.advanced_blending", _blending(hd, ct, palette, header)
    yield "legacy.mr", hd.create("legacy", sources.mr_series(slices=4), **_series_of_conversion(hd))
    yield "legacy.pet", hd.create("legacy", sources.pet_series(slices=4), **_series_of_conversion(hd))
    planes = np.zeros((3, 16, 16), np.uint8)
    yield (
        "sc.multiframe",
        hd.sc.MultiFrameSCImage.from_ref_dataset(
            ct[0], planes, photometric_interpretation="MONOCHROME2", bits_allocated=8, coordinate_system="PATIENT",
            subject={"patient_orientation": ("L", "F")}, **_series(hd),
        ),
    )  # fmt: skip
    yield (
        "sc.rgb",
        hd.sc.SCImage.from_ref_dataset(
            slide, np.zeros((16, 16, 3), np.uint8), photometric_interpretation="RGB", bits_allocated=8,
            coordinate_system="SLIDE", container_identifier="B1",
            specimen_descriptions=[hd.SpecimenDescription(specimen_id="S1", specimen_uid=hd.UID())], **_series(hd),
        ),
    )  # fmt: skip


def _series_of_conversion(hd: Any) -> dict[str, Any]:
    return {
        "series_instance_uid": hd.UID(),
        "series_number": 1,
        "sop_instance_uid": hd.UID(),
        "instance_number": 1,
    }


def _blending(hd: Any, front: list[Dataset], palette: Any, header: dict[str, Any]) -> Dataset:
    back = sources.ct_series(slices=2)
    for image in back:
        image.SeriesInstanceUID, image.SOPInstanceUID = "1.2.826.0.1.77", hd.UID()
    voi = [hd.pr.SoftcopyVOILUTTransformation(40, 400)]
    inputs = [
        hd.pr.AdvancedBlending(images, number, voi_lut_transformations=voi, palette_color_lut_transformation=palette)
        for number, images in enumerate((front, back), 1)
    ]
    both = [hd.pr.BlendingDisplayInput(1), hd.pr.BlendingDisplayInput(2)]
    dataset: Dataset = hd.pr.AdvancedBlendingPresentationState(
        [*front, *back], inputs, [hd.pr.BlendingDisplay("FOREGROUND", both, relative_opacity=0.7)], **header
    )
    return dataset
