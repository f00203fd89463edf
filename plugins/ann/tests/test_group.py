from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hdcore.content.algorithm import AlgorithmIdentificationSequence
from pydicom.sr.coding import Code

from hdcore_ann import AnnotationGroup, Measurements, Shapes

AREA = Code("42798000", "SCT", "Area")
SQUARE_MICROMETRE = Code("um2", "UCUM", "square micrometer")
AI = Code("123110", "DCM", "Artificial Intelligence")


def test_polygons_come_back_as_they_went_in(group, triangles) -> None:
    made = group("POLYGON", triangles)
    assert made.number_of_annotations == 3
    for got, given in zip(made.get_graphic_data("2D"), triangles, strict=True):
        np.testing.assert_array_equal(got, given)
        assert got.dtype == np.float32
        assert got.flags.writeable
    np.testing.assert_array_equal(made.get_coordinates(3, "2D"), triangles[2])
    assert np.frombuffer(made.LongPrimitivePointIndexList, "<u4").tolist() == [1, 7, 13]


@pytest.mark.parametrize(
    ("graphic_type", "shape"),
    [
        ("POINT", [[3, 4]]),
        ("POLYLINE", [[3, 4], [5, 6], [3, 4]]),
        ("ELLIPSE", [[0, 0], [8, 0], [4, 2], [4, -2]]),
        ("RECTANGLE", [[0, 0], [8, 0], [8, 4], [0, 4]]),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("z", [None, "one", "several"])
def test_every_graphic_type_in_every_precision_and_dimension(group, graphic_type, shape, dtype, z) -> None:
    points = np.array(shape, dtype)
    shapes = [points, points + 1]
    if z is not None:
        heights = (2.5, 2.5) if z == "one" else (2.5, 3.5)
        shapes = [np.column_stack([s, np.full(len(s), h, dtype)]) for s, h in zip(shapes, heights, strict=True)]
    made = group(graphic_type, shapes)
    coordinates = "2D" if z is None else "3D"
    assert ("CommonZCoordinateValue" in made) == (z == "one")
    assert ("DoublePointCoordinatesData" in made) == (dtype is np.float64)
    for number, (got, given) in enumerate(zip(made.get_graphic_data(coordinates), shapes, strict=True), 1):
        np.testing.assert_array_equal(got, given)
        np.testing.assert_array_equal(made.get_coordinates(number, coordinates), given)
    with pytest.raises(ValueError, match="coordinate_type"):
        made.get_graphic_data("3D" if z is None else "2D")


def test_flat_arrays_regular_arrays_and_lists_are_the_same_group(group, triangles) -> None:
    same = np.stack(triangles[:2])
    flat = Shapes("POLYGON", same.reshape(-1, 2), np.array([0, 3, 6]))
    made = [group("POLYGON", data, uid="1.2.3") for data in (list(same), same, flat, same.tolist())]
    assert made[0] == made[1] == made[2]
    assert np.array_equal(made[3].get_shapes().points, flat.points)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one,
        np.asfortranarray,
        lambda one: np.repeat(one, 2, axis=0)[::2],
        lambda one: np.repeat(one, 2, axis=1)[:, ::2],
        lambda one: one.astype(">f4"),
        lambda one: one.astype(np.float64),
    ],
    ids=["as it is", "by columns", "with gaps between rows", "with gaps in rows", "other byte order", "other type"],
)
def test_arrays_of_any_memory_layout_are_joined(group, triangles, change) -> None:
    some = [change(triangles[0]), *triangles[1:]]
    for data in (some, [change(one) for one in triangles]):
        for got, given in zip(group("POLYGON", data).get_graphic_data("2D"), triangles, strict=True):
            np.testing.assert_array_equal(got, given)


@pytest.mark.parametrize("odd", [np.zeros((3, 1)), np.zeros((2, 3)), np.zeros(6), np.zeros((3, 1, 2))])
def test_arrays_of_as_many_numbers_but_another_shape_are_refused(group, odd) -> None:
    square = np.array([[0, 0], [4, 0], [4, 4]])
    with pytest.raises(ValueError, match="graphic_data"):
        group("POLYLINE", [square.astype(float), odd])


def test_integers_become_floats_that_hold_them(group) -> None:
    assert group("POINT", [np.array([[1, 2]], np.int16)]).get_shapes().points.dtype == np.float32
    exact = group("POINT", [np.array([[2**25 + 1, 2]], np.int64)])
    assert exact.get_coordinates(1, "2D")[0, 0] == 2**25 + 1


@pytest.mark.parametrize(
    ("graphic_type", "data", "message"),
    [
        (
            "POLYGON",
            [[[0, 0], [1, 0], [1, 1], [0, 0]]],
            "POLYGON annotation 1 of graphic_data ends with its first point",
        ),
        ("POLYGON", [[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 0]]], "annotation 2 .* fewer than 3"),
        ("POLYGON", [[[2, 2], [2, 2], [2, 2]]], "first point"),
        ("POLYLINE", [[[2, 2], [2, 2]]], "single point"),
        ("POLYLINE", [[[2, 2]]], "fewer than 2"),
        ("POINT", [[[2, 2], [3, 3]]], "exactly 1 point"),
        ("RECTANGLE", [[[0, 0], [1, 0], [1, 1]]], "exactly 4 points"),
        ("ELLIPSE", [[[0, 0], [0, 0], [1, 1], [2, 2]]], "no length"),
        ("POINT", [[[0, np.nan]], [[0, 1]]], "annotation 1 .*not finite"),
        ("POINT", [[[0, 1]], [[np.inf, 1]]], "annotation 2 .*not finite"),
        ("POINT", [], "empty"),
        ("POINT", [[1, 2]], "shape"),
        ("POINT", [[[1, 2, 3, 4]]], "shape"),
        ("POLYGON", [np.zeros((3, 2)), np.zeros((3, 3))], "graphic_data"),
        ("POLYGON", np.zeros((3, 2)), "flat array"),
        ("CIRCLE", [[[1, 2]]], "'CIRCLE' is not one of"),
    ],
)
def test_shapes_that_are_none_are_refused(group, graphic_type, data, message) -> None:
    with pytest.raises(ValueError, match=message):
        group(graphic_type, data)


