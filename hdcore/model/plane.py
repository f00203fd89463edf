"""Where a plane of pixels lies: the macros Pixel Measures, Plane Position and Plane Orientation as sequences."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self

from pydicom.sequence import Sequence as DataElementSequence

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError, InputTypeError, MissingAttributeError, UnreadableError
from hdcore.model.element import item
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = [
    "MICROMETRES_PER_MM",
    "PixelMeasuresSequence",
    "PlaneOrientationSequence",
    "PlanePositionSequence",
    "slide_position",
]

MICROMETRES_PER_MM = 1000
"""Z Offset in Slide Coordinate System is in micrometres, X and Y are in millimetres (PS3.3 C.8.12.2)."""

_POSITION_KEYWORDS: dict[CoordinateSystemNames, tuple[str, ...]] = {
    CoordinateSystemNames.PATIENT: ("ImagePositionPatient",),
    CoordinateSystemNames.SLIDE: (
        "XOffsetInSlideCoordinateSystem",
        "YOffsetInSlideCoordinateSystem",
        "ZOffsetInSlideCoordinateSystem",
        "RowPositionInTotalImagePixelMatrix",
        "ColumnPositionInTotalImagePixelMatrix",
    ),
}
_ORIENTATION_KEYWORDS: dict[CoordinateSystemNames, tuple[str, ...]] = {
    CoordinateSystemNames.PATIENT: ("ImageOrientationPatient",),
    CoordinateSystemNames.SLIDE: ("ImageOrientationSlide",),
}


class _OneItemSequence(DataElementSequence):
    """A sequence of exactly one item that can be taken over from another and compared by value."""

    def __init__(self, only: Dataset) -> None:
        super().__init__([only])

    @classmethod
    @abstractmethod
    def _check(cls, only: Dataset) -> None:
        """Raise MissingAttributeError if an item lacks what the sequence is about."""

    @classmethod
    def from_sequence(cls, sequence: DataElementSequence, copy: bool = True) -> Self:
        """Take over an existing sequence.

        Parameters
        ----------
        sequence: pydicom.sequence.Sequence
            A sequence of one item.
        copy: bool, optional
            Whether the result holds a copy of the item, so that changing one leaves the other alone.

        Returns
        -------
        Self
            The sequence.

        Raises
        ------
        TypeError
            If ``sequence`` is not a pydicom sequence.
        ValueError
            If it does not have exactly one item.
        AttributeError
            If the item lacks an attribute that this sequence is about.
        """
        if not isinstance(sequence, DataElementSequence):
            raise InputTypeError(
                f"{cls.__name__}.from_sequence expects a pydicom Sequence, not {type(sequence).__name__}."
            )
        if len(sequence) != 1:
            raise InputError(f"{cls.__name__} has exactly one item; the sequence given has {len(sequence)}.")
        only = sequence[0]
        cls._check(only)
        if copy:
            from copy import deepcopy

            only = deepcopy(only)
        result = cls.__new__(cls)
        DataElementSequence.__init__(result, [only])
        return result

    def _values(self) -> dict[int, Any]:
        return {int(element.tag): _comparable(element.value) for element in self[0]}

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, DataElementSequence):
            return NotImplemented
        if isinstance(other, _OneItemSequence):
            return self._values() == other._values()
        return bool(super().__eq__(other))

    def __ne__(self, other: Any) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __hash__ = None  # type: ignore[assignment]


def _comparable(value: Any) -> Any:
    return tuple(value) if not isinstance(value, str) and hasattr(value, "__iter__") else value


def _coordinate_system(only: Dataset, keywords: dict[CoordinateSystemNames, tuple[str, ...]], name: str) -> None:
    for names in keywords.values():
        if names[0] in only:
            missing = [keyword for keyword in names if keyword not in only]
            if missing:
                raise MissingAttributeError(f"The item of a {name} has no {', '.join(missing)}.")
            return
    expected = " nor ".join(names[0] for names in keywords.values())
    raise MissingAttributeError(f"The item of a {name} has neither {expected}.")


class PixelMeasuresSequence(_OneItemSequence):
    """Distances between pixels and planes (Pixel Measures macro, PS3.3 C.7.6.16.2.1)."""

    def __init__(
        self,
        pixel_spacing: Sequence[float],
        slice_thickness: float | None,
        spacing_between_slices: float | None = None,
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        pixel_spacing: Sequence[float]
            Distances in millimetres between the centres of adjacent rows, then of adjacent columns.
        slice_thickness: float | None
            Thickness of the plane in millimetres; left out if ``None``.
        spacing_between_slices: float | None, optional
            Distance in millimetres between the centres of adjacent planes.

        Raises
        ------
        ValueError
            If there are not two positive spacings or a thickness is negative.
        """
        spacing = _numbers(pixel_spacing, 2, "pixel_spacing")
        if min(spacing) <= 0:
            raise InputError(f"pixel_spacing is {spacing}; expected two positive distances in millimetres.")
        thickness = None if slice_thickness is None else _number(slice_thickness, "slice_thickness")
        if thickness is not None and thickness < 0:
            raise InputError(f"slice_thickness is {slice_thickness}; expected a distance in millimetres or None.")
        between = None if spacing_between_slices is None else _number(spacing_between_slices, "spacing_between_slices")
        super().__init__(item(SliceThickness=thickness, SpacingBetweenSlices=between, PixelSpacing=spacing))

    @classmethod
    def _check(cls, only: Dataset) -> None:
        if "PixelSpacing" not in only:
            raise MissingAttributeError("The item of a PixelMeasuresSequence has no PixelSpacing.")


