"""Series of single-frame images become volumes, whatever their order."""

from __future__ import annotations

import copy
import io

import numpy as np
import pydicom
import pytest

from hdcore import get_volume_from_series, imread
from hdcore.errors import GeometryError, HdcoreWarning, InputError, InputTypeError, UnreadableFrameError
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
    file = io.BytesIO()
    image = ct_series(slices=1)[0]
    image.save_as(file, enforce_file_format=True)
    file.seek(0)
    dataset = pydicom.dcmread(file)
    before = dict(dataset.items())
    get_volume_from_series([dataset])
    assert type(dataset) is pydicom.FileDataset
    assert before.keys() == dict(dataset.items()).keys()


def read_again(image):
    file = io.BytesIO()
    image.save_as(file, enforce_file_format=True)
    file.seek(0)
    return pydicom.dcmread(file)


def test_images_whose_stored_values_are_laid_out_differently_are_all_read_right():
    images = [read_again(image) for image in ct_series(slices=4)]
    images[1].BitsStored, images[1].HighBit, images[1].PixelRepresentation = 16, 15, 1
    values = np.arange(32 * 32, dtype=np.uint8).reshape(32, 32)
    images[2].BitsAllocated, images[2].BitsStored, images[2].HighBit, images[2].PixelData = 8, 8, 7, values.tobytes()
    images[3].PhotometricInterpretation = "MONOCHROME1"
    volume = get_volume_from_series(images, apply_presentation_lut=False)
    expected = np.stack([image.pixel_array + float(image.RescaleIntercept) for image in images[::-1]])
    np.testing.assert_array_equal(volume.array, expected)


def test_palettes_of_big_endian_series_give_the_same_colours():
    images = ct_series(slices=2)
    for image in images:
        for keyword in ("RescaleSlope", "RescaleIntercept", "RescaleType", "WindowCenter", "WindowWidth"):
            delattr(image, keyword)
        image.PhotometricInterpretation, image.PixelRepresentation = "PALETTE COLOR", 0
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 8, 7
        image.PixelData = (np.arange(32 * 32) % 256).astype("<u2").tobytes()
        for number, color in enumerate(("Red", "Green", "Blue")):
            setattr(image, f"{color}PaletteColorLookupTableDescriptor", [256, 0, 16])
            entries = np.arange(256, dtype="<u2") * (number + 1) + 7
            image.add_new(f"{color}PaletteColorLookupTableData", "OW", entries.tobytes())
    expected = get_volume_from_series(images).array
    assert expected[0, 0, :2].tolist() == [[7, 7, 7], [8, 9, 10]]
    swapped = []
    for image in images:
        image.PixelData = np.frombuffer(image.PixelData, "<u2").byteswap().tobytes()
        for color in ("Red", "Green", "Blue"):
            element = image[f"{color}PaletteColorLookupTableData"]
            element.value = np.frombuffer(element.value, "<u2").byteswap().tobytes()
        file = io.BytesIO()
        image.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRBigEndian
        image.save_as(file, implicit_vr=False, little_endian=False, enforce_file_format=True)
        swapped.append(pydicom.dcmread(io.BytesIO(file.getvalue())))
    assert np.array_equal(get_volume_from_series(swapped).array, expected)


def test_a_great_series_is_put_together_as_a_small_one_is():
    images = [read_again(image) for image in ct_series(slices=9, rows=512, columns=512)]
    order = [3, 8, 0, 1, 7, 2, 6, 4, 5]
    volume = get_volume_from_series([images[index] for index in order])
    assert volume.array.nbytes > 1 << 24
    expected = np.stack([image.pixel_array + float(image.RescaleIntercept) for image in images[::-1]])
    np.testing.assert_array_equal(volume.array, expected)


def test_an_error_in_one_image_of_a_great_series_is_raised():
    images = [read_again(image) for image in ct_series(slices=9, rows=512, columns=512)]
    images[5].PixelData = images[5].PixelData[:-2]
    with pytest.raises(UnreadableFrameError, match="cut off"):
        get_volume_from_series(images)


def test_positions_are_read_alike_whether_or_not_they_were_looked_at():
    images = ct_series(slices=4)
    for index, image in enumerate(images):
        image.ImagePositionPatient = ["-1.50 ", " 2.5e0", f"{index * 5}."]
    unseen, seen = ([read_again(image) for image in images] for _ in range(2))
    for image in seen:
        assert len(image.ImagePositionPatient) == 3
    volume = get_volume_from_series(unseen)
    assert volume.geometry_equal(get_volume_from_series(seen))
    np.testing.assert_array_equal(volume.position, [-1.5, 2.5, 15.0])


def test_a_position_that_is_no_number_is_named():
    image = read_again(ct_series(slices=1)[0])
    element = image.get_item("ImagePositionPatient")
    image[element.tag] = element._replace(value=b"1\\2\\x ", length=6)
    with (
        pytest.warns(HdcoreWarning, match="ImagePositionPatient"),
        pytest.raises(GeometryError, match=r"series_datasets\[0\] lacks Image Position"),
    ):
        get_volume_from_series([image])
