"""What a caller may ask of a pixel transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import InputError, InputTypeError
from hdcore.text import short

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code

    from hdcore.content.code import CodedConcept

__all__ = ["PixelOptions"]


@dataclass(frozen=True, slots=True, eq=False)
class PixelOptions:
    """Which transforms are applied to stored values, and what comes out.

    Each ``apply_…`` that may be None means: True, the transform is required; None, it is applied if the image has it;
    False, it is not applied.
    """

    dtype: npt.DTypeLike = np.float64
    """Data type of the result. One of integers must hold whatever the transforms may give."""
    apply_real_world_transform: bool | None = None
    """Whether to apply a real-world value map. It takes the place of modality, VOI and presentation transforms."""
    real_world_value_map_selector: int | str | Code | CodedConcept = 0
    """Zero-based index of the map, negative from the end; or its LUT Label; or its unit."""
    apply_modality_transform: bool | None = None
    """Whether to apply the rescale or modality LUT."""
    apply_voi_transform: bool | None = False
    """Whether to apply a window or VOI LUT. The result is then of floating-point numbers."""
    voi_transform_selector: int | str | Dataset = 0
    """Zero-based index of the window or table, negative from the end; or its explanation; or a VOILUTTransformation
    of your own."""
    voi_output_range: tuple[float, float] = (0.0, 1.0)
    """What the ends of the window become."""
    apply_presentation_lut: bool = True
    """Whether to invert images that are stored, or to be shown, with high values dark; and whether to apply a
    Presentation LUT Sequence, whose results are P-values."""
    apply_palette_color_lut: bool | None = None
    """Whether to make RGB of the values of a palette colour image."""
    apply_icc_profile: bool | None = None
    """Whether to convert the colours of an image with an ICC profile to sRGB."""

    def __post_init__(self) -> None:
        try:
            dtype = np.dtype(self.dtype)
        except TypeError as error:
            raise InputTypeError(f"dtype is {short(self.dtype)}, which is no data type of NumPy.") from error
        if dtype.kind not in "biuf":
            raise InputError(f"dtype is {dtype}; expected a type of integers or floating-point numbers.")
        object.__setattr__(self, "dtype", dtype)
        low, high = self.voi_output_range
        if not low < high:
            raise InputError(f"voi_output_range is {(low, high)}; expected its second value to be above its first.")
        if self.apply_real_world_transform and self.apply_modality_transform:
            raise InputError(
                "apply_real_world_transform and apply_modality_transform are both True; a real-world value map takes "
                "the place of the modality transform."
            )
        if self.apply_voi_transform is not False and self.apply_modality_transform is False:
            raise InputError(
                "apply_voi_transform needs the modality transform, whose result its windows are about; "
                "apply_modality_transform cannot be False."
            )
        if self.apply_icc_profile and self.apply_palette_color_lut is False:
            raise InputError("apply_icc_profile needs colours; apply_palette_color_lut cannot be False.")

    @property
    def data_type(self) -> np.dtype[Any]:
        """numpy.dtype: ``dtype`` as such."""
        return np.dtype(self.dtype)
