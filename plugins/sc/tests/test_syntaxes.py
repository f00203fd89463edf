"""Captures of every kind of pixels under every transfer syntax: what comes back, and what is refused."""

from __future__ import annotations

from io import BytesIO

import hdcore as hd
import numpy as np
import pytest
from captures import BITS, PIXELS, capture, multiframe, slide_capture
from hdcore.testing.interop import dciodvfy

PREFIX = "1.2.840.10008.1.2"
NATIVE = {"explicit": f"{PREFIX}.1", "implicit": PREFIX, "deflated": f"{PREFIX}.1.99"}
COMPRESSED = {
    "RLE": f"{PREFIX}.5",
    "deflated frames": f"{PREFIX}.8.1",
    "JPEG": f"{PREFIX}.4.50",
    "JPEG-LS": f"{PREFIX}.4.80",
    "JPEG-LS near": f"{PREFIX}.4.81",
    "JPEG 2000": f"{PREFIX}.4.90",
    "JPEG 2000 lossy": f"{PREFIX}.4.91",
    "HTJ2K": f"{PREFIX}.4.201",
    "HTJ2K RPCL": f"{PREFIX}.4.202",
    "HTJ2K lossy": f"{PREFIX}.4.203",
}
SYNTAXES = NATIVE | COMPRESSED
LOSSY = ("JPEG", "JPEG-LS near", "JPEG 2000 lossy", "HTJ2K lossy")
COLORS = {
    "JPEG": "YBR_FULL_422",
    "JPEG 2000": "YBR_RCT",
    "JPEG 2000 lossy": "YBR_ICT",
    "HTJ2K": "YBR_RCT",
    "HTJ2K RPCL": "YBR_RCT",
    "HTJ2K lossy": "YBR_ICT",
}
NOT_ALLOWED = {
    ("word", "JPEG"),
    ("12 bits", "JPEG"),
    *(("bit", syntax) for syntax in SYNTAXES if syntax.startswith(("JPEG-LS", "HTJ2K")) or syntax == "JPEG"),
}
"""No single bits in JPEG, JPEG-LS and HTJ2K, no more than 8 in JPEG (PS3.5 tables 8.2.1-1, 8.2.3-1, 8.2.14-1)."""
UNREAD_BY_DCIODVFY = ("deflated", "deflated frames")
"""It inflates neither the dataset nor frames, and complains of what it then misses."""


def again(made):
    buffer = BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return hd.read(buffer.getvalue())


def options_of(kind, syntax):
    interpretation = COLORS.get(syntax, "RGB") if kind == "rgb" else "MONOCHROME2"
    return {"transfer_syntax_uid": SYNTAXES[syntax], "photometric_interpretation": interpretation}


@pytest.mark.parametrize("make", [capture, multiframe])
@pytest.mark.parametrize("kind", BITS)
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_pixels_come_back_under_every_syntax(syntax, kind, make):
    if "2000" in syntax:
        pytest.importorskip("openjpeg", reason="JPEG 2000 needs pylibjpeg-openjpeg")
    if "HTJ2K" in syntax:
        pytest.importorskip("imagecodecs", reason="HTJ2K needs imagecodecs")
    if "HTJ2K" in syntax and kind == "12 bits":
        with pytest.raises(ValueError, match="The HTJ2K encoder writes all"):  # a limit of OpenJPH in imagecodecs
            make(kind, **options_of(kind, syntax))
        return
    if (kind, syntax) in NOT_ALLOWED:
        with pytest.raises(ValueError, match="may not hold MONOCHROME2 frames"):
            make(kind, **options_of(kind, syntax))
        return
    made = make(kind, **options_of(kind, syntax))
    read = again(made)
    assert type(read) is type(made)
    difference = np.abs(read.get_stored_frame(1).astype(int) - PIXELS[kind].astype(int))
    if syntax not in LOSSY:
        assert not difference.any()
        assert "LossyImageCompression" not in made
    else:
        # noise, and halved colours of JPEG, are the worst that there is; still most of it comes back
        assert np.median(difference) <= {"word": 512, "rgb": 40}.get(kind, 8)
        assert made.LossyImageCompression == "01"
    assert hd.validate(made)
    if syntax not in UNREAD_BY_DCIODVFY:
        assert dciodvfy(made) == []


YBR = np.stack([PIXELS["byte"], PIXELS["byte"][::-1], PIXELS["byte"][:, ::-1]], axis=-1)


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "deflated", "RLE", "deflated frames", "JPEG-LS"])
def test_ybr_full_is_stored_as_it_is_given(syntax):
    made = capture("rgb", pixel_array=YBR, transfer_syntax_uid=SYNTAXES[syntax], photometric_interpretation="YBR_FULL")
    read = again(made)
    assert read.PhotometricInterpretation == "YBR_FULL"
    shown = read.get_stored_frame(1)
    y, cb, cr = (YBR[..., channel].astype(float) - (128.0 if channel else 0.0) for channel in range(3))
    # PS3.3 C.7.6.3.1.2
    rgb = np.stack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb], axis=-1)
    assert np.abs(shown - np.clip(rgb, 0, 255)).max() <= 1
    if syntax not in UNREAD_BY_DCIODVFY:
        assert dciodvfy(made) == []


@pytest.mark.parametrize("interpretation", ["YBR_RCT", "YBR_ICT"])
@pytest.mark.parametrize("syntax", ["explicit", "deflated frames", "RLE", "JPEG", "JPEG-LS"])
def test_transforms_of_jpeg_2000_are_made_by_it_alone(syntax, interpretation):
    with pytest.raises(ValueError, match=interpretation):
        capture("rgb", transfer_syntax_uid=SYNTAXES[syntax], photometric_interpretation=interpretation)


@pytest.mark.parametrize("syntax", COLORS)
def test_several_frames_of_colour_have_the_colour_space_of_the_syntax(syntax):
    with pytest.raises(ValueError, match=rf"as {COLORS[syntax]} \(PS3.3 A.8.5.4\)"):
        multiframe("rgb", transfer_syntax_uid=SYNTAXES[syntax], photometric_interpretation="RGB")


def test_big_endian_is_not_written():
    with pytest.raises(ValueError, match="Explicit VR Big Endian, which is retired"):
        capture(transfer_syntax_uid=f"{PREFIX}.2")


@pytest.mark.parametrize("syntax", ["explicit", "RLE", "JPEG-LS"])
def test_slides_are_captured_under_every_syntax(syntax):
    made = slide_capture(transfer_syntax_uid=SYNTAXES[syntax])
    np.testing.assert_array_equal(again(made).get_stored_frame(1), PIXELS["rgb"])
    assert dciodvfy(made) == []
