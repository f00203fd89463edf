"""Part of a volume: which slices, rows and columns of it are wanted, and the volume that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.frames.ranges import resolve_range
from hdcore.spatial.channels import RGB_COLOR_CHANNEL_DESCRIPTOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hdcore.spatial.geometry import VolumeGeometry
    from hdcore.spatial.volume import Volume

__all__ = ["Ranges", "resolved", "volume_of"]

Ranges = tuple[tuple[int | None, int | None], tuple[int | None, int | None], tuple[int | None, int | None]]
"""First and end of slices, rows and columns, as a caller gave them."""


def resolved(ranges: Ranges, shape: tuple[int, int, int], as_indices: bool) -> tuple[slice, slice, slice]:
    """Make slices of a volume of a shape from firsts and ends that a caller gave, or left out."""
    slices, rows, columns = (
        slice(*resolve_range(start, end, size, name, as_indices=as_indices))
        for (start, end), size, name in zip(ranges, shape, ("slice", "row", "column"), strict=True)
    )
    return slices, rows, columns


def volume_of(geometry: VolumeGeometry, array: NDArray[Any]) -> Volume:
    """Give voxels their place, and colours their channel axis."""
    return geometry.with_array(
        array, channels={RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]} if array.ndim == 4 else None
    )
