from __future__ import annotations

import numpy as np
import pydicom
import pytest

from hdcore import SOPClass
from hdcore.errors import InputError
from hdcore.frames.groups import FRAME_CONTENT
from hdcore.frames.table import FrameTable
from hdcore.frames.write import save_frames, write_frames

NATIVE, IMPLICIT, RLE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.5"
GROUPS = (FRAME_CONTENT,)


def _instance(shape, bits, syntax=NATIVE, samples=1):
    instance = SOPClass("1.2", "1.3", 1, "1.4", "1.2.840.10008.5.1.4.1.1.7.4", 1, "OT", transfer_syntax_uid=syntax)
    instance.Rows, instance.Columns = shape
    instance.SamplesPerPixel = samples
    instance.PhotometricInterpretation = "MONOCHROME2" if samples == 1 else "RGB"
    if samples > 1:
        instance.PlanarConfiguration = 0
    instance.BitsAllocated = bits
    if bits <= 16:
        instance.BitsStored, instance.HighBit, instance.PixelRepresentation = bits, bits - 1, 0
    return instance


def _table(count):
    return FrameTable(count, {"frame_label": [f"frame {index}" for index in range(count)]})


def _frames(count, shape, bits, samples=1):
    rng = np.random.default_rng(0)
    shape = (count, *shape) if samples == 1 else (count, *shape, samples)
    if bits >= 32:
        return rng.random(shape, np.float64).astype(f"f{bits // 8}")
    return rng.integers(0, 2**bits, shape).astype("u1" if bits <= 8 else "u2")


