"""Transformers from one image to another in the same plane, and from one volume to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.errors import InputError
from hdcore.spatial.affine import invert_affine
from hdcore.spatial.attributes import FloatArray, as_points
from hdcore.spatial.grid import need_grid, within_bounds
from hdcore.spatial.images import get_plane_geometry
from hdcore.spatial.points import map_points
from hdcore.spatial.transform import HALF_PIXEL, AffineTransformer, as_indices, pixel_affine, rounded, shifted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore.spatial.grid import VoxelGrid

__all__ = ["ImageToImageTransformer", "PixelToPixelTransformer", "VolumeToVolumeTransformer"]

_PARALLEL_TOLERANCE = 1e-4
"""Sine of the angle up to which two planes are parallel."""

_DISTANCE_TOLERANCE = 0.01
"""Part of a pixel up to which two planes are the same."""


def _between_planes(source: FloatArray, target: FloatArray) -> FloatArray:
    """Make the matrix from one plane's pixel indices to another's, both given to the frame of reference.

    Raises
    ------
    ValueError
        If the planes are not the same.
    """
    first, second = (matrix[:3, 2] / np.linalg.norm(matrix[:3, 2]) for matrix in (source, target))
    if np.linalg.norm(np.cross(first, second)) > _PARALLEL_TOLERANCE:
        raise InputError("The two images are not parallel, so pixels of one do not lie in the plane of the other.")
    distance = abs(float(second @ (source[:3, 3] - target[:3, 3])))
    pixel = min(float(np.linalg.norm(matrix[:3, :2], axis=0).min()) for matrix in (source, target))
    if distance > _DISTANCE_TOLERANCE * pixel:
        raise InputError(
            f"The planes of the two images are {distance:g} mm apart, so pixels of one do not lie in that of the other."
        )
    affine: FloatArray = invert_affine(target) @ source
    return affine


def _planes_of_images(
    dataset_from: Dataset,
    dataset_to: Dataset,
    frame_number_from: int | None,
    frame_number_to: int | None,
    for_total_pixel_matrix_from: bool,
    for_total_pixel_matrix_to: bool,
) -> tuple[list[float], list[float], list[float], list[float], list[float], list[float]]:
    uids = dataset_from.get("FrameOfReferenceUID"), dataset_to.get("FrameOfReferenceUID")
    if uids[0] != uids[1]:
        raise InputError(
            f"The images are in different frames of reference ({uids[0]} and {uids[1]}), so their places cannot be "
            "compared; register them first."
        )
    source = get_plane_geometry(dataset_from, frame_number_from, for_total_pixel_matrix_from)
    target = get_plane_geometry(dataset_to, frame_number_to, for_total_pixel_matrix_to)
    return (
        source.position.tolist(),
        source.orientation.tolist(),
        source.pixel_spacing.tolist(),
        target.position.tolist(),
        target.orientation.tolist(),
        target.pixel_spacing.tolist(),
    )


class PixelToPixelTransformer(AffineTransformer):
    """Maps pixel indices of an image to those of another in the same plane."""

    __slots__ = ("_round_output",)

    def __init__(
        self,
        image_position_from: Sequence[float],
        image_orientation_from: Sequence[float],
        pixel_spacing_from: Sequence[float],
        image_position_to: Sequence[float],
        image_orientation_to: Sequence[float],
        pixel_spacing_to: Sequence[float],
        round_output: bool = True,
    ) -> None:
        """Make the mapping from the planes' attributes.

        Parameters
        ----------
        image_position_from: Sequence[float]
            Centre of the first pixel of the "from" image, in mm.
        image_orientation_from: Sequence[float]
            Direction cosines of its rows and columns.
        pixel_spacing_from: Sequence[float]
            Distance between its rows and between its columns, in mm.
        image_position_to: Sequence[float]
            The same of the "to" image.
        image_orientation_to: Sequence[float]
            The same of the "to" image.
        pixel_spacing_to: Sequence[float]
            The same of the "to" image.
        round_output: bool, optional
            Whether to give the nearest pixel.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If one has the wrong length or cannot be used, or the images are not in the same plane.
        """
        source = pixel_affine(image_position_from, image_orientation_from, pixel_spacing_from)
        target = pixel_affine(image_position_to, image_orientation_to, pixel_spacing_to)
        super().__init__(_between_planes(source, target))
        self._round_output = round_output

    def __call__(self, indices: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Map pixel indices.

        Parameters
        ----------
        indices: numpy.ndarray
            Column and row indices, integers, shape ``(n, 2)``.

        Returns
        -------
        numpy.ndarray
            Column and row indices in the other image, shape ``(n, 2)``: ``int64`` if rounded, else ``float64``.

        Raises
        ------
        TypeError
            If they are not integers.
        ValueError
            If the shape is another.
        """
        points = self.map_in_plane(as_indices(indices))[:, :2]
        return rounded(points) if self._round_output else points

    @classmethod
    def for_images(
        cls,
        dataset_from: Dataset,
        dataset_to: Dataset,
        frame_number_from: int | None = None,
        frame_number_to: int | None = None,
        for_total_pixel_matrix_from: bool = False,
        for_total_pixel_matrix_to: bool = False,
        round_output: bool = True,
    ) -> Self:
        """Make the mapping of two images in the same frame of reference.

        Parameters
        ----------
        dataset_from: pydicom.dataset.Dataset
            The image from which points are mapped.
        dataset_to: pydicom.dataset.Dataset
            The image to which they are mapped.
        frame_number_from: int | None, optional
            One-based number of the frame of ``dataset_from``, if there are several.
        frame_number_to: int | None, optional
            One-based number of the frame of ``dataset_to``, if there are several.
        for_total_pixel_matrix_from: bool, optional
            Whether the total pixel matrix of ``dataset_from`` is meant.
        for_total_pixel_matrix_to: bool, optional
            Whether the total pixel matrix of ``dataset_to`` is meant.
        round_output: bool, optional
            Whether to give the nearest pixel.

        Returns
        -------
        PixelToPixelTransformer
            The transformer.

        Raises
        ------
        TypeError
            If a frame number is needed and absent, or superfluous.
        ValueError
            If an image has no position or no such frame, or they are not in the same plane of one frame of reference.
        """
        planes = _planes_of_images(
            dataset_from,
            dataset_to,
            frame_number_from,
            frame_number_to,
            for_total_pixel_matrix_from,
            for_total_pixel_matrix_to,
        )
        return cls(*planes, round_output)


