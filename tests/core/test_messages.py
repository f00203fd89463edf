"""Messages name what was wrong in a line: a dataset or an array that was passed by mistake is not printed in them."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

import hdcore as hd
from hdcore import content
from hdcore.testing import sources
from hdcore.text import short

IMAGE = hd.Image.from_dataset(sources.enhanced_ct(frames=2))
VOLUME = IMAGE.get_volume()
NAME, UNIT = codes.SCT.Liver, codes.UCUM.Millimeter
AFFINE = np.eye(4)

TAKERS = {
    "code": content.CodedConcept.from_code,
    "meaning": lambda value: content.CodedConcept("1", "99X", value),
    "name": lambda value: content.TextContentItem(value, "x"),
    "text": lambda value: content.TextContentItem(NAME, value),
    "number": lambda value: content.NumContentItem(NAME, value, UNIT),
    "unit": lambda value: content.NumContentItem(NAME, 1.0, value),
    "uid": lambda value: content.UIDRefContentItem(NAME, value),
    "person": lambda value: content.PnameContentItem(NAME, value),
    "points": lambda value: content.ScoordContentItem(NAME, "POINT", value),
    "channels": lambda value: content.WaveformContentItem(NAME, "1.2", "1.3", [value]),
    "observer": lambda value: content.ObserverContext(value, None),
    "frame": IMAGE.get_frame,
    "frames": lambda value: IMAGE.get_frames([value]),
    "slice": lambda value: IMAGE.get_volume(slice_start=value),
    "dtype": lambda value: IMAGE.get_frames(dtype=value),
    "index": lambda value: VOLUME[value],
    "pad": VOLUME.pad,
    "orientation": VOLUME.to_patient_orientation,
    "affine": lambda value: hd.Volume(np.zeros((2, 2, 2)), value, "PATIENT"),
    "spacing": lambda value: hd.spatial.create_affine_matrix_from_components(spacing=value, position=(0, 0, 0)),
    "pixel spacing": lambda value: content.PixelMeasuresSequence(value, 1.0),
    "thickness": lambda value: content.PixelMeasuresSequence((1.0, 1.0), value),
    "transformer": lambda value: hd.spatial.PixelToReferenceTransformer.for_image(IMAGE, frame_number=value),
    "select": lambda value: hd.validate(Dataset(), select=[value]),
}


@pytest.mark.parametrize("taker", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("kind", ["dataset", "array"])
def test_what_is_passed_by_mistake_is_named_by_its_kind(taker, kind):
    value = sources.ct_series(1)[0] if kind == "dataset" else np.full((9, 9, 9), "x")
    with pytest.raises((TypeError, ValueError)) as caught:
        taker(value)
    assert len(str(caught.value)) < 250
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.0", "'1.0'"),
        (2, "2"),
        (None, "None"),
        ((2, [3.5, "x"]), "(2, [3.5, 'x'])"),
        (np.float32(2), "np.float32(2.0)"),
        ("x" * 200, "'" + "x" * 76 + "..."),
        ([1] * 17, "a list"),
        ([Dataset()], "a list"),
        (Dataset(), "a Dataset"),
        (np.zeros(3), "a ndarray"),
    ],
    ids=str,
)
def test_values_are_shown_as_they_are_if_they_are_short(value, shown):
    assert short(value) == shown
