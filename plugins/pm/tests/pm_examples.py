"""Parametric maps of each kind, small, from synthetic sources."""

from __future__ import annotations

from typing import Any

import numpy as np
from hdcore import PaletteColorLUTTransformation, PixelMeasuresSequence, VOILUTTransformation, Volume
from hdcore.testing import sources
from hdcore.uid import UID
from pydicom.sr.coding import Code

from hdcore_pm import ParametricMap, RealWorldValueMapping

NO_UNITS = Code("1", "UCUM", "no units")
DIFFUSION = Code("um2/s", "UCUM", "square micrometer per second")
ADC = Code("113041", "DCM", "Apparent Diffusion Coefficient")
TWO = ("first", "second")


def mapping(label="MAP", value_range=(0, 4095), **options):
    options = options or {"slope": 2.0, "intercept": 1.0}
    return RealWorldValueMapping(label, "A mapping", NO_UNITS, value_range, **options)


def float_mapping(label="MAP"):
    return RealWorldValueMapping(label, "ADC", DIFFUSION, (0.0, 1.0), 10.0, -1.0, quantity_definition=ADC)


def make(source_images: Any, pixel_array: Any, mappings: Any = None, **options: Any) -> ParametricMap:
    floats = getattr(pixel_array, "dtype", np.dtype("u1")).kind == "f"
    return ParametricMap(
        source_images,
        pixel_array,
        UID(),
        1,
        UID(),
        1,
        "Acme",
        "Mapper",
        "1.0",
        "42",
        False,
        [float_mapping() if floats else mapping()] if mappings is None else mappings,
        **options,
    )


def integers(*shape, dtype=np.uint16, seed=0):
    return np.random.default_rng(seed).integers(0, 250, shape).astype(dtype)


def floats(*shape, dtype=np.float32):
    return np.random.default_rng(0).random(shape).astype(dtype)


def of_series(**options):
    return make(sources.ct_series(3), integers(3, 32, 32), **options)


def of_bytes():
    return make(sources.mr_series(3), integers(3, 32, 32, dtype=np.uint8))


def of_floats():
    return make(sources.ct_series(3), floats(3, 32, 32))


def of_doubles():
    return make([sources.enhanced_ct(4)], floats(4, 32, 32, dtype=np.float64))


def with_table():
    table = np.arange(256.0) ** 2
    return make(sources.ct_series(2), integers(2, 32, 32), [mapping(value_range=(0, 255), lut_data=table)])


def with_alternatives():
    return make(sources.ct_series(2), integers(2, 32, 32), [mapping("LINEAR"), mapping("LOG", slope=1, intercept=5)])


def of_two_quantities():
    return make(sources.ct_series(3), integers(3, 32, 32, 2), [[mapping(label)] for label in TWO])


def with_palette():
    colours = PaletteColorLUTTransformation.from_colors(["black", "red", "yellow", "white"])
    return make(sources.ct_series(2), floats(2, 32, 32), palette_color_lut_transformation=colours)


def with_windows():
    windows = [VOILUTTransformation([10, 20], [30, 40], ["narrow", "wide"])]
    return of_series(voi_lut_transformations=windows)


def of_volume():
    images = sources.ct_series(2)
    volume = Volume.from_attributes(
        array=integers(4, 10, 11), image_position=[0, 0, 0], image_orientation=[0, 1, 0, 0, 0, -1],
        pixel_spacing=[1, 2], spacing_between_slices=3, coordinate_system="PATIENT",
        frame_of_reference_uid=images[0].FrameOfReferenceUID,
    )  # fmt: skip
    return make(images, volume)


def of_slide(organization="TILED_SPARSE", **options):
    return make([sources.slide()], integers(50, 70), tile_pixel_array=True,
                dimension_organization_type=organization, **options)  # fmt: skip


def of_tiles():
    return make([sources.slide(organization="TILED_SPARSE")], integers(20, 16, 16))


def of_slide_full():
    return of_slide("TILED_FULL", tile_size=(20, 20))


def of_radiograph():
    return make([sources.cr_image()], integers(48, 40))


def of_cine():
    return make([sources.us_cine()], integers(5, 24, 32), pixel_measures=PixelMeasuresSequence([0.5, 0.5], 1))


def of_times(images=3, times=2):
    """Images of the same places at several points in time, the last first."""
    series = []
    for time in range(times, 0, -1):
        for image in sources.ct_series(images):
            image.SOPInstanceUID, image.TemporalPositionIdentifier = UID(), time
            series.append(image)
    return series


def in_time(**options):
    return make(of_times(), integers(6, 32, 32), dimension_organization_type="3D_TEMPORAL", **options)


def compressed(syntax="1.2.840.10008.1.2.4.80", **options):
    return of_series(transfer_syntax_uid=syntax, **options)


EXAMPLES = {
    "integers": of_series,
    "bytes": of_bytes,
    "floats": of_floats,
    "doubles": of_doubles,
    "table": with_table,
    "alternatives": with_alternatives,
    "two quantities": of_two_quantities,
    "palette": with_palette,
    "windows": with_windows,
    "volume": of_volume,
    "slide": of_slide,
    "tiles": of_tiles,
    "slide full": of_slide_full,
    "radiograph": of_radiograph,
    "cine": of_cine,
    "in time": in_time,
    "JPEG-LS": compressed,
    "implicit": lambda: of_series(transfer_syntax_uid="1.2.840.10008.1.2"),
}
"""One of each kind."""
