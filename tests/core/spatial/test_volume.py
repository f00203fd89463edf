from __future__ import annotations

import copy
import pickle
from enum import Enum

import numpy as np
import pytest

from hdcore import (
    RGB_COLOR_CHANNEL_DESCRIPTOR,
    ChannelDescriptor,
    PadModes,
    RGBColorChannels,
    Volume,
    VolumeGeometry,
)
from hdcore.errors import InputError, InputTypeError
from hdcore.spatial.memory_order import is_in_memory_order

AFFINE = np.array([[0, 0, 0.5, 10.0], [0, 0.25, 0, 20], [-2.0, 0, 0, 30], [0, 0, 0, 1]])
ARRAY = np.arange(60, dtype=np.int16).reshape(3, 4, 5)


def make(array: np.ndarray = ARRAY, **options: object) -> Volume:
    return Volume(array, AFFINE, "PATIENT", "1.2.3", **options)  # type: ignore[arg-type]


def segments() -> Volume:
    array = np.arange(120, dtype=np.uint8).reshape(3, 4, 5, 2)
    return make(array, channels={"SegmentNumber": [1, 2]})


def same_places(before: Volume, after: Volume) -> bool:
    """Tell whether every voxel of the second has the value that the first has at that place in space."""
    indices = np.stack(np.indices(after.spatial_shape), axis=-1).reshape(-1, 3)
    source = before.map_reference_to_indices(after.map_indices_to_reference(indices), round_output=True)
    inside = ((source >= 0) & (source < before.spatial_shape)).all(axis=1)
    return inside.any() and np.array_equal(after.array[tuple(indices[inside].T)], before.array[tuple(source[inside].T)])


def test_facts_that_follow_from_the_affine_matrix() -> None:
    volume = make()
    assert volume.spacing == (2.0, 0.25, 0.5)
    assert (volume.spacing_between_slices, volume.pixel_spacing) == (2.0, (0.25, 0.5))
    assert volume.position == (10.0, 20.0, 30.0)
    assert volume.center_indices == (1.0, 1.5, 2.0)
    assert volume.nearest_center_indices == (1, 1, 2)
    assert volume.center_position == (11.0, 20.375, 28.0)
    assert volume.direction_cosines == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    assert volume.physical_extent == (6.0, 1.0, 2.5)
    assert (volume.voxel_volume, volume.physical_volume) == (0.25, 15.0)
    assert volume.handedness.value == "RIGHT_HANDED"
    assert [direction.value for direction in volume.get_closest_patient_orientation()] == ["F", "P", "L"]
    assert np.allclose(volume.inverse_affine @ volume.affine, np.eye(4))
    assert volume.get_affine("RAS")[:2, 3].tolist() == [-10.0, -20.0]
    assert "shape=(3, 4, 5)" in repr(volume)
    assert "spatial_shape=(3, 4, 5)" in repr(volume.get_geometry())


def test_what_files_store_of_a_volume() -> None:
    volume = make()
    assert volume.get_plane_positions()[2] == volume.get_plane_position(2)
    assert [float(value) for value in volume.get_plane_position(1)[0].ImagePositionPatient] == [10.0, 20.0, 28.0]
    assert [float(value) for value in volume.get_plane_orientation()[0].ImageOrientationPatient] == [1, 0, 0, 0, 1, 0]
    measures = volume.get_pixel_measures()[0]
    assert (float(measures.SpacingBetweenSlices), list(measures.PixelSpacing)) == (2.0, [0.25, 0.5])
    with pytest.raises(ValueError, match="plane_index is 3; expected a number from 0 to 2"):
        volume.get_plane_position(3)
    slide = Volume(ARRAY, AFFINE, "SLIDE")
    assert int(slide.get_plane_position(0)[0].ColumnPositionInTotalImagePixelMatrix) == 1


def test_attributes_and_components_make_the_same_volume() -> None:
    first = Volume.from_attributes(
        array=ARRAY,
        image_position=[10, 20, 30],
        image_orientation=[1, 0, 0, 0, 1, 0],
        pixel_spacing=[0.25, 0.5],
        spacing_between_slices=2.0,
        coordinate_system="PATIENT",
    )
    second = Volume.from_components(
        ARRAY, spacing=[2.0, 0.25, 0.5], coordinate_system="PATIENT", position=[10, 20, 30], patient_orientation="FPL"
    )
    assert first.geometry_equal(second)
    assert first.geometry_equal(make(), tol=None)


