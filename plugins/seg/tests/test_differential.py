"""The same call to highdicom and to hdcore: datasets equal but for what is explained, and each reads the other's."""

from __future__ import annotations

import io
import warnings
from types import SimpleNamespace

import hdcore
import numpy as np
import pydicom
import pytest
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, mr_series, pet_series, slide, us_cine
from pydicom.sr.coding import Code

highdicom = pytest.importorskip("highdicom")

CT = ct_series(4, 16, 16)
LABELS = np.zeros((4, 16, 16), np.uint8)
LABELS[1, 3:6, 3:7], LABELS[2, 8:12, 2:9] = 1, 2
STACK = np.stack([LABELS > 0, LABELS > 1], -1)
MATRIX = np.zeros((50, 70), np.uint8)
MATRIX[3:20, 5:40], MATRIX[30:45, 20:60] = 1, 2
ROTATED = np.array([[0.6, -0.96, 0.0, 5.0], [0.48, 0.768, -0.9, 1.0], [0.36, 0.576, 1.2, -9.0], [0, 0, 0, 1]])
TILED = {"tile_pixel_array": True}
FULL = {**TILED, "dimension_organization_type": "TILED_FULL", "omit_empty_frames": False}
RLE, JPEG_LS = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80"


def call(sources, masks, kind="BINARY", **options):
    return SimpleNamespace(sources=sources, masks=masks, kind=kind, options=options)


def volume(library):
    labels = np.zeros((3, 5, 6), np.uint8)
    labels[0, 1:3], labels[2, 2:4] = 1, 2
    return library.Volume(labels, ROTATED, "PATIENT", frame_of_reference_uid=CT[0].FrameOfReferenceUID)


def elsewhere(library):
    positions = [library.PlanePositionSequence("PATIENT", [1.0, 2.0, 3.0 * plane]) for plane in range(4)]
    return {
        "plane_positions": positions,
        "plane_orientation": library.PlaneOrientationSequence("PATIENT", [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]),
        "pixel_measures": library.PixelMeasuresSequence([2.0, 3.0], 3.0, 3.0),
    }


CALLS = {
    "binary": call(CT, LABELS),
    "all frames": call(CT, LABELS, omit_empty_frames=False),
    "no pixels": call(CT, LABELS * 0),
    "overlap": call(CT, STACK),
    "fractional": call(CT, LABELS, "FRACTIONAL"),
    "shares": call(CT, STACK * 0.4, "FRACTIONAL", fractional_type="OCCUPANCY", max_fractional_value=100),
    "label map": call(CT, LABELS, "LABELMAP"),
    "label map of 16 bits": call(CT, LABELS.astype(np.uint16) * 300, "LABELMAP"),
    "label map, run lengths": call(CT, LABELS, "LABELMAP", transfer_syntax_uid=RLE),
    "fractional, JPEG-LS": call(CT, LABELS, "FRACTIONAL", transfer_syntax_uid=JPEG_LS),
    "extended offsets": call(CT, LABELS, "LABELMAP", transfer_syntax_uid=RLE, use_extended_offset_table=True),
    "reversed": call(CT[::-1], LABELS),
    "shuffled": call([CT[index] for index in (2, 0, 3, 1)], LABELS, "LABELMAP"),
    "one plane": call(CT[:1], np.minimum(LABELS[1] + 1, 2)),
    "oblique": call(ct_series(4, 16, 16, image_orientation=(0.8, 0.6, 0, -0.48, 0.64, 0.6)), LABELS),
    "MR": call(mr_series(4, 16, 16), LABELS),
    "PET": call(pet_series(4, 16, 16), LABELS, "LABELMAP"),
    "multi-frame": call([enhanced_ct(4, 16, 16)], LABELS),
    "multi-frame label map": call([enhanced_ct(4, 16, 16)], LABELS, "LABELMAP"),
    "projection": call([cr_image()], np.eye(48, 40, dtype=np.uint8)),
    "volume": call(CT, volume),
    "volume as label map": call(CT, volume, "LABELMAP"),
    "elsewhere": call(CT, LABELS, where=elsewhere),
    "further sources": call(CT, LABELS, further_source_images=mr_series(2, 16, 16)),
    "tiles": call([slide()], MATRIX, **TILED),
    "tiles of another size": call([slide()], MATRIX, tile_size=(20, 24), **TILED),
    "tiles of shares": call([slide()], MATRIX, "FRACTIONAL", **TILED),
    "tiles of labels": call([slide()], MATRIX, "LABELMAP", **TILED),
    "all tiles": call([slide()], MATRIX, **FULL),
    "all tiles of labels": call([slide()], MATRIX, "LABELMAP", **FULL),
    "tiles one by one": call([slide(organization="TILED_SPARSE")], np.ones((20, 16, 16), np.uint8)),
    "level of a pyramid": call([slide()], MATRIX, pyramid_uid="1.2.3", pyramid_label="p", **TILED),
    "creator": call(CT, LABELS, content_creator_name="Doe^Jane", content_label="LAB", content_description="d"),
}
for image in CALLS["further sources"].options["further_source_images"]:
    image.StudyInstanceUID, image.PatientID = CT[0].StudyInstanceUID, CT[0].PatientID

