"""What every instance with frames can do, whatever its IOD: give stored frames, and say where they lie.

Subclasses (images, segmentations, parametric maps) build on three things:

* :attr:`FramedInstance.FUNCTIONAL_GROUPS`, the functional groups that they read, declared as columns;
* :attr:`FramedInstance.frame_table`, all that is said about the frames, one row per frame;
* :attr:`FramedInstance.stored_frames`, the frames themselves, wherever their bytes are.

Both are made when they are first needed, and kept; whoever changes functional groups or pixel data afterwards calls
:meth:`FramedInstance.forget_frames`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hdcore.errors import GeometryError, HdcoreError, UnreadableError
from hdcore.frames.groups import STANDARD_GROUPS
from hdcore.frames.indices import dimension_index_pointers, dimension_indices, warn_of_missing_dimensions
from hdcore.frames.matrices import matrix_planes_of
from hdcore.frames.meaning import meaning_of
from hdcore.frames.pixel_instance import PixelInstance
from hdcore.frames.placement import Tolerances, coordinate_system_of, tiles_of, volume_planes_of
from hdcore.frames.source_uids import source_image_uids
from hdcore.frames.tabulate import tabulate
from hdcore.pixels.transform import PixelTransform
from hdcore.spatial.distinct import are_distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pydicom.tag import BaseTag

    from hdcore.enums import CoordinateSystemNames
    from hdcore.frames.groups import FunctionalGroup
    from hdcore.frames.meaning import FrameMeaning
    from hdcore.frames.table import FrameTable
    from hdcore.pixels.options import PixelOptions
    from hdcore.spatial.geometry import VolumeGeometry
    from hdcore.uid import UID

__all__ = ["FramedInstance"]


class FramedInstance(PixelInstance):
    """A composite instance with frames.

    Instances can be read from several threads at once, pickled and deep-copied, also if their frames are retrieved
    lazily: from a path, the file is opened again.
    """

    FUNCTIONAL_GROUPS: ClassVar[tuple[FunctionalGroup, ...]] = STANDARD_GROUPS
    """The functional groups that become columns of the frame table; a subclass adds those of its IOD."""

    @property
    def frame_table(self) -> FrameTable:
        """FrameTable: all that is said about the frames, one row per frame; made when first needed."""
        state = self.__dict__
        table = state.get("_frame_table")
        if table is None:
            table = state["_frame_table"] = self.read_frame_table()
        known: FrameTable = table
        return known

    def read_frame_table(self) -> FrameTable:
        """Make the frame table from the functional groups; a subclass adds columns that follow from other attributes.

        Returns
        -------
        FrameTable
            One row per frame.

        Raises
        ------
        UnreadableError
            If the functional groups are damaged.
        """
        return tabulate(self, self.FUNCTIONAL_GROUPS)

    def pixel_transform(self, options: PixelOptions, frames: NDArray[np.intp] | None = None) -> PixelTransform:
        """Choose the pixel transform of frames.

        Parameters
        ----------
        options: PixelOptions
            What is asked for.
        frames: numpy.ndarray | None, optional
            Zero-based indices of the frames that will be put through it, negative ones ignored; all if None.

        Returns
        -------
        PixelTransform
            Which frames are put through when they are assembled.

        Raises
        ------
        RuntimeError
            If a transform is required that the image does not have.
        IndexError
            If a selector selects nothing.
        ValueError
            If transforms do not fit the kind of image, or the data type cannot hold their results.
        """
        state = self.__dict__
        has_window = options.apply_voi_transform is not False
        name = "_frame_meaning" if has_window else "_frame_values"
        meaning: FrameMeaning | None = state.get(name)
        if meaning is None:
            meaning = state[name] = meaning_of(self, self.frame_table, with_windows=has_window)
        meaning = meaning if frames is None else meaning.restricted(frames)
        try:
            return PixelTransform.of(meaning.parameters, self.stored_frames.format, options, meaning.codes)
        except HdcoreError:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise UnreadableError(f"The pixel transforms of the image cannot be applied: {error}") from error

    def forget_frames(self) -> None:
        """Forget what is known of table and frames, since functional groups or pixel data were changed."""
        for name in ("_frame_table", "_frame_meaning", "_frame_values", "_stored_frames"):
            self.__dict__.pop(name, None)

    @property
    def is_tiled(self) -> bool:
        """bool: whether frames are tiles of a total pixel matrix (PS3.3 C.8.12.4)."""
        return "TotalPixelMatrixRows" in self and "TotalPixelMatrixColumns" in self

    @property
    def coordinate_system(self) -> CoordinateSystemNames | None:
        """CoordinateSystemNames | None: in which coordinate system the frames lie, if in any."""
        return coordinate_system_of(self, self.frame_table)

    @property
    def dimension_index_pointers(self) -> list[BaseTag]:
        """list[pydicom.tag.BaseTag]: attributes that the dimension indices stand for (PS3.3 C.7.6.17)."""
        pointers = dimension_index_pointers(self)
        if not pointers:
            warn_of_missing_dimensions(self)
        return pointers

    def are_dimension_indices_unique(self, dimension_index_pointers: Sequence[int | BaseTag | str]) -> bool:
        """Tell whether some of the dimension indices identify each frame.

        Parameters
        ----------
        dimension_index_pointers: Sequence[int | pydicom.tag.BaseTag | str]
            Tags, or keywords, of the attributes that the dimensions stand for.

        Returns
        -------
        bool
            Whether no two frames have the same indices in these dimensions.

        Raises
        ------
        NotPresentError
            If the image has no such dimension. A ValueError and KeyError.
        """
        return are_distinct(self.dimension_indices(dimension_index_pointers))

    def dimension_indices(self, dimension_index_pointers: Sequence[int | BaseTag | str]) -> NDArray[np.int64]:
        """Get the dimension index values of all frames.

        Parameters
        ----------
        dimension_index_pointers: Sequence[int | pydicom.tag.BaseTag | str]
            Tags, or keywords, of the attributes that the dimensions stand for.

        Returns
        -------
        numpy.ndarray
            Shape (frames, pointers), counted from one.

        Raises
        ------
        NotPresentError
            If the image has no such dimension. A ValueError and KeyError.
        """
        return dimension_indices(self, self.frame_table, dimension_index_pointers)

    def get_source_image_uids(self) -> list[tuple[UID, UID, UID]]:
        """List the images that this instance refers to.

        Returns
        -------
        list[tuple[UID, UID, UID]]
            Study, Series and SOP Instance UID of each, without repetition (PS3.3 C.12.2).
        """
        return source_image_uids(self)

    def is_indexable_as_total_pixel_matrix(self) -> bool:
        """Tell whether frames can be put together to the total pixel matrix.

        Returns
        -------
        bool
            Whether the image is tiled, and says where in the total pixel matrix each tile lies.
        """
        if not self.is_tiled:
            return False
        try:
            tiles_of(self, self.frame_table)
        except GeometryError:
            return False
        return True

    def get_volume_geometry(
        self,
        *,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        allow_missing_positions: bool = False,
        allow_duplicate_positions: bool = True,
    ) -> VolumeGeometry | None:
        """Get the geometry of the volume that the frames are.

        Parameters
        ----------
        rtol: float | None, optional
            Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given.
        atol: float | None, optional
            Length in mm by which spacings may differ; instead of ``rtol``.
        perpendicular_tol: float | None, optional
            How far from 1 the cosine between stacking direction and normal may be; 0.001 if absent.
        allow_missing_positions: bool, optional
            Whether planes may be missing.
        allow_duplicate_positions: bool, optional
            Whether several frames may be at one position, such as segments or points in time.

        Returns
        -------
        VolumeGeometry | None
            Of the stack of frames, of the total pixel matrix of a tiled image, or of the single frame; None if they
            are no regular volume, or the image does not say where they lie.

        Raises
        ------
        TypeError
            If both ``rtol`` and ``atol`` are given.
        """
        tolerances = Tolerances(rtol, atol, perpendicular_tol, allow_missing_positions, allow_duplicate_positions)
        try:
            if self.is_tiled:
                return matrix_planes_of(self, self.frame_table, tolerances).geometry
            return volume_planes_of(self, self.frame_table, tolerances).geometry
        except GeometryError:
            return None
