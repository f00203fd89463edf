"""Content items of coordinates in space and time (PS3.3 C.18.6, C.18.7, C.18.9)."""

from __future__ import annotations

import math
from numbers import Real
from struct import pack
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.datadict import keyword_for_tag
from pydicom.valuerep import DT

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.enums import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
    RelationshipTypeValues,
    TemporalRangeTypeValues,
    ValueTypeValues,
)
from hdcore.content.item import ContentItem, describe, holds, required_text
from hdcore.content.reference import positive_numbers
from hdcore.content.value import uid_element
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed, moment, short
from hdcore.model.damage import reading
from hdcore.model.element import elements_of
from hdcore.model.encode import raw
from hdcore.text import decimal_string
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hdcore.content.code import ConceptLike

__all__ = ["Scoord3DContentItem", "ScoordContentItem", "TcoordContentItem"]

_POINTS = {
    "POINT": (1, 1),
    "MULTIPOINT": (2, None),
    "POLYLINE": (2, None),
    "POLYGON": (4, None),
    "CIRCLE": (2, 2),
    "ELLIPSE": (4, 4),
    "ELLIPSOID": (6, 6),
}
"""Fewest and most points of each graphic type (PS3.3 C.18.6.1.2, C.18.9.1.2); a closed polygon repeats its first."""
_FLATNESS = 1e-3
"""How far, relative to its extent, a planar figure may leave its plane: coordinates are of single precision."""


