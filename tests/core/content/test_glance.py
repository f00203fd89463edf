"""Looking at items without keeping them."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from pydicom.sr.codedict import codes

from hdcore.content import ContainerContentItem, TextContentItem, children_of
from hdcore.content.glance import encode_children, glance, may_hold, skim
from hdcore.content.tree import set_children

LIVER = codes.SCT.Liver


@pytest.fixture
def container():
    item = ContainerContentItem(LIVER)
    below = ContainerContentItem(LIVER, relationship_type="CONTAINS")
    set_children(below, [TextContentItem(LIVER, f"text {number}", "CONTAINS") for number in range(3)])
    set_children(item, [below])
    encode_children(item)
    return item


def texts(items):
    return [item.value for item in items]


def test_items_are_looked_at_and_skimmed(container):
    (below,) = glance(container)
    assert texts(glance(below)) == texts(skim(below)) == ["text 0", "text 1", "text 2"]
    assert glance(below)[0] is glance(below)[0]
    assert list(glance(glance(below)[0])) == list(skim(glance(below)[0])) == []


def test_an_item_of_a_lower_level_is_changed_in_the_tree(container):
    glance(glance(container)[0])[1].TextValue = "changed"
    assert texts(container.ContentSequence[0].ContentSequence) == ["text 0", "changed", "text 2"]
    assert texts(skim(container.ContentSequence[0])) == ["text 0", "changed", "text 2"]


def test_the_trees_own_sequence_has_the_items_that_somebody_holds(container):
    (below,) = glance(container)
    assert children_of(container)[0] is below
    assert glance(container)[0] is below


def test_a_uid_that_is_not_among_the_bytes_is_not_below(container):
    assert not may_hold(container, "1.2.3")
    assert may_hold(container, "text 2")
    assert not may_hold(glance(glance(container)[0])[0], "1.2.3")
    glance(container)[0].ContentSequence[0].TextValue = "1.2.3"
    assert may_hold(container, "1.2.3")


def test_threads_get_the_same_items(container):
    found = []
    barrier = Barrier(8)

    def look():
        barrier.wait()
        found.append(glance(container)[0])

    threads = [Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(item) for item in found}) == 1


def test_an_item_whose_constructor_did_not_run_says_so():
    with pytest.raises(AttributeError, match="constructor did not run"):
        _ = TextContentItem.__new__(TextContentItem)._dict
