from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from hdcore.frames.columns import Categorical, EncodedItems, Numbers, Ragged
from hdcore.frames.table import FrameTable
from hdcore.model.element import item


def _table():
    sources = FrameTable(4, {"uid": ["a", "b", "a", "c"]})
    derivations = FrameTable(3, {"sources": Ragged.of([1, 2, 1], sources)})
    return FrameTable(
        3,
        {"number": [1, 2, 2], "label": ["x", None, "x"], "derivations": Ragged.of([2, 0, 1], derivations)},
        shared={"spacing": [[0.5, 0.25]], "kind": ["k"]},
    )


def test_columns_are_arrays_or_words():
    table = _table()
    assert table["number"].tolist() == [1, 2, 2]
    assert table["label"].values.tolist() == ["x", None, "x"]
    assert table["label"].vocabulary == ("x",)
    assert table.present("label").tolist() == [True, False, True]


def test_a_shared_column_is_stored_once():
    table = _table()
    assert table["spacing"].shape == (3, 2)
    assert table["spacing"].strides[0] == 0
    assert table["kind"].values.tolist() == ["k", "k", "k"]
    assert table.shared == {"spacing", "kind"}


def test_selection_by_mask_index_and_slice_keeps_shared_columns():
    table = _table()
    for rows in (table["number"] == 2, [1, 2], slice(1, None), np.array([1, 2])):
        chosen = table.select(rows)
        assert len(chosen) == 2
        assert chosen["number"].tolist() == [2, 2]
        assert chosen.is_shared("spacing")
    assert table.select([2, 0])["number"].tolist() == [2, 1]


def test_rows_are_found_by_value():
    table = _table()
    assert table.where(number=2, kind="k").tolist() == [1, 2]
    assert table.where(label="x").tolist() == [0, 2]
    assert table.where(label="unknown").tolist() == []
    assert table.where(spacing=(0.5, 0.25)).tolist() == [0, 1, 2]


def test_items_of_items_know_their_frame():
    owners, sources = _table().related("derivations", "sources")
    assert owners.tolist() == [0, 0, 0, 2]
    assert sources["uid"].values.tolist() == ["a", "b", "a", "c"]
    owners, sources = _table().select([2, 0]).related("derivations", "sources")
    assert owners.tolist() == [0, 1, 1, 1]
    assert sources["uid"].values.tolist() == ["c", "a", "b", "a"]


def test_following_a_column_that_is_absent_finds_nothing():
    owners, table = _table().related("nothing", "sources")
    assert len(owners) == len(table) == 0


def test_the_values_of_one_row_are_got_by_index():
    column = Ragged.of([2, 0, 1], np.array([5, 6, 7]))
    assert column[0].tolist() == [5, 6]
    assert column[1].tolist() == []


def test_a_table_cannot_be_changed():
    table = _table()
    with pytest.raises(ValueError, match="read-only"):
        table["number"][0] = 9
    assert "number" in table
    assert "number" not in table.without("number", "unknown")
    assert table.with_columns(spacing=[1, 2, 3]).shared == {"kind"}


def test_a_table_survives_pickling_and_copying():
    for other in (pickle.loads(pickle.dumps(_table())), copy.deepcopy(_table())):
        assert list(other) == list(_table())
        assert other["number"].tolist() == [1, 2, 2]
        assert other.shared == {"spacing", "kind"}
        assert other.related("derivations", "sources")[0].tolist() == [0, 0, 0, 2]


def test_what_does_not_fit_is_refused_by_name():
    with pytest.raises(ValueError, match="'number' has 2 rows; expected 3"):
        FrameTable(3, {"number": [1, 2]})
    with pytest.raises(ValueError, match="no column 'nothing'"):
        _table()["nothing"]
    with pytest.raises(ValueError, match="several values per frame"):
        _table().where(derivations=1)
    with pytest.raises(ValueError, match="add up to 3"):
        Ragged.of([1, 2], np.zeros(4))
    with pytest.raises(ValueError, match="shape"):
        FrameTable(1, {"cube": np.zeros((1, 2, 2))})


def test_absent_numbers_are_told_apart_by_the_mask():
    table = FrameTable(2, {"x": Numbers(np.array([1.0, np.nan]), np.array([True, False]))})
    assert table.present("x").tolist() == [True, False]
    assert table.select([0]).present("x").tolist() == [True]


def test_encoded_items_are_words_that_can_be_parsed():
    word = EncodedItems.of([item(CodeValue="1", CodeMeaning="Größe")])
    column = Categorical.of([word, EncodedItems(word.value), None])
    assert column.vocabulary == (word,)
    assert word.items()[0].CodeMeaning == "Größe"
