"""The stored frames of one image: raw bytes and decoded samples, fetched one by one or many at once."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import HdcoreWarning, InputError, OutOfRangeError, UnreadableError, UnreadableFrameError
from hdcore.model.held import HeldArray, HeldElement
from hdcore.model.syntaxes import NATIVE
from hdcore.pixels.codec import decode
from hdcore.pixels.described_format import PIXEL_DATA_TAGS, format_of, number_of_frames
from hdcore.pixels.fragments import EncapsulatedFrames, NativeFrames, locate_fragments
from hdcore.pixels.part10 import PixelElement, transfer_syntax_of
from hdcore.pixels.storage import FetchedStore, FileStore, MemoryStore
from hdcore.pixels.tolerant import value_of
from hdcore.pixels.unpacking import bits_of_frame, exchanged, is_plain, unpack
from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore.pixels.format import FrameFormat
    from hdcore.pixels.storage import ByteStore

__all__ = ["StoredFrames"]

_BLOCK_BYTES = 1 << 22
_UNPACKED_BYTES = 1 << 20
"""How much is unpacked of 1-bit frames before it is looked at: what stays in a processor's cache."""
_MOST_BYTES_AHEAD = 1 << 28
_VIDEO = "1.2.840.10008.1.2.4.10"  # MPEG2, MPEG-4 AVC and HEVC: 1.2.840.10008.1.2.4.100 to .108


