"""Reading the frames of a file one by one, without loading the file."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from hdcore.errors import OutOfRangeError, UnreadableError, UnreadableFrameError
from hdcore.pixels.optical_paths import icc_profiles, identifier_of_frame
from hdcore.pixels.part10 import open_dataset, transfer_syntax_of
from hdcore.pixels.storage import open_store
from hdcore.pixels.stored import StoredFrames
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    import numpy as np
    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from hdcore.pixels.storage import ByteStore, Readable

__all__ = ["ImageFileReader"]


class ImageFileReader:
    """Gives single frames of a file with an image; only the frames asked for are read from it.

    Several threads may read from one reader. It can be pickled if its file can be opened again.

    Examples
    --------
    >>> import io
    >>> from hdcore.testing.sources import ct_series
    >>> file = io.BytesIO()
    >>> ct_series(slices=1, rows=4, columns=5)[0].save_as(file, enforce_file_format=True)
    >>> with ImageFileReader(file.getvalue()) as reader:
    ...     reader.number_of_frames, reader.read_frame(0).shape
    (1, (4, 5))
    """

    def __init__(self, filename: Readable | ByteStore) -> None:
        """Note where to read from; nothing is opened yet.

        Parameters
        ----------
        filename: str | os.PathLike | bytes | BinaryIO
            A path, the content of a file, or a binary file object, also of a remote file system.
        """
        # A file object is read from where it stands now, a path is opened by open().
        self._source = filename if isinstance(filename, (str, PathLike)) else open_store(filename)
        self._store: ByteStore | None = None
        self._metadata: Dataset | None = None
        self._frames: StoredFrames | None = None
        self._profiles: dict[str, bytes | None] = {}
        self._corrections: dict[str, Callable[[Any], Any] | None] = {}

    def open(self) -> None:
        """Open the file and read everything before the pixels.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        OSError
            If it cannot be opened.
        UnreadableError
            If it is no DICOM file, or has no pixels. A ValueError.
        """
        store = open_store(self._source)
        opened = open_dataset(store)
        if opened.pixels is None:
            raise UnreadableError(f"{store.name} holds no image: it has no Pixel Data.")
        self._frames = StoredFrames.of_file(opened.dataset, opened.store, opened.pixels)
        self._store, self._metadata = store, opened.dataset
        self._profiles, self._corrections = {}, {}

    def close(self) -> None:
        """Close the file. A file object that was given stays open."""
        if self._store is not None:
            self._store.close()
        self._store = self._metadata = self._frames = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        except_type: type[BaseException] | None,
        except_value: BaseException | None,
        except_trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def filename(self) -> str:
        """Path of the file, or what kind of object is read."""
        return fspath(self._source) if isinstance(self._source, (str, PathLike)) else self._source.name

    @property
    def metadata(self) -> Dataset:
        """The dataset without its pixels."""
        if self._metadata is None:
            raise self._not_open()
        return self._metadata

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer Syntax UID of the file."""
        return uid_as_read(transfer_syntax_of(self.metadata))

    @property
    def number_of_frames(self) -> int:
        """Number of frames."""
        return self._opened().count

    def read_frame_raw(self, index: int) -> bytes:
        """Read the encoded bytes of one frame.

        Parameters
        ----------
        index: int
            Zero-based frame index.

        Returns
        -------
        bytes
            The frame as the transfer syntax encodes it. A native 1-bit frame may share its first and last byte with
            its neighbours (PS3.5 8.1.1).

        Raises
        ------
        OutOfRangeError
            If there is no such frame. A ValueError and IndexError.
        UnreadableFrameError
            If the reader is not open, or the file ends before the frame does. An OSError.
        """
        index = self._checked(index)
        return self._opened().raw(index)

    def read_frame(self, index: int, correct_color: bool = True) -> npt.NDArray[np.generic]:
        """Read and decode one frame.

        Parameters
        ----------
        index: int
            Zero-based frame index.
        correct_color: bool, optional
            Whether the image's ICC profile, if it has one, is applied, so that colours are those of sRGB.

        Returns
        -------
        numpy.ndarray
            Stored values with shape (rows, columns), or (rows, columns, samples) for a colour image.

        Raises
        ------
        OutOfRangeError
            If there is no such frame. A ValueError and IndexError.
        UnreadableFrameError
            If the reader is not open, or the frame is incomplete or damaged. An OSError.
        MissingCodecError
            If no installed package decodes the transfer syntax.
        """
        index = self._checked(index)
        frame = self._opened().frame(index)
        if not frame.flags.writeable:
            frame = frame.copy()
        correction = self._correction(index) if correct_color else None
        return frame if correction is None else correction(frame)

    def _correction(self, index: int) -> Callable[[Any], Any] | None:
        """Make the colour correction of a frame, once for each optical path."""
        if self._opened().format.samples_per_pixel != 3:
            return None
        profiles = self._profiles = self._profiles or icc_profiles(self.metadata)
        path = next(iter(profiles))
        if len(profiles) > 1:
            path = identifier_of_frame(self.metadata, index) or path
        profile = profiles.get(path, next(iter(profiles.values())))
        if profile is None:
            return None
        if path not in self._corrections:
            from hdcore.pixels.color import ColorManager

            self._corrections[path] = ColorManager(profile).transform_frame
        return self._corrections[path]

    def _checked(self, index: int) -> int:
        frames = self._frames
        if index < 0 or (frames is not None and index >= frames.count):
            number = "unknown until it is opened" if frames is None else frames.count
            raise OutOfRangeError(
                f"index is {index}; expected a zero-based frame index below the number of frames, which is {number}."
            )
        return index

    def _opened(self) -> StoredFrames:
        if self._frames is None:
            raise self._not_open()
        return self._frames

    def _not_open(self) -> UnreadableFrameError:
        return UnreadableFrameError(
            f"{self.filename} is not open; use the reader in a 'with' statement or call open() first."
        )

    def __getstate__(self) -> dict[str, Any]:
        return {"source": self._source, "opened": self._frames is not None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        type(self).__init__(self, state["source"])
        if state["opened"]:
            self.open()
