"""Selected frames put together to one array: a stack of planes, or a region of a total pixel matrix.

The output is allocated once, and filled in one pass over the stored frames, a few megabytes at a time and in the order
in which they are stored. What is done with the values on the way is a :class:`Conversion`, which writes straight into
the output.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hdcore.errors import TooLargeError
from hdcore.pixels.transform import PixelTransform
from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hdcore.frames.placement import Tiles
    from hdcore.pixels.stored import StoredFrames

__all__ = ["Conversion", "StoredValues", "allocate", "assemble_planes", "assemble_region"]


_NOT_QUITE = 0.9
"""A share of pixels to be filled that says: most of them, but the rest must be zero."""

_MUCH = 1 << 23
"""Bytes of output from which on several threads pay."""
_MOST_WORKERS = 4


class Conversion(Protocol):
    """What becomes of stored values.

    One that leaves a part of the output as it is, or adds to it, says so by a true attribute ``accumulates``; its
    output begins as zeros. Any other writes all of what it is given.
    """

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the result."""
        ...

    @property
    def samples(self) -> tuple[int, ...]:
        """Shape of one pixel of the result: () or (3,)."""
        ...

    def apply(self, block: NDArray[Any], frames: NDArray[np.intp], out: NDArray[Any]) -> None:
        """Convert stored frames.

        Parameters
        ----------
        block: numpy.ndarray
            Stored values, shape (n, rows, columns) or (n, rows, columns, samples); perhaps read-only, perhaps a part
            of the rows and columns of the frames.
        frames: numpy.ndarray
            Zero-based index of each frame, shape (n,), for what differs between frames.
        out: numpy.ndarray
            Where to put the result, shape (n, rows, columns, …).
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredValues:
    """Stored values as they are, only cast to a type."""

    dtype: np.dtype[Any]
    """Type of the result."""
    samples: tuple[int, ...] = ()
    """Shape of one pixel: () or (3,)."""

    def apply(self, block: NDArray[Any], frames: NDArray[np.intp], out: NDArray[Any]) -> None:
        """Copy."""
        np.copyto(out, block, casting="unsafe")


def allocate(shape: tuple[int, ...], dtype: np.dtype[Any], *, filled: float) -> NDArray[Any]:
    """Make the output: zeros, unless all of it will be filled.

    NumPy asks for huge pages for ``empty`` but not for ``zeros``, which makes the first touch of a gigabyte five times
    as fast; only where most of the output stays zero, pages that are never touched are cheaper still.

    Parameters
    ----------
    shape: tuple[int, ...]
        Shape of the output.
    dtype: numpy.dtype
        Its type.
    filled: float
        Which part of it will be written to, 1.0 for all.

    Raises
    ------
    TooLargeError
        If there is no memory for it. A MemoryError.
    """
    try:
        if filled < 0.5:
            return np.zeros(shape, dtype)
        out = np.empty(shape, dtype)
    except (MemoryError, ValueError) as error:  # a ValueError where the size is no machine number any more
        size = math.prod(shape) * dtype.itemsize / 2**30
        raise TooLargeError(
            f"The result, of shape {shape} and type {dtype}, takes {size:.3g} GiB, which cannot be had; ask for some "
            "of its rows, columns or frames, or for a smaller dtype."
        ) from error
    if filled < 1.0:
        out.fill(0)
    return out


def _pays(conversion: Conversion, out: NDArray[Any]) -> bool:
    """Tell whether several threads may fill an output, each other frames of it, and are worth their start."""
    return isinstance(conversion, (StoredValues, PixelTransform)) and out.nbytes >= _MUCH


def _accumulates(conversion: Conversion) -> bool:
    return bool(getattr(conversion, "accumulates", False))


def assemble_planes(
    stored: StoredFrames,
    frames: NDArray[np.intp],
    conversion: Conversion,
    *,
    rows: slice = slice(None),
    columns: slice = slice(None),
    channels: NDArray[np.intp] | None = None,
    planes: NDArray[np.intp] | None = None,
    shape: tuple[int, ...] | None = None,
) -> NDArray[Any]:
    """Stack frames.

    Parameters
    ----------
    stored: StoredFrames
        All frames of the image.
    frames: numpy.ndarray
        Zero-based indices of the wanted frames, shape (n,); where negative, the plane stays zero.
    conversion: Conversion
        What becomes of their values.
    rows, columns: slice, optional
        The part of every frame that is wanted.
    channels: numpy.ndarray | None, optional
        Index in the output's last axis of each frame, shape (n,); the output then has such an axis.
    planes: numpy.ndarray | None, optional
        Index in the output's first axis of each frame, shape (n,); 0, 1, 2 … if None.
    shape: tuple[int, ...] | None, optional
        (planes,), or (planes, channels), of the output; as many as are mentioned if None.

    Returns
    -------
    numpy.ndarray
        Shape (planes, rows, columns, …), with the pixel's samples, or else the channels, last.
    """
    targets = np.arange(len(frames), dtype=np.intp) if planes is None else planes
    if shape is None:
        shape = (int(targets.max(initial=-1)) + 1,)
        shape += () if channels is None else (int(channels.max(initial=-1)) + 1,)
    pixels = (
        len(range(*rows.indices(stored.format.rows))),
        len(range(*columns.indices(stored.format.columns))),
    )
    wanted = np.flatnonzero(frames >= 0)
    wanted = wanted[np.argsort(frames[wanted], kind="stable")]
    places = targets if channels is None else targets * shape[-1] + channels
    used = len(wanted) if places is targets and planes is None else len(distinct(places[wanted]))
    filled = used / max(1, math.prod(shape))
    if _accumulates(conversion):
        filled = min(filled, _NOT_QUITE)
    out = allocate((shape[0], *pixels, *conversion.samples, *shape[1:]), conversion.dtype, filled=filled)

    def place(part: slice, block: NDArray[Any]) -> None:
        here = wanted[part]
        cut = block[:, rows, columns]
        numbers = frames[here]
        if channels is None:
            _fill(out, targets[here], cut, numbers, conversion)
            return
        for index, (plane, channel) in enumerate(zip(targets[here].tolist(), channels[here].tolist(), strict=True)):
            one = slice(index, index + 1)
            conversion.apply(cut[one], numbers[one], out[plane : plane + 1, ..., channel])

    _for_each_block(stored, frames[wanted], place, in_threads=used == len(wanted) and _pays(conversion, out))
    return out


def _for_each_block(
    stored: StoredFrames,
    frames: NDArray[np.intp],
    place: Callable[[slice, NDArray[Any]], None],
    *,
    in_threads: bool,
) -> None:
    """Read blocks and place them, several at a time: NumPy and most decoders leave the interpreter to others."""
    ahead = stored.ahead(frames)
    parts = ahead.parts(frames)
    workers = min(len(parts), os.cpu_count() or 1, _MOST_WORKERS) if in_threads else 1

    def work(part: slice) -> None:
        place(part, ahead.block(frames[part]))

    if workers < 2:
        for part in parts:
            work(part)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, parts):
            pass


def _fill(
    out: NDArray[Any], targets: NDArray[np.intp], block: NDArray[Any], frames: NDArray[np.intp], conversion: Conversion
) -> None:
    """Convert a block into its planes, at once where these are consecutive."""
    steps = np.diff(targets)
    if len(targets) == 1 or (steps == 1).all():
        conversion.apply(block, frames, out[targets[0] : targets[0] + len(targets)])
    elif (steps == -1).all():
        # Block, not output, is turned round: it is smaller, and conversions write fastest to where all is in order.
        conversion.apply(block[::-1], frames[::-1], out[targets[-1] : targets[0] + 1])
    else:
        for index, target in enumerate(targets.tolist()):
            one = slice(index, index + 1)
            conversion.apply(block[one], frames[one], out[target : target + 1])


def assemble_region(
    stored: StoredFrames,
    frames: NDArray[np.intp],
    tiles: Tiles,
    conversion: Conversion,
    *,
    rows: tuple[int, int],
    columns: tuple[int, int],
    channels: NDArray[np.intp] | None = None,
    number_of_channels: int = 0,
) -> NDArray[Any]:
    """Put tiles together to a region of the total pixel matrix.

    Parameters
    ----------
    stored: StoredFrames
        All frames of the image.
    frames: numpy.ndarray
        Zero-based index of the frame of each tile, shape (tiles,).
    tiles: Tiles
        Where the tiles lie.
    conversion: Conversion
        What becomes of their values.
    rows, columns: tuple[int, int]
        The region, zero-based and half-open. Where no tile lies, pixels are zero.
    channels: numpy.ndarray | None, optional
        Index in the output's last axis of each tile, shape (tiles,); the output then has such an axis.
    number_of_channels: int, optional
        Length of that axis.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns, …), with the pixel's samples, or else the channels, last.
    """
    height, width = stored.format.rows, stored.format.columns
    tops, lefts = tiles.row_offsets - rows[0], tiles.column_offsets - columns[0]
    extent = (rows[1] - rows[0], columns[1] - columns[0])
    wanted = tiles.touching(rows, columns, height, width)
    wanted = wanted[frames[wanted] >= 0]
    wanted = wanted[np.argsort(frames[wanted], kind="stable")]
    more = () if channels is None else (number_of_channels,)
    pixels = math.prod(extent) * max(1, number_of_channels)
    used = tiles.select(wanted)
    filled = used.covered(rows, columns, height, width) / max(1, pixels)
    is_grid = used.is_grid(height, width)
    if _accumulates(conversion) or not is_grid:
        filled = min(filled, _NOT_QUITE)  # where tiles overlap, pixels may be left over all the same
    out = allocate((*extent, *conversion.samples, *more), conversion.dtype, filled=filled)

    def place(part: slice, block: NDArray[Any]) -> None:
        here = wanted[part]
        numbers = frames[here]
        for index, (tile, top, left) in enumerate(
            zip(here.tolist(), tops[here].tolist(), lefts[here].tolist(), strict=True)
        ):
            target = out if channels is None else out[..., int(channels[tile])]
            above, before = max(top, 0), max(left, 0)
            below, behind = min(top + height, extent[0]), min(left + width, extent[1])
            conversion.apply(
                block[index : index + 1, above - top : below - top, before - left : behind - left],
                numbers[index : index + 1],
                target[np.newaxis, above:below, before:behind],
            )

    _for_each_block(stored, frames[wanted], place, in_threads=is_grid and _pays(conversion, out))
    return out
