"""How a parametric map is shown: windows, or a palette for a range of stored values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.columns import Categorical, EncodedItems, Ragged
from hdcore.model.element import put, put_element
from hdcore.model.making import make_element
from hdcore.pixels.color import input_profile, srgb_icc_profile
from hdcore.pixels.lut import VOILUTTransformation
from hdcore.pixels.palette import PaletteColorLUTTransformation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = ["Palette", "window_columns", "windows_of"]

_COLORS = ("Red", "Green", "Blue")


def windows_of(
    transformations: Sequence[VOILUTTransformation] | VOILUTTransformation | None,
    window_center: float | None,
    window_width: float | None,
    value_range: tuple[float, float],
) -> list[VOILUTTransformation]:
    """Choose the windows that a viewer may offer.

    Parameters
    ----------
    transformations: Sequence[VOILUTTransformation] | None
        The caller's.
    window_center, window_width: float | None
        A single window, as an older form of the same.
    value_range: tuple[float, float]
        Lowest and highest stored value, which the window covers if the caller gives none.

    Returns
    -------
    list[VOILUTTransformation]
        At least one.

    Raises
    ------
    TypeError
        If one is not a VOILUTTransformation, both forms are used, or only half a window is given.
    ValueError
        If there are none in the sequence.
    """
    if transformations is not None:
        if window_center is not None or window_width is not None:
            raise InputTypeError("voi_lut_transformations is given as well as window_center or window_width.")
        chosen = [transformations] if isinstance(transformations, VOILUTTransformation) else list(transformations)
        if not chosen:
            raise InputError("voi_lut_transformations is empty; expected at least one VOILUTTransformation.")
        for each in chosen:
            if not isinstance(each, VOILUTTransformation):
                raise InputTypeError(
                    f"voi_lut_transformations has a {type(each).__name__}; expected VOILUTTransformation."
                )
        return chosen
    if (window_center is None) != (window_width is None):
        raise InputTypeError("window_center and window_width go together; one of them is missing.")
    if window_center is not None and window_width is not None:
        return [VOILUTTransformation(window_center=window_center, window_width=window_width)]
    low, high = value_range
    width = high - low
    return [
        VOILUTTransformation(
            window_center=(low + high) / 2, window_width=width if width > 0 else 1.0, voi_lut_function="LINEAR_EXACT"
        )
    ]


def window_columns(windows: Sequence[VOILUTTransformation], character_set: str) -> dict[str, Any]:
    """Put windows into the shared columns of Frame VOI LUT.

    Parameters
    ----------
    windows: Sequence[VOILUTTransformation]
        The windows and tables; all are offered for every frame.
    character_set: str
        Specific Character Set of the instance.

    Returns
    -------
    dict[str, Any]
        Columns of one row.

    Raises
    ------
    ValueError
        If their functions differ, of which there is one for all.
    """
    with_window = [window for window in windows if window.has_window()]
    functions = {window.get("VOILUTFunction", "LINEAR") for window in with_window}
    if len(functions) > 1:
        raise InputError(f"voi_lut_transformations have the functions {sorted(functions)}; a map has one for all.")
    columns: dict[str, Any] = {}
    if with_window:
        for name, keyword in (("window_center", "WindowCenter"), ("window_width", "WindowWidth")):
            numbers = np.concatenate([np.atleast_1d(np.array(window[keyword].value, float)) for window in with_window])
            columns[name] = Ragged.of([len(numbers)], numbers)
        explanations = [
            text for window in with_window for text in _listed(window.get("WindowCenterWidthExplanation", ""))
        ]
        if any(explanations):
            columns["window_explanation"] = ["\\".join(explanations)]
        if any("VOILUTFunction" in window for window in with_window):
            columns["voi_lut_function"] = [functions.pop()]
    tables = [item for window in windows if window.has_lut() for item in window.VOILUTSequence]
    if tables:
        columns["voi_lut"] = Categorical.of([EncodedItems.of(tables, character_set)])
    return columns


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in value]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours for a range of stored values, and the colour space that they are in (PS3.3 C.8.32.2)."""

    transformation: PaletteColorLUTTransformation
    icc_profile: bytes
    minimum: float
    """Stored value that gets the first colour."""
    maximum: float
    """Stored value that gets the last colour."""

    @classmethod
    def of(
        cls,
        transformation: PaletteColorLUTTransformation | None,
        icc_profile: bytes | None,
        color_range: tuple[float, float] | None,
        is_float: bool,
        value_range: tuple[float, float],
    ) -> Palette | None:
        """Take the caller's palette.

        Parameters
        ----------
        transformation: PaletteColorLUTTransformation | None
            The colours.
        icc_profile: bytes | None
            Colour space of the colours; sRGB if absent.
        color_range: tuple[float, float] | None
            Stored values of the first and the last colour. If absent, integers get the colours that the palette's first
            mapped value gives them, and floating-point maps are coloured over the range that is mapped.
        is_float: bool
            Whether the map is of floating-point numbers.
        value_range: tuple[float, float]
            Range of the real-world value mapping.

        Returns
        -------
        Palette | None
            ``None`` if there are no colours.

        Raises
        ------
        TypeError
            If it is not a palette, or a profile or range comes without one.
        ValueError
            If the profile is none of RGB colours, or the range is empty.
        """
        if transformation is None:
            for name, value in (("icc_profile", icc_profile), ("stored_value_color_range", color_range)):
                if value is not None:
                    raise InputTypeError(f"{name} is given without palette_color_lut_transformation.")
            return None
        if not isinstance(transformation, PaletteColorLUTTransformation):
            raise InputTypeError(
                f"palette_color_lut_transformation is a {type(transformation).__name__}; expected "
                "PaletteColorLUTTransformation."
            )
        if color_range is None:
            first = transformation.first_mapped_value
            color_range = value_range if is_float else (first, first + transformation.number_of_entries - 1)
        try:
            minimum, maximum = map(float, color_range)
        except (TypeError, ValueError):
            raise InputError(f"stored_value_color_range is {color_range!r}; expected two ascending numbers.") from None
        if not minimum < maximum:
            raise InputError(f"stored_value_color_range is {color_range}; expected two ascending numbers.")
        profile = srgb_icc_profile() if icc_profile is None else input_profile(icc_profile)
        return cls(transformation, profile, minimum, maximum)

    def put(self, instance: Dataset) -> None:
        """Put the palette into an instance, as tables of 16 bits.

        Parameters
        ----------
        instance: pydicom.dataset.Dataset
            Where to put it.
        """
        tables = self.transformation.combined_lut_data
        if self.transformation.bits_per_entry == 8:
            tables = tables.astype(np.uint16) * 257  # 255 becomes 65535
        entries = self.transformation.number_of_entries
        for color, table in zip(_COLORS, tables.T, strict=True):
            descriptor = [entries % (1 << 16), 0, 16]
            put_element(instance, make_element(f"{color}PaletteColorLookupTableDescriptor", descriptor, "US"))
            data = table.astype("<u2").tobytes()
            put_element(instance, make_element(f"{color}PaletteColorLookupTableData", data, "OW"))
        put(instance, ICCProfile=self.icc_profile)
        if "PaletteColorLookupTableUID" in self.transformation:
            put(instance, PaletteColorLookupTableUID=self.transformation.PaletteColorLookupTableUID)
