"""Frames into pixel data, one after another: in memory, or straight to a file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from pydicom.dataelem import DataElement

from hdcore.errors import InputError
from hdcore.frames.codec import put_groups
from hdcore.frames.native import ArraySink, FileSink, native_length, write_native
from hdcore.model.element import UNDEFINED_LENGTH, mark_as_encoded, put, put_element, put_raw
from hdcore.model.held import HeldArray, HeldElement, is_new_file
from hdcore.model.making import tag_of
from hdcore.model.saving import atomic_file, write_header
from hdcore.pixels.format import EncodingOptions, FrameFormat
from hdcore.pixels.profiles import check_profile, is_native
from hdcore.pixels.stream import check_workers, encode_frames

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.groups import FunctionalGroup
    from hdcore.frames.table import FrameTable

__all__ = ["save_frames", "write_frames"]

_ITEM = b"\xfe\xff\x00\xe0"
_SEQUENCE_END = b"\xfe\xff\xdd\xe0\0\0\0\0"
_OFFSET_LIMIT = 1 << 32
_DEFAULTS = EncodingOptions()


def write_frames(
    instance: Dataset,
    table: FrameTable,
    frames: Iterable[NDArray[Any]],
    groups: Sequence[FunctionalGroup],
    *,
    workers: int | Executor = 0,
    use_extended_offset_table: bool = False,
    options: EncodingOptions = _DEFAULTS,
    filled: float = 1.0,
) -> None:
    """Put the functional groups and the pixel data of all frames into an instance.

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        With its file meta information and the attributes of the Image Pixel module set; for float pixel data without
        Pixel Representation, Bits Stored and High Bit. Number of Frames is set here.
    table: FrameTable
        One row per frame.
    frames: Iterable[numpy.ndarray]
        Samples of shape (rows, columns) or (rows, columns, 3), taken one by one; of native transfer syntaxes also
        blocks of several frames, shape (n, rows, columns) or (n, rows, columns, 3). Together as many as the table has
        rows. Frames of zeros cost nothing as a block that ``numpy.broadcast_to`` makes of one.
    groups: Sequence[FunctionalGroup]
        The functional groups to write.
    workers: int | concurrent.futures.Executor, optional
        As of :func:`hdcore.pixels.stream.encode_frames`.
    use_extended_offset_table: bool, optional
        Whether to write Extended Offset Table instead of the Basic Offset Table, for encapsulated transfer syntaxes.
    options: EncodingOptions, optional
        Settings of the encoders.
    filled: float, optional
        Which part of the frames are not such blocks of zeros.

    Raises
    ------
    ValueError
        If the transfer syntax cannot hold such frames, a frame does not fit, or there are more or fewer than rows.
    """
    check_workers(workers)
    count = len(table)
    put(instance, NumberOfFrames=count)
    frame_format = _format_of(instance)
    tag = tag_of(frame_format.pixel_keyword)
    if is_native(frame_format.transfer_syntax_uid):
        length = native_length(frame_format, count)
        sink = ArraySink(length + length % 2, mostly_zero=filled < 0.5)
        write_native(sink, frames, frame_format, count, options)
        sink.array.flags.writeable = False
        put_element(instance, HeldElement(tag, _vr_of(frame_format), HeldArray(sink.array, tuple(sink.runs))))
    else:
        buffer = BytesIO()
        _check_extended(frame_format, use_extended_offset_table)
        pieces = encode_frames(frames, frame_format, workers, options)
        lengths = _write_fragments(buffer, pieces, frame_format, count, use_extended_offset_table)
        if use_extended_offset_table:
            _put_extended_table(instance, lengths)
        element = DataElement(tag, "OB", buffer.getvalue(), is_undefined_length=True, already_converted=True)
        put_element(instance, element)
    _put_groups(instance, table, groups)


def _put_groups(instance: Dataset, table: FrameTable, groups: Sequence[FunctionalGroup]) -> None:
    if groups:
        put_groups(instance, table, groups)
    else:
        mark_as_encoded(instance)


def _format_of(instance: Dataset) -> FrameFormat:
    frame_format = FrameFormat.of(instance)
    keyword = _KEYWORDS.get(frame_format.bits_allocated)
    if keyword is not None and "PixelRepresentation" not in instance:
        frame_format = replace(frame_format, bits_stored=frame_format.bits_allocated, pixel_keyword=keyword)
    check_profile(frame_format)
    return frame_format


_KEYWORDS = {32: "FloatPixelData", 64: "DoubleFloatPixelData"}


class _Counter:
    """The lengths of the frames written so far."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def write_item(self, file: BinaryIO, piece: bytes) -> None:
        """Write one frame as one fragment."""
        length = len(piece) + len(piece) % 2
        file.write(_ITEM + length.to_bytes(4, "little"))
        file.write(piece)
        if len(piece) % 2:
            file.write(b"\0")
        self.lengths.append(length)

    def check(self, count: int) -> None:
        """Refuse other than the planned number of frames."""
        if len(self.lengths) != count:
            raise InputError(f"There are {len(self.lengths)} frames; {count} were planned.")

    def offsets(self) -> NDArray[np.int64]:
        """Tell where each frame's item begins, the first at 0."""
        lengths = np.array(self.lengths, np.int64) + 8
        return np.cumsum(lengths) - lengths


