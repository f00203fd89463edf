"""Segmentations from every kind of source and mask, written and read back."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pydicom
import pytest
from hdcore.content import CodedConcept
from hdcore.errors import GeometryError, HdcoreWarning, NotPresentError, UnreadableError
from hdcore.frames.series import get_volume_from_series
from hdcore.model.plane import PixelMeasuresSequence, PlanePositionSequence
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.spatial.volume import Volume
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, slide, us_cine
from hdcore.uid import UID

from hdcore_seg import Segmentation, SegmentDescription, create_segmentation_pyramid, segread

TILED_FULL = {"dimension_organization_type": "TILED_FULL"}
CT = ct_series(5, 15, 13)
UIDS = [image.SOPInstanceUID for image in CT]
RANDOM = np.random.default_rng(0)
LABELS = RANDOM.integers(0, 4, (5, 15, 13), np.uint8) * (np.arange(5) != 3)[:, None, None].astype(np.uint8)
NUMBERS = (1, 2, 3)
RLE, DEFLATED, JPEG_LS = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.4.80"
JPEG_2000_LOSSLESS, JPEG_2000 = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"


def describe(number):
    return SegmentDescription(
        number,
        f"Segment {number}",
        CodedConcept("91772007", "SCT", "Organ"),
        CodedConcept("10200004", "SCT", "Liver"),
        "MANUAL",
        tracking_uid=UID(),
        tracking_id=f"t{number}",
    )


def make(sources, masks, kind="BINARY", numbers=(1, 2), **options):
    identity = {
        "series_instance_uid": UID(),
        "series_number": 2,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "manufacturer": "Maker",
        "manufacturer_model_name": "Model",
        "software_versions": "1",
        "device_serial_number": "1",
    }
    return Segmentation(sources, masks, kind, [describe(number) for number in numbers], **identity, **options)


def again(segmentation):
    file = io.BytesIO()
    segmentation.save_as(file)
    return segread(file.getvalue())


def by_source(segmentation, **options):
    return again(segmentation).get_pixels_by_source_instance(UIDS, combine_segments=True, **options)


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
@pytest.mark.parametrize("omit", [True, False])
def test_a_label_map_comes_back_by_source_image(kind, omit):
    segmentation = make(CT, LABELS, kind, NUMBERS, omit_empty_frames=omit)
    np.testing.assert_array_equal(by_source(segmentation), LABELS)
    frames = {"LABELMAP": 1}.get(kind, 3) * (4 if omit else 5)
    assert segmentation.number_of_frames == frames


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_sources_may_be_in_any_order(order):
    segmentation = make([CT[index] for index in order], LABELS[order], "BINARY", NUMBERS)
    np.testing.assert_array_equal(by_source(segmentation), LABELS)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", RLE, DEFLATED])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
@pytest.mark.parametrize("extended", [True, False])
def test_frames_come_back_under_every_transfer_syntax(syntax, kind, extended):
    segmentation = make(CT, LABELS, kind, NUMBERS, transfer_syntax_uid=syntax, use_extended_offset_table=extended)
    np.testing.assert_array_equal(by_source(segmentation), LABELS)
    assert ("ExtendedOffsetTable" in segmentation) == (extended and syntax in (RLE, DEFLATED))


@pytest.mark.parametrize("syntax", [JPEG_LS, JPEG_2000_LOSSLESS])
@pytest.mark.parametrize("factor", [1, 300])
@pytest.mark.parametrize("extended", [True, False])
def test_bytes_and_words_come_back_under_lossless_compression_of_images(syntax, factor, extended):
    numbers = [number * factor for number in NUMBERS]
    options = {"transfer_syntax_uid": syntax, "use_extended_offset_table": extended}
    label_map = make(CT, LABELS.astype(np.uint16) * factor, "LABELMAP", numbers, **options)
    np.testing.assert_array_equal(by_source(label_map), LABELS.astype(np.uint16) * factor)
    fractional = make(CT, LABELS, "FRACTIONAL", NUMBERS, **options)
    np.testing.assert_array_equal(by_source(fractional), LABELS)


@pytest.mark.parametrize("size", [(33, 35), (64, 32)])
def test_single_bits_come_back_as_jpeg_2000(size):
    pytest.importorskip("openjpeg", reason="Pillow encodes JPEG 2000 of unsigned, full 8 or 16 bits only")
    images = ct_series(2, *size)
    masks = RANDOM.integers(0, 2, (2, *size), np.uint8)
    read = again(make(images, masks, "BINARY", (1,), transfer_syntax_uid=JPEG_2000_LOSSLESS))
    assert (read.BitsAllocated, read.file_meta.TransferSyntaxUID) == (1, JPEG_2000_LOSSLESS)
    uids = [image.SOPInstanceUID for image in images]
    np.testing.assert_array_equal(read.get_pixels_by_source_instance(uids)[..., 0], masks)


def test_a_transfer_syntax_that_cannot_hold_single_bits_is_refused():
    with pytest.raises(ValueError, match="Bits Allocated 1"):
        make(CT, LABELS, "BINARY", NUMBERS, transfer_syntax_uid=JPEG_LS)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.50", JPEG_2000, "1.2.840.10008.1.2.4.81"])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_lossy_compression_is_refused(kind, syntax):
    with pytest.raises(ValueError, match=rf"transfer_syntax_uid is {syntax}, which is for lossy compression"):
        make(CT, LABELS, kind, NUMBERS, transfer_syntax_uid=syntax)
    with pytest.raises(ValueError, match="lossy compression"):
        make(CT, LABELS, kind, NUMBERS).convert("LABELMAP", transfer_syntax_uid=syntax)


@pytest.mark.parametrize("syntax", [DEFLATED, RLE, JPEG_LS, JPEG_2000_LOSSLESS, "1.2.840.10008.1.2.1"])
def test_workers_give_the_same_bytes(tmp_path, syntax):
    def made(**options):
        return make(CT, LABELS, "LABELMAP", NUMBERS, transfer_syntax_uid=syntax, **options)

    expected = made().PixelData
    for workers in (2, -1):
        assert made(workers=workers).PixelData == expected
        made(workers=workers, output=tmp_path / "image.dcm")
        assert segread(tmp_path / "image.dcm").PixelData == expected


def test_shares_come_back_in_steps_of_the_maximum():
    shares = RANDOM.random((5, 15, 13), np.float32)
    segmentation = again(make(CT, shares, "FRACTIONAL", (1,), max_fractional_value=200))
    read = segmentation.get_pixels_by_source_instance(UIDS)[..., 0]
    np.testing.assert_allclose(read, shares, atol=0.5 / 200 + 1e-6)
    raw = segmentation.get_pixels_by_source_instance(UIDS, rescale_fractional=False)
    assert raw.dtype == np.uint8
    assert raw.max() <= 200


def test_overlapping_segments_are_declared_and_cannot_be_combined():
    masks = np.stack([LABELS > 0, LABELS > 1], axis=-1)
    segmentation = again(make(CT, masks))
    assert segmentation.SegmentsOverlap == "YES"
    np.testing.assert_array_equal(segmentation.get_pixels_by_source_instance(UIDS), masks)
    with pytest.raises(RuntimeError, match="overlap"):
        segmentation.get_pixels_by_source_instance(UIDS, combine_segments=True)
    greatest = segmentation.get_pixels_by_source_instance(UIDS, combine_segments=True, skip_overlap_checks=True)
    np.testing.assert_array_equal(greatest, np.minimum(LABELS, 2))


def test_segments_without_pixels_are_kept():
    segmentation = again(make(CT, np.where(LABELS == 2, 0, LABELS), "BINARY", NUMBERS))
    assert segmentation.segment_numbers == [1, 2, 3]
    assert not segmentation.get_pixels_by_source_instance(UIDS, segment_numbers=[2]).any()


def test_masks_without_any_pixel_are_stored_with_a_warning():
    with pytest.warns(HdcoreWarning, match="no pixel in any segment"):
        segmentation = make(CT, LABELS * 0, "BINARY", NUMBERS)
    assert segmentation.number_of_frames == 15


def test_segments_are_chosen_and_numbered_anew():
    segmentation = again(make(CT, LABELS, "BINARY", NUMBERS))
    chosen = segmentation.get_pixels_by_source_instance(
        UIDS, segment_numbers=[3, 1], combine_segments=True, relabel=True
    )
    np.testing.assert_array_equal(chosen, np.array([0, 2, 0, 1])[LABELS])
    label_map = again(make(CT, LABELS, "LABELMAP", NUMBERS))
    only = label_map.get_pixels_by_source_instance(UIDS, segment_numbers=[3], combine_segments=True)
    np.testing.assert_array_equal(only, np.where(LABELS == 3, 3, 0))


def test_a_volume_comes_back_where_it_was():
    volume = get_volume_from_series(CT)
    masks = volume.with_array((volume.array > 0).astype(np.uint8))
    for given in (masks, masks.permute_spatial_axes([2, 0, 1]).flip_spatial(1)):
        read = again(make(CT, given, "BINARY", (1,))).get_volume(combine_segments=True)
        np.testing.assert_array_equal(read.match_geometry(volume).array, masks.array)


def test_frames_of_a_volume_refer_to_the_source_planes_on_which_they_lie():
    volume = get_volume_from_series(CT)
    segmentation = make(CT, volume.with_array(np.ones(volume.shape, np.uint8)), "BINARY", (1,))
    uids = segmentation.frame_table.related("derivations", "sources")[1]["sop_instance_uid"].values
    positions = [list(image.ImagePositionPatient) for image in CT]
    for uid, position in zip(uids, segmentation.frame_table["image_position"], strict=True):
        np.testing.assert_allclose(positions[UIDS.index(uid)], position)


def test_planes_may_lie_anywhere():
    positions = [PlanePositionSequence("PATIENT", [0.0, 0.0, 7.0 * index]) for index in range(2)]
    measures = PixelMeasuresSequence([2.0, 2.0], 7.0)
    segmentation = make(
        CT, np.ones((2, 3, 4), bool), "BINARY", (1,), plane_positions=positions, pixel_measures=measures
    )
    assert again(segmentation).get_volume().spacing == (7.0, 2.0, 2.0)


def test_a_multi_frame_source_is_referred_to_by_frame():
    image = enhanced_ct(5, 15, 13)
    segmentation = again(make([image], LABELS, "BINARY", NUMBERS))
    read = segmentation.get_pixels_by_source_frame(image.SOPInstanceUID, [5, 1, 2], combine_segments=True)
    np.testing.assert_array_equal(read, LABELS[[4, 0, 1]])
    with pytest.raises(NotPresentError, match=r"does not mention the source instances 1\.2\.9; pass assert_missing"):
        segmentation.get_pixels_by_source_frame("1.2.9", [1])
    empty = segmentation.get_pixels_by_source_frame("1.2.9", [1, 4], assert_missing_frames_are_empty=True)
    assert empty.shape == (2, 15, 13, len(NUMBERS))
    assert not empty.any()


def test_images_without_a_frame_of_reference_are_segmented():
    projection = again(make([cr_image()], np.eye(48, 40, dtype=bool), "BINARY", (1,)))
    assert "PatientOrientation" in projection
    cine = us_cine()
    masks = np.zeros((5, 24, 32), bool)
    masks[[1, 3], 4:6] = True
    segmentation = again(make([cine], masks, "BINARY", (1,)))
    np.testing.assert_array_equal(segmentation.get_pixels_by_dimension_index_values([[4], [2]])[..., 0], masks[[3, 1]])


def test_the_caller_chooses_dimensions():
    masks = np.ones((5, 24, 32), bool)
    chosen = {"StackID": ["a", "a", "b", "b", "b"], "InStackPositionNumber": [1, 2, 1, 2, 3]}
    segmentation = again(make([us_cine()], masks, "BINARY", (1,), dimensions=chosen))
    assert segmentation.get_pixels_by_dimension_index_values([[2, 3]]).shape == (1, 24, 32, 1)
    with pytest.raises(ValueError, match="same place in all dimensions"):
        make([us_cine()], masks, "BINARY", (1,), dimensions={"StackID": ["a", "a", "b", "b", "b"]})
    with pytest.raises(ValueError, match="no attribute of a functional group"):
        make([us_cine()], masks, "BINARY", (1,), dimensions=["Rows"])


@pytest.mark.parametrize("source", ["TILED_FULL", "TILED_SPARSE"])
@pytest.mark.parametrize("options", [{}, TILED_FULL, {"tile_size": (20, 24)}])
@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_a_total_pixel_matrix_comes_back(source, options, kind):
    matrix = RANDOM.integers(0, 3, (50, 70), np.uint8)
    matrix[:20] = 0
    segmentation = again(make([slide(organization=source)], matrix, kind, tile_pixel_array=True, **options))
    np.testing.assert_array_equal(segmentation.get_total_pixel_matrix(combine_segments=True), matrix)
    region = segmentation.get_total_pixel_matrix(11, 41, 5, -3)
    np.testing.assert_array_equal(region[..., 1], (matrix == 2)[10:40, 4:67])


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
@pytest.mark.parametrize("full", [False, True])
def test_a_total_pixel_matrix_is_a_volume_of_one_slice(kind, full):
    matrix = np.zeros((50, 70), np.uint8)
    matrix[:20, :5], matrix[30:45, 60:] = 1, 2
    options = {"dimension_organization_type": "TILED_FULL", "omit_empty_frames": False} if full else {}
    made = again(make([slide()], matrix, kind, tile_pixel_array=True, **options))
    volume = made.get_volume(combine_segments=True)
    np.testing.assert_array_equal(volume.array, matrix[np.newaxis])
    assert volume.geometry_equal(made.get_volume_geometry())
    part = made.get_volume(row_start=31, column_start=-10, segment_numbers=[2])
    np.testing.assert_array_equal(part.array, (matrix == 2)[np.newaxis, 30:, 60:, np.newaxis])
    assert part.get_channel_values("ReferencedSegmentNumber") == [2]
    if not full:
        with pytest.raises(GeometryError, match="Tiles are missing"):
            made.get_volume(allow_missing_positions=False)


def test_a_pyramid_is_made_of_one_matrix():
    matrix = RANDOM.integers(0, 3, (50, 70), np.uint8)
    levels = create_segmentation_pyramid(
        [slide()], [matrix], "BINARY", [describe(1), describe(2)], None, 2, "m", "mm", "1", "1", downsample_factors=[2]
    )
    assert [level.get_total_pixel_matrix(combine_segments=True).shape for level in levels] == [(50, 70), (25, 35)]
    assert len({level.PyramidUID for level in levels}) == 1


@pytest.mark.parametrize("first", ["BINARY", "FRACTIONAL", "LABELMAP"])
@pytest.mark.parametrize("second", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_types_are_converted_into_each_other(first, second):
    converted = make(CT, LABELS, first, NUMBERS).convert(second)
    assert converted.segmentation_type.value == second
    np.testing.assert_array_equal(by_source(converted), LABELS)


@pytest.mark.parametrize("threshold", [0, 1.5, float("nan")])
def test_a_threshold_outside_the_shares_is_refused(threshold):
    with pytest.raises(ValueError, match="expected a share above 0, up to 1"):
        make(CT, LABELS, "FRACTIONAL", NUMBERS).convert("BINARY", threshold=threshold)


def test_a_failure_on_the_way_leaves_no_file(tmp_path):
    def failing():
        yield LABELS[0]
        raise OSError("the model failed")

    with pytest.raises(OSError, match="the model failed"):
        make(CT, failing(), "BINARY", NUMBERS, output=tmp_path / "seg.dcm")
    with pytest.raises(ValueError, match="more than one segment"):
        make(CT, OVERLAPPING, "LABELMAP", NUMBERS, output=tmp_path / "seg.dcm")
    assert list(tmp_path.iterdir()) == []


def test_shares_are_converted_by_a_threshold():
    shares = RANDOM.random((5, 15, 13))
    converted = make(CT, shares, "FRACTIONAL", (1,)).convert("LABELMAP", threshold=0.75)
    np.testing.assert_array_equal(by_source(converted), np.rint(shares * 255) >= 0.75 * 255)


@pytest.mark.parametrize("options", [{}, TILED_FULL])
def test_tiles_are_converted(options):
    matrix = RANDOM.integers(0, 3, (50, 70), np.uint8)
    converted = make([slide()], matrix, tile_pixel_array=True, **options).convert("LABELMAP")
    np.testing.assert_array_equal(again(converted).get_total_pixel_matrix(combine_segments=True), matrix)


def mask_with_affine(axes, flips):
    volume = get_volume_from_series(CT)
    labels = RANDOM.integers(0, 3, volume.spatial_shape, np.uint8)
    turned = volume.with_array(labels).permute_spatial_axes(axes).flip_spatial(flips)
    return volume, labels, turned.array, np.diag([-1, -1, 1, 1]) @ turned.affine


@pytest.mark.parametrize("axes", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
@pytest.mark.parametrize("flips", [[], [0], [1, 2]])
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_a_mask_with_an_affine_falls_on_the_source_whatever_its_axes(axes, flips, dtype):
    volume, labels, array, affine = mask_with_affine(axes, flips)
    affine = affine.astype(np.float32)
    segmentation = Segmentation.from_mask(array.astype(dtype), CT, [describe(1), describe(2)], affine=affine)
    read = again(segmentation).get_volume(combine_segments=True).match_geometry(volume)
    np.testing.assert_array_equal(read.array, labels)
    assert (segmentation.frame_table["derivations"].counts == 1).all()


def test_a_mask_on_another_grid_keeps_its_own():
    volume, _, _, _ = mask_with_affine([0, 1, 2], [])
    affine = np.diag([1.0, 1.0, 1.0, 1.0])
    affine[:3, 3] = volume.position
    segmentation = Segmentation.from_mask(
        np.ones((4, 4, 4), np.uint8), CT, [describe(1)], affine=affine, affine_convention="LPS"
    )
    assert again(segmentation).get_volume().spacing == (1.0, 1.0, 1.0)
    assert (segmentation.frame_table["derivations"].counts == 0).all()


def test_nifti_goes_in_and_out(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    volume, labels, array, affine = mask_with_affine([2, 1, 0], [0])
    nibabel.save(nibabel.Nifti1Image(array, affine), tmp_path / "mask.nii.gz")
    segmentation = Segmentation.from_mask(tmp_path / "mask.nii.gz", CT, [describe(1), describe(2)], "LABELMAP")
    segmentation.save_nifti(tmp_path / "out.nii.gz")
    assert nibabel.load(tmp_path / "out.nii.gz").shape == (13, 15, 5)  # columns, rows, planes
    back = Segmentation.from_mask(tmp_path / "out.nii.gz", CT, [describe(1), describe(2)])
    np.testing.assert_array_equal(back.get_volume(combine_segments=True).match_geometry(volume).array, labels)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", RLE])
@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_planes_one_by_one_go_straight_to_a_file(tmp_path, syntax, kind):
    path = tmp_path / "seg.dcm"
    written = make(CT, iter(LABELS), kind, NUMBERS, output=path, transfer_syntax_uid=syntax)
    assert "PixelData" not in written
    for segmentation in (written, segread(path), segread(path, lazy_frame_retrieval=True)):
        read = segmentation.get_pixels_by_source_instance(UIDS, combine_segments=True)
        np.testing.assert_array_equal(read, LABELS)


def test_memory_mapped_and_chunked_arrays_are_masks(tmp_path):
    np.save(tmp_path / "masks.npy", LABELS)
    np.testing.assert_array_equal(
        by_source(make(CT, np.load(tmp_path / "masks.npy", mmap_mode="r"), "BINARY", NUMBERS)), LABELS
    )
    dask = pytest.importorskip("dask.array")
    np.testing.assert_array_equal(
        by_source(make(CT, dask.from_array(LABELS, chunks=(2, 15, 13)), "BINARY", NUMBERS)), LABELS
    )


def test_a_segmentation_is_pickled():
    segmentation = pickle.loads(pickle.dumps(make(CT, LABELS, "BINARY", NUMBERS)))
    np.testing.assert_array_equal(by_source(segmentation), LABELS)


def test_segments_are_gone_through_with_their_frames():
    for kind in ("BINARY", "LABELMAP"):
        walked = list(again(make(CT, LABELS, kind, NUMBERS)).iter_segments())
        assert [item.SegmentNumber for _, _, item in walked] == [1, 2, 3]
        assert all(len(frames) == len(items) == 4 for frames, items, _ in walked)


def test_segments_cannot_be_added():
    with pytest.raises(AttributeError, match="cannot be added"):
        make(CT, LABELS, "BINARY", NUMBERS).add_segments(LABELS, [])


OVERLAPPING = np.ones((*LABELS.shape, 3))
VOLUME_ELSEWHERE = Volume(LABELS, np.eye(4), "PATIENT", frame_of_reference_uid="1.2.3")
VOLUME_ON_SLIDE = Volume(LABELS[:1], np.eye(4), "SLIDE")
SHORT = PaletteColorLUTTransformation.from_colors(["black", "red", "aqua"])
PALETTE = {
    "palette_color_lut_transformation": PaletteColorLUTTransformation.from_colors(["black", "red", "aqua", "blue"]),
    "segmentation_type": "LABELMAP",
}
PLACE = "ImagePositionPatient"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"source_images": []}, ValueError, "source_images is empty"),
        ({"source_images": CT[:3]}, ValueError, r"pixel_array has 5 plane\(s\) but source_images has 3"),
        ({"source_images": [*CT[:4], ct_series(1, 15, 13, seed=9)[0]]}, ValueError, "source_images differ"),
        ({"source_images": [*CT[:4], ct_series(5, 16, 13)[4]]}, ValueError, "size"),
        ({"pixel_array": LABELS[:, :7]}, ValueError, "planes of 7 by 13 pixels"),
        ({"pixel_array": LABELS + 1}, ValueError, r"value\(s\) 4"),
        ({"pixel_array": LABELS / 2}, ValueError, "other than 0 and 1"),
        ({"pixel_array": "masks"}, TypeError, "pixel_array is of type str"),
        ({"segmentation_type": "TERNARY"}, ValueError, "'TERNARY' is not one of"),
        ({"numbers": (1, 2)}, ValueError, r"value\(s\) 3"),
        ({"numbers": (1, 2, 4)}, ValueError, "without gaps"),
        ({"transfer_syntax_uid": "1.2.3"}, ValueError, "not a transfer syntax"),
        ({"transfer_syntax_uid": "1.2.840.10008.1.2.2"}, ValueError, "Big Endian, which is retired"),
        ({"tile_pixel_array": True}, ValueError, "not a tiled image"),
        ({"dimension_organization_type": "TILED_FULL"}, ValueError, "TILED_FULL"),
        ({"icc_profile": b"x"}, TypeError, "icc_profile is given without"),
        ({"further_source_images": [cr_image(seed=5)]}, ValueError, "study"),
        ({"plane_positions": [PlanePositionSequence("PATIENT", [0, 0, 0])]}, ValueError, "1 item"),
        ({"pyramid_label": "x"}, TypeError, "without pyramid_uid"),
        ({"content_label": "lower"}, ValueError, "content_label"),
        ({"max_fractional_value": 256, "segmentation_type": "FRACTIONAL"}, ValueError, "max_fractional_value"),
        ({"max_fractional_value": 1.5, "segmentation_type": "FRACTIONAL"}, TypeError, "max_fractional_value is 1.5"),
        ({"fractional_type": "GUESS", "segmentation_type": "FRACTIONAL"}, ValueError, "'GUESS' is not one of"),
        ({"fractional_type": None, "segmentation_type": "FRACTIONAL"}, TypeError, "fractional_type is None"),
        ({"pixel_array": OVERLAPPING, "segmentation_type": "LABELMAP"}, ValueError, "more than one segment"),
        ({"pixel_array": OVERLAPPING[..., :2]}, ValueError, "2 segments along its last axis"),
        ({"pixel_array": OVERLAPPING * 1.5, "segmentation_type": "FRACTIONAL"}, ValueError, "from 1.5 to 1.5"),
        ({"pixel_array": OVERLAPPING * np.nan, "segmentation_type": "FRACTIONAL"}, ValueError, "from nan to nan"),
        ({"pixel_array": LABELS.astype(object)}, TypeError, "pixel_array has type object"),
        ({"pixel_array": LABELS[0, 0]}, ValueError, r"pixel_array has shape \(13,\)"),
        ({"pixel_array": iter(LABELS[:2])}, ValueError, r"pixel_array has 2 plane\(s\)"),
        ({"pixel_array": VOLUME_ELSEWHERE}, ValueError, "frame of reference 1.2.3"),
        ({"pixel_array": VOLUME_ON_SLIDE}, ValueError, "Volume in the SLIDE coordinate system"),
        ({"numbers": (1, 1, 2)}, ValueError, "describes segment number.* 1 more than once"),
        ({"plane_orientation": 5}, TypeError, "plane_orientation is 5"),
        ({"pixel_measures": 5}, TypeError, "pixel_measures"),
        ({"tile_size": (3, 3)}, TypeError, "tile_size is given without tile_pixel_array"),
        ({"palette_color_lut_transformation": "x", "segmentation_type": "LABELMAP"}, TypeError, "is of type str"),
        ({"palette_color_lut_transformation": SHORT, "segmentation_type": "LABELMAP"}, ValueError, "one for segment 3"),
        (PALETTE | {"icc_profile": b"no profile"}, ValueError, "profile"),
        ({"pyramid_uid": "a pyramid"}, ValueError, "pyramid_uid"),
        ({"contributing_equipment": ["x"]}, TypeError, r"contributing_equipment\[0\] is of type str"),
        ({"further_source_images": ["x"]}, TypeError, r"further_source_images\[0\] is of type str"),
        ({"dimensions": 5}, TypeError, "dimensions is 5"),
        ({"dimensions": [PLACE, PLACE]}, ValueError, "more than once"),
        (
            {"dimensions": {"TemporalPositionIndex": list("abcde")}},
            ValueError,
            "has the value 'a'; expected an integer",
        ),
        (
            {"dimensions": {"TemporalPositionIndex": range(5)}},
            ValueError,
            "has the value 0; expected numbers from 1 on",
        ),
        ({"dimensions": {"StackID": ["x" * 17] * 5}}, ValueError, "dimensions.*17 characters"),
    ],
)
def test_bad_input_is_named(change, error, message):
    arguments = {"source_images": CT, "pixel_array": LABELS, "segmentation_type": "BINARY", "numbers": NUMBERS} | change
    sources, masks = arguments.pop("source_images"), arguments.pop("pixel_array")
    with pytest.raises(error, match=message):
        make(sources, masks, arguments.pop("segmentation_type"), arguments.pop("numbers"), **arguments)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"segment_numbers": []}, ValueError, "segment_numbers is empty"),
        ({"segment_numbers": [7]}, ValueError, "segment_numbers has 7"),
        ({"combine_segments": True, "dtype": bool}, ValueError, "cannot hold the values up to 3"),
        ({"apply_palette_color_lut": True}, ValueError, "combine_segments=True"),
        ({"apply_palette_color_lut": True, "combine_segments": True}, ValueError, "no palette"),
        ({"source_sop_instance_uids": ["1.2.3"]}, KeyError, "does not mention"),
        ({"source_sop_instance_uids": []}, ValueError, "is empty"),
    ],
)
def test_what_cannot_be_read_is_named(options, error, message):
    segmentation = make(CT, LABELS, "BINARY", NUMBERS)
    with pytest.raises(error, match=message):
        segmentation.get_pixels_by_source_instance(**({"source_sop_instance_uids": UIDS} | options))


def test_headers_are_taken_from_the_source():
    segmentation = make(CT, LABELS, "BINARY", NUMBERS)
    assert segmentation.PatientID == CT[0].PatientID
    assert segmentation.BodyPartExamined == CT[0].BodyPartExamined
    assert segmentation.ContentLabel == "CT_SEG"
    assert [uid for _, _, uid in segmentation.get_source_image_uids()] == UIDS


def test_the_side_of_the_body_is_copied_if_all_sources_agree():
    images = ct_series(5, 15, 13)
    for image in images:
        image.BodyPartExamined, image.Laterality = "KNEE", "L"
    assert make(images, LABELS, "BINARY", NUMBERS).Laterality == "L"
    images[2].Laterality = "R"
    mixed = make(images, LABELS, "BINARY", NUMBERS)
    assert "Laterality" not in mixed
    assert mixed.BodyPartExamined == "KNEE"


def test_references_let_viewers_find_the_source():
    shuffled = [CT[index] for index in (3, 0, 4, 1, 2)]
    labels = np.full((5, 15, 13), 1, np.uint8)
    segmentation = again(make(shuffled, labels, "BINARY", (1,)))
    (series,) = segmentation.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == CT[0].SeriesInstanceUID
    assert {item.ReferencedSOPInstanceUID for item in series.ReferencedInstanceSequence} == set(UIDS)
    by_uid = {image.SOPInstanceUID: image for image in CT}
    heights = []
    for frame in segmentation.PerFrameFunctionalGroupsSequence:
        (reference,) = frame.DerivationImageSequence[0].SourceImageSequence
        source = by_uid[reference.ReferencedSOPInstanceUID]
        assert reference.ReferencedSOPClassUID == source.SOPClassUID
        assert frame.PlanePositionSequence[0].ImagePositionPatient == source.ImagePositionPatient
        heights.append(float(source.ImagePositionPatient[2]))
    assert heights == sorted(heights, reverse=True) or heights == sorted(heights)


def test_descriptions_are_found_in_a_file():
    segmentation = again(make(CT, LABELS, "LABELMAP", NUMBERS))
    assert isinstance(segmentation.get_segment_description(2), SegmentDescription)
    assert segmentation.get_segment_numbers(segment_label="Segment 2") == [2]
    assert len(segmentation.get_tracking_ids()) == 3
    with pytest.raises(IndexError, match="no segment number 9"):
        segmentation.get_segment_description(9)
    assert UID(segmentation.get_tracking_ids()[0][1])


@pytest.mark.parametrize("copy", [True, False])
def test_items_of_the_segment_sequence_are_descriptions(copy):
    file = io.BytesIO()
    make(CT, np.minimum(LABELS, 2)).save_as(file)
    written = pydicom.dcmread(io.BytesIO(file.getvalue()))
    read = Segmentation.from_dataset(written, copy=copy)
    assert [item.segment_label for item in read.SegmentSequence] == ["Segment 1", "Segment 2"]
    assert read[0x00620002][1].segmented_property_type == read.get_segment_description(2).segmented_property_type
    assert isinstance(written.SegmentSequence[0], SegmentDescription) is not copy


def test_sources_are_asked_for_by_their_uids():
    segmentation = make(CT, np.minimum(LABELS, 2))
    with pytest.raises(TypeError, match="SOP Instance UIDs"):
        segmentation.get_pixels_by_source_instance(CT)


def test_segments_that_do_not_overlap_are_combined_over_whatever_memory_held():
    # a label in one plane only: the output is neither all filled nor all empty
    labels = np.ones(LABELS.shape, np.uint8)
    labels[0, :2] = 2
    segmentation = make(CT, labels)
    stale = [np.full(LABELS.shape, 7, np.uint8) for _ in range(50)]
    del stale
    assert np.array_equal(segmentation.get_pixels_by_source_instance(UIDS, combine_segments=True), labels)


@pytest.mark.parametrize("organization", ["TILED_SPARSE", "TILED_FULL"])
def test_tiles_lie_at_the_height_of_the_slide_which_is_in_micrometres(organization):
    source = slide(20, 30, organization="TILED_SPARSE")
    heights = [item.PlanePositionSlideSequence[0] for item in source.PerFrameFunctionalGroupsSequence]
    for place in (source.TotalPixelMatrixOriginSequence[0], *heights):
        place.ZOffsetInSlideCoordinateSystem = "5"
    matrix = np.ones((1, 20, 30), np.uint8)
    options = {"tile_pixel_array": True, "tile_size": (16, 16), "dimension_organization_type": organization}
    segmentation = again(make([source], matrix, numbers=(1,), **options))
    assert segmentation.TotalPixelMatrixOriginSequence[0].ZOffsetInSlideCoordinateSystem == 5
    assert segmentation.get_volume_geometry().position[2] == pytest.approx(0.005)
    sparse = make([source], matrix, numbers=(1,), **{**options, "dimension_organization_type": "TILED_SPARSE"})
    written = [item.PlanePositionSlideSequence[0] for item in sparse.PerFrameFunctionalGroupsSequence]
    assert {place.ZOffsetInSlideCoordinateSystem for place in written} == {5}


@pytest.mark.parametrize("combine", [True, False])
@pytest.mark.parametrize("change", ["delete", "empty"])
def test_a_segmentation_that_describes_no_segment_says_so(change, combine):
    source = make(ct_series(3, 8, 9), np.ones((3, 8, 9), np.uint8), numbers=(1,))
    if change == "delete":
        del source.SegmentSequence
    else:
        source.SegmentSequence = []
    segmentation = again(source)
    with pytest.raises(UnreadableError, match="describes no segment"):
        segmentation.get_volume(combine_segments=combine)
