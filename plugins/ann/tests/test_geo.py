from __future__ import annotations

import json

import numpy as np
import pytest
from hdcore.errors import InputError, InputTypeError
from hdcore.testing import sources
from pydicom.sr.coding import Code

from hdcore_ann import (
    GraphicTypeValues,
    Measurements,
    Shapes,
    areas_of,
    from_geojson,
    from_shapely,
    properties_of_geojson,
    rasterize,
    to_geojson,
    to_pixels,
    to_shapely,
    to_slide,
)

KINDS = {
    "POINT": [[[1, 2]], [[3, 4]]],
    "POLYLINE": [[[1, 2], [3, 4]], [[0, 0], [5, 5], [0, 0]]],
    "POLYGON": [[[0, 0], [10, 0], [10, 10]], [[0, 0], [4, 0], [4, 4], [0, 4]]],
    "RECTANGLE": [[[0, 0], [4, 0], [4, 2], [0, 2]]],
    "ELLIPSE": [[[0, 0], [8, 0], [4, 2], [4, -2]]],
}
HOLED = [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]]


@pytest.mark.parametrize("kind", KINDS)
def test_geojson_brings_back_what_it_was_given(kind) -> None:
    shapes = Shapes.of(kind, KINDS[kind])
    text = json.dumps(to_geojson(shapes), allow_nan=False)
    (back,) = from_geojson(json.loads(text)).values()
    assert back.graphic_type is shapes.graphic_type
    np.testing.assert_array_equal(back.points, shapes.points)
    np.testing.assert_array_equal(back.offsets, shapes.offsets)


def test_geojson_of_a_group_has_its_measurements(group) -> None:
    area = Measurements(Code("42798000", "SCT", "Area"), [2.5, np.nan], Code("um2", "UCUM", "square micrometer"))
    made = group("POLYGON", KINDS["POLYGON"], measurements=[area])
    first, second = to_geojson(made, {"score": [1, 2]})["features"]
    assert first["properties"] == {
        "graphic_type": "POLYGON",
        "label": "cells",
        "property_type": "Neoplasm",
        "Area (um2)": 2.5,
        "score": 1,
    }
    assert second["properties"]["Area (um2)"] is None
    assert second["geometry"]["coordinates"][0][0] == second["geometry"]["coordinates"][0][-1]
    with pytest.raises(ValueError, match="score"):
        to_geojson(made, {"score": [1]})


def test_geojson_of_others_is_sorted_by_type_and_taken_apart() -> None:
    found = from_geojson(
        {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiPolygon", "coordinates": [HOLED, [HOLED[1]]]},
                {"type": "Point", "coordinates": [1, 2]},
            ],
        }
    )
    assert {kind: len(shapes) for kind, shapes in found.items()} == {
        GraphicTypeValues.POLYGON: 2,
        GraphicTypeValues.POINT: 1,
    }
    assert areas_of(found[GraphicTypeValues.POLYGON]).tolist() == [96, 4]


@pytest.mark.parametrize(
    "geojson",
    [
        {},
        {"type": "Feature"},
        {"type": "Circle", "coordinates": []},
        {"type": "Point", "coordinates": "here"},
        {"type": "LineString", "coordinates": [[1], [2]]},
        {"type": "Polygon", "coordinates": []},
    ],
)
def test_what_is_no_geojson_is_refused(geojson) -> None:
    with pytest.raises(InputError, match=r"\w"):
        from_geojson(geojson)


@pytest.mark.parametrize("geojson", ['{"type": "Point"}', None, [], {"type": "FeatureCollection", "features": [3]}])
def test_what_is_no_mapping_is_refused(geojson) -> None:
    for take in (from_geojson, properties_of_geojson):
        with pytest.raises(InputTypeError, match="expected a mapping"):
            take(geojson)


def test_properties_of_features_go_with_the_shapes() -> None:
    square = [HOLED[1]]
    features = [
        ({"class": "tumour", "area": 4.0}, {"type": "MultiPolygon", "coordinates": [square, square]}),
        (None, {"type": "Polygon", "coordinates": square}),
        ({"area": None, "seen": True}, {"type": "Polygon", "coordinates": square}),
        ({"class": "cell"}, {"type": "Point", "coordinates": [1, 2]}),
        ({"class": "nowhere"}, None),
    ]
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": one, "geometry": geometry} for one, geometry in features],
    }
    polygons, points = GraphicTypeValues.POLYGON, GraphicTypeValues.POINT
    assert {kind: len(shapes) for kind, shapes in from_geojson(collection).items()} == {polygons: 4, points: 1}
    assert properties_of_geojson(collection) == {
        polygons: {
            "class": ["tumour", "tumour", None, None],
            "area": [4.0, 4.0, None, None],
            "seen": [None, None, None, True],
        },
        points: {"class": ["cell"]},
    }


