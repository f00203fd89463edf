"""Shutters: parts of the image that are not shown (PS3.3 C.7.6.11, C.7.6.15, C.11.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch

from hdcore_pr.presentation.colors import rgb_of_lab
from hdcore_pr.presentation.overlays import overlay_mask

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame

    Mask = npt.NDArray[np.bool_]

__all__ = ["apply_shutters", "open_area"]

_P_VALUES = 65535


def apply_shutters(state: Dataset, frame: SourceFrame, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Cover what lies outside of any of the state's shutters.

    Parameters
    ----------
    state: pydicom.dataset.Dataset
        The state; shutters of the image do not count (PS3.4 N.2).
    frame: SourceFrame
        The frame.
    pixels: numpy.ndarray
        Presented values, shape (rows, columns) or (rows, columns, 3). They are changed.
    """
    is_open = open_area(state, frame)
    if is_open is None:
        return pixels
    gray = round(int(fetch(state, "ShutterPresentationValue", 0)) * 255 / _P_VALUES)
    lab = fetch(state, "ShutterPresentationColorCIELabValue")
    pixels[~is_open] = gray if pixels.ndim == 2 or lab is None else rgb_of_lab(lab)
    return pixels


def open_area(state: Dataset, frame: SourceFrame) -> Mask | None:
    """Tell which pixels all shutters leave open; None if there is no shutter."""
    shapes = fetch(state, "ShutterShape")
    if shapes is None:
        return None
    names = [shapes] if isinstance(shapes, str) else [str(name) for name in shapes]
    unknown = set(names) - set(_SHAPES)
    if unknown:
        raise UnreadableError(f"ShutterShape is {names}; expected {', '.join(_SHAPES)}.")
    is_open = np.ones(frame.shape, bool)
    for name in names:
        is_open &= _SHAPES[name](state, frame)
    return is_open


def _rectangle(state: Dataset, frame: SourceFrame) -> Mask:
    left, right, top, bottom = (
        int(_required(state, f"Shutter{edge}Edge"))
        for edge in ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
    )
    is_open = np.zeros(frame.shape, bool)
    is_open[max(0, top - 1) : max(0, bottom), max(0, left - 1) : max(0, right)] = True
    return is_open


def _circle(state: Dataset, frame: SourceFrame) -> Mask:
    row, column = (int(number) for number in _required(state, "CenterOfCircularShutter"))
    radius = int(_required(state, "RadiusOfCircularShutter"))  # in columns
    rows, columns = frame.shape
    down = (np.arange(1, rows + 1) - row)[:, None] * _height_of_pixels(frame.image)
    right = np.arange(1, columns + 1) - column
    is_open: Mask = down**2 + right**2 <= radius**2
    return is_open


def _polygon(state: Dataset, frame: SourceFrame) -> Mask:
    from PIL import Image, ImageDraw

    vertices = np.asarray(_required(state, "VerticesOfThePolygonalShutter"), np.int64)
    if vertices.size < 4 or vertices.size % 2:
        raise UnreadableError(f"VerticesOfThePolygonalShutter has {vertices.size} numbers; expected pairs.")
    rows, columns = frame.shape
    canvas = Image.new("1", (columns, rows))
    points = vertices.reshape(-1, 2)[:, ::-1] - 1  # stored as row and column
    ImageDraw.Draw(canvas).polygon([(int(x), int(y)) for x, y in points], fill=1, outline=1)
    return np.array(canvas, bool)


def _bitmap(state: Dataset, frame: SourceFrame) -> Mask:
    group = int(_required(state, "ShutterOverlayGroup"))
    covered = overlay_mask(group, frame.shape, frame.number, state, frame.image)
    return np.ones(frame.shape, bool) if covered is None else ~covered


_SHAPES: dict[str, Callable[[Dataset, SourceFrame], Mask]] = {
    "RECTANGULAR": _rectangle,
    "CIRCULAR": _circle,
    "POLYGONAL": _polygon,
    "BITMAP": _bitmap,
}


def _required(state: Dataset, keyword: str) -> Any:
    value = fetch(state, keyword)
    if value is None:
        raise UnreadableError(f"The state has a shutter, but no {keyword}.")
    return value


def _height_of_pixels(image: Dataset) -> float:
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "PixelAspectRatio"):
        pair = fetch(image, keyword)
        if pair is not None and len(pair) == 2 and float(pair[1]) > 0:
            return float(pair[0]) / float(pair[1])
    return 1.0
