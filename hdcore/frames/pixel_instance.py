"""Instances with pixels: opened from wherever they are, with their pixels or leaving them there, and written again."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from hdcore.errors import InputTypeError, MissingAttributeError, UnreadableError
from hdcore.frames.assemble import StoredValues, assemble_planes
from hdcore.frames.opening import read_dataset
from hdcore.frames.ranges import frame_index, frame_indices
from hdcore.model.element import elements_of, shallow_copy
from hdcore.model.held import HeldElement
from hdcore.model.instance import SOPClass
from hdcore.model.making import tag_of
from hdcore.pixels.described_format import PIXEL_DATA_TAGS, number_of_frames
from hdcore.pixels.part10 import load_pixels, open_dataset, transfer_syntax_of
from hdcore.pixels.storage import open_store
from hdcore.pixels.stored import StoredFrames
from hdcore.pixels.tolerant import value_of
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from typing import Self

    from numpy.typing import NDArray

    from hdcore.pixels.storage import Readable

__all__ = ["PixelInstance"]


class PixelInstance(SOPClass):
    """A composite instance with pixels, in memory or left in a file."""

    @classmethod
    def from_file(cls, fp: Readable, lazy_frame_retrieval: bool = False) -> Self:
        """Read an instance from a file.

        Parameters
        ----------
        fp: str | os.PathLike | bytes | BinaryIO
            A path, the content of a file, or a binary file object, also of a remote file system.
        lazy_frame_retrieval: bool, optional
            Whether to leave the pixels in the file, and read frames when they are asked for. The file has to stay
            where it is; a file object has to stay open.

        Returns
        -------
        Self
            The instance.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        UnreadableError
            If it is no DICOM file, is damaged, or has no pixels. A ValueError.
        """
        store = open_store(fp)
        opened = open_dataset(store, read_dataset)
        dataset = opened.dataset
        if opened.pixels is None:
            raise MissingAttributeError(f"{store.name} holds no image: it has no Pixel Data.")
        if lazy_frame_retrieval:
            dataset.__dict__["_lazy_frames"] = StoredFrames.of_file(dataset, opened.store, opened.pixels)
        else:
            load_pixels(dataset, opened.store, opened.pixels)
            store.close()
        return cls.from_dataset(dataset, copy=False)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as an instance of this class.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            An image.
        copy: bool, optional
            Whether the dataset is copied. If not, it is itself changed to this class.

        Returns
        -------
        Self
            The instance.

        Raises
        ------
        TypeError
            If ``dataset`` is no dataset.
        UnreadableError
            If it has no pixels. A ValueError.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"dataset is of type {type(dataset).__name__}; expected a pydicom Dataset.")
        if "_lazy_frames" not in dataset.__dict__ and not any(BaseTag(tag) in dataset for tag in PIXEL_DATA_TAGS):
            sop_class = value_of(dataset, "SOPClassUID", "unknown")
            raise MissingAttributeError(f"The dataset (SOP Class {sop_class}) is no image: it has no Pixel Data.")
        if copy:
            dataset = deepcopy(dataset)
        dataset.__class__ = cls
        return dataset  # type: ignore[return-value]

    @property
    def stored_frames(self) -> StoredFrames:
        """StoredFrames: all frames, by zero-based index; made when first needed."""
        state = self.__dict__
        if "_lazy_frames" in state and not any(tag in elements_of(self) for tag in _PIXEL_TAGS):
            lazy: StoredFrames = state["_lazy_frames"]
            return lazy
        known = state.get("_stored_frames")
        if known is None or known[0] is not self._pixels():
            found = StoredFrames.of_dataset(self)
            known = state["_stored_frames"] = (self._pixels(), found)  # looking at a raw value may have replaced it
        frames: StoredFrames = known[1]
        return frames

    def _pixels(self) -> object:
        """Give the object that the frames are in: another one once their bytes have been asked for, or replaced."""
        element = next((elements_of(self)[tag] for tag in _PIXEL_TAGS if tag in elements_of(self)), None)
        held = element.held if isinstance(element, HeldElement) else None
        return held if held is not None or element is None else element.value

    def leave_frames_in(self, path: str | os.PathLike[str]) -> None:
        """Retrieve frames from the file to which the instance was just written, as if it had been opened lazily.

        Parameters
        ----------
        path: str | os.PathLike
            The file. It has to stay where it is.
        """
        opened = open_dataset(open_store(path), read_dataset)
        if opened.pixels is None:
            raise UnreadableError(f"{path} holds no image: it has no Pixel Data.")
        self.forget_frames()
        self.__dict__["_lazy_frames"] = StoredFrames.of_file(opened.dataset, opened.store, opened.pixels)

    @property
    def number_of_frames(self) -> int:
        """int: number of frames."""
        return number_of_frames(self)

    @property
    def transfer_syntax_uid(self) -> UID:
        """UID: transfer syntax of the pixel data."""
        return uid_as_read(transfer_syntax_of(self))

    def get_raw_frame(self, frame_number: int, as_index: bool = False) -> bytes:
        """Get a frame as it is encoded.

        Parameters
        ----------
        frame_number: int
            Number of the frame, counted from one.
        as_index: bool, optional
            Whether ``frame_number`` is an index counted from zero.

        Returns
        -------
        bytes
            The encoded frame. A native 1-bit frame may share its first and last byte with its neighbours.

        Raises
        ------
        OutOfRangeError
            If there is no such frame. A ValueError and IndexError.
        UnreadableFrameError
            If the pixel data ends before the frame does. A ValueError and OSError.
        """
        stored = self.stored_frames
        return stored.raw(frame_index(frame_number, stored.count, as_index=as_index))

    def get_stored_frame(self, frame_number: int, as_index: bool = False) -> NDArray[Any]:
        """Get a frame's stored values.

        Parameters
        ----------
        frame_number: int
            Number of the frame, counted from one.
        as_index: bool, optional
            Whether ``frame_number`` is an index counted from zero.

        Returns
        -------
        numpy.ndarray
            Decoded values to which no pixel transform was applied; shape (rows, columns), or (rows, columns, 3) of a
            colour image, then in RGB. The array is the caller's own.

        Raises
        ------
        OutOfRangeError
            If there is no such frame. A ValueError and IndexError.
        UnreadableFrameError
            If the frame is incomplete or damaged. A ValueError and OSError.
        MissingCodecError
            If no installed package decodes the transfer syntax. A RuntimeError.
        """
        stored = self.stored_frames
        frame = stored.frame(frame_index(frame_number, stored.count, as_index=as_index))
        return frame if frame.flags.writeable and frame.flags.c_contiguous else frame.copy("C")

    def get_stored_frames(self, frame_numbers: Iterable[int] | None = None, as_indices: bool = False) -> NDArray[Any]:
        """Get the stored values of several frames.

        Parameters
        ----------
        frame_numbers: Iterable[int] | None, optional
            Numbers of the frames, counted from one, in any order and repeated as one likes; all if absent.
        as_indices: bool, optional
            Whether ``frame_numbers`` are indices counted from zero.

        Returns
        -------
        numpy.ndarray
            As of :meth:`get_stored_frame`, one frame after the other along the first axis.

        Raises
        ------
        OutOfRangeError
            If there is no such frame. A ValueError and IndexError.
        UnreadableFrameError
            If a frame is incomplete or damaged. A ValueError and OSError.
        MissingCodecError
            If no installed package decodes the transfer syntax. A RuntimeError.
        """
        stored = self.stored_frames
        frames = frame_indices(frame_numbers, stored.count, as_indices=as_indices)
        samples = stored.format.shape[2:]
        return assemble_planes(stored, frames, StoredValues(stored.format.dtype, samples))

    @property
    def pixel_array(self) -> NDArray[Any]:
        """numpy.ndarray: stored values of all frames, shape (frames, rows, columns, samples).

        The first axis is left out of a single frame, the last of monochrome images.
        """
        frames = self.get_stored_frames()
        return frames[0] if len(frames) == 1 else frames

    def save_as(self, filename: Any, /, **options: Any) -> None:  # type: ignore[override]
        """Write the instance to a file; frames that were left in their file are copied from there.

        Parameters
        ----------
        filename: str | os.PathLike | BinaryIO
            Where to write to; not the file from which frames are retrieved lazily.
        **options: Any
            What :meth:`pydicom.dataset.Dataset.save_as` takes.
        """
        lazy: StoredFrames | None = self.__dict__.get("_lazy_frames")
        if lazy is None or any(tag in elements_of(self) for tag in _PIXEL_TAGS):
            super().save_as(filename, **options)
            return
        complete = shallow_copy(self)
        load_pixels(complete, lazy.store, lazy.element)
        complete.save_as(filename, **options)


_PIXEL_TAGS = tuple(tag_of(keyword.value) for keyword in PIXEL_DATA_TAGS.values())
