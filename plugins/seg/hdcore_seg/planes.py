"""The caller's array as a run of planes, wherever its values are kept.

All below this module asks for a few planes at a time, so it is one and the same whether the values are in memory, in a
memory-mapped file, in the chunks of a Zarr array, in a total pixel matrix that is to be tiled, or arrive one by one
from an iterator. What has to be computed, by an iterator or by Dask, is put by in a temporary file, since planes are
looked at once for each segment: the frames of one segment lie together in the object.
"""

from __future__ import annotations

import sys
import tempfile
import weakref
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from hdcore.errors import InputError, InputTypeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

__all__ = ["BLOCK_BYTES", "ArrayPlanes", "Planes", "SpooledArray", "TiledPlanes", "planes_of"]

BLOCK_BYTES = 1 << 20
"""How much is worked on at a time: little enough to stay in a processor's cache."""


class Planes(Protocol):
    """A run of planes of equal shape."""

    count: int
    """Number of planes."""
    rows: int
    columns: int
    channels: int | None
    """Length of the last axis, one segment each; None where a plane has two axes only."""
    dtype: np.dtype[Any]
    in_memory: bool
    """Whether what is derived from all planes may be kept, since they fit into memory themselves."""

    def take(self, indices: NDArray[np.intp]) -> NDArray[Any]:
        """Give some planes, shape ``(len(indices), rows, columns)`` or ``(len(indices), rows, columns, channels)``."""
        ...


