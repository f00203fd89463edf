"""Images: instances whose frames are shown, measured, or put together to volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

import numpy as np

from hdcore.errors import GeometryError, HdcoreError, InputError
from hdcore.frames.assemble import assemble_planes, assemble_region
from hdcore.frames.framed import FramedInstance
from hdcore.frames.matrices import focal_planes_of, frames_of_focal_plane, frames_of_optical_path, matrix_planes_of
from hdcore.frames.placement import Tolerances, tiles_of, volume_planes_of
from hdcore.frames.ranges import frame_indices, resolve_range
from hdcore.frames.select import (
    as_numbers,
    frames_of_source_frames,
    frames_of_source_instances,
    match_rows,
    preserves_locations,
    require_present,
)
from hdcore.pixels.options import PixelOptions
from hdcore.spatial.channels import RGB_COLOR_CHANNEL_DESCRIPTOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import DTypeLike, NDArray
    from pydicom.sr.coding import Code

    from hdcore.content.code import CodedConcept
    from hdcore.frames.table import FrameTable
    from hdcore.pixels.lut import VOILUTTransformation
    from hdcore.pixels.storage import Readable
    from hdcore.spatial.geometry import VolumeGeometry
    from hdcore.spatial.volume import Volume

__all__ = ["Image", "imread"]


class ImageConstructionError(HdcoreError, RuntimeError):
    """An image cannot be made from nothing."""


class Image(FramedInstance):
    """Any image, single- or multi-frame, tiled or not: what :func:`imread` and :meth:`from_dataset` give.

    It is a pydicom dataset with methods that give its frames, with pixel transforms applied and put together. All
    methods that apply pixel transforms take the parameters that :class:`~hdcore.pixels.options.PixelOptions`
    describes.

    Examples
    --------
    >>> from hdcore.testing.sources import enhanced_ct
    >>> image = Image.from_dataset(enhanced_ct(frames=3))
    >>> image.get_frame(1).shape
    (32, 32)
    >>> image.get_volume(dtype="float32").spatial_shape
    (3, 32, 32)
    """

    def __init__(self, *args: Never, **kwargs: Never) -> None:
        """Refuse: use :func:`imread` or :meth:`from_dataset`.

        Raises
        ------
        RuntimeError
            Always.
        """
        raise ImageConstructionError(
            f"{type(self).__name__}(...) makes no image; use imread(path) or Image.from_dataset(dataset)."
        )

    def get_frame(
        self,
        frame_number: int,
        as_index: bool = False,
        *,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get a frame with pixel transforms applied.

        Parameters
        ----------
        frame_number: int
            Number of the frame, counted from one.
        as_index: bool, optional
            Whether ``frame_number`` is an index counted from zero.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns), or (rows, columns, 3) of colours.

        Raises
        ------
        OutOfRangeError
            If there is no such frame. A ValueError and IndexError.
        UnreadableFrameError
            If the frame is incomplete or damaged. A ValueError and OSError.
        RuntimeError
            If a transform is required that the image does not have, or no installed package decodes the frame.
        ValueError
            If transforms exclude one another, or ``dtype`` cannot hold their results.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        stored = self.stored_frames
        frames = frame_indices([frame_number], stored.count, as_indices=as_index)
        frame: NDArray[Any] = assemble_planes(stored, frames, self.pixel_transform(options, frames))[0]
        return frame

    def get_frames(
        self,
        frame_numbers: Iterable[int] | None = None,
        as_indices: bool = False,
        *,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get several frames with pixel transforms applied.

        Parameters
        ----------
        frame_numbers: Iterable[int] | None, optional
            Numbers of the frames, counted from one, in any order and repeated as one likes; all if absent.
        as_indices: bool, optional
            Whether ``frame_numbers`` are indices counted from zero.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.

        Returns
        -------
        numpy.ndarray
            As of :meth:`get_frame`, one frame after the other along the first axis.

        Raises
        ------
        OutOfRangeError, UnreadableFrameError, RuntimeError, ValueError
            As of :meth:`get_frame`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        stored = self.stored_frames
        frames = frame_indices(frame_numbers, stored.count, as_indices=as_indices)
        return assemble_planes(stored, frames, self.pixel_transform(options, frames))

    def get_volume(
        self,
        *,
        slice_start: int | None = None,
        slice_end: int | None = None,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        as_indices: bool = False,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
        allow_missing_positions: bool = False,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        optical_path: str | None = None,
    ) -> Volume:
        """Get the volume that the frames are: their stack, or the total pixel matrices of a tiled image's focal planes.

        Parameters
        ----------
        slice_start, row_start, column_start: int | None, optional
            First slice, row, column that is wanted, counted from one; negative numbers count from the end. Slices are
            counted along the volume, in which frames are sorted by their positions.
        slice_end, row_end, column_end: int | None, optional
            First slice, row, column that is not wanted any more.
        as_indices: bool, optional
            Whether these are indices counted from zero.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.
        allow_missing_positions: bool, optional
            Whether planes, or tiles, may be missing; they are zero.
        rtol: float | None, optional
            Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given.
        atol: float | None, optional
            Length in mm by which spacings may differ; instead of ``rtol``.
        perpendicular_tol: float | None, optional
            How far from 1 the cosine between stacking direction and normal may be; 0.001 if absent.
        optical_path: str | None, optional
            Optical Path Identifier of the frames of a tiled image that are wanted; needed if it has several.

        Returns
        -------
        Volume
            Shape (slices, rows, columns), with a channel axis RGB for colours.

        Raises
        ------
        GeometryError
            If the frames are no regular volume; the message says why. A ValueError and RuntimeError.
        OutOfRangeError, UnreadableFrameError, RuntimeError, ValueError
            As of :meth:`get_frame`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        ranges = (slice_start, slice_end), (row_start, row_end), (column_start, column_end)
        tolerances = Tolerances(rtol, atol, perpendicular_tol, allow_missing_positions)
        if self.is_tiled:
            return self._matrix_volume(options, ranges, as_indices, tolerances, optical_path)
        if optical_path is not None:
            raise InputError(f"optical_path is {optical_path!r}, but the image is not tiled.")
        return self._stack_volume(options, ranges, as_indices, tolerances)

    def _stack_volume(self, options: PixelOptions, ranges: Ranges, as_indices: bool, tolerances: Tolerances) -> Volume:
        found = volume_planes_of(self, self.frame_table, tolerances)
        slices, rows, columns = _resolved(ranges, found.geometry.spatial_shape, as_indices)
        wanted = np.flatnonzero((found.planes >= slices.start) & (found.planes < slices.stop))
        array = assemble_planes(
            self.stored_frames,
            wanted,
            self.pixel_transform(options, wanted),
            rows=rows,
            columns=columns,
            planes=found.planes[wanted] - slices.start,
            shape=(slices.stop - slices.start,),
        )
        return _volume(found.geometry[slices, rows, columns], array)

    def _matrix_volume(
        self,
        options: PixelOptions,
        ranges: Ranges,
        as_indices: bool,
        tolerances: Tolerances,
        optical_path: str | None,
    ) -> Volume:
        frames = frames_of_optical_path(self.frame_table, optical_path)
        found = matrix_planes_of(self, self._rows(frames), tolerances)
        slices, rows, columns = _resolved(ranges, found.geometry.spatial_shape, as_indices)
        region = (rows.start, rows.stop), (columns.start, columns.stop)
        matrices = []
        for plane in range(slices.start, slices.stop):
            of_plane = frames[found.planes == plane]
            if not tolerances.allow_missing_positions:
                tiles = tiles_of(self, self._rows(of_plane))
                tiles.require_covered(*region, int(self.Rows), int(self.Columns))
            matrices.append(self._matrix(options, *region, of_plane))
        array = matrices[0][np.newaxis] if len(matrices) == 1 else np.stack(matrices)
        return _volume(found.geometry[slices, rows, columns], array)

    def get_total_pixel_matrix(
        self,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
        as_indices: bool = False,
        *,
        focal_plane: int | None = None,
        optical_path: str | None = None,
    ) -> NDArray[Any]:
        """Get a region of the total pixel matrix of a tiled image.

        Parameters
        ----------
        row_start, column_start: int | None, optional
            First row, column that is wanted, counted from one; negative numbers count from the end.
        row_end, column_end: int | None, optional
            First row, column that is not wanted any more.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.
        as_indices: bool, optional
            Whether rows, columns and focal planes are indices counted from zero.
        focal_plane: int | None, optional
            Number of the focal plane, counted from one at the glass; needed if the image has several.
        optical_path: str | None, optional
            Optical Path Identifier of the frames that are wanted; needed if the image has several paths.

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns), or (rows, columns, 3) of colours. Pixels of which the image has no tile are zero.

        Raises
        ------
        GeometryError
            If the image is not tiled, several frames show the same tile, or it has several focal planes or optical
            paths and none is chosen. A ValueError and RuntimeError.
        NotPresentError
            If no frame has this optical path. A ValueError and KeyError.
        OutOfRangeError, UnreadableFrameError, RuntimeError, ValueError
            As of :meth:`get_frame`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        tiles = tiles_of(self, self.frame_table)
        rows = resolve_range(row_start, row_end, tiles.rows, "row", as_indices=as_indices)
        columns = resolve_range(column_start, column_end, tiles.columns, "column", as_indices=as_indices)
        frames = frames_of_optical_path(self.frame_table, optical_path)
        planes = focal_planes_of(self, self._rows(frames))
        return self._matrix(
            options, rows, columns, frames[frames_of_focal_plane(planes, focal_plane, as_indices=as_indices)]
        )

    def _rows(self, frames: NDArray[np.intp]) -> FrameTable:
        """Take the rows of some frames; all of them need no copy."""
        table = self.frame_table
        return table if len(frames) == len(table) else table.select(frames)

    def _matrix(
        self, options: PixelOptions, rows: tuple[int, int], columns: tuple[int, int], frames: NDArray[np.intp]
    ) -> NDArray[Any]:
        """Put together a region of one total pixel matrix, from the frames that are its tiles."""
        tiles = tiles_of(self, self.frame_table).select(frames)
        stored = self.stored_frames
        within = tiles.touching(rows, columns, stored.format.rows, stored.format.columns)
        places = np.stack((tiles.row_offsets, tiles.column_offsets), axis=1)[within]
        match_rows(places, places, frames[within], what="tile")
        conversion = self.pixel_transform(options, frames[within])
        return assemble_region(stored, frames[within], tiles.select(within), conversion, rows=rows, columns=columns)

    def get_pixels_by_source_instance(
        self,
        source_sop_instance_uids: Sequence[str],
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get the frames that were derived from single-frame instances.

        Parameters
        ----------
        source_sop_instance_uids: Sequence[str]
            SOP Instance UIDs of the sources.
        ignore_spatial_locations: bool, optional
            Whether the frames are wanted though the image does not say that their pixels and those of the sources lie
            at the same places (Spatial Locations Preserved).
        assert_missing_frames_are_empty: bool, optional
            Whether a source from which no frame was derived gives zeros, instead of an error.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.

        Returns
        -------
        numpy.ndarray
            As of :meth:`get_frame`, one frame for each source along the first axis.

        Raises
        ------
        NotPresentError
            If no frame was derived from one of the sources. A ValueError and KeyError.
        GeometryError
            If the image does not tell its sources, several frames were derived from one, or pixels may lie elsewhere.
            A ValueError and RuntimeError.
        UnreadableFrameError, RuntimeError, ValueError
            As of :meth:`get_frame`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        uids = [source_sop_instance_uids] if isinstance(source_sop_instance_uids, str) else source_sop_instance_uids
        if not len(uids):
            raise InputError("source_sop_instance_uids is empty; expected at least one UID.")
        frames = frames_of_source_instances(self.frame_table, uids)
        if not assert_missing_frames_are_empty:
            require_present(frames, uids, "source instance")
        return self._derived(options, frames, ignore_spatial_locations)

    def get_pixels_by_source_frame(
        self,
        source_sop_instance_uid: str,
        source_frame_numbers: Sequence[int] | None = None,
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        dtype: DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | VOILUTTransformation = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get the frames that were derived from frames of a multi-frame instance.

        Parameters
        ----------
        source_sop_instance_uid: str
            SOP Instance UID of the source.
        source_frame_numbers: Sequence[int] | None, optional
            Numbers of its frames, counted from one; from 1 to the highest that is referred to if absent.
        ignore_spatial_locations: bool, optional
            Whether the frames are wanted though the image does not say that their pixels and those of the source lie
            at the same places (Spatial Locations Preserved).
        assert_missing_frames_are_empty: bool, optional
            Whether a source frame from which none was derived gives zeros, instead of an error.
        dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
            As of :class:`~hdcore.pixels.options.PixelOptions`.

        Returns
        -------
        numpy.ndarray
            As of :meth:`get_frame`, one frame for each source frame along the first axis.

        Raises
        ------
        NotPresentError, GeometryError, UnreadableFrameError, RuntimeError, ValueError
            As of :meth:`get_pixels_by_source_instance`.
        """
        options = PixelOptions(
            dtype,
            apply_real_world_transform,
            real_world_value_map_selector,
            apply_modality_transform,
            apply_voi_transform,
            voi_transform_selector,
            voi_output_range,
            apply_presentation_lut,
            apply_palette_color_lut,
            apply_icc_profile,
        )
        numbers = None if source_frame_numbers is None else as_numbers(source_frame_numbers, "source_frame_numbers")
        frames = frames_of_source_frames(self.frame_table, source_sop_instance_uid, numbers)
        if not assert_missing_frames_are_empty:
            require_present(frames, np.arange(1, len(frames) + 1) if numbers is None else numbers, "source frame")
        return self._derived(options, frames, ignore_spatial_locations)

    def _derived(self, options: PixelOptions, frames: NDArray[np.intp], ignore_spatial_locations: bool) -> NDArray[Any]:
        if not ignore_spatial_locations and not preserves_locations(self.frame_table):
            raise GeometryError(
                "The image does not say that pixels of its frames lie at the same places as in their sources "
                "(Spatial Locations Preserved); pass ignore_spatial_locations=True to get the frames all the same."
            )
        return assemble_planes(self.stored_frames, frames, self.pixel_transform(options, frames), shape=(len(frames),))


