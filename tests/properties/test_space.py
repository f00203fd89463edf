"""Laws of affine matrices, orientations, rearrangements and tiles."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcore import Volume, VolumeGeometry, spatial
from hdcore.spatial.reindex import Reindex

ORIENTATIONS = [
    "".join(letters) for axes in itertools.permutations(("LR", "AP", "HF")) for letters in itertools.product(*axes)
]
sizes = st.tuples(*[st.integers(1, 6)] * 3)
orders = st.permutations(range(3))
spacings = st.tuples(*[st.sampled_from([0.5, 0.75, 1.0, 2.5])] * 3)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    shape = draw(sizes)
    return Volume.from_components(
        np.arange(np.prod(shape)).reshape(shape),
        spacing=draw(spacings),
        coordinate_system="PATIENT",
        position=draw(st.tuples(*[st.integers(-50, 50)] * 3)),
        patient_orientation=draw(st.sampled_from(ORIENTATIONS)),
    )


@st.composite
def rearrangements(draw: st.DrawFn, shape: tuple[int, int, int]) -> Reindex:
    kind = draw(st.sampled_from(["permutation", "flip", "crop"]))
    if kind == "permutation":
        return Reindex.permutation(shape, draw(orders))
    if kind == "flip":
        return Reindex.flip(shape, draw(st.lists(st.integers(0, 2), unique=True)))
    starts = [draw(st.integers(0, size - 1)) for size in shape]
    return Reindex.window(
        shape, starts, [draw(st.integers(1, size - start)) for size, start in zip(shape, starts, strict=True)]
    )


@given(st.data(), sizes)
def test_composed_rearrangements_are_those_one_after_the_other(
    data: st.DataObject, shape: tuple[int, int, int]
) -> None:
    array = np.arange(np.prod(shape)).reshape(shape)
    composed, stepwise = Reindex.identity(shape), array
    for _ in range(data.draw(st.integers(1, 4))):
        step = data.draw(rearrangements(composed.shape))
        composed, stepwise = composed.then(step), step.view(stepwise)
    assert np.array_equal(composed.view(array), stepwise)
    assert composed.shape == stepwise.shape
    index = np.array([0, 0, 0, 1.0])
    first, second, third = (composed.matrix @ index)[:3].astype(int)
    assert array[first, second, third] == stepwise[0, 0, 0]


@given(volumes(), st.sampled_from(ORIENTATIONS))
def test_turning_to_an_orientation_and_back_changes_nothing(volume: Volume, orientation: str) -> None:
    present = volume.get_closest_patient_orientation()
    turned = volume.to_patient_orientation(orientation)
    assert "".join(direction.value for direction in turned.get_closest_patient_orientation()) == orientation
    back = turned.to_patient_orientation(present)
    assert back.geometry_equal(volume)
    assert np.array_equal(back.array, volume.array)


@given(volumes(), sizes, st.tuples(*[st.integers(-8, 8)] * 3), st.sampled_from(ORIENTATIONS))
@settings(max_examples=200)
def test_matching_a_grid_puts_every_voxel_where_it_was(
    volume: Volume, shape: tuple[int, int, int], offset: tuple[int, int, int], orientation: str
) -> None:
    affine = volume.affine
    affine[:3, 3] += affine[:3, :3] @ offset
    target = VolumeGeometry(affine, shape, "PATIENT").to_patient_orientation(orientation)
    matched = volume.match_geometry(target, constant_value=-1)
    assert matched.geometry_equal(target)
    for index in np.ndindex(*matched.spatial_shape):
        source = volume.map_reference_to_indices(
            matched.map_indices_to_reference(np.array([index])), round_output=True
        )[0]
        inside = all(0 <= at < size for at, size in zip(source, volume.spatial_shape, strict=True))
        assert matched.array[index] == (volume.array[tuple(source)] if inside else -1)


@given(volumes(), sizes)
def test_geometry_and_array_stay_in_step_when_padded_and_cropped(volume: Volume, shape: tuple[int, int, int]) -> None:
    result = volume.pad_or_crop_to_spatial_shape(shape)
    assert result.get_geometry().geometry_equal(volume.get_geometry().pad_or_crop_to_spatial_shape(shape), tol=None)
    assert result.shape == shape


@pytest.mark.parametrize("first", ORIENTATIONS[::5])
@pytest.mark.parametrize("second", ORIENTATIONS[::7])
def test_changing_conventions_there_and_back_changes_nothing(first: str, second: str) -> None:
    affine = np.array([[1.0, 0, 0, 5], [0, 2, 0, 6], [0, 0, 3, 7], [0, 0, 0, 1]])
    other = spatial.convert_affine_to_convention(affine, first, second)
    assert np.array_equal(spatial.convert_affine_to_convention(other, second, first), affine)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 40), st.integers(1, 40))
def test_tiles_cover_every_pixel_once(rows: int, columns: int, total_rows: int, total_columns: int) -> None:
    grid = spatial.TileGrid(rows, columns, total_rows, total_columns)
    covered = np.zeros((total_rows, total_columns), int)
    for column, row in grid.offsets():
        covered[row : row + rows, column : column + columns] += 1
    assert (covered == 1).all()
    assert len(grid) == len(list(spatial.tile_pixel_matrix(total_rows, total_columns, rows, columns)))


@given(st.integers(2, 30), st.floats(0.1, 10.0), st.randoms(use_true_random=False))
def test_a_shuffled_stack_is_found_again(count: int, spacing: float, random: object) -> None:
    order = list(range(count))
    random.shuffle(order)  # type: ignore[attr-defined]
    positions = np.array([[3.0, 4.0, -spacing * place] for place in order])
    stack = spatial.find_stack(positions, [1, 0, 0, 0, 1, 0])
    assert stack.spacing == pytest.approx(spacing)
    assert stack.indices.tolist() == order
