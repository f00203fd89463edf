"""Frames are found and read by position, whatever the file is like."""

from __future__ import annotations

import copy
import io
import pickle
import struct
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
    UltrasoundMultiFrameImageStorage,
)

from hdcore.errors import HdcoreWarning, InputTypeError, OutOfRangeError, UnreadableError, UnreadableFrameError
from hdcore.frame import encode_frame
from hdcore.io import ImageFileReader
from hdcore.pixels.cursor import StoreCursor
from hdcore.pixels.fragments import NativeFrames, locate_fragments
from hdcore.pixels.storage import FileStore, MemoryStore, PathStore, open_store
from hdcore.pixels.stored import StoredFrames


def image(pixels, bits=8, syntax=ExplicitVRLittleEndian, **more):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = "2.25.1"
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = pixels.shape[:3]
    dataset.SamplesPerPixel = 1 if pixels.ndim == 3 else 3
    if pixels.ndim == 4:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 3 else "RGB"
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    content = np.packbits(pixels.ravel(), bitorder="little").tobytes() if bits == 1 else pixels.tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    return dataset


def saved(dataset):
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 4000, (5, 3, 7), np.uint16)


@pytest.fixture
def content(pixels):
    return saved(image(pixels, 16))


def frames_of(content):
    with ImageFileReader(content) as reader:
        return np.stack([reader.read_frame(index) for index in range(reader.number_of_frames)])


@pytest.mark.parametrize("kind", ["path", "str", "bytes", "bytearray", "memoryview", "BytesIO", "file"])
def test_a_file_is_read_from_whatever_holds_it(kind, content, pixels, tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(content)
    makers = {
        "path": lambda: path,
        "str": lambda: str(path),
        "bytes": lambda: content,
        "bytearray": lambda: bytearray(content),
        "memoryview": lambda: memoryview(content),
        "BytesIO": lambda: io.BytesIO(content),
        "file": lambda: path.open("rb"),
    }
    source = makers[kind]()
    np.testing.assert_array_equal(frames_of(source), pixels)
    if kind == "file":
        assert not source.closed
        source.close()


def test_a_file_object_is_read_from_where_it_stands(content, pixels):
    file = io.BufferedReader(io.BytesIO(b"before" + content))
    file.seek(6)
    np.testing.assert_array_equal(frames_of(file), pixels)


def test_something_that_is_no_file_is_refused():
    with pytest.raises(InputTypeError, match="fp is of type int; expected a path"):
        open_store(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian]
)
@pytest.mark.parametrize("dtype", ["u1", "i2", "u4"])
def test_native_frames_of_every_syntax(syntax, dtype):
    pixels = np.random.default_rng(1).integers(0, 100, (3, 5, 3)).astype(dtype)
    bits = pixels.itemsize * 8
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    dataset = image(pixels.astype(pixels.dtype.newbyteorder(order)), bits, syntax)
    dataset.PixelRepresentation = int(dtype == "i2")
    frames = frames_of(saved(dataset))
    np.testing.assert_array_equal(frames, pixels)
    assert frames.dtype == np.dtype(dtype)


def test_bytes_exchanged_by_big_endian_words_are_exchanged_back():
    pixels = np.arange(45, dtype=np.uint8).reshape(3, 3, 5)  # frames of an odd number of bytes
    dataset = image(pixels, 8, ExplicitVRBigEndian)
    dataset.PixelData = np.frombuffer(dataset.PixelData, "u2").byteswap().tobytes()
    dataset["PixelData"].VR = "OW"
    np.testing.assert_array_equal(frames_of(saved(dataset)), pixels)


