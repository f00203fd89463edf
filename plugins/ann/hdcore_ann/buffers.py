"""Arrays whose memory is the bytes that the dataset keeps, so that neither is copied."""

from __future__ import annotations

import io
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["bytes_of", "joined"]


def joined(arrays: Sequence[NDArray[Any]], counts: NDArray[np.int64], dtypes: set[np.dtype[Any]]) -> NDArray[Any]:
    """Join arrays row by row in memory that :func:`bytes_of` gives away without a copy.

    Parameters
    ----------
    arrays: Sequence[numpy.ndarray]
        Arrays of shape (k, columns), at least one.
    counts: numpy.ndarray
        Rows of each array, shape (arrays,).
    dtypes: set[numpy.dtype]
        The types that the arrays have.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns), read-only.

    Raises
    ------
    ValueError
        If the arrays do not fit.
    """
    dtype, rows, columns = np.result_type(*dtypes), int(counts.sum()), arrays[0].shape[1]
    if dtypes == {dtype} and _are_tables(arrays, counts * columns):
        buffers: Sequence[Any] = arrays
        try:
            return np.frombuffer(b"".join(buffers), dtype).reshape(rows, columns)
        except TypeError:
            pass  # an array whose rows do not follow one another in memory
    stream = io.BytesIO(bytes(rows * columns * dtype.itemsize))
    with stream.getbuffer() as view:
        target = np.frombuffer(view, dtype).reshape(rows, columns)
        np.concatenate(arrays, out=target)
        del target
    return np.frombuffer(stream.getvalue(), dtype).reshape(rows, columns)


def _are_tables(arrays: Sequence[NDArray[Any]], sizes: NDArray[np.int64]) -> bool:
    """Tell whether arrays are tables of these sizes, looking at each through functions written in C only."""
    if set(map(attrgetter("ndim"), arrays)) != {2}:
        return False
    return bool((np.fromiter(map(attrgetter("size"), arrays), np.int64, len(arrays)) == sizes).all())


def bytes_of(array: NDArray[Any]) -> bytes:
    """Give an array's values as little endian bytes in C order, its own memory where that is bytes already.

    Parameters
    ----------
    array: numpy.ndarray
        Any array.

    Returns
    -------
    bytes
        The values.
    """
    if array.dtype.byteorder not in "<|=" or (array.dtype.byteorder == "=" and not np.little_endian):
        array = array.astype(array.dtype.newbyteorder("<"))
    owner: Any = array
    while isinstance(owner, np.ndarray) and owner.base is not None:
        owner = owner.base
    if isinstance(owner, bytes) and len(owner) == array.nbytes and array.flags.c_contiguous:
        return owner
    return array.tobytes()
