from __future__ import annotations

import copy
import io
import pickle

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from hdcore import HdcoreWarning, SOPClass
from hdcore.frames import codec, opening
from hdcore.frames.columns import Categorical, EncodedItems, Numbers, Ragged
from hdcore.frames.groups import STANDARD_GROUPS, FunctionalGroup
from hdcore.frames.table import FrameTable
from hdcore.model.element import item, put_raw, stored
from hdcore.model.items import decode_items

SEGMENT = FunctionalGroup("SegmentIdentificationSequence", segment_number="ReferencedSegmentNumber")
GROUPS = (*STANDARD_GROUPS, SEGMENT)


def make_table(frames=5):
    number = np.arange(frames)
    purpose = EncodedItems.of([item(CodeValue="121322", CodingSchemeDesignator="DCM", CodeMeaning="Source image")])
    how_many = np.arange(2 * frames) % 3 + 1
    sources = FrameTable(
        2 * frames,
        {
            "sop_instance_uid": [f"1.2.{10 ** (index % 4)}" for index in range(2 * frames)],
            "frame_numbers": Ragged.of(how_many, np.arange(how_many.sum()) + 1),
        },
        shared={"sop_class_uid": ["1.2.840.10008.5.1.4.1.1.2"], "purpose": Categorical.of([purpose])},
    )
    derivations = FrameTable(frames, {"sources": Ragged.of(np.full(frames, 2), sources)})
    counts = np.ones(frames, int)
    counts[1] = 0
    derivations = derivations.select(np.flatnonzero(counts))
    return FrameTable(
        frames,
        {
            "image_position": np.stack([number / 3, -number * 100.5, number * 1e-6], axis=1),
            "dimension_index_values": np.stack([number + 1, number % 2 + 1], axis=1),
            "stack_id": ["1" if index % 2 else None for index in range(frames)],
            "frame_label": ["Grün" if index == 3 else f"label {index}" for index in range(frames)],
            "temporal_position_offset": np.linspace(0, 1, frames),
            "segment_number": number % 7 + 1,
            "derivations": Ragged.of(counts, derivations),
            "window_center": Ragged.of(np.full(frames, 2), np.arange(2.0 * frames)),
        },
        shared={
            "pixel_spacing": [[0.5, 1 / 3]],
            "slice_thickness": [2.0],
            "image_orientation": [[1, 0, 0, 0, 1, 0]],
            "rescale_slope": [2.5],
            "rescale_type": ["HU"],
        },
    )


def make_instance(table, groups=GROUPS):
    instance = SOPClass("1.2", "1.3", 1, "1.4", "1.2.840.10008.5.1.4.1.1.66.4", 1, "SEG")
    instance.NumberOfFrames = len(table)
    codec.put_groups(instance, table, groups)
    return instance


def readable(word):
    return list(word.items()) if isinstance(word, EncodedItems) else word


def assert_same(actual, expected):
    assert len(actual) == len(expected)
    assert set(actual) == set(expected)
    for name in expected:
        one, other = actual.column(name), expected.column(name)
        if isinstance(other, Categorical):
            assert list(map(readable, one.values)) == list(map(readable, other.values))
        elif isinstance(other, Numbers):
            assert (actual.present(name) == expected.present(name)).all()
            present = expected.present(name)
            np.testing.assert_allclose(one.values[present], other.values[present], rtol=1e-13)
        elif isinstance(other.rows, np.ndarray):
            assert [one[row].tolist() for row in range(len(one))] == [other[row].tolist() for row in range(len(other))]
        else:
            assert one.counts.tolist() == other.counts.tolist()
            _, children = one.pairs()
            assert_same(one.rows.select(children), other.rows.select(other.pairs()[1]))


def as_pydicom_writes(instance, *, undefined=False, implicit=False, little=True):
    """Parse everything, and let pydicom encode it."""

    def prepare(dataset):
        for element in dataset:
            if element.VR == "SQ":
                element.is_undefined_length = undefined
                for nested in element.value:
                    nested.is_undefined_length_sequence_item = undefined
                    prepare(nested)

    instance = copy.deepcopy(instance)
    prepare(instance)
    instance.file_meta.TransferSyntaxUID = {
        (False, True): "1.2.840.10008.1.2.1",
        (True, True): "1.2.840.10008.1.2",
        (False, False): "1.2.840.10008.1.2.2",
    }[implicit, little]
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, instance, enforce_file_format=True, implicit_vr=implicit, little_endian=little)
    buffer.seek(0)
    return buffer


