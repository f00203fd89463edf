"""Stacks: whether image planes are regularly spaced along their normal, and where in the stack each one is.

What is not a regular stack is named (gantry tilt, missing or duplicate positions, irregular spacing, wrong order); the
caller chooses what to allow. All is done on whole arrays, since an object may have 50,000 frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hdcore.enums import AxisHandedness, PixelIndexDirections
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.affine import VOLUME_INDEX_CONVENTION, plane_distances
from hdcore.spatial.attributes import FloatArray, IntArray, as_orientation, as_points
from hdcore.spatial.stack_errors import StackError, StackProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.spatial.affine import IndexConvention

__all__ = [
    "DEFAULT_PERPENDICULAR_TOLERANCE",
    "DEFAULT_RELATIVE_TOLERANCE",
    "Stack",
    "StackError",
    "StackProblem",
    "find_stack",
    "get_plane_sort_index",
    "get_volume_positions",
]

DEFAULT_RELATIVE_TOLERANCE = 0.01
"""Part of the spacing by which spacings may differ."""

DEFAULT_PERPENDICULAR_TOLERANCE = 1e-3
"""How far from 1 the cosine of the angle between the stacking direction and the normal may be (1e-3: 2.6 degrees)."""

_DUPLICATE = 0.1
"""Millimetres within which positions may be the same, however great a spacing is expected."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A regular stack of planes."""

    spacing: float
    """Distance between neighbouring planes in mm, positive."""
    indices: IntArray
    """Zero-based index in the stack of each given plane, shape ``(n,)``."""

    @property
    def size(self) -> int:
        """int: number of planes from the first to the last, gaps included."""
        return int(self.indices.max()) + 1

    @property
    def first(self) -> int:
        """int: which of the given planes is first in the stack."""
        return int(self.indices.argmin())


@dataclass(frozen=True, slots=True)
class _Tolerance:
    relative: float | None
    absolute: float | None

    @classmethod
    def of(cls, rtol: float | None, atol: float | None) -> _Tolerance:
        if rtol is not None and atol is not None:
            raise InputTypeError("Pass 'rtol' or 'atol', not both.")
        for name, value in (("rtol", rtol), ("atol", atol)):
            if value is not None and not value >= 0:
                raise InputError(f"{name} is {value}; expected a number of at least zero.")
        return cls(DEFAULT_RELATIVE_TOLERANCE if rtol is None and atol is None else rtol, atol)

    def at(self, spacing: float) -> float:
        return self.absolute if self.absolute is not None else (self.relative or 0.0) * spacing


