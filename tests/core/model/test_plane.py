from __future__ import annotations

import copy
import pickle

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from hdcore import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence
from hdcore.model.plane import slide_position


def test_pixel_measures_hold_spacing_and_thickness():
    (measures,) = PixelMeasuresSequence([1 / 3, 2], 1.5, 2)
    assert [str(value) for value in measures.PixelSpacing] == ["0.33333333333333", "2.0"]
    assert measures.SliceThickness == 1.5
    assert measures.SpacingBetweenSlices == 2


def test_pixel_measures_leave_out_an_unknown_thickness():
    assert "SliceThickness" not in PixelMeasuresSequence([1, 1], None)[0]


@pytest.mark.parametrize(
    ("spacing", "thickness"), [([0.1], None), ([1, -1], None), ([0, 1], None), ([1, 1, 1], None), ([1, 1], -1)]
)
def test_impossible_pixel_measures_are_refused(spacing, thickness):
    with pytest.raises(ValueError, match=r"pixel_spacing|slice_thickness"):
        PixelMeasuresSequence(spacing, thickness)


def test_a_position_in_the_patient_is_three_coordinates():
    (position,) = PlanePositionSequence("PATIENT", [1, 2, 3])
    assert position.ImagePositionPatient == [1, 2, 3]
    with pytest.raises(ValueError, match="image_position has 2 values"):
        PlanePositionSequence("PATIENT", [1, 2])


def test_a_position_on_the_slide_is_an_offset_and_a_place_in_the_matrix():
    (position,) = PlanePositionSequence("SLIDE", [1, 2, 3], (4, 5))
    assert position.ZOffsetInSlideCoordinateSystem == 3000  # in micrometres (PS3.3 C.8.12.2)
    assert slide_position(position) == (1, 2, 3)
    assert position.ColumnPositionInTotalImagePixelMatrix == 4
    assert position.RowPositionInTotalImagePixelMatrix == 5
    with pytest.raises(TypeError, match="pixel_matrix_position"):
        PlanePositionSequence("SLIDE", [1, 2, 3])


def test_an_unknown_coordinate_system_is_refused():
    with pytest.raises(ValueError, match="CoordinateSystemNames"):
        PlanePositionSequence("ROOM", [1, 2, 3])


@pytest.mark.parametrize(
    ("system", "keyword"), [("PATIENT", "ImageOrientationPatient"), ("SLIDE", "ImageOrientationSlide")]
)
def test_an_orientation_has_six_cosines(system, keyword):
    orientation = PlaneOrientationSequence(system, [1, 0, 0, 0, 1, 0])
    assert orientation.cosines == (1, 0, 0, 0, 1, 0)
    assert keyword in orientation[0]
    with pytest.raises(ValueError, match="image_orientation has 5 values"):
        PlaneOrientationSequence(system, [1, 0, 0, 0, 1])


@pytest.mark.parametrize(
    "sequence",
    [
        PixelMeasuresSequence([1, 2], 3),
        PlanePositionSequence("SLIDE", [1, 2, 3], (4, 5)),
        PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0]),
    ],
)
def test_sequences_survive_copying_pickling_and_reading(sequence):
    for other in (
        copy.deepcopy(sequence),
        pickle.loads(pickle.dumps(sequence)),
        type(sequence).from_sequence(Sequence([sequence[0]])),
    ):
        assert type(other) is type(sequence)
        assert other == sequence


def test_sequences_differ_by_value_and_by_kind():
    position = PlanePositionSequence("PATIENT", [1, 2, 3])
    assert position != PlanePositionSequence("PATIENT", [1, 2, 4])
    assert position != PlanePositionSequence("SLIDE", [1, 2, 3], (1, 1))
    assert position != 3


def test_taking_over_without_copying_shares_the_item():
    source = Sequence([PixelMeasuresSequence([1, 2], 3)[0]])
    assert PixelMeasuresSequence.from_sequence(source, copy=False)[0] is source[0]
    assert PixelMeasuresSequence.from_sequence(source)[0] is not source[0]


@pytest.mark.parametrize("kind", [PixelMeasuresSequence, PlanePositionSequence, PlaneOrientationSequence])
def test_what_cannot_be_taken_over_says_why(kind):
    with pytest.raises(TypeError, match="pydicom Sequence"):
        kind.from_sequence([])
    with pytest.raises(ValueError, match="exactly one item"):
        kind.from_sequence(Sequence())
    with pytest.raises(AttributeError, match="has n"):
        kind.from_sequence(Sequence([Dataset()]))
