"""The same call to highdicom and to hdcore, compared attribute by attribute; each difference is one of the standard."""

from __future__ import annotations

import io
import warnings

import hdcore
import numpy as np
import pydicom
import pytest
from hdcore.testing import sources
from pm_examples import floats, integers
from pydicom.sr.coding import Code

highdicom = pytest.importorskip("highdicom")

UNIT = Code("mm", "UCUM", "millimeter")
UIDS = ("1.2.3.1", "1.2.3.2")

EXPECTED = {
    # of the moment, or of who made it
    "InstanceCreationDate",
    "InstanceCreationTime",
    "ContentDate",
    "ContentTime",
    "ContributionDateTime",
    "DimensionOrganizationUID",
    "ContributingEquipmentSequence",
    # empty in ours, as it is required to be at least in other instances (PS3.3 10.9)
    "ContentCreatorName",
    # copied from the source, which highdicom does not do (PS3.3 C.7.3.1)
    "BodyPartExamined",
    # missing in highdicom's, though mandatory (PS3.3 A.75.5); Laterality is then not allowed (C.7.3.1)
    "FrameAnatomySequence",
    "Laterality",
}


def _difference(ours, theirs, path=""):
    for tag in sorted(set(ours.keys()) | set(theirs.keys())):
        keyword = pydicom.datadict.keyword_for_tag(tag)
        if keyword in EXPECTED:
            continue
        name = f"{path}{keyword}"
        if tag not in ours or tag not in theirs:
            yield f"{name} only in {'highdicom' if tag in theirs else 'hdcore'}"
        elif ours[tag].VR == "SQ":
            if len(ours[tag].value) != len(theirs[tag].value):
                yield f"{name}: {len(ours[tag].value)} and {len(theirs[tag].value)} items"
            for index, (one, other) in enumerate(zip(ours[tag].value, theirs[tag].value, strict=False)):
                yield from _difference(one, other, f"{name}[{index}]/")
        elif not _same(ours[tag].value, theirs[tag].value):
            yield f"{name}: {ours[tag].value!r} and {theirs[tag].value!r}"[:200]


def _same(one, other):
    try:
        return bool(np.allclose(np.asarray(one, float), np.asarray(other, float), rtol=1e-12))
    except (TypeError, ValueError):
        return (one or None) == (other or None) or str(one) == str(other)


def _make(library, images, array, ranges, **options):
    mappings = [
        [library.pm.RealWorldValueMapping(label, "explained", UNIT, each, slope=2, intercept=1)]
        for label, each in zip("ab", ranges, strict=False)
    ]
    windows = [library.VOILUTTransformation(window_center=100, window_width=200)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return library.pm.ParametricMap(
            images, array, UIDS[0], 1, UIDS[1], 1, "Acme", "Mapper", "1", "42", False,
            mappings[0] if array.ndim < 4 else mappings, voi_lut_transformations=windows, **options,
        )  # fmt: skip


def _both(images, array, ranges, **options):
    made = []
    for library in (hdcore, highdicom):
        buffer = io.BytesIO()
        _make(library, images, array, ranges, **options).save_as(buffer)
        buffer.seek(0)
        made.append(pydicom.dcmread(buffer))
    return made


INTEGERS, FLOATS = [(0, 255), (0, 255)], [(0.0, 1.0), (0.0, 1.0)]
CASES = {
    "series": lambda: (sources.ct_series(3), integers(3, 32, 32), INTEGERS),
    "shuffled": lambda: ([sources.mr_series(4)[i] for i in (2, 0, 3, 1)], integers(4, 32, 32), INTEGERS),
    "floats": lambda: (sources.ct_series(3), floats(3, 32, 32), FLOATS),
    "doubles": lambda: ([sources.enhanced_ct(4)], floats(4, 32, 32, dtype=np.float64), FLOATS),
    "tiles": lambda: ([sources.slide(organization="TILED_SPARSE")], integers(20, 16, 16), INTEGERS),
}


@pytest.mark.parametrize("case", CASES)
def test_datasets_are_the_same(case):
    ours, theirs = _both(*CASES[case]())
    assert list(_difference(ours, theirs)) == []


def test_a_tiled_slide_is_the_same():
    options = {"tile_pixel_array": True, "dimension_organization_type": "TILED_FULL", "tile_size": (20, 20)}
    ours, theirs = _both([sources.slide()], integers(50, 70), INTEGERS, **options)
    assert list(_difference(ours, theirs)) == []


def test_quantities_are_a_dimension_of_ours():
    """Highdicom gives frames of different quantities at one place the same indices, against PS3.3 C.7.6.17.1."""
    ours, theirs = _both(sources.ct_series(3), integers(3, 32, 32, 2), INTEGERS)
    differences = [each for each in _difference(ours, theirs) if "Dimension" not in each]
    assert differences == []
    assert len(ours.DimensionIndexSequence) == len(theirs.DimensionIndexSequence) + 1


def test_integers_have_sixteen_bits_in_ours():
    """Highdicom stores bytes in 8 bits, though Bits Allocated is 16, 32 or 64 (PS3.3 C.8.32.2)."""
    ours, theirs = _both(sources.ct_series(2), integers(2, 32, 32, dtype=np.uint8), INTEGERS)
    different = {each.split(":")[0].split(" ")[0] for each in _difference(ours, theirs)}
    assert different == {"BitsAllocated", "BitsStored", "HighBit", "PixelData"}


@pytest.mark.parametrize("case", CASES)
def test_highdicom_reads_ours_and_we_read_theirs(case):
    ours, theirs = _both(*CASES[case]())
    mine = hdcore.pm.ParametricMap.from_dataset(theirs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = highdicom.pm.ParametricMap.from_dataset(ours)
        if case == "tiles":
            np.testing.assert_allclose(other.get_total_pixel_matrix(), mine.get_total_pixel_matrix())
            return
        if ours.BitsAllocated == 16:
            np.testing.assert_allclose(other.get_volume().array, mine.get_volume().array)
    np.testing.assert_allclose(other.get_volume_geometry().affine, mine.get_volume_geometry().affine)


def test_mappings_give_the_same_values():
    array = np.arange(11, dtype=np.uint16)
    for options in ({"slope": 2.5, "intercept": -1}, {"lut_data": list(range(11))}, {}):
        ours = hdcore.pm.RealWorldValueMapping("a", "b", UNIT, (0, 10), **options)
        theirs = highdicom.pm.RealWorldValueMapping("a", "b", UNIT, (0, 10), **options)
        np.testing.assert_array_equal(ours.apply(array), theirs.apply(array))
        assert list(_difference(ours, theirs)) == []
