"""Queries answer what highdicom's do of the same file, whatever is asked for together."""

from __future__ import annotations

import io
import itertools
import random
import warnings
from functools import cache

import numpy as np
import pytest
from hdcore.content import duplicate, find_content_items
from hdcore.testing import sources
from hdcore.uid import UID
from pydicom.sr.codedict import codes
from sr_reports import (
    DIAMETER,
    KIDNEY,
    LIVER,
    SEGMENTATION,
    SQUARE,
    TRIANGLE,
    images,
    measurement,
    of_images,
    planar,
    report,
    source,
    volumetric,
)

import hdcore_sr as ours
from hdcore_sr import vocabulary as v

SEGMENTED = "1.2.5"
VALUE_MAP = "1.2.9"
ELLIPSE = np.array([[0, 0, 0], [4, 0, 0], [2, -1, 0], [2, 1, 0]], dtype=float)
CIRCLE = np.array([[1.0, 1.0], [2.0, 2.0]])


def regions():
    return [
        ours.ImageRegion("POINT", CIRCLE[:1], source()),
        ours.ImageRegion("POLYLINE", TRIANGLE, source(number=1)),
        ours.ImageRegion("CIRCLE", CIRCLE, source(number=2)),
        ours.ImageRegion("ELLIPSE", ELLIPSE[:, :2], source()),
        ours.ImageRegion3D("POINT", ELLIPSE[:1], "1.2.3"),
        ours.ImageRegion3D("POLYGON", SQUARE, "1.2.3"),
        ours.ImageRegion3D("POLYLINE", SQUARE, "1.2.3"),
        ours.ImageRegion3D("ELLIPSE", ELLIPSE, "1.2.3"),
        ours.ReferencedSegmentationFrame(SEGMENTATION, SEGMENTED, 1, 1, source(ours.SourceImageForSegmentation)),
    ]


def group_makers():
    for region in regions():
        yield lambda uid, region=region, **options: planar(uid, region=region, **options)
    several = [ours.ImageRegion("POLYLINE", TRIANGLE, source()), ours.ImageRegion("CIRCLE", CIRCLE, source(number=1))]
    segment = ours.ReferencedSegment(
        SEGMENTATION, SEGMENTED, 1, source_images=[source(ours.SourceImageForSegmentation, 1)]
    )
    yield volumetric
    yield lambda uid, **options: volumetric(uid, referenced_regions=several, **options)
    yield lambda uid, **options: volumetric(uid, referenced_segment=segment, **options)
    yield lambda uid, **options: of_images(uid, source_images=[source(ours.SourceImageForMeasurementGroup)], **options)
    yield of_images