def test_what_is_written_is_read():
    table = make_table()
    instance = make_instance(table)
    decoded = codec.decode(instance, GROUPS)
    assert_same(decoded, table)
    assert decoded.shared == table.shared
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        assert stored(instance, keyword).is_raw


def test_groups_of_fifty_thousand_frames_are_written_and_read(tmp_path):
    frames = 50_000
    table = make_table(frames)
    path = tmp_path / "frames.dcm"
    make_instance(table).save_as(path)
    with path.open("rb") as file:
        read = opening.read_dataset(file)
    assert stored(read, "PerFrameFunctionalGroupsSequence").is_raw
    decoded = codec.decode(read, GROUPS)
    assert len(decoded) == frames
    for name in ("image_position", "dimension_index_values", "temporal_position_offset", "segment_number"):
        np.testing.assert_allclose(decoded[name], table[name], rtol=1e-13)
    for row in (0, 1, 3, 25_000, frames - 1):
        assert_same(decoded.select([row]), table.select([row]))


def test_pydicom_reads_what_is_written():
    table = make_table()
    instance = make_instance(table)
    assert len(instance.PerFrameFunctionalGroupsSequence) == 5
    frame = instance.PerFrameFunctionalGroupsSequence[3]
    assert frame.FrameContentSequence[0].FrameLabel == "Grün"
    assert frame.FrameContentSequence[0].DimensionIndexValues == [4, 2]
    assert frame.PlanePositionSequence[0].ImagePositionPatient == [1, -301.5, 3e-06]
    source = frame.DerivationImageSequence[0].SourceImageSequence[1]
    assert source.ReferencedSOPInstanceUID == "1.2.1000"
    assert source.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Source image"
    assert len(instance.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence) == 0
    assert instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SliceThickness == 2


@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize(("implicit", "little"), [(False, True), (True, True), (False, False)])
def test_every_encoding_is_read(undefined, implicit, little):
    table = make_table()
    file = as_pydicom_writes(make_instance(table), undefined=undefined, implicit=implicit, little=little)
    dataset = opening.read_dataset(file)
    if little:
        assert stored(dataset, "PerFrameFunctionalGroupsSequence").is_raw
    assert_same(codec.decode(dataset, GROUPS), table)


@pytest.mark.parametrize(("implicit", "little"), [(True, True), (False, False)])
def test_groups_are_encoded_for_other_transfer_syntaxes(implicit, little):
    table = make_table()
    expected = codec.encode(table, GROUPS)
    encoded = codec.encode(table, GROUPS, is_implicit_vr=implicit, is_little_endian=little)
    assert decode_items(encoded.per_frame, is_implicit_vr=implicit, is_little_endian=little) == decode_items(
        expected.per_frame
    )


def test_a_group_is_read_wherever_it_is():
    table = make_table()
    everywhere = table.with_columns(**{name: table.column(name) for name in table.shared})
    instance = make_instance(everywhere)
    assert len(instance.SharedFunctionalGroupsSequence[0]) == 0
    assert_same(codec.decode(instance, GROUPS), everywhere)


def test_frame_content_is_never_shared():
    instance = make_instance(FrameTable(2, shared={"stack_id": ["1"]}))
    assert [frame.FrameContentSequence[0].StackID for frame in instance.PerFrameFunctionalGroupsSequence] == ["1", "1"]


def test_a_group_that_only_some_frames_have_is_left_out_of_the_others():
    positions = Numbers(np.array([[1.0, 2, 3], [0, 0, 0]]), np.array([True, False]))
    instance = make_instance(FrameTable(2, {"image_position": positions}))
    assert "PlanePositionSequence" not in instance.PerFrameFunctionalGroupsSequence[1]
    assert codec.decode(instance, GROUPS).present("image_position").tolist() == [True, False]


def test_a_dataset_without_groups_has_a_table_without_columns():
    dataset = Dataset()
    dataset.NumberOfFrames = 3
    table = codec.decode(dataset)
    assert len(table) == 3
    assert list(table) == []


def _with_items(*items, shared=None, frames=None):
    dataset = Dataset()
    dataset.NumberOfFrames = len(items) if frames is None else frames
    dataset.PerFrameFunctionalGroupsSequence = Sequence(items)
    if shared is not None:
        dataset.SharedFunctionalGroupsSequence = shared
    return dataset


def _frame(position=None, **groups):
    frame = item(**groups)
    if position is not None:
        frame.PlanePositionSequence = [item(ImagePositionPatient=position)]
    return frame


def test_an_empty_group_is_read_with_a_warning_that_names_it():
    dataset = _with_items(_frame([1, 2, 3]), _frame(PlanePositionSequence=[]))
    with pytest.warns(HdcoreWarning, match="PlanePositionSequence is empty in 1 frames"):
        table = codec.decode(dataset)
    assert table.present("image_position").tolist() == [True, False]


