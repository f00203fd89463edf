"""Every parameter of a parametric map says something."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hdcore import (
    ContentCreatorIdentificationCodeSequence,
    ContributingEquipment,
    PaletteColorLUTTransformation,
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
    VOILUTTransformation,
)
from hdcore.pixels.color import srgb_icc_profile
from hdcore.testing import sources
from hdcore.testing.compare import said
from hdcore.uid import UID
from pm_examples import integers, mapping
from pydicom.sr.coding import Code

from hdcore_pm import ParametricMap


def written(instance):
    """All that a map says, but for what is new each time."""
    return said(instance, but=("DimensionOrganizationUID",))


SOMETHING = Code("1", "99X", "something")
PALETTE = {"palette_color_lut_transformation": PaletteColorLUTTransformation.from_colors(["red", "blue"])}
WINDOW = {"window_center": 3.0, "window_width": 4.0}
PLANES = {"plane_positions": [PlanePositionSequence("PATIENT", [0.0, place, 0.0]) for place in (1.0, 2.0)]}
TILES = {"source_images": [sources.slide()], "pixel_array": integers(50, 70), "tile_pixel_array": True}
RLE = "1.2.840.10008.1.2.5"


def of_another_series():
    images = sources.ct_series(2)
    for image in images:
        image.SOPInstanceUID, image.SeriesInstanceUID = UID(), "1.2.3.9"
    return images


GIVEN = {
    "source_images": sources.ct_series(2),
    "pixel_array": integers(2, 32, 32),
    "series_instance_uid": "1.2.3",
    "series_number": 1,
    "sop_instance_uid": "1.2.4",
    "instance_number": 1,
    "manufacturer": "Acme",
    "manufacturer_model_name": "Mapper",
    "software_versions": "1",
    "device_serial_number": "2",
    "contains_recognizable_visual_features": False,
    "real_world_value_mappings": [mapping()],
}
OTHERS = {
    "source_images": of_another_series(),
    "pixel_array": integers(2, 32, 32, seed=1),
    "series_instance_uid": "1.2.5",
    "series_number": 2,
    "sop_instance_uid": "1.2.6",
    "instance_number": 2,
    "manufacturer": "Other",
    "manufacturer_model_name": "Other",
    "software_versions": ("1", "2"),
    "device_serial_number": "3",
    "contains_recognizable_visual_features": True,
    "real_world_value_mappings": [mapping("OTHER")],
    "window_center": (WINDOW, 5.0),
    "window_width": (WINDOW, 5.0),
    "transfer_syntax_uid": "1.2.840.10008.1.2",
    "content_description": "Größe",
    "content_creator_name": "Doe^Jané",
    "pixel_measures": PixelMeasuresSequence([2.0, 2.0], 3.0),
    "plane_orientation": (PLANES, PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 0, 1])),
    "plane_positions": PLANES["plane_positions"],
    "content_label": "OTHER",
    "content_qualification": "PRODUCT",
    "image_flavor": "MAX_IP",
    "derived_pixel_contrast": "MEAN",
    "content_creator_identification": ContentCreatorIdentificationCodeSequence([SOMETHING], "Institution"),
    "palette_color_lut_transformation": PALETTE["palette_color_lut_transformation"],
    "contributing_equipment": [ContributingEquipment("Acme", Code("109101", "DCM", "Acquisition Equipment"))],
    "use_extended_offset_table": ({"transfer_syntax_uid": RLE}, True),
    "voi_lut_transformations": [VOILUTTransformation(1, 2)],
    "further_source_images": of_another_series(),
    "icc_profile": (PALETTE, srgb_icc_profile()[:84] + b"1" * 16 + srgb_icc_profile()[100:]),
    "dimension_organization_type": (TILES, "TILED_FULL"),
    "pyramid_uid": "1.2.7",
    "pyramid_label": "LABEL",
    "derivation": SOMETHING,
    "stored_value_color_range": (PALETTE, (3.0, 4.0)),
    "anatomic_region": SOMETHING,
    "frame_laterality": "R",
    "temporal_positions": [1, 2],
}
"""Another value of each parameter, perhaps with parameters that go with it."""
OF_TILES = {"tile_pixel_array", "tile_size"}
WITHOUT_EFFECT = {"workers", "kwargs"}


def test_no_parameter_is_forgotten():
    parameters = set(inspect.signature(ParametricMap).parameters)
    assert parameters == OTHERS.keys() | OF_TILES | WITHOUT_EFFECT


@pytest.mark.parametrize("name", OTHERS)
def test_every_parameter_changes_what_is_written(name):
    alternative = OTHERS[name]
    is_pair = isinstance(alternative, tuple) and isinstance(alternative[0], dict)
    together, value = alternative if is_pair else ({}, alternative)
    given = GIVEN | together
    assert written(ParametricMap(**given)) != written(ParametricMap(**given | {name: value}))


def test_workers_change_nothing():
    given = GIVEN | {"transfer_syntax_uid": RLE}
    assert written(ParametricMap(**given)) == written(ParametricMap(**given))
    assert written(ParametricMap(**given)) == written(ParametricMap(**given, workers=2))


def test_tiles_are_as_large_as_they_are_to_be():
    given = GIVEN | {
        "source_images": [sources.slide()],
        "pixel_array": np.zeros((50, 70), np.uint16),
        "tile_pixel_array": True,
    }
    made = [ParametricMap(**given, **options) for options in ({}, {"tile_size": (20, 30)})]
    assert [(one.Rows, one.Columns, one.NumberOfFrames) for one in made] == [(16, 16, 20), (20, 30, 9)]
