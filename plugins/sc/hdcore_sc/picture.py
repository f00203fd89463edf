"""Pictures of other kinds as arrays: PIL images, image files, figures."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError, UnreadableError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Picture", "pixels_of"]

Picture = Any
"""A PIL image, the path of an image file (PNG, JPEG, TIFF, BMP), a matplotlib figure, or an array."""


def pixels_of(picture: Picture) -> npt.NDArray[Any]:
    """Take the pixels of a picture.

    Parameters
    ----------
    picture
        A PIL image, a path, a figure that can draw itself on a canvas (matplotlib), or an array. Transparency is laid
        over white; palettes are resolved.

    Returns
    -------
    numpy.ndarray
        ``bool``, ``uint8`` or ``uint16`` of shape (rows, columns), or ``uint8`` of shape (rows, columns, 3).

    Raises
    ------
    TypeError
        If ``picture`` is none of these.
    ValueError
        If the file cannot be read as a picture, or the picture has floating-point pixels.
    """
    if isinstance(picture, np.ndarray):
        return picture
    if isinstance(picture, (str, PathLike)):
        return _of_file(picture)
    if hasattr(picture, "canvas"):
        return _of_figure(picture)
    if hasattr(picture, "convert") and hasattr(picture, "mode"):
        return _of_pil(picture)
    raise InputTypeError(
        f"picture is {type(picture).__name__}; expected a PIL image, the path of an image file, a figure or an array."
    )


def _of_file(path: str | PathLike[str]) -> npt.NDArray[Any]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            return _of_pil(image)
    except UnidentifiedImageError as error:
        raise UnreadableError(f"'{path}' is not a picture that can be read (PNG, JPEG, TIFF, BMP …).") from error


def _of_pil(image: Any) -> npt.NDArray[Any]:
    if image.mode == "1":
        return np.asarray(image, dtype=np.bool_)
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)
    if image.mode == "I":
        values = np.asarray(image)
        if values.min() < 0 or values.max() > np.iinfo(np.uint16).max:
            raise InputError("the picture has 32-bit values beyond 0 to 65535; scale them first.")
        return values.astype(np.uint16)
    if image.mode == "F":
        raise InputError("the picture has floating-point values; scale them to uint8 or uint16 first.")
    if image.mode == "L":
        return np.asarray(image)
    if "A" in image.mode or "transparency" in image.info:
        return _over_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("RGB"))


def _of_figure(figure: Any) -> npt.NDArray[Any]:
    if not hasattr(figure.canvas, "buffer_rgba"):
        raise InputTypeError("the figure's canvas cannot give its pixels; draw it with matplotlib's Agg backend.")
    figure.canvas.draw()
    return _over_white(np.asarray(figure.canvas.buffer_rgba()))


def _over_white(rgba: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    opacity = rgba[..., 3:].astype(np.uint32)
    blended = (rgba[..., :3] * opacity + 255 * (255 - opacity) + 127) // 255
    return blended.astype(np.uint8)