ON_OWN_GRID = ("elsewhere", "volume", "volume as label map")
COMBINED_ONLY = ("label map of 16 bits",)
"""Of which highdicom 0.28.2 reads single segments, and those that are numbered anew, wrongly."""
EQUIPMENT = "ContributingEquipmentSequence"
EXPLAINED = {
    "InstanceCreationDate": "now",
    "InstanceCreationTime": "now",
    "ContentDate": "now",
    "ContentTime": "now",
    "DimensionOrganizationSequence/DimensionOrganizationUID": "a new UID",
    "DimensionIndexSequence/DimensionOrganizationUID": "the same new UID",
    f"{EQUIPMENT}/Manufacturer": "names the library",
    f"{EQUIPMENT}/ManufacturerModelName": "names the library",
    f"{EQUIPMENT}/SoftwareVersions": "names the library",
    f"{EQUIPMENT}/ContributionDescription": "is the library's own words",
    f"{EQUIPMENT}/ContributionDateTime": "now; or when the scanner made the source (PS3.3 C.12.1), which hdcore adds",
    "BodyPartExamined": "what the source shows, the segmentation shows (PS3.3 C.7.3.1)",
    "ContentCreatorName": "type 2, so present though empty (PS3.3 10.9)",
    "PatientOrientation": "type 2C, required of images without Image Orientation (PS3.3 C.7.6.1)",
    "DimensionOrganizationType": "3D wherever planes are a regular stack, however many frames each has",
    "DimensionIndexSequence": "a projection has a second dimension beside the segment, the frame",
    "PerFrameFunctionalGroupsSequence/FrameContentSequence/DimensionIndexValues": "that dimension's index",
    "PerFrameFunctionalGroupsSequence/FrameContentSequence/FrameLabel": "that dimension's attribute",
    "PerFrameFunctionalGroupsSequence/DerivationImageSequence": (
        "tiles that lie on those of the source name its frames (PS3.3 C.7.6.16.2.6), which highdicom does for no tile"
    ),
    "PerFrameFunctionalGroupsSequence": (
        "frames of TILED_FULL with several segments say which they show, since their order does not (PS3.3 C.7.6.17.3)"
    ),
    "SegmentsOverlap": "YES is known of shares too; UNDEFINED is for what has not been looked at (PS3.3 C.8.20.2.3)",
    "SharedFunctionalGroupsSequence/PixelMeasuresSequence/SpacingBetweenSlices": (
        "of one plane there is no spacing; type 3, and highdicom writes 1"
    ),
}
ONLY_IN = {
    "PatientOrientation": {"projection"},
    "DimensionIndexSequence": {"projection"},
    "PerFrameFunctionalGroupsSequence/FrameContentSequence/DimensionIndexValues": {"projection"},
    "PerFrameFunctionalGroupsSequence/FrameContentSequence/FrameLabel": {"projection"},
    "PerFrameFunctionalGroupsSequence/DerivationImageSequence": {
        "tiles",
        "tiles of shares",
        "tiles of labels",
        "level of a pyramid",
    },
    "PerFrameFunctionalGroupsSequence": {"all tiles"},
    "SegmentsOverlap": {"shares"},
    "SharedFunctionalGroupsSequence/PixelMeasuresSequence/SpacingBetweenSlices": {"one plane"},
}
"""Calls of which an explanation is true, where it is not true of all."""


