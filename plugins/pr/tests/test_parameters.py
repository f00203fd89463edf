"""Every parameter of a presentation state says something."""

from __future__ import annotations

import inspect

import hdcore as hd
import pytest
from hdcore.pixels.color import srgb_icc_profile
from hdcore.testing import sources
from hdcore.testing.compare import said
from pydicom.sr.coding import Code
from states import HEADER, annotations, blending_parts, palette, rgb_images

SOMETHING = Code("1", "99X", "something")


def others(images):
    for image in images:
        image.SOPInstanceUID = hd.UID()
    return images


def drawn(images):
    made = annotations(images)
    return {"graphic_layers": made["graphic_layers"], "graphic_groups": made["graphic_groups"]}, made[
        "graphic_annotations"
    ]


CT, SLIDE, BLENDED = sources.ct_series(2), rgb_images(), blending_parts()
OTHER_BLENDED = blending_parts()
COMMON = {
    "series_instance_uid": "1.2.5",
    "series_number": 2,
    "sop_instance_uid": "1.2.6",
    "instance_number": 2,
    "manufacturer": "Other",
    "manufacturer_model_name": "Other",
    "software_versions": ("1", "2"),
    "device_serial_number": "3",
    "content_label": "OTHER",
    "content_description": "Größe",
    "graphic_layers": [hd.pr.GraphicLayer("OTHER", 1)],
    "graphic_groups": [hd.pr.GraphicGroup(1, "group", "described")],
    "concept_name": SOMETHING,
    "institution_name": "Institution",
    "institutional_department_name": "Department",
    "content_creator_name": "Doe^Jané",
    "content_creator_identification": hd.ContentCreatorIdentificationCodeSequence([SOMETHING], "Institution"),
    "transfer_syntax_uid": "1.2.840.10008.1.2",
    "contributing_equipment": [hd.ContributingEquipment("Acme", Code("109101", "DCM", "Acquisition Equipment"))],
}
GRAY = {
    "modality_lut_transformation": hd.ModalityLUTTransformation(2, 1, "US"),
    "voi_lut_transformations": [hd.pr.SoftcopyVOILUTTransformation(1, 2)],
}
PROFILE = {"icc_profile": srgb_icc_profile()[:84] + b"1" * 16 + srgb_icc_profile()[100:]}
KINDS = {
    hd.pr.GrayscaleSoftcopyPresentationState: (
        {"referenced_images": CT},
        GRAY
        | {
            "referenced_images": others(sources.ct_series(2)),
            "presentation_lut_transformation": hd.PresentationLUTTransformation("INVERSE"),
        },
    ),
    hd.pr.ColorSoftcopyPresentationState: (
        {"referenced_images": SLIDE},
        PROFILE | {"referenced_images": others(rgb_images())},
    ),
    hd.pr.PseudoColorSoftcopyPresentationState: (
        {"referenced_images": CT, "palette_color_lut_transformation": palette()},
        GRAY
        | PROFILE
        | {
            "referenced_images": others(sources.ct_series(2)),
            "palette_color_lut_transformation": hd.PaletteColorLUTTransformation.from_colors(["red", "blue"]),
        },
    ),
    hd.pr.AdvancedBlendingPresentationState: (
        BLENDED,
        PROFILE
        | {
            "referenced_images": BLENDED["referenced_images"][::-1],
            "blending": BLENDED["blending"][::-1],
            "blending_display": [hd.pr.BlendingDisplay("EQUAL", [hd.pr.BlendingDisplayInput(1)])],
        },
    ),
}
"""What each kind needs, and other values of parameters that not all have."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_parameter_changes_what_is_written(kind):
    needed, own = KINDS[kind]
    given = needed | HEADER
    images = needed["referenced_images"]
    layers, shapes = drawn(images[:2])
    alternatives = {name: ({}, value) for name, value in (COMMON | own).items()} | {
        "graphic_annotations": (layers, shapes)
    }
    assert set(inspect.signature(kind).parameters) == alternatives.keys() | {"kwargs"}
    assert said(kind(**given)) == said(kind(**given))
    ignored = [
        name
        for name, (together, value) in alternatives.items()
        if said(kind(**given | together)) == said(kind(**given | together | {name: value}))
    ]
    assert ignored == []