def groups():
    """Three groups of each kind that differ in what was found, where, and from what it was measured."""
    made = []
    for number, (make, variant) in enumerate(itertools.product(group_makers(), range(3))):
        measured = [ours.SourceImageForMeasurement.from_source_image(images()[2])] if variant == 1 else None
        options = {
            "finding_type": [None, codes.SCT.Neoplasm, codes.SCT.Tissue][variant],
            "finding_sites": [None, [ours.FindingSite(LIVER)], [ours.FindingSite(KIDNEY), ours.FindingSite(LIVER)]][
                (number // 2) % 3
            ],
            "measurements": [measurement(referenced_images=measured), measurement(number)],
            "qualitative_evaluations": [ours.QualitativeEvaluation(LIVER, KIDNEY)] if variant == 2 else None,
            "finding_category": codes.SCT.MorphologicallyAbnormalStructure if variant == 0 else None,
            "referenced_real_world_value_map": ours.RealWorldValueMap(VALUE_MAP) if variant == 1 else None,
        }
        made.append(make(f"2.25.{number + 1}", **options))
    return made


@cache
def contents():
    """The same file as either library reads it."""
    theirs = pytest.importorskip("highdicom").sr
    segmentation, value_map = duplicate(images()[0]), duplicate(images()[0])
    segmentation.SOPClassUID, segmentation.SOPInstanceUID = SEGMENTATION, SEGMENTED
    value_map.SOPClassUID, value_map.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.67", VALUE_MAP
    content = report(groups(), referenced_images=images())
    made = ours.Comprehensive3DSR([*images(), segmentation, value_map], content, UID(), 1, UID(), 1, "Acme")
    file = io.BytesIO()
    made.save_as(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ours.srread(file.getvalue()), theirs.srread(io.BytesIO(file.getvalue()))


GRAPHICS = [*ours.GraphicTypeValues, *ours.GraphicTypeValues3D]
CONDITIONS = {
    "tracking_uid": ["2.25.1", "2.25.30", "9.9"],
    "finding_type": [codes.SCT.Neoplasm, codes.SCT.Tissue, LIVER],
    "finding_site": [LIVER, KIDNEY, codes.SCT.Neoplasm],
    "referenced_sop_instance_uid": [*(image.SOPInstanceUID for image in images()), SEGMENTED, VALUE_MAP, "9.9"],
    "referenced_sop_class_uid": [images()[0].SOPClassUID, SEGMENTATION, "1.2.840.10008.5.1.4.1.1.67"],
    "reference_type": [
        codes.DCM.ImageRegion,
        codes.DCM.ReferencedSegmentationFrame,
        codes.DCM.ReferencedSegment,
        codes.DCM.VolumeSurface,
        LIVER,
    ],
    "graphic_type": GRAPHICS,
}
OF_IMAGES = list(CONDITIONS)[:5]
METHODS = {
    "get_planar_roi_measurement_groups": list(CONDITIONS),
    "get_volumetric_roi_measurement_groups": list(CONDITIONS),
    "get_image_measurement_groups": OF_IMAGES,
}
INSTANCES = ("referenced_sop_instance_uid", "referenced_sop_class_uid")


def questions(names, several):
    """All that one condition can ask, and some of what several can."""
    yield {}
    for name in names:
        yield from ({name: value} for value in CONDITIONS[name])
    chance = random.Random(0)
    for _ in range(several):
        yield {name: chance.choice(CONDITIONS[name]) for name in names if chance.random() < 0.4}


def answer(content, method, question):
    try:
        return [str(group.tracking_uid) for group in getattr(content, method)(**question)]
    except (ValueError, TypeError) as error:
        return ValueError if isinstance(error, ValueError) else TypeError


def uids(*numbers):
    return [f"2.25.{number}" for number in numbers]


SURFACES = uids(28, 29, 30)


@pytest.mark.parametrize("method", METHODS)
def test_groups_are_found_as_by_highdicom(method):
    """Without graphic types, some of which it refuses, and volumes that are found by the images of their surfaces."""
    mine, other = (document.content for document in contents())
    found = 0
    for question in questions([name for name in METHODS[method] if name != "graphic_type"], 20):
        expected, given = answer(other, method, question), answer(mine, method, question)
        if method == "get_volumetric_roi_measurement_groups" and question.keys() & set(INSTANCES):
            given = [uid for uid in given if uid not in SURFACES] if isinstance(given, list) else given
        assert given == expected, question
        found += bool(expected)
    assert found > 10


@pytest.mark.parametrize("method", METHODS)
def test_of_several_conditions_all_must_hold(method):
    mine, _ = (document.content for document in contents())
    found = 0
    for question in questions(METHODS[method], 200):
        instance = {name: value for name, value in question.items() if name in INSTANCES}  # of the same reference
        alone = [{name: value} for name, value in question.items() if name not in INSTANCES]
        answers = [answer(mine, method, one) for one in [*alone, instance]]
        given = answer(mine, method, question)
        if ValueError in answers:
            assert given is ValueError
        else:
            everything = answer(mine, method, {})
            assert given == [uid for uid in everything if all(uid in one for one in answers)], question
            found += bool(given)
    assert found > 20


@pytest.mark.parametrize(
    ("method", "graphic", "expected"),
    [
        ("planar", ours.GraphicTypeValues.POINT, uids(1, 2, 3)),
        ("planar", ours.GraphicTypeValues.POLYLINE, uids(4, 5, 6)),
        ("planar", ours.GraphicTypeValues.CIRCLE, uids(7, 8, 9)),
        ("planar", ours.GraphicTypeValues.ELLIPSE, uids(10, 11, 12)),
        ("planar", ours.GraphicTypeValues.MULTIPOINT, []),
        ("planar", ours.GraphicTypeValues3D.POINT, uids(13, 14, 15)),
        ("planar", ours.GraphicTypeValues3D.POLYGON, uids(16, 17, 18)),
        ("planar", ours.GraphicTypeValues3D.POLYLINE, uids(19, 20, 21)),
        ("planar", ours.GraphicTypeValues3D.ELLIPSE, uids(22, 23, 24)),
        ("planar", "POLYLINE", uids(4, 5, 6, 19, 20, 21)),
        ("volumetric", ours.GraphicTypeValues3D.POLYGON, SURFACES),
        ("volumetric", ours.GraphicTypeValues.POLYLINE, uids(31, 32, 33)),
        ("volumetric", ours.GraphicTypeValues.CIRCLE, uids(31, 32, 33)),
        ("volumetric", ours.GraphicTypeValues3D.ELLIPSOID, []),
    ],
)
def test_groups_are_found_by_what_is_drawn(method, graphic, expected):
    mine, _ = (document.content for document in contents())
    assert answer(mine, f"get_{method}_roi_measurement_groups", {"graphic_type": graphic}) == expected


def test_volumes_are_found_by_the_images_of_their_surfaces():
    mine, _ = (document.content for document in contents())
    asked = {"referenced_sop_instance_uid": images()[0].SOPInstanceUID, "reference_type": codes.DCM.VolumeSurface}
    assert answer(mine, "get_volumetric_roi_measurement_groups", asked) == SURFACES


def test_measurements_and_evaluations_are_found_by_name_as_by_highdicom():
    mine, other = (document.content for document in contents())
    pairs = 0
    for method in METHODS:
        for one, two in zip(getattr(mine, method)(), getattr(other, method)(), strict=True):
            pairs += 1
            for name in (None, DIAMETER, codes.SCT.Length, LIVER):
                code = None if name is None else codes.SCT.Diameter if name == DIAMETER else name
                values = [found.value for found in one.get_measurements(name)]
                assert values == [found.value for found in two.get_measurements(code)]
            for name in (LIVER, KIDNEY):
                answers, theirs = (
                    [(found.name.value, found.value.value) for found in group.get_qualitative_evaluations(name)]
                    for group in (one, two)
                )
                assert answers == theirs
            # without a name it also gives the category of the finding
            names, others = (
                [found.name.value for found in group.get_qualitative_evaluations()] for group in (one, two)
            )
            assert names == [name for name in others if name != v.FINDING_CATEGORY.value]
            assert getattr(one, "reference_type", None) == getattr(two, "reference_type", None)
    assert pairs == 14 * 3


def test_items_are_found_as_by_highdicom():
    find_theirs = pytest.importorskip("highdicom").sr.utils.find_content_items
    mine, other = contents()
    names = [None, DIAMETER, LIVER, codes.DCM.MeasurementGroup, codes.DCM.ImageRegion, codes.SCT.FindingSite, KIDNEY]
    kinds = [None, *ours.ValueTypeValues]
    relationships = [None, *ours.RelationshipTypeValues]
    found = 0
    everything = list(itertools.product(names, kinds, relationships, [False, True]))
    simple = [one for one in everything if sum(each is None for each in one[:3]) >= 2]
    for name, kind, relationship, recursive in [*simple, *random.Random(0).sample(everything, 40)]:
        one = find_content_items(mine, name, kind, relationship, recursive)
        code = codes.SCT.Diameter if name == DIAMETER else name
        two = find_theirs(other, code, kind and kind.value, relationship and relationship.value, recursive)
        assert len(one) == len(two), (name, kind, relationship, recursive)
        assert [item.ValueType for item in one] == [item.ValueType for item in two]
        found += bool(one)
    assert found > 15


def test_evidence_is_listed_as_by_highdicom():
    mine, other = contents()
    for current in (False, True):
        assert mine.get_evidence(current) == other.get_evidence(current)
        assert mine.get_evidence_series(current) == other.get_evidence_series(current)


@pytest.mark.parametrize(
    "ask",
    [
        lambda content: content.get_planar_roi_measurement_groups(colour="red"),
        lambda content: content.get_volumetric_roi_measurement_groups(sop_instance_uid="1.2"),
        lambda content: content.get_image_measurement_groups(graphic_type="POINT"),
        lambda content: content.get_planar_roi_measurement_groups(finding_type="Neoplasm"),
        lambda content: content.get_image_measurement_groups(finding_site=("SCT", "10200004")),
        lambda content: content.get_planar_roi_measurement_groups()[0].get_measurements("Diameter"),
        lambda content: content.get_planar_roi_measurement_groups()[0].get_qualitative_evaluations(5),
        lambda content: find_content_items(content[0], name="Diameter"),
        lambda content: content.get_observer_contexts("Person"),
    ],
)
def test_what_is_no_condition_is_refused(ask):
    with pytest.raises(TypeError):
        ask(report())


@pytest.mark.parametrize("condition", [{"value_type": "NUMBER"}, {"relationship_type": "IS CONTAINED IN"}])
def test_words_that_are_none_of_the_standard_are_refused(condition):
    with pytest.raises(ValueError, match=next(iter(condition.values()))):
        find_content_items(report()[0], **condition)


def other_study():
    return sources.ct_series(slices=2, seed=1)


@pytest.mark.parametrize(
    "evidence",
    [
        lambda: [*images(), *other_study()],
        lambda: [*other_study(), *images()],
        lambda: [*images()[:2], other_study()[0]],
        lambda: [*images(), *images(), other_study()[0]],
        lambda: [images()[0], other_study()[0]],
        list,
    ],
)
@pytest.mark.parametrize("study", [None, "own", "1.2.3"])
def test_evidence_is_collected_as_by_highdicom(evidence, study):
    theirs = pytest.importorskip("highdicom").sr.utils.collect_evidence
    elsewhere = ours.SourceImageForMeasurementGroup.from_source_image(other_study()[0])
    content = report(
        [
            planar(),
            of_images("2.25.2", source_images=[source(ours.SourceImageForMeasurementGroup, 1)]),
            of_images("2.25.3", source_images=[elsewhere]),
        ]
    )
    uid = images()[0].StudyInstanceUID if study == "own" else study

    def collected(collect):
        try:
            return [[item.to_json() for item in items] for items in collect(evidence(), content[0], uid)]
        except ValueError:
            return ValueError

    assert collected(ours.utils.collect_evidence) == collected(theirs)
