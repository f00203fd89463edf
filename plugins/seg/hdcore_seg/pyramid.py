"""Segmentations of a slide at several resolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.enums import InterpolationMethods
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.pyramid import plan_pyramid
from hdcore.uid import UID

from hdcore_seg.enums import SegmentationTypeValues
from hdcore_seg.segmentation import Segmentation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_seg.description import SegmentDescription

__all__ = ["create_segmentation_pyramid"]

_DECIDED_HERE = (
    "instance_number",
    "sop_instance_uid",
    "plane_orientation",
    "plane_positions",
    "pixel_measures",
    "pixel_array",
    "tile_pixel_array",
)


def create_segmentation_pyramid(
    source_images: Sequence[Dataset],
    pixel_arrays: Sequence[NDArray[Any]],
    segmentation_type: SegmentationTypeValues | str,
    segment_descriptions: Sequence[SegmentDescription],
    series_instance_uid: str | None,
    series_number: int,
    manufacturer: str,
    manufacturer_model_name: str,
    software_versions: str | tuple[str, ...],
    device_serial_number: str,
    downsample_factors: Sequence[float] | None = None,
    sop_instance_uids: Sequence[str] | None = None,
    pyramid_uid: str | None = None,
    pyramid_label: str | None = None,
    **kwargs: Any,
) -> list[Segmentation]:
    """Make segmentations of a slide at several resolutions, which together are a multi-resolution pyramid.

    Masks are given for each level, or for the finest one only and made smaller here: shares by linear interpolation,
    others by taking the nearest pixel.

    Parameters
    ----------
    source_images: Sequence[pydicom.dataset.Dataset]
        Tiled images of one series, from fine to coarse; or one.
    pixel_arrays: Sequence[numpy.ndarray]
        Total pixel matrices, shape ``(rows, columns)``, ``(1, rows, columns)`` or ``(1, rows, columns, segments)``,
        from fine to coarse; or that of the finest source image.
    segmentation_type, segment_descriptions, series_number, manufacturer, manufacturer_model_name, software_versions,\
 device_serial_number
        As of :class:`Segmentation`.
    series_instance_uid: str | None
        UID of the new series; a new one if None.
    downsample_factors: Sequence[float] | None, optional
        How many times smaller than the array each further level is, ascending; for one source image and one array.
    sop_instance_uids: Sequence[str] | None, optional
        UIDs of the segmentations; new ones if absent.
    pyramid_uid: str | None, optional
        UID of the pyramid; a new one if absent.
    pyramid_label: str | None, optional
        Its name.
    **kwargs: Any
        What :class:`Segmentation` takes, but for what is decided here.

    Returns
    -------
    list[Segmentation]
        One per level, from fine to coarse.

    Raises
    ------
    TypeError
        If ``kwargs`` has what is decided here.
    ValueError
        If images, arrays and factors do not go together.
    """
    for name in _DECIDED_HERE:
        if name in kwargs:
            raise InputTypeError(f"{name} is given, but each level of a pyramid has its own.")
    kind = SegmentationTypeValues(segmentation_type)
    interpolator = InterpolationMethods.NEAREST
    if kind is SegmentationTypeValues.FRACTIONAL and pixel_arrays and pixel_arrays[0].dtype.kind == "f":
        interpolator = InterpolationMethods.LINEAR
    levels = plan_pyramid(source_images, pixel_arrays, downsample_factors, interpolator)
    uids = [UID() for _ in levels] if sop_instance_uids is None else list(sop_instance_uids)
    if len(uids) != len(levels):
        raise InputError(f"sop_instance_uids has {len(uids)} items, but the pyramid has {len(levels)} levels.")
    series = series_instance_uid or UID()
    pyramid = pyramid_uid or UID()
    return [
        Segmentation(
            [level.source],
            level.array,
            kind,
            segment_descriptions,
            series_instance_uid=series,
            series_number=series_number,
            sop_instance_uid=uid,
            instance_number=number,
            manufacturer=manufacturer,
            manufacturer_model_name=manufacturer_model_name,
            software_versions=software_versions,
            device_serial_number=device_serial_number,
            tile_pixel_array=True,
            pixel_measures=level.pixel_measures,
            plane_positions=None if level.plane_position is None else [level.plane_position],
            pyramid_uid=pyramid,
            pyramid_label=pyramid_label,
            **kwargs,
        )
        for number, (level, uid) in enumerate(zip(levels, uids, strict=True), start=1)
    ]
