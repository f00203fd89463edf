"""One side of one workload in this process: ``python -m benchmarks.side NAME SIDE FOLDER`` prints what was measured."""

from __future__ import annotations

import importlib
import sys


def main(name: str, side: str, folder_name: str) -> None:
    """Prepare the inputs, or run a side and print seconds, peak memory and digest as JSON."""
    module_name, class_name = name.split(".")
    workload = getattr(importlib.import_module(f"benchmarks.workloads.{module_name}"), class_name)()
    if workload.whole_process and side != "prepare":
        # nothing that the job itself does not import may be imported here
        getattr(workload, side)(folder_name)
        print(f'{{"seconds": 0, "processor_seconds": 0, "peak_megabytes": {_peak_megabytes():f}, "digest": ""}}')
        return
    import json
    import time
    from pathlib import Path

    from benchmarks.workload import warm_memory

    folder = Path(folder_name)
    if side == "prepare":
        workload.prepare(folder)
        return
    state = workload.load(side, folder)
    if workload.warm_megabytes:
        warm_memory(workload.warm_megabytes)
    _forget_peak()
    start, processor_start = time.perf_counter(), time.process_time()
    result = getattr(workload, side)(state)
    seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor_start
    peak = _peak_megabytes()
    digest = workload.digest(side, result)
    measured = {"seconds": seconds, "processor_seconds": processor_seconds, "peak_megabytes": peak, "digest": digest}
    print(json.dumps(measured))


def _forget_peak() -> None:
    """Begin the peak anew at what is held now, where the kernel can do that."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        return  # the peak then is that of the whole process, for all sides alike


def _peak_megabytes() -> float:
    """Get the peak of resident memory; from the kernel's status where there is one, which knows nothing of parents."""
    try:
        with open("/proc/self/status") as file:
            (kilobytes,) = (line.split()[1] for line in file if line.startswith("VmHWM:"))
            return int(kilobytes) / 1024
    except (OSError, ValueError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
