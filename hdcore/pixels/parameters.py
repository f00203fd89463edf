"""The parameters of an image's pixel transforms, as plain values.

They come from the top level of a single-frame image, or from functional groups of a multi-frame one, shared by all
frames or not. Values are hashable, so that frames with the same parameters can be treated as one block.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hdcore.enums import VOILUTFunctionValues
from hdcore.errors import HdcoreWarning, InputError, UnreadableError
from hdcore.pixels.lut_item import descriptor_of, table_of
from hdcore.pixels.optical_paths import icc_profiles
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.spatial.distinct import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["PixelParameters", "RealWorldMap", "Rescale", "Table", "Window", "per_frame"]

_NO_ITEMS: tuple[Any, ...] = ()
_FUNCTIONS = tuple(function.value for function in VOILUTFunctionValues)


@dataclass(frozen=True, slots=True)
class Rescale:
    """Output = slope × stored + intercept (PS3.3 C.11.1)."""

    slope: float
    intercept: float

    @classmethod
    def of(cls, slope: float | None, intercept: float | None, where: str = "The image") -> Self | None:
        """Take slope and intercept, None where absent; what is absent without the other changes nothing.

        Parameters
        ----------
        slope: float | None
            Rescale Slope.
        intercept: float | None
            Rescale Intercept.
        where: str, optional
            Whose they are, for warnings.
        """
        if slope is None and intercept is None:
            return None
        if slope is None:
            _warn(f"{where} has a Rescale Intercept ({intercept:g}), but no Rescale Slope; 1 is assumed.")
        elif intercept is None:
            _warn(f"{where} has a Rescale Slope ({slope:g}), but no Rescale Intercept; 0 is assumed.")
        if slope == 0:
            _warn(f"{where} has a Rescale Slope of 0, by which all values become {intercept or 0:g}.")
        return cls(1.0 if slope is None else float(slope), 0.0 if intercept is None else float(intercept))


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup table."""

    first: int
    """The value that becomes the first entry."""
    data: bytes
    dtype: str
    """Data type of ``data``, as NumPy writes it."""
    samples: int = 1
    """Values of an entry: 1, or 3 of a palette."""
    label: str = ""
    bits: int = 0
    """Bits of an entry, which tell the range that entries are meant to have; 0: those of ``dtype``."""

    @classmethod
    def of(cls, item: Dataset) -> Self:
        """Take an item of a Modality LUT, VOI LUT or Presentation LUT Sequence."""
        for keyword in ("LUTDescriptor", "LUTData"):
            if keyword not in item:
                raise UnreadableError(f"The item of a lookup table has no {keyword}.")
        first, entries = table_of(item, "LUTDescriptor", "LUTData")
        bits = descriptor_of(item, "LUTDescriptor")[2]
        return cls(first, entries.tobytes(), entries.dtype.str, 1, str(item.get("LUTExplanation") or ""), bits)

    @property
    def entries(self) -> npt.NDArray[Any]:
        """numpy.ndarray: shape ``(entries,)``, or ``(entries, 3)`` of a palette."""
        entries = np.frombuffer(self.data, self.dtype)
        return entries if self.samples == 1 else entries.reshape(-1, self.samples)

    @property
    def highest(self) -> int:
        """int: highest entry that the bits of an entry allow, or that there is if it is higher."""
        bits = self.bits if 0 < self.bits <= 16 else 8 * np.dtype(self.dtype).itemsize
        return int(max(2**bits - 1, self.entries.max()))


