"""Shapes to and from GeoJSON and shapely.

Both close polygons by repeating the first point and know neither rectangles nor ellipses; what a shape was is kept in
the properties of a GeoJSON feature, so that it comes back as it was.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from hdcore.errors import InputError, InputTypeError, PluginNotInstalledError

from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.group import AnnotationGroup
from hdcore_ann.outlines import ENCLOSING, as_polygons, signed_areas
from hdcore_ann.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from numpy.typing import ArrayLike, NDArray

__all__ = ["from_geojson", "from_shapely", "to_geojson", "to_shapely"]

Holes = Literal["cut", "fill", "refuse"]

_TYPES = {GraphicTypeValues.POINT: "Point", GraphicTypeValues.POLYLINE: "LineString"}
_PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}


def to_geojson(
    source: Shapes | AnnotationGroup, properties: Mapping[str, ArrayLike] | None = None, segments: int = 72
) -> dict[str, Any]:
    """Give shapes as a GeoJSON FeatureCollection (RFC 7946), coordinates as they are.

    Parameters
    ----------
    source: Shapes | AnnotationGroup
        The shapes; of a group with its label, its property type and its measurements as properties of each feature.
    properties: Mapping[str, numpy.typing.ArrayLike] | None, optional
        Further properties by name, one value per shape.
    segments: int, optional
        Corners of the polygon that stands for an ellipse.

    Returns
    -------
    dict
        What ``json.dump`` writes. Features are numbered by their ``id``, from one.

    Raises
    ------
    ValueError
        If a property does not have one value per shape.
    """
    shapes = source.get_shapes() if isinstance(source, AnnotationGroup) else source
    columns: dict[str, list[Any]] = {"graphic_type": [shapes.graphic_type.value] * len(shapes)}
    if shapes.graphic_type in ENCLOSING and shapes.graphic_type is not GraphicTypeValues.POLYGON:
        columns["points"] = [points.tolist() for points in shapes]
    if isinstance(source, AnnotationGroup):
        columns |= _columns_of(source)
    for name, values in (properties or {}).items():
        if len(np.asarray(values)) != len(shapes):
            raise InputError(f"Property {name!r} has {len(np.asarray(values))} values for {len(shapes)} shapes.")
        columns[name] = _plain(values)
    names = list(columns)
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": {"type": _TYPES.get(shapes.graphic_type, "Polygon"), "coordinates": coordinates},
            "properties": dict(zip(names, row, strict=True)),
        }
        for number, (coordinates, row) in enumerate(
            zip(_coordinates(shapes, segments), zip(*columns.values(), strict=True), strict=True), 1
        )
    ]
    return {"type": "FeatureCollection", "features": features}


def _columns_of(group: AnnotationGroup) -> dict[str, list[Any]]:
    count = group.number_of_annotations
    names, values, units = group.get_measurements()
    columns: dict[str, list[Any]] = {
        "label": [group.label] * count,
        "property_type": [group.annotated_property_type.meaning] * count,
    }
    for name, unit, column in zip(names, units, values.T, strict=True):
        columns[f"{name.meaning} ({unit.value})"] = _plain(column)
    return columns


def _plain(values: ArrayLike) -> list[Any]:
    # JSON has no word for not-a-number
    listed: list[Any] = np.asarray(values).tolist()
    return [None if value != value else value for value in listed]  # noqa: PLR0124


def _coordinates(shapes: Shapes, segments: int) -> Iterator[Any]:
    if shapes.graphic_type is GraphicTypeValues.POINT:
        yield from shapes.points.tolist()
    elif shapes.graphic_type is GraphicTypeValues.POLYLINE:
        points = shapes.points.tolist()
        yield from (points[first:last] for first, last in pairwise(shapes.offsets.tolist()))
    else:
        closed, offsets = _closed(as_polygons(shapes, segments))
        points = closed.tolist()
        yield from ([points[first:last]] for first, last in pairwise(offsets.tolist()))


def _closed(polygons: Shapes) -> tuple[NDArray[np.floating[Any]], NDArray[np.int64]]:
    """Repeat each polygon's first point at its end."""
    offsets = polygons.offsets + np.arange(len(polygons) + 1)
    points = np.empty((offsets[-1], polygons.points.shape[1]), polygons.points.dtype)
    lasts = np.zeros(len(points), bool)
    lasts[offsets[1:] - 1] = True
    points[~lasts] = polygons.points
    points[lasts] = polygons.points[polygons.offsets[:-1]]
    return points, offsets


