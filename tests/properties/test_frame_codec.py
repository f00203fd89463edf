from __future__ import annotations

import warnings

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcore.errors import UnreadableError
from hdcore.frames.byterows import ByteRows
from hdcore.frames.columns import Categorical, Numbers, Ragged
from hdcore.frames.decoding import decode_rows
from hdcore.frames.encoding import Encoding, encode_rows
from hdcore.frames.groups import Attribute, FunctionalGroup, Rows
from hdcore.frames.table import FrameTable
from hdcore.model.items import decode_items, encode_items

GROUPS = (
    FunctionalGroup("PlanePositionSequence", position=Attribute("ImagePositionPatient", size=3)),
    FunctionalGroup(
        "FrameContentSequence",
        indices=Attribute("DimensionIndexValues", size=None),
        label="FrameLabel",
        duration="FrameAcquisitionDuration",
    ),
    FunctionalGroup(
        "DerivationImageSequence",
        rows="derivations",
        description="DerivationDescription",
        sources=Rows(
            "SourceImageSequence",
            uid="ReferencedSOPInstanceUID",
            frame_numbers=Attribute("ReferencedFrameNumber", many=True),
        ),
    ),
)

NODES = [group.node for group in GROUPS]

_numbers = st.floats(-1e6, 1e6).map(lambda number: float(f"{number:.9g}"))
_labels = st.one_of(st.none(), st.text("abcXYZ äß", max_size=12).map(str.strip))
_source = st.tuples(
    st.integers(1, 10**12).map("1.2.{}".format), st.lists(st.integers(1, 10**6), min_size=1, max_size=4)
)
_derivation = st.tuples(_labels, st.lists(_source, max_size=3))
_frame = st.fixed_dictionaries(
    {
        "position": st.one_of(st.none(), st.tuples(_numbers, _numbers, _numbers)),
        "indices": st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 9)),
        "label": _labels,
        "duration": _numbers,
        "derivations": st.lists(_derivation, max_size=2),
    }
)


def _table(frames):
    derivations = [derivation for frame in frames for derivation in frame["derivations"]]
    sources = [source for _, items in derivations for source in items]
    numbers = [number for _, numbers in sources for number in numbers]
    source_table = FrameTable(
        len(sources),
        {
            "uid": Categorical.of(uid for uid, _ in sources),
            "frame_numbers": Ragged.of([len(each) for _, each in sources], np.array(numbers, np.int64)),
        },
    )
    derivation_table = FrameTable(
        len(derivations),
        {
            "description": Categorical.of(description for description, _ in derivations),
            "sources": Ragged.of([len(items) for _, items in derivations], source_table),
        },
    )
    position = np.array([frame["position"] or (np.nan,) * 3 for frame in frames])
    return FrameTable(
        len(frames),
        {
            "position": Numbers(position, ~np.isnan(position[:, 0])),
            "indices": np.array([frame["indices"] for frame in frames]),
            "label": Categorical.of(frame["label"] for frame in frames),
            "duration": np.array([frame["duration"] for frame in frames]),
            "derivations": Ragged.of([len(frame["derivations"]) for frame in frames], derivation_table),
        },
    )


def _frames(table):
    frames = []
    for row in range(len(table)):
        derivations = []
        for each in _rows(table, "derivations", row):
            sources = [
                (source["uid"].values[0], source["frame_numbers"][0].tolist()) for source in _rows(each, "sources", 0)
            ]
            derivations.append((_word(each, "description", 0), sources))
        frames.append(
            {
                "position": tuple(table["position"][row].tolist()) if table.present("position")[row] else None,
                "indices": tuple(table["indices"][row].tolist()),
                "label": _word(table, "label", row),
                "duration": float(table["duration"][row]),
                "derivations": derivations,
            }
        )
    return frames


def _rows(table, name, row):
    if name not in table:
        return []
    items = table[name][row]
    return [items.select([index]) for index in range(len(items))]


def _word(table, name, row):
    return table[name].values[row] if name in table else None


@settings(max_examples=60)
@given(st.lists(_frame, min_size=1, max_size=6), st.booleans())
def test_any_table_is_read_as_it_was_written(frames, implicit):
    value = encode_rows(_table(frames), NODES, Encoding(implicit))
    assert _frames(decode_rows(value, GROUPS, is_implicit_vr=implicit)) == frames


@settings(max_examples=30)
@given(st.lists(_frame, min_size=1, max_size=4), st.booleans())
def test_any_table_is_encoded_as_pydicom_would(frames, undefined):
    value = encode_rows(_table(frames), NODES)
    items = decode_items(value)
    assert encode_items(items) == value
    _parse(items, undefined)
    again = encode_items(items)
    assert (again == value) is not undefined
    assert _frames(decode_rows(again, GROUPS)) == frames


def _parse(items, undefined):
    for item in items:
        item.is_undefined_length_sequence_item = undefined
        for element in item:
            if element.VR == "SQ":
                element.is_undefined_length = undefined
                _parse(element.value, undefined)


@settings(max_examples=60)
@given(st.lists(_frame, min_size=1, max_size=2), st.data())
def test_damaged_bytes_give_a_table_or_an_error_of_ours(frames, data):
    value = bytearray(encode_rows(_table(frames), NODES))
    for _ in range(data.draw(st.integers(1, 3))):
        value[data.draw(st.integers(0, len(value) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(value)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            decode_rows(bytes(value[:cut]), GROUPS)
    except UnreadableError:
        return  # any other error is a defect


@given(st.lists(st.lists(st.binary(max_size=9), min_size=3, max_size=3), max_size=8))
def test_joined_rows_are_the_joined_texts(rows):
    parts = [ByteRows.words([row[index] for row in rows], np.arange(len(rows))) for index in range(3)]
    joined = ByteRows.joined([*parts, ByteRows.constant(b"ab", len(rows))], len(rows))
    assert joined.buffer.tobytes() == b"".join(b"".join(row) + b"ab" for row in rows)
