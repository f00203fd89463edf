"""Every page can be reached from the start page."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
TREE = re.compile(r"^```\{toctree\}\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_start_page_lists_every_page_once():
    trees = TREE.findall((DOCS / "index.md").read_text(encoding="utf-8"))
    listed = [line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")]
    folders = ("tutorial", "how-to", "explanation", "reference")
    there = [str(page.relative_to(DOCS).with_suffix("")) for folder in folders for page in (DOCS / folder).glob("*.md")]
    assert len(there) > 40
    assert sorted(listed) == sorted(there)


def test_links_of_the_readme_lead_somewhere():
    root = DOCS.parent
    targets = re.findall(r"\]\(([^):]+)\)", (root / "README.md").read_text(encoding="utf-8"))
    assert len(targets) > 5
    assert [target for target in targets if not (root / target).exists()] == []
