from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from PIL import Image, ImageCms

GRADIENT = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4


@pytest.mark.parametrize(
    "mode", ["1", "L", "RGB", "RGBA", "P", "I;16", "CMYK", "LA", "La", "RGBa", "PA", "YCbCr", "HSV"]
)
def test_pictures_of_every_mode_become_captures(ct, mode, tmp_path):
    steps = {
        "La": ["LA", "La"],
        "RGBa": ["RGBA", "RGBa"],
        "PA": ["P", "PA"],
        "YCbCr": ["RGB", "YCbCr"],
        "HSV": ["RGB", "HSV"],
    }
    picture = Image.fromarray(GRADIENT if mode != "I;16" else GRADIENT.astype(np.uint16))
    for step in steps.get(mode, [mode]):
        picture = picture.convert(step) if mode != "I;16" else picture
    made = hd.sc.SCImage.from_picture(picture, ct)
    assert (made.Rows, made.Columns) == (8, 8)
    assert made.StudyInstanceUID == ct.StudyInstanceUID
    assert made.SamplesPerPixel == (1 if mode in ("1", "L", "I;16") else 3)


def test_a_png_keeps_its_pixels(ct, tmp_path):
    pixels = np.stack([GRADIENT, GRADIENT.T, 255 - GRADIENT], axis=-1)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    made = hd.sc.SCImage.from_picture(tmp_path / "picture.png", ct, series_description="plot")
    assert np.array_equal(made.pixel_array, pixels)
    assert made.SeriesDescription == "plot"


def test_transparency_is_laid_over_white(ct):
    rgba = np.zeros((2, 2, 4), np.uint8)
    rgba[0, 0, 3] = 255
    pixels = hd.sc.SCImage.from_picture(Image.fromarray(rgba), ct).pixel_array
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert pixels[1, 1].tolist() == [255, 255, 255]


def test_the_transparent_gray_level_of_a_png_is_white(ct, tmp_path):
    Image.fromarray(GRADIENT).save(tmp_path / "picture.png", transparency=8)
    pixels = hd.sc.SCImage.from_picture(tmp_path / "picture.png", ct).pixel_array
    assert pixels[0, :4].tolist() == [[0] * 3, [4] * 3, [255] * 3, [12] * 3]


@pytest.mark.parametrize("take", [lambda path: path.read_bytes(), lambda path: path.open("rb"), str])
def test_image_files_are_taken_as_bytes_and_file_objects(ct, tmp_path, take):
    Image.fromarray(GRADIENT).save(tmp_path / "picture.png")
    assert np.array_equal(hd.sc.SCImage.from_picture(take(tmp_path / "picture.png"), ct).pixel_array, GRADIENT)


def test_photographs_are_turned_upright(ct, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: to be turned a quarter clockwise
    Image.fromarray(GRADIENT[:4]).save(tmp_path / "picture.tif", exif=exif)
    made = hd.sc.SCImage.from_picture(tmp_path / "picture.tif", ct)
    assert np.array_equal(made.pixel_array, np.rot90(GRADIENT[:4], -1))


def test_the_profile_of_a_picture_is_kept(ct, tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(GRADIENT).convert("RGB").save(tmp_path / "picture.png", icc_profile=profile)
    made = hd.sc.SCImage.from_picture(tmp_path / "picture.png", ct)
    assert made.ICCProfile[12:16] == b"scnr"
    assert not hd.validate(made).errors
    gray = Image.fromarray(GRADIENT)
    gray.info["icc_profile"] = profile
    assert "ICCProfile" not in hd.sc.SCImage.from_picture(gray, ct)


def test_profiles_of_other_colours_are_left_out(ct):
    picture = Image.fromarray(GRADIENT).convert("RGB")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    picture.info["icc_profile"] = profile
    with pytest.warns(hd.errors.HdcoreWarning, match="left out"):
        assert "ICCProfile" not in hd.sc.SCImage.from_picture(picture, ct)


def test_of_several_pictures_in_a_file_the_first_is_taken(ct, tmp_path):
    first, second = (Image.fromarray(pixels) for pixels in (GRADIENT, 255 - GRADIENT))
    first.save(tmp_path / "pages.tif", save_all=True, append_images=[second])
    with pytest.warns(hd.errors.HdcoreWarning, match="has 2 pictures"):
        made = hd.sc.SCImage.from_picture(tmp_path / "pages.tif", ct)
    assert np.array_equal(made.pixel_array, GRADIENT)


@pytest.mark.parametrize("canvas", ["base", "pdf", "agg"])
def test_a_figure_becomes_a_capture(ct, canvas):
    pytest.importorskip("matplotlib", reason="a figure needs matplotlib")
    from matplotlib.backends import backend_agg, backend_pdf
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 2), dpi=50)
    canvases = {"pdf": backend_pdf.FigureCanvasPdf, "agg": backend_agg.FigureCanvasAgg}
    if canvas in canvases:
        canvases[canvas](figure)
    shown_on = figure.canvas
    figure.subplots().plot([1, 2])
    made = hd.sc.SCImage.from_picture(figure, ct)
    assert (made.Rows, made.Columns) == (100, 50)
    assert len(np.unique(made.pixel_array)) > 2
    assert figure.canvas is shown_on


def test_what_is_no_picture_is_refused(ct, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"text\.png"):
        hd.sc.SCImage.from_picture(tmp_path / "text.png", ct)
    Image.effect_noise((64, 64), 50).save(tmp_path / "whole.png")
    with pytest.raises(ValueError, match="damaged picture"):
        hd.sc.SCImage.from_picture((tmp_path / "whole.png").read_bytes()[:600], ct)
    with pytest.raises(FileNotFoundError):
        hd.sc.SCImage.from_picture(tmp_path / "missing.png", ct)
    with pytest.raises(TypeError, match="expected a PIL image"):
        hd.sc.SCImage.from_picture(3, ct)
    with pytest.raises(ValueError, match="floating-point"):
        hd.sc.SCImage.from_picture(Image.fromarray(GRADIENT.astype(np.float32)), ct)
