"""Whatever one attribute of one content item is missing, empty or wrong: a report is read, or refused in words."""

from __future__ import annotations

import io
import warnings
from functools import cache

import hdcore as hd
import pydicom
import pytest
from hdcore.content import ContentItem, Template
from hdcore.errors import HdcoreError
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from sr_reports import (
    DIAMETER,
    KIDNEY,
    LIVER,
    MM,
    document,
    images,
    observation,
    of_images,
    planar,
    source,
    volumetric,
)

import hdcore_sr as sr

VALUE_TYPES = ("TEXT", "NUM", "CONTAINER", "SCOORD", "IMAGE")
IGNORED = frozenset({*dir(Dataset), *dir(Sequence)})


def first(group):
    return next(iter(getattr(codes, f"cid{group}").concepts.values()))


def number(group):
    return sr.NumContentItem(first(group), 1.0, MM, relationship_type="HAS PROPERTIES")


@cache
def encoded():
    """A report with an item of each row of all templates."""
    algorithm = sr.AlgorithmIdentification("a", "1", ["p"], first(7162), "m")
    sites = [sr.FindingSite(LIVER, codes.SCT.Right, KIDNEY)]
    properties = sr.MeasurementProperties(
        first(222),
        first(220),
        first(224),
        sr.MeasurementStatisticalProperties([number(226)], "d", "a"),
        sr.NormalRangeProperties([number(223)], "d", "a"),
        1.0,
        1.0,
    )
    measured = sr.Measurement(
        DIAMETER,
        2.5,
        MM,
        first(42),
        sr.TrackingIdentifier("1.2", "t"),
        algorithm,
        first(7464),
        sites,
        first(6147),
        properties,
        [source(sr.SourceImageForMeasurement)],
        referenced_real_world_value_map=sr.RealWorldValueMap(images()[0].SOPInstanceUID),
    )
    offset = sr.LongitudinalTemporalOffsetFromEvent(3, codes.UCUM.Day, LIVER)
    whole = planar(
        "2.25.1",
        measurements=[measured],
        finding_sites=sites,
        method=first(6147),
        algorithm_id=algorithm,
        time_point_context=sr.TimePointContext("T", first(6146), 1, "s", "p", offset),
        session="s",
        qualitative_evaluations=[sr.QualitativeEvaluation(KIDNEY, LIVER)],
        finding_category=LIVER,
        geometric_purpose=first(219),
    )
    segment = sr.ReferencedSegment(
        "1.3.6.1.4.1.99", images()[1].SOPInstanceUID, 1, None, [source(sr.SourceImageForSegmentation)]
    )
    frame = sr.ReferencedSegmentationFrame(
        "1.3.6.1.4.1.99", images()[1].SOPInstanceUID, 1, 1, source(sr.SourceImageForSegmentation)
    )
    groups = [
        whole,
        planar("2.25.2", region=frame),
        volumetric("2.25.3"),
        volumetric("2.25.4", referenced_segment=segment),
        of_images(source_images=[source(sr.SourceImageForMeasurementGroup)]),
    ]
    mean = sr.MeasurementsDerivedFromMultipleROIMeasurements(first(7465), 1, MM, groups[:2])
    content = sr.MeasurementReport(
        observation(),
        LIVER,
        groups,
        referenced_images=images()[:1],
        qualitative_evaluations=[sr.QualitativeEvaluation(LIVER, KIDNEY), sr.TextContentItem(LIVER, "x")],
        derived_imaging_measurements=[mean],
    )
    file = io.BytesIO()
    document(content).save_as(file)
    return file.getvalue()


def places(dataset, path=()):
    for index, item in enumerate(dataset.get("ContentSequence", ())):
        yield (*path, index)
        yield from places(item, (*path, index))


def at(dataset, path):
    for index in path:
        dataset = dataset.ContentSequence[index]
    return dataset


