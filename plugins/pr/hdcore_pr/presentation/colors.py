"""From values or stored colours to sRGB: palettes and ICC profiles (PS3.4 N.2.2 and N.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import UnreadableError
from hdcore.model.element import fetch
from hdcore.pixels.color import CIELabColor, ColorManager
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.pixels.steps import Lookup

from hdcore_pr.presentation.tones import BoundedSteps, apply_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from hdcore.pixels.steps import Step
    from pydicom.dataset import Dataset

    from hdcore_pr.presentation.frame import SourceFrame

__all__ = ["as_srgb", "palette_steps", "rgb_of_lab", "true_colors"]


def palette_steps(palette: Dataset, values: BoundedSteps) -> tuple[Step, ...]:
    """Add a palette: the results are RGB from 0 to 255.

    The range of a VOI transform is that of the palette's entries. Without one, values are those that the palette
    itself maps (PS3.3 C.7.6.3.1.5).
    """
    _check_palette(palette)
    table = PaletteColorLUTTransformation.extract_from_dataset(palette)
    entries, first = table.combined_lut_data, table.first_mapped_value
    narrow = (entries >> 8).astype(np.uint8) if entries.dtype.itemsize > 1 else entries
    steps = values.indices(first, len(entries)) if values.is_of_interest else values.steps
    return (*steps, Lookup(first, narrow))


def _check_palette(palette: Dataset) -> None:
    for color in ("Red", "Green", "Blue"):
        name = f"{color}PaletteColorLookupTable"
        descriptor = fetch(palette, f"{name}Descriptor", ())
        if len(descriptor) != 3 or not (fetch(palette, f"{name}Data") or fetch(palette, f"Segmented{name}Data")):
            raise UnreadableError(f"The palette has no complete {name}Descriptor and {name}Data.")


def true_colors(frame: SourceFrame) -> npt.NDArray[np.uint8]:
    """Get the colours of a frame that has some: shape (rows, columns, 3)."""
    stored = frame.stored_values()
    if frame.format.samples_per_pixel == 1:
        return apply_steps(palette_steps(frame.image, BoundedSteps((), 0.0, 0.0)), stored)
    shift = frame.format.bits_stored - 8
    return (stored >> shift).astype(np.uint8) if shift > 0 else stored.astype(np.uint8, copy=False)


def as_srgb(colors: npt.NDArray[np.uint8], *datasets: Dataset) -> npt.NDArray[np.uint8]:
    """Convert colours by the ICC profile of the first dataset that has one; sRGB is assumed if none has."""
    for dataset in datasets:
        profile: Any = fetch(dataset, "ICCProfile")
        if profile:
            return ColorManager(bytes(profile)).transform_frame(colors)
    return colors


def rgb_of_lab(value: Sequence[int]) -> tuple[int, int, int]:
    """Give the sRGB components of a stored CIELab value, the nearest where sRGB has none (PS3.3 C.10.7.1.1)."""
    return CIELabColor.from_dicom_value(value).to_rgb(clip=True)
