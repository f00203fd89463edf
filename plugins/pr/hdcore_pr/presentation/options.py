"""What a caller may ask of a presentation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hdcore.errors import InputError, InputTypeError

__all__ = ["PresentationOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationOptions:
    """Which parts of a state are applied, and what comes out."""

    voi_transform_selector: int | str = 0
    """Which window or VOI LUT, where the state has several for the image: zero-based index, or explanation."""
    size: tuple[int, int] | None = None
    """Rows and columns of the display into which the displayed area is fitted; see :meth:`PresentationState.apply`."""
    display_pixel_spacing: float | None = None
    """Distance in mm between pixels of the display, for states of size mode TRUE SIZE."""
    as_rgb: bool | None = None
    """Whether to give colours; None: if the state is one of colours."""
    apply_shutters: bool = True
    apply_overlays: bool = True
    apply_spatial_transformation: bool = True
    apply_displayed_area: bool = True
    apply_annotations: bool = True

    def __post_init__(self) -> None:
        if self.size is not None:
            if not isinstance(self.size, tuple | list) or len(self.size) != 2:
                raise InputTypeError(f"size is {self.size!r}; expected rows and columns.")
            if not all(isinstance(length, int | np.integer) for length in self.size):
                raise InputTypeError(f"size is {self.size!r}; expected whole numbers of rows and columns.")
            if min(self.size) < 1:
                raise InputError(f"size is {tuple(self.size)}; rows and columns must be positive.")
        spacing = self.display_pixel_spacing
        if spacing is not None and not isinstance(spacing, int | float | np.integer | np.floating):
            raise InputTypeError(f"display_pixel_spacing is {spacing!r}; expected a length in mm.")
        if spacing is not None and not spacing > 0:
            raise InputError(f"display_pixel_spacing is {spacing}; expected a length above 0 mm.")
