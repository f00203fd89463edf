"""Trees as text."""

from __future__ import annotations

from copy import deepcopy

import pytest
from content_trees import tree_of
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore.content import NumContentItem, children_of, render_tree
from hdcore.testing.sources import ct_series

(IMAGE,) = ct_series(1)


def test_each_item_is_a_line_below_its_parent():
    assert render_tree(tree_of([IMAGE])).splitlines() == [
        "Imaging Measurement Report: [TID 1500]",
        "  Finding: a mass",
        "  Measurement Group",
        "    Length: 12.5 mm",
        "    Finding: Neoplasm",
        f"    Source image for segmentation: CT Image Storage {IMAGE.SOPInstanceUID}",
    ]


def test_long_values_are_cut_off_and_the_tree_is_left_as_it_is():
    root = tree_of([IMAGE])
    before = deepcopy(root)
    children_of(root)[0].TextValue = "a mass " * 10
    assert render_tree(root, width=10).splitlines()[1] == "  Finding: a mass a …"
    children_of(root)[0].TextValue = "a mass"
    assert root == before


def test_what_cannot_be_read_is_a_question_mark():
    item = Dataset()
    item.RelationshipType = "HAS PROPERTIES"
    document = Dataset()
    document.ContentSequence = [item]
    assert render_tree(document) == "?: ?\n  ?: ?  (has properties)"


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234567, "1234567"), (123456.789, "123456.789"), (1 / 3, "0.3333333333"), (-1.5e-7, "-1.5e-07"), (0.1, "0.1")],
)
def test_numbers_are_written_with_the_digits_that_count(value, written):
    assert render_tree(NumContentItem(codes.SCT.Length, value, codes.UCUM.Millimeter)) == f"Length: {written} mm"


def test_texts_cannot_command_a_terminal():
    root = tree_of([IMAGE])
    children_of(root)[0].TextValue = "a \x1b[31mred\r\n\x9b2Jmass\tof \x0712"
    assert render_tree(root).splitlines()[1] == "  Finding: a \ufffd[31mred \ufffd2Jmass of \ufffd12"
