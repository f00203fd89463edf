"""Run the workloads and print a table: ``python -m benchmarks [WORDS …] [--rounds 3] [--output FILE]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.runner import find_workloads, measure
from benchmarks.table import heading, markdown


def main() -> int:
    """Measure, print, and say by the exit status whether every factor was met and all results were equal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("words", nargs="*", help="run only workloads whose name or title contains one of these")
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs; the sides take turns")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    parser.add_argument("--list", action="store_true", help="list the workloads and stop")
    arguments = parser.parse_args()
    workloads = find_workloads(arguments.words)
    if arguments.list:
        for name, workload in workloads.items():
            print(f"{name:40s} {workload.title}")
        return 0
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="hdcore-benchmarks-") as folder:
        for name in workloads:
            print(f"… {name}", file=sys.stderr, flush=True)
            outcomes.append(measure(name, Path(folder), arguments.rounds))
    text = f"{heading()}\n\n{markdown(outcomes)}\n"
    print(text)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    return 0 if all(outcome.is_met for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
