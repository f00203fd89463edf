"""Multi-resolution pyramids: which levels there are, and their arrays (PS3.3 C.7.6.1.8 Multi-Resolution Pyramid)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import InterpolationMethods
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.source import Source
from hdcore.model.element import fetch_text
from hdcore.model.plane import PixelMeasuresSequence, PlanePositionSequence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = ["PyramidLevel", "downsample", "plan_pyramid"]

_FLOAT_TYPES = (np.dtype(np.float32), np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.int16), np.dtype(bool))
"""Types whose every value a 32-bit float holds, so that Pillow can interpolate them without loss."""
_PYRAMID_UID = "PyramidUID"


@dataclass(frozen=True, slots=True)
class PyramidLevel:
    """What one instance of a pyramid is made from."""

    source: Dataset
    """The tiled source image of the level."""
    array: NDArray[Any]
    """Total pixel matrix, shape (1, rows, columns) or (1, rows, columns, channels)."""
    pixel_measures: PixelMeasuresSequence | None
    """Distances between pixels; ``None`` if they are those of the source."""
    plane_position: PlanePositionSequence | None
    """Where the total pixel matrix lies; ``None`` if it is the source's place."""


def plan_pyramid(
    source_images: Sequence[Dataset],
    pixel_arrays: Sequence[NDArray[Any]],
    downsample_factors: Sequence[float] | None = None,
    interpolator: InterpolationMethods | str = InterpolationMethods.NEAREST,
) -> list[PyramidLevel]:
    """Decide the levels of a pyramid, and downsample where an array is not given.

    Parameters
    ----------
    source_images: Sequence[pydicom.dataset.Dataset]
        Tiled images of one series, from high to low resolution; or one.
    pixel_arrays: Sequence[numpy.ndarray]
        Total pixel matrices, shape (rows, columns), (1, rows, columns) or (1, rows, columns, channels), from high to
        low resolution. The first is of the size of the first source image.
    downsample_factors: Sequence[float] | None, optional
        Ascending numbers above 1, if there is one source image and one array: each makes a level.
    interpolator: InterpolationMethods | str, optional
        How to downsample.

    Returns
    -------
    list[PyramidLevel]
        One per level, from high to low resolution.

    Raises
    ------
    TypeError
        If an argument is not a sequence.
    ValueError
        If images, arrays and factors do not go together: wrong numbers, sizes or order, images of several series, or
        images that are not tiled.
    """
    sources = _checked_sources(source_images)
    sizes = [_size_of(source) for source in sources]
    arrays = [_stacked(array, index) for index, array in enumerate(_sequence(pixel_arrays, "pixel_arrays"))]
    if arrays[0].shape[1:3] != sizes[0]:
        raise InputError(f"pixel_arrays[0] has the size {arrays[0].shape[1:3]}; the first source image has {sizes[0]}.")
    arrays = _completed(arrays, sizes, downsample_factors, interpolator)
    _check_order(arrays)
    if len(sources) == 1:
        return [_level_of_one_source(sources[0], array, sizes[0]) for array in arrays]
    for index, (size, array) in enumerate(zip(sizes, arrays, strict=True)):
        if array.shape[1:3] != size:
            raise InputError(f"pixel_arrays[{index}] has the size {array.shape[1:3]}; its source image has {size}.")
    return [PyramidLevel(source, array, None, None) for source, array in zip(sources, arrays, strict=True)]


def _completed(
    arrays: list[NDArray[Any]],
    sizes: list[tuple[int, int]],
    factors: Sequence[float] | None,
    interpolator: InterpolationMethods | str,
) -> list[NDArray[Any]]:
    """Downsample the first array to the levels for which no array is given."""
    if factors is not None:
        numbers = _checked_factors(factors, len(sizes), len(arrays))
        return [arrays[0], *(downsample(arrays[0], _scaled(sizes[0], factor), interpolator) for factor in numbers)]
    if len(arrays) == 1:
        if len(sizes) == 1:
            raise InputError("There is one source image and one array; give downsample_factors, or more of either.")
        return [arrays[0], *(downsample(arrays[0], size, interpolator) for size in sizes[1:])]
    if len(sizes) not in (1, len(arrays)):
        raise InputError(
            f"There are {len(sizes)} source images and {len(arrays)} arrays; expected equal numbers or one of either."
        )
    return arrays


def _size_of(source: Dataset) -> tuple[int, int]:
    return int(source.TotalPixelMatrixRows), int(source.TotalPixelMatrixColumns)


def _level_of_one_source(source: Dataset, array: NDArray[Any], size: tuple[int, int]) -> PyramidLevel:
    if array.shape[1:3] == size:
        return PyramidLevel(source, array, None, None)
    seen = Source.of([source])
    if seen.pixel_spacing is None or seen.image_orientation is None or seen.total_pixel_matrix_origin is None:
        raise InputError("The source image has no pixel spacing, orientation or origin; levels of it cannot be placed.")
    old = np.array(seen.pixel_spacing)
    new = old * (np.array(size) / array.shape[1:3])
    # the corners of both matrices are at the same place, so the centres of their first pixels are not
    orientation = np.array(seen.image_orientation)
    shift = (orientation[:3] * (new[1] - old[1]) + orientation[3:] * (new[0] - old[0])) / 2
    origin = np.array([*seen.total_pixel_matrix_origin, float(seen.planes["z_offset"][0])]) + shift
    return PyramidLevel(
        source,
        array,
        PixelMeasuresSequence(new.tolist(), seen.slice_thickness, seen.spacing_between_slices),
        PlanePositionSequence("SLIDE", origin.tolist(), (1, 1)),
    )


