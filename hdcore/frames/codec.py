"""Functional groups of a dataset ↔ frame table: the only code that knows whether a group is shared or per frame."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hdcore.errors import HdcoreWarning, UnreadableError
from hdcore.frames.columns import Categorical, Numbers, Ragged
from hdcore.frames.decoding import decode_rows
from hdcore.frames.encoding import Encoding, encode_rows
from hdcore.frames.groups import STANDARD_GROUPS
from hdcore.frames.table import FrameTable
from hdcore.model.element import fetch, mark_as_encoded, put_raw, stored
from hdcore.model.items import decode_items, encode_items
from hdcore.pixels.described_format import number_of_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from hdcore.frames.columns import Column
    from hdcore.frames.groups import FunctionalGroup

__all__ = ["EncodedGroups", "decode", "encode", "put_groups"]

_SHARED = "SharedFunctionalGroupsSequence"
_PER_FRAME = "PerFrameFunctionalGroupsSequence"


@dataclass(frozen=True, slots=True)
class EncodedGroups:
    """Encoded values of the two sequences of the Multi-frame Functional Groups module (PS3.3 C.7.6.16)."""

    shared: bytes
    """Value of Shared Functional Groups Sequence: one item."""
    per_frame: bytes
    """Value of Per-Frame Functional Groups Sequence: one item per frame."""


def encode(
    table: FrameTable,
    groups: Sequence[FunctionalGroup],
    *,
    is_implicit_vr: bool = False,
    is_little_endian: bool = True,
    character_set: str | list[str] = "ISO_IR 192",
) -> EncodedGroups:
    """Write the functional groups of all frames.

    Parameters
    ----------
    table: FrameTable
        One row per frame. A group all of whose columns are shared becomes shared, if the standard allows it.
    groups: Sequence[FunctionalGroup]
        The groups; those of which the table has no column are left out.
    is_implicit_vr: bool, optional
        Whether to leave value representations out.
    is_little_endian: bool, optional
        Byte order.
    character_set: str | list[str], optional
        Specific Character Set.

    Returns
    -------
    EncodedGroups
        Both sequences.

    Raises
    ------
    ValueError
        If a column does not hold what its attribute needs.
    """
    encoding = Encoding(is_implicit_vr, is_little_endian, character_set)
    shared = [group for group in groups if _is_shared(table, group)]
    per_frame = [group for group in groups if group not in shared]
    once = FrameTable(1, {name: table.stored(name) for name in table.shared})
    return EncodedGroups(
        encode_rows(once, [group.node for group in shared], encoding),
        encode_rows(table, [group.node for group in per_frame], encoding),
    )


def _is_shared(table: FrameTable, group: FunctionalGroup) -> bool:
    columns = [name for name in group.columns if name in table]
    return bool(columns) and not group.never_shared and all(map(table.is_shared, columns))


def put_groups(dataset: Dataset, table: FrameTable, groups: Sequence[FunctionalGroup]) -> None:
    """Put the functional groups of all frames into a dataset, as elements that are already encoded.

    They are parsed when somebody looks at them, and written through untouched otherwise.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put Shared and Per-Frame Functional Groups Sequence; its Specific Character Set is set.
    table: FrameTable
        One row per frame.
    groups: Sequence[FunctionalGroup]
        The groups.

    Raises
    ------
    ValueError
        If a column does not hold what its attribute needs.
    """
    encoded = encode(table, groups, character_set=_character_set(dataset))
    put_raw(dataset, _SHARED, "SQ", encoded.shared)
    if fetch(dataset, "DimensionOrganizationType") != "TILED_FULL" or _says_anything_of_frames(table, groups):
        put_raw(dataset, _PER_FRAME, "SQ", encoded.per_frame)
    mark_as_encoded(dataset)


def _says_anything_of_frames(table: FrameTable, groups: Sequence[FunctionalGroup]) -> bool:
    """Tell whether frames differ in anything; those of TILED_FULL images need not, and then have no items."""
    return any(name in table for group in groups if not _is_shared(table, group) for name in group.columns)


def decode(dataset: Dataset, groups: Sequence[FunctionalGroup] = STANDARD_GROUPS) -> FrameTable:
    """Read the functional groups of all frames.

    The dataset is not changed: its sequences stay unparsed.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        An image. One without functional groups has a table without columns.
    groups: Sequence[FunctionalGroup], optional
        The groups to look for; others are ignored.

    Returns
    -------
    FrameTable
        One row per frame. What is in the shared item is a shared column.

    Raises
    ------
    ValueError
        If a sequence is damaged, or there are fewer per-frame items than frames.

    Warns
    -----
    HdcoreWarning
        If something is off but harmless; the message names it.
    """
    count = number_of_frames(dataset)
    per_frame = _table_of(dataset, _PER_FRAME, groups)
    shared = _table_of(dataset, _SHARED, groups)
    if per_frame is None or not len(per_frame):
        per_frame = FrameTable(count)
    if len(per_frame) < count:
        raise UnreadableError(f"{_PER_FRAME} has {len(per_frame)} items, but NumberOfFrames is {count}.")
    if len(per_frame) > count:
        _warn(f"{_PER_FRAME} has {len(per_frame)} items, but NumberOfFrames is {count}; the surplus is ignored.")
        per_frame = per_frame.select(slice(count))
    if shared is None or not len(shared):
        return per_frame
    if len(shared) > 1:
        _warn(f"{_SHARED} has {len(shared)} items; only the first is read.")
        shared = shared.select(slice(1))
    return _united(per_frame, shared, groups)


def _united(per_frame: FrameTable, shared: FrameTable, groups: Sequence[FunctionalGroup]) -> FrameTable:
    columns: dict[str, Column] = {}
    for group in groups:
        for name in group.columns:
            if name in shared and shared.present(name)[0]:
                if name not in per_frame:
                    columns[name] = shared.stored(name)
                elif not per_frame.present(name).all():
                    _warn(f"{group.keyword} is both shared and per frame; frames without it take the shared one.")
                    per_frame = per_frame.with_columns(**{name: _filled(per_frame.stored(name), shared.stored(name))})
    return per_frame.with_shared(**columns)


def _filled(column: Column, one: Column) -> Column:
    """Give the rows that have no value the only one of another column."""
    if isinstance(column, Numbers) and isinstance(one, Numbers) and column.present is not None:
        present = column.present if column.values.ndim == 1 else column.present[:, np.newaxis]
        return Numbers(np.where(present, column.values, one.values))
    if isinstance(column, Categorical) and isinstance(one, Categorical):
        words = column.values
        words[column.codes < 0] = one.values[0]
        return Categorical.of(words.tolist())
    if isinstance(column, Ragged) and isinstance(column.rows, np.ndarray) and isinstance(one, Ragged):
        missing = column.counts < 0
        starts = np.where(missing, len(column.rows), column.starts)
        counts = np.where(missing, one.counts[0], column.counts)
        return Ragged(starts, counts, np.concatenate([column.rows, np.asarray(one[0])]))
    return column


def _table_of(dataset: Dataset, keyword: str, groups: Sequence[FunctionalGroup]) -> FrameTable | None:
    if keyword not in dataset:
        return None
    character_set = _character_set(dataset)
    element = stored(dataset, keyword)
    if element is not None and element.is_raw and element.is_little_endian:  # type: ignore[union-attr]
        value = element.value or b""
        is_implicit_vr = element.VR == "UN" or bool(element.is_implicit_VR)  # type: ignore[union-attr]
        try:
            return decode_rows(value, groups, is_implicit_vr=is_implicit_vr, character_set=character_set)
        except UnreadableError:
            items = _parsed(value, keyword, is_implicit_vr, character_set)
    else:
        items = dataset[keyword].value or ()
    return decode_rows(encode_items(items, character_set=character_set), groups, character_set=character_set)


def _parsed(value: bytes, keyword: str, is_implicit_vr: bool, character_set: str | list[str]) -> Sequence[Dataset]:
    """Let pydicom parse what the scanner refuses."""
    if not value.startswith(b"\xfe\xff\x00\xe0"):
        raise UnreadableError(f"{keyword} does not consist of items; the file is damaged.")
    try:
        items = decode_items(value, is_implicit_vr=is_implicit_vr, character_set=character_set)
        for item in items:
            item.decode()
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise UnreadableError(f"{keyword} is damaged and cannot be read: {reason}") from error
    _warn(f"{keyword} is not encoded as it should be; pydicom read it all the same.")
    return list(items)


def _character_set(dataset: Dataset) -> str | list[str]:
    value = fetch(dataset, "SpecificCharacterSet", "ISO_IR 6")
    return str(value) if isinstance(value, str) else [str(one) for one in value]


def _warn(message: str) -> None:
    warnings.warn(message, HdcoreWarning, stacklevel=3)
