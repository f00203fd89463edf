"""Series of single-frame images: their order in space, and whether they are a volume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.enums import AxisHandedness, PixelIndexDirections
from hdcore.errors import InputError, MissingAttributeError, UnreadableError
from hdcore.spatial.attributes import FloatArray, as_orientation
from hdcore.spatial.images import number_of
from hdcore.spatial.stack import Stack, StackError, StackProblem, find_stack, get_plane_sort_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from hdcore.spatial.affine import IndexConvention

__all__ = ["find_series_stack", "get_dataset_sort_index", "get_series_volume_positions", "sort_datasets"]

DEFAULT_ORIENTATION_TOLERANCE = 1e-5
"""By how much direction cosines of images in one series may differ."""


def get_dataset_sort_index(
    datasets: Sequence[Dataset],
    index_convention: IndexConvention = (PixelIndexDirections.D, PixelIndexDirections.R),
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> list[int]:
    """Find the order of single-frame images along their normal.

    Parameters
    ----------
    datasets: Sequence[pydicom.dataset.Dataset]
        Images of one orientation.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase.
    handedness: AxisHandedness | str, optional
        Handedness of the axes image, first pixel index, second pixel index.

    Returns
    -------
    list[int]
        Item *i* says which image is at place *i*.

    Raises
    ------
    ValueError
        If there are none, one has several frames or no position, or their orientations differ.
    """
    _check_single_frames(datasets)
    positions, orientations = _planes_of(datasets)
    if np.abs(orientations - orientations[0]).max() > DEFAULT_ORIENTATION_TOLERANCE:
        raise InputError("The images differ in orientation, so they have no common order along a normal.")
    return get_plane_sort_index(positions, orientations[0].tolist(), index_convention, handedness)


def sort_datasets(
    datasets: Sequence[Dataset],
    index_convention: IndexConvention = (PixelIndexDirections.D, PixelIndexDirections.R),
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> list[Dataset]:
    """Sort single-frame images along their normal.

    Parameters
    ----------
    datasets: Sequence[pydicom.dataset.Dataset]
        Images of one orientation.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase.
    handedness: AxisHandedness | str, optional
        Handedness of the axes image, first pixel index, second pixel index.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        The same images in order.

    Raises
    ------
    ValueError
        If there are none, one has several frames or no position, or their orientations differ.
    """
    return [datasets[index] for index in get_dataset_sort_index(datasets, index_convention, handedness)]


def get_series_volume_positions(
    datasets: Sequence[Dataset],
    *,
    rtol: float | None = None,
    atol: float | None = None,
    perpendicular_tol: float | None = None,
    orientation_tol: float | None = None,
    sort: bool = True,
    allow_missing_positions: bool = False,
    allow_duplicate_positions: bool = False,
    index_convention: IndexConvention = (PixelIndexDirections.D, PixelIndexDirections.R),
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    enforce_handedness: bool = False,
) -> tuple[float | None, list[int] | None]:
    """Find spacing and order of single-frame images that may be a volume.

    Parameters
    ----------
    datasets: Sequence[pydicom.dataset.Dataset]
        Images of a series.
    rtol: float | None, optional
        Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given.
    atol: float | None, optional
        Length in mm by which spacings may differ; instead of ``rtol``.
    perpendicular_tol: float | None, optional
        How far from 1 the cosine between stacking direction and normal may be; 0.001 if absent.
    orientation_tol: float | None, optional
        By how much direction cosines may differ; 0.00001 if absent.
    sort: bool, optional
        Whether the images may be given in any order.
    allow_missing_positions: bool, optional
        Whether images may be missing. Spacing Between Slices is then the spacing, where stated.
    allow_duplicate_positions: bool, optional
        Whether several images may be at one position.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase.
    handedness: AxisHandedness | str, optional
        Handedness of the axes image, first pixel index, second pixel index.
    enforce_handedness: bool, optional
        Whether, with ``sort=False``, the images must be given in the direction of the normal.

    Returns
    -------
    tuple[float | None, list[int] | None]
        Spacing in mm (1.0 for a single image) and for each image its zero-based place; both None if the images are no
        volume (:func:`find_series_stack` says why).

    Raises
    ------
    TypeError
        If both ``rtol`` and ``atol`` are given.
    ValueError
        If there are none, one has several frames or no position, or gaps or duplicates are allowed without sorting.
    """
    try:
        stack = find_series_stack(
            datasets,
            orientation_tol=orientation_tol,
            rtol=rtol,
            atol=atol,
            perpendicular_tol=perpendicular_tol,
            sort=sort,
            allow_missing_positions=allow_missing_positions,
            allow_duplicate_positions=allow_duplicate_positions,
            index_convention=index_convention,
            handedness=handedness,
            enforce_handedness=enforce_handedness,
        )
    except StackError:
        return None, None
    return stack.spacing, stack.indices.tolist()


def find_series_stack(
    datasets: Sequence[Dataset],
    *,
    orientation_tol: float | None = None,
    allow_missing_positions: bool = False,
    **options: Any,
) -> Stack:
    """Find the regular stack that single-frame images are, or say what is wrong with them.

    Parameters
    ----------
    datasets: Sequence[pydicom.dataset.Dataset]
        Images of a series.
    orientation_tol, allow_missing_positions, **options
        As of :func:`get_series_volume_positions`.

    Returns
    -------
    Stack
        Spacing and the index of each image.

    Raises
    ------
    StackError
        If they are no regular stack; its ``problem`` names why, its text where.
    TypeError
        If both ``rtol`` and ``atol`` are given.
    ValueError
        If there are none, one has several frames or no position, or gaps or duplicates are allowed without sorting.
    """
    _check_single_frames(datasets)
    if len(datasets) == 1:
        return Stack(1.0, np.zeros(1, np.int64))
    positions, orientations = _planes_of(datasets)
    _check_consistent(
        datasets, orientations, DEFAULT_ORIENTATION_TOLERANCE if orientation_tol is None else orientation_tol
    )
    hint = number_of(datasets[0], "SpacingBetweenSlices", float) if allow_missing_positions else None
    return find_stack(
        positions,
        orientations[0].tolist(),
        allow_missing_positions=allow_missing_positions,
        spacing_hint=hint or None,
        **options,
    )


def _check_single_frames(datasets: Sequence[Dataset]) -> None:
    if not len(datasets):
        raise InputError("datasets is empty; expected at least one image.")
    for index, dataset in enumerate(datasets):
        if (number_of(dataset, "NumberOfFrames", int) or 1) > 1 or "SharedFunctionalGroupsSequence" in dataset:
            raise InputError(
                f"Image {index} is a multi-frame image; expected single-frame images (read it with imread, and use its "
                "get_volume)."
            )


def _planes_of(datasets: Sequence[Dataset]) -> tuple[FloatArray, FloatArray]:
    positions, orientations = np.empty((len(datasets), 3)), np.empty((len(datasets), 6))
    for index, dataset in enumerate(datasets):
        positions[index] = _numbers_of(dataset, index, "Position", 3)
        orientations[index] = _numbers_of(dataset, index, "Orientation", 6)
    as_orientation(orientations[0].tolist())
    return positions, orientations


def _numbers_of(dataset: Dataset, index: int, what: str, count: int) -> FloatArray:
    value = dataset.get(f"Image{what}Patient")
    image = f"Image {index} (SOP Instance UID {dataset.get('SOPInstanceUID')})"
    if value is None or value == "":
        raise MissingAttributeError(f"{image} has no Image {what} (Patient), so it has no place in space.")
    try:
        return np.array(value, np.float64).reshape(count)
    except (TypeError, ValueError) as error:
        raise UnreadableError(
            f"Image {what} (Patient) of {image[0].lower()}{image[1:]} is {value!r}; {count} numbers were expected."
        ) from error


def _check_consistent(datasets: Sequence[Dataset], orientations: FloatArray, tolerance: float) -> None:
    worst = int(np.abs(orientations - orientations[0]).max(axis=1).argmax())
    if np.abs(orientations[worst] - orientations[0]).max() > tolerance:
        raise StackError(
            StackProblem.INCONSISTENT_PLANES,
            f"Images 0 and {worst} differ in orientation ({orientations[0].tolist()} and "
            f"{orientations[worst].tolist()}); choose images of one orientation or pass a greater orientation_tol.",
        )
    for keyword in ("FrameOfReferenceUID", "Rows", "Columns"):
        values = {str(dataset.get(keyword)) for dataset in datasets}
        if len(values) > 1:
            shown = sorted(values)[:3]
            raise StackError(
                StackProblem.INCONSISTENT_PLANES,
                f"The images differ in {keyword} ({', '.join(shown)}); choose images that agree.",
            )
