"""Series of single-frame images become volumes, whatever their order."""

from __future__ import annotations

import copy
import io

import numpy as np
import pytest

from hdcore import get_volume_from_series, imread
from hdcore.errors import GeometryError, InputError, InputTypeError
from hdcore.testing.sources import ct_series, enhanced_ct, pet_series


def test_a_series_becomes_a_volume():
    images = ct_series(slices=4)
    volume = get_volume_from_series([images[index] for index in (2, 0, 3, 1)])
    assert volume.spatial_shape == (4, 32, 32)
    np.testing.assert_allclose(volume.affine[:3, 3], images[3].ImagePositionPatient)
    expected = np.stack([i.pixel_array * float(i.RescaleSlope) + float(i.RescaleIntercept) for i in images[::-1]])
    np.testing.assert_allclose(volume.array, expected)
    assert volume.frame_of_reference_uid == images[0].FrameOfReferenceUID


def test_each_image_has_its_own_transform():
    images = pet_series(slices=3)
    for index, image in enumerate(images):
        image.RescaleSlope = index + 1
    volume = get_volume_from_series(images)
    expected = np.stack([image.pixel_array * float(image.RescaleSlope) for image in images[::-1]])
    np.testing.assert_allclose(volume.array, expected)


def test_images_may_be_open_lazily(tmp_path):
    images = ct_series(slices=3)
    opened = []
    for index, image in enumerate(images):
        path = tmp_path / f"{index}.dcm"
        image.save_as(path, enforce_file_format=True)
        opened.append(imread(path, lazy_frame_retrieval=True))
    volume = get_volume_from_series(opened, dtype=np.int16)
    np.testing.assert_array_equal(volume.array, get_volume_from_series(images, dtype=np.int16).array)


def test_what_is_no_series_is_refused():
    images = ct_series(slices=3)
    with pytest.raises(InputError, match="series_datasets is empty"):
        get_volume_from_series([])
    with pytest.raises(InputTypeError, match=r"series_datasets\[1\] is of type str"):
        get_volume_from_series([images[0], "image.dcm"])
    with pytest.raises(InputError, match=r"series_datasets\[0\] has 3 frames"):
        get_volume_from_series([enhanced_ct(frames=3)])
    with pytest.raises(InputError, match=r"series_datasets\[1\] has SeriesInstanceUID"):
        get_volume_from_series([images[0], ct_series(slices=1, seed=1)[0]])


def test_what_is_no_volume_is_named():
    images = ct_series(slices=5)
    with pytest.raises(ValueError, match="missing positions"):
        get_volume_from_series([images[0], images[1], images[3], images[4]])
    with pytest.raises(GeometryError, match="duplicate positions"):
        get_volume_from_series([*images, images[0]])
    lost = copy.deepcopy(images[1])
    del lost.ImagePositionPatient
    with pytest.raises(GeometryError, match=r"series_datasets\[1\] lacks Image Position"):
        get_volume_from_series([images[0], lost])


def test_images_may_be_missing_if_that_is_said():
    images = ct_series(slices=5)
    whole = get_volume_from_series(images)
    volume = get_volume_from_series([images[4], images[0], images[3]], allow_missing_positions=True)
    assert volume.geometry_equal(whole)
    np.testing.assert_array_equal(volume.array[[0, 1, 4]], whole.array[[0, 1, 4]])
    assert not volume.array[2:4].any()


def test_irregular_and_tilted_series_are_named_until_the_caller_tolerates_them():
    images = ct_series(slices=5)
    images[2].ImagePositionPatient[2] += 0.25
    with pytest.raises(GeometryError, match="irregular spacing"):
        get_volume_from_series(images)
    assert get_volume_from_series(images, rtol=0.2).spatial_shape == (5, 32, 32)
    assert get_volume_from_series(images, atol=0.5).spatial_shape == (5, 32, 32)
    images = ct_series(slices=5)
    for index, image in enumerate(images):
        image.ImagePositionPatient[1] += 0.25 * index
    with pytest.raises(GeometryError, match="gantry tilt"):
        get_volume_from_series(images)
    assert get_volume_from_series(images, perpendicular_tol=0.01).spatial_shape == (5, 32, 32)


def test_orientations_may_differ_within_a_tolerance():
    images = ct_series(slices=3)
    images[1].ImageOrientationPatient = [1, 0.002, 0, -0.002, 1, 0]
    with pytest.raises(GeometryError, match="orientation"):
        get_volume_from_series(images)
    assert get_volume_from_series(images, orientation_tol=0.01).spatial_shape == (3, 32, 32)


def test_files_read_with_pydicom_are_not_changed():
    import pydicom

    file = io.BytesIO()
    image = ct_series(slices=1)[0]
    image.save_as(file, enforce_file_format=True)
    file.seek(0)
    dataset = pydicom.dcmread(file)
    before = dict(dataset.items())
    get_volume_from_series([dataset])
    assert type(dataset) is pydicom.FileDataset
    assert before.keys() == dict(dataset.items()).keys()