CASES = [
    (bits, syntax, shape, samples)
    for shape in ((4, 6), (3, 3))
    for bits, syntax, samples in [
        (1, NATIVE, 1), (8, NATIVE, 1), (16, NATIVE, 1), (32, NATIVE, 1), (64, NATIVE, 1), (8, NATIVE, 3),
        (1, IMPLICIT, 1), (16, IMPLICIT, 1), (8, RLE, 1), (16, RLE, 1), (8, RLE, 3),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("bits", "syntax", "shape", "samples"), CASES)
@pytest.mark.parametrize("straight", [False, True])
def test_pydicom_reads_the_frames_that_were_written(tmp_path, bits, syntax, shape, samples, straight):
    frames = _frames(5, shape, bits, samples)
    instance, path = _instance(shape, bits, syntax, samples), tmp_path / "image.dcm"
    if straight:
        save_frames(instance, path, _table(5), iter(frames), GROUPS)
    else:
        write_frames(instance, _table(5), iter(frames), GROUPS)
        instance.save_as(path)
    read = pydicom.dcmread(path)
    np.testing.assert_array_equal(read.pixel_array, frames)
    assert read.NumberOfFrames == 5
    assert read.PerFrameFunctionalGroupsSequence[4].FrameContentSequence[0].FrameLabel == "frame 4"
    keyword = {32: "FloatPixelData", 64: "DoubleFloatPixelData"}.get(bits, "PixelData")
    if syntax == NATIVE:
        assert len(read[keyword].value) % 2 == 0
        unpadded = (frames.size * bits + 7) // 8
        assert read[keyword].value[unpadded:] in (b"", b"\0")


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("straight", [False, True])
def test_offset_tables_say_where_frames_are(tmp_path, extended, straight):
    frames = _frames(4, (5, 5), 8)
    instance, path = _instance((5, 5), 8, RLE), tmp_path / "image.dcm"
    options = {"use_extended_offset_table": extended}
    if straight:
        save_frames(instance, path, _table(4), frames, GROUPS, **options)
    else:
        write_frames(instance, _table(4), frames, GROUPS, **options)
        instance.save_as(path)
    read = pydicom.dcmread(path)
    assert ("ExtendedOffsetTable" in read) is extended
    basic = pydicom.encaps.parse_basic_offsets(pydicom.filebase.DicomBytesIO(read.PixelData))
    assert len(basic) == (0 if extended else 4)
    tables = (read.ExtendedOffsetTable, read.ExtendedOffsetTableLengths) if extended else None
    for index in range(4):
        frame = pydicom.encaps.get_frame(read.PixelData, index, extended_offsets=tables, number_of_frames=4)
        assert len(frame) > 64
    np.testing.assert_array_equal(read.pixel_array, frames)


def test_straight_and_in_memory_give_the_same_file(tmp_path):
    for syntax in (NATIVE, RLE):
        frames = _frames(3, (4, 4), 8)
        instance = _instance((4, 4), 8, syntax)
        save_frames(instance, tmp_path / "one.dcm", _table(3), frames, GROUPS)
        write_frames(instance, _table(3), frames, GROUPS)
        instance.save_as(tmp_path / "two.dcm")
        assert (tmp_path / "one.dcm").read_bytes() == (tmp_path / "two.dcm").read_bytes()


@pytest.mark.parametrize("bits", [1, 8, 16])
def test_native_frames_may_come_in_blocks(bits):
    frames = _frames(7, (3, 5), bits)
    one, other = _instance((3, 5), bits), _instance((3, 5), bits)
    write_frames(one, _table(7), iter(frames), GROUPS)
    write_frames(other, _table(7), iter([frames[:4], frames[4], frames[5:]]), GROUPS)
    assert one.PixelData == other.PixelData


def test_workers_give_the_same_pixels():
    frames = _frames(6, (8, 8), 8)
    one, other = _instance((8, 8), 8, RLE), _instance((8, 8), 8, RLE)
    write_frames(one, _table(6), frames, GROUPS)
    write_frames(other, _table(6), frames, GROUPS, workers=2)
    assert one.PixelData == other.PixelData


@pytest.mark.parametrize("syntax", [NATIVE, RLE])
def test_workers_that_cannot_be_are_refused_whatever_the_syntax(tmp_path, syntax):
    frames = _frames(3, (4, 4), 8)
    with pytest.raises(TypeError, match="workers is 'x'"):
        write_frames(_instance((4, 4), 8, syntax), _table(3), frames, GROUPS, workers="x")
    with pytest.raises(TypeError, match="workers is 'x'"):
        save_frames(_instance((4, 4), 8, syntax), tmp_path / "image.dcm", _table(3), frames, GROUPS, workers="x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("syntax", [NATIVE, RLE])
@pytest.mark.parametrize("count", [2, 4])
def test_other_than_the_planned_number_of_frames_is_refused(tmp_path, syntax, count):
    frames = _frames(count, (4, 4), 8)
    with pytest.raises(ValueError, match="planned"):
        write_frames(_instance((4, 4), 8, syntax), _table(3), frames, GROUPS)
    with pytest.raises(ValueError, match="planned"):
        save_frames(_instance((4, 4), 8, syntax), tmp_path / "image.dcm", _table(3), frames, GROUPS)
    assert list(tmp_path.iterdir()) == []


def test_frames_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 4\)"):
        write_frames(_instance((4, 4), 8), _table(1), [np.zeros((3, 4), np.uint8)], GROUPS)
    with pytest.raises(ValueError, match="data type"):
        write_frames(_instance((4, 4), 8), _table(1), [np.zeros((4, 4), np.uint16)], GROUPS)
    with pytest.raises(ValueError, match="4 GiB"):
        write_frames(_instance((60000, 60000), 16), _table(2), [], GROUPS)


@pytest.mark.parametrize("bits", [1, 8, 16, 32])
@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (700, 800)])
@pytest.mark.parametrize("filled", [0.1, 0.9])
def test_repeated_frames_of_zeros_are_written_as_any_others(tmp_path, shape, bits, filled):
    dtype = np.dtype({1: "u1", 8: "u1", 16: "u2", 32: "f4"}[bits])
    frame, nothing = np.ones(shape, dtype), np.zeros(shape, dtype)
    frames = [nothing, nothing, frame, nothing, nothing, nothing, frame, nothing, nothing]
    repeated = [np.broadcast_to(nothing, (2, *shape)), frame, np.broadcast_to(nothing, (3, *shape)), frame]
    repeated.append(np.broadcast_to(nothing, (2, *shape)))
    one, other, third = (_instance(shape, bits) for _ in range(3))
    write_frames(one, _table(9), frames, GROUPS)
    write_frames(other, _table(9), repeated, GROUPS, filled=filled)
    save_frames(third, tmp_path / "image.dcm", _table(9), repeated, GROUPS)
    keyword = "FloatPixelData" if bits == 32 else "PixelData"
    assert other[keyword].value == one[keyword].value
    assert pydicom.dcmread(tmp_path / "image.dcm")[keyword].value == one[keyword].value
    again = _instance(shape, bits)
    write_frames(again, _table(9), repeated, GROUPS, filled=filled)
    again.save_as(tmp_path / "again.dcm")
    assert pydicom.dcmread(tmp_path / "again.dcm")[keyword].value == one[keyword].value


def test_repeated_frames_are_checked_as_any_others():
    with pytest.raises(InputError, match="data type"):
        write_frames(_instance((4, 4), 8), _table(2), [np.broadcast_to(np.zeros((4, 4)), (2, 4, 4))], GROUPS)
    with pytest.raises(InputError, match="more than the 2 frames"):
        write_frames(_instance((4, 4), 8), _table(2), [np.broadcast_to(np.zeros((4, 4), np.uint8), (3, 4, 4))], GROUPS)
