"""What a plugin author may rely on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydicom.dataset import Dataset

from hdcore.errors import ConformanceError, InputError
from hdcore.validation import (
    Condition,
    Rule,
    Severity,
    attributes,
    check,
    equals,
    finding,
    one_of,
    required,
    required_if,
    rule,
)


@pytest.fixture
def dataset() -> Dataset:
    dataset = Dataset()
    dataset.Modality = "SEG"
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.SegmentSequence = [Dataset(), Dataset()]
    for number, item in zip((1, 3), dataset.SegmentSequence, strict=True):
        item.SegmentNumber = number
        item.SegmentAlgorithmType = "MANUAL"
    return dataset


def test_docstring_and_finding_make_the_message(dataset: Dataset) -> None:
    @rule("SEG004", ref="PS3.3 C.8.20.2")
    def numbered(dataset: Dataset):
        """Segments must be numbered from one."""
        yield finding("SegmentSequence/SegmentNumber", "is [1, 3]")

    assert isinstance(numbered, Rule)
    report = check(dataset, [numbered])
    assert not report
    assert str(report) == (
        "ERROR SEG004 SegmentSequence/SegmentNumber: Segments must be numbered from one; SegmentNumber is [1, 3]"
        " [PS3.3 C.8.20.2]"
    )
    assert report.findings[0].tag == 0x00620004


def test_severity_of_rule_and_of_finding(dataset: Dataset) -> None:
    @rule("X1", severity="warning")
    def mixed(dataset: Dataset):
        """Something."""
        yield finding("Modality")
        yield finding("Modality", "is odd", severity="info")

    findings = check(dataset, [mixed])
    assert [found.severity for found in findings] == [Severity.WARNING, Severity.INFO] == ["warning", "info"]
    assert [f"{found.severity}" for found in findings] == ["warning", "info"]
    assert check(dataset, [mixed])


@pytest.mark.parametrize(
    ("one", "findings"),
    [
        (equals("A", "Modality", "SEG"), 0),
        (equals("A", "Modality", "CT"), 1),
        (equals("A", "ImageType", ["DERIVED", "PRIMARY"]), 0),
        (equals("A", "ContentLabel", "X"), 0),
        (one_of("A", "SegmentSequence/SegmentNumber", (1, 2)), 1),
        (one_of("A", "SegmentSequence/SegmentNumber", (1, 3)), 0),
        (required("A", "SegmentSequence/SegmentLabel"), 1),
        (required("A", "SegmentSequence/SegmentLabel", unless="Modality == 'SEG'"), 0),
        (required("A", "SegmentSequence/SegmentLabel", unless=lambda dataset: True), 0),
        (required_if("A", "SegmentSequence/SegmentAlgorithmName", "SegmentAlgorithmType != 'MANUAL'"), 0),
        (required_if("A", "SegmentSequence/SegmentAlgorithmName", "root.Modality == 'SEG'"), 1),
        (attributes("A", {"Modality": "1", "SegmentSequence/SegmentLabel": "2", "ContentLabel": "3"}), 1),
        (attributes("A", {"SegmentSequence/SegmentAlgorithmName": "1C SegmentAlgorithmType == 'AUTOMATIC'"}), 0),
        (attributes("A", {"ContentLabel": "2C Modality == 'SEG'"}), 1),
        (required_if("A", "ContentLabel", "ContentDescription == 'unknown'"), 0),
    ],
)
def test_rules_of_one_line(dataset: Dataset, one: Rule, findings: int) -> None:
    assert len(check(dataset, [one])) == findings


def test_same_finding_at_several_items_is_folded(dataset: Dataset) -> None:
    (found,) = check(dataset, [required("A", "SegmentSequence/SegmentLabel")])
    assert (found.path, found.count) == ("SegmentSequence[0]/SegmentLabel", 2)


def test_crash_becomes_a_finding_and_absence_does_not(dataset: Dataset) -> None:
    @rule("X1")
    def crashes(dataset: Dataset):
        """Crashes."""
        raise ZeroDivisionError("oh")

    @rule("X2")
    def needs_what_is_absent(dataset: Dataset):
        """Needs more."""
        yield finding("", dataset.PixelData, severity=dataset["Rows"])

    (found,) = check(dataset, [crashes, needs_what_is_absent])
    assert found.code == "RULE001"
    assert "X1" in found.message


def test_report_filters_counts_and_raises(dataset: Dataset) -> None:
    report = check(
        dataset,
        [equals("B1", "Modality", "CT"), required("A2", "SegmentSequence/SegmentLabel", severity="warning")],
    )
    assert report.counts == {"error": 1, "warning": 1, "info": 0}
    assert report.filter("error").codes == {"B1"}
    assert report.filter(code="A*").codes == {"A2"}
    assert report.filter(path="SegmentSequence").codes == {"A2"}
    assert report.filter(path="SegmentSequence[0]").codes == {"A2"}
    assert report.filter(path="SegmentSequence[1]").codes == set()
    assert report.to_dict()["findings"][0]["tag"] == "0008,0060"
    assert "Modality" in report.to_html()
    assert '"conformant": false' in report.to_json()
    with pytest.raises(ConformanceError, match="1 error") as caught:
        report.raise_for_errors()
    assert caught.value.report is report
    report.filter(code="A*").raise_for_errors()


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("Modality == 'SEG'", True),
        ("Modality in ('CT', 'MR')", False),
        ("ImageType[2] == 'PRIMARY'", True),
        ("ImageType == 'PRIMARY'", True),
        ("ImageType[3] == 'X'", None),
        ("count(SegmentSequence) > 1", True),
        ("SegmentSequence.SegmentNumber >= 2", False),
        ("ContentLabel == 'X'", None),
        ("ContentLabel == 'X' and Modality == 'CT'", False),
        ("ContentLabel == 'X' or Modality == 'SEG'", True),
        ("not ContentLabel", True),
        ("present(Modality) and unknown", None),
    ],
)
def test_conditions_have_three_values(dataset: Dataset, expression: str, truth: bool | None) -> None:
    assert Condition(expression).holds(dataset) is truth


@pytest.mark.parametrize("expression", ["", "__import__('os')", "1 + 1", "a b", "X == Y", "X is None", "1 < X < 2"])
def test_other_expressions_are_refused(expression: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Condition(expression)


@pytest.mark.parametrize("kind", ["4", "1C", "1 Modality == 'SEG'"])
def test_types_that_do_not_exist_are_refused(kind: str) -> None:
    with pytest.raises(InputError, match="ContentLabel"):
        attributes("A", {"ContentLabel": kind})


def test_importing_the_rule_api_loads_neither_numpy_nor_pydicom() -> None:
    code = (
        "import sys; from hdcore.validation import rule, equals, check;"
        "print([m for m in ('numpy', 'pydicom') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_damage_that_stops_several_rules_is_told_once() -> None:
    from hdcore.errors import UnreadableError

    def failing(dataset: Dataset) -> None:
        """Fail."""
        raise UnreadableError("the frames are damaged")

    rules = [rule("X1")(failing), rule("X2")(failing)]
    (found,) = check(Dataset(), rules)
    assert (found.code, found.count) == ("RULE001", 2)
    assert found.message == "rules could not be checked: the frames are damaged"