def test_things_that_are_no_numbers_are_refused(group) -> None:
    with pytest.raises(TypeError, match="expected numbers"):
        group("POINT", [[["a", "b"]]])
    with pytest.raises(TypeError, match="graphic_data"):
        group("POINT", 3)
    with pytest.raises(TypeError, match="number is"):
        group("POINT", [[[1, 2]]], number="1")
    with pytest.raises(ValueError, match="numbered from 1"):
        group("POINT", [[[1, 2]]], number=0)
    with pytest.raises(TypeError, match="Measurements"):
        group("POINT", [[[1, 2]]], measurements=[3])
    with pytest.raises(TypeError, match="display_color is 'red'"):
        group("POINT", [[[1, 2]]], display_color="red")
    with pytest.raises(ValueError, match="label is empty"):
        group("POINT", [[[1, 2]]], label=" ")


@pytest.mark.parametrize("number", [0, 4, -1, 1.5, True])
def test_annotation_that_does_not_exist_is_an_index_error(group, triangles, number) -> None:
    with pytest.raises(IndexError, match="annotation_number"):
        group("POLYGON", triangles).get_coordinates(number, "2D")


def test_what_describes_a_group_comes_back(group, triangles) -> None:
    algorithm = AlgorithmIdentificationSequence("outliner", AI, "2")
    breast = Code("76752008", "SCT", "Breast")
    made = group(
        "POLYGON",
        triangles,
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm,
        description="all cells",
        anatomic_regions=[breast],
        primary_anatomic_structures=[breast],
        optical_path_identifiers=["1", "2"],
    )
    assert (made.label, made.number, made.AnnotationGroupDescription) == ("cells", 1, "all cells")
    assert made.anatomic_regions == [breast]
    assert made.primary_anatomic_structures == [breast]
    assert made.optical_path_identifiers == ["1", "2"]
    assert made.AnnotationAppliesToAllOpticalPaths == "NO"
    assert made.algorithm_identification.name == "outliner"
    assert made.annotated_property_type == Code("108369006", "SCT", "Neoplasm")
    with pytest.raises(TypeError, match="algorithm_identification"):
        group("POLYGON", triangles, algorithm_type="SEMIAUTOMATIC")


def test_measurements_are_dense_or_sparse(group, triangles) -> None:
    dense = Measurements(AREA, [1.0, 2.0, 3.0], SQUARE_MICROMETRE)
    with_gap = Measurements(AREA, np.array([np.nan, 2.0, np.nan]), SQUARE_MICROMETRE)
    by_number = Measurements(AREA, [2.0], SQUARE_MICROMETRE, annotation_numbers=[2])
    assert with_gap == by_number
    assert not dense.is_sparse
    assert with_gap.is_sparse
    made = group("POLYGON", triangles, measurements=[dense, with_gap])
    names, values, units = made.get_measurements()
    assert names == [AREA, AREA]
    assert units == [SQUARE_MICROMETRE] * 2
    np.testing.assert_array_equal(values, [[1, np.nan], [2, 2], [3, np.nan]])
    assert made.get_measurements(Code("1", "99X", "none"))[1].shape == (3, 0)


@pytest.mark.parametrize(
    ("values", "numbers", "message"),
    [
        ([1.0], None, "1 values, but there are 3"),
        ([1.0, np.nan, 2.0, 3.0], None, "4 values"),
        ([1.0], [4], "annotation 4"),
    ],
)
def test_measurements_of_another_count_are_refused(group, triangles, values, numbers, message) -> None:
    with pytest.raises(ValueError, match=message):
        group("POLYGON", triangles, measurements=[Measurements(AREA, values, SQUARE_MICROMETRE, numbers)])
    with pytest.raises(IndexError):
        Measurements(AREA, [1.0, np.nan, np.nan, 3.0], SQUARE_MICROMETRE).get_values(3)
    with pytest.raises(IndexError):
        Measurements(AREA, [1.0, 3.0], SQUARE_MICROMETRE).get_values(3)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([[1.0]], None),
        ([np.inf], None),
        ([np.nan, np.nan], None),
        ([], None),
        ([1.0, 2.0], [1]),
        ([1.0, 2.0], [2, 1]),
        ([1.0, 2.0], [1, 1]),
        ([1.0], [0]),
        ([np.nan], [1]),
    ],
)
def test_measurements_that_are_none_are_refused(values, numbers) -> None:
    with pytest.raises(ValueError, match=r"values|numbers"):
        Measurements(AREA, values, SQUARE_MICROMETRE, numbers)


def test_groups_survive_copies_and_pickles(group, triangles) -> None:
    made = group("POLYGON", triangles, measurements=[Measurements(AREA, [1.0, np.nan, 2.0], SQUARE_MICROMETRE)])
    for twin in (copy.deepcopy(made), pickle.loads(pickle.dumps(made)), AnnotationGroup.from_dataset(made)):
        assert twin == made
        assert twin is not made
        np.testing.assert_array_equal(twin.get_coordinates(2, "2D"), triangles[1])


def test_item_without_what_a_group_has_is_refused(slide) -> None:
    with pytest.raises(ValueError, match="AnnotationGroupNumber"):
        AnnotationGroup.from_dataset(slide)
    with pytest.raises(TypeError, match="Dataset"):
        AnnotationGroup.from_dataset({})