def _warn_of_length(frames: NativeFrames, name: str) -> None:
    """Tell of bytes behind the last frame, but for one that makes their number even (PS3.5 7.1.1); and if some lack."""
    needed = -(-frames.frame_bits * frames.count // 8)
    surplus = frames.length - needed
    if surplus < 0 and frames.length * 8 >= frames.frame_bits:  # who asks for the only frame is told anyway
        warnings.warn(
            f"{name} has {-surplus} bytes less than its {frames.count} frames take; the last ones cannot be read, or "
            "what describes the pixels is wrong.",
            HdcoreWarning,
            stacklevel=4,
        )
    if surplus > needed % 2:
        warnings.warn(
            f"{name} has {surplus} bytes more than its {frames.count} frames take; they are ignored.",
            HdcoreWarning,
            stacklevel=4,
        )


def _without_subsampling(frame: FrameFormat, length: int, count: int) -> FrameFormat:
    """Take pixels that are too many for half of the chrominance, as decompression leaves them, for those of all."""
    if not frame.is_subsampled:
        return frame
    whole = replace(frame, photometric_interpretation=frame.expanded_interpretation)
    if length < whole.length * count:
        return frame
    warnings.warn(
        f"PhotometricInterpretation is {frame.photometric_interpretation}, but Pixel Data has chrominance of "
        "every pixel, which is taken.",
        HdcoreWarning,
        stacklevel=4,
    )
    return whole


class StoredFrames:
    """The frames of one image, wherever their bytes are.

    Immutable, so that any number of threads can read from it; it can be pickled if the store can.
    """

    def __init__(
        self,
        store: ByteStore,
        frame: FrameFormat,
        frames: NativeFrames | EncapsulatedFrames,
        element: PixelElement,
    ) -> None:
        self.store = store
        self.element = element
        self.format = frame
        self.map = frames
        self._is_plain = isinstance(frames, NativeFrames) and is_plain(frame)

    @classmethod
    def of_file(
        cls, dataset: Dataset, store: ByteStore, element: PixelElement, frame: FrameFormat | None = None
    ) -> StoredFrames:
        """Find the frames in a file that was opened up to its pixels.

        Parameters
        ----------
        dataset: pydicom.Dataset
            What precedes the pixels.
        store: ByteStore
            The file.
        element: PixelElement
            Where the pixels lie in it.
        frame: FrameFormat | None, optional
            Format of the frames, where it is known already.

        Raises
        ------
        UnreadableError
            If dataset and pixels do not tell where the frames are.
        """
        syntax = transfer_syntax_of(dataset)
        frame = frame or format_of(dataset, element.keyword, syntax, element.value_representation)
        count = number_of_frames(dataset)
        if syntax in NATIVE and element.length >= 0:
            frame = _without_subsampling(frame, element.length, count)
            word_bits = 16 if frame.word_swapped else 8
            native = NativeFrames(element.start, element.length, bits_of_frame(frame), count, word_bits)
            _warn_of_length(native, store.name)
            return cls(store, frame, native, element)
        if syntax.startswith(_VIDEO) and count > 1:
            raise UnreadableError(
                f"{store.name}: frames of a video stream (transfer syntax {syntax}) cannot be read one by one; "
                "decode the stream that Pixel Data holds with a video library."
            )
        located = locate_fragments(store, element.start, count, extended=_extended_table(dataset))
        return cls(store, frame, located, element)

    @classmethod
    def of_dataset(cls, dataset: Dataset, frame: FrameFormat | None = None) -> StoredFrames:
        """Find the frames in a dataset whose pixels are in memory.

        Parameters
        ----------
        dataset: pydicom.Dataset
            An image.
        frame: FrameFormat | None, optional
            Format of the frames, where it is known already.

        Raises
        ------
        UnreadableError
            If it has no pixels, or they cannot be told apart.
        """
        for tag, keyword in PIXEL_DATA_TAGS.items():
            if tag in dataset:
                item = dataset.get_item(tag)
                held = item.held if isinstance(item, HeldElement) else None
                value: Any = held.array.data if isinstance(held, HeldArray) else None
                if value is None:
                    value = item.value if isinstance(item.value, (bytes, bytearray, memoryview)) else dataset[tag].value
                if not isinstance(value, (bytes, bytearray, memoryview)):
                    value = value.read() if hasattr(value, "read") else b""
                native = transfer_syntax_of(dataset) in NATIVE
                vr = item.VR or "OW"
                return cls.of_file(
                    dataset,
                    MemoryStore(value, f"The {keyword.value} in memory"),
                    PixelElement(keyword, str(vr), 0, len(value) if native else -1),
                    frame,
                )
        raise UnreadableError("The dataset has no pixels: it lacks PixelData, FloatPixelData and DoubleFloatPixelData.")

    @property
    def count(self) -> int:
        """Number of frames."""
        return self.map.count

    def checked(self, index: int) -> int:
        """Return a zero-based index that is known to name a frame.

        Raises
        ------
        OutOfRangeError
            If there is no such frame.
        """
        if not 0 <= index < self.count:
            raise OutOfRangeError(
                f"There is no frame with index {index}; the image has {self.count} frame(s), with indices from 0 to "
                f"{self.count - 1}."
            )
        return index

    def raw(self, index: int) -> bytes:
        """Give the encoded bytes of one frame (zero-based).

        Native 1-bit frames may share their first and last byte with their neighbours.

        Raises
        ------
        UnreadableFrameError
            If the pixel data ends before the frame does.
        """
        return bytes(self.map.read(self.store, self.checked(index)))

    def frame(self, index: int) -> npt.NDArray[Any]:
        """Decode one frame (zero-based).

        Returns
        -------
        numpy.ndarray
            Shape (rows, columns) or (rows, columns, samples); may be a read-only view of the pixel data.

        Raises
        ------
        UnreadableFrameError
            If the frame's bytes are incomplete or damaged.
        MissingCodecError
            If no installed package decodes the transfer syntax.
        """
        return self.decode(self.map.read(self.store, self.checked(index)), index)

    def blocks(self, indices: Sequence[int] | npt.NDArray[np.intp]) -> Iterator[tuple[slice, npt.NDArray[Any]]]:
        """Decode frames in the given order, some at a time.

        Parameters
        ----------
        indices: Sequence[int]
            Zero-based frame indices, in any order and repeated as one likes.

        Yields
        ------
        tuple[slice, numpy.ndarray]
            Which of ``indices`` these are, and their samples with shape (frames, rows, columns) or
            (frames, rows, columns, samples), possibly a read-only view of the pixel data. A block holds a few
            megabytes, so that what is done with it stays within the processor's caches.
        """
        wanted = np.asarray(indices, np.intp)
        ahead = self.ahead(wanted)
        for part in ahead.parts(wanted):
            yield part, ahead.block(wanted[part])

    def ahead(self, indices: npt.NDArray[np.intp]) -> StoredFrames:
        """Fetch the bytes of frames in one request, where the store offers that.

        Parameters
        ----------
        indices: numpy.ndarray
            Zero-based frame indices.

        Returns
        -------
        StoredFrames
            To read these frames from.
        """
        if not isinstance(self.store, FileStore) or not self.store.is_remote or len(indices) < 2:
            return self
        ranges = self.map.ranges(distinct(indices).tolist())
        if sum(length for _, length in ranges) > _MOST_BYTES_AHEAD:
            return self
        return StoredFrames(FetchedStore(self.store, ranges), self.format, self.map, self.element)

    def parts(self, indices: npt.NDArray[np.intp]) -> list[slice]:
        """Divide frames into parts that are read at once.

        Parameters
        ----------
        indices: numpy.ndarray
            Zero-based frame indices.

        Returns
        -------
        list[slice]
            Which of ``indices`` belong together; native frames in runs of consecutive ones.
        """
        if self._is_plain:
            native = self.map
            assert isinstance(native, NativeFrames)
            if isinstance(self.store, FetchedStore):
                at_once = 1
            elif self.format.bits_allocated == 1:
                at_once = max(1, _UNPACKED_BYTES // max(1, self.format.samples))
            else:
                at_once = max(1, _BLOCK_BYTES * 8 // native.frame_bits)
            return [slice(first, stop) for first, stop in _runs(indices, at_once)]
        at_once = max(1, min(64, _BLOCK_BYTES // self.format.samples))
        return [slice(first, min(first + at_once, len(indices))) for first in range(0, len(indices), at_once)]

    def block(self, indices: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
        """Decode the frames of one of the :meth:`parts`.

        Parameters
        ----------
        indices: numpy.ndarray
            Zero-based frame indices.

        Returns
        -------
        numpy.ndarray
            Shape (frames, rows, columns) or (frames, rows, columns, samples); perhaps a read-only view.
        """
        if self._is_plain:
            native = self.map
            assert isinstance(native, NativeFrames)
            first = int(indices[0])
            content = native.read_block(self.store, first, len(indices))
            return unpack(self.format, content, native.bit_offset(first), len(indices))
        numbers = indices.tolist()
        contents = self.map.read_many(self.store, numbers)
        frames = [self.decode(content, index) for content, index in zip(contents, numbers, strict=True)]
        return frames[0][np.newaxis] if len(frames) == 1 else np.stack(frames)

    def decode(self, content: bytes | memoryview, index: int) -> npt.NDArray[Any]:
        """Decode the bytes of one frame (zero-based index)."""
        if isinstance(self.map, NativeFrames):
            if self._is_plain:
                frame: npt.NDArray[Any] = unpack(self.format, content, self.map.bit_offset(index), 1)[0]
                return frame
            if self.format.word_swapped:
                content = exchanged(exchanged(content)[self.map.bit_offset(index) // 8 :])
        try:
            return decode(content, self.format)
        except InputError as error:
            raise UnreadableFrameError(
                f"{self.store.name}: frame {index + 1} of {self.count} ({len(content)} bytes, transfer syntax "
                f"{self.format.transfer_syntax_uid}) cannot be decoded: {error}"
            ) from error


def _extended_table(dataset: Dataset) -> tuple[bytes, bytes] | None:
    offsets, lengths = value_of(dataset, "ExtendedOffsetTable"), value_of(dataset, "ExtendedOffsetTableLengths")
    return (offsets, lengths) if isinstance(offsets, bytes) and isinstance(lengths, bytes) else None


def _runs(indices: npt.NDArray[np.intp], longest: int) -> Iterator[tuple[int, int]]:
    """Cut into runs of consecutive numbers, none longer than ``longest``."""
    breaks = np.flatnonzero(np.diff(indices) != 1) + 1
    for first, stop in zip([0, *breaks.tolist()], [*breaks.tolist(), len(indices)], strict=True):
        for start in range(first, stop, longest):
            yield start, min(stop, start + longest)
