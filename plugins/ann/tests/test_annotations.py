from __future__ import annotations

import contextlib
import copy
import pickle
from io import BytesIO

import hdcore as hd
import numpy as np
import pytest
from hdcore.content.algorithm import AlgorithmIdentificationSequence
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from pydicom import dcmread
from pydicom.sr.coding import Code
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from hdcore_ann import AnnotationGroup, Measurements, MicroscopyBulkSimpleAnnotations, annread, scanning

AREA = Code("42798000", "SCT", "Area")
SQUARE_MICROMETRE = Code("um2", "UCUM", "square micrometer")


@pytest.fixture
def example(group, instance, triangles) -> MicroscopyBulkSimpleAnnotations:
    algorithm = AlgorithmIdentificationSequence("outliner", Code("123110", "DCM", "Artificial Intelligence"), "2")
    area = Measurements(AREA, [1.0, np.nan, 3.0], SQUARE_MICROMETRE)
    return instance(
        [
            group("POLYGON", triangles, measurements=[area]),
            group(
                "POINT",
                np.arange(20.0).reshape(10, 1, 2),
                2,
                label="centres",
                algorithm_type="AUTOMATIC",
                algorithm_identification=algorithm,
            ),
        ]
    )


@pytest.fixture(params=["eager", "lazy"])
def laziness(request, monkeypatch) -> str:
    if request.param == "lazy":
        monkeypatch.setattr(scanning, "LARGEST_VALUE_READ", 8)
        monkeypatch.setattr("hdcore_ann.reading.LARGEST_VALUE_READ", 8)
    return request.param


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("as_path", [True, False])
def test_saved_instances_read_back_equal(group, instance, triangles, tmp_path, laziness, syntax, as_path) -> None:
    made = instance([group("POLYGON", triangles)], transfer_syntax_uid=syntax)
    path = tmp_path / "ann.dcm"
    made.save_as(path, enforce_file_format=True)
    read = annread(path if as_path else BytesIO(path.read_bytes()))
    first = read.get_annotation_group(1)
    np.testing.assert_array_equal(first.get_coordinates(2, "2D"), triangles[1])
    assert len(first.get_graphic_data("2D")) == 3
    assert first == made.get_annotation_group(1)
    assert annread(path.read_bytes()).get_annotation_group(1).label == "cells"


