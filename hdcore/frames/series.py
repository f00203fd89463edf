"""Volumes from series of single-frame images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from hdcore.errors import GeometryError, InputError, InputTypeError
from hdcore.frames.assemble import allocate
from hdcore.frames.framed import FramedInstance
from hdcore.frames.meaning import meaning_of
from hdcore.frames.placement import Tolerances, volume_planes_of
from hdcore.frames.table import FrameTable
from hdcore.frames.tabulate import tabulate
from hdcore.model.element import elements_of, fetch, stored
from hdcore.model.making import tag_of
from hdcore.pixels.described_format import PIXEL_DATA_TAGS, number_of_frames
from hdcore.pixels.options import PixelOptions
from hdcore.pixels.part10 import transfer_syntax_of
from hdcore.pixels.stored import StoredFrames
from hdcore.pixels.transform import PixelTransform
from hdcore.spatial.channels import RGB_COLOR_CHANNEL_DESCRIPTOR
from hdcore.spatial.slabs import for_slabs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray
    from pydicom.sr.coding import Code

    from hdcore.content.code import CodedConcept
    from hdcore.pixels.format import FrameFormat
    from hdcore.pixels.lut import VOILUTTransformation
    from hdcore.spatial.volume import Volume

__all__ = ["get_volume_from_series"]

_COMMON = ("SeriesInstanceUID", "FrameOfReferenceUID", "Rows", "Columns", "SamplesPerPixel")
_MEANING = tuple(
    map(
        tag_of,
        (
            "PhotometricInterpretation",
            "PlanarConfiguration",
            "BitsAllocated",
            "BitsStored",
            "PixelRepresentation",
            "RescaleIntercept",
            "RescaleSlope",
            "ModalityLUTSequence",
            "WindowCenter",
            "WindowWidth",
            "WindowCenterWidthExplanation",
            "VOILUTFunction",
            "VOILUTSequence",
            "RealWorldValueMappingSequence",
            "PresentationLUTShape",
            "RedPaletteColorLookupTableData",
            "GreenPaletteColorLookupTableData",
            "BluePaletteColorLookupTableData",
            "ICCProfile",
        ),
    )
)
"""Attributes on which, with those in common, format and pixel transform of an image depend."""

_PIXELS = tuple(tag_of(keyword.value) for keyword in PIXEL_DATA_TAGS.values())


def get_volume_from_series(
    series_datasets: Sequence[Dataset],
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
    atol: float | None = None,
    rtol: float | None = None,
    perpendicular_tol: float | None = None,
    orientation_tol: float | None = None,
    allow_missing_positions: bool = False,
) -> Volume:
    """Put the images of a series together to a volume.

    Parameters
    ----------
    series_datasets: Sequence[pydicom.dataset.Dataset]
        Single-frame images of one series, in any order.
    dtype, apply_real_world_transform, real_world_value_map_selector, apply_modality_transform, \
apply_voi_transform, voi_transform_selector, voi_output_range, apply_presentation_lut, apply_palette_color_lut, \
apply_icc_profile
        As of :class:`~hdcore.pixels.options.PixelOptions`.
    atol: float | None, optional
        Length in mm by which spacings may differ; instead of ``rtol``.
    rtol: float | None, optional
        Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given.
    perpendicular_tol: float | None, optional
        How far from 1 the cosine between stacking direction and normal may be; 0.001 if absent.
    orientation_tol: float | None, optional
        By how much direction cosines may differ between images; 0.0001 if absent.
    allow_missing_positions: bool, optional
        Whether images may be missing between others; their planes are zero.

    Returns
    -------
    Volume
        Shape (planes, rows, columns), sorted by position; one plane per image unless images are missing.

    Raises
    ------
    GeometryError
        If the images are no regular volume; the message says why. A ValueError and RuntimeError.
    ValueError
        If there are none, one has several frames, or they are of different series, frames of reference or sizes.
    RuntimeError
        If a transform is required that an image does not have.
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
    images = list(series_datasets)
    _check(images)
    table = _tables_joined(images)
    tolerances = Tolerances(
        rtol, atol, perpendicular_tol, allow_missing_positions=allow_missing_positions, orientation_tol=orientation_tol
    )
    found = volume_planes_of(images[0], table, tolerances)
    return found.geometry.with_array(*_stacked(images, found.planes, found.geometry.spatial_shape[0], options))


