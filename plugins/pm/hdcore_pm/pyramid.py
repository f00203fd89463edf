"""Multi-resolution pyramids of parametric maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.enums import InterpolationMethods
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.pyramid import plan_pyramid
from hdcore.uid import UID

from hdcore_pm.parametric_map import ParametricMap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.pixels.lut import VOILUTTransformation
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_pm.mapping import RealWorldValueMapping

__all__ = ["create_parametric_map_pyramid"]

_DECIDED_HERE = frozenset(
    {
        "instance_number",
        "pixel_array",
        "pixel_measures",
        "plane_orientation",
        "plane_positions",
        "sop_instance_uid",
        "tile_pixel_array",
    }
)


def create_parametric_map_pyramid(
    source_images: Sequence[Dataset],
    pixel_arrays: Sequence[NDArray[Any]],
    *,
    series_instance_uid: str | None,
    series_number: int,
    manufacturer: str,
    manufacturer_model_name: str,
    software_versions: str | tuple[str],
    device_serial_number: str,
    contains_recognizable_visual_features: bool,
    real_world_value_mappings: Sequence[RealWorldValueMapping] | Sequence[Sequence[RealWorldValueMapping]],
    voi_lut_transformations: Sequence[VOILUTTransformation] | None = None,
    downsample_factors: Sequence[float] | None = None,
    interpolator: InterpolationMethods | str = InterpolationMethods.LINEAR,
    sop_instance_uids: list[str] | None = None,
    pyramid_uid: str | None = None,
    pyramid_label: str | None = None,
    **kwargs: Any,
) -> list[ParametricMap]:
    """Make a series of parametric maps that show the same at several resolutions.

    Parameters
    ----------
    source_images: Sequence[pydicom.dataset.Dataset]
        Tiled images of one series, from high to low resolution; or one.
    pixel_arrays: Sequence[numpy.ndarray]
        Total pixel matrices, from high to low resolution; or one, which is downsampled.
    series_instance_uid: str | None
        UID of the series; a new one if ``None``.
    series_number, manufacturer, manufacturer_model_name, software_versions, device_serial_number, \
contains_recognizable_visual_features, real_world_value_mappings, voi_lut_transformations
        As of :class:`ParametricMap`.
    downsample_factors: Sequence[float] | None, optional
        Ascending numbers above 1, if there is one source image and one array: each makes a level.
    interpolator: InterpolationMethods | str, optional
        How to downsample.
    sop_instance_uids: list[str] | None, optional
        UIDs of the instances; new ones if absent.
    pyramid_uid: str | None, optional
        UID of the pyramid; a new one if absent.
    pyramid_label: str | None, optional
        What the pyramid is.
    **kwargs: Any
        Further parameters of :class:`ParametricMap`.

    Returns
    -------
    list[ParametricMap]
        One per level, from high to low resolution.

    Raises
    ------
    TypeError
        If a parameter is given that is decided here.
    ValueError
        If images, arrays and factors do not go together.
    """
    refused = sorted(_DECIDED_HERE & kwargs.keys())
    if refused:
        raise InputTypeError(f"{refused[0]} cannot be given for a pyramid, whose levels differ in it.")
    levels = plan_pyramid(source_images, pixel_arrays, downsample_factors, interpolator)
    uids = list(sop_instance_uids) if sop_instance_uids is not None else [str(UID()) for _ in levels]
    if len(uids) != len(levels):
        raise InputError(f"sop_instance_uids has {len(uids)} UIDs; the pyramid has {len(levels)} levels.")
    series = str(series_instance_uid or UID())
    pyramid = str(pyramid_uid or UID())
    return [
        ParametricMap(
            [level.source],
            level.array,
            series_instance_uid=series,
            series_number=series_number,
            sop_instance_uid=uid,
            instance_number=number,
            manufacturer=manufacturer,
            manufacturer_model_name=manufacturer_model_name,
            software_versions=software_versions,
            device_serial_number=device_serial_number,
            contains_recognizable_visual_features=contains_recognizable_visual_features,
            real_world_value_mappings=real_world_value_mappings,
            voi_lut_transformations=voi_lut_transformations,
            pixel_measures=level.pixel_measures,
            plane_positions=None if level.plane_position is None else [level.plane_position],
            tile_pixel_array=True,
            pyramid_uid=pyramid,
            pyramid_label=pyramid_label,
            **kwargs,
        )
        for number, (level, uid) in enumerate(zip(levels, uids, strict=True), 1)
    ]
