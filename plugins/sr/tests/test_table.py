"""Reports as tables, and tables as reports."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from pydicom.sr.codedict import codes
from sr_reports import DIAMETER, KIDNEY, LIVER, MM, TRIANGLE, images, measurement, of_images, planar, report

import hdcore_sr as sr

NAMES = {"diameter": (DIAMETER, MM)}


def test_records_have_a_row_for_each_measurement_and_evaluation():
    content = report(
        [
            planar(qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY)]),
            of_images(finding_sites=[sr.FindingSite(LIVER)]),
        ]
    )
    records = content.to_records()
    assert [tuple(record) for record in records] == [sr.COLUMNS] * 3
    assert [record["kind"] for record in records] == ["measurement", "evaluation", "measurement"]
    first, second, third = records
    assert (first["name"], first["value"], first["unit"]) == ("Diameter", 2.5, "mm")
    assert (first["group"], first["template"], first["tracking_uid"]) == (0, "1410", "2.25.1")
    assert first["sop_instance_uid"] == images()[0].SOPInstanceUID
    assert (second["value"], second["value_code"]) == ("Kidney", "SCT:64033007")
    assert (third["finding_site"], third["group"]) == ("Liver", 1)


def test_a_dataframe_has_the_same_rows():
    pandas = pytest.importorskip("pandas")
    frame = report().to_dataframe()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == list(sr.COLUMNS)
    assert frame["value"].tolist() == [2.5, 2.5]


def test_without_pandas_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="to_records"):
        report().to_dataframe()


def test_a_table_makes_groups():
    uid = str(images()[0].SOPInstanceUID)
    rows = [
        {
            "tracking_identifier": "a",
            "tracking_uid": "2.25.7",
            "finding": "tumour",
            "finding_site": LIVER,
            "diameter": 4.5,
            "where": "left",
            "sop_instance_uid": uid,
            "region": TRIANGLE,
        },
        {"diameter": np.float32(2), "sop_instance_uid": uid},
        {"diameter": float("nan"), "where": KIDNEY},
    ]
    groups = sr.groups_from_table(
        rows,
        NAMES,
        evaluations={"where": LIVER},
        values={"tumour": codes.SCT.Neoplasm, "left": KIDNEY},
        images={uid: images()[0]},
    )
    assert [type(group).TID for group in groups] == ["1410", "1501", "1501"]
    assert groups[0].tracking_uid == "2.25.7"
    assert groups[0].finding_type == codes.SCT.Neoplasm
    assert np.array_equal(groups[0].roi.value, TRIANGLE)
    assert groups[1].source_images[0].referenced_sop_instance_uid == uid
    assert groups[2].get_measurements() == []
    assert [record["value"] for record in report(groups).to_records()] == [4.5, "Kidney", 2, "Kidney"]


def test_a_dataframe_makes_groups():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"tracking_identifier": ["a", "b"], "diameter": [1.0, 2.0]})
    groups = sr.groups_from_table(frame, NAMES)
    assert [group.tracking_identifier for group in groups] == ["a", "b"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"diameter": None}, "neither a number nor a code"),
        ({"diameter": 1, "finding": "unknown"}, "not among values"),
        ({"diameter": 1, "sop_instance_uid": "1.2"}, "not among images"),
        ({"diameter": 1, "region": TRIANGLE}, "has a region"),
    ],
)
def test_rows_that_make_no_group_are_named(row, message):
    with pytest.raises(ValueError, match=message):
        sr.groups_from_table([row], NAMES)
    with pytest.raises(TypeError, match="Row 0"):
        sr.groups_from_table([3], NAMES)


@pytest.mark.parametrize("as_dataframe", [True, False])
def test_a_table_of_a_report_makes_its_groups_again(as_dataframe):
    if as_dataframe:
        pytest.importorskip("pandas")
    source = sr.SourceImageForMeasurementGroup.from_source_image(images()[1])
    groups = [
        of_images(
            measurements=[
                measurement(1 / 3),
                measurement(2.0),
                sr.Measurement(DIAMETER, None, MM, codes.DCM.NotANumber),
            ],
            finding_type=codes.SCT.Neoplasm,
            finding_sites=[sr.FindingSite(LIVER)],
            qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY)],
            source_images=[source],
        ),
        of_images("2.25.9"),
    ]
    content = report(groups, qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY)])
    table = content.to_dataframe() if as_dataframe else content.to_records()
    made = sr.groups_from_table(table, images=images())
    assert made[0][0] == groups[0][0]
    assert made[1][0] == groups[1][0]
    assert report(made).to_records() == content.to_records()[:-1]
    assert sr.groups_from_table(table)[0].source_images == []


@pytest.mark.parametrize("missing", ["None", "nan", "float32", "NaT", "NA", "''", "' '"])
def test_empty_cells_are_left_out(missing):
    pandas = pytest.importorskip("pandas")
    cells = {
        "None": None,
        "nan": float("nan"),
        "float32": np.float32("nan"),
        "NaT": pandas.NaT,
        "NA": pandas.NA,
        "''": "",
        "' '": " ",
    }
    columns = [
        "diameter",
        "tracking_identifier",
        "tracking_uid",
        "finding",
        "finding_site",
        "sop_instance_uid",
        "region",
    ]
    row = {**dict.fromkeys(columns, cells[missing]), "organ": LIVER}
    (group,) = sr.groups_from_table([row], NAMES, evaluations={"organ": KIDNEY})
    assert type(group) is sr.MeasurementsAndQualitativeEvaluations
    assert group.get_measurements() == []
    assert (group.tracking_identifier, group.finding_type, group.source_images) == ("row 1", None, [])
    assert [one.value for one in group.get_qualitative_evaluations()] == [LIVER]


def test_numbers_that_identify_are_whole():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"diameter": [1, 2], "tracking_identifier": [7, None]})
    assert [group.tracking_identifier for group in sr.groups_from_table(table, NAMES)] == ["7", "row 2"]


@pytest.mark.parametrize(
    ("table", "names", "options", "message"),
    [
        ([{"diameter": "abc"}], NAMES, {}, "Row 0 of the table has 'abc' in column 'diameter'"),
        ([{"diameter": np.inf}], NAMES, {}, "Row 0 .* finite"),
        ([{"diameter": 1}], {**NAMES, "width": (DIAMETER, MM)}, {}, "no column 'width'"),
        ([{"diameter": 1}], NAMES, {"evaluations": {"organ": LIVER}}, "no column 'organ'"),
        ([{"diameter": 1, "organ": ["x"]}], NAMES, {"evaluations": {"organ": LIVER}}, "not among values"),
        ([{"diameter": 1}], {"diameter": DIAMETER}, {}, "expected what was measured, and the unit"),
        ([{"diameter": 1}], {"diameter": None}, {}, "expected what was measured, and the unit"),
        ([{"diameter": 1, "region": 5, "sop_instance_uid": "1"}], NAMES, {"images": {"1": 1}}, "the region 5"),
        (None, NAMES, {}, "table is a NoneType"),
        ([{"diameter": 1}], None, {}, "no group and kind"),
        ([{"group": 0, "kind": "measurement", "name": "Diameter"}], None, {}, "the word 'Diameter' in column 'name'"),
        ([{"group": 0, "kind": "measurement", "name": "x", "name_code": "99X:1"}], None, {}, "has None in column"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(table, names, options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        sr.groups_from_table(table, names, **options)