def _check(images: Sequence[Any]) -> None:
    """Refuse what is no series of single-frame images."""
    if not images:
        raise InputError("series_datasets is empty; expected the images of a series.")
    for index, image in enumerate(images):
        if not isinstance(image, Dataset):
            raise InputTypeError(f"series_datasets[{index}] is of type {type(image).__name__}; expected a Dataset.")
        if number_of_frames(image) > 1:
            raise InputError(
                f"series_datasets[{index}] has {number_of_frames(image)} frames; expected single-frame images. Use "
                "Image.from_dataset(dataset).get_volume() for a multi-frame image."
            )
        for keyword in _COMMON:
            if not _is_encoded_alike(image, images[0], keyword) and (
                fetch(image, keyword) != fetch(images[0], keyword)
            ):
                raise InputError(
                    f"series_datasets[{index}] has {keyword} {fetch(image, keyword)}, but the first image has "
                    f"{fetch(images[0], keyword)}; expected images of one series, frame of reference and size."
                )


def _is_encoded_alike(image: Dataset, other: Dataset, keyword: str) -> bool:
    """Tell whether two images have the very same bytes, so that nothing needs to be parsed to know they are equal."""
    one, another = stored(image, keyword), stored(other, keyword)
    if not isinstance(one, RawDataElement) or not isinstance(another, RawDataElement):
        return False
    return (one.value, one.VR, one.is_little_endian) == (another.value, another.VR, another.is_little_endian)


def _tables_joined(images: Sequence[Dataset]) -> FrameTable:
    """Make one table whose rows are the images."""
    tables = [tabulate(image) for image in images]
    columns: dict[str, NDArray[Any]] = {}
    for name, what in (
        ("image_position", "Image Position (Patient)"),
        ("image_orientation", "Image Orientation (Patient)"),
        ("pixel_spacing", "Pixel Spacing"),
    ):
        for index, table in enumerate(tables):
            if not table.present(name).all():
                raise GeometryError(f"series_datasets[{index}] lacks {what}, so that it has no place in space.")
        columns[name] = np.concatenate([table[name] for table in tables])
    if all(table.present("spacing_between_slices").all() for table in tables):
        columns["spacing_between_slices"] = np.concatenate([table["spacing_between_slices"] for table in tables])
    return FrameTable(len(images), columns)


def _stacked(
    images: Sequence[Dataset], planes: NDArray[np.int64], number_of_planes: int, options: PixelOptions
) -> tuple[NDArray[Any], dict[Any, list[str]] | None]:
    """Transform the frame of each image into its plane, several at a time."""
    sources, transforms = _prepared(images, options)
    shape = (number_of_planes, *sources[0].format.shape[:2], *transforms[0].samples)
    out = allocate(shape, transforms[0].dtype, filled=len(images) / number_of_planes)
    targets = planes.tolist()

    def work(slab: slice) -> None:
        for index in range(slab.start, slab.stop):
            plane = targets[index]
            transforms[index].apply(sources[index].frame(0)[np.newaxis], _FIRST, out[plane : plane + 1])

    for_slabs(work, len(images), out.nbytes)
    return out, {RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]} if out.ndim == 4 else None


def _prepared(images: Sequence[Dataset], options: PixelOptions) -> tuple[list[StoredFrames], list[PixelTransform]]:
    """Find frame and transform of each image; those that say the same share format and transform."""
    known: dict[tuple[Any, ...], tuple[FrameFormat, PixelTransform]] = {}
    sources, transforms = list[StoredFrames](), list[PixelTransform]()
    for image in images:
        key = _key(image)
        frame = known[key][0] if key in known else None
        is_framed = isinstance(image, FramedInstance)
        sources.append(image.stored_frames if is_framed else StoredFrames.of_dataset(image, frame))
        if key not in known:
            made = sources[-1].format
            parameters = meaning_of(image, FrameTable(1)).parameters[0]
            known[key] = made, PixelTransform.of(parameters, made, options)
        transforms.append(known[key][1])
    return sources, transforms


_FIRST = np.zeros(1, np.intp)


def _key(image: Dataset) -> tuple[Any, ...]:
    """Tell images apart whose stored values mean different things, without parsing what was not parsed yet."""
    elements = elements_of(image)
    found = (elements.get(tag) for tag in _MEANING)
    kinds = (elements[tag].VR for tag in _PIXELS if tag in elements)
    meaning = (None if one is None else one.value if one.is_raw else repr(one.value) for one in found)
    return (transfer_syntax_of(image), *kinds, *meaning)
