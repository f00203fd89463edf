"""Running workloads: each side in fresh processes, the sides taking turns."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import benchmarks.workloads
from benchmarks.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Outcome", "SideOutcome", "find_workloads", "measure"]

_MOST_GROWTH = 10.5


@dataclass
class SideOutcome:
    """What was measured of one side."""

    seconds: list[float] = field(default_factory=list)
    processor_seconds: list[float] = field(default_factory=list)
    peak_megabytes: float = 0.0
    digest: str = ""
    error: str = ""

    @property
    def best(self) -> float | None:
        """Float | None: least of the times in seconds, as other work only ever adds to it; None if the side failed."""
        return min(self.seconds) if self.seconds and not self.error else None


@dataclass
class Outcome:
    """What was measured of a workload."""

    name: str
    title: str
    factor: float
    sides: dict[str, SideOutcome]
    tenth: SideOutcome | None = None

    @property
    def ratio(self) -> float | None:
        """Float | None: how many times faster than highdicom hdcore was."""
        ours, theirs = self._best("hdcore"), self._best("highdicom")
        return theirs / ours if ours and theirs else None

    @property
    def over_floor(self) -> float | None:
        """Float | None: how many times slower than the floor hdcore was."""
        ours, floor = self._best("hdcore"), self._best("floor")
        return ours / floor if ours and floor else None

    @property
    def growth(self) -> float | None:
        """Float | None: how many times as much of the processor hdcore takes as for a tenth of the job."""
        ours = self.sides["hdcore"]
        if self.tenth is None or ours.error or self.tenth.error:
            return None
        return min(ours.processor_seconds) / min(self.tenth.processor_seconds)

    @property
    def is_linear(self) -> bool:
        """bool: whether ten times the job takes no more than ten times as long, within 5 percent."""
        return self.growth is None or self.growth <= _MOST_GROWTH

    @property
    def are_equal(self) -> bool:
        """bool: whether all digests given are equal."""
        return len({side.digest for side in self.sides.values() if side.digest}) <= 1

    @property
    def is_met(self) -> bool:
        """bool: whether the results are equal and the factor was reached, where highdicom can do the job at all."""
        ours = self.sides["hdcore"]
        if ours.error or not (self.are_equal and self.is_linear):
            return False
        return self.ratio is None or self.ratio >= self.factor

    def _best(self, side: str) -> float | None:
        return self.sides[side].best if side in self.sides else None


def find_workloads(words: Sequence[str] = ()) -> dict[str, type[Workload]]:
    """Find the workloads by name, ``module.Class``, that contain one of the words in their name or title."""
    found: dict[str, type[Workload]] = {}
    for module_info in pkgutil.iter_modules(benchmarks.workloads.__path__):
        module = importlib.import_module(f"benchmarks.workloads.{module_info.name}")
        for member in vars(module).values():
            is_ours = inspect.isclass(member) and issubclass(member, Workload) and member.__module__ == module.__name__
            if is_ours and hasattr(member, "title"):
                found[_name_of(member)] = member
    return {
        name: workload
        for name, workload in found.items()
        if not words or any(word.lower() in f"{name} {workload.title}".lower() for word in words)
    }


def measure(name: str, folder: Path, rounds: int) -> Outcome:
    """Run every side of a workload in turns, ``rounds`` times each."""
    workload = find_workloads()[name]
    sides = {side: SideOutcome() for side in workload.sides()}
    runs = [(name, side, outcome) for side, outcome in sides.items()]
    tenth = None
    if workload.tenth is not None:
        tenth = SideOutcome()
        runs.append((_name_of(workload.tenth), "hdcore", tenth))
    folders = {job: folder / job for job, _, _ in runs}
    for job, inputs in folders.items():
        inputs.mkdir()
        _run(job, "prepare", inputs)
    for _ in range(rounds):
        for job, side, outcome in runs:
            if not outcome.error:
                _add(outcome, _run(job, side, folders[job]))
    for inputs in folders.values():
        shutil.rmtree(inputs)
    return Outcome(name, workload.title, workload.factor, sides, tenth)


def _name_of(workload: type[Workload]) -> str:
    return f"{workload.__module__.rpartition('.')[2]}.{workload.__name__}"


def _add(outcome: SideOutcome, result: dict[str, float | str]) -> None:
    if "error" in result:
        outcome.error = str(result["error"])
        return
    outcome.seconds.append(float(result["seconds"]))
    outcome.processor_seconds.append(float(result["processor_seconds"]))
    outcome.peak_megabytes = max(outcome.peak_megabytes, float(result["peak_megabytes"]))
    outcome.digest = str(result["digest"])


def _run(name: str, side: str, inputs: Path) -> dict[str, float | str]:
    # modules are compiled once and kept, as they are for users
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.side", name, side, str(inputs)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if run.returncode != 0:
        if side == "prepare":
            raise RuntimeError(f"{name} cannot be prepared:\n{run.stderr}")
        return {"error": run.stderr.strip().splitlines()[-1] if run.stderr.strip() else f"exit {run.returncode}"}
    if side == "prepare":
        return {}
    result: dict[str, float | str] = json.loads(run.stdout.splitlines()[-1])
    if find_workloads()[name].whole_process:
        result["seconds"] = seconds
    return result
