"""Content items and sequences."""

from __future__ import annotations

import copy
import datetime
import io
import pickle

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from hdcore.content import (
    CodeContentItem,
    CodedConcept,
    CompositeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    DateContentItem,
    DateTimeContentItem,
    ImageContentItem,
    NumContentItem,
    PnameContentItem,
    RelationshipTypeValues,
    Scoord3DContentItem,
    ScoordContentItem,
    TcoordContentItem,
    TextContentItem,
    TimeContentItem,
    UIDRefContentItem,
    ValueTypeValues,
    WaveformContentItem,
    children_of,
    duplicate,
)
from hdcore.content.tree import set_children
from hdcore.model.element import UTF_8
from hdcore.model.encode import encode_items

NAME = codes.DCM.Finding
MM = codes.UCUM.Millimeter
FRAME = "1.2.3.4"
POINTS = np.array([[1.0, 2.0], [3.5, 4.0], [1.0, 2.0]])
SQUARE = np.array([[0, 0, 5], [1, 0, 5], [1, 1, 5], [0, 1, 5], [0, 0, 5]], dtype=float)


def every_item():
    """One item of each value type, with the relationship CONTAINS."""
    relation = {"relationship_type": "CONTAINS"}
    return [
        TextContentItem(NAME, "größer", **relation),
        CodeContentItem(NAME, codes.SCT.Liver, **relation),
        NumContentItem(NAME, 1 / 3, MM, **relation),
        DateContentItem(NAME, datetime.date(2020, 1, 2), **relation),
        TimeContentItem(NAME, "101112.5", **relation),
        DateTimeContentItem(NAME, datetime.datetime(2020, 1, 2, 3, 4, 5), **relation),
        PnameContentItem(NAME, "Müller^Anna", **relation),
        UIDRefContentItem(NAME, "1.2.3", **relation),
        CompositeContentItem(NAME, "1.2", "1.3", **relation),
        ImageContentItem(NAME, "1.2", "1.3", [1, 3], **relation),
        WaveformContentItem(NAME, "1.2", "1.3", [(1, 2), (1, 3)], **relation),
        ScoordContentItem(NAME, "POLYLINE", POINTS, "VOLUME", "1.9", **relation),
        Scoord3DContentItem(NAME, "POLYGON", SQUARE, FRAME, "1.9", **relation),
        TcoordContentItem(NAME, "SEGMENT", referenced_time_offsets=[0.5, 2], **relation),
        ContainerContentItem(NAME, is_content_continuous=False, template_id="1500", **relation),
    ]


def values(item):
    return {
        name: getattr(item, name)
        for home in type(item).__mro__
        if home.__module__.startswith("hdcore")
        for name in vars(home)
        if isinstance(vars(home)[name], property)
    }


def tree():
    root = ContainerContentItem(NAME, template_id="1500")
    set_children(root, every_item())
    return root


def written(dataset, implicit):
    file = io.BytesIO()
    pydicom.dcmwrite(file, dataset, implicit_vr=implicit, little_endian=True)
    file.seek(0)
    return pydicom.dcmread(file, force=True)


def test_there_is_a_class_for_every_value_type():
    assert {item.value_type for item in every_item()} == set(ValueTypeValues)


@pytest.mark.parametrize("implicit", [False, True])
def test_items_read_from_a_file_have_the_values_they_were_made_with(implicit):
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ContentSequence = [tree()]
    read = written(dataset, implicit)
    for item, made in zip(children_of(children_of(read)[0]), every_item(), strict=True):
        assert type(item) is type(made)
        got = values(item)
        assert got.keys() == values(made).keys()
        for name, value in values(made).items():
            assert np.array_equal(got[name], value), (type(made), name)


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("character_set", ["ISO_IR 192", "ISO_IR 100"])
def test_bytes_written_in_one_pass_are_those_of_pydicom(implicit, character_set):
    dataset = Dataset()
    dataset.SpecificCharacterSet = character_set
    plain = Dataset.from_json(tree().to_json())
    dataset.ContentSequence = [plain]
    read = written(dataset, implicit)
    expected = written(dataset, False).get_item(0x0040A730).value
    codecs = read.original_character_set
    assert encode_items(children_of(read), codecs) == expected
    assert encode_items([tree()], codecs) == expected
    assert encode_items([plain], codecs) == expected