class PlanePositionSequence(_OneItemSequence):
    """Position of a plane (Plane Position macros for patient and slide, PS3.3 C.7.6.16.2.3 and C.8.12.6.1)."""

    def __init__(
        self,
        coordinate_system: str | CoordinateSystemNames,
        image_position: Sequence[float],
        pixel_matrix_position: tuple[int, int] | None = None,
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        coordinate_system: str | CoordinateSystemNames
            Coordinate system of the frame of reference.
        image_position: Sequence[float]
            x, y and z in millimetres of the centre of the plane's first pixel. On a slide, z is written in micrometres,
            as the standard wants it (C.8.12.2).
        pixel_matrix_position: tuple[int, int] | None, optional
            Column and row, counted from one, of the plane's first pixel in the total pixel matrix. Needed in the
            slide coordinate system, and of no meaning in the patient's.

        Raises
        ------
        TypeError
            If ``pixel_matrix_position`` is needed but absent.
        ValueError
            If there are not three coordinates, or not two matrix positions.
        """
        position = _numbers(image_position, 3, "image_position")
        if CoordinateSystemNames(coordinate_system) is CoordinateSystemNames.PATIENT:
            super().__init__(item(ImagePositionPatient=position))
            return
        if pixel_matrix_position is None:
            raise InputTypeError("pixel_matrix_position is needed in the slide coordinate system: (column, row).")
        column, row = _numbers(pixel_matrix_position, 2, "pixel_matrix_position")
        if not (column.is_integer() and row.is_integer()):
            raise InputError(f"pixel_matrix_position is {pixel_matrix_position!r}; expected two integers.")
        super().__init__(
            item(
                XOffsetInSlideCoordinateSystem=position[0],
                YOffsetInSlideCoordinateSystem=position[1],
                ZOffsetInSlideCoordinateSystem=position[2] * MICROMETRES_PER_MM,
                ColumnPositionInTotalImagePixelMatrix=int(column),
                RowPositionInTotalImagePixelMatrix=int(row),
            )
        )

    @classmethod
    def _check(cls, only: Dataset) -> None:
        _coordinate_system(only, _POSITION_KEYWORDS, cls.__name__)


class PlaneOrientationSequence(_OneItemSequence):
    """Orientation of a plane (Plane Orientation macro, PS3.3 C.7.6.16.2.4, or Image Orientation (Slide))."""

    def __init__(
        self,
        coordinate_system: str | CoordinateSystemNames,
        image_orientation: Sequence[float],
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        coordinate_system: str | CoordinateSystemNames
            Coordinate system of the frame of reference.
        image_orientation: Sequence[float]
            Direction cosines of a row (in which the column index increases), then of a column: six numbers.

        Raises
        ------
        ValueError
            If there are not six numbers.
        """
        cosines = _numbers(image_orientation, 6, "image_orientation")
        patient = CoordinateSystemNames(coordinate_system) is CoordinateSystemNames.PATIENT
        super().__init__(item(**{"ImageOrientationPatient" if patient else "ImageOrientationSlide": cosines}))

    @classmethod
    def _check(cls, only: Dataset) -> None:
        _coordinate_system(only, _ORIENTATION_KEYWORDS, cls.__name__)

    @property
    def cosines(self) -> tuple[float, float, float, float, float, float]:
        """tuple[float, float, float, float, float, float]: direction cosines of a row, then of a column."""
        only = self[0]
        values = only.ImageOrientationPatient if "ImageOrientationPatient" in only else only.ImageOrientationSlide
        try:
            a, b, c, d, e, f = (float(value) for value in values)
        except (TypeError, ValueError) as error:
            raise UnreadableError(f"The image orientation is {values}; expected six numbers.") from error
        return a, b, c, d, e, f


def slide_position(only: Dataset) -> tuple[float, float, float]:
    """Read a place in the slide's coordinate system (PS3.3 C.8.12.2).

    Parameters
    ----------
    only: pydicom.dataset.Dataset
        An item of Plane Position (Slide) Sequence or Total Pixel Matrix Origin Sequence.

    Returns
    -------
    tuple[float, float, float]
        x, y and z in millimetres; z is zero if it is absent.

    Raises
    ------
    ValueError
        If x or y is absent, or one of them is no number.
    """
    try:
        offsets = [only.get(f"{axis}OffsetInSlideCoordinateSystem") for axis in "XYZ"]
    except Exception as error:  # pydicom raises whatever its parsing of damaged bytes happens to hit
        raise UnreadableError(f"The offsets in the slide coordinate system cannot be read: {error}") from error
    if None in offsets[:2]:
        absent = "XY"[offsets.index(None)]
        raise MissingAttributeError(
            f"The image has no {absent}OffsetInSlideCoordinateSystem, without which its pixels have no place in space."
        )
    try:
        x, y, z = (float(offset or 0.0) for offset in offsets)
    except (TypeError, ValueError) as error:
        raise UnreadableError(f"The offsets in the slide coordinate system are {offsets}; expected numbers.") from error
    return x, y, z / MICROMETRES_PER_MM


def _number(value: float, name: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InputTypeError(f"{name} is {short(value)}; expected a number.") from error


def _numbers(values: Sequence[float], count: int, name: str) -> list[float]:
    try:
        numbers = [float(value) for value in values]
    except (TypeError, ValueError) as error:
        raise InputTypeError(f"{name} is {short(values)}; expected {count} numbers.") from error
    if len(numbers) != count:
        raise InputError(f"{name} has {len(numbers)} values; expected {count}.")
    return numbers
