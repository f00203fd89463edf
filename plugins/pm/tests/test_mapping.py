from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from pm_examples import ADC, DIFFUSION, NO_UNITS
from pydicom.dataset import Dataset

from hdcore_pm import RealWorldValueMapping


def _mapping(value_range=(0, 10), **options):
    return RealWorldValueMapping("label", "explanation", NO_UNITS, value_range, **options)


def test_a_line_maps_values_within_its_range():
    mapping = _mapping(slope=2, intercept=1)
    np.testing.assert_array_equal(mapping.apply(np.array([[0, 10]], np.uint8)), [[1, 21]])
    assert mapping.apply(np.array([3], np.uint8)).dtype == np.float64
    with pytest.raises(ValueError, match="from 0 to 20; the mapping 'label' is about 0 to 10"):
        mapping.apply(np.array([0, 20]))


def test_what_is_no_number_stays_so():
    values = np.array([0.0, np.nan, np.inf, 1.0])
    made = RealWorldValueMapping("l", "e", NO_UNITS, (0.0, 1.0), 2.0, 1.0)
    assert np.array_equal(made.apply(values), [1.0, np.nan, np.inf, 3.0], equal_nan=True)
    with pytest.raises(ValueError, match=r"from 0\.0 to 1\.5"):
        made.apply(np.array([0.0, np.nan, 1.5]))


def test_without_line_and_table_values_are_themselves():
    mapping = _mapping()
    assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1, 0)
    assert not mapping.has_lut()
    assert mapping.lut_data is None


def test_a_table_maps_integers_only():
    mapping = _mapping((1, 2), lut_data=[10, 20])
    assert mapping.has_lut()
    assert mapping.lut_data.tolist() == [10, 20]
    assert mapping.value_range == (1, 2)
    np.testing.assert_array_equal(mapping.apply(np.array([2, 1, 1])), [20, 10, 10])
    with pytest.raises(ValueError, match="expected an array of integers"):
        mapping.apply(np.array([1.0]))
    with pytest.raises(ValueError, match="is about 1 to 2"):
        mapping.apply(np.array([0]))


def test_the_type_of_the_range_tells_that_of_the_pixels():
    assert _mapping((0.0, 1.0)).is_floating_point()
    assert _mapping((0.0, 1.0)).value_range == (0, 1)
    assert not _mapping((0, 1)).is_floating_point()
    assert _mapping((-5, 1))["RealWorldValueFirstValueMapped"].VR == "SS"
    assert _mapping((0, 60000))["RealWorldValueLastValueMapped"].VR == "US"


def test_quantity_and_unit_are_codes():
    mapping = RealWorldValueMapping("ADC", "x", DIFFUSION, (0, 1), quantity_definition=ADC)
    assert mapping.unit == DIFFUSION
    assert mapping.quantity == ADC
    assert mapping.label == "ADC"
    assert _mapping().quantity is None
    definition = mapping.QuantityDefinitionSequence[0]
    assert definition.ConceptNameCodeSequence[0].CodeValue == "246205007"


def test_mappings_survive_copies_and_reading():
    mapping = _mapping(slope=2, intercept=1)
    read = RealWorldValueMapping.from_dataset(mapping)
    for other in (copy.deepcopy(mapping), pickle.loads(pickle.dumps(mapping)), read):
        assert other == mapping
        assert other.value_range == (0, 10)
    with pytest.raises(TypeError, match="read from a Dataset"):
        RealWorldValueMapping.from_dataset("mapping")
    with pytest.raises(AttributeError, match="neither RealWorldValueSlope nor a table"):
        RealWorldValueMapping.from_dataset(Dataset())


@pytest.mark.parametrize(
    ("arguments", "options", "error", "match"),
    [
        (("l" * 17, "e", NO_UNITS, (0, 1)), {}, ValueError, "lut_label"),
        (("l", "e" * 65, NO_UNITS, (0, 1)), {}, ValueError, "lut_explanation"),
        (("l", "e", "mm", (0, 1)), {}, TypeError, "coded concept"),
        (("l", "e", NO_UNITS, (5, 1)), {}, ValueError, "lower value first"),
        (("l", "e", NO_UNITS, (0, 70000)), {}, ValueError, "16 bits"),
        (("l", "e", NO_UNITS, (-5, 40000)), {}, ValueError, "16 bits"),
        (("l", "e", NO_UNITS, 5), {}, TypeError, "lowest and the highest"),
        (("l", "e", NO_UNITS, ("a", "b")), {}, TypeError, "two numbers"),
        (("l", "e", NO_UNITS, (0, 1)), {"slope": 1}, TypeError, "intercept is missing"),
        (("l", "e", NO_UNITS, (0, 1)), {"intercept": 1}, TypeError, "slope is missing"),
        (("l", "e", NO_UNITS, (0, 1)), {"slope": np.inf, "intercept": 0}, ValueError, "finite"),
        (("l", "e", NO_UNITS, (0, 1)), {"slope": "one", "intercept": 0}, TypeError, "slope is 'one'"),
        (("l", "e", NO_UNITS, (0, 1)), {"lut_data": ["a", "b"]}, TypeError, "lut_data is not a sequence of numbers"),
        (("l", "e", NO_UNITS, (0, 1)), {"lut_data": np.ones((2, 2))}, TypeError, "lut_data is not"),
        (("l", "e", NO_UNITS, (0, 1)), {"lut_data": 3}, TypeError, "lut_data is not"),
        (("l", "e", NO_UNITS, (0, 1)), {"lut_data": [1]}, ValueError, "has 1 entries; expected 2"),
        (("l", "e", NO_UNITS, (0.0, 1.0)), {"lut_data": [1, 2]}, ValueError, "floating-point"),
        (("l", "e", NO_UNITS, (0, 1)), {"lut_data": [1, 2], "slope": 1, "intercept": 1}, TypeError, "as well as slope"),
    ],
)
def test_what_is_no_mapping_is_refused(arguments, options, error, match):
    with pytest.raises(error, match=match):
        RealWorldValueMapping(*arguments, **options)
