from __future__ import annotations

import copy
import pickle
import threading

import numpy as np
import pydicom
import pytest
from hdcore import (
    HdcoreWarning,
    PaletteColorLUTTransformation,
    PixelMeasuresSequence,
    PlanePositionSequence,
    VOILUTTransformation,
    Volume,
    create,
    read,
    validate,
)
from hdcore.testing import sources
from hdcore.testing.interop import dciodvfy
from hdcore.uid import UID
from pm_examples import (
    ADC,
    EXAMPLES,
    compressed,
    float_mapping,
    floats,
    integers,
    make,
    mapping,
    of_cine,
    of_doubles,
    of_floats,
    of_radiograph,
    of_series,
    of_slide,
    of_slide_full,
    of_two_quantities,
    of_volume,
    with_palette,
    with_windows,
)
from pydicom.sr.coding import Code

from hdcore_pm import ParametricMap, create_parametric_map_pyramid, pmread


def test_values_are_stored_in_the_order_of_a_volume(tmp_path):
    images, array = sources.ct_series(3), integers(3, 32, 32)
    made = make(images, array)
    made.save_as(tmp_path / "map.dcm")
    frames = pydicom.dcmread(tmp_path / "map.dcm").pixel_array
    np.testing.assert_array_equal(frames, array[::-1])  # along the normal of a right-handed volume
    shuffled = make([images[i] for i in (1, 0, 2)], array[[1, 0, 2]])
    np.testing.assert_array_equal(shuffled.get_stored_frames(), array[::-1])


def test_each_frame_refers_to_its_source_image():
    images = sources.ct_series(3)
    made = make(images, integers(3, 32, 32))
    for frame, image in zip(made.PerFrameFunctionalGroupsSequence, images[::-1], strict=True):
        (source,) = frame.DerivationImageSequence[0].SourceImageSequence
        assert source.ReferencedSOPInstanceUID == image.SOPInstanceUID
        assert frame.PlanePositionSequence[0].ImagePositionPatient == image.ImagePositionPatient
    listed = made.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    assert len(listed) == len(made.SourceImageSequence) == 3


def anatomy(made):
    return made.SharedFunctionalGroupsSequence[0].FrameAnatomySequence[0]


def test_body_part_and_laterality_are_copied():
    images = sources.ct_series(2)
    for image in images:
        image.BodyPartExamined, image.Laterality = "KNEE", "L"
    made = make(images, integers(2, 32, 32))
    assert made.BodyPartExamined == "KNEE"
    assert anatomy(made).FrameLaterality == "L"
    assert anatomy(made).AnatomicRegionSequence[0].CodeMeaning == "Knee"
    assert "Laterality" not in made  # as there is Frame Laterality (PS3.3 C.7.3.1)
    assert dciodvfy(made) == []


def test_anatomy_may_be_given():
    region = Code("64033007", "SCT", "Kidney")
    made = make(sources.ct_series(2), integers(2, 32, 32), anatomic_region=region, frame_laterality="B")
    assert anatomy(made).FrameLaterality == "B"
    assert anatomy(made).AnatomicRegionSequence[0].CodeValue == "64033007"


def test_bytes_are_stored_in_sixteen_bits():
    array = integers(2, 32, 32, dtype=np.uint8)
    made = make(sources.ct_series(2), array)
    assert (made.BitsAllocated, made.BitsStored) == (16, 16)
    np.testing.assert_array_equal(made.get_stored_frames(), array[::-1])


@pytest.mark.parametrize("make_map", [of_floats, of_doubles])
@pytest.mark.parametrize("lazy", [False, True])
def test_real_world_values_of_floats_are_given_eagerly_and_lazily(make_map, lazy, tmp_path):
    made = make_map()
    made.save_as(tmp_path / "map.dcm")
    again = pmread(tmp_path / "map.dcm", lazy_frame_retrieval=lazy)
    stored = again.get_stored_frames()
    assert stored.dtype == made.get_stored_frames().dtype
    np.testing.assert_array_equal(again.get_stored_frame(1), stored[0])
    np.testing.assert_allclose(again.get_real_world_frames("MAP"), stored.astype(float) * 10 - 1)
    np.testing.assert_allclose(again.get_volume().array, stored.astype(float) * 10 - 1)


