from __future__ import annotations

import hdcore as hd
import numpy as np
import pytest
from PIL import Image

GRADIENT = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "I;16", "CMYK", "LA"])
def test_pictures_of_every_mode_become_captures(ct, mode, tmp_path):
    picture = Image.fromarray(GRADIENT).convert(mode) if mode != "I;16" else Image.fromarray(GRADIENT.astype(np.uint16))
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


def test_a_figure_becomes_a_capture(ct):
    matplotlib = pytest.importorskip("matplotlib", reason="a figure needs matplotlib")
    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 2), dpi=50)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    figure.subplots().plot([1, 2])
    made = hd.sc.SCImage.from_picture(figure, ct)
    assert (made.Rows, made.Columns) == (100, 50)


def test_what_is_no_picture_is_refused(ct, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"text\.png"):
        hd.sc.SCImage.from_picture(tmp_path / "text.png", ct)
    with pytest.raises(TypeError, match="expected a PIL image"):
        hd.sc.SCImage.from_picture(3, ct)
    with pytest.raises(ValueError, match="floating-point"):
        hd.sc.SCImage.from_picture(Image.fromarray(GRADIENT.astype(np.float32)), ct)