def from_geojson(geojson: Mapping[str, Any], holes: Holes = "cut") -> dict[GraphicTypeValues, Shapes]:
    """Take the geometries of GeoJSON as shapes.

    Parameters
    ----------
    geojson: Mapping
        A FeatureCollection, Feature, GeometryCollection or geometry. The parts of a MultiPolygon and the like become
        shapes of their own; features that :func:`to_geojson` made of rectangles or ellipses become these again.
    holes: "cut" | "fill" | "refuse", optional
        What becomes of holes, which a bulk annotation cannot have: joined to the outline by a cut of no width, left
        out, or refused.

    Returns
    -------
    dict[GraphicTypeValues, Shapes]
        The shapes of each graphic type that occurs, in their order; one annotation group each.

    Raises
    ------
    ValueError
        If it is not GeoJSON, or has holes that are to be refused.
    """
    found: dict[GraphicTypeValues, list[NDArray[Any]]] = {}
    for kind, coordinates in _geometries(geojson):
        if kind == "Point":
            graphic_type, points = GraphicTypeValues.POINT, _points([coordinates])
        elif kind == "LineString":
            graphic_type, points = GraphicTypeValues.POLYLINE, _points(coordinates)
        elif kind == "Polygon":
            graphic_type, points = GraphicTypeValues.POLYGON, _without_holes(map(_opened, coordinates), holes)
        elif kind in ("RECTANGLE", "ELLIPSE"):
            graphic_type, points = GraphicTypeValues(kind), _points(coordinates)
        else:
            raise InputError(f"{kind!r} is not a geometry that an annotation can be.")
        found.setdefault(graphic_type, []).append(points)
    return {graphic_type: Shapes.of(graphic_type, arrays) for graphic_type, arrays in found.items()}


def _geometries(geojson: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    try:
        kind = geojson["type"]
        if kind == "FeatureCollection":
            for feature in geojson["features"]:
                yield from _geometries(feature)
        elif kind == "GeometryCollection":
            for geometry in geojson["geometries"]:
                yield from _geometries(geometry)
        elif kind == "Feature":
            properties = geojson.get("properties") or {}
            if properties.get("graphic_type") in ("RECTANGLE", "ELLIPSE") and "points" in properties:
                yield properties["graphic_type"], properties["points"]
            elif geojson["geometry"] is not None:
                yield from _geometries(geojson["geometry"])
        elif kind in _PARTS:
            yield from ((_PARTS[kind], part) for part in geojson["coordinates"])
        else:
            yield kind, geojson["coordinates"]
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"This is not GeoJSON: {error!r} in {str(geojson)[:80]}.") from error


def _points(coordinates: Any) -> NDArray[Any]:
    try:
        points = np.asarray(coordinates, np.float64)
    except (ValueError, TypeError) as error:
        raise InputError(f"Coordinates {str(coordinates)[:80]} are not points.") from error
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise InputError(f"Coordinates {str(coordinates)[:80]} are not points of two or three numbers.")
    return points


def _opened(ring: Any) -> NDArray[Any]:
    points = _points(ring)
    return points[:-1] if len(points) > 1 and (points[0] == points[-1]).all() else points


def _without_holes(rings: Iterable[NDArray[Any]], holes: Holes) -> NDArray[Any]:
    outline, *others = rings
    if not others or holes == "fill":
        return outline
    if holes == "refuse":
        raise InputError(f"A polygon has {len(others)} holes; pass holes='cut' or 'fill'.")
    # out along the cut, around the hole the other way, back along the cut
    turn = _turn(outline)
    turned = [hole if _turn(hole) != turn else hole[::-1] for hole in others]
    parts = [part for hole in turned for part in (outline[:1], hole, hole[:1])]
    return np.concatenate([outline, *parts])