@pytest.mark.parametrize("shape", [(7, 2, 2), (5, 3, 5), (3, 4, 4), (1, 1, 1)])
def test_one_bit_frames_begin_within_a_byte(shape):
    pixels = np.random.default_rng(2).integers(0, 2, shape, np.uint8)
    content = saved(image(pixels, 1))
    np.testing.assert_array_equal(frames_of(content), pixels)
    with ImageFileReader(content) as reader:
        stored = reader._opened()
        for order in ([0], range(shape[0]), range(shape[0])[::-1]):
            blocks = np.concatenate([block for _, block in stored.blocks(order)])
            np.testing.assert_array_equal(blocks, pixels[list(order)])


def test_bits_above_bits_stored_do_not_count():
    pixels = np.array([[[0x0FFF, 0x0001]]], np.uint16)
    unsigned = image(pixels | 0xF000, 16, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(frames_of(saved(unsigned)), pixels)
    signed = image(pixels, 16, BitsStored=12, HighBit=11, PixelRepresentation=1)
    np.testing.assert_array_equal(frames_of(saved(signed)), [[[-1, 1]]])


def test_colours_by_plane_come_out_by_pixel():
    pixels = np.arange(2 * 2 * 3 * 3, dtype=np.uint8).reshape(2, 2, 3, 3)
    dataset = image(pixels)
    dataset.PlanarConfiguration = 1
    dataset.PixelData = np.ascontiguousarray(np.moveaxis(pixels, -1, 1)).tobytes()
    np.testing.assert_array_equal(frames_of(saved(dataset)), pixels)


FRAGMENTS = [[b"\xff\xd8\xff\x01ab", b"cdef"], [b"\xff\xd8\xff\x02gh"], [b"\xff\xd8\xff\x03ij", b"klm\0", b"no"]]


def encapsulated(frames, table=b""):
    items = [struct.pack("<4sI", b"\xfe\xff\x00\xe0", len(part)) + part for frame in frames for part in frame]
    return b"".join([struct.pack("<4sI", b"\xfe\xff\x00\xe0", len(table)), table, *items, b"\xfe\xff\xdd\xe0\0\0\0\0"])


def offsets(frames):
    sizes = [sum(len(part) + 8 for part in frame) for frame in frames]
    return struct.pack(f"<{len(frames)}I", *np.cumsum([0, *sizes[:-1]]))


@pytest.mark.parametrize("table", [b"", offsets(FRAGMENTS)])
def test_frames_of_several_fragments_are_joined(table):
    store = MemoryStore(encapsulated(FRAGMENTS, table))
    located = locate_fragments(store, 0, 3)
    assert [bytes(located.read(store, index)) for index in range(3)] == [b"".join(frame) for frame in FRAGMENTS]
    assert [bytes(frame) for frame in located.read_many(store, [2, 0])] == [
        b"".join(FRAGMENTS[2]),
        b"".join(FRAGMENTS[0]),
    ]


def test_one_frame_takes_all_fragments():
    store = MemoryStore(encapsulated([[b"ab", b"cd", b"ef"]]))
    assert bytes(locate_fragments(store, 0, 1).read(store, 0)) == b"abcdef"


@pytest.mark.parametrize("table", [b"\0" * 12, struct.pack("<2I", 0, 14), struct.pack("<3I", 0, 5, 300), b"\1\0\0\0\2"])
def test_a_wrong_offset_table_is_ignored(table):
    store = MemoryStore(encapsulated(FRAGMENTS, table))
    if len(table) % 4 == 0:
        with pytest.warns(HdcoreWarning, match="Basic Offset Table does not describe 3 frames"):
            located = locate_fragments(store, 0, 3)
    else:
        located = locate_fragments(store, 0, 3)
    assert [bytes(located.read(store, index)) for index in range(3)] == [b"".join(frame) for frame in FRAGMENTS]


def test_an_extended_offset_table_is_used_and_a_wrong_one_ignored():
    frames = [b"abcd", b"ef", b"ghijkl"]
    value, offset_table, lengths = encapsulate_extended(frames)
    store = MemoryStore(value)
    located = locate_fragments(store, 0, 3, extended=(offset_table, lengths))
    assert [bytes(located.read(store, index)) for index in range(3)] == frames
    with pytest.warns(HdcoreWarning, match="Extended Offset Table does not describe 3 frames"):
        located = locate_fragments(store, 0, 3, extended=(offset_table[:8], lengths))
    assert [bytes(located.read(store, index)) for index in range(3)] == frames


@pytest.mark.parametrize("middle", [2, 10, 30, 5000])
def test_a_table_that_is_wrong_in_the_middle_is_given_up_when_that_shows(middle):
    right = np.frombuffer(offsets(FRAGMENTS), "<u4")
    table = np.array([0, min(middle, right[2] - 1), right[2]], "<u4").tobytes()
    store = MemoryStore(encapsulated(FRAGMENTS, table))
    located = locate_fragments(store, 0, 3)
    with pytest.warns(HdcoreWarning, match="the offset table points to where frame 2 is not"):
        assert bytes(located.read(store, 1)) == b"".join(FRAGMENTS[1])
    assert [bytes(frame) for frame in located.read_many(store, range(3))] == [b"".join(frame) for frame in FRAGMENTS]
    again = pickle.loads(pickle.dumps(located))
    assert bytes(again.read(store, 0)) == b"".join(FRAGMENTS[0])


def test_an_extended_table_that_is_wrong_in_the_middle_is_given_up_when_that_shows():
    frames = [b"abcd", b"ef", b"ghijkl"]
    value, _, _ = encapsulate_extended(frames)
    store = MemoryStore(value)
    tables = struct.pack("<3Q", 0, 13, 22), struct.pack("<3Q", 4, 1, 6)
    located = locate_fragments(store, 0, 3, extended=tables)
    assert bytes(located.read(store, 0)) == frames[0]
    with pytest.warns(HdcoreWarning, match="the offset table points to where frame 2 is not"):
        assert bytes(located.read(store, 1)) == frames[1]


def test_a_wrong_table_of_fragments_that_cannot_be_told_apart_is_named():
    parts = [[b"ab", b"cd"], [b"ef", b"gh"]]
    table = struct.pack("<2I", 0, 10)
    located = locate_fragments(MemoryStore(encapsulated(parts, table)), 0, 2)
    assert bytes(located.read(MemoryStore(encapsulated(parts, table)), 0)) == b"ab"
    broken = MemoryStore(encapsulated([[b"ab", b"cd"], [b"ef", b"gh"], [b"ij"]], struct.pack("<3I", 0, 15, 40)))
    with pytest.raises(UnreadableFrameError, match="Frame 1 cannot be read: there is no item"):
        locate_fragments(broken, 0, 3).read(broken, 0)


def test_empty_fragments_are_no_frames():
    store = MemoryStore(encapsulated([[b"ab"], [b""], [b"cd"], [b""]]))
    located = locate_fragments(store, 0, 2)
    assert [bytes(located.read(store, index)) for index in range(2)] == [b"ab", b"cd"]


def test_frames_of_run_lengths_are_told_apart_by_their_headers():
    frames = [struct.pack("<16I", 1, 64, *[0] * 14) + part for part in (b"ab", b"cdef")]
    store = MemoryStore(encapsulated([[frame[:40], frame[40:]] for frame in frames]))
    located = locate_fragments(store, 0, 2)
    assert [bytes(located.read(store, index)) for index in range(2)] == frames


def test_odd_fragments_may_be_filled_up_behind_or_not():
    frames = [b"abc", b"de", b"fghij"]
    headed = [struct.pack("<4sI", b"\xfe\xff\x00\xe0", len(frame)) + frame for frame in frames]
    table, end = struct.pack("<4sI", b"\xfe\xff\x00\xe0", 0), b"\xfe\xff\xdd\xe0\0\0\0\0"
    for filler in (b"", b"\0"):
        filled = [item + filler * (len(item) % 2) for item in headed]
        store = MemoryStore(table + b"".join(filled) + end)
        located = locate_fragments(store, 0, 3)
        assert [bytes(located.read(store, index)) for index in range(3)] == frames


def test_fragments_that_cannot_be_told_apart_are_named():
    with pytest.raises(UnreadableError, match="5 fragments for 2 frames"):
        locate_fragments(MemoryStore(encapsulated([[b"ab"] * 5])), 0, 2)
    with pytest.raises(UnreadableError, match="not encapsulated as the transfer syntax demands"):
        locate_fragments(MemoryStore(b"\1\2\3\4\5\6\7\10"), 0, 2)


def test_a_file_cut_off_gives_the_frames_that_are_whole(content, pixels):
    with ImageFileReader(content[:-50]) as reader:
        np.testing.assert_array_equal(reader.read_frame(0), pixels[0])
        with pytest.raises(UnreadableFrameError, match=r"Frame 4 of 5 is cut off: it needs the 42 bytes .* only 34 of"):
            reader.read_frame(3)
        with pytest.raises(OSError, match="Frame 5 of 5 is cut off"):
            reader.read_frame_raw(4)


def test_compressed_frames_that_are_missing_are_named():
    frames = [b"ab" * 10, b"cd" * 10, b"ef" * 10]
    for cut, table in ((30, True), (30, False), (50, False)):
        store = MemoryStore(encapsulate(frames, has_bot=table)[:-cut])
        if table:
            with pytest.warns(HdcoreWarning):
                located = locate_fragments(store, 0, 3)
        else:
            located = locate_fragments(store, 0, 3)
        assert bytes(located.read(store, 0)) == frames[0]
        with pytest.raises(UnreadableFrameError, match="Frame 3 of 3 is cut off"):
            located.read(store, 2)


@pytest.mark.parametrize("content", [b"", b"not DICOM" * 30, bytes(128) + b"DICM" + b"\2\0\0\0UL\xff\xff"])
def test_what_is_no_dicom_file_says_so(content):
    with pytest.raises(UnreadableError):
        ImageFileReader(content).open()


def test_a_dataset_without_pixels_is_no_image():
    dataset = image(np.zeros((1, 2, 2), np.uint8))
    del dataset.PixelData
    with pytest.raises(UnreadableError, match="holds no image"):
        ImageFileReader(saved(dataset)).open()


def test_pixels_without_rows_say_what_is_missing():
    dataset = image(np.zeros((1, 2, 2), np.uint8))
    del dataset.Rows
    with pytest.raises(UnreadableError, match="Rows is absent; a positive integer was expected"):
        ImageFileReader(saved(dataset)).open()


@pytest.mark.parametrize(
    "keyword", ["SamplesPerPixel", "PhotometricInterpretation", "BitsStored", "PixelRepresentation"]
)
def test_what_can_only_be_one_thing_is_assumed_with_a_warning(keyword):
    pixels = np.arange(4, dtype=np.uint8).reshape(1, 2, 2)
    dataset = image(pixels)
    del dataset[keyword]
    with pytest.warns(HdcoreWarning, match=f"{keyword} is absent or unusable"):
        np.testing.assert_array_equal(frames_of(saved(dataset)), pixels)


def test_the_reader_tells_of_its_file(content, tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(content)
    reader = ImageFileReader(path)
    assert reader.filename == str(path)
    with reader:
        assert reader.metadata.Rows == 3
        assert "PixelData" not in reader.metadata
        assert reader.transfer_syntax_uid == ExplicitVRLittleEndian
        assert len(reader.read_frame_raw(0)) == 42
    with pytest.raises(OSError, match="is not open"):
        reader.read_frame(0)
    with pytest.raises(UnreadableFrameError, match="use the reader in a 'with' statement"):
        _ = reader.metadata
    with pytest.raises(FileNotFoundError):
        ImageFileReader(tmp_path / "absent.dcm").open()


def test_frames_that_do_not_exist_are_refused(content):
    with ImageFileReader(content) as reader:
        for index in (-1, 5):
            with pytest.raises(OutOfRangeError, match=f"index is {index}; expected a zero-based frame index"):
                reader.read_frame(index)
    with pytest.raises(ValueError, match="index is -1"):
        ImageFileReader(content).read_frame(-1)


def test_several_threads_read_from_one_reader(pixels, tmp_path):
    many = np.random.default_rng(3).integers(0, 4000, (200, 16, 16), np.uint16)
    path = tmp_path / "image.dcm"
    path.write_bytes(saved(image(many, 16)))
    with path.open("rb") as file, ThreadPoolExecutor(4) as threads:
        for source in (path, file):
            with ImageFileReader(source) as reader:
                order = np.random.default_rng(4).permutation(200)
                found = np.stack(list(threads.map(reader.read_frame, order.tolist())))
                np.testing.assert_array_equal(found, many[order])
            file.seek(0)


def test_readers_are_pickled_with_their_file(content, pixels, tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(content)
    with path.open("rb") as file:
        for source in (path, content, io.BytesIO(content), file):
            with ImageFileReader(source) as reader:
                again = pickle.loads(pickle.dumps(reader))
                np.testing.assert_array_equal(again.read_frame(2), pixels[2])
                np.testing.assert_array_equal(copy.deepcopy(reader).read_frame(1), pixels[1])
                again.close()
    with (
        ImageFileReader(io.BufferedReader(io.BytesIO(content))) as reader,
        pytest.raises(InputTypeError, match="cannot be pickled"),
    ):
        pickle.dumps(reader)


class RemoteSystem:
    """Counts the requests that a remote file system would see."""

    def __init__(self, content):
        self.content = content
        self.requests = 0

    def cat_ranges(self, paths, starts, ends):
        self.requests += 1
        self.ranges = list(zip(starts, ends, strict=True))
        return [self.content[start:end] for start, end in zip(starts, ends, strict=True)]

    def open(self, path, mode):
        file = RemoteFile(self.content)
        file.fs, file.path = self, path
        return file


class RemoteFile(io.BytesIO):
    fs: RemoteSystem
    path: str

    @property
    def size(self):
        return len(self.fs.content)


def test_ranges_of_a_remote_file_are_asked_for_at_once(content, pixels):
    system = RemoteSystem(content)
    store = FileStore(system.open("bucket/image.dcm", "rb"))
    with ImageFileReader(store) as reader:
        stored = reader._opened()
        frames = stored.map.read_many(stored.store, [4, 0, 2])
        assert system.requests == 1
        assert [bytes(frame) for frame in frames] == [pixels[i].tobytes() for i in (4, 0, 2)]
        again = pickle.loads(pickle.dumps(reader))
        np.testing.assert_array_equal(again.read_frame(3), pixels[3])


def test_all_frames_of_a_request_are_fetched_from_a_remote_file_at_once(content, pixels):
    from hdcore import imread

    system = RemoteSystem(content)
    image = imread(system.open("bucket/image.dcm", "rb"), lazy_frame_retrieval=True)
    np.testing.assert_array_equal(image.get_stored_frames([5, 1, 3, 3]), pixels[[4, 0, 2, 2]])
    assert system.requests == 1


def test_bytes_that_a_file_system_cannot_fetch_are_named(content):
    from hdcore import imread

    system = RemoteSystem(content)
    image = imread(system.open("bucket/image.dcm", "rb"), lazy_frame_retrieval=True)
    system.cat_ranges = lambda paths, starts, ends: [TimeoutError("no answer")] * len(paths)
    with pytest.raises(UnreadableFrameError, match="could not be fetched: TimeoutError"):
        image.get_stored_frames([1, 2])
    system.cat_ranges = lambda paths, starts, ends: [b"short"] * len(paths)
    with pytest.raises(UnreadableFrameError, match="Frame 1 of 5 is cut off"):
        image.get_stored_frames([1, 2])


@pytest.mark.parametrize("table", ["native", "basic", "none"])
def test_neighbours_are_fetched_as_one_range(table):
    from hdcore import imread

    content = saved(image(LARGE, 16)) if table == "native" else compressed(table)
    system = RemoteSystem(content)
    opened = imread(system.open("bucket/image.dcm", "rb"), lazy_frame_retrieval=True)
    for numbers, ranges in ((range(1, 301), 1), ([5, 6, 7, 200, 201], 2), ([300, 2, 1, 1], 2)):
        np.testing.assert_array_equal(opened.get_stored_frames(numbers), LARGE[[number - 1 for number in numbers]])
        assert len(system.ranges) == ranges
        assert sum(stop - start for start, stop in system.ranges) < 1.1 * len(set(numbers)) * LARGE[0].nbytes + 100
    file = CountingFile(content)
    opened = imread(file, lazy_frame_retrieval=True)
    file.reads.clear()
    np.testing.assert_array_equal(opened.get_stored_frames(), LARGE)
    assert len(file.reads) <= 5


class CountingFile:
    """Has no more than a file needs, and keeps every read."""

    def __init__(self, content):
        self.file = io.BytesIO(content)
        self.reads = []

    def seek(self, offset, whence=0):
        return self.file.seek(offset, whence)

    def tell(self):
        return self.file.tell()

    def read(self, size=-1):
        position = self.file.tell()
        data = self.file.read(size)
        if data:
            self.reads.append((position, len(data)))
        return data


LARGE = np.random.default_rng(2).integers(0, 4000, (300, 64, 64), np.uint16)


def compressed(table):
    frames = [encode_frame(frame, RLELossless, 16, 16, "MONOCHROME2") for frame in LARGE]
    dataset = image(LARGE, 16, RLELossless)
    if table == "extended":
        dataset.PixelData, dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = encapsulate_extended(
            frames
        )
    else:
        dataset.PixelData = encapsulate(frames, has_bot=table == "basic")
    dataset["PixelData"].VR = "OB"
    return saved(dataset)


@pytest.mark.parametrize(("table", "requests"), [("native", 1), ("basic", 2), ("extended", 1), ("none", 6)])
def test_opening_asks_for_little_and_seldom(table, requests):
    from hdcore import imread

    content = saved(image(LARGE, 16)) if table == "native" else compressed(table)
    file = CountingFile(content)
    image_read = imread(file, lazy_frame_retrieval=True)
    assert len(file.reads) <= requests
    if table != "none":
        assert sum(length for _, length in file.reads) <= 1 << 17
    file.reads.clear()
    np.testing.assert_array_equal(image_read.get_stored_frame(150), LARGE[149])
    assert len(file.reads) == 1
    assert file.reads[0][1] < 2 * LARGE[0].nbytes


@pytest.mark.parametrize("table", ["native", "basic", "none"])
def test_a_file_is_read_whole_in_a_few_requests(table):
    from hdcore import imread, read, validate

    content = saved(image(LARGE, 16)) if table == "native" else compressed(table)
    for way, requests in ((imread, 3), (read, 4), (validate, 3)):
        file = CountingFile(content)
        result = way(file)
        assert len(file.reads) <= requests
        assert sum(length for _, length in file.reads) < len(content) + (1 << 18)
        if way is not validate:
            np.testing.assert_array_equal(result.get_stored_frames(), LARGE)


def test_a_header_of_megabytes_takes_a_few_requests(pixels):
    dataset = image(pixels, 16)
    dataset.DerivationCodeSequence = [Dataset() for _ in range(40000)]
    for item in dataset.DerivationCodeSequence:
        item.CodeMeaning = "a meaning of some length"
    content = saved(dataset)
    assert len(content) > 1_500_000
    file = CountingFile(content)
    with ImageFileReader(file) as reader:
        assert len(file.reads) <= 6
        np.testing.assert_array_equal(reader.read_frame(4), pixels[4])


class Unwilling(io.BytesIO):
    """Says that it can be positioned, and refuses (a streamed answer of a server, as fsspec gives it)."""

    def seek(self, offset, whence=0):
        if (offset, whence) != (self.tell(), 0):
            raise ValueError("Cannot seek streaming HTTP file")
        return self.tell()


class OnlyRead:
    """Can do nothing but read (a response of object storage)."""

    def __init__(self, content):
        self.read = io.BytesIO(content).read


@pytest.mark.parametrize("kind", [Unwilling, OnlyRead])
def test_streams_are_read_whatever_they_say_of_themselves(kind, content, pixels):
    from hdcore import imread, read, validate

    np.testing.assert_array_equal(frames_of(kind(content)), pixels)
    for lazily in (True, False):
        opened = imread(kind(content), lazy_frame_retrieval=lazily)
        np.testing.assert_array_equal(opened.get_stored_frames(), pixels)
    assert read(kind(content)).Rows == pixels.shape[1]
    assert validate(kind(content)).findings == validate(content).findings


def test_files_that_are_closed_too_early_are_named(tmp_path):
    from hdcore import imread

    path = tmp_path / "image.dcm"
    path.write_bytes(saved(image(LARGE, 16)))
    with path.open("rb") as file:
        opened = imread(file, lazy_frame_retrieval=True)
    with pytest.raises(UnreadableFrameError, match=r"image.dcm has been closed.*without lazy_frame_retrieval"):
        opened.get_stored_frame(300)
    with pytest.raises(ValueError, match="has been closed; expected a file that is open"):
        imread(file)


def test_what_is_to_be_opened_first_says_so(tmp_path):
    class Address:
        def open(self):
            """As fsspec.open gives it."""

    with pytest.raises(InputTypeError, match=r"fp is of type Address; .*call its open\(\) first"):
        open_store(Address())  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match="gives str, not bytes"):
        open_store(type("Texts", (), {"read": lambda self: "text"})())


def test_a_frame_that_cannot_be_decoded_is_named():
    pixels = np.zeros((2, 4, 4), np.uint8)
    dataset = image(pixels)
    dataset.file_meta.TransferSyntaxUID = RLELossless
    dataset.PixelData = encapsulate([b"nonsense", b"nonsense"])
    dataset["PixelData"].is_undefined_length = True
    with (
        ImageFileReader(saved(dataset)) as reader,
        pytest.raises(UnreadableFrameError, match=r"frame 2 of 2 \(8 bytes, transfer syntax 1.2.840.10008.1.2.5\)"),
    ):
        reader.read_frame(1)


def test_frames_of_a_dataset_in_memory(pixels):
    stored = StoredFrames.of_dataset(image(pixels, 16))
    np.testing.assert_array_equal(stored.frame(3), pixels[3])
    with pytest.raises(UnreadableError, match="has no pixels"):
        StoredFrames.of_dataset(Dataset())


def test_native_ranges_meet():
    frames = NativeFrames(start=100, length=1000, frame_bits=12, count=10)
    ranges = [frames.byte_range(index) for index in range(10)]
    assert ranges[0] == (100, 2)
    assert all(second[0] - (first[0] + first[1]) in (0, -1) for first, second in pairwise(ranges))
    assert frames.byte_range(0, 10) == (100, 15)


def test_a_store_reads_as_a_file(content, tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(content)
    store = PathStore(path)
    cursor = StoreCursor(store)
    assert cursor.seekable()
    assert cursor.readable()
    cursor.seek(-4, io.SEEK_END)
    assert cursor.read() == content[-4:]
    cursor.seek(128)
    assert cursor.read(4) == b"DICM"
    assert cursor.seek(-4, io.SEEK_CUR) == 128
    store.close()
    assert store.read(128, 4) == b"DICM"  # opens again
    assert [bytes(part) for part in store.read_ranges([(0, 2), (128, 4)])] == [b"\0\0", b"DICM"]
    assert store.path == path
