"""What every instance with frames can do, whatever its IOD: give stored frames, and say where they lie.

Subclasses (images, segmentations, parametric maps) build on three things:

* :attr:`FramedInstance.FUNCTIONAL_GROUPS`, the functional groups that they read, declared as columns;
* :attr:`FramedInstance.frame_table`, all that is said about the frames, one row per frame;
* :attr:`FramedInstance.stored_frames`, the frames themselves, wherever their bytes are.

Both are made when they are first needed, and kept. A constructor that has made the table itself hands it over with
:meth:`FramedInstance.adopt_frame_table`; whoever changes functional groups or pixel data afterwards calls
:meth:`FramedInstance.forget_frames`.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar

from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from hdcore.errors import GeometryError, HdcoreError, InputTypeError, MissingAttributeError, UnreadableError
from hdcore.frames.assemble import StoredValues, assemble_planes
from hdcore.frames.groups import STANDARD_GROUPS
from hdcore.frames.indices import dimension_index_pointers, dimension_indices
from hdcore.frames.matrices import matrix_planes_of
from hdcore.frames.meaning import meaning_of
from hdcore.frames.opening import read_dataset
from hdcore.frames.placement import Tolerances, coordinate_system_of, tiles_of, volume_planes_of
from hdcore.frames.ranges import frame_index, frame_indices
from hdcore.frames.source_uids import source_image_uids
from hdcore.frames.tabulate import tabulate
from hdcore.model.element import elements_of, shallow_copy, tag_of
from hdcore.model.instance import SOPClass
from hdcore.pixels.layout import PIXEL_DATA_TAGS, number_of_frames
from hdcore.pixels.part10 import load_pixels, open_dataset, transfer_syntax_of
from hdcore.pixels.storage import open_store
from hdcore.pixels.stored import StoredFrames
from hdcore.pixels.tolerant import value_of
from hdcore.pixels.transform import PixelTransform
from hdcore.spatial.distinct import are_distinct
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from hdcore.enums import CoordinateSystemNames
    from hdcore.frames.groups import FunctionalGroup
    from hdcore.frames.meaning import FrameMeaning
    from hdcore.frames.table import FrameTable
    from hdcore.pixels.options import PixelOptions
    from hdcore.pixels.storage import Readable
    from hdcore.spatial.geometry import VolumeGeometry

__all__ = ["FramedInstance"]


class FramedInstance(SOPClass):
    """A composite instance with frames.

    Instances can be read from several threads at once, pickled and deep-copied, also if their frames are retrieved
    lazily: from a path, the file is opened again.
    """

    FUNCTIONAL_GROUPS: ClassVar[tuple[FunctionalGroup, ...]] = STANDARD_GROUPS
    """The functional groups that become columns of the frame table; a subclass adds those of its IOD."""

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
        element = next((elements_of(self)[tag] for tag in _PIXEL_TAGS if tag in elements_of(self)), None)
        if element is None and "_lazy_frames" in state:
            lazy: StoredFrames = state["_lazy_frames"]
            return lazy
        known = state.get("_stored_frames")
        if known is None or known[0] is not element:
            known = state["_stored_frames"] = (None, StoredFrames.of_dataset(self))
            # Looking at a raw element may have replaced it.
            current = next((elements_of(self)[tag] for tag in _PIXEL_TAGS if tag in elements_of(self)), None)
            known = state["_stored_frames"] = (current, known[1])
        frames: StoredFrames = known[1]
        return frames

    @property
    def frame_table(self) -> FrameTable:
        """FrameTable: all that is said about the frames, one row per frame; made when first needed."""
        state = self.__dict__
        table = state.get("_frame_table")
        if table is None:
            table = state["_frame_table"] = self.read_frame_table()
        known: FrameTable = table
        return known

    def read_frame_table(self) -> FrameTable:
        """Make the frame table from the functional groups; a subclass adds columns that follow from other attributes.

        Returns
        -------
        FrameTable
            One row per frame.

        Raises
        ------
        UnreadableError
            If the functional groups are damaged.
        """
        return tabulate(self, self.FUNCTIONAL_GROUPS)

    def pixel_transform(self, options: PixelOptions, frames: NDArray[np.intp] | None = None) -> PixelTransform:
        """Choose the pixel transform of frames.

        Parameters
        ----------
        options: PixelOptions
            What is asked for.
        frames: numpy.ndarray | None, optional
            Zero-based indices of the frames that will be put through it, negative ones ignored; all if None.

        Returns
        -------
        PixelTransform
            Which frames are put through when they are assembled.

        Raises
        ------
        RuntimeError
            If a transform is required that the image does not have.
        IndexError
            If a selector selects nothing.
        ValueError
            If transforms do not fit the kind of image, or the data type cannot hold their results.
        """
        state = self.__dict__
        has_window = options.apply_voi_transform is not False
        name = "_frame_meaning" if has_window else "_frame_values"
        meaning: FrameMeaning | None = state.get(name)
        if meaning is None:
            meaning = state[name] = meaning_of(self, self.frame_table, with_windows=has_window)
        meaning = meaning if frames is None else meaning.restricted(frames)
        try:
            return PixelTransform.of(meaning.parameters, self.stored_frames.format, options, meaning.codes)
        except HdcoreError:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise UnreadableError(f"The pixel transforms of the image cannot be applied: {error}") from error

    def adopt_frame_table(self, table: FrameTable) -> None:
        """Take over the frame table from which the functional groups were just written.

        Parameters
        ----------
        table: FrameTable
            One row per frame, as :meth:`read_frame_table` would make it.
        """
        self.__dict__["_frame_table"] = table

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

    def forget_frames(self) -> None:
        """Forget what is known of table and frames, since functional groups or pixel data were changed."""
        for name in ("_frame_table", "_frame_meaning", "_frame_values", "_stored_frames"):
            self.__dict__.pop(name, None)

    @property
    def number_of_frames(self) -> int:
        """int: number of frames."""
        return number_of_frames(self)

    @property
    def transfer_syntax_uid(self) -> UID:
        """UID: transfer syntax of the pixel data."""
        return uid_as_read(transfer_syntax_of(self))

    @property
    def is_tiled(self) -> bool:
        """bool: whether frames are tiles of a total pixel matrix (PS3.3 C.8.12.4)."""
        return "TotalPixelMatrixRows" in self and "TotalPixelMatrixColumns" in self

    @property
    def coordinate_system(self) -> CoordinateSystemNames | None:
        """CoordinateSystemNames | None: in which coordinate system the frames lie, if in any."""
        return coordinate_system_of(self, self.frame_table)

    @property
    def dimension_index_pointers(self) -> list[BaseTag]:
        """list[pydicom.tag.BaseTag]: attributes that the dimension indices stand for (PS3.3 C.7.6.17)."""
        return dimension_index_pointers(self)

    def are_dimension_indices_unique(self, dimension_index_pointers: Sequence[int | BaseTag | str]) -> bool:
        """Tell whether some of the dimension indices identify each frame.

        Parameters
        ----------
        dimension_index_pointers: Sequence[int | pydicom.tag.BaseTag | str]
            Tags, or keywords, of the attributes that the dimensions stand for.

        Returns
        -------
        bool
            Whether no two frames have the same indices in these dimensions.

        Raises
        ------
        NotPresentError
            If the image has no such dimension. A ValueError and KeyError.
        """
        return are_distinct(self.dimension_indices(dimension_index_pointers))

    def dimension_indices(self, dimension_index_pointers: Sequence[int | BaseTag | str]) -> NDArray[np.int64]:
        """Get the dimension index values of all frames.

        Parameters
        ----------
        dimension_index_pointers: Sequence[int | pydicom.tag.BaseTag | str]
            Tags, or keywords, of the attributes that the dimensions stand for.

        Returns
        -------
        numpy.ndarray
            Shape (frames, pointers), counted from one.

        Raises
        ------
        NotPresentError
            If the image has no such dimension. A ValueError and KeyError.
        """
        return dimension_indices(self, self.frame_table, dimension_index_pointers)

    def get_source_image_uids(self) -> list[tuple[UID, UID, UID]]:
        """List the images that this instance refers to.

        Returns
        -------
        list[tuple[UID, UID, UID]]
            Study, Series and SOP Instance UID of each, without repetition (PS3.3 C.12.2).
        """
        return source_image_uids(self)

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

    def is_indexable_as_total_pixel_matrix(self) -> bool:
        """Tell whether frames can be put together to the total pixel matrix.

        Returns
        -------
        bool
            Whether the image is tiled, and says where in the total pixel matrix each tile lies.
        """
        if not self.is_tiled:
            return False
        try:
            tiles_of(self, self.frame_table)
        except GeometryError:
            return False
        return True

    def get_volume_geometry(
        self,
        *,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        allow_missing_positions: bool = False,
        allow_duplicate_positions: bool = True,
    ) -> VolumeGeometry | None:
        """Get the geometry of the volume that the frames are.

        Parameters
        ----------
        rtol: float | None, optional
            Part of the spacing by which spacings may differ; 0.01 unless ``atol`` is given.
        atol: float | None, optional
            Length in mm by which spacings may differ; instead of ``rtol``.
        perpendicular_tol: float | None, optional
            How far from 1 the cosine between stacking direction and normal may be; 0.001 if absent.
        allow_missing_positions: bool, optional
            Whether planes may be missing.
        allow_duplicate_positions: bool, optional
            Whether several frames may be at one position, such as segments or points in time.

        Returns
        -------
        VolumeGeometry | None
            Of the stack of frames, of the total pixel matrix of a tiled image, or of the single frame; None if they
            are no regular volume, or the image does not say where they lie.

        Raises
        ------
        TypeError
            If both ``rtol`` and ``atol`` are given.
        """
        tolerances = Tolerances(rtol, atol, perpendicular_tol, allow_missing_positions, allow_duplicate_positions)
        try:
            if self.is_tiled:
                return matrix_planes_of(self, self.frame_table, tolerances).geometry
            return volume_planes_of(self, self.frame_table, tolerances).geometry
        except GeometryError:
            return None

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
