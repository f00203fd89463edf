"""Which frames: rows of the frame table, found by what they show or were derived from. NumPy only.

Selections are arrays of zero-based frame indices, in the order of what was asked for. Where a frame is asked for that
an image does not have, its index is -1; :mod:`hdcore.frames.assemble` leaves those pixels as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import GeometryError, InputError, InputTypeError, NotPresentError
from hdcore.frames.columns import Categorical, Numbers, Ragged
from hdcore.spatial.distinct import distinct, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hdcore.frames.table import FrameTable

__all__ = [
    "ABSENT",
    "as_numbers",
    "codes_of_column",
    "combined_codes",
    "frames_of_source_frames",
    "frames_of_source_instances",
    "match_rows",
    "preserves_locations",
    "require_present",
    "source_frame_pairs",
    "source_instance_pairs",
    "wanted_source_frames",
]

ABSENT = -1
"""Index of a frame that an image does not have."""


def match_rows(
    keys: NDArray[np.int64], wanted: NDArray[np.int64], owners: NDArray[np.intp] | None = None, *, what: str = "value"
) -> NDArray[np.intp]:
    """Find, for each wanted key, the one row that has it.

    Parameters
    ----------
    keys: numpy.ndarray
        Keys of rows: shape (n,), or (n, k) for keys of several parts.
    wanted: numpy.ndarray
        Keys to look for, shape (m,) or (m, k).
    owners: numpy.ndarray | None, optional
        To which row each key belongs, shape (n,), if rows may have several keys or none.
    what: str, optional
        What the keys are, for the message.

    Returns
    -------
    numpy.ndarray
        Shape (m,): row of each wanted key, -1 if none has it.

    Raises
    ------
    GeometryError
        If several rows have a wanted key, so that it does not identify a frame. A ValueError and RuntimeError.
    """
    rows = np.arange(len(keys), dtype=np.intp) if owners is None else owners
    if not len(keys):
        return np.full(len(wanted), ABSENT, np.intp)
    found_keys, wanted_keys = _single_keys(keys, wanted)
    pairs = distinct(np.stack((found_keys, rows), axis=1))  # the same reference may be there twice
    found_keys, rows = pairs[:, 0], pairs[:, 1].astype(np.intp)
    first = np.searchsorted(found_keys, wanted_keys, "left")
    counts = np.searchsorted(found_keys, wanted_keys, "right") - first
    if (counts > 1).any():
        at = int(np.argmax(counts > 1))
        raise GeometryError(
            f"{counts[at]} frames have the {what} with index {at} of those asked for (frames "
            f"{', '.join(str(row + 1) for row in rows[first[at] : first[at] + min(counts[at], 5)])}), so that it does "
            "not identify a frame; select by further dimensions."
        )
    result = np.full(len(wanted), ABSENT, np.intp)
    there = counts == 1
    result[there] = rows[first[there]]
    return result


def _single_keys(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number keys of several parts."""
    if keys.ndim == 1:
        return keys.astype(np.int64), wanted.astype(np.int64)
    codes, _ = numbered(np.concatenate((keys, wanted)))
    return codes[: len(keys)], codes[len(keys) :]


def codes_of_column(table: FrameTable, name: str) -> NDArray[np.int64]:
    """Number the distinct values of a column of any kind.

    Parameters
    ----------
    table: FrameTable
        Frames.
    name: str
        One of its columns.

    Returns
    -------
    numpy.ndarray
        Shape (rows,): the same number for the same value, -1 where there is none.
    """
    if table.is_shared(name):
        return np.zeros(len(table), np.int64)
    column = table.column(name)
    if isinstance(column, Categorical):
        return column.codes
    if isinstance(column, Numbers):
        values = column.values
        if values.dtype.kind == "f":
            values = values + 0.0  # -0.0 is 0.0
        codes, _ = numbered(values)
        return codes if column.present is None else np.where(column.present, codes, ABSENT)
    return _codes_of_lists(column)


def _codes_of_lists(column: Ragged) -> NDArray[np.int64]:
    values = column.rows
    if not isinstance(values, np.ndarray):
        places = np.stack((column.starts, column.counts), axis=1)
        return numbered(places)[0]
    widest = max(int(column.counts.max(initial=0)), 0)
    padded = np.zeros((len(column), widest + 1))
    padded[:, 0] = column.counts
    for place in range(widest):
        has = column.counts > place
        padded[has, place + 1] = values[column.starts[has] + place]
    codes, _ = numbered(padded)
    return np.where(column.counts < 0, ABSENT, codes)