def _turn(ring: NDArray[Any]) -> bool:
    return bool(signed_areas(Shapes.of(GraphicTypeValues.POLYGON, [ring]))[0] > 0)


def to_shapely(shapes: Shapes, segments: int = 72) -> NDArray[np.object_]:
    """Give shapes as shapely geometries.

    Parameters
    ----------
    shapes: Shapes
        The shapes.
    segments: int, optional
        Corners of the polygon that stands for an ellipse.

    Returns
    -------
    numpy.ndarray
        Points, line strings or polygons, shape (m,).

    Raises
    ------
    ImportError
        If shapely is not installed.
    """
    shapely = _shapely()
    if shapes.graphic_type is GraphicTypeValues.POINT:
        return np.asarray(shapely.points(shapes.points))
    if shapes.graphic_type is GraphicTypeValues.POLYLINE:
        kind, points = shapely.GeometryType.LINESTRING, shapes.points
        offsets: tuple[NDArray[Any], ...] = (shapes.offsets,)
    else:
        points, rings = _closed(as_polygons(shapes, segments))
        kind, offsets = shapely.GeometryType.POLYGON, (rings, np.arange(len(rings)))
    return np.asarray(shapely.from_ragged_array(kind, points.astype(np.float64), offsets))


def from_shapely(geometries: Sequence[Any] | NDArray[np.object_], holes: Holes = "cut") -> Shapes:
    """Take shapely geometries as shapes.

    Parameters
    ----------
    geometries: Sequence | numpy.ndarray
        Points, line strings or polygons: all of one type.
    holes: "cut" | "fill" | "refuse", optional
        What becomes of holes, which a bulk annotation cannot have.

    Returns
    -------
    Shapes
        Shapes in the same order.

    Raises
    ------
    ImportError
        If shapely is not installed.
    TypeError
        If something is not a geometry.
    ValueError
        If there are none, they are of several types, or have holes that are to be refused.
    """
    shapely = _shapely()
    try:
        kinds = {int(kind) for kind in np.unique(shapely.get_type_id(np.asarray(geometries, dtype=object)))}
        array = np.asarray(geometries, dtype=object)
    except TypeError as error:
        raise InputTypeError(f"geometries has something that is not a geometry: {error}.") from error
    types = shapely.GeometryType
    if kinds == {int(types.POINT)}:
        return Shapes.of(GraphicTypeValues.POINT, shapely.get_coordinates(array)[:, None])
    if kinds == {int(types.LINESTRING)}:
        _, points, (offsets,) = shapely.to_ragged_array(array)
        return Shapes(GraphicTypeValues.POLYLINE, points, offsets.astype(np.int64))
    if kinds != {int(types.POLYGON)}:
        names = sorted(types(kind).name if kind >= 0 else "None" for kind in kinds)
        raise InputError(f"geometries are of types {names}; expected only points, only line strings or only polygons.")
    if shapely.get_num_interior_rings(array).any():
        rings = ([polygon.exterior, *polygon.interiors] for polygon in array)
        return Shapes.of(
            GraphicTypeValues.POLYGON, [_without_holes((_opened(ring.coords) for ring in one), holes) for one in rings]
        )
    _, points, (offsets, _) = shapely.to_ragged_array(array)
    lasts = np.zeros(len(points), bool)
    lasts[offsets[1:] - 1] = True
    return Shapes(GraphicTypeValues.POLYGON, points[~lasts], offsets.astype(np.int64) - np.arange(len(offsets)))


def _shapely() -> ModuleType:
    try:
        import shapely
    except ImportError as error:
        raise PluginNotInstalledError("shapely is not installed: pip install 'hdcore[geo]'.") from error
    return shapely