def test_an_item_is_the_dataset_that_pydicom_expects():
    item = NumContentItem(NAME, 2.5, MM, relationship_type="CONTAINS")
    assert item.ValueType == "NUM"
    assert item.ConceptNameCodeSequence[0] == NAME
    assert isinstance(item.ConceptNameCodeSequence[0], CodedConcept)
    measured = item.MeasuredValueSequence[0]
    assert measured.NumericValue == 2.5
    assert measured.FloatingPointValue == 2.5
    assert measured.MeasurementUnitsCodeSequence[0] == MM
    measured.NumericValue = 3
    del measured.FloatingPointValue
    assert item.value == 3
    assert written(item, False).MeasuredValueSequence[0].NumericValue == 3


def test_items_can_be_compared_copied_and_pickled():
    for item, other in zip(every_item(), every_item(), strict=True):
        assert item == other
        assert copy.deepcopy(item) == item
        assert duplicate(item) == item
        assert pickle.loads(pickle.dumps(item)) == item


def test_a_duplicate_is_independent():
    root = tree()
    other = duplicate(root)
    other.ContentSequence[0].TextValue = "changed"
    assert root.ContentSequence[0].value == "größer"


def test_datasets_become_items_in_place_or_as_copies():
    plain = Dataset.from_json(tree().to_json())
    copied = ContainerContentItem.from_dataset(plain)
    assert type(plain) is Dataset
    assert type(copied.ContentSequence[1]) is CodeContentItem
    assert copied.ContentSequence[1].value == codes.SCT.Liver
    assert ContainerContentItem.from_dataset(plain, copy=False) is plain
    assert isinstance(plain.ContentSequence, ContentSequence)
    assert type(ContentItem.from_dataset(plain.ContentSequence[2])) is NumContentItem


def test_a_dataset_of_another_value_type_is_refused():
    with pytest.raises(ValueError, match="Value Type TEXT"):
        NumContentItem.from_dataset(Dataset(TextContentItem(NAME, "x")))
    with pytest.raises(ValueError, match="Value Type ''"):
        NumContentItem.from_dataset(Dataset())
    with pytest.raises(TypeError):
        NumContentItem.from_dataset("x")
    with pytest.raises(ValueError, match="Value Type 'none'"):
        ContentSequence.from_sequence([Dataset()])


def test_a_sequence_finds_items_by_name():
    text = TextContentItem(NAME, "x", "CONTAINS")
    code = CodeContentItem(MM, MM, "HAS CONCEPT MOD")
    sequence = ContentSequence([text, code])
    assert list(sequence.find(NAME)) == [text]
    assert text in sequence
    assert sequence.index(code) == 1
    assert len(sequence.find(codes.SCT.Kidney)) == 0
    set_children(code, [text])
    assert list(sequence.get_nodes()) == [code]
    with pytest.raises(ValueError, match="not in the sequence"):
        sequence.index(TextContentItem(NAME, "y"))


def test_items_within_a_tree_need_a_relationship_and_roots_have_none():
    bare = ContainerContentItem(NAME)
    related = ContainerContentItem(NAME, relationship_type=RelationshipTypeValues.CONTAINS)
    for kind in (ValueError, AttributeError):
        with pytest.raises(kind, match="relationship_type"):
            ContentSequence([bare])
    with pytest.raises(ValueError, match="root"):
        ContentSequence([related], is_root=True)
    with pytest.raises(ValueError, match="context"):
        ContentSequence([related], is_sr=False)
    sequence = ContentSequence([bare], is_root=True)
    assert sequence.is_root
    assert sequence.is_sr
    with pytest.raises(TypeError):
        sequence.append(Dataset())
    with pytest.raises(ValueError, match="root"):
        sequence.insert(0, related)
    with pytest.raises(ValueError, match="root"):
        sequence[0] = related
    sequence.extend([bare])
    sequence += [bare]
    assert len(sequence) == 3


@pytest.mark.parametrize("value", ["1.0", None, True])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match=r"value of the content item NUM .*, or None with a qualifier"):
        NumContentItem(NAME, value, MM)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("nan")])