@cache
def different_places():
    """The place of one item of each name, value type and relationship."""
    dataset = pydicom.dcmread(io.BytesIO(encoded()))
    found = {}
    for path in places(dataset):
        item = at(dataset, path)
        name = item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else ""
        found.setdefault((name, item.get("ValueType"), item.RelationshipType, len(path)), path)
    return list(found.values())


def damaged(damage):
    """Give, for each different item, files in which something of it is damaged, and what."""
    for path in different_places():
        for what, apply in damage(at(pydicom.dcmread(io.BytesIO(encoded())), path)):
            dataset = pydicom.dcmread(io.BytesIO(encoded()))
            apply(at(dataset, path))
            yield f"{path} {what}", dataset


def missing(item):
    for element in item:
        yield f"without {element.keyword}", lambda one, keyword=element.keyword: delattr(one, keyword)


def empty(item):
    for element in item:
        value = [] if element.VR == "SQ" else None
        yield f"empty {element.keyword}", lambda one, keyword=element.keyword, value=value: setattr(one, keyword, value)


def missing_in_a_sequence(item):
    for element in item:
        if element.VR == "SQ" and element.keyword != "ContentSequence":
            for below in element.value[0]:
                yield (
                    f"{element.keyword} without {below.keyword}",
                    lambda one, tag=element.tag, keyword=below.keyword: delattr(one[tag].value[0], keyword),
                )


def of_another_type(item):
    for kind in VALUE_TYPES:
        if item.get("ValueType", kind) != kind:
            yield f"as {kind}", lambda one, kind=kind: setattr(one, "ValueType", kind)


def look_at(found, depth=0):
    """Look at all that a template, or an item, tells."""
    if not isinstance(found, Template | ContentItem) or depth > 6:
        return
    for name in dir(type(found)):
        if name.startswith("_") or name in IGNORED or not isinstance(getattr(type(found), name, None), property):
            continue
        try:
            value = getattr(found, name)
        except HdcoreError:
            continue
        for one in value if isinstance(value, list) else [value]:
            look_at(one, depth + 1)


def search(content):
    content.get_planar_roi_measurement_groups("1", LIVER, LIVER, codes.DCM.ImageRegion, "POINT", "1.2", "1.3")
    content.get_volumetric_roi_measurement_groups(graphic_type="POINT")
    content.get_image_measurement_groups(referenced_sop_class_uid="1.2")
    content.get_observer_contexts(codes.DCM.Person)
    content.get_subject_contexts(codes.DCM.Fetus)


@pytest.mark.parametrize("damage", [missing, empty, missing_in_a_sequence, of_another_type])
def test_damaged_items_are_read_or_refused(damage):
    count = 0
    for what, dataset in damaged(damage):
        count += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = hd.read(dataset)
            for look in (
                lambda made=made: look_at(made.report),
                lambda made=made: search(made.report),
                lambda made=made: list(made.report.deviations()),
                lambda made=made: (made.to_records(), made.to_text()),
            ):
                try:
                    look()
                except HdcoreError:
                    continue
                except Exception as error:
                    pytest.fail(f"{what}: {error!r}")
    assert count > 150


def test_an_item_of_another_type_is_not_taken_for_the_row_s():
    made = hd.read(pydicom.dcmread(io.BytesIO(encoded())))
    group = made.report.imaging_measurements[0]
    finding = next(item for item in group[0].ContentSequence if item.name.meaning == "Finding")
    finding.ValueType = "TEXT"
    finding.TextValue = "tumour"
    assert made.report.imaging_measurements[0].finding_type is None
    messages = [message for _, message, _ in made.report.imaging_measurements[0].deviations()]
    assert messages == ["has value type 'TEXT', expected CODE"]


def test_a_report_with_all_rows_has_nothing_to_tell_of():
    made = hd.read(pydicom.dcmread(io.BytesIO(encoded())))
    assert [one for one in made.report.deviations() if one.is_error] == []
    assert len(different_places()) > 90
