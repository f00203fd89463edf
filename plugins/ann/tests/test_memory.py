"""Beside the coordinates that come in or go out, no step holds more than one copy of them."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import hdcore as hd
import numpy as np
import pytest
from pydicom.sr.coding import Code

from hdcore_ann import Measurements, Shapes, annread

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT, POINTS = 20_000, 50
SIZE = COUNT * POINTS * 2 * 4


@pytest.fixture(scope="module")
def polygons() -> list[np.ndarray]:
    """Regular polygons, as views of one array."""
    angles = np.linspace(0, 2 * np.pi, POINTS, endpoint=False)
    circle = 10 * np.column_stack([np.cos(angles), np.sin(angles)])
    centres = np.random.default_rng(0).random((COUNT, 1, 2)) * 40_000
    return list((centres + circle).astype(np.float32))


@pytest.fixture
def example(group, instance, polygons):
    area = Measurements(Code("42798000", "SCT", "Area"), np.ones(COUNT), Code("um2", "UCUM", "square micrometer"))
    made = instance([group("POLYGON", polygons, measurements=[area])])
    hd.validate(made)  # loads the tables of the standard
    return made


@contextmanager
def at_most(copies: float) -> Iterator[None]:
    """Fail if the peak of what is allocated meanwhile exceeds so many times the coordinates' bytes."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < copies * SIZE


def test_creating_holds_one_copy(group, instance, polygons, example) -> None:
    with at_most(1.3):
        instance([group("POLYGON", polygons)])
    flat = example.get_annotation_group(1).get_shapes()
    with at_most(0.3):
        instance([group("POLYGON", Shapes("POLYGON", flat.points, flat.offsets))])


def test_saving_holds_none(example, tmp_path) -> None:
    with at_most(0.1):
        example.save_as(tmp_path / "ann.dcm")


def test_opening_holds_none_and_reading_one(example, tmp_path) -> None:
    example.save_as(tmp_path / "ann.dcm")
    with at_most(0.1):
        opened = annread(tmp_path / "ann.dcm").get_annotation_group(1)
        assert opened.get_coordinates(COUNT // 2, "2D").shape == (POINTS, 2)
    with at_most(1.2):
        assert len(opened.get_shapes()) == COUNT
    with at_most(1.7):
        assert len(opened.find_annotations((0, 0, 9, 9))) < COUNT


def test_validating_makes_no_object_per_number(example) -> None:
    with at_most(1.3):
        assert hd.validate(example)
