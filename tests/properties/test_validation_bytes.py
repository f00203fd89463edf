"""Whatever the bytes, validation answers with a report in which no check of its own has failed."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcore.testing.sources import ct_series, enhanced_ct, slide
from hdcore.validation.engine import validate

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"
KINDS = ("ct", "enhanced", "slide", "implicit", "big", "compressed", "sr")


@cache
def content_of(kind: str) -> bytes:
    bundled = {
        "implicit": "MR_small_implicit.dcm",
        "big": "MR_small_bigendian.dcm",
        "compressed": "MR_small_RLE.dcm",
        "sr": "reportsi.dcm",
    }
    if kind in bundled:
        return (BUNDLED / bundled[kind]).read_bytes()
    made = {"ct": lambda: ct_series(slices=1)[0], "enhanced": lambda: enhanced_ct(frames=20), "slide": slide}[kind]()
    buffer = io.BytesIO()
    (made[0] if isinstance(made, list) else made).save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def assert_answers(content: bytes) -> None:
    report = validate(content)
    assert "RULE001" not in report.codes, str(report.filter(code="RULE001"))
    assert report.to_html()
    assert report.to_json()


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_arbitrary_bytes(content: bytes) -> None:
    assert_answers(content)
    assert_answers(b"\0" * 128 + b"DICM" + content)


@settings(max_examples=150)
@given(
    kind=st.sampled_from(KINDS),
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_changed_bytes(kind: str, places: list[tuple[float, int]]) -> None:
    content = bytearray(content_of(kind))
    for place, value in places:
        content[128 + int(place * min(len(content) - 128, 6000))] = value
    assert_answers(bytes(content))


@settings(max_examples=100)
@given(kind=st.sampled_from(KINDS), cut=st.floats(0, 1), more=st.binary(max_size=40))
def test_files_cut_off_or_with_something_in_between(kind: str, cut: float, more: bytes) -> None:
    content = content_of(kind)
    place = int(cut * len(content))
    assert_answers(content[:place])
    assert_answers(content[:place] + more + content[place:])


@settings(max_examples=60)
@given(kind=st.sampled_from(("ct", "enhanced", "slide", "sr")), data=st.data())
def test_values_of_other_representations(kind: str, data: st.DataObject) -> None:
    """Give attributes the values and representations of others, on all levels."""
    dataset = pydicom.dcmread(io.BytesIO(content_of(kind)))
    for _ in range(data.draw(st.integers(1, 5))):
        item = dataset
        while True:
            sequences = [element for element in item if element.VR == "SQ" and element.value]
            if not sequences or data.draw(st.booleans()):
                break
            item = data.draw(st.sampled_from(sequences)).value[0]
        elements = [element for element in item if element.VR != "SQ"]
        if len(elements) < 2:
            continue
        one, other = data.draw(st.sampled_from(elements)), data.draw(st.sampled_from(elements))
        item._dict[one.tag] = pydicom.dataelem.DataElement(one.tag, other.VR, other.value)
    report = validate(dataset)
    assert "RULE001" not in report.codes, str(report.filter(code="RULE001"))


@pytest.mark.parametrize("kind", KINDS)
def test_corpus_is_there(kind: str) -> None:
    assert len(content_of(kind)) > 1000
