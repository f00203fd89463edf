"""Each attribute of an image in turn, at every depth, is absent or of another kind: its place is told, or why not."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from hdcore import get_volume_from_series, spatial, utils
from hdcore.errors import HdcoreError
from hdcore.testing import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INDICES = np.array([[0, 0], [3, 2]])
IMAGES: dict[str, Callable[[], Dataset]] = {
    "TILED_FULL": lambda: sources.slide(8, 16, tile=(8, 8)),
    "TILED_SPARSE": lambda: sources.slide(8, 16, tile=(8, 8), organization="TILED_SPARSE"),
    "enhanced": lambda: sources.enhanced_ct(3, 5, 4),
    "single": lambda: sources.ct_series(1, 5, 4)[0],
}
OTHERS = (
    None,
    ("LO", None),
    ("LO", "abc"),
    ("OB", b"\xff\xfe\1\2"),
    ("SQ", [Dataset()]),
    ("DS", ["1.5", "2.5"]),
    ("FD", -1.0),
)
"""What takes an element's place: nothing, no value, a text, bytes, an empty item, two numbers, one that is negative."""


def paths_of(dataset: Dataset, before: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    for element in dataset:
        yield (*before, element.tag)
        if element.VR == "SQ" and element.value:
            yield from paths_of(element.value[0], (*before, element.tag, 0))


def changed(dataset: Dataset, path: tuple[object, ...], other: tuple[str, object] | None) -> Dataset:
    result = copy.deepcopy(dataset)
    owner = result
    for tag, index in zip(path[:-1:2], path[1::2], strict=True):
        owner = owner[tag].value[index]
    if other is None:
        del owner[path[-1]]
    else:
        owner[path[-1]] = DataElement(path[-1], *other)
    return result


def questions(dataset: Dataset, whole: Dataset, frame: int | None) -> list[Callable[[], object]]:
    is_tiled = "TotalPixelMatrixRows" in whole
    return [
        lambda: spatial.PixelToReferenceTransformer.for_image(dataset, frame)(INDICES),
        lambda: spatial.ImageToReferenceTransformer.for_image(dataset, for_total_pixel_matrix=is_tiled)(INDICES * 1.0),
        lambda: spatial.PixelToPixelTransformer.for_images(dataset, whole, frame, frame)(INDICES),
        lambda: list(spatial.iter_tiled_full_frame_data(dataset)),
        lambda: spatial.get_image_coordinate_system(dataset),
        lambda: utils.compute_plane_position_slide_per_frame(dataset),
        lambda: spatial.sort_datasets([whole, dataset]),
        lambda: spatial.get_series_volume_positions([whole, dataset], allow_missing_positions=True),
        lambda: get_volume_from_series([whole, dataset]),
    ]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", IMAGES)
def test_where_damaged_images_lie_is_told_or_refused_by_a_typed_error(kind: str) -> None:
    whole = IMAGES[kind]()
    whole.remove_private_tags()
    for tag in [element.tag for element in whole if element.tag.group in (0x10, 0x18, 0x40)]:
        del whole[tag]  # of the patient, the acquisition and the specimen: they say nothing of places
    frame = None if kind == "single" else 2
    told = refused = 0
    for path in paths_of(whole):
        for other in OTHERS:
            for question in questions(changed(whole, path, other), whole, frame):
                try:
                    question()
                    told += 1
                except HdcoreError:
                    refused += 1
    assert told > 100
    assert refused > 100


def test_what_is_no_number_is_named() -> None:
    image = sources.enhanced_ct(3, 5, 4)
    image["NumberOfFrames"] = DataElement("NumberOfFrames", "LO", "abc")
    with pytest.raises(HdcoreError, match="NumberOfFrames is 'abc'; a number was expected"):
        spatial.PixelToReferenceTransformer.for_image(image, 2)
    with pytest.raises(TypeError, match=r"frame_number is '2'; expected an integer"):
        spatial.PixelToReferenceTransformer.for_image(sources.enhanced_ct(3, 5, 4), "2")  # type: ignore[arg-type]
    single = sources.ct_series(1, 5, 4)[0]
    single["ImagePositionPatient"] = DataElement("ImagePositionPatient", "DS", ["1", "2"])
    with pytest.raises(
        HdcoreError, match=r"Image Position \(Patient\) of image 0 .* is \[1, 2\]; 3 numbers were expected"
    ):
        spatial.sort_datasets([single])
    single["ImagePositionPatient"] = DataElement("ImagePositionPatient", "LO", "abc")
    with pytest.raises(HdcoreError, match=r"is 'abc'; 3 numbers were expected"):
        spatial.sort_datasets([single])
