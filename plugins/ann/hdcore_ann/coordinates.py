"""Shapes from pixels to the slide's frame of reference and back (PS3.3 C.7.6.2.1.1, C.8.12.2.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.errors import InputError
from hdcore.spatial import create_affine_matrix_from_attributes, is_tiled_image
from hdcore.spatial.images import get_plane_geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_ann.shapes import Shapes

__all__ = ["to_pixels", "to_slide"]


def to_slide(shapes: Shapes, image: Dataset, frame_number: int | None = None) -> Shapes:
    """Bring shapes from pixels of an image to the slide's frame of reference.

    Parameters
    ----------
    shapes: Shapes
        Shapes in (column, row) pixels; 0 is the left or top edge of the first pixel, 0.5 its centre.
    image: pydicom.dataset.Dataset
        The image whose pixels they are.
    frame_number: int | None, optional
        Number, counted from one, of the frame from which pixels are counted; the total pixel matrix if absent.

    Returns
    -------
    Shapes
        The same shapes in (x, y, z) millimetres, float64.

    Raises
    ------
    ValueError
        If the shapes are not in pixels, or the image does not say where its pixels are.
    """
    if shapes.points.shape[1] != 2:
        raise InputError("The shapes are in the slide's frame of reference already.")
    affine = _affine_of(image, frame_number)
    points = shapes.points.astype(np.float64) - 0.5
    return shapes.with_points(points @ affine[:3, :2].T + affine[:3, 3])


def to_pixels(shapes: Shapes, image: Dataset, frame_number: int | None = None) -> Shapes:
    """Bring shapes from the slide's frame of reference to pixels of an image, straight down onto its plane.

    The image may be another than the one that was annotated, such as another level of the pyramid.

    Parameters
    ----------
    shapes: Shapes
        Shapes in (x, y, z) millimetres.
    image: pydicom.dataset.Dataset
        The image.
    frame_number: int | None, optional
        Number, counted from one, of the frame from which pixels are to be counted; the total pixel matrix if absent.

    Returns
    -------
    Shapes
        The same shapes in (column, row) pixels, float64; 0 is the left or top edge of the first pixel.

    Raises
    ------
    ValueError
        If the shapes are in pixels, or the image does not say where its pixels are.
    """
    if shapes.points.shape[1] != 3:
        raise InputError("The shapes are in pixels already.")
    inverse = np.linalg.inv(_affine_of(image, frame_number))
    points = shapes.points.astype(np.float64)
    return shapes.with_points(points @ inverse[:2, :3].T + inverse[:2, 3] + 0.5)


def _affine_of(image: Dataset, frame_number: int | None) -> NDArray[np.float64]:
    of_matrix = frame_number is None and is_tiled_image(image)
    plane = get_plane_geometry(image, frame_number=frame_number, for_total_pixel_matrix=of_matrix)
    return create_affine_matrix_from_attributes(
        image_position=plane.position.tolist(),
        image_orientation=plane.orientation.tolist(),
        pixel_spacing=plane.pixel_spacing.tolist(),
    )