def build(library, call):
    organ, liver = Code("91772007", "SCT", "Organ"), Code("10200004", "SCT", "Liver")
    masks = call.masks(library) if callable(call.masks) else call.masks
    values = getattr(masks, "array", masks)
    numbers = (1,) if values.max() == 1 and values.ndim < 4 else (1, 2)
    numbers = (300, 600) if values.max() > 2 else numbers
    described = [
        library.seg.SegmentDescription(
            number, f"Segment {number}", organ, liver, "MANUAL", tracking_uid=f"1.2.{number}", tracking_id=f"t{number}"
        )
        for number in numbers
    ]
    options = dict(call.options)
    options |= options.pop("where")(library) if "where" in options else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return library.seg.Segmentation(
            call.sources, masks, call.kind, described, "1.2.3", 2, "1.2.3.4", 1, "m", "mm", "1", "sn", **options
        )


def saved(segmentation):
    file = io.BytesIO()
    segmentation.save_as(file)
    return file.getvalue()


def differences(mine, theirs, place=""):
    """Yield the path of each attribute, at any depth, in which two datasets differ, or which one of them lacks."""
    for tag in sorted({element.tag for dataset in (mine, theirs) for element in dataset}):
        one, other = mine.get(tag), theirs.get(tag)
        path = place + (one if one is not None else other).keyword
        if one is None or other is None:
            yield path
        elif one.VR != "SQ":
            if one.value != other.value:
                yield path
        elif len(one.value) != len(other.value):
            yield path
        else:
            for items in zip(one.value, other.value, strict=True):
                yield from differences(*items, f"{path}/")


@pytest.fixture(scope="module")
def made():
    return {name: (saved(build(hdcore, each)), saved(build(highdicom, each))) for name, each in CALLS.items()}


@pytest.mark.parametrize("name", CALLS)
def test_attributes_are_equal_at_every_depth_but_for_those_explained(made, name):
    mine, theirs = (pydicom.dcmread(io.BytesIO(file)) for file in made[name])
    explained = {path for path in EXPLAINED if name in ONLY_IN.get(path, CALLS)}
    assert sorted(set(differences(mine, theirs)) - explained) == []


def test_nothing_is_explained_that_does_not_differ(made):
    found = {
        path for files in made.values() for path in differences(*(pydicom.dcmread(io.BytesIO(file)) for file in files))
    }
    assert sorted(set(EXPLAINED) - found - {"InstanceCreationDate", "ContentDate"}) == []


@pytest.mark.parametrize("name", CALLS)
def test_frames_are_the_same_and_in_the_same_order(made, name):
    mine, theirs = (hdcore.seg.segread(file) for file in made[name])
    np.testing.assert_array_equal(mine.get_stored_frames(), theirs.get_stored_frames())
    for column in ("segment_number", "image_position", "row_position", "column_position"):
        if column in theirs.frame_table:
            np.testing.assert_allclose(mine.frame_table[column], theirs.frame_table[column], err_msg=column)
    assert mine.segment_numbers == theirs.segment_numbers


@pytest.mark.parametrize("name", CALLS)
def test_each_reads_what_the_other_writes(made, name):
    read = [
        pixels(segmentation, combine_segments=name in COMBINED_ONLY)
        for file in made[name]
        for segmentation in (highdicom.seg.Segmentation.from_dataset(_dataset(file)), hdcore.seg.segread(file))
    ]
    for other in read[1:]:
        np.testing.assert_array_equal(read[0], other)


@pytest.mark.parametrize("name", [name for name in CALLS if len(CALLS[name].sources) > 1 and name not in ON_OWN_GRID])
def test_both_give_the_same_by_source(made, name):
    uids = [image.SOPInstanceUID for image in CALLS[name].sources]
    requests = [] if name in COMBINED_ONLY else [{}, {"segment_numbers": [1]}]
    if name != "shares":  # which cannot be combined
        requests += [{"combine_segments": True, "skip_overlap_checks": True}]
    if name not in ("shares", *COMBINED_ONLY):
        requests += [{"combine_segments": True, "skip_overlap_checks": True, "relabel": True}]
    for file in made[name]:
        theirs, mine = highdicom.seg.Segmentation.from_dataset(_dataset(file)), hdcore.seg.segread(file)
        for request in requests:
            results = [
                segmentation.get_pixels_by_source_instance(uids, assert_missing_frames_are_empty=True, **request)
                for segmentation in (theirs, mine)
            ]
            np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("name", ["multi-frame", "multi-frame label map", "tiles", "tiles of labels", "binary"])