def downsample(
    array: NDArray[Any], size: tuple[int, int], interpolator: InterpolationMethods | str = InterpolationMethods.NEAREST
) -> NDArray[Any]:
    """Make a smaller total pixel matrix of the same extent.

    Parameters
    ----------
    array: numpy.ndarray
        Shape (1, rows, columns) or (1, rows, columns, channels).
    size: tuple[int, int]
        Rows and columns of the result.
    interpolator: InterpolationMethods | str, optional
        ``NEAREST`` picks pixels, as masks and labels need; ``LINEAR`` weighs all pixels that a new one covers.

    Returns
    -------
    numpy.ndarray
        Of the same type, shape (1, *size) or (1, *size, channels).
    """
    if InterpolationMethods(interpolator) is InterpolationMethods.NEAREST:
        chosen = [
            ((np.arange(new) + 0.5) * old / new).astype(np.intp)
            for new, old in zip(size, array.shape[1:3], strict=True)
        ]
        return np.ascontiguousarray(array[:, chosen[0][:, np.newaxis], chosen[1]])
    if array.ndim == 4:
        return np.stack([downsample(array[..., index], size, interpolator) for index in range(array.shape[3])], axis=-1)
    return _interpolated(array[0], size)[np.newaxis]


def _interpolated(matrix: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    if matrix.dtype in _FLOAT_TYPES:
        from PIL import Image

        image = Image.fromarray(matrix.astype(np.float32))
        smaller = np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR))
    else:
        smaller = _weighted(_weighted(matrix.astype(np.float64), size[0]).T, size[1]).T
    if matrix.dtype.kind == "f":
        return smaller.astype(matrix.dtype)
    return (smaller >= 0.5) if matrix.dtype == bool else np.rint(smaller).astype(matrix.dtype)


def _weighted(matrix: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Interpolate along the first axis with a triangle as wide as a new row."""
    scale = max(len(matrix) / rows, 1.0)
    centres = (np.arange(rows) + 0.5) * len(matrix) / rows
    first = np.floor(centres - scale).astype(np.intp)
    result = np.zeros((rows, matrix.shape[1]))
    total = np.zeros(rows)
    for tap in range(int(np.ceil(2 * scale)) + 1):
        at = first + tap
        weight = np.maximum(1 - np.abs(at + 0.5 - centres) / scale, 0) * ((at >= 0) & (at < len(matrix)))
        result += weight[:, np.newaxis] * matrix[np.clip(at, 0, len(matrix) - 1)]
        total += weight
    return result / total[:, np.newaxis]


def _sequence(values: Any, name: str) -> list[Any]:
    if isinstance(values, np.ndarray) and values.dtype != object:
        raise InputTypeError(f"{name} is one array; expected a sequence of arrays.")
    if not hasattr(values, "__iter__") or not len(values):
        raise InputError(f"{name} is {values!r}; expected a sequence of at least one.")
    return list(values)


def _stacked(array: Any, index: int) -> NDArray[Any]:
    if not isinstance(array, np.ndarray):
        raise InputTypeError(f"pixel_arrays[{index}] is a {type(array).__name__}; expected a NumPy array.")
    stacked = array[np.newaxis] if array.ndim == 2 else array
    if stacked.ndim not in (3, 4) or len(stacked) != 1:
        raise InputError(
            f"pixel_arrays[{index}] has the shape {array.shape}; expected (rows, columns), (1, rows, columns) or "
            "(1, rows, columns, channels)."
        )
    return stacked


def _checked_sources(source_images: Sequence[Dataset]) -> list[Dataset]:
    sources = _sequence(source_images, "source_images")
    for index, source in enumerate(sources):
        if not Source.of([source]).is_tiled:
            raise InputError(f"source_images[{index}] is not a tiled image; only such images have pyramids.")
    for keyword in ("SeriesInstanceUID", "FrameOfReferenceUID", _PYRAMID_UID):
        if len({fetch_text(source, keyword) for source in sources}) > 1:
            raise InputError(f"source_images differ in {keyword}; expected images of one pyramid.")
    return sources


def _checked_factors(factors: Sequence[float], sources: int, arrays: int) -> list[float]:
    if sources > 1 or arrays > 1:
        raise InputError("downsample_factors goes with one source image and one array only.")
    numbers = [float(factor) for factor in factors]
    if not numbers or not np.isfinite(numbers).all() or min(numbers) <= 1 or any(a >= b for a, b in pairwise(numbers)):
        raise InputError(f"downsample_factors is {numbers}; expected ascending numbers above 1.")
    return numbers


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    rows, columns = size
    scaled = round(rows / factor), round(columns / factor)
    if not all(scaled):
        raise InputError(
            f"downsample_factors has {factor}, which leaves no pixel of {rows} rows and {columns} columns."
        )
    return scaled


def _check_order(arrays: Sequence[NDArray[Any]]) -> None:
    for index, (larger, smaller) in enumerate(pairwise(arrays), 1):
        if smaller.shape[1] >= larger.shape[1] or smaller.shape[2] >= larger.shape[2]:
            raise InputError(
                f"Level {index} has the size {smaller.shape[1:3]}, not smaller than that of the level before, "
                f"{larger.shape[1:3]}; give levels from high to low resolution."
            )
        if smaller.shape[3:] != larger.shape[3:]:
            raise InputError(f"pixel_arrays[{index}] has other channels than pixel_arrays[0].")
