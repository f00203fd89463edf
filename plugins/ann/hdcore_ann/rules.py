"""What must hold of bulk annotations beyond the tables of the standard (PS3.3 C.37.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.errors import InputError
from hdcore.validation import equals, finding, one_of, required_if, rule

from hdcore_ann.checks import check_shapes
from hdcore_ann.enums import AnnotationCoordinateTypeValues, GraphicTypeValues
from hdcore_ann.graphics import GraphicData
from hdcore_ann.outlines import areas_of
from hdcore_ann.shapes import POINTS_PER_SHAPE
from hdcore_ann.values import StoredValues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_ann.shapes import Shapes

__all__ = ["RULES"]

_MODULE = "PS3.3 C.37.1.2"
_SHAPES = "PS3.3 C.37.1.2.1.1"
_GROUPS = "AnnotationGroupSequence"


@rule("ANN001", ref=_MODULE)
def groups_are_numbered_from_one(dataset: Dataset) -> Iterator[Draft]:
    """Annotation groups must be numbered from one, each one more than the one before."""
    numbers = [int(group.AnnotationGroupNumber) for group in dataset.AnnotationGroupSequence]
    if numbers != list(range(1, len(numbers) + 1)):
        yield finding(f"{_GROUPS}/AnnotationGroupNumber", f"is {numbers}")


@rule("ANN002", ref=_MODULE)
def groups_have_their_own_uids(dataset: Dataset) -> Iterator[Draft]:
    """Each annotation group must have a unique identifier of its own."""
    uids = [str(group.AnnotationGroupUID) for group in dataset.AnnotationGroupSequence]
    for index, uid in enumerate(uids):
        if uid in uids[:index]:
            yield finding(f"{_GROUPS}[{index}]/AnnotationGroupUID", f"is {uid}, as that of an earlier group")


@rule("ANN003", ref=_SHAPES)
def pixels_are_of_one_image(dataset: Dataset) -> Iterator[Draft]:
    """Annotations in pixels must refer to exactly one image."""
    count = len(dataset.get("ReferencedImageSequence") or ())
    if dataset.AnnotationCoordinateType == "2D" and count != 1:
        yield finding("ReferencedImageSequence", f"has {count} items")


@rule("ANN004", ref=_SHAPES)
def frame_is_named_where_pixels_are_of_a_frame(dataset: Dataset) -> Iterator[Draft]:
    """A single frame must be referred to where pixels are counted from a frame, and none where they are not."""
    path = "ReferencedImageSequence[0]/ReferencedFrameNumber"
    number = dataset.ReferencedImageSequence[0].get("ReferencedFrameNumber")
    count = 0 if number is None else len(np.atleast_1d(number))
    if dataset.PixelOriginInterpretation == "FRAME" and count != 1:
        yield finding(path, f"has {count} values, but Pixel Origin Interpretation is FRAME")
    if dataset.PixelOriginInterpretation == "VOLUME" and count:
        yield finding(path, f"is {number}, but Pixel Origin Interpretation is VOLUME")


@rule("ANN005", ref=_MODULE)
def coordinates_are_stored_once(dataset: Dataset) -> Iterator[Draft]:
    """Coordinates must be stored either as 32-bit or as 64-bit numbers."""
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        if ("PointCoordinatesData" in group) == ("DoublePointCoordinatesData" in group):
            both = "PointCoordinatesData" in group
            yield finding(
                f"{_GROUPS}[{index}]/PointCoordinatesData", f"is there {'twice' if both else 'in neither form'}"
            )


@rule("ANN006", ref=_SHAPES)
def point_index_is_there_where_shapes_differ(dataset: Dataset) -> Iterator[Draft]:
    """Long Primitive Point Index List must be there for polylines and polygons, and only for them."""
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        needed = GraphicTypeValues(group.GraphicType) not in POINTS_PER_SHAPE
        if needed != ("LongPrimitivePointIndexList" in group):
            state = "is absent" if needed else "is there"
            path = f"{_GROUPS}[{index}]/LongPrimitivePointIndexList"
            yield finding(path, f"{state}, but Graphic Type is {group.GraphicType}")


@rule("ANN007", ref=_SHAPES)
def shapes_can_be_read(dataset: Dataset) -> Iterator[Draft]:
    """Coordinates, their index and the number of annotations must agree, and shapes be what they claim to be."""
    coordinates = AnnotationCoordinateTypeValues(dataset.AnnotationCoordinateType)
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        try:
            check_shapes(GraphicData(group, coordinates).shapes())
        except InputError as error:
            yield finding(f"{_GROUPS}[{index}]", str(error).rstrip("."))


@rule("ANN008", ref=_MODULE)
def common_z_is_of_volumes(dataset: Dataset) -> Iterator[Draft]:
    """Common Z Coordinate Value must not be there for annotations in pixels."""
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        if dataset.AnnotationCoordinateType == "2D" and "CommonZCoordinateValue" in group:
            yield finding(f"{_GROUPS}[{index}]/CommonZCoordinateValue", f"is {group.CommonZCoordinateValue}")


@rule("ANN009", ref=_MODULE)
def measurements_fit_the_annotations(dataset: Dataset) -> Iterator[Draft]:
    """A measurement must have one value per annotation, or name the annotations that have one, rising from one."""
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        count = int(group.NumberOfAnnotations)
        for which, measurement in enumerate(group.get("MeasurementsSequence") or ()):
            path = f"{_GROUPS}[{index}]/MeasurementsSequence[{which}]/MeasurementValuesSequence[0]"
            values = measurement.MeasurementValuesSequence[0]
            given = StoredValues(values, "FloatingPointValues").count
            if "AnnotationIndexList" not in values:
                if given != count:
                    yield finding(f"{path}/FloatingPointValues", f"has {given} values for {count} annotations")
                continue
            numbers = StoredValues(values, "AnnotationIndexList").read().astype(np.int64)
            if len(numbers) != given:
                yield finding(f"{path}/AnnotationIndexList", f"has {len(numbers)} numbers for {given} values")
            elif len(numbers) and (numbers[0] < 1 or numbers[-1] > count or (np.diff(numbers) < 1).any()):
                yield finding(f"{path}/AnnotationIndexList", f"does not rise within 1 to {count}")


@rule("ANN010", ref=_SHAPES, severity="warning")
def shapes_enclose_something(dataset: Dataset) -> Iterator[Draft]:
    """A shape that has an inside should enclose some of the image."""
    coordinates = AnnotationCoordinateTypeValues(dataset.AnnotationCoordinateType)
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        if group.GraphicType in ("POINT", "POLYLINE"):
            continue
        try:
            empty = np.flatnonzero(areas_of(GraphicData(group, coordinates).shapes()) == 0)
        except InputError:
            continue  # said by ANN007
        if len(empty):
            yield finding(f"{_GROUPS}[{index}]", f"has {len(empty)} shapes without area; the first is {empty[0] + 1}")


@rule("ANN017", ref=_SHAPES, severity="warning")
def shapes_are_what_they_are_called(dataset: Dataset) -> Iterator[Draft]:
    """Rectangles should have right angles, and the axes of ellipses should halve one another at right angles."""
    coordinates = AnnotationCoordinateTypeValues(dataset.AnnotationCoordinateType)
    for index, group in enumerate(dataset.AnnotationGroupSequence):
        if group.GraphicType not in ("RECTANGLE", "ELLIPSE"):
            continue
        try:
            shapes = GraphicData(group, coordinates).shapes()
        except InputError:
            continue  # said by ANN007
        odd = np.flatnonzero(_are_askew(shapes))
        if len(odd):
            yield finding(f"{_GROUPS}[{index}]", f"has {len(odd)} shapes that are askew; the first is {odd[0] + 1}")


def _are_askew(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell by the two lines across a shape, with a hundredth of them for rounding."""
    points = shapes.points.reshape(len(shapes), 4, -1).astype(np.float64)
    is_ellipse = shapes.graphic_type is GraphicTypeValues.ELLIPSE
    ends = points[:, [0, 1, 2, 3] if is_ellipse else [0, 2, 1, 3]]
    first, second = ends[:, 1] - ends[:, 0], ends[:, 3] - ends[:, 2]
    lengths = np.linalg.norm([first, second], axis=2)
    apart = np.linalg.norm(ends[:, 0] + ends[:, 1] - ends[:, 2] - ends[:, 3], axis=1) / 2
    if is_ellipse:
        turned = np.abs((first * second).sum(axis=1)) > 0.01 * lengths.prod(axis=0)
    else:
        turned = np.abs(lengths[0] - lengths[1]) > 0.01 * lengths.max(axis=0)
    return np.asarray(turned | (apart > 0.01 * lengths.max(axis=0)))