def test_quantities_are_named_by_label_and_code():
    made = of_floats()
    assert made.quantities == ["MAP"]
    assert made.get_unit("MAP").value == "um2/s"
    expected = made.get_real_world_values("MAP")
    for name in (ADC.value, ADC.meaning, None):
        np.testing.assert_array_equal(made.get_real_world_values(name).array, expected.array)
    with pytest.raises(ValueError, match="no 'T1'; it has 'MAP'"):
        made.get_real_world_values("T1")


def test_each_of_several_quantities_is_a_volume():
    array = integers(3, 32, 32, 2)
    made = make(sources.ct_series(3), array, [[mapping("first")], [mapping("second", slope=3.0, intercept=0.0)]])
    assert made.NumberOfFrames == 6
    np.testing.assert_array_equal(made.get_real_world_values("first").array, array[::-1, ..., 0] * 2.0 + 1)
    np.testing.assert_array_equal(made.get_real_world_values("second").array, array[::-1, ..., 1] * 3.0)
    assert made.frames_of_quantity("second").tolist() == [3, 4, 5]
    with pytest.raises(ValueError, match="'first', 'second'; name one"):
        made.get_real_world_values()


def test_alternative_mappings_of_the_same_values():
    made = EXAMPLES["alternatives"]()
    stored = made.get_stored_frames().astype(float)
    np.testing.assert_array_equal(made.get_real_world_frames("LINEAR"), stored * 2 + 1)
    np.testing.assert_array_equal(made.get_real_world_frames("LOG"), stored + 5)


def test_a_table_maps_integers():
    made = EXAMPLES["table"]()
    np.testing.assert_array_equal(made.get_real_world_frames(), made.get_stored_frames().astype(float) ** 2)


def test_a_volume_comes_back_as_it_was():
    made = of_volume()
    volume = made.get_real_world_values()
    assert volume.spatial_shape == (4, 10, 11)
    assert volume.spacing == (3, 1, 2)
    images = sources.ct_series(2)
    again = make(images, Volume(made.get_volume(apply_real_world_transform=False, dtype=np.uint16).array, volume.affine,
                                "PATIENT", frame_of_reference_uid=images[0].FrameOfReferenceUID))  # fmt: skip
    np.testing.assert_array_equal(again.get_real_world_values().array, volume.array)
    np.testing.assert_allclose(again.get_real_world_values().affine, volume.affine)


@pytest.mark.parametrize("organization", ["TILED_SPARSE", "TILED_FULL"])
@pytest.mark.parametrize("tile_size", [None, (20, 30)])
def test_a_total_pixel_matrix_comes_back_as_it_was(organization, tile_size):
    made = of_slide(organization, tile_size=tile_size)
    matrix = integers(50, 70)
    np.testing.assert_array_equal(made.get_total_pixel_matrix(), matrix * 2.0 + 1)
    np.testing.assert_array_equal(made.get_real_world_values().array, matrix[np.newaxis] * 2.0 + 1)
    assert made.DimensionOrganizationType == organization
    assert ("PerFrameFunctionalGroupsSequence" in made) == (organization == "TILED_SPARSE")


def test_two_quantities_of_a_slide():
    array = integers(1, 50, 70, 2)
    made = make([sources.slide()], array, [[mapping("a")], [mapping("b")]], tile_pixel_array=True)
    np.testing.assert_array_equal(made.get_real_world_values("b").array, array[..., 1] * 2.0 + 1)
    with pytest.raises(ValueError, match="'TILED_FULL', but there are 2 quantities"):
        make([sources.slide()], array, [[mapping("a")], [mapping("b")]], tile_pixel_array=True,
             dimension_organization_type="TILED_FULL")  # fmt: skip


def test_images_without_a_place_in_space_make_maps_with_their_own():
    radiograph = of_radiograph()
    assert radiograph.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing == [0.2, 0.2]
    assert radiograph.PatientOrientation == ["L", "F"]
    cine = of_cine()
    assert cine.get_real_world_frames().shape == (5, 24, 32)
    with pytest.raises(ValueError, match="pass pixel_measures"):
        make([sources.us_cine()], integers(5, 24, 32))