@dataclass(frozen=True, slots=True)
class Window:
    """A window (PS3.3 C.11.2)."""

    center: float
    width: float
    function: str = "LINEAR"
    label: str = ""

    @classmethod
    def all_of(cls, item: Dataset) -> tuple[Self, ...]:
        """Take the windows of a dataset, an item of the Frame VOI LUT Sequence or a VOILUTTransformation."""
        centers, widths = _values(item, "WindowCenter"), _values(item, "WindowWidth")
        labels = [str(label) for label in _values(item, "WindowCenterWidthExplanation")]
        labels += [""] * max(0, len(centers) - len(labels))
        return cls.paired(centers, widths, labels, item.get("VOILUTFunction"))

    @classmethod
    def paired(
        cls,
        centers: Sequence[float],
        widths: Sequence[float],
        labels: Sequence[str],
        function: object,
        where: str = "A VOI transform",
    ) -> tuple[Self, ...]:
        """Take the windows of several centers and widths, with warnings of what is off.

        Parameters
        ----------
        centers, widths: Sequence[float]
            Window Center and Window Width.
        labels: Sequence[str]
            Window Center & Width Explanation, at least as many as centers.
        function: object
            VOI LUT Function; LINEAR if there is none.
        where: str, optional
            Whose they are, for warnings.
        """
        if len(centers) != len(widths):
            _warn(
                f"{where} has {len(centers)} values of Window Center, but {len(widths)} of Window Width; those that "
                "belong together are taken."
            )
        name = str(function or "LINEAR").strip().upper()
        if name not in _FUNCTIONS:
            _warn(
                f"{where} has the VOI LUT Function {function!r}, which is none of {', '.join(_FUNCTIONS)}; LINEAR is "
                "taken."
            )
            name = "LINEAR"
        windows = tuple(
            cls(float(center), float(width), name, label)
            for center, width, label in zip(centers, widths, labels, strict=False)
        )
        narrow = next((one.width for one in windows if one.width < 1.0), 1.0) if name == "LINEAR" else 1.0
        if narrow < 1.0:
            _warn(
                f"{where} has a LINEAR window of width {narrow:g}, but 1 is the least (PS3.3 C.11.2.1.2); 1 is taken."
            )
        return windows


@dataclass(frozen=True, slots=True)
class RealWorldMap:
    """A real-world value map (PS3.3 C.7.6.16.2.11)."""

    mapping: Rescale | Table
    first: float
    """Lowest stored value that the map is about."""
    last: float
    """Highest stored value that the map is about."""
    label: str = ""
    unit: tuple[str, str] = ("", "")
    """Code value and coding scheme designator."""
    is_of_integers: bool = False
    """Whether the range is one of integers, as some write it of floating-point values too, rounded or wrapped."""

    @classmethod
    def of(cls, item: Dataset) -> Self:
        """Take an item of the Real World Value Mapping Sequence.

        Raises
        ------
        ValueError
            If it has neither slope nor table.
        """
        first = item.get("DoubleFloatRealWorldValueFirstValueMapped", item.get("RealWorldValueFirstValueMapped"))
        last = item.get("DoubleFloatRealWorldValueLastValueMapped", item.get("RealWorldValueLastValueMapped"))
        mapping: Rescale | Table
        if "RealWorldValueLUTData" in item:
            entries = np.asarray(_values(item, "RealWorldValueLUTData"), "<f8")
            mapping = Table(int(first or 0), entries.tobytes(), "<f8")
        elif "RealWorldValueSlope" in item:
            mapping = Rescale(float(item.RealWorldValueSlope), float(item.get("RealWorldValueIntercept") or 0.0))
        else:
            raise UnreadableError("A real-world value map has neither RealWorldValueSlope nor RealWorldValueLUTData.")
        units: Sequence[Dataset] = item.get("MeasurementUnitsCodeSequence") or _NO_ITEMS
        return cls(
            mapping,
            -np.inf if first is None else float(first),
            np.inf if last is None else float(last),
            str(item.get("LUTLabel") or ""),
            _code(units[0]) if units else ("", ""),
            is_of_integers="DoubleFloatRealWorldValueFirstValueMapped" not in item,
        )


