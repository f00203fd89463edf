"""Reading secondary captures of either kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore_sc.image import SCImage
from hdcore_sc.multiframe import MultiFrameSCImage

if TYPE_CHECKING:
    from os import PathLike
    from typing import BinaryIO

    from pydicom.dataset import Dataset

__all__ = ["scread"]


def scread(
    fp: str | PathLike[str] | bytes | BinaryIO | Dataset, lazy_frame_retrieval: bool = False
) -> SCImage | MultiFrameSCImage:
    """Read a secondary capture.

    Parameters
    ----------
    fp: str | os.PathLike | bytes | BinaryIO | pydicom.dataset.Dataset
        A file's path or content, a binary file, or a dataset.
    lazy_frame_retrieval: bool, optional
        Whether to leave the frames in the file until they are asked for.

    Returns
    -------
    SCImage | MultiFrameSCImage
        The capture.

    Raises
    ------
    ValueError
        If what is read is not a secondary capture.
    """
    from hdcore.api import read
    from hdcore.errors import UnreadableError

    options = {"lazy_frame_retrieval": True} if lazy_frame_retrieval else {}
    capture = read(fp, **options)
    if not isinstance(capture, (SCImage, MultiFrameSCImage)):
        raise UnreadableError(f"Expected a secondary capture, not {capture.SOPClassUID.name}.")
    return capture
