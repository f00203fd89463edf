"""A label map in the colours of its palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError
from hdcore.model.element import fetch
from hdcore.pixels.color import ColorManager
from hdcore.pixels.palette import PaletteColorLUTTransformation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_seg.request import SegmentRequest

__all__ = ["in_colors"]


def in_colors(
    image: Dataset, labels: NDArray[Any], request: SegmentRequest, apply_icc_profile: bool | None
) -> NDArray[np.uint8]:
    """Look labels up in the image's palette.

    Parameters
    ----------
    image: pydicom.dataset.Dataset
        The segmentation.
    labels: numpy.ndarray
        Labels of any shape.
    request: SegmentRequest
        How they were made.
    apply_icc_profile: bool | None
        Whether colours are converted to sRGB; None to do so if there is a profile.

    Returns
    -------
    numpy.ndarray
        RGB, the colours along a new last axis.

    Raises
    ------
    ValueError
        If the image has no palette, or no profile though one is required, or labels are not those that are stored.
    """
    if not request.combine or request.relabel:
        raise InputError("apply_palette_color_lut=True needs combine_segments=True and relabel=False.")
    if fetch(image, "PhotometricInterpretation") != "PALETTE COLOR":
        raise InputError("apply_palette_color_lut is True, but the segmentation has no palette.")
    profile = fetch(image, "ICCProfile")
    if apply_icc_profile and profile is None:
        raise InputError("apply_icc_profile is True, but the segmentation has no ICC profile.")
    colors = PaletteColorLUTTransformation.extract_from_dataset(image).apply(labels)
    if profile is None or apply_icc_profile is False:
        return colors
    manager = ColorManager(bytes(profile))
    return manager.transform_frame(colors.reshape(-1, *colors.shape[-2:])).reshape(colors.shape)