def test_numbers_that_are_not_finite_are_refused(value):
    with pytest.raises(ValueError, match="finite"):
        NumContentItem(NAME, value, MM)


@pytest.mark.parametrize("value", [1, -7, 1 / 3, 1e-300, 12345678901234567890, np.float32(0.1), np.int16(3)])
def test_numbers_come_back_exactly_if_they_can(value):
    item = NumContentItem(NAME, value, MM)
    assert item.value == pytest.approx(value, rel=1e-9)
    assert len(str(item.MeasuredValueSequence[0].NumericValue.original_string)) <= 16
    if not isinstance(value, int):
        assert item.value == value


def test_a_number_may_be_absent_for_a_reason():
    item = NumContentItem(NAME, None, MM, qualifier=codes.DCM.NotANumber)
    assert item.value is None
    assert item.qualifier == codes.DCM.NotANumber
    assert len(item.MeasuredValueSequence) == 0
    with pytest.raises(AttributeError, match="no unit"):
        _ = item.unit
    with pytest.raises(TypeError, match="unit"):
        NumContentItem(NAME, 1, "mm")


@pytest.mark.parametrize(
    ("graphic_type", "points"),
    [
        ("POINT", [1, 2]),
        ("POINT", [[1, 2], [3, 4]]),
        ("POLYLINE", [[1, 2]]),
        ("CIRCLE", [[1, 2]]),
        ("ELLIPSE", [[1, 2], [1, 2], [1, 2]]),
        ("MULTIPOINT", [[1, 2]]),
        ("POINT", [[1, 2, 3]]),
        ("POINT", [[float("nan"), 2]]),
    ],
)
def test_coordinates_in_an_image_have_the_shape_of_their_graphic_type(graphic_type, points):
    with pytest.raises(ValueError, match="graphic_data"):
        ScoordContentItem(NAME, graphic_type, np.array(points, dtype=float))


@pytest.mark.parametrize(
    ("graphic_type", "points"),
    [
        ("POINT", [[1, 2]]),
        ("POLYGON", SQUARE[:-1]),
        ("POLYGON", SQUARE + np.array([[0, 0, 0], [0, 0, 3], [0, 0, 0], [0, 0, 0], [0, 0, 0]])),
        ("ELLIPSE", [[0, 2, 0], [4, 2, 0], [2, 0, 1], [2, 4, 0]]),
        ("ELLIPSOID", [[0, 0, 0]] * 5),
        ("POINT", [[float("inf"), 2, 3]]),
    ],
)
def test_coordinates_in_space_are_closed_and_flat(graphic_type, points):
    with pytest.raises(ValueError, match="graphic_data"):
        Scoord3DContentItem(NAME, graphic_type, np.array(points, dtype=float), FRAME)


def test_coordinates_must_be_numbers():
    with pytest.raises(TypeError, match="graphic_data"):
        ScoordContentItem(NAME, "POINT", [["a", "b"]])
    with pytest.raises(ValueError, match="GraphicTypeValues3D"):
        Scoord3DContentItem(NAME, "CIRCLE", np.zeros((1, 3)), FRAME)


def test_times_are_given_in_one_way():
    assert TcoordContentItem(NAME, "POINT", [3]).value == [3]
    moments = [datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 2)]
    assert TcoordContentItem(NAME, "SEGMENT", referenced_date_time=moments).value == moments
    with pytest.raises(ValueError, match="one of"):
        TcoordContentItem(NAME, "POINT")
    with pytest.raises(ValueError, match="one of"):
        TcoordContentItem(NAME, "POINT", [1], [1.0])


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        ("POINT", 2, "POINT has one"),
        ("SEGMENT", 1, "SEGMENT has 2"),
        ("SEGMENT", 3, "SEGMENT has 2"),
        ("MULTISEGMENT", 3, "MULTISEGMENT has 2 for each segment"),
        ("BEGIN", 2, "BEGIN has one"),
        ("END", 3, "END has one"),
    ],
)
def test_a_range_of_time_has_the_points_that_make_it(kind, count, expected):
    for name in ("referenced_sample_positions", "referenced_time_offsets"):
        with pytest.raises(ValueError, match=rf"{name} has {count} value\(s\); a {expected}"):
            TcoordContentItem(NAME, kind, **{name: list(range(1, count + 1))})
    with pytest.raises(ValueError, match="referenced_date_time has"):
        TcoordContentItem(NAME, kind, referenced_date_time=[datetime.datetime(2020, 1, 1)] * count)


