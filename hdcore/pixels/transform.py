"""What becomes of stored values: the transforms of PS3.3 C.11 and PS3.4 N.2 as an ordered tuple of steps.

Monochrome values go through a real-world value map, or through modality, VOI and presentation transforms; those of a
palette become colours; colours become sRGB by an ICC profile. Which of these apply is decided once per set of
parameters; blocks of frames then run through the joined steps straight into the output.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydicom.dataset import Dataset

from hdcore.errors import InputError, InputTypeError
from hdcore.pixels.lut import check_capacity
from hdcore.pixels.options import PixelOptions
from hdcore.pixels.parameters import PixelParameters, RealWorldMap, Rescale, Table, Window
from hdcore.pixels.selector import MissingTransformError, SelectorError, choose
from hdcore.pixels.steps import Affine, Cast, Icc, Limits, Lookup, Step, fuse, run, spread, window_step
from hdcore.pixels.window import scale_to_range
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hdcore.pixels.format import FrameFormat

__all__ = ["PixelTransform"]

_DEFAULTS = PixelOptions()


@dataclass(frozen=True, slots=True, eq=False)
class PixelTransform:
    """Steps that turn stored values into what a caller asked for.

    Examples
    --------
    >>> from hdcore.pixels.format import FrameFormat
    >>> parameters = PixelParameters(modality=Rescale(1.0, -1024.0), windows=(Window(40.0, 400.0),))
    >>> frame = FrameFormat("1.2.840.10008.1.2.1", 1, 3, bits_allocated=16, bits_stored=12)
    >>> options = PixelOptions(apply_voi_transform=True, voi_output_range=(0, 255), dtype=np.float32)
    >>> PixelTransform.of(parameters, frame, options)(np.array([[0, 1064, 4000]], np.uint16)).round().tolist()
    [[0.0, 128.0, 255.0]]
    """

    chains: tuple[tuple[Step, ...], ...]
    """Steps of each set of parameters."""
    dtype: np.dtype[Any]
    """Data type of the result."""
    samples: tuple[int, ...]
    """Shape of one pixel of the result: ``()`` or ``(3,)``."""
    codes: npt.NDArray[np.intp] | None = None
    """Index into ``chains`` of each frame of the image, where frames differ."""

    @classmethod
    def of(
        cls,
        parameters: PixelParameters | Sequence[PixelParameters],
        frame: FrameFormat,
        options: PixelOptions = _DEFAULTS,
        codes: npt.NDArray[np.intp] | None = None,
    ) -> Self:
        """Choose the steps.

        Parameters
        ----------
        parameters: PixelParameters | Sequence[PixelParameters]
            What the image says; several, if frames differ.
        frame: FrameFormat
            Format of the stored frames. Colour frames are taken to be decoded to RGB.
        options: PixelOptions, optional
            What is asked for.
        codes: numpy.ndarray | None, optional
            Index into ``parameters`` of each frame of the image.

        Raises
        ------
        RuntimeError
            If a transform is required that the image does not have.
        IndexError
            If a selector selects nothing.
        ValueError
            If transforms are required that do not fit the kind of image, or the data type cannot hold the result.
        TypeError
            If the data type cannot hold the entries of a table, or a selector is of a type that selects nothing.
        """
        several = (parameters,) if isinstance(parameters, PixelParameters) else tuple(parameters)
        chains = tuple(_chain(one, frame, options) for one in several)
        is_palette = several[0].photometric_interpretation == "PALETTE COLOR"
        has_colors = frame.samples_per_pixel == 3 or (is_palette and options.apply_palette_color_lut is not False)
        return cls(chains, options.data_type, (3,) if has_colors else (), codes)

    def apply(self, block: npt.NDArray[Any], frames: npt.NDArray[np.intp], out: npt.NDArray[Any]) -> None:
        """Transform stored frames.

        Parameters
        ----------
        block: numpy.ndarray
            Stored values of shape ``(n, rows, columns)`` or ``(n, rows, columns, 3)``.
        frames: numpy.ndarray
            Zero-based index in the image of each of the ``n`` frames.
        out: numpy.ndarray
            Where to write the result, of shape ``(n, rows, columns, *samples)``.
        """
        if self.codes is None or len(self.chains) == 1:
            run(self.chains[0], block, self.dtype, out)
            return
        codes = self.codes[frames]
        bounds = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        for start, stop in itertools.pairwise(bounds):
            run(self.chains[codes[start]], block[start:stop], self.dtype, out[start:stop])

    def __call__(self, array: npt.NDArray[Any], frame_index: int = 0) -> npt.NDArray[Any]:
        """Transform one frame, or frames that have the same parameters.

        Parameters
        ----------
        array: numpy.ndarray
            Stored values of shape ``(…, rows, columns)`` or ``(…, rows, columns, 3)``.
        frame_index: int, optional
            Zero-based index of the frame, where frames differ.

        Returns
        -------
        numpy.ndarray
            Shape ``(…, rows, columns, *samples)``.
        """
        chain = self.chains[0 if self.codes is None else int(self.codes[frame_index])]
        return run(chain, array, self.dtype)


def _chain(parameters: PixelParameters, frame: FrameFormat, options: PixelOptions) -> tuple[Step, ...]:
    if frame.samples_per_pixel == 3 or parameters.photometric_interpretation == "PALETTE COLOR":
        _refuse(options, ("real_world_transform", "modality_transform", "voi_transform"), "is not a monochrome image")
        return fuse(_color_steps(parameters, frame, options))
    _refuse(options, ("palette_color_lut",), "is not a palette colour image")
    _refuse(options, ("icc_profile",), "is not a colour image")
    return fuse(_monochrome_steps(parameters, frame, options))


def _refuse(options: PixelOptions, names: tuple[str, ...], reason: str) -> None:
    for name in names:
        if getattr(options, f"apply_{name}"):
            raise InputError(f"apply_{name} is True, but the image {reason}.")


def _color_steps(parameters: PixelParameters, frame: FrameFormat, options: PixelOptions) -> tuple[Step, ...]:
    dtype, steps, bits = options.data_type, list[Step](), frame.bits_stored
    if frame.samples_per_pixel == 1:
        if options.apply_palette_color_lut is False:
            return (Cast.between(frame, dtype),)
        if parameters.palette is None:
            raise MissingTransformError("The palette colour image has no palette.")
        entries = parameters.palette.entries
        bits = 8 * entries.dtype.itemsize
        _check_table(entries, dtype, "palette")
        steps.append(Lookup(parameters.palette.first, entries))
    elif options.apply_palette_color_lut:
        raise InputError("apply_palette_color_lut is True, but the image is not a palette colour image.")
    if options.apply_icc_profile is not False and parameters.icc_profile is not None:
        from hdcore.pixels.color import ColorManager

        steps.append(Icc(ColorManager(parameters.icc_profile), bits))
    elif options.apply_icc_profile:
        raise MissingTransformError("apply_icc_profile is True, but the image has no ICC profile.")
    return tuple(steps) or (Cast.between(frame, dtype),)


def _monochrome_steps(parameters: PixelParameters, frame: FrameFormat, options: PixelOptions) -> tuple[Step, ...]:
    wants_map = options.apply_real_world_transform
    if wants_map or (wants_map is None and parameters.real_world_maps and not options.apply_modality_transform):
        return _real_world_steps(parameters, frame, options)
    steps = list[Step]()
    modality = parameters.modality if options.apply_modality_transform is not False else None
    if modality is None and options.apply_modality_transform:
        raise MissingTransformError("apply_modality_transform is True, but the image has no rescale or modality LUT.")
    voi = _select_voi(parameters, options)
    if parameters.presentation_lut is not None and options.apply_presentation_lut and (voi or not frame.is_float):
        return _presentation_steps(parameters.presentation_lut, modality, voi, frame, options)
    # of floats there is no highest to subtract from, unless a window says what it is
    inverts = options.apply_presentation_lut and _is_inverse(parameters) and (voi is not None or not frame.is_float)
    if inverts and voi is None and not isinstance(modality, Table):
        steps.append(Affine(-1.0, float(sum(frame.value_range))))
    if isinstance(modality, Rescale):
        steps.append(Affine(modality.slope, modality.intercept))
    elif modality is not None:
        entries = modality.entries
        if voi is None:
            _check_table(entries, options.data_type, "modality LUT")
            entries = entries.min() + (entries.max() - entries) if inverts else entries
        steps.append(Lookup(modality.first, entries))
    if voi is not None:
        steps.append(_voi_step(voi, options, inverts))
    elif steps and isinstance(fused := fuse(tuple(steps))[0], Affine):
        _check_rescale(fused, frame, options.data_type)
    return tuple(steps) or (Cast.between(frame, options.data_type),)


def _presentation_steps(
    table: Table,
    modality: Rescale | Table | None,
    voi: Window | Table | None,
    frame: FrameFormat,
    options: PixelOptions,
) -> tuple[Step, ...]:
    """Spread what there may be over the presentation LUT (PS3.3 C.11.6.1).

    After a VOI transform, P-values from 0 to the highest become the range that is asked for; else they are the result.
    """
    steps = list[Step]()
    low, high = (0.0, 0.0) if frame.is_float else map(float, frame.value_range)
    if isinstance(modality, Rescale):
        steps.append(Affine(modality.slope, modality.intercept))
        low, high = sorted(modality.slope * value + modality.intercept for value in (low, high))
    elif modality is not None:
        steps.append(Lookup(modality.first, modality.entries))
        low, high = 0.0, float(modality.highest)
    if isinstance(voi, Table):
        steps.append(Lookup(voi.first, voi.entries))
        low, high = 0.0, float(voi.highest)
    elif voi is not None:
        steps.append(_window_step(voi, (0.0, 1.0)))
        low, high = 0.0, 1.0
    entries = table.entries
    steps.append(spread(low, high, table.first, len(entries), is_continuous=isinstance(voi, Window)))
    if voi is None:
        _check_table(entries, options.data_type, "presentation LUT")
        return (*steps, Lookup(table.first, entries))
    _require_floats(options)
    start, end = options.voi_output_range
    return (*steps, Lookup(table.first, start + entries * ((end - start) / table.highest)))


def _is_inverse(parameters: PixelParameters) -> bool:
    if parameters.presentation_lut_shape is not None:
        return parameters.presentation_lut_shape == "INVERSE"
    return parameters.photometric_interpretation == "MONOCHROME1"


def _real_world_steps(parameters: PixelParameters, frame: FrameFormat, options: PixelOptions) -> tuple[Step, ...]:
    if not parameters.real_world_maps:
        raise MissingTransformError("apply_real_world_transform is True, but the image has no real-world value map.")
    if options.apply_voi_transform:
        raise MissingTransformError(
            "apply_voi_transform is True, but a real-world value map takes its place; "
            "pass apply_real_world_transform=False."
        )
    chosen = parameters.real_world_maps[_select_map(parameters.real_world_maps, options)]
    dtype = options.data_type
    if frame.is_float:
        covered = chosen.is_of_integers  # the range of these has attributes of its own (PS3.3 C.7.6.16.2.11)
    else:
        covered = chosen.first <= frame.value_range[0] and frame.value_range[1] <= chosen.last
    steps: list[Step] = [] if covered else [Limits(chosen.first, chosen.last)]
    if isinstance(chosen.mapping, Table):
        if dtype.kind != "f":
            raise InputTypeError(f"dtype is {dtype}; the real-world value map gives floating-point numbers.")
        return (*steps, Lookup(chosen.mapping.first, chosen.mapping.entries))
    step = Affine(chosen.mapping.slope, chosen.mapping.intercept)
    if frame.is_float:
        if dtype.kind != "f":
            raise InputError(f"dtype is {dtype}; the image holds floating-point numbers.")
    else:
        low, high = frame.value_range
        low, high = max(low, int(max(chosen.first, -1e18))), min(high, int(min(chosen.last, 1e18)))
        check_capacity(step.slope, step.intercept, (low, high), dtype)
    return (*steps, step)


def _select_map(maps: tuple[RealWorldMap, ...], options: PixelOptions) -> int:
    selector = options.real_world_value_map_selector
    if isinstance(selector, int | str | np.integer):
        return choose(selector, [one.label for one in maps], "real_world_value_map_selector")
    value, scheme = getattr(selector, "value", None), getattr(selector, "scheme_designator", None)
    if value is None or scheme is None:
        raise InputTypeError(
            f"real_world_value_map_selector is {short(selector)}; expected an index, a label or the code of a unit."
        )
    units = [one.unit for one in maps]
    if (value, scheme) not in units:
        raise SelectorError(f"real_world_value_map_selector is the unit {value} ({scheme}); there are {units}.")
    return units.index((value, scheme))


def _select_voi(parameters: PixelParameters, options: PixelOptions) -> Window | Table | None:
    if options.apply_voi_transform is False:
        return None
    selector = options.voi_transform_selector
    if isinstance(selector, Dataset):
        own = replace(
            parameters,
            windows=Window.all_of(selector),
            voi_tables=tuple(Table.of(item) for item in selector.get("VOILUTSequence") or ()),
        )
        return _select_voi(own, replace(options, voi_transform_selector=0))
    if not parameters.windows and not parameters.voi_tables:
        if options.apply_voi_transform:
            raise MissingTransformError("apply_voi_transform is True, but the image has no window or VOI LUT.")
        return None
    # an image may have both, and the standard leaves the choice open (C.11.2); windows come after tables
    first, last = parameters.voi_tables or parameters.windows, parameters.windows or parameters.voi_tables
    try:
        return first[choose(selector, [one.label for one in first], "voi_transform_selector")]
    except SelectorError:
        return last[choose(selector, [one.label for one in last], "voi_transform_selector")]


def _voi_step(voi: Window | Table, options: PixelOptions, inverts: bool) -> Step:
    _require_floats(options)
    if isinstance(voi, Table):
        scaled = scale_to_range(voi.entries, options.voi_output_range, np.float64, inverts)
        return Lookup(voi.first, scaled)
    return _window_step(voi, options.voi_output_range, inverts)


def _window_step(voi: Window, output_range: tuple[float, float], inverts: bool = False) -> Step:
    width = max(voi.width, 1.0) if voi.function == "LINEAR" else voi.width  # narrower ones are read as steps
    return window_step(voi.center, width, voi.function, output_range, inverts)


def _require_floats(options: PixelOptions) -> None:
    if options.data_type.kind != "f":
        raise InputError(f"dtype is {options.data_type}; a VOI transform gives floating-point numbers.")


def _check_rescale(step: Affine, frame: FrameFormat, dtype: np.dtype[Any]) -> None:
    if frame.is_float:
        if dtype.kind != "f":
            raise InputError(f"dtype is {dtype}; the image holds floating-point numbers.")
        return
    check_capacity(step.slope, step.intercept, frame.value_range, dtype)


def _check_table(entries: npt.NDArray[Any], dtype: np.dtype[Any], name: str) -> None:
    if not np.can_cast(entries.dtype, dtype):
        raise InputTypeError(f"dtype is {dtype}, which cannot hold all values of the {name}, of {entries.dtype}.")
