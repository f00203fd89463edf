"""Which point in time each plane of a parametric map is of (PS3.3 C.7.6.16.2.2, C.7.6.17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.enums import DimensionOrganizationTypeValues
from hdcore.errors import InputError
from hdcore.frames.codec import decode
from hdcore.frames.groups import FRAME_CONTENT
from hdcore.model.arguments import listed
from hdcore.model.element import fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.frames.layout import Layout
    from hdcore.frames.source import Source
    from numpy.typing import NDArray

__all__ = ["temporal_positions_of"]

_TEMPORAL = DimensionOrganizationTypeValues.THREE_DIMENSIONAL_TEMPORAL


def temporal_positions_of(
    source: Source,
    layout: Layout,
    given: Sequence[int] | None,
    organization: DimensionOrganizationTypeValues | str | None,
) -> NDArray[np.int64] | None:
    """Find the points in time: what the caller says, else what the sources do if the map is to be organized in time.

    Parameters
    ----------
    source: Source
        The source images.
    layout: Layout
        Where planes lie.
    given: Sequence[int] | None
        What the caller says.
    organization: DimensionOrganizationTypeValues | str | None
        Dimension Organization Type that the caller asks for.

    Returns
    -------
    NDArray[int64] | None
        Counted from one, shape (planes,); ``None`` if time does not matter.

    Raises
    ------
    ValueError
        If there is not one positive integer per plane, or the sources do not tell.
    """
    count = len(layout.planes)
    if given is not None:
        numbers = np.asarray(listed(given, "temporal_positions", "integers"))
        if numbers.shape != (count,) or numbers.dtype.kind not in "iu" or numbers.min() < 1:
            raise InputError(
                f"temporal_positions is {given!r}; expected an integer from 1 on for each of the {count} planes."
            )
        return numbers.astype(np.int64)
    if organization is None or DimensionOrganizationTypeValues(organization) is not _TEMPORAL:
        return None
    found = _of_source(source)
    if found is None or (layout.source_planes < 0).any():
        raise InputError(
            "dimension_organization_type is '3D_TEMPORAL', but source_images do not say of which point in time each "
            "plane is; pass temporal_positions."
        )
    return found[layout.source_planes]


def _of_source(source: Source) -> NDArray[np.int64] | None:
    """Tell for each plane of the source."""
    if source.is_multiframe:
        table = decode(source.first, (FRAME_CONTENT,))
        name = "temporal_position_index"
        return np.asarray(table[name], np.int64) if name in table and table.present(name).all() else None
    numbers = [fetch(image, "TemporalPositionIdentifier") for image in source.images]
    return None if any(number is None for number in numbers) else np.array([int(number) for number in numbers])
