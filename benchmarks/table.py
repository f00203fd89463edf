"""The table that is printed."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.runner import Outcome, SideOutcome

__all__ = ["heading", "markdown"]

_PACKAGES = ("hdcore", "highdicom", "pydicom", "numpy", "pyjpegls", "pylibjpeg-rle", "imagecodecs")


def heading() -> str:
    """Name the machine and the versions."""
    versions = ", ".join(f"{package} {_version(package)}" for package in _PACKAGES)
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}; {versions}."


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Lay out the best times in seconds, ratios and peak memory in megabytes as a Markdown table.

    "× tenth" is the processor time against that of the same job of a tenth the size.
    """
    columns = ("workload", "hdcore s", "highdicom s", "floor s", "faster", "target", "× floor", "× tenth")
    heads = (*columns, "MB ours / theirs", "results")
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for outcome in outcomes:
        ours, theirs = outcome.sides["hdcore"], outcome.sides.get("highdicom")
        cells = [
            outcome.title,
            _seconds(ours),
            _seconds(theirs),
            _seconds(outcome.sides.get("floor")),
            _times(outcome.ratio),
            f"{outcome.factor:g}×" + ("" if outcome.is_met else " missed"),
            _times(outcome.over_floor),
            _times(outcome.growth) + ("" if outcome.is_linear else " missed"),
            f"{ours.peak_megabytes:.0f} / {theirs.peak_megabytes:.0f}" if theirs else f"{ours.peak_megabytes:.0f}",
            "equal" if outcome.are_equal else "DIFFER",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _seconds(side: SideOutcome | None) -> str:
    if side is None:
        return ""
    return f"fails: {side.error[:60]}" if side.best is None else f"{side.best:.4g}"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.3g}×"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
