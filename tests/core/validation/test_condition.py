from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from hdcore.validation.condition import Condition
from hdcore.validation.elements import Element, Item, tag_of_keyword


@pytest.fixture
def inner() -> Item:
    tag = tag_of_keyword("PointCoordinatesData")
    return Item({tag: Element(tag, "OF", b"\0" * 4000)})


@pytest.mark.parametrize("steps", ["PointCoordinatesData", "AnnotationGroupSequence.PointCoordinatesData"])
def test_presence_is_told_without_reading_the_value(inner, steps) -> None:
    tag = tag_of_keyword("AnnotationGroupSequence")
    dataset = inner if "." not in steps else Item({tag: Element(tag, "SQ", items=[inner])})
    assert Condition(f"present({steps})").holds(dataset) is True
    (element,) = inner.elements.values()
    assert element._values is None


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("present(PatientID)", True),
        ("present(PatientName)", True),
        ("present(StudyID)", False),
        ("present(ViewCodeSequence.CodeValue)", True),
        ("present(ViewCodeSequence.CodeMeaning)", False),
        ("present(AnatomicRegionSequence.CodeValue)", False),
        ("present(ProcedureCodeSequence.CodeValue)", False),
        ("present(ImageType[3])", True),
        ("not present(StudyID)", True),
    ],
)
def test_presence_is_of_the_attribute_not_of_a_value(expression, truth) -> None:
    dataset, code = Dataset(), Dataset()
    code.CodeValue = "1"
    dataset.PatientID, dataset.PatientName, dataset.ImageType = "1", "", ["ORIGINAL", "PRIMARY"]
    dataset.ViewCodeSequence, dataset.ProcedureCodeSequence = [code], []
    assert Condition(expression).holds(dataset) is truth


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("WindowWidth > 0", False),
        ("WindowCenter > 0", True),
        ("WindowCenter < 2", False),
        ("not WindowWidth > 0", True),
        ("ImageType > 0", None),
        ("PixelSpacing > 0", None),
        ("paired(WindowCenter, WindowWidth)", False),
        ("paired(WindowCenter, ImageType)", True),
        ("paired(WindowCenter, PixelSpacing)", None),
    ],
)
def test_numbers_are_compared_value_by_value(expression, truth) -> None:
    dataset = Dataset()
    dataset.WindowCenter, dataset.WindowWidth, dataset.ImageType = [1, 2, 3], [5, 0], ["A", "B", "C"]
    assert Condition(expression).holds(dataset) is truth
