"""Shapes to and from GeoJSON and shapely.

Both close polygons by repeating the first point and know neither rectangles nor ellipses; what a shape was is kept in
the properties of a GeoJSON feature, so that it comes back as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from hdcore.errors import InputError, InputTypeError, PluginNotInstalledError
from hdcore.spatial.distinct import distinct

from hdcore_ann.enums import GraphicTypeValues
from hdcore_ann.group import AnnotationGroup
from hdcore_ann.outlines import ENCLOSING, as_polygons, signed_areas
from hdcore_ann.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from numpy.typing import ArrayLike, NDArray

__all__ = ["from_geojson", "from_shapely", "properties_of_geojson", "to_geojson", "to_shapely"]

Holes = Literal["cut", "fill", "refuse"]

_TYPES = {GraphicTypeValues.POINT: "Point", GraphicTypeValues.POLYLINE: "LineString"}
_GRAPHIC_TYPES = {
    "Point": GraphicTypeValues.POINT,
    "LineString": GraphicTypeValues.POLYLINE,
    "Polygon": GraphicTypeValues.POLYGON,
    "RECTANGLE": GraphicTypeValues.RECTANGLE,
    "ELLIPSE": GraphicTypeValues.ELLIPSE,
}
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
    TypeError
        If it is not a mapping, as ``json.load`` gives it.
    ValueError
        If it is not GeoJSON, or has holes that are to be refused.
    """
    found: dict[GraphicTypeValues, list[NDArray[Any]]] = {}
    for kind, coordinates, _ in _geometries(geojson):
        graphic_type = _graphic_type_of(kind)
        if kind == "Polygon":
            points = _without_holes([_opened(ring) for ring in coordinates], holes)
        else:
            points = _points([coordinates] if kind == "Point" else coordinates)
        found.setdefault(graphic_type, []).append(points)
    return {graphic_type: Shapes.of(graphic_type, arrays) for graphic_type, arrays in found.items()}


def properties_of_geojson(geojson: Mapping[str, Any]) -> dict[GraphicTypeValues, dict[str, list[Any]]]:
    """Take the properties of GeoJSON's features, such as classes and measurements, in columns.

    Parameters
    ----------
    geojson: Mapping
        What :func:`from_geojson` takes.

    Returns
    -------
    dict[GraphicTypeValues, dict[str, list]]
        For each graphic type that occurs the properties by name: one value for each of the shapes that
        :func:`from_geojson` gives of that type, in their order; None where its feature does not have the property.

    Raises
    ------
    TypeError
        If it is not a mapping, as ``json.load`` gives it.
    ValueError
        If it is not GeoJSON.
    """
    found: dict[GraphicTypeValues, list[Mapping[str, Any]]] = {}
    for kind, _, properties in _geometries(geojson):
        found.setdefault(_graphic_type_of(kind), []).append(properties)
    return {
        graphic_type: {name: [row.get(name) for row in rows] for name in dict.fromkeys(chain(*rows))}
        for graphic_type, rows in found.items()
    }


def _graphic_type_of(kind: str) -> GraphicTypeValues:
    if kind not in _GRAPHIC_TYPES:
        raise InputError(f"{kind!r} is not a geometry that an annotation can be.")
    return _GRAPHIC_TYPES[kind]


def _geometries(
    geojson: Mapping[str, Any], around: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """Yield each geometry's kind and coordinates, and the properties of the feature that it is of."""
    if not isinstance(geojson, Mapping):
        raise InputTypeError(
            f"GeoJSON is of type {type(geojson).__name__}: {str(geojson)[:80]}; expected a mapping, as json.load gives."
        )
    try:
        kind = geojson["type"]
        if kind == "FeatureCollection":
            for feature in geojson["features"]:
                yield from _geometries(feature)
        elif kind == "GeometryCollection":
            for geometry in geojson["geometries"]:
                yield from _geometries(geometry, around)
        elif kind == "Feature":
            properties = geojson.get("properties") or {}
            if properties.get("graphic_type") in ("RECTANGLE", "ELLIPSE") and "points" in properties:
                yield properties["graphic_type"], properties["points"], properties
            elif geojson["geometry"] is not None:
                yield from _geometries(geojson["geometry"], properties)
        elif kind in _PARTS:
            yield from ((_PARTS[kind], part, around or {}) for part in geojson["coordinates"])
        else:
            yield kind, geojson["coordinates"], around or {}
    except InputTypeError:
        raise
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


def _without_holes(rings: Sequence[NDArray[Any]], holes: Holes) -> NDArray[Any]:
    if not rings:
        raise InputError("A polygon has no ring; expected its outline.")
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
        Points, line strings or polygons (also rings): all of one type, with z or without. The parts of a MultiPolygon
        and the like become shapes of their own.
    holes: "cut" | "fill" | "refuse", optional
        What becomes of holes, which a bulk annotation cannot have.

    Returns
    -------
    Shapes
        Shapes in the same order, three-dimensional where the geometries are.

    Raises
    ------
    ImportError
        If shapely is not installed.
    TypeError
        If something is not a geometry.
    ValueError
        If there are none, one is empty, they are of several types, or have holes that are to be refused.
    """
    shapely = _shapely()
    array = _parts_of(geometries, shapely)
    kinds = {int(kind) for kind in distinct(shapely.get_type_id(array).ravel())}
    types = shapely.GeometryType
    if kinds == {int(types.POINT)}:
        points = shapely.get_coordinates(array, include_z=shapely.has_z(array).any())
        return Shapes.of(GraphicTypeValues.POINT, points[:, None])
    if kinds == {int(types.LINESTRING)}:
        _, points, (offsets,) = shapely.to_ragged_array(array)
        return Shapes(GraphicTypeValues.POLYLINE, points, offsets.astype(np.int64))
    if kinds != {int(types.POLYGON)}:
        names = sorted(types(kind).name for kind in kinds)
        raise InputError(f"geometries are of types {names}; expected only points, only line strings or only polygons.")
    if shapely.get_num_interior_rings(array).any():
        rings = ([polygon.exterior, *polygon.interiors] for polygon in array)
        return Shapes.of(
            GraphicTypeValues.POLYGON, [_without_holes([_opened(ring.coords) for ring in one], holes) for one in rings]
        )
    _, points, (offsets, _) = shapely.to_ragged_array(array)
    lasts = np.zeros(len(points), bool)
    lasts[offsets[1:] - 1] = True
    return Shapes(GraphicTypeValues.POLYGON, points[~lasts], offsets.astype(np.int64) - np.arange(len(offsets)))


def _parts_of(geometries: Any, shapely: ModuleType) -> NDArray[np.object_]:
    """Take geometries apart into those of one part, none of which is empty."""
    try:
        array = np.atleast_1d(np.asarray(geometries, dtype=object))
        nothing = shapely.is_empty(array) | shapely.is_missing(array)
    except TypeError as error:
        raise InputTypeError(f"geometries has something that is not a geometry: {error}.") from error
    if not len(array) or nothing.any():
        which = f"geometries[{np.flatnonzero(nothing)[0]}] is empty" if len(array) else "geometries is empty"
        raise InputError(f"{which}; expected geometries with points, each of which becomes a shape.")
    parts = shapely.get_parts(array)
    rings = shapely.get_type_id(parts) == shapely.GeometryType.LINEARRING
    parts[rings] = shapely.polygons(parts[rings])
    return np.asarray(parts)


def _shapely() -> ModuleType:
    try:
        import shapely
    except ImportError as error:
        raise PluginNotInstalledError("shapely is not installed: pip install 'hdcore[geo]'.") from error
    return shapely
