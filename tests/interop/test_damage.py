"""Damage files of every kind at random: findings come out, and never an exception."""

from __future__ import annotations

import io
import random
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest

import hdcore

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

TIMES = 60
HEADER = 5000
"""Most damage is done to the first bytes, where the structure is; pixels hardly matter."""
SPLICES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0\0\0\0\0", b"SQ\0\0", b"UN\0\0")
BUNDLED = (
    "DICOMDIR",
    "JPEG2000.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_implicit.dcm",
    "UN_sequence.dcm",
    "image_dfl.dcm",
    "nested_priv_SQ.dcm",
    "reportsi.dcm",
    "rtdose.dcm",
    "rtplan.dcm",
    "rtstruct.dcm",
    "test-SR.dcm",
    "waveform_ecg.dcm",
)
FOLDER = Path(pydicom.__file__).parent / "data"


def damaged(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(min(len(data), HEADER) or 1)
        match chance.randrange(4):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at : at + 1] = bytes([data[at] ^ 1 << chance.randrange(8)]) if data else b"x"
            case 2:
                del data[at : at + chance.choice((1, 2, 8))]
            case _:
                data[at:at] = chance.choice(SPLICES)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data) or 1) :]
    return bytes(data)


def as_encoded(content: bytes, syntax: str) -> bytes:
    dataset = pydicom.dcmread(io.BytesIO(content))
    buffer = io.BytesIO()
    is_implicit = syntax == pydicom.uid.ImplicitVRLittleEndian
    dataset.file_meta.TransferSyntaxUID = syntax
    _make_undefined(dataset)
    pydicom.dcmwrite(buffer, dataset, implicit_vr=is_implicit, little_endian=True, enforce_file_format=True)
    return buffer.getvalue()


def _make_undefined(dataset: Dataset) -> None:
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
                _make_undefined(item)


def _assert_only_findings(content: bytes) -> None:
    report = hdcore.validate(content)
    assert str(report) or report
    assert report.to_json()
    assert report.to_html()


def _damage(name: str, content: bytes) -> None:
    chance = random.Random(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(TIMES):
            _assert_only_findings(damaged(content, chance))


def test_damaged_objects_of_every_kind_give_findings(valid_objects: dict[str, bytes]) -> None:
    for kind, content in valid_objects.items():
        _damage(kind, content)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_damaged_undefined_lengths_give_findings(syntax: str, valid_objects: dict[str, bytes]) -> None:
    for kind in ("ann", "enhanced", "pr", "seg", "sr"):
        content = as_encoded(valid_objects[kind], syntax)
        assert b"\xfe\xff\x0d\xe0" in content, "no item is of undefined length"
        assert hdcore.validate(content), kind
        _damage(f"{kind} {syntax}", content)


@pytest.mark.parametrize("name", BUNDLED)
def test_damaged_files_of_others_give_findings(name: str) -> None:
    path = next(FOLDER.rglob(name))
    _damage(name, path.read_bytes()[:200_000])


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_cut_anywhere_has_errors(valid_objects: dict[str, bytes]) -> None:
    content = valid_objects["pr"]
    for length in range(0, len(content), 3):
        assert not hdcore.validate(content[:length]), length
