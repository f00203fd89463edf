"""Stored frames put together into the arrays that readers return.

A frame goes to a place (a plane, or a tile of a matrix) and belongs to one segment, or, in a label map, holds all of
them. Frames are read in stored order, a few megabytes at a time, and each is put where it belongs at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from hdcore.errors import HdcoreError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["FrameSource", "OverlapError", "Placement", "paint_labels", "paint_stack", "split_labels"]


class OverlapError(HdcoreError, RuntimeError):
    """Segments overlap, so that one number per pixel cannot say to which it belongs."""


class FrameSource(Protocol):
    """Where stored frames come from."""

    def blocks(self, indices: NDArray[np.intp]) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Read frames in the given order, some at a time."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Which stored frames go where, one entry per frame, in stored order."""

    frame: NDArray[np.intp]
    """Zero-based index of the stored frame."""
    place: NDArray[np.intp]
    """Where it goes: index along the first axis of what is returned."""
    segment: NDArray[np.intp]
    """Index of its segment among those asked for; of no meaning for a label map."""
    window: NDArray[np.intp] | None = None
    """Which part of the frame goes to which part of the place, shape ``(entries, 8)``: rows from and to, columns from
    and to, in the frame and then in the place. None if whole frames fill whole places."""

    def __post_init__(self) -> None:
        order = np.argsort(self.frame, kind="stable")
        if not (order[1:] > order[:-1]).all():
            for name in ("frame", "place", "segment", "window"):
                column = getattr(self, name)
                if column is not None:
                    object.__setattr__(self, name, column[order])

    def pieces(self, source: FrameSource, out: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any], NDArray[Any]]]:
        """Go through the frames.

        Yields
        ------
        tuple[int, numpy.ndarray, numpy.ndarray]
            Index of the segment, the stored values, and the part of ``out`` where they go, of the same shape.
        """
        for entries, frames in source.blocks(self.frame):
            for entry, frame in zip(range(entries.start, entries.stop), frames, strict=True):
                target = out[self.place[entry]]
                if self.window is None:
                    yield int(self.segment[entry]), frame, target
                    continue
                top, bottom, left, right, to_top, to_bottom, to_left, to_right = self.window[entry]
                yield (
                    int(self.segment[entry]),
                    frame[top:bottom, left:right],
                    target[to_top:to_bottom, to_left:to_right],
                )


def paint_stack(source: FrameSource, placement: Placement, out: NDArray[Any], scale: float | None) -> None:
    """Put each segment into its own channel.

    Parameters
    ----------
    source: FrameSource
        Where frames come from.
    placement: Placement
        Which frames go where.
    out: numpy.ndarray
        Zeros of shape ``(places, rows, columns, segments)``, which are overwritten.
    scale: float | None
        By what stored values are divided.
    """
    for segment, frame, target in placement.pieces(source, out):
        if scale is None:
            target[..., segment] = frame
        else:
            np.divide(frame, scale, out=target[..., segment], casting="unsafe")


def paint_labels(
    source: FrameSource,
    placement: Placement,
    out: NDArray[Any],
    values: NDArray[Any],
    *,
    one: int,
    check_overlap: bool,
) -> None:
    """Give each pixel the value of its segment.

    Parameters
    ----------
    source: FrameSource
        Where frames come from.
    placement: Placement
        Which frames go where.
    out: numpy.ndarray
        Zeros of shape ``(places, rows, columns)``, which are overwritten.
    values: numpy.ndarray
        Value of each segment, in the type of ``out``.
    one: int
        Which stored value, beside 0, means that a pixel belongs to the segment.
    check_overlap: bool
        Whether to refuse segments that overlap; otherwise the greatest value stays.

    Raises
    ------
    RuntimeError
        If segments overlap.
    ValueError
        If there are stored values other than 0 and ``one``.
    """
    for segment, stored, target in placement.pieces(source, out):
        frame = stored
        if one != 1:
            if not ((frame == 0) | (frame == one)).all():
                raise InputError(
                    f"combine_segments needs each pixel to be in a segment or not, but the segmentation is FRACTIONAL "
                    f"and has shares other than 0 and {one}."
                )
            frame = frame != 0
        rows = np.flatnonzero(frame.any(axis=1))
        if not len(rows):
            continue
        band = slice(int(rows[0]), int(rows[-1]) + 1)
        painted = np.multiply(frame[band], values[segment], dtype=out.dtype)
        goal = target[band]
        if check_overlap and bool(np.logical_and(goal, painted).any()):
            raise OverlapError(
                "Segments overlap, so they cannot be combined; get them without combine_segments, ask for segments "
                "that do not overlap, or pass skip_overlap_checks=True to keep the greatest number."
            )
        np.maximum(goal, painted, out=goal)


def split_labels(labels: NDArray[Any], out: NDArray[Any], numbers: NDArray[Any]) -> None:
    """Divide a label map into a mask per segment.

    Parameters
    ----------
    labels: numpy.ndarray
        Label map of shape ``(rows, columns)``.
    out: numpy.ndarray
        Array of shape ``(rows, columns, segments)``, which is overwritten.
    numbers: numpy.ndarray
        Number of each segment.
    """
    for channel, number in enumerate(numbers):
        np.equal(labels, number, out=out[..., channel], casting="unsafe")