RULES = [
    groups_are_numbered_from_one,
    groups_have_their_own_uids,
    pixels_are_of_one_image,
    frame_is_named_where_pixels_are_of_a_frame,
    coordinates_are_stored_once,
    point_index_is_there_where_shapes_differ,
    shapes_can_be_read,
    common_z_is_of_volumes,
    measurements_fit_the_annotations,
    shapes_enclose_something,
    shapes_are_what_they_are_called,
    equals("ANN011", "Modality", "ANN", ref="PS3.3 C.37.1.1"),
    one_of("ANN012", f"{_GROUPS}/GraphicType", [kind.value for kind in GraphicTypeValues], ref=_SHAPES),
    required_if(
        "ANN013",
        f"{_GROUPS}/AnnotationGroupAlgorithmIdentificationSequence",
        "AnnotationGroupGenerationType != 'MANUAL'",
        ref=_MODULE,
    ),
    required_if(
        "ANN014",
        f"{_GROUPS}/ReferencedOpticalPathIdentifier",
        "AnnotationAppliesToAllOpticalPaths == 'NO'",
        ref=_MODULE,
    ),
    required_if("ANN015", "PixelOriginInterpretation", "AnnotationCoordinateType == '2D'", ref=_MODULE),
    required_if("ANN016", "FrameOfReferenceUID", "AnnotationCoordinateType == '3D'", ref="PS3.3 A.87.3"),
]
