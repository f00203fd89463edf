"""Change every element of valid objects mechanically; nothing that dciodvfy finds and the standard says is missed.

``python tests/interop/test_mutations.py [KIND…]`` makes all changes instead of a sample, and lists what is missed.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mutations import mutated, mutations_of

import hdcore
from hdcore.testing.interop import dciodvfy

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

STRIDE = 11
"""Of the changes, every so many is made by the test."""
DISPUTED = (
    # Whether a structure is paired cannot be told where Body Part Examined says nothing known (PS3.3 C.7.3.1).
    (r"/Laterality\(0020,0060\)", r"BodyPartExamined|Laterality"),
    # A sequence of type 3 without items is as good as absent (PS3.5 7.4.5), of which we warn.
    (r"Items = <0> .*|Value Multiplicity for Type 3 Optional", r"emptied"),
    # Enhanced General Equipment is for the user to support (PS3.3 A.70), and shares its attributes with another module.
    (r"Module=<EnhancedGeneralEquipment>", r"emptied"),
    # An attribute whose condition does not hold is a warning of ours.
    (r"Attribute present when condition unsatisfied", r"deleted|emptied|wrong value|representation"),
    # Dimension indices order positions in the stack; that they equal them is not said (PS3.3 C.7.6.17.1).
    (r"DimensionIndexValue for InStackPositionNumber", r"InStackPositionNumber"),
    # Demanded of TILED_FULL by the editions that could be read (PS3.3 C.8.12.14).
    (r"/ImageOrientationSlide|/PatientOrientation", r"ImageOrientationSlide"),
)
"""What dciodvfy reports, after which changes, though the standard does not say so, or not for certain."""


class Outcome(NamedTuple):
    """Who found a change."""

    kind: str
    change: str
    by_hdcore: bool
    by_dciodvfy: list[str]

    @property
    def is_missed(self) -> bool:
        return not self.by_hdcore and not all(
            any(re.search(error, one) and re.search(change, self.change) for error, change in DISPUTED)
            for one in self.by_dciodvfy
        )


def outcomes(objects: dict[str, bytes], folder: Path, stride: int) -> Iterator[Outcome]:
    number = 0
    for kind, content in objects.items():
        before = _errors(content, folder)
        for mutation in mutations_of(content):
            number += 1
            if number % stride == 0:
                broken = mutated(content, mutation)
                told = [error for error in _errors(broken, folder) if error not in before]
                yield Outcome(kind, str(mutation), not hdcore.validate(broken), told)


def _errors(content: bytes, folder: Path) -> list[str]:
    path = folder / "instance.dcm"
    path.write_bytes(content)
    return dciodvfy(path)


def _scores(found: list[Outcome]) -> str:
    counts = Counter((one.by_hdcore, bool(one.by_dciodvfy)) for one in found)
    ours = counts[True, True] + counts[True, False]
    theirs = counts[True, True] + counts[False, True]
    return (
        f"of {len(found)} changes: hdcore finds errors in {ours}, dciodvfy in {theirs}, both in {counts[True, True]}, "
        f"hdcore alone in {counts[True, False]}, dciodvfy alone in {counts[False, True]}, "
        f"of which {sum(one.is_missed for one in found)} are beyond dispute"
    )


def test_nothing_that_dciodvfy_finds_is_missed(
    valid_objects: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(outcomes(valid_objects, tmp_path, STRIDE))
    with capsys.disabled():
        sys.stdout.write(f"\n{_scores(found)}\n")
    assert len(found) > 500
    assert len({one.kind for one in found}) == len(valid_objects)
    assert [one for one in found if one.is_missed] == []
    assert sum(one.by_hdcore for one in found) >= sum(bool(one.by_dciodvfy) for one in found)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    import valid_objects as made

    chosen = {kind: content for kind, content in made.by_hdcore().items() if kind in (sys.argv[1:] or [kind])}
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as scratch:
        all_of_them = list(outcomes(chosen, Path(scratch), 1))
    for one in all_of_them:
        if one.is_missed:
            sys.stdout.write(f"{one.kind}: {one.change}: {one.by_dciodvfy}\n")
    sys.stdout.write(f"{_scores(all_of_them)}\n")