class ImageToImageTransformer(AffineTransformer):
    """Maps image coordinates (as of SCOORD) of an image to those of another in the same plane."""

    __slots__ = ()

    def __init__(
        self,
        image_position_from: Sequence[float],
        image_orientation_from: Sequence[float],
        pixel_spacing_from: Sequence[float],
        image_position_to: Sequence[float],
        image_orientation_to: Sequence[float],
        pixel_spacing_to: Sequence[float],
    ) -> None:
        """Make the mapping from the planes' attributes.

        Parameters
        ----------
        image_position_from: Sequence[float]
            Centre of the first pixel of the "from" image, in mm.
        image_orientation_from: Sequence[float]
            Direction cosines of its rows and columns.
        pixel_spacing_from: Sequence[float]
            Distance between its rows and between its columns, in mm.
        image_position_to: Sequence[float]
            The same of the "to" image.
        image_orientation_to: Sequence[float]
            The same of the "to" image.
        pixel_spacing_to: Sequence[float]
            The same of the "to" image.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If one has the wrong length or cannot be used, or the images are not in the same plane.
        """
        source = pixel_affine(image_position_from, image_orientation_from, pixel_spacing_from)
        target = pixel_affine(image_position_to, image_orientation_to, pixel_spacing_to)
        affine = shifted(_between_planes(source, target), -HALF_PIXEL)
        affine[:3, 3] += HALF_PIXEL
        super().__init__(affine)

    def __call__(self, coordinates: npt.NDArray[Any]) -> FloatArray:
        """Map image coordinates.

        Parameters
        ----------
        coordinates: numpy.ndarray
            Column and row coordinates from the top left corner of the first pixel, shape ``(n, 2)``.

        Returns
        -------
        numpy.ndarray[float64]
            Column and row coordinates in the other image, shape ``(n, 2)``.

        Raises
        ------
        ValueError
            If the shape is another.
        """
        return self.map_in_plane(as_points(coordinates, 2, "coordinates"))[:, :2]

    @classmethod
    def for_images(
        cls,
        dataset_from: Dataset,
        dataset_to: Dataset,
        frame_number_from: int | None = None,
        frame_number_to: int | None = None,
        for_total_pixel_matrix_from: bool = False,
        for_total_pixel_matrix_to: bool = False,
    ) -> Self:
        """Make the mapping of two images in the same frame of reference.

        Parameters
        ----------
        dataset_from: pydicom.dataset.Dataset
            The image from which points are mapped.
        dataset_to: pydicom.dataset.Dataset
            The image to which they are mapped.
        frame_number_from: int | None, optional
            One-based number of the frame of ``dataset_from``, if there are several.
        frame_number_to: int | None, optional
            One-based number of the frame of ``dataset_to``, if there are several.
        for_total_pixel_matrix_from: bool, optional
            Whether the total pixel matrix of ``dataset_from`` is meant.
        for_total_pixel_matrix_to: bool, optional
            Whether the total pixel matrix of ``dataset_to`` is meant.

        Returns
        -------
        ImageToImageTransformer
            The transformer.

        Raises
        ------
        TypeError
            If a frame number is needed and absent, or superfluous.
        ValueError
            If an image has no position or no such frame, or they are not in the same plane of one frame of reference.
        """
        planes = _planes_of_images(
            dataset_from,
            dataset_to,
            frame_number_from,
            frame_number_to,
            for_total_pixel_matrix_from,
            for_total_pixel_matrix_to,
        )
        return cls(*planes)


