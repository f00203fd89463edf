"""The geometry of a volume, without its voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from hdcore.enums import AxisHandedness
from hdcore.spatial.affine import (
    VOLUME_INDEX_CONVENTION,
    create_affine_matrix_from_attributes,
    create_affine_matrix_from_components,
)
from hdcore.spatial.attributes import as_positive, as_spatial_shape
from hdcore.spatial.augment import AugmentableGrid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from hdcore.enums import CoordinateSystemNames
    from hdcore.spatial.orientation import PatientOrientation
    from hdcore.spatial.padding import Padding
    from hdcore.spatial.reindex import Reindex, Triple
    from hdcore.spatial.volume import Volume

__all__ = ["VolumeGeometry"]


class VolumeGeometry(AugmentableGrid):
    """Shape and place of a volume: all that :class:`Volume` can do but for voxel values."""

    __slots__ = ("_spatial_shape",)

    def __init__(
        self,
        affine: npt.ArrayLike,
        spatial_shape: Sequence[int],
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
        from_reference_convention: PatientOrientation | None = None,
    ) -> None:
        """Describe a volume.

        Parameters
        ----------
        affine: numpy.ndarray
            From indices (plane, row, column) to the frame of reference in mm, shape ``(4, 4)``; axes at right angles.
        spatial_shape: Sequence[int]
            Numbers of planes, rows and columns.
        coordinate_system: CoordinateSystemNames | str
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.
        from_reference_convention: str | Sequence[str | PatientOrientationValuesBiped] | None, optional
            Convention in which ``affine`` is given, such as ``"RAS"`` for NIfTI; DICOM's (``"LPS"``) if absent.

        Raises
        ------
        TypeError
            If a convention is given in the slide's coordinate system.
        ValueError
            If the matrix, the shape or the convention cannot be used.
        """
        self._place(affine, coordinate_system, frame_of_reference_uid, from_reference_convention)
        self._spatial_shape = as_spatial_shape(spatial_shape)

    @classmethod
    def from_attributes(
        cls,
        *,
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        rows: int,
        columns: int,
        pixel_spacing: Sequence[float],
        spacing_between_slices: float,
        number_of_frames: int,
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Describe the volume that parallel, evenly spaced frames are.

        Parameters
        ----------
        image_position: Sequence[float]
            Centre of the first frame's first pixel, in mm (Image Position (Patient)).
        image_orientation: Sequence[float]
            Direction cosines of the rows and the columns (Image Orientation (Patient)).
        rows: int
            Number of rows.
        columns: int
            Number of columns.
        pixel_spacing: Sequence[float]
            Distance between rows and between columns, in mm (Pixel Spacing).
        spacing_between_slices: float
            Distance between frames, in mm.
        number_of_frames: int
            Number of frames, which follow one another so that (frame, row, column) is right-handed.
        coordinate_system: CoordinateSystemNames | str
            ``"PATIENT"`` or ``"SLIDE"``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.

        Returns
        -------
        VolumeGeometry
            Axis 0 from frame to frame, axis 1 from row to row, axis 2 from column to column.

        Raises
        ------
        TypeError
            If an attribute is not a sequence.
        ValueError
            If a value cannot be used.
        """
        affine = affine_of_frames(image_position, image_orientation, pixel_spacing, spacing_between_slices)
        return cls(affine, (number_of_frames, rows, columns), coordinate_system, frame_of_reference_uid)

    @classmethod
    def from_components(
        cls,
        spatial_shape: Sequence[int],
        *,
        spacing: Sequence[float] | float,
        coordinate_system: CoordinateSystemNames | str,
        position: Sequence[float] | None = None,
        center_position: Sequence[float] | None = None,
        direction: npt.ArrayLike | None = None,
        patient_orientation: PatientOrientation | None = None,
        frame_of_reference_uid: str | None = None,
        from_reference_convention: PatientOrientation | None = None,
    ) -> Self:
        """Describe a volume by spacing, direction and position.

        Parameters
        ----------
        spatial_shape: Sequence[int]
            Numbers of planes, rows and columns.
        spacing: Sequence[float] | float
            Distance between voxel centres along each axis, in mm.
        coordinate_system: CoordinateSystemNames | str
            ``"PATIENT"`` or ``"SLIDE"``.
        position: Sequence[float] | None, optional
            Centre of the voxel ``(0, 0, 0)``, in mm.
        center_position: Sequence[float] | None, optional
            Centre of the volume, in mm; instead of ``position``.
        direction: numpy.ndarray | None, optional
            Directions of the axes as columns, shape ``(3, 3)``, or nine numbers row by row.
        patient_orientation: str | Sequence[str | PatientOrientationValuesBiped] | None, optional
            Directions of the axes along the body, such as ``"FPL"``; instead of ``direction``.
        frame_of_reference_uid: str | None, optional
            UID of the frame of reference, if known.
        from_reference_convention: str | Sequence[str | PatientOrientationValuesBiped] | None, optional
            Convention in which position and direction are given; DICOM's (``"LPS"``) if absent.

        Returns
        -------
        VolumeGeometry
            The geometry.

        Raises
        ------
        TypeError
            If not exactly one of the alternatives is given.
        ValueError
            If a value cannot be used.
        """
        affine = create_affine_matrix_from_components(
            spacing=spacing,
            position=position,
            center_position=center_position,
            direction=direction,
            patient_orientation=patient_orientation,
            spatial_shape=spatial_shape,
        )
        return cls(affine, spatial_shape, coordinate_system, frame_of_reference_uid, from_reference_convention)

    @property
    def spatial_shape(self) -> Triple:
        """tuple[int, int, int]: numbers of planes, rows and columns."""
        return self._spatial_shape

    @property
    def shape(self) -> tuple[int, ...]:
        """tuple[int, ...]: the same as ``spatial_shape``."""
        return self._spatial_shape

    @property
    def ndim(self) -> int:
        """int: number of axes, three."""
        return 3

    def copy(self) -> Self:
        """Get a copy.

        Returns
        -------
        VolumeGeometry
            An equal geometry.
        """
        return type(self)(self._affine, self._spatial_shape, self._coordinate_system, self._frame_of_reference_uid)

    def with_array(self, array: npt.NDArray[Any], channels: Mapping[Any, Sequence[Any]] | None = None) -> Volume:
        """Put voxels into the geometry.

        Parameters
        ----------
        array: numpy.ndarray
            Voxel values, shape ``(planes, rows, columns, …)``.
        channels: Mapping | None, optional
            Meaning of the axes beyond three, as in :class:`Volume`.

        Returns
        -------
        Volume
            Volume with this geometry.

        Raises
        ------
        ValueError
            If the array's spatial shape is another, or the channels do not fit.
        """
        from hdcore.spatial.volume import Volume
        from hdcore.spatial.voxels import check_spatial_shape

        check_spatial_shape(array, self._spatial_shape)
        return Volume(array, self._affine, self._coordinate_system, self._frame_of_reference_uid, channels)

    def _reindexed(self, reindex: Reindex, padding: Padding) -> Self:
        affine = self._affine @ reindex.matrix
        return type(self)(affine, reindex.shape, self._coordinate_system, self._frame_of_reference_uid)

    def __repr__(self) -> str:
        return f"VolumeGeometry(spatial_shape={self._spatial_shape}, {described(self)})"


def affine_of_frames(
    image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
    spacing_between_slices: float,
) -> npt.NDArray[Any]:
    """Make the affine matrix of frames along axis 0, rows along axis 1 and columns along axis 2, right-handed."""
    return create_affine_matrix_from_attributes(
        image_position,
        image_orientation,
        pixel_spacing,
        as_positive(spacing_between_slices, "spacing_between_slices"),
        VOLUME_INDEX_CONVENTION,
        slices_first=True,
        handedness=AxisHandedness.RIGHT_HANDED,
    )


def described(grid: AugmentableGrid) -> str:
    """Describe where a grid is, for its ``repr``."""
    spacing = tuple(round(step, 4) for step in grid.spacing)
    position = tuple(round(coordinate, 4) for coordinate in grid.position)
    return f"spacing={spacing} mm, position={position} mm, {grid.coordinate_system.value}"
