"""Transformers from the frame of reference to an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from hdcore.spatial.affine import invert_affine
from hdcore.spatial.attributes import FloatArray, as_points, as_position
from hdcore.spatial.images import get_plane_geometry
from hdcore.spatial.points import map_points
from hdcore.spatial.transform import HALF_PIXEL, AffineTransformer, pixel_affine, rounded, shifted, within_plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["ReferenceToImageTransformer", "ReferenceToPixelTransformer", "map_coordinate_into_pixel_matrix"]


class ReferenceToPixelTransformer(AffineTransformer):
    """Maps points of the frame of reference to pixel indices of an image, frame or total pixel matrix."""

    __slots__ = ("_drop_slice_index", "_round_output")

    def __init__(
        self,
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        pixel_spacing: Sequence[float],
        spacing_between_slices: float = 1.0,
        round_output: bool = True,
        drop_slice_index: bool = False,
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
        spacing_between_slices: float, optional
            Unit of the third index, the distance from the plane, in mm.
        round_output: bool, optional
            Whether to give the nearest pixel.
        drop_slice_index: bool, optional
            Whether to leave the third index out, after a check that it is at most one half.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If one has the wrong length or cannot be used.
        """
        affine = pixel_affine(image_position, image_orientation, pixel_spacing, spacing_between_slices)
        super().__init__(invert_affine(affine))
        self._round_output = round_output
        self._drop_slice_index = drop_slice_index

    def __call__(self, coordinates: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Map points of the frame of reference.

        Parameters
        ----------
        coordinates: numpy.ndarray
            x, y, z in mm, shape ``(n, 3)``.

        Returns
        -------
        numpy.ndarray
            Column, row and slice indices, shape ``(n, 3)``, or ``(n, 2)`` without the slice; ``int64`` if rounded, else
            ``float64``. They are negative or too great for points outside the image.

        Raises
        ------
        ValueError
            If the shape is another.
        RuntimeError
            If the slice is dropped and a point is over half a slice from the plane.
        """
        points = map_points(as_points(coordinates, 3, "coordinates"), self._affine)
        if self._drop_slice_index:
            points = within_plane(points)
        return rounded(points) if self._round_output else points

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
        round_output: bool = True,
        drop_slice_index: bool = False,
    ) -> Self:
        """Make the mapping of an image.

        Parameters
        ----------
        dataset, frame_number, for_total_pixel_matrix
            As of :meth:`PixelToReferenceTransformer.for_image`.
        round_output: bool, optional
            Whether to give the nearest pixel.
        drop_slice_index: bool, optional
            Whether to leave the third index out, after a check that it is at most one half.

        Returns
        -------
        ReferenceToPixelTransformer
            The transformer.

        Raises
        ------
        TypeError
            If a frame number is needed and absent, or superfluous.
        ValueError
            If the image has no position, is not tiled, or has no such frame.
        """
        plane = get_plane_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(
            plane.position.tolist(),
            plane.orientation.tolist(),
            plane.pixel_spacing.tolist(),
            plane.spacing_between_slices or 1.0,
            round_output,
            drop_slice_index,
        )


class ReferenceToImageTransformer(AffineTransformer):
    """Maps points of the frame of reference (as of SCOORD3D) to image coordinates (as of SCOORD)."""

    __slots__ = ("_drop_slice_coord",)

    def __init__(
        self,
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        pixel_spacing: Sequence[float],
        spacing_between_slices: float = 1.0,
        drop_slice_coord: bool = False,
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
        spacing_between_slices: float, optional
            Unit of the third coordinate, the distance from the plane, in mm.
        drop_slice_coord: bool, optional
            Whether to leave the third coordinate out, after a check that it is at most one half.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If one has the wrong length or cannot be used.
        """
        affine = pixel_affine(image_position, image_orientation, pixel_spacing, spacing_between_slices)
        super().__init__(invert_affine(shifted(affine, -HALF_PIXEL)))
        self._drop_slice_coord = drop_slice_coord

    def __call__(self, coordinates: npt.NDArray[Any]) -> FloatArray:
        """Map points of the frame of reference.

        Parameters
        ----------
        coordinates: numpy.ndarray
            x, y, z in mm, shape ``(n, 3)``.

        Returns
        -------
        numpy.ndarray[float64]
            Column, row and slice coordinates, shape ``(n, 3)``, or ``(n, 2)`` without the slice; the first two from the
            top left corner of the first pixel, the third from the plane.

        Raises
        ------
        ValueError
            If the shape is another.
        RuntimeError
            If the slice is dropped and a point is over half a slice from the plane.
        """
        points = map_points(as_points(coordinates, 3, "coordinates"), self._affine)
        return within_plane(points) if self._drop_slice_coord else points

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
        drop_slice_coord: bool = False,
    ) -> Self:
        """Make the mapping of an image.

        Parameters
        ----------
        dataset, frame_number, for_total_pixel_matrix
            As of :meth:`PixelToReferenceTransformer.for_image`.
        drop_slice_coord: bool, optional
            Whether to leave the third coordinate out, after a check that it is at most one half.

        Returns
        -------
        ReferenceToImageTransformer
            The transformer.

        Raises
        ------
        TypeError
            If a frame number is needed and absent, or superfluous.
        ValueError
            If the image has no position, is not tiled, or has no such frame.
        """
        plane = get_plane_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(
            plane.position.tolist(),
            plane.orientation.tolist(),
            plane.pixel_spacing.tolist(),
            plane.spacing_between_slices or 1.0,
            drop_slice_coord,
        )


def map_coordinate_into_pixel_matrix(
    coordinate: Sequence[float],
    image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
    spacing_between_slices: float = 1.0,
) -> tuple[int, int, int]:
    """Map one point of the frame of reference to a pixel; for many, use :class:`ReferenceToPixelTransformer`.

    Parameters
    ----------
    coordinate: Sequence[float]
        x, y, z in mm.
    image_position: Sequence[float]
        Centre of the first pixel in the frame of reference, in mm.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    pixel_spacing: Sequence[float]
        Distance between rows and between columns, in mm.
    spacing_between_slices: float, optional
        Unit of the third index, in mm.

    Returns
    -------
    tuple[int, int, int]
        Column and row index of the nearest pixel, and the distance from the plane in slices.

    Raises
    ------
    TypeError
        If an attribute is not a sequence.
    ValueError
        If one has the wrong length or cannot be used.
    """
    transformer = ReferenceToPixelTransformer(image_position, image_orientation, pixel_spacing, spacing_between_slices)
    column, row, slice_index = transformer(as_position(coordinate, "coordinate")[None])[0].tolist()
    return column, row, slice_index