class ArrayPlanes:
    """The planes of an array: any that has a shape, a dtype and can be indexed along its first axis.

    Of an array that is stored in chunks those that were read last are kept, since reading one plane of a chunk costs as
    much as reading all.
    """

    def __init__(self, array: Any) -> None:
        self._array = array
        self._depth = _planes_per_chunk(array)
        self._kept: tuple[int, NDArray[Any]] | None = None
        self.count, self.rows, self.columns = (int(size) for size in array.shape[:3])
        self.channels = int(array.shape[3]) if len(array.shape) == 4 else None
        self.dtype = np.dtype(array.dtype)
        self.in_memory = isinstance(array, np.ndarray) and not isinstance(_owner(array), np.memmap)

    def take(self, indices: NDArray[np.intp]) -> NDArray[Any]:
        """Give some planes; a view where they follow each other in a NumPy array, forwards or backwards."""
        if self._depth > 1:
            return self._from_chunks(indices)
        first, number = int(indices[0]), len(indices)
        if number == 1 or (int(indices[-1]) - first == number - 1 and bool((np.diff(indices) == 1).all())):
            return _numbers(self._array[first : first + number])
        if isinstance(self._array, np.ndarray):
            if bool((np.diff(indices) == -1).all()):
                return _numbers(self._array[int(indices[-1]) : first + 1])[::-1]
            return _numbers(self._array[indices])
        return np.concatenate([_numbers(self._array[int(i) : int(i) + 1]) for i in indices])

    def _from_chunks(self, indices: NDArray[np.intp]) -> NDArray[Any]:
        changes = np.flatnonzero(np.diff(indices // self._depth)) + 1
        parts = [self._chunk(int(part[0]) // self._depth)[part % self._depth] for part in np.split(indices, changes)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _chunk(self, number: int) -> NDArray[Any]:
        """Read the planes that lie in the same chunks."""
        if self._kept is None or self._kept[0] != number:
            self._kept = None  # lets go of its memory first
            start = number * self._depth
            self._kept = number, _numbers(self._array[start : start + self._depth])
        return self._kept[1]


class TiledPlanes:
    """The tiles of a total pixel matrix, row by row; what sticks out over its edge is zero."""

    def __init__(self, matrix: Any, tile_rows: int, tile_columns: int) -> None:
        self._matrix = matrix
        self.matrix_size = int(matrix.shape[0]), int(matrix.shape[1])
        self.rows, self.columns = tile_rows, tile_columns
        self._across = -(-self.matrix_size[1] // tile_columns)
        self.count = -(-self.matrix_size[0] // tile_rows) * self._across
        self.channels = int(matrix.shape[2]) if len(matrix.shape) == 3 else None
        self.dtype = np.dtype(matrix.dtype)
        self.in_memory = False  # tiles are cut one at a time, whatever they are cut from

    def take(self, indices: NDArray[np.intp]) -> NDArray[Any]:
        """Give some tiles."""
        if len(indices) == 1:
            return self._tile(int(indices[0]))[np.newaxis]
        return np.stack([self._tile(int(index)) for index in indices])

    def _tile(self, index: int) -> NDArray[Any]:
        top, left = (index // self._across) * self.rows, (index % self._across) * self.columns
        part = _numbers(self._matrix[top : top + self.rows, left : left + self.columns])
        if part.shape[:2] == (self.rows, self.columns):
            return part
        tile = np.zeros((self.rows, self.columns, *part.shape[2:]), part.dtype)
        tile[: part.shape[0], : part.shape[1]] = part
        return tile


class SpooledArray:
    """An array whose planes came one by one and were put by in a temporary file, which goes when the array does."""

    def __init__(self, planes: Iterable[Any]) -> None:
        self._file = tempfile.TemporaryFile(prefix="hdcore-seg-")  # noqa: SIM115  # lives as long as the array
        weakref.finalize(self, self._file.close)
        count, first = 0, None
        for item in planes:
            plane = _numbers(item)
            if first is None:
                first = plane
            elif plane.shape != first.shape or plane.dtype != first.dtype:
                raise InputError(
                    f"plane {count} of pixel_array has shape {plane.shape} and type {plane.dtype}; "
                    f"the first has {first.shape} and {first.dtype}."
                )
            self._file.write(np.ascontiguousarray(plane).data)
            count += 1
        if first is None:
            raise InputError("pixel_array gave no planes; expected at least one.")
        if first.ndim not in (2, 3):
            raise InputError(
                f"a plane of pixel_array has shape {first.shape}; expected (rows, columns) or "
                "(rows, columns, segments)."
            )
        self.dtype: np.dtype[Any] = first.dtype
        self.shape: tuple[int, ...] = (count, *first.shape)

    def __getitem__(self, key: slice) -> NDArray[Any]:
        start, stop, _ = key.indices(self.shape[0])
        plane_size = int(np.prod(self.shape[1:]))
        self._file.seek(start * plane_size * self.dtype.itemsize)
        array = np.empty((stop - start, *self.shape[1:]), self.dtype)
        self._file.readinto(array.data.cast("B"))
        return array


def planes_of(pixel_array: Any, tile_size: tuple[int, int] | None = None) -> Planes:
    """Take what a caller passes as ``pixel_array``.

    Parameters
    ----------
    pixel_array: numpy.ndarray | array-like | Iterable[numpy.ndarray]
        An array of shape ``(rows, columns)``, ``(planes, rows, columns)`` or ``(planes, rows, columns, segments)``, in
        memory or not, or its planes one by one.
    tile_size: tuple[int, int] | None, optional
        Rows and columns of the tiles into which the only plane is cut.

    Raises
    ------
    TypeError
        If it is neither an array nor an iterable of arrays, or has masked pixels.
    ValueError
        If its shape is none of these, or there is more than one plane to tile.
    """
    array = pixel_array
    if not (hasattr(array, "shape") and hasattr(array, "dtype")):
        if not hasattr(array, "__iter__") or isinstance(array, str | bytes):
            raise InputTypeError(
                f"pixel_array is of type {type(array).__name__}; expected an array, a Volume or an iterable of planes."
            )
        array = SpooledArray(array)
    if hasattr(array, "__dask_graph__"):
        array = _computed(array)
    masked = sys.modules.get("numpy.ma")  # whoever has a masked array has imported it, which takes long
    if masked is not None and isinstance(array, masked.MaskedArray) and masked.is_masked(array):
        raise InputTypeError(
            "pixel_array is a masked array with masked pixels, of which it is not said whether they are in a segment; "
            "pass pixel_array.filled(0) if they are in none."
        )
    if len(array.shape) not in (2, 3, 4):
        raise InputError(
            f"pixel_array has shape {tuple(array.shape)}; expected (rows, columns), (planes, rows, columns) or "
            "(planes, rows, columns, segments)."
        )
    if 0 in array.shape:
        raise InputError(f"pixel_array has shape {tuple(array.shape)}: it holds no pixel.")
    if tile_size is None:
        return ArrayPlanes(_plane(array)[np.newaxis] if len(array.shape) == 2 else array)
    if len(array.shape) > 2:
        if array.shape[0] != 1:
            raise InputError(
                f"pixel_array has shape {tuple(array.shape)}; with tile_pixel_array it is one total pixel matrix: "
                "expected (rows, columns), (1, rows, columns) or (1, rows, columns, segments)."
            )
        array = array[0:1][0]
    return TiledPlanes(array, *tile_size)


def blocks(planes: Planes) -> Iterator[tuple[int, NDArray[Any]]]:
    """Walk over all planes, some at a time.

    Yields
    ------
    tuple[int, numpy.ndarray]
        Index of the first plane and the planes.
    """
    size = planes.rows * planes.columns * (planes.channels or 1) * planes.dtype.itemsize
    step = 1 if isinstance(planes, TiledPlanes) else max(1, BLOCK_BYTES // size)  # one tile alone needs no copy
    for start in range(0, planes.count, step):
        yield start, planes.take(np.arange(start, min(start + step, planes.count)))


def _computed(array: Any) -> NDArray[Any]:
    """Compute a Dask array once, some of its chunks at a time, into a temporary file that goes when the array does."""
    with tempfile.TemporaryFile(prefix="hdcore-seg-") as file:
        start = 0
        for depth in array.chunks[0]:
            file.write(np.ascontiguousarray(array[start : start + depth]).data)
            start += depth
        file.flush()
        return np.memmap(file, array.dtype, "r", shape=tuple(map(int, array.shape)))


def _planes_per_chunk(array: Any) -> int:
    """Tell how many planes lie in one chunk of a chunked array, such as one of Zarr or HDF5; 1 of any other."""
    chunks = getattr(array, "chunks", None)
    return int(chunks[0]) if chunks and not isinstance(array, np.ndarray) else 1


def _plane(array: Any) -> NDArray[Any]:
    """Give the only plane of an array; those that are stored in chunks are read, since few can add an axis."""
    return array if isinstance(array, np.ndarray) else np.asarray(array[:])


def _owner(array: NDArray[Any]) -> Any:
    owner: Any = array
    while isinstance(owner, np.ndarray) and isinstance(owner.base, np.ndarray):
        owner = owner.base
    return owner


def _numbers(part: Any) -> NDArray[Any]:
    array = np.asarray(part)
    return array.view(np.uint8) if array.dtype == np.bool_ else array
