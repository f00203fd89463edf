"""Frames are found by what they show or were derived from."""

from __future__ import annotations

import numpy as np
import pytest

from hdcore.errors import GeometryError, InputError, NotPresentError
from hdcore.frames.columns import Ragged
from hdcore.frames.select import (
    as_numbers,
    codes_of_column,
    combined_codes,
    frames_of_source_frames,
    frames_of_source_instances,
    match_rows,
    preserves_locations,
    require_present,
)
from hdcore.frames.table import FrameTable
from hdcore.spatial.distinct import are_distinct


def derived(uids, numbers=None, preserved="YES"):
    """Make a table whose frame i was derived from instance uids[i]."""
    columns = {"sop_instance_uid": uids, "spatial_locations_preserved": [preserved] * len(uids)}
    if numbers is not None:
        columns["frame_numbers"] = Ragged.of([len(some) for some in numbers], np.concatenate(numbers))
    sources = FrameTable(len(uids), columns)
    derivations = FrameTable(len(uids), {"sources": Ragged.of([1] * len(uids), sources)})
    return FrameTable(len(uids), {"derivations": Ragged.of([1] * len(uids), derivations)})


def test_rows_are_matched_by_key():
    keys = np.array([5, 3, 9])
    assert match_rows(keys, np.array([9, 4, 5, 5])).tolist() == [2, -1, 0, 0]
    assert match_rows(np.zeros(0, int), np.array([1])).tolist() == [-1]


def test_rows_are_matched_by_keys_of_several_parts():
    keys = np.array([[1, 1], [1, 2], [2, 1]])
    assert match_rows(keys, np.array([[2, 1], [2, 2], [1, 1]])).tolist() == [2, -1, 0]


def test_a_repeated_reference_is_one():
    owners = np.array([0, 0, 1])
    assert match_rows(np.array([7, 7, 8]), np.array([7, 8]), owners).tolist() == [0, 1]


def test_several_rows_for_one_key_are_named():
    with pytest.raises(GeometryError, match=r"2 frames have the tile with index 1 .* \(frames 1, 3\)"):
        match_rows(np.array([4, 5, 4]), np.array([5, 4]), what="tile")


def test_frames_are_found_by_source_instance():
    table = derived(["1.1", "1.2", "1.3"])
    assert frames_of_source_instances(table, ["1.3", "1.9", "1.1"]).tolist() == [2, -1, 0]
    with pytest.raises(NotPresentError, match=r"No frame was derived from 1 of the 2 source instances asked for: 1.9"):
        require_present(np.array([0, -1]), ["1.1", "1.9"], "source instance")


def test_frames_are_found_by_source_frame():
    table = derived(["1.1", "1.1", "1.2"], [[1], [3], [2]])
    assert frames_of_source_frames(table, "1.1", [3, 1]).tolist() == [1, 0]
    assert frames_of_source_frames(table, "1.1", None).tolist() == [0, -1, 1]
    assert frames_of_source_frames(table, "1.9", [1, 2]).tolist() == [-1, -1]
    with pytest.raises(NotPresentError, match=r"No frame was derived from the instance 1.9.*pass source_frame_numbers"):
        frames_of_source_frames(table, "1.9", None)
    with pytest.raises(GeometryError, match="use get_pixels_by_source_instance"):
        frames_of_source_frames(derived(["1.1"]), "1.1", [1])


def test_tables_that_say_no_sources_say_so():
    with pytest.raises(GeometryError, match="do not say from which images they were derived"):
        frames_of_source_instances(FrameTable(2), ["1.1"])
    with pytest.raises(GeometryError, match="do not say from which images they were derived"):
        frames_of_source_frames(FrameTable(2), "1.1", None)


def test_locations_are_preserved_if_all_references_say_so():
    assert preserves_locations(derived(["1.1", "1.2"]))
    assert not preserves_locations(derived(["1.1", "1.2"], preserved="NO"))
    assert not preserves_locations(derived(["1.1", "1.2"], preserved="REORIENTED_ONLY"))
    assert not preserves_locations(FrameTable(2))


def test_columns_of_every_kind_are_numbered():
    table = FrameTable(
        4,
        {
            "number": [2.0, 1.0, -0.0, 0.0],
            "vector": np.array([[1, 2], [1, 2], [3, 4], [1, 2]]),
            "word": ["a", None, "b", "a"],
            "list": Ragged.of([1, 2, 1, 0], np.array([1.0, 1.0, 2.0, 1.0])),
        },
        shared={"same": [7]},
    )
    assert codes_of_column(table, "number").tolist() == [2, 1, 0, 0]
    assert codes_of_column(table, "vector").tolist() == [0, 0, 1, 0]
    assert codes_of_column(table, "word").tolist() == [0, -1, 1, 0]
    codes = codes_of_column(table, "list").tolist()
    assert codes[0] == codes[2]
    assert len(set(codes)) == 3
    assert codes_of_column(table, "same").tolist() == [0] * 4


def test_frames_are_grouped_by_several_columns():
    table = FrameTable(4, {"a": [1, 1, 2, 1], "b": ["x", "y", "x", "x"]}, shared={"c": [1]})
    codes, firsts = combined_codes(table, ["a", "b", "c", "unknown"])
    assert codes.tolist() == [0, 1, 2, 0]
    assert firsts.tolist() == [0, 1, 2]
    codes, firsts = combined_codes(table, ["c"])
    assert (codes.tolist(), firsts.tolist()) == ([0] * 4, [0])


def test_keys_are_distinct_or_not():
    assert are_distinct(np.array([[1, 1], [1, 2]]))
    assert not are_distinct(np.array([[1, 1], [1, 1]]))


def test_only_integers_are_numbers():
    assert as_numbers([3, 1], "numbers").tolist() == [3, 1]
    for values in ([], [1.5], ["a"]):
        with pytest.raises(InputError, match=r"numbers is .*; expected at least one integer"):
            as_numbers(values, "numbers")