def combined_codes(table: FrameTable, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Group frames that have the same values in several columns.

    Parameters
    ----------
    table: FrameTable
        Frames.
    names: Sequence[str]
        Columns; those that the table has not are ignored.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        Number of each frame's group, shape (rows,), counted from zero; and a frame of each group, shape (groups,).
    """
    columns = [codes_of_column(table, name) for name in names if name in table and not table.is_shared(name)]
    if not columns or not len(table):
        return np.zeros(len(table), np.int64), np.zeros(min(1, len(table)), np.intp)
    return numbered(columns[0] if len(columns) == 1 else np.stack(columns, axis=1))


def source_instance_pairs(table: FrameTable) -> tuple[NDArray[np.intp], Categorical]:
    """List which frame was derived from which instance.

    Returns
    -------
    tuple[numpy.ndarray, Categorical]
        Frame and SOP Instance UID, one pair per reference.

    Raises
    ------
    GeometryError
        If the frames say nothing of their sources. A ValueError and RuntimeError.
    """
    owners, sources = table.related("derivations", "sources")
    if "sop_instance_uid" not in sources:
        raise _no_sources()
    return owners, sources.column("sop_instance_uid")  # type: ignore[return-value]


def source_frame_pairs(table: FrameTable, sop_instance_uid: str) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """List which frame was derived from which frame of an instance.

    Parameters
    ----------
    table: FrameTable
        Frames.
    sop_instance_uid: str
        The source instance.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        Frame (zero-based), and number (counted from one) of the source's frame, one pair per reference; none if no
        frame was derived from the instance. What was derived from an instance without a frame number was derived from
        its frame 1, if no other says one.
    """
    owners, sources = table.related("derivations", "sources")
    if "sop_instance_uid" not in sources:
        raise _no_sources()
    mine = np.flatnonzero(sources["sop_instance_uid"].equals(str(sop_instance_uid)))
    if not len(mine):
        return np.zeros(0, np.intp), np.zeros(0, np.int64)
    if "frame_numbers" not in sources:
        raise GeometryError(
            f"The image does not say from which frames of the instance {sop_instance_uid} its frames were derived; "
            "use get_pixels_by_source_instance()."
        )
    numbers = sources.select(mine).column("frame_numbers")
    assert isinstance(numbers, Ragged)
    assert isinstance(numbers.rows, np.ndarray)
    references, places = numbers.pairs()
    return owners[mine][references], numbers.rows[places].astype(np.int64)


def frames_of_source_instances(table: FrameTable, sop_instance_uids: Sequence[str]) -> NDArray[np.intp]:
    """Find, for each source instance, the frame that was derived from it.

    Returns
    -------
    numpy.ndarray
        Shape (instances,); -1 where there is none.

    Raises
    ------
    GeometryError
        If the frames say nothing of their sources, or several were derived from one of the instances.
    TypeError
        If an instance is not given by its UID.
    """
    owners, sources = source_instance_pairs(table)
    for uid in sop_instance_uids:
        if not isinstance(uid, str):
            raise InputTypeError(
                f"A source instance is given as a {type(uid).__name__}; expected its SOP Instance UID, a string."
            )
    wanted = np.array([sources.code_of(str(uid)) for uid in sop_instance_uids], np.int64)
    return match_rows(sources.codes, wanted, owners, what="source instance")


def frames_of_source_frames(
    table: FrameTable, sop_instance_uid: str, frame_numbers: Sequence[int] | NDArray[np.int64] | None
) -> NDArray[np.intp]:
    """Find, for each frame of a source instance, the frame that was derived from it.

    Parameters
    ----------
    table: FrameTable
        Frames.
    sop_instance_uid: str
        The source instance.
    frame_numbers: Sequence[int] | None
        Numbers of the source's frames, counted from one; if None, from 1 to the highest that is referred to.

    Returns
    -------
    numpy.ndarray
        Shape (frame numbers,); -1 where there is none.

    Raises
    ------
    NotPresentError
        If frame numbers are absent, and no frame was derived from the instance.
    GeometryError
        If several frames were derived from one frame, or frames of the source are not told apart.
    """
    owners, numbers = source_frame_pairs(table, sop_instance_uid)
    wanted = wanted_source_frames(numbers, sop_instance_uid) if frame_numbers is None else frame_numbers
    wanted = np.asarray(wanted, np.int64)
    return match_rows(numbers, wanted, owners, what="source frame")


def wanted_source_frames(numbers: NDArray[np.int64], sop_instance_uid: str) -> NDArray[np.int64]:
    """Number the frames of a source instance from 1 to the highest that is referred to.

    Parameters
    ----------
    numbers: numpy.ndarray
        The numbers that are referred to.
    sop_instance_uid: str
        The source instance.

    Raises
    ------
    NotPresentError
        If none is, so that it is not known how many it has. A ValueError and KeyError.
    """
    if not len(numbers):
        raise NotPresentError(
            f"No frame was derived from the instance {sop_instance_uid}. To get zeros, say of which frames: pass "
            "source_frame_numbers, and assert_missing_frames_are_empty=True."
        )
    return np.arange(1, numbers.max() + 1)


def preserves_locations(table: FrameTable) -> bool:
    """Tell whether every reference to a source says that its pixels and the frame's lie at the same places."""
    _, sources = table.related("derivations", "sources")
    if "spatial_locations_preserved" not in sources or not len(sources):
        return False
    return bool(sources["spatial_locations_preserved"].equals("YES").all())


def require_present(frames: NDArray[np.intp], names: Sequence[Any] | NDArray[Any], what: str) -> None:
    """Refuse a selection of which the image lacks a part.

    Raises
    ------
    NotPresentError
        Naming the first few that are missing. A ValueError and KeyError.
    """
    missing = np.flatnonzero(frames < 0)
    if len(missing):
        some = ", ".join(str(names[index]) for index in missing[:5])
        raise NotPresentError(
            f"No frame was derived from {len(missing)} of the {len(frames)} {what}s asked for: {some}"
            f"{' …' if len(missing) > 5 else ''}. Pass assert_missing_frames_are_empty=True to get zeros for them."
        )


def as_numbers(values: Sequence[int], what: str) -> NDArray[np.int64]:
    """Take a list of integers that a user gave.

    Raises
    ------
    ValueError
        If it is empty or has other than integers.
    """
    numbers = np.asarray(list(values))
    if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "iu":
        raise InputError(f"{what} is {values!r}; expected at least one integer.")
    return numbers.astype(np.int64)


def _no_sources() -> GeometryError:
    return GeometryError(
        "The frames do not say from which images they were derived (no Derivation Image functional group with a Source "
        "Image Sequence), so that they cannot be found by source."
    )
