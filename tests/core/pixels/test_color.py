"""Colours and ICC profiles."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import ImageCms

from hdcore.color import CIELabColor, ColorManager
from hdcore.pixels.color import input_profile, srgb_icc_profile


def test_known_colours_have_known_values():
    assert CIELabColor(50, 34, 12.4).to_rgb() == (177, 95, 99)
    assert CIELabColor.from_string("orange").value == (49107, 39048, 53188)
    assert CIELabColor.from_dicom_value((49107, 39048, 53188)).to_rgb() == (255, 165, 0)
    assert CIELabColor(0, 0, 0).value == (0, 0x8080, 0x8080)
    assert CIELabColor(100, 127, -128).value == (0xFFFF, 0xFFFF, 0)


@pytest.mark.parametrize("rgb", [(0, 0, 0), (255, 255, 255), (1, 2, 3), (0, 255, 0), (200, 17, 99)])
def test_rgb_comes_back(rgb):
    color = CIELabColor.from_rgb(*rgb)
    assert color.to_rgb() == rgb
    again = CIELabColor.from_dicom_value(color.value)
    assert again == color
    assert hash(again) == hash(color)
    assert again.to_rgb() == rgb


def test_colours_outside_of_srgb_are_refused_or_clipped():
    vivid = CIELabColor(50, 127, -128)
    with pytest.raises(ValueError, match="outside of sRGB"):
        vivid.to_rgb()
    assert all(0 <= component <= 255 for component in vivid.to_rgb(clip=True))


@pytest.mark.parametrize("lab", [(101, 0, 0), (50, -129, 0), (50, 0, 128)])
def test_components_out_of_range_are_refused(lab):
    with pytest.raises(ValueError, match="expected"):
        CIELabColor(*lab)


def test_what_is_no_colour_is_refused():
    for call in (
        lambda: CIELabColor.from_rgb(256, 0, 0),
        lambda: CIELabColor.from_dicom_value((1, 2)),
        lambda: CIELabColor.from_dicom_value((1, 2, 70000)),
        lambda: CIELabColor.from_string("reddish"),
    ):
        with pytest.raises(ValueError, match="expected"):
            call()


def test_srgb_stays_srgb_in_threads_and_after_pickling():
    manager = pickle.loads(pickle.dumps(ColorManager(srgb_icc_profile())))
    frames = np.random.default_rng(0).integers(0, 256, (8, 20, 30, 3), dtype=np.uint8)
    with ThreadPoolExecutor(4) as executor:
        for frame, changed in zip(frames, executor.map(manager.transform_frame, frames), strict=True):
            assert np.abs(changed.astype(int) - frame).max() <= 1


def test_the_profile_has_no_time_in_it():
    assert len(srgb_icc_profile()) % 2 == 0
    assert srgb_icc_profile()[24:36] == bytes([7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])


def test_what_is_no_profile_or_frame_is_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        ColorManager(b"rubbish")
    with pytest.raises(TypeError, match="expected bytes"):
        ColorManager("profile")
    manager = ColorManager(srgb_icc_profile())
    with pytest.raises(ValueError, match="shape"):
        manager.transform_frame(np.zeros((4, 4), np.uint8))
    with pytest.raises(ValueError, match="uint16"):
        manager.transform_frame(np.zeros((4, 4, 3), np.uint16))


def test_profiles_are_written_as_those_of_input_devices():
    display = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert display[12:16] == b"mntr"
    profile = input_profile(display)
    assert profile[12:16] == srgb_icc_profile()[12:16] == b"scnr"
    assert len(profile) % 2 == 0
    assert input_profile(profile) == profile
    colors = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    for each in (display, profile):
        assert np.abs(ColorManager(each).transform_frame(colors).astype(int) - colors).max() <= 1


@pytest.mark.parametrize(("first", "word"), [(12, b"prtr"), (16, b"GRAY"), (20, b"Luv ")])
def test_profiles_that_say_nothing_about_rgb_are_refused(first, word):
    profile = bytearray(srgb_icc_profile())
    profile[first : first + 4] = word
    with pytest.raises(ValueError, match="The ICC profile is"):
        input_profile(bytes(profile))
