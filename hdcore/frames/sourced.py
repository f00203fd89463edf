"""Frames by the images, or the frames of images, from which they were derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import GeometryError, InputError
from hdcore.frames.assemble import assemble_planes
from hdcore.frames.framed import FramedInstance
from hdcore.frames.select import (
    as_numbers,
    frames_of_source_frames,
    frames_of_source_instances,
    preserves_locations,
    require_present,
)
from hdcore.pixels.options import PixelOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray
    from pydicom.sr.coding import Code

    from hdcore.content.code import CodedConcept
    from hdcore.pixels.lut import VOILUTTransformation

__all__ = ["SourcedImage"]


class SourcedImage(FramedInstance):
    """An image whose frames are found by their sources."""

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
            asked = range(1, len(frames) + 1) if numbers is None else numbers.tolist()
            require_present(frames, [f"{number} of {source_sop_instance_uid}" for number in asked], "source frame")
        return self._derived(options, frames, ignore_spatial_locations)

    def _derived(self, options: PixelOptions, frames: NDArray[np.intp], ignore_spatial_locations: bool) -> NDArray[Any]:
        if not ignore_spatial_locations and not preserves_locations(self.frame_table):
            raise GeometryError(
                "The image does not say that pixels of its frames lie at the same places as in their sources "
                "(Spatial Locations Preserved); pass ignore_spatial_locations=True to get the frames all the same."
            )
        return assemble_planes(self.stored_frames, frames, self.pixel_transform(options, frames), shape=(len(frames),))
