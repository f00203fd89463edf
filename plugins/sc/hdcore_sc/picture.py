"""Pictures of other kinds as arrays: PIL images, image files, figures."""

from __future__ import annotations

import io
import warnings
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import HdcoreWarning, InputError, InputTypeError, UnreadableError
from hdcore.pixels.color import input_profile

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Picture", "opened", "pixels_of", "profile_of"]

Picture = Any
"""A PIL image, an image file (PNG, JPEG, TIFF, BMP) as path, bytes or file object, a matplotlib figure, or an array."""


def opened(picture: Picture) -> Any:
    """Open a picture that is a file.

    Parameters
    ----------
    picture
        A path, the content of an image file, a binary file object, or a picture of another kind.

    Returns
    -------
    Any
        A PIL image, turned upright if the file says how (EXIF); a picture of another kind as it is.

    Raises
    ------
    ValueError
        If the file is no picture, or damaged.

    Warns
    -----
    HdcoreWarning
        If the file has several pictures, of which the first is taken.
    """
    if isinstance(picture, bytes | bytearray | memoryview):
        return _read(io.BytesIO(picture), "picture")
    if isinstance(picture, str | PathLike):
        with open(picture, "rb") as file:
            return _read(file, f"'{picture}'")
    return _read(picture, "picture") if hasattr(picture, "read") else picture


def _read(file: Any, name: str) -> Any:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(file) as image:
            # MPO, of cameras: the further pictures are previews
            pages = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
            upright = ImageOps.exif_transpose(image)
            upright.load()
    except UnidentifiedImageError as error:
        raise UnreadableError(f"{name} is not a picture that can be read (PNG, JPEG, TIFF, BMP …).") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableError(f"{name} is a damaged picture: {error}.") from error
    if pages > 1:
        warnings.warn(f"{name} has {pages} pictures; the first is taken.", HdcoreWarning, stacklevel=4)
    return upright


def pixels_of(picture: Picture) -> npt.NDArray[Any]:
    """Take the pixels of a picture.

    Parameters
    ----------
    picture
        A PIL image, an image file (its path, its bytes, or a binary file object), a matplotlib figure, or an array.
        Transparency is laid over white; palettes are resolved.

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
    picture = opened(picture)
    if isinstance(picture, np.ndarray):
        return picture
    if hasattr(picture, "canvas"):
        return _of_figure(picture)
    if hasattr(picture, "convert") and hasattr(picture, "mode"):
        return _of_pil(picture)
    raise InputTypeError(
        f"picture is {type(picture).__name__}; expected a PIL image, an image file (its path, bytes or a file object), "
        "a figure or an array."
    )


def profile_of(picture: Picture) -> bytes | None:
    """Get the ICC profile of the colours that :func:`pixels_of` gives.

    Parameters
    ----------
    picture
        A picture that has been opened.

    Returns
    -------
    bytes | None
        As the attribute ICC Profile holds it; None if the picture has none, or one of colours other than RGB.
    """
    profile = getattr(picture, "info", {}).get("icc_profile")
    if not profile or picture.mode not in _RGB:
        return None
    try:
        return input_profile(profile)
    except InputError as error:
        warnings.warn(f"{error} It is left out.", HdcoreWarning, stacklevel=3)
        return None


_RGB = ("RGB", "RGBA", "RGBa", "RGBX", "P", "PA")
"""Modes whose colours are kept, and with them the meaning of a profile."""


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
    if image.mode in ("La", "RGBa"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}[image.mode])
    if image.mode == "L" and "transparency" not in image.info:
        return np.asarray(image)
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        return _over_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("RGB"))


def _of_figure(figure: Any) -> npt.NDArray[Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    shown_on = figure.canvas
    try:
        canvas: Any = shown_on if isinstance(shown_on, FigureCanvasAgg) else FigureCanvasAgg(figure)
        canvas.draw()
        return _over_white(np.asarray(canvas.buffer_rgba()))
    finally:
        figure.set_canvas(shown_on)


def _over_white(rgba: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    opacity = rgba[..., 3:].astype(np.uint32)
    blended = (rgba[..., :3] * opacity + 255 * (255 - opacity) + 127) // 255
    return blended.astype(np.uint8)
