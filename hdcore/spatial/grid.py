"""Regular grids of voxels in space: affine matrix, shape, and all that follows from the two."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import AxisHandedness, CoordinateSystemNames
from hdcore.errors import GeometryError, InputTypeError, OutOfRangeError
from hdcore.spatial.affine import handedness_of, invert_affine
from hdcore.spatial.attributes import FloatArray, as_affine, as_points
from hdcore.spatial.orientation import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    convert_affine_to_convention,
    get_closest_patient_orientation,
)
from hdcore.spatial.points import map_points

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.model.plane import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence
    from hdcore.spatial.orientation import BipedOrientation, PatientOrientation
    from hdcore.spatial.reindex import Triple
    from hdcore.uid import UID

__all__ = ["VoxelGrid"]

_BOUNDS_SLACK = 1e-9


class VoxelGrid(ABC):
    """What volumes and their geometries have in common.

    Axis 0 goes from plane to plane, axis 1 from row to row, axis 2 from column to column. All lengths are in mm.
    """

    __slots__ = ("_affine", "_coordinate_system", "_frame_of_reference_uid")

    _affine: FloatArray
    _coordinate_system: CoordinateSystemNames
    _frame_of_reference_uid: str | None

    def _place(
        self,
        affine: npt.ArrayLike,
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None,
        from_reference_convention: PatientOrientation | None = None,
    ) -> None:
        self._coordinate_system = CoordinateSystemNames(coordinate_system)
        self._affine = as_affine(affine)
        if from_reference_convention is not None:
            if self._coordinate_system is CoordinateSystemNames.SLIDE:
                raise InputTypeError("from_reference_convention is about patients; it cannot be used with 'SLIDE'.")
            self._affine = convert_affine_to_convention(
                self._affine, from_reference_convention, LPS_PATIENT_REFERENCE_CONVENTION
            )
        self._frame_of_reference_uid = None if frame_of_reference_uid is None else str(frame_of_reference_uid)

    @property
    @abstractmethod
    def spatial_shape(self) -> Triple:
        """tuple[int, int, int]: numbers of planes, rows and columns."""

    @property
    def coordinate_system(self) -> CoordinateSystemNames:
        """CoordinateSystemNames: the patient's or the slide's."""
        return self._coordinate_system

    @property
    def frame_of_reference_uid(self) -> UID | None:
        """hdcore.UID | None: UID of the frame of reference, if known."""
        if self._frame_of_reference_uid is None:
            return None
        from hdcore.uid import uid_as_read

        return uid_as_read(self._frame_of_reference_uid)

    @property
    def affine(self) -> FloatArray:
        """numpy.ndarray[float64]: from indices to the frame of reference, shape ``(4, 4)``; a copy."""
        return self._affine.copy()

    @property
    def inverse_affine(self) -> FloatArray:
        """numpy.ndarray[float64]: from the frame of reference to indices, shape ``(4, 4)``."""
        return invert_affine(self._affine)

    def get_affine(self, output_convention: PatientOrientation | None) -> FloatArray:
        """Get the affine matrix in a convention of reference coordinates.

        Parameters
        ----------
        output_convention: str | Sequence[str | PatientOrientationValuesBiped] | None
            Directions in which the reference coordinates increase, such as ``"RAS"`` for NIfTI; DICOM's own (``"LPS"``)
            if None.

        Returns
        -------
        numpy.ndarray[float64]
            Shape ``(4, 4)``.

        Raises
        ------
        ValueError
            If it is no convention.
        """
        if output_convention is None:
            return self.affine
        return convert_affine_to_convention(self._affine, LPS_PATIENT_REFERENCE_CONVENTION, output_convention)

    @property
    def spacing(self) -> tuple[float, float, float]:
        """tuple[float, float, float]: distance between voxel centres along each axis, in mm."""
        first, second, third = np.linalg.norm(self._affine[:3, :3], axis=0).tolist()
        return first, second, third

    @property
    def pixel_spacing(self) -> tuple[float, float]:
        """tuple[float, float]: distance between rows and between columns, in mm (as in Pixel Spacing)."""
        return self.spacing[1], self.spacing[2]

    @property
    def spacing_between_slices(self) -> float:
        """float: distance between planes, in mm."""
        return self.spacing[0]

    @property
    def direction(self) -> FloatArray:
        """numpy.ndarray[float64]: directions of the axes as columns of length one, shape ``(3, 3)``."""
        direction: FloatArray = self._affine[:3, :3] / np.linalg.norm(self._affine[:3, :3], axis=0)
        return direction

    @property
    def direction_cosines(self) -> tuple[float, float, float, float, float, float]:
        """tuple[float, …]: directions of the rows and the columns (as in Image Orientation (Patient))."""
        direction = self.direction
        a, b, c = direction[:, 2].tolist()
        d, e, f = direction[:, 1].tolist()
        return a, b, c, d, e, f

    def spacing_vectors(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Get the steps in the frame of reference of one along each axis.

        Returns
        -------
        tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]
            Each of shape ``(3,)``, in mm.
        """
        return self._affine[:3, 0].copy(), self._affine[:3, 1].copy(), self._affine[:3, 2].copy()

    def unit_vectors(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Get the direction of each axis.

        Returns
        -------
        tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]
            Each of shape ``(3,)`` and length one.
        """
        direction = self.direction
        return direction[:, 0].copy(), direction[:, 1].copy(), direction[:, 2].copy()

    @property
    def position(self) -> tuple[float, float, float]:
        """tuple[float, float, float]: centre of the voxel ``(0, 0, 0)``, in mm."""
        x, y, z = self._affine[:3, 3].tolist()
        return x, y, z

    @property
    def center_indices(self) -> tuple[float, float, float]:
        """tuple[float, float, float]: index of the centre, half-way between two voxels along an even axis."""
        first, second, third = ((size - 1) / 2.0 for size in self.spatial_shape)
        return first, second, third

    @property
    def nearest_center_indices(self) -> tuple[int, int, int]:
        """tuple[int, int, int]: index of the voxel nearest to the centre, the lower one of two."""
        first, second, third = ((size - 1) // 2 for size in self.spatial_shape)
        return first, second, third

    @property
    def center_position(self) -> tuple[float, float, float]:
        """tuple[float, float, float]: the centre in the frame of reference, in mm."""
        x, y, z = map_points(np.array([self.center_indices]), self._affine)[0].tolist()
        return x, y, z

    @property
    def physical_extent(self) -> tuple[float, float, float]:
        """tuple[float, float, float]: size along each axis, from edge to edge of the outer voxels, in mm."""
        first, second, third = (size * step for size, step in zip(self.spatial_shape, self.spacing, strict=True))
        return first, second, third

    @property
    def voxel_volume(self) -> float:
        """float: volume of a voxel, in mm³."""
        return float(np.prod(self.spacing))

    @property
    def physical_volume(self) -> float:
        """float: volume of all voxels, in mm³."""
        return float(np.prod(self.physical_extent))

    @property
    def handedness(self) -> AxisHandedness:
        """AxisHandedness: of the three axes in their order."""
        return handedness_of(self._affine)

    def get_closest_patient_orientation(self) -> BipedOrientation:
        """Find the directions in the body that are nearest to the axes.

        Returns
        -------
        tuple[PatientOrientationValuesBiped, PatientOrientationValuesBiped, PatientOrientationValuesBiped]
            Direction in which the index along each axis increases.

        Raises
        ------
        RuntimeError
            If the coordinate system is the slide's.
        """
        self._need_patient()
        return get_closest_patient_orientation(self._affine)

    def _need_patient(self) -> None:
        if self._coordinate_system is not CoordinateSystemNames.PATIENT:
            raise GeometryError("The volume is in the slide's coordinate system, which has no patient orientation.")

    def map_indices_to_reference(self, indices: npt.NDArray[Any]) -> FloatArray:
        """Map indices of voxels into the frame of reference.

        Parameters
        ----------
        indices: numpy.ndarray
            Indices along the three axes, also between voxels, shape ``(n, 3)``.

        Returns
        -------
        numpy.ndarray[float64]
            x, y, z in mm, shape ``(n, 3)``.

        Raises
        ------
        ValueError
            If the shape is another.
        """
        return map_points(as_points(indices, 3, "indices"), self._affine)

    def map_reference_to_indices(
        self,
        coordinates: npt.NDArray[Any],
        round_output: bool = False,
        check_bounds: bool = False,
    ) -> npt.NDArray[Any]:
        """Map points of the frame of reference to indices of voxels.

        Parameters
        ----------
        coordinates: numpy.ndarray
            x, y, z in mm, shape ``(n, 3)``.
        round_output: bool, optional
            Whether to give the nearest voxel.
        check_bounds: bool, optional
            Whether points outside the volume are refused; a voxel reaches half a step from its centre.

        Returns
        -------
        numpy.ndarray
            Indices along the three axes, shape ``(n, 3)``: ``int64`` if rounded, else ``float64``. They are negative or
            too great for points outside.

        Raises
        ------
        ValueError
            If the shape is another.
        RuntimeError
            If ``check_bounds`` is set and a point lies outside.
        """
        indices = map_points(as_points(coordinates, 3, "coordinates"), self.inverse_affine)
        if check_bounds and not within_bounds(indices, self.spatial_shape):
            raise GeometryError(f"A point lies outside the volume, whose spatial shape is {self.spatial_shape}.")
        return np.around(indices).astype(np.int64) if round_output else indices

    def get_plane_position(self, plane_index: int) -> PlanePositionSequence:
        """Get the position of a plane as it is stored in a file.

        Parameters
        ----------
        plane_index: int
            Zero-based index along axis 0.

        Returns
        -------
        PlanePositionSequence
            Position of the plane's first pixel (PS3.3 C.7.6.16.2.3, C.8.12.6.1).

        Raises
        ------
        ValueError
            If there is no such plane.
        """
        if not 0 <= plane_index < self.spatial_shape[0]:
            raise OutOfRangeError(
                f"plane_index is {plane_index}; expected a number from 0 to {self.spatial_shape[0] - 1}."
            )
        return self._plane_position((self._affine[:3, 3] + plane_index * self._affine[:3, 0]).tolist())

    def get_plane_positions(self) -> list[PlanePositionSequence]:
        """Get the positions of all planes as they are stored in a file.

        Returns
        -------
        list[PlanePositionSequence]
            Position of the first pixel of each plane along axis 0.
        """
        steps = np.arange(self.spatial_shape[0])[:, None] * self._affine[:3, 0]
        return [self._plane_position(position) for position in (self._affine[:3, 3] + steps).tolist()]

    def _plane_position(self, position: list[float]) -> PlanePositionSequence:
        from hdcore.model.plane import PlanePositionSequence

        matrix_position = (1, 1) if self._coordinate_system is CoordinateSystemNames.SLIDE else None
        return PlanePositionSequence(self._coordinate_system, position, matrix_position)

    def get_plane_orientation(self) -> PlaneOrientationSequence:
        """Get the orientation of the planes as it is stored in a file.

        Returns
        -------
        PlaneOrientationSequence
            Directions of the rows and the columns (PS3.3 C.7.6.16.2.4).
        """
        from hdcore.model.plane import PlaneOrientationSequence

        return PlaneOrientationSequence(self._coordinate_system, self.direction_cosines)

    def get_pixel_measures(self) -> PixelMeasuresSequence:
        """Get the spacings as they are stored in a file.

        Returns
        -------
        PixelMeasuresSequence
            Spacings within and between planes (PS3.3 C.7.6.16.2.1); the planes are as thick as they are apart.
        """
        from hdcore.model.plane import PixelMeasuresSequence

        return PixelMeasuresSequence(self.pixel_spacing, self.spacing_between_slices, self.spacing_between_slices)

    def geometry_equal(self, other: VoxelGrid, tol: float | None = 1e-05) -> bool:
        """Tell whether two volumes have the same voxels in the same places.

        Parameters
        ----------
        other: Volume | VolumeGeometry
            The other one.
        tol: float | None, optional
            By how much the entries of the affine matrices may differ; not at all if None.

        Returns
        -------
        bool
            Whether shape, place, coordinate system and, where both know it, frame of reference are the same.

        Raises
        ------
        TypeError
            If ``other`` is neither a volume nor a geometry.
        """
        need_grid(other, "other")
        if self.differs_in_frame(other) or self.spatial_shape != other.spatial_shape:
            return False
        if tol is None:
            return bool(np.array_equal(self._affine, other._affine))
        return bool(np.allclose(self._affine, other._affine, rtol=0.0, atol=tol))

    def differs_in_frame(self, other: VoxelGrid) -> bool:
        """Tell whether another grid is in another coordinate system or, where both know it, frame of reference."""
        uids = self._frame_of_reference_uid, other._frame_of_reference_uid
        return self._coordinate_system is not other._coordinate_system or (None not in uids and uids[0] != uids[1])


def need_grid(value: object, name: str) -> None:
    """Refuse what is neither a volume nor a geometry."""
    if not isinstance(value, VoxelGrid):
        raise InputTypeError(f"{name} is a {type(value).__name__}; expected a Volume or VolumeGeometry.")


def within_bounds(indices: npt.NDArray[Any], shape: Triple) -> bool:
    """Tell whether indices, shape ``(n, 3)``, are all within the voxels of a grid."""
    if not len(indices):
        return True
    low, high = indices.min(axis=0), indices.max(axis=0)
    return bool((low >= -0.5 - _BOUNDS_SLACK).all() and (high <= np.array(shape) - 0.5 + _BOUNDS_SLACK).all())
