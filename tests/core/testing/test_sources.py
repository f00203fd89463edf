from __future__ import annotations

import pytest

from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant

SOURCES = {
    "ct": lambda: sources.ct_series()[1],
    "mr": lambda: sources.mr_series()[0],
    "mr without a window": lambda: sources.mr_series(window=False)[0],
    "pet": lambda: sources.pet_series()[2],
    "cr": sources.cr_image,
    "us": sources.us_cine,
    "enhanced ct": sources.enhanced_ct,
    "slide": sources.slide,
    "sparse slide": lambda: sources.slide(organization="TILED_SPARSE"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_sources_conform_to_the_standard(name):
    assert_conformant(SOURCES[name]())


def test_series_is_the_same_each_time_it_is_made():
    first, second = sources.ct_series(seed=3), sources.ct_series(seed=3)
    assert first == second
    assert first[0].SOPInstanceUID != sources.ct_series(seed=4)[0].SOPInstanceUID


@pytest.mark.parametrize("make", [sources.ct_series, sources.mr_series, sources.pet_series])
def test_images_of_three_columns_are_no_colours(make):
    (image,) = make(1, 5, 3)
    assert (image.SamplesPerPixel, image.pixel_array.shape) == (1, (5, 3))
