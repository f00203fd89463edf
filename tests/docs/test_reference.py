"""Every public name has a place in the reference."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import ismodule
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
DIRECTIVE = re.compile(r"^\.\. auto(module|class|function|data):: (\S+)$", re.MULTILINE)
PACKAGES = ["hdcore", *(f"hdcore_{name}" for name in ("ann", "ko", "legacy", "pm", "pr", "sc", "seg", "sr"))]
NAMESPACES = [
    f"hdcore.{name}"
    for name in (
        *("coding_schemes", "color", "content", "enums", "errors", "frame", "io", "pixels", "registry", "spatial"),
        *("testing", "utils", "validation", "valuerep", "volume"),
    )
]
IN_WORDS = {"hookimpl", "hookspec"}  # markers without a docstring of their own


def named_by(kind: str, target: str) -> list[object]:
    """Give what a directive puts on its page."""
    if kind != "module":
        module, _, name = target.rpartition(".")
        return [getattr(import_module(module), name)]
    module = import_module(target)
    return [module, *(getattr(module, name) for name in getattr(module, "__all__", ()))]


@pytest.fixture(scope="module")
def documented() -> list[object]:
    pages = sorted(REFERENCE.glob("*.md"))
    found = [DIRECTIVE.findall(page.read_text(encoding="utf-8")) for page in pages]
    assert sum(map(len, found)) > 30
    return [thing for directives in found for kind, target in directives for thing in named_by(kind, target)]


@pytest.mark.parametrize("package", PACKAGES + NAMESPACES)
def test_every_public_name_is_in_the_reference(package: str, documented: list[object]) -> None:
    if package.startswith("hdcore_"):
        pytest.importorskip(package, reason="the plugin is not installed")
    public: ModuleType = import_module(package)
    missing = [
        name
        for name in public.__all__
        if not (ismodule(value := getattr(public, name)) and package == "hdcore")  # pages are named after them
        and name not in IN_WORDS
        and not any(value is thing for thing in documented)
    ]
    assert public.__all__
    assert not missing