def test_palettes_colour_a_range_of_stored_values():
    made = with_palette()
    assert made.PixelPresentation == "COLOR_RANGE"
    assert list(made.RedPaletteColorLookupTableDescriptor) == [4, 0, 16]
    assert np.frombuffer(made.RedPaletteColorLookupTableData, "<u2").tolist() == [0, 65535, 65535, 65535]
    colour_range = made.SharedFunctionalGroupsSequence[0].StoredValueColorRangeSequence[0]
    assert (colour_range.MinimumStoredValueMapped, colour_range.MaximumStoredValueMapped) == (0, 1)
    assert len(made.ICCProfile) > 100
    colours = PaletteColorLUTTransformation.from_colors(["red", "blue"], first_mapped_value=7)
    other = of_series(palette_color_lut_transformation=colours)
    colour_range = other.SharedFunctionalGroupsSequence[0].StoredValueColorRangeSequence[0]
    assert (colour_range.MinimumStoredValueMapped, colour_range.MaximumStoredValueMapped) == (7, 8)
    chosen = of_series(palette_color_lut_transformation=colours, stored_value_color_range=(0, 100))
    colour_range = chosen.SharedFunctionalGroupsSequence[0].StoredValueColorRangeSequence[0]
    assert (colour_range.MinimumStoredValueMapped, colour_range.MaximumStoredValueMapped) == (0, 100)


def test_windows_are_offered_to_viewers():
    window = with_windows().SharedFunctionalGroupsSequence[0].FrameVOILUTSequence[0]
    assert window.WindowCenter == [10, 20]
    assert window.WindowCenterWidthExplanation == ["narrow", "wide"]
    single = of_series(window_center=3, window_width=4).SharedFunctionalGroupsSequence[0].FrameVOILUTSequence[0]
    assert (single.WindowCenter, single.WindowWidth) == (3, 4)
    made = of_series()
    window = made.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence[0]
    stored = made.get_stored_frames()
    assert window.WindowCenter - window.WindowWidth / 2 == stored.min()
    assert window.WindowCenter + window.WindowWidth / 2 == stored.max()


@pytest.mark.parametrize(
    "syntax",
    [
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.8.1",
        "1.2.840.10008.1.2.4.80",
        "1.2.840.10008.1.2.4.90",
    ],
)
@pytest.mark.parametrize("options", [{}, {"workers": 2}, {"use_extended_offset_table": True}])
def test_integers_are_compressed_without_loss(syntax, options, tmp_path):
    compressed(syntax, **options).save_as(tmp_path / "map.dcm")
    again = pmread(tmp_path / "map.dcm")
    np.testing.assert_array_equal(again.get_stored_frames(), integers(3, 32, 32)[::-1])


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_stored_under_every_native_syntax(syntax, dtype, tmp_path):
    array = floats(3, 32, 32, dtype=dtype)
    make(sources.ct_series(3), array, transfer_syntax_uid=syntax).save_as(tmp_path / "map.dcm")
    again = pmread(tmp_path / "map.dcm")
    np.testing.assert_array_equal(again.get_stored_frames(), array[::-1])
    assert ("DoubleFloatPixelData" in again) == (dtype is np.float64)


def test_further_images_are_referred_to():
    images, others = sources.ct_series(2), sources.mr_series(1)
    others[0].StudyInstanceUID = images[0].StudyInstanceUID
    made = make(images, integers(2, 32, 32), further_source_images=others)
    assert len(made.ReferencedSeriesSequence) == 2
    per_frame = made.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence
    assert [item.ReferencedSOPInstanceUID for item in per_frame] == [images[1].SOPInstanceUID, others[0].SOPInstanceUID]


def test_positions_of_planes_may_be_given():
    positions = [PlanePositionSequence("PATIENT", [0, 0, z]) for z in (5, 1)]
    made = make(sources.ct_series(3), integers(2, 10, 10), plane_positions=positions,
                pixel_measures=PixelMeasuresSequence([1, 1], 4))  # fmt: skip
    assert made.get_volume_geometry().spacing == (4, 1, 1)
    assert all("DerivationImageSequence" not in frame for frame in made.PerFrameFunctionalGroupsSequence)


