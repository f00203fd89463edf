from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hdcore as hd
import numpy as np
import pytest
from hdcore.content.algorithm import AlgorithmIdentificationSequence
from hdcore.testing import IODContract, sources
from hdcore.uid import UID
from pydicom.sr.coding import Code
from pydicom.uid import ImplicitVRLittleEndian

from hdcore_ann import AnnotationGroup, Measurements, MicroscopyBulkSimpleAnnotations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydicom.dataset import Dataset

TRIANGLES = np.array([[[0, 0], [10, 0], [10, 10]], [[5, 5], [9, 5], [9, 9]]], np.float32)


def _group(number: int, graphic_type: str, data: Any, **options: Any) -> AnnotationGroup:
    return AnnotationGroup(
        number,
        UID(),
        f"group {number}",
        Code("85756007", "SCT", "Tissue"),
        Code("108369006", "SCT", "Neoplasm"),
        graphic_type,
        data,
        options.pop("algorithm_type", "MANUAL"),
        **options,
    )


def _instance(
    groups: list[AnnotationGroup], coordinates: str = "2D", **options: Any
) -> MicroscopyBulkSimpleAnnotations:
    return MicroscopyBulkSimpleAnnotations(
        [sources.slide()], coordinates, groups, UID(), 1, UID(), 1, "Acme", "Outliner", "1", "42", **options
    )


def _in_pixels(**options: Any) -> MicroscopyBulkSimpleAnnotations:
    area = Measurements(Code("42798000", "SCT", "Area"), [1.0, np.nan], Code("um2", "UCUM", "square micrometer"))
    algorithm = AlgorithmIdentificationSequence("x", Code("123110", "DCM", "Artificial Intelligence"), "1")
    return _instance(
        [
            _group(1, "POLYGON", TRIANGLES, measurements=[area]),
            _group(
                2,
                "ELLIPSE",
                [[[0, 0], [8, 0], [4, 2], [4, -2]]],
                algorithm_type="AUTOMATIC",
                algorithm_identification=algorithm,
                optical_path_identifiers=["1"],
            ),
        ],
        **options,
    )


def _on_a_frame() -> MicroscopyBulkSimpleAnnotations:
    return _in_pixels(pixel_origin_interpretation="FRAME", referenced_frame_number=2)


def _implicit() -> MicroscopyBulkSimpleAnnotations:
    return _in_pixels(transfer_syntax_uid=ImplicitVRLittleEndian)


def _in_space() -> MicroscopyBulkSimpleAnnotations:
    deep = np.concatenate([TRIANGLES, np.full((2, 3, 1), 0.5, np.float32)], axis=2)
    return _instance([_group(1, "POLYGON", deep), _group(2, "POLYLINE", deep.astype(float) * [1, 1, 2])], "3D")


def _set(path: str, value: Any) -> Callable[[Dataset], None]:
    def change(dataset: Dataset) -> None:
        *steps, keyword = path.split("/")
        for step in steps:
            name, _, index = step.partition("#")
            dataset = dataset[name].value[int(index or 0)]
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)

    return change


def _same_uids(dataset: Dataset) -> None:
    first, second = dataset.AnnotationGroupSequence
    second.AnnotationGroupUID = first.AnnotationGroupUID


def _cut_index(dataset: Dataset) -> None:
    dataset.AnnotationGroupSequence[0].LongPrimitivePointIndexList = np.array([1, 8], "<u4").tobytes()


def _flatten(dataset: Dataset) -> None:
    flat = np.array([[[0, 0], [1, 0], [2, 0]], [[5, 5], [9, 5], [9, 9]]], "<f4")
    dataset.AnnotationGroupSequence[0].PointCoordinatesData = flat.tobytes()


class TestAnnotations(IODContract):
    iod_name = "ann"

    def examples(self) -> Mapping[str, Callable[[], Any]]:
        return {"pixels": _in_pixels, "frame": _on_a_frame, "implicit": _implicit, "space": _in_space}

    def breakages(self) -> Mapping[str, Any]:
        group = "AnnotationGroupSequence"
        values = f"{group}/MeasurementsSequence/MeasurementValuesSequence/AnnotationIndexList"
        return {
            "ANN001": _set(f"{group}#1/AnnotationGroupNumber", 3),
            "ANN002": _same_uids,
            "ANN003": _set("ReferencedImageSequence", []),
            "ANN004": ("frame", _set("ReferencedImageSequence/ReferencedFrameNumber", [1, 2])),
            "ANN005": _set(f"{group}/DoublePointCoordinatesData", b"\0" * 16),
            "ANN006": _set(f"{group}#1/LongPrimitivePointIndexList", b"\1\0\0\0"),
            "ANN007": _cut_index,
            "ANN008": _set(f"{group}/CommonZCoordinateValue", 1.0),
            "ANN009": _set(values, b"\3\0\0\0"),
            "ANN010": _flatten,
            "ANN011": _set("Modality", "SM"),
            "ANN012": _set(f"{group}/GraphicType", "CIRCLE"),
            "ANN013": _set(f"{group}#1/AnnotationGroupAlgorithmIdentificationSequence", None),
            "ANN014": _set(f"{group}#1/ReferencedOpticalPathIdentifier", None),
            "ANN015": _set("PixelOriginInterpretation", None),
            "ANN016": ("space", _set("FrameOfReferenceUID", None)),
            "ANN017": _set(f"{group}#1/PointCoordinatesData", np.float32([0, 0, 8, 0, 6, 2, 4, -2]).tobytes()),
        }


@pytest.mark.parametrize(
    ("kind", "shape", "is_askew"),
    [
        ("RECTANGLE", [[0, 0], [4, 0], [4, 3], [0, 3]], False),
        ("RECTANGLE", [[1000.6, 1000.8], [1004.6, 1003.8], [1001.6, 1007.8], [997.6, 1004.8]], False),
        ("RECTANGLE", [[0, 0], [4, 0], [5, 3], [0, 3]], True),
        ("RECTANGLE", [[0, 0], [4, 0], [6, 3], [2, 3]], True),
        ("ELLIPSE", [[0, 0], [8, 6], [2.5, 5], [5.5, 1]], False),
        ("ELLIPSE", [[0, 0], [8, 0], [4, 0], [4, 4]], True),
        ("ELLIPSE", [[0, 0], [8, 0], [2, -2], [6, 2]], True),
    ],
)
@pytest.mark.parametrize("coordinates", ["2D", "3D"])
def test_rectangles_and_ellipses_that_are_none_are_warned_of(kind, shape, is_askew, coordinates):
    points = np.float32([shape, shape])
    if coordinates == "3D":
        points = np.concatenate([points, np.full((2, 4, 1), 7, np.float32)], axis=2)
    report = hd.validate(_instance([_group(1, kind, points)], coordinates))
    assert report.codes == ({"ANN017"} if is_askew else set())