def _checked_points(data: Any, columns: int, graphic_type: str) -> NDArray[np.float32]:
    fewest, most = _POINTS[graphic_type]
    name = "SCOORD" if columns == 2 else "SCOORD3D"
    try:
        if np.iscomplexobj(data):
            raise TypeError("complex numbers are no coordinates")
        points = np.asarray(data, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputTypeError(f"graphic_data is {short(data)}; expected an array of real numbers.") from error
    if points.ndim != 2 or points.shape[1] != columns:
        axes = "(column, row)" if columns == 2 else "(x, y, z)"
        raise InputError(f"graphic_data has shape {points.shape}; expected one {axes} row for each point of a {name}.")
    if len(points) < fewest or (most is not None and len(points) > most):
        wanted = f"{fewest}" if fewest == most else f"at least {fewest}"
        raise InputError(f"graphic_data has {len(points)} points; a {graphic_type} of a {name} has {wanted}.")
    if not np.isfinite(points).all():
        raise InputError(f"graphic_data of the {graphic_type} holds values that are not finite.")
    with np.errstate(over="ignore"):
        single = points.astype("<f4")
    if not np.isfinite(single).all():
        largest = np.abs(points).max()
        raise InputError(f"graphic_data of the {graphic_type} holds {largest:g}, more than single precision does.")
    return single


class _GraphicItem(ContentItem):
    def _draw(self, graphic_type: str, points: NDArray[np.float32]) -> None:
        elements = elements_of(self)
        elements[at.GRAPHIC_DATA] = raw(at.GRAPHIC_DATA, "FL", points.tobytes())
        elements[at.GRAPHIC_TYPE] = encoded.term(at.GRAPHIC_TYPE, graphic_type)

    def _points(self, columns: int) -> NDArray[np.float64]:
        element: Any = encoded.view_of(self).get(at.GRAPHIC_DATA)
        if element is None or not element.value:
            return np.empty((0, columns))
        with reading(f"GraphicData of the content item {describe(self)}"):
            if element.is_raw and element.VR in (None, "FL"):
                numbers = np.frombuffer(element.value, "<f4" if element.is_little_endian else ">f4").astype(np.float64)
            else:
                numbers = np.asarray(self[at.GRAPHIC_DATA].value, dtype=np.float64).reshape(-1)
        if numbers.size % columns:
            raise InputError(f"GraphicData of the content item {describe(self)} has {numbers.size} numbers.")
        return numbers.reshape(-1, columns)

    @property
    def fiducial_uid(self) -> UID | None:
        """UID | None: identifier of the fiducial that the coordinates are."""
        uid = encoded.text_of(self, at.FIDUCIAL_UID)
        return uid_as_read(uid) if uid else None


@holds(ValueTypeValues.SCOORD)
class ScoordContentItem(_GraphicItem):
    """Coordinates in an image (value type SCOORD, PS3.3 C.18.6)."""

    def __init__(
        self,
        name: ConceptLike,
        graphic_type: str | GraphicTypeValues,
        graphic_data: NDArray[np.floating[Any]],
        pixel_origin_interpretation: str | PixelOriginInterpretationValues | None = None,
        fiducial_uid: str | UID | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        graphic_type: str | GraphicTypeValues
            What the points make.
        graphic_data: numpy.ndarray
            Array (points, 2) of (column, row) coordinates in pixels; the corner of the top left pixel is (0, 0).
        pixel_origin_interpretation: str | PixelOriginInterpretationValues | None, optional
            Of a tiled image: whether coordinates count from the frame's or the total pixel matrix's corner.
        fiducial_uid: str | UID | None, optional
            Identifier of the fiducial that the coordinates are.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If the number of points is not one of the graphic type, or the array has another shape or values that are
            not finite.
        """
        super().__init__(ValueTypeValues.SCOORD, name, relationship_type)
        kind = GraphicTypeValues(graphic_type).value
        elements = elements_of(self)
        if pixel_origin_interpretation is not None:
            origin = PixelOriginInterpretationValues(pixel_origin_interpretation).value
            elements[at.PIXEL_ORIGIN_INTERPRETATION] = encoded.term(at.PIXEL_ORIGIN_INTERPRETATION, origin)
        self._draw(kind, _checked_points(graphic_data, 2, kind))
        if fiducial_uid is not None:
            elements[at.FIDUCIAL_UID] = uid_element(at.FIDUCIAL_UID, fiducial_uid, "fiducial_uid")

    @property
    def value(self) -> NDArray[np.float64]:
        """numpy.ndarray: array (points, 2) of (column, row) coordinates in pixels."""
        return self._points(2)

    @property
    def graphic_type(self) -> GraphicTypeValues:
        """GraphicTypeValues: what the points make."""
        return GraphicTypeValues(required_text(self, at.GRAPHIC_TYPE))

    @property
    def pixel_origin_interpretation(self) -> PixelOriginInterpretationValues | None:
        """PixelOriginInterpretationValues | None: the corner from which coordinates in a tiled image count."""
        origin = encoded.text_of(self, at.PIXEL_ORIGIN_INTERPRETATION)
        return PixelOriginInterpretationValues(origin) if origin else None


@holds(ValueTypeValues.SCOORD3D)
class Scoord3DContentItem(_GraphicItem):
    """Coordinates in a frame of reference (value type SCOORD3D, PS3.3 C.18.9)."""

    def __init__(
        self,
        name: ConceptLike,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: NDArray[np.floating[Any]],
        frame_of_reference_uid: str | UID,
        fiducial_uid: str | UID | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        graphic_type: GraphicTypeValues3D | str
            What the points make.
        graphic_data: numpy.ndarray
            Array (points, 3) of (x, y, z) coordinates in millimetres.
        frame_of_reference_uid: str | UID
            Frame of reference of the coordinates.
        fiducial_uid: str | UID | None, optional
            Identifier of the fiducial that the coordinates are.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If the number of points is not one of the graphic type, a polygon is not closed, a polygon or ellipse not in
            one plane, or the array has another shape or values that are not finite.
        """
        super().__init__(ValueTypeValues.SCOORD3D, name, relationship_type)
        kind = GraphicTypeValues3D(graphic_type).value
        points = _checked_points(graphic_data, 3, kind)
        if kind == "POLYGON" and not np.array_equal(points[0], points[-1]):
            raise InputError("graphic_data of the POLYGON is not closed: its last point must be its first.")
        if kind in ("POLYGON", "ELLIPSE") and not _is_planar(points):
            raise InputError(f"graphic_data of the {kind} does not lie in one plane.")
        self._draw(kind, points)
        elements = elements_of(self)
        if fiducial_uid is not None:
            elements[at.FIDUCIAL_UID] = uid_element(at.FIDUCIAL_UID, fiducial_uid, "fiducial_uid")
        elements[at.REFERENCED_FRAME_OF_REFERENCE_UID] = uid_element(
            at.REFERENCED_FRAME_OF_REFERENCE_UID, frame_of_reference_uid, "frame_of_reference_uid"
        )

    @property
    def value(self) -> NDArray[np.float64]:
        """numpy.ndarray: array (points, 3) of (x, y, z) coordinates in millimetres."""
        return self._points(3)

    @property
    def graphic_type(self) -> GraphicTypeValues3D:
        """GraphicTypeValues3D: what the points make."""
        return GraphicTypeValues3D(required_text(self, at.GRAPHIC_TYPE))

    @property
    def frame_of_reference_uid(self) -> UID:
        """UID: frame of reference of the coordinates."""
        return uid_as_read(required_text(self, at.REFERENCED_FRAME_OF_REFERENCE_UID))


def _is_planar(points: NDArray[np.float32]) -> bool:
    centred = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    extents = np.linalg.svd(centred, compute_uv=False)
    return len(extents) < 3 or bool(extents[2] <= _FLATNESS * max(extents[0], 1e-9))


@holds(ValueTypeValues.TCOORD)
class TcoordContentItem(ContentItem):
    """Coordinates in time (value type TCOORD, PS3.3 C.18.7)."""

    def __init__(
        self,
        name: ConceptLike,
        temporal_range_type: str | TemporalRangeTypeValues,
        referenced_sample_positions: Sequence[int] | None = None,
        referenced_time_offsets: Sequence[float] | None = None,
        referenced_date_time: Sequence[datetime.datetime] | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item; the times are given in one of three ways.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        temporal_range_type: str | TemporalRangeTypeValues
            What the times make.
        referenced_sample_positions: Sequence[int] | None, optional
            Samples of the waveform, counted from one.
        referenced_time_offsets: Sequence[float] | None, optional
            Seconds after the beginning of the acquisition.
        referenced_date_time: Sequence[datetime.datetime] | None, optional
            Dates and times.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If the times are not given in one way, or are not as many as make the range (PS3.3 C.18.7.1.1).
        """
        super().__init__(ValueTypeValues.TCOORD, name, relationship_type)
        elements = elements_of(self)
        kind = TemporalRangeTypeValues(temporal_range_type).value
        elements[at.TEMPORAL_RANGE_TYPE] = encoded.term(at.TEMPORAL_RANGE_TYPE, kind)
        given = [
            way is not None for way in (referenced_sample_positions, referenced_time_offsets, referenced_date_time)
        ]
        if sum(given) != 1:
            raise InputError(
                "Times are given as one of referenced_sample_positions, referenced_time_offsets and "
                f"referenced_date_time; given were {sum(given)} of them."
            )
        if referenced_sample_positions is not None:
            numbers = positive_numbers(referenced_sample_positions, "referenced_sample_positions", 2**32 - 1)
            _refuse_other_count(kind, len(numbers), "referenced_sample_positions")
            value = pack(f"<{len(numbers)}I", *numbers)
            elements[at.REFERENCED_SAMPLE_POSITIONS] = raw(at.REFERENCED_SAMPLE_POSITIONS, "UL", value)
        elif referenced_time_offsets is not None:
            texts = _offsets(referenced_time_offsets)
            _refuse_other_count(kind, len(texts), "referenced_time_offsets")
            elements[at.REFERENCED_TIME_OFFSETS] = encoded.text(at.REFERENCED_TIME_OFFSETS, "DS", "\\".join(texts))
        else:
            texts = _moments(referenced_date_time)
            _refuse_other_count(kind, len(texts), "referenced_date_time")
            elements[at.REFERENCED_DATE_TIME] = encoded.text(at.REFERENCED_DATE_TIME, "DT", "\\".join(texts))

    @property
    def value(self) -> list[int] | list[float] | list[datetime.datetime]:
        """list[int] | list[float] | list[datetime.datetime]: samples, seconds, or dates with times."""
        for tag, kind in _TIMES.items():
            if tag in elements_of(self):
                with reading(f"{keyword_for_tag(tag)} of the content item {describe(self)}"):
                    value = self[tag].value
                    if value is None or value == "":
                        return []
                    several = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
                    return [kind(one) for one in several]
        return []

    @property
    def temporal_range_type(self) -> TemporalRangeTypeValues:
        """TemporalRangeTypeValues: what the times make."""
        return TemporalRangeTypeValues(required_text(self, at.TEMPORAL_RANGE_TYPE))


def _refuse_other_count(kind: str, count: int, name: str) -> None:
    if kind in ("POINT", "BEGIN", "END"):
        is_right, wanted = count == 1, "one"
    elif kind == "SEGMENT":
        is_right, wanted = count == 2, "2"
    else:
        is_right, wanted = kind != "MULTISEGMENT" or count % 2 == 0, "2 for each segment"
    if not is_right:
        raise InputError(f"{name} has {count} value(s); a {kind} has {wanted}.")


def _moments(moments: Any) -> list[str]:
    name = "referenced_date_time"
    return [moment(one, "DT", name) for one in _not_empty(moments, name, "dates with times")]


def _offsets(offsets: Any) -> list[str]:
    name = "referenced_time_offsets"
    texts = []
    for offset in _not_empty(offsets, name, "numbers of seconds"):
        if isinstance(offset, bool) or not isinstance(offset, Real):
            raise InputTypeError(f"{name} holds {short(offset)}; expected numbers of seconds.")
        if not math.isfinite(offset):
            raise InputError(f"{name} holds {offset}; expected finite numbers of seconds.")
        texts.append(decimal_string(float(offset)))
    return texts


def _not_empty(values: Any, name: str, expected: str) -> list[Any]:
    several = listed(values, name, expected)
    if not several or not all(one or one == 0 for one in several):
        raise InputError(f"{name} is empty, or one of it is; expected {expected}.")
    return several


_TIMES: dict[Any, Any] = {
    at.REFERENCED_SAMPLE_POSITIONS: int,
    at.REFERENCED_TIME_OFFSETS: float,
    at.REFERENCED_DATE_TIME: DT,
}