def _check_extended(frame_format: FrameFormat, use_extended_offset_table: bool) -> None:
    if use_extended_offset_table and frame_format.transfer_syntax_uid in _NO_EXTENDED_TABLE:
        raise InputError(f"Transfer syntax {frame_format.transfer_syntax_uid} does not allow an Extended Offset Table.")


_NO_EXTENDED_TABLE = frozenset({"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101"})


def _offset_table(lengths: _Counter, extended: bool) -> bytes:
    offsets = lengths.offsets()
    if extended or not len(offsets) or offsets[-1] >= _OFFSET_LIMIT:
        return _ITEM + bytes(4)
    table = offsets.astype("<u4").tobytes()
    return _ITEM + len(table).to_bytes(4, "little") + table


def _put_extended_table(instance: Dataset, lengths: _Counter) -> None:
    put_raw(instance, "ExtendedOffsetTable", "OV", lengths.offsets().astype("<u8").tobytes())
    put_raw(instance, "ExtendedOffsetTableLengths", "OV", np.array(lengths.lengths, "<u8").tobytes())


def _vr_of(frame_format: FrameFormat) -> str:
    if frame_format.is_float:
        return "OF" if frame_format.bits_allocated == 32 else "OD"
    return "OW" if frame_format.bits_allocated > 8 else "OB"


def save_frames(
    instance: Dataset,
    path: str | os.PathLike[str],
    table: FrameTable,
    frames: Iterable[NDArray[Any]],
    groups: Sequence[FunctionalGroup],
    *,
    workers: int | Executor = 0,
    use_extended_offset_table: bool = False,
    options: EncodingOptions = _DEFAULTS,
    overwrite: bool = True,
) -> None:
    """Write an instance straight to a file, holding one frame per worker at a time.

    The instance receives everything but the pixel data.

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        As of :func:`write_frames`, complete but for functional groups and pixel data.
    path: str | os.PathLike
        The file. It takes its name only when it is complete.
    table, frames, groups, workers, use_extended_offset_table, options
        As of :func:`write_frames`.
    overwrite: bool, optional
        Whether an existing file may be replaced.

    Raises
    ------
    ValueError
        As of :func:`write_frames`.
    FileExistsError
        If there is a file already and it may not be replaced.
    """
    check_workers(workers)
    count = len(table)
    put(instance, NumberOfFrames=count)
    frame_format = _format_of(instance)
    _put_groups(instance, table, groups)
    native = is_native(frame_format.transfer_syntax_uid)
    if not native:
        _check_extended(frame_format, use_extended_offset_table)
        if use_extended_offset_table:  # its place is kept; the numbers are filled in at the end
            empty = _Counter()
            empty.lengths = [0] * count
            _put_extended_table(instance, empty)
    with atomic_file(path, overwrite=overwrite) as file:
        may_skip = is_new_file(file)
        write_header(instance, file)
        if native:
            implicit = frame_format.transfer_syntax_uid == "1.2.840.10008.1.2"
            length = native_length(frame_format, count)
            _write_element_header(file, frame_format, length + length % 2, implicit)
            write_native(FileSink(file, may_skip=may_skip), frames, frame_format, count, options)
            return
        header_end = file.tell()
        _write_element_header(file, frame_format, UNDEFINED_LENGTH, implicit=False, vr="OB")
        lengths = _write_fragments(
            file, encode_frames(frames, frame_format, workers, options), frame_format, count, use_extended_offset_table
        )
        file.write(_SEQUENCE_END)
        if use_extended_offset_table:
            _put_extended_table(instance, lengths)
            _rewrite_extended_table(file, lengths, header_end)


def _write_element_header(
    file: BinaryIO, frame_format: FrameFormat, length: int, implicit: bool, vr: str | None = None
) -> None:
    tag = tag_of(frame_format.pixel_keyword)
    header = tag.group.to_bytes(2, "little") + tag.element.to_bytes(2, "little")
    if not implicit:
        header += (vr or _vr_of(frame_format)).encode() + b"\0\0"
    file.write(header + length.to_bytes(4, "little"))


def _write_fragments(
    file: BinaryIO, pieces: Iterator[bytes], frame_format: FrameFormat, count: int, extended: bool
) -> _Counter:
    """Write all frames, with room for the Basic Offset Table before them, which is filled in at the end."""
    at = file.tell()
    fits = (frame_format.length + 64) * 2 * count < _OFFSET_LIMIT and not extended
    file.write(_ITEM + (4 * count if fits else 0).to_bytes(4, "little") + bytes(4 * count if fits else 0))
    lengths = _Counter()
    for piece in pieces:
        lengths.write_item(file, piece)
    lengths.check(count)
    if fits:
        file.seek(at)
        file.write(_offset_table(lengths, extended=False))
        file.seek(0, 2)
    return lengths


def _rewrite_extended_table(file: BinaryIO, lengths: _Counter, header_end: int) -> None:
    """Fill in Extended Offset Table and its lengths, the two elements that end at ``header_end``."""
    size = 8 * len(lengths.lengths)
    file.seek(header_end - size)
    file.write(np.array(lengths.lengths, "<u8").tobytes())
    file.seek(header_end - size - 12 - size)
    file.write(lengths.offsets().astype("<u8").tobytes())
    file.seek(0, 2)