def test_two_planes_at_one_place_are_refused():
    positions = [PlanePositionSequence("PATIENT", [0, 0, 5])] * 2
    with pytest.raises(ValueError, match="Several planes lie at the same place"):
        make(sources.ct_series(3), integers(2, 32, 32), plane_positions=positions)


def test_maps_are_made_and_read_by_name(tmp_path):
    made = create(
        "pm",
        sources.ct_series(2),
        integers(2, 32, 32),
        UID(),
        1,
        UID(),
        1,
        "Acme",
        "Mapper",
        "1",
        "42",
        False,
        [mapping()],
    )
    made.save_as(tmp_path / "map.dcm")
    again = read(tmp_path / "map.dcm")
    assert type(again) is ParametricMap
    with pytest.raises(ValueError, match=r"expected a? ?Parametric Map"):
        ParametricMap.from_dataset(sources.ct_series(1)[0])


def test_maps_survive_copies_pickles_and_threads(tmp_path):
    of_two_quantities().save_as(tmp_path / "map.dcm")
    opened = pmread(tmp_path / "map.dcm", lazy_frame_retrieval=True)
    expected = opened.get_real_world_values("first").array
    for other in (copy.deepcopy(opened), pickle.loads(pickle.dumps(opened))):
        np.testing.assert_array_equal(other.get_real_world_values("first").array, expected)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(opened.get_real_world_values("first").array)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((each == expected).all() for each in found)
    assert len(found) == 4


PALETTE = PaletteColorLUTTransformation.from_colors(["red", "blue"])
BAD = [
    (lambda: make(sources.ct_series(3), integers(2, 32, 32)), ValueError, "has 2 plane"),
    (lambda: make(sources.ct_series(3), integers(3, 30, 32)), ValueError, "planes of 30 by 32 pixels"),
    (lambda: make(sources.ct_series(1), integers(1, 1, 32, 32, 1)), ValueError, r"shape \(1, 1, 32, 32, 1\)"),
    (lambda: make(sources.ct_series(1), "array"), TypeError, "pixel_array is a str"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32, dtype=np.int16)), ValueError, "of type int16"),
    (lambda: make(sources.ct_series(1), floats(1, 32, 32, dtype=np.float16)), ValueError, "of type float16"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32), [float_mapping()]), ValueError, "a range of integers"),
    (lambda: make(sources.ct_series(1), floats(1, 32, 32), [mapping()]), ValueError, "a range of floats"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32), []), ValueError, "empty|is empty"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32), ["LUT"]), TypeError, "has a str|is a str"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32), mapping()), TypeError, "not a sequence"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32), [[mapping()]]), TypeError, "no axis of quantities"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32, 2), [mapping()]), TypeError, "one list of mappings per"),
    (lambda: make(sources.ct_series(1), integers(1, 32, 32, 2), [[mapping()]]), ValueError, "1 lists but pixel_array"),
    (
        lambda: make(sources.ct_series(1), integers(1, 32, 32), [mapping(value_range=(3000, 4000))]),
        ValueError,
        "covers none of them",
    ),
    (lambda: of_series(palette_color_lut_transformation="red"), TypeError, "palette_color_lut_transformation is a str"),
    (lambda: of_series(icc_profile=b"profile"), TypeError, "without palette_color_lut_transformation"),
    (
        lambda: of_series(palette_color_lut_transformation=PALETTE, stored_value_color_range=(5, 5)),
        ValueError,
        "ascending",
    ),
    (lambda: of_series(palette_color_lut_transformation=PALETTE, icc_profile=b"profile"), ValueError, "ICC|profile"),
    (
        lambda: of_series(palette_color_lut_transformation=PALETTE, stored_value_color_range="ab"),
        ValueError,
        "is 'ab'; expected two ascending",
    ),
    (lambda: of_series(pyramid_uid="abc"), ValueError, "UID is 'abc'"),
    (lambda: of_series(voi_lut_transformations=[]), ValueError, "voi_lut_transformations is empty"),
    (lambda: of_series(voi_lut_transformations=[3]), TypeError, "has a int"),
    (lambda: of_series(window_center=3), TypeError, "go together"),
    (
        lambda: of_series(window_center=3, window_width=4, voi_lut_transformations=[VOILUTTransformation(1, 2)]),
        TypeError,
        "as well as window_center",
    ),
    (lambda: compressed("1.2.840.10008.1.2.4.50"), ValueError, "lossless"),
    (
        lambda: make(sources.ct_series(1), floats(1, 32, 32), transfer_syntax_uid="1.2.840.10008.1.2.5"),
        ValueError,
        "integer maps only",
    ),
    (lambda: of_series(tile_pixel_array=True), ValueError, "not a tiled image"),
    (lambda: of_series(image_flavor="TASTY"), ValueError, "ImageFlavorValues"),
    (lambda: of_series(content_label="lower case"), ValueError, "content_label"),
    (lambda: of_series(further_source_images=sources.mr_series(1, seed=8)), ValueError, "images of study"),
    (lambda: of_series(dimension_organization_type="TILED_FULL"), ValueError, "not tiles of a slide"),
    (lambda: make([], integers(1, 32, 32)), ValueError, "source_images is empty"),
]


