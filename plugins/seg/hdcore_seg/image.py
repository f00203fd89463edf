"""What a segmentation can be asked, whoever wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import GeometryError, InputError, MissingAttributeError
from hdcore.frames.placement import Tolerances
from hdcore.frames.select import preserves_locations
from hdcore.model.element import fetch

from hdcore_seg import retrieval, volumes
from hdcore_seg.described import DescribedImage
from hdcore_seg.enums import SegmentationTypeValues
from hdcore_seg.request import SegmentRequest, StoredSegments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.spatial.geometry import VolumeGeometry
    from hdcore.spatial.volume import Volume
    from numpy.typing import DTypeLike, NDArray
    from pydicom.tag import BaseTag

__all__ = ["SegmentedImage"]

_SEGMENT_POINTER = 0x0062000B
_DEFAULT_MAXIMUM = 255


class SegmentedImage(DescribedImage):
    """Segments and their pixels.

    The methods that read pixels have parameters in common:

    segment_numbers: Sequence[int] | None, optional
        Numbers of the segments wanted, in the order wanted; all but the background if absent.
    combine_segments: bool, optional
        Whether the value of a pixel is the number of its segment. Otherwise each segment is a channel, the last axis of
        the result.
    relabel: bool, optional
        Whether, when combined, the segments wanted are numbered 1, 2, 3 … in the order of ``segment_numbers``.
    rescale_fractional: bool, optional
        Whether values of a FRACTIONAL segmentation become numbers from 0 to 1.
    skip_overlap_checks: bool, optional
        Whether, when combined, segments may overlap: a pixel then has the greatest number. Otherwise that raises
        RuntimeError.
    dtype: numpy.dtype | str | type | None, optional
        Type of the result; if absent the smallest unsigned integer that holds all values, or float32 for shares.
    apply_palette_color_lut: bool, optional
        Whether a label map with a palette becomes RGB, uint8; needs ``combine_segments``, and no ``relabel``.
    apply_icc_profile: bool | None, optional
        Whether its colours are converted to sRGB by the image's ICC profile; None to do so if there is one.
    """

    def get_pixels_by_source_instance(  # type: ignore[override]  # segments are chosen, not pixel transforms
        self,
        source_sop_instance_uids: Sequence[str],
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get the segmentation of source images.

        Parameters
        ----------
        source_sop_instance_uids: Sequence[str]
            SOP Instance UIDs of the source images, in any order.
        ignore_spatial_locations: bool, optional
            Whether to take frames that do not say that their pixels lie where those of the source do.
        assert_missing_frames_are_empty: bool, optional
            Whether images that the segmentation does not mention have no segments.
        segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype,
        apply_palette_color_lut, apply_icc_profile
            As described for the class.

        Returns
        -------
        numpy.ndarray
            Shape (source images, rows, columns), with an axis of segments if they are not combined.

        Raises
        ------
        KeyError
            If an image is not mentioned.
        RuntimeError
            If segments that are combined overlap, or locations are not said to be preserved.
        """
        self._require_locations(ignore_spatial_locations)
        request = self._request(
            segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype
        )
        pixels = retrieval.planes_of_sources(
            self, request, source_sop_instance_uids, missing_are_empty=assert_missing_frames_are_empty
        )
        return self._colored(pixels, request, apply_palette_color_lut, apply_icc_profile)

    def get_pixels_by_source_frame(  # type: ignore[override]  # segments are chosen, not pixel transforms
        self,
        source_sop_instance_uid: str,
        source_frame_numbers: Sequence[int] | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get the segmentation of frames of a multi-frame source image.

        Parameters
        ----------
        source_sop_instance_uid: str
            SOP Instance UID of the source image.
        source_frame_numbers: Sequence[int] | None, optional
            Numbers of its frames, counted from one, in any order; if absent, from 1 to the highest that is mentioned.
        ignore_spatial_locations: bool, optional
            Whether to take frames that do not say that their pixels lie where those of the source do.
        assert_missing_frames_are_empty: bool, optional
            Whether frames that the segmentation does not mention have no segments.
        segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype,
        apply_palette_color_lut, apply_icc_profile
            As described for the class.

        Returns
        -------
        numpy.ndarray
            Shape (source frames, rows, columns), with an axis of segments if they are not combined.

        Raises
        ------
        KeyError
            If the image, or a frame, is not mentioned.
        RuntimeError
            If segments that are combined overlap, or locations are not said to be preserved.
        """
        self._require_locations(ignore_spatial_locations)
        request = self._request(
            segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype
        )
        pixels = retrieval.planes_of_source_frames(
            self,
            request,
            source_sop_instance_uid,
            source_frame_numbers,
            missing_are_empty=assert_missing_frames_are_empty,
        )
        return self._colored(pixels, request, apply_palette_color_lut, apply_icc_profile)

    def get_pixels_by_dimension_index_values(
        self,
        dimension_index_values: Sequence[Sequence[int]],
        dimension_index_pointers: Sequence[int | BaseTag | str] | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        assert_missing_frames_are_empty: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
    ) -> NDArray[Any]:
        """Get the segmentation at given dimension indices, such as a slice or a point in time.

        Parameters
        ----------
        dimension_index_values: Sequence[Sequence[int]]
            For each plane wanted its index, counted from one, in each dimension.
        dimension_index_pointers: Sequence[int | pydicom.tag.BaseTag | str] | None, optional
            Attributes that the dimensions stand for; :meth:`get_default_dimension_index_pointers` if absent.
        assert_missing_frames_are_empty: bool, optional
            Whether planes that no frame has are empty.
        segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype,
        apply_palette_color_lut, apply_icc_profile
            As described for the class.

        Returns
        -------
        numpy.ndarray
            Shape (planes, rows, columns), with an axis of segments if they are not combined.

        Raises
        ------
        KeyError
            If there is no such dimension, or no frame has an index.
        RuntimeError
            If segments that are combined overlap, or the dimensions do not identify frames.
        """
        if dimension_index_pointers is None:
            pointers: list[Any] = list(self.get_default_dimension_index_pointers())
        else:
            pointers = [retrieval.pointer_without_segment(pointer) for pointer in dimension_index_pointers]
        request = self._request(
            segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype
        )
        pixels = retrieval.planes_of_dimension_indices(
            self, request, pointers, dimension_index_values, missing_are_empty=assert_missing_frames_are_empty
        )
        return self._colored(pixels, request, apply_palette_color_lut, apply_icc_profile)

    def get_volume(  # type: ignore[override]  # segments are chosen, not pixel transforms
        self,
        *,
        slice_start: int | None = None,
        slice_end: int | None = None,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        as_indices: bool = False,
        dtype: DTypeLike | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
        allow_missing_positions: bool = True,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
    ) -> Volume:
        """Get the segmentation as a volume.

        Parameters
        ----------
        slice_start, slice_end, row_start, row_end, column_start, column_end: int | None, optional
            What part of the volume is wanted, counted from one; the end is the first that is left out. Negative numbers
            count from the end.
        as_indices: bool, optional
            Whether starts and ends count from zero.
        allow_missing_positions: bool, optional
            Whether planes without frames are empty; otherwise they are refused.
        rtol, atol, perpendicular_tol: float | None, optional
            As of :meth:`get_volume_geometry`.
        segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype,
        apply_palette_color_lut, apply_icc_profile
            As described for the class.

        Returns
        -------
        hdcore.Volume
            From the first plane that has a frame to the last, the slices in the order of the frames' normal. If
            segments are not combined there is a channel "ReferencedSegmentNumber".

        Raises
        ------
        RuntimeError
            If the frames are no regular volume, or segments that are combined overlap.
        """
        request = self._request(
            segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype
        )
        array, geometry = volumes.volume_of(
            self,
            request,
            Tolerances(rtol, atol, perpendicular_tol, allow_missing_positions, allow_duplicate_positions=True),
            ((slice_start, slice_end), (row_start, row_end), (column_start, column_end)),
            as_indices=as_indices,
        )
        pixels = self._colored(array, request, apply_palette_color_lut, apply_icc_profile)
        return volumes.as_volume(pixels, geometry, request)

    def get_total_pixel_matrix(  # type: ignore[override]  # segments are chosen, not pixel transforms
        self,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
        as_indices: bool = False,
    ) -> NDArray[Any]:
        """Get the total pixel matrix of a tiled segmentation, or a region of it.

        Parameters
        ----------
        row_start, row_end, column_start, column_end: int | None, optional
            The region, counted from one; the end is the first that is left out. Negative numbers count from the end.
        as_indices: bool, optional
            Whether starts and ends count from zero.
        segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype,
        apply_palette_color_lut, apply_icc_profile
            As described for the class.

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns), with an axis of segments if they are not combined.

        Raises
        ------
        RuntimeError
            If the image is not tiled, or segments that are combined overlap.
        """
        request = self._request(
            segment_numbers, combine_segments, relabel, rescale_fractional, skip_overlap_checks, dtype
        )
        pixels = volumes.matrix_region(
            self, request, ((row_start, row_end), (column_start, column_end)), as_indices=as_indices
        )
        return self._colored(pixels, request, apply_palette_color_lut, apply_icc_profile)

    def get_volume_geometry(
        self,
        *,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        allow_missing_positions: bool = True,
        allow_duplicate_positions: bool = True,
    ) -> VolumeGeometry | None:
        """Get the geometry of the volume that the frames are.

        Parameters
        ----------
        rtol, atol, perpendicular_tol: float | None, optional
            As of :meth:`hdcore.Image.get_volume_geometry`.
        allow_missing_positions: bool, optional
            Whether planes may be missing, such as those without any segment.
        allow_duplicate_positions: bool, optional
            Whether several frames may be at one position, such as those of several segments.

        Returns
        -------
        VolumeGeometry | None
            None if the frames are no regular volume, or do not say where they lie.
        """
        return super().get_volume_geometry(
            rtol=rtol,
            atol=atol,
            perpendicular_tol=perpendicular_tol,
            allow_missing_positions=allow_missing_positions,
            allow_duplicate_positions=allow_duplicate_positions,
        )

    def _stored_segments(self) -> StoredSegments:
        kind = self.segmentation_type
        label_map = kind is SegmentationTypeValues.LABELMAP
        table = self.frame_table
        segments = None
        if not label_map:
            if not table.present("segment_number").all():
                raise MissingAttributeError(
                    "The frames do not say which segment they show (no Referenced Segment Number in a Segment "
                    "Identification Sequence)."
                )
            segments = table["segment_number"]
        return StoredSegments(
            kind=kind,
            numbers=tuple(self.segment_numbers),
            number_of_frames=len(table),
            segment_of_frame=segments,
            maximum_fractional_value=int(fetch(self, "MaximumFractionalValue", _DEFAULT_MAXIMUM)),
            bits_allocated=int(self.BitsAllocated),
            background=int(fetch(self, "PixelPaddingValue", 0)) if label_map else 0,
        )

    def _request(
        self,
        segment_numbers: Sequence[int] | None,
        combine_segments: bool,
        relabel: bool,
        rescale_fractional: bool,
        skip_overlap_checks: bool,
        dtype: DTypeLike | None,
    ) -> SegmentRequest:
        return SegmentRequest.of(
            self._stored_segments(),
            segment_numbers,
            combine_segments=combine_segments,
            relabel=relabel,
            rescale_fractional=rescale_fractional,
            skip_overlap_checks=skip_overlap_checks,
            dtype=dtype,
        )

    def request_segments(self, *, combine_segments: bool, relabel: bool = False) -> SegmentRequest:
        """Say in what form all segments are given, to :mod:`hdcore_seg.volumes` or :mod:`hdcore_seg.type_conversion`.

        Parameters
        ----------
        combine_segments, relabel: bool
            As described for the class.

        Returns
        -------
        SegmentRequest
            Shares as numbers from 0 to 1; segments that overlap are refused where they are combined.
        """
        return self._request(None, combine_segments, relabel, True, False, None)

    def _require_locations(self, ignore_spatial_locations: bool) -> None:
        if not ignore_spatial_locations and not preserves_locations(self.frame_table):
            raise GeometryError(
                "The frames do not say that their pixels lie where those of their sources do (Spatial Locations "
                "Preserved is absent or not YES); pass ignore_spatial_locations=True to take them nevertheless."
            )

    def _colored(
        self, pixels: NDArray[Any], request: SegmentRequest, apply_palette: bool, apply_icc_profile: bool | None
    ) -> NDArray[Any]:
        if not apply_palette:
            if apply_icc_profile:
                raise InputError("apply_icc_profile=True needs apply_palette_color_lut=True.")
            return pixels
        from hdcore_seg.colors import in_colors

        return in_colors(self, pixels, request, apply_icc_profile)
