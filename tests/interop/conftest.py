"""Objects that the tests share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import valid_objects as made


@pytest.fixture(scope="session")
def valid_objects() -> dict[str, bytes]:
    """Contents of files, by kind: images as scanners make them, and what hdcore makes of them for all eight IODs."""
    return made.by_hdcore()


@pytest.fixture(scope="session")
def objects_of_highdicom() -> dict[str, bytes]:
    """Contents of files, by kind, that highdicom makes."""
    return made.by_highdicom(pytest.importorskip("highdicom", reason="highdicom makes the objects"))
