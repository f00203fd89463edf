"""States that the tests make."""

from __future__ import annotations

import hdcore as hd
import numpy as np
from hdcore.testing import sources
from pydicom.dataset import Dataset

HEADER = {
    "series_instance_uid": "1.2.826.0.1.1",
    "series_number": 7,
    "sop_instance_uid": "1.2.826.0.1.2",
    "instance_number": 1,
    "manufacturer": "Somebody",
    "manufacturer_model_name": "Model",
    "software_versions": "1",
    "device_serial_number": "2",
    "content_label": "LABEL",
}


def rgb_images():
    return [sources.slide()]


def annotations(images, library=hd):
    layer = library.pr.GraphicLayer("LAYER", 1, "drawn", library.color.CIELabColor(50.0, 0.0, 0.0))
    group = library.pr.GraphicGroup(1, "group", "together")
    shapes = [
        library.pr.GraphicObject("POINT", np.array([[3.5, 4.5]]), "PIXEL"),
        library.pr.GraphicObject("POLYLINE", np.array([[1, 1], [9, 2], [5, 8], [1, 1.0]]), "PIXEL", is_filled=True),
        library.pr.GraphicObject("INTERPOLATED", np.array([[1, 1], [9, 2], [5, 8.0]]), "PIXEL"),
        library.pr.GraphicObject("CIRCLE", np.array([[8, 8], [8, 12.0]]), "PIXEL", graphic_group=group),
        library.pr.GraphicObject("ELLIPSE", np.array([[2, 8], [14, 8], [8, 4], [8, 12.0]]), "PIXEL"),
        library.pr.GraphicObject(
            "POLYLINE", np.array([[0.1, 0.1], [0.9, 0.9]]), "DISPLAY", tracking_id="t", tracking_uid="1.2.3"
        ),
    ]
    texts = [
        library.pr.TextObject("in a box", "PIXEL", bounding_box=(1, 1, 14, 9), text_justification="LEFT"),
        library.pr.TextObject("at a point", "DISPLAY", anchor_point=(0.5, 0.5), anchor_point_visible=False),
    ]
    annotation = library.pr.GraphicAnnotation(images, layer, graphic_objects=shapes, text_objects=texts)
    return {"graphic_annotations": [annotation], "graphic_layers": [layer], "graphic_groups": [group]}


def palette(library=hd):
    ramp = np.arange(256, dtype=np.uint16) * 257
    return library.PaletteColorLUTTransformation.from_combined_lut(
        np.stack([ramp, ramp[::-1], np.roll(ramp, 9)], axis=1)
    )


def grayscale(library=hd, images=None, **parameters):
    images = images or sources.ct_series(2)
    return library.pr.GrayscaleSoftcopyPresentationState(images, **{**HEADER, **parameters})


def annotated(library=hd):
    images = sources.ct_series(2)
    return grayscale(library, images, **annotations(images, library))


def color(library=hd, **parameters):
    return library.pr.ColorSoftcopyPresentationState(rgb_images(), **{**HEADER, **parameters})


def pseudo_color(library=hd, images=None, **parameters):
    defaults = {"palette_color_lut_transformation": palette(library)}
    images = images or sources.ct_series(2)
    return library.pr.PseudoColorSoftcopyPresentationState(images, **{**defaults, **HEADER, **parameters})


def blending_parts(library=hd):
    front, back = sources.ct_series(2), sources.ct_series(2)
    for number, image in enumerate(back):
        image.SeriesInstanceUID, image.SOPInstanceUID = "1.2.826.0.1.77", f"1.2.826.0.1.77.{number}"
    voi = [library.pr.SoftcopyVOILUTTransformation(40, 400)]
    inputs = [
        library.pr.AdvancedBlending(
            images, number, voi_lut_transformations=voi, palette_color_lut_transformation=palette(library)
        )
        for number, images in enumerate((front, back), 1)
    ]
    both = [library.pr.BlendingDisplayInput(1), library.pr.BlendingDisplayInput(2)]
    display = [library.pr.BlendingDisplay("FOREGROUND", both, relative_opacity=0.7)]
    return {"referenced_images": [*front, *back], "blending": inputs, "blending_display": display}


def advanced_blending(library=hd, **parameters):
    return library.pr.AdvancedBlendingPresentationState(**{**blending_parts(library), **HEADER, **parameters})


def one_window_per_frame():
    return grayscale(images=[sources.enhanced_ct(frames=3)])


def masked():
    state = one_window_per_frame()
    mask = Dataset()
    mask.MaskOperation, mask.MaskFrameNumbers, mask.ContrastFrameAveraging = "AVG_SUB", [1, 2], 1
    mask.MaskSubPixelShift = [0.5, -1.0]
    state.MaskSubtractionSequence, state.RecommendedViewingMode = [mask], "SUB"
    return state


def styled():
    """Lines and areas in styles, and a compound graphic with the shape that stands for it."""
    state = annotated()
    shapes = state.GraphicAnnotationSequence[0].GraphicObjectSequence
    line, area = Dataset(), Dataset()
    for style in (line, area):
        style.PatternOnColorCIELabValue = style.PatternOffColorCIELabValue = [30000, 32896, 32896]
        style.PatternOnOpacity, style.PatternOffOpacity = 1.0, 0.5
    for keyword, value in {
        "ShadowStyle": "OFF",
        "ShadowOffsetX": 0.0,
        "ShadowOffsetY": 0.0,
        "ShadowColorCIELabValue": [0, 32896, 32896],
        "ShadowOpacity": 0.0,
    }.items():
        setattr(line, keyword, value)
    line.LineThickness, line.LineDashingStyle, line.LinePattern = 1.0, "DASHED", 0xFF00FF00
    area.FillMode, area.FillPattern = "STIPPELED", bytes(range(128))
    shapes[1].LineStyleSequence, shapes[1].FillStyleSequence = [line], [area]
    compound = Dataset()
    compound.CompoundGraphicInstanceID = shapes[1].CompoundGraphicInstanceID = 1
    compound.CompoundGraphicUnits, compound.CompoundGraphicType = "PIXEL", "MULTILINE"
    compound.GraphicDimensions, compound.NumberOfGraphicPoints = 2, 2
    compound.GraphicData = [1.0, 1.0, 9.0, 2.0]
    state.GraphicAnnotationSequence[0].CompoundGraphicSequence = [compound]
    return state


def with_thresholds():
    state = advanced_blending()
    threshold, value = Dataset(), Dataset()
    value.ThresholdValue = 20.0
    threshold.ThresholdType, threshold.ThresholdValueSequence = "GREATER_THAN", [value]
    state.AdvancedBlendingSequence[1].ThresholdSequence = [threshold]
    return state


KINDS = {
    "masked": masked,
    "styled": styled,
    "thresholds": with_thresholds,
    "grayscale": grayscale,
    "annotated": annotated,
    "windows of frames": one_window_per_frame,
    "colour": color,
    "pseudo-colour": pseudo_color,
    "blending": advanced_blending,
}
