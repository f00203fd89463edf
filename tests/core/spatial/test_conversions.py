from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest

from hdcore import HdcoreWarning, Volume

AFFINE = np.array([[0, 0, 0.5, 10.0], [0, 0.25, 0, 20], [-2.0, 0, 0, 30], [0, 0, 0, 1]])
ARRAY = np.arange(60, dtype=np.int16).reshape(3, 4, 5)


def make(dtype: type | str = np.int16) -> Volume:
    return Volume(ARRAY.astype(dtype), AFFINE, "PATIENT")


@pytest.mark.parametrize("program", ["nibabel", "simpleitk", "itk"])
def test_there_and_back_gives_the_same_volume(program: str) -> None:
    pytest.importorskip({"simpleitk": "SimpleITK"}.get(program, program))
    volume = make()
    image = getattr(volume, f"to_{program}")()
    again = getattr(Volume, f"from_{program}")(image)
    assert again.geometry_equal(volume)
    assert np.array_equal(again.array, volume.array)
    assert again.dtype == volume.dtype


def test_nibabel_gets_ras() -> None:
    pytest.importorskip("nibabel")
    image = make().to_nibabel()
    assert image.affine[:3, 3].tolist() == [-10.0, -20.0, 30.0]
    assert type(make().to_nibabel("MGHImage")).__name__ == "MGHImage"
    with pytest.raises(ValueError, match="'foo' is not one of NiBabelImageClasses"):
        make().to_nibabel("foo")


def test_physical_points_are_those_of_simpleitk() -> None:
    pytest.importorskip("SimpleITK")
    image = make().to_simpleitk()
    point = image.TransformIndexToPhysicalPoint((2, 1, 4))
    assert np.allclose(make().map_indices_to_reference(np.array([[2, 1, 4]])), [point])
    assert image.GetPixel(2, 1, 4) == ARRAY[2, 1, 4]


@pytest.mark.parametrize("dtype", ["bool", "u1", "i1", "u2", "i2", "u4", "i4", "i8", "f2", "f4", "f8"])
def test_images_of_itk_have_the_same_values_at_the_same_places(dtype: str) -> None:
    itk = pytest.importorskip("itk")
    volume = make(np.dtype(dtype).type)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HdcoreWarning)  # types that ITK lacks become wider ones
        image = volume.to_itk()
    assert np.array_equal(itk.array_from_image(image), volume.array.T)
    for index in ([0, 0, 0], [2, 1, 4], [1, 3, 0]):
        (expected,) = volume.map_indices_to_reference(np.array([index]))
        assert np.allclose(image.TransformIndexToPhysicalPoint(index), expected)


def test_what_is_no_volume_of_itk_is_refused() -> None:
    itk = pytest.importorskip("itk")
    with pytest.raises(TypeError, match="itk_image is a int"):
        Volume.from_itk(3)
    with pytest.raises(ValueError, match="2 axes and 1 components"):
        Volume.from_itk(itk.image_from_array(np.zeros((3, 4), np.float32)))


def test_data_types_are_cast_with_a_warning_where_values_fit() -> None:
    pytest.importorskip("nibabel")
    assert make(bool).to_nibabel().get_data_dtype() == np.uint8
    with pytest.warns(UserWarning, match="cannot hold int64; the voxels become int32"):
        assert make(np.int64).to_nibabel("MGHImage").get_data_dtype() == np.dtype(">i4")
    with pytest.warns(UserWarning, match="which may lose precision"):
        make(np.float64).to_nibabel("MGHImage")
    huge = Volume(np.full((3, 4, 5), 2**40), AFFINE, "PATIENT")
    with pytest.raises(ValueError, match="do not fit into int32"):
        huge.to_nibabel("MGHImage")


@pytest.mark.parametrize("image_class", ["Nifti1Image", "Nifti2Image"])
@pytest.mark.parametrize("data_type", [np.int64, np.uint64])
def test_nifti_holds_integers_of_64_bits(image_class, data_type) -> None:
    pytest.importorskip("nibabel")
    image = make(data_type).to_nibabel(image_class)
    assert image.get_data_dtype() == data_type
    assert np.array_equal(Volume.from_nibabel(image).array, make(data_type).array)


@pytest.mark.parametrize("program", ["nibabel", "simpleitk", "itk"])
def test_voxels_of_the_other_byte_order_are_converted(program) -> None:
    pytest.importorskip({"simpleitk": "SimpleITK"}.get(program, program))
    image = getattr(make(">f4"), f"to_{program}")()
    assert np.array_equal(getattr(Volume, f"from_{program}")(image).array, make(np.float32).array)


def test_channels_cannot_be_converted() -> None:
    pytest.importorskip("nibabel")
    volume = Volume(ARRAY[..., None], AFFINE, "PATIENT", channels={"SegmentNumber": [1]})
    with pytest.raises(ValueError, match="select one with get_channel"):
        volume.to_nibabel()


def test_other_images_are_refused() -> None:
    nibabel, simpleitk = pytest.importorskip("nibabel"), pytest.importorskip("SimpleITK")
    with pytest.raises(ValueError, match="4 axes; expected three"):
        Volume.from_nibabel(nibabel.Nifti1Image(np.zeros((2, 2, 2, 2)), np.eye(4)))
    with pytest.raises(TypeError, match="nibabel_image is a int"):
        Volume.from_nibabel(3)
    with pytest.raises(ValueError, match="2 axes and 1 components"):
        Volume.from_simpleitk(simpleitk.Image([3, 4], simpleitk.sitkUInt8))
    with pytest.raises(TypeError, match="simpleitk_image is a int"):
        Volume.from_simpleitk(3)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "itk", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'hdcore\[itk\]'"):
        make().to_itk()


@pytest.mark.parametrize(("unit", "millimetres"), [("meter", 1000.0), ("micron", 0.001), ("mm", 1.0), ("unknown", 1.0)])
def test_units_of_nifti_become_millimetres(unit, millimetres) -> None:
    pytest.importorskip("nibabel")
    image = make().to_nibabel()
    image.header.set_xyzt_units(unit)
    expected = make().spacing
    assert Volume.from_nibabel(image).spacing == pytest.approx([millimetres * size for size in expected])


def test_nifti_that_does_not_say_where_it_lies_is_told() -> None:
    pytest.importorskip("nibabel")
    image = make().to_nibabel()
    image.set_sform(None, code=0)
    image.set_qform(None, code=0)
    with pytest.warns(HdcoreWarning, match="does not say where it lies"):
        Volume.from_nibabel(image)
