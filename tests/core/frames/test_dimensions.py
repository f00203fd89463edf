from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from hdcore import PlanePositionSequence
from hdcore.frames import dimensions as dim
from hdcore.frames.table import FrameTable
from hdcore.testing.sources import ct_series, enhanced_ct

AXIAL = (1, 0, 0, 0, 1, 0)


def test_index_values_count_distinct_values_from_one():
    table = FrameTable(4, {"stack_id": ["b", "a", "b", "a"], "in_stack_position_number": [5, 9, 9, 5]})
    values = dim.index_values(table, (dim.STACK_ID, dim.IN_STACK_POSITION))
    assert values.tolist() == [[2, 1], [1, 2], [2, 2], [1, 1]]


def test_positions_are_counted_along_the_normal_of_a_volume():
    table = FrameTable(3, {"image_position": [[0, 0, 1], [0, 0, 3], [0, 0, 2]]})
    assert dim.ranks(table, dim.IMAGE_POSITION, AXIAL).tolist() == [3, 1, 2]
    assert dim.ranks(table, dim.IMAGE_POSITION).tolist() == [1, 3, 2]


def test_a_shared_dimension_has_one_value():
    assert dim.ranks(FrameTable(2, shared={"stack_id": ["1"]}), dim.STACK_ID).tolist() == [1, 1]
    assert dim.index_values(FrameTable(2), ()).shape == (2, 0)


def test_the_dimension_module_is_put_into_a_dataset():
    dataset = Dataset()
    dim.put_dimensions(dataset, (dim.STACK_ID, dim.IMAGE_POSITION), "3D")
    assert [item.DimensionIndexPointer for item in dataset.DimensionIndexSequence] == [0x00209056, 0x00200032]
    assert dataset.DimensionIndexSequence[1].FunctionalGroupPointer == 0x00209113
    uids = {item.DimensionOrganizationUID for item in dataset.DimensionIndexSequence}
    assert uids == {dataset.DimensionOrganizationSequence[0].DimensionOrganizationUID}
    assert dataset.DimensionOrganizationType == "3D"


def test_the_sequence_knows_its_dimensions():
    sequence = dim.DimensionIndexSequence("SLIDE", leading=(dim.STACK_ID,))
    assert len(sequence) == 3
    assert sequence.get_index_keywords() == [
        "RowPositionInTotalImagePixelMatrix",
        "ColumnPositionInTotalImagePixelMatrix",
    ]
    assert sequence.get_index_position("ColumnPositionInTotalImagePixelMatrix") == 2
    with pytest.raises(ValueError, match="no dimension 'FrameLabel'"):
        sequence.get_index_position("FrameLabel")
    assert len(dim.DimensionIndexSequence(None)) == 1


def test_values_and_order_of_positions():
    positions = [PlanePositionSequence("PATIENT", [0, 0, z]) for z in (3, 1, 2)]
    sequence = dim.DimensionIndexSequence("PATIENT")
    values, order = sequence.get_index_values(positions)
    assert values.shape == (3, 1, 3)
    assert order.tolist() == [1, 2, 0]
    assert sequence.get_index_values(positions, AXIAL)[1].tolist() == [1, 2, 0]
    assert sequence.get_index_values(positions, AXIAL, "DR")[1].tolist() == [0, 2, 1]
    assert sequence.get_index_values(positions, AXIAL, handedness="LEFT_HANDED")[1].tolist() == [0, 2, 1]
    with pytest.raises(ValueError, match="more than once"):
        sequence.get_index_values([*positions, positions[0]])


def test_order_equals_that_of_highdicom():
    highdicom = pytest.importorskip("highdicom")
    rng = np.random.default_rng(0)
    places = [(x, y) for x in (1, 9, 17) for y in (1, 9)]
    rng.shuffle(places)
    ours = [PlanePositionSequence("SLIDE", [x, y, 0], (x, y)) for x, y in places]
    theirs = [highdicom.PlanePositionSequence("SLIDE", [x, y, 0], (x, y)) for x, y in places]
    with pytest.warns(UserWarning, match="deprecated"):
        expected = highdicom.pm.content.DimensionIndexSequence("SLIDE").get_index_values(theirs)
    actual = dim.DimensionIndexSequence("SLIDE").get_index_values(ours)
    np.testing.assert_array_equal(actual[0], expected[0])
    np.testing.assert_array_equal(actual[1], expected[1])


def test_positions_are_found_in_images():
    sequence = dim.DimensionIndexSequence("PATIENT")
    assert len(sequence.get_plane_positions_of_series(ct_series(2))) == 2
    assert len(sequence.get_plane_positions_of_image(enhanced_ct(3))) == 3
    with pytest.raises(ValueError, match="get_plane_positions_of_series"):
        sequence.get_plane_positions_of_image(ct_series(1)[0])
    with pytest.raises(ValueError, match="get_plane_positions_of_image"):
        sequence.get_plane_positions_of_series([enhanced_ct(3)])
