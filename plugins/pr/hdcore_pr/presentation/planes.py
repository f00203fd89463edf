"""Planes of one image resampled where the pixels of another are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import GeometryError, InputError, InputTypeError
from hdcore.model.element import fetch
from hdcore.spatial.images import get_plane_geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from hdcore.spatial.images import PlaneGeometry

    from hdcore_pr.presentation.frame import SourceFrame

    Floats = npt.NDArray[np.float64]

__all__ = ["Sampled", "plane_of", "resample"]

_PARALLEL = 1e-3


@dataclass(frozen=True, slots=True)
class Sampled:
    """Values at the pixels of a grid."""

    values: npt.NDArray[Any]
    """Shape (rows, columns) or (rows, columns, 3)."""
    present: npt.NDArray[np.bool_] | None
    """Shape (rows, columns): where there is an image; None: everywhere."""


def plane_of(frame: SourceFrame) -> PlaneGeometry | None:
    """Find where a frame lies; None if its image does not say."""
    try:
        if frame.is_matrix:
            return get_plane_geometry(frame.image, for_total_pixel_matrix=True)
        has_frames = "NumberOfFrames" in frame.image or "SharedFunctionalGroupsSequence" in frame.image
        return get_plane_geometry(frame.image, frame.number if has_frames else None)
    except (InputError, InputTypeError):
        return None


def resample(frames: Sequence[SourceFrame], target: SourceFrame) -> Sampled:
    """Give the values of a stack of frames at the pixels of another frame, by linear interpolation.

    Pixels that hold no image do not contribute. Frames that lie nowhere must be one, of the size of the target.

    Raises
    ------
    ValueError
        If frames are not parallel or of several sizes, or nothing says where they lie.
    """
    if len({frame.shape for frame in frames}) > 1:
        raise GeometryError("image: the images of one blending input are of several sizes.")
    planes, grid = [plane_of(frame) for frame in frames], plane_of(target)
    known = [plane for plane in planes if plane is not None]
    if grid is None or len(known) < len(planes):
        if len(frames) == 1 and frames[0].shape == target.shape:
            padding = frames[0].padding()
            return Sampled(frames[0].stored_values(), None if padding is None else ~padding)
        raise GeometryError("image: inputs of blending do not say where they lie, and are not of one size.")
    uids = {str(fetch(frame.image, "FrameOfReferenceUID")) for frame in (*frames, target)}
    if len(uids) > 1:
        raise GeometryError(f"image: inputs of blending are of {len(uids)} frames of reference; register them first.")
    stack = _Stack.of(frames, known)
    return stack.sample(*stack.indices(_points(grid, target.shape)))


def _points(plane: PlaneGeometry, shape: tuple[int, int]) -> Floats:
    """Give the position in mm of each pixel: shape (rows, columns, 3)."""
    along, down = plane.orientation[:3] * plane.pixel_spacing[1], plane.orientation[3:] * plane.pixel_spacing[0]
    rows, columns = np.arange(shape[0])[:, None, None], np.arange(shape[1])[None, :, None]
    points: Floats = plane.position + columns * along + rows * down
    return points


@dataclass(frozen=True, slots=True)
class _Stack:
    """Parallel planes in the order of their distances along the normal."""

    frames: Sequence[SourceFrame]
    first: PlaneGeometry
    distances: Floats
    reach: float
    """How far from the first and last plane there is still an image, in mm."""

    @classmethod
    def of(cls, frames: Sequence[SourceFrame], planes: Sequence[PlaneGeometry]) -> _Stack:
        first = planes[0]
        for plane in planes[1:]:
            if not np.allclose(plane.orientation, first.orientation, atol=_PARALLEL) or not np.allclose(
                plane.pixel_spacing, first.pixel_spacing, rtol=_PARALLEL
            ):
                raise GeometryError("image: the images of one blending input are not parallel, or differ in spacing.")
        normal = np.cross(first.orientation[:3], first.orientation[3:])
        distances = np.array([plane.position @ normal for plane in planes])
        order = np.argsort(distances, kind="stable")
        _, kept = np.unique(distances[order].round(4), return_index=True)
        order = order[kept]
        gaps = np.diff(distances[order])
        thickness = first.spacing_between_slices or fetch(frames[0].image, "SliceThickness") or 1.0
        reach = float(gaps.max()) / 2 if len(gaps) else float(thickness) / 2
        return cls([frames[index] for index in order], planes[int(order[0])], distances[order], reach)

    def indices(self, points: Floats) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
        """Give slice, row and column of points, clipped to the stack, and which of them lie in it."""
        along, down = self.first.orientation[:3], self.first.orientation[3:]
        height = points @ np.cross(along, down)
        offset = points - self.first.position
        columns, rows = offset @ along / self.first.pixel_spacing[1], offset @ down / self.first.pixel_spacing[0]
        size = self.frames[0].shape
        inside = (height >= self.distances[0] - self.reach - _PARALLEL) & (
            height <= self.distances[-1] + self.reach + _PARALLEL
        )
        for index, count in ((rows, size[0]), (columns, size[1])):
            inside &= (index >= -0.5) & (index <= count - 0.5)
            np.clip(index, 0, count - 1, out=index)
        return np.interp(height, self.distances, np.arange(len(self.distances))), rows, columns, inside

    def sample(self, slices: Floats, rows: Floats, columns: Floats, inside: npt.NDArray[np.bool_]) -> Sampled:
        """Interpolate between the eight pixels around each place."""
        low = int(slices.min())
        used = self.frames[low : int(np.ceil(slices.max())) + 1]
        values = np.stack([frame.stored_values() for frame in used])
        paddings = [frame.padding() for frame in used]
        valid = np.stack([np.ones(values.shape[1:3], bool) if padding is None else ~padding for padding in paddings])
        total, weights = np.zeros((*rows.shape, *values.shape[3:])), np.zeros(rows.shape)
        axes = [_neighbours(slices - low, len(used)), _neighbours(rows, valid.shape[1])]
        axes.append(_neighbours(columns, valid.shape[2]))
        for corner in range(8):
            picked = [axis[corner >> bit & 1] for bit, axis in enumerate(axes)]
            place = tuple(index for index, _ in picked)
            weight = picked[0][1] * picked[1][1] * picked[2][1] * valid[place]
            total += (weight[..., None] if values.ndim > 3 else weight) * values[place]
            weights += weight
        scale = np.maximum(weights, np.finfo(float).tiny)
        total /= scale[..., None] if values.ndim > 3 else scale
        return Sampled(total, inside & (weights >= 0.5))


def _neighbours(index: Floats, count: int) -> tuple[tuple[npt.NDArray[np.intp], Floats], ...]:
    below = np.floor(index + 1e-6).astype(np.intp).clip(0, count - 1)
    part = np.clip(index - below, 0.0, 1.0)
    part[part < 1e-6] = 0.0
    return (below, 1.0 - part), (np.minimum(below + 1, count - 1), part)