@pytest.mark.parametrize(("kind", "count"), [("MULTIPOINT", 1), ("MULTIPOINT", 3), ("MULTISEGMENT", 4), ("END", 1)])
def test_ranges_of_several_points_or_segments_have_as_many(kind, count):
    assert TcoordContentItem(NAME, kind, list(range(1, count + 1))).value == list(range(1, count + 1))


@pytest.mark.parametrize(("frames", "kind"), [(0, ValueError), ([], ValueError), (1.5, TypeError), ("1", TypeError)])
def test_frame_numbers_are_integers_from_one(frames, kind):
    with pytest.raises(kind, match="referenced_frame_numbers"):
        ImageContentItem(NAME, "1.2", "1.3", frames)


@pytest.mark.parametrize("uid", ["", "abc", "1" * 65])
def test_identifiers_are_digits_and_dots(uid):
    with pytest.raises(ValueError, match="unique identifier"):
        UIDRefContentItem(NAME, uid)


def test_other_bad_values_are_refused():
    with pytest.raises(TypeError, match="name"):
        TextContentItem("Finding", "x")
    with pytest.raises(TypeError, match=r"value of the content item TEXT .* is 3; expected a string"):
        TextContentItem(NAME, 3)
    with pytest.raises(TypeError, match="value"):
        CodeContentItem(NAME, "Liver")
    with pytest.raises(ValueError, match="RelationshipTypeValues"):
        TextContentItem(NAME, "x", "BELOW")
    with pytest.raises(ValueError, match="value"):
        DateContentItem(NAME, "someday")
    with pytest.raises(TypeError, match="pairs"):
        WaveformContentItem(NAME, "1.2", "1.3", [3])


def test_an_item_without_its_value_says_so():
    item = TextContentItem(NAME, "x")
    del item.TextValue
    with pytest.raises(AttributeError, match="TextValue"):
        _ = item.value
    del item.ConceptNameCodeSequence
    with pytest.raises(ValueError, match="ConceptNameCodeSequence"):
        _ = item.name


def test_a_concept_with_more_than_a_code_keeps_it():
    concept = CodedConcept("10200004", "SCT", "Liver")
    concept.ContextIdentifier = "4"
    item = CodeContentItem(NAME, concept)
    assert item.ConceptCodeSequence[0].ContextIdentifier == "4"
    assert item.value == codes.SCT.Liver
    number = NumContentItem(NAME, 1, concept)
    assert number.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].ContextIdentifier == "4"


def test_undefined_lengths_are_read():
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ContentSequence = [tree()]
    plain = Dataset.from_json(tree().to_json())
    plain.is_undefined_length_sequence_item = True
    dataset.ContentSequence = [plain]
    dataset["ContentSequence"].is_undefined_length = True
    read = written(dataset, False)
    assert children_of(children_of(read)[0])[0].value == "größer"


def test_big_endian_is_read():
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ContentSequence = [Dataset.from_json(tree().to_json())]
    file = pydicom.filebase.DicomBytesIO()
    file.is_implicit_VR, file.is_little_endian = False, False
    pydicom.filewriter.write_dataset(file, dataset)
    file.seek(0)
    read = pydicom.filereader.read_dataset(file, is_implicit_VR=False, is_little_endian=False)
    items = children_of(children_of(read)[0])
    assert items[2].value == 1 / 3
    assert np.array_equal(items[11].value, POINTS)
    assert items[10].referenced_waveform_channels == [(1, 2), (1, 3)]
    assert encode_items(children_of(read), UTF_8) == encode_items([tree()], UTF_8)


def test_coordinates_that_single_precision_cannot_hold_are_refused():
    with pytest.raises(ValueError, match=r"1e\+300, more than single precision"):
        ScoordContentItem(NAME, "POINT", np.array([[1e300, 2.0]]))
    with pytest.raises(TypeError, match="real numbers"):
        ScoordContentItem(NAME, "POINT", np.array([[1j, 2.0]]))
