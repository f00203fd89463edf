"""Write the tables, or tell with ``--check`` whether those checked in are what would be written."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.validation_tables.build import build, written
from tools.validation_tables.sources import missing_packages

TABLES = Path(__file__).parents[2] / "hdcore" / "validation" / "tables" / "standard.json"


def main() -> int:
    """Build, then write or compare."""
    missing = missing_packages()
    if missing:
        sys.exit(f"The tables are made of {' and '.join(missing)}; install them first.")
    text = written(build())
    if "--check" in sys.argv[1:]:
        return int(TABLES.read_text(encoding="utf-8") != text)
    TABLES.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
