"""The examples of the documentation run, page by page, each page from top to bottom in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

sybil = pytest.importorskip("sybil", reason="the examples are found with sybil")

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for pattern in ("README.md", "docs/**/*.md", "plugins/*/README.md")
    for path in ROOT.glob(pattern)
    if "```python" in path.read_text(encoding="utf-8") and "_build" not in path.parts
)


def test_there_are_pages_with_examples():
    assert len(PAGES) >= 10


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_run(page, tmp_path, monkeypatch):
    from sybil.document import Document
    from sybil.parsers.markdown import PythonCodeBlockParser

    monkeypatch.chdir(tmp_path)
    examples = list(Document.parse(str(page), PythonCodeBlockParser()).examples())
    assert examples
    for example in examples:
        example.evaluate()
