"""Finding items in trees."""

from __future__ import annotations

import pytest
from content_trees import tree_of
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore.content import children_of
from hdcore.content.search import find_content_items, get_coded_name, get_coded_value, walk
from hdcore.testing.sources import ct_series

IMAGES = ct_series(2)


def test_a_walk_visits_parents_before_children_and_tells_levels():
    levels = [(level, item.value_type.value) for level, item in walk(tree_of(IMAGES))]
    assert levels == [(0, "TEXT"), (0, "CONTAINER"), (1, "NUM"), (1, "CODE"), (1, "IMAGE"), (1, "IMAGE")]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, ["TEXT", "CONTAINER"]),
        ({"name": codes.DCM.Finding}, ["TEXT"]),
        ({"name": codes.DCM.Finding, "recursive": True}, ["TEXT", "CODE"]),
        ({"name": codes.DCM.Finding, "value_type": "CODE", "recursive": True}, ["CODE"]),
        ({"relationship_type": "INFERRED FROM", "recursive": True}, []),
    ],
)
def test_items_that_hold_all_conditions_are_found(conditions, found):
    assert [item.ValueType for item in find_content_items(tree_of(IMAGES), **conditions)] == found


def test_nothing_is_looked_for_where_there_is_no_content():
    with pytest.raises(AttributeError, match="no ContentSequence"):
        find_content_items(Dataset())


def test_names_and_codes_of_items_are_concepts():
    (item,) = find_content_items(tree_of(IMAGES), value_type="CODE", recursive=True)
    assert get_coded_name(item) == codes.DCM.Finding
    assert get_coded_value(item) == codes.SCT.Neoplasm
    with pytest.raises(AttributeError, match="has no ConceptCodeSequence"):
        get_coded_value(children_of(tree_of(IMAGES))[0])
