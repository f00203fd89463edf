"""Data types that other programs' images can hold, and careful casts to them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import HdcoreWarning, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from hdcore.spatial.volume import Volume

__all__ = ["cast_for", "plain_array"]


def plain_array(volume: Volume, program: str) -> npt.NDArray[Any]:
    """Get the voxels of a volume without channels.

    Raises
    ------
    ValueError
        If the volume has channels.
    """
    if volume.number_of_channel_dimensions:
        raise InputError(
            f"A volume with channels ({', '.join(str(name) for name in volume.channel_descriptors)}) cannot become an "
            f"image of {program}; select one with get_channel."
        )
    return volume.array


def cast_for(program: str, array: npt.NDArray[Any], casts: Mapping[str, str]) -> npt.NDArray[Any]:
    """Cast an array to a data type that another program's images can hold.

    Parameters
    ----------
    program: str
        Whose images, for the message.
    array: numpy.ndarray
        Voxel values.
    casts: Mapping[str, str]
        Data types that cannot be held, and which to use instead.

    Returns
    -------
    numpy.ndarray
        The array itself where its data type can be held and has the byte order of the machine.

    Warns
    -----
    HdcoreWarning
        If the data type changes (but for ``bool``).

    Raises
    ------
    ValueError
        If values do not fit into the other data type.
    """
    name = "longdouble" if array.dtype == np.longdouble and np.longdouble is not np.float64 else array.dtype.name
    if name not in casts:
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    target = np.dtype(casts[name])
    if name != "bool":
        if not _fits(array, target):
            raise InputError(
                f"Images of {program} cannot hold {array.dtype}, and values of this volume do not fit into {target}; "
                "clip or rescale them first."
            )
        loses = array.dtype.kind == "f" and target.itemsize < array.dtype.itemsize
        warnings.warn(
            f"Images of {program} cannot hold {array.dtype}; the voxels become {target}"
            f"{', which may lose precision' if loses else ''}.",
            HdcoreWarning,
            stacklevel=4,
        )
    return array.astype(target)


def _fits(array: npt.NDArray[Any], target: np.dtype[Any]) -> bool:
    if np.can_cast(array.dtype, target):
        return True
    least, greatest = array.min(), array.max()
    if target.kind == "i":
        limits = np.iinfo(target)
        return int(least) >= limits.min and int(greatest) <= limits.max
    finite = array[np.isfinite(array)]
    return not finite.size or float(np.abs(finite).max()) <= float(np.finfo(target).max)
