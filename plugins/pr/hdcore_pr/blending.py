"""What is blended with what (PS3.3 C.11.31 to C.11.33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import put
from pydicom.dataset import Dataset

from hdcore_pr.enums import BlendingModeValues
from hdcore_pr.given import integer, items_of, number
from hdcore_pr.references import has_colors, referenced_series, study_of
from hdcore_pr.transformations import (
    put_modality_lut,
    put_palette,
    put_voi_luts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.pixels.lut import ModalityLUTTransformation
    from hdcore.pixels.palette import PaletteColorLUTTransformation

    from hdcore_pr.voi import SoftcopyVOILUTTransformation

__all__ = ["AdvancedBlending", "BlendingDisplay", "BlendingDisplayInput", "check_operations", "with_geometry"]


class AdvancedBlending(Dataset):
    """Images that are one input of a blending operation, and how they become colours (PS3.3 C.11.31)."""

    def __init__(
        self,
        referenced_images: Sequence[Dataset],
        blending_input_number: int,
        modality_lut_transformation: ModalityLUTTransformation | None = None,
        voi_lut_transformations: Sequence[SoftcopyVOILUTTransformation] | None = None,
        palette_color_lut_transformation: PaletteColorLUTTransformation | None = None,
    ) -> None:
        """Describe an input.

        Parameters
        ----------
        referenced_images: Sequence[pydicom.dataset.Dataset]
            Images of one series, grayscale or colour.
        blending_input_number: int
            Number of the input, counted from 1.
        modality_lut_transformation: ModalityLUTTransformation | None, optional
            From stored to modality values; that of the images if absent.
        voi_lut_transformations: Sequence[SoftcopyVOILUTTransformation] | None, optional
            Values of interest; those of the images if absent.
        palette_color_lut_transformation: PaletteColorLUTTransformation | None, optional
            From grayscale to colours; required of grayscale images.

        Raises
        ------
        ValueError
            If there are no images, they are of several studies or series, or differ in being colour or in the modality
            transformation that is to be theirs; if grayscale images have no palette.
        TypeError
            If an argument is of another type.
        """
        super().__init__()
        put(self, BlendingInputNumber=integer("blending_input_number", blending_input_number, 1))
        study = study_of(referenced_images)
        series = referenced_series(referenced_images)
        if len(series) > 1:
            raise InputError(f"referenced_images of one blending input are of {len(series)} series; expected one.")
        are_colors = {has_colors(image) for image in referenced_images}
        if len(are_colors) > 1:
            raise InputError("referenced_images are partly grayscale, partly colour; make an input of each.")
        if are_colors == {False} and palette_color_lut_transformation is None:
            raise InputTypeError("palette_color_lut_transformation is required where referenced_images are grayscale.")
        put(
            self,
            StudyInstanceUID=study,
            SeriesInstanceUID=series[0].SeriesInstanceUID,
            ReferencedImageSequence=series[0].ReferencedImageSequence,
        )
        # colour images have neither of their own to take over
        if modality_lut_transformation is not None or are_colors == {False}:
            put_modality_lut(self, modality_lut_transformation, referenced_images)
        if voi_lut_transformations or are_colors == {False}:
            put_voi_luts(self, voi_lut_transformations or None, referenced_images)
        if palette_color_lut_transformation is not None:
            palette = Dataset()
            put_palette(palette, palette_color_lut_transformation)
            put(self, PaletteColorLookupTableSequence=[palette])


class BlendingDisplayInput(Dataset):
    """A reference to an input, or to the result of another operation (PS3.3 C.11.33)."""

    def __init__(self, blending_input_number: int) -> None:
        """Refer to an input.

        Parameters
        ----------
        blending_input_number: int
            Its number, counted from 1.

        Raises
        ------
        ValueError
            If the number is not positive.
        """
        super().__init__()
        put(self, BlendingInputNumber=integer("blending_input_number", blending_input_number, 1))


class BlendingDisplay(Dataset):
    """One blending operation (PS3.3 C.11.33)."""

    def __init__(
        self,
        blending_mode: BlendingModeValues | str,
        blending_display_inputs: Sequence[BlendingDisplayInput],
        blending_input_number: int | None = None,
        relative_opacity: float | None = None,
    ) -> None:
        """Describe an operation.

        Parameters
        ----------
        blending_mode: BlendingModeValues | str
            How inputs are weighted.
        blending_display_inputs: Sequence[BlendingDisplayInput]
            The inputs, in the order in which they are blended.
        blending_input_number: int | None, optional
            Number of the result, if it is not displayed but an input of another operation.
        relative_opacity: float | None, optional
            Weight of the first input, from 0 to 1; required for FOREGROUND.

        Raises
        ------
        ValueError
            If the number of inputs does not fit the mode, or the opacity lies outside 0 to 1.
        TypeError
            If the opacity is required and absent.
        """
        super().__init__()
        mode = BlendingModeValues(blending_mode)
        inputs = items_of(
            "blending_display_inputs", blending_display_inputs, "BlendingInputNumber", "BlendingDisplayInput"
        )
        if mode is BlendingModeValues.FOREGROUND:
            if len(inputs) != 2:
                raise InputError(f"blending_display_inputs has {len(inputs)} items; FOREGROUND blends exactly 2.")
            if relative_opacity is None:
                raise InputTypeError("relative_opacity is required where blending_mode is FOREGROUND.")
            if not 0.0 <= number("relative_opacity", relative_opacity) <= 1.0:
                raise InputError(f"relative_opacity is {relative_opacity}; expected a number from 0 to 1.")
            put(self, RelativeOpacity=float(np.float32(relative_opacity)))  # VR FL
        elif not inputs:
            raise InputError("blending_display_inputs is empty; EQUAL blends one or more.")
        put(self, BlendingMode=mode.value, BlendingDisplayInputSequence=inputs)
        if blending_input_number is not None:
            put(self, BlendingInputNumber=integer("blending_input_number", blending_input_number, 1))


def check_operations(
    blending: Sequence[Dataset], blending_display: Sequence[Dataset], images: Sequence[Dataset]
) -> None:
    """Refuse inputs and operations that do not make one presented image.

    Raises
    ------
    ValueError
        If a number is used twice or refers to nothing, not exactly one result is displayed, or the inputs' images are
        not those of the state.
    TypeError
        If an item is of another type.
    """
    for name, items, keyword in (
        ("blending", blending, "BlendingInputNumber"),
        ("blending_display", blending_display, "BlendingMode"),
    ):
        kind = "AdvancedBlending" if name == "blending" else "BlendingDisplay"
        if not items_of(name, items, keyword, kind):
            raise InputTypeError(f"{name} is empty; expected a sequence of {kind}.")
    numbers = [int(entry.BlendingInputNumber) for entry in blending]
    results = [int(entry.BlendingInputNumber) for entry in blending_display if "BlendingInputNumber" in entry]
    if len(set(numbers + results)) < len(numbers + results):
        raise InputError(f"blending_input_number: inputs {numbers} and results {results} must all differ.")
    if len(results) != len(blending_display) - 1:
        raise InputError(
            "blending_display: exactly one operation has no blending_input_number, whose result is displayed; "
            f"there are {len(blending_display) - len(results)}."
        )
    for entry in blending_display:
        for used in entry.BlendingDisplayInputSequence:
            if int(used.BlendingInputNumber) not in numbers + results:
                raise InputError(f"blending_display uses input {used.BlendingInputNumber}, which nothing is numbered.")
    known = {str(image.SOPInstanceUID) for image in images}
    used_images = {
        str(reference.ReferencedSOPInstanceUID) for entry in blending for reference in entry.ReferencedImageSequence
    }
    if used_images != known:
        raise InputError("referenced_images must be those of the blending inputs: no more, no less.")


def with_geometry(blending: Sequence[Dataset]) -> list[Dataset]:
    """Say of several inputs on whose grid the others are laid: the first's, unless one says so itself."""
    items = [Dataset(entry) for entry in blending]
    if len(items) > 1 and not any("GeometryForDisplay" in entry for entry in items):
        for index, entry in enumerate(items):
            put(entry, GeometryForDisplay="TRUE" if index == 0 else "FALSE")
    return items
