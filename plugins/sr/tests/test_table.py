"""Reports as tables, and tables as reports."""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import pytest
from hdcore.content import Concept
from hdcore.testing import sources
from hdcore.uid import UID
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


def test_numbers_of_one_name_are_told_apart_by_how_they_were_derived():
    density, unit = sr.CodedConcept("112031", "DCM", "Attenuation Coefficient"), codes.UCUM.HounsfieldUnit
    names = {"mean": (density, unit, codes.SCT.Mean), "highest": (density, unit, codes.SCT.Maximum)}
    rows = [{"mean": 40.0, "highest": 90.0, "finding_site": KIDNEY, "laterality": "left"}]
    groups = sr.groups_from_table(rows, names, values={"left": codes.SCT.Left})
    assert [one.derivation for one in groups[0].get_measurements()] == [codes.SCT.Mean, codes.SCT.Maximum]
    assert groups[0].finding_sites[0].laterality == codes.SCT.Left
    records = report(groups).to_records()
    assert [(record["derivation"], record["value"]) for record in records] == [("Mean", 40.0), ("Maximum", 90.0)]
    assert {record["laterality_code"] for record in records} == {"SCT:7771000"}
    assert {record["method"] for record in records} == {None}
    del rows[0]["finding_site"]
    with pytest.raises(ValueError, match="Row 0 of the table has a laterality, but no finding_site"):
        sr.groups_from_table(rows, names, values={"left": codes.SCT.Left})


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
                sr.Measurement(DIAMETER, 3.0, MM, derivation=codes.SCT.Mean, method=codes.DCM.RECIST1Point1),
            ],
            finding_type=codes.SCT.Neoplasm,
            finding_sites=[sr.FindingSite(LIVER, codes.SCT.Left)],
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


def varied():
    """A report of images of two studies, one of them with frames; odd numbers, words, units and codes."""
    movie = sources.enhanced_ct(frames=5)
    movie.StudyInstanceUID, movie.SOPInstanceUID = "1.2.3", "1.2.3.4"
    own = Concept("X-1", "99ACME", "Größe, gemessen")
    evaluation = sr.QualitativeEvaluation(LIVER, Concept("y", "99ACME", 'so "groß" wie; sonst'))
    groups = [
        of_images(
            measurements=[
                measurement(1 / 3),
                measurement(-1e-7),
                sr.Measurement(own, 3.0, Concept("u", "99ACME", "u")),
            ],
            finding_type=codes.SCT.Neoplasm,
            finding_sites=[sr.FindingSite(KIDNEY)],
            source_images=[sr.SourceImageForMeasurementGroup.from_source_image(images()[1])],
            qualitative_evaluations=[evaluation],
        ),
        of_images(
            "2.25.4",
            measurements=[sr.Measurement(DIAMETER, None, MM, codes.DCM.NotANumber), measurement(12345678.0)],
            source_images=[sr.SourceImageForMeasurementGroup.from_source_image(movie, [2, 4])],
        ),
        of_images("2.25.5", measurements=[], qualitative_evaluations=[evaluation]),
    ]
    return report(groups), [*images(), movie]


def through_csv(frame):
    pandas = pytest.importorskip("pandas")
    file = io.StringIO()
    frame.to_csv(file, index=False)
    file.seek(0)
    return pandas.read_csv(file)


def through_json(frame):
    return json.loads(json.dumps(frame.astype(object).where(frame.notna(), None).to_dict("records")))


@pytest.mark.parametrize("through", [lambda frame: frame, through_csv, through_json])
def test_a_table_that_was_a_file_makes_the_same_report(through):
    pytest.importorskip("pandas")
    content, known = varied()
    made = report(sr.groups_from_table(through(content.to_dataframe()), images=known))
    assert made.to_records() == content.to_records()
    assert [group[0] for group in made.imaging_measurements] == [group[0] for group in content.imaging_measurements]
    document = sr.ComprehensiveSR(known, made, UID(), 1, UID(), 1, "Acme")
    assert {series for _, series in document.get_evidence_series()} == {one.SeriesInstanceUID for one in known}
    again = io.BytesIO()
    document.save_as(again)
    assert sr.srread(again.getvalue()).to_records() == content.to_records()


@pytest.mark.parametrize("order", [1, -1])
def test_tables_of_several_reports_make_the_groups_of_all(order):
    """Each report counts its groups from zero."""
    pandas = pytest.importorskip("pandas")
    content, known = varied()
    other = report([of_images("2.25.30", measurements=[measurement(8.0), measurement(9.0)]), planar("2.25.31")])
    table = pandas.concat([content.to_dataframe(), other.to_dataframe()])[::order]
    made = sr.groups_from_table(table, images=known)
    assert [group.tracking_uid for group in made] == ["2.25.3", "2.25.4", "2.25.5", "2.25.30", "2.25.31"][::order]
    assert [len(group.get_measurements()) for group in made] == [3, 2, 0, 2, 1][::order]


def changed(**cells):
    rows = varied()[0].to_records()
    return [{**rows[0], **cells}, *rows[4:]]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (changed(kind="number"), "Row 0 of the table is of kind 'number'; expected 'measurement' or 'evaluation'"),
        (changed(kind=None), "Row 0 of the table is of kind None"),
        (changed(unit=5), "Row 0 of the table has 5 in column 'unit'; expected a code such as 'mm'"),
        (changed(value=True), "Row 0 of the table has True in column 'value', not a number"),
        (changed(value="1,5"), "Row 0 of the table has '1,5' in column 'value', not a number"),
        (changed(name_code=7), "Row 0 of the table has the word 'Diameter' in column 'name'"),
        (changed(qualifier="odd"), "Row 0 of the table has the word 'odd' in column 'qualifier'"),
        (changed(finding_code=None), "Row 0 of the table has the word 'Neoplasm' in column 'finding'"),
        (changed(tracking_uid="abc"), "Row 0 of the table: uid: value of .* is 'abc'; expected a unique identifier"),
        (changed(sop_instance_uid="1.2"), "Row 0 of the table refers to the image 1.2, which is not among images"),
        (changed(frame_numbers="all"), "Row 0 of the table has 'all' in column 'frame_numbers'; expected numbers such"),
        (changed(frame_numbers=[1]), "Row 0 of the table: .*not a multi-frame image"),
    ],
)
def test_what_is_wrong_in_a_table_of_a_report_is_named(table, message):
    with pytest.raises((ValueError, TypeError), match=message):
        sr.groups_from_table(table, images=varied()[1])


@pytest.mark.parametrize("missing", ["value", "name", "group", "kind"])
def test_columns_that_a_table_of_a_report_needs_are_named(missing):
    rows = [
        {column: cell for column, cell in row.items() if column not in (missing, f"{missing}_code")}
        for row in changed()
    ]
    with pytest.raises(ValueError, match=f"Row 0 of the table has .*{missing}"):
        sr.groups_from_table(rows, images=varied()[1])


def test_the_image_of_a_row_is_that_of_the_group_and_not_of_a_measurement():
    measured = measurement(referenced_images=[sr.SourceImageForMeasurement.from_source_image(images()[2])])
    (record,) = report([planar(measurements=[measured])]).to_records()
    assert record["sop_instance_uid"] == images()[0].SOPInstanceUID
    (record,) = report([of_images(measurements=[measured])]).to_records()
    assert record["sop_instance_uid"] is None
