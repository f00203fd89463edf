"""The ``hdcore`` command (extra ``cli``)."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command; what goes wrong is one line on standard error and exit status 2."""
    try:
        from hdcore.cli.app import run
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich", "click"):
            raise
        sys.exit(f"hdcore: the command line needs {error.name}: pip install 'hdcore[cli]'")
    sys.exit(run())