@pytest.mark.parametrize("orientation", ["FPL", "RAS", "LPH", "HAR", "PLF", "ARH"])
def test_voxels_keep_their_places_when_axes_turn(orientation: str) -> None:
    turned = make().to_patient_orientation(orientation)
    letters = [direction.value for direction in turned.get_closest_patient_orientation()]
    assert letters == [{"S": "H", "I": "F"}.get(letter, letter) for letter in orientation]
    assert same_places(make(), turned)
    assert is_in_memory_order(turned.array)
    assert turned.match_orientation(make()).geometry_equal(make())


def test_flips_and_crops_share_memory_and_change_nothing() -> None:
    volume = make(ARRAY.copy())
    for view in (volume.flip_spatial([0, 2]), volume[1:, ::2], volume.crop_to_spatial_shape((2, 2, 2))):
        assert np.shares_memory(view.array, volume.array)
        assert same_places(volume, view)
    assert np.array_equal(volume.array, ARRAY)
    assert not np.shares_memory(volume.copy().array, volume.array)


def test_big_volumes_are_copied_in_blocks_without_error() -> None:
    array = np.random.default_rng(0).integers(0, 255, (70, 300, 290), dtype=np.uint8)
    volume = Volume(array, np.eye(4), "PATIENT")
    for axes in ((2, 1, 0), (2, 0, 1), (0, 2, 1), (1, 2, 0)):
        turned = volume.permute_spatial_axes(axes).flip_spatial(1)
        assert np.array_equal(turned.array, np.flip(array.transpose(axes), 1))
        assert turned.array.flags.c_contiguous
    coloured = Volume(np.stack([array] * 3, -1), np.eye(4), "PATIENT", channels={RGB_COLOR_CHANNEL_DESCRIPTOR: "RGB"})
    assert np.array_equal(coloured.permute_spatial_axes((2, 1, 0)).array[..., 1], array.transpose(2, 1, 0))


@pytest.mark.parametrize(
    "index", [0, -1, slice(None, None, -1), (slice(1), 2), (..., 3), (slice(None), slice(3, 0, -2))]
)
def test_indexing_keeps_places(index: object) -> None:
    part = make()[index]  # type: ignore[index]
    assert part.ndim == 3
    assert same_places(make(), part)


def test_wrong_indices_are_named() -> None:
    volume = make()
    with pytest.raises(IndexError, match="Index 3 is out of bounds for axis 0, whose size is 3"):
        volume[3]
    with pytest.raises(IndexError, match="leaves nothing of axis 1"):
        volume[:, 2:2]
    with pytest.raises(IndexError, match="use get_channel"):
        volume[0, 0, 0, 0]
    with pytest.raises(IndexError, match="at most one Ellipsis"):
        volume[..., ...]
    with pytest.raises(TypeError, match=r"The index of axis 0 is \[0, 1\]; expected an integer or a slice"):
        volume[[0, 1]]  # type: ignore[index]
    for index in (np.array([True, False]), (0, np.array([True, False, True])), (..., np.array([0, 1]))):
        with pytest.raises(InputTypeError, match=r"The index of axis . is a ndarray; expected an integer or a slice"):
            volume[index]  # type: ignore[index]
    with pytest.raises(InputTypeError, match=r"The slice slice\(1.5, None, None\) of axis 1: its bounds .* integers"):
        volume[:, 1.5:]  # type: ignore[misc]
    with pytest.raises(InputError, match=r"The slice slice\(0, 1, 0\) of axis 0 has a step of zero"):
        volume[0:1:0]
    assert len(list(volume)) == 3


@pytest.mark.parametrize("mode", list(PadModes))
@pytest.mark.parametrize("per_channel", [True, False])
def test_padding_is_numpys(mode: PadModes, per_channel: bool) -> None:
    array = segments().array.astype(np.float64)
    padded = segments().astype(np.float64).pad([[1, 2], [0, 3], [2, 0]], mode=mode, per_channel=per_channel)
    widths = [(1, 2), (0, 3), (2, 0), (0, 0)]
    if mode in (PadModes.CONSTANT, PadModes.EDGE):
        expected = np.pad(array, widths, mode.value.lower())  # type: ignore[call-overload]
    else:
        statistic = {"MEAN": np.mean, "MEDIAN": np.median, "MINIMUM": np.min, "MAXIMUM": np.max}[mode.value]
        value = statistic(array, axis=(0, 1, 2)) if per_channel else statistic(array)
        expected = np.broadcast_to(value, padded.shape).copy()
        expected[1:4, 0:4, 2:7] = array
    assert np.array_equal(padded.array, expected)
    assert same_places(segments(), padded.astype(np.uint8))


