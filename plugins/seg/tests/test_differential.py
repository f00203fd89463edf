"""The same call to highdicom and to hdcore: equal datasets but for what is listed, and each reads the other's file."""

from __future__ import annotations

import io
from types import SimpleNamespace

import hdcore
import numpy as np
import pydicom
import pytest
from hdcore.testing.sources import ct_series, enhanced_ct, slide
from pydicom.sr.coding import Code

highdicom = pytest.importorskip("highdicom")

CT = ct_series(4, 16, 16)
LABELS = np.zeros((4, 16, 16), np.uint8)
LABELS[1, 3:6, 3:7], LABELS[2, 8:12, 2:9] = 1, 2
MATRIX = np.zeros((50, 70), np.uint8)
MATRIX[3:20, 5:40], MATRIX[30:45, 20:60] = 1, 2
CALLS = {
    "binary": SimpleNamespace(sources=CT, masks=LABELS, kind="BINARY", options={}),
    "all frames": SimpleNamespace(sources=CT, masks=LABELS, kind="BINARY", options={"omit_empty_frames": False}),
    "overlap": SimpleNamespace(sources=CT, masks=np.stack([LABELS > 0, LABELS > 1], -1), kind="BINARY", options={}),
    "fractional": SimpleNamespace(sources=CT, masks=LABELS, kind="FRACTIONAL", options={}),
    "label map": SimpleNamespace(sources=CT, masks=LABELS, kind="LABELMAP", options={}),
    "reversed": SimpleNamespace(sources=CT[::-1], masks=LABELS, kind="BINARY", options={}),
    "multi-frame": SimpleNamespace(sources=[enhanced_ct(4, 16, 16)], masks=LABELS, kind="BINARY", options={}),
    "tiles": SimpleNamespace(sources=[slide()], masks=MATRIX, kind="BINARY", options={"tile_pixel_array": True}),
}
OF_THE_LIBRARY = {
    "SpecificCharacterSet": "hdcore writes UTF-8",
    "ContributingEquipmentSequence": "names the library",
    "DimensionOrganizationSequence": "has a new UID",
    "InstanceCreationDate": "now",
    "InstanceCreationTime": "now",
    "ContentDate": "now",
    "ContentTime": "now",
    "BodyPartExamined": "copied by hdcore only",
    "Laterality": "copied by hdcore only",
    "ContentCreatorName": "type 2, so present though empty (PS3.3 10.9)",
    "DimensionOrganizationType": "hdcore finds out that planes are a regular volume more often",
    "TotalPixelMatrixFocalPlanes": "type 1C of tiled images (PS3.3 C.8.12.14)",
    "TotalPixelMatrixOriginSequence": "highdicom leaves out nothing that hdcore writes; offsets are DS texts",
    "DimensionIndexSequence": "refers to the organization's new UID",
    "PixelData": "compared after decoding; highdicom pads with the character 0",
    "SegmentSequence": "compared by the queries",
    "SharedFunctionalGroupsSequence": "what all frames share may be per frame; compared as the frame table",
    "PerFrameFunctionalGroupsSequence": "compared as the frame table",
}


def build(library, call):
    organ, liver = Code("91772007", "SCT", "Organ"), Code("10200004", "SCT", "Liver")
    described = [
        library.seg.SegmentDescription(number, f"Segment {number}", organ, liver, "MANUAL") for number in (1, 2)
    ]
    return library.seg.Segmentation(
        call.sources, call.masks, call.kind, described, "1.2.3", 2, "1.2.3.4", 1, "m", "mm", "1", "sn", **call.options
    )


def saved(segmentation):
    file = io.BytesIO()
    segmentation.save_as(file)
    return file.getvalue()


@pytest.fixture(params=CALLS)
def pair(request):
    call = CALLS[request.param]
    return call, saved(build(hdcore, call)), saved(build(highdicom, call))


def test_attributes_are_equal_but_for_those_explained(pair):
    _, mine, theirs = (pair[0], *map(pydicom.dcmread, map(io.BytesIO, pair[1:])))
    keywords = {element.keyword for dataset in (mine, theirs) for element in dataset} - set(OF_THE_LIBRARY)
    differing = {
        keyword: (mine.get(keyword), theirs.get(keyword))
        for keyword in keywords
        if (mine.get(keyword) or None) != (theirs.get(keyword) or None)
    }
    assert differing == {}


def test_frames_are_the_same_and_in_the_same_order(pair):
    mine, theirs = (hdcore.seg.segread(file) for file in pair[1:])
    np.testing.assert_array_equal(mine.get_stored_frames(), theirs.get_stored_frames())
    for column in ("segment_number", "image_position", "row_position", "column_position", "dimension_index_values"):
        if column in theirs.frame_table:
            np.testing.assert_allclose(mine.frame_table[column], theirs.frame_table[column], err_msg=column)
    assert mine.segment_numbers == theirs.segment_numbers


def test_highdicom_reads_what_hdcore_writes(pair):
    call, mine, _ = pair
    theirs = highdicom.seg.Segmentation.from_dataset(pydicom.dcmread(io.BytesIO(mine)))
    ours = hdcore.seg.segread(mine)
    if call.options.get("tile_pixel_array"):
        read = [segmentation.get_total_pixel_matrix() for segmentation in (theirs, ours)]
    else:
        read = [segmentation.get_volume().array for segmentation in (theirs, ours)]
    np.testing.assert_array_equal(*read)