@dataclass(frozen=True, slots=True)
class PixelParameters:
    """All that an image says about what its stored values mean and how they are shown."""

    photometric_interpretation: str = "MONOCHROME2"
    real_world_maps: tuple[RealWorldMap, ...] = ()
    modality: Rescale | Table | None = None
    windows: tuple[Window, ...] = ()
    voi_tables: tuple[Table, ...] = ()
    presentation_lut_shape: str | None = None
    presentation_lut: Table | None = None
    palette: Table | None = None
    icc_profile: bytes | None = None

    @classmethod
    def of(cls, dataset: Dataset, *items: Dataset, photometric_interpretation: str | None = None) -> Self:
        """Take the parameters of an image or of one of its frames.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The image.
        *items: pydicom.dataset.Dataset
            Items of the Shared and Per-Frame Functional Groups Sequences that apply; the first that has a group counts,
            and any of them counts more than the top level.
        photometric_interpretation: str | None, optional
            Colour space of the decoded frames, where it differs from the dataset's.

        Raises
        ------
        ValueError
            If a group lacks what it must have.
        """
        interpretation = photometric_interpretation or str(dataset.get("PhotometricInterpretation") or "MONOCHROME2")
        value_item = _group(items, "PixelValueTransformationSequence")
        voi_item = _group(items, "FrameVOILUTSequence")
        maps = next((item.RealWorldValueMappingSequence for item in (*items, dataset) if _has_maps(item)), _NO_ITEMS)
        voi_item = dataset if voi_item is None else voi_item
        shape = dataset.get("PresentationLUTShape")
        presentation_luts = dataset.get("PresentationLUTSequence") or _NO_ITEMS
        return cls(
            photometric_interpretation=interpretation,
            real_world_maps=tuple(RealWorldMap.of(item) for item in maps),
            modality=_modality(dataset if value_item is None else value_item),
            windows=Window.all_of(voi_item),
            voi_tables=tuple(Table.of(item) for item in voi_item.get("VOILUTSequence") or _NO_ITEMS),
            presentation_lut_shape=str(shape) if shape else None,
            presentation_lut=Table.of(presentation_luts[0]) if len(presentation_luts) else None,
            palette=_palette(dataset) if interpretation == "PALETTE COLOR" else None,
            icc_profile=next(iter(icc_profiles(dataset).values())),
        )


def per_frame(
    base: PixelParameters, columns: Mapping[str, npt.NDArray[Any]], function: str = "LINEAR"
) -> tuple[tuple[PixelParameters, ...], npt.NDArray[np.intp]]:
    """Make the parameters of frames that differ in their rescale or window.

    Parameters
    ----------
    base: PixelParameters
        What frames have in common.
    columns: Mapping[str, numpy.ndarray]
        Numbers of each frame, of shape ``(frames,)``: ``"slope"`` and ``"intercept"``, ``"center"`` and ``"width"``.
        Those of windows may also have shape ``(frames, windows)``.
    function: str, optional
        VOI LUT Function of the windows.

    Returns
    -------
    parameters: tuple[PixelParameters, ...]
        The different parameters.
    codes: numpy.ndarray
        Index into ``parameters`` of each frame.
    """
    unknown = set(columns) - {"slope", "intercept", "center", "width"}
    if unknown or not columns:
        raise InputError(f"columns are {sorted(columns)}; expected slope and intercept, center and width.")
    arrays = {name: np.asarray(column, np.float64) for name, column in columns.items()}
    arrays = {name: array.reshape(len(array), -1) for name, array in arrays.items()}
    rows = np.concatenate(list(arrays.values()), axis=1)
    codes, first = numbered(rows)
    found = []
    for frame in first:
        parameters = base
        if "slope" in arrays and "intercept" in arrays:
            rescale = Rescale(float(arrays["slope"][frame, 0]), float(arrays["intercept"][frame, 0]))
            parameters = replace(parameters, modality=rescale)
        if "center" in arrays and "width" in arrays:
            pairs = zip(arrays["center"][frame], arrays["width"][frame], strict=True)
            windows = tuple(Window(float(center), float(width), function) for center, width in pairs)
            parameters = replace(parameters, windows=windows)
        found.append(parameters)
    return tuple(found), codes


def _group(items: Iterable[Dataset], keyword: str) -> Dataset | None:
    for item in items:
        sequence = item.get(keyword)
        if sequence:
            first: Dataset = sequence[0]
            return first
    return None


def _has_maps(item: Dataset) -> bool:
    return bool(item.get("RealWorldValueMappingSequence"))


def _modality(item: Dataset) -> Rescale | Table | None:
    tables = item.get("ModalityLUTSequence")
    if tables:
        return Table.of(tables[0])
    return Rescale.of(item.get("RescaleSlope"), item.get("RescaleIntercept"))


def _palette(dataset: Dataset) -> Table:
    palette = PaletteColorLUTTransformation.extract_from_dataset(dataset)
    entries = palette.combined_lut_data
    return Table(palette.first_mapped_value, entries.tobytes(), entries.dtype.str, 3)


def _warn(message: str) -> None:
    warnings.warn(message, HdcoreWarning, stacklevel=4)


def _code(item: Dataset) -> tuple[str, str]:
    value = item.get("CodeValue") or item.get("LongCodeValue") or item.get("URNCodeValue") or ""
    return str(value), str(item.get("CodingSchemeDesignator") or "")


def _values(item: Dataset, keyword: str) -> list[Any]:
    value = item.get(keyword)
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) or hasattr(value, "append") else [value]
