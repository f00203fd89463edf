"""What making and reading objects imports: nothing that takes long and is not needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import io, sys
import numpy as np
import hdcore as hd
from hdcore.content import Concept
from hdcore.testing import sources

images = sources.ct_series(slices=2)
LIVER, TISSUE = Concept("10200004", "SCT", "Liver"), Concept("85756007", "SCT", "Tissue")
ONE = Concept("1", "UCUM", "1")
GIVEN = (hd.UID(), 1, hd.UID(), 1, "Acme", "Maker", "1", "42")

def seg():
    described = [hd.seg.SegmentDescription(1, "a", TISSUE, LIVER, "MANUAL")]
    mask = np.eye(32, dtype=np.uint8)[None].repeat(2, axis=0)
    return hd.seg.Segmentation(images, mask, "BINARY", described, *GIVEN)

def pm():
    mapping = hd.pm.RealWorldValueMapping("a", "b", ONE, (0.0, 1.0), slope=1, intercept=0)
    values = np.zeros((2, 32, 32), np.float32)
    return hd.pm.ParametricMap(images, values, *GIVEN, False, [mapping], 1, 2)

def ann():
    square = np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 4.0]])
    group = hd.ann.AnnotationGroup(1, hd.UID(), "c", TISSUE, LIVER, "POLYGON", [square, square + 5], "MANUAL")
    return hd.ann.MicroscopyBulkSimpleAnnotations([sources.slide()], "2D", [group], *GIVEN)

def read(name, instance):
    if name != "ann":
        return instance.get_volume()
    return instance.get_annotation_groups()[0].get_graphic_data("2D")

name = sys.argv[1]
file = io.BytesIO()
globals()[name]().save_as(file)
read(name, hd.read(file.getvalue()))
print(*({"numpy.ma", "pydicom.sr.codedict", "pandas", "shapely"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("name", ["seg", "pm", "ann"])
def test_nothing_that_takes_long_is_imported(name):
    run = subprocess.run([sys.executable, "-c", PROGRAM, name], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == ""
