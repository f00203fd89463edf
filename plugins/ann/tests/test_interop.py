"""The same calls on highdicom: equal datasets but for what the standard or our own words explain."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import hdcore
import hdcore.ann
import numpy as np
import pytest
from hdcore.testing import sources
from pydicom.sr.coding import Code

highdicom = pytest.importorskip("highdicom")
pytest.importorskip("highdicom.ann")

TRIANGLES = [np.array([[0, 0], [10, 0], [10, 10 + n]], np.float32) for n in range(3)]
OWN_WORDS = {
    "ContributingEquipmentSequence",  # names the library
    "InstanceCreationDate",
    "InstanceCreationTime",
    "ContentDate",
    "ContentTime",
    "ContentDescription",  # empty: None there, an empty text here, both written alike
}


def _shapes(kind: str, dimension: int) -> Any:
    shapes = {
        "POINT": [one[:1] for one in TRIANGLES],
        "POLYLINE": TRIANGLES,
        "POLYGON": TRIANGLES,
        "RECTANGLE": [np.array([[0, 0], [4, 0], [4, 2], [0, 2]], float)],
        "ELLIPSE": [np.array([[0, 0], [8, 0], [4, 2], [4, -2]], float)],
    }[kind]
    if dimension == 2:
        return shapes
    return [np.column_stack([one, np.full(len(one), 0.5, one.dtype)]).astype(one.dtype) for one in shapes]


def _make(library: Any, kind: str, dimension: int) -> Any:
    shapes = _shapes(kind, dimension)
    values = np.array([1.5] * (len(shapes) - 1) + ([np.nan] if len(shapes) > 1 else [2.0]), np.float32)
    area = library.ann.Measurements(Code("42798000", "SCT", "Area"), values, Code("um2", "UCUM", "square micrometer"))
    algorithm = library.AlgorithmIdentificationSequence("x", Code("123110", "DCM", "Artificial Intelligence"), "1")
    breast = Code("76752008", "SCT", "Breast")
    group = library.ann.AnnotationGroup(
        number=1,
        uid="1.2.826.0.1.1",
        label="cells",
        annotated_property_category=Code("85756007", "SCT", "Tissue"),
        annotated_property_type=Code("108369006", "SCT", "Neoplasm"),
        graphic_type=kind,
        graphic_data=shapes,
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm,
        measurements=[area],
        description="all",
        anatomic_regions=[breast],
        primary_anatomic_structures=[breast],
        display_color=library.color.CIELabColor(50.0, 10.0, -10.0),
    )
    return library.ann.MicroscopyBulkSimpleAnnotations(
        source_images=[sources.slide()],
        annotation_coordinate_type=f"{dimension}D",
        annotation_groups=[group],
        series_instance_uid="1.2.826.0.1.2",
        series_number=2,
        sop_instance_uid="1.2.826.0.1.3",
        instance_number=1,
        manufacturer="Acme",
        manufacturer_model_name="Outliner",
        software_versions="1",
        device_serial_number="42",
    )


@pytest.mark.parametrize("dimension", [2, 3])
@pytest.mark.parametrize("kind", ["POINT", "POLYLINE", "POLYGON", "RECTANGLE", "ELLIPSE"])
def test_datasets_of_the_same_call_are_equal(kind, dimension) -> None:
    ours, theirs = (_make(library, kind, dimension).to_json_dict() for library in (hdcore, highdicom))
    for keyword in OWN_WORDS:
        tag = _tag(keyword)
        ours.pop(tag, None)
        theirs.pop(tag, None)
    assert ours == theirs


def _tag(keyword: str) -> str:
    from pydicom.datadict import tag_for_keyword

    return f"{tag_for_keyword(keyword):08X}"


@pytest.mark.parametrize("dimension", [2, 3])
@pytest.mark.parametrize("kind", ["POINT", "POLYLINE", "POLYGON", "RECTANGLE", "ELLIPSE"])
def test_each_reads_what_the_other_wrote(kind, dimension) -> None:
    expected = _shapes(kind, dimension)
    for writer, reader in ((hdcore, highdicom), (highdicom, hdcore)):
        buffer = BytesIO()
        _make(writer, kind, dimension).save_as(buffer, enforce_file_format=True)
        buffer.seek(0)
        group = reader.ann.annread(buffer).get_annotation_group(1)
        for got, given in zip(group.get_graphic_data(f"{dimension}D"), expected, strict=True):
            np.testing.assert_array_equal(got, given)
        names, values, units = group.get_measurements()
        assert (names[0].meaning, units[0].value) == ("Area", "um2")
        assert values.shape == (len(expected), 1)
        assert group.algorithm_identification.name == "x"