def get_plane_sort_index(
    image_positions: Sequence[Sequence[float]] | FloatArray,
    image_orientation: Sequence[float],
    index_convention: IndexConvention = (PixelIndexDirections.D, PixelIndexDirections.R),
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> list[int]:
    """Sort parallel planes along their normal.

    Parameters
    ----------
    image_positions: Sequence[Sequence[float]] | numpy.ndarray
        Centres of the planes' top left pixels in mm, shape ``(n, 3)``.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase.
    handedness: AxisHandedness | str, optional
        Handedness of the axes plane, first pixel index, second pixel index.

    Returns
    -------
    list[int]
        Item *i* says which plane is at place *i*. Planes at the same position stay in order.

    Raises
    ------
    ValueError
        If a shape or the convention is wrong.
    """
    positions = np.asarray(image_positions, dtype=np.float64)
    distances = plane_distances(positions, image_orientation, index_convention, handedness)
    order: list[int] = np.argsort(distances, kind="stable").tolist()
    return order


def get_volume_positions(
    image_positions: Sequence[Sequence[float]] | FloatArray,
    image_orientation: Sequence[float],
    *,
    rtol: float | None = None,
    atol: float | None = None,
    perpendicular_tol: float | None = None,
    sort: bool = True,
    allow_missing_positions: bool = False,
    allow_duplicate_positions: bool = False,
    spacing_hint: float | None = None,
    index_convention: IndexConvention = (PixelIndexDirections.D, PixelIndexDirections.R),
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    enforce_handedness: bool = False,
) -> tuple[float | None, list[int] | None]:
    """Find spacing and order of planes that may be a volume.

    All parameters are those of :func:`find_stack`, which says in an error what is wrong with planes that are no volume.

    Parameters
    ----------
    image_positions: Sequence[Sequence[float]] | numpy.ndarray
        Centres of the planes' top left pixels in mm, shape ``(n, 3)``.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns, shared by all.
    rtol: float | None, optional
        Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given.
    atol: float | None, optional
        Length in mm by which spacings may differ; instead of ``rtol``.
    perpendicular_tol: float | None, optional
        How far from 1 the cosine between stacking direction and normal may be; 0.001 if absent.
    sort: bool, optional
        Whether the planes may be given in any order.
    allow_missing_positions: bool, optional
        Whether planes may be missing.
    allow_duplicate_positions: bool, optional
        Whether several planes may be at one position.
    spacing_hint: float | None, optional
        Expected spacing in mm.
    index_convention: str | Sequence[PixelIndexDirections | str], optional
        Directions in which the two pixel indices increase.
    handedness: AxisHandedness | str, optional
        Handedness of the axes plane, first pixel index, second pixel index.
    enforce_handedness: bool, optional
        Whether, with ``sort=False``, the planes must be given in the direction of the normal.

    Returns
    -------
    tuple[float | None, list[int] | None]
        Spacing in mm (1.0, or the hint, for a single position) and for each plane its zero-based place; both None if
        the planes are no volume.

    Raises
    ------
    TypeError
        If both ``rtol`` and ``atol`` are given.
    ValueError
        If a shape is wrong, or gaps or duplicates are allowed without sorting.
    """
    try:
        stack = find_stack(
            np.asarray(image_positions, dtype=np.float64),
            image_orientation,
            rtol=rtol,
            atol=atol,
            perpendicular_tol=perpendicular_tol,
            sort=sort,
            allow_missing_positions=allow_missing_positions,
            allow_duplicate_positions=allow_duplicate_positions,
            spacing_hint=spacing_hint,
            index_convention=index_convention,
            handedness=handedness,
            enforce_handedness=enforce_handedness,
        )
    except StackError:
        return None, None
    return stack.spacing, stack.indices.tolist()


def find_stack(
    image_positions: FloatArray,
    image_orientation: Sequence[float] | FloatArray,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    perpendicular_tol: float | None = None,
    sort: bool = True,
    allow_missing_positions: bool = False,
    allow_duplicate_positions: bool = False,
    spacing_hint: float | None = None,
    index_convention: IndexConvention = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    enforce_handedness: bool = False,
) -> Stack:
    """Find the regular stack that planes are, or say what is wrong with them.

    Parameters
    ----------
    image_positions: numpy.ndarray
        Centres of the planes' top left pixels in mm, shape ``(n, 3)``.
    image_orientation: Sequence[float]
        Direction cosines of the rows and the columns, shared by all.
    rtol, atol, perpendicular_tol, sort, allow_missing_positions, allow_duplicate_positions, spacing_hint, \
index_convention, handedness, enforce_handedness
        As of :func:`get_volume_positions`.

    Returns
    -------
    Stack
        Spacing and the index of each plane.

    Raises
    ------
    StackError
        If they are no regular stack; its ``problem`` names why, its text where.
    TypeError, ValueError
        As of :func:`get_volume_positions`.
    """
    positions = as_points(image_positions, 3, "image_positions").astype(np.float64, copy=False)
    as_orientation(image_orientation)
    tolerance = _Tolerance.of(rtol, atol)
    if not len(positions):
        raise InputError("image_positions is empty; expected at least one position.")
    if not sort and (allow_missing_positions or allow_duplicate_positions):
        raise InputError("allow_missing_positions and allow_duplicate_positions need sort=True.")
    expected = None if spacing_hint is None else abs(float(spacing_hint))
    distances = plane_distances(positions, image_orientation, index_convention, handedness)
    limit = DEFAULT_PERPENDICULAR_TOLERANCE if perpendicular_tol is None else perpendicular_tol
    if sort:
        order = np.argsort(distances, kind="stable")
        groups = _group_duplicates(positions[order], distances[order], expected, tolerance)
        if groups[-1] + 1 < len(positions) and not allow_duplicate_positions:
            raise _duplicates(positions[order], groups)
        firsts = order[np.flatnonzero(np.diff(groups, prepend=-1))]
        _check_perpendicular(positions[firsts], distances[firsts], limit)
        spacing, places = _space(distances[firsts], expected, tolerance, allow_missing_positions)
        indices = np.empty(len(positions), np.int64)
        indices[order] = places[groups]
        return Stack(spacing, indices)
    ascending = _check_order(distances, enforce_handedness)
    _check_perpendicular(positions, distances, limit)
    spacing, places = _space(distances if ascending else -distances, expected, tolerance, allow_missing=False)
    return Stack(spacing, places)


def _group_duplicates(
    positions: FloatArray, distances: FloatArray, expected: float | None, tolerance: _Tolerance
) -> IntArray:
    """Number the distinct positions of sorted planes: neighbours closer than the tolerance are the same."""
    steps = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    if expected is None:
        moved = np.diff(distances)
        moved = moved[moved > 1e-6]
        # the middle one of an even number will do: np.median would import numpy.ma
        expected = float(np.sort(moved)[moved.size // 2]) if moved.size else 1.0
    same = steps <= min(tolerance.at(expected), 0.01 * expected, _DUPLICATE)
    groups: IntArray = np.concatenate(([0], np.cumsum(~same)))
    return groups


def _duplicates(positions: FloatArray, groups: IntArray) -> StackError:
    counts = np.bincount(groups)
    at = int(counts.argmax())
    where = np.round(positions[int(np.searchsorted(groups, at))], 4).tolist()
    return StackError(
        StackProblem.DUPLICATE_POSITIONS,
        f"{int((counts > 1).sum())} of {len(counts)} positions occur more than once, {where} for one "
        f"{int(counts[at])} times; choose one plane of each position; a geometry alone can be "
        "had with allow_duplicate_positions=True.",
    )


def _check_order(distances: FloatArray, enforce_handedness: bool) -> bool:
    """Refuse planes out of order; tell whether their distances ascend."""
    steps = np.diff(distances)
    if not len(steps):
        return True
    if (steps == 0).any():
        raise StackError(
            StackProblem.DUPLICATE_POSITIONS, "Neighbouring planes are at the same distance along their normal."
        )
    if not ((steps > 0).all() or (steps < 0).all()):
        raise StackError(
            StackProblem.WRONG_ORDER,
            "The planes are not in the order of their positions; pass sort=True.",
        )
    if enforce_handedness and steps[0] < 0:
        raise StackError(
            StackProblem.WRONG_ORDER, "The planes are in reverse order for the requested handedness; reverse them."
        )
    return bool(steps[0] > 0)


def _check_perpendicular(positions: FloatArray, distances: FloatArray, limit: float) -> None:
    if len(positions) < 2:
        return
    steps = np.diff(positions, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    cosines = np.abs(np.diff(distances)) / np.where(lengths > 0, lengths, 1.0)
    worst = float(cosines.min())
    if 1.0 - worst <= limit:
        return
    overall = positions[-1] - positions[0]
    cosine = abs(float(distances[-1] - distances[0])) / max(float(np.linalg.norm(overall)), 1e-12)
    if cosine < 1e-6:
        raise StackError(
            StackProblem.GANTRY_TILT,
            "The planes lie side by side (as the tiles of one plane do), not stacked along their normal.",
        )
    angle = float(np.degrees(np.arccos(min(worst, 1.0))))
    raise StackError(
        StackProblem.GANTRY_TILT,
        f"The planes are not stacked along their normal but up to {angle:.2f} degrees away from it (gantry tilt, or "
        "planes shifted against one another); resample the image, or pass a greater perpendicular_tol.",
    )


def _space(
    distances: FloatArray, expected: float | None, tolerance: _Tolerance, allow_missing: bool
) -> tuple[float, IntArray]:
    """Get the spacing of distinct ascending distances and the place of each."""
    steps = np.diff(distances)
    if not len(steps):
        return (1.0 if expected is None else expected), np.zeros(1, np.int64)
    if allow_missing:
        multiples = np.maximum(np.round(steps / (steps.min() if expected is None else expected)), 1.0)
        places = np.concatenate(([0.0], np.cumsum(multiples)))
        if expected is None:
            spacing = float(steps.sum() / multiples.sum())
            deviations = steps - multiples * spacing
        else:  # over many planes a wrong spacing adds up, so each place must fit, not only each step
            spacing = expected
            deviations = (distances - distances[0] - places * spacing)[1:]
        _check_even(deviations, steps, spacing, tolerance)
        return spacing, places.astype(np.int64)
    spacing = float(steps.mean())
    limit = tolerance.at(spacing)
    if np.abs(steps - spacing).max() > limit:
        raise _uneven(steps, tolerance)
    if expected is not None and abs(spacing - expected) > tolerance.at(expected):
        raise StackError(
            StackProblem.UNEXPECTED_SPACING, f"The planes are {spacing:g} mm apart; {expected:g} mm were expected."
        )
    return spacing, np.arange(len(distances), dtype=np.int64)


def _check_even(deviations: FloatArray, steps: FloatArray, spacing: float, tolerance: _Tolerance) -> None:
    if tolerance.at(spacing) >= spacing / 2 and steps.max() > 1.5 * spacing:
        raise StackError(
            StackProblem.IRREGULAR_SPACING,
            f"Planes are {spacing:g} mm apart at the least, up to {steps.max():g} mm; with a tolerance of "
            f"{tolerance.at(spacing):g} mm any distance were a multiple of that. Pass a smaller rtol or atol, or a "
            "spacing_hint.",
        )
    if np.abs(deviations).max() > tolerance.at(spacing):
        at = int(np.abs(deviations).argmax())
        raise StackError(
            StackProblem.IRREGULAR_SPACING,
            f"Planes {at} and {at + 1} along the normal are {steps[at]:g} mm apart, which is no multiple of the "
            f"spacing of {spacing:g} mm; pass a greater rtol or atol, or a spacing_hint.",
        )


def _uneven(steps: FloatArray, tolerance: _Tolerance) -> StackError:
    smallest, greatest = float(steps.min()), float(steps.max())
    multiples = np.round(steps / smallest)
    if greatest / smallest > 1.5 and np.abs(steps - multiples * smallest).max() <= tolerance.at(smallest):
        missing = int(multiples.sum()) - len(steps)
        at = int(multiples.argmax())
        return StackError(
            StackProblem.MISSING_POSITIONS,
            f"{missing} planes are missing: the spacing is {smallest:g} mm, but planes {at} and {at + 1} along the "
            f"normal are {steps[at]:g} mm apart; pass allow_missing_positions=True to leave them empty.",
        )
    return StackError(
        StackProblem.IRREGULAR_SPACING,
        f"Planes are between {smallest:g} and {greatest:g} mm apart; pass a greater rtol or atol, or resample them.",
    )