Ranges = tuple[tuple[int | None, int | None], tuple[int | None, int | None], tuple[int | None, int | None]]


def _resolved(ranges: Ranges, shape: tuple[int, int, int], as_indices: bool) -> tuple[slice, slice, slice]:
    slices, rows, columns = (
        slice(*resolve_range(start, end, size, name, as_indices=as_indices))
        for (start, end), size, name in zip(ranges, shape, ("slice", "row", "column"), strict=True)
    )
    return slices, rows, columns


def _volume(geometry: VolumeGeometry, array: NDArray[Any]) -> Volume:
    return geometry.with_array(
        array, channels={RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]} if array.ndim == 4 else None
    )


def imread(fp: Readable, lazy_frame_retrieval: bool = False) -> Image:
    """Read an image from a file.

    Parameters
    ----------
    fp: str | os.PathLike | bytes | BinaryIO
        A path, the content of a file, or a binary file object, also of a remote file system.
    lazy_frame_retrieval: bool, optional
        Whether to leave the pixels in the file, and read frames when they are asked for.

    Returns
    -------
    Image
        The image.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    UnreadableError
        If it is no DICOM file, is damaged, or has no pixels. A ValueError.
    """
    return Image.from_file(fp, lazy_frame_retrieval=lazy_frame_retrieval)
