"""What the tests of bulk annotations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hdcore.testing import sources
from hdcore.uid import UID
from pydicom.sr.coding import Code

from hdcore_ann import AnnotationGroup, MicroscopyBulkSimpleAnnotations

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataset import Dataset

TISSUE = Code("85756007", "SCT", "Tissue")
NEOPLASM = Code("108369006", "SCT", "Neoplasm")


@pytest.fixture(scope="session")
def slide() -> Dataset:
    return sources.slide()


@pytest.fixture
def triangles() -> list[np.ndarray]:
    triangle = np.array([[0, 0], [10, 0], [10, 10]], np.float32)
    return [triangle, triangle + 2, np.concatenate([triangle + 5, [[5, 15]]]).astype(np.float32)]


@pytest.fixture
def group() -> Callable[..., AnnotationGroup]:
    def make(graphic_type: str, graphic_data: Any, number: int = 1, **options: Any) -> AnnotationGroup:
        options = {"algorithm_type": "MANUAL", "label": "cells", "uid": UID(), **options}
        return AnnotationGroup(
            number=number,
            annotated_property_category=TISSUE,
            annotated_property_type=NEOPLASM,
            graphic_type=graphic_type,
            graphic_data=graphic_data,
            **options,
        )

    return make


@pytest.fixture
def instance(slide: Dataset) -> Callable[..., MicroscopyBulkSimpleAnnotations]:
    def make(groups: list[AnnotationGroup], coordinates: str = "2D", **options: Any) -> MicroscopyBulkSimpleAnnotations:
        options = {"source_images": [slide], **options}
        return MicroscopyBulkSimpleAnnotations(
            annotation_coordinate_type=coordinates,
            annotation_groups=groups,
            series_instance_uid=UID(),
            series_number=7,
            sop_instance_uid=UID(),
            instance_number=1,
            manufacturer="Acme",
            manufacturer_model_name="Outliner",
            software_versions="1",
            device_serial_number="42",
            **options,
        )

    return make