def test_a_group_of_two_items_is_read_with_a_warning():
    dataset = _with_items(_frame(PlanePositionSequence=[item(ImagePositionPatient=[1, 2, 3])] * 2))
    with pytest.warns(HdcoreWarning, match="more than one item"):
        assert codec.decode(dataset)["image_position"].tolist() == [[1, 2, 3]]


def replace_bytes(instance, old, new):
    value = stored(instance, "PerFrameFunctionalGroupsSequence").value
    assert old in value
    assert len(old) == len(new)
    put_raw(instance, "PerFrameFunctionalGroupsSequence", "SQ", value.replace(old, new))


def test_decimal_strings_with_spaces_are_read():
    instance = make_instance(make_table())
    replace_bytes(instance, b"0.0\\0.0\\0.0 ", b" 0 \\ 0 \\0   ")
    assert codec.decode(instance, GROUPS)["image_position"][0].tolist() == [0, 0, 0]


def test_what_is_no_number_is_absent_with_a_warning():
    instance = make_instance(make_table())
    replace_bytes(instance, b"0.0\\0.0\\0.0 ", b"none\\0.0\\1.0")
    with pytest.warns(HdcoreWarning, match="ImagePositionPatient is 'none"):
        assert not codec.decode(instance, GROUPS).present("image_position")[0]


def test_a_group_both_shared_and_per_frame_is_read_with_a_warning():
    dataset = _with_items(_frame([1, 2, 3]), _frame(), shared=[_frame([7, 8, 9])])
    with pytest.warns(HdcoreWarning, match="both shared and per frame"):
        assert codec.decode(dataset)["image_position"].tolist() == [[1, 2, 3], [7, 8, 9]]


def test_a_wrong_number_of_items_is_told():
    with pytest.raises(ValueError, match="has 1 items, but NumberOfFrames is 2"):
        codec.decode(_with_items(_frame([1, 2, 3]), frames=2))
    with pytest.warns(HdcoreWarning, match="surplus"):
        assert len(codec.decode(_with_items(_frame([1, 2, 3]), _frame([1, 2, 3]), frames=1))) == 1


@pytest.mark.filterwarnings("ignore::hdcore.errors.HdcoreWarning")
def test_damaged_bytes_raise_an_error_of_ours():
    instance = make_instance(make_table())
    value = stored(instance, "PerFrameFunctionalGroupsSequence").value
    for cut in (b"not items at all", value[:100], value[:8] + value[20:]):
        put_raw(instance, "PerFrameFunctionalGroupsSequence", "SQ", cut + b" " * (len(cut) % 2))
        with pytest.raises(ValueError, match=r"PerFrameFunctionalGroupsSequence|sequence|damaged"):
            codec.decode(instance, GROUPS)


def test_copies_pickles_and_edits_behave_as_with_pydicom():
    instance = make_instance(make_table())
    for other in (copy.deepcopy(instance), pickle.loads(pickle.dumps(instance))):
        assert other == instance
    instance = make_instance(make_table())
    instance.PerFrameFunctionalGroupsSequence[2].FrameContentSequence[0].FrameLabel = "edited"
    buffer = io.BytesIO()
    instance.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    assert codec.decode(pydicom.dcmread(buffer), GROUPS)["frame_label"].values[2] == "edited"


@pytest.mark.parametrize("stop", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_reading_can_stop_before_the_pixels(stop, undefined):
    instance = make_instance(make_table())
    instance.PixelData = b"\0\1" * 50
    instance["PixelData"].VR = "OB"
    instance.DataSetTrailingPadding = b"\0\0"
    file = as_pydicom_writes(instance, undefined=undefined)
    dataset = opening.read_dataset(file, stop_before_pixels=stop)
    assert ("PixelData" in dataset) is not stop
    assert ("DataSetTrailingPadding" in dataset) is not stop
    if stop:
        assert file.read(4) == b"\xe0\x7f\x10\x00"


def test_what_is_no_dicom_file_is_refused():
    with pytest.raises(ValueError, match="not a DICOM file"):
        opening.read_dataset(io.BytesIO(b"nothing" * 100))


def test_numbers_where_words_belong_are_refused():
    with pytest.raises(ValueError, match="'stack_id' holds numbers"):
        codec.encode(FrameTable(1, {"stack_id": [1]}), GROUPS)
    with pytest.raises(ValueError, match="'slice_thickness' holds words"):
        codec.encode(FrameTable(1, {"slice_thickness": ["thin"]}), GROUPS)
