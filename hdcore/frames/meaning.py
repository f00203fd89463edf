"""What the stored values of each frame mean: parameters of the pixel transforms, shared by all frames or not."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.errors import HdcoreWarning, UnreadableError
from hdcore.frames.columns import Categorical, Ragged
from hdcore.frames.select import combined_codes
from hdcore.pixels.optical_paths import icc_profiles
from hdcore.pixels.parameters import PixelParameters, RealWorldMap, Rescale, Table, Window
from hdcore.spatial.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.table import FrameTable

__all__ = ["FrameMeaning", "meaning_of"]

_OF_VALUES = ("rescale_slope", "rescale_intercept", "real_world_value_mapping")
_OF_COLORS = ("optical_path",)
_OF_WINDOWS = ("window_center", "window_width", "window_explanation", "voi_lut_function", "voi_lut")


@dataclass(frozen=True, slots=True, eq=False)
class FrameMeaning:
    """The parameters of all frames."""

    parameters: tuple[PixelParameters, ...]
    """The distinct sets of parameters."""
    codes: NDArray[np.intp] | None
    """Index into ``parameters`` of each frame, shape (frames,); None if there is but one set."""

    def restricted(self, frames: NDArray[np.intp]) -> FrameMeaning:
        """Leave out the sets that none of some frames has; codes of other frames are then without meaning."""
        if self.codes is None:
            return self
        used = distinct(self.codes[frames[frames >= 0]])
        if len(used) in (0, len(self.parameters)):
            return self
        parameters = tuple(self.parameters[code] for code in used)
        return FrameMeaning(parameters, np.searchsorted(used, self.codes) if len(used) > 1 else None)


def meaning_of(dataset: Dataset, table: FrameTable, *, with_windows: bool = True) -> FrameMeaning:
    """Read what an image says about its stored values.

    Parameters
    ----------
    dataset: pydicom.Dataset
        The image.
    table: FrameTable
        Its frames.
    with_windows: bool, optional
        Whether windows and VOI LUTs matter, which often differ between frames that else have the same parameters.

    Returns
    -------
    FrameMeaning
        The distinct sets of parameters, and which frame has which.

    Raises
    ------
    UnreadableError
        If parameters lack what they must have.
    """
    try:
        base = PixelParameters.of(dataset)
        profiles = icc_profiles(dataset)
        columns = _OF_VALUES + (_OF_WINDOWS if with_windows else ()) + (_OF_COLORS if len(profiles) > 1 else ())
        codes, firsts = combined_codes(table, columns)
        if not any(name in table for name in columns):
            return FrameMeaning((base,), None)
        maps = _real_world_maps(table)
        sets = tuple(
            _with_profile(_of_frame(base, table, int(frame), maps, with_windows), profiles, table, int(frame))
            for frame in firsts
        )
    except (UnreadableError, Warning):
        raise
    except Exception as error:  # pydicom raises whatever its parsing of damaged bytes happens to hit
        raise UnreadableError(f"The parameters of the pixel transforms cannot be read: {error}") from error
    return FrameMeaning(sets or (base,), codes.astype(np.intp) if len(sets) > 1 else None)


def _of_frame(
    base: PixelParameters, table: FrameTable, frame: int, maps: dict[int, tuple[RealWorldMap, ...]], with_windows: bool
) -> PixelParameters:
    """Put a frame's functional groups in the place of what the image says for all."""
    changes: dict[str, Any] = {}
    rescale = Rescale.of(
        _number(table, "rescale_slope", frame), _number(table, "rescale_intercept", frame), f"Frame {frame + 1}"
    )
    if rescale is not None:
        changes["modality"] = rescale
    if with_windows:
        windows, tables = _windows(table, frame), _voi_tables(table, frame)
        if windows or tables:
            changes.update(windows=windows, voi_tables=tables)
    if "real_world_value_mapping" in table:
        code = int(table["real_world_value_mapping"].codes[frame])
        if code >= 0:
            changes["real_world_maps"] = maps[code]
    return replace(base, **changes) if changes else base


def _with_profile(
    parameters: PixelParameters, profiles: dict[str, bytes | None], table: FrameTable, frame: int
) -> PixelParameters:
    """Put the profile of a frame's optical path in the place of that of the first path."""
    path = _word(table, "optical_path", frame) if len(profiles) > 1 else None
    if path is None:
        return parameters
    if path not in profiles:
        warnings.warn(
            f"Frame {frame + 1} is of the optical path {path!r}, but Optical Path Sequence has {list(profiles)}; the "
            "ICC profile of the first is taken.",
            HdcoreWarning,
            stacklevel=5,
        )
        return parameters
    return replace(parameters, icc_profile=profiles[path])


def _windows(table: FrameTable, frame: int) -> tuple[Window, ...]:
    centers, widths = _numbers(table, "window_center", frame), _numbers(table, "window_width", frame)
    labels = (_word(table, "window_explanation", frame) or "").split("\\")
    labels = [label.strip() for label in labels] + [""] * len(centers)
    return Window.paired(centers, widths, labels, _word(table, "voi_lut_function", frame), f"Frame {frame + 1}")


def _voi_tables(table: FrameTable, frame: int) -> tuple[Table, ...]:
    items = _word(table, "voi_lut", frame)
    return () if items is None else tuple(Table.of(item) for item in items.items())


def _real_world_maps(table: FrameTable) -> dict[int, tuple[RealWorldMap, ...]]:
    """Parse each distinct list of mappings once."""
    if "real_world_value_mapping" not in table:
        return {}
    column = table["real_world_value_mapping"]
    assert isinstance(column, Categorical)
    return {
        code: tuple(RealWorldMap.of(item) for item in column.vocabulary[code].items())
        for code in distinct(column.codes).tolist()
        if code >= 0
    }


def _number(table: FrameTable, name: str, frame: int) -> float | None:
    return float(table[name][frame]) if table.present(name)[frame] else None


def _numbers(table: FrameTable, name: str, frame: int) -> list[float]:
    if name not in table:
        return []
    column = table.column(name)
    values = column[frame] if isinstance(column, Ragged) else np.atleast_1d(table[name][frame])
    return [float(value) for value in values if np.isfinite(value)]


def _word(table: FrameTable, name: str, frame: int) -> Any:
    if name not in table:
        return None
    column = table[name]
    code = int(column.codes[frame])
    return column.vocabulary[code] if code >= 0 else None
