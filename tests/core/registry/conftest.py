from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
from hdcore.registry import IOD, hookimpl

@hookimpl
def hdcore_iods():
    return [IOD(name={name!r}, title="Test", sop_classes={sop_classes!r},
                builder="{package}.objects:make", reader="{package}.objects:read")]
"""

OBJECTS = """
from pydicom.dataset import Dataset

class Made(Dataset):
    pass

def make(label="made", **attributes):
    made = Made()
    made.ContentLabel = label
    return made

def read(dataset, copy=True):
    made = Dataset(dataset) if copy else dataset
    made.__class__ = Made
    return made
"""


@dataclass
class Site:
    """A folder on the path, with distributions in it, in which Python is run."""

    folder: Path

    def add(self, name: str, plugin: str | None = None, *, distribution: str = "", sop_classes: tuple[str, ...] = ()):
        distribution = distribution or f"hdcore-{name}"
        package = distribution.replace("-", "_")
        files = {
            f"{package}/__init__.py": "",
            f"{package}/objects.py": OBJECTS,
            f"{package}/plugin.py": plugin
            if plugin is not None
            else PLUGIN.format(name=name, package=package, sop_classes=sop_classes),
            f"{package}-1.2.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n",
            f"{package}-1.2.dist-info/entry_points.txt": f"[hdcore]\n{name} = {package}.plugin\n",
        }
        for path, text in files.items():
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path).write_text(text)

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        return subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    def output(self, code: str) -> str:
        run = self.run(code)
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)
