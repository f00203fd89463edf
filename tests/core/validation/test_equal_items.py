"""Looking at items together finds what looking at each of them finds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pydicom
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcore.testing.sources import enhanced_ct
from hdcore.validation.engine import validate
from hdcore.validation.equal_items import rows_of
from hdcore.validation.opening import open_document

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

FRAMES = 48
PER_FRAME = 0x52009230


def _content(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _parsed(content: bytes) -> Dataset:
    """Give a dataset whose items are all made, which validation then looks at one by one."""
    dataset = pydicom.dcmread(io.BytesIO(content))
    dataset.walk(lambda _, element: element.value)
    return dataset


def test_frames_of_equal_layout_are_grouped_and_others_are_not() -> None:
    dataset = enhanced_ct(frames=FRAMES)
    dataset.PerFrameFunctionalGroupsSequence[5].FrameContentSequence[0].FrameComments = "odd"
    content = _content(dataset)
    groups, single = rows_of(open_document(content).root.items(PER_FRAME))
    assert sum(len(rows.numbers) for rows in groups) + len(single) == FRAMES
    assert 5 in single
    assert len(groups) >= 1
    assert rows_of(open_document(_parsed(content)).root.items(PER_FRAME)) == ([], list(range(FRAMES)))


def test_representatives_stand_for_all() -> None:
    (rows, *_), _ = rows_of(open_document(_content(enhanced_ct(frames=FRAMES))).root.items(PER_FRAME))
    assert sum(count for _, count in rows.representatives) == len(rows.numbers)
    assert len(rows.representatives) < len(rows.numbers)


CHANGES = st.lists(
    st.tuples(
        st.integers(0, FRAMES - 1),
        st.sampled_from(
            ("delete position", "empty position", "odd date", "index 0", "bad code", "negative", "long comment")
        ),
    ),
    max_size=6,
)


@settings(max_examples=10)
@given(CHANGES)
def test_same_findings_grouped_and_one_by_one(changes: list[tuple[int, str]]) -> None:
    dataset = enhanced_ct(frames=FRAMES)
    for number, change in changes:
        _change(dataset.PerFrameFunctionalGroupsSequence[number], change)
    content = _content(dataset)
    grouped, single = validate(content), validate(_parsed(content))
    assert {(found.code, found.path, found.count) for found in grouped} == {
        (found.code, found.path, found.count) for found in single
    }


def _change(frame: Dataset, change: str) -> None:
    content = frame.FrameContentSequence[0]
    match change:
        case "delete position":
            frame.pop("PlanePositionSequence", None)
        case "empty position":
            frame.PlanePositionSequence = []
        case "odd date":
            content["FrameAcquisitionDateTime"] = pydicom.DataElement("FrameAcquisitionDateTime", "LO", "yesterday")
            content["FrameAcquisitionDateTime"].VR = "DT"
        case "index 0":
            content.DimensionIndexValues = [0] * len(content.DimensionIndexValues)
        case "bad code":
            content.CardiacCyclePosition = "NOW"
        case "negative":
            frame.FrameVOILUTSequence[0].WindowWidth = -5
        case _:
            content.FrameComments = "x" * 12000
