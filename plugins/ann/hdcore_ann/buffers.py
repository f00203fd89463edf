"""Arrays whose memory is the bytes that the dataset keeps, so that neither is copied."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["bytes_of", "joined"]


def joined(arrays: Sequence[NDArray[Any]], rows: int, columns: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Join arrays row by row in memory that :func:`bytes_of` gives away without a copy.

    Parameters
    ----------
    arrays: Sequence[numpy.ndarray]
        Arrays of shape (k, columns).
    rows: int
        Rows of all of them.
    columns: int
        Their columns.
    dtype: numpy.dtype
        Type of the result.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns), read-only.

    Raises
    ------
    ValueError
        If the arrays do not fit.
    """
    stream = io.BytesIO(bytes(rows * columns * dtype.itemsize))
    with stream.getbuffer() as view:
        target = np.frombuffer(view, dtype).reshape(rows, columns)
        np.concatenate(arrays, out=target)
        del target
    return np.frombuffer(stream.getvalue(), dtype).reshape(rows, columns)


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
