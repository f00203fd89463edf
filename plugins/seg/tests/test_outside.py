"""Masks of nibabel and SimpleITK: each voxel of a segment lies where the other package says that it does."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore.frames.series import get_volume_from_series
from hdcore.testing.sources import ct_series, enhanced_ct
from seg_making import again, describe

from hdcore_seg import Segmentation

SHAPE = 5, 14, 11
SOURCES = {
    "axial": (1, 0, 0, 0, 1, 0),
    "sagittal": (0, 1, 0, 0, 0, -1),
    "coronal": (1, 0, 0, 0, 0, -1),
    "flipped": (-1, 0, 0, 0, 1, 0),
    "oblique": (0.8, 0.6, 0, -0.48, 0.64, 0.6),
}
LABELS = np.random.default_rng(5).integers(0, 3, SHAPE, np.uint8)
DESCRIBED = [describe(1), describe(2)]
RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def sources(name):
    return ct_series(*SHAPE, image_orientation=SOURCES[name])


def places(affine, array):
    """Give where the voxels of each segment lie, in millimetres to the left, posterior and head, sorted."""
    found = {}
    for number in (1, 2):
        indices = np.argwhere(array == number)
        points = indices @ affine[:3, :3].T + affine[:3, 3]
        found[number] = points[np.lexsort(points.round(3).T)]
    return found


def assert_same_places(segmentation, expected):
    volume = segmentation.get_volume(combine_segments=True)
    found = places(volume.affine, volume.array)
    for number, points in expected.items():
        np.testing.assert_allclose(found[number], points, atol=2e-3)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("canonical", [False, True])
@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_voxels_of_nibabel_lie_where_its_affine_says(name, canonical, kind):
    nibabel = pytest.importorskip("nibabel", reason="nibabel is the other package")
    images = sources(name)
    affine = RAS_TO_LPS @ get_volume_from_series(images).affine[:, [2, 1, 0, 3]]
    mask = nibabel.Nifti1Image(LABELS.transpose(2, 1, 0), affine)
    if canonical:
        mask = nibabel.as_closest_canonical(mask)
    segmentation = again(Segmentation.from_mask(mask, images, DESCRIBED, kind))
    assert_same_places(segmentation, places(RAS_TO_LPS @ mask.affine, np.asarray(mask.dataobj)))
    assert (segmentation.frame_table["derivations"].counts == 1).all()


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("turned", [(False, False, False), (True, False, True)])
def test_voxels_of_simpleitk_lie_where_it_says(name, turned):
    itk = pytest.importorskip("SimpleITK", reason="SimpleITK is the other package")
    images = sources(name)
    volume = get_volume_from_series(images)
    mask = itk.GetImageFromArray(LABELS)
    mask.SetSpacing(volume.spacing[::-1])
    mask.SetOrigin([float(x) for x in volume.position])
    mask.SetDirection((volume.direction[:, ::-1]).ravel().tolist())
    mask = itk.Flip(mask, turned)
    segmentation = again(Segmentation.from_mask(mask, images, DESCRIBED))
    array = itk.GetArrayFromImage(mask)
    expected = {}
    for number in (1, 2):
        points = [mask.TransformIndexToPhysicalPoint(index[::-1].tolist()) for index in np.argwhere(array == number)]
        expected[number] = np.array(points)[np.lexsort(np.array(points).round(3).T)]
    assert_same_places(segmentation, expected)


def test_a_multi_frame_source_takes_masks_of_an_array_with_an_affine():
    image = enhanced_ct(*SHAPE)
    volume = get_volume_from_series(ct_series(*SHAPE))
    segmentation = again(
        Segmentation.from_mask(LABELS, [image], DESCRIBED, affine=volume.affine, affine_convention="LPS")
    )
    assert_same_places(segmentation, places(volume.affine, LABELS))


@pytest.mark.parametrize("name", SOURCES)
def test_nifti_gives_back_where_voxels_lie(tmp_path, name):
    nibabel = pytest.importorskip("nibabel", reason="nibabel is the other package")
    images = sources(name)
    affine = get_volume_from_series(images).affine
    segmentation = Segmentation.from_mask(LABELS, images, DESCRIBED, affine=affine, affine_convention="LPS")
    for converted in (segmentation, segmentation.convert("LABELMAP"), segmentation.convert("FRACTIONAL")):
        converted.save_nifti(tmp_path / "mask.nii.gz")
        file = nibabel.load(tmp_path / "mask.nii.gz")
        found = places(RAS_TO_LPS @ file.affine, np.asarray(file.dataobj))
        for number, points in places(affine, LABELS).items():
            np.testing.assert_allclose(found[number], points, atol=2e-3)