class VolumeToVolumeTransformer(AffineTransformer):
    """Maps voxel indices of a volume to those of another."""

    __slots__ = ("_check_bounds", "_round_output", "_shape")

    def __init__(
        self,
        volume_from: VoxelGrid,
        volume_to: VoxelGrid,
        round_output: bool = False,
        check_bounds: bool = False,
    ) -> None:
        """Make the mapping.

        Parameters
        ----------
        volume_from: Volume | VolumeGeometry
            The volume whose indices are mapped.
        volume_to: Volume | VolumeGeometry
            The volume to whose indices they are mapped.
        round_output: bool, optional
            Whether to give the nearest voxel.
        check_bounds: bool, optional
            Whether indices outside the other volume are refused; a voxel reaches half a step from its centre.

        Raises
        ------
        TypeError
            If one is neither a volume nor a geometry.
        ValueError
            If the volumes are in different coordinate systems or frames of reference.
        """
        need_grid(volume_from, "volume_from")
        need_grid(volume_to, "volume_to")
        if volume_from.differs_in_frame(volume_to):
            raise InputError(
                "The volumes are in different coordinate systems or frames of reference, so their places cannot be "
                "compared; register them first."
            )
        super().__init__(volume_to.inverse_affine @ volume_from.affine)
        self._round_output = round_output
        self._check_bounds = check_bounds
        self._shape = volume_to.spatial_shape

    def __call__(self, indices: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Map voxel indices.

        Parameters
        ----------
        indices: numpy.ndarray
            Indices along the three axes, also between voxels, shape ``(n, 3)``.

        Returns
        -------
        numpy.ndarray
            Indices in the other volume, shape ``(n, 3)``. If rounded, of the given data type where that is a signed
            integer, else ``int64``; if not, of the given data type where that is floating point, else ``float64``.

        Raises
        ------
        ValueError
            If the shape is another, or bounds are checked and an index lies outside.
        """
        given = as_points(indices, 3, "indices")
        points = map_points(given, self._affine)
        if self._check_bounds and not within_bounds(points, self._shape):
            raise InputError(f"An index lies outside the other volume, whose spatial shape is {self._shape}.")
        if not self._round_output:
            return points.astype(given.dtype, copy=False) if given.dtype.kind == "f" else points
        result = rounded(points)
        return result.astype(given.dtype, copy=False) if given.dtype.kind == "i" else result
