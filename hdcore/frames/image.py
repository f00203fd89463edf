"""Images: instances whose frames are shown, measured, or put together to volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

import numpy as np

from hdcore.errors import HdcoreError, InputError
from hdcore.frames.assemble import assemble_planes
from hdcore.frames.placement import Tolerances, volume_planes_of
from hdcore.frames.ranges import frame_indices
from hdcore.frames.sourced import SourcedImage
from hdcore.frames.tiled import TiledImage
from hdcore.frames.volume_part import resolved, volume_of
from hdcore.pixels.options import PixelOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import DTypeLike, NDArray
    from pydicom.sr.coding import Code

    from hdcore.content.code import CodedConcept
    from hdcore.frames.volume_part import Ranges
    from hdcore.pixels.lut import VOILUTTransformation
    from hdcore.pixels.storage import Readable
    from hdcore.spatial.volume import Volume

__all__ = ["Image", "imread"]


class ImageConstructionError(HdcoreError, RuntimeError):
    """An image cannot be made from nothing."""


class Image(TiledImage, SourcedImage):
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
            return self.matrix_volume(options, ranges, as_indices, tolerances, optical_path)
        if optical_path is not None:
            raise InputError(f"optical_path is {optical_path!r}, but the image is not tiled.")
        return self._stack_volume(options, ranges, as_indices, tolerances)

    def _stack_volume(self, options: PixelOptions, ranges: Ranges, as_indices: bool, tolerances: Tolerances) -> Volume:
        found = volume_planes_of(self, self.frame_table, tolerances)
        slices, rows, columns = resolved(ranges, found.geometry.spatial_shape, as_indices)
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
        return volume_of(found.geometry[slices, rows, columns], array)


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