def test_every_channel_may_have_its_own_constant() -> None:
    padded = segments().pad(1, constant_value=[7, 8], per_channel=True)
    assert padded.array[0, 0, 0].tolist() == [7, 8]
    with pytest.raises(
        ValueError, match="constant_value has 3 values; expected one, or one for each of the 2 channels"
    ):
        segments().pad(1, constant_value=[7, 8, 9])


def test_a_turned_volume_can_be_padded_with_a_value() -> None:
    padded = make().permute_spatial_axes((2, 1, 0)).pad(1, constant_value=-3)
    assert padded.array[0, 0, 0] == -3
    assert same_places(make(), padded)


def test_values_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be held by an array of data type int16"):
        make().pad(1, constant_value=1e6)


@pytest.mark.parametrize(
    ("width", "kind", "words"),
    [
        (-1, ValueError, "at least zero"),
        (1.5, TypeError, "expected integers"),
        ([1, 2, 3], ValueError, r"\[before, after\]"),
        ([[1, 2], [3]], ValueError, r"\[before, after\]"),
    ],
)
def test_wrong_pad_widths_are_named(width: object, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        make().pad(width)  # type: ignore[arg-type]


def test_unknown_modes_are_named_and_case_does_not_matter() -> None:
    with pytest.raises(ValueError, match="is not one of PadModes"):
        make().pad(1, mode="FOO")
    assert make().pad(1, mode="edge").array[0, 0, 0] == 0


def test_statistics_of_a_cropped_volume_are_those_of_what_is_kept() -> None:
    assert make().pad_or_crop_to_spatial_shape((5, 1, 1), mode="MAXIMUM").array.ravel().tolist() == [47, 7, 27, 47, 47]


def test_sizes_that_an_operation_cannot_reach_are_named() -> None:
    with pytest.raises(ValueError, match="greater along an axis than the volume's"):
        make().crop_to_spatial_shape((2, 2, 9))
    with pytest.raises(ValueError, match="smaller along an axis than the volume's"):
        make().pad_to_spatial_shape((2, 9, 9))
    with pytest.raises(ValueError, match="spatial_shape has 2 values"):
        make().crop_to_spatial_shape((2, 2))
    with pytest.raises(TypeError, match="expected integers"):
        make().crop_to_spatial_shape((2, 2, 1.5))  # type: ignore[arg-type]
    assert make().pad_to_spatial_shape((4, 5, 8)).position == (9.5, 20.0, 30.0)


def test_a_volume_takes_the_geometry_of_another() -> None:
    target = make().to_patient_orientation("RAS").pad([[2, 0], [0, 3], [1, 1]])[1:].get_geometry()
    matched = make().match_geometry(target, constant_value=-7)
    assert matched.geometry_equal(target)
    assert same_places(make(), matched)
    assert make().match_geometry(make()[:, ::2]).geometry_equal(make()[:, ::2])


@pytest.mark.parametrize("mode", ["CONSTANT", "EDGE"])
def test_a_geometry_without_overlap_gives_only_padding(mode: str) -> None:
    affine = AFFINE.copy()
    affine[:3, 3] += 100 * AFFINE[:3, 2]
    far = VolumeGeometry(affine, (2, 2, 2), "PATIENT")
    matched = make().match_geometry(far, mode=mode)
    expected = ARRAY[:2, :2, 4:].repeat(2, axis=2) if mode == "EDGE" else np.zeros((2, 2, 2))
    assert np.array_equal(matched.array, expected)


def test_the_refusal_to_resample_says_how_far_axes_are_turned() -> None:
    turned = np.array([[0.8, 0.6, 0, 0], [-0.6, 0.8, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    straight = Volume(np.zeros((3, 4, 4)), np.eye(4), "PATIENT")
    with pytest.raises(RuntimeError, match=r"axes turned by 36\.9 degrees"):
        straight.match_geometry(Volume(np.zeros((3, 4, 4)), turned, "PATIENT"))
    with pytest.raises(RuntimeError, match=r"\(1\.5, 1\.0, 1\.0\) mm, axes turned by 0 degrees"):
        straight.match_geometry(Volume(np.zeros((3, 4, 4)), np.diag([1.5, 1, 1, 1]), "PATIENT"))


def test_geometries_that_need_resampling_are_refused() -> None:
    shifted, scaled = AFFINE.copy(), AFFINE.copy()
    shifted[0, 3] += 0.1
    scaled[:3, 2] *= 1.5
    for affine, words in ((shifted, "part of a voxel"), (scaled, "orientation or spacing")):
        with pytest.raises(RuntimeError, match=words):
            make().match_geometry(VolumeGeometry(affine, (3, 4, 5), "PATIENT"))
    with pytest.raises(RuntimeError, match=r"different frames of reference \(1\.2\.3 and 1\.2\.4\)"):
        make().match_geometry(VolumeGeometry(AFFINE, (3, 4, 5), "PATIENT", "1.2.4"))
    with pytest.raises(RuntimeError, match="different coordinate systems"):
        make().match_geometry(VolumeGeometry(AFFINE, (3, 4, 5), "SLIDE"))


def test_geometries_are_equal_only_within_one_frame_of_reference() -> None:
    assert make().geometry_equal(VolumeGeometry(AFFINE, (3, 4, 5), "PATIENT"))
    assert not make().geometry_equal(VolumeGeometry(AFFINE, (3, 4, 5), "PATIENT", "1.2.4"))
    assert not make().geometry_equal(VolumeGeometry(AFFINE, (3, 4, 5), "SLIDE", "1.2.3"))
    assert not make().geometry_equal(VolumeGeometry(AFFINE, (3, 4, 6), "PATIENT", "1.2.3"))
    with pytest.raises(TypeError, match="other is a int; expected a Volume or VolumeGeometry"):
        make().geometry_equal(3)  # type: ignore[arg-type]


def test_handedness_is_changed_only_if_needed() -> None:
    volume = make()
    assert volume.ensure_handedness("RIGHT_HANDED", flip_axis=0) is volume
    assert volume.ensure_handedness("LEFT_HANDED", swap_axes=[0, 1]).handedness.value == "LEFT_HANDED"
    with pytest.raises(TypeError, match="exactly one of 'flip_axis' and 'swap_axes'"):
        volume.ensure_handedness("LEFT_HANDED")


def test_wrong_axes_are_named() -> None:
    for attempt in (
        lambda: make().flip_spatial(3),
        lambda: make().permute_spatial_axes([0, 1, 1]),
        lambda: make().swap_spatial_axes(0, 0),
        lambda: make().random_flip_spatial((0, 0)),
        lambda: make().random_permute_spatial_axes((0,)),
        lambda: make().random_spatial_crop((9, 9, 9)),
    ):
        with pytest.raises(ValueError, match=r"expected|greater"):
            attempt()


def test_the_slide_has_no_patient_orientation() -> None:
    for attempt in (Volume.get_closest_patient_orientation, lambda volume: volume.to_patient_orientation("RAS")):
        with pytest.raises(RuntimeError, match="no patient orientation"):
            attempt(Volume(ARRAY, AFFINE, "SLIDE"))


def test_random_variants_can_be_reproduced() -> None:
    def variants() -> list[Volume]:
        np.random.seed(5)
        volume = make().random_flip_spatial().random_permute_spatial_axes()
        return [volume, volume.random_spatial_crop((2, 2, 3))]

    for first, second in zip(variants(), variants(), strict=True):
        assert first.geometry_equal(second, tol=None)
        assert same_places(make(), first)


def test_wide_integer_ranges_do_not_overflow() -> None:
    array = np.linspace(-30_000, 30_000, 60).astype(np.int16).reshape(3, 4, 5)
    scaled = make(array).normalize_min_max(-1.0, 1.0).array
    assert (scaled.min(), scaled.max()) == (-1.0, 1.0)
    assert scaled.dtype == np.float64


@pytest.mark.parametrize(("dtype", "level"), [("uint16", 65000), ("int16", -32000), ("uint8", 250)])
def test_little_variation_at_a_high_level_is_normalised_exactly(dtype, level) -> None:
    array = (level + np.random.default_rng(0).integers(-1, 2, (9, 40, 50))).astype(dtype)
    normalised = Volume(array, np.eye(4), "PATIENT").normalize_mean_std().array
    assert abs(normalised.mean()) < 1e-9
    assert abs(normalised.std() - 1.0) < 1e-9


def test_normalisation_by_channel_and_of_constant_voxels() -> None:
    array = np.random.default_rng(0).normal(1000.0, 3.0, (20, 300, 40, 2)).astype(np.float32)
    array[..., 1] *= 7
    volume = make(array, channels={"SegmentNumber": [1, 2]})
    by_channel = volume.normalize_mean_std(output_mean=3.0, output_std=2.0).array
    assert by_channel.dtype == np.float32
    assert np.allclose(by_channel.mean(axis=(0, 1, 2), dtype=np.float64), 3.0, atol=1e-3)
    assert np.allclose(by_channel.std(axis=(0, 1, 2), dtype=np.float64), 2.0, atol=1e-3)
    together = volume.normalize_mean_std(per_channel=False).array.astype(np.float64)
    assert (together.mean(), together.std()) == pytest.approx((0.0, 1.0), abs=1e-3)
    constant = make(np.full((3, 4, 5), 7))
    assert constant.normalize_mean_std(output_mean=3.0).array[0, 0, 0] == 3.0
    assert constant.normalize_min_max(2.0, 5.0).array[0, 0, 0] == 2.0
    assert make(ARRAY > 3).normalize_min_max().array.max() == 1.0


def test_values_may_be_clipped_and_converted() -> None:
    assert make().clip(3, None).array.min() == 3
    assert make().clip(None, None).array.max() == 59
    assert make().astype(np.float32).dtype == np.float32
    assert make(ARRAY % 2).astype(bool).dtype == np.bool_
    with pytest.raises(ValueError, match="values other than 0 and 1"):
        make().astype(bool)


def test_channels_are_selected_by_value_and_removed() -> None:
    volume = segments()
    assert volume.get_channel(SegmentNumber=2).shape == (3, 4, 5)
    kept = volume.get_channel(SegmentNumber=2, keepdims=True)
    assert (kept.shape, kept.get_channel_values("SegmentNumber")) == ((3, 4, 5, 1), [2])
    assert kept.squeeze_channel().shape == (3, 4, 5)
    assert volume.squeeze_channel().shape == volume.shape
    with pytest.raises(RuntimeError, match="has 2 values and cannot be removed"):
        volume.squeeze_channel(["SegmentNumber"])
    with pytest.raises(ValueError, match=r"Channel SegmentNumber has no value 3; its values: \[1, 2\]"):
        volume.get_channel(SegmentNumber=3)
    with pytest.raises(ValueError, match="has no channel 'Foo'; its channels: SegmentNumber"):
        volume.get_channel(Foo=3)


def test_channels_are_found_by_keyword_tag_and_descriptor() -> None:
    volume = segments()
    for identifier in ("SegmentNumber", 0x00620004, ChannelDescriptor("SegmentNumber")):
        assert volume.get_channel_values(identifier) == [1, 2]


def test_channel_axes_change_order_with_their_meaning() -> None:
    array = np.arange(360).reshape(3, 4, 5, 2, 3)
    volume = make(array, channels={"SegmentNumber": [1, 2], RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]})
    swapped = volume.permute_channel_axes(["RGBColorChannel", "SegmentNumber"])
    assert swapped.channel_shape == (3, 2)
    assert swapped.get_channel_values("RGBColorChannel")[0] is RGBColorChannels.R
    assert np.array_equal(swapped.array, array.swapaxes(3, 4))
    assert np.array_equal(
        swapped.get_channel(RGBColorChannel="G", SegmentNumber=2).array,
        volume.get_channel(SegmentNumber=2, RGBColorChannel=RGBColorChannels.G).array,
    )
    with pytest.raises(ValueError, match="expected each of 2 once"):
        volume.permute_channel_axes(["SegmentNumber"])


@pytest.mark.parametrize(
    ("array", "channels", "kind", "words"),
    [
        (ARRAY[0], None, ValueError, "expected at least the axes plane, row and column"),
        (ARRAY.tolist(), None, TypeError, "array is a list; expected a NumPy array"),
        (ARRAY.astype(complex), None, ValueError, "data type complex128"),
        (ARRAY[:0], None, ValueError, "expected at least one voxel"),
        (ARRAY[..., None], None, ValueError, "describes 0 axes, but the array has 1"),
        (ARRAY[..., None], {"SegmentNumber": [1, 2]}, ValueError, "2 values of SegmentNumber, but its axis"),
        (ARRAY[..., None], {"SegmentNumber": ["a"]}, TypeError, "value of channel SegmentNumber is 'a'; expected int"),
        (ARRAY[..., None], {RGB_COLOR_CHANNEL_DESCRIPTOR: ["X"]}, ValueError, "not a value of channel RGBColorChannel"),
        (ARRAY[..., None, None], {"SegmentNumber": [1], 0x00620004: [1]}, ValueError, "SegmentNumber twice"),
    ],
)
def test_arrays_and_channels_that_do_not_fit_are_named(
    array: np.ndarray, channels: dict[object, object] | None, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        make(array, channels=channels)


@pytest.mark.parametrize(
    ("affine", "words"),
    [
        (AFFINE[:3], r"affine has shape \(3, 4\)"),
        (AFFINE * 2, "last row of affine"),
        (np.diag([0.0, 1, 1, 1]), "axis without length"),
        (AFFINE + np.array([[0.2, 0, 0, 0]] + [[0.0] * 4] * 3), "not at right angles"),
    ],
)
def test_matrices_that_place_no_volume_are_named(affine: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Volume(ARRAY, affine, "PATIENT")


def test_conventions_belong_to_patients() -> None:
    volume = Volume(ARRAY, AFFINE, "PATIENT", from_reference_convention="RAS")
    assert volume.position == (-10.0, -20.0, 30.0)
    with pytest.raises(TypeError, match="cannot be used with 'SLIDE'"):
        Volume(ARRAY, AFFINE, "SLIDE", from_reference_convention="RAS")


def test_another_array_keeps_the_geometry() -> None:
    volume = segments()
    assert volume.with_array(ARRAY).channel_shape == ()
    assert volume.with_array(volume.array * 2).channel_descriptors == volume.channel_descriptors
    assert volume.get_geometry().with_array(volume.array, {"SegmentNumber": [1, 2]}).geometry_equal(volume)
    with pytest.raises(ValueError, match=r"its first three axes must be \(3, 4, 5\)"):
        volume.with_array(ARRAY[:2])
    with pytest.raises(ValueError, match="pass 'channels'"):
        volume.with_array(np.zeros((3, 4, 5, 7)))
    volume.array = volume.array + 1
    with pytest.raises(ValueError, match="use with_array"):
        volume.array = ARRAY


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda volume: pickle.loads(pickle.dumps(volume))])
def test_volumes_survive_copying_and_pickling(duplicate: object) -> None:
    volume = segments().permute_spatial_axes((2, 1, 0))
    again = duplicate(volume)  # type: ignore[operator]
    assert again.geometry_equal(volume, tol=None)
    assert np.array_equal(again.array, volume.array)
    assert again.channel_descriptors == volume.channel_descriptors
    assert duplicate(volume.get_geometry()).geometry_equal(volume)  # type: ignore[operator]


def test_points_are_checked_against_the_bounds() -> None:
    volume = make()
    corner = volume.map_indices_to_reference(np.array([[-0.5, -0.5, 4.5]]))
    assert volume.map_reference_to_indices(corner, check_bounds=True).tolist() == [[-0.5, -0.5, 4.5]]
    with pytest.raises(RuntimeError, match="outside the volume"):
        volume.map_reference_to_indices(corner + 0.1, check_bounds=True)
    assert volume.map_reference_to_indices(corner, round_output=True).dtype == np.int64


class Phase(Enum):
    REST = "rest"


def test_descriptors_name_attributes_or_things_of_ones_own() -> None:
    segment = ChannelDescriptor(0x00620004)
    assert (segment.keyword, segment.description, segment.value_type) == ("SegmentNumber", "Segment Number", int)
    assert segment == ChannelDescriptor("SegmentNumber") == ChannelDescriptor(segment)
    assert hash(segment) == hash(ChannelDescriptor("SegmentNumber"))
    assert segment != "SegmentNumber"
    assert ChannelDescriptor("AcquisitionDateTime").value_type is str
    phase = ChannelDescriptor("Phase", is_custom=True, value_type=Phase)
    assert (phase.tag, phase.description, phase.is_custom, phase.is_enumerated) == (None, None, True, True)
    assert RGB_COLOR_CHANNEL_DESCRIPTOR.value_type is RGBColorChannels


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("foo",), ValueError, "no attribute 'foo'; to use a name of your own, pass is_custom=True"),
        (("PixelData",), ValueError, "cannot describe a channel"),
        ((1.5,), TypeError, "neither a keyword nor a tag"),
        (("foo", True), TypeError, "Pass the 'value_type'"),
        (("foo", True, list), ValueError, "expected str, int, float, Enum"),
        ((5, True, int), TypeError, "is not a text"),
        (("SegmentNumber", True, int), ValueError, "keyword of an attribute"),
        (("SegmentNumber", False, int), TypeError, "only with is_custom=True"),
        ((0x00291010,), ValueError, "no attribute"),
    ],
)
def test_wrong_descriptors_are_named(arguments: tuple[object, ...], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        ChannelDescriptor(*arguments)  # type: ignore[arg-type]