def test_measurements_of_a_group_come_back_from_geojson(group) -> None:
    area = Measurements(Code("42798000", "SCT", "Area"), [2.5, np.nan], Code("um2", "UCUM", "square micrometer"))
    collection = to_geojson(group("POLYGON", KINDS["POLYGON"], measurements=[area]))
    columns = properties_of_geojson(collection)[GraphicTypeValues.POLYGON]
    np.testing.assert_array_equal(np.array(columns["Area (um2)"], float), [2.5, np.nan])


@pytest.mark.parametrize("kind", ["POINT", "POLYLINE", "POLYGON"])
def test_shapely_brings_back_what_it_was_given(kind) -> None:
    pytest.importorskip("shapely")
    shapes = Shapes.of(kind, KINDS[kind])
    back = from_shapely(to_shapely(shapes))
    assert back.graphic_type is shapes.graphic_type
    np.testing.assert_array_equal(back.points, shapes.points)
    np.testing.assert_array_equal(back.offsets, shapes.offsets)


def test_shapely_agrees_on_areas() -> None:
    shapely = pytest.importorskip("shapely")
    for kind in ("POLYGON", "RECTANGLE", "ELLIPSE"):
        shapes = Shapes.of(kind, KINDS[kind])
        np.testing.assert_allclose(shapely.area(to_shapely(shapes, 720)), areas_of(shapes), rtol=1e-4)


def test_holes_are_cut_filled_or_refused() -> None:
    shapely = pytest.importorskip("shapely")
    holed = shapely.Polygon(HOLED[0], [HOLED[1]])
    assert areas_of(from_shapely([holed])).tolist() == [96]
    assert rasterize(from_shapely([holed]), (0, 0, 10, 10)).sum() == 96
    assert areas_of(from_shapely([holed], holes="fill")).tolist() == [100]
    with pytest.raises(ValueError, match="1 holes"):
        from_shapely([holed], holes="refuse")


def test_parts_of_geometries_become_shapes() -> None:
    shapely = pytest.importorskip("shapely")
    holed, square = shapely.Polygon(HOLED[0], [HOLED[1]]), shapely.LinearRing(HOLED[1])
    assert areas_of(from_shapely([shapely.MultiPolygon([holed, shapely.Polygon(HOLED[1])]), square])).tolist() == [
        96,
        4,
        4,
    ]
    assert from_shapely(holed).offsets.tolist() == from_shapely([holed]).offsets.tolist()
    assert from_shapely([shapely.MultiPoint([(1, 2), (3, 4)])]).points.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("kind", ["POINT", "POLYLINE", "POLYGON"])
def test_shapely_keeps_heights(kind) -> None:
    pytest.importorskip("shapely")
    points = [[[1, 2, 3]]] if kind == "POINT" else [[[1, 2, 3], [4, 2, 3], [4, 5, 6]]]
    shapes = Shapes.of(kind, points)
    assert from_shapely(to_shapely(shapes)).points.tolist() == shapes.points.tolist()


@pytest.mark.parametrize("last", ["empty", None])
def test_empty_geometries_are_refused_by_number(last) -> None:
    shapely = pytest.importorskip("shapely")
    with pytest.raises(InputError, match=r"geometries\[1\] is empty"):
        from_shapely([shapely.Polygon(HOLED[0]), shapely.Polygon() if last else None])
    with pytest.raises(InputError, match="geometries is empty"):
        from_shapely([])


def test_what_is_no_uniform_geometry_is_refused() -> None:
    shapely = pytest.importorskip("shapely")
    with pytest.raises(ValueError, match="expected only"):
        from_shapely([shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])])
    with pytest.raises((ValueError, TypeError), match="geometr"):
        from_shapely(["a"])


@pytest.mark.parametrize("frame_number", [None, 3])
def test_pixels_and_slide_coordinates_are_one_call_apart(slide, frame_number) -> None:
    shapes = Shapes.of("POLYGON", KINDS["POLYGON"])
    image = sources.slide(organization="TILED_SPARSE") if frame_number else slide
    there = to_slide(shapes, image, frame_number)
    assert there.points.shape[1] == 3
    np.testing.assert_allclose(to_pixels(there, image, frame_number).points, shapes.points, atol=1e-6)
    with pytest.raises(ValueError, match="already"):
        to_slide(there, slide)
    with pytest.raises(ValueError, match="already"):
        to_pixels(shapes, slide)


def test_slide_coordinates_are_those_of_the_peer(slide) -> None:
    highdicom = pytest.importorskip("highdicom")
    transform = highdicom.spatial.ImageToReferenceTransformer.for_image(slide, for_total_pixel_matrix=True)
    shapes = Shapes.of("POLYGON", KINDS["POLYGON"])
    np.testing.assert_allclose(to_slide(shapes, slide).points, transform(shapes.points.astype(float)), atol=1e-9)
