"""Graphics and texts that are drawn over images (PS3.3 C.10.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import put
from hdcore.text import check_text
from hdcore.uid import UID, uid_as_read
from pydicom.dataset import Dataset

from hdcore_pr.enums import AnnotationUnitsValues, GraphicTypeValues, TextJustificationValues
from hdcore_pr.given import coordinates

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore_pr.layers import GraphicGroup

__all__ = ["GraphicObject", "TextObject"]

_POINTS = {
    GraphicTypeValues.POINT: (1, 1),
    GraphicTypeValues.CIRCLE: (2, 2),
    GraphicTypeValues.ELLIPSE: (4, 4),
    GraphicTypeValues.POLYLINE: (2, None),
    GraphicTypeValues.INTERPOLATED: (2, None),
}
"""Least and greatest number of points (PS3.3 C.10.5.1.2)."""

_OPEN_OR_CLOSED = (GraphicTypeValues.POLYLINE, GraphicTypeValues.INTERPOLATED)


class _Annotation(Dataset):
    """What graphics and texts have in common: tracking and group."""

    def _track(self, tracking_id: str | None, tracking_uid: str | None, graphic_group: GraphicGroup | None) -> None:
        if (tracking_id is None) != (tracking_uid is None):
            raise InputTypeError("tracking_id and tracking_uid go together; only one of them is given.")
        if tracking_id is not None:
            put(self, TrackingID=tracking_id, TrackingUID=UID(tracking_uid))
        if graphic_group is not None:
            if not isinstance(graphic_group, Dataset) or "GraphicGroupID" not in graphic_group:
                raise InputTypeError(f"graphic_group is {type(graphic_group).__name__}; expected a GraphicGroup.")
            put(self, GraphicGroupID=int(graphic_group.GraphicGroupID))

    @property
    def tracking_id(self) -> str | None:
        """Str | None: Tracking ID."""
        return str(self.TrackingID) if "TrackingID" in self else None

    @property
    def tracking_uid(self) -> UID | None:
        """hdcore.UID | None: Tracking UID."""
        return uid_as_read(str(self.TrackingUID)) if "TrackingUID" in self else None

    @property
    def graphic_group_id(self) -> int | None:
        """Int | None: ID of the group to which it belongs."""
        return int(self.GraphicGroupID) if "GraphicGroupID" in self else None


class GraphicObject(_Annotation):
    """A shape (PS3.3 C.10.5)."""

    def __init__(
        self,
        graphic_type: GraphicTypeValues | str,
        graphic_data: npt.NDArray[Any],
        units: AnnotationUnitsValues | str,
        is_filled: bool = False,
        tracking_id: str | None = None,
        tracking_uid: str | None = None,
        graphic_group: GraphicGroup | None = None,
    ) -> None:
        """Make a shape.

        Parameters
        ----------
        graphic_type: GraphicTypeValues | str
            What the points are.
        graphic_data: numpy.ndarray
            (column, row) pairs of shape (points, 2), in ``units``.
        units: AnnotationUnitsValues | str
            What the points are measured in.
        is_filled: bool, optional
            Whether to draw a solid shape; the shape must be closed.
        tracking_id: str | None, optional
            Identifier of the finding for tracking, unique within the domain in which it is used.
        tracking_uid: str | None, optional
            Unique identifier of the finding for tracking.
        graphic_group: GraphicGroup | None, optional
            Group to which the shape belongs.

        Raises
        ------
        TypeError
            If ``graphic_data`` is not an array of numbers, or only one of the tracking identifiers is given.
        ValueError
            If the points are not as many as the type needs, not finite, or outside the units; if an open shape is to
            be filled.
        """
        super().__init__()
        kind, unit = GraphicTypeValues(graphic_type), AnnotationUnitsValues(units)
        if not isinstance(graphic_data, np.ndarray):
            raise InputTypeError(f"graphic_data is {type(graphic_data).__name__}; expected a NumPy array.")
        _check_points(kind, graphic_data)
        _check_units("graphic_data", graphic_data, unit)
        if is_filled:
            _check_fillable(kind, graphic_data)
        put(
            self,
            GraphicAnnotationUnits=unit.value,
            GraphicDimensions=2,
            NumberOfGraphicPoints=len(graphic_data),
            GraphicData=graphic_data.ravel().astype(np.float32).tolist(),
            GraphicType=kind.value,
            GraphicFilled="Y" if is_filled else "N",
        )
        self._track(tracking_id, tracking_uid, graphic_group)

    @property
    def graphic_data(self) -> npt.NDArray[np.float64]:
        """numpy.ndarray: (column, row) pairs of shape (points, 2), in :attr:`units`."""
        return np.asarray(self.GraphicData, np.float64).reshape(-1, 2)

    @property
    def graphic_type(self) -> GraphicTypeValues:
        """GraphicTypeValues: what the points are."""
        return GraphicTypeValues(self.GraphicType)

    @property
    def units(self) -> AnnotationUnitsValues:
        """AnnotationUnitsValues: what the points are measured in."""
        return AnnotationUnitsValues(self.GraphicAnnotationUnits)


class TextObject(_Annotation):
    """A text, in a box or at a point (PS3.3 C.10.5)."""

    def __init__(
        self,
        text_value: str,
        units: AnnotationUnitsValues | str,
        bounding_box: tuple[float, float, float, float] | None = None,
        anchor_point: tuple[float, float] | None = None,
        text_justification: TextJustificationValues | str = TextJustificationValues.CENTER,
        anchor_point_visible: bool = True,
        tracking_id: str | None = None,
        tracking_uid: str | None = None,
        graphic_group: GraphicGroup | None = None,
    ) -> None:
        """Make a text.

        Parameters
        ----------
        text_value: str
            The text, at most 1024 characters.
        units: AnnotationUnitsValues | str
            Units of box and point.
        bounding_box: tuple[float, float, float, float] | None, optional
            Left, top, right and bottom of the box in which to write.
        anchor_point: tuple[float, float] | None, optional
            (column, row) of the place that the text is about.
        text_justification: TextJustificationValues | str, optional
            How the text stands in the box.
        anchor_point_visible: bool, optional
            Whether the display shows which place is meant, by a line, say.
        tracking_id: str | None, optional
            Identifier of the finding for tracking.
        tracking_uid: str | None, optional
            Unique identifier of the finding for tracking.
        graphic_group: GraphicGroup | None, optional
            Group to which the text belongs.

        Raises
        ------
        TypeError
            If there is neither a box nor a point, or one that is not of numbers; or only one of the tracking
            identifiers is given.
        ValueError
            If the text is empty or too long, the box is turned inside out, or coordinates lie outside the units.
        """
        super().__init__()
        unit = AnnotationUnitsValues(units)
        check_text(text_value, "ST", "text_value")
        if not text_value.strip():
            raise InputError("text_value is empty; a text object needs a text (PS3.3 C.10.5).")
        put(self, UnformattedTextValue=text_value)
        if bounding_box is None and anchor_point is None:
            raise InputTypeError("A text needs a bounding_box, an anchor_point, or both.")
        if bounding_box is not None:
            self._put_box(bounding_box, unit, TextJustificationValues(text_justification))
        if anchor_point is not None:
            point = coordinates("anchor_point", anchor_point, "column, row")
            _check_units("anchor_point", np.asarray([point], np.float64), unit)
            put(
                self,
                AnchorPointAnnotationUnits=unit.value,
                AnchorPoint=point,
                AnchorPointVisibility="Y" if anchor_point_visible else "N",
            )
        self._track(tracking_id, tracking_uid, graphic_group)

    def _put_box(
        self,
        box: tuple[float, float, float, float],
        unit: AnnotationUnitsValues,
        justification: TextJustificationValues,
    ) -> None:
        left, top, right, bottom = coordinates("bounding_box", box, "left, top, right, bottom")
        _check_units("bounding_box", np.asarray([[left, top], [right, bottom]]), unit)
        if left >= right or top >= bottom:
            raise InputError(f"bounding_box is {tuple(box)}; its right and bottom must lie beyond its left and top.")
        put(
            self,
            BoundingBoxAnnotationUnits=unit.value,
            BoundingBoxTopLeftHandCorner=[left, top],
            BoundingBoxBottomRightHandCorner=[right, bottom],
            BoundingBoxTextHorizontalJustification=justification.value,
        )

    @property
    def text_value(self) -> str:
        """str: the text."""
        return str(self.UnformattedTextValue)

    @property
    def bounding_box(self) -> tuple[float, float, float, float] | None:
        """tuple[float, float, float, float] | None: left, top, right and bottom of the box in :attr:`units`."""
        if "BoundingBoxTopLeftHandCorner" not in self:
            return None
        left, top = self.BoundingBoxTopLeftHandCorner
        right, bottom = self.BoundingBoxBottomRightHandCorner
        return float(left), float(top), float(right), float(bottom)

    @property
    def anchor_point(self) -> tuple[float, float] | None:
        """tuple[float, float] | None: (column, row) of the place that the text is about, in :attr:`units`."""
        if "AnchorPoint" not in self:
            return None
        column, row = self.AnchorPoint
        return float(column), float(row)

    @property
    def units(self) -> AnnotationUnitsValues:
        """AnnotationUnitsValues: what box and point are measured in."""
        has_box = "BoundingBoxAnnotationUnits" in self
        return AnnotationUnitsValues(self.BoundingBoxAnnotationUnits if has_box else self.AnchorPointAnnotationUnits)


def _check_points(kind: GraphicTypeValues, points: npt.NDArray[Any]) -> None:
    if points.dtype.kind not in "iuf":
        raise InputTypeError(f"graphic_data is an array of {points.dtype}; expected numbers.")
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError(f"graphic_data has shape {points.shape}; expected (points, 2): columns and rows.")
    least, greatest = _POINTS[kind]
    if len(points) < least or (greatest is not None and len(points) > greatest):
        expected = f"{least}" if greatest else f"at least {least}"
        raise InputError(f"graphic_data of a {kind.value} has {len(points)} points; expected {expected}.")


def _check_units(name: str, points: npt.NDArray[Any], unit: AnnotationUnitsValues) -> None:
    if not np.isfinite(points).all():
        raise InputError(f"{name} holds values that are not finite numbers.")
    if points.min() < 0:
        raise InputError(f"{name} holds {points.min():g}; coordinates must not be negative.")
    if unit is AnnotationUnitsValues.DISPLAY and points.max() > 1:
        raise InputError(f"{name} holds {points.max():g}; in DISPLAY units coordinates lie between 0 and 1.")


def _check_fillable(kind: GraphicTypeValues, points: npt.NDArray[Any]) -> None:
    if kind is GraphicTypeValues.POINT:
        raise InputError("a POINT cannot be filled.")
    if kind in _OPEN_OR_CLOSED and not np.array_equal(points[0], points[-1]):
        raise InputError(f"a {kind.value} can be filled only if it is closed: its last point must equal its first.")