@pytest.mark.parametrize(("attempt", "error", "match"), BAD)
def test_what_makes_no_map_is_refused(attempt, error, match):
    with pytest.raises(error, match=match):
        attempt()


def test_values_without_a_mapping_are_told():
    with pytest.warns(HdcoreWarning, match="have no real-world value"):
        make(sources.ct_series(1), integers(1, 32, 32), [mapping(value_range=(0, 100))])


@pytest.mark.parametrize(
    ("shape", "mappings"),
    [((1, 32, 32), [mapping("A"), mapping("A")]), ((1, 32, 32, 2), [[mapping("A")], [mapping("A")]])],
)
def test_labels_that_do_not_tell_mappings_apart_are_told(shape, mappings):
    with pytest.warns(HdcoreWarning, match="give each its own"):
        made = make(sources.ct_series(1), integers(*shape), mappings)
    assert not validate(made).errors


def test_a_pyramid_has_levels_of_one_series():
    levels = create_parametric_map_pyramid(
        [sources.slide(64, 96)],
        [floats(64, 96)],
        series_instance_uid=None,
        series_number=1,
        manufacturer="Acme",
        manufacturer_model_name="Mapper",
        software_versions="1",
        device_serial_number="42",
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[float_mapping()],
        downsample_factors=[2, 4],
        pyramid_label="levels",
    )
    assert [level.TotalPixelMatrixRows for level in levels] == [64, 32, 16]
    assert len({level.SeriesInstanceUID for level in levels}) == len({level.PyramidUID for level in levels}) == 1
    assert [level.InstanceNumber for level in levels] == [1, 2, 3]
    assert levels[2].get_real_world_values().spatial_shape == (1, 16, 24)
    extents = [
        (level.get_volume_geometry().physical_extent[1:], np.round(level.get_volume_geometry().map_indices_to_reference(
            np.array([[0.0, -0.5, -0.5]])), 6).tolist()) for level in levels
    ]  # fmt: skip
    assert extents[0][1] == extents[1][1] == extents[2][1]
    np.testing.assert_allclose(extents[0][0], extents[2][0])


def test_parameters_that_a_pyramid_decides_are_refused():
    with pytest.raises(TypeError, match="pixel_measures cannot be given"):
        create_parametric_map_pyramid(
            [sources.slide(64, 96)], [floats(64, 96)], series_instance_uid=None, series_number=1, manufacturer="Acme",
            manufacturer_model_name="Mapper", software_versions="1", device_serial_number="42",
            contains_recognizable_visual_features=False, real_world_value_mappings=[float_mapping()],
            downsample_factors=[2], pixel_measures=None,
        )  # fmt: skip


def test_a_tiled_full_map_is_read_whole():
    made = of_slide_full()
    np.testing.assert_array_equal(made.get_real_world_frames()[0], integers(50, 70)[:20, :20] * 2.0 + 1)
