"""Transformers from an image into the frame of reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.spatial.attributes import FloatArray, as_points
from hdcore.spatial.images import get_plane_geometry
from hdcore.spatial.transform import HALF_PIXEL, AffineTransformer, as_indices, pixel_affine, shifted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["ImageToReferenceTransformer", "PixelToReferenceTransformer", "map_pixel_into_coordinate_system"]


class PixelToReferenceTransformer(AffineTransformer):
    """Maps pixel indices of an image, frame or total pixel matrix into the frame of reference."""

    __slots__ = ()

    def __init__(
        self,
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        pixel_spacing: Sequence[float],
    ) -> None:
        """Make the mapping from the plane's attributes.

        Parameters
        ----------
        image_position: Sequence[float]
            Centre of the first pixel in the frame of reference, in mm.
        image_orientation: Sequence[float]
            Direction cosines of the rows and the columns.
        pixel_spacing: Sequence[float]
            Distance between rows and between columns, in mm.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If one has the wrong length or cannot be used.
        """
        super().__init__(pixel_affine(image_position, image_orientation, pixel_spacing))

    def __call__(self, indices: npt.NDArray[Any]) -> FloatArray:
        """Map pixel indices.

        Parameters
        ----------
        indices: numpy.ndarray
            Column and row indices, integers, shape ``(n, 2)``.

        Returns
        -------
        numpy.ndarray[float64]
            x, y, z in mm, shape ``(n, 3)``.

        Raises
        ------
        TypeError
            If they are not integers.
        ValueError
            If the shape is another.
        """
        return self.map_in_plane(as_indices(indices))

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
    ) -> Self:
        """Make the mapping of an image.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The image.
        frame_number: int | None, optional
            One-based number of the frame, if there are several.
        for_total_pixel_matrix: bool, optional
            Whether the total pixel matrix of a tiled image is meant.

        Returns
        -------
        PixelToReferenceTransformer
            The transformer.

        Raises
        ------
        TypeError
            If a frame number is needed and absent, or superfluous.
        ValueError
            If the image has no position, is not tiled, or has no such frame.
        """
        plane = get_plane_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(plane.position.tolist(), plane.orientation.tolist(), plane.pixel_spacing.tolist())


class ImageToReferenceTransformer(AffineTransformer):
    """Maps image coordinates (as of SCOORD) into the frame of reference (as of SCOORD3D)."""

    __slots__ = ()

    def __init__(
        self,
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        pixel_spacing: Sequence[float],
    ) -> None:
        """Make the mapping from the plane's attributes.

        Parameters
        ----------
        image_position: Sequence[float]
            Centre of the first pixel in the frame of reference, in mm.
        image_orientation: Sequence[float]
            Direction cosines of the rows and the columns.
        pixel_spacing: Sequence[float]
            Distance between rows and between columns, in mm.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If one has the wrong length or cannot be used.
        """
        super().__init__(shifted(pixel_affine(image_position, image_orientation, pixel_spacing), -HALF_PIXEL))

    def __call__(self, coordinates: npt.NDArray[Any]) -> FloatArray:
        """Map image coordinates.

        Parameters
        ----------
        coordinates: numpy.ndarray
            Column and row coordinates from the top left corner of the first pixel, shape ``(n, 2)``.

        Returns
        -------
        numpy.ndarray[float64]
            x, y, z in mm, shape ``(n, 3)``.

        Raises
        ------
        ValueError
            If the shape is another.
        """
        return self.map_in_plane(as_points(coordinates, 2, "coordinates"))

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
    ) -> Self:
        """Make the mapping of an image; parameters and errors as of :meth:`PixelToReferenceTransformer.for_image`."""
        plane = get_plane_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(plane.position.tolist(), plane.orientation.tolist(), plane.pixel_spacing.tolist())


def map_pixel_into_coordinate_system(
    index: Sequence[int],
    image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
) -> tuple[float, float, float]:
    """Map one pixel index into the frame of reference; for many, use :class:`PixelToReferenceTransformer`.

    Parameters
    ----------
    index: Sequence[int]
        Column and row index.
    image_position: Sequence[float]
        Centre of the first pixel in the frame of reference, in mm.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    pixel_spacing: Sequence[float]
        Distance between rows and between columns, in mm.

    Returns
    -------
    tuple[float, float, float]
        x, y, z in mm.

    Raises
    ------
    TypeError
        If an attribute is not a sequence, or the index not of integers.
    ValueError
        If one has the wrong length or cannot be used.
    """
    transformer = PixelToReferenceTransformer(image_position, image_orientation, pixel_spacing)
    x, y, z = transformer(np.array([index]))[0].tolist()
    return x, y, z
