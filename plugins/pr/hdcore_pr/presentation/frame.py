"""The frame that is presented: its stored values, and of which image it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from hdcore.errors import InputError, InputTypeError
from hdcore.frames.image import Image
from hdcore.model.element import fetch, shallow_copy
from pydicom.dataset import Dataset

from hdcore_pr.presentation.selection import first_about

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from hdcore.pixels.format import FrameFormat

__all__ = ["SourceFrame", "as_image"]


def as_image(image: Any) -> Image:
    """Take any dataset with pixels as an image, and leave it as it is.

    Raises
    ------
    TypeError
        If it is no dataset.
    ValueError
        If it has no pixels, or nothing by which a state could reference it.
    """
    if not isinstance(image, Dataset):
        raise InputTypeError(f"image is {type(image).__name__}; expected a pydicom Dataset or hdcore Image.")
    if fetch(image, "SOPInstanceUID") is None:
        raise InputError("image has no SOP Instance UID, so no state can be about it.")
    return image if isinstance(image, Image) else Image.from_dataset(shallow_copy(image), copy=False)


@dataclass(frozen=True, slots=True)
class SourceFrame:
    """A frame of an image, or the total pixel matrix of a tiled one."""

    image: Image
    number: int
    """Counted from one."""
    is_matrix: bool = False
    """Whether it is the total pixel matrix; then ``number`` is that of its first tile."""

    @classmethod
    def shown(cls, state: Dataset, image: Image, number: int) -> Self:
        """Take a frame, or the total pixel matrix if the state's displayed area is one of it (PS3.3 C.10.4)."""
        area = first_about(state, "DisplayedAreaSelectionSequence", str(image.SOPInstanceUID), number)
        is_matrix = image.is_tiled and area is not None and fetch(area, "PixelOriginInterpretation") == "VOLUME"
        return cls(image, number, is_matrix)

    @property
    def uid(self) -> str:
        """str: SOP Instance UID of the image."""
        return str(self.image.SOPInstanceUID)

    @property
    def format(self) -> FrameFormat:
        """FrameFormat: format of the stored values."""
        return self.image.stored_frames.format

    @property
    def shape(self) -> tuple[int, int]:
        """tuple[int, int]: rows and columns."""
        prefix = "TotalPixelMatrix" if self.is_matrix else ""
        return int(self.image[f"{prefix}Rows"].value), int(self.image[f"{prefix}Columns"].value)

    @property
    def has_colors(self) -> bool:
        """bool: whether it is of colours, by itself or by a palette."""
        return self.format.samples_per_pixel == 3 or self.format.photometric_interpretation == "PALETTE COLOR"

    def stored_values(self) -> npt.NDArray[Any]:
        """Get the stored values: shape (rows, columns), or (rows, columns, 3) of RGB."""
        if not self.is_matrix:
            return self.image.get_stored_frame(self.number)
        return self.image.get_total_pixel_matrix(
            dtype=self.format.dtype,
            apply_real_world_transform=None if self.has_colors else False,
            apply_modality_transform=None if self.has_colors else False,
            apply_presentation_lut=False,
            apply_palette_color_lut=False if self.format.samples_per_pixel == 1 and self.has_colors else None,
            apply_icc_profile=False if self.has_colors else None,
        )

    def padding(self) -> npt.NDArray[np.bool_] | None:
        """Tell which pixels hold no image (PS3.3 C.7.5.1.1.2); None if the image does not say."""
        low = fetch(self.image, "PixelPaddingValue")
        if low is None or self.format.samples_per_pixel != 1:
            return None
        high = fetch(self.image, "PixelPaddingRangeLimit", low)
        values = self.stored_values()
        low, high = sorted((int(low), int(high)))
        is_padding: npt.NDArray[np.bool_] = (values >= low) & (values <= high)
        return is_padding