def test_both_give_the_same_by_dimension_indices_and_source_frame_and_region(made, name):
    for file in made[name]:
        both = highdicom.seg.Segmentation.from_dataset(_dataset(file)), hdcore.seg.segread(file)
        pointers, mine = (segmentation.get_default_dimension_index_pointers() for segmentation in both)
        assert pointers == mine
        indices = both[1].frame_table["dimension_index_values"][:3, -len(pointers) :].tolist()
        requests = [("get_pixels_by_dimension_index_values", (indices, pointers))]
        if name.startswith("multi-frame"):
            requests.append(("get_pixels_by_source_frame", (CALLS[name].sources[0].SOPInstanceUID, [3, 1])))
        for method, arguments in requests:
            np.testing.assert_array_equal(
                *(getattr(one, method)(*arguments, assert_missing_frames_are_empty=True) for one in both)
            )
        if name.startswith("tiles"):
            np.testing.assert_array_equal(*(one.get_total_pixel_matrix(5, 30, 3, -9) for one in both))


@pytest.mark.parametrize("name", ["binary", "label map", "tiles"])
@pytest.mark.parametrize(
    "query",
    [
        {"segment_label": "Segment 2"},
        {"segmented_property_type": Code("10200004", "SCT", "Liver")},
        {"segmented_property_category": Code("10200004", "SCT", "Liver")},
        {"algorithm_type": "MANUAL"},
        {"tracking_id": "t2"},
        {"tracking_uid": "1.2.1", "segment_label": "Segment 2"},
    ],
)
def test_both_find_the_same_segments(made, name, query):
    for file in made[name]:
        both = highdicom.seg.Segmentation.from_dataset(_dataset(file)), hdcore.seg.segread(file)
        theirs, mine = (one.get_segment_numbers(**query) for one in both)
        assert theirs == mine
        theirs, mine = (sorted(one.get_tracking_ids()) for one in both)
        assert theirs == mine


def test_both_make_the_same_pyramid():
    read = []
    for library in (highdicom, hdcore):
        described = [
            library.seg.SegmentDescription(
                number, "x", Code("91772007", "SCT", "Organ"), Code("10200004", "SCT", "Liver"), "MANUAL"
            )
            for number in (1, 2)
        ]
        levels = library.seg.create_segmentation_pyramid(
            [slide()], [MATRIX], "BINARY", described, None, 2, "m", "mm", "1", "1", downsample_factors=[2.0]
        )
        read.append([hdcore.seg.segread(saved(level)) for level in levels])
    for theirs, mine in zip(*read, strict=True):
        np.testing.assert_array_equal(theirs.get_total_pixel_matrix(), mine.get_total_pixel_matrix())
        shared = [one.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0] for one in (theirs, mine)]
        assert shared[0].PixelSpacing == shared[1].PixelSpacing


def test_segments_above_255_are_told_apart_by_hdcore_only(made):
    uids = [image.SOPInstanceUID for image in CT]
    for file in made["label map of 16 bits"]:
        theirs, mine = highdicom.seg.Segmentation.from_dataset(_dataset(file)), hdcore.seg.segread(file)
        options = {"assert_missing_frames_are_empty": True, "segment_numbers": [600]}
        read = [segmentation.get_pixels_by_source_instance(uids, **options)[..., 0] for segmentation in (theirs, mine)]
        assert not np.array_equal(read[0], LABELS == 2)
        np.testing.assert_array_equal(read[1], LABELS == 2)


def test_a_cine_loop_is_segmented_by_hdcore_only():
    loop = call([us_cine()], np.ones((5, 24, 32), np.uint8))
    with pytest.raises(ValueError, match="single frame"):
        build(highdicom, loop)
    assert build(hdcore, loop).number_of_frames == 5


def _dataset(file):
    return pydicom.dcmread(io.BytesIO(file))


def pixels(segmentation, **options):
    if "TotalPixelMatrixRows" in segmentation:
        return segmentation.get_total_pixel_matrix(**options)
    if segmentation.get_volume_geometry() is None:
        uids = [uid for _, _, uid in segmentation.get_source_image_uids()]
        return segmentation.get_pixels_by_source_instance(uids, **options)
    return segmentation.get_volume(**options).array