def test_file_may_be_removed_copied_and_pickled_while_it_is_read(example, triangles, tmp_path, laziness) -> None:
    path = tmp_path / "ann.dcm"
    example.save_as(path, enforce_file_format=True)
    read = annread(path)
    for twin in (copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        np.testing.assert_array_equal(twin.get_annotation_group(1).get_coordinates(3, "2D"), triangles[2])
    pickled = pickle.dumps(read)
    path.unlink()
    np.testing.assert_array_equal(read.get_annotation_group(1).get_coordinates(3, "2D"), triangles[2])
    if laziness == "lazy":
        with pytest.raises(ValueError, match="cannot be opened again"):
            pickle.loads(pickled)


def test_read_instance_can_be_saved_over_its_own_file(example, tmp_path, laziness) -> None:
    path = tmp_path / "ann.dcm"
    example.save_as(path, enforce_file_format=True)
    read = annread(path)
    read.ContentDescription = "changed"
    read.save_as(path, enforce_file_format=True)
    again = annread(path)
    assert again.ContentDescription == "changed"
    assert again.get_annotation_group(1) == example.get_annotation_group(1)


def test_pydicom_reads_what_was_left_in_the_file(example, tmp_path, laziness) -> None:
    path = tmp_path / "ann.dcm"
    example.save_as(path, enforce_file_format=True)
    read = annread(path)
    plain = dcmread(path)
    assert read.AnnotationGroupSequence[0].PointCoordinatesData == plain.AnnotationGroupSequence[0].PointCoordinatesData
    assert str(read.AnnotationGroupSequence[1]) == str(plain.AnnotationGroupSequence[1])


def test_undefined_lengths_are_read_too(example, tmp_path) -> None:
    plain = copy.deepcopy(example)
    plain["AnnotationGroupSequence"].is_undefined_length = True
    for one in plain.AnnotationGroupSequence:
        one.is_undefined_length_sequence_item = True
    path = tmp_path / "ann.dcm"
    plain.save_as(path, enforce_file_format=True)
    assert annread(path).get_annotation_group(2).number_of_annotations == 10


def test_groups_are_found_by_what_they_are(example) -> None:
    assert [one.number for one in example.get_annotation_groups(label="centres")] == [2]
    assert [one.number for one in example.get_annotation_groups(graphic_type="POLYGON")] == [1]
    assert [one.number for one in example.get_annotation_groups(algorithm_name="outliner")] == [2]
    assert [one.number for one in example.get_annotation_groups(algorithm_version="3")] == []
    assert len(example.get_annotation_groups(annotated_property_category=Code("85756007", "SCT", "Tissue"))) == 2
    uid = example.get_annotation_group(2).uid
    assert example.get_annotation_group(uid=uid).number == 2
    with pytest.raises(ValueError, match="number 3"):
        example.get_annotation_group(3)
    with pytest.raises(ValueError, match="number 1 and uid"):
        example.get_annotation_group(1, uid)
    with pytest.raises(TypeError, match="Either"):
        example.get_annotation_group()


def test_front_door_reads_and_creates(example, tmp_path, slide, group) -> None:
    path = tmp_path / "ann.dcm"
    example.save_as(path, enforce_file_format=True)
    assert type(hd.read(path)) is MicroscopyBulkSimpleAnnotations
    made = hd.create(
        "ann", [slide], "2D", [group("POINT", [[[1, 2]]])], hd.UID(), 1, hd.UID(), 1, "Acme", "Outliner", "1", "42"
    )
    assert made.Modality == "ANN"


def test_dataset_is_left_alone_unless_asked(example) -> None:
    buffer = BytesIO()
    example.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    plain = dcmread(buffer)
    kind = type(plain)
    copied = MicroscopyBulkSimpleAnnotations.from_dataset(plain)
    assert type(plain) is kind
    assert type(copied.AnnotationGroupSequence[0]) is AnnotationGroup
    assert MicroscopyBulkSimpleAnnotations.from_dataset(plain, copy=False) is plain


def test_what_cannot_be_an_instance_is_refused(group, instance, triangles, slide) -> None:
    flat, deep = group("POLYGON", triangles), group("POINT", [[[1, 2, 3]]])
    other = sources.slide(seed=1)
    for groups, coordinates, options, message in (
        ([flat, group("POLYGON", triangles, 3)], "2D", {}, r"numbered \[1, 3\]"),
        ([], "2D", {}, "empty"),
        ([flat], "3D", {}, "2D coordinates"),
        ([deep], "2D", {}, "3D coordinates"),
        ([flat], "4D", {}, "4D"),
        ([flat], "2D", {"source_images": []}, "empty"),
        ([flat], "2D", {"source_images": [slide, other]}, "exactly one"),
        ([deep], "3D", {"source_images": [slide, other]}, "Frame of Reference"),
        ([flat], "2D", {"source_images": [slide, slide]}, "more than once"),
        ([flat], "2D", {"content_label": "lower"}, "content_label"),
        ([flat], "2D", {"transfer_syntax_uid": "1.2.840.10008.1.2.2"}, "transfer_syntax_uid"),
        ([flat], "2D", {"referenced_frame_number": 1}, "referenced_frame_number"),
    ):
        with pytest.raises(ValueError, match=message):
            instance(groups, coordinates, **options)
    with pytest.raises(TypeError):
        instance([3])
    with pytest.raises(TypeError):
        instance([flat], source_images=slide)


def test_file_of_something_else_is_refused(tmp_path, slide) -> None:
    path = tmp_path / "other.dcm"
    path.write_bytes(b"not a DICOM file" * 20)
    with pytest.raises(ValueError, match="not a DICOM file"):
        annread(path)
    slide.save_as(path, enforce_file_format=True)
    with pytest.raises(ValueError, match="SOP class"):
        annread(path)


@pytest.mark.parametrize("cut", [60, 400, 1200])
def test_cut_off_file_is_refused(example, tmp_path, cut, laziness) -> None:
    buffer = BytesIO()
    example.save_as(buffer, enforce_file_format=True)
    path = tmp_path / "cut.dcm"
    path.write_bytes(buffer.getvalue()[:-cut])
    with pytest.raises(ValueError, match=r"\w"):
        annread(path).get_annotation_group(2).get_graphic_data("2D")


def test_every_kind_conforms(group, instance, triangles) -> None:
    deep = [np.column_stack([one, np.full(len(one), 0.5)]) for one in triangles]
    steep = [np.column_stack([one, np.arange(len(one))]) for one in triangles]
    ellipse = [[[0, 0], [8, 0], [4, 2], [4, -2]]]
    assert_conformant(
        instance(
            [
                group("POLYGON", triangles, measurements=[Measurements(AREA, [1.0, np.nan, 3.0], SQUARE_MICROMETRE)]),
                group("ELLIPSE", ellipse, 2, optical_path_identifiers=["1"]),
                group("POLYLINE", [one.astype(float) for one in triangles], 3, description="outlines"),
            ]
        )
    )
    assert_conformant(instance([group("POLYGON", deep), group("POLYLINE", steep, 2)], "3D"))
    framed = instance([group("POINT", [[[1, 2]]])], pixel_origin_interpretation="FRAME", referenced_frame_number=2)
    assert framed.ReferencedImageSequence[0].ReferencedFrameNumber == 2
    assert_conformant(framed)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_read_or_refused(example, seed, laziness) -> None:
    buffer = BytesIO()
    example.save_as(buffer)
    random = np.random.default_rng(seed)
    for _ in range(40):
        content = bytearray(buffer.getvalue())
        content[random.integers(132, len(content))] = random.integers(256)
        with contextlib.suppress(ValueError):  # also what is documented to be an IndexError
            for group in annread(bytes(content)).get_annotation_groups():
                group.get_graphic_data("2D")
                group.get_measurements()
