"""The three kinds of legacy converted enhanced images, and how one is read or chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.frames.image import Image
from hdcore.model.damage import reading
from pydicom.dataset import Dataset

from hdcore_legacy.converted import ConvertedImage

if TYPE_CHECKING:
    from hdcore.pixels.storage import Readable

__all__ = [
    "SOP_CLASS_UIDS",
    "LegacyConvertedEnhancedCTImage",
    "LegacyConvertedEnhancedMRImage",
    "LegacyConvertedEnhancedPETImage",
    "convert",
    "lceread",
]


class LegacyConvertedEnhancedCTImage(ConvertedImage):
    """A Legacy Converted Enhanced CT Image (PS3.3 A.70)."""

    MODALITY = "CT"
    SOURCE_SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.2"
    SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.2.2"


class LegacyConvertedEnhancedMRImage(ConvertedImage):
    """A Legacy Converted Enhanced MR Image (PS3.3 A.71)."""

    MODALITY = "MR"
    SOURCE_SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.4"
    SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.4.4"


class LegacyConvertedEnhancedPETImage(ConvertedImage):
    """A Legacy Converted Enhanced PET Image (PS3.3 A.72)."""

    MODALITY = "PT"
    SOURCE_SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.128"
    SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.128.1"


_CLASSES: tuple[type[ConvertedImage], ...] = (
    LegacyConvertedEnhancedCTImage,
    LegacyConvertedEnhancedMRImage,
    LegacyConvertedEnhancedPETImage,
)

SOP_CLASS_UIDS = {kind.SOP_CLASS_UID for kind in _CLASSES}
"""SOP classes of the three kinds."""


def lceread(fp: Readable, lazy_frame_retrieval: bool = False) -> ConvertedImage:
    """Read a legacy converted enhanced image from a file.

    Parameters
    ----------
    fp: str | os.PathLike | bytes | BinaryIO
        Path, content, or file object.
    lazy_frame_retrieval: bool, optional
        Whether to leave the pixels in the file, and read frames when they are asked for.

    Returns
    -------
    LegacyConvertedEnhancedCTImage | LegacyConvertedEnhancedMRImage | LegacyConvertedEnhancedPETImage
        The image, of the class that its SOP class asks for.

    Raises
    ------
    ValueError
        If the file is not of such an image.
    """
    image = Image.from_file(fp, lazy_frame_retrieval=lazy_frame_retrieval)
    found = str(image.get("SOPClassUID", "none"))
    for kind in _CLASSES:
        if found == kind.SOP_CLASS_UID:
            return kind.from_dataset(image, copy=False)
    raise UnreadableError(f"The file is of SOP class {found}, which is not a legacy converted enhanced image.")


def convert(legacy_datasets: Iterable[Dataset], *args: Any, **kwargs: Any) -> ConvertedImage:
    """Convert single-frame images to the kind of image that their modality asks for.

    Parameters
    ----------
    legacy_datasets: Iterable[pydicom.dataset.Dataset]
        CT, MR or PET images.
    *args, **kwargs
        What the class of the converted image takes beside these.

    Returns
    -------
    LegacyConvertedEnhancedCTImage | LegacyConvertedEnhancedMRImage | LegacyConvertedEnhancedPETImage
        The converted image.

    Raises
    ------
    TypeError
        If the images are not datasets.
    ValueError
        If they are of none of these modalities, or cannot be converted.
    """
    listed: list[Any] = list(legacy_datasets) if isinstance(legacy_datasets, Iterable) else [None]
    if not all(isinstance(one, Dataset) for one in listed):
        raise InputTypeError("legacy_datasets is not a sequence of datasets.")
    if not listed:
        raise InputError("legacy_datasets is empty; expected CT, MR or PET images.")
    with reading("legacy_datasets[0]"):
        modality = str(listed[0].get("Modality", "none"))
    for kind in _CLASSES:
        if modality == kind.MODALITY:
            return kind(listed, *args, **kwargs)
    raise InputError(f"legacy_datasets are of modality {modality!r}; expected CT, MR or PT images.")
