"""What each transfer syntax may hold, row by row as the tables of PS3.5 section 8.2 have it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from pydicom.pixels import get_encoder

from hdcore.pixels import profiles
from hdcore.pixels.format import FrameFormat
from hdcore.pixels.profiles import PROFILES, check_profile

ONE_SAMPLE = ["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"]
THREE_SAMPLES = ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT"]
GRAYSCALE = ["MONOCHROME1", "MONOCHROME2"]
LOSSLESS_JPEG = [
    (GRAYSCALE, [0, 1], [8, 16], 1, 16),
    (["PALETTE COLOR"], [0], [8, 16], 1, 16),
    (["YBR_FULL", "RGB"], [0], [8, 16], 1, 16),
]
WIDE = [8, 16, 32]
"""Of the widths of table 8.2.4-1 those that samples in memory have: 24 and 40 bits are none."""
REVERSIBLE_HTJ2K = [
    (GRAYSCALE, [0, 1], WIDE, 1, 38),
    (["PALETTE COLOR"], [0], [8, 16], 1, 16),
    (["YBR_RCT", "RGB", "YBR_FULL"], [0], WIDE, 1, 38),
]
HTJ2K = [(GRAYSCALE, [0, 1], WIDE, 1, 38), (["YBR_RCT", "YBR_ICT", "RGB", "YBR_FULL"], [0], WIDE, 1, 38)]
SINGLE_BIT = [(GRAYSCALE, [0, 1], [1], 1, 1)]
NEAR_LOSSLESS = [
    (GRAYSCALE, [0, 1], [8, 16], 2, 16),
    (["YBR_FULL"], [0], [8], 2, 8),
    (["RGB"], [0], [8, 16], 2, 16),
]
TABLES = {
    profiles.JPEG_BASELINE: [(GRAYSCALE, [0], [8], 8, 8), (["YBR_FULL_422", "RGB"], [0], [8], 8, 8)],  # 8.2.1-1
    profiles.JPEG_EXTENDED: [(GRAYSCALE, [0], [8], 8, 8), (GRAYSCALE, [0], [16], 12, 12)],  # 8.2.1-1
    profiles.JPEG_LOSSLESS: LOSSLESS_JPEG,  # 8.2.1-2
    profiles.JPEG_LOSSLESS_SV1: LOSSLESS_JPEG,  # 8.2.1-2
    profiles.RLE_LOSSLESS: [  # 8.2.2-1, the first row of CP 2301
        (GRAYSCALE, [0], [1], 1, 1),
        (GRAYSCALE, [0, 1], [8, 16], 1, 16),
        (["PALETTE COLOR"], [0], [8, 16], 1, 16),
        (["YBR_FULL"], [0], [8], 1, 8),
        (["RGB"], [0], [8, 16], 1, 16),
    ],
    profiles.JPEG_LS_LOSSLESS: [*NEAR_LOSSLESS, (["PALETTE COLOR"], [0], [8, 16], 2, 16)],  # 8.2.3-1
    profiles.JPEG_LS_NEAR_LOSSLESS: NEAR_LOSSLESS,  # 8.2.3-1
    profiles.JPEG_2000_LOSSLESS: [*SINGLE_BIT, *REVERSIBLE_HTJ2K],  # 8.2.4-1
    profiles.JPEG_2000: [*SINGLE_BIT, *HTJ2K],  # 8.2.4-1
    profiles.HTJ2K_LOSSLESS: REVERSIBLE_HTJ2K,  # 8.2.14-1
    profiles.HTJ2K_LOSSLESS_RPCL: REVERSIBLE_HTJ2K,  # 8.2.14-1
    profiles.HTJ2K: HTJ2K,  # 8.2.14-1
}
"""Photometric Interpretation, Pixel Representation, Bits Allocated, least and most Bits Stored."""


def _allowed(frame):
    try:
        check_profile(frame)
    except ValueError:
        return False
    return True


def _formats(syntax):
    for name, signed, allocated in product([*ONE_SAMPLE, *THREE_SAMPLES], [0, 1], [1, 8, 16, 32, 64]):
        samples = 1 if name in ONE_SAMPLE else 3
        for stored in {1, 2, 7, 8, 9, 12, 15, 16, 17, 31, 32, 38, 39, 64} & set(range(1, allocated + 1)):
            yield FrameFormat(syntax, 32, 32, samples, allocated, stored, name, signed)


def test_every_profile_has_its_table():
    assert PROFILES.keys() == TABLES.keys()


@pytest.mark.parametrize("syntax", TABLES)
def test_what_the_table_has_and_nothing_else_is_allowed(syntax):
    allowed = 0
    for frame in _formats(syntax):
        expected = any(
            frame.photometric_interpretation in names
            and frame.pixel_representation in signs
            and frame.bits_allocated in widths
            and least <= frame.bits_stored <= most
            for names, signs, widths, least, most in TABLES[syntax]
        )
        assert _allowed(frame) is expected, frame
        allowed += expected
    assert allowed > 2


def _is_refused_by_pydicom(frame):
    options = {} if frame.samples_per_pixel == 1 else {"planar_configuration": 0}
    try:
        get_encoder(frame.transfer_syntax_uid).encode(
            np.zeros(frame.shape, frame.dtype),
            rows=frame.rows,
            columns=frame.columns,
            samples_per_pixel=frame.samples_per_pixel,
            bits_allocated=frame.bits_allocated,
            bits_stored=frame.bits_stored,
            photometric_interpretation=frame.photometric_interpretation,
            pixel_representation=frame.pixel_representation,
            number_of_frames=1,
            **options,
        )
    except ValueError as error:
        return "Part 5, Section 8.2 of the DICOM Standard" in str(error)
    except RuntimeError:  # what the package that pydicom asks then cannot do
        return False
    return False


@pytest.mark.parametrize(
    "syntax",
    [
        profiles.RLE_LOSSLESS,
        profiles.JPEG_LS_LOSSLESS,
        profiles.JPEG_LS_NEAR_LOSSLESS,
        profiles.JPEG_2000_LOSSLESS,
        profiles.JPEG_2000,
    ],
)
def test_pydicom_allows_the_same(syntax):
    # pydicom 3.0 has neither the rows of single bits nor YBR_RCT of JPEG 2000 that may lose.
    if syntax in profiles.JPEG_2000_FAMILY:
        pytest.importorskip("openjpeg", reason="pydicom does not look at the format without pylibjpeg-openjpeg")
    compared = 0
    for frame in _formats(syntax):
        if frame.bits_allocated == 1 or (
            syntax == profiles.JPEG_2000 and frame.photometric_interpretation == "YBR_RCT"
        ):
            continue
        assert _allowed(frame) is not _is_refused_by_pydicom(frame), frame
        compared += 1
    assert compared > 100
