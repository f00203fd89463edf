from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def ct():
    from hdcore.testing import sources

    return sources.ct_series(1)[0]
