"""NIfTI files in their varieties: compressed, of four axes, in other units, of two opinions or none."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore.errors import HdcoreWarning
from hdcore.frames.series import get_volume_from_series
from hdcore.testing.sources import ct_series
from seg_making import again, describe

from hdcore_seg import Segmentation

nibabel = pytest.importorskip("nibabel", reason="nibabel is the other package")

CT = ct_series(4, 12, 10)
UIDS = [image.SOPInstanceUID for image in CT]
DESCRIBED = [describe(1), describe(2)]
VOLUME = get_volume_from_series(CT)
RAS = np.diag([-1.0, -1.0, 1.0, 1.0]) @ VOLUME.affine[:, [2, 1, 0, 3]]
ARRAY = np.random.default_rng(2).integers(0, 3, (10, 12, 4), np.uint8)
STACK = np.stack([ARRAY == 1, ARRAY == 2], axis=-1).astype(np.uint8)


def expected(array=ARRAY):
    """Give the array on the source images, in their order."""
    planes = VOLUME.with_array(array.transpose(2, 1, 0))
    positions = planes.get_plane_positions()
    order = [
        next(i for i, p in enumerate(positions) if np.allclose(p[0].ImagePositionPatient, image.ImagePositionPatient))
        for image in CT
    ]
    return planes.array[order]


def made(mask, kind="BINARY", **options):
    return again(Segmentation.from_mask(mask, CT, DESCRIBED, kind, **options))


def by_source(segmentation, **options):
    return segmentation.get_pixels_by_source_instance(UIDS, **options)


@pytest.mark.parametrize("name", ["mask.nii", "mask.nii.gz"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, ">i2", np.float32, np.float64])
def test_files_are_read_by_path(tmp_path, name, dtype):
    nibabel.save(nibabel.Nifti1Image(ARRAY.astype(dtype), RAS), tmp_path / name)
    for path in (tmp_path / name, str(tmp_path / name)):
        np.testing.assert_array_equal(by_source(made(path), combine_segments=True), expected())


@pytest.mark.parametrize("shape", [(10, 12, 4, 2), (10, 12, 4, 1, 2), (10, 12, 4, 2, 1)])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_a_fourth_axis_goes_through_the_segments(shape, kind):
    for mask, options in (
        (nibabel.Nifti1Image(STACK.reshape(shape), RAS), {}),
        (nibabel.Nifti2Image(STACK.reshape(shape).astype(np.float32), RAS), {}),
        (STACK, {"affine": RAS}),
    ):
        segmentation = made(mask, kind, **options)
        np.testing.assert_array_equal(by_source(segmentation, combine_segments=True), expected())
        assert (segmentation.frame_table["derivations"].counts == 1).all()


def test_a_fourth_axis_may_hold_probabilities_of_segments_that_overlap():
    shares = np.random.default_rng(0).random((10, 12, 4, 2)).astype(np.float32)
    read = by_source(made(nibabel.Nifti1Image(shares, RAS), "FRACTIONAL"))
    np.testing.assert_allclose(read[..., 0], expected(shares[..., 0]), atol=0.5 / 255 + 1e-6)
    np.testing.assert_allclose(read[..., 1], expected(shares[..., 1]), atol=0.5 / 255 + 1e-6)


def test_axes_of_length_one_do_not_count():
    mask = nibabel.Nifti1Image(ARRAY[..., np.newaxis, np.newaxis], RAS)
    np.testing.assert_array_equal(by_source(made(mask), combine_segments=True), expected())


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_a_volume_of_one_mask_for_each_segment_falls_on_the_source(kind):
    volume = VOLUME.with_array(
        np.ascontiguousarray(STACK.transpose(2, 1, 0, 3)), channels={"ReferencedSegmentNumber": [1, 2]}
    )
    segmentation = made(volume.permute_spatial_axes([2, 0, 1]).flip_spatial([0, 2]), kind)
    np.testing.assert_array_equal(by_source(segmentation, combine_segments=True), expected())


@pytest.mark.parametrize(("unit", "millimetres"), [("meter", 1000), ("micron", 0.001), ("mm", 1), ("unknown", 1)])
def test_affines_are_in_the_unit_that_the_header_names(unit, millimetres):
    affine = np.diag([*[1 / millimetres] * 3, 1.0]) @ RAS
    mask = nibabel.Nifti1Image(ARRAY, affine)
    mask.header.set_xyzt_units(unit)
    np.testing.assert_array_equal(by_source(made(mask), combine_segments=True), expected())


def test_an_affine_of_single_precision_with_noise_falls_on_the_source():
    affine = RAS.copy()
    affine[:3] += np.random.default_rng(1).normal(0, 1e-5, (3, 4))
    mask = nibabel.Nifti1Image(ARRAY, affine.astype(np.float32))
    np.testing.assert_array_equal(by_source(made(mask), combine_segments=True), expected())


def test_a_quaternion_is_enough():
    mask = nibabel.Nifti1Image(ARRAY, RAS)
    mask.set_sform(np.diag([9.0, 9.0, 9.0, 1.0]), code=0)
    mask.set_qform(RAS, code=1)
    np.testing.assert_array_equal(by_source(made(mask), combine_segments=True), expected())


def test_two_places_of_one_mask_are_told():
    other = RAS.copy()
    other[0, 3] += 50
    mask = nibabel.Nifti1Image(ARRAY, RAS)
    mask.set_sform(RAS, code=1)
    mask.set_qform(other, code=1)
    with pytest.warns(HdcoreWarning, match=r"differ by up to 50 \(sform and qform\)"):
        segmentation = made(mask)
    np.testing.assert_array_equal(by_source(segmentation, combine_segments=True), expected())


def test_a_mask_that_does_not_say_where_it_lies_is_refused():
    mask = nibabel.Nifti1Image(ARRAY, RAS)
    mask.set_sform(None, code=0)
    mask.set_qform(None, code=0)
    with pytest.raises(ValueError, match="does not say where it lies"):
        made(mask)


@pytest.mark.parametrize(
    ("mask", "options", "error", "message"),
    [
        (
            nibabel.Nifti1Image(ARRAY, RAS),
            {"affine": RAS},
            TypeError,
            "affine is given with a mask of type Nifti1Image",
        ),
        (VOLUME, {"affine": RAS}, TypeError, "affine is given with a mask of type Volume"),
        (ARRAY, {"affine": RAS, "affine_convention": 5}, ValueError, "affine_convention is 5"),
        (ARRAY, {"affine": RAS[:3]}, ValueError, r"affine has shape \(3, 4\)"),
        (ARRAY, {}, TypeError, "affine is absent"),
        (ARRAY.tolist(), {"affine": RAS}, TypeError, "mask is of type list"),
        (STACK[..., :1].repeat(3, 3), {"affine": RAS}, ValueError, "3 segments along its fourth axis"),
        (np.zeros((2, 2, 2, 2, 2)), {"affine": RAS}, ValueError, "channels"),
        (nibabel.Nifti1Image(np.zeros((2, 2, 2, 2, 2), np.uint8), RAS), {}, ValueError, "mask has shape"),
    ],
)
def test_masks_that_cannot_be_placed_are_named(mask, options, error, message):
    with pytest.raises(error, match=message):
        made(mask, **options)


def test_a_file_that_is_no_nifti_file_is_named(tmp_path):
    (tmp_path / "mask.nii").write_bytes(b"no image")
    with pytest.raises(ValueError, match=r"mask\.nii.*no file that nibabel reads"):
        made(tmp_path / "mask.nii")
    with pytest.raises(FileNotFoundError):
        made(tmp_path / "absent.nii")


@pytest.mark.parametrize("numbers", [(1,), (1, 2)])
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_segments_that_are_not_combined_go_to_a_file_and_back(tmp_path, kind, numbers):
    stack = STACK[..., : len(numbers)]
    if kind == "FRACTIONAL":
        stack = np.random.default_rng(4).integers(0, 256, stack.shape) / 255
    elif kind == "BINARY":
        stack = np.random.default_rng(4).integers(0, 2, stack.shape, np.uint8)  # segments overlap
    described = [describe(number) for number in numbers]
    segmentation = again(Segmentation.from_mask(stack, CT, described, kind, affine=RAS))
    segmentation.save_nifti(tmp_path / "masks.nii.gz", combine_segments=False)
    file = nibabel.load(tmp_path / "masks.nii.gz")
    assert file.shape == (*ARRAY.shape, 2)[: 2 + len(numbers)]
    returned = again(Segmentation.from_mask(tmp_path / "masks.nii.gz", CT, described, kind))
    np.testing.assert_array_equal(by_source(returned), by_source(segmentation))
    wanted = np.stack([expected(stack[..., index]) for index in range(len(numbers))], axis=-1)
    np.testing.assert_allclose(by_source(returned), wanted, atol=1e-6)
