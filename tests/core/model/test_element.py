from __future__ import annotations

import io
import pickle

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from hdcore.model import element as el
from hdcore.model import making

_VALUES = {
    "Rows": 3,
    "PixelSpacing": [0.5, 1 / 3],
    "SliceThickness": 2,
    "ImageType": ["DERIVED", "PRIMARY"],
    "SOPInstanceUID": "1.2.3",
    "PatientName": "Doe^Jane",
    "NumberOfFrames": 7,
    "ContentDate": "20200102",
    "DimensionIndexValues": np.array([1, 2, 3]),
    "PurposeOfReferenceCodeSequence": [el.item(CodeValue="1", CodeMeaning="m")],
}


def test_elements_equal_those_that_pydicom_makes():
    ours, theirs = el.item(**_VALUES), Dataset()
    for keyword, value in _VALUES.items():
        setattr(theirs, keyword, value.tolist() if isinstance(value, np.ndarray) else value)
    theirs.PixelSpacing = ["0.5", "0.33333333333333"]
    assert ours == theirs
    for keyword in _VALUES:
        assert type(ours[keyword].value) is type(theirs[keyword].value)


def test_an_item_leaves_out_what_is_none_and_put_writes_it_empty():
    assert "PatientID" not in el.item(PatientID=None)
    dataset = Dataset()
    el.put(dataset, PatientID=None)
    assert dataset["PatientID"].is_empty


def test_an_unknown_keyword_is_named():
    with pytest.raises(ValueError, match="'NoSuchThing'"):
        making.tag_of("NoSuchThing")


def _raw_sequence():
    buffer = pydicom.filebase.DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = False, True
    pydicom.filewriter.write_dataset(buffer, el.item(DerivationImageSequence=[el.item(DerivationDescription="x")]))
    return buffer.getvalue()[12:]


def test_a_raw_element_passes_through_saving_untouched():
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.3", "1.2.4"
    el.put_raw(dataset, "DerivationImageSequence", "SQ", _raw_sequence())
    el.mark_as_encoded(dataset)
    out = io.BytesIO()
    dataset.save_as(out, implicit_vr=False, little_endian=True)
    assert el.stored(dataset, "DerivationImageSequence").is_raw
    read = pydicom.dcmread(out, force=True)
    assert read.DerivationImageSequence[0].DerivationDescription == "x"


def test_a_raw_element_is_parsed_when_looked_at():
    dataset = Dataset()
    el.put_raw(dataset, "DerivationImageSequence", "SQ", _raw_sequence())
    assert el.stored(dataset, "DerivationImageSequence").is_raw
    assert dataset.DerivationImageSequence[0].DerivationDescription == "x"
    assert not el.stored(dataset, "DerivationImageSequence").is_raw


def test_values_are_fetched_raw_or_not():
    dataset = el.item(Rows=3)
    el.put(dataset, PatientID=None)
    el.put_raw(dataset, "Columns", "US", b"\x05\x00")
    assert el.fetch(dataset, "Rows") == 3
    assert el.fetch(dataset, "Columns") == 5
    assert el.fetch(dataset, "PatientID", "none") == "none"
    assert el.fetch(dataset, "PatientName") is None


def test_ambiguous_value_representations_are_settled_before_marking():
    dataset = el.item(PixelRepresentation=1)
    dataset.RealWorldValueMappingSequence = [Dataset()]
    dataset.RealWorldValueMappingSequence[0].RealWorldValueFirstValueMapped = -5
    el.mark_as_encoded(dataset)
    assert dataset.RealWorldValueMappingSequence[0]["RealWorldValueFirstValueMapped"].VR == "SS"
    assert el.original_encoding(dataset) == (False, True)


class Lazy(el.DeferredSequence):
    def __init__(self, count):
        self.is_deferred = True
        self.count = count

    def _make_items(self):
        return [Dataset() for _ in range(self.count)]


def test_a_deferred_sequence_makes_its_items_when_looked_at():
    sequence = Lazy(3)
    assert sequence.is_deferred
    assert len(sequence) == 3
    assert not sequence.is_deferred
    first = sequence[0]
    sequence.append(Dataset())
    assert sequence[0] is first
    assert len(sequence) == 4
    assert len(pickle.loads(pickle.dumps(Lazy(2)))) == 2


def test_a_filled_dataset_is_written_through_and_read_like_any_other():
    dataset = Dataset.__new__(Dataset)
    raw = making.raw_element("PatientComments", "LT", "Größe ".encode())
    el.fill(dataset, {raw.tag: raw})
    assert dataset.PatientComments == "Größe"
    other = Dataset.__new__(Dataset)
    el.fill(other, {raw.tag: raw}, character_set=["latin_1"])
    assert other.PatientComments == "GrÃ¶Ã\x9fe"
    assert el.character_set_of(other) == ["latin_1"]
    assert list(el.elements_of(other)) == [raw.tag]
    blank = Dataset()
    assert set(vars(dataset)) == set(vars(blank)) | {"_parent_encoding"}


def test_deflated_image_frames_are_a_transfer_syntax_for_pydicom():
    from pydicom.uid import UID

    syntax = UID("1.2.840.10008.1.2.8.1")
    assert syntax.is_transfer_syntax
    assert syntax.is_compressed
    assert syntax.is_little_endian
    assert not syntax.is_implicit_VR


def test_an_element_is_found_whatever_object_its_tag_is():
    dataset = Dataset()
    dataset.Rows, dataset.PatientID = 3, None
    for one in (dataset, pickle.loads(pickle.dumps(dataset))):
        assert [el.has(one, keyword) for keyword in ("Rows", "PatientID", "Columns")] == [True, True, False]
        assert el.fetch(one, "Rows") == 3
        assert el.fetch_text(one, "Rows") == "3"
        assert el.fetch_text(one, "Columns") is None


def test_a_number_of_an_unparsed_element_without_vr_is_read():
    dataset = Dataset()
    raw = making.raw_element("Rows", "US", (515).to_bytes(2, "little"), is_implicit_vr=True)
    el.put_element(dataset, raw._replace(VR=None))
    assert el.fetch(dataset, "Rows") == 515
